package event

import (
	"sort"

	"detente"
	"detente/internal/nlp"
)

// run is the words first … end-1.
type run struct{ first, end int }

func (r run) empty() bool         { return r.end <= r.first }
func (r run) contains(w int) bool { return w >= r.first && w < r.end }

// wordsOf gives the words under a span of code points.
func (c *coding) wordsOf(s detente.Span) run {
	first := sort.Search(len(c.spans), func(i int) bool { return c.spans[i].Start >= s.Start })
	end := sort.Search(len(c.spans), func(i int) bool { return c.spans[i].Start >= s.End })
	return run{first, end}
}

// headOf gives the word by which a run hangs on the rest.
func (c *coding) headOf(r run) int {
	for w := r.first; w < r.end; w++ {
		if !r.contains(c.tree.word(w).Head) {
			return w
		}
	}
	return r.first
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
