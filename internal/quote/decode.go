package quote

import "detente/internal/nlp"

// Model is what was learned: the lexicon of cues, the hearer and the three
// taggers.
type Model struct {
	lex     *Lexicon
	hearer  *nlp.Marker
	tag     *chain
	arg     *chain
	pick    *chain
	favours Favours
}

// Favours are added to scores while reading: they trade precision for recall
// without learning anew.
type Favours struct {
	Eager   float32 // to a cue's first word
	Named   float32 // to a source's first word
	Lenient float32 // to keeping a candidate
	Nobody  float32 // to keeping a candidate without a source
}

// stretch is words first … end-1.
type stretch struct{ first, end int }

// found is an attribution in words.
type found struct {
	cue     stretch
	head    int
	source  []stretch
	content []stretch
	outer   int // index of the attribution that holds this one, or -1
}

// newTagChain has transitions that let no I follow another part's label.
func newTagChain(bits uint) *chain {
	c := newChain(tagCount, bits)
	for _, in := range []int{tagSrcI, tagCueI, tagConI} {
		for from := 0; from < tagCount; from++ {
			if from != in && from != in-1 {
				c.trans[from*tagCount+in] = never
			}
		}
		c.first[in] = never
	}
	return c
}

// newArgChain has transitions for begin, inside, end and single.
func newArgChain(bits uint) *chain {
	c := newChain(argCount, bits)
	open := func(y int) bool { return y == argSrcB || y == argSrcI || y == argConB || y == argConI }
	goesOn := func(y int) bool { return y == argSrcI || y == argSrcE || y == argConI || y == argConE }
	part := func(y int) int {
		switch {
		case y >= argConB:
			return 2
		case y >= argSrcB:
			return 1
		}
		return 0
	}
	for x := 0; x < argCount; x++ {
		for y := 0; y < argCount; y++ {
			if open(x) != goesOn(y) || (open(x) && part(x) != part(y)) {
				c.trans[x*argCount+y] = never
			}
		}
		if goesOn(x) {
			c.first[x] = never
		}
		if open(x) {
			c.last[x] = never
		}
	}
	return c
}

// worker is one goroutine's scratch space.
type worker struct {
	lat  lattice
	walk walker
}

// tagParagraph runs the first tagger and fills t for the paragraph's words.
func (m *Model) tagParagraph(v *view, p para, t *tagged, w *worker) {
	l := &w.lat
	v.tagFeatures(p, l, m.tag.bits)
	m.tag.score(l)
	m.tag.marginals(l)
	for i := p.first; i < p.end; i++ {
		q := l.p[(i-p.first)*tagCount:]
		t.src[i] = grade(q[tagSrcB] + q[tagSrcI])
		t.cue[i] = grade(q[tagCueB] + q[tagCueI])
		t.con[i] = grade(q[tagConB] + q[tagConI])
	}
	for i, y := range m.tag.best(l) {
		t.best[p.first+i] = uint8(y)
	}
	for i := 0; i < l.n(); i++ {
		l.s[i*tagCount+tagCueB] += m.favours.Eager
	}
	for i, y := range m.tag.best(l) {
		t.eager[p.first+i] = uint8(y)
	}
}

// grade puts a probability into one of nine steps.
func grade(p float64) uint8 {
	switch {
	case p < .01:
		return 0
	case p < .05:
		return 1
	case p > .99:
		return 8
	case p > .95:
		return 7
	}
	return uint8(2 + min(4, int(p*5)))
}

// cues gives the first tagger's cues of a paragraph.
func (t *tagged) cues(v *view, p para) []cueSpan {
	var out []cueSpan
	for i := p.first; i < p.end; i++ {
		if t.eager[i] != tagCueB {
			continue
		}
		j := i + 1
		for j < p.end && t.eager[j] == tagCueI {
			j++
		}
		out = append(out, cueSpan{i, j, v.headOf(i, j)})
	}
	return out
}

// arguments runs the second tagger for one cue over its window.
func (m *Model) arguments(v *view, win para, c cueSpan, links []uint8, t *tagged, w *worker) (f found, least uint8) {
	l := &w.lat
	v.argFeatures(win, c, links, t, &w.walk, l, m.arg.bits)
	m.arg.score(l)
	pin(l, win, c)
	for i := 0; i < l.n(); i++ {
		l.s[i*argCount+argSrcB] += m.favours.Named
		l.s[i*argCount+argSrcU] += m.favours.Named
	}
	f = found{cue: stretch{c.first, c.end}, head: c.head, outer: -1}
	m.arg.marginals(l)
	path := m.arg.best(l)
	sureness := 1.
	for i := 0; i < len(path); i++ {
		var part *[]stretch
		switch path[i] {
		case argSrcB, argSrcU:
			part = &f.source
		case argConB, argConU:
			part = &f.content
		default:
			continue
		}
		sureness = min(sureness, l.p[i*argCount+path[i]])
		j := i
		for path[j] == argSrcB || path[j] == argSrcI || path[j] == argConB || path[j] == argConI {
			j++
		}
		sureness = min(sureness, l.p[j*argCount+path[j]])
		*part = append(*part, stretch{win.first + i, win.first + j + 1})
		i = j
	}
	return f, grade(sureness)
}

// pin holds the cue's words to the cue's label and keeps it from the others.
func pin(l *lattice, win para, c cueSpan) {
	for i := win.first; i < win.end; i++ {
		s := l.s[(i-win.first)*argCount : (i-win.first+1)*argCount]
		if i >= c.first && i < c.end {
			for y := range s {
				if y != argCue {
					s[y] = never
				}
			}
		} else {
			s[argCue] = never
		}
	}
}

// attributions reads a whole text.
func (m *Model) attributions(v *view) []found {
	t := newTagged(len(v.doc.Words))
	var w worker
	var out []found
	for _, p := range v.paras {
		m.tagParagraph(v, p, t, &w)
		out = append(out, m.choose(v, m.candidates(v, p, t, &w), t, &w)...)
	}
	return out
}
