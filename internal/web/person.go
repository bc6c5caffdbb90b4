package web

import (
	"net/http"
	"strings"

	"detente"
	"detente/internal/actor"
	"detente/internal/store"
)

// personPage shows a speaker, which may be a body: what the actor tables know of the
// name, and what is reported to have been said.
type personPage struct {
	frame
	Name    string
	Party   detente.Party // asked for; empty: of any
	Day     detente.Date  // on which offices are looked up: the as-of day, else that of the latest report
	Entries []actor.Entry
	Sayings []store.Saying
	Later   string // address of the first page, where this is not it
	Earlier string // address of what was said before; empty: this is all
}

// articlesOfPerson is from how many articles a page shows statements.
const articlesOfPerson = 30

func (s *server) personPage(r *http.Request) (any, error) {
	asOf, err := asOfOf(r)
	if err != nil {
		return nil, err
	}
	name := strings.TrimSpace(r.PathValue("name"))
	party := partyOf(r)
	after, err := parsePlace(r.URL.Query().Get("after"))
	if err != nil {
		return nil, err
	}
	p := &personPage{frame: s.frame(r, asOf, name), Name: name, Party: party, Day: asOf}
	p.Sayings, err = s.store.Spoken(r.Context(), store.Voice{Name: name, Party: party}, asOf, after, articlesOfPerson)
	if err != nil {
		return nil, err
	}
	if n := len(p.Sayings); n > 0 {
		if p.Day == "" {
			p.Day = p.Sayings[0].Known
		}
		if articles(p.Sayings) == articlesOfPerson {
			p.Earlier = earlierPage(r, placeString(store.PlaceOf(p.Sayings[n-1].Head)))
		}
	}
	p.Later = latestPage(r)
	for _, e := range s.facts(name, p.Day) {
		if e.Kind == actor.KindPerson && (party == "" || held(e, party)) {
			p.Entries = append(p.Entries, e)
		}
	}
	if len(p.Sayings) == 0 && len(p.Entries) == 0 {
		return nil, &pageError{http.StatusNotFound, "Nothing is stored of anybody called " + name + "."}
	}
	return p, nil
}

// ByArticle groups what was said by the articles that tell it.
func (p *personPage) ByArticle() [][]store.Saying {
	var out [][]store.Saying
	for i, o := range p.Sayings {
		if i == 0 || p.Sayings[i-1].ID != o.ID {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], o)
	}
	return out
}

func articles(list []store.Saying) int {
	ids := map[string]bool{}
	for _, o := range list {
		ids[o.ID] = true
	}
	return len(ids)
}

// held says whether somebody ever held an office for a party, or is of it.
func held(e actor.Entry, party detente.Party) bool {
	for _, t := range e.Terms {
		if t.Party == party {
			return true
		}
	}
	return e.Country == party
}

// facts is what the actor tables know of a name.
func (s *server) facts(name string, on detente.Date) []actor.Entry {
	if s.Facts == nil {
		return nil
	}
	return s.Facts(name, on)
}

// termHere is an office on a page, and whether it was held on the page's day.
type termHere struct {
	actor.Term
	Now bool
}

// Held lists somebody's offices with those of the page's day marked.
func (p *personPage) Held(e actor.Entry) []termHere {
	var out []termHere
	for _, t := range e.Terms {
		now := p.Day != "" && t.From <= p.Day && (t.To == "" || p.Day <= t.To)
		out = append(out, termHere{t, now})
	}
	return out
}
