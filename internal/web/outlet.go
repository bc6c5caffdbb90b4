package web

import (
	"net/http"
	"strings"

	"detente"
	"detente/internal/actor"
	"detente/internal/store"
)

// medium is what the actor tables tell of an outlet.
type medium struct {
	Kind    string // agency, newspaper, broadcaster, website; empty: not told
	Country detente.Party
	Owner   string // actor.OwnerState, actor.OwnerPublic; empty: not told
}

// mediumOf looks an outlet up by its name; ok is false where the tables do not
// have it.
func (s *server) mediumOf(outlet string) (medium, bool) {
	for _, e := range s.facts(outlet, "") {
		if e.Kind == actor.KindMedia {
			return medium{e.Link, e.Country, e.Owner}, true
		}
	}
	return medium{}, false
}

// Ownership says whose the outlet is, as far as it is told.
func (m medium) Ownership() string {
	switch m.Owner {
	case actor.OwnerState:
		return "owned by a state or its ruling party"
	case actor.OwnerPublic:
		return "a public-service body"
	}
	return "owner not told in the tables"
}

type outletRow struct {
	store.OutletSummary
	Medium medium
	Listed bool // the actor tables have it
}

type outletsPage struct {
	frame
	Rows     []outletRow
	Articles int // of all outlets
	State    int // articles of outlets that a state owns, as far as told
	Untold   int // articles of outlets whose owner the tables do not tell
}

func (s *server) outletsPage(r *http.Request) (any, error) {
	asOf, err := asOfOf(r)
	if err != nil {
		return nil, err
	}
	sums, err := s.store.Outlets(r.Context(), asOf)
	if err != nil {
		return nil, err
	}
	p := &outletsPage{frame: s.frame(r, asOf, "Outlets")}
	for _, sum := range sums {
		row := outletRow{OutletSummary: sum}
		row.Medium, row.Listed = s.mediumOf(sum.Outlet)
		p.Rows = append(p.Rows, row)
		p.Articles += sum.Articles
		switch row.Medium.Owner {
		case "":
			p.Untold += sum.Articles
		case actor.OwnerState:
			p.State += sum.Articles
		}
	}
	return p, nil
}

type outletPage struct {
	frame
	Name    string
	Medium  medium
	Listed  bool
	Hits    []store.Hit
	Later   string // address of the first page, where this is not it
	Earlier string // address of what it published before; empty: this is all
}

func (s *server) outletPage(r *http.Request) (any, error) {
	asOf, err := asOfOf(r)
	if err != nil {
		return nil, err
	}
	after, err := parsePlace(r.URL.Query().Get("after"))
	if err != nil {
		return nil, err
	}
	name := strings.TrimSpace(r.PathValue("name"))
	p := &outletPage{frame: s.frame(r, asOf, name), Name: name}
	p.Medium, p.Listed = s.mediumOf(name)
	if p.Hits, err = s.store.Search(r.Context(), store.Query{Outlet: name, AsOf: asOf, After: after}); err != nil {
		return nil, err
	}
	if len(p.Hits) == 0 && asOf == "" && after == (store.Place{}) {
		return nil, &pageError{http.StatusNotFound, "No article of an outlet called " + name + " is stored."}
	}
	if len(p.Hits) == store.DefaultLimit {
		p.Earlier = earlierPage(r, placeString(store.PlaceOf(p.Hits[len(p.Hits)-1].Head)))
	}
	p.Later = latestPage(r)
	return p, nil
}
