package nlp

import "strings"

// tally counts values by key.
type tally[V comparable] map[string]map[V]int

func (t tally[V]) add(key string, v V) {
	if t[key] == nil {
		t[key] = map[V]int{}
	}
	t[key][v]++
}

// most gives the value that a key has most often, the first by less among
// equals, and how often the key was seen.
func (t tally[V]) most(key string, less func(a, b V) bool) (best V, seen int) {
	n := 0
	for v, c := range t[key] {
		seen += c
		if c > n || c == n && less(v, best) {
			best, n = v, c
		}
	}
	return best, seen
}

// learnLexicon learns lemmas, edits and features. What edits and tags give
// anyway is left out of the lexicon.
func learnLexicon(docs []*Doc) lexicon {
	lemmas, feats, edits := tally[string]{}, tally[string]{}, tally[edit]{}
	for _, d := range docs {
		for _, w := range d.Words {
			if w.Lemma == "" || w.XPOS == "GW" || strings.ContainsAny(w.Form+w.Lemma, "\t\n") {
				continue
			}
			tag := w.UPOS + " " + w.XPOS
			p := lexical(w.Form, tag)
			low := strings.ToLower(p)
			lemmas.add(p+"\t"+tag, w.Lemma)
			feats.add(p+"\t"+tag, w.Feats)
			feats.add(tag, w.Feats)
			e := editBetween(p, w.Lemma)
			for n := 0; n <= maxEnding; n++ {
				edits.add(tail(low, n)+"\t"+tag, e)
			}
		}
	}
	l := lexicon{map[string]string{}, map[string]edit{}, map[string]string{}}
	before := func(a, b string) bool { return a < b }
	for k := range edits {
		e, seen := edits.most(k, func(a, b edit) bool { return a.String() < b.String() })
		if seen >= 2 {
			l.edits[k] = e
		}
	}
	l.dropRedundantEdits()
	for k := range lemmas {
		form, tag, _ := strings.Cut(k, "\t")
		if lemma, _ := lemmas.most(k, before); l.edited(form, tag) != lemma {
			l.lemmas[k] = lemma
		}
	}
	for k := range feats {
		f, _ := feats.most(k, before)
		_, tag, long := strings.Cut(k, "\t")
		if usual, _ := feats.most(tag, before); !long || f != usual {
			l.feats[k] = f
		}
	}
	return l
}

// dropRedundantEdits leaves out edits that a shorter ending gives too.
func (l *lexicon) dropRedundantEdits() {
	kept := map[string]edit{}
	for k, e := range l.edits {
		ending, tag, _ := strings.Cut(k, "\t")
		for n := len([]rune(ending)) - 1; ; n-- {
			if n < 0 {
				kept[k] = e
				break
			}
			if shorter, ok := l.edits[tail(ending, n)+"\t"+tag]; ok {
				if shorter != e {
					kept[k] = e
				}
				break
			}
		}
	}
	l.edits = kept
}
