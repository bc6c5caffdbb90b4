// Package storetest is the suite that every engine of package store passes.
//
// An engine's test calls Run with a function that opens a store at a place;
// opening the same place again must find what was committed there.
package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"detente"
	"detente/internal/store"
)

// Open opens the store at a place, a folder that the suite made for it.
type Open func(t *testing.T, dir string) store.Store

// Run runs the suite.
func Run(t *testing.T, open Open) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, Open)
	}{
		{"empty store", emptyStore},
		{"round trip", roundTrip},
		{"reopen", reopen},
		{"same twice", sameTwice},
		{"recoded", recoded},
		{"replaced", replaced},
		{"refused units", refused},
		{"as of never leaks", asOf},
		{"known on", knownOn},
		{"origins", origins},
		{"reports", reports},
		{"walk", walk},
		{"search", search},
		{"search eats anything", searchAnything},
		{"strange ids", strangeIDs},
		{"cancelled", cancelled},
		{"readers beside a writer", concurrent},
		{"versions", versions},
		{"versions out of order", versionsOutOfOrder},
		{"holds", holds},
		{"alike", alike},
		{"sources", sources},
		{"pages", pages},
		{"imports", imports},
		{"hooks", hooks},
		{"stirred dyads", stirred},
		{"telling", telling},
		{"queue of a hook", queue},
		{"log", changeLog},
		{"log of commits", commitLog},
		{"log of runs", runLog},
		{"figures", figures},
		{"indicators", indicators},
		{"series", seriesKept},
		{"series from a day", seriesFrom},
		{"boards", boards},
		{"marks", marks},
		{"stamps", stamps},
		{"recent", recent},
		{"spoken", spoken},
		{"outlets", outlets},
		{"filters", filters},
		{"months", months},
		{"runs", runs},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, open) })
	}
}

// rusUsa is the dyad of most units here.
var rusUsa = detente.NewDyad("USA", "RUS")

var firstRead = time.Date(2020, 5, 1, 12, 30, 15, 0, time.UTC)

// Unit makes a unit of one sentence in which a minister of Russia claims a
// freeze and one call is told.
func Unit(id string, published detente.Date, sentence string) store.Unit {
	text := "Ministers on the line\n\n" + sentence
	start := len("Ministers on the line\n\n")
	end := len([]rune(text))
	return store.Unit{Record: detente.Record{
		Codebook: detente.CodebookVersion,
		Article: detente.Article{
			ID: id, URL: "https://paper.example/" + id, Outlet: "The Paper", Title: "Ministers on the line",
			Published: published, Language: "en", Text: text, Read: firstRead,
			Blocks: []detente.Block{
				{Kind: detente.BlockTitle, Span: detente.Span{Start: 0, End: start - 2}},
				{Kind: detente.BlockBody, Span: detente.Span{Start: start, End: end}},
			},
		},
		Text:      text,
		Sentences: []detente.Span{{Start: 0, End: start - 2}, {Start: start, End: end}},
		Statements: []detente.Statement{{
			ID: "s1", Kind: detente.Indirect, Speaker: detente.Speaker{Name: "Olga Perova", Role: "minister", Party: "RUS"},
			Content: []detente.Span{{Start: start, End: end}}, SaidOn: published, Modality: detente.Asserted, Sentence: 1,
		}},
		Events: []detente.Event{{ID: "e1", Type: detente.Consult, Mode: "phone", Sentence: 1}},
		Acts: []detente.Act{{ID: "a1", Kind: detente.Contact, Dyad: rusUsa, Channel: detente.ForeignMinisters,
			Mode: "phone", Date: published, Factuality: detente.Happened, Event: "e1", Sentence: 1}},
		Claims: []detente.Claim{{ID: "c1", Statement: "s1", Dyad: rusUsa, Channel: detente.ChannelAll,
			State: detente.Frozen, Scope: "every", Sentence: 1, Span: detente.Span{Start: start, End: end}}},
		Versions: detente.Versions{Program: "p1", Model: "m1", Rules: "r1"},
	}}
}

func emptyStore(t *testing.T, open Open) {
	s, ctx := fresh(t, open), context.Background()
	if dyads, err := s.Dyads(ctx, ""); err != nil || len(dyads) != 0 {
		t.Errorf("Dyads = %v, %v", dyads, err)
	}
	if reps, err := s.Reports(ctx, rusUsa, ""); err != nil || len(reps) != 0 {
		t.Errorf("Reports = %v, %v", reps, err)
	}
	if hits, err := s.Search(ctx, store.Query{}); err != nil || len(hits) != 0 {
		t.Errorf("Search = %v, %v", hits, err)
	}
	if _, _, err := s.Unit(ctx, "x"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("Unit: error %v, want ErrNotFound", err)
	}
}

func roundTrip(t *testing.T, open Open) {
	s, ctx := fresh(t, open), context.Background()
	u := Unit("a", "2020-04-30", "The minister — «Перова» 🕊 — said \x00 nothing moved.")
	u.Origin = "wire-7"
	commit(t, s, u, store.Added)
	got, head, err := s.Unit(ctx, "a")
	if err != nil {
		t.Fatal(err)
	}
	if a, b := show(t, u), show(t, got); a != b {
		t.Errorf("committed\n%s\nread back\n%s", a, b)
	}
	if got.Record.Article.Text != u.Record.Text || !slices.Equal(got.Record.Article.Blocks, u.Record.Article.Blocks) {
		t.Errorf("text or blocks of the article differ: %q, %v", got.Record.Article.Text, got.Record.Article.Blocks)
	}
	want := store.Head{ID: "a", URL: "https://paper.example/a", Outlet: "The Paper", Title: "Ministers on the line",
		Published: "2020-04-30", Known: "2020-04-30", Read: firstRead, Origin: "wire-7"}
	if head != want {
		t.Errorf("head %+v, want %+v", head, want)
	}
}

func reopen(t *testing.T, open Open) {
	dir := t.TempDir()
	s := open(t, dir)
	commit(t, s, Unit("a", "2020-04-30", "They spoke."), store.Added)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	defer s.Close()
	commit(t, s, Unit("a", "2020-04-30", "They spoke."), store.Unchanged)
	if got := ids(t, s, ""); got != "a" {
		t.Errorf("after reopening the store holds %q", got)
	}
}

func sameTwice(t *testing.T, open Open) {
	s, ctx := fresh(t, open), context.Background()
	u := Unit("a", "", "They spoke.")
	commit(t, s, u, store.Added)
	before := everything(t, s)
	u.Record.Article.Read = firstRead.AddDate(0, 0, 9)
	commit(t, s, u, store.Unchanged)
	if after := everything(t, s); after != before {
		t.Errorf("the same article again changed\n%s\ninto\n%s", before, after)
	}
	if _, head, _ := s.Unit(ctx, "a"); !head.Read.Equal(firstRead) {
		t.Errorf("read %v, want the first reading %v", head.Read, firstRead)
	}
}

func recoded(t *testing.T, open Open) {
	s, ctx := fresh(t, open), context.Background()
	u := Unit("a", "2020-04-30", "They spoke.")
	commit(t, s, u, store.Added)
	u.Record.Article.Read = firstRead.AddDate(0, 1, 0)
	u.Record.Versions.Rules = "r2"
	u.Record.Claims = nil
	u.Record.Acts[0].Dyad = detente.NewDyad("RUS", "FRA")
	commit(t, s, u, store.Recoded)
	if reps, _ := s.Reports(ctx, rusUsa, ""); len(reps) != 0 {
		t.Errorf("the replaced record still tells of %s: %v", rusUsa, reps)
	}
	if reps, _ := s.Reports(ctx, detente.NewDyad("RUS", "FRA"), ""); len(reps) != 1 {
		t.Errorf("the new record is not found: %v", reps)
	}
	got, head, err := s.Unit(ctx, "a")
	if err != nil || got.Record.Versions.Rules != "r2" || !head.Read.Equal(firstRead) {
		t.Errorf("rules %q, read %v, error %v", got.Record.Versions.Rules, head.Read, err)
	}
}

func replaced(t *testing.T, open Open) {
	s, ctx := fresh(t, open), context.Background()
	commit(t, s, Unit("a", "", "The zeppelin landed."), store.Added)
	u := Unit("a", "", "The balloon landed.")
	u.Record.Statements[0].Speaker.Name = "Nils Berg"
	u.Record.Article.Read = firstRead.AddDate(0, 0, 2)
	commit(t, s, u, store.Replaced)
	if hits, _ := s.Search(ctx, store.Query{Text: "zeppelin"}); len(hits) != 0 {
		t.Errorf("a text that was replaced is still found")
	}
	if hits, _ := s.Search(ctx, store.Query{Speaker: "Perova"}); len(hits) != 0 {
		t.Errorf("a speaker who was replaced is still found")
	}
	if hits, _ := s.Search(ctx, store.Query{Text: "balloon"}); len(hits) != 1 {
		t.Errorf("the new text is not found")
	}
	// Undated: known on the day when this text, not the earlier one, was read.
	if got := ids(t, s, "2020-05-02"); got != "" {
		t.Errorf("on 2 May %q is known, read on 3 May", got)
	}
	if got := ids(t, s, "2020-05-03"); got != "a" {
		t.Errorf("on 3 May %q is known", got)
	}
}

func refused(t *testing.T, open Open) {
	s := fresh(t, open)
	for name, spoil := range map[string]func(*store.Unit){
		"no id":                func(u *store.Unit) { u.Record.Article.ID = "" },
		"no time of reading":   func(u *store.Unit) { u.Record.Article.Read = time.Time{} },
		"no such day":          func(u *store.Unit) { u.Record.Article.Published = "2020-02-30" },
		"not a date":           func(u *store.Unit) { u.Record.Article.Published = "yesterday" },
		"sentence of no text":  func(u *store.Unit) { u.Record.Sentences[1].End = 10_000 },
		"content of no text":   func(u *store.Unit) { u.Record.Statements[0].Content[0].Start = -1 },
		"span backwards":       func(u *store.Unit) { u.Record.Claims[0].Span = detente.Span{Start: 5, End: 4} },
		"no such sentence":     func(u *store.Unit) { u.Record.Acts[0].Sentence = 2 },
		"block of no text":     func(u *store.Unit) { u.Record.Article.Blocks[1].End = 10_000 },
		"dyad out of order":    func(u *store.Unit) { u.Record.Acts[0].Dyad = detente.Dyad{"USA", "RUS"} },
		"dyad of odd letters":  func(u *store.Unit) { u.Record.Acts[0].Dyad = detente.Dyad{"RUS", "a-b"} },
		"participant outside":  func(u *store.Unit) { u.Record.Events[0].Source = []detente.Participant{{Span: detente.Span{End: 999}}} },
		"indicator of no text": func(u *store.Unit) { u.Record.Indicators = []detente.Indicator{{Span: detente.Span{End: 999}}} },
	} {
		u := Unit("a", "2020-04-30", "They spoke.")
		spoil(&u)
		if _, err := s.Commit(context.Background(), u); !errors.Is(err, store.ErrRefused) {
			t.Errorf("%s: was committed, or not refused: %v", name, err)
		}
	}
	if got := ids(t, s, ""); got != "" {
		t.Errorf("a refused commit left %q", got)
	}
	u := Unit("a", "2020-04-30", "They spoke.")
	u.Record.Acts[0].Dyad = detente.Dyad{"", "USA"} // between nobody: kept in the record, told of no dyad
	u.Record.Claims = nil
	commit(t, s, u, store.Added)
	if dyads, err := s.Dyads(context.Background(), ""); err != nil || len(dyads) != 0 {
		t.Errorf("dyads %v, %v", dyads, err)
	}
}

func asOf(t *testing.T, open Open) {
	s, ctx := fresh(t, open), context.Background()
	// The later article tells an earlier act: what counts is when it was published.
	late := Unit("late", "2020-05-03", "They had spoken a month before.")
	late.Record.Acts[0].Date = "2020-04-01"
	late.Record.Statements[0].SaidOn = "2020-04-01"
	commit(t, s, late, store.Added)
	commit(t, s, Unit("early", "2020-05-01", "They spoke."), store.Added)
	for day, want := range map[detente.Date]string{
		"2020-04-30": "", "2020-05-01": "early", "2020-05-02": "early", "2020-05-03": "early late", "": "early late",
	} {
		if got := ids(t, s, day); got != want {
			t.Errorf("as of %q: reports %q, want %q", day, got, want)
		}
		n := len(strings.Fields(want))
		dyads, err := s.Dyads(ctx, day)
		if err != nil || (n == 0) != (len(dyads) == 0) || n > 0 && dyads[0].Reports != n {
			t.Errorf("as of %q: dyads %v, %v", day, dyads, err)
		}
		for _, q := range []store.Query{{}, {Text: "spoke*"}, {Text: "ministers"}, {Speaker: "perova"}, {Party: "RUS"}} {
			q.AsOf = day
			hits, err := s.Search(ctx, q)
			if q.Text != "spoke*" && len(hits) != n || len(hits) > n || err != nil {
				t.Errorf("as of %q: search %+v finds %d, %v; want %d", day, q, len(hits), err, n)
			}
		}
	}
}

func knownOn(t *testing.T, open Open) {
	s := fresh(t, open)
	for _, test := range []struct{ published, before, known detente.Date }{
		{"2019-02", "2019-02-27", "2019-02-28"},
		{"2019", "2019-12-30", "2019-12-31"},
		{"", "2020-04-30", "2020-05-01"}, // the day it was read
		{"2021-01-01", "2020-12-31", "2021-01-01"},
	} {
		u := Unit("a", test.published, "They spoke on "+string(test.published)+".")
		if _, err := s.Commit(context.Background(), u); err != nil {
			t.Fatal(err)
		}
		if ids(t, s, test.before) != "" || ids(t, s, test.known) != "a" {
			t.Errorf("published %q: known on %s: %q, on %s: %q", test.published,
				test.before, ids(t, s, test.before), test.known, ids(t, s, test.known))
		}
	}
}

func origins(t *testing.T, open Open) {
	s := fresh(t, open)
	for id, origin := range map[string]string{"a": "wire", "b": "wire", "c": "", "d": "", "e": "desk"} {
		u := Unit(id, "2020-05-01", "They spoke.")
		u.Origin = origin
		commit(t, s, u, store.Added)
	}
	dyads, err := s.Dyads(context.Background(), "")
	want := store.DyadSummary{Dyad: rusUsa, Reports: 5, Origins: 4, Latest: "2020-05-01"}
	if err != nil || len(dyads) != 1 || dyads[0] != want {
		t.Errorf("dyads %+v, %v; want %+v", dyads, err, want)
	}
}

func reports(t *testing.T, open Open) {
	s, ctx := fresh(t, open), context.Background()
	u := Unit("a", "2020-05-01", "They spoke.")
	u.Record.Statements = append(u.Record.Statements,
		detente.Statement{ID: "s2", Speaker: detente.Speaker{Name: "An agency"}, Sentence: 0},
		detente.Statement{ID: "s3", Speaker: detente.Speaker{Name: "Somebody else"}, Sentence: 0})
	u.Record.Statements[0].Within = "s2"
	u.Record.Acts = append(u.Record.Acts, detente.Act{ID: "a2", Kind: detente.Freeze, Dyad: detente.NewDyad("IRN", "USA")})
	commit(t, s, u, store.Added)
	commit(t, s, Unit("b", "2020-05-02", "They spoke again."), store.Added)
	reps, err := s.Reports(ctx, rusUsa, "")
	if err != nil || len(reps) != 2 {
		t.Fatalf("reports %v, %v", reps, err)
	}
	rep := reps[0]
	if len(rep.Acts) != 1 || rep.Acts[0] != u.Record.Acts[0] || len(rep.Claims) != 1 || rep.Claims[0] != u.Record.Claims[0] {
		t.Errorf("acts %+v, claims %+v", rep.Acts, rep.Claims)
	}
	if len(rep.Events) != 1 || rep.Events[0].ID != "e1" {
		t.Errorf("events %+v; want e1, of which the act is made", rep.Events)
	}
	if len(rep.Statements) != 2 || rep.Statements[0].ID != "s1" || rep.Statements[1].ID != "s2" {
		t.Errorf("statements %+v; want s1 and s2, in which it stands", rep.Statements)
	}
	if len(rep.Sentences) != 2 || rep.Sentences[1].Text != "They spoke." || rep.Sentences[1].Start != 23 || rep.Sentences[0].Text != "Ministers on the line" {
		t.Errorf("sentences %v", rep.Sentences)
	}
	dyads, err := s.Dyads(ctx, "")
	if err != nil || len(dyads) != 2 || dyads[0].Dyad != rusUsa || dyads[1].Dyad != detente.NewDyad("IRN", "USA") {
		t.Errorf("dyads %v, %v; want the latest reported first", dyads, err)
	}
}

func search(t *testing.T, open Open) {
	s, ctx := fresh(t, open), context.Background()
	cafe := Unit("cafe", "2020-05-01", "The café in Zürich stayed open while talks went on.")
	berg := Unit("berg", "2020-05-02", "Talks about the harbour stayed cold.")
	berg.Record.Statements[0].Speaker = detente.Speaker{Name: "Nils Berg", Party: "NOR"}
	for _, u := range []store.Unit{cafe, berg} {
		commit(t, s, u, store.Added)
	}
	for _, test := range []struct {
		q    store.Query
		want string
	}{
		{store.Query{}, "berg cafe"},
		{store.Query{Limit: 1}, "berg"},
		{store.Query{Text: "TALKS"}, "berg cafe"},
		{store.Query{Text: "zurich CAFE"}, "cafe"},
		{store.Query{Text: "talks stayed"}, "berg cafe"},
		{store.Query{Text: `"talks stayed"`}, ""},
		{store.Query{Text: `"stayed open" talks`}, "cafe"},
		{store.Query{Text: "ministers"}, "berg cafe"}, // the title
		{store.Query{Text: "talks OR zeppelin"}, ""},
		{store.Query{Speaker: "BERG"}, "berg"},
		{store.Query{Speaker: "%"}, ""},
		{store.Query{Party: "NOR"}, "berg"},
		{store.Query{Speaker: "perova", Party: "NOR"}, ""},
		{store.Query{Text: "talks", Party: "RUS"}, "cafe"},
		{store.Query{Text: "?!"}, ""},
		{store.Query{Dyad: rusUsa}, "berg cafe"},
		{store.Query{Dyad: detente.NewDyad("NOR", "RUS")}, ""},
		{store.Query{Dyad: rusUsa, Party: "NOR"}, "berg"},
		{store.Query{After: store.Place{Known: "2020-05-02", ID: "a"}}, "berg cafe"},
		{store.Query{After: store.Place{Known: "2020-05-02", ID: "berg"}}, "cafe"},
		{store.Query{After: store.Place{Known: "2020-05-02", ID: "berg"}, Text: "talks"}, "cafe"},
		{store.Query{After: store.Place{Known: "2020-05-01", ID: "cafe"}}, ""},
	} {
		hits, err := s.Search(ctx, test.q)
		var got []string
		for _, h := range hits {
			got = append(got, h.ID)
			if asks := test.q.Speaker != "" || test.q.Party != ""; asks != (h.Statements != nil) {
				t.Errorf("%+v: statements %v", test.q, h.Statements)
			}
			marked := slices.ContainsFunc(h.Extract, func(p store.Piece) bool { return p.Marked })
			if marked != (test.q.Text != "") {
				t.Errorf("%+v: extract %v", test.q, h.Extract)
			}
			if len(h.Dyads) != 1 || h.Dyads[0] != rusUsa {
				t.Errorf("%+v: dyads %v", test.q, h.Dyads)
			}
		}
		if err != nil || strings.Join(got, " ") != test.want {
			t.Errorf("%+v finds %v, %v; want %s", test.q, got, err, test.want)
		}
	}
}

func searchAnything(t *testing.T, open Open) {
	s := fresh(t, open)
	commit(t, s, Unit("a", "2020-05-01", "They spoke."), store.Added)
	for _, text := range []string{`"`, `"""`, `a" OR "b`, `title:spoke`, `NEAR(a b)`, `spoke*`, `-spoke`, `^a`, `(`, "a\x00b", "'; DROP TABLE article; --", "\xff\xfe", "🕊"} {
		for _, q := range []store.Query{{Text: text}, {Speaker: text}, {Party: detente.Party(text)}, {AsOf: detente.Date(text)}} {
			if _, err := s.Search(context.Background(), q); err != nil {
				t.Errorf("%+v: %v", q, err)
			}
		}
	}
	if got := ids(t, s, ""); got != "a" {
		t.Errorf("the store holds %q after the searches", got)
	}
}

func strangeIDs(t *testing.T, open Open) {
	s := fresh(t, open)
	strange := []string{"a", "A", " a", "a#b", "../a", "%61", "å", "a\u030a", `"a'`, "🕊", "<a>", strings.Repeat("x", 5000)}
	for _, id := range strange {
		commit(t, s, Unit(id, "2020-05-01", "They spoke."), store.Added)
	}
	for _, id := range strange {
		if u, _, err := s.Unit(context.Background(), id); err != nil || u.Record.Article.ID != id {
			t.Errorf("%q: %q, %v", id, u.Record.Article.ID, err)
		}
	}
}

func cancelled(t *testing.T, open Open) {
	s := fresh(t, open)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.Commit(ctx, Unit("a", "2020-05-01", "They spoke.")); !errors.Is(err, context.Canceled) {
		t.Errorf("Commit: %v, want context.Canceled", err)
	}
	if _, err := s.Search(ctx, store.Query{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Search: %v, want context.Canceled", err)
	}
	if got := ids(t, s, ""); got != "" {
		t.Errorf("a cancelled commit left %q", got)
	}
	commit(t, s, Unit("a", "2020-05-01", "They spoke."), store.Added)
}

// concurrent has readers look while a writer commits articles that tell of two
// dyads at once: whoever sees one of them must find the other.
func concurrent(t *testing.T, open Open) {
	s, ctx := fresh(t, open), context.Background()
	other := detente.NewDyad("RUS", "FRA")
	const articles = 40
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			seen := 0
			for {
				select {
				case <-done:
					return
				default:
				}
				dyads, err := s.Dyads(ctx, "")
				if err != nil || len(dyads) == 1 || len(dyads) == 2 && dyads[0].Reports != dyads[1].Reports {
					t.Errorf("half a commit is seen: %v, %v", dyads, err)
					return
				}
				reps, err := s.Reports(ctx, rusUsa, "")
				if err != nil || len(reps) < seen {
					t.Errorf("%d reports after %d had been seen, %v", len(reps), seen, err)
					return
				}
				seen = len(reps)
			}
		})
	}
	for i := range articles {
		u := Unit(fmt.Sprint(i), "2020-05-01", "They spoke.")
		u.Record.Claims[0].Dyad = other
		commit(t, s, u, store.Added)
	}
	close(done)
	readers.Wait()
	if reps, err := s.Reports(ctx, other, ""); err != nil || len(reps) != articles {
		t.Errorf("%d reports, %v; want %d", len(reps), err, articles)
	}
}

func fresh(t *testing.T, open Open) store.Store {
	t.Helper()
	s := open(t, t.TempDir())
	t.Cleanup(func() { s.Close() })
	return s
}

func commit(t *testing.T, s store.Store, u store.Unit, want store.Outcome) {
	t.Helper()
	got, err := s.Commit(context.Background(), u)
	if err != nil || got != want {
		t.Fatalf("commit %.20q: %s, %v; want %s", u.Record.Article.ID, got, err, want)
	}
}

// ids lists the articles that report on RUS-USA by a day.
func ids(t *testing.T, s store.Store, asOf detente.Date) string {
	t.Helper()
	reps, err := s.Reports(context.Background(), rusUsa, asOf)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, r := range reps {
		list = append(list, r.ID)
	}
	return strings.Join(list, " ")
}

// everything shows all that a store answers about RUS-USA.
func everything(t *testing.T, s store.Store) string {
	t.Helper()
	ctx := context.Background()
	dyads, err1 := s.Dyads(ctx, "")
	reps, err2 := s.Reports(ctx, rusUsa, "")
	hits, err3 := s.Search(ctx, store.Query{Party: "RUS"})
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	return show(t, dyads) + show(t, reps) + show(t, hits)
}

func show(t *testing.T, v any) string {
	t.Helper()
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
