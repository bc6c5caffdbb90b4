// Package event codes what was done, and what is claimed about channels of
// dialogue, from the dependency tree.
//
// Method. Rules (data/events/*.rules, grammar in docs/format-rules.md) name a
// trigger word, conditions on the slots of its frame, and which slots are
// source and target. A frame is the same for active and passive voice, light
// verbs ("held talks with"), nominal forms ("talks between"), control,
// coordination and relative clauses, so a rule is written once. Per trigger
// the rule with most conditions wins. Factuality is read from the tree above
// the trigger (negation, auxiliaries, governing words) and from the modality
// of the statement that the trigger stands in; a planned contact becomes AGREE,
// a demanded one REQUEST, a refused one REJECT, as PLOVER has it.
//
// Beside the rules stands the spotter, a network that learned from marked texts
// (spot.go, docs/decisions/0066-the-spotter.md). What it finds told nowhere near is
// dropped; of a rule's deed that it is sure of it settles factuality and sides; what no rule
// knows it codes itself, and says so with a probability (weigh.go). Acts of dialogue are the rules',
// but for contacts that it is all but certain of; a contact of a rule it may doubt (spot_contact.go).
//
// Code is pure: same Doc, Cast and statements give the same events, sentence
// by sentence. Cost is linear in words times rules per trigger lemma.
package event

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"sort"

	"detente"
	"detente/internal/actor"
	"detente/internal/nlp"
)

// Coder holds the loaded rules; read-only, for any number of goroutines.
type Coder struct {
	verbs   map[string][]*Rule // by trigger lemma, best first
	nouns   map[string][]*Rule
	classes map[string]map[string]bool
	topics  []topic
	rules   []*Rule

	ruled       map[string]*Rule
	spotter     *nlp.Marker // nil: rules alone
	intensities map[string]float64
	themes      []theme
}

// anyWord is where the rules for any trigger stand in the tables.
const anyWord = "*"

// Load reads the rules and classes of folder "events" of fsys, and
// dialogue/topics.tsv, which says what channels words speak of.
func Load(fsys fs.FS, lang *nlp.Model) (*Coder, error) {
	rules, classes, err := parseRules(fsys, "events")
	if err != nil {
		return nil, err
	}
	topics, err := loadTopics(fsys, "dialogue/topics.tsv")
	if err != nil {
		return nil, err
	}
	intensities, err := loadIntensities(fsys, "events/cameo.tsv")
	if err != nil {
		return nil, err
	}
	themes, err := loadThemes(fsys, "events/contexts.tsv")
	if err != nil {
		return nil, err
	}
	b, err := fs.ReadFile(fsys, spotterFile)
	if err != nil {
		return nil, err
	}
	spotter, err := ReadSpotter(lang, b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", spotterFile, err)
	}
	c := &Coder{verbs: map[string][]*Rule{}, nouns: map[string][]*Rule{}, classes: classes, topics: topics, rules: rules, spotter: spotter, ruled: map[string]*Rule{}, intensities: intensities, themes: themes}
	for _, r := range rules {
		c.ruled[r.ID] = r
		by := c.verbs
		if r.Noun {
			by = c.nouns
		}
		if r.Words.any {
			by[anyWord] = append(by[anyWord], r)
		}
		for w := range r.Words.words {
			by[w] = append(by[w], r)
		}
	}
	for _, by := range []map[string][]*Rule{c.verbs, c.nouns} {
		for _, rs := range by {
			sort.SliceStable(rs, func(i, j int) bool {
				if a, b := rs[i].Act != "", rs[j].Act != ""; a != b {
					return a // dialogue is what the program is for
				}
				if a, b := demands(rs[i]), demands(rs[j]); a != b {
					return a > b
				}
				if rs[i].File != rs[j].File {
					return rs[i].File < rs[j].File
				}
				return rs[i].Line < rs[j].Line
			})
		}
	}
	return c, nil
}

// demands counts what a rule asks to be there.
func demands(r *Rule) (n int) {
	for _, t := range r.Tests {
		if !t.absent {
			n++
		}
	}
	if r.Negative {
		n++
	}
	return n
}

// coding is the work on one Doc.
type coding struct {
	*Coder
	doc       *nlp.Doc
	tree      *tree
	cast      *actor.Cast
	sts       []detente.Statement
	numbered  map[detente.StatementID]int
	inside    [][]int // of each word, the statements whose content covers it, innermost last
	published detente.Date
	salient   []detente.Party
	events    []detente.Event
	triggers  []int               // of each event, the word
	deeds     []detente.EventType // of each event, the type that its trigger tells, had it happened
	ranks     []float32           // of each event, how probably it is what the text mainly tells
	dropped   map[int]bool
	claims    []detente.Claim
	spans     []detente.Span // of every word, code points

	themed     int // the sentence, plus one, of which themesHere are the themes
	themesHere []string
}

// Code gives the events and the claims about channels that doc tells, sentence
// by sentence, what a sentence mainly tells first, with ids e1 … and c1 ….
func (c *Coder) Code(doc *nlp.Doc, cast *actor.Cast, sts []detente.Statement, published detente.Date) ([]detente.Event, []detente.Claim) {
	w := c.begin(doc, cast, sts, published)
	w.codeAll()
	w.weigh()
	w.unanswered()
	w.order()
	for i := range w.events {
		w.rate(&w.events[i])
		w.events[i].ID = detente.EventID(detente.Numbered("e", i+1))
	}
	for i := range w.claims {
		w.claims[i].ID = detente.ClaimID(detente.Numbered("c", i+1))
	}
	return w.events, w.claims
}

// begin makes ready the work on one Doc.
func (c *Coder) begin(doc *nlp.Doc, cast *actor.Cast, sts []detente.Statement, published detente.Date) *coding {
	w := &coding{Coder: c, doc: doc, tree: newTree(doc, cast), cast: cast, sts: sts, published: published, salient: salience(doc, cast), dropped: map[int]bool{}}
	w.tree.between = c.classes["between-noun"]
	w.spans = make([]detente.Span, len(doc.Words))
	for i := range doc.Words {
		w.spans[i] = doc.Span(i, i+1)
	}
	w.numbered = make(map[detente.StatementID]int, len(sts))
	for k := range sts {
		w.numbered[sts[k].ID] = k
	}
	w.place()
	return w
}

// codeAll tries the rules on every word.
func (c *coding) codeAll() {
	for i := range c.doc.Words {
		c.at(i)
	}
}

func (c *coding) class(name string, words ...string) bool {
	set := c.classes[name]
	for _, w := range words {
		if set[w] {
			return true
		}
	}
	return false
}

// at tries the rules on word i. The best event rule and the best claim rule
// are independent of each other.
func (c *coding) at(i int) {
	rules, f := c.frameAt(i)
	if f == nil {
		return
	}
	st := c.statementAt(i)
	var event, claim bool
	for _, r := range rules {
		if r.Claim != "" && !claim && c.holds(r, f) {
			claim = c.claim(r, f, st)
		}
		if r.Type != "" && !event && c.holds(r, f) {
			event = c.event(r, f, st)
		}
		if r.Denies && !claim && c.holds(r, f) {
			claim = c.deny(r, f, st)
		}
	}
}

// frameAt gives the rules that word i may trigger and its frame: as a noun, or
// as a verb or predicate. The frame is nil where no rule names the word.
func (c *coding) frameAt(i int) ([]*Rule, *frame) {
	w, lemma := c.tree.word(i), c.tree.lemma(i)
	if rules := c.nouns[lemma]; isNoun(w) && len(rules) > 0 {
		f := c.tree.nounFrame(i, wordSet{words: c.classes["light"]})
		if f.light || f.anchor == "object" {
			c.adjacentSubject(f, f.verb)
		}
		return rules, f
	}
	if !isVerb(w) && w.UPOS != "ADJ" && c.tree.kid(i, "cop") < 0 {
		return nil, nil
	}
	rules := c.verbs[lemma]
	if len(rules) == 0 {
		rules = c.verbs[c.tree.form(i)]
	}
	if w.UPOS == "NOUN" { // "is the largest donor", not "was out in force"
		rules = slices.DeleteFunc(slices.Clone(rules), func(r *Rule) bool { return r.Type != "" && r.Act == "" && !r.asks("aux") })
	}
	if len(rules) == 0 && w.UPOS == "VERB" { // what holds of any verb, where none is named
		rules = c.verbs[anyWord]
	}
	if len(rules) == 0 {
		return nil, nil
	}
	f := c.tree.verbFrame(i)
	f.talk = c.class("converse", lemma)
	c.adjacentSubject(f, i)
	return rules, f
}

// adjacentSubject takes the mention that ends right before a finite verb as its
// subject where the parser found none: news sentences start that way.
func (c *coding) adjacentSubject(f *frame, v int) {
	verb := v
	if len(f.slots["subject"]) > 0 || f.passive {
		return
	}
	for v > 0 && (c.tree.rel(v-1) == "aux" || c.tree.rel(v-1) == "advmod" && c.cast.Covering(v-1) == nil) {
		v--
	}
	if v == 0 || c.tree.word(v-1).Sent != c.tree.word(verb).Sent {
		return
	}
	m := c.cast.Covering(v - 1)
	if m == nil || m.Actor == nil || m.Actor.Kind == actor.KindPlace {
		return
	}
	w := m.Head
	for c.tree.rel(w) == "conj" {
		w = c.tree.word(w).Head
	}
	f.add("subject", c.tree.conj(w)...)
}

// holds tests a rule's conditions on a frame.
func (c *coding) holds(r *Rule, f *frame) bool {
	for _, t := range r.Tests {
		if c.satisfied(t, f) == t.absent {
			return false
		}
	}
	return !r.Negative || c.tree.negated(f.trigger)
}

func (c *coding) satisfied(t test, f *frame) bool {
	step := t.slot.path[0]
	switch step {
	case "near":
		return c.near(f.trigger, t.words)
	case "anchor":
		return t.words.has(f.anchor)
	case "voice":
		return t.words.has("passive") && f.passive || t.words.has("active") && !f.passive ||
			t.words.has("stative") && f.passive && c.tense(f) == "present" && len(f.slots["agent"]) == 0
	case "tense":
		return t.words.has(c.tense(f))
	}
	for _, w := range c.tree.follow(f, t.slot) {
		if t.words.has(c.tree.lemma(w), c.tree.form(w)) {
			return true
		}
		if t.words.has("party") {
			if m := c.mention(w); m != nil && m.Actor != nil && (m.Actor.Party != "" || m.Actor.Country != "") {
				return true
			}
			if s := c.matrixSubject(w); s >= 0 { // "Chad said that it would not"
				if m := c.mention(s); m != nil && m.Actor != nil && m.Actor.Party != "" {
					return true
				}
			}
		}
	}
	return false
}

// near reports a word of the set after the trigger, up to the next verb.
func (c *coding) near(trigger int, words wordSet) bool {
	t := c.tree
	for i := trigger + 1; i < len(t.words) && i < trigger+15 && t.word(i).Sent == t.word(trigger).Sent; i++ {
		if t.word(i).UPOS == "VERB" {
			return false
		}
		if words.has(t.lemma(i), t.form(i)) {
			return true
		}
	}
	return false
}

// tense gives "present", "past", "perfect", "future" or "gerund" of the frame's verb.
func (c *coding) tense(f *frame) string {
	if f.verb < 0 {
		return ""
	}
	t := c.tree
	has := map[string]bool{}
	for _, k := range t.kids[f.verb] {
		if r := t.rel(k); r == "aux" || r == "cop" {
			has[t.form(k)] = true
		}
	}
	switch {
	case has["will"] || has["would"] || has["shall"]:
		return "future"
	case has["has"] || has["have"] || has["had"]:
		return "perfect"
	case has["is"] || has["are"] || has["'s"] || has["’s"] || has["'re"] || has["am"]:
		return "present"
	case has["was"] || has["were"] || has["did"]:
		return "past"
	case has["do"] || has["does"]:
		return "present"
	}
	switch t.word(f.verb).XPOS {
	case "VBZ", "VBP":
		return "present"
	case "VBG":
		return "gerund"
	case "VBD":
		return "past"
	}
	return ""
}

// event codes one event; false where the sides cannot be had.
func (c *coding) event(r *Rule, f *frame, st *detente.Statement) bool {
	if r.Noun && !c.told(r, f) || r.Act == detente.Contact && c.play(c.tree.word(f.trigger).Sent) {
		return false
	}
	if r.Act == "" && c.aside(f.trigger) {
		return false
	}
	src := c.side(r, r.Source, f, st, nil)
	dst := c.side(r, r.Target, f, st, src)
	if len(src) == 0 { // "talks with X were suspended": by whom, the text around must say
		src = c.side(r, r.Source, f, st, dst)
	}
	act := r.Act
	if r.Mutual {
		src, dst = c.mutual(src, dst, f)
		if len(parties(src, dst)) < 2 {
			if len(src) == 0 || len(dst) == 0 && c.nounsIn(r.Target, f) == 0 && c.nounsIn(r.Source, f) < 2 {
				return false
			}
			act = "" // with people of no government: no act between two
		}
	}
	if act == detente.Contact && c.noContact(r, f, src, dst, st) {
		act = ""
	}
	if len(src) == 0 && len(r.Source) == 1 && r.Source[0].path[0] == "speaker" && (st == nil || len(parties(dst, nil)) == 0) {
		return false // "it should rain": nobody demands it
	}
	switch {
	case r.Act != "" || r.Mutual:
	case r.Noun && c.mentioned(r, f) && len(codes(src, nil)) == 0:
		return false // only named in passing: who did it must be told
	default:
		if src, dst = c.withoutFirms(src), c.withoutFirms(dst); c.doneByNone(r, f, src) {
			return false
		}
		if len(codes(src, dst)) == 0 && !c.someone(r, f) {
			return false
		}
		src, dst = c.unfilled(r, f, src, dst)
		src, dst = c.withoutFirms(src), c.withoutFirms(dst)
	}
	if len(codes(src, dst)) == 0 || act != "" && len(parties(src, dst)) == 0 {
		return false
	}
	s := c.stanceOf(r, f, st)
	ev := detente.Event{
		Type: r.Type, Mode: r.Mode, CAMEO: r.CAMEO, Source: src, Target: dst, Contexts: []string{},
		Factuality: s.fact, Trigger: []detente.Span{c.spans[f.trigger]}, Sentence: c.tree.word(f.trigger).Sent,
		Rule: r.ID, By: detente.ByRule, Act: act, State: r.State,
	}
	if r.ActMode != "" && ev.Mode == "" {
		ev.Mode = r.ActMode
	}
	if ev.Act == detente.Contact && ev.Mode == "talks" {
		ev.Mode = c.means(f.trigger)
	}
	if ev.Act == detente.Contact && (ev.Mode == "meeting" || ev.Mode == "talks") && c.thirdGround(f, parties(src, dst)) {
		ev.Mode, ev.CAMEO = detente.ThirdParty, "044"
	}
	if f.light || f.anchor == "object" && r.asks("light") { // "voiced its solidarity": verb and noun together
		ev.Trigger = []detente.Span{c.spans[f.verb], c.spans[f.trigger]}
		sort.Slice(ev.Trigger, func(i, j int) bool { return ev.Trigger[i].Start < ev.Trigger[j].Start })
	}
	if st != nil {
		ev.Statement = st.ID
	}
	ev.Announced, ev.Reported = s.announced, c.reported(ev.Sentence, st)
	if ev.Factuality == detente.Happened && (ev.Act == detente.Contact || ev.Act == detente.Thaw) && c.negatedBefore(f.trigger) {
		ev.Factuality = detente.DeniedHappened // a false contact is the worst error: where tree and words differ, the words win
	}
	if ev.Factuality == detente.Happened && c.toCome(f) {
		s.fact, s.announced, ev.Factuality, ev.Announced = detente.Planned, true, detente.Planned, true // "visits Chad next week"
	}
	if ev.Factuality == detente.Happened && act == "" && quads[ev.Type] == materialConflict && saidByVictim(&ev, st) {
		ev.Factuality = detente.Alleged
	}
	convert(&ev, s)
	if s.refused { // "ruled out recalling its envoy" denies nothing that was told
		ev.Act = ""
	}
	if s.must && ev.Type == detente.Request {
		c.demanded(&ev, st)
	}
	ev.Date = c.dateOf(ev.Act, f, st, ev.Factuality)
	if ev.Act != "" {
		ev.Channels = c.channelsOf(r, f)
		if len(ev.Channels) == 0 {
			ev.Channels = c.trade(&ev)
		}
		ev.Contexts = contextsOf(ev.Channels)
	}
	ev.Source, ev.Target = nonNil(ev.Source), nonNil(ev.Target)
	if !c.twice(&ev) {
		c.add(ev, f.trigger, r.Type)
	}
	return true
}

// withStrangers reports people between whom and states something was done, of whom
// nobody knows for whom they speak: "talks between banks and Mexico and Chile" are
// none of Mexico with Chile.
func (c *coding) withStrangers(r *Rule, f *frame, st *detente.Statement) bool {
	between := slices.IndexFunc(r.Source, func(x role) bool { return x.String() == "between" })
	if between < 0 || len(c.places(r.Source[between:between+1], f, nil)) > 0 {
		return false
	}
	return slices.ContainsFunc(c.tree.follow(f, r.Source[between]), func(w int) bool {
		return isNoun(c.tree.word(w)) && len(c.participant(w, st)) == 0
	})
}

// unanswered makes a freeze of a call of which the next sentence says that
// nobody took it ("Nobody answered.", "There was no reply.").
func (c *coding) unanswered() {
	for i := range c.events {
		ev := &c.events[i]
		if ev.Act != detente.Contact || ev.Factuality != detente.Happened || ev.Mode != "phone" && ev.Mode != "hotline" && ev.Mode != "video" {
			continue
		}
		if s := ev.Sentence + 1; s < len(c.doc.Sents) && c.doc.Sents[s].Block == c.doc.Sents[ev.Sentence].Block && c.silence(c.doc.Sents[s]) {
			ev.Type, ev.CAMEO, ev.Mode, ev.Act = detente.Reject, "120", "unanswered", detente.Freeze
		}
	}
}

// silence reports a short sentence that says that nobody answered.
func (c *coding) silence(s nlp.Sent) bool {
	nobody, answer := false, false
	for w := s.First; w < s.End && w < s.First+10; w++ {
		nobody = nobody || c.class("nobody", c.tree.form(w))
		answer = answer || c.class("answer", c.tree.lemma(w), c.tree.form(w))
	}
	return nobody && answer
}

// twice reports an event that a light verb and its noun tell both ("lodged a
// complaint"): it has been coded with a word in common.
func (c *coding) twice(ev *detente.Event) bool {
	for i := len(c.events) - 1; i >= 0 && c.events[i].Sentence == ev.Sentence; i-- {
		if o := &c.events[i]; o.Type == ev.Type && o.Act == ev.Act && slices.ContainsFunc(ev.Trigger, func(s detente.Span) bool { return slices.Contains(o.Trigger, s) }) {
			return true
		}
	}
	return false
}

// aside reports a word that only describes somebody or says what something is
// for: "the armed group", "a bid to attack", "sent help to rebuild". Nothing is
// told to have been done there.
func (c *coding) aside(w int) bool {
	t := c.tree
	switch t.rel(w) {
	case "amod", "compound":
		return isVerb(t.word(w)) || t.word(w).UPOS == "ADJ"
	case "acl":
		h := t.lemma(t.word(w).Head)
		if m := t.kid(w, "mark"); t.word(w).XPOS == "VBG" && m >= 0 && (t.form(m) == "on" || t.form(m) == "about" || t.form(m) == "for") {
			return true // "talks on freeing trade"
		}
		return t.word(w).XPOS == "VB" && !c.class("plan", h) && !c.class("call", h) && !c.class("refuse", h)
	case "advcl":
		if t.asked(w) >= 0 {
			return false // "urged Chad to free them": what is demanded, wherever the parser hung it
		}
		return t.word(w).XPOS == "VB" && t.hasTo(w) || t.word(w).XPOS == "VBN" && t.lemma(w) == "ask" // "Asked about it, he smiled."
	}
	return false
}

// inSideClause reports a word in a clause that hangs on a noun or beside the
// main one: what a sentence tells in passing.
func (c *coding) inSideClause(w int) bool {
	t := c.tree
	for n := 0; w >= 0 && n < 12; n++ {
		switch t.rel(w) {
		case "acl", "advcl", "parataxis":
			return true
		}
		w = t.word(w).Head
	}
	return false
}

// order puts first of each sentence what it mainly tells: as the spotter ranks it, or
// else what it tells in passing, acts of dialogue apart, last.
func (c *coding) order() {
	by := make([]int, len(c.events))
	for i := range by {
		by[i] = i
	}
	passing := func(i int) int { return one(c.events[i].Act == "" && c.inSideClause(c.triggers[i])) }
	slices.SortStableFunc(by, func(i, j int) int {
		if d := cmp.Compare(c.events[i].Sentence, c.events[j].Sentence); d != 0 {
			return d
		}
		if c.ranks != nil {
			return cmp.Compare(c.ranks[j], c.ranks[i])
		}
		return cmp.Compare(passing(i), passing(j))
	})
	events := make([]detente.Event, 0, len(c.events))
	for _, i := range by {
		events = append(events, c.events[i])
	}
	c.events = events
}

func (c *coding) add(ev detente.Event, trigger int, deed detente.EventType) {
	c.events, c.triggers, c.deeds = append(c.events, ev), append(c.triggers, trigger), append(c.deeds, deed)
}

// thirdGround reports that parties met in a country of none of them: "met in
// Geneva".
func (c *coding) thirdGround(f *frame, ps []detente.Party) bool {
	t := c.tree
	for _, v := range []int{f.trigger, f.verb} {
		if v < 0 {
			continue
		}
		for _, k := range t.kids[v] {
			if r := t.rel(k); r != "obl" && r != "nmod" || !slices.ContainsFunc(t.preps(k), func(p string) bool { return p == "in" || p == "at" }) {
				continue
			}
			if m := c.mention(k); m != nil && m.Actor != nil && m.Actor.Kind == actor.KindPlace && m.Actor.Country != "" {
				return len(ps) > 1 && !slices.Contains(ps, m.Actor.Country)
			}
		}
	}
	return false
}

// means reads by which means people talked, from the words after the verb up
// to the next one: "spoke at length by telephone".
func (c *coding) means(trigger int) string {
	t := c.tree
	for i := trigger + 1; i < len(t.words) && i < trigger+12 && t.word(i).Sent == t.word(trigger).Sent && !isVerb(t.word(i)); i++ {
		switch {
		case c.class("video", t.lemma(i)):
			return "video"
		case c.class("phone", t.lemma(i)):
			return "phone"
		}
	}
	return "talks"
}

// told reports whether a noun trigger is told as something done (or planned,
// demanded, denied) and not only mentioned: object of a light or governing
// verb, subject of a verb of taking place, or dated by a preposition.
func (c *coding) told(r *Rule, f *frame) bool {
	t := c.tree
	for _, x := range r.Tests {
		if x.slot.path[0] == "anchor" || x.slot.path[0] == "light" {
			return true // the rule decides itself
		}
	}
	switch f.anchor {
	case "object":
		v := t.lemma(f.verb)
		return f.light || r.Act == "" && c.calledOff(f.verb) || c.ruledOut(f.verb) || c.class("plan", v) || c.class("call", v) || c.class("deny", v) || c.class("refuse", v) || c.class("report", v)
	case "subject":
		return c.class("occur", t.lemma(f.verb)) || c.class("light", t.lemma(f.verb)) && f.passive
	case "in", "at", "since", "by": // not "a break in dialogue", "spoke at the annual summit"
		return !f.nested && (c.owned(f) || len(t.fill(f, "with|between|of")) > 0)
	case "after", "during", "following", "before", "ahead", "ahead_of":
		return len(f.slots["poss"])+len(t.fill(f, "with|between|of"))+len(f.slots["mod"]) > 0
	case "for":
		h := t.word(f.trigger).Head
		return h >= 0 && (c.class("call", t.lemma(h)) || c.class("plan", t.lemma(h)) || c.class("travel", t.lemma(h)))
	case "copula":
		return t.kid(f.trigger, "expl") >= 0 || c.class("ahead", t.lemma(f.verb)) ||
			c.tense(f) == "past" && len(f.slots["poss"]) > 0 && len(t.fill(f, "with|to")) > 0 // "Mali's talks with Chad were brief"
	case "root":
		return true
	}
	return false
}

// owned reports a noun trigger whose possessor is somebody: not "at today's meeting".
func (c *coding) owned(f *frame) bool {
	return slices.ContainsFunc(f.slots["poss"], func(w int) bool { return c.tree.word(w).UPOS == "PRON" || c.mention(w) != nil })
}

// convert applies PLOVER's manual of 2021: a good deed that is planned is
// AGREE, a hostile one THREATEN; what is demanded is REQUEST, what is refused
// REJECT.
func convert(ev *detente.Event, s stance) {
	switch ev.Type {
	case detente.Consult, detente.Cooperate, detente.Aid, detente.Support, detente.Concede, detente.Retreat:
	case detente.Sanction, detente.Mobilize, detente.Coerce, detente.Assault, detente.Protest, detente.Reject:
		if ev.Act != "" {
			if s.fact == detente.Planned && s.conditional { // the act stays what it would be
				ev.Type, ev.CAMEO = detente.Threaten, "130"
			}
			return
		}
		switch {
		case ev.Type == detente.Reject:
		case s.fact == detente.Planned:
			ev.Type, ev.Mode, ev.CAMEO = detente.Threaten, "", "130"
		case s.fact == detente.CalledFor:
			ev.Type, ev.Mode, ev.CAMEO = detente.Request, "", "020"
		}
		return
	default:
		return
	}
	switch {
	case s.refused:
		ev.Type, ev.Mode, ev.CAMEO, ev.Act = detente.Reject, "", "120", ""
	case s.fact == detente.Planned:
		ev.Type, ev.CAMEO = detente.Agree, "030"
	case s.fact == detente.CalledFor:
		ev.Type, ev.CAMEO = detente.Request, "020"
	}
}

// saidByVictim reports a deed that only those to whom it was done tell.
func saidByVictim(ev *detente.Event, st *detente.Statement) bool {
	return st != nil && st.Speaker.Party != "" && hasCode(ev.Target, st.Speaker.Party) && !hasCode(ev.Source, st.Speaker.Party)
}

// demanded turns the sides of what somebody says another must do: who says so
// requests it of the other.
func (c *coding) demanded(ev *detente.Event, st *detente.Statement) {
	if st == nil || st.Speaker.Party == "" || hasParty(ev.Source, st.Speaker.Party) {
		return
	}
	sp := st.Speaker
	ev.Source, ev.Target = []detente.Participant{{Name: sp.Name, Party: sp.Party, Sectors: sp.Sectors, Span: firstSpan(st.Source)}}, ev.Source
}

// statementAt gives the innermost statement whose content covers word i.
func (c *coding) statementAt(i int) *detente.Statement {
	in := c.inside[i]
	if len(in) == 0 {
		return nil
	}
	return &c.sts[in[len(in)-1]]
}

// place lists for every word the statements whose content covers it, the
// longest content first. A word is in few statements, so this is linear.
func (c *coding) place() {
	order := make([]int, len(c.sts))
	for k := range order {
		order[k] = k
	}
	sort.SliceStable(order, func(a, b int) bool { return length(c.sts[order[a]].Content) > length(c.sts[order[b]].Content) })
	c.inside = make([][]int, len(c.spans))
	for _, k := range order {
		for _, s := range c.sts[k].Content {
			i := sort.Search(len(c.spans), func(i int) bool { return c.spans[i].Start >= s.Start })
			for ; i < len(c.spans) && c.spans[i].Start < s.End; i++ {
				if s.Contains(c.spans[i]) {
					c.inside[i] = append(c.inside[i], k)
				}
			}
		}
	}
}

func length(spans []detente.Span) (n int) {
	for _, s := range spans {
		n += s.Len()
	}
	return n
}

// isCue reports whether word i is in the cue of st or of a statement around it.
func (c *coding) isCue(i int, st *detente.Statement) bool {
	for st != nil {
		for _, s := range st.Cue {
			if s.Contains(c.spans[i]) {
				return true
			}
		}
		st = c.byID(st.Within)
	}
	return false
}

func (c *coding) byID(id detente.StatementID) *detente.Statement {
	if k, ok := c.numbered[id]; ok {
		return &c.sts[k]
	}
	return nil
}

// allegingCue reports a statement whose cue accuses or alleges.
func (c *coding) allegingCue(st *detente.Statement) bool {
	for _, s := range st.Cue {
		i := sort.Search(len(c.spans), func(i int) bool { return c.spans[i].Start >= s.Start })
		for ; i < len(c.spans) && c.spans[i].Start < s.End; i++ {
			if c.class("allege", c.tree.lemma(i)) {
				return true
			}
		}
	}
	return false
}
