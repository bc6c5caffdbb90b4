package ingest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"detente"
	"detente/internal/fetch"
	"detente/internal/store"
)

// paper is an outlet on the own machine: a feed, and pages that it points at.
type paper struct {
	*httptest.Server
	mu      sync.Mutex
	items   []item
	pages   map[string]string // by path
	status  map[string]int    // answers that are none
	etag    string
	fields  string // of the channel
	asked   []string
	matched int // requests that had the ETag
}

type item struct{ path, title, text string }

func newPaper(t *testing.T) *paper {
	p := &paper{pages: map[string]string{}, status: map[string]int{}, etag: `"1"`}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

func (p *paper) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked = append(p.asked, r.URL.Path)
	if status := p.status[r.URL.Path]; status != 0 {
		w.Header().Set("Location", p.URL+"/feed")
		w.WriteHeader(status)
		return
	}
	switch r.URL.Path {
	case "/feed":
		w.Header().Set("ETag", p.etag)
		if r.Header.Get("If-None-Match") == p.etag {
			p.matched++
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, p.feed())
	default:
		text, ok := p.pages[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, text)
	}
}

func (p *paper) feed() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0"?><rss version="2.0"><channel><title>The Fjord Post</title><language>en</language>%s`, p.fields)
	for _, it := range p.items {
		fmt.Fprintf(&b, `<item><title>%s</title><link>%s</link><pubDate>Wed, 08 May 2019 08:00:00 GMT</pubDate><description>%s</description></item>`, it.title, p.URL+it.path, it.text)
	}
	return b.String() + `</channel></rss>`
}

// publish puts an article into the feed, with its page.
func (p *paper) publish(path, title string, paragraphs ...string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.items = append(p.items, item{path, title, paragraphs[0]})
	p.pages[path] = pageOf(title, paragraphs...)
	p.etag = fmt.Sprintf("%q", fmt.Sprint(path, " ", title))
}

func pageOf(title string, paragraphs ...string) string {
	return `<!doctype html><html lang="en"><head><title>` + title + `</title><meta property="article:published_time" content="2019-05-08T08:00:00Z"></head>` +
		`<body><article><h1>` + title + `</h1><p>` + strings.Join(paragraphs, "</p><p>") + `</p></article></body></html>`
}

// standing is a clock that stands still until somebody waits, and then is there.
type standing struct {
	mu    sync.Mutex
	at    time.Time
	steps int // after so many waits the context ends
	stop  context.CancelFunc
}

func (c *standing) clock() fetch.Clock {
	return fetch.Clock{Now: func() time.Time {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.at
	}, Wait: func(ctx context.Context, until time.Time) error {
		c.mu.Lock()
		defer c.mu.Unlock()
		if until.After(c.at) {
			c.at = until
		}
		if c.steps--; c.steps == 0 && c.stop != nil {
			c.stop()
		}
		return ctx.Err()
	}}
}

var startOfPolling = time.Date(2019, 5, 8, 9, 0, 0, 0, time.UTC)

type polling struct {
	*Poller
	clock  *standing
	visits []Visit
}

func newPolling(t *testing.T, st store.Store) *polling {
	t.Helper()
	l, err := oneLine()
	if err != nil {
		t.Fatal(err)
	}
	p := &polling{clock: &standing{at: startOfPolling}}
	p.Poller = &Poller{Line: l, Store: st, Clock: p.clock.clock(), Every: time.Hour,
		Client: &fetch.Client{Options: fetch.Options{AllowPrivate: true}, Clock: p.clock.clock()},
		Report: func(v Visit) { p.visits = append(p.visits, v) }}
	return p
}

// rounds polls until a time has come.
func (p *polling) rounds(t *testing.T, until time.Time) {
	t.Helper()
	for p.clock.at.Before(until) {
		next, err := p.Round(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		p.clock.at = later(next, p.clock.at)
	}
}

func addSource(t *testing.T, st store.Store, address string) {
	t.Helper()
	if err := st.SaveSource(t.Context(), store.Source{Address: address, Added: startOfPolling}); err != nil {
		t.Fatal(err)
	}
}

func onlySource(t *testing.T, st store.Store) store.Source {
	t.Helper()
	list, err := st.Sources(t.Context())
	if err != nil || len(list) != 1 {
		t.Fatalf("sources %v, %v", list, err)
	}
	return list[0]
}

// titles lists what the store shows, and what it keeps of it.
func titles(t *testing.T, st store.Store) string {
	t.Helper()
	hits, err := st.Search(t.Context(), store.Query{})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, h := range hits {
		u, _, err := st.Unit(t.Context(), h.ID)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprintf("%s (%d)", h.Title, strings.Count(u.Record.Text, "\n\n")))
	}
	return strings.Join(out, ", ")
}

func TestWatchReadsFeedAndPages(t *testing.T) {
	outlet, st := newPaper(t), openStore(t)
	outlet.publish("/news/talks", "Ministers to meet", "The ministers of Norway and Iceland will meet on Friday.", "They will talk about mackerel, the ministry in Oslo said.")
	outlet.publish("/news/nets", "Nets are cut", "Nets of three boats were cut off Jan Mayen.", "Norway's coast guard said that it had seen nobody.")
	addSource(t, st, outlet.URL+"/feed")
	p := newPolling(t, st)
	p.rounds(t, startOfPolling.Add(10*time.Minute))
	if got := titles(t, st); got != "Ministers to meet (2), Nets are cut (2)" && got != "Nets are cut (2), Ministers to meet (2)" {
		t.Errorf("the store shows %s", got)
	}
	heads, err := st.At(t.Context(), store.AddressOf(outlet.URL+"/news/talks"))
	if err != nil || len(heads) != 2 || heads[1].Story != heads[0].ID {
		t.Errorf("of the article stand there %+v, %v; want the feed's words and the page", heads, err)
	}
	src := onlySource(t, st)
	if src.Title != "The Fjord Post" || src.ETag != outlet.etag || src.Read != startOfPolling || src.Error != "" || src.Failures != 0 {
		t.Errorf("source %+v", src)
	}
	if wait := src.Next.Sub(startOfPolling); wait < time.Hour || wait > 66*time.Minute {
		t.Errorf("next in %s", wait)
	}
	// Nothing new: the server is asked on condition, and nothing else is.
	outlet.asked = nil
	p.rounds(t, startOfPolling.Add(80*time.Minute))
	if got := strings.Join(outlet.asked, " "); got != "/feed" || outlet.matched != 1 {
		t.Errorf("asked for %s", got)
	}
	if last := p.visits[len(p.visits)-1]; !last.Same || last.Kept != 0 {
		t.Errorf("the last visit: %+v", last)
	}
}

// A page of which the feed tells something else is fetched again, and kept as a
// version where it has changed.
func TestWatchKeepsVersions(t *testing.T) {
	outlet, st := newPaper(t), openStore(t)
	outlet.publish("/news/talks", "Ministers to meet", "The ministers of Norway and Iceland will meet on Friday.", "They will talk about mackerel, the ministry in Oslo said.")
	addSource(t, st, outlet.URL+"/feed")
	p := newPolling(t, st)
	p.rounds(t, startOfPolling.Add(10*time.Minute))
	outlet.items = nil
	outlet.publish("/news/talks", "Ministers will not meet", "The ministers of Norway and Iceland will not meet on Friday.", "They were to talk about mackerel, the ministry in Oslo said.")
	p.rounds(t, startOfPolling.Add(26*time.Hour))
	if got := titles(t, st); got != "Ministers will not meet (2)" {
		t.Errorf("the store shows %s", got)
	}
	heads, err := st.At(t.Context(), store.AddressOf(outlet.URL+"/news/talks"))
	if err != nil || len(heads) != 3 || heads[2].Title != "Ministers will not meet" || heads[1].Until == "" {
		t.Errorf("%+v, %v; want the feed's first words and two pages", heads, err)
	}
}

func TestWatchShowsWhatIsWrong(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(*paper)
		words string
		wait  time.Duration // at least
	}{
		"missing":       {func(p *paper) { p.status["/feed"] = 404 }, "404", 3 * time.Minute},
		"broken":        {func(p *paper) { p.status["/feed"] = 500 }, "the fault is the server's", 3 * time.Minute},
		"forbidden":     {func(p *paper) { p.pages["/robots.txt"] = "User-agent: *\nDisallow: /feed" }, "robots.txt of the site forbids it", 3 * time.Minute},
		"robots broken": {func(p *paper) { p.status["/robots.txt"] = 500 }, "robots.txt of the site cannot be read", 3 * time.Minute},
		"in a loop":     {func(p *paper) { p.status["/feed"] = 302 }, "too many redirects", 3 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			outlet, st := newPaper(t), openStore(t)
			test.spoil(outlet)
			addSource(t, st, outlet.URL+"/feed")
			p := newPolling(t, st)
			p.rounds(t, startOfPolling.Add(time.Minute))
			src := onlySource(t, st)
			if !strings.Contains(src.Error, test.words) || strings.Contains(src.Error, outlet.URL+"/feed: ") || src.Failures != 1 || !src.Read.IsZero() || src.Tried != startOfPolling {
				t.Errorf("source %+v", src)
			}
			if src.Next.Before(startOfPolling.Add(test.wait)) {
				t.Errorf("tried again in %s", src.Next.Sub(startOfPolling))
			}
			// It is tried less and less often, and what is mended is forgotten.
			p.rounds(t, startOfPolling.Add(24*time.Hour))
			if src = onlySource(t, st); src.Failures < 4 || src.Failures > 12 {
				t.Errorf("%d failures in a day", src.Failures)
			}
			outlet.mu.Lock()
			outlet.status, outlet.pages = map[string]int{}, map[string]string{}
			outlet.mu.Unlock()
			p.rounds(t, startOfPolling.Add(72*time.Hour))
			if src = onlySource(t, st); src.Error != "" || src.Failures != 0 || src.Read.IsZero() {
				t.Errorf("mended: %+v", src)
			}
		})
	}
}

// A source that has moved for good is asked where it is now, and keeps its name.
func TestWatchFollowsWhatHasMoved(t *testing.T) {
	outlet, st := newPaper(t), openStore(t)
	outlet.status["/old"] = http.StatusMovedPermanently
	outlet.publish("/news/talks", "Ministers to meet", "The ministers of Norway and Iceland will meet on Friday.")
	addSource(t, st, outlet.URL+"/old")
	p := newPolling(t, st)
	p.rounds(t, startOfPolling.Add(3*time.Hour))
	if src := onlySource(t, st); src.At != outlet.URL+"/feed" || src.Address != outlet.URL+"/old" {
		t.Errorf("source %+v", src)
	}
	if n := strings.Count(strings.Join(outlet.asked, " "), "/old"); n != 1 {
		t.Errorf("the old address was asked for %d times", n)
	}
}

func TestWatchHeedsThePublisher(t *testing.T) {
	outlet, st := newPaper(t), openStore(t)
	outlet.fields = "<ttl>240</ttl><skipHours><hour>13</hour><hour>14</hour></skipHours>"
	outlet.publish("/news/talks", "Ministers to meet", "The ministers of Norway and Iceland will meet on Friday.")
	addSource(t, st, outlet.URL+"/feed")
	p := newPolling(t, st)
	p.rounds(t, startOfPolling.Add(time.Hour))
	if src := onlySource(t, st); src.Next != time.Date(2019, 5, 8, 15, 0, 0, 0, time.UTC) {
		t.Errorf("next at %s, want 15:00: four hours later it rests", src.Next)
	}
	p.rounds(t, startOfPolling.Add(7*time.Hour)) // "not modified" tells no rhythm: the one known holds
	if src := onlySource(t, st); src.Next.Sub(src.Read) < 4*time.Hour || src.Read.Hour() != 15 {
		t.Errorf("source %+v", src)
	}
}

// Pages that cannot be had are given up, and what the feed told stays.
func TestWatchGivesUpPages(t *testing.T) {
	outlet, st := newPaper(t), openStore(t)
	outlet.publish("/news/gone", "Gone", "The ministers of Norway and Iceland will meet on Friday.")
	outlet.publish("/news/broken", "Broken", "Nets of three boats were cut off Jan Mayen.")
	outlet.status["/news/gone"], outlet.status["/news/broken"] = 410, 503
	addSource(t, st, outlet.URL+"/feed")
	p := newPolling(t, st)
	p.rounds(t, startOfPolling.Add(48*time.Hour))
	asked := strings.Join(outlet.asked, " ")
	if gone, broken := strings.Count(asked, "/gone"), strings.Count(asked, "/broken"); gone != 1 || broken != pageTries {
		t.Errorf("asked %d times for what is gone, %d times for what is broken", gone, broken)
	}
	if got := strings.Split(titles(t, st), ", "); len(got) != 2 {
		t.Errorf("the store shows %v", got)
	}
}

func TestWatchReadsSitemapsAndPages(t *testing.T) {
	outlet, st := newPaper(t), openStore(t)
	outlet.pages["/map.xml"] = `<sitemapindex><sitemap><loc>` + outlet.URL + `/news.xml</loc><lastmod>2019-05-08</lastmod></sitemap><sitemap><loc>` + outlet.URL + `/2009.xml</loc><lastmod>2009-05-08</lastmod></sitemap></sitemapindex>`
	outlet.pages["/news.xml"] = `<urlset><url><loc>` + outlet.URL + `/news/new</loc><lastmod>2019-05-08</lastmod></url><url><loc>` + outlet.URL + `/news/old</loc><lastmod>2019-01-08</lastmod></url><url><loc>` + outlet.URL + `/about</loc></url></urlset>`
	outlet.pages["/news/new"] = pageOf("Ministers to meet", "The ministers of Norway and Iceland will meet on Friday.")
	outlet.pages["/statement"] = pageOf("Statement", "Norway has asked Iceland for talks, the ministry said.")
	addSource(t, st, outlet.URL+"/map.xml")
	addSource(t, st, outlet.URL+"/statement")
	p := newPolling(t, st)
	p.rounds(t, startOfPolling.Add(10*time.Minute))
	if got := titles(t, st); len(strings.Split(got, ", ")) != 2 || !strings.Contains(got, "Statement") || !strings.Contains(got, "Ministers to meet") {
		t.Errorf("the store shows %s", got)
	}
	asked := strings.Join(outlet.asked, " ")
	for _, path := range []string{"/2009.xml", "/news/old", "/about"} {
		if strings.Contains(asked, path) {
			t.Errorf("asked for %s", path)
		}
	}
}

// What a kill leaves, articles that are kept while the source's state is not,
// is found to be there; pages that were to be fetched still are.
func TestWatchAfterAKill(t *testing.T) {
	outlet, st := newPaper(t), openStore(t)
	outlet.publish("/news/talks", "Ministers to meet", "The ministers of Norway and Iceland will meet on Friday.", "They will talk about mackerel.")
	addSource(t, st, outlet.URL+"/feed")
	before := onlySource(t, st)
	p := newPolling(t, st)
	if _, err := p.Poll(t.Context(), before); err != nil {
		t.Fatal(err)
	}
	if err := st.SaveSource(t.Context(), before); err != nil { // as if it had not been saved
		t.Fatal(err)
	}
	p = newPolling(t, st)
	p.rounds(t, startOfPolling.Add(10*time.Minute))
	if first := p.visits[0]; first.Kept != 0 || first.Found != 0 || first.Err != nil {
		t.Errorf("the second poll: %+v", first)
	}
	if got := titles(t, st); got != "Ministers to meet (2)" {
		t.Errorf("the store shows %s", got)
	}
}

func TestWatchStops(t *testing.T) {
	outlet, st := newPaper(t), openStore(t)
	addSource(t, st, outlet.URL+"/feed")
	p := newPolling(t, st)
	ctx, stop := context.WithCancel(t.Context())
	p.clock.steps, p.clock.stop = 5, stop
	if err := p.Watch(ctx); err != nil {
		t.Error(err)
	}
	if len(p.visits) == 0 {
		t.Error("nothing was asked for")
	}
}

func TestWatchOnce(t *testing.T) {
	outlet, st := newPaper(t), openStore(t)
	outlet.publish("/news/talks", "Ministers to meet", "The ministers of Norway and Iceland will meet on Friday.", "They will talk about mackerel, the ministry in Oslo said.")
	outlet.publish("/news/nets", "Nets are cut", "Nets of three boats were cut off Jan Mayen.", "Norway's coast guard said that it had seen nobody.")
	addSource(t, st, outlet.URL+"/feed")
	p := newPolling(t, st)
	if err := p.Once(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := titles(t, st); strings.Count(got, "(2)") != 2 {
		t.Errorf("the store shows %s", got)
	}
	if spent := p.clock.at.Sub(startOfPolling); spent > time.Minute {
		t.Errorf("it took %s", spent)
	}
}

func TestCheck(t *testing.T) {
	outlet, st := newPaper(t), openStore(t)
	outlet.fields = "<ttl>60</ttl>"
	outlet.publish("/news/talks", "Ministers to meet", "The ministers of Norway and Iceland will meet on Friday.")
	outlet.pages["/"] = `<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head><body><p>The Fjord Post has the news of the coast on each day of the week.</p></body></html>`
	outlet.pages["/empty"] = `<html><body></body></html>`
	p := newPolling(t, st)
	look, err := p.Check(t.Context(), outlet.URL+"/feed")
	if err != nil || !look.IsList || look.Title != "The Fjord Post" || look.Articles != 1 || look.Pages != 1 || look.TTL != time.Hour {
		t.Errorf("%+v, %v", look, err)
	}
	look, err = p.Check(t.Context(), outlet.URL+"/")
	if err != nil || look.IsList || len(look.Feeds) != 1 || look.Feeds[0] != outlet.URL+"/feed" {
		t.Errorf("%+v, %v", look, err)
	}
	for _, path := range []string{"/empty", "/missing"} {
		if _, err := p.Check(t.Context(), outlet.URL+path); err == nil {
			t.Errorf("%s: nothing is wrong", path)
		}
	}
	if hits, err := st.Search(t.Context(), store.Query{}); err != nil || len(hits) != 0 {
		t.Errorf("%d articles were kept, %v", len(hits), err)
	}
}

func TestWithin(t *testing.T) {
	for _, c := range []struct {
		a, b detente.Date
		want bool
	}{{"2019-05-01", "2019-05-04", true}, {"2019-05-04", "2019-05-01", true}, {"2019-05-01", "2019-05-05", false}, {"", "2019-05-05", true}, {"2019", "2019-05-05", true}} {
		if within(c.a, c.b, 3) != c.want {
			t.Errorf("%s and %s: %v", c.a, c.b, !c.want)
		}
	}
}
