package actor

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"detente"
	"detente/internal/nlp"
)

// atom is a run of words that the Book has names for: the longest such run
// from its first word on. Its forms are what it may mean.
type atom struct {
	first, end int // words first … end-1
	forms      []form
	before     string // hyphenated onto the front of the name: "pro" of pro-Russian
	after      string // hyphenated onto its end: "led" of Saudi-led
}

// form gives the atom's form of one of the kinds asked for, in their order.
func (a *atom) form(kinds ...formKind) *form {
	if a == nil {
		return nil
	}
	for _, k := range kinds {
		for i := range a.forms {
			if a.forms[i].kind == k {
				return &a.forms[i]
			}
		}
	}
	return nil
}

// piece is one folded piece of the text.
type piece struct {
	word       int
	start, end int // in pieces.folded
	from, to   int // in the text
	caps       capital
	joined     bool // only a blank, hyphen, dot or apostrophe from the piece before
	hyphened   bool // a hyphen and nothing else from the piece before
}

// pieces is a text cut as names are.
type pieces struct {
	folded []byte
	list   []piece
}

// cut makes the pieces of a document.
func cut(doc *nlp.Doc) pieces {
	p := pieces{folded: make([]byte, 0, len(doc.Text)), list: make([]piece, 0, len(doc.Words)+len(doc.Words)/4)}
	last := -1 // where in the text the last piece ended
	for w := range doc.Words {
		word := &doc.Words[w]
		if word.Start < last { // shares its token's range with the word before
			continue
		}
		s := doc.Text[word.Start:word.End]
		eachPiece(s, func(from, to int) {
			from, to = word.Start+from, word.Start+to
			start := len(p.folded)
			p.folded = fold(p.folded, doc.Text[from:to])
			pc := piece{word: w, start: start, end: len(p.folded), from: from, to: to, caps: capitalOf(doc.Text[from:to])}
			if last >= 0 && doc.Words[p.list[len(p.list)-1].word].Sent == word.Sent {
				gap := doc.Text[last:from]
				before := last - p.list[len(p.list)-1].from
				pc.joined = joins(gap, before)
				if before == 1 && to-from == 1 && strings.ContainsRune(gap, ' ') {
					pc.joined = false // "A U.S. judge" is not of the A.U.
				}
				pc.hyphened = gap == "-" || gap == "‑" || gap == "–"
			}
			p.folded = append(p.folded, ' ')
			p.list = append(p.list, pc)
			last = to
		})
	}
	return p
}

// joins says whether a gap may lie inside a name. A full stop and a blank may
// only after a short piece ("St. Lucia").
func joins(gap string, before int) bool {
	dot, blank := false, 0
	for _, r := range gap {
		switch r {
		case ' ', '\u00a0':
			blank++
		case '.':
			dot = true
		case '-', '‑', '–', '\'', '’', '`', '&', '+':
		case '\n', '\t':
			return false
		default:
			return false
		}
	}
	return blank <= 2 && !(dot && blank > 0 && before > 5)
}

// find gives the atoms of a document in text order, never overlapping.
func (b *Book) find(doc *nlp.Doc, on detente.Date) []atom {
	p := cut(doc)
	var out []atom
	for i := 0; i < len(p.list); {
		n, forms := b.longestAt(&p, i, on)
		if n == 0 {
			i++
			continue
		}
		a := atom{first: p.list[i].word, end: p.list[i+n-1].word + 1, forms: forms}
		if i > 0 && p.list[i].hyphened && p.list[i-1].caps == anyCase {
			a.before = p.text(i - 1)
		}
		if j := i + n; j < len(p.list) && p.list[j].hyphened && p.list[j].caps == anyCase {
			a.after = p.text(j)
			if a.end <= p.list[j].word {
				a.end = p.list[j].word + 1
			}
			n++
		}
		out = append(out, a)
		i += n
	}
	return out
}

func (p *pieces) text(i int) string { return string(p.folded[p.list[i].start:p.list[i].end]) }

// longestAt gives the piece count and forms of the longest name from piece i.
func (b *Book) longestAt(p *pieces, i int, on detente.Date) (int, []form) {
	first := &p.list[i]
	most := b.longest[string(p.folded[first.start:first.end])]
	if most == 0 {
		return 0, nil
	}
	n := 1
	for n < most && i+n < len(p.list) && p.list[i+n].joined {
		n++
	}
	for ; n > 0; n-- {
		forms := b.forms[string(p.folded[first.start:p.list[i+n-1].end])]
		if fit := fitting(forms, p.list[i:i+n], on); len(fit) > 0 {
			return n, fit
		}
	}
	return 0, nil
}

// fitting keeps the forms whose capitals fit the text's, and of several states
// or offices of one name those of the date.
func fitting(forms []form, list []piece, on detente.Date) []form {
	all := len(forms) > 0
	for i := range forms {
		if !forms[i].written(list) || !forms[i].timely(on) {
			all = false
			break
		}
	}
	if all {
		return forms
	}
	var fit, late []form
	for _, f := range forms {
		switch {
		case !f.written(list):
		case f.timely(on):
			fit = append(fit, f)
		default:
			late = append(late, f)
		}
	}
	if fit == nil {
		return late
	}
	return fit
}

func (f *form) written(list []piece) bool {
	for k := range list {
		if !list[k].caps.fits(capital(f.caps[k]), list[k].end-list[k].start) {
			return false
		}
	}
	return true
}

func (f *form) timely(on detente.Date) bool {
	if on == "" {
		return f.fact.to == ""
	}
	return covers(f.fact.from, f.fact.to, on)
}

// capitalised says whether a word begins with a capital letter.
func capitalised(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}
