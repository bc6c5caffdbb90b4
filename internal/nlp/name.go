package nlp

// Names are found with tags that say where a name begins, goes on, or is not:
// "B-PER", "I-PER", "O". The finder reads left to right over tagged words.

func (m *Model) findNames(forms []wordForm, xpos []uint32, tags []int) {
	var b bag
	scores := make([]int32, len(m.names.classes))
	caps := mostlyCapitals(forms)
	prev, prev2 := -1, -1
	for i := range forms {
		b.reset()
		nameFeatures(&b, forms, xpos, i, prev, prev2, caps)
		clear(scores)
		m.names.score(b.feats, scores)
		tags[i] = best(scores)
		prev2, prev = prev, tags[i]
	}
}

func nameFeatures(b *bag, forms []wordForm, xpos []uint32, i, prev, prev2 int, caps uint32) {
	tag := func(j int) uint32 {
		if j < 0 || j >= len(xpos) {
			return 251
		}
		return xpos[j]
	}
	w, p1, n1 := formAt(forms, i), formAt(forms, i-1), formAt(forms, i+1)
	p2, n2 := formAt(forms, i-2), formAt(forms, i+2)
	a, c := uint32(prev+1), uint32(prev2+1)
	t0, t1, tp := tag(i), tag(i+1), tag(i-1)
	flags := boolBit(w.capital) | boolBit(w.upper)<<1 | boolBit(i == 0)<<2 | caps<<3
	b.add0(300)
	b.add(301, w.norm)
	b.add2(302, w.norm, flags)
	b.add2(303, w.shape, caps)
	b.add2(304, w.suf3, flags)
	b.add2(305, w.suf4, t0)
	b.add2(306, w.pre3, flags)
	b.add2(307, t0, a)
	b.add3(308, tp, t0, t1)
	b.add2(309, p1.norm, flags)
	b.add2(310, n1.norm, flags)
	b.add3(311, p2.norm, p1.norm, flags)
	b.add3(312, n1.norm, n2.norm, flags)
	b.add2(313, w.norm, a)
	b.add3(314, p1.norm, w.norm, 0)
	b.add3(315, w.norm, n1.norm, 0)
	b.add3(316, a, n1.norm, t0)
	b.add3(317, a, p1.norm, t0)
	b.add3(318, a, c, t0)
	b.add2(319, a, flags)
	b.add3(320, a, t0, t1)
	b.add3(321, p1.shape, w.shape, n1.shape)
	b.add2(322, tag(i+2), t0)
	b.add2(323, tag(i-2), t0)
	b.add2(324, p2.norm, t0)
	b.add2(325, n2.norm, t0)
	b.add3(326, a, w.suf3, t0)
	b.add3(327, a, n1.shape, flags)
}
