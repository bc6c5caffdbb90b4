package web

import (
	"net/http"
	"slices"
	"strings"

	"detente"
	"detente/internal/store"
)

type searchPage struct {
	frame
	Query    store.Query
	Channels []detente.Channel // to choose from
	States   []detente.State
	Hits     []store.Hit
	Asked    bool   // something was looked for
	Filtered bool   // by more than words, speaker or party
	Later    string // address of the first page, where this is not it
	Earlier  string // address of the hits behind these; empty: these are all
}

// states are the states that a search may ask for: unknown is told of nothing.
var states = []detente.State{detente.Open, detente.Minimal, detente.Frozen, detente.Severed, detente.Disputed}

func (s *server) searchPage(r *http.Request) (any, error) {
	asOf, err := asOfOf(r)
	if err != nil {
		return nil, err
	}
	q, err := queryOf(r, asOf)
	if err != nil {
		return nil, err
	}
	p := &searchPage{frame: s.frame(r, asOf, "Search"), Query: q, Channels: detente.Channels, States: states}
	p.Filtered = q.Outlet != "" || q.Channel != "" || q.State != "" || q.Disputed || q.From != "" || q.To != ""
	p.Asked = q.Text != "" || q.Speaker != "" || q.Party != "" || p.Filtered
	if p.Hits, err = s.store.Search(r.Context(), q); err != nil {
		return nil, err
	}
	if len(p.Hits) == store.DefaultLimit {
		p.Earlier = earlierPage(r, placeString(store.PlaceOf(p.Hits[len(p.Hits)-1].Head)))
	}
	p.Later = latestPage(r)
	return p, nil
}

// queryOf reads what is looked for from the form.
func queryOf(r *http.Request, asOf detente.Date) (store.Query, error) {
	form := r.URL.Query()
	word := func(name string) string { return strings.TrimSpace(form.Get(name)) }
	q := store.Query{
		Text:     word("q"),
		Speaker:  word("speaker"),
		Party:    partyOf(r),
		Outlet:   word("outlet"),
		Channel:  detente.Channel(word("channel")),
		State:    detente.State(word("state")),
		Disputed: word("disputed") != "",
		AsOf:     asOf,
	}
	if q.Channel != "" && !slices.Contains(detente.Channels, q.Channel) {
		return q, &pageError{http.StatusBadRequest, "There is no channel of this name; choose one of the list."}
	}
	if q.State != "" && !slices.Contains(states, q.State) {
		return q, &pageError{http.StatusBadRequest, "A channel can be looked for as open, minimal, frozen, severed or disputed."}
	}
	for _, day := range []struct {
		name string
		to   *detente.Date
	}{{"from", &q.From}, {"to", &q.To}} {
		given := word(day.name)
		if given == "" {
			continue
		}
		d, err := detente.ParseDate(given)
		if err != nil {
			return q, &pageError{http.StatusBadRequest, "The day is " + err.Error() + "."}
		}
		*day.to = d
	}
	var err error
	q.After, err = parsePlace(form.Get("after"))
	return q, err
}

// partyOf reads ?party=; empty where it is not given.
func partyOf(r *http.Request) detente.Party {
	return detente.Party(strings.ToUpper(strings.TrimSpace(r.URL.Query().Get("party"))))
}
