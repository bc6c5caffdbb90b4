package web

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"detente"
	"detente/internal/store"
)

const (
	writeToken = "the token of those who review"
	readToken  = "the token of those who read"
)

// operated makes a server of the shelf with settings of its operator.
func operated(t *testing.T, op Operation, log io.Writer) (http.Handler, store.Store) {
	t.Helper()
	st := stock(t, shelf(t)...)
	if log == nil {
		log = io.Discard
	}
	h, err := New(st, Config{Banner: "Written for the test.", Versions: detente.Versions{Program: "dev"}, Operation: op,
		Log: slog.New(slog.NewJSONHandler(log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	return h, st
}

// sent makes a request; edit may change it.
func sent(h http.Handler, method, path string, body io.Reader, edit func(*http.Request)) *http.Response {
	r := httptest.NewRequest(method, path, body)
	if edit != nil {
		edit(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func bearer(token string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
}

func bodyOf(t *testing.T, res *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// figure reads one figure from what /metrics answers.
func figure(t *testing.T, h http.Handler, name string) string {
	t.Helper()
	res := sent(h, "GET", "/metrics", nil, nil)
	m := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(name) + ` (.+)$`).FindStringSubmatch(bodyOf(t, res))
	if m == nil {
		return ""
	}
	return m[1]
}

func TestMetrics(t *testing.T) {
	now := time.Date(2024, 2, 1, 12, 0, 0, 0, time.UTC)
	quarantine := filepath.Join(t.TempDir(), "q.jsonl")
	h, st := operated(t, Operation{Now: func() time.Time { return now }, Quarantine: quarantine}, nil)
	ctx := context.Background()
	for _, path := range []string{"/dyads/RUS-USA", "/dyads/IRN-SAU", "/dyads/RUS-USA?as_of=x", "/articles/secret-words", "/secret-words?q=secret-words"} {
		sent(h, "GET", path, nil, nil)
	}
	sent(h, "BREW", "/secret-words", nil, nil)
	for _, src := range []store.Source{{Address: "a", Next: now.Add(-90 * time.Second)}, {Address: "b", Next: now, Error: "no answer"}} {
		if err := st.SaveSource(ctx, src); err != nil {
			t.Fatal(err)
		}
	}
	id, err := st.AddHook(ctx, store.Hook{Address: "https://desk.example/secret-words", Secret: []byte("x")})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Tried(ctx, store.Hook{ID: id, Failures: 3}, store.Delivery{}, store.Failed); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		`detente_requests_total{method="GET",route="GET /dyads/{dyad}",status="200"}`:  "2",
		`detente_requests_total{method="GET",route="GET /dyads/{dyad}",status="400"}`:  "1",
		`detente_requests_total{method="GET",route="GET /articles/{id}",status="404"}`: "1",
		`detente_requests_total{method="GET",route="none",status="404"}`:               "1",
		`detente_requests_total{method="other",route="none",status="405"}`:             "1",
		`detente_request_seconds_count{route="GET /dyads/{dyad}"}`:                     "3",
		`detente_store_articles`:                                  "4",
		`detente_reading_lag_seconds`:                             "90",
		`detente_last_read_timestamp_seconds`:                     "1.704164645e+09",
		`detente_sources{state="failing"}`:                        "1",
		`detente_sources{state="ok"}`:                             "1",
		`detente_quarantined`:                                     "0",
		`detente_webhook_failures{webhook="1"}`:                   "3",
		`detente_webhook_messages_total{end="taken",webhook="1"}`: "0",
		`detente_refused_total{reason="rate"}`:                    "0",
		fmt.Sprintf(`detente_build_info{codebook="1",go="%s",program="dev"}`, runtime.Version()): "1",
	} {
		if got := figure(t, h, name); got != want {
			t.Errorf("%s is %q, want %s", name, got, want)
		}
	}
	if all := bodyOf(t, sent(h, "GET", "/metrics", nil, nil)); strings.Contains(all, "secret-words") {
		t.Error("what was asked for stands in the figures")
	}
	// The quarantine file grows, and is another one.
	for _, step := range []struct{ content, want string }{{"{}\n{}\n", "2"}, {"{}\n{}\n{}\n{", "3"}, {"{}\n", "1"}} {
		if err := os.WriteFile(quarantine, []byte(step.content), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := figure(t, h, "detente_quarantined"); got != step.want {
			t.Errorf("of %q %s lines are counted, want %s", step.content, got, step.want)
		}
	}
	st.Close()
	if res := sent(h, "GET", "/metrics", nil, nil); res.StatusCode != http.StatusOK || !strings.Contains(bodyOf(t, res), "detente_requests_total") {
		t.Error("where the store does not answer, nothing is told")
	}
}

// TestLogs: a request is a line with its id and route; what was looked for, by
// whom, and tokens stand nowhere.
func TestLogs(t *testing.T) {
	var log bytes.Buffer
	h, _ := operated(t, Operation{WriteToken: writeToken}, &log)
	res := sent(h, "GET", "/search?q=whatwaslookedfor", nil, bearer("a token that opens nothing"))
	id := res.Header.Get("X-Request-Id")
	if id == "" || !strings.Contains(log.String(), `"msg":"answered","request":"`+id+`","method":"GET","route":"GET /search","status":200,"bytes":`) {
		t.Errorf("request %s; log %s", id, &log)
	}
	sent(h, "POST", "/login", strings.NewReader("token="+url.QueryEscape(writeToken)), asForm)
	sent(h, "POST", "/login", strings.NewReader("token=aguess"), asForm)
	for _, word := range []string{"whatwaslookedfor", "opens nothing", writeToken, url.QueryEscape(writeToken), "aguess"} {
		if strings.Contains(log.String(), word) {
			t.Errorf("%q stands in the log: %s", word, &log)
		}
	}
	if !strings.Contains(log.String(), `"reason":"token","client":"192.0.2.1"`) {
		t.Errorf("a wrong token is not in the log: %s", &log)
	}
}

func asForm(r *http.Request) {
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
}

func asBrowser(r *http.Request) { r.Header.Set("Accept", "text/html,*/*;q=0.8") }

func TestReadToken(t *testing.T) {
	h, _ := operated(t, Operation{ReadToken: readToken, WriteToken: writeToken}, nil)
	for _, path := range []string{"/", "/dyads/RUS-USA", "/api/v1/dyads", "/metrics", "/changes", "/nowhere", "/search?q=call"} {
		if res := sent(h, "GET", path, nil, nil); res.StatusCode != http.StatusUnauthorized || !strings.HasPrefix(res.Header.Get("WWW-Authenticate"), "Bearer") {
			t.Errorf("%s without a token: %d", path, res.StatusCode)
		}
		for _, wrong := range []string{"", "x", readToken + "x", readToken[1:]} {
			if res := sent(h, "GET", path, nil, bearer(wrong)); res.StatusCode != http.StatusUnauthorized {
				t.Errorf("%s with the token %q: %d", path, wrong, res.StatusCode)
			}
		}
		for _, right := range []string{readToken, writeToken} {
			if res := sent(h, "GET", path, nil, bearer(right)); res.StatusCode == http.StatusUnauthorized {
				t.Errorf("%s with a token: %d", path, res.StatusCode)
			}
		}
	}
	for _, path := range []string{"/healthz", "/login", "/static/detente.css", "/robots.txt"} {
		if res := sent(h, "GET", path, nil, nil); res.StatusCode != http.StatusOK {
			t.Errorf("%s without a token: %d", path, res.StatusCode)
		}
	}
	res := sent(h, "GET", "/dyads/RUS-USA?as_of=2018-03-14", nil, asBrowser)
	if to := res.Header.Get("Location"); res.StatusCode != http.StatusSeeOther || to != "/login?to=%2Fdyads%2FRUS-USA%3Fas_of%3D2018-03-14" {
		t.Errorf("a browser is sent to %q, %d", to, res.StatusCode)
	}
	if res := sent(h, "POST", "/api/v1/reviews", strings.NewReader("{}"), bearer(readToken)); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("who may read may write: %d", res.StatusCode)
	}
}

// A page elsewhere that the operator allows can read with a token: the browser
// asks first, and is answered.
func TestReadTokenFromElsewhere(t *testing.T) {
	h, err := New(stock(t, shelf(t)...), Config{Operation: Operation{ReadToken: readToken}, Origins: []string{"https://desk.example"}})
	if err != nil {
		t.Fatal(err)
	}
	from := func(r *http.Request) { r.Header.Set("Origin", "https://desk.example") }
	res := sent(h, "OPTIONS", "/api/v1/dyads", nil, func(r *http.Request) {
		from(r)
		r.Header.Set("Access-Control-Request-Method", "GET")
		r.Header.Set("Access-Control-Request-Headers", "authorization")
	})
	if res.StatusCode != http.StatusNoContent || !strings.Contains(res.Header.Get("Access-Control-Allow-Headers"), "Authorization") {
		t.Errorf("asked first: %d, %v", res.StatusCode, res.Header)
	}
	for _, path := range []string{"/api/v1/dyads", "/dyads/RUS-USA"} {
		if res := sent(h, "OPTIONS", path, nil, nil); strings.Contains(bodyOf(t, res), "RUS") {
			t.Errorf("OPTIONS %s tells something", path)
		}
	}
	if res := sent(h, "GET", "/api/v1/dyads", nil, from); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("without a token: %d", res.StatusCode)
	}
	res = sent(h, "GET", "/api/v1/dyads", nil, func(r *http.Request) { from(r); bearer(readToken)(r) })
	if res.StatusCode != http.StatusOK || res.Header.Get("Access-Control-Allow-Origin") != "https://desk.example" {
		t.Errorf("with one: %d, %v", res.StatusCode, res.Header)
	}
}

// login opens a session and gives its cookie.
func login(t *testing.T, h http.Handler, token string) *http.Cookie {
	t.Helper()
	res := sent(h, "POST", "/login", strings.NewReader(url.Values{"token": {token}, "to": {"/changes"}}.Encode()), asForm)
	cookies := res.Cookies()
	if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/changes" || len(cookies) != 1 {
		t.Fatalf("logging in: %d to %q, cookies %v", res.StatusCode, res.Header.Get("Location"), cookies)
	}
	return cookies[0]
}

func TestSessions(t *testing.T) {
	now := time.Date(2024, 2, 1, 12, 0, 0, 0, time.UTC)
	op := Operation{ReadToken: readToken, WriteToken: writeToken, Now: func() time.Time { return now }}
	h, _ := operated(t, op, nil)
	c := login(t, h, readToken)
	if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.MaxAge != 12*60*60 || strings.Contains(c.Value, readToken) {
		t.Errorf("cookie %+v", c)
	}
	with := func(value string) func(*http.Request) {
		return func(r *http.Request) { r.AddCookie(&http.Cookie{Name: c.Name, Value: value}) }
	}
	status := func(h http.Handler, value string) int { return sent(h, "GET", "/", nil, with(value)).StatusCode }
	if got := status(h, c.Value); got != http.StatusOK {
		t.Errorf("with a session: %d", got)
	}
	written := login(t, h, writeToken).Value
	if got := status(h, written); got != http.StatusOK {
		t.Errorf("with a session for writing: %d", got)
	}
	raised := "2" + c.Value[1:] // the session of a reader, made out to be a writer's
	longer := strings.Replace(c.Value, fmt.Sprint(now.Add(sessionFor).Unix()), fmt.Sprint(now.Add(2*sessionFor).Unix()), 1)
	for _, forged := range []string{"", ".", "1.9999999999.", "0.9999999999.x", raised, longer, c.Value + "x", c.Value[:len(c.Value)-2], "3" + c.Value[1:]} {
		if got := status(h, forged); got != http.StatusUnauthorized {
			t.Errorf("with the session %q: %d", forged, got)
		}
	}
	other := op
	other.ReadToken = "the token after a change of it"
	changed, _ := operated(t, other, nil)
	if got := status(changed, c.Value); got != http.StatusUnauthorized {
		t.Errorf("after the token was changed: %d", got)
	}
	now = now.Add(sessionFor)
	if got := status(h, c.Value); got != http.StatusUnauthorized {
		t.Errorf("after its end: %d", got)
	}
	out := sent(h, "POST", "/logout", nil, bearer(readToken))
	if got := out.Cookies(); len(got) != 1 || got[0].MaxAge >= 0 || got[0].Value != "" {
		t.Errorf("logging out: %v", got)
	}
}

// Without tokens nothing can be opened, by nothing.
func TestNoTokens(t *testing.T) {
	h, _ := operated(t, Operation{}, nil)
	if res := sent(h, "POST", "/login", strings.NewReader("token="), asForm); res.StatusCode != http.StatusForbidden || len(res.Cookies()) > 0 {
		t.Errorf("an empty token: %d, %v", res.StatusCode, res.Cookies())
	}
	d := newDesk(nil, Config{})
	for _, r := range []role{nobody, reader, writer} {
		if got := d.roleOfSession(d.session(r, time.Now().Add(time.Hour))); got != nobody {
			t.Errorf("a session that anybody can seal gives %d", got)
		}
	}
}

func TestLoginLeadsNowhereElse(t *testing.T) {
	for to, want := range map[string]string{
		"/dyads/RUS-USA?as_of=2018-03-14": "/dyads/RUS-USA?as_of=2018-03-14",
		"https://evil.example/":           "/", "//evil.example": "/", `/\evil.example`: "/", "javascript:alert(1)": "/", "": "/",
		"dyads": "/", "/a\nb": "/", "http:/x": "/", "///evil.example": "/",
	} {
		if got := ownAddress(to); got != want {
			t.Errorf("%q leads to %q, want %q", to, got, want)
		}
	}
}

func TestRates(t *testing.T) {
	now := time.Date(2024, 2, 1, 12, 0, 0, 0, time.UTC)
	h, _ := operated(t, Operation{Rate: 2, Now: func() time.Time { return now }}, nil)
	from := func(addr string) func(*http.Request) { return func(r *http.Request) { r.RemoteAddr = addr } }
	many := func(n int, addr string) (status int) {
		for range n {
			status = sent(h, "GET", "/robots.txt", nil, from(addr)).StatusCode
		}
		return status
	}
	if got := many(4, "192.0.2.7:1000"); got != http.StatusOK {
		t.Errorf("the fourth at once: %d", got)
	}
	res := sent(h, "GET", "/robots.txt", nil, from("192.0.2.7:2000"))
	if res.StatusCode != http.StatusTooManyRequests || res.Header.Get("Retry-After") != "1" {
		t.Errorf("the fifth: %d, %v", res.StatusCode, res.Header)
	}
	if got := many(4, "192.0.2.8:1000"); got != http.StatusOK {
		t.Errorf("another client: %d", got)
	}
	if got := sent(h, "GET", "/healthz", nil, from("192.0.2.7:1000")).StatusCode; got != http.StatusOK {
		t.Errorf("healthz: %d", got)
	}
	many(100, "192.0.2.7:1000") // what is refused does not count
	now = now.Add(time.Second)
	if got := many(2, "192.0.2.7:1000"); got != http.StatusOK {
		t.Errorf("a second later: %d", got)
	}
	many(4, "[2001:db8::1]:1")
	if got := many(1, "[2001:db8::ffff]:1"); got != http.StatusTooManyRequests {
		t.Errorf("the neighbour in one network of IPv6: %d", got)
	}
	if got := figure(t, h, `detente_refused_total{reason="rate"}`); got != "102" {
		t.Errorf("%s requests were refused, want 102", got)
	}
}

// Guessing a token is slow, whatever else a client may do.
func TestLoginRate(t *testing.T) {
	now := time.Date(2024, 2, 1, 12, 0, 0, 0, time.UTC)
	h, _ := operated(t, Operation{WriteToken: writeToken, Now: func() time.Time { return now }}, nil)
	try := func(token string) int {
		return sent(h, "POST", "/login", strings.NewReader("token="+url.QueryEscape(token)), asForm).StatusCode
	}
	for range loginBurst {
		if got := try("aguess"); got != http.StatusForbidden {
			t.Errorf("a wrong token: %d", got)
		}
	}
	if got := try(writeToken); got != http.StatusTooManyRequests {
		t.Errorf("after %d guesses the right one: %d", loginBurst, got)
	}
	now = now.Add(time.Minute)
	if got := try(writeToken); got != http.StatusSeeOther {
		t.Errorf("a minute later: %d", got)
	}
}

// The memory of clients is bounded.
func TestClientsAreForgotten(t *testing.T) {
	c := newClients(1, 1)
	now := time.Date(2024, 2, 1, 12, 0, 0, 0, time.UTC)
	at := func(i int) netip.Addr { return netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}) }
	for i := range maxClients + 100 {
		c.wait(at(i), now)
		c.wait(at(0), now) // asks all the time
	}
	if len(c.known) != maxClients || c.latest.Len() != maxClients {
		t.Errorf("%d clients are remembered, %d in order; want %d", len(c.known), c.latest.Len(), maxClients)
	}
	if c.wait(at(0), now) == 0 {
		t.Error("the client that asks all the time was forgotten")
	}
	if c.wait(at(1), now) != 0 {
		t.Error("the client that asked longest ago is remembered")
	}
}

func TestClientOf(t *testing.T) {
	d := &desk{Operation: Operation{Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8")}}}
	for _, test := range []struct {
		from      string
		forwarded []string
		want      string
	}{
		{"192.0.2.7:1", nil, "192.0.2.7"},
		{"192.0.2.7:1", []string{"198.51.100.1"}, "192.0.2.7"}, // not a proxy of ours
		{"127.0.0.1:1", []string{"198.51.100.1"}, "198.51.100.1"},
		{"127.0.0.1:1", []string{"203.0.113.9, 198.51.100.1"}, "198.51.100.1"}, // the first anybody can write
		{"127.0.0.1:1", []string{"198.51.100.1, 10.1.2.3"}, "198.51.100.1"},
		{"127.0.0.1:1", []string{"203.0.113.9", "198.51.100.1"}, "198.51.100.1"},
		{"127.0.0.1:1", []string{"unknown"}, "127.0.0.1"},
		{"127.0.0.1:1", nil, "127.0.0.1"},
		{"[::ffff:127.0.0.1]:1", []string{"2001:db8::1"}, "2001:db8::1"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = test.from
		r.Header["X-Forwarded-For"] = test.forwarded
		if got := d.clientOf(r).String(); got != test.want {
			t.Errorf("%s for %v is %s, want %s", test.from, test.forwarded, got, test.want)
		}
	}
}

// TestCrossOrigin: pages of other sites can have nothing done here, whatever
// cookie a browser sends along.
func TestCrossOrigin(t *testing.T) {
	h, st := operated(t, Operation{WriteToken: writeToken}, nil)
	c := login(t, h, writeToken)
	form := url.Values{"item": {"quarrel#s1"}, "verdict": {"confirmed"}, "by": {"A. Reader"}}.Encode()
	for name, test := range map[string]struct {
		header map[string]string
		want   int
	}{
		"same origin":   {map[string]string{"Sec-Fetch-Site": "same-origin"}, http.StatusSeeOther},
		"another site":  {map[string]string{"Sec-Fetch-Site": "cross-site"}, http.StatusForbidden},
		"same site":     {map[string]string{"Sec-Fetch-Site": "same-site"}, http.StatusForbidden},
		"an old one":    {map[string]string{"Origin": "https://evil.example"}, http.StatusForbidden},
		"no browser":    {nil, http.StatusSeeOther},
		"its own forms": {map[string]string{"Origin": "http://example.com"}, http.StatusSeeOther},
	} {
		for _, path := range []string{"/review", "/login", "/logout", "/api/v1/reviews"} {
			res := sent(h, "POST", path, strings.NewReader(form), func(r *http.Request) {
				asForm(r)
				r.AddCookie(c)
				for k, v := range test.header {
					r.Header.Set(k, v)
				}
			})
			if path == "/review" && res.StatusCode != test.want || (test.want == http.StatusForbidden) != (res.StatusCode == http.StatusForbidden) && path != "/login" {
				t.Errorf("%s, %s: %d", name, path, res.StatusCode)
			}
		}
	}
	log, err := st.Changes(context.Background(), store.ChangeQuery{Trigger: store.ByReview})
	if err != nil || len(log) != 3 {
		t.Errorf("%d reviews, want those of three senders: %v", len(log), err)
	}
}

// Bodies are bounded, whether their size is told or not.
func TestBodies(t *testing.T) {
	h, _ := operated(t, Operation{WriteToken: writeToken}, nil)
	big := `{"reason":"` + strings.Repeat("x", maxBody) + `"}`
	asJSON := func(r *http.Request) {
		bearer(writeToken)(r)
		r.Header.Set("Content-Type", "application/json")
	}
	if res := sent(h, "POST", "/api/v1/reviews", strings.NewReader(big), asJSON); res.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a large body: %d", res.StatusCode)
	}
	res := sent(h, "POST", "/api/v1/reviews", strings.NewReader(big), func(r *http.Request) {
		asJSON(r)
		r.ContentLength = -1
	})
	if res.StatusCode != http.StatusBadRequest || !strings.Contains(bodyOf(t, res), "too large") {
		t.Errorf("a large body of a size that is not told: %d", res.StatusCode)
	}
}

// TestServerAsksNobody: what makes requests is nowhere in this package, so that
// nobody can have the server fetch anything.
func TestServerAsksNobody(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	asks := regexp.MustCompile(`\bhttp\.(Get|Post|PostForm|Head|Client|DefaultClient|NewRequest|NewRequestWithContext|Transport|DefaultTransport)\b|\bnet\.Dial|ReverseProxy|detente/internal/(fetch|alert|ingest)"`)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if found := asks.FindString(string(source)); found != "" {
			t.Errorf("%s has %s", name, found)
		}
	}
	if asks.FindString(`http.Get("x")`) == "" {
		t.Error("the test finds nothing")
	}
}
