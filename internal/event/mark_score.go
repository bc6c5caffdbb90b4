package event

import (
	"slices"

	"detente"
	"detente/internal/actor"
	"detente/internal/nlp"
)

// MarkScore counts the events of texts in which coders marked every deed.
//
// An event is right where its sentence has a mark of its type, or of what that
// type becomes when it is planned, demanded or refused, with its factuality, and
// every party of a side is one that the mark names on that side (on any, in talks and of those
// who do something with each other). Each mark makes one event right. Marks of
// which the tables resolve neither side are not asked for.
type MarkScore struct {
	Told, Right, Typed     int // Typed: type and factuality right, whatever the sides
	Marks, Found           int
	Main, First            int // texts whose main mark has a known party, and those whose first event has its type
	Met, Stance            int // events on the trigger of a mark, and those of them whose factuality is right
	Contacts, TrueContacts int // happened CONSULT acts told, and those for which a mark has one that happened
}

// Add scores the events of a text that has marks.
func (s *MarkScore) Add(m *Marked, doc *nlp.Doc, cast *actor.Cast, events []detente.Event) {
	marks := *m.Events
	sides := make([]goldSides, len(marks))
	for k := range marks {
		sides[k] = goldSidesOf(doc, cast, &marks[k])
		s.Marks += one(sides[k].known())
	}
	if k := slices.IndexFunc(marks, func(m Mark) bool { return m.Main }); k >= 0 && sides[k].known() {
		s.Main++
		s.First += one(len(events) > 0 && marks[k].ofType(events[0].Type))
	}
	used := make([]bool, len(marks))
	for i := range events {
		ev := &events[i]
		s.Told++
		if k := slices.IndexFunc(marks, func(m Mark) bool { return onSpan(ev.Trigger, m.Trigger) }); k >= 0 {
			s.Met++
			s.Stance += one(marks[k].Factuality == ev.Factuality)
		}
		typed, right := false, -1
		for k := range marks {
			if !used[k] && sentenceAt(doc, marks[k].Trigger) == ev.Sentence && marks[k].becomes(ev) {
				typed = true
				if right < 0 && sides[k].allow(ev) {
					right = k
				}
			}
		}
		s.Typed += one(typed)
		if right >= 0 {
			used[right] = true
			s.Right++
			s.Found += one(sides[right].known())
		}
		if ev.Act == detente.Contact && ev.Factuality == detente.Happened {
			s.Contacts++
			s.TrueContacts += one(right >= 0)
		}
	}
}

// onSpan reports that one of the spans touches another.
func onSpan(spans []detente.Span, other detente.Span) bool {
	return slices.ContainsFunc(spans, func(s detente.Span) bool { return s.Start < other.End && s.End > other.Start })
}

// becomes reports an event that may be coded for a mark.
func (m *Mark) becomes(ev *detente.Event) bool {
	return ev.Factuality == m.Factuality && m.ofType(ev.Type)
}

// ofType reports a type that a mark's event may have: its own, or what that becomes.
func (m *Mark) ofType(t detente.EventType) bool {
	if t == m.Type || t == detente.Reject && m.Factuality == detente.DeniedHappened {
		return true
	}
	plain := detente.Event{Type: m.Type}
	convert(&plain, stance{fact: m.Factuality})
	return plain.Type == t
}

// side is whom one side of a mark names: their codes, and where they stand.
type side struct {
	codes []detente.Party
	spans []detente.Span
}

// goldSides are the sides of a mark.
type goldSides struct {
	source, target side
	mutual         bool
}

func (g *goldSides) known() bool { return len(g.source.codes)+len(g.target.codes) > 0 }

func goldSidesOf(doc *nlp.Doc, cast *actor.Cast, m *Mark) goldSides {
	side := func(spans []detente.Span) side {
		out := side{spans: spans}
		for _, s := range spans {
			words := wordsUnder(doc, []detente.Span{s})
			if len(words) == 0 {
				continue
			}
			for _, c := range codesWithin(doc, cast, words[0], words[len(words)-1]+1) {
				out.codes = append(out.codes, scored(c))
			}
		}
		return out
	}
	return goldSides{side(m.Source), side(m.Target), mutualKinds[m.Type] && len(m.Target) == 0 && len(m.Source) > 1}
}

// codesWithin gives whom the words first … end-1 name: their phrase, else the mentions in it.
func codesWithin(doc *nlp.Doc, cast *actor.Cast, first, end int) (out []detente.Party) {
	a := cast.Describe(doc, first, end)
	for _, m := range append([]*actor.Actor{a}, a.Members...) {
		if c := m.Code(); c != "" {
			out = append(out, c)
		}
	}
	if len(out) > 0 {
		return out
	}
	for _, m := range cast.Within(first, end) {
		if m.Actor != nil {
			if c := m.Actor.Code(); c != "" {
				out = append(out, c)
			}
		}
	}
	return out
}

// allow reports an event whose parties are all among those of the mark, side by side, or
// stand in its words.
func (g *goldSides) allow(ev *detente.Event) bool {
	if g.mutual || ev.Type == detente.Consult {
		all := side{append(slices.Clone(g.source.codes), g.target.codes...), append(slices.Clone(g.source.spans), g.target.spans...)}
		return all.has(ev.Source) && all.has(ev.Target)
	}
	return g.source.has(ev.Source) && g.target.has(ev.Target)
}

func (s *side) has(ps []detente.Participant) bool {
	return !slices.ContainsFunc(ps, func(p detente.Participant) bool {
		c := scored(codeOf(p))
		return c != "" && !slices.Contains(s.codes, c) && !onSpan(s.spans, p.Span)
	})
}

func sentenceAt(doc *nlp.Doc, s detente.Span) int {
	if words := wordsUnder(doc, []detente.Span{s}); len(words) > 0 {
		return doc.Words[words[0]].Sent
	}
	return -1
}
