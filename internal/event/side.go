package event

import (
	"slices"
	"sort"
	"strings"

	"detente"
	"detente/internal/actor"
)

func nonNil(p []detente.Participant) []detente.Participant {
	if p == nil {
		return []detente.Participant{}
	}
	for i := range p {
		if p[i].Sectors == nil {
			p[i].Sectors = []string{}
		}
	}
	return p
}

// side resolves the first alternative that gives a participant.
//
// A place counts as its country only where no alternative names an actor
// ("returned to Lebanon"; the rule's slots say that a place will do).
//
// In an act the sides are different parties, so whoever stands on the other
// side already is passed over.
func (c *coding) side(rule *Rule, alts []role, f *frame, st *detente.Statement, other []detente.Participant) []detente.Participant {
	for _, r := range alts {
		if r.path[0] == "context" || r.path[0] == "pair" {
			if ps := c.places(alts, f, other); len(ps) > 0 {
				return ps
			}
		}
		switch r.path[0] {
		case "context":
			if len(other) == 0 || len(parties(other, nil)) > 1 {
				continue
			}
			if p := c.partner(f.trigger, other[0].Party); p != "" && (rule.Act != "" || c.names(f.trigger, p)) {
				return []detente.Participant{{Name: string(p), Party: p, Office: "government", Sectors: []string{"GOV"}, Span: c.spans[f.trigger]}}
			}
		case "pair":
			if rule.Act == detente.Contact && !c.mayBePair(alts, f) {
				continue
			}
			var out []detente.Participant
			for _, p := range c.pairFor(rule, alts, f) {
				out = append(out, detente.Participant{Name: string(p), Party: p, Sectors: []string{"GOV"}, Span: c.spans[f.trigger]})
			}
			if len(out) == 2 {
				return out
			}
		case "speaker":
			if st != nil && st.Speaker.Party != "" && (len(other) == 0 || other[0].Party != st.Speaker.Party) {
				return []detente.Participant{{Name: st.Speaker.Name, Party: st.Speaker.Party, Sectors: st.Speaker.Sectors, Span: firstSpan(st.Source)}}
			}
		default:
			ps := c.participants(c.tree.follow(f, r), st)
			if rule.Act != "" {
				ps = slices.DeleteFunc(ps, func(p detente.Participant) bool { return hasParty(other, p.Party) })
			}
			if len(ps) > 0 {
				return ps
			}
		}
	}
	if ps := c.places(alts, f, other); len(ps) > 0 {
		return ps
	}
	if rule.Act != "" && len(parties(other, nil)) > 1 {
		return nil // all are on the other side
	}
	return c.nearest(rule, alts, f, other)
}

// names reports a party, or a place in its country, that the sentence of w names:
// whom the text names elsewhere is no evidence for a deed that is no act of dialogue.
func (c *coding) names(w int, p detente.Party) bool {
	s := c.doc.Sents[c.tree.word(w).Sent]
	return slices.ContainsFunc(c.cast.Within(s.First, s.End), func(m *actor.Mention) bool {
		return m.Actor != nil && m.Actor.Code() == p && !c.inDateline(m.Head)
	})
}

// pairFor gives the two who did something to each other where the slots name
// nobody. For a contact they must stand near, unless the words say that they are two.
func (c *coding) pairFor(rule *Rule, alts []role, f *frame) []detente.Party {
	if rule.Act != detente.Contact {
		return c.pairBefore(f.trigger)
	}
	for _, r := range alts {
		for _, w := range c.tree.follow(f, r) {
			if !c.exactlyTwo(w) {
				return c.loosePair(f.trigger)
			}
		}
	}
	return c.pairWithin(f.trigger, pairReach)
}

// loosePair gives the two whom words like "they" and "ministers" may mean: none
// where their own sentence names a third.
func (c *coding) loosePair(w int) []detente.Party {
	pair := c.pairWithin(w, looseReach)
	s := c.doc.Sents[c.tree.word(w).Sent]
	if slices.ContainsFunc(c.partiesIn(s.First, s.End), func(p detente.Party) bool { return !slices.Contains(pair, p) }) {
		return nil
	}
	return pair
}

// exactlyTwo reports a word that says itself that it means two.
func (c *coding) exactlyTwo(w int) bool {
	t := c.tree
	return t.form(w) == "both" || slices.ContainsFunc(t.kids[w], func(k int) bool {
		switch t.form(k) {
		case "both", "two", "2", "neither":
			return true
		}
		return false
	})
}

// mayBePair reports that whoever fills the slots may be the two parties named
// before: nobody, a pronoun, "the two sides", "the ministers"; not "the measure".
func (c *coding) mayBePair(alts []role, f *frame) bool {
	for _, r := range alts {
		for _, w := range c.tree.follow(f, r) {
			if isNoun(c.tree.word(w)) && (!c.class("pair", c.tree.lemma(w)) || c.others(w)) {
				return false
			}
		}
	}
	return true
}

// others reports people of whom the text says that they are more than two, or
// whose: "leading nations", "the ministers of seven countries".
func (c *coding) others(w int) bool {
	t := c.tree
	for _, k := range t.kids[w] {
		if t.rel(k) == "nmod" && t.word(k).Rel != "nmod:poss" && !c.both(k) && slices.Contains(t.preps(k), "of") {
			return true
		}
	}
	return t.rel(w) != "conj" && t.word(w).XPOS == "NNS" && !c.both(w) && t.kid(w, "amod", "nummod") >= 0
}

// nounsIn counts the nouns in the slots, whoever they name.
func (c *coding) nounsIn(alts []role, f *frame) (n int) {
	for _, r := range alts {
		for _, w := range c.tree.follow(f, r) {
			n += one(isNoun(c.tree.word(w)))
		}
	}
	return n
}

// nearest takes the party named nearest to a verb on the side where its slot
// stands in plain order, where the tree gives nobody: before it for a subject,
// after it, up to the next verb, for what follows it.
func (c *coding) nearest(rule *Rule, alts []role, f *frame, other []detente.Participant) []detente.Participant {
	t := c.tree
	if rule.Noun || len(alts) == 0 || f.passive || rule.Act == detente.Contact && c.nounsIn(alts, f) > 0 {
		return nil // a contact with "her generals" is none with whoever is named next
	}
	before := slices.Contains(alts[0].path, "subject")
	step, i := 1, f.trigger+1
	if before {
		step, i = -1, f.trigger-1
	}
	for n := 0; n < 15 && i >= 0 && i < len(t.words) && t.word(i).Sent == t.word(f.trigger).Sent; n, i = n+1, i+step {
		if t.word(i).UPOS == "VERB" || rule.Act == detente.Contact && (t.word(i).UPOS == "SCONJ" || !before && t.word(i).UPOS == "PUNCT") {
			return nil // beyond a comma somebody else may be spoken of
		}
		m := c.cast.Covering(i)
		if m == nil || m.Actor == nil || m.Actor.Party == "" || m.Actor.Kind == actor.KindPlace {
			continue
		}
		if len(other) > 0 && other[0].Party == m.Actor.Party {
			continue
		}
		return []detente.Participant{c.fromMention(m)}
	}
	return nil
}

// places gives the countries of the places that fill the slots.
func (c *coding) places(alts []role, f *frame, other []detente.Participant) []detente.Participant {
	for _, r := range alts {
		var out []detente.Participant
		for _, w := range c.tree.follow(f, r) {
			m := c.mention(w)
			if m == nil || m.Actor == nil || m.Actor.Kind != actor.KindPlace || m.Actor.Country == "" {
				continue
			}
			if hasParty(other, m.Actor.Country) {
				continue
			}
			out = append(out, detente.Participant{Name: m.Actor.Name, Party: m.Actor.Country, Office: "government", Span: c.doc.Span(m.First, m.End)})
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// mutual settles the sides of a deed that both do: where all stand on one
// side ("Turkey and Egypt met") the target stays empty, else the sides stand
// as told; a counterpart takes the office of the one whose counterpart he is.
func (c *coding) mutual(src, dst []detente.Participant, f *frame) (s, d []detente.Participant) {
	var rest []detente.Participant
	for _, p := range dst {
		if !hasParty(src, p.Party) {
			rest = append(rest, p)
		}
	}
	for i := range rest {
		if len(src) > 0 && rest[i].Office == "" && strings.Contains(strings.ToLower(c.text(rest[i].Span)), "counterpart") {
			rest[i].Office = src[0].Office
		}
	}
	return src, rest
}

func (c *coding) text(s detente.Span) string {
	i := sort.Search(len(c.spans), func(i int) bool { return c.spans[i].Start >= s.Start })
	j := sort.Search(len(c.spans), func(i int) bool { return c.spans[i].Start >= s.End })
	if i >= j {
		return ""
	}
	return c.doc.Text[c.doc.Words[i].Start:c.doc.Words[j-1].End]
}

// hasParty reports a participant of that party.
func hasParty(ps []detente.Participant, party detente.Party) bool {
	return slices.ContainsFunc(ps, func(p detente.Participant) bool { return p.Party == party })
}

func parties(a, b []detente.Participant) []detente.Party {
	var out []detente.Party
	for _, p := range append(slices.Clone(a), b...) {
		if p.Party != "" {
			out = append(out, p.Party)
		}
	}
	return detente.SortParties(out)
}

// codes gives the states and organisations that people on two sides are of,
// whether they speak for them or not.
func codes(a, b []detente.Participant) []detente.Party {
	var out []detente.Party
	for _, p := range append(slices.Clone(a), b...) {
		if code := codeOf(p); code != "" {
			out = append(out, code)
		}
	}
	return detente.SortParties(out)
}

func codeOf(p detente.Participant) detente.Party {
	if p.Party != "" {
		return p.Party
	}
	return p.Code
}

func hasCode(ps []detente.Participant, code detente.Party) bool {
	return slices.ContainsFunc(ps, func(p detente.Participant) bool { return codeOf(p) == code })
}

// unfilled names the sides of a deed, no act of dialogue, that its slots leave
// open. The source: whoever the sentence names nearest before the trigger, else
// after it. The target, in turn: people in its slot, who without another word
// are those of the source's own country ("Peru arrested two students"); somebody
// of another party after the trigger; somebody of the same; somebody of another
// before it. Who only says what the sentence tells is no target.
func (c *coding) unfilled(r *Rule, f *frame, src, dst []detente.Participant) (s, d []detente.Participant) {
	if len(codes(src, nil)) == 0 {
		src = firstOf(src, c.bystander(f.trigger, -1, dst, true), c.bystander(f.trigger, 1, dst, true))
	}
	if len(codes(dst, nil)) == 0 {
		dst = firstOf(dst, c.own(r, f, src), c.bystander(f.trigger, 1, src, true), c.bystander(f.trigger, 1, src, false), c.bystander(f.trigger, -1, src, true))
	}
	return src, dst
}

// withoutFirms leaves out whoever is only a word in the name of a firm or a market
// ("the Oslo bourse", "Kenya Cable Co"): these act for no state. People and
// organisations stay.
func (c *coding) withoutFirms(ps []detente.Participant) []detente.Participant {
	return slices.DeleteFunc(slices.Clone(ps), func(p detente.Participant) bool {
		return isState(codeOf(p)) && c.inFirm(p.Span)
	})
}

// inFirm reports a span in the name of a firm, or in what names or describes a
// market: a word of it, or of the names and nouns that run on from it, says so.
func (c *coding) inFirm(s detente.Span) bool {
	t, r := c.tree, c.wordsOf(s)
	for i := r.first; i < len(t.words) && t.word(i).Sent == t.word(r.first).Sent; i++ {
		if i >= r.end && t.word(i).UPOS != "PROPN" && (!isNoun(t.word(i)) && t.word(i).UPOS != "ADJ" || t.rel(i-1) != "compound" && t.rel(i-1) != "amod") {
			break
		}
		if t.word(i).UPOS == "PROPN" && c.class("firm", t.form(i)) || isNoun(t.word(i)) && c.class("market", t.lemma(i)) {
			return true
		}
	}
	return false
}

// doneByNone reports a deed whose source the grammar tells, and that is nobody
// who acts between states: a thing ("the fall in prices hit Peru") or a firm.
// Whoever else the sentence names did not do it. People may be killed by anything.
func (c *coding) doneByNone(r *Rule, f *frame, src []detente.Participant) bool {
	if r.Noun || len(codes(src, nil)) > 0 || r.Type == detente.Assault && c.victims(r.Target, f) {
		return false
	}
	var doers []int
	for _, alt := range r.Source {
		doers = append(doers, c.tree.follow(f, alt)...)
	}
	return c.noneActs(doers)
}

// victims reports people in the slots.
func (c *coding) victims(alts []role, f *frame) bool {
	return slices.ContainsFunc(alts, func(alt role) bool {
		return slices.ContainsFunc(c.tree.follow(f, alt), func(w int) bool {
			return c.class("people", c.tree.lemma(w)) || c.class("official", c.tree.lemma(w)) || c.mention(w) != nil && c.mention(w).Actor != nil && c.mention(w).Actor.Kind == actor.KindPerson
		})
	})
}

// noneActs reports words that name somebody or something, of which none may act
// in public affairs.
func (c *coding) noneActs(words []int) bool {
	return slices.ContainsFunc(words, func(w int) bool { return isNoun(c.tree.word(w)) }) && !slices.ContainsFunc(words, c.mayAct)
}

// mayAct reports somebody, known or not, who may act in public affairs.
func (c *coding) mayAct(w int) bool {
	t := c.tree
	if t.word(w).UPOS == "PRON" {
		switch t.form(w) {
		case "it", "which", "that", "this", "these":
			return false
		}
		return true
	}
	if !isNoun(t.word(w)) || c.inFirm(c.spans[w]) {
		return false
	}
	if m := c.mention(w); m != nil && m.Actor != nil || t.word(w).UPOS == "PROPN" {
		return true
	}
	return slices.ContainsFunc([]string{"people", "citizens", "official", "pair", "force", "arms", "blow", "assembly", "body", "dialogue-noun"}, func(class string) bool {
		return c.class(class, t.lemma(w), t.form(w))
	})
}

// firstOf gives the first side that has a code; failing that, what there was.
func firstOf(was []detente.Participant, sides ...[]detente.Participant) []detente.Participant {
	for _, s := range sides {
		if len(codes(s, nil)) > 0 {
			return s
		}
	}
	return was
}

// own gives the people of no named country in the slots of a rule's target, as
// those of the source's country.
func (c *coding) own(r *Rule, f *frame, src []detente.Participant) []detente.Participant {
	if r == nil || len(src) == 0 || codeOf(src[0]) == "" {
		return nil
	}
	for _, alt := range r.Target {
		for _, w := range c.tree.follow(f, alt) {
			if c.class("people", c.tree.lemma(w)) {
				span := c.doc.Span(c.left(w), w+1)
				return []detente.Participant{{Name: c.text(span), Code: codeOf(src[0]), Span: span}}
			}
		}
	}
	return nil
}

// bystander gives the actor of another party (or, not abroad, another actor of
// the same) that is named nearest to a word on one side of it (step -1 or 1) in
// the same sentence; failing that, the country of the nearest place.
func (c *coding) bystander(w, step int, other []detente.Participant, abroad bool) []detente.Participant {
	t := c.tree
	var place *actor.Mention
	for i := w + step; i >= 0 && i < len(t.words) && t.word(i).Sent == t.word(w).Sent; i += step {
		m := c.cast.Covering(i)
		if m == nil || m.Actor == nil || m.Actor.Kind == actor.KindMedia || c.inDateline(m.Head) || m.Pronoun {
			continue
		}
		code := m.Actor.Code()
		if code == "" || abroad && hasCode(other, code) || !abroad && c.overlaps(other, m) || step > 0 && c.sourceOfAny(i) {
			continue
		}
		if m.Actor.Kind == actor.KindPlace {
			if place == nil {
				place = m
			}
			continue
		}
		return []detente.Participant{c.fromMention(m)}
	}
	if place == nil {
		return nil
	}
	return []detente.Participant{c.fromMention(place)}
}

// overlaps reports a mention that is, or is part of, one of the participants.
func (c *coding) overlaps(ps []detente.Participant, m *actor.Mention) bool {
	s := c.doc.Span(m.First, m.End)
	return slices.ContainsFunc(ps, func(p detente.Participant) bool { return s.Start < p.Span.End && p.Span.Start < s.End })
}

// sourceOfAny reports a word in the source of a statement.
func (c *coding) sourceOfAny(w int) bool {
	for k := range c.sts {
		for _, s := range c.sts[k].Source {
			if s.Contains(c.spans[w]) {
				return true
			}
		}
	}
	return false
}

func firstSpan(spans []detente.Span) detente.Span {
	if len(spans) == 0 {
		return detente.Span{}
	}
	return spans[0]
}

// someone reports a deed for which its frame names people, known or not ("rebels",
// "the strikers"), or a party, whatever slot it stands in. Where it names none,
// whoever else stands in the sentence is no evidence of who did what to whom.
// Who is attacked often goes unnamed.
func (c *coding) someone(r *Rule, f *frame) bool {
	if r.Noun || r.Type == detente.Assault || c.victims(r.Target, f) {
		return true
	}
	for _, words := range f.slots {
		if slices.ContainsFunc(words, func(w int) bool {
			switch c.tree.form(w) {
			case "he", "she", "they":
				return true
			}
			m := c.mention(w)
			return m != nil && m.Actor != nil && m.Actor.Party != "" && m.Actor.Kind != actor.KindPlace && !c.inFirm(c.spans[w]) ||
				isNoun(c.tree.word(w)) && (c.class("people", c.tree.lemma(w)) || c.class("force", c.tree.lemma(w)))
		}) {
			return true
		}
	}
	return false
}
