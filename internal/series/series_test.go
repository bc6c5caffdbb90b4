package series

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"detente"
	"detente/data"
	"detente/internal/dialogue"
	"detente/internal/store"
	"detente/internal/store/sqlite"
	"detente/internal/store/storetest"
)

func open(t *testing.T, path string) store.Store {
	t.Helper()
	st, err := sqlite.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st
}

func load(t *testing.T) *dialogue.Rules {
	t.Helper()
	rules, err := dialogue.Load(data.FS)
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

func day(k int) detente.Date {
	return detente.DateOf(time.Date(2020, 1, 1+k, 0, 0, 0, 0, time.UTC))
}

// invent makes a unit that is known on day k.
func invent(random *rand.Rand, n, k int) store.Unit {
	pick := func(list ...string) string { return list[random.IntN(len(list))] }
	u := storetest.Unit(fmt.Sprintf("n%03d", n), day(k), "They spoke, or so it was said.")
	rec := &u.Record
	rec.Article.Read = time.Date(2021, 1, 1, 0, n, 0, 0, time.UTC)
	rec.Events, rec.Acts, rec.Claims, rec.Statements = nil, nil, nil, nil
	for i := range 1 + random.IntN(3) {
		party := detente.Party(pick("RUS", "USA", "FIN"))
		dyad := detente.NewDyad("RUS", detente.Party(pick("USA", "USA", "FIN")))
		st := detente.Statement{ID: detente.StatementID(detente.Numbered("s", i+1)), Speaker: detente.Speaker{Name: "voice of " + string(party), Party: party}, SaidOn: day(k - random.IntN(3)), Sentence: 1}
		ev := detente.Event{ID: detente.EventID(detente.Numbered("e", i+1)), Type: detente.EventType(pick("CONSULT", "COERCE")), Quad: 1 + random.IntN(4), Sentence: 1,
			Factuality: detente.Happened, Source: []detente.Participant{{Party: "RUS"}}, Target: []detente.Participant{{Party: "USA"}}}
		act := detente.Act{ID: detente.ActID(detente.Numbered("a", i+1)), Kind: detente.ActKind(pick("contact", "freeze")), Dyad: dyad, Event: ev.ID, Sentence: 1,
			Channel: detente.Channel(pick("all", "leaders", "military")), Date: day(k - random.IntN(20)), Factuality: detente.Factuality(pick("happened", "denied"))}
		claim := detente.Claim{ID: detente.ClaimID(detente.Numbered("c", i+1)), Statement: st.ID, Dyad: dyad, Channel: act.Channel, State: detente.State(pick("open", "frozen")), Sentence: 1}
		if random.IntN(2) == 0 {
			act.Statement = st.ID
			claim.Act, claim.State, claim.Denies = act.ID, detente.Unknown, act.Factuality == detente.DeniedHappened
		}
		rec.Events, rec.Acts, rec.Claims, rec.Statements = append(rec.Events, ev), append(rec.Acts, act), append(rec.Claims, claim), append(rec.Statements, st)
	}
	return u
}

// derived is all that a store derives, as JSON.
func derived(t *testing.T, st store.Store, asOf detente.Date) string {
	t.Helper()
	ctx, b := context.Background(), &strings.Builder{}
	enc := json.NewEncoder(b)
	for _, name := range []string{"RUS-USA", "FIN-RUS"} {
		dyad, err := detente.ParseDyad(name)
		if err != nil {
			t.Fatal(err)
		}
		s, err := st.Series(ctx, dyad, asOf)
		if err != nil {
			t.Fatal(err)
		}
		months, err := st.Months(ctx, dyad, asOf)
		if err != nil {
			t.Fatal(err)
		}
		disputes, err := st.Disputes(ctx, dyad, asOf, 1000)
		if err != nil {
			t.Fatal(err)
		}
		boards, _, err := st.Boards(ctx, []detente.Dyad{dyad}, asOf, 1)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range []any{s, months, disputes, boards} {
			if err := enc.Encode(v); err != nil {
				t.Fatal(err)
			}
		}
	}
	return b.String()
}

func commit(t *testing.T, st store.Store, u store.Unit) {
	t.Helper()
	if _, err := st.Commit(context.Background(), u); err != nil {
		t.Fatal(err)
	}
}

func fold(t *testing.T, st store.Store, rules *dialogue.Rules) {
	t.Helper()
	if _, err := Refold(context.Background(), st, rules); err != nil {
		t.Fatal(err)
	}
	if marks, err := st.Stale(context.Background(), rules.Version()); err != nil || len(marks) > 0 {
		t.Fatalf("folded, and marked again: %v, %v", marks, err)
	}
}

// isFirst says whether others are copies or versions of an article: then it is
// neither itself.
func isFirst(units map[string]store.Unit, id string) bool {
	for _, u := range units {
		if u.Origin == id || u.Story == id {
			return true
		}
	}
	return false
}

// TestAnyOrder commits articles of any day in any order, changes some, makes
// others versions or copies of each other, and folds now and then. What is
// derived must be, byte for byte, what one fold gives at the end, in this store
// and in one that was given the last state of each article in another order.
func TestAnyOrder(t *testing.T) {
	rules := load(t)
	for seed := range uint64(5) {
		random := rand.New(rand.NewPCG(seed, 3))
		st := open(t, filepath.Join(t.TempDir(), "x.db"))
		last := map[string]store.Unit{}
		for step := range 60 {
			n := random.IntN(40)
			id := fmt.Sprintf("n%03d", n)
			u := invent(random, n, random.IntN(100))
			was, there := last[id]
			switch {
			case there && random.IntN(2) == 0: // another record of the same text and day
				u.Record.Article, u.Origin, u.Story = was.Record.Article, was.Origin, was.Story
				u.Record.Versions.Rules = fmt.Sprint("r", step)
			case there && random.IntN(2) == 0: // another text
				u.Record.Text += " Again."
				u.Record.Article.Text = u.Record.Text
			case n > 0 && random.IntN(3) == 0 && !isFirst(last, id):
				if first, ok := last[fmt.Sprintf("n%03d", random.IntN(n))]; ok && first.Origin == "" && first.Story == "" {
					u.Origin = first.Record.Article.ID
					if random.IntN(2) == 0 {
						u.Story = u.Origin
					}
				}
			}
			commit(t, st, u)
			last[id] = u
			if random.IntN(6) == 0 {
				fold(t, st, rules)
			}
		}
		fold(t, st, rules)
		got := derived(t, st, "")
		other := open(t, filepath.Join(t.TempDir(), "y.db"))
		ids := slices.Sorted(maps.Keys(last))
		random.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
		for _, id := range ids {
			commit(t, other, last[id])
		}
		fold(t, other, rules)
		if want := derived(t, other, ""); got != want {
			t.Fatalf("seed %d: folded bit by bit\n%s\nat once\n%s", seed, got, want)
		}
		if strings.Count(got, "disputed-") < 5 {
			t.Errorf("seed %d: hardly a dispute; the histories are too peaceful to test with", seed)
		}
	}
}

// TestNothingLeaks commits day by day and remembers what was derived on each;
// asked as of those days at the end, the store must say the same.
func TestNothingLeaks(t *testing.T) {
	rules := load(t)
	random := rand.New(rand.NewPCG(5, 5))
	st := open(t, filepath.Join(t.TempDir(), "x.db"))
	said := map[detente.Date]string{}
	var units []store.Unit
	for n := range 60 {
		u := invent(random, n, random.IntN(75))
		if n > 0 && random.IntN(4) == 0 {
			if first := units[random.IntN(n)].Record.Article; units[0].Story == "" && first.Published < u.Record.Article.Published {
				u.Story, u.Origin = first.ID, first.ID
			}
		}
		units = append(units, u)
	}
	slices.SortStableFunc(units, func(a, b store.Unit) int {
		return cmp.Compare(a.Record.Article.Published, b.Record.Article.Published)
	})
	for k := range 75 {
		for _, u := range units {
			if u.Record.Article.Published == day(k) {
				commit(t, st, u)
			}
		}
		fold(t, st, rules)
		said[day(k)] = derived(t, st, day(k))
	}
	for k := range 75 {
		if got := derived(t, st, day(k)); got != said[day(k)] {
			t.Errorf("as of %s\n%s\nwas said on the day\n%s", day(k), got, said[day(k)])
		}
	}
}

// TestOtherRules folds everything anew where the rules of the fold have changed.
func TestOtherRules(t *testing.T) {
	rules := load(t)
	ctx := context.Background()
	st := open(t, filepath.Join(t.TempDir(), "x.db"))
	commit(t, st, invent(rand.New(rand.NewPCG(1, 1)), 1, 1))
	fold(t, st, rules)
	marks, err := st.Stale(ctx, "others")
	if err != nil || len(marks) == 0 || marks[0].From != "" {
		t.Errorf("marks %v, %v; want the dyads, from the first day on", marks, err)
	}
	if n, err := Refold(ctx, st, rules); n != 0 || err != nil {
		t.Errorf("%d series folded again, %v", n, err)
	}
}

// TestCommitMeanwhile commits between the reading of a mark and the saving of
// what was folded for it: the mark must stay.
func TestCommitMeanwhile(t *testing.T) {
	rules := load(t)
	ctx := context.Background()
	st := open(t, filepath.Join(t.TempDir(), "x.db"))
	commit(t, st, storetest.Unit("a", day(5), "They spoke."))
	marks, err := st.Stale(ctx, rules.Version())
	if err != nil || len(marks) != 1 {
		t.Fatal(marks, err)
	}
	commit(t, st, storetest.Unit("b", day(3), "They spoke before."))
	if err := refold(ctx, st, rules, marks[0]); err != nil {
		t.Fatal(err)
	}
	again, err := st.Stale(ctx, rules.Version())
	if err != nil || len(again) != 1 || again[0].From > day(3) {
		t.Errorf("marks %v, %v; what was committed meanwhile is from %s on", again, err, day(3))
	}
}

// TestKill commits and folds in another process, kills it without warning at
// whatever it is doing, again and again, and folds what was left: nothing may be
// missing from the series of all that is stored.
func TestKill(t *testing.T) {
	if path := os.Getenv("DETENTE_TEST_FOLD_IN"); path != "" {
		foldForEver(t, path)
	}
	rules := load(t)
	path := filepath.Join(t.TempDir(), "x.db")
	random := rand.New(rand.NewPCG(4, 4))
	unfolded := 0
	for round := range 6 {
		cmd := exec.Command(os.Args[0], "-test.run=^TestKill$")
		cmd.Env = append(os.Environ(), "DETENTE_TEST_FOLD_IN="+path, fmt.Sprint("DETENTE_TEST_ROUND=", round))
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := random.IntN(40) + 5; n > 0 && lines.Scan(); n-- {
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		cmd.Wait()
		st := open(t, path)
		marks, err := st.Stale(context.Background(), rules.Version())
		if err != nil {
			t.Fatal(err)
		}
		unfolded += len(marks)
		fold(t, st, rules)
		got := derived(t, st, "")
		for _, dyad := range []detente.Dyad{{"RUS", "USA"}, {"FIN", "RUS"}} {
			if err := refold(context.Background(), st, rules, store.Mark{Dyad: dyad}); err != nil {
				t.Fatal(err)
			}
		}
		if want := derived(t, st, ""); got != want {
			t.Fatalf("round %d: folded on\n%s\nanew\n%s", round, got, want)
		}
		st.Close()
	}
	if unfolded == 0 {
		t.Error("no kill left anything to be folded; the test shows nothing")
	}
}

func foldForEver(t *testing.T, path string) {
	rules := load(t)
	st := open(t, path)
	var round uint64
	fmt.Sscan(os.Getenv("DETENTE_TEST_ROUND"), &round)
	random := rand.New(rand.NewPCG(round, 6))
	for i := 0; ; i++ {
		commit(t, st, invent(random, random.IntN(200), random.IntN(100)))
		fmt.Println("committed")
		if i%3 == 2 {
			fold(t, st, rules)
			fmt.Println("folded")
		}
	}
}
