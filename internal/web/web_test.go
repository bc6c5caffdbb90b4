package web

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"detente"
	"detente/internal/store"
)

func get(t *testing.T, h http.Handler, path string) *http.Response {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	return w.Result()
}

// page gets a page and parses it.
func page(t *testing.T, h http.Handler, path string, status int) *html.Node {
	t.Helper()
	res := get(t, h, path)
	if res.StatusCode != status {
		t.Fatalf("%s: status %d, want %d", path, res.StatusCode, status)
	}
	doc, err := html.Parse(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// all finds the elements below n that a selector of the form "tag.class" or
// "tag[name=value]" means; an empty tag is any.
func all(n *html.Node, selector string) []*html.Node {
	tag, class, _ := strings.Cut(selector, ".")
	tag, test, _ := strings.Cut(tag, "[")
	name, value, given := strings.Cut(strings.TrimSuffix(test, "]"), "=")
	var out []*html.Node
	for d := range n.Descendants() {
		if d.Type != html.ElementNode || tag != "" && d.Data != tag {
			continue
		}
		if class != "" && !slices.Contains(strings.Fields(attr(d, "class")), class) {
			continue
		}
		if test != "" && (!has(d, name) || given && attr(d, name) != value) {
			continue
		}
		out = append(out, d)
	}
	return out
}

// one finds the only element that a selector means.
func one(t *testing.T, n *html.Node, selector string) *html.Node {
	t.Helper()
	found := all(n, selector)
	if len(found) != 1 {
		t.Fatalf("%d elements are %s, want 1", len(found), selector)
	}
	return found[0]
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// text is what a person reads of n, spaces put in order.
func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func texts(nodes []*html.Node) []string {
	var out []string
	for _, n := range nodes {
		out = append(out, text(n))
	}
	return out
}

func TestHome(t *testing.T) {
	doc := page(t, handler(t, shelf(t)...), "/", http.StatusOK)
	if got := texts(all(one(t, doc, "main"), "h3")); !slices.Equal(got, []string{"Russia – United States", "Iran – Saudi Arabia"}) {
		t.Errorf("dyads %q; the latest reported comes first", got)
	}
	row := one(t, doc, "li[data-dyad=RUS-USA]")
	if got := texts(all(one(t, row, "ul.chips"), "li")); !slices.Equal(got, []string{"all was unknown disputed", "foreign ministers was unknown open", "embassies frozen"}) {
		t.Errorf("channels %q", got)
	}
	if got := text(one(t, row, "p.changed")); got != "2 changes all unknown → disputed; foreign ministers unknown → open" {
		t.Errorf("changes of 7 days %q", got)
	}
	if got := text(one(t, row, "p.meta")); !strings.Contains(got, "3 reports, 2 independent") {
		t.Errorf("counts %q; a copy is no origin", got)
	}
	if got := texts(all(row, "q")); !slices.Equal(got, []string{"Nearly all lines to Washington are frozen", "contacts had never stopped"}) {
		t.Errorf("quarrel %q", got)
	}
	month := page(t, handler(t, shelf(t)...), "/?days=30", http.StatusOK)
	if got := text(one(t, one(t, month, "li[data-dyad=RUS-USA]"), "p.changed")); !strings.HasPrefix(got, "3 changes") {
		t.Errorf("changes of 30 days %q", got)
	}
	page(t, handler(t), "/", http.StatusOK) // an empty store
	page(t, handler(t), "/?days=9", http.StatusBadRequest)
}

func TestDyadBoard(t *testing.T) {
	doc := page(t, handler(t, shelf(t)...), "/dyads/rus-usa", http.StatusOK)
	board := one(t, doc, "table.board")
	for channel, want := range map[string]string{
		"all":               "disputed",
		"foreign-ministers": "open",
		"embassies":         "frozen",
	} {
		row := one(t, board, "tr[data-channel="+channel+"]")
		if got := text(one(t, row, "span.word")); got != want {
			t.Errorf("%s is %s, want %s", channel, got, want)
		}
		if len(all(row, "details")) == 0 {
			t.Errorf("%s: no evidence beside its rule", channel)
		}
	}
	cell := func(channel, label string) string {
		return text(one(t, one(t, board, "tr[data-channel="+channel+"]"), "td[data-label="+label+"]"))
	}
	if got := cell("foreign-ministers", "Last contact"); got != "phone, 12 Mar 2018" {
		t.Errorf("last contact %q", got)
	}
	if got := cell("foreign-ministers", "Says otherwise"); got != "Pyotr Danilov (RUS): frozen (almost every)" {
		t.Errorf("says otherwise %q", got)
	}
	if got := cell("embassies", "Last contact"); got != "none reported" {
		t.Errorf("embassies' last contact %q", got)
	}
	embassies := one(t, board, "tr[data-channel=embassies]")
	if got := texts(all(embassies, "span.copies")); !slices.Equal(got, []string{"also in Evening Ledger"}) {
		t.Errorf("copies of the recall %q", got)
	}
	silent := one(t, doc, "div.silent")
	if got := len(all(silent, "li")); got != 9 || len(all(silent, "span.state-frozen")) != 0 || len(all(silent, "span.state-unknown")) != 1 {
		t.Errorf("%d channels of which nothing was reported: %s", got, text(silent))
	}
}

func TestDispute(t *testing.T) {
	doc := page(t, handler(t, shelf(t)...), "/dyads/RUS-USA", http.StatusOK)
	dispute := one(t, doc, "article.dispute")
	if got := attr(dispute, "data-finding"); got != string(detente.RecordContradicts) {
		t.Errorf("finding %s", got)
	}
	claim, denial, record := one(t, dispute, "div.claims"), one(t, dispute, "div.denials"), one(t, dispute, "div.record")
	if got := text(one(t, claim, "p.chain")); got != "Northern Radio (interview) → Meridian (agency) → The Courier, 14 Mar 2018" {
		t.Errorf("chain of the claim %q", got)
	}
	for column, want := range map[*html.Node]string{
		claim: "Nearly all lines to Washington are frozen", denial: "contacts had never stopped", record: "spoken by phone",
	} {
		if got := text(one(t, column, "mark")); got != want {
			t.Errorf("%s marks %q, want %q", attr(column, "class"), got, want)
		}
	}
	if got := text(record); !strings.Contains(got, "contact by phone, 12 Mar 2018") || !strings.Contains(got, "told by Ann Whitlow") {
		t.Errorf("record %q", got)
	}
	if strings.Contains(text(dispute), "recall") {
		t.Errorf("the recall of an ambassador is no part of this quarrel: %q", text(dispute))
	}
}

func TestTimeline(t *testing.T) {
	doc := page(t, handler(t, shelf(t)...), "/dyads/RUS-USA", http.StatusOK)
	drawing := all(doc, "svg.timeline")[0]
	for class, want := range map[string]int{"g.lane-said": 1, "g.lane-denied": 1, "g.lane-done": 2, "g.ribbon": 3} {
		if got := len(all(drawing, class)); got != want {
			t.Errorf("%d %s in the drawing, want %d", got, class, want)
		}
	}
	if attr(drawing, "aria-label") == "" {
		t.Error("the drawing has no text of its own")
	}
	rows := all(one(t, one(t, doc, "table.entries"), "tbody"), "tr")
	var days []string
	for _, row := range rows {
		days = append(days, attr(all(row, "time")[0], "datetime")+" "+attr(row, "class"))
	}
	if want := []string{"2018-03-14 denied", "2018-03-13 said", "2018-03-12 done", "2018-03-02 done"}; !slices.Equal(days, want) {
		t.Errorf("table %q, want %q", days, want)
	}
}

func TestAsOf(t *testing.T) {
	h := handler(t, shelf(t)...)
	early := page(t, h, "/dyads/RUS-USA?as_of=2018-03-13", http.StatusOK)
	if got := text(one(t, early, "p.known")); !strings.Contains(got, "13 Mar 2018") {
		t.Errorf("the page does not say of which day it is: %q", got)
	}
	for _, later := range []string{"Danilov", "Whitlow", "phone", "14 Mar 2018", "disputed"} {
		if strings.Contains(text(one(t, early, "main")), later) {
			t.Errorf("on 13 March the page knows of %q, published on 14 March", later)
		}
	}
	before := page(t, h, "/dyads/RUS-USA?as_of=2018-03-01", http.StatusOK)
	if got := len(all(before, "tr[data-channel]")); got != 0 {
		t.Errorf("before any report %d channels have a state", got)
	}
	if got := len(all(one(t, before, "div.silent"), "li")); got != len(detente.Channels) {
		t.Errorf("before any report %d channels are unknown", got)
	}
	if got := texts(all(page(t, h, "/?as_of=2018-03-01", http.StatusOK), "h3")); !slices.Equal(got, []string{"Iran – Saudi Arabia"}) {
		t.Errorf("dyads on 1 March: %q", got)
	}
	for _, a := range all(early, "a[href]") {
		if href := attr(a, "href"); strings.HasPrefix(href, "/") && attr(a, "class") != "latest" && !strings.Contains(href, "as_of=2018-03-13") {
			t.Errorf("link %s loses the day", href)
		}
	}
	page(t, h, "/articles/quarrel?as_of=2018-03-13", http.StatusNotFound)
	page(t, h, "/articles/quarrel?as_of=2018-03-14", http.StatusOK)
	page(t, h, "/statements/quarrel/s1?as_of=2018-03-13", http.StatusNotFound)
	page(t, h, "/?as_of=13.3.2018", http.StatusBadRequest)
	if got := len(all(page(t, h, "/search?q=lines&as_of=2018-03-13", http.StatusOK), "li.hit")); got != 0 {
		t.Errorf("search on 13 March finds %d articles of 14 March", got)
	}
}

func TestArticle(t *testing.T) {
	doc := page(t, handler(t, shelf(t)...), "/articles/quarrel", http.StatusOK)
	if got := texts(all(one(t, doc, "div.text"), "span.speaker")); !slices.Equal(got, []string{"Pyotr Danilov", "Ann Whitlow", "She"}) {
		t.Errorf("speakers marked %q", got)
	}
	paras := all(doc, "p.words")
	if len(paras) != 3 { // the title is the heading
		t.Fatalf("%d paragraphs", len(paras))
	}
	if got := text(paras[2]); got != "She s3 added that the two foreign ministers had spoken by phone e1 on Monday about the ceasefire." && got != "Shes3 added that the two foreign ministers had spoken by phonee1 on Monday about the ceasefire." {
		t.Errorf("third paragraph %q", got)
	}
	for _, id := range []string{"s1", "s2", "s3", "c1", "c2", "e1", "a1"} {
		one(t, doc, "[id="+id+"]")
	}
	gulf := page(t, handler(t, shelf(t)...), "/articles/gulf", http.StatusOK)
	if got := text(one(t, gulf, "[id=i1]")); !strings.Contains(got, "Harbour index -3.5 percent") {
		t.Errorf("indicator %q", got)
	}
}

// An earlier version says that it is one, though not as of a day before the later.
func TestVersionsOfAnArticle(t *testing.T) {
	units := shelf(t)
	units[1].Wire = "Reuters"
	units[2].Story = units[1].Record.Article.ID
	h := handler(t, units...)
	for asOf, want := range map[string]bool{"": true, "?as_of=2018-03-03": true, "?as_of=2018-03-02": false} {
		meta := strings.Join(texts(all(page(t, h, "/articles/wire"+asOf, http.StatusOK), "p.meta")), "\n")
		if got := strings.Contains(meta, "A later version stands in its place from 3 Mar 2018 on."); got != want {
			t.Errorf("as of %q: %s", asOf, meta)
		}
		if !strings.Contains(meta, "credit to Reuters") {
			t.Errorf("no credit in %s", meta)
		}
	}
}

func TestStatement(t *testing.T) {
	doc := page(t, handler(t, shelf(t)...), "/statements/quarrel/s1", http.StatusOK)
	steps := texts(all(one(t, doc, "ol.steps"), "b"))
	if want := []string{"Pyotr Danilov", "Northern Radio", "Meridian", "The Courier"}; !slices.Equal(steps, want) {
		t.Errorf("chain %q, want %q", steps, want)
	}
	if got := texts(all(doc, "p.around")); len(got) != 2 || !strings.HasPrefix(got[1], "The State Department") {
		t.Errorf("neighbours %q", got)
	}
	broken := page(t, handler(t, shelf(t)...), "/statements/quarrel/s2", http.StatusOK)
	one(t, broken, "li.missing") // no chain is told: shown as missing, not left out
	page(t, handler(t, shelf(t)...), "/statements/quarrel/s9", http.StatusNotFound)
	page(t, handler(t, shelf(t)...), "/statements/none/s1", http.StatusNotFound)
}

func TestSearch(t *testing.T) {
	h := handler(t, shelf(t)...)
	doc := page(t, h, "/search?q=AMBASSADOR", http.StatusOK)
	if got := texts(all(doc, "mark")); !slices.Equal(got, []string{"ambassador", "ambassador"}) {
		t.Errorf("marked %q", got)
	}
	doc = page(t, h, "/search?party=irn", http.StatusOK)
	if got := texts(all(one(t, doc, "ol.hits"), "h3")); !slices.Equal(got, []string{"Tehran denies any letter to Riyadh"}) {
		t.Errorf("speakers for IRN: %q", got)
	}
}

// TestTwins compares the JSON with what the pages' own functions give.
func TestTwins(t *testing.T) {
	h := handler(t, shelf(t)...)
	var d Dyad
	res := get(t, h, "/api/v1/dyads/RUS-USA")
	if err := json.NewDecoder(res.Body).Decode(&d); err != nil {
		t.Fatal(err)
	}
	want, err := ReadDyad(context.Background(), stock(t, shelf(t)...), detente.NewDyad("RUS", "USA"), "", store.Place{})
	if err != nil {
		t.Fatal(err)
	}
	if a, b := marshal(t, d), marshal(t, want); a != b {
		t.Errorf("JSON\n%s\nwant\n%s", a, b)
	}
	if d.Disputes[0].Claims[0].ID != "quarrel#c1" || d.Disputes[0].Record[0].ID != "quarrel#a1" {
		t.Errorf("ids %s and %s do not name their article", d.Disputes[0].Claims[0].ID, d.Disputes[0].Record[0].ID)
	}
	var a Article
	if err := json.NewDecoder(get(t, h, "/api/v1/articles/quarrel").Body).Decode(&a); err != nil {
		t.Fatal(err)
	}
	if rec := shelf(t)[0].Record; a.Record.Text != rec.Text || !reflect.DeepEqual(a.Record.Claims, rec.Claims) {
		t.Errorf("record %s", marshal(t, a.Record))
	}
	for path, status := range map[string]int{
		"/api/v1/dyads": 200, "/api/v1/statements/quarrel/s1": 200, "/api/v1/dyads/RUS-FRA": 404, "/api/v1/dyads/x": 404,
		"/api/v1/articles/none": 404, "/api/v1/dyads?as_of=x": 400,
	} {
		res := get(t, h, path)
		body, _ := io.ReadAll(res.Body)
		if res.StatusCode != status || !json.Valid(body) || strings.Contains(string(body), "null") {
			t.Errorf("%s: status %d, body %s", path, res.StatusCode, body)
		}
	}
}

func marshal(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestWalk follows every link from the front page and looks at each page for
// what all of them must have and must not have.
func TestWalk(t *testing.T) {
	h := handler(t, shelf(t)...)
	seen := map[string]*html.Node{}
	queue := []string{"/", "/search?q=ambassador&party=RUS", "/?as_of=2018-03-05"}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		if seen[at] != nil {
			continue
		}
		if strings.HasPrefix(at, "/static/") || strings.HasPrefix(at, "/api/") {
			if res := get(t, h, at); res.StatusCode != http.StatusOK {
				t.Errorf("%s: status %d", at, res.StatusCode)
			}
			continue
		}
		doc := page(t, h, at, http.StatusOK)
		seen[at] = doc
		decent(t, at, doc)
		for _, a := range slices.Concat(all(doc, "a[href]"), all(doc, "link[href]")) {
			href, _, _ := strings.Cut(attr(a, "href"), "#")
			if strings.HasPrefix(href, "/") {
				queue = append(queue, href)
			}
		}
	}
	if len(seen) < 12 {
		t.Errorf("only %d pages were reached", len(seen))
	}
	for at, doc := range seen {
		for _, a := range all(doc, "a[href]") {
			href := attr(a, "href")
			if strings.HasPrefix(href, "#") {
				href = at + href
			}
			target, fragment, found := strings.Cut(href, "#")
			if !found || !strings.HasPrefix(target, "/") {
				continue
			}
			if id, _ := url.PathUnescape(fragment); len(all(seen[target], "[id="+id+"]")) != 1 {
				t.Errorf("%s links to %s, where nothing has this id", at, href)
			}
		}
	}
}

// decent checks a page for what every page must have.
func decent(t *testing.T, at string, doc *html.Node) {
	t.Helper()
	if len(all(doc, "h1")) != 1 || attr(one(t, doc, "html"), "lang") == "" || text(one(t, one(t, doc, "head"), "title")) == "" {
		t.Errorf("%s: no heading, language or title", at)
	}
	if got := text(one(t, doc, "p.banner")); got != "Written for the test." {
		t.Errorf("%s: banner %q", at, got)
	}
	for d := range doc.Descendants() {
		if d.Type != html.ElementNode {
			continue
		}
		if own := d.Data == "script" && attr(d, "src") == "/static/keys.js" && d.FirstChild == nil; own {
			continue
		}
		if d.Data == "script" || d.Data == "iframe" || d.Data == "object" || has(d, "style") {
			t.Errorf("%s: <%s %v>", at, d.Data, d.Attr)
		}
		for _, a := range d.Attr {
			if strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.TrimSpace(strings.ToLower(a.Val)), "javascript:") {
				t.Errorf("%s: attribute %s=%q", at, a.Key, a.Val)
			}
		}
		if d.Data == "input" && attr(d, "type") != "hidden" && len(all(doc, "label[for="+attr(d, "id")+"]")) != 1 {
			t.Errorf("%s: input %s has no label", at, attr(d, "name"))
		}
		if d.Data == "a" && text(d) == "" && attr(d, "aria-label") == "" {
			t.Errorf("%s: a link without words to %s", at, attr(d, "href"))
		}
	}
	ids := map[string]bool{}
	for _, d := range all(doc, "[id]") {
		if id := attr(d, "id"); ids[id] {
			t.Errorf("%s: two elements are #%s", at, id)
		} else {
			ids[id] = true
		}
	}
}

// TestHostile puts markup into every text of a record; nothing of it may come
// out as markup, on any page.
func TestHostile(t *testing.T) {
	const evil = `"'><script>alert(1)</script><img src=x onerror=alert(2)><a href="javascript:alert(3)" id="pwned">&lt;`
	d := newDraft(t, evil, evil, "2018-03-14", evil, "She said "+evil+" again.")
	art := &d.rec.Article
	art.URL, art.Byline, art.Captions, art.Warnings, art.Language = "javascript:alert(4)", []string{evil}, []string{evil}, []string{evil}, evil
	who := detente.Speaker{ID: evil, Name: evil, Role: evil, Party: "<B>"}
	st := d.says(who, "She", "said", evil, evil, detente.Link{Name: evil, As: evil})
	d.rec.Statements[0].Modality, d.rec.Statements[0].Kind, d.rec.Statements[0].Addressee = evil, evil, evil
	d.claims(st, "RUS-USA", detente.ChannelAll, detente.Frozen, evil, "again")
	d.claims(st, "RUS-USA", evil, evil, evil, "again")
	d.acts(detente.Freeze, evil, "RUS-USA", detente.Military, "2018-03-14", "again", st)
	d.rec.Events[0].Type, d.rec.Events[0].Place, d.rec.Events[0].Rule, d.rec.Events[0].Source[0].Name = evil, evil, evil, evil
	d.rec.Indicators = []detente.Indicator{{Name: evil, Unit: evil, SinceText: evil, Since: evil}}
	other := newDraft(t, "other", evil, "2018-03-15", "They went on.")
	st = other.says(detente.Speaker{Name: evil + evil, Party: "USA"}, "They", "They", "They went on.", "2018-03-15")
	other.claims(st, "RUS-USA", detente.ChannelAll, detente.Open, "", "They went on.")
	h := handler(t, store.Unit{Record: d.rec, Origin: evil}, store.Unit{Record: other.rec})
	id := url.PathEscape(evil)
	q := url.QueryEscape(evil)
	for path, status := range map[string]int{
		"/": 200, "/dyads/RUS-USA": 200, "/articles/" + id: 200, "/statements/" + id + "/s1": 200,
		"/search?q=alert&speaker=" + q: 200, "/search?q=" + q + "&party=" + q: 200, "/?x=" + q: 200,
		"/?as_of=" + q: 400, "/" + id: 404, "/dyads/" + id: 404, "/statements/" + id + "/" + id: 404,
	} {
		doc := page(t, h, path, status)
		decent(t, path, doc)
		if len(all(doc, "img")) != 0 || len(all(doc, "[id=pwned]")) != 0 {
			t.Errorf("%s: markup came through", path)
		}
	}
	if doc := page(t, h, "/articles/"+id, http.StatusOK); !strings.Contains(text(one(t, doc, "main")), "<script>alert(1)</script>") {
		t.Error("the article's own words are not shown")
	}
}

func TestHeaders(t *testing.T) {
	h := handler(t, shelf(t)...)
	for _, path := range []string{"/", "/nowhere", "/api/v1/dyads", "/static/detente.css"} {
		res := get(t, h, path)
		if csp := res.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'; script-src 'self'; ") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q", path, csp)
		}
		if res.Header.Get("X-Content-Type-Options") != "nosniff" || res.Header.Get("Content-Type") == "" {
			t.Errorf("%s: headers %v", path, res.Header)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("POST", "/", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: status %d", w.Code)
	}
	req := httptest.NewRequest("GET", "/static/detente.css", nil)
	req.Header.Set("If-None-Match", get(t, h, "/static/detente.css").Header.Get("ETag"))
	w = httptest.NewRecorder()
	if h.ServeHTTP(w, req); w.Code != http.StatusNotModified {
		t.Errorf("the same style sheet again: status %d", w.Code)
	}
	if body, _ := io.ReadAll(get(t, h, "/healthz").Body); string(body) != "ok\n" {
		t.Errorf("healthz %q", body)
	}
}

// TestBrokenStore closes the store under the server.
func TestBrokenStore(t *testing.T) {
	st := stock(t, shelf(t)...)
	h, err := New(st, Config{Banner: "Written for the test."})
	if err != nil {
		t.Fatal(err)
	}
	st.Close()
	doc := page(t, h, "/", http.StatusInternalServerError)
	decent(t, "/", doc)
	if strings.Contains(text(doc), "sql") {
		t.Errorf("the page tells of its insides: %s", text(doc))
	}
	if res := get(t, h, "/healthz"); res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("healthz: status %d", res.StatusCode)
	}
}

func TestSamePagesTwice(t *testing.T) {
	h := handler(t, shelf(t)...)
	for _, path := range []string{"/", "/dyads/RUS-USA", "/articles/quarrel", "/api/v1/dyads/RUS-USA"} {
		a, _ := io.ReadAll(get(t, h, path).Body)
		b, _ := io.ReadAll(get(t, h, path).Body)
		if !bytes.Equal(a, b) {
			t.Errorf("%s differs from one request to the next", path)
		}
	}
}

func TestServe(t *testing.T) {
	ln, local, err := Listen("127.0.0.1:0")
	if err != nil || !local {
		t.Fatal(local, err)
	}
	under, release := make(chan bool), make(chan bool)
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() {
		served <- Serve(ctx, ln, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/slow" {
				under <- true
				<-release
			}
			io.WriteString(w, "whole")
		}))
	}()
	base := "http://" + ln.Addr().String()
	req, _ := http.NewRequest("GET", base+"/", nil)
	req.Host = "elsewhere.example"
	if res, err := http.DefaultClient.Do(req); err != nil || res.StatusCode != http.StatusMisdirectedRequest {
		t.Errorf("a request for another name: %v, %v", res, err)
	}
	answer := make(chan string, 1)
	go func() {
		res, err := http.Get(base + "/slow")
		if err != nil {
			answer <- err.Error()
			return
		}
		body, _ := io.ReadAll(res.Body)
		answer <- string(body)
	}()
	<-under
	stop()
	release <- true
	if got := <-answer; got != "whole" {
		t.Errorf("the request under way at the stop got %q", got)
	}
	select {
	case err := <-served:
		if err != nil {
			t.Errorf("Serve: %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("Serve does not end")
	}
}

func TestListen(t *testing.T) {
	for _, addr := range []string{"8080", "127.0.0.1", "127.0.0.1:http:x", "256.1.1.1:80"} {
		if ln, _, err := Listen(addr); err == nil {
			ln.Close()
			t.Errorf("%s was opened", addr)
		}
	}
	ln, local, err := Listen(":0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	if local {
		t.Error("all addresses count as local")
	}
	if _, _, err := Listen(ln.Addr().String()); err == nil || !strings.Contains(err.Error(), "--addr") {
		t.Errorf("an address in use: %v", err)
	}
}
