package nlp

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxDateline is how many tokens a dateline may have.
const maxDateline = 16

// dateline gives the index of the dash that ends the dateline of a block
// ("NAIROBI, Aug 3 (Wire) - "), or -1. It is a place in capitals, perhaps a
// country, a date and an agency, and a dash between spaces; it is no part of
// the sentence that it stands before, and a parser that takes it in reads the
// lead of the story wrong.
func dateline(text string, toks []token) int {
	if len(toks) == 0 || !capitals(text[toks[0].start:toks[0].end]) {
		return -1
	}
	for i := 1; i < len(toks)-1 && i < maxDateline; i++ {
		form := text[toks[i].start:toks[i].end]
		switch form {
		case "-", "–", "—", "--":
			if toks[i].gap != noGap && toks[i+1].gap != noGap {
				return i
			}
			return -1
		}
		r, _ := utf8.DecodeRuneInString(form)
		if unicode.IsLower(r) && !datelineWord[form] {
			return -1
		}
	}
	return -1
}

// datelineWord are the words in small letters that a dateline may have.
var datelineWord = map[string]bool{"and": true, "the": true, "of": true, "de": true, "al": true, "en": true, "near": true, "on": true}

// capitals reports a word of two capital letters or more and none small.
func capitals(s string) bool {
	n := 0
	for _, r := range s {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsUpper(r) {
			n++
		}
	}
	return n > 1 && !strings.ContainsAny(s, ".")
}
