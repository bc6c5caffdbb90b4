package nlp

import (
	"math/rand/v2"
	"sort"
)

// learner trains a linear classifier as an averaged perceptron.
type learner struct {
	classes []string
	rows    map[uint32][]learned
	step    int32
}

// learned is one weight in training, its sum over past steps, and the step of
// its last change.
type learned struct {
	class  uint8
	since  int32
	weight float32
	sum    float32
}

func newLearner(classes []string) *learner {
	return &learner{classes: classes, rows: map[uint32][]learned{}}
}

func (l *learner) score(feats []uint32, out []float32) {
	for _, f := range feats {
		for _, c := range l.rows[f] {
			out[c.class] += c.weight
		}
	}
}

// update moves weight from the wrong class to the right one.
func (l *learner) update(feats []uint32, right, wrong int) {
	for _, f := range feats {
		row := l.rows[f]
		row = l.bump(row, uint8(right), 1)
		row = l.bump(row, uint8(wrong), -1)
		l.rows[f] = row
	}
}

func (l *learner) bump(row []learned, class uint8, by float32) []learned {
	for i := range row {
		if row[i].class == class {
			row[i].sum += row[i].weight * float32(l.step-row[i].since)
			row[i].since = l.step
			row[i].weight += by
			return row
		}
	}
	return append(row, learned{class: class, weight: by, since: l.step})
}

// finish averages the weights and packs those that matter. Weights are scaled
// to 16 bits; those below floor (in units of one update) are left out.
func (l *learner) finish(floor float32) linear {
	feats := make([]uint32, 0, len(l.rows))
	largest := float32(1)
	for f, row := range l.rows {
		feats = append(feats, f)
		for i := range row {
			row[i].sum += row[i].weight * float32(l.step-row[i].since)
			row[i].weight = row[i].sum / float32(l.step)
			largest = max(largest, row[i].weight, -row[i].weight)
		}
	}
	sort.Slice(feats, func(i, j int) bool { return feats[i] < feats[j] })
	scale := 32000 / largest
	if scale > 400 {
		scale = 400
	}
	out := linear{classes: l.classes}
	var features, starts []uint32
	for _, f := range feats {
		row := l.rows[f]
		sort.Slice(row, func(i, j int) bool { return row[i].class < row[j].class })
		start := len(out.cells)
		for _, c := range row {
			if c.weight >= floor || c.weight <= -floor {
				out.cells = append(out.cells, cell{class: c.class, weight: int16(c.weight * scale)})
			}
		}
		if len(out.cells) > start {
			out.cells[len(out.cells)-1].last = true
			features, starts = append(features, f), append(starts, uint32(start))
		}
	}
	out.index(features, starts)
	return out
}

func bestFloat(scores []float32) int {
	b := 0
	for i, s := range scores {
		if s > scores[b] {
			b = i
		}
	}
	return b
}

// decide trains on one decision and gives the class chosen.
func (l *learner) decide(feats []uint32, right int, scores []float32) int {
	l.step++
	clear(scores)
	l.score(feats, scores)
	got := bestFloat(scores)
	if got != right {
		l.update(feats, right, got)
	}
	return got
}

// TrainTokens trains the token cutter: runs of touching atoms and where tokens
// of the gold text end.
func TrainTokens(docs []*Gold, epochs int, seed uint64) linear {
	l := newLearner([]string{"join", "cut"})
	rnd := rand.New(rand.NewPCG(seed, 1))
	scores := make([]float32, 2)
	var b bag
	order := rnd.Perm(len(docs))
	for e := 0; e < epochs; e++ {
		rnd.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, d := range order {
			doc := docs[d]
			starts := map[int]bool{}
			for _, t := range doc.Tokens {
				starts[t.start] = true
			}
			as := atoms(nil, doc.Text, 0, len(doc.Text))
			first := 0
			for i := 0; i < len(as); {
				j := i + 1
				for j < len(as) && as[j].gap == noGap && j-i < maxTouching {
					j++
				}
				first = as[i].start
				for k := i + 1; k < j; k++ {
					b.reset()
					cutFeatures(&b, doc.Text, as[i:j], k-i, first)
					right := int(boolBit(starts[as[k].start]))
					l.decide(b.feats, right, scores)
					if right == 1 {
						first = as[k].start
					}
				}
				i = j
			}
		}
	}
	return l.finish(0.02)
}

// TrainSentences trains the sentence splitter on gold tokens.
func TrainSentences(docs []*Gold, epochs int, seed uint64) linear {
	l := newLearner([]string{"on", "end"})
	rnd := rand.New(rand.NewPCG(seed, 2))
	scores := make([]float32, 2)
	var b bag
	order := rnd.Perm(len(docs))
	for e := 0; e < epochs; e++ {
		rnd.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, d := range order {
			doc := docs[d]
			for i := 0; i < len(doc.Tokens); {
				j := i + 1
				for j < len(doc.Tokens) && doc.Tokens[j].gap != blockGap {
					j++
				}
				ctx := newSentContext(doc.Text, doc.Tokens[i:j])
				first := 0
				for k := 0; k < j-i-1; k++ {
					b.reset()
					ctx.features(&b, k, first)
					right := int(boolBit(doc.Ends[i+k]))
					l.decide(b.feats, right, scores)
					if right == 1 {
						first = k + 1
					}
				}
				i = j
			}
		}
	}
	return l.finish(0.02)
}

// Gold is a text with its tokens and sentence ends, as training needs them.
type Gold struct {
	*Doc
	Tokens []token
	Ends   []bool // a sentence ends after the token
}

// NewGold takes tokens and sentence ends from a Doc of ReadConllu.
func NewGold(doc *Doc) *Gold {
	g := &Gold{Doc: doc}
	for _, s := range doc.Sents {
		for i := s.First; i < s.End; i++ {
			w := doc.Words[i]
			if w.MWT < 0 {
				continue
			}
			t := token{start: w.Start, end: w.End}
			if w.MWT > 0 {
				t.end = doc.Words[i+w.MWT-1].End
			}
			if n := len(g.Tokens); n > 0 {
				t.gap = gapOf(doc.Text[g.Tokens[n-1].end:t.start])
			} else {
				t.gap = blockGap
			}
			g.Tokens, g.Ends = append(g.Tokens, t), append(g.Ends, false)
		}
		g.Ends[len(g.Ends)-1] = true
	}
	return g
}

func gapOf(s string) gap {
	if s == "" {
		return noGap
	}
	n := 0
	for _, r := range s {
		if r == '\n' {
			n++
		}
	}
	return widen(n)
}

// sentenceCase is one sentence in training.
type sentenceCase struct {
	forms       []wordForm
	tags        []int // gold class of the tagger
	heads, rels []int // gold tree, 1-based; 0 the root
	xpos, upos  []uint32
}

// Trainer trains the classifiers that read sentences.
type Trainer struct {
	Seed  uint64
	Log   func(format string, args ...any)
	cases []*sentenceCase
	tags  map[string]int
	rels  map[string]int
	m     *Model
}

// Train makes a model from gold texts; names are sentences of words with name
// tags ("B-PER", "I-PER", "O"). Lemmas are not learned from restyled texts.
func (t *Trainer) Train(docs, restyled []*Doc, names []NamedSentence, epochs int) *Model {
	t.m = &Model{fused: fusedTokens(docs), lemmas: learnLemmas(docs)}
	docs = append(docs, restyled...)
	golds := make([]*Gold, len(docs))
	for i, d := range docs {
		golds[i] = NewGold(d)
	}
	t.m.tokens = TrainTokens(golds, 4, t.Seed)
	t.Log("tokens: %d features", len(t.m.tokens.cells))
	t.m.sentences = TrainSentences(golds, 8, t.Seed)
	t.Log("sentences: %d features", len(t.m.sentences.cells))
	t.collect(docs)
	t.m.tags = t.trainTags(epochs)
	t.Log("tags: %d cells", len(t.m.tags.cells))
	t.retag()
	t.m.moves = t.trainMoves(epochs)
	t.Log("moves: %d cells", len(t.m.moves.cells))
	t.m.names = t.trainNames(names, epochs)
	t.Log("names: %d cells", len(t.m.names.cells))
	return t.m
}

// fusedTokens finds tokens without apostrophe that are two words in most places.
func fusedTokens(docs []*Doc) map[string]int {
	type count struct{ split, whole, at int }
	counts := map[string]*count{}
	of := func(f string) *count {
		if counts[f] == nil {
			counts[f] = &count{}
		}
		return counts[f]
	}
	for _, d := range docs {
		for i, w := range d.Words {
			switch {
			case w.MWT == 2 && w.End == d.Words[i+1].Start:
				form := lowerPlain(d.Text[w.Start:d.Words[i+1].End])
				c := of(form)
				c.split++
				c.at = w.End - w.Start
			case w.MWT == 0:
				of(lowerPlain(w.Form)).whole++
			}
		}
	}
	out := map[string]int{}
	for f, c := range counts {
		if c.split > c.whole && splitWord(f, nil) == 0 {
			out[f] = c.at
		}
	}
	return out
}

func learnLemmas(docs []*Doc) lemmaTable {
	type key struct{ k, v string }
	lex, edits := map[string]map[string]int{}, map[string]map[edit]int{}
	for _, d := range docs {
		for _, w := range d.Words {
			if w.Lemma == "" || w.XPOS == "GW" {
				continue
			}
			p := plain(w.Form)
			low := lowerPlain(w.Form)
			if w.UPOS != "PROPN" {
				p = low
			}
			k := low + "\t" + w.XPOS
			if w.UPOS == "PROPN" {
				k = p + "\t" + w.XPOS
			}
			if lex[k] == nil {
				lex[k] = map[string]int{}
			}
			lex[k][w.Lemma]++
			e := editBetween(p, w.Lemma)
			for n := 0; n <= maxEditSuffix; n++ {
				k := tail(low, n) + "\t" + w.XPOS
				if edits[k] == nil {
					edits[k] = map[edit]int{}
				}
				edits[k][e]++
			}
		}
	}
	t := lemmaTable{map[string]string{}, map[string]edit{}}
	for k, es := range edits {
		var bestE edit
		n, sum := -1, 0
		for e, c := range es {
			sum += c
			if c > n || c == n && (e.cut < bestE.cut || e.cut == bestE.cut && (e.add < bestE.add || e.add == bestE.add && !e.lower && bestE.lower)) {
				bestE, n = e, c
			}
		}
		if sum >= 2 {
			t.edits[k] = bestE
		}
	}
	for k, ls := range lex {
		bestL, n := "", 0
		for l, c := range ls {
			if c > n || c == n && l < bestL {
				bestL, n = l, c
			}
		}
		t.lexicon[k] = bestL
	}
	// What the edits give anyway needs no entry.
	bare := lemmaTable{edits: t.edits}
	for k, l := range t.lexicon {
		form, xpos, _ := cutTab(k)
		upos := ""
		if xpos == "NNP" || xpos == "NNPS" {
			upos = "PROPN"
		}
		if bare.lemma(form, upos, xpos) == l {
			delete(t.lexicon, k)
		}
	}
	return t
}

// collect makes training sentences and the classes of tags and moves.
func (t *Trainer) collect(docs []*Doc) {
	t.tags, t.rels = map[string]int{}, map[string]int{}
	tagCount, relCount := map[string]int{}, map[string]int{}
	for _, d := range docs {
		for _, w := range d.Words {
			tagCount[w.UPOS+" "+w.XPOS]++
			relCount[w.Rel]++
		}
	}
	t.m.tags.classes = frequent(tagCount, 3, 250)
	t.m.relations = frequent(relCount, 3, 120)
	for i, c := range t.m.tags.classes {
		t.tags[c] = i
	}
	for i, r := range t.m.relations {
		t.rels[r] = i
	}
	for _, d := range docs {
		for _, s := range d.Sents {
			t.cases = append(t.cases, t.newCase(d, s))
		}
	}
}

func (t *Trainer) newCase(d *Doc, s Sent) *sentenceCase {
	n := s.End - s.First
	c := &sentenceCase{forms: make([]wordForm, n), tags: make([]int, n), heads: make([]int, n), rels: make([]int, n)}
	for i := 0; i < n; i++ {
		w := d.Words[s.First+i]
		c.forms[i] = newWordForm(w.Form)
		c.tags[i] = -1
		if k, ok := t.tags[w.UPOS+" "+w.XPOS]; ok {
			c.tags[i] = k
		}
		c.rels[i] = -1
		if k, ok := t.rels[w.Rel]; ok {
			c.rels[i] = k
		}
		if w.Head >= 0 {
			c.heads[i] = w.Head - s.First + 1
		}
	}
	return c
}

// frequent lists the keys seen at least least times, the most frequent first.
func frequent(counts map[string]int, least, most int) []string {
	var out []string
	for k, c := range counts {
		if c >= least {
			out = append(out, k)
		}
	}
	sort.Slice(out, func(i, j int) bool {
		a, b := out[i], out[j]
		return counts[a] > counts[b] || counts[a] == counts[b] && a < b
	})
	return out[:min(len(out), most)]
}

func (t *Trainer) trainTags(epochs int) linear {
	return t.trainTagsOn(t.cases, epochs)
}

func (t *Trainer) trainTagsOn(cases []*sentenceCase, epochs int) linear {
	l := newLearner(t.m.tags.classes)
	rnd := rand.New(rand.NewPCG(t.Seed, 3))
	scores := make([]float32, len(l.classes))
	var b bag
	order := rnd.Perm(len(cases))
	for e := 0; e < epochs; e++ {
		rnd.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, k := range order {
			c := cases[k]
			caps := mostlyCapitals(c.forms)
			t1, t2 := -1, -1
			for i := range c.forms {
				b.reset()
				tagFeatures(&b, c.forms, i, t1, t2, caps)
				got := c.tags[i]
				if got >= 0 {
					got = l.decide(b.feats, c.tags[i], scores)
				}
				t2, t1 = t1, got
			}
		}
	}
	return l.finish(0.1)
}

// retag gives every training sentence the tags of a tagger that did not see
// it, so that the parser learns from tags as good as it will get.
func (t *Trainer) retag() {
	const folds = 4
	for f := 0; f < folds; f++ {
		var seen, unseen []*sentenceCase
		for i, c := range t.cases {
			if i/50%folds == f {
				unseen = append(unseen, c)
			} else {
				seen = append(seen, c)
			}
		}
		m := &Model{tags: t.trainTagsOn(seen, 3)}
		for _, c := range unseen {
			tags := make([]int, len(c.forms))
			m.tag(c.forms, tags)
			c.setTags(m.tags.classes, tags)
		}
	}
}

func (c *sentenceCase) setTags(classes []string, tags []int) {
	c.xpos, c.upos = make([]uint32, len(tags)), make([]uint32, len(tags))
	for i, k := range tags {
		u, x, _ := cutSpace(classes[k])
		c.upos[i], c.xpos[i] = hashString(u), hashString(x)
	}
}

// trainMoves trains the parser with a dynamic oracle: after its own mistakes it
// learns the moves that still save most of the tree.
func (t *Trainer) trainMoves(epochs int) linear {
	classes := []string{"shift"}
	for _, r := range t.m.relations {
		classes = append(classes, "left "+r, "right "+r)
	}
	l := newLearner(classes)
	rnd := rand.New(rand.NewPCG(t.Seed, 4))
	scores := make([]float32, len(classes))
	order := rnd.Perm(len(t.cases))
	for e := 0; e < epochs; e++ {
		rnd.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		wrong, all := 0, 0
		for _, k := range order {
			w, a := learnTree(l, t.cases[k], scores)
			wrong, all = wrong+w, all+a
		}
		t.Log("  moves epoch %d: %d of %d wrong", e+1, wrong, all)
	}
	return l.finish(0.25)
}

func learnTree(l *learner, c *sentenceCase, scores []float32) (wrong, all int) {
	n := len(c.forms)
	s := newParseState(n)
	v := newParseView(c.forms, c.xpos, c.upos)
	gold := make([]int, n+2)
	rel := make([]int, n+2)
	for i := range c.heads {
		gold[i+1], rel[i+1] = c.heads[i], max(c.rels[i], 0)
		if gold[i+1] == 0 {
			gold[i+1] = n + 1
		}
	}
	var b bag
	for !s.done() {
		b.reset()
		s.features(&b, v)
		clear(scores)
		l.score(b.feats, scores)
		l.step++
		got, right := -1, -1
		shift, left, rightMove := s.costs(gold)
		low := min(shift, left, rightMove)
		for mv := range scores {
			cost, ok := 0, true
			switch {
			case mv == moveShift:
				cost, ok = shift, s.canShift()
			case mv%2 == 1:
				cost, ok = left, s.canLeft()
			default:
				cost, ok = rightMove, s.canRight()
			}
			if !ok {
				continue
			}
			if got < 0 || scores[mv] > scores[got] {
				got = mv
			}
			if cost != low {
				continue
			}
			if mv != moveShift && attaches(s, gold, mv) && (mv-1)/2 != rel[s.top(0)] {
				continue // the right arc with the wrong relation
			}
			if right < 0 || scores[mv] > scores[right] {
				right = mv
			}
		}
		all++
		if right >= 0 && got != right {
			l.update(b.feats, right, got)
			wrong++
		}
		s.apply(got)
	}
	return wrong, all
}

// attaches tells whether the move makes a gold arc.
func attaches(s *parseState, gold []int, mv int) bool {
	if mv%2 == 1 {
		return gold[s.top(0)] == s.front
	}
	return gold[s.top(0)] == s.top(1)
}

const never = 1 << 20

// costs counts the gold arcs that each kind of move puts out of reach.
func (s *parseState) costs(gold []int) (shift, left, right int) {
	shift, left, right = never, never, never
	b0 := s.front
	if s.canShift() {
		shift = 0
		for k, w := range s.stack {
			if gold[w] == b0 {
				shift++
			}
			if k < len(s.stack)-1 && gold[b0] == w {
				shift++
			}
		}
	}
	if len(s.stack) == 0 {
		return
	}
	top := s.top(0)
	lost := 0 // dependents in the buffer that top loses when it leaves the stack
	for w := b0; w <= s.n; w++ {
		if gold[w] == top {
			lost++
		}
	}
	if s.canLeft() {
		left = lost
		if h := gold[top]; h != b0 && (h > b0 || h != 0 && h == s.top(1)) {
			left++
		}
	}
	if s.canRight() {
		right = lost
		if gold[top] >= b0 {
			right++
		}
	}
	return
}

// NamedSentence is a sentence of words with name tags.
type NamedSentence struct {
	Forms []string
	Tags  []string
}

func (t *Trainer) trainNames(sents []NamedSentence, epochs int) linear {
	classes := []string{"O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC"}
	number := map[string]int{}
	for i, c := range classes {
		number[c] = i
	}
	cases := make([]*sentenceCase, len(sents))
	for i, s := range sents {
		c := &sentenceCase{forms: make([]wordForm, len(s.Forms)), tags: make([]int, len(s.Forms))}
		for j := range s.Forms {
			c.forms[j] = newWordForm(s.Forms[j])
		}
		t.m.tag(c.forms, c.tags)
		c.setTags(t.m.tags.classes, c.tags)
		for j := range s.Tags {
			c.tags[j] = number[s.Tags[j]]
		}
		cases[i] = c
	}
	l := newLearner(classes)
	rnd := rand.New(rand.NewPCG(t.Seed, 5))
	scores := make([]float32, len(classes))
	var b bag
	order := rnd.Perm(len(cases))
	for e := 0; e < epochs; e++ {
		rnd.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, k := range order {
			c := cases[k]
			caps := mostlyCapitals(c.forms)
			p1, p2 := -1, -1
			for i := range c.forms {
				b.reset()
				nameFeatures(&b, c.forms, c.xpos, i, p1, p2, caps)
				got := l.decide(b.feats, c.tags[i], scores)
				p2, p1 = p1, got
			}
		}
	}
	return l.finish(0.1)
}
