package web

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"detente"
	"detente/internal/series"
	"detente/internal/store"
)

// askedFor sends a request with headers given as name, value.
func askedFor(h http.Handler, method, path string, headers ...string) *http.Response {
	req := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	return w.Result()
}

// add commits an article to a store that is being served.
func add(t *testing.T, st store.Store, d *draft) {
	t.Helper()
	if _, err := st.Commit(context.Background(), store.Unit{Record: d.rec}); err != nil {
		t.Fatal(err)
	}
	if _, err := series.Refold(context.Background(), st, rules(t)); err != nil {
		t.Fatal(err)
	}
}

// decoded reads a JSON answer.
func decoded[T any](t *testing.T, h http.Handler, path string) T {
	t.Helper()
	res := get(t, h, path)
	body, _ := io.ReadAll(res.Body)
	var v T
	if err := json.Unmarshal(body, &v); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: status %d, %v: %s", path, res.StatusCode, err, body)
	}
	return v
}

func TestLists(t *testing.T) {
	h := handler(t, shelf(t)...)
	ids := func(path string) string {
		t.Helper()
		return strings.Join(items(t, decoded[List[json.RawMessage]](t, h, path).Items), " ")
	}
	for path, want := range map[string]string{
		"/api/v1/dyads":                                       "IRN-SAU RUS-USA",
		"/api/v1/dyads?as_of=2018-03-01":                      "IRN-SAU",
		"/api/v1/acts":                                        "quarrel#a1 reprint#a1 wire#a1 gulf#a1",
		"/api/v1/acts?dyad=rus-usa&kind=freeze":               "reprint#a1 wire#a1",
		"/api/v1/acts?channel=foreign-ministers":              "quarrel#a1",
		"/api/v1/acts?from=2016-01-01&to=2018-03-02":          "reprint#a1 wire#a1 gulf#a1",
		"/api/v1/acts?as_of=2018-03-02":                       "wire#a1 gulf#a1",
		"/api/v1/events?type=CONSULT&dyad=IRN-SAU":            "gulf#e1",
		"/api/v1/events?factuality=denied":                    "",
		"/api/v1/dyads/RUS-USA/claims":                        "quarrel#c2 quarrel#c1",
		"/api/v1/dyads/RUS-USA/claims?party=usa":              "quarrel#c2",
		"/api/v1/dyads/IRN-SAU/claims?channel=leaders":        "gulf#c1",
		"/api/v1/statements":                                  "quarrel#s1 quarrel#s2 quarrel#s3 gulf#s1 gulf#s2",
		"/api/v1/statements?speaker=whit":                     "quarrel#s2 quarrel#s3",
		"/api/v1/statements?party=RUS":                        "quarrel#s1",
		"/api/v1/statements?q=FROZEN+lines":                   "quarrel#s1",
		"/api/v1/statements?q=%22lines+frozen%22":             "", // not together
		"/api/v1/statements?q=Danilov+phone":                  "", // in one article, in no one statement
		"/api/v1/statements?channel=foreign-ministers":        "quarrel#s3",
		"/api/v1/statements?dyad=IRN-SAU":                     "gulf#s1",
		"/api/v1/statements?from=2018-03-14":                  "quarrel#s2 quarrel#s3",
		"/api/v1/statements?to=2018-03-13&from=2018-03-01":    "quarrel#s1",
		"/api/v1/articles?dyad=RUS-USA":                       "quarrel reprint wire",
		"/api/v1/articles?q=ambassador&as_of=2018-03-02":      "wire",
		"/api/v1/articles?q=nowhere":                          "",
		"/api/v1/dyads/RUS-USA/claims?speaker=DANILOV&limit=": "quarrel#c1", // an empty field of a form
	} {
		if got := ids(path); got != want {
			t.Errorf("%s lists %q, want %q", path, got, want)
		}
	}
	if c := decoded[List[Claim]](t, h, "/api/v1/dyads/RUS-USA/claims"); len(c.Items) != 2 || c.Items[0].Citation.Words == "" {
		t.Errorf("claims %+v", c)
	}
	page := decoded[Dyad](t, h, "/api/v1/dyads/RUS-USA")
	for i, c := range decoded[List[Claim]](t, h, "/api/v1/dyads/RUS-USA/claims").Items {
		if at := slices.IndexFunc(page.Claims, func(p Claim) bool { return p.ID == c.ID }); at < 0 || !reflect.DeepEqual(page.Claims[at], c) {
			t.Errorf("claim %d of the list is not the page's: %+v", i, c)
		}
	}
	now := decoded[ChannelHistory](t, h, "/api/v1/dyads/RUS-USA/channels/embassies")
	if now.Now.State != detente.Frozen || len(now.History) != 1 || now.History[0].From != "2018-03-02" || len(now.Now.Citations) == 0 {
		t.Errorf("embassies %+v", now)
	}
	if v := decoded[Versions](t, h, "/api/v1/versions"); v.Codebook != detente.CodebookVersion || v.Model != "m1" || v.API != "v1" {
		t.Errorf("versions %+v", v)
	}
}

// TestCursors reads lists piece by piece while articles are committed, before
// and behind the place that has been reached.
func TestCursors(t *testing.T) {
	st := stock(t, shelf(t)...)
	h, err := New(st, Config{})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	more := func(day detente.Date) string {
		n++
		id := fmt.Sprintf("more%d", n)
		d := newDraft(t, id, "Ledger", day, "Moscow and Washington meet", "The two ministers met again in Geneva, Pyotr Danilov said.")
		s := d.says(danilov, "Pyotr Danilov", "said", "The two ministers met again in Geneva", day)
		d.acts(detente.Contact, "meeting", "RUS-USA", detente.ForeignMinisters, day, "met", s)
		d.claims(s, "RUS-USA", detente.ForeignMinisters, detente.Open, "", "met again")
		d.acts(detente.Contact, "talks", "RUS-USA", detente.Military, day, "again", s)
		add(t, st, d)
		return id
	}
	for range 3 {
		more("2018-03-10")
	}
	for _, path := range []string{"/api/v1/acts", "/api/v1/events", "/api/v1/statements", "/api/v1/articles", "/api/v1/dyads/RUS-USA/claims", "/api/v1/dyads"} {
		whole := items(t, decoded[List[json.RawMessage]](t, h, path).Items)
		if len(whole) < 2 {
			t.Fatalf("%s lists only %d", path, len(whole))
		}
		var got []string
		var behind string
		cursor := ""
		for step := 0; ; step++ {
			l := decoded[List[json.RawMessage]](t, h, path+"?limit=1&cursor="+cursor)
			got = append(got, items(t, l.Items)...)
			if len(l.Items) > 1 || step > 60 {
				t.Fatalf("%s: a part of %d, step %d", path, len(l.Items), step)
			}
			if step == 1 {
				more("2018-03-20")
				behind = more("2018-01-05")
			}
			if l.Next == "" {
				break
			}
			cursor = l.Next
		}
		seen := map[string]int{}
		for _, id := range got {
			seen[id]++
			if seen[id] > 1 {
				t.Errorf("%s: %s came twice", path, id)
			}
		}
		for _, id := range whole {
			if seen[id] == 0 {
				t.Errorf("%s: %s was left out", path, id)
			}
		}
		if met := slices.ContainsFunc(got, func(id string) bool { return id == behind || strings.HasPrefix(id, behind+"#") }); !met && path != "/api/v1/dyads" {
			t.Errorf("%s: %s was committed behind the place reached, and does not come", path, behind)
		}
	}
	res := get(t, h, "/api/v1/acts?limit=1&kind=contact")
	link := res.Header.Get("Link")
	next, ok := strings.CutSuffix(strings.TrimPrefix(link, "<"), `>; rel="next"`)
	if !ok || len(decoded[List[Act]](t, h, next).Items) != 1 || !strings.Contains(next, "kind=contact") {
		t.Errorf("link %q", link)
	}
}

// items names the things of a list.
func items(t *testing.T, list []json.RawMessage) []string {
	t.Helper()
	var out []string
	for _, raw := range list {
		var it struct {
			ID, Ref string
			Dyad    detente.Dyad
		}
		if err := json.Unmarshal(raw, &it); err != nil {
			t.Fatal(err)
		}
		name := it.ID + it.Ref
		if name == "" {
			name = it.Dyad.String()
		}
		out = append(out, name)
	}
	return out
}

// TestBoundedWork: a question that few articles answer costs no more than
// others; the rest comes with the cursor.
func TestBoundedWork(t *testing.T) {
	var units []store.Unit
	for i := range maxRead + 3 {
		units = append(units, store.Unit{Record: newDraft(t, fmt.Sprintf("n%04d", i), "Ledger", "2018-05-01", "Nothing", "They did nothing.").rec})
	}
	old := newDraft(t, "old", "Ledger", "2018-01-01", "Talks", "They met.")
	old.acts(detente.Contact, "meeting", "RUS-USA", detente.Leaders, "2018-01-01", "met", "")
	h := handler(t, append(units, store.Unit{Record: old.rec})...)
	first := decoded[List[Act]](t, h, "/api/v1/acts")
	if len(first.Items) != 0 || first.Next == "" {
		t.Fatalf("the first part has %d acts, next %q", len(first.Items), first.Next)
	}
	second := decoded[List[Act]](t, h, "/api/v1/acts?cursor="+first.Next)
	if len(second.Items) != 1 || second.Next != "" {
		t.Errorf("the second part has %d acts, next %q", len(second.Items), second.Next)
	}
}

func TestProblems(t *testing.T) {
	h := handler(t, shelf(t)...)
	cursor := decoded[List[Act]](t, h, "/api/v1/acts?limit=1").Next
	for _, test := range []struct {
		path   string
		status int
		kind   string
		remedy string // a part of it
	}{
		{"/api/v1/dyads?as_of=x", 400, "bad-parameter", "YYYY-MM-DD"},
		{"/api/v1/dyads?days=9", 400, "bad-parameter", "1, 7, 30"},
		{"/api/v1/acts?limit=0", 400, "bad-parameter", "from 1 to 200"},
		{"/api/v1/acts?limit=201", 400, "bad-parameter", "from 1 to 200"},
		{"/api/v1/acts?limit=1&limit=2", 400, "bad-parameter", "once"},
		{"/api/v1/acts?chanel=all", 400, "bad-parameter", "channel"},
		{"/api/v1/acts?channel=phone", 400, "bad-parameter", "foreign-ministers"},
		{"/api/v1/acts?dyad=RUS", 400, "bad-parameter", "form"},
		{"/api/v1/acts?dyad=RUS-RUS", 404, "not-found", "/api/v1/dyads"},
		{"/api/v1/acts?q=%zz", 400, "bad-parameter", "Escape"},
		{"/api/v1/statements?speaker=" + strings.Repeat("x", 501), 400, "bad-parameter", "500"},
		{"/api/v1/acts?cursor=x", 400, "bad-cursor", "next"},
		{"/api/v1/acts?cursor=" + cursor + "A", 400, "bad-cursor", "next"},
		{"/api/v1/acts?cursor=" + cursor[1:], 400, "bad-cursor", "next"},
		{"/api/v1/acts?kind=freeze&cursor=" + cursor, 400, "bad-cursor", "same parameters"},
		{"/api/v1/events?cursor=" + cursor, 400, "bad-cursor", "same parameters"},
		{"/api/v1/dyads/RUS-FRA", 404, "not-found", "/api/v1/dyads"},
		{"/api/v1/dyads/RUS-USA/channels/phone", 404, "not-found", "foreign-ministers"},
		{"/api/v1/articles/none", 404, "not-found", "/api/v1/articles"},
		{"/api/v1/articles/quarrel/annotations?sha256=12", 400, "bad-parameter", "64"},
		{"/api/v1/statements/quarrel/s9", 404, "not-found", "openapi"},
		{"/api/v2/acts", 404, "not-found", "openapi"},
		{"/dyads/rus-usa/feed.atom", 404, "not-found", "RUS-USA"},
		{"/dyads/RUS-USA/feed.atom?as_of=2018-03-01", 400, "bad-parameter", "none"},
	} {
		res := get(t, h, test.path)
		var p Problem
		if err := json.NewDecoder(res.Body).Decode(&p); err != nil {
			t.Errorf("%s: %v", test.path, err)
		}
		if res.StatusCode != test.status || p.Status != test.status || p.Type != "/api#"+test.kind || !strings.Contains(p.Remedy, test.remedy) ||
			p.Title == "" || p.Detail == "" || res.Header.Get("Content-Type") != mediaProblem {
			t.Errorf("%s: status %d %s, %+v", test.path, res.StatusCode, res.Header.Get("Content-Type"), p)
		}
	}
	for _, k := range problemKinds { // the address of each kind can be followed
		if len(all(page(t, h, "/api", http.StatusOK), "[id="+k.Kind+"]")) != 1 {
			t.Errorf("/api does not tell of %s", k.Kind)
		}
	}
	if res := askedFor(h, "POST", "/api/v1/acts"); res.StatusCode != http.StatusMethodNotAllowed || res.Header.Get("Allow") == "" || res.Header.Get("Content-Type") != mediaProblem {
		t.Errorf("POST: %d %v", res.StatusCode, res.Header)
	}
}

// FuzzCursor: whatever is sent as a cursor is read or refused.
func FuzzCursor(f *testing.F) {
	f.Add(cursor{"q", spot{"2018-03-01", "a#1", 2}}.write(), "q")
	f.Add("e30", "")
	f.Fuzz(func(t *testing.T, text, question string) {
		at, err := readCursor(text, question)
		if err == nil && (at.Given < 0 || at.Known != "" && len(at.Known) != 10) {
			t.Errorf("%q read as %+v", text, at)
		}
		if err != nil && strings.TrimSpace(err.Error()) == "" {
			t.Error("refused without a word")
		}
	})
}

func TestTags(t *testing.T) {
	st := stock(t, shelf(t)...)
	if err := st.SaveIndicator(context.Background(), bourse); err != nil {
		t.Fatal(err)
	}
	h, err := New(st, Config{})
	if err != nil {
		t.Fatal(err)
	}
	paths := []string{"/", "/dyads/RUS-USA", "/articles/quarrel", "/search?q=lines", "/api", "/static/detente.css"}
	for _, examples := range examples {
		paths = append(paths, examples...)
	}
	tags := map[string]string{}
	for _, path := range paths {
		res := get(t, h, path)
		tag := res.Header.Get("ETag")
		if res.StatusCode != http.StatusOK || len(tag) < 10 || res.Header.Get("Cache-Control") != "no-cache" {
			t.Fatalf("%s: status %d, tag %q, %q", path, res.StatusCode, tag, res.Header.Get("Cache-Control"))
		}
		tags[path] = tag
		for _, held := range []string{tag, "W/" + tag, `"x", ` + tag, "*"} {
			again := askedFor(h, "GET", path, "If-None-Match", held)
			if body, _ := io.ReadAll(again.Body); again.StatusCode != http.StatusNotModified || len(body) != 0 || again.Header.Get("ETag") != tag {
				t.Errorf("%s with %s: status %d, tag %s, %d bytes", path, held, again.StatusCode, again.Header.Get("ETag"), len(body))
			}
		}
		if other := askedFor(h, "GET", path, "If-None-Match", `"other"`); other.StatusCode != http.StatusOK {
			t.Errorf("%s with another tag: status %d", path, other.StatusCode)
		}
	}
	late := newDraft(t, "late", "The Courier", "2018-03-20", "They met", "The presidents met in Helsinki.")
	late.acts(detente.Contact, "meeting", "RUS-USA", detente.Leaders, "2018-03-20", "met", "")
	add(t, st, late)
	for _, path := range []string{"/", "/dyads/RUS-USA", "/api/v1/dyads", "/api/v1/acts", "/dyads/RUS-USA/feed.atom"} {
		if res := askedFor(h, "GET", path, "If-None-Match", tags[path]); res.StatusCode != http.StatusOK {
			t.Errorf("%s after an import: status %d", path, res.StatusCode)
		}
	}
	if res := askedFor(h, "GET", "/dyads/RUS-USA?as_of=2018-03-15", "If-None-Match", get(t, handler(t), "/").Header.Get("ETag")); res.StatusCode != http.StatusOK {
		t.Error("the tag of another page counts")
	}
}

func TestHeadAndCompression(t *testing.T) {
	srv := httptest.NewServer(handler(t, shelf(t)...))
	defer srv.Close()
	ask := func(method, path string, headers ...string) (*http.Response, string) {
		t.Helper()
		req, err := http.NewRequest(method, srv.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(headers); i += 2 {
			req.Header.Set(headers[i], headers[i+1])
		}
		res, err := (&http.Transport{DisableCompression: true}).RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res, string(body)
	}
	for _, path := range []string{"/", "/api/v1/dyads/RUS-USA", "/api/v1/versions", "/dyads/RUS-USA/feed.atom", "/openapi.json"} {
		plain, body := ask("GET", path)
		head, none := ask("HEAD", path)
		for _, name := range []string{"ETag", "Content-Type", "Cache-Control", "Vary"} {
			if head.Header.Get(name) != plain.Header.Get(name) {
				t.Errorf("HEAD %s: %s %q, GET %q", path, name, head.Header.Get(name), plain.Header.Get(name))
			}
		}
		if head.StatusCode != http.StatusOK || none != "" {
			t.Errorf("HEAD %s: status %d, %d bytes", path, head.StatusCode, len(none))
		}
		zipped, small := ask("GET", path, "Accept-Encoding", "gzip")
		if path == "/api/v1/versions" {
			if zipped.Header.Get("Content-Encoding") != "" || small != body {
				t.Error("a hundred bytes were compressed")
			}
			continue
		}
		read, err := gzip.NewReader(strings.NewReader(small))
		if err != nil {
			t.Fatalf("%s: %v %v", path, err, zipped.Header)
		}
		whole, err := io.ReadAll(read)
		if err != nil || string(whole) != body || len(small) > len(body)/2 {
			t.Errorf("%s: %v; %d bytes of %d", path, err, len(small), len(body))
		}
		tag := zipped.Header.Get("ETag")
		if tag == plain.Header.Get("ETag") || !strings.Contains(zipped.Header.Get("Vary"), "Accept-Encoding") {
			t.Errorf("%s: the compressed form has tag %s and varies by %q", path, tag, zipped.Header.Get("Vary"))
		}
		if again, _ := ask("GET", path, "Accept-Encoding", "gzip", "If-None-Match", tag); again.StatusCode != http.StatusNotModified || again.Header.Get("ETag") != tag {
			t.Errorf("%s: the compressed form again: %d %s", path, again.StatusCode, again.Header.Get("ETag"))
		}
	}
}

func TestOrigins(t *testing.T) {
	const desk = "https://desk.example"
	make := func(origins ...string) http.Handler {
		t.Helper()
		h, err := New(stock(t, shelf(t)...), Config{Origins: origins})
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	for _, test := range []struct {
		h            http.Handler
		origin, want string
	}{
		{make(), desk, ""},
		{make(desk), desk, desk},
		{make(desk), "https://desk.example.evil.example", ""},
		{make(desk), "null", ""},
		{make("*"), "https://any.example", "*"},
	} {
		res := askedFor(test.h, "GET", "/api/v1/dyads", "Origin", test.origin)
		if got := res.Header.Get("Access-Control-Allow-Origin"); got != test.want || res.Header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s is allowed %q, want %q", test.origin, got, test.want)
		}
		flight := askedFor(test.h, "OPTIONS", "/api/v1/dyads", "Origin", test.origin, "Access-Control-Request-Method", "GET", "Access-Control-Request-Headers", "if-none-match")
		if allowed := flight.Header.Get("Access-Control-Allow-Methods"); (allowed == "GET, HEAD") != (test.want != "") {
			t.Errorf("%s may %q", test.origin, allowed)
		}
	}
	guarded, err := New(stock(t, shelf(t)...), Config{Origins: []string{desk}, Operation: Operation{ReadToken: "a token for reading"}})
	if err != nil {
		t.Fatal(err)
	}
	flight := askedFor(guarded, "OPTIONS", "/api/v1/dyads", "Origin", desk, "Access-Control-Request-Method", "GET", "Access-Control-Request-Headers", "authorization")
	if flight.StatusCode != http.StatusNoContent || !strings.Contains(flight.Header.Get("Access-Control-Allow-Headers"), "Authorization") {
		t.Errorf("asked beforehand for a token: %d %v", flight.StatusCode, flight.Header)
	}
	for token, status := range map[string]int{"": http.StatusUnauthorized, "Bearer a token for reading": http.StatusOK} {
		res := askedFor(guarded, "GET", "/api/v1/dyads", "Origin", desk, "Authorization", token)
		if res.StatusCode != status || res.Header.Get("Access-Control-Allow-Origin") != desk {
			t.Errorf("with token %q: %d %v", token, res.StatusCode, res.Header)
		}
	}
	for _, c := range []Config{{Origins: []string{"desk.example"}}, {Origins: []string{"https://desk.example/"}}, {Public: "detente.example"}, {Public: "https://detente.example/x"}} {
		if _, err := New(stock(t), c); err == nil {
			t.Errorf("%q %q were taken", c.Origins, c.Public)
		}
	}
}

// TestHostileInterfaces: what others wrote comes out as text, in every route.
func TestHostileInterfaces(t *testing.T) {
	const evil = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>]]>&lt;\x00\x0b\u2028"
	d := newDraft(t, evil, evil, "2018-03-14", evil, "She said "+evil+" again.")
	d.rec.Article.URL, d.rec.Article.Language = "javascript:alert(4)", evil
	st := d.says(detente.Speaker{ID: evil, Name: evil, Role: evil, Party: "<B>"}, "She", "said", evil, "2018-03-14", detente.Link{Name: evil, As: evil})
	d.claims(st, "RUS-USA", detente.ChannelAll, detente.Frozen, evil, "again")
	d.acts(detente.Freeze, evil, "RUS-USA", detente.Military, "2018-03-14", "again", st)
	other := newDraft(t, "other", evil, "2018-03-15", "They went on.")
	st = other.says(detente.Speaker{Name: evil, Party: "USA"}, "They", "They", "They went on.", "2018-03-15")
	other.claims(st, "RUS-USA", detente.ChannelAll, detente.Open, "", "They went on.")
	held := stock(t, store.Unit{Record: d.rec, Origin: evil}, store.Unit{Record: other.rec})
	if err := held.SaveIndicator(context.Background(), detente.TimeSeries{Name: evil, Unit: evil, Source: "javascript:alert(5)", Values: bourse.Values}); err != nil {
		t.Fatal(err)
	}
	h, err := New(held, Config{})
	if err != nil {
		t.Fatal(err)
	}
	id := url.PathEscape(evil)
	for i := range routes {
		if routes[i].sent != nil {
			continue
		}
		path := strings.NewReplacer("{dyad}", "RUS-USA", "{channel}", "military", "{article}", id, "{name}", id, "/{id}", "/"+id).Replace(routes[i].path)
		path = strings.Replace(path, "statements/"+id+"/"+id, "statements/"+id+"/s1", 1)
		res := get(t, h, path)
		body, _ := io.ReadAll(res.Body)
		if res.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d: %s", path, res.StatusCode, body)
			continue
		}
		if res.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: may be sniffed", path)
		}
		switch routes[i].media {
		case mediaText:
			continue // plain text, as it was
		case mediaAtom:
			safeFeed(t, path, body)
		default:
			if !json.Valid(body) || strings.ContainsAny(string(body), "<>\x00") {
				t.Errorf("%s: markup in JSON: %s", path, body)
			}
		}
		if strings.Contains(string(body), `"javascript:`) && routes[i].media == mediaAnnotation {
			t.Errorf("%s: an address that runs is offered", path)
		}
	}
	res := get(t, h, "/api/v1/articles/"+url.PathEscape("<script>")+"?"+url.QueryEscape("<img>")+"=1")
	if body, _ := io.ReadAll(res.Body); strings.Contains(string(body), "<") {
		t.Errorf("a problem repeats markup: %s", body)
	}
}

// TestReviewsInLists: a statement has its reviews in a list as on its page.
func TestReviewsInLists(t *testing.T) {
	h, _ := reviewing(t)
	if _, status, answer := postReview(t, h, Review{Item: "quarrel#s1", Verdict: store.Confirmed, By: "B. Reader"}); status != http.StatusCreated {
		t.Fatal(answer)
	}
	for _, st := range decoded[List[Statement]](t, h, "/api/v1/statements").Items {
		if got := len(st.Reviews); (got == 1) != (st.Ref == "quarrel#s1") {
			t.Errorf("%s has %d reviews in the list", st.Ref, got)
		}
	}
}

// TestKeptWhole: a view that is kept is whole, so that requests which write it
// as JSON at the same time only read it.
func TestKeptWhole(t *testing.T) {
	d := newDraft(t, "bare", "The Courier", "2018-03-14", "Lines are frozen", "All lines are frozen, a man said.")
	st := d.says(detente.Speaker{Name: "A man", Party: "RUS"}, "a man", "said", "All lines are frozen", "2018-03-14") // no sectors
	d.claims(st, "RUS-USA", detente.ChannelAll, detente.Frozen, "every", "All lines are frozen")
	s := &server{store: stock(t, store.Unit{Record: d.rec})}
	dyad := detente.NewDyad("RUS", "USA")
	build := func() (*Dyad, error) { return ReadDyad(t.Context(), s.store, dyad, "", store.Place{}) }
	bare, err := build()
	if err != nil || !strings.Contains(marshal(t, bare), `"sectors":null`) {
		t.Fatalf("nothing is missing: %s, %v", marshal(t, bare), err)
	}
	kept, err := remembered(t.Context(), s, dyad, "dyad", build)
	if err != nil || strings.Contains(marshal(t, kept), "null") {
		t.Errorf("kept %s, %v", marshal(t, kept), err)
	}
}
