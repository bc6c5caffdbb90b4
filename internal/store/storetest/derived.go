package storetest

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"detente"
	"detente/internal/store"
)

// spell makes the states of a channel from some days on.
func spell(ch detente.Channel, first detente.Date, s detente.State, turn bool, evidence ...string) detente.ChannelSpell {
	return detente.ChannelSpell{First: first, Turn: turn,
		ChannelState: detente.ChannelState{Dyad: rusUsa, Channel: ch, State: s, Since: first, Rule: "test", Evidence: evidence}}
}

func quarrel(claim detente.ClaimID, day, first, until detente.Date) detente.DisputeSpell {
	return detente.DisputeSpell{Day: day, First: first, Until: until, Dispute: detente.Dispute{Dyad: rusUsa, Channel: detente.ChannelAll,
		Claim: claim, Against: []detente.ClaimID{}, Record: []detente.ActID{}, Finding: detente.WordAgainstWord}}
}

// sample is a series of some days.
func sample() detente.Series {
	return detente.Series{Dyad: rusUsa, Rules: "r1",
		Channels: []detente.ChannelSpell{
			spell(detente.ChannelAll, "2020-05-01", detente.Open, true, "a#a1"),
			spell(detente.ChannelAll, "2020-05-03", detente.Open, false, "b#a1"),
			spell(detente.Leaders, "2020-05-02", detente.Frozen, true, "b#a2"),
			spell(detente.Leaders, "2020-05-04", detente.Unknown, true),
		},
		Disputes: []detente.DisputeSpell{quarrel("a#c1", "2020-05-01", "2020-05-01", "2020-05-03"), quarrel("b#c1", "2020-05-02", "2020-05-02", "")},
		Counts: []detente.Count{{Day: "2020-05-01", Reports: 1, Origins: 1, Latest: "2020-05-01"}, {Day: "2020-05-02", Reports: 3, Origins: 2, Latest: "2020-05-02"},
			{Day: "2020-05-04", Reports: 4, Origins: 3, Latest: "2020-05-04"}},
	}
}

func saveSeries(t *testing.T, s store.Store, series detente.Series, m store.Mark) {
	t.Helper()
	if err := s.SaveSeries(context.Background(), series, m); err != nil {
		t.Fatal(err)
	}
}

func readSeries(t *testing.T, s store.Store, asOf detente.Date) detente.Series {
	t.Helper()
	series, err := s.Series(context.Background(), rusUsa, asOf)
	if err != nil {
		t.Fatal(err)
	}
	return series
}

func seriesKept(t *testing.T, open Open) {
	s, ctx := fresh(t, open), context.Background()
	if none := readSeries(t, s, ""); none.Rules != "" || len(none.Channels)+len(none.Disputes)+len(none.Counts) > 0 {
		t.Errorf("before anything was saved: %+v", none)
	}
	saveSeries(t, s, sample(), store.Mark{})
	if got := readSeries(t, s, ""); !reflect.DeepEqual(got, sample()) {
		t.Errorf("saved\n%+v\nread\n%+v", sample(), got)
	}
	// As of a day nothing of a later one is told, nor that something ended later.
	want := sample()
	want.Channels = []detente.ChannelSpell{want.Channels[0], want.Channels[2]}
	want.Disputes[0].Until = ""
	want.Counts = want.Counts[:2]
	if got := readSeries(t, s, "2020-05-02"); !reflect.DeepEqual(got, want) {
		t.Errorf("as of 2 May\n%+v\nwant\n%+v", got, want)
	}
	if got := readSeries(t, s, "2020-04-30"); got.Rules != "" || len(got.Counts) > 0 {
		t.Errorf("as of the day before the first: %+v", got)
	}
	turns, err := s.Turns(ctx, rusUsa, "2020-05-03")
	if err != nil || len(turns) != 2 || turns[0].Channel != detente.ChannelAll || turns[1].State != detente.Frozen {
		t.Errorf("turns %+v, %v", turns, err)
	}
	for day, want := range map[detente.Date][]detente.ClaimID{"2020-04-30": {}, "2020-05-01": {"a#c1"}, "2020-05-02": {"b#c1", "a#c1"}, "2020-05-03": {"b#c1"}, "": {"b#c1"}} {
		got := []detente.ClaimID{}
		spells, err := s.Disputes(ctx, rusUsa, day, 0)
		for _, d := range spells {
			got = append(got, d.Claim)
		}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("disputes as of %q: %v, %v; want %v", day, got, err, want)
		}
	}
	if one, err := s.Disputes(ctx, rusUsa, "2020-05-02", 1); err != nil || len(one) != 1 || one[0].Claim != "b#c1" {
		t.Errorf("the latest dispute: %v, %v", one, err)
	}
}

// seriesFrom puts days in the place of those that were kept.
func seriesFrom(t *testing.T, open Open) {
	s := fresh(t, open)
	saveSeries(t, s, sample(), store.Mark{})
	part := detente.Series{Dyad: rusUsa, Rules: "r2", From: "2020-05-03",
		Channels: []detente.ChannelSpell{spell(detente.ChannelAll, "2020-05-05", detente.Frozen, true, "c#a1")},
		Disputes: []detente.DisputeSpell{quarrel("c#c1", "2020-05-05", "2020-05-05", "")},
		Counts:   []detente.Count{{Day: "2020-05-05", Reports: 5, Origins: 4, Latest: "2020-05-05"}},
		Ended:    []detente.DisputeSpell{quarrel("b#c1", "2020-05-02", "", "2020-05-05")},
	}
	saveSeries(t, s, part, store.Mark{})
	want := sample()
	want.Rules = "r2"
	want.Channels = []detente.ChannelSpell{want.Channels[0], part.Channels[0], want.Channels[2]}
	want.Disputes = []detente.DisputeSpell{quarrel("a#c1", "2020-05-01", "2020-05-01", ""), quarrel("b#c1", "2020-05-02", "2020-05-02", "2020-05-05"), part.Disputes[0]}
	want.Counts = append(want.Counts[:2:2], part.Counts...)
	if got := readSeries(t, s, ""); !reflect.DeepEqual(got, want) {
		t.Errorf("from 3 May on anew\n%+v\nwant\n%+v", got, want)
	}
	saveSeries(t, s, detente.Series{Dyad: rusUsa, Rules: "r3"}, store.Mark{})
	if got := readSeries(t, s, ""); len(got.Channels)+len(got.Disputes)+len(got.Counts) > 0 {
		t.Errorf("an empty series left %+v", got)
	}
}

func boards(t *testing.T, open Open) {
	s, ctx := fresh(t, open), context.Background()
	saveSeries(t, s, sample(), store.Mark{})
	other := detente.NewDyad("FIN", "RUS")
	saveSeries(t, s, detente.Series{Dyad: other, Rules: "r1", Counts: []detente.Count{{Day: "2020-05-03", Reports: 2, Origins: 2, Latest: "2020-05-03"}}}, store.Mark{})
	gone := detente.NewDyad("FIN", "USA")
	saveSeries(t, s, detente.Series{Dyad: gone, Rules: "r1", Counts: []detente.Count{{Day: "2020-05-03", Reports: 1, Origins: 1, Latest: "2020-05-03"}, {Day: "2020-05-04"}}}, store.Mark{})
	for _, c := range []struct {
		asOf  detente.Date
		limit int
		dyads string
		more  int
	}{
		{"", 9, "RUS-USA FIN-RUS ", 0}, {"", 1, "RUS-USA ", 1}, {"2020-05-03", 9, "FIN-RUS FIN-USA RUS-USA ", 0}, {"2020-04-30", 9, "", 0},
	} {
		list, more, err := s.Boards(ctx, nil, c.asOf, c.limit)
		got := ""
		for _, b := range list {
			got += b.Dyad.String() + " "
		}
		if err != nil || got != c.dyads || more != c.more {
			t.Errorf("as of %q, at most %d: %s and %d more, %v; want %s and %d", c.asOf, c.limit, got, more, err, c.dyads, c.more)
		}
	}
	unheard := detente.NewDyad("ISL", "NOR")
	list, _, err := s.Boards(ctx, []detente.Dyad{unheard, rusUsa}, "2020-05-03", 9)
	if err != nil || len(list) != 2 || list[0].Dyad != unheard || list[0].Reports != 0 || list[0].Channels == nil || len(list[0].Channels) > 0 {
		t.Fatalf("boards by name: %+v, %v", list, err)
	}
	b := list[1]
	if b.Reports != 3 || b.Origins != 2 || b.Latest != "2020-05-02" || len(b.Channels) != 2 || b.Channels[0].Evidence[0] != "b#a1" || b.Channels[1].State != detente.Frozen {
		t.Errorf("as of 3 May: %+v", b)
	}
	list, _, err = s.Boards(ctx, []detente.Dyad{rusUsa}, "", 1)
	if err != nil || len(list[0].Channels) != 1 {
		t.Errorf("a channel that is unknown again is on the board: %+v, %v", list, err)
	}
}

func marks(t *testing.T, open Open) {
	s, ctx := fresh(t, open), context.Background()
	stale := func(want ...store.Mark) []store.Mark {
		t.Helper()
		got, err := s.Stale(ctx, "r1")
		if err != nil || len(got) != len(want) {
			t.Fatalf("stale %v, %v; want %v", got, err, want)
		}
		for i := range want {
			if got[i].Dyad != want[i].Dyad || got[i].From != want[i].From {
				t.Errorf("stale %v; want %v", got, want)
			}
		}
		return got
	}
	stale()
	commit(t, s, Unit("b", "2020-05-03", "They spoke."), store.Added)
	m := stale(store.Mark{Dyad: rusUsa})
	commit(t, s, Unit("b", "2020-05-03", "They spoke."), store.Unchanged)
	saveSeries(t, s, sample(), m[0])
	stale()
	commit(t, s, Unit("c", "2020-05-09", "They spoke again."), store.Added)
	commit(t, s, Unit("a", "2020-05-02", "They spoke before."), store.Added)
	m = stale(store.Mark{Dyad: rusUsa, From: "2020-05-02"})
	recoded := Unit("b", "2020-05-03", "They spoke.")
	recoded.Record.Acts[0].Dyad, recoded.Record.Claims = detente.NewDyad("FIN", "RUS"), nil
	commit(t, s, recoded, store.Recoded)
	saveSeries(t, s, sample(), m[0]) // folded before the last commit: it is stale still
	m = stale(store.Mark{Dyad: detente.NewDyad("FIN", "RUS")}, store.Mark{Dyad: rusUsa, From: "2020-05-02"})
	for _, one := range m {
		saveSeries(t, s, detente.Series{Dyad: one.Dyad, Rules: "r1"}, one)
	}
	stale()
	if got, err := s.Stale(ctx, "r2"); err != nil || len(got) != 2 || got[1].From != "" {
		t.Errorf("by other rules %v, %v are stale; want both, from the start", got, err)
	}
	later := Unit("d", "2020-05-20", "They spoke yet again.")
	later.Story, later.Origin = "c", "c"
	commit(t, s, later, store.Added) // c ends on that day, which is not before c
	stale(store.Mark{Dyad: rusUsa, From: "2020-05-09"})
	var told []store.Report
	err := s.Tellings(ctx, rusUsa, func(rep store.Report) error {
		told = append(told, rep)
		return nil
	})
	if err != nil || len(told) != 3 || told[1].ID != "c" || told[1].Until != "2020-05-20" || told[2].Origin != "c" {
		t.Errorf("tellings %+v, %v", told, err)
	}
}

func stamps(t *testing.T, open Open) {
	s, ctx := fresh(t, open), context.Background()
	seen := map[string]string{}
	stamp := func(d detente.Dyad) string {
		t.Helper()
		word, err := s.Stamp(ctx, d)
		if err != nil {
			t.Fatal(err)
		}
		return word
	}
	differs := func(when string) {
		t.Helper()
		word := stamp(rusUsa)
		if before, ok := seen[word]; ok {
			t.Errorf("%s: %q, as %s", when, word, before)
		}
		seen[word] = when
	}
	differs("at first")
	commit(t, s, Unit("a", "2020-05-01", "They spoke."), store.Added)
	differs("with an article")
	m, err := s.Stale(ctx, "r1")
	if err != nil {
		t.Fatal(err)
	}
	all := stamp(detente.Dyad{})
	saveSeries(t, s, sample(), m[0])
	differs("folded")
	if again := stamp(detente.Dyad{}); again == all {
		t.Errorf("%q before and after a series was saved", all)
	}
	other := sample()
	other.Rules = "r9"
	saveSeries(t, s, other, store.Mark{})
	differs("folded by other rules")
	commit(t, s, Unit("a", "2020-05-01", "They spoke at length."), store.Replaced)
	differs("with another text")
	run, err := s.AddRun(ctx, detente.Versions{}, firstRead)
	if err == nil {
		err = s.Activate(ctx, run.ID, true)
	}
	if err != nil {
		t.Fatal(err)
	}
	differs("in another run")
	before := stamp(rusUsa)
	if again := stamp(rusUsa); again != before {
		t.Errorf("%q, then %q, and nothing has changed", before, again)
	}
}

func recent(t *testing.T, open Open) {
	s, ctx := fresh(t, open), context.Background()
	for _, c := range []struct {
		id     string
		day    detente.Date
		origin string
	}{{"a", "2020-05-01", ""}, {"b", "2020-05-02", "a"}, {"c", "2020-05-02", ""}, {"d", "2020-05-04", "c"}, {"e", "2020-05-04", ""}, {"f", "2020-05-04", ""}} {
		u := Unit(c.id, c.day, "They spoke.")
		u.Origin = c.origin
		commit(t, s, u, store.Added)
	}
	list := func(asOf detente.Date, after store.Place, limit int) (got string, last store.Place) {
		t.Helper()
		reports, err := s.Recent(ctx, rusUsa, asOf, after, limit)
		if err != nil {
			t.Fatal(err)
		}
		for _, rep := range reports {
			got += rep.ID
			for _, c := range rep.Copies {
				got += "+" + c.ID
			}
			got, last = got+" ", store.PlaceOf(rep.Head)
		}
		return got, last
	}
	if got, _ := list("", store.Place{}, 0); got != "e f c+d a+b " {
		t.Errorf("recent %q", got)
	}
	if got, _ := list("2020-05-03", store.Place{}, 0); got != "c a+b " {
		t.Errorf("as of 3 May %q", got)
	}
	page, last := list("", store.Place{}, 1)
	rest, _ := list("", last, 9)
	if page != "e " || rest != "f c+d a+b " {
		t.Errorf("page %q, behind it %q", page, rest)
	}
	told, err := s.Told(ctx, rusUsa, []string{"d", "a", "none"}, "")
	if err != nil || len(told) != 2 || told[0].ID != "a" || told[0].Copies[0].ID != "b" || told[1].Copies[0].ID != "c" {
		t.Errorf("told %+v, %v", told, err)
	}
	if told, err := s.Told(ctx, rusUsa, []string{"d", "a"}, "2020-05-01"); err != nil || len(told) != 1 || len(told[0].Copies) != 0 {
		t.Errorf("told by 1 May %+v, %v", told, err)
	}
}

func spoken(t *testing.T, open Open) {
	s, ctx := fresh(t, open), context.Background()
	for i, id := range []string{"a", "b", "c"} {
		u := Unit(id, detente.Date("2020-05-0"+string(rune('1'+i))), "They spoke.")
		u.Record.Statements[0].Speaker.ID = "perova"
		if id == "c" {
			u.Record.Statements[0].Speaker = detente.Speaker{Name: "Olga Perova", Party: "FIN"}
		}
		commit(t, s, u, store.Added)
	}
	for _, c := range []struct {
		who   store.Voice
		asOf  detente.Date
		limit int
		want  string
	}{
		{store.Voice{ID: "perova"}, "", 0, "ba"}, {store.Voice{ID: "perova"}, "2020-05-01", 0, "a"}, {store.Voice{ID: "perova"}, "", 1, "b"},
		{store.Voice{Name: "OLGA perova"}, "", 0, "cba"}, {store.Voice{Name: "Olga Perova", Party: "RUS"}, "", 0, "ba"},
		{store.Voice{Name: "Perova"}, "", 0, ""}, {store.Voice{}, "", 0, ""}, {store.Voice{Party: "RUS"}, "", 0, ""},
	} {
		sayings, err := s.Spoken(ctx, c.who, c.asOf, store.Place{}, c.limit)
		got := ""
		for _, say := range sayings {
			got += say.ID
			if say.Sentence.Text != "They spoke." || say.Statement.ID != "s1" {
				t.Errorf("%+v", say)
			}
		}
		if err != nil || got != c.want {
			t.Errorf("%+v as of %q: %q, %v; want %q", c.who, c.asOf, got, err, c.want)
		}
	}
	behind, err := s.Spoken(ctx, store.Voice{ID: "perova"}, "", store.Place{Known: "2020-05-02", ID: "b"}, 0)
	if err != nil || len(behind) != 1 || behind[0].ID != "a" {
		t.Errorf("behind b: %v, %v", behind, err)
	}
}

func outlets(t *testing.T, open Open) {
	s, ctx := fresh(t, open), context.Background()
	for id, day := range map[string]detente.Date{"a": "2020-05-01", "b": "2020-05-03", "c": "2020-05-02"} {
		u := Unit(id, day, "They spoke.")
		if id == "c" {
			u.Record.Article.Outlet = "The Courier"
		}
		commit(t, s, u, store.Added)
	}
	want := []store.OutletSummary{{Outlet: "The Courier", Articles: 1, First: "2020-05-02", Latest: "2020-05-02"}, {Outlet: "The Paper", Articles: 2, First: "2020-05-01", Latest: "2020-05-03"}}
	if got, err := s.Outlets(ctx, ""); err != nil || !slices.Equal(got, want) {
		t.Errorf("outlets %+v, %v", got, err)
	}
	if got, err := s.Outlets(ctx, "2020-05-01"); err != nil || len(got) != 1 || got[0].Articles != 1 {
		t.Errorf("as of 1 May %+v, %v", got, err)
	}
}

func filters(t *testing.T, open Open) {
	s, ctx := fresh(t, open), context.Background()
	commit(t, s, Unit("a", "2020-05-01", "They spoke."), store.Added)
	b := Unit("b", "2020-05-02", "They spoke.")
	b.Record.Article.Outlet = "The Courier"
	b.Record.Channels = []detente.ChannelState{{Dyad: rusUsa, Channel: detente.Military, State: detente.Severed, Evidence: []string{}}}
	b.Record.Disputes = []detente.Dispute{{Dyad: rusUsa, Channel: detente.Leaders, Claim: "c1"}}
	commit(t, s, b, store.Added)
	c := Unit("c", "2020-05-03", "Nothing was said.")
	c.Record.Acts, c.Record.Claims = nil, nil
	commit(t, s, c, store.Added)
	for _, test := range []struct {
		q    store.Query
		want string
	}{
		{store.Query{}, "cba"}, {store.Query{Outlet: "The Paper"}, "ca"}, {store.Query{Outlet: "the paper"}, ""},
		{store.Query{Channel: detente.ForeignMinisters}, "ba"}, {store.Query{Channel: detente.Military}, "b"}, {store.Query{Channel: detente.Military, State: detente.Frozen}, ""},
		{store.Query{State: detente.Frozen}, "ba"}, {store.Query{State: detente.Severed}, "b"}, {store.Query{Disputed: true}, "b"},
		{store.Query{Channel: detente.Leaders, State: detente.Disputed}, "b"},
		{store.Query{From: "2020-05-02"}, "cb"}, {store.Query{To: "2020-05-02"}, "ba"}, {store.Query{From: "2020-05-02", To: "2020-05-02"}, "b"},
		{store.Query{To: "2020-05-03", AsOf: "2020-05-01"}, "a"}, {store.Query{Text: "spoke", Outlet: "The Paper"}, "a"},
		{store.Query{Limit: 1}, "c"}, {store.Query{After: store.Place{Known: "2020-05-03", ID: "c"}}, "ba"}, {store.Query{Text: "spoke", After: store.Place{Known: "2020-05-02", ID: "b"}}, "a"},
	} {
		hits, err := s.Search(ctx, test.q)
		got := ""
		for _, h := range hits {
			got += h.ID
		}
		if err != nil || got != test.want {
			t.Errorf("%+v finds %q, %v; want %q", test.q, got, err, test.want)
		}
	}
}

func months(t *testing.T, open Open) {
	s, ctx := fresh(t, open), context.Background()
	u := Unit("a", "2020-05-20", "They spoke.")
	u.Record.Events[0] = detente.Event{ID: "e1", Type: detente.Consult, Quad: 1, Factuality: detente.Happened, Sentence: 1,
		Source: []detente.Participant{{Party: "USA"}, {Party: "FIN"}}, Target: []detente.Participant{{Party: "RUS"}, {Party: "USA"}}}
	commit(t, s, u, store.Added)
	b := Unit("b", "2020-05-21", "They spoke.")
	b.Origin = "a"
	commit(t, s, b, store.Added)
	commit(t, s, Unit("c", "2020-06-02", "They spoke."), store.Added)
	read := func(d detente.Dyad, asOf detente.Date) []store.Month {
		t.Helper()
		m, err := s.Months(ctx, d, asOf)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	may := store.Month{Month: "2020-05", Reports: 2, Origins: 1, Claims: 2, Acts: 2, Quads: [4]int{1, 0, 0, 0},
		Events: []store.EventsCount{{Type: detente.Consult, Factuality: detente.Happened, Count: 1}}}
	june := store.Month{Month: "2020-06", Reports: 1, Origins: 1, Claims: 1, Acts: 1, Events: []store.EventsCount{}}
	if got := read(rusUsa, ""); !reflect.DeepEqual(got, []store.Month{may, june}) {
		t.Errorf("months %+v", got)
	}
	if got := read(rusUsa, "2020-05-31"); !reflect.DeepEqual(got, []store.Month{may}) {
		t.Errorf("as of the end of May %+v", got)
	}
	if got := read(rusUsa, "2020-05-20"); len(got) != 1 || got[0].Reports != 1 {
		t.Errorf("as of 20 May %+v", got)
	}
	if got := read(rusUsa, "2020-05-19"); len(got) != 0 {
		t.Errorf("as of 19 May %+v", got)
	}
	// Between two of whom nothing was claimed or done an event counts, but no report.
	if got := read(detente.NewDyad("FIN", "RUS"), ""); len(got) != 1 || got[0].Reports != 0 || got[0].Quads[0] != 1 {
		t.Errorf("FIN-RUS %+v", got)
	}
	// A version of June takes the place of c then; May is as it was.
	v := Unit("d", "2020-06-10", "They did not speak.")
	v.Story, v.Origin = "a", "a"
	v.Record.Acts, v.Record.Claims, v.Record.Events = nil, nil, nil
	commit(t, s, v, store.Added)
	if got := read(rusUsa, ""); !reflect.DeepEqual(got, []store.Month{may, june}) {
		t.Errorf("with a version of June %+v", got)
	}
	u.Record.Claims = nil
	u.Record.Versions.Rules = "r2"
	commit(t, s, u, store.Recoded)
	if got := read(rusUsa, ""); got[0].Claims != 1 {
		t.Errorf("recoded %+v", got)
	}
}

func runs(t *testing.T, open Open) {
	s, ctx := fresh(t, open), context.Background()
	commit(t, s, Unit("a", "2020-05-01", "They spoke."), store.Added)
	commit(t, s, Unit("b", "2020-05-02", "They spoke again."), store.Added)
	began := time.Date(2020, 6, 1, 10, 0, 0, 0, time.UTC)
	added, err := s.AddRun(ctx, detente.Versions{Program: "p2", Model: "m2", Rules: "r2"}, began)
	if err != nil {
		t.Fatal(err)
	}
	list, err := s.Runs(ctx)
	if err != nil || len(list) != 2 || !list[0].Active || list[0].Articles != 2 || list[1].Active || list[1].ID != added.ID || !list[1].Begun.Equal(began) || list[1].Versions.Model != "m2" {
		t.Fatalf("runs %+v, %v", list, err)
	}
	if _, err := s.In(ctx, 99); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a run that is not there: %v", err)
	}
	first, err := s.In(ctx, list[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	second, err := s.In(ctx, added.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := second.Unit(ctx, "a"); !errors.Is(err, store.ErrNotFound) || ids(t, second, "") != "" {
		t.Errorf("an empty run has an article: %v", err)
	}
	if err := s.Activate(ctx, added.ID, false); !errors.Is(err, store.ErrIncomplete) {
		t.Errorf("activated without articles: %v", err)
	}
	other := Unit("a", "2020-05-01", "They spoke.")
	other.Record.Claims = nil
	other.Record.Versions = added.Versions
	commit(t, second, other, store.Added)
	commit(t, second, other, store.Unchanged)
	if got, _, err := second.Unit(ctx, "a"); err != nil || got.Record.Versions.Rules != "r2" || len(got.Record.Claims) != 0 {
		t.Errorf("in the second run %+v, %v", got, err)
	}
	if got, _, err := s.Unit(ctx, "a"); err != nil || got.Record.Versions.Rules != "r1" || len(got.Record.Claims) != 1 {
		t.Errorf("the first run was changed: %+v, %v", got, err)
	}
	for name, u := range map[string]store.Unit{"another text": Unit("a", "2020-05-01", "They fell silent."), "no such article": Unit("z", "2020-05-01", "They spoke.")} {
		if _, err := second.Commit(ctx, u); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s was committed by way of a run: %v", name, err)
		}
	}
	b := Unit("b", "2020-05-02", "They spoke again.")
	b.Record.Versions = added.Versions
	commit(t, second, b, store.Added)
	if held, err := second.Holds(ctx, &b.Record.Article, added.Versions); err != nil || !held {
		t.Errorf("held %v, %v", held, err)
	}
	page, err := second.Articles(ctx, "", 1)
	rest, err2 := second.Articles(ctx, "a", 9)
	if err != nil || err2 != nil || !slices.Equal(page, []string{"a"}) || !slices.Equal(rest, []string{"b"}) {
		t.Errorf("articles %v, then %v, %v, %v", page, rest, err, err2)
	}
	if err := s.Activate(ctx, added.ID, false); err != nil {
		t.Fatal(err)
	}
	if got, _, err := s.Unit(ctx, "a"); err != nil || got.Record.Versions.Rules != "r2" {
		t.Errorf("after the flip %+v, %v", got.Record.Versions, err)
	}
	if got, _, err := first.Unit(ctx, "a"); err != nil || got.Record.Versions.Rules != "r1" {
		t.Errorf("the run before is not as it was: %+v, %v", got.Record.Versions, err)
	}
	// What replaces a text is gone from every run; a new day holds in every run.
	moved := Unit("b", "2020-05-09", "They spoke again.")
	moved.Record.Versions = added.Versions
	commit(t, s, moved, store.Recoded)
	if got := ids(t, first, "2020-05-02"); got != "a" {
		t.Errorf("as of 2 May the first run has %q; b is of the 9th now", got)
	}
	commit(t, s, Unit("a", "2020-05-01", "They fell silent."), store.Replaced)
	if _, _, err := first.Unit(ctx, "a"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a text that was replaced is in a run still: %v", err)
	}
	if err := s.Activate(ctx, 1, false); !errors.Is(err, store.ErrIncomplete) {
		t.Errorf("the first run lacks a now: %v", err)
	}
	if err := s.Activate(ctx, 1, true); err != nil || ids(t, s, "") != "b" {
		t.Errorf("activated in part: %v, %q", err, ids(t, s, ""))
	}
}
