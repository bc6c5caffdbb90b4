package store

import (
	"cmp"
	"slices"
	"time"

	"detente"
)

// Place is where a list goes on: behind the article that has it. The zero
// Place stands before the first.
type Place struct {
	Known detente.Date `json:"known"`
	ID    string       `json:"id"`
}

// PlaceOf is the place of an article in lists that have the latest known first.
func PlaceOf(h Head) Place { return Place{h.Known, h.ID} }

// Voice is who speaks: by id where it is given, else by the whole name,
// regardless of ASCII case, and the party if one is given.
type Voice struct {
	ID    string
	Name  string
	Party detente.Party
}

// Is reports whether a speaker is this voice.
func (v Voice) Is(s detente.Speaker) bool {
	if v.ID != "" {
		return s.ID == v.ID
	}
	return s.Name != "" && LowerASCII(s.Name) == LowerASCII(v.Name) && (v.Party == "" || s.Party == v.Party)
}

// Saying is a statement with its article and its sentence.
type Saying struct {
	Head
	Statement detente.Statement
	Sentence  Sentence
}

// OutletSummary is an outlet of which articles are stored.
type OutletSummary struct {
	Outlet   string
	Articles int
	First    detente.Date // known-on day of the earliest of them
	Latest   detente.Date // and of the latest
}

// Board is what the kept series says of a dyad as of a day.
type Board struct {
	DyadSummary
	Channels []detente.ChannelState // those of which something was known, board order
}

// Mark says that the series of a dyad must be folded anew from a day on.
type Mark struct {
	Dyad detente.Dyad
	From detente.Date // empty: from the first report on
	Seq  int64        // tells this mark from a later one
}

// Month counts what became known of a dyad in a month.
type Month struct {
	Month   detente.Date  `json:"month"` // YYYY-MM
	Reports int           `json:"reports"`
	Origins int           `json:"origins"`
	Claims  int           `json:"claims"`
	Acts    int           `json:"acts"`
	Quads   [4]int        `json:"quads"`  // events between the two by PLOVER's quad class, 1 to 4
	Events  []EventsCount `json:"events"` // by type, then factuality
}

// EventsCount counts the events of a type and factuality.
type EventsCount struct {
	Type       detente.EventType  `json:"type"`
	Factuality detente.Factuality `json:"factuality"`
	Count      int                `json:"count"`
}

// Share is what one article adds to the month of a dyad. It tells of the dyad
// if it has an act or claim between the two, or an event.
type Share struct {
	Dyad   detente.Dyad
	Claims int
	Acts   int
	Events []EventShare
}

// EventShare counts an article's events of a kind between two parties.
type EventShare struct {
	Quad int
	EventsCount
}

// Shares lists what rec adds to the months of its dyads, in order.
func Shares(rec *detente.Record) []Share {
	var shares []Share
	at := func(d detente.Dyad) *Share {
		i := slices.IndexFunc(shares, func(s Share) bool { return s.Dyad == d })
		if i < 0 {
			i = len(shares)
			shares = append(shares, Share{Dyad: d})
		}
		return &shares[i]
	}
	told := Dyads(rec)
	for _, a := range rec.Acts {
		if slices.Contains(told, a.Dyad) {
			at(a.Dyad).Acts++
		}
	}
	for _, c := range rec.Claims {
		if slices.Contains(told, c.Dyad) {
			at(c.Dyad).Claims++
		}
	}
	for i := range rec.Events {
		ev := &rec.Events[i]
		for _, d := range between(ev) {
			at(d).count(ev)
		}
	}
	slices.SortFunc(shares, func(a, b Share) int { return slices.Compare(a.Dyad[:], b.Dyad[:]) })
	for i := range shares {
		slices.SortFunc(shares[i].Events, func(a, b EventShare) int {
			return cmp.Or(cmp.Compare(a.Quad, b.Quad), cmp.Compare(a.Type, b.Type), cmp.Compare(a.Factuality, b.Factuality))
		})
	}
	return shares
}

// between lists the dyads that an event is between: each source with each
// target, once.
func between(ev *detente.Event) []detente.Dyad {
	var dyads []detente.Dyad
	for _, s := range ev.Source {
		for _, t := range ev.Target {
			d := detente.NewDyad(s.Party, t.Party)
			back, err := detente.ParseDyad(d.String())
			if s.Party == t.Party || err != nil || back != d || slices.Contains(dyads, d) {
				continue
			}
			dyads = append(dyads, d)
		}
	}
	return dyads
}

func (s *Share) count(ev *detente.Event) {
	for i := range s.Events {
		if e := &s.Events[i]; e.Quad == ev.Quad && e.Type == ev.Type && e.Factuality == ev.Factuality {
			e.Count++
			return
		}
	}
	s.Events = append(s.Events, EventShare{ev.Quad, EventsCount{ev.Type, ev.Factuality, 1}})
}

// Stances lists the channels that rec tells of, each with a state that is
// claimed of it or in which the article leaves it (empty: an act alone), in
// order and once; a channel in dispute with the state disputed.
func Stances(rec *detente.Record) []Stance {
	var out []Stance
	add := func(ch detente.Channel, s detente.State) {
		if st := (Stance{ch, s}); ch != "" && !slices.Contains(out, st) {
			out = append(out, st)
		}
	}
	for _, a := range rec.Acts {
		add(a.Channel, "")
	}
	for _, c := range rec.Claims {
		add(c.Channel, c.State)
	}
	for _, c := range rec.Channels {
		add(c.Channel, c.State)
	}
	for _, d := range rec.Disputes {
		add(d.Channel, detente.Disputed)
	}
	slices.SortFunc(out, func(a, b Stance) int { return cmp.Or(cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.State, b.State)) })
	return out
}

// Stance is a channel with a state.
type Stance struct {
	Channel detente.Channel
	State   detente.State
}

// LowerASCII folds the case of ASCII letters alone, as engines do.
func LowerASCII(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// Run is a set of records of the stored articles, made by one state of models
// and rules.
type Run struct {
	ID       int64            `json:"id"`
	Begun    time.Time        `json:"begun"`    // UTC, whole seconds; zero for the first
	Versions detente.Versions `json:"versions"` // that it was begun with; empty for the first
	Active   bool             `json:"active"`
	Articles int              `json:"articles"` // that have a record in it
}
