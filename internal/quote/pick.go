package quote

// The third tagger decides which of the cues that were found stand. The first is
// asked for more cues than it is sure of; each gets its source and content; then
// the candidates of a paragraph, in text order, are labelled kept or not with
// all that is known of them and of those that enclose them.

const (
	pickNo = iota
	pickYes
	pickCount
)

// candidate is an attribution that may stand, with what the taggers thought.
type candidate struct {
	found
	least uint8 // grade of the least certain boundary of the second tagger
	con   uint8 // grade of the first tagger's content over the content
	src   uint8 // the same for the source
	links heldBy
	in    int // candidate whose content encloses the cue, or -1
	holds int // candidate that this one's content encloses, or -1
}

// heldBy is what the hearer says of a cue and words: the mean grade over its
// source and over its content, and the highest grade of words beside them.
type heldBy struct{ src, con, srcBeside, conBeside uint8 }

// heldOf sums up what the hearer says of f's cue and the words of its window.
func heldOf(links []uint8, win para, f *found) heldBy {
	var out heldBy
	for part, to := range [linkCount]struct {
		in           []stretch
		mean, beside *uint8
	}{{f.source, &out.src, &out.srcBeside}, {f.content, &out.con, &out.conBeside}} {
		n, sum := 0, 0
		for i := win.first; i < win.end; i++ {
			g := links[(i-win.first)*linkCount+part]
			if within(to.in, i) {
				n, sum = n+1, sum+int(g)
			} else {
				*to.beside = max(*to.beside, g)
			}
		}
		if *to.mean = nowhere; n > 0 {
			*to.mean = uint8(sum / n)
		}
	}
	return out
}

// nowhere is the grade of no words at all.
const nowhere = 15

// weigh fills in what candidates of one paragraph are to each other, and how
// the first tagger saw their parts.
func (v *view) weigh(cs []candidate, t *tagged) {
	for i := range cs {
		c := &cs[i]
		c.in, c.holds = -1, -1
		c.con, c.src = mean(t.con, c.content), mean(t.src, c.source)
	}
	for i := range cs {
		for j := range cs {
			if i == j || !within(cs[j].content, cs[i].head) {
				continue
			}
			if cs[i].in < 0 || t.cue[cs[j].cue.first] > t.cue[cs[cs[i].in].cue.first] {
				cs[i].in = j
			}
			if cs[j].holds < 0 || t.cue[cs[i].cue.first] > t.cue[cs[cs[j].holds].cue.first] {
				cs[j].holds = i
			}
		}
	}
}

func mean(g []uint8, ss []stretch) uint8 {
	n, sum := 0, 0
	for _, s := range ss {
		for i := s.first; i < s.end; i++ {
			sum += int(g[i])
			n++
		}
	}
	if n == 0 {
		return nowhere
	}
	return uint8(sum / n)
}

// pickFeatures fills l with the third tagger's features, one position for each
// candidate.
func (v *view) pickFeatures(cs []candidate, t *tagged, l *lattice, bits uint) {
	l.reset()
	e := emitter{l, 1<<bits - 1}
	for i := range cs {
		v.pickOne(e, cs, i, t)
		l.next()
	}
}

func (v *view) pickOne(e emitter, cs []candidate, i int, t *tagged) {
	c := &cs[i]
	words := v.doc.Words
	h := c.head
	cue, con := uint32(t.cue[c.cue.first]), uint32(t.con[c.cue.first])
	best := uint32(t.best[c.cue.first])
	rate := uint32(v.rate[h])
	form := uint32(0)
	for w := c.cue.first; w < c.cue.end; w++ {
		form = mix(300, form, v.lemma[w])
	}
	kind := uint32(0)
	if len(c.source) > 0 {
		s := c.source[0]
		kind = 1 + uint32(v.ent[s.first])
		if words[s.first].UPOS == "PRON" {
			kind = 9
		}
	}
	size := distance(size(c.content))
	quote := uint32(0)
	if len(c.content) > 0 {
		quote = v.quoteState(c.content[0].first)<<4 | v.quoteState(c.content[len(c.content)-1].end-1)
	}
	e.add(300, 0, 0)
	e.add(301, cue, best)
	e.add3(302, cue, con, best)
	e.add(303, v.lemma[h], v.upos[h])
	e.add(304, form, 0)
	e.add3(319, v.cluster[h], v.upos[h], 0)
	e.add3(320, v.cluster[h], cue, kind)
	e.add3(305, rate, v.xpos[h], v.rel[h])
	e.add3(306, rate, cue, kind)
	e.add3(307, uint32(c.least), cue, kind)
	e.add3(308, uint32(c.con), cue, size)
	e.add3(309, uint32(c.src), cue, kind)
	e.add3(310, kind, size, rate)
	e.add3(311, quote, rate, v.quoteState(h))
	e.add3(312, v.upos[h], cue, uint32(c.least))
	e.add3(313, v.rel[h], cue, con)
	e.add3(314, uint32(len(c.content)), size, cue)
	e.add3(315, form, kind, uint32(c.con))
	side := uint32(0)
	if len(c.content) > 0 && c.content[0].first < c.cue.first {
		side = 1
	}
	e.add3(316, side, rate, cue)
	if len(c.content) > 0 {
		f := c.content[0].first
		e.add3(317, v.form[f], v.lemma[h], side)
		e.add3(318, v.xpos[f], v.upos[h], cue)
	}
	if c.in >= 0 {
		o := &cs[c.in]
		oc := uint32(t.cue[o.cue.first])
		e.add3(330, oc, cue, uint32(o.least))
		e.add3(331, uint32(v.rate[o.head]), rate, oc)
		e.add3(332, v.lemma[o.head], rate, cue)
		e.add3(333, uint32(o.con), oc, cue)
	} else {
		e.add3(334, cue, con, rate)
	}
	if c.holds >= 0 {
		o := &cs[c.holds]
		oc := uint32(t.cue[o.cue.first])
		e.add3(340, oc, cue, uint32(c.least))
		e.add3(341, uint32(v.rate[o.head]), rate, oc)
		e.add3(342, v.lemma[h], oc, cue)
	} else {
		e.add3(343, cue, rate, uint32(c.least))
	}
	if v.para[h] == 0 {
		e.add3(350, v.upos[h], cue, rate)
	}
	heard := uint32(v.hear(c.cue.first, tagCueB))
	hcon, hsrc := v.heardOver(c.content, partCon), v.heardOver(c.source, partSrc)
	e.add3(360, heard, cue, rate)
	e.add3(361, heard, hcon, hsrc)
	e.add3(362, heard, hcon, size)
	e.add3(363, hsrc, kind, cue)
	e.add3(364, hcon, uint32(c.con), uint32(c.least))
	e.add3(365, uint32(v.hear(c.cue.first, tagConB)), heard, cue)
	k := c.links
	e.add3(366, uint32(k.src), uint32(k.con), heard)
	e.add3(367, uint32(k.src), uint32(k.srcBeside), kind)
	e.add3(368, uint32(k.con), uint32(k.conBeside), size)
	e.add3(369, uint32(k.srcBeside), heard, kind)
	e.add3(370, uint32(k.con), heard, cue)
	e.add3(371, uint32(k.src), hsrc, kind)
}

// candidates gives a paragraph's cues with their arguments.
func (m *Model) candidates(v *view, p para, t *tagged, w *worker) []candidate {
	var out []candidate
	for _, c := range t.cues(v, p) {
		win := window(p, c)
		links := v.linked(win, c)
		f, least := m.arguments(v, win, c, links, t, w)
		if len(f.content) > 0 {
			out = append(out, candidate{found: f, least: least, links: heldOf(links, win, &f)})
		}
	}
	v.weigh(out, t)
	return out
}

// choose gives the candidates that stand.
func (m *Model) choose(v *view, cs []candidate, t *tagged, w *worker) []found {
	if len(cs) == 0 {
		return nil
	}
	l := &w.lat
	v.pickFeatures(cs, t, l, m.pick.bits)
	m.pick.score(l)
	for i := range cs {
		l.s[i*pickCount+pickYes] += m.favours.Lenient
		if len(cs[i].source) == 0 {
			l.s[i*pickCount+pickYes] += m.favours.Nobody
		}
	}
	var out []found
	for i, y := range m.pick.best(l) {
		if y == pickYes {
			out = append(out, cs[i].found)
		}
	}
	return out
}
