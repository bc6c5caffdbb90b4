package web

import (
	"io/fs"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"detente"
	"detente/data"
	"detente/eval"
	"detente/internal/actor"
	"detente/internal/store"
)

func TestPerson(t *testing.T) {
	h := handler(t, shelf(t)...)
	doc := page(t, h, "/people/ann%20whitlow?party=usa", http.StatusOK)
	said := texts(all(doc, "li.saying"))
	if len(said) != 2 || !strings.HasSuffix(said[0], "said on 14 Mar 2018 · asserted · as State Department spokeswoman") || !strings.HasPrefix(said[1], "She added") {
		t.Errorf("said %q; a pronoun is hers too", said)
	}
	page(t, h, "/people/Ann%20Whitlow?party=RUS", http.StatusNotFound)
	page(t, h, "/people/Ann%20Whitlow?as_of=2018-03-13", http.StatusNotFound)
	page(t, h, "/people/Ann%20Whitlow?after=x", http.StatusBadRequest)
	dyad := page(t, h, "/dyads/RUS-USA", http.StatusOK)
	if got := attr(all(dyad, "a.person")[0], "href"); got != "/people/Pyotr%20Danilov?party=RUS" {
		t.Errorf("the claimant's link is %s", got)
	}
}

// TestOffices asks the actor tables that ship.
func TestOffices(t *testing.T) {
	book := loadBook(t)
	h, err := New(stock(t, shelf(t)...), Config{Facts: book.Find})
	if err != nil {
		t.Fatal(err)
	}
	for day, held := range map[string]int{"2016-12-20": 1, "2019-06-01": 0} {
		doc := page(t, h, "/people/John%20Kerry?party=USA&as_of="+day, http.StatusOK)
		now := texts(all(doc, "tr.now"))
		if len(now) != held || held == 1 && !strings.Contains(strings.ToLower(now[0]), "secretary of state") {
			t.Errorf("on %s the offices %q are marked", day, now)
		}
		if len(all(doc, "li.saying")) != 0 {
			t.Errorf("on %s something is said to be said", day)
		}
	}
}

func loadBook(t *testing.T) *actor.Book {
	t.Helper()
	dir, err := fs.Sub(data.FS, "actors")
	if err != nil {
		t.Fatal(err)
	}
	book, err := actor.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return book
}

func TestOutlets(t *testing.T) {
	tass := newDraft(t, "tass", "TASS", "2018-03-09", "Ministers may meet", "A meeting is being talked of.")
	h, err := New(stock(t, append(shelf(t), store.Unit{Record: tass.rec})...), Config{Facts: loadBook(t).Find})
	if err != nil {
		t.Fatal(err)
	}
	doc := page(t, h, "/outlets", http.StatusOK)
	if got := texts(all(one(t, one(t, doc, "table.outlets"), "tbody"), "th")); !slices.Equal(got, []string{"Evening Ledger", "Harbour Post", "Meridian", "TASS", "The Courier"}) {
		t.Errorf("outlets %q", got)
	}
	if got := text(one(t, one(t, doc, "tr[data-outlet=TASS]"), "td[data-label=Owner]")); got != "owned by a state or its ruling party" {
		t.Errorf("owner of TASS: %q", got)
	}
	if got := text(one(t, doc, "p.lead")); got != "5 articles: 1 of outlets that a state or its ruling party owns, 4 of outlets whose owner the tables do not tell." {
		t.Errorf("%q", got)
	}
	early := page(t, h, "/outlets?as_of=2018-03-02", http.StatusOK)
	if got := len(all(early, "tr[data-outlet]")); got != 2 {
		t.Errorf("on 2 March %d outlets are known", got)
	}
	one(t, page(t, h, "/outlets/The%20Courier", http.StatusOK), "li.hit")
	if n := len(all(page(t, h, "/outlets/The%20Courier?as_of=2018-03-13", http.StatusOK), "li.hit")); n != 0 {
		t.Errorf("on 13 March %d articles of 14 March are known", n)
	}
	page(t, h, "/outlets/Nobody", http.StatusNotFound)
}

func TestSearchFilters(t *testing.T) {
	h := handler(t, shelf(t)...)
	for query, want := range map[string][]string{
		"channel=embassies":                {"Russia recalls its envoy from Washington", "Russia recalls its envoy from Washington", "Tehran denies any letter to Riyadh"},
		"channel=all&state=frozen":         {"Moscow sees the lines to Washington go dead"},
		"from=2018-03-03&to=2018-03-13":    {"Russia recalls its envoy from Washington"},
		"outlet=Harbour+Post":              {"Tehran denies any letter to Riyadh"},
		"speaker=danilov&party=rus":        {"Moscow sees the lines to Washington go dead"},
		"q=recalled&outlet=meridian&to=":   nil,
		"q=recalled&outlet=Meridian&from=": {"Russia recalls its envoy from Washington"},
	} {
		doc := page(t, h, "/search?"+query, http.StatusOK)
		if got := texts(all(one(t, doc, "ol.hits"), "h3")); !slices.Equal(got, want) {
			t.Errorf("%s finds %q, want %q", query, got, want)
		}
	}
	for _, bad := range []string{"channel=nothing", "state=unknown", "from=March", "after=x"} {
		page(t, h, "/search?"+bad, http.StatusBadRequest)
	}
	chosen := one(t, page(t, h, "/search?channel=embassies&disputed=1", http.StatusOK), "form.search")
	if len(all(chosen, "option[selected]")) != 1 || !has(one(t, chosen, "input[name=disputed]"), "checked") {
		t.Error("the form forgets what was asked")
	}
}

// TestPaging reads a long list to its end.
func TestPaging(t *testing.T) {
	var units []store.Unit
	for i := range store.DefaultLimit + 10 {
		id := "x" + strconv.Itoa(100+i)
		d := newDraft(t, id, "The Courier", "2018-03-14", "Title "+id, "Nothing much.")
		units = append(units, store.Unit{Record: d.rec})
	}
	h := handler(t, units...)
	for _, at := range []string{"/search?outlet=The+Courier&as_of=2018-03-14", "/outlets/The%20Courier"} {
		seen := map[string]bool{}
		for next := at; next != ""; {
			doc := page(t, h, next, http.StatusOK)
			for _, title := range texts(all(doc, "h3")) {
				if seen[title] {
					t.Errorf("%s: %s comes twice", at, title)
				}
				seen[title] = true
			}
			next = ""
			for _, a := range all(doc, "a[rel=next]") {
				next = attr(a, "href")
			}
		}
		if len(seen) != len(units) {
			t.Errorf("%s: %d articles of %d", at, len(seen), len(units))
		}
	}
}

func TestMethod(t *testing.T) {
	doc := page(t, handler(t, shelf(t)...), "/method", http.StatusOK)
	figs, err := figures(eval.Measured)
	if err != nil {
		t.Fatal(err)
	}
	rows := all(one(t, one(t, doc, "table.figures"), "tbody"), "tr")
	if len(rows) != len(figs) || len(rows) < 10 {
		t.Fatalf("%d rows for %d figures", len(rows), len(figs))
	}
	for _, f := range figs {
		figure, err := strconv.ParseFloat(f.Figure, 64)
		if err != nil || figure < 0 || figure > 100 {
			t.Errorf("%s: figure %q", f.What, f.Figure)
		}
		if f.High == "" {
			continue
		}
		low, err1 := strconv.ParseFloat(f.Low, 64)
		high, err2 := strconv.ParseFloat(f.High, 64)
		if err1 != nil || err2 != nil || low > figure || figure > high {
			t.Errorf("%s: %s does not lie between %s and %s", f.What, f.Figure, f.Low, f.High)
		}
	}
	for _, s := range []detente.State{detente.Open, detente.Minimal, detente.Frozen, detente.Severed, detente.Disputed, detente.Unknown} {
		one(t, doc, "span.state-"+string(s))
	}
	if got := text(one(t, doc, "table.plain")); !strings.Contains(got, "m1") || !strings.Contains(got, "r1") {
		t.Errorf("versions %q", got)
	}
	if _, err := figures("a\tb\n1\n"); err == nil || !strings.Contains(err.Error(), "measured.tsv:2") {
		t.Errorf("a damaged table: %v", err)
	}
}

// TestReach: two outlets print one text, a third quotes the same day.
func TestReach(t *testing.T) {
	words := []string{"Talks go on", "Talks go on, Ann Whitlow said on Wednesday."}
	quote := func(id, outlet string, day detente.Date) *draft {
		d := newDraft(t, id, outlet, day, words...)
		d.says(whitlow, "Ann Whitlow", "said", "Talks go on", "2018-03-14")
		return d
	}
	first, copied, other := quote("first", "Meridian", "2018-03-14"), quote("copied", "Ledger", "2018-03-15"), quote("other", "Post", "2018-03-16")
	later := newDraft(t, "later", "Post", "2018-04-20", "Talks went on", "Talks went on, Ann Whitlow said.")
	later.says(whitlow, "Ann Whitlow", "said", "Talks went on", "2018-04-20")
	h := handler(t, store.Unit{Record: first.rec, Origin: "first"}, store.Unit{Record: copied.rec, Origin: "first"}, store.Unit{Record: other.rec}, store.Unit{Record: later.rec})
	for at, want := range map[string]string{
		"/statements/first/s1":                  "Ann Whitlow is quoted for 14 Mar 2018 in 3 reports of 2 independent origins. Whether they tell of the same words is left to you.",
		"/statements/other/s1":                  "Ann Whitlow is quoted for 14 Mar 2018 in 3 reports of 2 independent origins. Whether they tell of the same words is left to you.",
		"/statements/first/s1?as_of=2018-03-15": "Ann Whitlow is quoted for 14 Mar 2018 in 2 reports of 1 independent origin.",
		"/statements/first/s1?as_of=2018-03-14": "Ann Whitlow is quoted for 14 Mar 2018 in 1 report of 1 independent origin.",
	} {
		if got := text(one(t, page(t, h, at, http.StatusOK), "p.counts")); got != want {
			t.Errorf("%s: %q, want %q", at, got, want)
		}
	}
}

// TestVoices: the claim that names a person and how it came here stands first,
// a heading that says the same does not hide it.
func TestVoices(t *testing.T) {
	d := newDraft(t, "v", "The Courier", "2018-03-14",
		"Russia says lines are frozen",
		"Lines are frozen, Pyotr Danilov told Northern Radio.",
		"Contacts never stopped, Ann Whitlow said.")
	s := d.says(detente.Speaker{Name: "Russia", Party: "RUS"}, "Russia", "says", "lines are frozen", "")
	d.claims(s, "RUS-USA", detente.ChannelAll, detente.Frozen, "", "lines are frozen")
	s = d.says(danilov, "Pyotr Danilov", "told", "Lines are frozen", "2018-03-13", detente.Link{Name: "Northern Radio", As: "interview"})
	d.claims(s, "RUS-USA", detente.ChannelAll, detente.Frozen, "", "Lines are frozen")
	s = d.says(whitlow, "Ann Whitlow", "said", "Contacts never stopped", "2018-03-14")
	d.claims(s, "RUS-USA", detente.ChannelAll, detente.Open, "", "Contacts never stopped")
	doc := page(t, handler(t, store.Unit{Record: d.rec}), "/dyads/RUS-USA", http.StatusOK)
	who := texts(all(one(t, doc, "div.claims"), "a.person"))
	if !slices.Equal(who, []string{"Pyotr Danilov", "Russia"}) {
		t.Errorf("claimants %q", who)
	}
	if got := texts(all(one(t, doc, "div.denials"), "a.person")); !slices.Equal(got, []string{"Ann Whitlow"}) {
		t.Errorf("denials by %q", got)
	}
}
