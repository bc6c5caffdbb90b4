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
// Code is pure: same Doc, Cast and statements give the same events, in text
// order. Cost is linear in words times rules per trigger lemma.
package event

import (
	"io/fs"
	"slices"
	"sort"
	"strconv"
	"strings"

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
}

// Load reads the rules and classes of folder "events" of fsys, and
// dialogue/topics.tsv, which says what channels words speak of.
func Load(fsys fs.FS) (*Coder, error) {
	rules, classes, err := parseRules(fsys, "events")
	if err != nil {
		return nil, err
	}
	topics, err := loadTopics(fsys, "dialogue/topics.tsv")
	if err != nil {
		return nil, err
	}
	c := &Coder{verbs: map[string][]*Rule{}, nouns: map[string][]*Rule{}, classes: classes, topics: topics, rules: rules}
	for _, r := range rules {
		by := c.verbs
		if r.Noun {
			by = c.nouns
		}
		for w := range r.Words.words {
			by[w] = append(by[w], r)
		}
	}
	for _, by := range []map[string][]*Rule{c.verbs, c.nouns} {
		for _, rs := range by {
			sort.SliceStable(rs, func(i, j int) bool {
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
	triggers  []int // of each event, the word
	claims    []detente.Claim
	spans     []detente.Span // of every word, code points
}

// Code gives the events and the claims about channels that doc tells, in text
// order, with ids e1 … and c1 ….
func (c *Coder) Code(doc *nlp.Doc, cast *actor.Cast, sts []detente.Statement, published detente.Date) ([]detente.Event, []detente.Claim) {
	w := &coding{Coder: c, doc: doc, tree: newTree(doc, cast), cast: cast, sts: sts, published: published, salient: salience(doc, cast)}
	w.spans = make([]detente.Span, len(doc.Words))
	for i := range doc.Words {
		w.spans[i] = doc.Span(i, i+1)
	}
	w.numbered = make(map[detente.StatementID]int, len(sts))
	for k := range sts {
		w.numbered[sts[k].ID] = k
	}
	w.place()
	for i := range doc.Words {
		w.at(i)
	}
	for i := range w.events {
		w.events[i].ID = detente.EventID(detente.Numbered("e", i+1))
	}
	for i := range w.claims {
		w.claims[i].ID = detente.ClaimID(detente.Numbered("c", i+1))
	}
	return w.events, w.claims
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
	w := c.tree.word(i)
	lemma := c.tree.lemma(i)
	var rules []*Rule
	var f *frame
	if isNoun(w) {
		if rules = c.nouns[lemma]; len(rules) > 0 {
			f = c.tree.nounFrame(i, wordSet{words: c.classes["light"]})
			if f.light || f.anchor == "object" {
				c.adjacentSubject(f, f.verb)
			}
		}
	}
	if f == nil && (isVerb(w) || w.UPOS == "ADJ" || c.tree.kid(i, "cop") >= 0) {
		if rules = c.verbs[lemma]; len(rules) == 0 {
			rules = c.verbs[c.tree.form(i)]
		}
		if len(rules) > 0 {
			f = c.tree.verbFrame(i)
			c.adjacentSubject(f, i)
		}
	}
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

// tense gives "present", "past", "perfect" or "future" of the frame's verb.
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
	case "VBD":
		return "past"
	}
	return ""
}

// event codes one event; false where the sides cannot be had.
func (c *coding) event(r *Rule, f *frame, st *detente.Statement) bool {
	if r.Noun && !c.told(r, f) || r.Act == detente.Contact && c.habitual(f) {
		return false
	}
	src := c.side(r, r.Source, f, st, nil)
	dst := c.side(r, r.Target, f, st, src)
	if len(src) == 0 { // "talks with X were suspended": by whom, the text around must say
		src = c.side(r, r.Source, f, st, dst)
	}
	if r.Mutual {
		src, dst = c.mutual(src, dst, f)
		if len(parties(src, dst)) < 2 {
			return false
		}
	}
	if len(parties(src, dst)) == 0 {
		return false
	}
	s := c.stanceOf(r, f, st)
	ev := detente.Event{
		Type: r.Type, Mode: r.Mode, CAMEO: r.CAMEO, Source: src, Target: dst, Contexts: []string{},
		Factuality: s.fact, Trigger: []detente.Span{c.spans[f.trigger]}, Sentence: c.tree.word(f.trigger).Sent,
		Rule: r.ID, Act: r.Act, State: r.State,
	}
	if r.ActMode != "" && ev.Mode == "" {
		ev.Mode = r.ActMode
	}
	if ev.Act == detente.Contact && ev.Mode == "talks" {
		ev.Mode = c.means(f.trigger)
	}
	if f.light {
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
	convert(&ev, s)
	ev.Date = c.dateOf(ev.Act, f, st, ev.Factuality)
	if ev.Act != "" {
		ev.Channels = c.channelsOf(r, f)
		ev.Contexts = contextsOf(ev.Channels)
	}
	ev.Source, ev.Target = nonNil(ev.Source), nonNil(ev.Target)
	c.add(ev, f.trigger)
	return true
}

func (c *coding) add(ev detente.Event, trigger int) {
	c.events, c.triggers = append(c.events, ev), append(c.triggers, trigger)
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
	return false
}

// denialReach is how many sentences back a denial may look for what it denies.
const denialReach = 6

// deny codes the denial of the last act told before that somebody else said or
// that the article tells: the same event again, denied, told by this statement.
func (c *coding) deny(r *Rule, f *frame, st *detente.Statement) bool {
	sent := c.tree.word(f.trigger).Sent
	for i := len(c.events) - 1; i >= 0; i-- {
		ev := c.events[i]
		if ev.Sentence < sent-denialReach {
			return false
		}
		teller := c.byID(ev.Statement)
		if ev.Act == "" || ev.Factuality == detente.DeniedHappened || ev.Factuality == detente.CalledFor || st != nil && teller != nil && sameTeller(st, teller) {
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
		c.add(ev, f.trigger)
		return true
	}
	return false
}

func sameTeller(a, b *detente.Statement) bool {
	return a.ID == b.ID || a.Speaker.ID != "" && a.Speaker.ID == b.Speaker.ID
}

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
		return f.light || c.class("plan", v) || c.class("call", v) || c.class("deny", v) || c.class("refuse", v) || c.class("report", v)
	case "subject":
		return c.class("occur", t.lemma(f.verb)) || c.class("light", t.lemma(f.verb)) && f.passive
	case "in", "at", "since", "by":
		if f.nested { // "a break in dialogue"
			return false
		}
		fallthrough
	case "after", "during", "following", "before", "ahead", "ahead_of":
		return len(f.slots["poss"])+len(t.fill(f, "with|between|of"))+len(f.slots["mod"]) > 0
	case "for":
		h := t.word(f.trigger).Head
		return h >= 0 && (c.class("call", t.lemma(h)) || c.class("plan", t.lemma(h)) || c.class("travel", t.lemma(h)))
	case "root", "copula":
		return t.kid(f.trigger, "expl") >= 0 || f.anchor == "root"
	}
	return false
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
			if p := c.partner(f.trigger, other[0].Party); p != "" {
				return []detente.Participant{{Name: string(p), Party: p, Office: "government", Sectors: []string{"GOV"}, Span: c.spans[f.trigger]}}
			}
		case "pair":
			var out []detente.Participant
			for _, p := range c.pairBefore(f.trigger) {
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
				ps = slices.DeleteFunc(ps, func(p detente.Participant) bool {
					return slices.ContainsFunc(other, func(q detente.Participant) bool { return p.Party == q.Party })
				})
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

// nearest takes the party named nearest to a verb on the side where its slot
// stands in plain order, where the tree gives nobody: before it for a subject,
// after it, up to the next verb, for what follows it.
func (c *coding) nearest(rule *Rule, alts []role, f *frame, other []detente.Participant) []detente.Participant {
	t := c.tree
	if rule.Noun || len(alts) == 0 || f.passive {
		return nil
	}
	before := slices.Contains(alts[0].path, "subject")
	step, i := 1, f.trigger+1
	if before {
		step, i = -1, f.trigger-1
	}
	for n := 0; n < 15 && i >= 0 && i < len(t.words) && t.word(i).Sent == t.word(f.trigger).Sent; n, i = n+1, i+step {
		if t.word(i).UPOS == "VERB" {
			return nil
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
			if slices.ContainsFunc(other, func(p detente.Participant) bool { return p.Party == m.Actor.Country }) {
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
		if !slices.ContainsFunc(src, func(q detente.Participant) bool { return q.Party == p.Party }) {
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

func parties(a, b []detente.Participant) []detente.Party {
	var out []detente.Party
	for _, p := range append(slices.Clone(a), b...) {
		if p.Party != "" {
			out = append(out, p.Party)
		}
	}
	return detente.SortParties(out)
}

// convert applies PLOVER's manual of 2021: what is planned with another is
// AGREE, demanded REQUEST, refused REJECT.
func convert(ev *detente.Event, s stance) {
	switch ev.Type {
	case detente.Consult, detente.Cooperate, detente.Aid, detente.Support, detente.Concede, detente.Retreat:
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

// dateOf dates an event: by the expression on its clause, else by the
// statement that tells it, else, where it is told as news, by publication. A
// freeze or thaw that is announced has the day of the announcement.
func (c *coding) dateOf(act detente.ActKind, f *frame, st *detente.Statement, fact detente.Factuality) detente.Date {
	for _, w := range []int{f.trigger, f.verb} {
		if w < 0 {
			continue
		}
		if d, ok := c.offsetDate(w); ok {
			return d
		}
		if tm := c.doc.TimeNear(w); tm != nil && !c.leadsIn(tm) {
			if d := dateIn(tm); !c.ahead(d, fact) {
				return d
			}
		}
	}
	if tm := c.timeBeside(f.trigger); tm != nil {
		if d := dateIn(tm); !c.ahead(d, fact) {
			return d
		}
	}
	switch {
	case act == detente.Contact && (fact == detente.Planned || fact == detente.CalledFor):
		return "" // nobody said when it will be
	case st != nil && st.SaidOn != "":
		return st.SaidOn
	}
	return c.published
}

// leadsIn reports a distance in time that leads in a clause of its own and
// dates that one ("seven years after Riyadh severed them").
func (c *coding) leadsIn(tm *nlp.Time) bool {
	if tm.End >= len(c.tree.words) {
		return false
	}
	switch c.tree.form(tm.End) {
	case "after", "before", "since":
		return true
	}
	last := c.tree.form(tm.End - 1)
	return last == "after" || last == "before" || last == "since"
}

// ahead reports a date after publication for what is told as done: then it
// dates something else ("the first in 70 years").
func (c *coding) ahead(d detente.Date, fact detente.Factuality) bool {
	return fact == detente.Happened && c.published != "" && d > c.published
}

// timeBeside gives a day named beside word w with no finite verb between, after
// it or else before it, where the tree ties none to it.
func (c *coding) timeBeside(w int) *nlp.Time {
	t := c.tree
	clear := func(from, to int) bool {
		for i := from; i < to; i++ {
			if finite(t.word(i)) && t.rel(i) != "aux" {
				return false
			}
		}
		return true
	}
	var before *nlp.Time
	for k := range c.doc.Times {
		tm := &c.doc.Times[k]
		if t.word(tm.First).Sent != t.word(w).Sent || tm.Kind != "DATE" || tm.From == "" || c.leadsIn(tm) {
			continue
		}
		switch {
		case tm.First > w && tm.First-w < 15 && clear(w+1, tm.First):
			return tm
		case tm.End <= w && w-tm.End < 15 && clear(tm.End, w):
			before = tm
		}
	}
	return before
}

// offsetDate dates a verb in a clause that a distance in time leads in ("six
// years after Beijing broke off contacts"): that long before, or after, the
// article. A distance in years gives a year, in months a month.
func (c *coding) offsetDate(w int) (detente.Date, bool) {
	t := c.tree
	mark := -1
	for i := w - 1; i >= 0 && i > w-20 && t.word(i).Sent == t.word(w).Sent; i-- {
		if f := t.form(i); f == "after" || f == "before" || f == "since" {
			mark = i
			break
		}
		if isVerb(t.word(i)) && t.rel(i) != "aux" && t.rel(i) != "cop" {
			return "", false
		}
	}
	if mark < 1 {
		return "", false
	}
	unit, n := t.lemma(mark-1), 1
	if mark >= 2 {
		if k, ok := number(t.form(mark - 2)); ok {
			n = k
		}
	}
	if t.form(mark) == "after" {
		n = -n
	}
	day, ok := c.published.Time()
	if !ok {
		return "", false
	}
	switch unit {
	case "day":
		return detente.DateOf(day.AddDate(0, 0, n)), true
	case "week":
		return detente.DateOf(day.AddDate(0, 0, 7*n))[:7], true
	case "month":
		return detente.DateOf(day.AddDate(0, n, 0))[:7], true
	case "year":
		return detente.DateOf(day.AddDate(n, 0, 0))[:4], true
	case "decade":
		return "", true
	}
	return "", false
}

// number reads a small number in words or figures.
func number(s string) (int, bool) {
	if n := slices.Index(smallNumbers, s); n >= 0 {
		return n + 1, true
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

var smallNumbers = []string{"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}

// dateIn gives the date of a time expression at the precision that it has: the
// day, the last of two days ("overnight"), the month or the year that hold the
// range, or none.
func dateIn(tm *nlp.Time) detente.Date {
	from, to := tm.From, tm.To
	switch {
	case from == "" || to == "":
		return ""
	case from == to, from.AddDays(1) == to:
		return to
	case len(from) >= 7 && len(to) >= 7 && from[:7] == to[:7]:
		return from[:7]
	case len(from) >= 4 && len(to) >= 4 && from[:4] == to[:4]:
		return from[:4]
	}
	return ""
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

func firstSpan(spans []detente.Span) detente.Span {
	if len(spans) == 0 {
		return detente.Span{}
	}
	return spans[0]
}
