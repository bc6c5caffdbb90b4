package nlp

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// goldKinds maps the names that data sets give to kinds of name. Others count
// as no name.
var goldKinds = map[string]EntKind{
	"PER": Person, "person": Person, "Person": Person, "politician": Person,
	"ORG": Organisation, "organisation": Organisation, "Organisation": Organisation, "politicalparty": Organisation,
	"LOC": Place, "location": Place, "Location": Place, "country": Place,
}

// ReadNames reads words with name tags into a Doc: a word a line with its tag, a
// blank line after each sentence. The tag is the last column, or the third where
// the first is the word's number (UNER). B and I may be used either way that is
// in use: a name starts at B, or at I where none of its kind is open. A word of
// several characters that touch is kept whole. Errors name the line.
func ReadNames(r io.Reader) (*Doc, error) {
	d := &Doc{}
	var text strings.Builder
	first, open := 0, false
	endSentence := func() {
		if len(d.Words) > first {
			d.Sents = append(d.Sents, Sent{First: first, End: len(d.Words), Block: len(d.Sents)})
			text.WriteString("\n\n")
		}
		first, open = len(d.Words), false
	}
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 1<<20)
	for line := 1; sc.Scan(); line++ {
		col := strings.Fields(sc.Text())
		switch {
		case len(col) == 0:
			endSentence()
			continue
		case col[0] == "-DOCSTART-", strings.HasPrefix(sc.Text(), "# "):
			continue
		case len(col) < 2:
			return nil, fmt.Errorf("line %d: no tag; write a word and its tag", line)
		}
		form, tag := col[0], col[len(col)-1]
		if _, err := strconv.Atoi(col[0]); err == nil && len(col) == 5 {
			form, tag = col[1], col[2]
		}
		if text.Len() > 0 && len(d.Words) > first {
			text.WriteByte(' ')
		}
		w := Word{Start: text.Len(), End: text.Len() + len(form), Form: form, Head: -1, Sent: len(d.Sents), SpaceAfter: true}
		text.WriteString(form)
		mark, name, _ := strings.Cut(tag, "-")
		kind := goldKinds[name]
		last := len(d.Ents) - 1
		switch {
		case kind == "":
			open = false
		case mark == "I" && open && d.Ents[last].Kind == kind:
			d.Ents[last].End++
		default:
			d.Ents = append(d.Ents, Entity{First: len(d.Words), End: len(d.Words) + 1, Kind: kind})
			open = true
		}
		d.Words = append(d.Words, w)
	}
	endSentence()
	d.Text = text.String()
	d.runes = newRuneIndex(d.Text)
	return d, sc.Err()
}
