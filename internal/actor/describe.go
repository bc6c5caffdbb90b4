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
	if m := c.exactly(doc, first, end); m != nil {
		return m.Actor
	}
	head := headOf(doc, first, end, first)
	if m := c.At(head); m != nil && !m.Adjective && m.First >= first && m.End <= end {
		return m.Actor
	}
	var best *Mention
	for _, m := range c.Within(first, end) {
		if owns := m.End <= head && doc.Words[m.Head].Rel == "nmod:poss"; !owns && !m.Adjective && (best == nil || m.End-m.First > best.End-best.First) {
			best = m
		}
	}
	if best != nil && (best.Actor.Kind == KindPerson || best.First <= head && head < best.End || best.First <= first+1) {
		return best.Actor
	}
	if best == nil {
		if m := c.around(first, end); m != nil {
			return m.Actor
		}
	}
	return c.stranger(doc, first, end)
}

// exactly is the mention that covers the words, a determiner apart.
func (c *Cast) exactly(doc *nlp.Doc, first, end int) *Mention {
	var found *Mention
	for w := max(first-1, 0); w <= first+1; w++ {
		if w != first && !isDeterminer(strings.ToLower(doc.Words[min(w, first)].Form)) {
			continue
		}
		for _, m := range c.Within(w, end) {
			if m.First == w && m.End == end && (found == nil || found.Adjective) {
				found = m
			}
		}
	}
	return found
}

// around is the narrowest mention of a person that has all the words inside:
// the phrase is part of a title and name.
func (c *Cast) around(first, end int) *Mention {
	m := c.Covering(first)
	if m == nil || m != c.Covering(end-1) || m.Adjective || m.Actor.Kind != KindPerson {
		return nil
	}
	return m
}

// stranger is the speaker whom only the phrase's own words tell of.
func (c *Cast) stranger(doc *nlp.Doc, first, end int) *Actor {
	text := strings.Join(strings.Fields(doc.Text[doc.Words[first].Start:doc.Words[end-1].End]), " ")
	a := &Actor{Name: text, Kind: KindGroup}
	for _, m := range c.Within(first, end) {
		if country := orParty(m.Actor.Country, m.Actor.Party); country != "" {
			a.Country = country
			break
		}
	}
	a.ID = idOf(a.Name, a.Country)
	return a
}
