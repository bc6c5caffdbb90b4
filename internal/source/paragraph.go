package source

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// paragraph is a run of bare text that belongs together.
type paragraph struct {
	text   string
	bullet bool
}

// paragraphs divides bare text. Blank lines divide; inside a run of lines,
// so does an indent, a bullet, and a line end that no wrapping explains: the
// next line's first word would have fitted on the line before it.
func paragraphs(text string) []paragraph {
	var out []paragraph
	var run []string
	flush := func() {
		out = append(out, divide(run)...)
		run = run[:0]
	}
	for line := range strings.Lines(text) {
		if strings.TrimFunc(line, unicode.IsSpace) == "" {
			flush()
			continue
		}
		run = append(run, strings.TrimRight(line, "\r\n"))
	}
	flush()
	return out
}

// divide parts a run of lines without a blank one between them.
func divide(lines []string) []paragraph {
	var out []paragraph
	wrapped := isWrapped(lines)
	for i, line := range lines {
		text, bullet := trimBullet(clean(line))
		if text == "" {
			continue
		}
		if i > 0 && wrapped && !bullet && !isIndented(line, lines[i-1]) && len(out) > 0 {
			out[len(out)-1].text += " " + text
			continue
		}
		out = append(out, paragraph{text, bullet})
	}
	return out
}

// Wrapped lines are at least minWrap wide and at most maxWrap.
const (
	minWrap = 40
	maxWrap = 120
)

// isWrapped reports whether lines are one text broken at a fixed width: no
// line could have taken the first word of the next.
func isWrapped(lines []string) bool {
	width := 0
	for _, line := range lines {
		width = max(width, utf8.RuneCountInString(strings.TrimRight(line, " \t")))
	}
	if len(lines) < 2 || width < minWrap || width > maxWrap {
		return false
	}
	for i, line := range lines[:len(lines)-1] {
		next := lines[i+1]
		if _, bullet := trimBullet(clean(next)); bullet || isIndented(next, line) {
			continue
		}
		first, _, _ := strings.Cut(strings.TrimSpace(next), " ")
		if utf8.RuneCountInString(strings.TrimRight(line, " \t"))+1+utf8.RuneCountInString(first) <= width {
			return false
		}
	}
	return true
}

// isIndented reports whether line starts further in than the line before it.
func isIndented(line, before string) bool {
	return indent(line) >= indent(before)+2
}

func indent(line string) int {
	n := 0
	for _, r := range line {
		switch r {
		case ' ', '\u00a0':
			n++
		case '\t':
			n += 4
		default:
			return n
		}
	}
	return n
}

// trimBullet takes a list mark off the start of a line.
func trimBullet(line string) (string, bool) {
	for _, mark := range []string{"•", "●", "▪", "◦", "‣", "·", "■", "-", "–", "*"} {
		if rest, ok := strings.CutPrefix(line, mark); ok {
			if mark == "•" || strings.HasPrefix(rest, " ") {
				return strings.TrimSpace(rest), true
			}
		}
	}
	return line, false
}

// clean makes one line of white space single spaces, and takes out characters
// that no reader sees.
func clean(s string) string {
	if !needsCleaning(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		case isUnseen(r):
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

func needsCleaning(s string) bool {
	before := byte(' ')
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x80 || c < ' ' || c == 0x7f || c == ' ' && before == ' ' {
			return true
		}
		before = c
	}
	return before == ' ' && s != ""
}

// isUnseen reports characters without width and control characters.
func isUnseen(r rune) bool {
	switch r {
	case '\u00ad', '\u200b', '\u2060', '\ufeff', '\u200e', '\u200f':
		return true
	}
	return unicode.IsControl(r)
}
