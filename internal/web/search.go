package web

import (
	"net/http"
	"strings"

	"detente"
	"detente/internal/store"
)

type searchPage struct {
	frame
	Query store.Query
	Hits  []store.Hit
	Asked bool // something was looked for
	Full  bool // there may be more hits than these
}

func (s *server) searchPage(r *http.Request) (any, error) {
	asOf, err := asOfOf(r)
	if err != nil {
		return nil, err
	}
	form := r.URL.Query()
	p := &searchPage{frame: s.frame(r, asOf, "Search"), Query: store.Query{
		Text:    strings.TrimSpace(form.Get("q")),
		Speaker: strings.TrimSpace(form.Get("speaker")),
		Party:   detente.Party(strings.ToUpper(strings.TrimSpace(form.Get("party")))),
		AsOf:    asOf,
	}}
	p.Asked = p.Query.Text != "" || p.Query.Speaker != "" || p.Query.Party != ""
	if p.Hits, err = s.store.Search(r.Context(), p.Query); err != nil {
		return nil, err
	}
	p.Full = len(p.Hits) == store.DefaultLimit
	return p, nil
}
