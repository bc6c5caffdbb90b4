package storetest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"detente"
	"detente/internal/store"
)

// versionUnit is a version of the article "v1", read days after the first.
func versionUnit(id string, published detente.Date, sentence string, days int) store.Unit {
	u := Unit(id, published, sentence)
	u.Record.Article.URL = "https://paper.example/talks"
	u.Record.Article.Read = firstRead.AddDate(0, 0, days)
	if id != "v1" {
		u.Story = "v1"
	}
	return u
}

// versions: as of each day one version is there, never one that was not known.
func versions(t *testing.T, open Open) {
	s, ctx := fresh(t, open), context.Background()
	commit(t, s, versionUnit("v1", "2020-05-01", "They spoke.", 0), store.Added)
	commit(t, s, versionUnit("v2", "2020-05-01", "They spoke twice.", 2), store.Added)   // its date is the first's: known when read
	commit(t, s, versionUnit("v3", "2020-05-09", "They spoke thrice.", 90), store.Added) // has a date of its own
	commit(t, s, Unit("other", "2020-05-01", "They did not speak."), store.Added)
	for day, want := range map[detente.Date]string{
		"2020-04-30": "", "2020-05-01": "other v1", "2020-05-02": "other v1", "2020-05-03": "other v2",
		"2020-05-08": "other v2", "2020-05-09": "other v3", "": "other v3",
	} {
		got := strings.Fields(ids(t, s, day))
		slices.Sort(got)
		if strings.Join(got, " ") != want {
			t.Errorf("as of %q: reports of %v, want %s", day, got, want)
		}
		dyads, err := s.Dyads(ctx, day)
		if n := len(strings.Fields(want)); err != nil || n > 0 && dyads[0].Reports != n || n == 0 && len(dyads) > 0 {
			t.Errorf("as of %q: dyads %v, %v", day, dyads, err)
		}
		hits, err := s.Search(ctx, store.Query{Speaker: "Perova", AsOf: day})
		if err != nil || len(hits) != len(got) {
			t.Errorf("as of %q: search finds %d, %v; want %d", day, len(hits), err, len(got))
		}
	}
	heads, err := s.At(ctx, "paper.example/talks")
	if err != nil || len(heads) != 3 || heads[0].ID != "v1" || heads[1].Until != "2020-05-09" || heads[2].Until != "" || heads[2].Story != "v1" {
		t.Errorf("at the address: %+v, %v", heads, err)
	}
	if _, head, err := s.Unit(ctx, "v1"); err != nil || head.Until != "2020-05-03" {
		t.Errorf("the first version is kept until %q, %v", head.Until, err)
	}
	commit(t, s, versionUnit("v2", "2020-05-01", "They spoke twice.", 5), store.Unchanged)
	recoded := versionUnit("v2", "2020-05-01", "They spoke twice.", 5)
	recoded.Record.Versions.Rules = "r2"
	commit(t, s, recoded, store.Recoded)
	if _, head, _ := s.Unit(ctx, "v2"); head.Known != "2020-05-03" || head.Until != "2020-05-09" {
		t.Errorf("recoded, the second version is known from %q until %q", head.Known, head.Until)
	}
	recoded.Story = "" // it was none after all
	commit(t, s, recoded, store.Recoded)
	if got := ids(t, s, "2020-05-05"); !strings.Contains(got, "v1") || !strings.Contains(got, "v2") {
		t.Errorf("taken out of the story, v2 still stands in the place of v1: %s", got)
	}
}

// versionsOutOfOrder: the order of reading an archive does not matter where the
// versions have dates.
func versionsOutOfOrder(t *testing.T, open Open) {
	s := fresh(t, open)
	commit(t, s, versionUnit("v3", "2020-05-09", "They spoke thrice.", 0), store.Added)
	commit(t, s, versionUnit("v1", "2020-05-01", "They spoke.", 0), store.Added)
	for day, want := range map[detente.Date]string{"2020-05-01": "v1", "2020-05-08": "v1", "2020-05-09": "v3", "": "v3"} {
		if got := ids(t, s, day); got != want {
			t.Errorf("as of %q: %q, want %s", day, got, want)
		}
	}
}

func holds(t *testing.T, open Open) {
	s, ctx := fresh(t, open), context.Background()
	u := Unit("a", "2020-05-01", "They spoke.")
	commit(t, s, u, store.Added)
	for name, change := range map[string]func(*detente.Article, *detente.Versions){
		"":              func(*detente.Article, *detente.Versions) {},
		"other id":      func(a *detente.Article, _ *detente.Versions) { a.ID = "b" },
		"other text":    func(a *detente.Article, _ *detente.Versions) { a.Text += " Again." },
		"other date":    func(a *detente.Article, _ *detente.Versions) { a.Published = "2020-05-02" },
		"other address": func(a *detente.Article, _ *detente.Versions) { a.URL = "" },
		"other rules":   func(_ *detente.Article, v *detente.Versions) { v.Rules = "r2" },
		"other model":   func(_ *detente.Article, v *detente.Versions) { v.Model = "m2" },
	} {
		a, v := u.Record.Article, u.Record.Versions
		change(&a, &v)
		if held, err := s.Holds(ctx, &a, v); err != nil || held != (name == "") {
			t.Errorf("%s: held %v, %v", name, held, err)
		}
	}
}

func alike(t *testing.T, open Open) {
	s, ctx := fresh(t, open), context.Background()
	for id, keys := range map[string][]uint64{"a": {1, 2, 3, 1 << 63}, "b": {3, 4}, "c": {9}, "none": nil} {
		u := Unit(id, "2020-05-01", "They spoke.")
		u.Keys = keys
		commit(t, s, u, store.Added)
	}
	late := Unit("late", "2020-05-08", "They spoke.")
	late.Keys = []uint64{2, 3}
	commit(t, s, late, store.Added)
	look := func(from, to detente.Date, limit int, keys ...uint64) string {
		t.Helper()
		found, err := s.Alike(ctx, keys, from, to, limit)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range found {
			got = append(got, c.ID)
			if !strings.HasSuffix(c.Text, "They spoke.") {
				t.Errorf("%s has the text %q", c.ID, c.Text)
			}
		}
		return strings.Join(got, " ")
	}
	for _, test := range []struct{ got, want string }{
		{look("2020-04-28", "2020-05-04", 9, 2, 3), "a b"},
		{look("2020-04-28", "2020-05-04", 1, 2, 3), "a"},
		{look("2020-05-02", "2020-05-14", 9, 2, 3), "late"},
		{look("2020-04-28", "2020-05-14", 9, 2, 3), "a late b"},
		{look("2020-04-28", "2020-05-04", 9, 1<<63), "a"},
		{look("2020-04-28", "2020-05-04", 9, 77), ""},
		{look("2020-04-28", "2020-05-04", 9), ""},
	} {
		if test.got != test.want {
			t.Errorf("found %q, want %q", test.got, test.want)
		}
	}
	u := Unit("a", "2020-05-01", "They spoke again, and again. They spoke.")
	u.Keys = []uint64{7}
	commit(t, s, u, store.Replaced)
	if got := look("2020-04-28", "2020-05-04", 9, 1, 2, 3); got != "b" {
		t.Errorf("by the keys of a text that was replaced %q is found", got)
	}
	if got := look("2020-04-28", "2020-05-04", 9, 7); got != "a" {
		t.Errorf("by the new keys %q is found", got)
	}
}

func sources(t *testing.T, open Open) {
	s, ctx := fresh(t, open), context.Background()
	a := store.Source{Address: "https://paper.example/feed", Title: "The Paper", Every: time.Hour, Added: firstRead}
	b := store.Source{Address: "https://agency.example/feed", Added: firstRead, At: "https://agency.example/new", ETag: `"1"`,
		LastModified: "Fri, 01 May 2020 10:00:00 GMT", Tried: firstRead, Read: firstRead, Error: "the server answers 500", Failures: 2, Next: firstRead.Add(time.Hour),
		TTL: 90 * time.Minute, SkipHours: 1<<23 | 1, SkipDays: 1 << 6}
	for _, src := range []store.Source{a, b} {
		if err := s.SaveSource(ctx, src); err != nil {
			t.Fatal(err)
		}
	}
	a.ETag = `"2"`
	if err := s.SaveSource(ctx, a); err != nil {
		t.Fatal(err)
	}
	got, err := s.Sources(ctx)
	if err != nil || len(got) != 2 || got[0] != b || got[1] != a {
		t.Errorf("sources %+v, %v", got, err)
	}
	if err := s.SaveSource(ctx, store.Source{}); err == nil {
		t.Error("a source without an address was stored")
	}
	if _, err := s.Found(ctx, []store.Page{{Address: "p", Source: a.Address}}); err != nil {
		t.Fatal(err)
	}
	if err := s.RemoveSource(ctx, a.Address); err != nil {
		t.Fatal(err)
	}
	if due, err := s.Due(ctx, firstRead, 9); err != nil || len(due) != 0 {
		t.Errorf("of a source that was removed %v is still to be fetched, %v", due, err)
	}
	if err := s.RemoveSource(ctx, a.Address); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("removed twice: %v", err)
	}
	if got, _ := s.Sources(ctx); len(got) != 1 || got[0].Address != b.Address {
		t.Errorf("left are %+v", got)
	}
}

func pages(t *testing.T, open Open) {
	s, ctx := fresh(t, open), context.Background()
	page := func(address string, next time.Duration) store.Page {
		return store.Page{Address: address, Source: "feed", Found: firstRead, Next: firstRead.Add(next)}
	}
	found := func(want int, pages ...store.Page) {
		t.Helper()
		if n, err := s.Found(ctx, pages); err != nil || n != want {
			t.Errorf("%d pages are new, %v; want %d", n, err, want)
		}
	}
	due := func(by time.Duration, limit int, want string) {
		t.Helper()
		list, err := s.Due(ctx, firstRead.Add(by), limit)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range list {
			got = append(got, p.Address)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("due are %v, want %s", got, want)
		}
	}
	found(3, page("b", 0), page("a", 0), page("c", time.Hour))
	found(1, page("a", 0), page("d", time.Minute))
	due(0, 9, "a b")
	due(2*time.Hour, 9, "a b d c")
	due(2*time.Hour, 3, "a b d")
	failed := page("a", 3*time.Hour)
	failed.Failures, failed.Error = 1, "the server answers 500"
	done := page("b", 0)
	done.Done = true
	for _, p := range []store.Page{failed, done} {
		if err := s.SavePage(ctx, p); err != nil {
			t.Fatal(err)
		}
	}
	due(2*time.Hour, 9, "d c")
	found(0, page("b", 0)) // fetched before
	defer func() {
		anew := page("b", 5*time.Hour)
		anew.Told = "something else"
		found(1, anew)
		found(0, anew)
		if list, err := s.Due(ctx, firstRead.Add(5*time.Hour), 9); err != nil || list[len(list)-1] != anew {
			t.Errorf("due %+v, %v", list, err)
		}
	}()
	if list, err := s.Due(ctx, firstRead.Add(3*time.Hour), 9); err != nil || len(list) != 3 || list[2] != failed {
		t.Errorf("due %+v, %v", list, err)
	}
}

func imports(t *testing.T, open Open) {
	s, ctx := fresh(t, open), context.Background()
	if got, err := s.Import(ctx, "/a"); err != nil || got != (store.Import{File: "/a"}) {
		t.Errorf("of a file that was never read: %+v, %v", got, err)
	}
	a := store.Import{File: "/a", Stamp: "1", Items: 7}
	b := store.Import{File: "/b", Stamp: "2", Items: 9, Done: true}
	if err := s.SaveImports(ctx, []store.Import{a, b}); err != nil {
		t.Fatal(err)
	}
	a.Items = 8
	if err := s.SaveImports(ctx, []store.Import{a}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []store.Import{a, b} {
		if got, err := s.Import(ctx, want.File); err != nil || got != want {
			t.Errorf("%+v, %v; want %+v", got, err, want)
		}
	}
}
