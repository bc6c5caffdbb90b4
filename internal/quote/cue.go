package quote

// Labels of the first tagger, which marks the outermost attributions of a
// paragraph all at once.
const (
	tagO = iota
	tagSrcB
	tagSrcI
	tagCueB
	tagCueI
	tagConB
	tagConI
	tagCount
)

// mix hashes a template number and two values to 32 bits.
func mix(t, a, b uint32) uint32 {
	h := (t+1)*0x9E3779B1 ^ a
	h *= 0x85EBCA6B
	h ^= h >> 13
	h += b * 0xC2B2AE35
	h ^= h >> 16
	h *= 0x27D4EB2D
	h ^= h >> 15
	return h
}

// emitter gathers the features of one position.
type emitter struct {
	l    *lattice
	mask uint32
}

func (e emitter) add(t, a, b uint32) { e.l.feats = append(e.l.feats, mix(t, a, b)&e.mask) }

// add3 crosses three values.
func (e emitter) add3(t, a, b, c uint32) { e.add(t, mix(t, a, b), c) }

const (
	edge = 0xED6E // stands for what lies beyond the paragraph
	like = 4      // rate bucket from which a word counts as like a cue
)

// distance buckets a count of words.
func distance(d int) uint32 {
	switch {
	case d < 0:
		return 16 + distance(-d)
	case d <= 4:
		return uint32(d)
	case d <= 6:
		return 5
	case d <= 10:
		return 6
	case d <= 16:
		return 7
	case d <= 30:
		return 8
	}
	return 9
}

// at gives xs[i] inside the paragraph, else edge.
func at(xs []uint32, p para, i int) uint32 {
	if i < p.first || i >= p.end {
		return edge
	}
	return xs[i]
}

// quoteStates is the number of answers of quoteState.
const quoteStates = 12

// quoteState tells where a word stands between quotation marks.
func (v *view) quoteState(i int) uint32 {
	k := v.outer[i]
	if k < 0 {
		return 0
	}
	q := v.quotes[k]
	s := uint32(1)
	switch {
	case i == q.first:
		s = 2
	case i == q.end-1:
		s = 3
	}
	size := q.end - q.first
	switch {
	case size <= 5:
		s += 4
	case size <= 12:
		s += 8
	}
	return s
}

// ancestor is the nearest ancestor that is like a cue, with the word below it
// on the way and the number of steps.
func (v *view) ancestor(i int) (anc, below, steps int) {
	words := v.doc.Words
	below = i
	for a := words[i].Head; a >= 0 && steps < 12; a = words[a].Head {
		steps++
		if v.rate[a] >= like {
			return a, below, steps
		}
		below = a
	}
	return -1, -1, 0
}

// paragraph holds what the first tagger computes once for a paragraph.
type paragraph struct {
	para
	left, right []int // nearest word like a cue on either side, or -1
	close, open []int // end of the last quotation before, start of the next one after, or -1
}

func (v *view) paragraph(p para) paragraph {
	n := p.end - p.first
	g := paragraph{para: p, left: make([]int, n), right: make([]int, n), close: make([]int, n), open: make([]int, n)}
	last, closed := -1, -1
	for i := p.first; i < p.end; i++ {
		g.left[i-p.first], g.close[i-p.first] = last, closed
		if v.rate[i] >= like {
			last = i
		}
		if k := v.outer[i]; k >= 0 && i == v.quotes[k].end-1 {
			closed = i
		}
	}
	last, opened := -1, -1
	for i := p.end - 1; i >= p.first; i-- {
		g.right[i-p.first], g.open[i-p.first] = last, opened
		if v.rate[i] >= like {
			last = i
		}
		if k := v.outer[i]; k >= 0 && i == v.quotes[k].first {
			opened = i
		}
	}
	return g
}

// tagFeatures fills l with the first tagger's features of a paragraph.
func (v *view) tagFeatures(p para, l *lattice, bits uint) {
	l.reset()
	g := v.paragraph(p)
	e := emitter{l, 1<<bits - 1}
	for i := p.first; i < p.end; i++ {
		v.lexical(e, p, i)
		v.syntactic(e, i)
		v.around(e, &g, i)
		v.hearing(e, p, i)
		l.next()
	}
}

// lexical: the word, its neighbours, tags, names and rates.
func (v *view) lexical(e emitter, p para, i int) {
	f := func(d int) uint32 { return at(v.form, p, i+d) }
	x := func(d int) uint32 { return at(v.xpos, p, i+d) }
	lm := func(d int) uint32 { return at(v.lemma, p, i+d) }
	r := func(d int) uint32 {
		if i+d < p.first || i+d >= p.end {
			return 15
		}
		return uint32(v.rate[i+d])
	}
	en := func(d int) uint32 {
		if i+d < p.first || i+d >= p.end {
			return 15
		}
		return uint32(v.ent[i+d])
	}
	e.add(0, 0, 0)
	e.add(1, f(0), 0)
	e.add(2, lm(0), v.upos[i])
	e.add(3, f(-1), 0)
	e.add(4, f(1), 0)
	e.add(5, lm(-2), 0)
	e.add(6, lm(2), 0)
	e.add(7, f(-1), f(0))
	e.add(8, f(0), f(1))
	e.add(9, lm(-1), lm(1))
	e.add(10, x(0), 0)
	e.add(11, x(-1), x(0))
	e.add(12, x(0), x(1))
	e.add3(13, x(-1), x(0), x(1))
	e.add3(14, x(-2), x(-1), x(0))
	e.add3(15, x(0), x(1), x(2))
	e.add(16, v.suffix[i], 0)
	e.add(17, v.shape[i], 0)
	e.add(18, en(0), en(-1)<<8|en(1))
	e.add(19, en(0), x(0))
	e.add(20, r(0), v.upos[i])
	e.add(21, r(-1), r(0)<<8|r(1))
	e.add(22, r(-1), x(0))
	e.add(23, r(1), x(0))
	e.add(24, r(-2), x(0))
	e.add(25, r(2), x(0))
	e.add(26, lm(-1), x(0))
	e.add(27, lm(1), x(0))
	e.add3(28, lm(-1), lm(0), lm(1))
	c := func(d int) uint32 { return at(v.cluster, p, i+d) }
	e.add(29, c(0), x(0))
	e.add3(30, c(-1), c(0), x(0))
	e.add3(31, c(0), c(1), x(0))
	e.add3(32, c(-1), x(0), c(1))
	e.add(33, c(0), f(1))
}

// syntactic: the word's place in the tree.
func (v *view) syntactic(e emitter, i int) {
	words := v.doc.Words
	h := words[i].Head
	rel, x := v.rel[i], v.xpos[i]
	r := uint32(v.rate[i])
	e.add(40, rel, 0)
	e.add(41, rel, x)
	e.add(42, v.lemma[i], rel)
	e.add(56, v.cluster[i], rel)
	if h >= 0 {
		side := uint32(0)
		if i < h {
			side = 1
		}
		e.add3(43, v.lemma[h], rel, side)
		e.add3(44, uint32(v.rate[h]), rel, side)
		e.add3(57, v.cluster[h], rel, side)
		e.add3(45, v.upos[h], rel, side)
		e.add(46, uint32(v.rate[h])<<8|uint32(v.ent[i]), rel)
		e.add3(47, v.rel[h], rel, uint32(v.rate[h]))
		if g := words[h].Head; g >= 0 {
			e.add3(48, v.lemma[g], v.base[h], rel)
			e.add3(49, uint32(v.rate[g]), v.base[h], rel)
		}
	}
	subj, comp := uint32(0), uint32(0)
	for _, c := range v.kids[i] {
		e.add3(50, r, v.upos[i], v.rel[c])
		e.add(51, v.lemma[i], v.rel[c])
		e.add3(58, v.cluster[i], v.rel[c], v.upos[c])
		switch words[c].Rel {
		case "nsubj", "nsubj:pass", "csubj":
			subj = 1 + uint32(v.ent[c]+3)/4
			if words[c].UPOS == "PRON" {
				subj = 5
			}
			e.add3(52, r, v.lemma[c], v.upos[i])
		case "ccomp", "xcomp", "parataxis", "obj", "advcl", "nmod", "obl":
			comp |= 1 << (v.base[c] % 16)
			e.add3(53, r, v.upos[c], v.base[c])
		}
	}
	e.add3(54, r, subj, comp)
	e.add3(55, v.upos[i], subj, comp)
	anc, below, steps := v.ancestor(i)
	if anc < 0 {
		e.add(60, rel, 0)
		return
	}
	side := uint32(0)
	if i < anc {
		side = 1
	}
	rate := uint32(v.rate[anc])
	at := uint32(0) // where i stands in the ancestor's branch
	if i == v.lo[below] {
		at |= 1
	}
	if i == v.hi[below] {
		at |= 2
	}
	e.add3(61, v.lemma[anc], v.rel[below], side)
	e.add3(71, v.cluster[anc], v.rel[below], side)
	e.add3(62, rate, v.rel[below], side<<4|uint32(min(steps, 4)))
	e.add3(63, rate, v.rel[below], side<<4|at)
	e.add3(64, v.upos[anc], v.rel[below], side<<4|at)
	e.add3(65, mix(65, v.rel[below], rel), x, side)
	e.add3(66, v.rel[anc], v.rel[below], side<<4|rate)
	e.add3(67, distance(i-anc), v.rel[below], rate)
	e.add3(68, v.base[below], x, side<<4|at)
	if up, _, _ := v.ancestor(anc); up >= 0 {
		e.add3(69, v.lemma[up], v.rel[below], side)
		e.add3(70, uint32(v.rate[up])<<4|rate, v.rel[below], side)
	}
}

// around: quotation marks, nearby cues, place in sentence and paragraph.
func (v *view) around(e emitter, g *paragraph, i int) {
	k := i - g.first
	q := v.quoteState(i)
	before, after := uint32(31), uint32(31)
	if i > g.first {
		before = v.quoteState(i - 1)
	}
	if i+1 < g.end {
		after = v.quoteState(i + 1)
	}
	r, x := uint32(v.rate[i]), v.xpos[i]
	e.add3(80, before, q, after)
	e.add(81, q, x)
	e.add3(82, q, r, v.upos[i])
	left, right := g.left[k], g.right[k]
	lw, rw := uint32(edge), uint32(edge)
	ld, rd := uint32(99), uint32(99)
	lq, rq := uint32(31), uint32(31)
	if left >= 0 {
		lw, ld, lq = v.lemma[left], distance(i-left), v.quoteState(left)
		if v.doc.Words[left].Sent != v.doc.Words[i].Sent {
			ld += 100
		}
		e.add3(83, uint32(v.rate[left]), ld, q)
	}
	if right >= 0 {
		rw, rd, rq = v.lemma[right], distance(right-i), v.quoteState(right)
		if v.doc.Words[right].Sent != v.doc.Words[i].Sent {
			rd += 100
		}
		e.add3(84, uint32(v.rate[right]), rd, q)
	}
	e.add3(85, ld, rd, q)
	e.add3(86, ld, rd, x)
	e.add(87, lw, q)
	e.add(88, rw, q)
	e.add3(89, lq, q, rq)
	e.add3(90, lw, ld, x)
	e.add3(91, rw, rd, x)
	cd, od := uint32(99), uint32(99)
	if c := g.close[k]; c >= 0 {
		cd = distance(i - c)
	}
	if o := g.open[k]; o >= 0 {
		od = distance(o - i)
	}
	e.add3(92, cd, r, q)
	e.add3(93, od, r, q)
	e.add3(94, cd, od, x)
	s := v.doc.Sents[v.doc.Words[i].Sent]
	e.add(95, distance(i-s.First), x)
	e.add3(96, distance(s.End-1-i), x, q)
	title := uint32(0)
	if v.para[i] == 0 {
		title = 1
	}
	e.add(97, title, x)
	e.add3(98, title, r, v.upos[i])
}
