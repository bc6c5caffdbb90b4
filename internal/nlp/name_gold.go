package nlp

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// goldKinds maps the names that data sets give to kinds of name. Others count
// as no name.
var goldKinds = map[string]EntKind{
	"PER": Person, "person": Person, "Person": Person, "politician": Person,
	"ORG": Organisation, "organisation": Organisation, "Organisation": Organisation, "politicalparty": Organisation,
	"LOC": Place, "location": Place, "Location": Place, "country": Place,
}

// ReadNames reads words with name tags into Docs: a word a line with its tag, a
// blank line after each sentence. The tag is the last column, or the third where
// the first is the word's number (UNER). B and I may be used either way that is
// in use: a name starts at B, or at I where none of its kind is open. A word of
// several characters that touch is kept whole. A Doc ends where the next one is
// announced (-DOCSTART- of CoNLL, "# newdoc" of CoNLL-U). Errors name the line.
func ReadNames(r io.Reader) ([]*Doc, error) {
	var docs []*Doc
	g := &nameReader{}
	next := func() {
		if d := g.finish(); len(d.Sents) > 0 {
			docs = append(docs, d)
		}
		g = &nameReader{}
	}
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 1<<20)
	for line := 1; sc.Scan(); line++ {
		col := strings.Fields(sc.Text())
		switch {
		case len(col) == 0:
			g.endSentence()
		case col[0] == "-DOCSTART-", strings.HasPrefix(sc.Text(), "# newdoc"):
			next()
		case strings.HasPrefix(sc.Text(), "# "):
		case len(col) < 2:
			return nil, fmt.Errorf("line %d: no tag; write a word and its tag", line)
		default:
			form, tag := col[0], col[len(col)-1]
			if _, err := strconv.Atoi(col[0]); err == nil && len(col) == 5 {
				form, tag = col[1], col[2]
			}
			g.word(form, tag)
		}
	}
	next()
	return docs, sc.Err()
}

// nameReader puts a Doc together from words and tags.
type nameReader struct {
	d     Doc
	text  strings.Builder
	first int  // first word of the sentence
	open  bool // whether the last name may go on
}

func (g *nameReader) word(form, tag string) {
	d := &g.d
	if len(d.Words) > g.first {
		g.text.WriteByte(' ')
	}
	w := Word{Start: g.text.Len(), End: g.text.Len() + len(form), Form: form, Head: -1, Sent: len(d.Sents), SpaceAfter: true}
	g.text.WriteString(form)
	mark, name, _ := strings.Cut(tag, "-")
	kind := goldKinds[name]
	last := len(d.Ents) - 1
	switch {
	case kind == "":
		g.open = false
	case mark == "I" && g.open && d.Ents[last].Kind == kind:
		d.Ents[last].End++
	default:
		d.Ents = append(d.Ents, Entity{First: len(d.Words), End: len(d.Words) + 1, Kind: kind})
		g.open = true
	}
	d.Words = append(d.Words, w)
}

func (g *nameReader) endSentence() {
	if d := &g.d; len(d.Words) > g.first {
		d.Sents = append(d.Sents, Sent{First: g.first, End: len(d.Words), Block: len(d.Sents)})
		g.text.WriteString("\n\n")
	}
	g.first, g.open = len(g.d.Words), false
}

func (g *nameReader) finish() *Doc {
	g.endSentence()
	g.d.Text = g.text.String()
	g.d.runes = newRuneIndex(g.d.Text)
	return &g.d
}

// NamesOfPhrases turns the phrases that re3d marks into names, as the other sets
// have them. What stands before a phrase's first capital is cut off, with an
// article and a person's title; a pronoun is left out, and a phrase that does not
// end in a capital, which describes ("the Syrian government"). re3d calls a state that acts an
// organisation; by its name it is a place.
func NamesOfPhrases(d *Doc) {
	capital := func(i int) bool {
		r, _ := utf8.DecodeRuneInString(d.Words[i].Form)
		return unicode.IsUpper(r)
	}
	outer := func(i int, kind EntKind) bool {
		form := d.Words[i].Form
		return !capital(i) || form == "The" || form == "A" || kind == Person && phraseTitles[form]
	}
	kept := d.Ents[:0]
	for _, e := range d.Ents {
		for e.First < e.End && outer(e.First, e.Kind) {
			e.First++
		}
		if e.First == e.End || !capital(e.End-1) || e.End-e.First == 1 && phrasePronouns[d.Words[e.First].Form] {
			continue
		}
		if e.Kind == Organisation && gazetteer()[d.nameForm(e)] {
			e.Kind = Place
		}
		kept = append(kept, e)
	}
	d.Ents = kept
}

// phraseTitles are the titles that re3d marks with a person's name.
var phraseTitles = map[string]bool{"Mr": true, "Mrs": true, "Ms": true, "Dr": true, "President": true, "Prime": true, "Foreign": true, "Minister": true,
	"Secretary": true, "General": true, "Gen": true, "Ambassador": true, "King": true}

// phrasePronouns are the capitals that re3d marks and that are no names.
var phrasePronouns = map[string]bool{"I": true, "We": true, "You": true, "He": true, "She": true, "It": true, "They": true}
