package source

import (
	"hash/fnv"
	"math"
	"strings"
	"unicode/utf8"
)

// Fingerprint finds near-copies of a text: agency copy that outlets print with
// another headline, a cut end, or a changed paragraph. It is a MinHash over runs
// of shingle words; texts that have runs in common agree in some of its
// positions, and so in some of its Bands. Those that do are candidates, and
// SharedRuns judges them by their texts. docs/decisions/0202-near-copies.md and
// 0350-copies-and-versions.md say how that was measured.
type Fingerprint [sketch]uint32

const (
	sketch  = 126 // positions
	shingle = 4   // words
)

// bands and rows divide a fingerprint for looking up candidates.
const (
	rows  = 2
	bands = sketch / rows
)

// FingerprintOf makes the fingerprint of a text. Letter case, signs and white
// space do not count.
func FingerprintOf(text string) Fingerprint {
	var f Fingerprint
	for i := range f {
		f[i] = math.MaxUint32
	}
	for run := range runsOf(text) {
		h := fnv.New64a()
		h.Write([]byte(run))
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

// Bands are keys under which a fingerprint is kept so that near-copies are
// found without comparing all: two texts that have the share s of all their runs
// in common (the Jaccard measure) agree in at least one with
// probability 1-(1-s³)⁴², which is 0.68 at 0.3, 0.94 at 0.4 and 0.996 at 0.5.
func (f Fingerprint) Bands() []uint64 {
	keys := make([]uint64, bands)
	for b := range keys {
		h := uint64(b) + 1
		for _, v := range f[b*rows : (b+1)*rows] {
			h = (h ^ uint64(v)) * 0x100000001b3
			h ^= h >> 29
		}
		keys[b] = h >> 32 // half of it tells them apart as well, and takes half the room
	}
	return keys
}

// SharedRuns is how many of the shorter text's runs of words the other has too,
// as a share. Of a text that was cut and given another beginning it is what is
// left of it.
func SharedRuns(a, b string) float64 {
	return shared(runsOf(a), runsOf(b))
}

// SharedWords is the same of different words with four letters or more. Texts
// about other things share few; one that was written anew about the same, half.
func SharedWords(a, b string) float64 {
	return shared(longWords(a), longWords(b))
}

func shared(a, b map[string]bool) float64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	n := 0
	for x := range a {
		if b[x] {
			n++
		}
	}
	return float64(n) / float64(max(1, len(a)))
}

func runsOf(text string) map[string]bool {
	words := phraseWords(text, false)
	runs := map[string]bool{}
	for i := 0; i < max(1, len(words)-shingle+1); i++ {
		runs[strings.Join(words[i:min(i+shingle, len(words))], " ")] = true
	}
	return runs
}

func longWords(text string) map[string]bool {
	words := map[string]bool{}
	for _, w := range phraseWords(text, false) {
		if utf8.RuneCountInString(w) >= 4 {
			words[w] = true
		}
	}
	return words
}
