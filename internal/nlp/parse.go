package nlp

// The parser is a greedy arc-hybrid transition system: a stack of words, the
// rest of the sentence as buffer with the root at its end, and three moves.
// shift moves the buffer's front onto the stack; left makes the front the head
// of the stack's top; right makes the second of the stack the head of its top.
// Every word gets one head, and the last word left on the stack hangs on the
// root, so a sentence is always one tree.

// Moves: 0 is shift, 1+2k left with label k, 2+2k right with label k.
const moveShift = 0

// parseState is the state of a parse. Words are 1 … n; n+1 is the root and 0
// means none.
type parseState struct {
	n         int
	front     int // the buffer's front
	stack     []int
	head, rel []int
	// leftmost and second leftmost, rightmost and second rightmost children.
	l1, l2, r1, r2 []int
	lv, rv         []uint32 // count of left and right children
}

func newParseState(n int) *parseState {
	ints := make([]int, 6*(n+2))
	cut := func() []int { s := ints[: n+2 : n+2]; ints = ints[n+2:]; return s }
	s := &parseState{n: n, front: 1, stack: make([]int, 0, 32), head: cut(), rel: cut(), l1: cut(), l2: cut(), r1: cut(), r2: cut()}
	vs := make([]uint32, 2*(n+2))
	s.lv, s.rv = vs[:n+2], vs[n+2:]
	return s
}

func (s *parseState) done() bool { return s.front == s.n+1 && len(s.stack) == 0 }

func (s *parseState) canShift() bool { return s.front <= s.n }

// canLeft: the root takes one word only, the last on the stack.
func (s *parseState) canLeft() bool {
	return len(s.stack) > 0 && (s.front <= s.n || len(s.stack) == 1)
}

func (s *parseState) canRight() bool { return len(s.stack) > 1 }

func (s *parseState) top(k int) int {
	if k >= len(s.stack) {
		return 0
	}
	return s.stack[len(s.stack)-1-k]
}

// apply makes a move; label is ignored by shift.
func (s *parseState) apply(move int) {
	if move == moveShift {
		s.stack = append(s.stack, s.front)
		s.front++
		return
	}
	label := (move - 1) / 2
	dep := s.stack[len(s.stack)-1]
	s.stack = s.stack[:len(s.stack)-1]
	head := s.front
	if move%2 == 0 {
		head = s.stack[len(s.stack)-1]
	}
	s.head[dep], s.rel[dep] = head, label
	if dep < head {
		s.l2[head], s.l1[head] = s.l1[head], dep
		s.lv[head]++
	} else {
		s.r2[head], s.r1[head] = s.r1[head], dep
		s.rv[head]++
	}
}

// bestMove gives the allowed move with the highest score.
func (s *parseState) bestMove(scores []int32) int {
	b := -1
	left, right := s.canLeft(), s.canRight()
	for mv, sc := range scores {
		switch {
		case mv == moveShift && !s.canShift(), mv != moveShift && mv%2 == 1 && !left, mv != moveShift && mv%2 == 0 && !right:
			continue
		}
		if b < 0 || sc > scores[b] {
			b = mv
		}
	}
	return b
}

// parseView is what the parser sees of the words: 1-based, with edges.
type parseView struct {
	norm, xpos, upos []uint32
}

func newParseView(forms []wordForm, xpos, upos []uint32) parseView {
	n := len(forms)
	v := parseView{make([]uint32, n+2), make([]uint32, n+2), make([]uint32, n+2)}
	for i := range forms {
		v.norm[i+1], v.xpos[i+1], v.upos[i+1] = forms[i].norm, xpos[i], upos[i]
	}
	v.norm[0], v.norm[n+1], v.xpos[n+1], v.upos[n+1] = 5, 6, 250, 250
	return v
}

// parse fills heads (1-based, 0 the root) and relation classes of a sentence.
func (m *Model) parse(v parseView, heads, rels []int) {
	s := newParseState(len(heads))
	var b bag
	scores := make([]int32, len(m.moves.classes))
	for !s.done() {
		b.reset()
		s.features(&b, v)
		clear(scores)
		m.moves.score(b.feats, scores)
		s.apply(s.bestMove(scores))
	}
	for i := range heads {
		heads[i], rels[i] = s.head[i+1], s.rel[i+1]
		if heads[i] == s.n+1 {
			heads[i] = 0
		}
	}
}

func (s *parseState) features(b *bag, v parseView) {
	s0, s1, s2 := s.top(0), s.top(1), s.top(2)
	b0 := s.front
	next := func(k int) int {
		if b0+k > s.n {
			return 0
		}
		return b0 + k
	}
	b1, b2, b3 := next(1), next(2), next(3)
	w, t, u := v.norm, v.xpos, v.upos
	rel := func(i int) uint32 {
		if i == 0 || s.head[i] == 0 {
			return 99
		}
		return uint32(s.rel[i])
	}
	dist := uint32(0)
	if s0 > 0 {
		dist = uint32(min(b0-s0, 8))
	}
	dist2 := uint32(0)
	if s1 > 0 {
		dist2 = uint32(min(s0-s1, 8))
	}
	s0l, s0l2, s0r, s0r2 := s.l1[s0], s.l2[s0], s.r1[s0], s.r2[s0]
	s1l, s1r, s1r2 := s.l1[s1], s.r1[s1], s.r2[s1]
	b0l, b0l2 := s.l1[b0], s.l2[b0]
	sc, bc := s.lv[s0]<<4|s.rv[s0]&15, s.lv[b0]
	b.add0(200)
	b.add2(201, w[s0], t[s0])
	b.add(202, w[s0])
	b.add(203, t[s0])
	b.add2(204, w[s1], t[s1])
	b.add(205, w[s1])
	b.add(206, t[s1])
	b.add2(207, w[b0], t[b0])
	b.add(208, w[b0])
	b.add(209, t[b0])
	b.add2(210, w[b1], t[b1])
	b.add(211, t[b1])
	b.add2(212, w[b2], t[b2])
	b.add(213, t[b2])
	b.add2(214, w[s2], t[s2])
	b.add(215, t[b3])
	b.add4(216, w[s0], t[s0], w[b0], t[b0])
	b.add3(217, w[s0], t[s0], w[b0])
	b.add3(218, w[s0], w[b0], t[b0])
	b.add3(219, w[s0], t[s0], t[b0])
	b.add3(220, t[s0], w[b0], t[b0])
	b.add2(221, w[s0], w[b0])
	b.add2(222, t[s0], t[b0])
	b.add2(223, t[b0], t[b1])
	b.add3(224, t[b0], t[b1], t[b2])
	b.add3(225, t[s0], t[b0], t[b1])
	b.add4(226, t[s0], t[b0], t[b1], t[b2])
	b.add3(227, t[s1], t[s0], t[b0])
	b.add4(228, t[s2], t[s1], t[s0], t[b0])
	b.add4(229, w[s1], t[s1], w[s0], t[s0])
	b.add3(230, w[s1], t[s0], t[b0])
	b.add3(231, t[s1], w[s0], t[b0])
	b.add3(232, t[s1], t[s0], w[b0])
	b.add2(233, w[s1], w[s0])
	b.add2(234, w[s1], t[s0])
	b.add2(235, t[s1], w[s0])
	b.add2(236, t[s1], t[s0])
	b.add4(237, t[s1], t[s0], t[b0], t[b1])
	b.add3(238, t[s0], t[b0], t[b0l])
	b.add3(239, t[s0], t[s0r], t[b0])
	b.add3(240, t[s0], t[s0l], t[b0])
	b.add3(241, t[s1], t[s1r], t[s0])
	b.add3(242, t[s1], t[s0], t[s0r])
	b.add3(243, t[s1], t[s0], t[s0l])
	b.add3(244, t[s1], t[s1l], t[s0])
	b.add2(245, w[s0], dist)
	b.add2(246, t[s0], dist)
	b.add2(247, w[b0], dist)
	b.add2(248, t[b0], dist)
	b.add3(249, w[s0], w[b0], dist)
	b.add3(250, t[s0], t[b0], dist)
	b.add3(251, t[s1], t[s0], dist2)
	b.add3(252, w[s1], t[s0], dist2)
	b.add2(253, w[s0], s.lv[s0])
	b.add2(254, w[s0], s.rv[s0])
	b.add2(255, t[s0], sc)
	b.add2(256, w[b0], bc)
	b.add2(257, t[b0], bc)
	b.add3(258, t[s1], s.rv[s1], t[s0])
	b.add2(259, w[s0r], rel(s0r))
	b.add2(260, t[s0l], rel(s0l))
	b.add2(261, w[b0l], rel(b0l))
	b.add2(262, t[s1r], rel(s1r))
	b.add3(263, t[s0], rel(s0l), rel(s0r))
	b.add3(264, w[s0], rel(s0l), rel(s0r))
	b.add4(265, t[s0], rel(s0l), rel(s0l2), t[b0])
	b.add4(266, t[s0], rel(s0r), rel(s0r2), t[b0])
	b.add4(267, t[s1], rel(s1r), rel(s1r2), t[s0])
	b.add4(268, t[b0], rel(b0l), rel(b0l2), t[s0])
	b.add3(269, w[s1], rel(s1r), t[s0])
	b.add3(270, w[s1], rel(s1l), rel(s1r))
	b.add3(271, u[s0], u[b0], w[b1])
	b.add4(272, u[s1], u[s0], u[b0], w[b1])
	b.add3(273, w[s0], u[s1], u[b0])
	b.add3(274, w[s0], w[s1], u[b0])
	b.add3(275, w[s0], w[b0], u[b1])
	b.add3(276, w[s0], w[b0], u[s1])
	b.add4(277, u[s0], w[s0r], u[b0], rel(s0r))
	b.add4(278, u[s1], w[s1r], u[s0], rel(s1r))
	b.add4(279, w[s0l], u[s0], u[s1], rel(s0l))
	b.add4(280, u[s2], u[s1], w[s0], u[b0])
	b.add4(281, u[s0], u[b0], u[b1], u[b2])
	b.add4(282, t[s0], t[b0], t[b1], t[b3])
	b.add3(283, w[s1], w[b0], t[s0])
	b.add3(284, u[s1], u[b0], dist2)
	b.add4(285, t[s1], w[s0l], t[s0], dist2)
}
