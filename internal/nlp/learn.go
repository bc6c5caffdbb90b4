package nlp

import (
	"math/rand/v2"
	"sort"
	"unicode/utf8"
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

// learnTokens trains the token cutter: runs of touching atoms and where tokens
// of the gold text end.
func learnTokens(docs []*gold, epochs int, seed uint64) linear {
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

// learnSentences trains the sentence splitter on gold tokens.
func learnSentences(docs []*gold, epochs int, seed uint64) linear {
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

// gold is a text with its tokens and sentence ends, as training needs them.
type gold struct {
	*Doc
	Tokens []token
	Ends   []bool // a sentence ends after the token
}

// newGold takes tokens and sentence ends from a Doc of ReadConllu.
func newGold(doc *Doc) *gold {
	g := &gold{Doc: doc}
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

// Learn makes a model of gold texts and a trained network (train/export.py).
// The lexicon is learned from docs alone, tokens and sentences from docs and
// restyled. Epochs are passes over the texts.
func Learn(docs, restyled []*Doc, network []byte, epochs int, seed uint64) (*Trained, error) {
	n, err := readNetwork(network)
	if err != nil {
		return nil, err
	}
	m := &Trained{Model: Model{Info: Info{Data: n.data}, fused: fusedTokens(docs), lexicon: learnLexicon(docs), network: n}, networkFile: network}
	var golds []*gold
	for _, ds := range [][]*Doc{docs, restyled} {
		for _, d := range ds {
			golds = append(golds, newGold(d))
		}
	}
	m.tokens = learnTokens(golds, epochs, seed)
	m.sentences = learnSentences(golds, epochs, seed)
	return m, nil
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
				c.at = utf8.RuneCountInString(w.Form)
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
