package web

import (
	"net/http"
	"net/url"

	"detente"
	"detente/internal/store"
)

// A list goes on behind a place, which its address names: ?after_day= and
// ?after= (an article). What is committed meanwhile moves nothing.

// afterOf reads the place behind which a list goes on.
func afterOf(r *http.Request) (store.Place, error) {
	form := r.URL.Query()
	p := store.Place{Known: detente.Date(form.Get("after_day")), ID: form.Get("after")}
	if p == (store.Place{}) {
		return p, nil
	}
	if _, err := detente.ParseDate(string(p.Known)); err != nil || p.ID == "" {
		return p, &pageError{http.StatusBadRequest, "The list cannot go on from there; begin at its start."}
	}
	return p, nil
}

// behind is the address of this page's list behind a place.
func (f frame) behind(p store.Place) string {
	return f.again(url.Values{"after_day": {string(p.Known)}, "after": {p.ID}})
}

// fromStart is the address of this page's list from its start.
func (f frame) fromStart() string { return f.again(nil) }

// again is the address of this page with other places in its list.
func (f frame) again(place url.Values) string {
	query := url.Values{}
	for name, values := range f.Kept {
		if name != "after" && name != "after_day" {
			query[name] = values
		}
	}
	for name, values := range place {
		query[name] = values
	}
	if f.AsOf != "" {
		query.Set("as_of", string(f.AsOf))
	}
	if len(query) == 0 {
		return f.Path
	}
	return f.Path + "?" + query.Encode()
}
