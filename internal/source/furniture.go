package source

import (
	"bufio"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"unicode"

	"detente/data"
)

// part is what a paragraph is when a phrase list knows it: the name of a
// section of data/lang/en/furniture*.txt.
type part string

// Parts that the lists know.
const (
	partNone     part = ""
	partShare    part = "share"
	partRelated  part = "related"
	partNotice   part = "notice"
	partPoints   part = "points"
	partSignoff  part = "signoff"
	partCaption  part = "caption"
	partComments part = "comments"
	partCount    part = "count"
	partRules    part = "rules"
	partReaders  part = "readers"
	partKicker   part = "kicker"
)

// maxPhraseWords is the longest paragraph that a phrase with a gap can be.
const maxPhraseWords = 60

// maxLinkWords is the longest full sentence that an open-ended link phrase
// ("read more about …") can be.
const maxLinkWords = 8

// phrase is one line of a list as words; "*" is any number of words, "9" one
// number.
type phrase struct {
	words []string
	part  part
}

// phrases finds phrases by their first word; those that open with a gap or a
// number are under "".
type phrases map[string][]phrase

// furniture is every list, read once.
var furniture = sync.OnceValues(func() (phrases, error) {
	names, err := fs.Glob(data.FS, "lang/*/furniture*.txt")
	if err != nil {
		return nil, err
	}
	all := phrases{}
	for _, name := range names {
		f, err := data.FS.Open(name)
		if err != nil {
			return nil, err
		}
		err = all.load(bufio.NewScanner(f), path.Base(name))
		f.Close()
		if err != nil {
			return nil, err
		}
	}
	return all, nil
})

// load reads a list: "# comment", "[part]", or a phrase to a line.
func (ps phrases) load(lines *bufio.Scanner, name string) error {
	section := partNone
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		switch {
		case line == "" || strings.HasPrefix(line, "# ") || line == "#":
		case strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]"):
			section = part(line[1 : len(line)-1])
			if !section.known() {
				return fmt.Errorf("%s: line %d: no part is called %q; see furniture.go for the names", name, n, section)
			}
		case section == partNone:
			return fmt.Errorf("%s: line %d: a phrase before any [part]; put a part above it", name, n)
		default:
			ps.add(phrase{phraseWords(line, true), section})
		}
	}
	return lines.Err()
}

// isLinkWithGap reports phrases that a sentence of an article may open with.
func (p phrase) isLinkWithGap() bool {
	return (p.part == partShare || p.part == partRelated) && slices.Contains(p.words, "*")
}

func (ps phrases) add(p phrase) {
	first := p.words[0]
	if first == "*" || first == "9" {
		first = ""
	}
	ps[first] = append(ps[first], p)
}

func (p part) known() bool {
	switch p {
	case partShare, partRelated, partNotice, partPoints, partSignoff, partCaption,
		partComments, partCount, partRules, partReaders, partKicker:
		return true
	}
	return false
}

// partOf says which part a paragraph is by the lists; the whole paragraph must
// fit a phrase.
func partOf(text string) part {
	ps, err := furniture()
	if err != nil {
		panic(err) // embedded lists are checked by the tests
	}
	words := phraseWords(text, false)
	if len(words) == 0 {
		return partShare // signs alone: a rule, a row of arrows
	}
	if len(words) > maxPhraseWords {
		return partNone
	}
	for _, first := range []string{words[0], ""} {
		for _, p := range ps[first] {
			if fits(p.words, words) && (len(words) <= maxLinkWords || !isSentence(text) || !p.isLinkWithGap()) {
				return p.part
			}
		}
	}
	return partNone
}

// fits reports whether words are the phrase, with its gaps filled.
func fits(phrase, words []string) bool {
	p, w := 0, 0
	gap, gapAt := -1, 0
	for w < len(words) {
		switch {
		case p < len(phrase) && phrase[p] == "*":
			gap, gapAt = p, w
			p++
		case p < len(phrase) && (phrase[p] == words[w] || phrase[p] == "9" && isNumber(words[w])):
			p, w = p+1, w+1
		case gap >= 0:
			gapAt++
			p, w = gap+1, gapAt
		default:
			return false
		}
	}
	for p < len(phrase) && phrase[p] == "*" {
		p++
	}
	return p == len(phrase)
}

func isNumber(word string) bool {
	return word != "" && word[0] >= '0' && word[0] <= '9'
}

// phraseWords are the lower-case words of a text; signs divide words and fall
// away, but a colon and brackets inside the text stay as words of their own,
// because "Read more: …" is furniture and "Read more of …" may not be. gaps keeps
// "*".
func phraseWords(text string, gaps bool) []string {
	var words []string
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			words = append(words, b.String())
			b.Reset()
		}
	}
	for _, r := range text {
		switch {
		case r == '\'' || r == '’':
			b.WriteByte('\'')
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '©':
			b.WriteRune(unicode.ToLower(r))
		case (r == '.' || r == ',') && b.Len() > 0 && isNumber(b.String()):
			b.WriteRune(r)
		default:
			flush()
			if r == ':' || r == '(' || r == ')' || gaps && r == '*' {
				words = append(words, string(r))
			}
		}
	}
	flush()
	for i, w := range words {
		words[i] = strings.TrimRight(strings.Trim(w, "'"), ".,")
	}
	words = without(words, "")
	for len(words) > 0 && words[len(words)-1] == ":" {
		words = words[:len(words)-1]
	}
	return words
}

func without(words []string, drop string) []string {
	out := words[:0]
	for _, w := range words {
		if w != drop {
			out = append(out, w)
		}
	}
	return out
}
