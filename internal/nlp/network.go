package nlp

import (
	"math"
	"strings"
	"sync"
)

// The network reads sentences: each word's form is looked up in a vocabulary of
// vectors and, by hash, in a table of endings, beginnings and shapes; layers of
// simple recurrent units read the sentence in both directions, and four heads
// give tags, names, heads and relations. A layer makes three products of its
// input, a candidate z, a forget gate f and a reset gate r, and along the
// sentence
//
//	c[t] = f[t] c[t-1] + (1-f[t]) z[t]     h[t] = r[t] c[t] + (1-r[t]) x[t]
//
// where half of the units read forwards and half backwards. Inputs of products
// are scaled to 16-bit integers a word at a time; sums of products are exact,
// and the float operations around them keep one order and are never fused, so
// that the same text gives the same bytes on every machine. Training is in
// train/student.py, whose features must agree with those here.

// network is a trained network.
type network struct {
	data       []string       // what it was trained on
	width      int            // of a word's vector
	vocabulary map[string]int // row of words; 0 is for unknown words
	words      table
	word       matrix // from a word's vector to units
	pieces     table
	layers
	heads        matrix // all first products of the heads, side by side
	arc          matrix // second product of the arc head, dependants' side
	rel          matrix
	name         matrix
	arcRoot      []float32
	relRoot      []float32
	tags, kinds  []string
	relations    []string
	arcN, relN   int
	nameN        int
	nameKind     []EntKind // kind of each name tag, empty for O
	nameInside   []bool    // whether the tag goes on with a name
	uposOf       []string
	xposOf       []string
	rootRelation int
}

// table is an embedding table of 8-bit rows, each with its scale.
type table struct {
	scale []float32
	rows  []int8
}

// add adds row k to x.
func (t *table) add(x []float32, k uint32) {
	addScaled(x, t.rows[int(k)*len(x):int(k+1)*len(x)], t.scale[k])
}

// tableRow hashes a feature of a form to a row of a table with n rows.
func tableRow(s string, kind uint32, n int) uint32 {
	h := uint32(2166136261) + kind
	for i := 0; i < len(s); i++ {
		h = (h ^ uint32(s[i])) * 16777619
	}
	h ^= h >> 16
	h *= 0x7feb352d
	return (h ^ h>>15) % uint32(n)
}

// embed sets word to the vector of a form and x to the sum of its pieces.
func (n *network) embed(word, x []float32, form string) {
	p := plain(form)
	low := digitless(strings.ToLower(p))
	clear(word)
	clear(x)
	n.words.add(word, uint32(n.vocabulary[low]))
	pieces := len(n.pieces.scale)
	n.pieces.add(x, tableRow(tail(low, 2), 0, pieces))
	n.pieces.add(x, tableRow(tail(low, 3), 1, pieces))
	n.pieces.add(x, tableRow(tail(low, 4), 2, pieces))
	n.pieces.add(x, tableRow(lead(low, 3), 3, pieces))
	n.pieces.add(x, tableRow(shape(p), 4, pieces))
}

// scratch is the working memory of one reading, kept between sentences.
type scratch struct {
	x      []float32 // rows of units
	acts   []int16
	scales []float32 // scale of each row of acts
	sums   []int32
	out    []float32
	state  []float32
	extra  []int16
	hs     []float32
}

// grow gives a slice of n elements, reusing s where it is long enough.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/2)
	}
	return s[:n]
}

// scratches are kept from one text to the next: made anew for each, they would
// be most of what the collector has to do.
var scratches = sync.Pool{New: func() any { return new(scratch) }}

// rounded scales a row so that its largest element has levels, and gives the
// scale that takes it back.
func rounded(q []int16, row []float32, levels float32) float32 {
	top := math.Float32frombits(largest(row))
	if !(top > 1e-20 && top < 1e20) {
		clear(q)
		return 0
	}
	roundRow(q, row, levels/top)
	return top / levels
}

// rms is the root mean square of a row; its order of summing is fixed.
func rms(row []float32) float32 {
	s := squares(row)
	mean := (s[0] + s[1] + s[2] + s[3]) / float32(len(row))
	return float32(math.Sqrt(float64(mean + 1e-6)))
}

// multiply sets out (rows × m.out) to the product of rows with m. Where normed,
// rows count as divided by their root mean square.
func (m *matrix) multiply(s *scratch, out, rows []float32, n int, normed bool) {
	in := len(rows) / n
	s.acts, s.scales = grow(s.acts, wholePanels(n)*m.in), grow(s.scales, n)
	for r := 0; r < n; r++ {
		row := rows[r*in : r*in+in]
		s.scales[r] = rounded(s.acts[r*m.in:r*m.in+in], row, actLevels)
		clear(s.acts[r*m.in+in : (r+1)*m.in])
		if normed {
			s.scales[r] /= rms(row)
		}
	}
	count := panelCount(m.out)
	width := count * panelWidth
	s.sums = grow(s.sums, wholePanels(n)*width)
	products(s.sums, s.acts, n, m.in, m.panels, count)
	for r := 0; r < n; r++ {
		unscale(out[r*m.out:(r+1)*m.out], s.sums[r*width:], s.scales[r], m.scale, m.bias)
	}
}

// layers are recurrent layers of size units, one upon the other.
type layers struct {
	size  int
	stack []matrix
}

// encode reads words, given as rows of units in s.x, through the layers; bounds
// are the ends of the stretches that are read each for itself.
func (y *layers) encode(s *scratch, words int, bounds []int) {
	for l := range y.stack {
		s.out = grow(s.out, words*3*y.size)
		y.stack[l].multiply(s, s.out, s.x, words, true)
		from := 0
		for _, to := range bounds {
			recur(s, y.size, from, to)
			from = to
		}
	}
}

// recur runs the recurrence of a layer of d units over words from … to-1.
func recur(s *scratch, d, from, to int) {
	h := d / 2
	s.state = grow(s.state, d)
	clear(s.state)
	for t := from; t < to; t++ {
		recurStep(s.state[:h], s.x[t*d:t*d+h], s.out[t*3*d:], d)
	}
	for t := to - 1; t >= from; t-- {
		recurStep(s.state[h:], s.x[t*d+h:t*d+d], s.out[t*3*d+h:], d)
	}
}

// reading is what the network says of one sentence.
type reading struct {
	tags  []int
	names []int
	heads []int // 1-based, 0 the root
	rels  []int
}

// enter sets s.x to what the tables say of words, a row of units each; word
// takes their vectors to units.
func (n *network) enter(s *scratch, word *matrix, words int, form func(i int) string) {
	d := n.size
	s.x, s.out, s.hs = grow(s.x, words*d), grow(s.out, words*d), grow(s.hs, words*n.width)
	for i := 0; i < words; i++ {
		n.embed(s.hs[i*n.width:(i+1)*n.width], s.x[i*d:(i+1)*d], form(i))
	}
	word.multiply(s, s.out, s.hs, words, false)
	for i, v := range s.out {
		s.x[i] += v
	}
}

// read reads a run of sentences: forms of all words, ends of the sentences.
func (n *network) read(s *scratch, forms []string, bounds []int) reading {
	words := len(forms)
	n.enter(s, &n.word, words, func(i int) string { return forms[i] })
	n.encode(s, words, bounds)
	s.hs = grow(s.hs, words*n.heads.out)
	n.heads.multiply(s, s.hs, s.x, words, true)
	out := reading{make([]int, words), make([]int, words), make([]int, words), make([]int, words)}
	from := 0
	for _, to := range bounds {
		n.decode(s, &out, from, to)
		from = to
	}
	return out
}

// decode decides on one sentence from the first products of the heads.
func (n *network) decode(s *scratch, out *reading, from, to int) {
	w := n.heads.out
	row := func(i int) []float32 { return s.hs[i*w : i*w+w] }
	nt := len(n.tags)
	for i := from; i < to; i++ {
		out.tags[i] = bestFloat(row(i)[:nt])
	}
	count := to - from
	// Names: a second product, then the best run of tags.
	part := make([]float32, count*n.nameN)
	for i := 0; i < count; i++ {
		relu(part[i*n.nameN:(i+1)*n.nameN], row(from + i)[nt:])
	}
	scores := make([]float32, count*len(n.kinds))
	n.name.multiply(s, scores, part, count, false)
	n.bestNames(out.names[from:to], scores)
	n.arcs(s, out.heads[from:to], from, row)
	n.rels(s, out, from, to, row)
}

func relu(to, from []float32) {
	for i := range to {
		to[i] = max(from[i], 0)
	}
}

// headLevels bounds the rounded heads, so that products stay in 32 bits.
const headLevels = 511

// arcs decides the heads of a sentence: scores of every pair, then the best tree.
func (n *network) arcs(s *scratch, heads []int, from int, row func(int) []float32) {
	count, a := len(heads), n.arcN
	at := len(n.tags) + n.nameN
	deps := make([]float32, count*a)
	for i := 0; i < count; i++ {
		relu(deps[i*a:(i+1)*a], row(from + i)[at:])
	}
	second := make([]float32, count*a)
	n.arc.multiply(s, second, deps, count, false)
	hq := make([]int16, (count+1)*a)
	hs := make([]float32, count+1)
	hs[0] = rounded(hq[:a], n.arcRoot, headLevels)
	head := make([]float32, a)
	for j := 0; j < count; j++ {
		relu(head, row(from + j)[at+a:])
		hs[j+1] = rounded(hq[(j+1)*a:(j+2)*a], head, headLevels)
	}
	panels := panelCount(count + 1)
	s.extra = grow(s.extra, panels*panelWidth*a)
	packPanels(s.extra, count+1, a, func(o, i int) int16 { return hq[o*a+i] })
	s.acts, s.scales = grow(s.acts, wholePanels(count)*a), grow(s.scales, count)
	for i := 0; i < count; i++ {
		s.scales[i] = rounded(s.acts[i*a:(i+1)*a], second[i*a:(i+1)*a], actLevels)
	}
	width := panels * panelWidth
	s.sums = grow(s.sums, wholePanels(count)*width)
	products(s.sums, s.acts, count, a, s.extra, panels)
	scores := make([]float32, count*(count+1))
	for i := 0; i < count; i++ {
		for j := 0; j <= count; j++ {
			scores[i*(count+1)+j] = float32(float32(s.sums[i*width+j])*s.scales[i]) * hs[j]
		}
	}
	bestTree(heads, scores)
}

// rels decides the relations of words from … to-1 to their heads.
func (n *network) rels(s *scratch, out *reading, from, to int, row func(int) []float32) {
	count, r := to-from, n.relN
	at := len(n.tags) + n.nameN + 2*n.arcN
	pairs := make([]float32, count*r)
	for i := 0; i < count; i++ {
		dep, head := row(from + i)[at:at+r], n.relRoot
		if h := out.heads[from+i]; h > 0 {
			head = row(from + h - 1)[at+r : at+2*r]
		}
		p := pairs[i*r : (i+1)*r]
		for k := range p {
			p[k] = max(dep[k]+head[k], 0)
		}
	}
	scores := make([]float32, count*len(n.relations))
	n.rel.multiply(s, scores, pairs, count, false)
	for i := 0; i < count; i++ {
		sc := scores[i*len(n.relations) : (i+1)*len(n.relations)]
		if out.heads[from+i] == 0 {
			out.rels[from+i] = n.rootRelation
			continue
		}
		sc[n.rootRelation] = -1e30
		out.rels[from+i] = bestFloat(sc)
	}
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

// bestNames gives the best run of name tags, in which a name goes on only after
// it began.
func (n *network) bestNames(tags []int, scores []float32) {
	k := len(n.kinds)
	back := make([]uint8, len(tags)*k)
	sum, next := make([]float32, k), make([]float32, k)
	for t := range tags {
		for b := 0; b < k; b++ {
			prev := -1
			for a := 0; a < k; a++ {
				if n.nameInside[b] && (t == 0 || n.nameKind[a] != n.nameKind[b]) {
					continue
				}
				if prev < 0 || sum[a] > sum[prev] {
					prev = a
				}
			}
			if prev < 0 {
				next[b] = -1e30
				continue
			}
			next[b], back[t*k+b] = sum[prev]+scores[t*k+b], uint8(prev)
		}
		sum, next = next, sum
	}
	b := bestFloat(sum)
	for t := len(tags) - 1; t >= 0; t-- {
		tags[t] = b
		b = int(back[t*k+b])
	}
}
