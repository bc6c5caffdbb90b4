package actor

import (
	"strings"

	"detente/internal/nlp"
)

// Describe resolves a source phrase (words first … end-1) to a speaker: the
// mention at its head, else the role and party that its own words give
// ("a senior Iranian official"). It is never nil: words that name nobody whom
// we know are a group or person of that name, without party.
func (c *Cast) Describe(doc *nlp.Doc, first, end int) *Actor {
	for first < end && doc.Words[first].UPOS == "PUNCT" {
		first++
	}
	for end > first && doc.Words[end-1].UPOS == "PUNCT" {
		end--
	}
	if first >= end {
		return &Actor{Kind: KindGroup}
	}
	head := headOf(doc, first, end, first)
	if m := c.At(head); m != nil && !m.Adjective {
		return m.Actor
	}
	var best *Mention
	for w := first; w < end; w++ {
		for m := c.widestFrom(w, first, end); m != nil && !m.Adjective && (best == nil || m.End-m.First > best.End-best.First); m = nil {
			best = m
		}
		if best != nil && w >= best.End {
			break
		}
	}
	if best != nil && (best.Actor.Kind == KindPerson || best.First == first || best.First == first+1 || best.First <= head && head < best.End) {
		return best.Actor
	}
	return c.stranger(doc, first, end)
}

// widestFrom is the widest mention that begins at w inside first … end-1.
func (c *Cast) widestFrom(w, first, end int) *Mention {
	for _, m := range c.Within(w, end) {
		if m.First != w {
			return nil
		}
		return m
	}
	return nil
}

// stranger is the speaker whom only the phrase's own words tell of.
func (c *Cast) stranger(doc *nlp.Doc, first, end int) *Actor {
	text := strings.Join(strings.Fields(doc.Text[doc.Words[first].Start:doc.Words[end-1].End]), " ")
	a := &Actor{Name: text, Kind: KindGroup}
	for _, m := range c.Within(first, end) {
		if m.Adjective {
			a.Country = m.Actor.Country
			break
		}
	}
	a.ID = idOf(a.Name, a.Country)
	return a
}
