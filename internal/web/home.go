package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"

	"detente"
	"detente/internal/store"
)

// Home is the list of dyads as of a day, the most lately reported first.
type Home struct {
	Codebook int          `json:"codebook"`
	AsOf     detente.Date `json:"as_of"`
	Latest   detente.Date `json:"latest"` // day of the latest report of all
	Days     int          `json:"days"`   // changes are counted over so many days before as_of, or else latest
	Dyads    []DyadRow    `json:"dyads"`
	More     int          `json:"more"` // dyads left out, reported less lately
}

// DyadRow is a dyad with what is known of its channels and what changed.
type DyadRow struct {
	Dyad     detente.Dyad           `json:"dyad"`
	Latest   detente.Date           `json:"latest"`
	Reports  int                    `json:"reports"`
	Origins  int                    `json:"origins"`
	Channels []detente.ChannelState `json:"channels"` // those of which something is known
	Changes  []Change               `json:"changes"`
	Disputes []Dispute              `json:"disputes"` // what makes the first disputed channel so, if one is
}

// Quarrel is the dispute that makes a channel disputed now, or nil.
func (r DyadRow) Quarrel() *Dispute {
	for _, ch := range r.Channels {
		i := slices.IndexFunc(r.Disputes, func(d Dispute) bool { return d.Channel == ch.Channel && len(d.Claims) > 0 })
		if ch.State == detente.Disputed && i >= 0 {
			return &r.Disputes[i]
		}
	}
	return nil
}

// Change is a channel's state before a number of days, and now.
type Change struct {
	Channel detente.Channel `json:"channel"`
	From    detente.State   `json:"from"`
	To      detente.State   `json:"to"`
}

// maxDyads is how many dyads a page lists.
const maxDyads = 60

// spans are the choices of days over which changes are counted.
var spans = []int{1, 7, 30, 365}

const defaultSpan = 7

func (s *server) home(r *http.Request, asOf detente.Date) (*Home, error) {
	days := defaultSpan
	if given := r.URL.Query().Get("days"); given != "" {
		n, err := strconv.Atoi(given)
		if err != nil || !slices.Contains(spans, n) {
			return nil, &pageError{http.StatusBadRequest, "Changes are counted over 1, 7, 30 or 365 days."}
		}
		days = n
	}
	boards, more, err := s.store.Boards(r.Context(), nil, asOf, maxDyads)
	if err != nil {
		return nil, err
	}
	h := &Home{Codebook: detente.CodebookVersion, AsOf: asOf, Days: days, Dyads: []DyadRow{}, More: more}
	if len(boards) == 0 {
		return h, nil
	}
	h.Latest = boards[0].Latest
	dyads := make([]detente.Dyad, len(boards))
	for i, b := range boards {
		dyads[i] = b.Dyad
	}
	before, _, err := s.store.Boards(r.Context(), dyads, cmp.Or(asOf, h.Latest).AddDays(-days), len(dyads))
	if err != nil {
		return nil, err
	}
	for i, b := range boards {
		row := DyadRow{Dyad: b.Dyad, Latest: b.Latest, Reports: b.Reports, Origins: b.Origins, Channels: b.Channels, Changes: changes(before[i], b)}
		if row.Disputes, err = s.quarrel(r.Context(), b, asOf); err != nil {
			return nil, err
		}
		h.Dyads = append(h.Dyads, row)
	}
	return h, nil
}

// quarrel resolves the dispute that makes the first disputed channel so, as far
// as a row shows it: one claim, and one voice or act against it.
func (s *server) quarrel(ctx context.Context, b store.Board, asOf detente.Date) ([]Dispute, error) {
	i := slices.IndexFunc(b.Channels, func(ch detente.ChannelState) bool { return ch.State == detente.Disputed })
	if i < 0 {
		return []Dispute{}, nil
	}
	ch := b.Channels[i]
	spells, err := s.store.Disputes(ctx, b.Dyad, asOf, maxDisputes)
	if err != nil {
		return nil, err
	}
	k := slices.IndexFunc(spells, func(d detente.DisputeSpell) bool {
		return d.Channel == ch.Channel && slices.Contains(ch.Evidence[:min(1, len(ch.Evidence))], string(d.Claim))
	})
	if k < 0 {
		return []Dispute{}, nil
	}
	shown := []cut{cutTo(1, spells[k].Dispute)}
	reports, err := s.store.Told(ctx, b.Dyad, wanted(nil, shown), asOf)
	if err != nil {
		return nil, err
	}
	src := newSources(reports)
	return src.disputes(shown, src.claims(shown)), nil
}

// changes compares each channel's state with the one that it had before.
func changes(before, now store.Board) []Change {
	was, is := allChannels(now.Dyad, before.Channels), allChannels(now.Dyad, now.Channels)
	out := []Change{}
	for i := range is {
		if was[i].State != is[i].State {
			out = append(out, Change{is[i].Channel, was[i].State, is[i].State})
		}
	}
	return out
}

type homePage struct {
	frame
	View          *Home
	Spans         []int
	Changed, Same []DyadRow // the dyads by what changed: most changes first, then the most lately reported
}

// rowsHere is a list of dyads on a page.
type rowsHere struct {
	F    frame
	Rows []DyadRow
}

// Rows hands dyads to the template that lists them.
func (f frame) Rows(rows []DyadRow) rowsHere { return rowsHere{f, rows} }

// Was is the state that a channel had before the change; empty where it is
// the same.
func (r DyadRow) Was(ch detente.Channel) detente.State {
	for _, c := range r.Changes {
		if c.Channel == ch {
			return c.From
		}
	}
	return ""
}

func (s *server) homePage(r *http.Request) (any, error) {
	asOf, err := asOfOf(r)
	if err != nil {
		return nil, err
	}
	h, err := s.home(r, asOf)
	if err != nil {
		return nil, err
	}
	p := &homePage{frame: s.frame(r, asOf, "Dyads"), View: h, Spans: spans}
	for _, row := range h.Dyads {
		if len(row.Changes) > 0 {
			p.Changed = append(p.Changed, row)
		} else {
			p.Same = append(p.Same, row)
		}
	}
	slices.SortStableFunc(p.Changed, func(a, b DyadRow) int { return -cmp.Compare(len(a.Changes), len(b.Changes)) })
	p.JSON = p.To("api", "v1", "dyads")
	return p, nil
}
