package quote

import (
	"fmt"

	"detente/internal/nlp"
)

// The hearer is a small network beside the language network (nlp.Marker) that
// gives every word a probability for each of the first tagger's labels. It was
// taught by a large encoder, on far more text than has gold statements. Of a cue
// and a word it also says whether the word is of that cue's source or content.
// The taggers take what it says as evidence beside their own.

// ReadHearer reads the file of a hearer that shares the tables of lang.
func ReadHearer(lang *nlp.Model, b []byte) (*nlp.Marker, error) {
	mk, err := lang.Marker(b)
	if err != nil {
		return nil, err
	}
	if mk.Classes != quoteStates || mk.Labels != tagCount || len(mk.Groups) != 1 || mk.Parts != linkCount {
		return nil, fmt.Errorf("%w: a hearer with %d classes, %d labels and %d parts, not %d, %d and %d; train it anew (train/README.md)",
			errModel, mk.Classes, mk.Labels, mk.Parts, quoteStates, tagCount, linkCount)
	}
	return mk, nil
}

// hearGrade puts a probability into one of twelve steps, finer at the ends.
func hearGrade(p float32) uint8 {
	for i, bound := range hearBounds {
		if p < bound {
			return uint8(i)
		}
	}
	return uint8(len(hearBounds))
}

var hearBounds = [...]float32{.002, .01, .03, .1, .25, .5, .75, .9, .97, .99, .998}

// partGrades are the grades of the probability of a part as such, begin or inside.
const (
	partSrc = tagCount + iota
	partCue
	partCon
	heardCount
)

// listen fills in what mk says of every word.
func (v *view) listen(mk *nlp.Marker) {
	n := len(v.doc.Words)
	v.heard, v.guess = make([]uint8, n*heardCount), make([]uint8, n)
	class := make([]uint8, n)
	for i := range class {
		class[i] = uint8(v.quoteState(i))
	}
	v.marks = mk.Mark(v.doc, 0, v.doc.Paragraphs(), class)
	for i := range class {
		v.hearWord(i, v.marks.Labels[i*tagCount:(i+1)*tagCount])
	}
}

// Ways in which the hearer says that a word belongs to a cue.
const (
	linkSrc = iota
	linkCon
	linkCount
)

// linked are the grades of the probability that each word of a cue's window
// belongs to it: the lowest for words that were not read together with it.
func (v *view) linked(win para, c cueSpan) []uint8 {
	probs, from := v.marks.Links(c.first, c.end-1)
	out := make([]uint8, (win.end-win.first)*linkCount)
	for i := max(win.first, from) * linkCount; i < min(win.end*linkCount, from*linkCount+len(probs)); i++ {
		out[i-win.first*linkCount] = hearGrade(probs[i-from*linkCount])
	}
	return out
}

func (v *view) hearWord(i int, probs []float32) {
	g := v.heard[i*heardCount : (i+1)*heardCount]
	for y, p := range probs {
		g[y] = hearGrade(p)
		if p > probs[v.guess[i]] {
			v.guess[i] = uint8(y)
		}
	}
	g[partSrc] = hearGrade(probs[tagSrcB] + probs[tagSrcI])
	g[partCue] = hearGrade(probs[tagCueB] + probs[tagCueI])
	g[partCon] = hearGrade(probs[tagConB] + probs[tagConI])
}

// hear is the grade of a label, or part, at word i.
func (v *view) hear(i, label int) uint8 { return v.heard[i*heardCount+label] }

// heardAt is hear within a paragraph; beyond it stands edge.
func (v *view) heardAt(p para, i, label int) uint32 {
	if i < p.first || i >= p.end {
		return edge
	}
	return uint32(v.hear(i, label))
}

func (v *view) guessAt(p para, i int) uint32 {
	if i < p.first || i >= p.end {
		return edge
	}
	return uint32(v.guess[i])
}

// heardOver is the mean grade of a part over stretches.
func (v *view) heardOver(ss []stretch, part int) uint32 {
	n, sum := 0, 0
	for _, s := range ss {
		for i := s.first; i < s.end; i++ {
			sum += int(v.hear(i, part))
			n++
		}
	}
	if n == 0 {
		return edge
	}
	return uint32(sum / n)
}

// hearing adds the first tagger's features of what was heard.
func (v *view) hearing(e emitter, p para, i int) {
	at := func(d, label int) uint32 { return v.heardAt(p, i+d, label) }
	g := func(d int) uint32 { return v.guessAt(p, i+d) }
	for y := 0; y < heardCount; y++ {
		e.add(uint32(200+y), at(0, y), 0)
	}
	sure := at(0, int(v.guess[i]))
	e.add3(212, g(-1), g(0), g(1))
	e.add3(213, g(0), sure, g(1))
	e.add3(214, g(-1), g(0), sure)
	e.add3(215, g(0), sure, v.upos[i])
	for k, part := range [...]int{partSrc, partCue, partCon} {
		t := uint32(216 + 4*k)
		e.add3(t, at(-1, part), at(0, part), at(1, part))
		e.add3(t+1, at(-1, part), at(0, part), v.quoteState(i))
		e.add3(t+2, at(0, part), at(1, part), v.xpos[i])
		e.add3(t+3, at(0, part), v.rel[i], uint32(v.rate[i]))
	}
	e.add3(228, at(0, tagConB), at(0, tagConI), at(1, tagConI))
	e.add3(229, at(0, tagSrcB), at(0, tagSrcI), at(1, tagSrcI))
	e.add3(230, at(0, tagCueB), at(0, tagCueI), at(1, tagCueI))
}

// hearingOf adds the second tagger's: side is where the word stands to its cue,
// links what the hearer says of the words of the window and the cue.
func (v *view) hearingOf(e emitter, win para, i int, side uint32, links []uint8) {
	at := func(d, label int) uint32 { return v.heardAt(win, i+d, label) }
	g := func(d int) uint32 { return v.guessAt(win, i+d) }
	link := func(d, part int) uint32 {
		if i+d < win.first || i+d >= win.end {
			return edge
		}
		return uint32(links[(i+d-win.first)*linkCount+part])
	}
	e.add3(240, g(-1), g(0), side)
	e.add3(241, g(0), g(1), side)
	for k, part := range [...]int{partSrc, partCon} {
		t := uint32(242 + 4*k)
		e.add(t, at(0, part), side)
		e.add3(t+1, at(-1, part), at(0, part), side)
		e.add3(t+2, at(0, part), at(1, part), side)
		e.add3(t+3, at(0, part), v.xpos[i], side)
		t = uint32(260 + 8*k)
		e.add(t, link(0, k), side)
		e.add3(t+1, link(-1, k), link(0, k), side&^255)
		e.add3(t+2, link(0, k), link(1, k), side&^255)
		e.add3(t+3, link(0, k), at(0, part), g(0))
		e.add3(t+4, link(0, k), v.xpos[i], v.quoteState(i))
		e.add3(t+5, mix(0, link(-1, k), link(0, k)), link(1, k), g(0))
		e.add3(t+6, mix(1, link(-1, k), at(-1, part)), link(0, k), at(0, part))
		e.add3(t+7, mix(2, link(1, k), at(1, part)), link(0, k), at(0, part))
	}
	e.add3(250, at(0, tagConB), at(0, tagConI), side)
	e.add3(251, at(0, tagSrcB), at(0, tagSrcI), side)
	e.add3(252, at(0, partCue), at(0, partCon), side)
	e.add3(253, link(0, linkSrc), link(0, linkCon), g(0))
}
