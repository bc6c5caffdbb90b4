package quote

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Clusters group words that stand between the same words, so that a verb that
// the gold never had as a cue is known by its company. They were made from raw
// news by LearnClusters.
type Clusters struct {
	of map[string]uint32
}

// ParseClusters reads lines of a cluster's number and its words, the number
// parted by a tab, the words by spaces.
func ParseClusters(name string, r io.Reader) (*Clusters, error) {
	c := &Clusters{of: map[string]uint32{}}
	err := eachLine(name, r, func(f []string) error {
		if len(f) != 2 {
			return fmt.Errorf("want number and words, tab-separated, have %d columns", len(f))
		}
		n, err := strconv.ParseUint(f[0], 10, 16)
		if err != nil {
			return fmt.Errorf("cluster %q: want a number", f[0])
		}
		for _, w := range strings.Fields(f[1]) {
			c.of[w] = uint32(n)
		}
		return nil
	})
	return c, err
}

// Write writes what ParseClusters reads.
func (c *Clusters) Write(w io.Writer) error {
	by := map[uint32][]string{}
	top := uint32(0)
	for word, n := range c.of {
		by[n] = append(by[n], word)
		top = max(top, n)
	}
	for n := uint32(1); n <= top; n++ {
		slices.Sort(by[n])
		if len(by[n]) == 0 {
			continue
		}
		if _, err := fmt.Fprintf(w, "%d\t%s\n", n, strings.Join(by[n], " ")); err != nil {
			return err
		}
	}
	return nil
}

// cluster is a word's cluster, 0 for none.
func (c *Clusters) cluster(word string) uint32 {
	if c == nil {
		return 0
	}
	return c.of[word]
}

const (
	clusterCount  = 256
	clusterRounds = 12
	clusterSeen   = 15   // how often a word must be seen to be clustered
	contextWords  = 3000 // how many of the commonest words count as company
)

// LearnClusters groups the words of texts: each word is a vector of how much
// more often than by chance it stands one or two places from each common word,
// and the vectors are grouped by spherical k-means, begun from the commonest.
func LearnClusters(texts []string) *Clusters {
	seen := map[string]int{}
	for _, t := range texts {
		for _, w := range plainWords(t) {
			seen[w]++
		}
	}
	vocab := make([]string, 0, len(seen))
	for w, n := range seen {
		if n >= clusterSeen {
			vocab = append(vocab, w)
		}
	}
	slices.SortFunc(vocab, func(a, b string) int { return cmp.Or(seen[b]-seen[a], strings.Compare(a, b)) })
	id := make(map[string]int, len(vocab))
	for i, w := range vocab {
		id[w] = i
	}
	vectors := company(texts, id, min(contextWords, len(vocab)))
	group := kmeans(vectors, 4*contextWords, clusterCount)
	c := &Clusters{of: make(map[string]uint32, len(vocab))}
	for i, w := range vocab {
		if r := []rune(w)[0]; unicode.IsLetter(r) {
			c.of[w] = uint32(group[i] + 1)
		}
	}
	return c
}

// plainWords splits a text into lower-case words and single marks.
func plainWords(t string) []string {
	var out []string
	start := -1
	t = strings.ToLower(t)
	for i, r := range t {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' && start >= 0 {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 {
			out = append(out, t[start:i])
			start = -1
		}
		if !unicode.IsSpace(r) {
			out = append(out, string(r))
		}
	}
	if start >= 0 {
		out = append(out, t[start:])
	}
	return out
}

// entry is one coordinate of a sparse vector.
type entry struct {
	at int32
	x  float32
}

// company gives each word's vector: positive pointwise mutual information with
// the first n words in the places two before, before, behind and two behind.
func company(texts []string, id map[string]int, n int) [][]entry {
	counts := make([]map[int32]float64, len(id))
	for i := range counts {
		counts[i] = map[int32]float64{}
	}
	for _, t := range texts {
		words := plainWords(t)
		ids := make([]int, len(words))
		for i, w := range words {
			ids[i] = -1
			if k, ok := id[w]; ok {
				ids[i] = k
			}
		}
		for i, k := range ids {
			if k < 0 {
				continue
			}
			for place, d := range [...]int{-2, -1, 1, 2} {
				if j := i + d; j >= 0 && j < len(ids) && ids[j] >= 0 && ids[j] < n {
					counts[k][int32(place*contextWords+ids[j])]++
				}
			}
		}
	}
	column := make([]float64, 4*contextWords)
	total := 0.
	for _, c := range counts {
		for at, x := range c {
			column[at] += x // whole numbers: the order of adding does not matter
			total += x
		}
	}
	out := make([][]entry, len(counts))
	for i, c := range counts {
		row := 0.
		for _, x := range c {
			row += x
		}
		for at, x := range c {
			if m := math.Log(x * total / (row * column[at])); m > 0 {
				out[i] = append(out[i], entry{at, float32(m)})
			}
		}
		slices.SortFunc(out[i], func(a, b entry) int { return int(a.at - b.at) })
		length := 0.
		for _, e := range out[i] {
			length += float64(e.x) * float64(e.x)
		}
		for k := range out[i] {
			out[i][k].x /= float32(math.Sqrt(length) + 1e-9)
		}
	}
	return out
}

// kmeans groups unit vectors by the nearest mean; the first k begin the groups.
func kmeans(vs [][]entry, dims, k int) []int {
	k = min(k, len(vs))
	means := make([][]float32, k)
	for i := range means {
		means[i] = make([]float32, dims)
		for _, e := range vs[i] {
			means[i][e.at] = e.x
		}
	}
	group := make([]int, len(vs))
	for round := 0; round < clusterRounds; round++ {
		for i, v := range vs {
			best, top := 0, float32(-1)
			for g, m := range means {
				dot := float32(0)
				for _, e := range v {
					dot += e.x * m[e.at]
				}
				if dot > top {
					best, top = g, dot
				}
			}
			group[i] = best
		}
		for g := range means {
			clear(means[g])
		}
		for i, v := range vs {
			for _, e := range v {
				means[group[i]][e.at] += e.x
			}
		}
		for g := range means {
			length := 0.
			for _, x := range means[g] {
				length += float64(x) * float64(x)
			}
			for d := range means[g] {
				means[g][d] /= float32(math.Sqrt(length) + 1e-9)
			}
		}
	}
	return group
}
