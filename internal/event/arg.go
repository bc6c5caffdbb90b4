package event

import (
	"slices"

	"detente"
	"detente/internal/actor"
	"detente/internal/nlp"
)

// participants resolves the fillers of a slot to who they are. A filler that
// names nobody itself is taken apart: "Russian and Ukrainian negotiators",
// "the foreign ministers of Turkey and Egypt", "both sides".
func (c *coding) participants(words []int, st *detente.Statement) []detente.Participant {
	var out []detente.Participant
	for _, w := range words {
		for _, p := range c.participant(w, st) {
			if !slices.ContainsFunc(out, func(q detente.Participant) bool { return q.Party == p.Party && q.Name == p.Name }) {
				out = append(out, p)
			}
		}
	}
	return out
}

func (c *coding) participant(w int, st *detente.Statement) []detente.Participant {
	t := c.tree
	if firstPerson(t.form(w)) {
		if st != nil && st.Speaker.Party != "" {
			sp := st.Speaker
			return []detente.Participant{{Name: sp.Name, Party: sp.Party, Sectors: sp.Sectors, Span: c.doc.Span(w, w+1)}}
		}
		return nil
	}
	m := c.mention(w)
	if (m == nil || m.Actor == nil) && t.word(w).UPOS == "PRON" {
		if s := c.matrixSubject(w); s >= 0 {
			return c.participant(s, st)
		}
	}
	if m != nil && m.Actor != nil && len(m.Actor.Members) > 0 {
		return c.members(m)
	}
	parts := c.modifiers(w, st)
	if m != nil && m.Actor != nil && m.Actor.Kind != actor.KindPlace && m.Actor.Party != "" && (len(parts) < 2 || m.Actor.Kind == actor.KindPerson) {
		return []detente.Participant{c.fromMention(m)}
	}
	if len(parts) > 0 {
		office, sectors := c.officeOf(w)
		for i := range parts {
			parts[i].Office, parts[i].Sectors = string(office), sectors
			parts[i].Span = c.doc.Span(c.left(w), w+1)
			if m != nil && m.Actor != nil && len(parts) == 1 {
				parts[i].Name = m.Actor.Name
			}
		}
		return parts
	}
	if m != nil && m.Actor != nil && m.Actor.Kind != actor.KindPlace && m.Actor.Kind != actor.KindMedia && m.Actor.Country != "" {
		return []detente.Participant{c.fromMention(m)}
	}
	if c.class("pair", t.lemma(w)) && c.both(w) || c.ofPair(w) {
		office, sectors := c.officeOf(w)
		pair := c.loosePair
		if c.exactlyTwo(w) || c.ofPair(w) {
			pair = func(w int) []detente.Party { return c.pairWithin(w, pairReach) }
		}
		for _, p := range pair(w) {
			parts = append(parts, detente.Participant{Name: string(p), Party: p, Office: string(office), Sectors: sectors, Span: c.doc.Span(c.left(w), w+1)})
		}
		return parts
	}
	return nil
}

// matrixSubject gives the subject of the clause around the one in which the
// pronoun w is subject: "Oman said that it had …". -1 where there is none.
func (c *coding) matrixSubject(w int) int {
	t := c.tree
	switch t.form(w) {
	case "it", "he", "she", "they":
	default:
		return -1
	}
	if t.rel(w) != "nsubj" {
		return -1
	}
	v := t.word(w).Head
	for n := 0; v >= 0 && n < 6; n++ {
		h := t.word(v).Head
		if h < 0 {
			return -1
		}
		if r := t.rel(v); r == "ccomp" || r == "advcl" || r == "xcomp" {
			if s := t.kid(h, "nsubj"); s >= 0 && s != w && t.word(s).UPOS != "PRON" {
				return s
			}
		}
		v = h
	}
	return -1
}

// mention gives the widest mention that word w heads in the tree: the one whose
// head it is, or one that covers w and hangs on the rest of the sentence by it.
func (c *coding) mention(w int) *actor.Mention {
	if c.inDateline(w) {
		return nil
	}
	if m := c.cast.At(w); m != nil && !c.inDateline(m.First) {
		return m
	}
	m := c.cast.Covering(w)
	if m == nil || c.inDateline(m.First) {
		return nil
	}
	if h := c.tree.word(w).Head; h >= m.First && h < m.End {
		return nil
	}
	return m
}

// ofPair reports people "of the two sides".
func (c *coding) ofPair(w int) bool {
	t := c.tree
	for _, k := range t.kids[w] {
		if t.rel(k) == "nmod" && slices.Contains(t.preps(k), "of") && c.class("pair", t.lemma(k)) && c.both(k) {
			return true
		}
	}
	return false
}

// inDateline reports a word of the place and agency that open a story: they do
// nothing in it.
func (c *coding) inDateline(w int) bool { return c.doc.Sents[c.tree.word(w).Sent].Dateline }

// both reports a determiner that means exactly two: "both sides", "the two
// leaders", or a plural with "the" ("the leaders").
func (c *coding) both(w int) bool {
	t := c.tree
	if n := t.kid(w, "nummod"); n >= 0 && t.form(n) != "two" && t.form(n) != "2" {
		return false
	}
	for _, k := range t.kids[w] {
		switch t.form(k) {
		case "both", "two":
			return true
		case "the", "their", "neither":
			if t.word(w).XPOS == "NNS" || t.form(k) == "neither" {
				return true
			}
		}
	}
	return false
}

// fromMention makes a participant of a resolved mention.
func (c *coding) fromMention(m *actor.Mention) detente.Participant {
	a := m.Actor
	p := detente.Participant{Name: a.Name, Party: a.Party, Sectors: a.Sectors, Office: string(officeFor(a)), Span: c.doc.Span(m.First, m.End)}
	if p.Party == "" {
		p.Code = a.Country
	}
	return p
}

// members makes participants of a group's members ("the presidents of Angola
// and Zambia"); the group's office is theirs.
func (c *coding) members(m *actor.Mention) []detente.Participant {
	var out []detente.Participant
	for _, a := range m.Actor.Members {
		if a.Party == "" {
			continue
		}
		p := c.fromMention(&actor.Mention{First: m.First, End: m.End, Head: m.Head, Actor: a})
		if a.Kind == actor.KindState {
			p.Office, p.Sectors = string(officeFor(m.Actor)), m.Actor.Sectors
		}
		out = append(out, p)
	}
	return out
}

// officeFor gives the office that decides the channel: a spokesman acts for
// the body that he speaks for.
func officeFor(a *actor.Actor) actor.Office {
	if a.Office == actor.OfficeSpokesman {
		return actor.OfficeGovernment
	}
	if a.Office == "" && a.Kind == actor.KindState {
		return actor.OfficeGovernment
	}
	return a.Office
}

// officeOf gives office and sectors of a role noun ("ministers", "envoys").
func (c *coding) officeOf(w int) (actor.Office, []string) {
	a := c.cast.Describe(c.doc, c.left(w), w+1)
	if a == nil {
		return "", nil
	}
	return officeFor(a), a.Sectors
}

// left gives the first word of the noun phrase that ends in its head w: the
// run of modifiers before it.
func (c *coding) left(w int) int {
	t := c.tree
	first := w
	for first > 0 && first > w-12 && t.word(first-1).Sent == t.word(w).Sent && t.ancestor(w, first-1) && t.rel(first-1) != "case" {
		first--
	}
	return first
}

// modifiers gives the parties named in the modifiers of w.
func (c *coding) modifiers(w int, st *detente.Statement) []detente.Participant {
	t := c.tree
	var out []detente.Participant
	add := func(k int) {
		for _, x := range t.conj(k) {
			if x == w {
				continue
			}
			if firstPerson(t.form(x)) || possessiveFirst(t.form(x)) {
				if st != nil && st.Speaker.Party != "" {
					out = append(out, detente.Participant{Name: string(st.Speaker.Party), Party: st.Speaker.Party})
				}
				continue
			}
			m := c.mention(x)
			if m != nil && m.Actor != nil && m.Actor.Party != "" && m.Actor.Kind != actor.KindPlace {
				if !hasParty(out, m.Actor.Party) {
					out = append(out, detente.Participant{Name: m.Actor.Name, Party: m.Actor.Party, Sectors: m.Actor.Sectors})
				}
			}
		}
	}
	for _, k := range t.kids[w] {
		switch t.rel(k) {
		case "amod", "compound", "det":
			add(k)
			for _, g := range t.kids[k] { // "the [South Korean liaison] officer"
				if r := t.rel(g); r == "amod" || r == "compound" {
					add(g)
				}
			}
		case "nmod":
			if t.word(k).Rel == "nmod:poss" {
				add(k)
				continue
			}
			for _, p := range t.preps(k) {
				switch p {
				case "of", "from", "between", "for", "representing":
					add(k)
				case "to", "in": // "ambassador to Moscow" is not Moscow's
				}
			}
		}
	}
	return out
}

func firstPerson(form string) bool {
	switch form {
	case "we", "us", "i", "me", "ourselves":
		return true
	}
	return false
}

func possessiveFirst(form string) bool { return form == "our" || form == "my" }

// partiesIn gives the state and organisation parties mentioned inside words
// first … end-1, places left out, in text order.
func (c *coding) partiesIn(first, end int) []detente.Party {
	var out []detente.Party
	for _, m := range c.cast.Within(first, end) {
		a := m.Actor
		if a == nil || a.Party == "" || a.Kind == actor.KindPlace || a.Kind == actor.KindMedia || c.inDateline(m.Head) {
			continue
		}
		if !slices.Contains(out, a.Party) {
			out = append(out, a.Party)
		}
	}
	return out
}

// pairReach is how many sentences back "the two sides" may stand for two named
// there; looseReach is that for words that do not say that they are two ("they",
// "the ministers").
const (
	pairReach  = 12
	looseReach = 2
)

// pairBefore gives the two parties that "the two sides" at word w are: the
// last sentence up to w that names exactly two, else the two most named.
func (c *coding) pairBefore(w int) []detente.Party {
	if ps := c.pairWithin(w, pairReach); len(ps) == 2 {
		return ps
	}
	return c.mostNamed(2)
}

// pairWithin gives the two states that the last sentence up to w names which names
// exactly two, at most reach sentences back; failing that, where w says that they
// are two, those that its own sentence names in all; nil where there are none.
func (c *coding) pairWithin(w, reach int) []detente.Party {
	s := c.tree.word(w).Sent
	if ps := c.statesIn(c.doc.Sents[s].First, w); len(ps) == 2 {
		return ps
	}
	for k := s - 1; k >= 0 && k >= s-reach; k-- {
		if ps := c.statesIn(c.doc.Sents[k].First, c.doc.Sents[k].End); len(ps) == 2 {
			return ps
		}
	}
	if reach < pairReach {
		return nil
	}
	if ps := c.statesIn(c.doc.Sents[s].First, c.doc.Sents[s].End); len(ps) == 2 { // "The two talk often, Mali said of Chad."
		return ps
	}
	return nil
}

func (c *coding) statesIn(first, end int) []detente.Party {
	return slices.DeleteFunc(c.partiesIn(first, end), func(p detente.Party) bool { return !isState(p) })
}

// mostNamed gives the n parties with most mentions, ties by first mention.
func (c *coding) mostNamed(n int) []detente.Party {
	if len(c.salient) < n {
		return nil
	}
	return c.salient[:n]
}

// partner gives the other party that a sentence about p leaves unsaid: of the
// parties named in the sentence and the two before, the one that the text
// names most; failing that, of all parties.
func (c *coding) partner(w int, p detente.Party) detente.Party {
	s := c.tree.word(w).Sent
	var near []detente.Party
	for k := s; k >= 0 && k >= s-2; k-- {
		near = append(near, c.partiesIn(c.doc.Sents[k].First, c.doc.Sents[k].End)...)
	}
	for _, q := range c.salient {
		if q != p && isState(q) && slices.Contains(near, q) {
			return q
		}
	}
	for _, q := range c.salient {
		if q != p && isState(q) {
			return q
		}
	}
	for _, q := range c.salient {
		if q != p { // no other state: NATO, the EU
			return q
		}
	}
	first, end := c.doc.Sents[s].First, c.doc.Sents[s].End
	for _, m := range c.cast.Within(first, end) { // "flew to Bahrain and opened an embassy there"
		if m.Actor != nil && m.Actor.Kind == actor.KindPlace && m.Actor.Country != "" && m.Actor.Country != p && !c.inDateline(m.Head) {
			return m.Actor.Country
		}
	}
	return ""
}

// isState reports an ISO 3166 code; organisations have other shapes (UN, EU)
// or stand in the list of their own.
func isState(p detente.Party) bool { return len(p) == 3 && !orgThree[p] }

var orgThree = map[detente.Party]bool{"IMF": true, "WTO": true, "ICC": true, "IGO": true, "NGO": true, "GCC": true, "CIS": true}

// salience orders the parties of the text by number of mentions.
func salience(doc *nlp.Doc, cast *actor.Cast) []detente.Party {
	count := map[detente.Party]int{}
	var order []detente.Party
	for _, m := range cast.Mentions {
		if m.Actor == nil || m.Actor.Party == "" || m.Actor.Kind == actor.KindPlace || m.Actor.Kind == actor.KindMedia {
			continue
		}
		p := m.Actor.Party
		if count[p] == 0 {
			order = append(order, p)
		}
		count[p]++
	}
	slices.SortStableFunc(order, func(a, b detente.Party) int { return count[b] - count[a] })
	return order
}
