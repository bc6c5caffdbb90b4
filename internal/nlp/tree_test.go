package nlp

import (
	"math/rand/v2"
	"testing"
)

// bruteTree finds the best tree by trying every choice of heads.
func bruteTree(n int, scores []float32) (best float64) {
	heads := make([]int, n)
	best = -1e30
	var try func(i int, sum float64)
	try = func(i int, sum float64) {
		if i == n {
			if isTree(heads) {
				best = max(best, sum)
			}
			return
		}
		for h := 0; h <= n; h++ {
			if h != i+1 {
				heads[i] = h
				try(i+1, sum+float64(scores[i*(n+1)+h]))
			}
		}
	}
	try(0, 0)
	return best
}

func TestBestTreeIsBest(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 7))
	for range 400 {
		n := 1 + rnd.IntN(5)
		scores := make([]float32, n*(n+1))
		for i := range scores {
			scores[i] = float32(rnd.IntN(40) - 20)
		}
		heads := make([]int, n)
		bestTree(heads, scores)
		if !isTree(heads) {
			t.Fatalf("heads %v are no tree; scores %v", heads, scores)
		}
		sum := 0.0
		for i, h := range heads {
			sum += float64(scores[i*(n+1)+h])
		}
		if want := bruteTree(n, scores); sum != want {
			t.Fatalf("heads %v score %v, the best tree %v; scores %v", heads, sum, want, scores)
		}
	}
}

func TestBestTreeOfLongSentence(t *testing.T) {
	rnd := rand.New(rand.NewPCG(8, 8))
	n := maxSentence
	scores := make([]float32, n*(n+1))
	for i := range scores {
		scores[i] = rnd.Float32()
	}
	heads := make([]int, n)
	bestTree(heads, scores)
	if !isTree(heads) {
		t.Fatal("no tree")
	}
}

func TestIsTree(t *testing.T) {
	for _, c := range []struct {
		heads []int
		want  bool
	}{
		{[]int{0}, true}, {[]int{2, 0}, true}, {[]int{0, 0}, false}, {[]int{2, 1}, false},
		{[]int{2, 3, 0}, true}, {[]int{0, 3, 2}, false}, {[]int{2, 3, 1}, false}, {[]int{2, 0, 2, 3}, true},
	} {
		if got := isTree(c.heads); got != c.want {
			t.Errorf("isTree(%v) = %v", c.heads, got)
		}
	}
}

// BenchmarkBestTree is a sentence of the greatest length whose best heads make
// no tree.
func BenchmarkBestTree(b *testing.B) {
	rnd := rand.New(rand.NewPCG(8, 8))
	scores := make([]float32, maxSentence*(maxSentence+1))
	for i := range scores {
		scores[i] = rnd.Float32()
	}
	heads := make([]int, maxSentence)
	for b.Loop() {
		bestTree(heads, scores)
	}
}
