package nlp

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Tokens are found in two steps. Text is first cut into atoms, runs of letters,
// of digits, or single other characters; white space parts atoms and belongs
// to none. Then a classifier decides at each place where two atoms touch
// whether a token ends there. So "U.S.-led" and "15-year" are cut as the
// treebank cuts them, and no rule has to know every web address.

// token is a surface token: bytes start … end of the text.
type token struct {
	start, end int
	gap        gap // what stands between the token before and this one
}

// gap is the white space before a token.
type gap uint8

const (
	noGap gap = iota
	spaceGap
	lineGap  // a line break
	blockGap // a blank line, or the start of a block
)

// atomClass is the class of an atom's characters.
type atomClass uint8

const (
	letterAtom atomClass = iota
	digitAtom
	otherAtom
)

func classOf(r rune) atomClass {
	switch {
	case r < utf8.RuneSelf && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'):
		return letterAtom
	case r >= '0' && r <= '9':
		return digitAtom
	case r < utf8.RuneSelf:
		return otherAtom
	case unicode.IsLetter(r) || unicode.IsMark(r):
		return letterAtom
	case unicode.IsDigit(r):
		return digitAtom
	}
	return otherAtom
}

// atom is a run of characters of one class.
type atom struct {
	start, end int
	class      atomClass
	gap        gap
}

// atoms cuts text[start:end] and appends to dst. Broken bytes are atoms of
// their own; control and format characters count as white space.
func atoms(dst []atom, text string, start, end int) []atom {
	g := blockGap
	newlines := 0
	for i := start; i < end; {
		r, n := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(text[i:end])
		}
		if isSpace(r) {
			if r == '\n' {
				newlines++
			}
			g = max(g, widen(newlines))
			i += n
			continue
		}
		c := classOf(r)
		j := i + n
		for c != otherAtom && j < end {
			r, n = rune(text[j]), 1
			if r >= utf8.RuneSelf {
				r, n = utf8.DecodeRuneInString(text[j:end])
			}
			if isSpace(r) || classOf(r) != c {
				break
			}
			j += n
		}
		dst = append(dst, atom{start: i, end: j, class: c, gap: g})
		i, g, newlines = j, noGap, 0
	}
	return dst
}

func widen(newlines int) gap {
	switch newlines {
	case 0:
		return spaceGap
	case 1:
		return lineGap
	}
	return blockGap
}

// isSpace also counts the characters that hold no ink: controls, the byte order
// mark, zero-width characters.
func isSpace(r rune) bool {
	if r < utf8.RuneSelf {
		return r <= ' ' || r == 0x7f
	}
	return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Cc, r)
}

// maxTouching bounds a run of touching atoms that the classifier looks at as a
// whole; a longer run (base64, a line of dashes) is still cut, with less view.
const maxTouching = 64

// tokenize finds the tokens of text[start:end]; a token never crosses it.
func (m *Model) tokenize(text string, start, end int) []token {
	as := atoms(nil, text, start, end)
	toks := make([]token, 0, len(as))
	var b bag
	scores := make([]int32, len(m.tokens.classes))
	for i := 0; i < len(as); {
		j := i + 1
		for j < len(as) && as[j].gap == noGap && j-i < maxTouching {
			j++
		}
		toks = append(toks, token{start: as[i].start, end: as[i].end, gap: as[i].gap})
		for k := i + 1; k < j; k++ {
			first := toks[len(toks)-1].start
			b.reset()
			cutFeatures(&b, text, as[i:j], k-i, first)
			clear(scores)
			m.tokens.score(b.feats, scores)
			if scores[1] > scores[0] {
				toks = append(toks, token{start: as[k].start, end: as[k].end})
			} else {
				toks[len(toks)-1].end = as[k].end
			}
		}
		i = j
	}
	return toks
}

// cutFeatures describes the place before atom k of a touching run. first is
// where the token that is being built starts.
func cutFeatures(b *bag, text string, run []atom, k, first int) {
	at := func(i int) (uint32, uint32, uint32) { // word, shape, and first character
		if i < 0 || i >= len(run) {
			return 1, 1, 1
		}
		w := cutForm(text[run[i].start:run[i].end])
		return hashString(strings.ToLower(w)), hashString(shape(w)), shortShape(w)
	}
	w1, s1, c1 := at(k - 1)
	w2, s2, c2 := at(k)
	w0, s0, c0 := at(k - 2)
	w3, s3, c3 := at(k + 1)
	_, s4, c4 := at(k + 2)
	tok := hashString(strings.ToLower(plain(text[first:run[k].start])))
	tokShape := hashString(shape(plain(text[first:run[k].start])))
	run0 := run[0].start
	runEnd := run[len(run)-1].end
	whole := plain(text[run0:runEnd])
	pos, left := uint32(min(k, 3)), uint32(min(len(run)-k, 3))
	b.add0(1)
	b.add2(2, w1, w2)
	b.add2(3, s1, w2)
	b.add2(4, w1, s2)
	b.add2(5, s1, s2)
	b.add3(6, w1, w2, w3)
	b.add3(7, w0, w1, w2)
	b.add3(8, s1, w2, s3)
	b.add3(9, s0, w1, s2)
	b.add2(10, tok, w2)
	b.add2(11, tok, c2)
	b.add3(12, tokShape, w2, s3)
	b.add3(13, w2, pos, left)
	b.add3(14, w1, pos, left)
	b.add4(15, c0, c1, c2, c3)
	b.add4(16, c1, c2, c3, c4)
	b.add3(17, tokShape, s2, left)
	b.add2(18, hashString(strings.ToLower(whole)), uint32(run[k].start-run0))
	b.add3(19, hashString(shape(whole)), uint32(k), 0)
	b.add3(20, w2, w3, left)
	b.add4(21, w1, w2, s3, s4)
	b.add3(22, tok, w2, w3)
	b.add3(23, boolBit(isAddress(whole)), c1, c2)
	b.add4(24, boolBit(isAddress(whole)), w1, w2, left)
	b.add3(25, w1, w2, left)
}

// cutForm is the plain form, all signs of money alike.
func cutForm(s string) string {
	switch s {
	case "€", "£", "¥":
		return "$"
	}
	return plain(s)
}

// isAddress tells web and mail addresses from prose.
func isAddress(s string) bool {
	return strings.Contains(s, "://") || strings.HasPrefix(s, "www.") || strings.Contains(s, "@")
}

func boolBit(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}

// shortShape is the shape of the first character, and whether there are more.
func shortShape(s string) uint32 {
	for i, r := range s {
		_ = i
		return uint32(kind(r)) | boolBit(len(s) > utf8.RuneLen(r))<<8
	}
	return 0
}
