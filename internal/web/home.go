package web

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"detente"
	"detente/internal/dialogue"
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
	Disputes []Dispute              `json:"disputes"`
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
	sums, err := s.store.Dyads(r.Context(), asOf)
	if err != nil {
		return nil, err
	}
	h := &Home{Codebook: detente.CodebookVersion, AsOf: asOf, Days: days, Dyads: []DyadRow{}}
	if len(sums) > 0 {
		h.Latest = sums[0].Latest
	}
	end := asOf
	if end == "" {
		end = h.Latest
	}
	for _, sum := range sums[:min(len(sums), maxDyads)] {
		row := DyadRow{Dyad: sum.Dyad, Latest: sum.Latest, Reports: sum.Reports, Origins: sum.Origins,
			Channels: []detente.ChannelState{}, Changes: []Change{}}
		reports, err := s.store.Reports(r.Context(), sum.Dyad, asOf)
		if err != nil {
			return nil, err
		}
		d, firsts := present(s.Rules, sum.Dyad, asOf, reports)
		row.Disputes = d.Disputes
		for _, ch := range d.Channels {
			if ch.State != detente.Unknown {
				row.Channels = append(row.Channels, ch.ChannelState)
			}
		}
		before := fold(s.Rules, sum.Dyad, knownBy(firsts, end.AddDays(-days)))
		row.Changes = append(row.Changes, changes(before, d)...)
		h.Dyads = append(h.Dyads, row)
	}
	h.More = len(sums) - len(h.Dyads)
	return h, nil
}

// knownBy gives the reports known by the end of a day. reports: in order.
func knownBy(reports []store.Report, day detente.Date) []store.Report {
	n := 0
	for n < len(reports) && reports[n].Known <= day {
		n++
	}
	return reports[:n]
}

// changes compares each channel's state with the one that it had before.
func changes(before dialogue.Board, now *Dyad) []Change {
	var out []Change
	for i, was := range before.Channels {
		if ch := now.Channels[i]; ch.State != was.State {
			out = append(out, Change{ch.Channel, was.State, ch.State})
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
