package web

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"detente"
	"detente/internal/store"
)

// postReview sends a review as JSON.
func postReview(t *testing.T, h http.Handler, v Review) (store.Change, int, string) {
	t.Helper()
	body, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	res := sent(h, "POST", "/api/v1/reviews", strings.NewReader(string(body)), func(r *http.Request) {
		bearer(writeToken)(r)
		r.Header.Set("Content-Type", "application/json; charset=utf-8")
	})
	answer := bodyOf(t, res)
	var c store.Change
	if err := json.Unmarshal([]byte(answer), &c); err != nil {
		t.Fatalf("%s: %v", answer, err)
	}
	return c, res.StatusCode, answer
}

var reviewDay = time.Date(2024, 2, 1, 12, 0, 0, 0, time.UTC)

func reviewing(t *testing.T) (http.Handler, store.Store) {
	return operated(t, Operation{WriteToken: writeToken, Now: func() time.Time { return reviewDay }}, nil)
}

func TestReviewByAPI(t *testing.T) {
	h, st := reviewing(t)
	c, status, answer := postReview(t, h, Review{Item: "quarrel#c1", Verdict: store.Corrected, Field: "channel", New: "leaders",
		Reason: " he speaks of the presidents ", By: "A. Reader"})
	if status != http.StatusCreated || c.ID == 0 || c.Old != "all" || c.New != "leaders" || c.Reason != "he speaks of the presidents" ||
		!c.At.Equal(reviewDay) || c.Trigger != store.ByReview || c.Verdict != store.Corrected || c.TextHash == "" || c.By != "A. Reader" {
		t.Errorf("%d %s", status, answer)
	}
	// The next one starts from there.
	if c, _, answer := postReview(t, h, Review{Item: "quarrel#c1", Verdict: store.Corrected, Field: "channel", New: "military", Reason: "no", By: "B. Reader"}); c.Old != "leaders" {
		t.Errorf("%s", answer)
	}
	if c, _, answer := postReview(t, h, Review{Item: "quarrel#s1", Verdict: store.Confirmed, By: "B. Reader"}); c.Field != "review" || c.Old != "unreviewed" || c.New != "confirmed" {
		t.Errorf("%s", answer)
	}
	if c, _, answer := postReview(t, h, Review{Item: "quarrel#s1", Verdict: store.Rejected, Reason: "no statement", By: "C. Reader"}); c.Old != "confirmed" || c.New != "rejected" {
		t.Errorf("%s", answer)
	}
	if c, _, answer := postReview(t, h, Review{Item: "quarrel#c2", Verdict: store.Confirmed, Field: "state", By: "B. Reader"}); c.Old != "open" || c.New != "open" {
		t.Errorf("%s", answer)
	}
	// What the program found stands as it was.
	u, _, err := st.Unit(context.Background(), "quarrel")
	if err != nil || u.Record.Claims[0].Channel != detente.ChannelAll {
		t.Errorf("the record is %+v, %v", u.Record.Claims[0], err)
	}
	var log List[store.Change]
	get := func(query string) {
		t.Helper()
		log = List[store.Change]{}
		if err := json.NewDecoder(sent(h, "GET", "/api/v1/changes?"+query, nil, nil).Body).Decode(&log); err != nil {
			t.Fatal(err)
		}
	}
	if get("limit=2"); len(log.Items) != 2 || log.Next == "" {
		t.Errorf("the log begins with %+v", log)
	}
	if get("limit=2&cursor=" + log.Next); len(log.Items) != 2 || log.Items[0].ID != 3 || log.Next == "" {
		t.Errorf("it goes on with %+v", log)
	}
	if get("item=quarrel%23c1"); len(log.Items) != 2 || log.Items[1].Old != "all" {
		t.Errorf("of one claim: %+v", log)
	}
	if get("as_of=2024-01-31"); len(log.Items) != 0 {
		t.Errorf("the day before: %+v", log)
	}
	for _, wrong := range []string{"cursor=x", "limit=0", "limit=9999", "as_of=x"} {
		if res := sent(h, "GET", "/api/v1/changes?"+wrong, nil, nil); res.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %d", wrong, res.StatusCode)
		}
	}
}

// TestReviewRefuses: what the codebook does not have cannot be said.
func TestReviewRefuses(t *testing.T) {
	h, st := reviewing(t)
	good := Review{Item: "quarrel#c1", Verdict: store.Corrected, Field: "channel", New: "leaders", Reason: "so", By: "A. Reader"}
	for want, edit := range map[string]func(*Review){
		"confirmed, corrected or rejected":     func(v *Review) { v.Verdict = "false" },
		"channel is one of all, leaders":       func(v *Review) { v.New = "telegraph" },
		"state is one of open":                 func(v *Review) { v.Field, v.New = "state", "disputed" },
		"finding is one of record-contradicts": func(v *Review) { v.Field, v.New = "finding", "lie" },
		"date is written":                      func(v *Review) { v.Item, v.Field, v.New = "quarrel#s1", "said_on", "Tuesday" },
		"alphabetical order":                   func(v *Review) { v.Field, v.New = "dyad", "USA-RUS" },
		"capital letters":                      func(v *Review) { v.Item, v.Field, v.New = "quarrel#s1", "party", "Russia" },
		`no field "truth"`:                     func(v *Review) { v.Field = "truth" },
		`is "all" already`:                     func(v *Review) { v.New = "all" },
		"no finding to be confirmed":           func(v *Review) { v.Verdict, v.Field, v.New = store.Confirmed, "finding", "" },
		"names a field":                        func(v *Review) { v.Field = "" },
		"only a correction says":               func(v *Review) { v.Verdict = store.Confirmed },
		"one field is corrected":               func(v *Review) { v.Verdict, v.New = store.Rejected, "" },
		"say why":                              func(v *Review) { v.Reason = " " },
		"needs the name":                       func(v *Review) { v.By = "" },
		"the reason is longer":                 func(v *Review) { v.Reason = strings.Repeat("é", maxReason+1) },
		"characters that are none":             func(v *Review) { v.By = "A\x00B" },
		"the article has no c9":                func(v *Review) { v.Item = "quarrel#c9" },
		"is no reference":                      func(v *Review) { v.Item = "quarrel" },
	} {
		v := good
		edit(&v)
		if _, status, answer := postReview(t, h, v); status != http.StatusBadRequest || !strings.Contains(answer, strings.ReplaceAll(want, `"`, `\"`)) {
			t.Errorf("%d %s; want it to say %q", status, answer, want)
		}
	}
	good.Item = "nowhere#c1"
	if _, status, _ := postReview(t, h, good); status != http.StatusNotFound {
		t.Errorf("an article that is not there: %d", status)
	}
	for name, edit := range map[string]func(*http.Request){
		"no token":    func(r *http.Request) { r.Header.Set("Content-Type", "application/json") },
		"wrong token": func(r *http.Request) { bearer("x")(r); r.Header.Set("Content-Type", "application/json") },
	} {
		if res := sent(h, "POST", "/api/v1/reviews", strings.NewReader(`{}`), edit); res.StatusCode != http.StatusUnauthorized || res.Header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s: %d", name, res.StatusCode)
		}
	}
	if res := sent(h, "POST", "/api/v1/reviews", strings.NewReader(`{}`), bearer(writeToken)); res.StatusCode != http.StatusUnsupportedMediaType {
		t.Errorf("no type: %d", res.StatusCode)
	}
	if log, err := st.Changes(context.Background(), store.ChangeQuery{}); err != nil || len(log) != 0 {
		t.Errorf("the log has %+v, %v", log, err)
	}
	shut, _ := operated(t, Operation{}, nil)
	if _, status, answer := postReview(t, shut, Review{}); status != http.StatusForbidden || !strings.Contains(answer, "no token for it") {
		t.Errorf("where nobody may review: %d %s", status, answer)
	}
}

// loggedIn gets a page with a session and parses it.
func loggedIn(t *testing.T, h http.Handler, path string, c *http.Cookie) *html.Node {
	t.Helper()
	res := sent(h, "GET", path, nil, func(r *http.Request) { r.AddCookie(c) })
	if res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d", path, res.StatusCode)
	}
	doc, err := html.Parse(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// A person logs in, reviews by the form of the page, and finds it there.
func TestReviewByForm(t *testing.T) {
	h, _ := reviewing(t)
	const path = "/statements/quarrel/s1"
	doc := page(t, h, path, http.StatusOK)
	if links := all(doc, "a[href=/login?to="+url.QueryEscape(path)+"]"); len(links) != 1 || len(all(doc, "form[action=/review]")) > 0 {
		t.Errorf("without a session: %d links to log in, %d forms", len(links), len(all(doc, "form[action=/review]")))
	}
	c := login(t, h, writeToken)
	doc = loggedIn(t, h, path, c)
	forms := all(doc, "form[action=/review]")
	if len(forms) != 2 { // the statement and its claim
		t.Fatalf("%d forms", len(forms))
	}
	decentForms(t, doc)
	send := url.Values{"by": {"<b>A. Reader</b>"}, "reason": {"he speaks of the presidents"}, "new": {"leaders"}}
	for _, in := range all(forms[1], "input[type=hidden]") {
		send.Set(attr(in, "name"), attr(in, "value"))
	}
	send.Set("verdict", text(all(one(t, forms[1], "select[name=verdict]"), "option")[1]))
	send.Set("field", "channel")
	post := func(values url.Values, edit func(*http.Request)) *http.Response {
		return sent(h, "POST", "/review", strings.NewReader(values.Encode()), func(r *http.Request) {
			asForm(r)
			if edit != nil {
				edit(r)
			}
		})
	}
	withCookie := func(r *http.Request) { r.AddCookie(c) }
	if res := post(send, nil); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("without a session: %d", res.StatusCode)
	}
	if res := post(url.Values{"item": {"quarrel#c1"}}, withCookie); res.StatusCode != http.StatusBadRequest || !strings.Contains(bodyOf(t, res), "Not reviewed") {
		t.Errorf("an empty form: %d", res.StatusCode)
	}
	res := post(send, withCookie)
	if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != path+"#reviews" {
		t.Fatalf("reviewed: %d to %s: %s", res.StatusCode, res.Header.Get("Location"), bodyOf(t, res))
	}
	doc = page(t, h, path, http.StatusOK)
	decent(t, path, doc)
	said := text(one(t, doc, "section[aria-labelledby=reviews]"))
	for _, want := range []string{"<b>A. Reader</b>, 1 Feb 2024: c1 corrected, channel all leaders. he speaks of the presidents", "Beside it, the page shows what the program found"} {
		if !strings.Contains(said, want) {
			t.Errorf("the page says %q; want %q", said, want)
		}
	}
	if !strings.Contains(text(one(t, doc, "section[aria-labelledby=says]")), "frozen (almost every): all,") {
		t.Errorf("what the program found is gone: %s", text(doc))
	}
	if early := page(t, h, path+"?as_of=2018-03-15", http.StatusOK); strings.Contains(text(early), "A. Reader") {
		t.Error("a page as of an earlier day shows a later review")
	}
	log := page(t, h, "/changes", http.StatusOK)
	decent(t, "/changes", log)
	if row := text(one(t, one(t, log, "tbody"), "tr")); !strings.HasPrefix(row, "1 Feb 2024 quarrel#c1 channelallleaders review by <b>A. Reader</b>: he speaks") {
		t.Errorf("the log says %q", row)
	}
}

// decentForms: every control has a label.
func decentForms(t *testing.T, doc *html.Node) {
	t.Helper()
	for _, in := range append(all(doc, "select"), all(doc, "input")...) {
		if attr(in, "type") != "hidden" && len(all(doc, "label[for="+attr(in, "id")+"]")) != 1 {
			t.Errorf("%s %s has no label", in.Data, attr(in, "name"))
		}
	}
}

// TestClaimReview: search engines are told of claims of which a person gave the
// finding, and of no other.
func TestClaimReview(t *testing.T) {
	h, st := reviewing(t)
	const path = "/statements/quarrel/s1"
	told := func() []*html.Node { return all(page(t, h, path, http.StatusOK), "script[type=application/ld+json]") }
	review := func(v Review) {
		t.Helper()
		v.By = cmp.Or(v.By, "A. Reader")
		if _, status, answer := postReview(t, h, v); status != http.StatusCreated {
			t.Fatalf("%d %s", status, answer)
		}
	}
	if n := len(told()); n != 0 {
		t.Errorf("%d of a claim that nobody reviewed", n)
	}
	review(Review{Item: "quarrel#c1", Verdict: store.Confirmed})
	review(Review{Item: "quarrel#c1", Verdict: store.Confirmed, Field: "channel"})
	if n := len(told()); n != 0 {
		t.Errorf("%d of a claim of which nobody gave the finding", n)
	}
	const evil = `</script><script>alert(1)</script>`
	review(Review{Item: "quarrel#c1", Verdict: store.Corrected, Field: "finding", New: "record-contradicts", Reason: "a call on Monday " + evil})
	scripts := told()
	if len(scripts) != 1 || attr(scripts[0], "type") != "application/ld+json" {
		t.Fatalf("%d scripts", len(scripts))
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(scripts[0].FirstChild.Data), &got); err != nil {
		t.Fatalf("%s: %v", scripts[0].FirstChild.Data, err)
	}
	want := map[string]any{
		"@context": "https://schema.org", "@type": "ClaimReview", "url": path, "datePublished": "2024-02-01", "inLanguage": "en",
		"author":        map[string]any{"@type": "Person", "name": "A. Reader"},
		"claimReviewed": "Nearly all lines to Washington are frozen",
		"itemReviewed": map[string]any{"@type": "Claim", "datePublished": "2018-03-13",
			"author":     map[string]any{"@type": "Person", "name": "Pyotr Danilov", "jobTitle": "foreign ministry spokesman"},
			"appearance": map[string]any{"@type": "Article", "url": "https://quarrel.example/story", "headline": "Moscow sees the lines to Washington go dead"}},
		"reviewRating": map[string]any{"@type": "Rating", "alternateName": "The record contradicts the claim"},
		"reviewBody":   "a call on Monday " + evil,
	}
	if a, b := fmt.Sprint(got), fmt.Sprint(want); a != b {
		t.Errorf("told is\n%s\nwant\n%s", a, b)
	}
	if res := sent(h, "GET", path, nil, nil); !strings.Contains(res.Header.Get("Content-Security-Policy")+";", "script-src 'self';") || strings.Contains(bodyOf(t, res), evil) {
		t.Error("for that a script would run")
	}
	if n := len(all(page(t, h, path+"?as_of=2018-03-15", http.StatusOK), "script[type=application/ld+json]")); n != 0 {
		t.Errorf("%d as of a day before the review", n)
	}
	for _, other := range []string{"/statements/quarrel/s2", "/articles/quarrel", "/dyads/RUS-USA", "/"} {
		if n := len(all(page(t, h, other, http.StatusOK), "script[type=application/ld+json]")); n != 0 {
			t.Errorf("%d on %s", n, other)
		}
	}
	// Read anew by other rules, it is another claim until somebody looks.
	u, _, err := st.Unit(context.Background(), "quarrel")
	if err != nil {
		t.Fatal(err)
	}
	was := u.Record.Versions
	u.Record.Versions.Rules = "r9"
	commitUnit(t, st, u)
	doc := page(t, h, path, http.StatusOK)
	if len(all(doc, "script[type=application/ld+json]")) != 0 || !strings.Contains(text(doc), "said of an earlier reading") {
		t.Errorf("after a new reading: %s", text(one(t, doc, "section[aria-labelledby=reviews]")))
	}
	u.Record.Versions = was
	commitUnit(t, st, u)
	if n := len(told()); n != 1 {
		t.Errorf("%d after the first reading came back", n)
	}
	review(Review{Item: "quarrel#c1", Verdict: store.Rejected, Reason: "he is quoted wrongly"})
	if n := len(told()); n != 0 {
		t.Errorf("%d of a claim that was rejected", n)
	}
}

func commitUnit(t *testing.T, st store.Store, u store.Unit) {
	t.Helper()
	if _, err := st.Commit(context.Background(), u); err != nil {
		t.Fatal(err)
	}
}

// TestChangesPage: states and readings are lines too, with what they rest on.
func TestChangesPage(t *testing.T) {
	h, st := reviewing(t)
	for i := range maxLines + 1 {
		c := store.Change{At: reviewDay, Item: "RUS-USA/foreign-ministers", Field: "state", Old: "unknown", New: fmt.Sprint("open", i), Trigger: store.ByReading,
			Sources: []string{"quarrel#a1", "wire#a1", "reprint#a1", "gulf#a1"}, Version: "v"}
		if _, err := st.Log(context.Background(), c); err != nil {
			t.Fatal(err)
		}
	}
	doc := page(t, h, "/changes?trigger=reading", http.StatusOK)
	rows := all(one(t, doc, "tbody"), "tr")
	if len(rows) != maxLines {
		t.Fatalf("%d lines", len(rows))
	}
	if got := text(rows[0]); got != "1 Feb 2024 RUS-USA/foreign-ministers stateunknownopen100 reading; from quarrel#a1, wire#a1, reprint#a1 and 1 more v" {
		t.Errorf("the first line is %q", got)
	}
	for _, href := range []string{"/dyads/RUS-USA", "/articles/quarrel#a1", "/changes?before=2&trigger=reading"} {
		if len(all(doc, "a[href="+href+"]")) == 0 {
			t.Errorf("nothing leads to %s", href)
		}
	}
	doc = page(t, h, "/changes?before=2&trigger=reading", http.StatusOK)
	if rows := all(one(t, doc, "tbody"), "tr"); len(rows) != 1 || !strings.Contains(text(rows[0]), "open0") {
		t.Errorf("the next page: %s", text(doc))
	}
	if doc = page(t, h, "/changes?as_of=2020-01-01", http.StatusOK); !strings.Contains(text(doc), "No change is in the log up to this day.") {
		t.Errorf("years before: %s", text(one(t, doc, "main")))
	}
}
