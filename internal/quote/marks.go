package quote

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// quotation is a stretch between quotation marks: byte offsets of the text,
// marks included. Depth counts from one. Unclosed says that the paragraph ended
// before a closing mark, as it does where a quotation runs on in the next one.
type quotation struct {
	Start, End int
	Depth      int
	Unclosed   bool
}

// markKind groups the characters that open and close each other.
type markKind uint8

const (
	noMark markKind = iota
	doubleMark
	singleMark
	angleMark
)

// mark is one quotation mark or apostrophe found in a paragraph.
type mark struct {
	pos, size      int
	kind           markKind
	opens, closes  bool // what its shape and its neighbours allow
	sure           bool // a closing mark that cannot be an apostrophe
	spaceAfterOnly bool // follows a letter and precedes space: may be a plural's apostrophe
}

// quotations finds the quotations of one paragraph, text[from:to], in order of
// their opening marks. Each mark is looked at once and paired with the nearest
// open mark of its kind, so the time is linear.
//
// A straight or raised single mark counts as an apostrophe unless it opens
// after a space and is closed later in the same paragraph.
func quotations(text string, from, to int) []quotation {
	marks := marksOf(text, from, to)
	var out []quotation
	var open []int // indices of marks
	var slot []int // the quotation that each open mark made
	for i, m := range marks {
		if m.closes {
			if k := openOf(marks, open, m.kind); k >= 0 && !(m.spaceAfterOnly && laterCloses(marks, i)) {
				q := slot[k]
				out[q].End = m.pos + m.size
				out[q].Unclosed = false
				for _, inner := range slot[k+1:] { // opened inside and never closed
					out[inner].End = m.pos
				}
				open, slot = open[:k], slot[:k]
				continue
			}
		}
		if m.opens && openOf(marks, open, m.kind) < 0 {
			open = append(open, i)
			slot = append(slot, len(out))
			out = append(out, quotation{Start: m.pos, End: to, Depth: len(open), Unclosed: true})
		}
	}
	return settle(text, marks, out)
}

// settle drops what turned out to be an apostrophe and trims what stays open
// to the end of the paragraph's letters.
func settle(text string, marks []mark, found []quotation) []quotation {
	kept := found[:0]
	for _, q := range found {
		if kindAt(marks, q.Start) == singleMark && (q.Unclosed || q.End-q.Start < len("'no'")) {
			continue // a lone ' or 'n' is an elision, not a quotation
		}
		q.End = q.Start + len(strings.TrimRightFunc(text[q.Start:q.End], unicode.IsSpace))
		kept = append(kept, q)
	}
	return kept
}

func kindAt(marks []mark, pos int) markKind {
	lo, hi := 0, len(marks)
	for lo < hi {
		mid := (lo + hi) / 2
		if marks[mid].pos < pos {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(marks) && marks[lo].pos == pos {
		return marks[lo].kind
	}
	return noMark
}

// openOf gives the innermost open mark of a kind, or -1.
func openOf(marks []mark, open []int, kind markKind) int {
	for k := len(open) - 1; k >= 0; k-- {
		if marks[open[k]].kind == kind {
			return k
		}
	}
	return -1
}

// laterCloses reports whether a sure closing mark follows marks[i] before the
// next mark of its kind that opens: then marks[i] is the apostrophe of a plural
// inside the quotation ("the workers' rights").
func laterCloses(marks []mark, i int) bool {
	for j := i + 1; j < len(marks) && j <= i+maxPlurals; j++ {
		m := marks[j]
		if m.kind != marks[i].kind {
			continue
		}
		if m.opens && !m.closes {
			return false
		}
		if m.sure {
			return true
		}
	}
	return false
}

// maxPlurals bounds the search of laterCloses.
const maxPlurals = 8

// marksOf reads the marks of text[from:to] with what each may be.
func marksOf(text string, from, to int) []mark {
	var out []mark
	for i := from; i < to; {
		r, size := utf8.DecodeRuneInString(text[i:to])
		kind, shape := markShape(r)
		if kind == noMark {
			i += size
			continue
		}
		// Two single marks make a double one, as newswire types them.
		if (r == '\'' || r == '`' || r == '‘' || r == '’') && strings.HasPrefix(text[i+size:to], string(r)) {
			size *= 2
			kind = doubleMark
		} else if r == '`' && !opensAt(text, from, i) {
			i += size
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(text[from:i])
		after, _ := utf8.DecodeRuneInString(text[i+size : to])
		if i == from {
			before = ' '
		}
		if i+size >= to {
			after = ' '
		}
		if m := judge(mark{pos: i, size: size, kind: kind}, shape, before, after); m.opens || m.closes {
			out = append(out, m)
		}
		i += size
	}
	return out
}

// shape is what a character's form says by itself.
type markForm uint8

const (
	straight markForm = iota
	opening
	closing
	raised // ’ closes, or is an apostrophe
)

func markShape(r rune) (markKind, markForm) {
	switch r {
	case '"', '＂':
		return doubleMark, straight
	case '“':
		return doubleMark, opening
	case '”':
		return doubleMark, closing
	case '„':
		return doubleMark, opening
	case '«', '‹':
		return angleMark, opening
	case '»', '›':
		return angleMark, closing
	case '\'':
		return singleMark, straight
	case '‘', '‚', '`':
		return singleMark, opening
	case '’':
		return singleMark, raised
	}
	return noMark, straight
}

// judge decides what a mark between two characters may be.
func judge(m mark, form markForm, before, after rune) mark {
	wordBefore, wordAfter := isWord(before), isWord(after)
	free := !wordBefore && !isStop(before) // nothing before that a closing mark would close
	switch form {
	case opening:
		m.opens = m.kind != singleMark || !wordBefore
		// „ so “: the raised form closes where nothing can open.
		m.closes = (wordBefore || isStop(before)) && !wordAfter
		m.opens = m.opens && !m.closes
	case closing:
		m.closes = true
		m.sure = true
	case straight, raised:
		m.opens = free && !unicode.IsSpace(after)
		m.closes = !m.opens || (free && !unicode.IsSpace(before) && !wordAfter)
		if m.kind == singleMark && wordBefore && wordAfter {
			m.opens, m.closes = false, false // an apostrophe inside a word
		}
		if m.kind == singleMark && unicode.IsSpace(before) && unicode.IsSpace(after) {
			m.opens, m.closes = false, false
		}
		if form == raised && m.kind == singleMark {
			m.opens = false
			m.closes = !(wordBefore && wordAfter) && !unicode.IsSpace(before)
		}
		m.sure = m.closes && !wordBefore
		m.spaceAfterOnly = m.kind == singleMark && (before == 's' || before == 'S') && (unicode.IsSpace(after))
	}
	return m
}

// opensAt reports whether a mark at i stands where a quotation can begin.
func opensAt(text string, from, i int) bool {
	if i == from {
		return true
	}
	r, _ := utf8.DecodeLastRuneInString(text[from:i])
	return !isWord(r) && !isStop(r)
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// isStop reports punctuation that ends a clause or closes a bracket.
func isStop(r rune) bool { return strings.ContainsRune(".,;:!?…)]}%", r) }
