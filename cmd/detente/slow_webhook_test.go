//go:build slow && linux

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"detente"
	"detente/internal/store"
	"detente/internal/store/sqlite"
	"detente/internal/store/storetest"
)

// TestSlowWebhooksOutliveKills kills watch again and again while another
// process commits and the receiver now and then fails. In the end the messages
// of each dyad, each counted once, lead from state to state without a gap to
// the state that the store has.
func TestSlowWebhooksOutliveKills(t *testing.T) {
	const kills = 8
	type step struct{ was, is detente.State }
	var mu sync.Mutex
	var tries atomic.Int64
	seen := map[string]bool{}
	steps := map[string]map[time.Time]step{} // by dyad
	refused := 0
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		tries.Add(1)
		mu.Lock()
		defer mu.Unlock()
		if refused++; refused%7 == 3 {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		var m struct {
			At   time.Time `json:"timestamp"`
			Data struct {
				Was detente.State
				Is  detente.ChannelState
			}
		}
		if err := json.Unmarshal(body, &m); err != nil {
			t.Errorf("%s: %v", body, err)
		}
		if id := r.Header.Get("webhook-id"); !seen[id] {
			seen[id] = true
			dyad := m.Data.Is.Dyad.String()
			if steps[dyad] == nil {
				steps[dyad] = map[time.Time]step{}
			}
			if _, twice := steps[dyad][m.At]; twice {
				t.Errorf("two messages tell of %s at %s", dyad, m.At)
			}
			steps[dyad][m.At] = step{m.Data.Was, m.Data.Is.State}
		}
	}))
	defer receiver.Close()
	bin, db := program(t), filepath.Join(t.TempDir(), "x.db")
	st, err := sqlite.Open(db)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if _, err := st.AddHook(t.Context(), store.Hook{Address: receiver.URL, Secret: []byte("x"), Channel: detente.ForeignMinisters}); err != nil {
		t.Fatal(err)
	}
	dyads := []detente.Dyad{detente.NewDyad("RUS", "USA"), detente.NewDyad("ISL", "NOR"), detente.NewDyad("IRN", "SAU")}
	drawn := rand.New(rand.NewPCG(7, 11))
	n := 0
	commit := func() {
		t.Helper()
		day := detente.Date("2020-01-01").AddDays(n)
		u := storetest.Unit(fmt.Sprint("u", n), day, fmt.Sprintf("Report %d of the talks.", n))
		u.Record.Claims, u.Record.Statements = nil, nil
		u.Record.Acts[0].Dyad = dyads[n%len(dyads)]
		if (n/len(dyads))%2 == 1 {
			u.Record.Acts[0].Kind, u.Record.Acts[0].Mode = detente.Freeze, ""
		}
		n++
		if _, err := st.Commit(t.Context(), u); err != nil {
			t.Fatal(err)
		}
	}
	for range kills {
		cmd := exec.Command(bin, "watch", "--allow-private-hooks", "--quiet", "--db", db)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// Killed while it looks and sends, and not before it does.
		until := time.Now().Add(20 * time.Second)
		for began := tries.Load(); time.Now().Before(until); {
			commit()
			if began >= 0 && tries.Load() > began {
				began = -1
				until = time.Now().Add(time.Duration(drawn.IntN(2)*drawn.IntN(6000)) * time.Millisecond)
			}
			time.Sleep(time.Duration(drawn.IntN(100)) * time.Millisecond)
		}
		cmd.Process.Kill()
		cmd.Wait()
		time.Sleep(time.Second) // messages are put in order by whole seconds
	}
	for range 60 { // until what was claimed by those that were killed is free, and all is taken
		if got := runProgram(t, bin, "watch", "--once", "--allow-private-hooks", "--db", db); got.exit != 0 {
			t.Fatalf("%+v", got)
		}
		hooks, err := st.Hooks(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if hooks[0].Waiting == 0 {
			break
		}
		time.Sleep(2 * time.Second)
	}
	mu.Lock()
	defer mu.Unlock()
	boards, _, err := st.Boards(t.Context(), dyads, "", len(dyads))
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for i, dyad := range dyads {
		state := detente.Unknown
		at := steps[dyad.String()]
		for _, when := range slices.SortedFunc(maps.Keys(at), time.Time.Compare) {
			if at[when].was != state {
				t.Errorf("%s: at %s a message leads from %s, and the one before led to %s", dyad, when, at[when].was, state)
			}
			state = at[when].is
			total++
		}
		for _, ch := range boards[i].Channels {
			if ch.Channel == detente.ForeignMinisters && ch.State != state {
				t.Errorf("%s: the messages end at %s, and the store has %s", dyad, state, ch.State)
			}
		}
	}
	if total < kills {
		t.Errorf("%d messages of %d commits", total, n)
	}
	t.Logf("%d commits, %d kills, %d messages, %d tries", n, kills, total, tries.Load())
}
