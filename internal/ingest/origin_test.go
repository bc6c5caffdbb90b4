package ingest

import (
	"path/filepath"
	"testing"
	"time"

	"detente"
	"detente/internal/store"
	"detente/internal/store/sqlite"
)

const wire = "The foreign ministers of Norway and Iceland will meet in Bergen next week to talk about mackerel, both ministries said on Wednesday. " +
	"It will be their first meeting since the two governments failed to agree on catches in the spring. Fishermen on both sides have asked for a deal before the season begins in June."

// unit is a record that tells of Norway and Iceland.
func unit(id, text string, published detente.Date) store.Unit {
	dyad := detente.Dyad{"ISL", "NOR"}
	return store.Unit{Record: detente.Record{
		Codebook: 1, Text: text,
		Article:   detente.Article{ID: id, Text: text, Published: published, Read: time.Date(2019, 6, 1, 0, 0, 0, 0, time.UTC)},
		Sentences: []detente.Span{{Start: 0, End: 10}},
		Acts:      []detente.Act{{ID: "a1", Kind: detente.Contact, Dyad: dyad, Channel: detente.ForeignMinisters, Factuality: detente.Planned}},
	}}
}

func TestOrigins(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	st, err := sqlite.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	save := func(o *Origins, u store.Unit, origin string, outcome store.Outcome) {
		t.Helper()
		got, err := o.Save(t.Context(), u)
		if err != nil {
			t.Fatal(err)
		}
		stored, _, err := st.Unit(t.Context(), u.Record.Article.ID)
		if err != nil {
			t.Fatal(err)
		}
		if got != outcome || stored.Origin != origin {
			t.Errorf("%s: %s with origin %q, want %s with %q", u.Record.Article.ID, got, stored.Origin, outcome, origin)
		}
	}
	first := unit("first", wire, "2019-05-08")
	copied := unit("copy", "OSLO. "+wire+" A reader writes.", "2019-05-09")
	o := NewOrigins(st)
	save(o, first, "", store.Added)
	save(o, copied, "first", store.Added)
	save(o, unit("copy of the copy", "By our staff. OSLO. "+wire, "2019-05-09"), "first", store.Added)
	save(o, unit("later", wire+" So it was a year ago.", "2019-05-20"), "", store.Added)
	save(o, unit("other", "Norway has asked Iceland to send back two trawlers that were boarded off Jan Mayen on Monday, its coast guard said.", "2019-05-08"), "", store.Added)

	// Reading them again changes nothing, in this process and in the next.
	for _, o := range []*Origins{o, NewOrigins(st)} {
		save(o, first, "", store.Unchanged)
		save(o, copied, "first", store.Unchanged)
	}
}
