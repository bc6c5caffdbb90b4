package event

import (
	"math"
	"slices"

	"detente"
)

// Bounds of what the spotter decides, chosen on marked texts of the dev part
// (docs/decisions/0066-the-spotter.md): probabilities, but for ratio.
const (
	sure      = 0.5  // a deed is told from here on
	likely    = 0.4  // and has this type, where no rule coded it
	doubt     = 0.15 // a rule's event stands from here on
	otherType = 0.6  // another type than the rule's
	otherFact = 0.8  // another factuality than the rule's
	ratio     = 0.75 // of the surest word of its side
	belongs   = 0.4  // a word is of a side from here on
	between   = 0.13 // one word between two of a side is of it from here on
	mayBe     = 0.05 // whom a rule puts on a side stays there from here on, where the spotter finds nobody
	meets     = 0.93 // a contact that no rule coded
	hint      = 0.3  // a deed that is told well enough for its factuality to mean something
	unlikely  = 0.1  // nothing is told below, whatever contact a rule coded
	untrue    = 0.1  // and below it did not happen
)

// weigh lets the spotter look at what the rules coded: what it finds told nowhere near
// is dropped, and what no rule coded is added.
func (c *coding) weigh() {
	if c.spotter == nil || len(c.doc.Words) == 0 {
		return
	}
	s := c.spot()
	told := make([]int, len(c.events)) // of each event, the word at which the spotter finds it
	support := make([]float32, len(c.events))
	for i := range c.events {
		told[i], support[i] = c.supported(s, i)
	}
	for i := range c.events {
		if c.events[i].Act != "" {
			c.doubtContact(s, i, told[i])
			continue
		}
		if c.dropped[i] = support[i] < doubt; !c.dropped[i] && s.deed(told[i]) >= sure {
			c.overrule(s, i, told[i])
		}
	}
	covered := map[int]bool{}
	for i := range c.events {
		if !c.dropped[i] {
			covered[told[i]], covered[c.triggers[i]] = true, true
		}
	}
	c.ranks = make([]float32, len(c.events))
	for i := range c.events {
		c.ranks[i] = s.rank(told[i])
	}
	for i := range c.doc.Words {
		if _, p := s.kind(i); p >= likely && s.deed(i) >= sure && !covered[i] && !c.doc.Sents[c.tree.word(i).Sent].Dateline {
			c.tell(s, i)
		}
	}
	c.events, c.triggers, c.ranks = undropped(c.events, c.dropped), undropped(c.triggers, c.dropped), undropped(c.ranks, c.dropped)
}

// supported gives the word near the trigger of event i at which the spotter finds a deed of
// its type most probably, and how probably: at the trigger itself, where it finds any deed there.
func (c *coding) supported(s spots, i int) (word int, p float32) {
	ev, at := &c.events[i], c.triggers[i]
	word, p = at, s.kindIs(at, ev.Type, c.deeds[i])
	if s.deed(at) >= sure {
		return word, p
	}
	for _, w := range c.around(i) {
		if q := s.kindIs(w, ev.Type, c.deeds[i]); q > p && q >= doubt {
			word, p = w, q
		}
	}
	return word, p
}

// around gives the words at which what event i tells may stand too: two steps up and down the tree
// from its trigger, and the rest of its trigger.
func (c *coding) around(i int) (words []int) {
	t, at := c.tree, c.triggers[i]
	for h, n := t.word(at).Head, 0; h >= 0 && n < 2; h, n = t.word(h).Head, n+1 {
		words = append(words, h)
	}
	for _, k := range t.kids[at] {
		words = append(append(words, k), t.kids[k]...)
	}
	for _, span := range c.events[i].Trigger {
		for r := c.wordsOf(span); !r.empty(); r.first++ {
			words = append(words, r.first)
		}
	}
	return slices.DeleteFunc(words, func(w int) bool { return t.word(w).Sent != c.events[i].Sentence })
}

// tell codes the deed that the spotter finds at word i.
func (c *coding) tell(s spots, i int) {
	kind, p := s.kind(i)
	if kind == detente.Consult && isNoun(c.tree.word(i)) && c.claimed(c.tree.word(i).Sent) {
		return // "a break in dialogue" is said of a channel, and tells no talk
	}
	st := c.statementAt(i)
	src, dst := c.spotSides(s.linked(i), i, kind, st)
	if len(codes(src, dst)) == 0 {
		return
	}
	f := c.anyFrame(i)
	read := c.stanceOf(&Rule{Type: kind}, f, st)
	fact, _ := s.stance(i)
	announced := read.announced && fact == detente.Planned
	ev := detente.Event{
		Type: kind, Source: src, Target: dst, Contexts: []string{},
		Factuality: fact, Trigger: []detente.Span{c.spans[i]}, Sentence: c.tree.word(i).Sent,
		By: detente.ByClassifier, Probability: math.Round(100*float64(p)) / 100, Reported: c.reported(c.tree.word(i).Sent, st), Announced: announced,
	}
	if st != nil {
		ev.Statement = st.ID
	}
	ev.CAMEO, ev.Mode = c.codeAt(i, kind)
	c.meet(s, &ev, i)
	convert(&ev, stance{fact: fact})
	if read.must && ev.Type == detente.Request {
		c.demanded(&ev, st)
	}
	ev.Date = c.dateOf(ev.Act, f, st, ev.Factuality)
	ev.Source, ev.Target = nonNil(ev.Source), nonNil(ev.Target)
	c.add(ev, i, kind)
	c.ranks = append(c.ranks, s.rank(i))
}

// claimed reports a sentence that says something of a channel's state.
func (c *coding) claimed(sent int) bool {
	return slices.ContainsFunc(c.claims, func(k detente.Claim) bool { return k.Sentence == sent })
}

// codeAt gives the CAMEO code and the mode of a deed at word i: those of the rule of its
// type that knows the word and asks least beside it, else the type's root.
func (c *coding) codeAt(i int, kind detente.EventType) (cameo, mode string) {
	rules := c.verbs[c.tree.lemma(i)]
	if isNoun(c.tree.word(i)) {
		rules = c.nouns[c.tree.lemma(i)]
	}
	least := -1
	cameo = cameoOf[kind]
	for _, r := range rules {
		if d := demands(r); r.Type == kind && r.Act == "" && (least < 0 || d < least) {
			least, cameo, mode = d, r.CAMEO, r.Mode
		}
	}
	return cameo, mode
}

// overrule takes for event i, which a rule coded, what the spotter says of the deed at word w, of
// which it is sure: its type, where that is another, whether it happened, and its sides.
func (c *coding) overrule(s spots, i, w int) {
	ev := &c.events[i]
	own := s.linked(w)
	src, dst := c.spotSides(own, w, ev.Type, c.statementAt(w))
	if kind, p := s.kind(w); kind != c.deeds[i] && kind != ev.Type && p >= otherType && len(codes(src, dst)) > 0 {
		c.dropped[i] = true // it is told anew
		return
	}
	if fact, p := s.stance(w); fact != ev.Factuality && p >= otherFact {
		ev.Type = c.deeds[i]
		if r := c.ruled[ev.Rule]; r != nil && r.Type == ev.Type {
			ev.CAMEO, ev.Mode = r.CAMEO, r.Mode
		}
		c.restate(ev, w, fact)
	}
	if ev.Type == detente.Request && c.deeds[i] != detente.Request {
		return // who demands it is no side of the deed
	}
	keep := func(ps []detente.Participant, sides ...int) []detente.Participant {
		return slices.DeleteFunc(slices.Clone(ps), func(p detente.Participant) bool { return own.held(c.wordsOf(p.Span), sides...) < mayBe })
	}
	if len(src) == 0 {
		src = keep(ev.Source, linkSource, linkMutual)
	}
	if len(dst) == 0 {
		dst = keep(ev.Target, linkTarget, linkMutual)
	}
	if len(codes(src, dst)) > 0 {
		ev.Source, ev.Target = nonNil(src), nonNil(dst)
		if c.meet(s, ev, w); ev.Act != "" {
			ev.Date = c.dateOf(ev.Act, c.anyFrame(w), c.statementAt(w), ev.Factuality)
		}
	}
}

// restate gives an event another factuality, and what follows from that: what its type becomes, and its day.
func (c *coding) restate(ev *detente.Event, w int, fact detente.Factuality) {
	ev.Factuality = fact
	ev.Announced = ev.Announced && fact == detente.Planned
	convert(ev, stance{fact: fact})
	ev.Date = c.dateOf(ev.Act, c.anyFrame(w), c.statementAt(w), fact)
}

// anyFrame is the frame of a word, whether a rule names it or not.
func (c *coding) anyFrame(i int) *frame {
	if isVerb(c.tree.word(i)) {
		return c.tree.verbFrame(i)
	}
	return c.tree.nounFrame(i, wordSet{words: c.classes["light"]})
}

func undropped[T any](xs []T, dropped map[int]bool) []T {
	var out []T
	for i, x := range xs {
		if !dropped[i] {
			out = append(out, x)
		}
	}
	return out
}

// cameoOf are the CAMEO roots of what the spotter codes.
var cameoOf = map[detente.EventType]string{
	detente.Agree: "030", detente.Consult: "040", detente.Support: "050", detente.Concede: "080", detente.Cooperate: "060", detente.Aid: "070",
	detente.Retreat: "080", detente.Request: "020", detente.Accuse: "110", detente.Reject: "120", detente.Threaten: "130", detente.Protest: "140",
	detente.Sanction: "160", detente.Mobilize: "150", detente.Coerce: "170", detente.Assault: "180",
}
