package quote

import (
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"sync"

	"detente"
	"detente/internal/nlp"
)

// teacher fits a chain by stochastic gradient with a step of its own for every
// weight (AdaGrad).
type teacher struct {
	c    *chain
	h    []float32 // squared gradients of c.w
	ht   []float32
	rate float64
	drop float64 // share of features left out of each look
	rng  *rand.Rand
	kept []uint32
	sum  []float32 // weights added up over the last rounds
	sums int
	off  []int
	grad []float64
}

func newTeacher(c *chain, rate, drop float64, seed uint64) *teacher {
	return &teacher{c: c, h: make([]float32, len(c.w)), ht: make([]float32, len(c.trans)+2*c.labels),
		rate: rate, drop: drop, rng: rand.New(rand.NewPCG(seed, 7))}
}

// step learns from one sequence with its gold labels and returns the loss.
func (t *teacher) step(l *lattice, gold []int) float64 {
	return t.stepWith(l, gold, func() {})
}

// stepPinned is step with the cue's words held to their label.
func (t *teacher) stepPinned(l *lattice, gold []int, win para, c cueSpan) float64 {
	return t.stepWith(l, gold, func() { pin(l, win, c) })
}

func (t *teacher) stepWith(l *lattice, gold []int, constrain func()) float64 {
	c, L, n := t.c, t.c.labels, l.n()
	if n == 0 {
		return 0
	}
	if t.drop > 0 {
		t.thin(l)
	}
	c.score(l)
	keep := float32(1 / (1 - t.drop)) // what is left speaks for what is left out
	for k := range l.s {
		l.s[k] *= keep
	}
	constrain()
	logZ := c.marginals(l)
	score := float64(c.first[gold[0]]) + float64(c.last[gold[n-1]])
	for i, y := range gold {
		score += float64(l.s[i*L+y])
		if i > 0 {
			score += float64(c.trans[gold[i-1]*L+y])
		}
	}
	t.transitions(l, gold)
	var g [16]float32
	for i, y := range gold {
		p := l.p[i*L : i*L+L]
		if p[y] > .9995 {
			continue
		}
		for k := range p {
			g[k] = float32(p[k]) * keep
		}
		g[y] -= keep
		rate := float32(t.rate)
		for _, f := range l.feats[l.off[i]:l.off[i+1]] {
			w, h := c.w[int(f)*L:int(f)*L+L], t.h[int(f)*L:int(f)*L+L]
			for k := range w {
				d := g[k]
				if d > -1e-4 && d < 1e-4 {
					continue
				}
				h[k] += d * d
				w[k] -= rate * d / (float32(math.Sqrt(float64(h[k]))) + 1e-3)
			}
		}
	}
	return logZ - score
}

// remember adds the present weights to the average.
func (t *teacher) remember() {
	if t.sum == nil {
		t.sum = make([]float32, len(t.c.w))
	}
	for i, w := range t.c.w {
		t.sum[i] += w
	}
	t.sums++
}

// settle puts the average of the remembered weights into the chain.
func (t *teacher) settle() {
	for i := range t.c.w {
		t.c.w[i] = t.sum[i] / float32(t.sums)
	}
}

// thin leaves features out at random, so that none learns to rely on another.
func (t *teacher) thin(l *lattice) {
	t.kept, t.off = t.kept[:0], append(t.off[:0], 0)
	limit := uint32(t.drop * (1 << 32))
	for i := 0; i < l.n(); i++ {
		for _, f := range l.feats[l.off[i]:l.off[i+1]] {
			if t.rng.Uint32() >= limit {
				t.kept = append(t.kept, f)
			}
		}
		t.off = append(t.off, len(t.kept))
	}
	l.feats, t.kept = t.kept, l.feats
	l.off, t.off = t.off, l.off
}

// transitions moves the transition weights: expected counts less observed.
func (t *teacher) transitions(l *lattice, gold []int) {
	c, L, n := t.c, t.c.labels, l.n()
	end := 0.0
	for y := 0; y < L; y++ {
		end += l.a[(n-1)*L+y] * l.b[(n-1)*L+y]
	}
	t.grad = grow(t.grad, L*L)
	clear(t.grad)
	for i := 1; i < n; i++ {
		t.grad[gold[i-1]*L+gold[i]]--
		for x := 0; x < L; x++ {
			ax := l.a[(i-1)*L+x] / (l.scale[i] * end)
			if ax < 1e-12 {
				continue
			}
			for y := 0; y < L; y++ {
				t.grad[x*L+y] += ax * l.tr[x*L+y] * l.e[i*L+y] * l.b[i*L+y]
			}
		}
	}
	for k, g := range t.grad {
		if c.trans[k] > never {
			t.nudge(&c.trans[k], &t.ht[k], g)
		}
	}
}

func (t *teacher) nudge(w, h *float32, d float64) {
	if d > -1e-4 && d < 1e-4 {
		return
	}
	*h += float32(d * d)
	*w -= float32(t.rate * d / (math.Sqrt(float64(*h)) + 1e-3))
}

// Example is an analysed text with its gold attributions.
type Example struct {
	Doc  *nlp.Doc
	Gold []Attribution
}

// LearnOptions set the size and the length of training.
type LearnOptions struct {
	TagBits, ArgBits uint
	TagRounds        int
	ArgRounds        int
	PickBits         uint
	PickRounds       int
	Drilling         Favours // while the taggers make examples for one another
	Reading          Favours // of the finished model
	Folds            int     // parts of the examples for tagging what the second tagger learns from
	Rate             float64 // step
	Drop             float64
	Orders           int // of the examples: each shipped chain is the mean of as many
	Seed             uint64
	Clusters         *Clusters
	// Hearers give each example what the hearer says that has not learned from
	// it: example i is heard by the one at i modulo their number.
	Hearers []*nlp.Marker
	Log     func(format string, args ...any)
}

// DefaultLearning is what the shipped model was made with.
var DefaultLearning = LearnOptions{
	TagBits: 19, TagRounds: 8, ArgBits: 20, ArgRounds: 6, PickBits: 16, PickRounds: 6, Folds: 3,
	Rate: .05, Drop: .7, Orders: 3, Seed: 1,
	Drilling: Favours{Eager: 2.5, Named: .5},
	Reading:  Favours{Eager: 2.5, Named: 1, Lenient: 2, Nobody: 4},
}

// WriteCues writes the counts that the model was learned with.
func (m *Model) WriteCues(w io.Writer) error { return m.lex.Write(w) }

// lesson is an example made ready.
type lesson struct {
	v    *view
	gold []wordGold
	tag  *tagged
}

// wordGold is a gold attribution in words.
type wordGold struct {
	part [roleCount][]stretch
}

// words gives the runs of words that spans touch.
func (v *view) words(spans []detente.Span) []stretch {
	var out []stretch
	for _, s := range spans {
		i := sort.Search(len(v.end), func(i int) bool { return v.end[i] > s.Start })
		j := i
		for j < len(v.start) && v.start[j] < s.End {
			j++
		}
		if i < j {
			out = append(out, stretch{i, j})
		}
	}
	return out
}

func (v *view) wordGold(as []Attribution) []wordGold {
	out := make([]wordGold, 0, len(as))
	for _, a := range as {
		var g wordGold
		for r, s := range [roleCount][]detente.Span{a.Source, a.Cue, a.Content} {
			g.part[r] = v.words(s)
		}
		out = append(out, g)
	}
	return out
}

// tallies counts how often each lemma of a text heads a cue.
func tallies(v *view, gold []wordGold) map[lexKey]tally {
	head := make([]bool, len(v.doc.Words))
	for _, g := range gold {
		for _, c := range g.part[roleCue] {
			head[v.headOf(c.first, c.end)] = true
		}
	}
	out := map[lexKey]tally{}
	for i := range v.doc.Words {
		k := keyOf(&v.doc.Words[i])
		t := out[k]
		t.all++
		if head[i] {
			t.cue++
		}
		out[k] = t
	}
	return out
}

// LearnLexicon counts cues over examples.
func LearnLexicon(xs []Example) *Lexicon {
	x := &Lexicon{seen: map[lexKey]tally{}}
	for _, ex := range xs {
		v := newView(ex.Doc, nil)
		for k, t := range tallies(v, v.wordGold(ex.Gold)) {
			s := x.seen[k]
			s.all += t.all
			s.cue += t.cue
			x.seen[k] = s
		}
	}
	for k, t := range x.seen {
		if t.cue == 0 {
			delete(x.seen, k)
		}
	}
	return x
}

// tagGold gives the first tagger's gold labels of a paragraph.
func tagGold(p para, gold []wordGold) []int {
	out := make([]int, p.end-p.first)
	for _, g := range gold {
		for r, b := range [roleCount]int{tagSrcB, tagCueB, tagConB} {
			for _, s := range g.part[r] {
				for i := max(s.first, p.first); i < min(s.end, p.end); i++ {
					out[i-p.first] = b + 1
					if i == max(s.first, p.first) {
						out[i-p.first] = b
					}
				}
			}
		}
	}
	for i, y := range out { // an overlap may have left an I without its begin
		if (y == tagSrcI || y == tagCueI || y == tagConI) && (i == 0 || (out[i-1] != y && out[i-1] != y-1)) {
			out[i] = y - 1
		}
	}
	return out
}

// argGold gives the second tagger's gold labels for a cue; gold may be nil.
func argGold(win para, c cueSpan, g *wordGold) []int {
	n := win.end - win.first
	part := make([]int8, n)
	if g != nil {
		for r, y := range map[role]int8{roleSource: 1, roleContent: 2} {
			for _, s := range g.part[r] {
				for i := max(s.first, win.first); i < min(s.end, win.end); i++ {
					part[i-win.first] = y
				}
			}
		}
	}
	for i := c.first; i < c.end; i++ {
		part[i-win.first] = 3
	}
	out := make([]int, n)
	for i, y := range part {
		if y == 3 {
			out[i] = argCue
		}
		if y != 1 && y != 2 {
			continue
		}
		base := argSrcB
		if y == 2 {
			base = argConB
		}
		before := i > 0 && part[i-1] == y
		after := i+1 < n && part[i+1] == y
		switch {
		case before && after:
			out[i] = base + 1
		case before:
			out[i] = base + 2
		case after:
			out[i] = base
		default:
			out[i] = base + 3
		}
	}
	return out
}

// Learn fits the model.
func Learn(xs []Example, opt LearnOptions) *Model {
	lex := LearnLexicon(xs)
	lex.words = opt.Clusters
	lessons := make([]lesson, len(xs))
	for i, ex := range xs {
		v := newView(ex.Doc, nil)
		v.listen(opt.Hearers[i%len(opt.Hearers)])
		gold := v.wordGold(ex.Gold)
		own := &Lexicon{seen: lex.seen, less: tallies(v, gold)}
		for j := range ex.Doc.Words {
			v.rate[j] = own.bucket(&ex.Doc.Words[j])
			v.cluster[j] = opt.Clusters.cluster(v.lower[j])
		}
		lessons[i] = lesson{v: v, gold: gold, tag: newTagged(len(ex.Doc.Words))}
	}
	m := &Model{lex: lex, favours: opt.Reading}
	jackknife(lessons, opt)
	all := func(int) bool { return true }
	m.tag = several(opt, func(opt LearnOptions) *chain { return learnTags(lessons, opt, all) })
	candidates := candidatesOf(lessons, m, opt)
	m.pick = several(opt, func(opt LearnOptions) *chain { return learnPicks(lessons, candidates, opt) })
	m.arg = several(opt, func(opt LearnOptions) *chain { return learnArgs(lessons, opt, all) })
	return m
}

// several learns a chain from several orders of the examples and gives the mean
// of their weights, which score as the mean of their scores: what one order
// happened to leave behind weighs less.
func several(opt LearnOptions, learn func(LearnOptions) *chain) *chain {
	learned := make([]*chain, opt.Orders)
	var wg sync.WaitGroup
	var telling sync.Mutex
	for k := range learned {
		own := opt
		own.Seed += uint64(k) * 101
		own.Log = func(format string, args ...any) {
			telling.Lock()
			defer telling.Unlock()
			opt.Log("order %d: "+format, append([]any{k + 1}, args...)...)
		}
		wg.Go(func() { learned[k] = learn(own) })
	}
	wg.Wait()
	out := learned[0]
	for _, part := range []func(*chain) []float32{
		func(c *chain) []float32 { return c.w }, func(c *chain) []float32 { return c.trans },
		func(c *chain) []float32 { return c.first }, func(c *chain) []float32 { return c.last },
	} {
		mean := part(out)
		for i := range mean {
			sum := float32(0)
			for _, c := range learned {
				sum += part(c)[i]
			}
			mean[i] = sum / float32(len(learned))
		}
	}
	return out
}

// candidatesOf gives each lesson's candidates, found by taggers that have not
// seen it.
func candidatesOf(lessons []lesson, m *Model, opt LearnOptions) [][][]candidate {
	out := make([][][]candidate, len(lessons))
	var w worker
	for f := 0; f < opt.Folds; f++ {
		part := &Model{favours: opt.Drilling, arg: learnArgs(lessons, opt, func(i int) bool { return i%opt.Folds != f })}
		for i := f; i < len(lessons); i += opt.Folds {
			for _, p := range lessons[i].v.paras {
				if cs := part.candidates(lessons[i].v, p, lessons[i].tag, &w); len(cs) > 0 {
					out[i] = append(out[i], cs)
				}
			}
		}
	}
	return out
}

// right reports a candidate whose content is at least half that of a gold
// attribution, with the gold source or none as the gold has it.
func (l *lesson) right(c *candidate) bool {
	for g := range l.gold {
		content, source := l.gold[g].part[roleContent], l.gold[g].part[roleSource]
		both := 0
		for _, s := range c.content {
			for i := s.first; i < s.end; i++ {
				if within(content, i) {
					both++
				}
			}
		}
		if all := size(c.content) + size(content) - both; both == 0 || 2*both < all {
			continue
		}
		if len(source) == 0 || len(c.source) == 0 {
			return len(source) == len(c.source)
		}
		return source[0].first < c.source[0].end && c.source[0].first < source[0].end
	}
	return false
}

func learnPicks(ls []lesson, cs [][][]candidate, opt LearnOptions) *chain {
	c := newChain(pickCount, opt.PickBits)
	t := newTeacher(c, opt.Rate, opt.Drop/2, opt.Seed+2)
	type job struct{ i, k int }
	var jobs []job
	for i := range cs {
		for k := range cs[i] {
			jobs = append(jobs, job{i, k})
		}
	}
	var l lattice
	for round := 0; round < opt.PickRounds; round++ {
		loss := 0.0
		t.rng.Shuffle(len(jobs), func(a, b int) { jobs[a], jobs[b] = jobs[b], jobs[a] })
		for _, j := range jobs {
			group := cs[j.i][j.k]
			gold := make([]int, len(group))
			for n := range group {
				if ls[j.i].right(&group[n]) {
					gold[n] = pickYes
				}
			}
			ls[j.i].v.pickFeatures(group, ls[j.i].tag, &l, c.bits)
			loss += t.step(&l, gold)
		}
		if round >= opt.PickRounds/2 {
			t.remember()
		}
		opt.Log("picks round %d loss %.0f", round+1, loss)
	}
	t.settle()
	return c
}

// jackknife tags every lesson with a first tagger that has not seen it, so that
// the second one learns how much the first can be trusted.
func jackknife(lessons []lesson, opt LearnOptions) {
	var w worker
	for f := 0; f < opt.Folds; f++ {
		part := &Model{favours: opt.Drilling, tag: learnTags(lessons, opt, func(i int) bool { return i%opt.Folds != f })}
		for i := f; i < len(lessons); i += opt.Folds {
			for _, p := range lessons[i].v.paras {
				part.tagParagraph(lessons[i].v, p, lessons[i].tag, &w)
			}
		}
	}
}

func learnTags(ls []lesson, opt LearnOptions, use func(int) bool) *chain {
	c := newTagChain(opt.TagBits)
	t := newTeacher(c, opt.Rate, opt.Drop, opt.Seed)
	type job struct{ i, p int }
	var jobs []job
	for i := range ls {
		if use(i) {
			for p := range ls[i].v.paras {
				jobs = append(jobs, job{i, p})
			}
		}
	}
	var l lattice
	for round := 0; round < opt.TagRounds; round++ {
		loss := 0.0
		t.rng.Shuffle(len(jobs), func(a, b int) { jobs[a], jobs[b] = jobs[b], jobs[a] })
		for _, j := range jobs {
			v := ls[j.i].v
			p := v.paras[j.p]
			v.tagFeatures(p, &l, c.bits)
			loss += t.step(&l, tagGold(p, ls[j.i].gold))
		}
		if round >= opt.TagRounds/2 {
			t.remember()
		}
		opt.Log("tags round %d loss %.0f", round+1, loss)
	}
	t.settle()
	return c
}

// drill is one sequence for the second tagger: a cue and its gold attribution.
type drill struct {
	lesson, gold int
	cue          cueSpan
}

// drills are the gold cues and those that the first tagger cuts differently: the
// second one then learns to live with a cue that is not quite right.
func drills(ls []lesson) []drill {
	var out []drill
	for i, l := range ls {
		owner := make([]int, len(l.v.doc.Words)) // gold cue of each word, plus one
		exact := map[stretch]bool{}
		for g := range l.gold {
			if len(l.gold[g].part[roleCue]) == 0 {
				continue
			}
			s := l.gold[g].part[roleCue][0]
			s.end = min(s.end, l.v.paras[l.v.para[s.first]].end)
			for w := s.first; w < s.end; w++ {
				owner[w] = g + 1
			}
			exact[s] = true
			out = append(out, drill{i, g, cueSpan{s.first, s.end, l.v.headOf(s.first, s.end)}})
		}
		for _, p := range l.v.paras {
			for _, c := range l.tag.cues(l.v, p) {
				if g := owner[c.head] - 1; g >= 0 && !exact[stretch{c.first, c.end}] {
					out = append(out, drill{i, g, c})
				}
			}
		}
	}
	return out
}

func learnArgs(ls []lesson, opt LearnOptions, use func(int) bool) *chain {
	c := newArgChain(opt.ArgBits)
	t := newTeacher(c, opt.Rate, opt.Drop, opt.Seed+1)
	jobs := slices.DeleteFunc(drills(ls), func(d drill) bool { return !use(d.lesson) })
	var l lattice
	var k walker
	for round := 0; round < opt.ArgRounds; round++ {
		loss := 0.0
		t.rng.Shuffle(len(jobs), func(a, b int) { jobs[a], jobs[b] = jobs[b], jobs[a] })
		for _, j := range jobs {
			v := ls[j.lesson].v
			p := v.paras[v.para[j.cue.first]]
			var g *wordGold
			if j.gold >= 0 {
				g = &ls[j.lesson].gold[j.gold]
			}
			win := window(p, j.cue)
			v.argFeatures(win, j.cue, v.linked(win, j.cue), ls[j.lesson].tag, &k, &l, c.bits)
			loss += t.stepPinned(&l, argGold(win, j.cue, g), win, j.cue)
		}
		if round >= opt.ArgRounds/2 {
			t.remember()
		}
		opt.Log("arguments round %d of %d cues, loss %.0f", round+1, len(jobs), loss)
	}
	t.settle()
	return c
}
