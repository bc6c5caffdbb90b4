package quote

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"detente"
)

// Attribution is an attribution as a gold file has it.
type Attribution struct {
	Source, Cue, Content []detente.Span
	Head                 *detente.Span // head word of the source; nil where there is none
	Kind                 string
}

// role is one of the three parts of an attribution.
type role int

const (
	roleSource role = iota
	roleCue
	roleContent
	roleCount
)

var roleNames = [roleCount]string{"source", "cue", "content"}

// tokens is a sorted set of token indices.
type tokens []int

// unit is an attribution in scoring tokens.
type unit struct {
	set  [roleCount]tokens
	head int // -1: none
	kind string
}

// counts are true positives, predicted and gold.
type counts struct{ tp, pred, gold float64 }

// Figure is precision, recall and F1 in percent.
type Figure struct{ P, R, F1 float64 }

func (c counts) figure() Figure {
	p, r := ratio(c.tp, c.pred), ratio(c.tp, c.gold)
	f := 0.0
	if p+r > 0 {
		f = 2 * p * r / (p + r)
	}
	return Figure{100 * p, 100 * r, 100 * f}
}

func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// Score adds up how predicted attributions compare with gold ones, by the
// definitions of ../shared/score/attribution.py: every count is over the whole
// set of documents.
type Score struct {
	token, exact, exactTrim, overlap [roleCount]counts
	partialP, partialR               [roleCount]counts
	attribution, content, full       counts
	sourceRight, sourceAll           float64
	kindRight, kindAll               map[string]float64
	headless, headlessAll            float64
	documents                        int
}

// NewScore gives an empty score.
func NewScore() *Score {
	return &Score{kindRight: map[string]float64{}, kindAll: map[string]float64{}}
}

// Add scores one document: its text, the scoring tokens, gold and prediction.
func (s *Score) Add(text string, units []detente.Span, gold, pred []Attribution) {
	runes := []rune(text)
	word := make([]bool, len(units))
	for i, u := range units {
		word[i] = slices.ContainsFunc(runes[u.Start:u.End], func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
	}
	G, P := unitsOf(gold, units), unitsOf(pred, units)
	for r := role(0); r < roleCount; r++ {
		g, p := union(G, r, len(units)), union(P, r, len(units))
		s.token[r].add(overlapOf(g, p), len(p), len(g))
		gu, pu := filled(G, r), filled(P, r)
		s.exact[r].add(sameSets(gu, pu), len(pu), len(gu))
		s.exactTrim[r].add(sameSets(trimAll(gu, word), trimAll(pu, word)), len(pu), len(gu))
		s.overlap[r].add(len(greedy(gu, pu, 0, func(int, int) bool { return true })), len(pu), len(gu))
		for _, x := range pu {
			s.partialP[r].tp += float64(overlapOf(x, g)) / float64(len(x))
		}
		s.partialP[r].pred += float64(len(pu))
		for _, x := range gu {
			s.partialR[r].tp += float64(overlapOf(x, p)) / float64(len(x))
		}
		s.partialR[r].gold += float64(len(gu))
	}
	s.attributions(withContent(G), withContent(P))
	s.documents++
}

func (s *Score) attributions(G, P []unit) {
	gc, pc := filled(G, roleContent), filled(P, roleContent)
	source := func(i, j int) bool { return sourceFits(G[i], P[j]) }
	m := greedy(gc, pc, .5, func(int, int) bool { return true })
	s.content.add(len(m), len(pc), len(gc))
	for _, x := range m {
		s.sourceAll++
		if source(x[0], x[1]) {
			s.sourceRight++
		}
	}
	m = greedy(gc, pc, .5, source)
	s.attribution.add(len(m), len(pc), len(gc))
	for _, x := range m {
		s.kindRight[G[x[0]].kind]++
		if len(G[x[0]].set[roleSource]) == 0 {
			s.headless++
		}
	}
	for _, g := range G {
		s.kindAll[g.kind]++
		if len(g.set[roleSource]) == 0 {
			s.headlessAll++
		}
	}
	m = greedy(gc, pc, .5, func(i, j int) bool {
		g, p := G[i].set[roleCue], P[j].set[roleCue]
		return source(i, j) && (overlapOf(g, p) > 0 || len(g)+len(p) == 0)
	})
	s.full.add(len(m), len(pc), len(gc))
}

func (c *counts) add(tp, pred, gold int) {
	c.tp += float64(tp)
	c.pred += float64(pred)
	c.gold += float64(gold)
}

func unitsOf(as []Attribution, tok []detente.Span) []unit {
	out := make([]unit, len(as))
	for i, a := range as {
		u := unit{head: -1, kind: a.Kind}
		for r, spans := range [roleCount][]detente.Span{a.Source, a.Cue, a.Content} {
			u.set[r] = covered(spans, tok)
		}
		if a.Head != nil {
			for _, t := range u.set[roleSource] {
				if tok[t].Overlaps(*a.Head) {
					u.head = t
					break
				}
			}
		}
		if u.head < 0 && len(u.set[roleSource]) > 0 {
			u.head = u.set[roleSource][0]
		}
		out[i] = u
	}
	return out
}

// covered gives the tokens that spans touch.
func covered(spans []detente.Span, tok []detente.Span) tokens {
	var out tokens
	for _, s := range spans {
		i, _ := slices.BinarySearchFunc(tok, s.Start, func(t detente.Span, start int) int {
			if t.End > start {
				return 1
			}
			return -1
		})
		for ; i < len(tok) && tok[i].Start < s.End; i++ {
			out = append(out, i)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func union(us []unit, r role, n int) tokens {
	hit := make([]bool, n)
	for _, u := range us {
		for _, t := range u.set[r] {
			hit[t] = true
		}
	}
	var out tokens
	for t, h := range hit {
		if h {
			out = append(out, t)
		}
	}
	return out
}

func overlapOf(a, b tokens) int {
	n := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			n, i, j = n+1, i+1, j+1
		}
	}
	return n
}

func filled(us []unit, r role) []tokens {
	var out []tokens
	for _, u := range us {
		if len(u.set[r]) > 0 {
			out = append(out, u.set[r])
		}
	}
	return out
}

func withContent(us []unit) []unit {
	var out []unit
	for _, u := range us {
		if len(u.set[roleContent]) > 0 {
			out = append(out, u)
		}
	}
	return out
}

func trimAll(ts []tokens, word []bool) []tokens {
	out := make([]tokens, len(ts))
	for i, t := range ts {
		for len(t) > 0 && !word[t[0]] {
			t = t[1:]
		}
		for len(t) > 0 && !word[t[len(t)-1]] {
			t = t[:len(t)-1]
		}
		out[i] = t
	}
	return out
}

// sameSets is the size of the intersection of two multisets of token sets.
func sameSets(a, b []tokens) int {
	left := map[string]int{}
	for _, t := range a {
		left[keyOfTokens(t)]++
	}
	n := 0
	for _, t := range b {
		if k := keyOfTokens(t); left[k] > 0 {
			left[k]--
			n++
		}
	}
	return n
}

func keyOfTokens(t tokens) string {
	var b strings.Builder
	for _, x := range t {
		b.WriteString(strconv.Itoa(x))
		b.WriteByte(' ')
	}
	return b.String()
}

// greedy pairs gold and predicted sets one to one, the most alike first.
func greedy(G, P []tokens, least float64, ok func(i, j int) bool) [][2]int {
	type pair struct {
		like float64
		i, j int
	}
	var ps []pair
	for i, g := range G {
		for j, p := range P {
			if p[0] > g[len(g)-1] || g[0] > p[len(p)-1] {
				continue
			}
			n := float64(overlapOf(g, p))
			if n == 0 {
				continue
			}
			like := n / (float64(len(g)+len(p)) - n)
			if like >= least && ok(i, j) {
				ps = append(ps, pair{like, i, j})
			}
		}
	}
	slices.SortFunc(ps, func(a, b pair) int {
		return cmp.Or(cmp.Compare(b.like, a.like), cmp.Compare(a.i, b.i), cmp.Compare(a.j, b.j))
	})
	usedG, usedP := make([]bool, len(G)), make([]bool, len(P))
	var out [][2]int
	for _, p := range ps {
		if !usedG[p.i] && !usedP[p.j] {
			usedG[p.i], usedP[p.j] = true, true
			out = append(out, [2]int{p.i, p.j})
		}
	}
	return out
}

func sourceFits(g, p unit) bool {
	gs, ps := g.set[roleSource], p.set[roleSource]
	if len(gs) == 0 {
		return len(ps) == 0
	}
	if len(ps) == 0 {
		return false
	}
	_, has := slices.BinarySearch(ps, g.head)
	return has && 2*overlapOf(ps, gs) >= len(ps)
}

// Row is one line of a score's table.
type Row struct {
	Name string
	Figure
	Plain bool // F1 alone is set: a share or a count, not precision and recall
}

// Rows gives the figures by the names that the scorer prints.
func (s *Score) Rows() []Row {
	var out []Row
	add := func(name string, c counts) { out = append(out, Row{Name: name, Figure: c.figure()}) }
	plain := func(name string, x float64) { out = append(out, Row{Name: name, Figure: Figure{F1: x}, Plain: true}) }
	plain("documents", float64(s.documents))
	for _, group := range []struct {
		name string
		c    *[roleCount]counts
	}{{"token", &s.token}, {"exact", &s.exact}, {"exact_trim", &s.exactTrim}, {"overlap", &s.overlap}} {
		for r, c := range group.c {
			add(group.name+"_"+roleNames[r], c)
		}
	}
	macro := 0.0
	for _, c := range s.token {
		macro += math.Round(100*c.figure().F1) / 100 / float64(roleCount) // of figures as printed
	}
	plain("token_macro_F1", macro)
	for r := range s.partialP {
		p, q := ratio(s.partialP[r].tp, s.partialP[r].pred), ratio(s.partialR[r].tp, s.partialR[r].gold)
		f := 0.0
		if p+q > 0 {
			f = 2 * p * q / (p + q)
		}
		out = append(out, Row{Name: "partial_" + roleNames[r], Figure: Figure{100 * p, 100 * q, 100 * f}})
	}
	add("attr_content", s.content)
	add("attribution", s.attribution)
	add("attr_full", s.full)
	plain("source_acc", 100*ratio(s.sourceRight, s.sourceAll))
	for _, k := range []string{"direct", "indirect", "mixed"} {
		plain("recall_"+k, 100*ratio(s.kindRight[k], s.kindAll[k]))
	}
	plain("recall_no_source", 100*ratio(s.headless, s.headlessAll))
	plain("n_gold", s.attribution.gold)
	plain("n_pred", s.attribution.pred)
	return out
}
