package storetest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"detente"
	"detente/internal/store"
)

func addHook(t *testing.T, s store.Store, h store.Hook) store.Hook {
	t.Helper()
	h.Added = firstRead
	if h.Secret == nil {
		h.Secret = []byte("secret")
	}
	id, err := s.AddHook(context.Background(), h)
	if err != nil {
		t.Fatal(err)
	}
	h.ID = id
	return h
}

func hooks(t *testing.T, open Open) {
	s, ctx := fresh(t, open), context.Background()
	a := addHook(t, s, store.Hook{Address: "https://desk.example/hook", Secret: []byte{0, 1, 0xff}})
	b := addHook(t, s, store.Hook{Address: "https://desk.example/hook", Dyad: rusUsa, Channel: detente.Leaders})
	got, err := s.Hooks(ctx)
	if err != nil || !reflect.DeepEqual(got, []store.Hook{a, b}) {
		t.Errorf("hooks %+v, %v; want %+v and %+v", got, err, a, b)
	}
	if _, err := s.AddHook(ctx, store.Hook{Address: "https://desk.example/hook"}); err == nil {
		t.Error("a hook without a secret was stored")
	}
	if err := s.RemoveHook(ctx, b.ID); err != nil {
		t.Fatal(err)
	}
	if err := s.RemoveHook(ctx, b.ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("removed twice: %v", err)
	}
	if c := addHook(t, s, store.Hook{Address: "https://other.example"}); c.ID == a.ID || c.ID == b.ID {
		t.Errorf("the id %d was given twice", c.ID)
	}
}

// stirOf gives the only dyad that is stirred; the zero Stir where none is.
func stirOf(t *testing.T, s store.Store) store.Stir {
	t.Helper()
	list, err := s.Stirred(context.Background(), 9)
	if err != nil || len(list) > 1 {
		t.Fatalf("stirred are %+v, %v; want one at most", list, err)
	}
	if len(list) == 0 {
		return store.Stir{}
	}
	return list[0]
}

// stirred: whatever changes what is reported of a dyad stirs it, and nothing
// else does.
func stirred(t *testing.T, open Open) {
	s, ctx := fresh(t, open), context.Background()
	settle := func() {
		t.Helper()
		for st := stirOf(t, s); st != (store.Stir{}); st = stirOf(t, s) {
			if told, err := s.Tell(ctx, store.Telling{Stir: st}); err != nil || !told {
				t.Fatalf("Tell: %v, %v", told, err)
			}
		}
	}
	expect := func(what string, want bool) {
		t.Helper()
		if st := stirOf(t, s); (st.Dyad == rusUsa) != want || st.Silent {
			t.Errorf("%s: stirred %+v, want %v", what, st, want)
		}
		settle()
	}
	expect("nothing is stored", false)
	u := Unit("v1", "2020-05-01", "They spoke.")
	u.Record.Article.URL = "https://paper.example/talks"
	commit(t, s, u, store.Added)
	expect("an article is added", true)
	commit(t, s, u, store.Unchanged)
	expect("the same again", false)
	u.Record.Versions.Rules = "r2"
	commit(t, s, u, store.Recoded)
	expect("it is read anew", true)
	commit(t, s, versionUnit("v2", "2020-05-09", "They spoke twice.", 8), store.Added)
	expect("a version takes its place", true)
	empty := Unit("v1", "2020-05-01", "Nothing of note.")
	empty.Record.Acts, empty.Record.Claims = nil, nil
	commit(t, s, empty, store.Replaced)
	expect("what it told is gone", true)
	other := Unit("none", "2020-05-01", "Nothing of note.")
	other.Record.Acts, other.Record.Claims = nil, nil
	commit(t, s, other, store.Added)
	expect("an article tells nothing", false)
}

func telling(t *testing.T, open Open) {
	s, ctx := fresh(t, open), context.Background()
	h := addHook(t, s, store.Hook{Address: "https://desk.example/hook"})
	commit(t, s, Unit("a", "2020-05-01", "They spoke."), store.Added)
	first := stirOf(t, s)
	change := store.Change{At: firstRead, Item: store.ChannelItem(rusUsa, detente.Leaders), Field: "state", New: "open",
		Trigger: store.ByReading, Sources: []string{"a#a1"}, Version: "1"}
	telling := store.Telling{Stir: first, States: map[detente.Channel]detente.State{detente.Leaders: detente.Open},
		Changes: []store.Change{change}, Deliveries: []store.Delivery{{Hook: h.ID, ID: "m1", Body: []byte("{}"), Made: firstRead},
			{Hook: h.ID + 7, ID: "m2", Body: []byte("{}"), Made: firstRead}}} // a hook that is gone
	commit(t, s, Unit("b", "2020-05-02", "They spoke again."), store.Added) // meanwhile
	if told, err := s.Tell(ctx, telling); err != nil || !told {
		t.Fatalf("Tell: %v, %v", told, err)
	}
	second := stirOf(t, s)
	if second.Dyad != rusUsa || second.Mark == first.Mark {
		t.Errorf("what was committed meanwhile is lost: %+v after %+v", second, first)
	}
	states, err := s.LastTold(ctx, rusUsa)
	if err != nil || !reflect.DeepEqual(states, telling.States) {
		t.Errorf("told %v, %v; want %v", states, err, telling.States)
	}
	if list, err := s.Waiting(ctx, h.ID, 9); err != nil || len(list) != 1 || list[0].ID != "m1" || string(list[0].Body) != "{}" || !list[0].Made.Equal(firstRead) {
		t.Errorf("waiting %+v, %v", list, err)
	}
	if log, err := s.Changes(ctx, store.ChangeQuery{}); err != nil || len(log) != 1 || log[0].Item != change.Item || log[0].ID == 0 {
		t.Errorf("log %+v, %v", log, err)
	}
	telling.Stir, telling.Deliveries = second, nil
	if told, err := s.Tell(ctx, telling); err != nil || told {
		t.Errorf("changes were told from states that are told no more: %v, %v", told, err)
	}
	telling.Was = telling.States
	telling.Changes[0].Item = "" // refused
	if told, err := s.Tell(ctx, telling); err == nil || told {
		t.Errorf("a change without an item was told: %v, %v", told, err)
	}
	if now := stirOf(t, s); now != second {
		t.Errorf("a telling that was refused settled the dyad: %+v", now)
	}
	telling.Changes = nil
	for i, want := range []bool{true, false} { // the second is another process'
		if told, err := s.Tell(ctx, telling); err != nil || told != want {
			t.Errorf("telling %d: %v, %v; want %v", i, told, err, want)
		}
	}
	if now := stirOf(t, s); now != (store.Stir{}) {
		t.Errorf("still stirred: %+v", now)
	}
}

// queue: messages stay until they are taken or given up, whoever tries.
func queue(t *testing.T, open Open) {
	s, ctx := fresh(t, open), context.Background()
	h := addHook(t, s, store.Hook{Address: "https://desk.example/hook"})
	put := func(ids ...string) {
		t.Helper()
		u := Unit(strings.Join(ids, ""), "2020-05-01", "They spoke.")
		commit(t, s, u, store.Added)
		telling := store.Telling{Stir: stirOf(t, s)}
		for _, id := range ids {
			telling.Deliveries = append(telling.Deliveries, store.Delivery{Hook: h.ID, ID: id, Body: []byte(id), Made: firstRead})
		}
		if told, err := s.Tell(ctx, telling); err != nil || !told {
			t.Fatalf("Tell: %v, %v", told, err)
		}
	}
	waiting := func() []store.Delivery {
		t.Helper()
		list, err := s.Waiting(ctx, h.ID, 99)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	expect := func(want string, check func(store.Hook) bool) {
		t.Helper()
		var ids []string
		for _, d := range waiting() {
			ids = append(ids, d.ID)
		}
		list, err := s.Hooks(ctx)
		if err != nil || strings.Join(ids, " ") != want || list[0].Waiting != len(ids) || !check(list[0]) {
			t.Errorf("waiting are %v, want %s; hook %+v, %v", ids, want, list, err)
		}
	}
	put("m1", "m2", "m3", "m4")
	later := firstRead.Add(time.Minute)
	for _, want := range []bool{true, false} {
		if got, err := s.Claim(ctx, h.ID, firstRead, later); err != nil || got != want {
			t.Errorf("claimed %v, %v; want %v", got, err, want)
		}
	}
	if got, err := s.Claim(ctx, h.ID, later, later.Add(time.Minute)); err != nil || !got {
		t.Errorf("a claim that has run out holds: %v, %v", got, err)
	}
	failed := h
	failed.Failures, failed.Error, failed.Next = 1, "the server answers 500", later
	for _, try := range []struct {
		hook store.Hook
		end  store.End
	}{{failed, store.Failed}, {h, store.Taken}, {failed, store.GivenUp}} { // of m1, m2, m3
		if err := s.Tried(ctx, try.hook, waiting()[0], try.end); err != nil {
			t.Fatal(err)
		}
	}
	expect("m4 m1", func(h store.Hook) bool {
		return h.Sent == 1 && h.Lost == 1 && h.Failures == 1 && h.Error == failed.Error && h.Next.Equal(later) && !h.Off
	})
	if d := waiting()[1]; d.Tries != 1 {
		t.Errorf("m1 has been tried %d times, want 1", d.Tries)
	}
	if err := s.Tried(ctx, h, store.Delivery{Key: 1 << 40, Hook: h.ID}, store.Taken); err != nil {
		t.Errorf("a message that is not there: %v", err)
	}
	off := failed
	off.Off = true
	if err := s.Tried(ctx, off, waiting()[0], store.GivenUp); err != nil {
		t.Fatal(err)
	}
	expect("", func(h store.Hook) bool { return h.Off && h.Sent == 1 && h.Lost == 3 })
	put("m5")
	expect("", func(h store.Hook) bool { return h.Off && h.Lost == 3 })

	h = addHook(t, s, store.Hook{Address: "https://slow.example"})
	var many []string
	for i := range store.MaxWaiting + 2 {
		many = append(many, fmt.Sprint("n", i))
	}
	put(many...)
	if list := waiting(); list[0].ID != "n2" {
		t.Errorf("the oldest that waits is %s, want n2", list[0].ID)
	}
	list, err := s.Hooks(ctx)
	if err != nil || list[1].Waiting != store.MaxWaiting || list[1].Lost != 2 {
		t.Errorf("hook %+v, %v", list[1], err)
	}
}

func changeLog(t *testing.T, open Open) {
	s, ctx := fresh(t, open), context.Background()
	review := store.Change{At: firstRead, Item: "art#7#c1", Field: "channel", Old: "all", New: "leaders", Trigger: store.ByReview,
		Sources: []string{"art#7#s1"}, Version: "v", By: "A. Reader", Verdict: store.Corrected, Reason: "«the presidents»", TextHash: "ff"}
	other := review
	other.Item, other.At, other.Sources = "b#s1", firstRead.AddDate(0, 0, 1), []string{}
	state := store.Change{At: firstRead.AddDate(0, 0, 2), Item: "RUS-USA/all", Field: "state", Old: "open", New: "frozen", Trigger: store.ByReading, Sources: []string{}}
	for i, c := range []*store.Change{&review, &other, &state} {
		id, err := s.Log(ctx, *c)
		if err != nil || id != int64(i+1) {
			t.Fatalf("line %d has the id %d, %v", i+1, id, err)
		}
		c.ID = id
	}
	for name, test := range map[string]struct {
		q    store.ChangeQuery
		want []store.Change
	}{
		"all":          {store.ChangeQuery{}, []store.Change{state, other, review}},
		"of an item":   {store.ChangeQuery{Item: "art#7#c1"}, []store.Change{review}},
		"in a text":    {store.ChangeQuery{Article: "art#7"}, []store.Change{review}},
		"no such text": {store.ChangeQuery{Article: "art"}, []store.Change{}},
		"no channel":   {store.ChangeQuery{Article: "RUS-USA/all"}, []store.Change{}},
		"reviews":      {store.ChangeQuery{Trigger: store.ByReview}, []store.Change{other, review}},
		"as of a day":  {store.ChangeQuery{AsOf: "2020-05-02"}, []store.Change{other, review}},
		"before a day": {store.ChangeQuery{AsOf: "2020-04-30"}, []store.Change{}},
		"a page":       {store.ChangeQuery{Limit: 1}, []store.Change{state}},
		"the next":     {store.ChangeQuery{Before: state.ID, Limit: 1}, []store.Change{other}},
	} {
		got, err := s.Changes(ctx, test.q)
		if err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, test.want)
		}
	}
	nameless, voiceless, posing := review, review, state
	nameless.By, voiceless.Verdict, posing.By = "", "", "A. Reader"
	for _, bad := range []store.Change{{}, nameless, voiceless, posing} {
		if _, err := s.Log(ctx, bad); err == nil {
			t.Errorf("stored: %+v", bad)
		}
	}
}

// commitLog: a record that takes the place of another leaves a line.
func commitLog(t *testing.T, open Open) {
	s, ctx := fresh(t, open), context.Background()
	u := Unit("a", "2020-05-01", "They spoke.")
	commit(t, s, u, store.Added)
	commit(t, s, u, store.Unchanged)
	if log, err := s.Changes(ctx, store.ChangeQuery{}); err != nil || len(log) != 0 {
		t.Errorf("nothing was replaced, and the log has %+v, %v", log, err)
	}
	u.Record.Versions.Rules = "r2"
	commit(t, s, u, store.Recoded)
	anew := Unit("a", "2020-05-01", "They spoke twice.")
	commit(t, s, anew, store.Replaced)
	log, err := s.Changes(ctx, store.ChangeQuery{Article: "a"})
	slices.Reverse(log)
	if err != nil || len(log) != 2 {
		t.Fatalf("log %+v, %v", log, err)
	}
	if c := log[0]; c.Trigger != store.ByRecoding || c.Field != "record" || !strings.HasSuffix(c.Old, "rules r1") || !strings.HasSuffix(c.New, "rules r2") {
		t.Errorf("read anew: %+v", c)
	}
	if c := log[1]; c.Trigger != store.ByText || c.Field != "text" || c.Old != store.TextHash(u.Record.Text) || c.New != store.TextHash(anew.Record.Text) {
		t.Errorf("another text: %+v", c)
	}
}

// runLog: a run beside the active one changes nothing that is shown, until it
// is activated.
func runLog(t *testing.T, open Open) {
	s, ctx := fresh(t, open), context.Background()
	u := Unit("a", "2020-05-01", "They spoke.")
	commit(t, s, u, store.Added)
	if told, err := s.Tell(ctx, store.Telling{Stir: stirOf(t, s)}); err != nil || !told {
		t.Fatal(told, err)
	}
	run, err := s.AddRun(ctx, detente.Versions{Program: "p2", Model: "m2", Rules: "r2"}, firstRead)
	if err != nil {
		t.Fatal(err)
	}
	into, err := s.In(ctx, run.ID)
	if err != nil {
		t.Fatal(err)
	}
	u.Record.Versions = run.Versions
	commit(t, into, u, store.Added)
	u.Record.Acts[0].Kind = detente.Freeze
	commit(t, into, u, store.Recoded)
	if log, err := s.Changes(ctx, store.ChangeQuery{}); err != nil || len(log) != 0 {
		t.Errorf("a run beside the active one leaves %+v, %v", log, err)
	}
	if st := stirOf(t, s); st != (store.Stir{}) {
		t.Errorf("it stirs %+v", st)
	}
	for range 2 { // the second time nothing changes
		if err := s.Activate(ctx, run.ID, false); err != nil {
			t.Fatal(err)
		}
	}
	log, err := s.Changes(ctx, store.ChangeQuery{})
	if err != nil || len(log) != 1 || log[0].Trigger != store.ByRun || log[0].Old != "1" || log[0].New != "2" || !strings.HasSuffix(log[0].Version, "rules r2") {
		t.Errorf("activated, the log has %+v, %v", log, err)
	}
	if st := stirOf(t, s); st.Dyad != rusUsa || st.Silent {
		t.Errorf("activated, it stirs %+v", st)
	}
	if log, err := s.Changes(ctx, store.ChangeQuery{Article: "run"}); err != nil || len(log) != 0 {
		t.Errorf("a run counts as an article: %+v, %v", log, err)
	}
}

func figures(t *testing.T, open Open) {
	s, ctx := fresh(t, open), context.Background()
	check := func(what string, ok func(store.Figures) bool) {
		t.Helper()
		if f, err := s.Figures(ctx); err != nil || !ok(f) {
			t.Errorf("%s: %+v, %v", what, f, err)
		}
	}
	check("empty", func(f store.Figures) bool { f.Bytes = 0; return f == store.Figures{} })
	commit(t, s, Unit("a", "2020-05-01", "They spoke."), store.Added)
	late := Unit("b", "2019-05-01", "They spoke.")
	late.Record.Article.Read = firstRead.Add(time.Hour)
	commit(t, s, late, store.Added)
	added := firstRead.Add(-time.Hour)
	for _, src := range []store.Source{{Address: "a", Added: added}, {Address: "b", Added: firstRead, Next: firstRead, Error: "no answer"}} {
		if err := s.SaveSource(ctx, src); err != nil {
			t.Fatal(err)
		}
	}
	check("never asked", func(f store.Figures) bool {
		return f.Articles == 2 && f.Bytes > 0 && f.Latest.Equal(firstRead.Add(time.Hour)) && f.Sources == 2 && f.Failing == 1 && f.Due.Equal(added)
	})
	if err := s.SaveSource(ctx, store.Source{Address: "a", Added: added, Next: firstRead.Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	check("asked", func(f store.Figures) bool { return f.Due.Equal(firstRead) })
	if _, err := s.Found(ctx, []store.Page{{Address: "p", Source: "a", Next: firstRead.Add(-time.Minute)}, {Address: "q", Source: "a", Done: true}}); err != nil {
		t.Fatal(err)
	}
	check("a page", func(f store.Figures) bool { return f.Pages == 1 && f.Due.Equal(firstRead.Add(-time.Minute)) })
}
