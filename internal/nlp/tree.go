package nlp

import "slices"

// bestTree finds the heads of the best tree with a single root. scores holds a
// row a word: the score of the root, then of every word, as its head. Most
// often the best head of each word makes a tree already; where it does not,
// cycles are contracted (Chu and Liu, Edmonds) with arcs from the root made so
// dear that a single one is left.
func bestTree(heads []int, scores []float32) {
	n := len(heads)
	w := n + 1
	for i := range heads {
		b := -1
		for j := 0; j < w; j++ {
			if j != i+1 && (b < 0 || scores[i*w+j] > scores[i*w+b]) {
				b = j
			}
		}
		heads[i] = b
	}
	if isTree(heads) {
		return
	}
	low, high := scores[0], scores[0]
	for _, s := range scores {
		low, high = min(low, s), max(high, s)
	}
	dear := float64(high-low+1) * float64(n+1)
	cost := make([]float64, w*w) // cost[head*w+word], larger is better
	for i := 0; i < n; i++ {
		for j := 0; j < w; j++ {
			cost[j*w+i+1] = float64(scores[i*w+j])
		}
		cost[i+1] -= dear
	}
	t := treeFinder{n: w, cost: cost}
	for i, h := range t.find()[1:] {
		heads[i] = h
	}
}

// isTree tells whether the heads make one tree with a single root.
func isTree(heads []int) bool {
	roots := 0
	seen := make([]int, len(heads)) // the walk that passed the word; walks count from 1
	for i, h := range heads {
		if h == 0 {
			roots++
		}
		walk := i + 1
		for k := i; seen[k] == 0; {
			seen[k] = walk
			if heads[k] == 0 {
				break
			}
			k = heads[k] - 1
			if seen[k] == walk {
				return false
			}
		}
	}
	return roots == 1
}

// treeFinder finds the best tree over nodes 0 … n-1 rooted at 0.
type treeFinder struct {
	n    int
	cost []float64 // cost[from*n+to]
}

// find contracts one cycle after another. Nodes that were contracted live on as
// their cycle's first node. Contracting m nodes costs O(nm), and there are at
// most n to contract, so the whole is O(n²): a node whose best head lay in the
// cycle keeps it, now under the cycle's first node.
func (t *treeFinder) find() []int {
	n := t.n
	cost := t.cost
	alive := make([]bool, n)
	for i := range alive {
		alive[i] = true
	}
	// from[a*n+b], to[a*n+b]: the ends, among the nodes of the start, of the arc
	// that stands for a→b now.
	from, to := make([]int32, n*n), make([]int32, n*n)
	for a := 0; a < n; a++ {
		for b := 0; b < n; b++ {
			from[a*n+b], to[a*n+b] = int32(a), int32(b)
		}
	}
	type cycle struct {
		nodes []int
		heads [][2]int32 // the arc into each node that the cycle uses
		inner [][]int    // the start's nodes inside each
	}
	var cycles []cycle
	members := make([][]int, n)
	for i := range members {
		members[i] = []int{i}
	}
	best := make([]int, n)
	findBest := func(b int) {
		k := -1
		for a := 0; a < n; a++ {
			if alive[a] && a != b && (k < 0 || cost[a*n+b] > cost[k*n+b]) {
				k = a
			}
		}
		best[b] = k
	}
	for b := 1; b < n; b++ {
		findBest(b)
	}
	inLoop, seen := make([]bool, n), make([]int, n)
	for {
		loop := findLoop(best, alive, seen)
		if loop == nil {
			break
		}
		c := cycle{nodes: loop}
		for _, v := range loop {
			c.heads = append(c.heads, [2]int32{from[best[v]*n+v], to[best[v]*n+v]})
			c.inner = append(c.inner, members[v])
		}
		cycles = append(cycles, c)
		head := loop[0]
		for _, v := range loop {
			inLoop[v] = true
		}
		// Saved before the rows of head change.
		gain := make([]float64, len(loop))
		for k, v := range loop {
			gain[k] = cost[best[v]*n+v]
		}
		for a := 0; a < n; a++ {
			if !alive[a] || inLoop[a] {
				continue
			}
			in, out := loop[0], loop[0]
			inCost := cost[a*n+loop[0]] - gain[0]
			for k, v := range loop {
				if x := cost[a*n+v] - gain[k]; x > inCost {
					in, inCost = v, x
				}
				if cost[v*n+a] > cost[out*n+a] {
					out = v
				}
			}
			from[a*n+head], to[a*n+head] = from[a*n+in], to[a*n+in]
			cost[a*n+head] = inCost
			from[head*n+a], to[head*n+a] = from[out*n+a], to[out*n+a]
			cost[head*n+a] = cost[out*n+a]
		}
		for b := 1; b < n; b++ {
			if alive[b] && !inLoop[b] && inLoop[best[b]] {
				best[b] = head
			}
		}
		// A copy: the cycle keeps what its first node held before.
		members[head] = slices.Clone(members[head])
		for _, v := range loop {
			inLoop[v] = false
			if v != head {
				alive[v] = false
				members[head] = append(members[head], members[v]...)
			}
		}
		findBest(head)
	}
	heads := make([]int, n)
	set := make([]bool, n)
	for b := 1; b < n; b++ {
		if alive[b] {
			a := best[b]
			heads[to[a*n+b]], set[to[a*n+b]] = int(from[a*n+b]), true
		}
	}
	for i := len(cycles) - 1; i >= 0; i-- {
		c := cycles[i]
		for k := range c.nodes {
			entered := false
			for _, v := range c.inner[k] {
				entered = entered || set[v]
			}
			if !entered {
				heads[c.heads[k][1]], set[c.heads[k][1]] = int(c.heads[k][0]), true
			}
		}
	}
	return heads
}

// findLoop gives the nodes of a cycle among the best heads, or nil; seen is
// room to work in.
func findLoop(best []int, alive []bool, seen []int) []int {
	clear(seen)
	for i := 1; i < len(best); i++ {
		if !alive[i] {
			continue
		}
		k := i
		for k != 0 && seen[k] == 0 {
			seen[k] = i
			k = best[k]
		}
		if k != 0 && seen[k] == i {
			loop := []int{k}
			for v := best[k]; v != k; v = best[v] {
				loop = append(loop, v)
			}
			return loop
		}
	}
	return nil
}
