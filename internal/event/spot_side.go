package event

import (
	"slices"

	"detente"
	"detente/internal/actor"
)

// linked is what the spotter says of a deed and the words that were read with it: how probably each
// is of each of its sides, linkCount numbers a word, from word first on.
type linked struct {
	probs []float32
	first int
}

// linked gives the links of the deed at word i.
func (s spots) linked(i int) linked {
	probs, first := s.marks.Links(i, i)
	return linked{probs, first}
}

// spotSides gives who did the deed at word i, whose links are l, and to whom, as the spotter reads it.
func (c *coding) spotSides(l linked, i int, kind detente.EventType, st *detente.Statement) (src, dst []detente.Participant) {
	parts := l.sides()
	for _, r := range parts[linkMutual] {
		src = append(src, c.named(r, i, st)...)
	}
	for _, r := range parts[linkSource] {
		src = append(src, c.named(r, i, st)...)
	}
	for _, r := range parts[linkTarget] {
		dst = append(dst, c.named(r, i, st)...)
	}
	if len(src) == 0 && isVerb(c.tree.word(i)) { // marks name nobody by a pronoun
		if f := c.tree.verbFrame(i); !f.passive {
			pronouns := slices.DeleteFunc(slices.Clone(f.slots["subject"]), func(w int) bool { return c.tree.word(w).UPOS != "PRON" })
			src = c.participants(pronouns, st)
		}
	}
	src, dst = unique(src), unique(dst)
	if kind == detente.Assault && len(dst) == 0 && len(parts[linkMutual]) > 1 && len(src) > 1 {
		return src[:1], src[1:] // those who fight each other are each other's targets
	}
	dst = slices.DeleteFunc(dst, func(p detente.Participant) bool { // nobody does it to himself
		return slices.ContainsFunc(src, func(q detente.Participant) bool { return p.Name == q.Name && p.Party == q.Party })
	})
	return src, dst
}

// sides gives the runs of words that are of each side: those that
// stand behind the surest of their side by far are left out.
func (l linked) sides() (parts [linkCount][]run) {
	n := len(l.probs) / linkCount
	for y := range parts {
		p := func(j int) float32 { return l.probs[j*linkCount+y] }
		top := float32(0)
		for j := range n {
			top = max(top, p(j))
		}
		for j := 0; j < n; j++ {
			if p(j) < max(belongs, ratio*top) {
				continue
			}
			end := j + 1
			for end < n && (p(end) >= belongs || end+1 < n && p(end) >= between && p(end+1) >= belongs) {
				end++
			}
			parts[y] = append(parts[y], run{l.first + j, l.first + end})
			j = end
		}
	}
	return parts
}

// held is how probably a word of r is of one of some sides: certainly, as far as anybody knows, where
// it was not read with the deed.
func (l linked) held(r run, sides ...int) (p float32) {
	for w := r.first; w < r.end; w++ {
		j := (w - l.first) * linkCount
		if j < 0 || j >= len(l.probs) {
			return 1
		}
		for _, y := range sides {
			p = max(p, l.probs[j+y])
		}
	}
	return p
}

// unique leaves out whoever stands there twice.
func unique(ps []detente.Participant) (out []detente.Participant) {
	for _, p := range ps {
		if !slices.ContainsFunc(out, func(q detente.Participant) bool { return q.Name == p.Name && q.Party == p.Party && q.Code == p.Code }) {
			out = append(out, p)
		}
	}
	return out
}

// named gives whom the words of r name, on a side of the deed at a word: no state of which a firm or a market has its name.
func (c *coding) named(r run, deed int, st *detente.Statement) []detente.Participant {
	if c.inDateline(r.first) {
		return nil
	}
	span := c.doc.Span(r.first, r.end)
	firm := c.inFirm(span)
	return slices.DeleteFunc(c.whoever(r, deed, st), func(p detente.Participant) bool {
		return p.Name == "" || isState(codeOf(p)) && (firm || c.inFirm(p.Span))
	})
}

// whoever gives whom the words of r name. People of no country ("mourners", "guerrillas") are of
// the place where they are, or where the deed at a word is done.
func (c *coding) whoever(r run, deed int, st *detente.Statement) []detente.Participant {
	a := c.cast.Describe(c.doc, r.first, r.end)
	m := &actor.Mention{First: r.first, End: r.end, Actor: a}
	if len(a.Members) > 0 {
		return c.members(m)
	}
	if parts := c.listed(r); a.Party == "" && len(parts) > 1 { // "CIA and FBI"
		var all []detente.Participant
		for _, part := range parts {
			all = append(all, c.whoever(part, deed, st)...)
		}
		return unique(all)
	}
	if m.Actor.Code() == "" {
		for _, k := range c.cast.Within(r.first, r.end) {
			if k.Actor != nil && k.Actor.Code() != "" {
				m.Actor = k.Actor
				break
			}
		}
	}
	if m.Actor.Code() == "" {
		if ps := c.participant(c.headOf(r), st); len(codes(ps, nil)) > 0 {
			return ps // "opposition parties in Nepal"
		}
	}
	p := c.fromMention(m)
	if head := c.headOf(r); codeOf(p) == "" && c.tree.word(head).UPOS == "NOUN" {
		p.Code = c.placeOf(head, deed)
	}
	return []detente.Participant{p}
}

// listed takes a list apart at its commas and conjunctions.
func (c *coding) listed(r run) (parts []run) {
	first := r.first
	for w := r.first; w <= r.end; w++ {
		if w < r.end && c.tree.word(w).UPOS != "CCONJ" && c.tree.form(w) != "and" && c.tree.form(w) != "," {
			continue
		}
		if w > first {
			parts = append(parts, run{first, w})
		}
		first = w + 1
	}
	return parts
}

// placeOf gives the country of a place that word w carries ("rebels in south Lebanon"), or else the deed
// ("students marched through Lisbon").
func (c *coding) placeOf(w, deed int) detente.Party {
	sent := c.doc.Sents[c.tree.word(w).Sent]
	for _, top := range []int{w, deed} {
		for _, m := range c.cast.Within(sent.First, sent.End) {
			if m.Actor == nil || m.Actor.Kind != actor.KindPlace && m.Actor.Kind != actor.KindState || m.Adjective || !c.tree.ancestor(top, m.Head) {
				continue
			}
			if code := m.Actor.Code(); code != "" && slices.ContainsFunc(c.tree.preps(m.Head), func(p string) bool { return slices.Contains(places, p) }) {
				return code
			}
		}
	}
	return ""
}

// places are prepositions of where something is.
var places = []string{"in", "at", "near", "outside", "through", "around", "across"}
