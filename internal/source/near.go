package source

import (
	"hash/fnv"
	"math"
	"strings"
)

// Fingerprint tells near-copies of a text: agency copy that outlets print with
// another headline, a cut end, or a changed paragraph. It is a MinHash over runs
// of shingle words: the share of equal positions of two fingerprints estimates
// the share of runs that two texts have in common (the Jaccard measure), with a
// standard error of at most 1/(2·√sketch) = 0.045. Texts alike in NearCopy or
// more are one origin; docs/decisions/0202-near-copies.md says how that was
// measured.
type Fingerprint [sketch]uint32

const (
	sketch  = 126 // positions
	shingle = 4   // words
)

// NearCopy is the likeness from which on two texts are one origin.
const NearCopy = 0.3

// bands and rows divide a fingerprint for looking up candidates.
const (
	rows  = 3
	bands = sketch / rows
)

// FingerprintOf makes the fingerprint of a text. Letter case, signs and white
// space do not count.
func FingerprintOf(text string) Fingerprint {
	words := phraseWords(text, false)
	var f Fingerprint
	for i := range f {
		f[i] = math.MaxUint32
	}
	for i := 0; i < max(1, len(words)-shingle+1); i++ {
		h := fnv.New64a()
		h.Write([]byte(strings.Join(words[i:min(i+shingle, len(words))], " ")))
		f.add(h.Sum64())
	}
	return f
}

// add takes a run's hash into every position, each under a permutation of its
// own.
func (f *Fingerprint) add(hash uint64) {
	for i := range f {
		hash += 0x9e3779b97f4a7c15 // the next number of SplitMix64
		z := (hash ^ hash>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		f[i] = min(f[i], uint32(z>>32))
	}
}

// Likeness estimates the share of runs that two texts have in common.
func (f Fingerprint) Likeness(g Fingerprint) float64 {
	same := 0
	for i := range f {
		if f[i] == g[i] {
			same++
		}
	}
	return float64(same) / sketch
}

// Bands are keys under which a fingerprint is kept so that near-copies are
// found without comparing all: two texts of likeness s share at least one with
// probability 1-(1-s³)⁴², which is 0.68 at 0.3, 0.94 at 0.4 and 0.996 at 0.5.
func (f Fingerprint) Bands() []uint64 {
	keys := make([]uint64, bands)
	for b := range keys {
		h := uint64(b) + 1
		for _, v := range f[b*rows : (b+1)*rows] {
			h = (h ^ uint64(v)) * 0x100000001b3
			h ^= h >> 29
		}
		keys[b] = h
	}
	return keys
}
