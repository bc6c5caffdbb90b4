package nlp

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// What is looked at of a word's form: quotes and dashes made plain, endings and
// beginnings, its shape.

// digitless writes every digit as 0.
func digitless(s string) string {
	if !strings.ContainsAny(s, "123456789") {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r >= '1' && r <= '9' {
			return '0'
		}
		return r
	}, s)
}

func tail(s string, n int) string {
	i := len(s)
	for ; n > 0 && i > 0; n-- {
		_, w := utf8.DecodeLastRuneInString(s[:i])
		i -= w
	}
	return s[i:]
}

func lead(s string, n int) string {
	i := 0
	for ; n > 0 && i < len(s); n-- {
		_, w := utf8.DecodeRuneInString(s[i:])
		i += w
	}
	return s[:i]
}

// plainQuotes maps typographic quotation marks, apostrophes and dashes to
// plain ones, so that what was learned on one style holds for all.
var plainQuotes = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`, "``", `"`, "''", `"`,
	"‘", "'", "’", "'", "‚", "'", "`", "'", "´", "'", "–", "-", "—", "-", "‑", "-", "…", "...")

func plain(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 || s[i] == '`' || s[i] == '\'' {
			return plainQuotes.Replace(s)
		}
	}
	return s
}

func lowerPlain(s string) string { return strings.ToLower(plain(s)) }

// shape writes a word as its kinds of character, runs cut at four: "Xxxxx-dd".
func shape(s string) string {
	var out [24]byte
	n, run := 0, 0
	for _, r := range s {
		c := kind(r)
		if n > 0 && out[n-1] == c {
			if run++; run > 3 {
				continue
			}
		} else {
			run = 1
		}
		if n == len(out) {
			break
		}
		out[n] = c
		n++
	}
	return string(out[:n])
}

func kind(r rune) byte {
	switch {
	case r >= 'a' && r <= 'z':
		return 'x'
	case r >= 'A' && r <= 'Z':
		return 'X'
	case r >= '0' && r <= '9':
		return 'd'
	case r < utf8.RuneSelf:
		return byte(r)
	case unicode.IsUpper(r):
		return 'X'
	case unicode.IsLetter(r) || unicode.IsMark(r):
		return 'x'
	case unicode.IsDigit(r):
		return 'd'
	}
	return 'o'
}
