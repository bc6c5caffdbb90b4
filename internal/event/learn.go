package event

import (
	"math"
	"math/rand/v2"

	"detente"
	"detente/internal/actor"
	"detente/internal/nlp"
)

// Marked is a text of which somebody marked what it tells: between which two
// spans (bytes of the text; empty where unmarked) and as what type.
type Marked struct {
	Doc            *nlp.Doc
	Cast           *actor.Cast
	Statements     []detente.Statement
	Source, Target nlp.Range
	Type           detente.EventType
}

// Study makes a lesson of a marked text: what the classifier would see of it.
// False where the text has no sentence, or its type is none of PLOVER's.
func (c *Coder) Study(m Marked) (Lesson, bool) {
	if len(m.Doc.Words) == 0 || kindOf(m.Type) < 0 {
		return Lesson{}, false
	}
	plain := *c
	plain.classifier = nil // the rules alone
	w := plain.begin(m.Doc, m.Cast, m.Statements, "")
	w.codeAll()
	src, dst := under(m.Doc, m.Source), under(m.Doc, m.Target)
	s := 0
	if !src.empty() {
		s = w.tree.word(src.first).Sent
	}
	var here []int
	for i := range w.events {
		if w.events[i].Sentence == s {
			here = append(here, i)
		}
	}
	if src.empty() {
		src, dst = w.sidesOf(s, here)
	}
	kind := kindOf(m.Type)
	if m.Type == detente.Coerce && len(here) > 0 && w.events[here[0]].CAMEO == "163" {
		kind = kindOf(detente.Sanction) // the manual, against the table that the labels follow
	}
	return Lesson{w.features(s, here, src, dst), kind}, true
}

// under gives the words that a byte range touches.
func under(doc *nlp.Doc, r nlp.Range) run {
	out := run{len(doc.Words), 0}
	for i, w := range doc.Words {
		if w.Start < r.End && w.End > r.Start {
			out.first, out.end = min(out.first, i), i+1
		}
	}
	return out
}

// Learning says how the classifier is fitted.
type Learning struct {
	Seed   uint64
	Rounds int
	Rate   float64
	Drop   float64 // share of features left out of each look
	Shrink float64 // pull of the weights to nothing
	Least  int     // lessons that must have a feature for it to count
}

// DefaultLearning is what the shipped classifier was fitted with.
var DefaultLearning = Learning{Seed: 1, Rounds: 20, Rate: 0.1, Drop: 0.4, Shrink: 3e-3, Least: 2}

// Learn fits a classifier by stochastic gradient with a step of its own for
// every weight (AdaGrad). The same lessons and seed give the same weights.
func Learn(lessons []Lesson, opt Learning) *Classifier {
	n := len(kinds)
	seen := make([]int, 1<<featureBits)
	for _, l := range lessons {
		for _, f := range l.features {
			seen[f]++
		}
	}
	w, h := make([]float64, n<<featureBits), make([]float64, n<<featureBits)
	sum, sums := make([]float64, n<<featureBits), 0.
	rng := rand.New(rand.NewPCG(opt.Seed, 5))
	for round := range opt.Rounds {
		for _, k := range rng.Perm(len(lessons)) {
			l := &lessons[k]
			var kept []uint32
			for _, f := range l.features {
				if seen[f] >= opt.Least && rng.Float64() >= opt.Drop {
					kept = append(kept, f)
				}
			}
			grad := gradient(w, kept, l, 1/(1-opt.Drop))
			for _, f := range kept {
				for i, g := range grad {
					j := int(f)*n + i
					g += opt.Shrink * w[j]
					h[j] += g * g
					w[j] -= opt.Rate * g / (math.Sqrt(h[j]) + 1e-6)
				}
			}
		}
		if round >= opt.Rounds/2 {
			for j := range w {
				sum[j] += w[j]
			}
			sums++
		}
	}
	k := &Classifier{w: make([]int8, len(w))}
	for j := range sum {
		k.w[j] = int8(max(-127, min(127, math.Round(sum[j]/sums/quantum))))
	}
	return k
}

// gradient gives the loss's slope by every class's score.
func gradient(w []float64, features []uint32, l *Lesson, scale float64) []float64 {
	n := len(kinds)
	p := make([]float64, n)
	for _, f := range features {
		for i, x := range w[int(f)*n:][:n] {
			p[i] += x * scale
		}
	}
	softmax(p)
	p[l.kind]--
	return p
}
