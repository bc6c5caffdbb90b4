package alert

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"detente"
	"detente/data"
	"detente/internal/dialogue"
	"detente/internal/fetch"
	"detente/internal/store"
	"detente/internal/store/sqlite"
	"detente/internal/store/storetest"
)

// clock is a time that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// bench is a store with a teller whose clock is ours.
type bench struct {
	*Teller
	t     *testing.T
	clock *clock
	path  string
}

func newBench(t *testing.T) *bench {
	t.Helper()
	rules, err := dialogue.Load(data.FS)
	if err != nil {
		t.Fatal(err)
	}
	c := &clock{now: time.Date(2020, 5, 3, 9, 0, 0, 0, time.UTC)}
	b := &bench{t: t, clock: c, path: filepath.Join(t.TempDir(), "x.db")}
	b.Teller = &Teller{Rules: rules, Versions: detente.Versions{Program: "p1", Model: "m1", Rules: "r1"}, Now: c.Now,
		Fetch: fetch.Options{AllowPrivate: true}}
	b.reopen()
	t.Cleanup(func() { b.Store.Close() })
	return b
}

// reopen is what a new process does after this one has ended.
func (b *bench) reopen() {
	b.t.Helper()
	if b.Store != nil {
		b.Store.Close()
	}
	st, err := sqlite.Open(b.path)
	if err != nil {
		b.t.Fatal(err)
	}
	b.Store = st
}

func (b *bench) commit(u store.Unit) {
	b.t.Helper()
	if _, err := b.Store.Commit(b.t.Context(), u); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) hook(h store.Hook) store.Hook {
	b.t.Helper()
	h.Secret = []byte("a secret of the desk")
	id, err := b.Store.AddHook(b.t.Context(), h)
	if err != nil {
		b.t.Fatal(err)
	}
	h.ID = id
	return h
}

func (b *bench) look(want int) {
	b.t.Helper()
	if n, err := b.Look(b.t.Context()); err != nil || n != want {
		b.t.Errorf("%d changes are found, %v; want %d", n, err, want)
	}
}

func (b *bench) send() {
	b.t.Helper()
	if err := b.Send(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
}

// state gives a hook as it stands.
func (b *bench) state(id int64) store.Hook {
	b.t.Helper()
	list, err := b.Store.Hooks(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	for _, h := range list {
		if h.ID == id {
			return h
		}
	}
	b.t.Fatalf("there is no hook %d", id)
	return store.Hook{}
}

// call is a unit that tells of a call between foreign ministers, and nothing
// else.
func call(id string, published detente.Date) store.Unit {
	u := storetest.Unit(id, published, "The ministers of "+id+" spoke.")
	u.Record.Claims, u.Record.Statements = nil, nil
	return u
}

// cut is a unit that tells that the same channel was cut.
func cut(id string, published detente.Date) store.Unit {
	u := call(id, published)
	u.Record.Acts[0].Kind, u.Record.Acts[0].Mode = detente.Freeze, ""
	return u
}

// taken is a message that a receiver was sent.
type taken struct {
	id, body string
	message  struct {
		Type string
		At   time.Time `json:"timestamp"`
		Data struct {
			Was detente.State
			Is  detente.ChannelState
		}
	}
}

// receiver is a server that checks signatures as Standard Webhooks says and
// answers as it is told.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	got    []taken
	answer func(http.ResponseWriter, *http.Request)
}

func newReceiver(t *testing.T, clock *clock, answer func(http.ResponseWriter, *http.Request)) *receiver {
	r := &receiver{answer: answer}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return
		}
		id, at := req.Header.Get("webhook-id"), req.Header.Get("webhook-timestamp")
		mac := hmac.New(sha256.New, []byte("a secret of the desk"))
		mac.Write([]byte(id + "." + at + "." + string(body)))
		if want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)); req.Header.Get("webhook-signature") != want {
			t.Errorf("signature %q, want %q", req.Header.Get("webhook-signature"), want)
		}
		if at != strconv.FormatInt(clock.Now().Unix(), 10) {
			t.Errorf("time %s is not that of the try", at)
		}
		if req.Method != http.MethodPost || req.Header.Get("Content-Type") != "application/json" || id == "" {
			t.Errorf("%s %v", req.Method, req.Header)
		}
		m := taken{id: id, body: string(body)}
		if err := json.Unmarshal(body, &m.message); err != nil {
			t.Errorf("%s: %v", body, err)
		}
		r.mu.Lock()
		r.got = append(r.got, m)
		r.mu.Unlock()
		if r.answer != nil {
			r.answer(w, req)
		}
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) messages() []taken {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.got)
}

var ministers = "RUS-USA/foreign-ministers"

// What was committed is told once, whoever looks, and with what it rests on.
func TestChangesAreTold(t *testing.T) {
	b := newBench(t)
	r := newReceiver(t, b.clock, nil)
	h := b.hook(store.Hook{Address: r.URL})
	b.look(0)
	b.commit(call("a", "2020-05-01"))
	b.look(1)
	b.look(0)
	b.commit(call("b", "2020-05-02")) // still open
	b.look(0)
	b.reopen()
	b.commit(cut("c", "2020-05-03"))
	b.reopen() // killed between a commit and the look at it
	b.look(1)
	b.reopen() // and between the look and its messages
	b.send()
	b.send()

	got := r.messages()
	if len(got) != 2 {
		t.Fatalf("%d messages, want 2: %+v", len(got), got)
	}
	for i, want := range []struct{ was, is detente.State }{{detente.Unknown, detente.Open}, {detente.Open, detente.Frozen}} {
		m := got[i].message
		if m.Type != StateChanged || !m.At.Equal(b.clock.Now()) || m.Data.Was != want.was || m.Data.Is.State != want.is ||
			store.ChannelItem(m.Data.Is.Dyad, m.Data.Is.Channel) != ministers || len(m.Data.Is.Evidence) == 0 || m.Data.Is.Rule == "" {
			t.Errorf("message %d: %s", i, got[i].body)
		}
	}
	if got[0].id == got[1].id {
		t.Error("two messages have one id")
	}
	if h := b.state(h.ID); h.Sent != 2 || h.Waiting != 0 || h.Failures != 0 || h.Lost != 0 {
		t.Errorf("hook %+v", h)
	}
	log, err := b.Store.Changes(t.Context(), store.ChangeQuery{Item: ministers})
	if err != nil || len(log) != 2 {
		t.Fatalf("log %+v, %v", log, err)
	}
	if c := log[0]; c.Field != "state" || c.Old != "open" || c.New != "frozen" || c.Trigger != store.ByReading ||
		!slices.Contains(c.Sources, "c#a1") || c.Version != "program p1, model m1, rules r1" {
		t.Errorf("log line %+v", c)
	}
}

// A copy of a text that was told is no news, and a text that is taken back is.
func TestCopiesAndCorrections(t *testing.T) {
	b := newBench(t)
	b.commit(call("a", "2020-05-01"))
	b.look(1)
	late := cut("copy", "2020-05-02")
	late.Origin = "a"
	b.commit(late)
	b.look(0)
	empty := call("a", "2020-05-01")
	empty.Record.Acts, empty.Record.Events = nil, nil
	b.commit(empty)
	b.look(1) // what the copy says counts now
}

func TestHooksChoose(t *testing.T) {
	b := newBench(t)
	r := newReceiver(t, b.clock, nil)
	rusUsa := detente.NewDyad("RUS", "USA")
	want := map[string]int{}
	for _, test := range []struct {
		hook store.Hook
		want int
	}{
		{store.Hook{}, 1},
		{store.Hook{Dyad: rusUsa}, 1},
		{store.Hook{Dyad: rusUsa, Channel: detente.ForeignMinisters}, 1},
		{store.Hook{Channel: detente.Leaders}, 0},
		{store.Hook{Dyad: detente.NewDyad("CHN", "USA")}, 0},
	} {
		test.hook.Address = r.URL
		want[fmt.Sprint(b.hook(test.hook).ID)] = test.want
	}
	b.commit(call("a", "2020-05-01"))
	b.look(1)
	for id, n := range want {
		key, _ := strconv.ParseInt(id, 10, 64)
		if h := b.state(key); h.Waiting != n {
			t.Errorf("%d messages wait for %+v, want %d", h.Waiting, h, n)
		}
	}
}

// A receiver that fails is tried again, later and later, with the same message.
func TestRetries(t *testing.T) {
	b := newBench(t)
	answers := []func(http.ResponseWriter, *http.Request){
		func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "7200")
			w.WriteHeader(http.StatusTooManyRequests)
		},
		func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) },
	}
	n := 0
	r := newReceiver(t, b.clock, func(w http.ResponseWriter, req *http.Request) {
		answers[n](w, req)
		n++
	})
	h := b.hook(store.Hook{Address: r.URL})
	var ends []store.End
	b.Report = func(try Try) { ends = append(ends, try.End) }
	b.commit(call("a", "2020-05-01"))
	b.look(1)
	for _, step := range []struct {
		move time.Duration
		want int // tries after it
	}{{0, 1}, {5 * time.Second, 1}, {10 * time.Second, 2}, {time.Hour, 2}, {time.Hour, 3}, {time.Hour, 3}} {
		b.clock.move(step.move)
		b.send()
		if got := len(r.messages()); got != step.want {
			t.Fatalf("%s later: %d tries, want %d; hook %+v", step.move, got, step.want, b.state(h.ID))
		}
	}
	got := r.messages()
	if got[0].id != got[2].id || got[0].body != got[2].body {
		t.Errorf("the message has changed from try to try: %+v", got)
	}
	if want := []store.End{store.Failed, store.Failed, store.Taken}; !slices.Equal(ends, want) {
		t.Errorf("reported %v, want %v", ends, want)
	}
	if h := b.state(h.ID); h.Sent != 1 || h.Failures != 0 || h.Error != "" || h.Waiting != 0 {
		t.Errorf("hook %+v", h)
	}
}

// Messages are given up in the end, and receivers that are gone left alone.
func TestGivingUp(t *testing.T) {
	answer := func(status int) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
	}
	for name, test := range map[string]struct {
		status int
		tries  int
		check  func(store.Hook) bool
	}{
		"gone":          {http.StatusGone, 1, func(h store.Hook) bool { return h.Off && h.Lost == 1 }},
		"refused":       {http.StatusBadRequest, maxRefusals, func(h store.Hook) bool { return !h.Off && h.Lost == 1 }},
		"for days":      {http.StatusInternalServerError, 0, func(h store.Hook) bool { return !h.Off && h.Lost == 1 && h.Failures > 50 }},
		"points onward": {http.StatusFound, 0, func(h store.Hook) bool { return h.Lost == 1 && strings.Contains(h.Error, "another address") }},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			r := newReceiver(t, b.clock, answer(test.status))
			h := b.hook(store.Hook{Address: r.URL})
			b.commit(call("a", "2020-05-01"))
			b.look(1)
			for range 24 * 5 {
				b.send()
				b.clock.move(time.Hour)
			}
			if now := b.state(h.ID); now.Waiting != 0 || now.Sent != 0 || !test.check(now) {
				t.Errorf("hook %+v", now)
			}
			if got := len(r.messages()); test.tries > 0 && got != test.tries {
				t.Errorf("%d tries, want %d", got, test.tries)
			}
			if strings.Contains(b.state(h.ID).Error, r.URL) {
				t.Errorf("the address, which may hold a secret, stands in %q", b.state(h.ID).Error)
			}
			b.commit(cut("b", "2020-05-09"))
			b.look(1)
			if now := b.state(h.ID); (now.Waiting == 0) != now.Off {
				t.Errorf("after that, %d messages wait for %+v", now.Waiting, now)
			}
		})
	}
}

// One message that a receiver cannot take does not hold up the others.
func TestOneBadMessage(t *testing.T) {
	b := newBench(t)
	r := newReceiver(t, b.clock, nil)
	bad := ""
	r.answer = func(w http.ResponseWriter, req *http.Request) {
		if id := req.Header.Get("webhook-id"); bad == "" || bad == id {
			bad = id
			w.WriteHeader(http.StatusInternalServerError)
		}
	}
	h := b.hook(store.Hook{Address: r.URL})
	b.commit(call("a", "2020-05-01"))
	b.look(1)
	b.commit(cut("b", "2020-05-02"))
	b.look(1)
	b.send()
	b.clock.move(time.Minute)
	b.send()
	if now := b.state(h.ID); now.Sent != 1 || now.Waiting != 1 {
		t.Errorf("hook %+v", now)
	}
}

// An address that may not be reached is not, and the message waits until the
// operator allows it.
func TestPrivateAddresses(t *testing.T) {
	b := newBench(t)
	r := newReceiver(t, b.clock, nil)
	h := b.hook(store.Hook{Address: r.URL})
	b.commit(call("a", "2020-05-01"))
	b.look(1)
	b.Fetch.AllowPrivate = false
	b.send()
	if now := b.state(h.ID); now.Waiting != 1 || !strings.Contains(now.Error, "--allow-private") || len(r.messages()) > 0 {
		t.Errorf("hook %+v", now)
	}
	b.Fetch.AllowPrivate = true
	b.clock.move(time.Hour)
	b.send()
	if len(r.messages()) != 1 {
		t.Errorf("messages %v", r.messages())
	}
}

// Asked to stop in the middle of a try, nothing is lost and no failure noted.
func TestStop(t *testing.T) {
	b := newBench(t)
	ctx, cancel := context.WithCancel(t.Context())
	r := newReceiver(t, b.clock, func(_ http.ResponseWriter, req *http.Request) {
		cancel()
		<-req.Context().Done()
	})
	h := b.hook(store.Hook{Address: r.URL})
	b.commit(call("a", "2020-05-01"))
	b.look(1)
	if err := b.Send(ctx); err != context.Canceled {
		t.Errorf("stopped with %v", err)
	}
	b.reopen()
	if now := b.state(h.ID); now.Waiting != 1 || now.Failures != 0 || now.Lost != 0 {
		t.Errorf("hook %+v", now)
	}
	r.answer = nil
	b.clock.move(lease)
	b.send()
	got := r.messages()
	if len(got) != 2 || got[0].id != got[1].id {
		t.Errorf("messages %+v", got)
	}
}

// Several processes on one store send each message once.
func TestSeveralTellers(t *testing.T) {
	b := newBench(t)
	r := newReceiver(t, b.clock, nil)
	h := b.hook(store.Hook{Address: r.URL})
	const units = 12
	for i := range units {
		u := call(fmt.Sprint("a", i), "2020-05-01")
		dyad := detente.NewDyad("USA", detente.Party(fmt.Sprintf("X%02d", i)))
		u.Record.Acts[0].Dyad = dyad
		b.commit(u)
	}
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			st, err := sqlite.Open(b.path)
			if err != nil {
				t.Error(err)
				return
			}
			defer st.Close()
			other := *b.Teller
			other.Store = st
			for range 5 {
				if err := other.Round(t.Context()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	b.send()
	seen := map[string]bool{}
	for _, m := range r.messages() {
		if seen[m.id] {
			t.Errorf("message %s was sent twice", m.id)
		}
		seen[m.id] = true
	}
	if now := b.state(h.ID); len(seen) != units || now.Sent != units {
		t.Errorf("%d messages, want %d; hook %+v", len(seen), units, now)
	}
}

// The example by which docs/webhooks.md has others check their code.
func TestSign(t *testing.T) {
	doc, err := os.ReadFile("../../docs/webhooks.md")
	if err != nil {
		t.Fatal(err)
	}
	said := regexp.MustCompile("(?s)secret `whsec_([^`]+)`, the id\\s`([^`]+)`, the timestamp `([0-9]+)` and the body `([^`]+)` the signature is\\s`([^`]+)`").FindSubmatch(doc)
	if said == nil {
		t.Fatal("docs/webhooks.md has no example of a signature")
	}
	secret, err := base64.StdEncoding.DecodeString(string(said[1]))
	if err != nil {
		t.Fatal(err)
	}
	at, err := strconv.ParseInt(string(said[3]), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	if got := Sign(secret, string(said[2]), time.Unix(at, 0), said[4]); got != string(said[5]) {
		t.Errorf("the signature is %s, and the document says %s", got, said[5])
	}
	if text := SecretText(secret); text != "whsec_"+string(said[1]) {
		t.Errorf("secret %s", text)
	}
	if a, b := NewSecret(), NewSecret(); len(a) < 24 || string(a) == string(b) {
		t.Errorf("secrets %x, %x", a, b)
	}
}

// The example of the standard itself.
func TestSignAsTheStandard(t *testing.T) {
	secret, err := base64.StdEncoding.DecodeString("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	got := Sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if got != "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" {
		t.Errorf("signature %s", got)
	}
}

// beside is a store into which another process commits while it is asked for
// stirred dyads.
type beside struct {
	store.Store
	before, after func()
}

func (s *beside) Stirred(ctx context.Context, limit int) ([]store.Stir, error) {
	if s.before != nil {
		s.before()
	}
	list, err := s.Store.Stirred(ctx, limit)
	if s.after != nil {
		s.after()
	}
	s.before, s.after = nil, nil
	return list, err
}

// What another process commits in the middle of a look is told by this one or
// by the next.
func TestCommitsBesideALook(t *testing.T) {
	for name, at := range map[string]func(*beside, func()){
		"before the list": func(s *beside, f func()) { s.before = f },
		"behind the list": func(s *beside, f func()) { s.after = f },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.commit(call("a", "2020-05-01"))
			b.look(1)
			b.commit(call("b", "2020-05-02"))
			plain := b.Store
			between := &beside{Store: plain}
			at(between, func() { b.commit(cut("c", "2020-05-03")) })
			b.Store = between
			told := 0
			for range 2 {
				n, err := b.Look(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				told += n
			}
			b.Store = plain
			log, err := b.Store.Changes(t.Context(), store.ChangeQuery{Item: ministers})
			if err != nil || told != 1 || len(log) != 2 || log[0].New != "frozen" {
				t.Errorf("%d changes are told, the log has %+v, %v", told, log, err)
			}
		})
	}
}
