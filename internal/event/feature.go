package event

import (
	"slices"
)

// features gives the numbers of what the classifier may know of a sentence:
// its lemmas by where they stand between the sides, the verbs that govern the
// sides with their objects and negation, the types whose rules know a word, and
// what the rules coded (events here).
func (c *coding) features(s int, here []int, src, dst run) []uint32 {
	var out []uint32
	add := func(parts ...string) {
		if f := feature(parts...); !slices.Contains(out, f) {
			out = append(out, f)
		}
	}
	add("bias")
	c.wordFeatures(s, src, dst, add)
	c.verbFeatures("s", c.verbOver(src, s), add)
	if !dst.empty() {
		c.verbFeatures("t", c.verbOver(dst, s), add)
		for _, p := range c.tree.preps(c.headOf(dst)) {
			add("prep", p, c.tree.lemma(c.verbOver(dst, s)))
		}
	}
	for n, i := range here {
		ev := &c.events[i]
		add("rule", ev.Rule)
		add("coded", string(ev.Type))
		if n == 0 {
			add("first", string(ev.Type), string(ev.Factuality))
			add("first rule", ev.Rule, string(ev.Factuality))
		}
		if c.inSideClause(c.triggers[i]) {
			add("in passing", string(ev.Type))
		}
	}
	if len(here) == 0 {
		add("nothing coded")
	}
	return out
}

// feature numbers what is said by words (FNV-1a, folded).
func feature(parts ...string) uint32 {
	h := uint32(2166136261)
	for _, p := range parts {
		for i := 0; i < len(p); i++ {
			h = (h ^ uint32(p[i])) * 16777619
		}
		h = (h ^ '\t') * 16777619
	}
	return (h ^ h>>16) & (1<<featureBits - 1)
}

// headOf gives the word by which a run hangs on the rest.
func (c *coding) headOf(r run) int {
	for w := r.first; w < r.end; w++ {
		if !r.contains(c.tree.word(w).Head) {
			return w
		}
	}
	return r.first
}

// wordFeatures adds the lemmas of a sentence, those of the sides left out.
func (c *coding) wordFeatures(s int, src, dst run, add func(...string)) {
	sent := c.doc.Sents[s]
	before := ""
	for i := sent.First; i < sent.End; i++ {
		if src.contains(i) || dst.contains(i) {
			before = ""
			continue
		}
		w, lemma := c.tree.word(i), c.tree.lemma(i)
		switch w.UPOS {
		case "PUNCT", "DET", "SYM":
			continue
		case "PROPN", "NUM":
			before = ""
			continue // names say who, not what
		}
		where := "after"
		switch lo, hi := min(src.first, dst.first), max(src.first, dst.first); {
		case i < lo:
			where = "before"
		case i < hi:
			where = "between"
		}
		add("word", lemma)
		add(where, lemma)
		if before != "" {
			add("pair", before, lemma)
		}
		before = lemma
		if by := c.nouns[lemma]; w.UPOS == "NOUN" {
			c.known("noun", by, add)
		}
		if w.UPOS == "VERB" {
			c.known("verb", c.verbs[lemma], add)
		}
	}
}

// known adds the types whose rules name a word as a trigger.
func (c *coding) known(what string, rules []*Rule, add func(...string)) {
	for _, r := range rules {
		if r.Type != "" {
			add(what, string(r.Type))
		}
	}
}

// verbFeatures adds a verb with what hangs on it and what governs it.
func (c *coding) verbFeatures(side string, v int, add func(...string)) {
	t := c.tree
	lemma := t.lemma(v)
	add(side, "verb", lemma)
	c.known(side+"verb", c.verbs[lemma], add)
	if t.negated(v) {
		add(side, "not", lemma)
		add(side, "not")
	}
	for _, k := range t.kids[v] {
		switch rel := t.rel(k); rel {
		case "obj", "xcomp", "ccomp", "obl", "compound", "advmod":
			add(side, rel, t.lemma(k))
			add(side, rel, lemma, t.lemma(k))
			if rel == "xcomp" || rel == "ccomp" {
				c.known(side+rel, c.verbs[t.lemma(k)], add)
				for _, g := range t.kids[k] {
					if t.rel(g) == "aux" || t.rel(g) == "obj" {
						add(side, rel, t.rel(g), t.lemma(g))
					}
				}
			}
			if rel == "obj" {
				c.known(side+"obj", c.nouns[t.lemma(k)], add)
			}
		case "aux":
			add(side, "aux", t.form(k))
			add(side, "aux", lemma, t.form(k))
		}
	}
	if h := t.word(v).Head; h >= 0 {
		add(side, "under", t.rel(v), t.lemma(h))
	}
}

// Lesson is what the classifier learns from: what it may know of a sentence,
// and the kind that is right for it.
type Lesson struct {
	features []uint32
	kind     int
}
