package event

import (
	"cmp"
	"math"
	"slices"

	"detente"
	"detente/internal/actor"
	"detente/internal/nlp"
)

// Bounds of what the spotter decides, chosen on marked texts of the dev part
// (docs/decisions/0066-the-spotter.md). All are probabilities.
const (
	sure     = 0.5  // a deed is told from here on
	likely   = 0.4  // and has this type, where no rule coded it
	doubt    = 0.15 // a rule's event stands from here on
	other    = 0.6  // another type than the rule's
	plain    = 0.8  // another factuality than the rule's
	ratio    = 0.75 // of the surest word of its side
	belongs  = 0.45 // a word is of a side from here on
	mayBe    = 0.1  // whom a rule puts on a side stays there from here on, where the spotter finds nobody
	meets    = 0.9  // a contact that no rule coded
	hint     = 0.3  // a deed that is told well enough for its factuality to mean something
	unlikely = 0.2  // nothing is told below, whatever contact a rule coded
	untrue   = 0.1  // and below it did not happen
)

// spots is what the spotter says of a document.
type spots struct {
	marks *nlp.Marks
}

// spot reads the document.
func (c *coding) spot() spots {
	return spots{c.spotter.Mark(c.doc, 0, paragraphs(c.doc), classesOf(c.doc, c.cast))}
}

func (s spots) of(i int) []float32 { return s.marks.Labels[i*spotLabels : (i+1)*spotLabels] }

// deed is the probability that word i tells a deed.
func (s spots) deed(i int) float32 { return 1 - s.of(i)[0] }

// kind is the most probable type of the deed at word i, and how probable it is.
func (s spots) kind(i int) (detente.EventType, float32) {
	k := best(s.of(i)[1:spotTypes])
	return spotKinds[k], s.of(i)[1+k]
}

// kindIs is the probability that word i tells a deed of one of some types.
func (s spots) kindIs(i int, types ...detente.EventType) (p float32) {
	for k, t := range spotKinds {
		if slices.Contains(types, t) {
			p += s.of(i)[1+k]
		}
	}
	return p
}

// stance is whether the deed at word i happened, and how probably.
func (s spots) stance(i int) (detente.Factuality, float32) {
	p := s.of(i)[spotTypes : spotTypes+len(spotStances)]
	k := best(p)
	return spotStances[k], p[k]
}

// rank is how probably word i tells what its text mainly tells.
func (s spots) rank(i int) float32 { return s.deed(i) * s.of(i)[spotLabels-1] }

func best(p []float32) int {
	k := 0
	for i, v := range p {
		if v > p[k] {
			k = i
		}
	}
	return k
}

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
		if q := s.kindIs(w, ev.Type, c.deeds[i]); q > p {
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
	st := c.statementAt(i)
	src, dst := c.spotSides(s, i, kind, st)
	if len(codes(src, dst)) == 0 {
		return
	}
	var f *frame
	if isVerb(c.tree.word(i)) {
		f = c.tree.verbFrame(i)
	} else {
		f = c.tree.nounFrame(i, wordSet{words: c.classes["light"]})
	}
	read := c.stanceOf(&Rule{Type: kind}, f, st)
	fact, _ := s.stance(i)
	stance := stance{fact: fact, announced: read.announced}
	ev := detente.Event{
		Type: kind, Source: nonNil(src), Target: nonNil(dst), Contexts: []string{},
		Factuality: stance.fact, Trigger: []detente.Span{c.spans[i]}, Sentence: c.tree.word(i).Sent,
		By: detente.ByClassifier, Probability: math.Round(100*float64(p)) / 100, Reported: c.reported(c.tree.word(i).Sent, st), Announced: stance.announced,
	}
	if st != nil {
		ev.Statement = st.ID
	}
	ev.CAMEO, ev.Mode = c.codeAt(i, kind)
	if kind == detente.Consult && stance.fact == detente.Happened && p >= meets && s.of(i)[spotTypes] >= meets {
		c.meet(&ev, i, f, st)
	}
	convert(&ev, stance)
	if read.must && ev.Type == detente.Request {
		c.demanded(&ev, st)
	}
	ev.Date = c.dateOf(ev.Act, f, st, ev.Factuality)
	ev.Source, ev.Target = nonNil(ev.Source), nonNil(ev.Target)
	c.add(ev, i, kind)
	c.ranks = append(c.ranks, s.rank(i))
}

// doubtContact takes back event i, a contact that a rule coded as happened, where the spotter finds it most
// unlikely that anything is told there, or that the deed at word w, which is its own, happened.
func (c *coding) doubtContact(s spots, i, w int) {
	ev := &c.events[i]
	if ev.Act != detente.Contact || ev.Factuality != detente.Happened {
		return
	}
	if s.deed(w) >= hint && s.of(w)[spotTypes] < untrue {
		ev.Factuality, _ = s.stance(w)
		convert(ev, stance{fact: ev.Factuality})
		return
	}
	told := s.deed(c.triggers[i])
	for _, k := range c.around(i) {
		told = max(told, s.deed(k))
	}
	if told < unlikely {
		ev.Act = ""
	}
}

// meet makes a contact of what the spotter found at word i, where it is one between two parties that no
// rule has coded: mode and channels are those of the contacts that the word tells in rules.
func (c *coding) meet(ev *detente.Event, i int, f *frame, st *detente.Statement) {
	rule := talkedOver
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
	ev.Source, ev.Target, ev.Act = src, dst, detente.Contact
	if ev.CAMEO, ev.Mode = rule.CAMEO, rule.Mode; ev.Mode == "" {
		ev.Mode = rule.ActMode
	}
	if ev.Mode == "talks" {
		ev.Mode = c.means(i)
	}
	ev.Channels = c.channelsOf(rule, f)
	ev.Contexts = contextsOf(ev.Channels)
}

// inOffice leaves out who is no official, and who has no office that anything tells of.
func (c *coding) inOffice(ps []detente.Participant) []detente.Participant {
	return slices.DeleteFunc(c.officials(ps), func(p detente.Participant) bool { return p.Office == "" && len(p.Sectors) == 0 && isState(p.Party) })
}

// talkedOver stands for the rule of a word of contact that no rule knows ("compared notes").
var talkedOver = &Rule{Type: detente.Consult, CAMEO: "040", Act: detente.Contact, ActMode: "talks"}

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

// spotSides gives who did the deed at word i and to whom, as the spotter reads it.
func (c *coding) spotSides(s spots, i int, kind detente.EventType, st *detente.Statement) (src, dst []detente.Participant) {
	parts := s.sides(i)
	for _, r := range parts[linkMutual] {
		src = append(src, c.named(r, i, st)...)
	}
	for _, r := range parts[linkSource] {
		src = append(src, c.named(r, i, st)...)
	}
	for _, r := range parts[linkTarget] {
		dst = append(dst, c.named(r, i, st)...)
	}
	if len(src) == 0 && isVerb(c.tree.word(i)) { // marks name nobody by a pronoun
		if f := c.tree.verbFrame(i); !f.passive {
			pronouns := slices.DeleteFunc(slices.Clone(f.slots["subject"]), func(w int) bool { return c.tree.word(w).UPOS != "PRON" })
			src = c.participants(pronouns, st)
		}
	}
	src, dst = unique(src), unique(dst)
	if kind == detente.Assault && len(dst) == 0 && len(parts[linkMutual]) > 1 && len(src) > 1 {
		return src[:1], src[1:] // those who fight each other are each other's targets
	}
	dst = slices.DeleteFunc(dst, func(p detente.Participant) bool { // nobody does it to himself
		return slices.ContainsFunc(src, func(q detente.Participant) bool { return p.Name == q.Name && p.Party == q.Party })
	})
	return src, dst
}

// sides gives the runs of words that are of each side of the deed at word i: those that
// stand behind the surest of their side by far are left out.
func (s spots) sides(i int) (parts [linkCount][]run) {
	probs, from := s.marks.Links(i, i)
	n := len(probs) / linkCount
	for y := range parts {
		p := func(j int) float32 { return probs[j*linkCount+y] }
		top := float32(0)
		for j := range n {
			top = max(top, p(j))
		}
		for j := 0; j < n; j++ {
			if p(j) < max(belongs, ratio*top) {
				continue
			}
			end := j + 1
			for end < n && (p(end) >= belongs || end+1 < n && p(end) >= belongs/3 && p(end+1) >= belongs) {
				end++
			}
			parts[y] = append(parts[y], run{from + j, from + end})
			j = end
		}
	}
	return parts
}

// held is how probably a word of r is of one of two sides of the deed at word i.
func (s spots) held(i int, r run, sides ...int) (p float32) {
	probs, from := s.marks.Links(i, i)
	for w := r.first; w < r.end; w++ {
		for _, y := range sides {
			if j := (w-from)*linkCount + y; j >= 0 && j < len(probs) {
				p = max(p, probs[j])
			}
		}
	}
	return p
}

// overrule takes for event i, which a rule coded, what the spotter says of the deed at word w, of
// which it is sure: its type, where that is another, whether it happened, and its sides.
func (c *coding) overrule(s spots, i, w int) {
	ev := &c.events[i]
	if kind, p := s.kind(w); kind != c.deeds[i] && kind != ev.Type && p >= other {
		c.dropped[i] = true // it is told anew
		return
	}
	if fact, p := s.stance(w); fact != ev.Factuality && p >= plain {
		ev.Type, ev.Factuality = c.deeds[i], fact
		if r := c.ruled[ev.Rule]; r != nil && r.Type == ev.Type {
			ev.CAMEO, ev.Mode = r.CAMEO, r.Mode
		}
		convert(ev, stance{fact: fact})
	}
	if ev.Type == detente.Request && c.deeds[i] != detente.Request {
		return // who demands it is no side of the deed
	}
	src, dst := c.spotSides(s, w, ev.Type, c.statementAt(w))
	keep := func(ps []detente.Participant, sides ...int) []detente.Participant {
		return slices.DeleteFunc(slices.Clone(ps), func(p detente.Participant) bool { return s.held(w, c.wordsOf(p.Span), sides...) < mayBe })
	}
	if len(src) == 0 {
		src = keep(ev.Source, linkSource, linkMutual)
	}
	if len(dst) == 0 {
		dst = keep(ev.Target, linkTarget, linkMutual)
	}
	if len(codes(src, dst)) > 0 {
		ev.Source, ev.Target = nonNil(src), nonNil(dst)
	}
}

func unique(ps []detente.Participant) (out []detente.Participant) {
	for _, p := range ps {
		if !slices.ContainsFunc(out, func(q detente.Participant) bool { return q.Name == p.Name && q.Party == p.Party && q.Code == p.Code }) {
			out = append(out, p)
		}
	}
	return out
}

// named gives whom the words of r name, on a side of the deed at a word: no state of which a firm or a market has its name.
func (c *coding) named(r run, deed int, st *detente.Statement) []detente.Participant {
	if c.inDateline(r.first) {
		return nil
	}
	span := c.doc.Span(r.first, r.end)
	firm := c.inFirm(span)
	return slices.DeleteFunc(c.whoever(r, deed, st), func(p detente.Participant) bool {
		return isState(codeOf(p)) && (firm || c.inFirm(p.Span))
	})
}

// whoever gives whom the words of r name. People of no country ("mourners", "guerrillas") are of
// the place where they are, or where the deed at a word is done.
func (c *coding) whoever(r run, deed int, st *detente.Statement) []detente.Participant {
	a := c.cast.Describe(c.doc, r.first, r.end)
	m := &actor.Mention{First: r.first, End: r.end, Head: r.first, Actor: a}
	if len(a.Members) > 0 {
		return c.members(m)
	}
	if c.codeOfMention(m) == "" {
		for _, k := range c.cast.Within(r.first, r.end) {
			if k.Actor != nil && c.codeOfMention(k) != "" {
				m.Actor = k.Actor
				break
			}
		}
	}
	if c.codeOfMention(m) == "" {
		if ps := c.participant(c.headOf(r), st); len(codes(ps, nil)) > 0 {
			return ps // "opposition parties in Nepal"
		}
	}
	p := c.fromMention(m)
	if head := c.headOf(r); codeOf(p) == "" && c.tree.word(head).UPOS == "NOUN" {
		p.Code = c.placeOf(head, deed)
	}
	return []detente.Participant{p}
}

// placeOf gives the country of a place that word w carries ("rebels in south Lebanon"), or else the deed
// ("students marched through Lisbon").
func (c *coding) placeOf(w, deed int) detente.Party {
	sent := c.doc.Sents[c.tree.word(w).Sent]
	for _, top := range []int{w, deed} {
		for _, m := range c.cast.Within(sent.First, sent.End) {
			if m.Actor == nil || m.Actor.Kind != actor.KindPlace && m.Actor.Kind != actor.KindState || m.Adjective || !c.tree.ancestor(top, m.Head) {
				continue
			}
			if code := c.codeOfMention(m); code != "" && slices.ContainsFunc(c.tree.preps(m.Head), func(p string) bool { return slices.Contains(places, p) }) {
				return code
			}
		}
	}
	return ""
}

// places are prepositions of where something is.
var places = []string{"in", "at", "near", "outside", "through", "around", "across"}

// byRank orders the events of each sentence: what it mainly tells first.
func (c *coding) byRank(i, j int) int {
	if d := cmp.Compare(c.events[i].Sentence, c.events[j].Sentence); d != 0 {
		return d
	}
	return cmp.Compare(c.ranks[j], c.ranks[i])
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

// cameoOf are the CAMEO roots of what the classifier codes.
var cameoOf = map[detente.EventType]string{
	detente.Agree: "030", detente.Consult: "040", detente.Support: "050", detente.Concede: "080", detente.Cooperate: "060", detente.Aid: "070",
	detente.Retreat: "080", detente.Request: "020", detente.Accuse: "110", detente.Reject: "120", detente.Threaten: "130", detente.Protest: "140",
	detente.Sanction: "160", detente.Mobilize: "150", detente.Coerce: "170", detente.Assault: "180",
}
