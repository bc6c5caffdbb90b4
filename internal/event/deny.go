package event

import (
	"detente"
	"detente/internal/actor"
)

// reported reports a sentence that tells something in the name of a medium, and
// of nobody else.
func (c *coding) reported(sent int, st *detente.Statement) bool {
	if st != nil && st.Speaker.Party != "" {
		return false
	}
	s := c.doc.Sents[sent]
	for _, m := range c.cast.Within(s.First, s.End) {
		if m.Actor == nil || m.Actor.Kind != actor.KindMedia {
			continue
		}
		for v := m.End; v < s.End && v < m.End+3; v++ {
			if c.class("report-verb", c.tree.lemma(v), c.tree.form(v)) {
				return true
			}
		}
	}
	return false
}

// habitual reports what is done as a rule ("usually speak twice a day"): no
// single deed.
func (c *coding) habitual(f *frame) bool {
	if f.verb < 0 {
		return false
	}
	for _, k := range c.tree.kids[f.verb] {
		if c.tree.rel(k) == "advmod" && c.class("habitual", c.tree.form(k)) {
			return true
		}
	}
	// "visit Finland every weekend"
	return c.doc.SetOf(f.verb) != nil && c.tense(f) == "present" && c.tree.word(f.verb).XPOS != "VBG"
}

// play reports a sentence about sport or fiction, where nobody's government
// meets another's ("met in the final").
func (c *coding) play(sent int) bool {
	s := c.doc.Sents[sent]
	for i := s.First; i < s.End; i++ {
		final := c.tree.form(i) == "final" && i+1 < s.End && !isNoun(c.tree.word(i+1)) && c.tree.word(i+1).UPOS != "ADJ"
		if c.class("play", c.tree.lemma(i)) || final {
			return true
		}
	}
	return false
}

// denialReach is how many sentences back a denial may look for what it denies.
const denialReach = 6

// deny codes the denial of the last act told before that somebody else said or
// that the article tells: the same event again, denied, told by this statement.
func (c *coding) deny(r *Rule, f *frame, st *detente.Statement) bool {
	sent := c.tree.word(f.trigger).Sent
	owner := c.accountOf(f.trigger)
	for i := len(c.events) - 1; i >= 0; i-- {
		ev := c.events[i]
		if ev.Sentence < sent-denialReach {
			return false
		}
		teller := c.byID(ev.Statement)
		if ev.Act == "" || ev.Factuality == detente.DeniedHappened || ev.Factuality == detente.CalledFor || st != nil && teller != nil && sameTeller(st, teller) {
			continue
		}
		if owner != "" && (teller == nil || teller.Speaker.Party != owner) {
			continue
		}
		if ev.Sentence == sent && c.tree.ancestor(f.trigger, c.triggers[i]) { // "rumours that they had met were false"
			c.events[i].Factuality = detente.DeniedHappened
			return true
		}
		ev.Factuality, ev.Rule, ev.Sentence, ev.Announced = detente.DeniedHappened, r.ID, sent, false
		ev.Trigger = []detente.Span{c.spans[f.trigger]}
		ev.Statement = ""
		if st != nil {
			ev.Statement = st.ID
		}
		c.add(ev, f.trigger, ev.Type)
		return true
	}
	return false
}

// accountOf is the party whose account a word denies, where that is said ("the
// Chinese statement was not true"): only what that party told is denied then.
func (c *coding) accountOf(v int) detente.Party {
	subject, _ := c.tree.subject(v)
	for _, noun := range []int{subject, c.tree.kid(v, "obj")} {
		if noun < 0 || !c.class("account", c.tree.lemma(noun)) {
			continue
		}
		first := noun
		for _, k := range c.tree.kids[noun] {
			switch c.tree.rel(k) {
			case "amod", "compound", "nmod":
				first = min(first, k)
			}
		}
		for _, m := range c.cast.Within(first, noun) {
			if m.Actor != nil && m.Actor.Party != "" {
				return m.Actor.Party
			}
		}
	}
	return ""
}

func sameTeller(a, b *detente.Statement) bool {
	return a.ID == b.ID || a.Speaker.ID != "" && a.Speaker.ID == b.Speaker.ID
}
