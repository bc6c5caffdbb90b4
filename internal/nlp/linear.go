package nlp

// linear is a sparse linear classifier over hashed features: a feature that
// was seen in training has a row of (class, weight) pairs, a class's score is
// the sum over the rows of the features that hold. Scores are integers, so a
// result is the same on every machine.
type linear struct {
	classes []string
	keys    []uint32 // open addressing, 0 is empty
	rows    []uint32 // rows[i] is the start of the row of keys[i] in cells
	cells   []cell   // each row ends where its last cell says so
}

// cell is one weight of a row; last marks the row's end.
type cell struct {
	class  uint8
	last   bool
	weight int16
}

// score adds the rows of the features to out, one element a class.
func (l *linear) score(feats []uint32, out []int32) {
	mask := uint32(len(l.keys) - 1)
	for _, f := range feats {
		for i := f & mask; l.keys[i] != 0; i = (i + 1) & mask {
			if l.keys[i] != f {
				continue
			}
			for j := l.rows[i]; ; j++ {
				c := l.cells[j]
				out[c.class] += int32(c.weight)
				if c.last {
					break
				}
			}
			break
		}
	}
}

// index builds the hash table over the features; starts[i] is the start of the
// row of features[i].
func (l *linear) index(features, starts []uint32) {
	size := 16
	for size < len(features)*2 {
		size *= 2
	}
	l.keys, l.rows = make([]uint32, size), make([]uint32, size)
	mask := uint32(size - 1)
	for n, f := range features {
		i := f & mask
		for l.keys[i] != 0 {
			i = (i + 1) & mask
		}
		l.keys[i], l.rows[i] = f, starts[n]
	}
}

// Hashing of features: FNV-1a over words, finished so that low bits are good.

func hashString(s string) uint32 {
	h := uint32(2166136261)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h
}

func mix(h, x uint32) uint32 {
	h = (h ^ x) * 0x85ebca6b
	return h ^ h>>15
}

func finish(h uint32) uint32 {
	h ^= h >> 16
	h *= 0x7feb352d
	h ^= h >> 15
	if h == 0 {
		return 1
	}
	return h
}

// bag collects the features of one decision. Each feature is named by a
// template number and up to three values.
type bag struct{ feats []uint32 }

func (b *bag) reset()              { b.feats = b.feats[:0] }
func (b *bag) add0(t uint32)       { b.feats = append(b.feats, finish(mix(t, 7))) }
func (b *bag) add2(t, x, y uint32) { b.feats = append(b.feats, finish(mix(mix(mix(t, 13), x), y))) }
func (b *bag) add3(t, x, y, z uint32) {
	b.feats = append(b.feats, finish(mix(mix(mix(mix(t, 17), x), y), z)))
}
func (b *bag) add4(t, x, y, z, w uint32) {
	b.feats = append(b.feats, finish(mix(mix(mix(mix(mix(t, 19), x), y), z), w)))
}
