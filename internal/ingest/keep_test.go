package ingest

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"detente"
	"detente/internal/store"
	"detente/internal/store/sqlite"
)

const wire = "The foreign ministers of Norway and Iceland will meet in Bergen next week to talk about mackerel, both ministries said on Wednesday. " +
	"It will be their first meeting since the two governments failed to agree on catches in the spring. Fishermen on both sides have asked for a deal before the season begins in June."

// told is a record that tells of Norway and Iceland.
func told(id, text string, published detente.Date) detente.Record {
	return detente.Record{
		Codebook: 1, Text: text,
		Article:   detente.Article{ID: id, Text: text, Published: published},
		Sentences: []detente.Span{{Start: 0, End: 10}},
		Acts: []detente.Act{{ID: "a1", Kind: detente.Contact, Dyad: detente.Dyad{"ISL", "NOR"}, Channel: detente.ForeignMinisters,
			Factuality: detente.Planned}},
	}
}

var readOn = time.Date(2019, 6, 1, 0, 0, 0, 0, time.UTC)

func openStore(t *testing.T) store.Store {
	t.Helper()
	st, err := sqlite.Open(filepath.Join(t.TempDir(), "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

func keep(t *testing.T, st store.Store, rec detente.Record, want Kept) {
	t.Helper()
	got, err := Keep(t.Context(), st, rec, "", readOn)
	if err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("%s: %+v, want %+v", rec.Article.ID, got, want)
	}
}

func TestKeepCopies(t *testing.T) {
	st := openStore(t)
	first := told("first", wire, "2019-05-08")
	copied := told("copy", "OSLO. "+wire+" A reader writes.", "2019-05-09")
	keep(t, st, first, Kept{store.Added, "", ""})
	keep(t, st, copied, Kept{store.Added, "first", ""})
	keep(t, st, told("copy of the copy", "By our staff. OSLO. "+wire, "2019-05-09"), Kept{store.Added, "first", ""})
	keep(t, st, told("later", wire+" So it was a year ago.", "2019-05-20"), Kept{store.Added, "", ""})
	keep(t, st, told("other", "Norway has asked Iceland to send back two trawlers that were boarded off Jan Mayen on Monday, its coast guard said.", "2019-05-08"), Kept{store.Added, "", ""})
	keep(t, st, first, Kept{store.Unchanged, "", ""}) // read again
	keep(t, st, copied, Kept{store.Unchanged, "first", ""})
	dyads, err := st.Dyads(t.Context(), "")
	if err != nil || len(dyads) != 1 || dyads[0].Reports != 5 || dyads[0].Origins != 3 {
		t.Errorf("dyads %+v, %v; want 5 reports of 3 origins", dyads, err)
	}
}

// Two agencies that quote the same words are two origins; a short piece of an
// agency's text that credits it is its copy.
func TestKeepCopiesByWire(t *testing.T) {
	st := openStore(t)
	quotation := "“We have been talking about mackerel for eleven years, and the fish have not waited for us,” the minister said in parliament. "
	keep(t, st, told("one", "OSLO (Reuters) - "+quotation+"Fishermen stayed in port on Monday. Boats from the north were told to wait for a week at least.", "2019-05-08"), Kept{store.Added, "", ""})
	keep(t, st, told("two", "OSLO (AP) - "+quotation+"A vote on the budget had been put off before that, and the opposition walked out of the hall.", "2019-05-08"), Kept{store.Added, "", ""})
	keep(t, st, told("three", "The opposition walked out of the hall today. "+quotation+"Nobody answered him, and the sitting was closed at noon.", "2019-05-08"), Kept{store.Added, "two", ""})
}

func TestKeepVersions(t *testing.T) {
	st := openStore(t)
	at := func(rec detente.Record, url, title string) detente.Record {
		rec.Article.URL, rec.Article.Title = url, title
		return rec
	}
	const page = "https://paper.example/news/talks"
	first := at(told("v1", wire, "2019-05-08"), page, "Ministers to meet")
	keep(t, st, first, Kept{store.Added, "", ""})
	second := at(told("v2", strings.Replace(wire, "in Bergen", "in Tromsø", 1)+" The place was changed.", "2019-05-08"), page+"/?utm_source=rss", "Ministers to meet in the north")
	keep(t, st, second, Kept{store.Added, "v1", "v1"})
	keep(t, st, first, Kept{store.Unchanged, "", ""})
	keep(t, st, second, Kept{store.Unchanged, "v1", "v1"})
	keep(t, st, at(told("reprint", "OSLO. "+wire, "2019-05-09"), "https://other.example/1", "Fish"), Kept{store.Added, "v1", ""})
	keep(t, st, at(told("rewritten", "Norway's foreign minister will not go to Bergen, and the meeting with Iceland on mackerel is off, both governments said.", "2019-05-10"), page, "Meeting is off"), Kept{store.Added, "v1", "v1"})
	keep(t, st, at(told("list", "The central bank left its rate where it was, and said that prices were rising more slowly than in winter.", "2019-05-10"), page, "Rates"), Kept{store.Added, "", ""})
	keep(t, st, at(told("years after", wire+" It was long ago.", "2021-05-10"), page, "Ministers to meet"), Kept{store.Added, "", ""})
	reports, err := st.Reports(t.Context(), detente.Dyad{"ISL", "NOR"}, "2019-05-31")
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, r := range reports {
		ids = append(ids, r.ID)
	}
	if got := strings.Join(ids, " "); got != "reprint list rewritten" {
		t.Errorf("reports by %s; want the last version alone, beside what is no version", got)
	}
}
