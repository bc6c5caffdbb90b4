package quote

import "math"

// chain is a linear-chain conditional random field over hashed features. A
// feature is a bucket; each bucket holds one weight per label. Transitions that
// the label set forbids weigh -inf.
type chain struct {
	labels int
	bits   uint
	w      []float32 // bucket*labels + label; nil once loaded from a file
	q      []int8    // the same in steps of scale
	scale  float32
	trans  []float32 // from*labels + to
	first  []float32 // weight of starting in a label
	last   []float32 // weight of ending in a label
}

const never = -1e9

func newChain(labels int, bits uint) *chain {
	return &chain{labels: labels, bits: bits, w: make([]float32, labels<<bits),
		trans: make([]float32, labels*labels), first: make([]float32, labels), last: make([]float32, labels)}
}

// lattice is scratch space for one sequence, reused from one to the next.
type lattice struct {
	feats []uint32 // features of all positions, flat
	off   []int    // feats[off[i]:off[i+1]] are position i's
	s     []float32
	a, b  []float64 // scaled forward and backward
	scale []float64
	e     []float64 // exp of node scores less their maximum
	max   []float64
	p     []float64 // marginals
	tr    []float64 // exp of transitions
	back  []int8
	path  []int
}

func (l *lattice) reset() { l.feats, l.off = l.feats[:0], append(l.off[:0], 0) }

// next ends the features of one position.
func (l *lattice) next() { l.off = append(l.off, len(l.feats)) }

func (l *lattice) n() int { return len(l.off) - 1 }

// score fills the node scores.
func (c *chain) score(l *lattice) {
	n, L := l.n(), c.labels
	l.s = grow(l.s, n*L)
	clear(l.s)
	for i := 0; i < n; i++ {
		s := l.s[i*L : i*L+L]
		if c.q != nil {
			c.sum(l.feats[l.off[i]:l.off[i+1]], s)
			continue
		}
		for _, f := range l.feats[l.off[i]:l.off[i+1]] {
			w := c.w[int(f)*L : int(f)*L+L]
			for y := range s {
				s[y] += w[y]
			}
		}
	}
}

// sum adds up the 8-bit weights of a position's features.
func (c *chain) sum(feats []uint32, s []float32) {
	var total [16]int32
	L := c.labels
	for _, f := range feats {
		for y, q := range c.q[int(f)*L : int(f)*L+L] {
			total[y] += int32(q)
		}
	}
	for y := range s {
		s[y] = float32(total[y]) * c.scale
	}
}

// best is Viterbi's path over the node scores.
func (c *chain) best(l *lattice) []int {
	n, L := l.n(), c.labels
	l.path = grow(l.path, n)
	if n == 0 {
		return l.path
	}
	l.back = grow(l.back, n*L)
	cur, prev := make([]float32, L), make([]float32, L)
	for y := range prev {
		prev[y] = l.s[y] + c.first[y]
	}
	for i := 1; i < n; i++ {
		for y := 0; y < L; y++ {
			from, top := 0, float32(math.Inf(-1))
			for x := 0; x < L; x++ {
				if v := prev[x] + c.trans[x*L+y]; v > top {
					top, from = v, x
				}
			}
			cur[y] = top + l.s[i*L+y]
			l.back[i*L+y] = int8(from)
		}
		cur, prev = prev, cur
	}
	y, top := 0, float32(math.Inf(-1))
	for x := range prev {
		if v := prev[x] + c.last[x]; v > top {
			top, y = v, x
		}
	}
	for i := n - 1; i >= 0; i-- {
		l.path[i] = y
		y = int(l.back[i*L+y])
	}
	return l.path
}

// marginals fills l.p with the probability of each label at each position and
// returns the logarithm of the partition sum.
func (c *chain) marginals(l *lattice) float64 {
	n, L := l.n(), c.labels
	if n == 0 {
		return 0
	}
	l.a, l.b, l.p = grow(l.a, n*L), grow(l.b, n*L), grow(l.p, n*L)
	l.e, l.max, l.scale = grow(l.e, n*L), grow(l.max, n), grow(l.scale, n)
	l.tr = grow(l.tr, L*L)
	for k, t := range c.trans {
		l.tr[k] = expOf(float64(t))
	}
	logZ := 0.0
	for i := 0; i < n; i++ {
		m := math.Inf(-1)
		for y := 0; y < L; y++ {
			m = math.Max(m, float64(l.s[i*L+y]))
		}
		l.max[i] = m
		for y := 0; y < L; y++ {
			l.e[i*L+y] = expOf(float64(l.s[i*L+y]) - m)
		}
	}
	for i := 0; i < n; i++ {
		sum := 0.0
		for y := 0; y < L; y++ {
			a := 0.0
			if i == 0 {
				a = expOf(float64(c.first[y]))
			} else {
				for x := 0; x < L; x++ {
					a += l.a[(i-1)*L+x] * l.tr[x*L+y]
				}
			}
			a *= l.e[i*L+y]
			l.a[i*L+y] = a
			sum += a
		}
		l.scale[i] = sum
		for y := 0; y < L; y++ {
			l.a[i*L+y] /= sum
		}
		logZ += math.Log(sum) + l.max[i]
	}
	end := 0.0
	for y := 0; y < L; y++ {
		l.b[(n-1)*L+y] = expOf(float64(c.last[y]))
		end += l.a[(n-1)*L+y] * l.b[(n-1)*L+y]
	}
	logZ += math.Log(end)
	for i := n - 2; i >= 0; i-- {
		for x := 0; x < L; x++ {
			b := 0.0
			for y := 0; y < L; y++ {
				b += l.tr[x*L+y] * l.e[(i+1)*L+y] * l.b[(i+1)*L+y]
			}
			l.b[i*L+x] = b / l.scale[i+1]
		}
	}
	for i := 0; i < n; i++ {
		for y := 0; y < L; y++ {
			l.p[i*L+y] = l.a[i*L+y] * l.b[i*L+y] / end
		}
	}
	return logZ
}

func expOf(x float64) float64 {
	if x < -700 {
		return 0
	}
	return math.Exp(x)
}

// grow gives a slice of length n, reusing s where it is long enough.
func grow[T any](s []T, n int) []T {
	if cap(s) >= n {
		return s[:n]
	}
	return make([]T, n, n+n/2)
}
