package ingest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"detente"
)

// Gold is a short dispatch with what its record must hold: one line of a gold
// file.
type Gold struct {
	ID        string       `json:"id"`
	Published detente.Date `json:"published"`
	Title     string       `json:"title"`
	Text      string       `json:"text"`
	Expect    Expectations `json:"expect"`
}

// Expectations are checks by kind. Each is met or not:
//   - Acts: some act fits, and happened (a freeze or thaw may also be planned)
//     or has the factuality named.
//   - Absent: no act that happened fits.
//   - States: a channel of the dyad is in one of the states.
//   - Statements: one has this speaker, party, words and chain.
//   - Disputes: there is one on the dyad, with the finding where given.
type Expectations struct {
	Acts       []ActCheck       `json:"acts"`
	Absent     []ActCheck       `json:"absent"`
	States     []StateCheck     `json:"states"`
	Statements []StatementCheck `json:"statements"`
	Disputes   []DisputeCheck   `json:"disputes"`
}

// ActCheck describes an act; what is empty fits any. Date may be a prefix.
type ActCheck struct {
	Kind       detente.ActKind           `json:"kind,omitempty"`
	Dyad       detente.Dyad              `json:"dyad"`
	Channel    oneOf[detente.Channel]    `json:"channel,omitempty"`
	Mode       oneOf[string]             `json:"mode,omitempty"`
	Date       string                    `json:"date,omitempty"`
	Factuality oneOf[detente.Factuality] `json:"factuality,omitempty"`
	Any        bool                      `json:"any,omitempty"`        // of any dyad
	Undisputed bool                      `json:"undisputed,omitempty"` // that no dispute names
}

// StateCheck is a dyad's channels and the states that one of them may be in.
type StateCheck struct {
	Dyad    detente.Dyad           `json:"dyad"`
	Channel oneOf[detente.Channel] `json:"channel"`
	State   oneOf[detente.State]   `json:"state"`
}

// StatementCheck is a statement by its speaker's name, party, some words of
// its content, and its chain: one link, or all of them in order with at most
// one more (the outlet). Letter case does not matter.
type StatementCheck struct {
	Speaker string        `json:"speaker"`
	Party   detente.Party `json:"party"`
	Has     string        `json:"has"`
	Via     chainCheck    `json:"via,omitzero"`
}

// DisputeCheck is a dispute on a dyad.
type DisputeCheck struct {
	Dyad    detente.Dyad    `json:"dyad"`
	Finding detente.Finding `json:"finding,omitempty"`
}

// oneOf is a value or a list of values, any of which will do; none: all will.
type oneOf[T comparable] []T

// UnmarshalJSON reads one value or a list.
func (o *oneOf[T]) UnmarshalJSON(b []byte) error {
	if bytes.HasPrefix(b, []byte("[")) {
		return json.Unmarshal(b, (*[]T)(o))
	}
	*o = make([]T, 1)
	return json.Unmarshal(b, &(*o)[0])
}

func (o oneOf[T]) has(v T) bool { return len(o) == 0 || slices.Contains(o, v) }

// chainCheck is one link, or with whole set all links in order.
type chainCheck struct {
	links []string
	whole bool
}

// UnmarshalJSON reads one link or a list of them.
func (c *chainCheck) UnmarshalJSON(b []byte) error {
	c.whole = bytes.HasPrefix(b, []byte("["))
	return (*oneOf[string])(&c.links).UnmarshalJSON(b)
}

// MarshalJSON writes it as it was read.
func (c chainCheck) MarshalJSON() ([]byte, error) {
	if c.whole {
		return json.Marshal(c.links)
	}
	return json.Marshal(c.links[0])
}

func (c chainCheck) met(via []detente.Link) bool {
	if len(c.links) == 0 {
		return true
	}
	if c.whole && len(via) > len(c.links)+1 {
		return false
	}
	rest := c.links
	for _, link := range via {
		if len(rest) > 0 && holds(link.Name, rest[0]) {
			rest = rest[1:]
		}
	}
	return len(rest) == 0
}

// same compares dyads that people may have written in either order.
func same(a, b detente.Dyad) bool { return detente.NewDyad(a[0], a[1]) == detente.NewDyad(b[0], b[1]) }

func holds(s, part string) bool { return strings.Contains(strings.ToLower(s), strings.ToLower(part)) }

// ReadGold reads a gold file, one dispatch a line.
func ReadGold(r io.Reader) ([]Gold, error) {
	var out []Gold
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 16<<20)
	for n := 1; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var g Gold
		if err := json.Unmarshal(lines.Bytes(), &g); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		out = append(out, g)
	}
	return out, lines.Err()
}

// Miss is an expectation that a record does not meet.
type Miss struct {
	ID   string
	Kind string
	Want any
}

// Score counts, per kind of expectation, how many there were and were met.
type Score struct {
	Kinds  []string // in the order of Expectations, those that occurred
	Met, N map[string]int
	Misses []Miss
}

// Total is what was met of all kinds together.
func (s *Score) Total() (met, n int) {
	for _, kind := range s.Kinds {
		met += s.Met[kind]
		n += s.N[kind]
	}
	return met, n
}

// ScoreGold checks the record of every gold dispatch. rec gives the record of
// a dispatch; nil where there is none, which meets nothing.
func ScoreGold(gold []Gold, rec func(id string) *detente.Record) *Score {
	s := &Score{Met: map[string]int{}, N: map[string]int{}}
	for _, g := range gold {
		r := rec(g.ID)
		for _, w := range g.Expect.Acts {
			s.count(g.ID, "acts", w, r != nil && w.acts(r))
		}
		for _, w := range g.Expect.Absent {
			s.count(g.ID, "absent", w, r != nil && w.absent(r))
		}
		for _, w := range g.Expect.States {
			s.count(g.ID, "states", w, r != nil && w.met(r))
		}
		for _, w := range g.Expect.Statements {
			s.count(g.ID, "statements", w, r != nil && w.met(r))
		}
		for _, w := range g.Expect.Disputes {
			s.count(g.ID, "disputes", w, r != nil && w.met(r))
		}
	}
	return s
}

func (s *Score) count(id, kind string, want any, met bool) {
	if s.N[kind] == 0 {
		s.Kinds = append(s.Kinds, kind)
	}
	s.N[kind]++
	if met {
		s.Met[kind]++
	} else {
		s.Misses = append(s.Misses, Miss{id, kind, want})
	}
}

func (w ActCheck) fits(a detente.Act) bool {
	return (w.Any || same(a.Dyad, w.Dyad)) && (w.Kind == "" || a.Kind == w.Kind) && w.Channel.has(a.Channel) &&
		w.Mode.has(a.Mode) && strings.HasPrefix(string(a.Date), w.Date)
}

func (w ActCheck) acts(rec *detente.Record) bool {
	return slices.ContainsFunc(rec.Acts, func(a detente.Act) bool {
		if !w.fits(a) {
			return false
		}
		if len(w.Factuality) > 0 {
			return w.Factuality.has(a.Factuality)
		}
		return a.Factuality == detente.Happened || a.Kind != detente.Contact && a.Factuality == detente.Planned
	})
}

func (w ActCheck) absent(rec *detente.Record) bool {
	return !slices.ContainsFunc(rec.Acts, func(a detente.Act) bool {
		return w.fits(a) && a.Factuality == detente.Happened && !(w.Undisputed && disputed(rec, a.ID))
	})
}

func disputed(rec *detente.Record, id detente.ActID) bool {
	return slices.ContainsFunc(rec.Disputes, func(d detente.Dispute) bool { return slices.Contains(d.Record, id) })
}

func (w StateCheck) met(rec *detente.Record) bool {
	return slices.ContainsFunc(rec.Channels, func(ch detente.ChannelState) bool {
		return same(ch.Dyad, w.Dyad) && w.Channel.has(ch.Channel) && slices.Contains(w.State, ch.State)
	})
}

func (w StatementCheck) met(rec *detente.Record) bool {
	text := []rune(rec.Text)
	return slices.ContainsFunc(rec.Statements, func(st detente.Statement) bool {
		return holds(st.Speaker.Name+" "+joined(text, st.Source), w.Speaker) && st.Speaker.Party == w.Party &&
			holds(joined(text, st.Content), w.Has) && w.Via.met(st.Via)
	})
}

// joined gives the words of spans with a space between them, as the gold's
// authors read them.
func joined(text []rune, spans []detente.Span) string {
	var parts []string
	for _, s := range spans {
		parts = append(parts, detente.Slice(text, s))
	}
	return strings.Join(parts, " ")
}

func (w DisputeCheck) met(rec *detente.Record) bool {
	return slices.ContainsFunc(rec.Disputes, func(d detente.Dispute) bool {
		return same(d.Dyad, w.Dyad) && (w.Finding == "" || d.Finding == w.Finding)
	})
}
