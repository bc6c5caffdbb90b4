package quote

// Labels of the second tagger, which reads a paragraph once for every cue and
// marks that cue's own source and content: begin, inside, end and single.
const (
	argO = iota
	argCue
	argSrcB
	argSrcI
	argSrcE
	argSrcU
	argConB
	argConI
	argConE
	argConU
	argCount
)

// reach bounds how many words on either side of a cue its arguments are sought.
const reach = 220

// way is the path through the tree from a cue's head to a word.
type way struct {
	up    int    // steps up from the cue
	ups   uint32 // relations of those steps
	d1    uint32 // first relation down
	d2    uint32
	down  int
	entry int // the word below the turning point, or -1 on the way up itself
	mid   int // the word below that
	turn  int // the turning point
	known bool
}

// walker finds ways; stamp tells which entries are of the present cue.
type walker struct {
	ways  []way
	stamp []int
	turn  int
}

func (k *walker) begin(n int) {
	if len(k.stamp) < n {
		k.ways, k.stamp, k.turn = make([]way, n), make([]int, n), 0
	}
	k.turn++
}

// climb marks the way up from the cue's head.
func (k *walker) climb(v *view, head int) {
	w := way{entry: -1, mid: -1, turn: head, known: true}
	for a := head; a >= 0; a = v.doc.Words[a].Head {
		w.turn = a
		k.ways[a], k.stamp[a] = w, k.turn
		w.ups = mix(1, w.ups, v.rel[a])
		w.up++
	}
}

// to gives the way to word i; words of other sentences are not known.
func (k *walker) to(v *view, i int) way {
	if k.stamp[i] == k.turn {
		return k.ways[i]
	}
	var w way
	if h := v.doc.Words[i].Head; h >= 0 {
		w = k.to(v, h)
		if w.known {
			w.down++
			switch w.down {
			case 1:
				w.d1, w.entry = v.rel[i], i
			case 2:
				w.d2, w.mid = v.rel[i], i
			}
		}
	}
	k.ways[i], k.stamp[i] = w, k.turn
	return w
}

// cueSpan is a cue: words first … end-1 of a paragraph, with its head.
type cueSpan struct{ first, end, head int }

// headOf gives the word of first … end-1 that its own tree hangs on; a verb, or
// a word like a cue, is preferred where several hang outside.
func (v *view) headOf(first, end int) int {
	best, score := first, -1
	for i := first; i < end; i++ {
		h := v.doc.Words[i].Head
		if h >= first && h < end {
			continue
		}
		s := int(v.rate[i]) * 2
		if v.doc.Words[i].UPOS == "VERB" {
			s += 3
		}
		if s > score {
			best, score = i, s
		}
	}
	return best
}

// window is the stretch of a paragraph that is read for a cue.
func window(p para, c cueSpan) para {
	return para{max(p.first, c.first-reach), min(p.end, c.end+reach)}
}

// tagged is what the first tagger said of each word of the text, for the second
// to lean on.
type tagged struct {
	src, cue, con []uint8 // probability in eighths
	best          []uint8 // label of the best path
	eager         []uint8 // label of the best path with cues made easier to find
}

func newTagged(n int) *tagged {
	return &tagged{src: make([]uint8, n), cue: make([]uint8, n), con: make([]uint8, n), best: make([]uint8, n), eager: make([]uint8, n)}
}

// argFeatures fills l with the second tagger's features of a cue's window; links
// is what the hearer says of its words and the cue (linked).
func (v *view) argFeatures(win para, c cueSpan, links []uint8, t *tagged, k *walker, l *lattice, bits uint) {
	l.reset()
	k.begin(len(v.doc.Words))
	k.climb(v, c.head)
	e := emitter{l, 1<<bits - 1}
	a := v.aside(win, c, links, t)
	for i := win.first; i < win.end; i++ {
		v.argWord(e, win, c, t, k, &a, i)
		l.next()
	}
}

// aside holds counts between the cue and each word of the window.
type aside struct {
	commas []uint8 // commas, dashes and the like between
	stops  []uint8 // sentence ends between
	cues   []uint8 // other cues of the first tagger between
	likes  []uint8 // words like a cue between
	marks  []uint8 // quotation edges between
	segs   []uint8 // source segments of the first tagger between
	rule   []uint8 // what the rules over the tree make of the word
	links  []uint8 // what the hearer says of each word and the cue (linked)
	form   uint32  // the cue: tag, relation, and whether it has a subject of its own
}

func (v *view) aside(win para, c cueSpan, links []uint8, t *tagged) aside {
	n := win.end - win.first
	buf := make([]uint8, 7*n)
	a := aside{buf[:n], buf[n : 2*n], buf[2*n : 3*n], buf[3*n : 4*n], buf[4*n : 5*n], buf[5*n : 6*n], buf[6*n:], links, 0}
	f, _ := v.byTree(c.head)
	for part, ss := range [][]stretch{f.source, f.content} {
		for _, s := range ss {
			for i := max(s.first, win.first); i < min(s.end, win.end); i++ {
				at := uint8(2)
				switch i {
				case s.first:
					at = 1
				case s.end - 1:
					at = 3
				}
				a.rule[i-win.first] = uint8(part)*4 + at
			}
		}
	}
	own := uint32(0)
	for _, k := range v.kids[c.head] {
		switch v.doc.Words[k].Rel {
		case "nsubj", "csubj":
			own |= 1
		case "nsubj:pass":
			own |= 2
		case "obl:agent":
			own |= 4
		case "ccomp", "xcomp":
			own |= 8
		}
	}
	a.form = mix(own, v.xpos[c.head], v.rel[c.head])
	walk := func(from, to, step int) {
		var commas, stops, cues, likes, marks, segs uint8
		for i := from; i != to; i += step {
			j := i - win.first
			a.commas[j], a.stops[j], a.cues[j] = min(commas, 3), min(stops, 3), min(cues, 2)
			a.likes[j], a.marks[j], a.segs[j] = min(likes, 2), min(marks, 3), min(segs, 2)
			switch v.lower[i] {
			case ",", ";", ":", "-", "–", "—", "--", "(", ")":
				commas++
			}
			next := i + step
			if next < 0 || next >= len(v.lower) {
				break
			}
			if v.doc.Words[next].Sent != v.doc.Words[i].Sent {
				stops++
				commas = 0
			}
			if v.rate[i] >= like+1 {
				likes++
			}
			if v.outer[i] != v.outer[next] {
				marks++
			}
			b, nb := t.best[i], t.best[next]
			if (b == tagCueB || b == tagCueI) && !(nb == tagCueB || nb == tagCueI) {
				cues++
			}
			if (b == tagSrcB || b == tagSrcI) && !(nb == tagSrcB || nb == tagSrcI) {
				segs++
			}
		}
	}
	walk(c.first-1, win.first-1, -1)
	walk(c.end, win.end, 1)
	return a
}

func (v *view) argWord(e emitter, win para, c cueSpan, t *tagged, k *walker, a *aside, i int) {
	words := v.doc.Words
	j := i - win.first
	if i >= c.first && i < c.end {
		e.add(100, 0, 0)
		return
	}
	side := uint32(0)
	d := i - c.end + 1
	if i < c.first {
		side = 1
		d = c.first - i
	}
	dist := side<<8 | distance(d)
	if words[i].Sent != words[c.head].Sent {
		dist |= 1 << 9
	}
	f := func(d int) uint32 { return at(v.form, win, i+d) }
	x := func(d int) uint32 { return at(v.xpos, win, i+d) }
	cl := v.lemma[c.head]
	w := k.to(v, i)

	// the word itself
	e.add(101, side, 0)
	e.add(102, f(0), side)
	e.add(103, x(0), side)
	e.add3(104, f(-1), f(0), side)
	e.add3(105, f(0), f(1), side)
	e.add3(106, x(-1), x(0), side<<1)
	e.add3(107, x(0), x(1), side<<1)
	e.add(116, v.cluster[i], side)
	e.add3(117, v.cluster[c.head], v.upos[i], dist)
	e.add3(108, mix(0, x(-1), x(0)), x(1), side)
	e.add(109, dist, 0)
	e.add(110, dist, x(0))
	e.add3(111, uint32(v.ent[i]), side, v.upos[i])
	e.add3(112, dist, uint32(a.commas[j])<<4|uint32(a.stops[j]), uint32(a.likes[j]))
	e.add3(113, side, uint32(a.commas[j])<<8|uint32(a.stops[j])<<4|uint32(a.marks[j]), f(0))
	e.add3(114, side, uint32(a.cues[j])<<4|uint32(a.segs[j]), v.upos[i])
	e.add(115, v.shape[i], side)

	// the rules over the tree
	rule := uint32(a.rule[j])
	next, before := uint32(0), uint32(0)
	if j+1 < len(a.rule) {
		next = uint32(a.rule[j+1])
	}
	if j > 0 {
		before = uint32(a.rule[j-1])
	}
	e.add3(120, rule, next, side)
	e.add3(121, rule, before, side)
	e.add3(122, rule, v.upos[i], a.form)
	e.add3(123, rule, cl, side)
	e.add3(128, rule, v.cluster[c.head], side)
	e.add3(124, rule, f(0), side)
	e.add3(125, rule, uint32(v.ent[i]), v.quoteState(i))

	// the way from the cue
	if w.known {
		up := uint32(min(w.up, 3))
		path := mix(7, w.ups, mix(8, w.d1, w.d2)) + uint32(min(w.down, 3))
		entry := mix(9, w.ups, w.d1)
		at := uint32(0)
		if w.entry >= 0 {
			if i == v.lo[w.entry] {
				at |= 1
			}
			if i == v.hi[w.entry] {
				at |= 2
			}
			if w.entry > c.head {
				at |= 4
			}
			if i > w.entry {
				at |= 8
			}
			if i == w.entry {
				at |= 16
			}
		}
		at2 := uint32(0)
		if w.mid >= 0 {
			if i == v.lo[w.mid] {
				at2 |= 1
			}
			if i == v.hi[w.mid] {
				at2 |= 2
			}
			if i > w.mid {
				at2 |= 4
			}
		}
		e.add(130, path, side)
		e.add3(131, path, cl, side)
		e.add3(126, path, v.cluster[c.head], side)
		e.add3(127, entry, at, v.cluster[c.head])
		e.add3(132, path, x(0), side)
		e.add3(148, path, a.form, side)
		e.add3(149, entry, a.form, at)
		e.add3(133, entry, at, side)
		e.add3(134, entry, at, cl)
		e.add3(135, entry, at, v.rel[i])
		e.add3(136, entry, side, f(0))
		e.add3(137, entry, side, f(-1))
		e.add3(138, entry, at, v.upos[c.head])
		e.add3(139, path, at, at2)
		e.add3(140, w.d1, up, at<<2|side)
		e.add3(141, w.d1, w.d2, at2<<8|at)
		e.add3(142, entry, x(0), side)
		e.add3(143, entry, v.lemma[i], side)
		e.add3(144, w.d1, cl, x(0))
		if w.turn >= 0 {
			e.add3(145, v.lemma[w.turn], w.d1, at)
			e.add3(146, uint32(v.rate[w.turn]), entry, at)
			root := uint32(0)
			if i == v.lo[w.turn] {
				root |= 1
			}
			if i == v.hi[w.turn] {
				root |= 2
			}
			e.add3(147, w.ups, root, side)
		}
	} else {
		s := words[i].Sent - words[c.head].Sent
		sent := v.doc.Sents[words[i].Sent]
		at := uint32(0)
		if i == sent.First {
			at |= 1
		}
		if i == sent.End-1 {
			at |= 2
		}
		e.add3(150, distance(s), at, x(0))
		e.add3(151, distance(s), at, v.quoteState(i))
		e.add(152, distance(s), cl)
	}

	// quotation marks
	q := v.quoteState(i)
	qn := uint32(31)
	if i+1 < win.end {
		qn = v.quoteState(i + 1)
	}
	qp := uint32(31)
	if i > win.first {
		qp = v.quoteState(i - 1)
	}
	cq := v.quoteState(c.head)
	same := uint32(0)
	if v.outer[i] >= 0 && v.outer[i] == v.outer[c.head] {
		same = 1
	}
	marks := uint32(a.marks[j])
	e.add3(160, q, side<<4|marks, cq<<1|same)
	e.add3(161, mix(1, qp, q), qn, side<<4|marks)
	e.add3(162, q, side<<4|marks, cl)
	e.add3(163, q, side<<4|uint32(a.stops[j]), uint32(a.cues[j]))
	e.add3(164, mix(1, q, qn), x(0), side<<4|marks)
	e.add3(165, mix(1, q, qp), f(0), side<<4|marks)

	// the first tagger
	s, con, cue := uint32(t.src[i]), uint32(t.con[i]), uint32(t.cue[i])
	best := func(d int) uint32 {
		if i+d < win.first || i+d >= win.end {
			return 15
		}
		return uint32(t.best[i+d])
	}
	e.add3(180, s, side, uint32(a.segs[j]))
	e.add3(181, con, side, uint32(a.cues[j]))
	e.add3(182, cue, side, 0)
	e.add3(183, best(-1), best(0), best(1))
	e.add3(184, best(0), side<<4|uint32(a.cues[j]), uint32(a.segs[j]))
	e.add3(185, best(0), best(1), side<<4|uint32(a.cues[j]))
	e.add3(186, best(-1), best(0), side<<4|uint32(a.segs[j]))
	if w.known {
		e.add3(187, best(0), mix(1, w.ups, w.d1), side)
	}
	v.hearingOf(e, win, i, side<<8|uint32(a.cues[j])<<4|uint32(a.segs[j]), a.links)
}
