package event

import (
	"slices"

	"detente"
)

// doubtContact takes back event i, a contact that a rule coded as happened, where the spotter finds it most
// unlikely that anything is told there, or that the deed at word w, which is its own, happened.
func (c *coding) doubtContact(s spots, i, w int) {
	ev := &c.events[i]
	if ev.Act != detente.Contact || ev.Factuality != detente.Happened {
		return
	}
	if s.deed(w) >= hint && s.happened(w) < untrue && c.tense(c.anyFrame(c.triggers[i])) != "present" { // a headline's present is what the rules take it for
		fact, _ := s.stance(w)
		c.restate(ev, w, fact)
		return
	}
	told := s.deed(c.triggers[i])
	for _, k := range c.around(i) {
		told = max(told, s.deed(k))
	}
	c.dropped[i] = told < unlikely
}

// meet makes a contact of an event at word i, where the spotter is all but certain that it is one, that it happened,
// and between two parties of which no rule has coded one in the sentence: mode and channels are those of the
// contacts that the word tells in rules.
func (c *coding) meet(s spots, ev *detente.Event, i int) {
	if ev.Act != "" || ev.Factuality != detente.Happened || s.kindIs(i, detente.Consult) < meets || s.happened(i) < meets {
		return
	}
	f, st, rule := c.anyFrame(i), c.statementAt(i), talkedOver
	for _, r := range append(slices.Clone(c.verbs[c.tree.lemma(i)]), c.nouns[c.tree.lemma(i)]...) {
		if r.Act == detente.Contact && (rule == talkedOver || demands(r) < demands(rule)) {
			rule = r
		}
	}
	src, dst := c.inOffice(ev.Source), c.inOffice(ev.Target)
	if len(parties(src, nil)) > 2 || len(parties(dst, nil)) > 2 {
		return
	}
	src, dst = c.mutual(src, dst, f)
	if len(parties(src, dst)) != 2 || c.noContact(rule, f, src, dst, st) || c.negatedBefore(i) || c.toCome(f) || c.play(ev.Sentence) {
		return
	}
	for k := range c.events {
		o := &c.events[k]
		if o.Sentence == ev.Sentence && o.Act != "" && !c.dropped[k] && slices.Equal(parties(o.Source, o.Target), parties(src, dst)) {
			return
		}
	}
	ev.Type, ev.Source, ev.Target, ev.Act = detente.Consult, nonNil(src), nonNil(dst), detente.Contact
	if ev.CAMEO, ev.Mode = rule.CAMEO, rule.Mode; ev.Mode == "" {
		ev.Mode = rule.ActMode
	}
	if ev.Mode == "talks" {
		ev.Mode = c.means(i)
	}
	if (ev.Mode == "meeting" || ev.Mode == "talks") && c.thirdGround(f, parties(src, dst)) {
		ev.Mode, ev.CAMEO = detente.ThirdParty, "044"
	}
	if ev.Channels = c.channelsOf(rule, f); len(ev.Channels) == 0 {
		ev.Channels = c.trade(ev)
	}
	ev.Contexts = contextsOf(ev.Channels)
}

// inOffice leaves out who is no official, and people of a state who have no office that anything tells of.
func (c *coding) inOffice(ps []detente.Participant) []detente.Participant {
	return slices.DeleteFunc(c.officials(ps), func(p detente.Participant) bool { return p.Office == "" && len(p.Sectors) == 0 && isState(p.Party) })
}

// talkedOver stands for the rule of a word of contact that no rule knows ("compared notes").
var talkedOver = &Rule{Type: detente.Consult, CAMEO: "040", Act: detente.Contact, ActMode: "talks"}
