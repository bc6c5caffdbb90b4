package nlp

import (
	"strings"
	"unicode/utf8"
)

// Lemmas come from a lexicon of forms with their tag, else from the edit that
// words with the same ending and tag most often take. An edit cuts characters
// from the end and adds others, and may lower the case.

// lemmaTable holds both: lexicon["form\tXPOS"], and edits["suffix\tXPOS"].
type lemmaTable struct {
	lexicon map[string]string
	edits   map[string]edit
}

// edit turns a form into its lemma.
type edit struct {
	cut   int
	add   string
	lower bool
}

const maxEditSuffix = 6

func (t *lemmaTable) lemma(form, upos, xpos string) string {
	p := plain(form)
	low := strings.ToLower(p)
	if upos != "PROPN" {
		if l, ok := t.lexicon[low+"\t"+xpos]; ok {
			return l
		}
	} else if l, ok := t.lexicon[p+"\t"+xpos]; ok {
		return l
	}
	if upos != "PROPN" {
		p = low
	}
	for n := maxEditSuffix; n >= 0; n-- {
		if e, ok := t.edits[tail(low, n)+"\t"+xpos]; ok {
			if l, ok := e.apply(p); ok {
				return l
			}
		}
	}
	return p
}

func (e edit) apply(form string) (string, bool) {
	if e.lower {
		form = strings.ToLower(form)
	}
	i := len(form)
	for n := e.cut; n > 0; n-- {
		_, w := utf8.DecodeLastRuneInString(form[:i])
		i -= w
	}
	if i <= 0 && e.add == "" {
		return "", false
	}
	return form[:i] + e.add, true
}

// editBetween gives the edit that turns form into lemma.
func editBetween(form, lemma string) edit {
	e := edit{}
	if low := strings.ToLower(form); low != form && commonPrefix(low, lemma) > commonPrefix(form, lemma) {
		e.lower, form = true, low
	}
	n := commonPrefix(form, lemma)
	e.cut = utf8.RuneCountInString(form[n:])
	e.add = lemma[n:]
	return e
}

// commonPrefix is the length in bytes of the common whole characters.
func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	for n > 0 && (n < len(a) && isCont(a[n]) || n < len(b) && isCont(b[n])) {
		n--
	}
	return n
}
