package event

import (
	"fmt"
	"slices"

	"detente"
	"detente/internal/actor"
	"detente/internal/nlp"
)

// The spotter is a small network beside the language network (nlp.Marker) that
// says of every word whether it tells a deed and of which type, whether that
// deed happened, whether it is what its text mainly tells, and which words name who
// did it and to whom. It was taught by a large encoder, which learned from
// marked news. Training is in train/spotter.py.

const spotterFile = "lang/en/event-spotter.bin"

// spotKinds are the types that the spotter tells apart; its first label is none.
var spotKinds = []detente.EventType{
	detente.Agree, detente.Consult, detente.Support, detente.Concede, detente.Cooperate, detente.Aid, detente.Retreat, detente.Request,
	detente.Accuse, detente.Reject, detente.Threaten, detente.Protest, detente.Sanction, detente.Mobilize, detente.Coerce, detente.Assault,
}

// spotStances are what it says of a deed.
var spotStances = []detente.Factuality{detente.Happened, detente.Planned, detente.CalledFor, detente.Alleged, detente.DeniedHappened}

// What the spotter answers of each word: three groups of labels.
var (
	spotTypes  = 1 + len(spotKinds)
	spotGroups = []int{spotTypes, len(spotStances), 2}
	spotLabels = spotTypes + len(spotStances) + 2
)

// Ways in which a word may belong to a deed.
const (
	linkSource = iota
	linkTarget
	linkMutual // of those who do something with each other
	linkCount
)

// wordClasses is the number of classes of words that the spotter is told.
const wordClasses = 18

// classesOf gives what the cast knows of every word: nobody, a resolved
// pronoun, a word of a dateline, or the kind of who is named there and whether they
// act for a party.
func classesOf(doc *nlp.Doc, cast *actor.Cast) []uint8 {
	out := make([]uint8, len(doc.Words))
	for i := range out {
		switch m := cast.Covering(i); {
		case doc.Sents[doc.Words[i].Sent].Dateline:
			out[i] = wordClasses - 1
		case m == nil || m.Actor == nil:
		case m.Pronoun:
			out[i] = wordClasses - 2
		default:
			out[i] = classOfActor(m.Actor)
		}
	}
	return out
}

var kindClasses = map[actor.Kind]uint8{
	actor.KindPerson: 1, actor.KindBody: 3, actor.KindState: 5, actor.KindOrg: 7, actor.KindGroup: 9, actor.KindMedia: 11, actor.KindPlace: 13,
}

func classOfActor(a *actor.Actor) uint8 {
	k := kindClasses[a.Kind]
	if k == 0 {
		return 15
	}
	if a.Party != "" {
		k++
	}
	return k
}

// ReadSpotter reads the file of a spotter that shares the tables of lang.
func ReadSpotter(lang *nlp.Model, b []byte) (*nlp.Marker, error) {
	mk, err := lang.Marker(b)
	if err != nil {
		return nil, err
	}
	if mk.Classes != wordClasses || !slices.Equal(mk.Groups, spotGroups) || mk.Parts != linkCount {
		return nil, fmt.Errorf("%w: a spotter with %d classes, labels in groups of %v and %d parts, not %d, %v and %d; train it anew (train/README.md)",
			nlp.ErrModel, mk.Classes, mk.Groups, mk.Parts, wordClasses, spotGroups, linkCount)
	}
	return mk, nil
}

// spots is what the spotter says of a document.
type spots struct {
	marks *nlp.Marks
}

// spot reads the document.
func (c *coding) spot() spots {
	return spots{c.spotter.Mark(c.doc, 0, c.doc.Paragraphs(), classesOf(c.doc, c.cast))}
}

func (s spots) of(i int) []float32 { return s.marks.Labels[i*spotLabels : (i+1)*spotLabels] }

// deed is the probability that word i tells a deed.
func (s spots) deed(i int) float32 { return 1 - s.of(i)[0] }

// kind is the most probable type of the deed at word i, and how probable it is.
func (s spots) kind(i int) (detente.EventType, float32) {
	k := likeliest(s.of(i)[1:spotTypes])
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
	k := likeliest(p)
	return spotStances[k], p[k]
}

// happened is how probably the deed at word i happened.
func (s spots) happened(i int) float32 { return s.of(i)[spotTypes] }

// rank is how probably word i tells what its text mainly tells.
func (s spots) rank(i int) float32 { return s.deed(i) * s.of(i)[spotLabels-1] }

// likeliest is the place of the highest probability, the first of equal ones.
func likeliest(p []float32) int { return slices.Index(p, slices.Max(p)) }
