package event

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"slices"
	"sort"

	"detente"
	"detente/internal/actor"
)

// The classifier stands beside the rules: a softmax over the PLOVER types of
// what one sentence tells between two parties. It knows the words, which of
// them the rules know, and what the rules coded there; it overrules a rule only
// where it finds the rule's type most unlikely, and codes an event of its own
// only where no rule did and it is sure enough. Acts of dialogue are never its
// doing, and never undone by it.

// kinds are what the classifier tells apart, in the order of its weights.
// CONCEDE stands for RETREAT too: the training sentences have them as one.
var kinds = []detente.EventType{
	detente.Agree, detente.Consult, detente.Support, detente.Concede, detente.Cooperate, detente.Aid, detente.Request,
	detente.Accuse, detente.Reject, detente.Threaten, detente.Protest, detente.Sanction, detente.Mobilize, detente.Coerce, detente.Assault,
}

// cameoOf are the CAMEO roots of what the classifier codes.
var cameoOf = map[detente.EventType]string{
	detente.Agree: "030", detente.Consult: "040", detente.Support: "050", detente.Concede: "080", detente.Cooperate: "060", detente.Aid: "070",
	detente.Retreat: "080", detente.Request: "020", detente.Accuse: "110", detente.Reject: "120", detente.Threaten: "130", detente.Protest: "140",
	detente.Sanction: "160", detente.Mobilize: "150", detente.Coerce: "170", detente.Assault: "180",
}

const (
	classifierFile  = "events/types.model"
	classifierMagic = "detente events 1\n"
	featureBits     = 16
	quantum         = 1. / 40 // the step of 8-bit weights
)

// sure is how probable a type must be for the classifier to code it where no
// rule did, certain the same against a rule; doubt is below which a rule's type
// is dropped. Chosen on folds of the
// training sentences (docs/decisions/0052-classifier.md).
const (
	sure    = 0.40
	doubt   = 0.05
	certain = 0.60
)

// errClassifier marks a file that is no classifier.
var errClassifier = errors.New("not a classifier of events; make one with detente train events")

// Classifier holds the weights, one row of len(kinds) for each feature.
type Classifier struct {
	w []int8
}

// readClassifier reads the embedded weights; nil where fsys has none.
func readClassifier(fsys fs.FS) (*Classifier, error) {
	b, err := fs.ReadFile(fsys, classifierFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	rest, ok := bytes.CutPrefix(b, []byte(classifierMagic))
	if !ok {
		return nil, fmt.Errorf("%s: %w", classifierFile, errClassifier)
	}
	z, err := gzip.NewReader(bytes.NewReader(rest))
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", classifierFile, errClassifier, err)
	}
	k := &Classifier{w: make([]int8, len(kinds)<<featureBits)}
	if err := binary.Read(z, binary.LittleEndian, k.w); err != nil {
		return nil, fmt.Errorf("%s: %w: %w", classifierFile, errClassifier, err)
	}
	return k, nil
}

// Save writes what Load reads.
func (k *Classifier) Save(w io.Writer) error {
	if _, err := io.WriteString(w, classifierMagic); err != nil {
		return err
	}
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	if err := binary.Write(z, binary.LittleEndian, k.w); err != nil {
		return err
	}
	return z.Close()
}

// chances gives the probability of every class.
func (k *Classifier) chances(features []uint32) []float64 {
	s := make([]float64, len(kinds))
	for _, f := range features {
		row := k.w[int(f)*len(kinds):][:len(kinds)]
		for i, w := range row {
			s[i] += float64(w)
		}
	}
	for i := range s {
		s[i] *= quantum
	}
	softmax(s)
	return s
}

func softmax(s []float64) {
	top, sum := slices.Max(s), 0.
	for i := range s {
		s[i] = math.Exp(s[i] - top)
		sum += s[i]
	}
	for i := range s {
		s[i] /= sum
	}
}

// weigh lets the classifier look at every sentence that tells no act.
func (c *coding) weigh() {
	if c.classifier == nil {
		return
	}
	bySentence := make([][]int, len(c.doc.Sents))
	for i := range c.events {
		bySentence[c.events[i].Sentence] = append(bySentence[c.events[i].Sentence], i)
	}
	for s, here := range bySentence {
		if c.doc.Sents[s].Dateline {
			continue
		}
		if slices.ContainsFunc(here, func(i int) bool { return c.events[i].Act != "" }) {
			continue
		}
		src, dst := c.sidesOf(s, here)
		if src.empty() || dst.empty() && len(here) == 0 {
			continue
		}
		p := c.classifier.chances(c.features(s, here, src, dst))
		doubted := func(i int) bool { return p[kindOf(c.events[i].Type)] < doubt && !c.governed(i, here) }
		likely := slices.ContainsFunc(here, func(i int) bool { return !doubted(i) })
		best := slices.Index(p, slices.Max(p))
		if !likely && (p[best] < sure || len(here) > 0 && p[best] < certain) {
			continue // the classifier has nothing better to say
		}
		for _, i := range here {
			c.dropped[i] = doubted(i)
		}
		if !likely {
			c.guess(s, c.yielding(kinds[best], s), p[best], src, dst)
		}
	}
	c.events, c.triggers = undropped(c.events, c.dropped), undropped(c.triggers, c.dropped)
}

// governed reports an event, one of those of its sentence, that was denied and
// stands under another: "ruled out cutting ties". The classifier speaks of what a
// sentence mainly tells, not of that.
func (c *coding) governed(i int, here []int) bool {
	return c.events[i].Factuality == detente.DeniedHappened && slices.ContainsFunc(here, func(j int) bool {
		return c.triggers[j] != c.triggers[i] && c.tree.ancestor(c.triggers[j], c.triggers[i])
	})
}

// kindOf gives the place of a type among the kinds.
func kindOf(t detente.EventType) int {
	if t == detente.Retreat {
		t = detente.Concede
	}
	return slices.Index(kinds, t)
}

// yielding tells RETREAT from CONCEDE by which of them has more rules that know
// words of the sentence.
func (c *coding) yielding(kind detente.EventType, s int) detente.EventType {
	if kind != detente.Concede {
		return kind
	}
	balance := 0
	count := func(rules []*Rule) {
		for _, r := range rules {
			switch r.Type {
			case detente.Retreat:
				balance++
			case detente.Concede:
				balance--
			}
		}
	}
	for i := c.doc.Sents[s].First; i < c.doc.Sents[s].End; i++ {
		count(c.verbs[c.tree.lemma(i)])
		count(c.nouns[c.tree.lemma(i)])
	}
	if balance > 0 {
		return detente.Retreat
	}
	return kind
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

// guess codes what the classifier found. A verb that only says is no event, and
// the source has to be its subject or in it.
func (c *coding) guess(s int, kind detente.EventType, p float64, src, dst run) {
	v := c.verbOver(src, s)
	if c.class("bare-saying", c.tree.lemma(v)) {
		return
	}
	f := c.tree.verbFrame(v)
	if !f.passive && (c.noneActs(f.slots["subject"]) || !slices.ContainsFunc(f.slots["subject"], func(w int) bool { return src.contains(w) || c.tree.ancestor(w, src.first) })) {
		return // who did it is not told: names that stand in one sentence are not enough
	}
	st := c.statementAt(v)
	stance := c.stanceOf(&Rule{Type: kind}, f, st)
	ev := detente.Event{
		Type: kind, CAMEO: cameoOf[kind], Source: c.whoIn(src), Target: c.whoIn(dst), Contexts: []string{},
		Factuality: stance.fact, Trigger: []detente.Span{c.spans[v]}, Sentence: s,
		By: detente.ByClassifier, Probability: math.Round(100*p) / 100, Reported: c.reported(s, st), Announced: stance.announced,
	}
	if st != nil {
		ev.Statement = st.ID
	}
	if len(codes(ev.Source, ev.Target)) == 0 {
		return
	}
	ev.Date = c.dateOf("", f, st, ev.Factuality)
	ev.Source, ev.Target = nonNil(ev.Source), nonNil(ev.Target)
	c.add(ev, v)
}

func (c *coding) whoIn(r run) []detente.Participant {
	if r.empty() {
		return nil
	}
	for _, m := range c.cast.Within(r.first, r.end) {
		if m.First == r.first && m.End == r.end {
			return []detente.Participant{c.fromMention(m)}
		}
	}
	return nil
}

// run is the words first … end-1.
type run struct{ first, end int }

func (r run) empty() bool         { return r.end <= r.first }
func (r run) contains(w int) bool { return w >= r.first && w < r.end }

// wordsOf gives the words under a span of code points.
func (c *coding) wordsOf(s detente.Span) run {
	first := sort.Search(len(c.spans), func(i int) bool { return c.spans[i].Start >= s.Start })
	end := sort.Search(len(c.spans), func(i int) bool { return c.spans[i].Start >= s.End })
	return run{first, end}
}

// sidesOf gives the mentions between which a sentence tells something: those
// of the first event that a rule coded there, else the first two of different
// parties, a subject before others.
func (c *coding) sidesOf(s int, here []int) (src, dst run) {
	if len(here) > 0 {
		ev := c.events[here[0]]
		if len(ev.Source) > 0 {
			src = c.wordsOf(ev.Source[0].Span)
		}
		if len(ev.Target) > 0 {
			dst = c.wordsOf(ev.Target[0].Span)
		}
		if src.empty() {
			src, dst = dst, src
		}
		return src, dst
	}
	sent := c.doc.Sents[s]
	var ms []*actor.Mention
	for _, m := range c.cast.Within(sent.First, sent.End) {
		if m.Actor == nil || m.Actor.Kind == actor.KindMedia || c.codeOfMention(m) == "" {
			continue
		}
		if n := len(ms); n > 0 && m.First < ms[n-1].End {
			continue // inside the one before
		}
		ms = append(ms, m)
	}
	if len(ms) == 0 {
		return run{}, run{}
	}
	first := max(0, slices.IndexFunc(ms, func(m *actor.Mention) bool {
		return c.tree.rel(m.Head) == "nsubj" && m.Actor.Kind != actor.KindPlace
	}))
	src = run{ms[first].First, ms[first].End}
	for _, m := range ms {
		if c.codeOfMention(m) != c.codeOfMention(ms[first]) {
			return src, run{m.First, m.End}
		}
	}
	return src, run{}
}

func (c *coding) codeOfMention(m *actor.Mention) detente.Party {
	if m.Actor.Party != "" {
		return m.Actor.Party
	}
	return m.Actor.Country
}

// verbOver gives the verb that governs the words of r, or the sentence's root.
func (c *coding) verbOver(r run, s int) int {
	t := c.tree
	if !r.empty() {
		w := r.first
		for n := 0; w >= 0 && n < 40; n++ {
			if !r.contains(w) && (isVerb(t.word(w)) || t.kid(w, "cop") >= 0) {
				return w
			}
			w = t.word(w).Head
		}
	}
	for i := c.doc.Sents[s].First; i < c.doc.Sents[s].End; i++ {
		if t.word(i).Head < 0 {
			return i
		}
	}
	return c.doc.Sents[s].First
}
