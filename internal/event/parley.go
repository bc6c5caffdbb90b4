package event

import (
	"slices"
	"strings"

	"detente"
	"detente/internal/actor"
	"detente/internal/nlp"
)

// A contact is the claim that two governments talked, and a false one is the
// worst error that the program makes. So a rule that tells one has to get past
// what stands here: people who speak for nobody, gatherings that belong to a
// third, hosts, and what is done as a rule.

// noContact reports that what rule r tells at frame f is no contact of the two
// sides, whatever else it is.
func (c *coding) noContact(r *Rule, f *frame, src, dst []detente.Participant, st *detente.Statement) bool {
	return c.habitual(f) || c.withStrangers(r, f, st) || c.ofThirds(f) || c.hosted(f, src, dst) ||
		len(r.Channels) == 0 && len(parties(c.officials(src), c.officials(dst))) < 2 // families may be reunited
}

// officials leaves out who is named by a common noun that is no office ("the
// crew", "bankers", "the Danish firm Lego") and people of whom only the country is
// said ("Estonians").
func (c *coding) officials(ps []detente.Participant) []detente.Participant {
	return slices.DeleteFunc(slices.Clone(ps), func(p detente.Participant) bool { return c.private(p) })
}

func (c *coding) private(p detente.Participant) bool {
	r := c.wordsOf(p.Span)
	if !r.empty() && !isState(p.Party) && c.class("fellow", c.tree.lemma(c.headOf(r))) {
		return true // "his G-7 colleagues": of his own circle
	}
	if c.inBusiness(r) {
		return true // "the stock exchange's head"
	}
	if r.empty() || p.Office != "" && p.Office != "government" || len(p.Sectors) > 0 {
		return false // the sectors say for whom they act
	}
	t, head := c.tree, c.headOf(r)
	m := c.mention(head)
	if m != nil && m.Actor != nil && m.Actor.Party != "" && m.Actor.Kind != actor.KindState && !m.Adjective {
		return false // somebody known, or a body
	}
	switch w := t.word(head); {
	case w.XPOS == "NNPS" || w.XPOS == "NNS" && m != nil && m.Actor != nil && m.Actor.Kind == actor.KindState:
		return t.kid(head, "det") < 0 && c.byDemonym(head)
	case w.UPOS == "NOUN":
		return len(c.modifiers(head, nil)) > 0 && !c.class("official", t.lemma(head)) && !c.class("pair", t.lemma(head))
	case w.UPOS == "PROPN": // a name of its own, of which only the country is known: "the Cairo Tea Company"
		return (m == nil || m.Actor == nil || m.Actor.Party == "" && m.Actor.Kind != actor.KindPlace) && (c.trader(r) || c.strangeName(head))
	}
	return false
}

// inBusiness reports a phrase for somebody that names a firm.
func (c *coding) inBusiness(r run) bool {
	for w := r.first; w < r.end; w++ {
		if c.class("business", c.tree.lemma(w)) && isNoun(c.tree.word(w)) {
			return true
		}
	}
	return false
}

// byDemonym reports a word that means people of a country ("Estonians"), not
// a country in the plural ("the Netherlands", "United States").
func (c *coding) byDemonym(w int) bool {
	form := c.tree.form(w)
	return c.class("citizens", form) || strings.HasSuffix(form, "ans") || strings.HasSuffix(form, "is") || strings.HasSuffix(form, "nes")
}

// trader reports a name that says itself that it is no government's.
func (c *coding) trader(r run) bool {
	for w := r.first; w < r.end; w++ {
		if c.class("trader", c.tree.form(w)) {
			return true
		}
	}
	return false
}

// strangeName reports a name of an organisation that no table has.
func (c *coding) strangeName(w int) bool {
	return slices.ContainsFunc(c.doc.Ents, func(e nlp.Entity) bool { return e.Kind == nlp.Organisation && e.First <= w && w < e.End })
}

// ofThirds reports a meeting that is a third's, which the parties only attend: the
// yearly meeting of a bank, a session of the Security Council.
func (c *coding) ofThirds(f *frame) bool {
	t := c.tree
	if !isNoun(t.word(f.trigger)) || !c.class("meeting", t.lemma(f.trigger)) || len(t.fill(f, "with|between")) > 0 {
		return false
	}
	whose := append(slices.Clone(f.slots["poss"]), f.slots["mod"]...)
	for _, o := range f.obl { // its own of-phrase, not one further down: "talks on the release of prisoners"
		if !slices.Contains(o.preps, "of") {
			continue
		}
		if len(c.participant(o.head, nil)) == 0 && t.word(o.head).XPOS != "NN" {
			return true // "a meeting of farm ministers"
		}
		whose = append(whose, t.conj(o.head)...)
	}
	return slices.ContainsFunc(whose, func(w int) bool {
		m := c.mention(w)
		return c.class("assembly", t.lemma(w)) || m != nil && m.Actor != nil && m.Actor.Kind == actor.KindOrg
	})
}

// hosted reports hosts who are no party: a state to several others, and whoever
// hosts talks without a word of with whom.
func (c *coding) hosted(f *frame, src, dst []detente.Participant) bool {
	if f.verb >= 0 && f.verb != f.trigger && c.tree.lemma(f.verb) == "host" && len(c.participants(c.tree.fill(f, "with|between|of"), nil)) == 0 {
		return true
	}
	return c.tree.lemma(f.trigger) == "host" && len(parties(dst, nil)) > 1 && len(src) == 1 && src[0].Office == "government"
}
