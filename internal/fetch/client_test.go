package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// testClock stands still until somebody waits, and then is there.
type testClock struct {
	mu     sync.Mutex
	at     time.Time
	waited []time.Duration
}

func (c *testClock) clock() Clock {
	return Clock{c.now, func(ctx context.Context, until time.Time) error {
		c.mu.Lock()
		defer c.mu.Unlock()
		if d := until.Sub(c.at); d > 0 {
			c.waited = append(c.waited, d)
			c.at = until
		}
		return ctx.Err()
	}}
}

func (c *testClock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func newClient() (*Client, *testClock) {
	c := &testClock{at: time.Date(2019, 5, 8, 10, 0, 0, 0, time.UTC)}
	return &Client{Options: open, Clock: c.clock()}, c
}

// site is a server with a robots.txt that counts what it is asked for.
type site struct {
	mu     sync.Mutex
	robots func(http.ResponseWriter)
	asked  []string
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked = append(s.asked, r.URL.RequestURI())
	s.mu.Unlock()
	switch r.URL.Path {
	case "/robots.txt":
		s.robots(w)
	case "/to/private":
		http.Redirect(w, r, "/private/page", http.StatusFound)
	case "/busy":
		w.Header().Set("Retry-After", "120")
		w.WriteHeader(http.StatusServiceUnavailable)
	default:
		fmt.Fprint(w, "<p>The ministers met.</p>")
	}
}

func robots(text string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) { fmt.Fprint(w, text) }
}

func TestClientKeepsToRobots(t *testing.T) {
	const rules = "User-agent: *\nDisallow: /private\n\nUser-agent: detente\nDisallow: /private\nAllow: /private/open\nDisallow: /*?print\n"
	s := &site{robots: robots(rules)}
	base := serve(t, s.ServeHTTP)
	c, clock := newClient()
	for path, allowed := range map[string]bool{"/news": true, "/private": false, "/private/page": false, "/private/open/1": true,
		"/news?print=1": false, "/to/private": false} {
		_, err := c.Get(t.Context(), base+path, "", "")
		if allowed && err != nil || !allowed && !errors.Is(err, ErrRobots) {
			t.Errorf("%s: %v", path, err)
		}
	}
	for _, asked := range s.asked {
		if strings.HasPrefix(asked, "/private/page") || strings.Contains(asked, "print") {
			t.Errorf("%s was asked for", asked)
		}
	}
	count := func() int { return strings.Count(strings.Join(s.asked, " "), "/robots.txt") }
	if count() != 1 {
		t.Errorf("robots.txt was asked for %d times", count())
	}
	clock.at = clock.at.Add(25 * time.Hour)
	if _, err := c.Get(t.Context(), base+"/news", "", ""); err != nil || count() != 2 {
		t.Errorf("a day later: %v, asked for %d times", err, count())
	}
}

func TestClientWithoutRobots(t *testing.T) {
	for name, test := range map[string]struct {
		robots  func(http.ResponseWriter)
		allowed bool
		words   string
	}{
		"missing":     {func(w http.ResponseWriter) { w.WriteHeader(404) }, true, ""},
		"closed":      {func(w http.ResponseWriter) { w.WriteHeader(403) }, true, ""},
		"broken":      {func(w http.ResponseWriter) { w.WriteHeader(500) }, false, "robots.txt of the site cannot be read (the server answers 500"},
		"not rules":   {robots("<html>Not found</html>"), true, ""},
		"empty":       {robots(""), true, ""},
		"only others": {robots("User-agent: other\nDisallow: /\n"), true, ""},
		"all closed":  {robots("User-agent: *\nDisallow: /\n"), false, "forbids it"},
		"very long":   {robots(strings.Repeat("# a comment\n", 60000) + "User-agent: *\nDisallow: /\n"), true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := &site{robots: test.robots}
			c, _ := newClient()
			_, err := c.Get(t.Context(), serve(t, s.ServeHTTP)+"/news", "", "")
			if (err == nil) != test.allowed || err != nil && !strings.Contains(err.Error(), test.words) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// A robots.txt that could not be read is asked for again some minutes later.
func TestClientAsksForRobotsAgain(t *testing.T) {
	broken := true
	s := &site{robots: func(w http.ResponseWriter) {
		if broken {
			w.WriteHeader(500)
		}
	}}
	base := serve(t, s.ServeHTTP)
	c, clock := newClient()
	for step, allowed := range []bool{false, false, true} {
		if step == 2 {
			clock.at = clock.at.Add(robotsAgain)
		}
		if _, err := c.Get(t.Context(), base+"/news", "", ""); (err == nil) != allowed {
			t.Errorf("step %d: %v", step, err)
		}
		broken = false
	}
}

func TestClientLeavesTimeBetweenRequests(t *testing.T) {
	slow := &site{robots: robots("User-agent: *\nCrawl-delay: 30\n")}
	quick := &site{robots: robots("")}
	one, two := serve(t, slow.ServeHTTP), serve(t, quick.ServeHTTP)
	c, clock := newClient()
	for _, address := range []string{one + "/1", two + "/1", one + "/2", two + "/2", two + "/3"} {
		if _, err := c.Get(t.Context(), address, "", ""); err != nil {
			t.Fatal(err)
		}
	}
	if got := fmt.Sprint(clock.waited); got != "[30s 2s]" { // the second of two had time while one was waited for
		t.Errorf("waited %s", got)
	}
}

func TestClientLeavesAloneWhoAsksForIt(t *testing.T) {
	s := &site{robots: robots("")}
	base := serve(t, s.ServeHTTP)
	c, clock := newClient()
	var retry *RetryError
	if _, err := c.Get(t.Context(), base+"/busy", "", ""); !errors.As(err, &retry) {
		t.Fatal(err)
	}
	if wait := c.Ready(base + "/other").Sub(clock.at); wait != 2*time.Minute {
		t.Errorf("the host may be asked again in %s", wait)
	}
	if _, err := c.Get(t.Context(), base+"/other", "", ""); err != nil || fmt.Sprint(clock.waited) != "[2m0s]" {
		t.Errorf("waited %v, %v", clock.waited, err)
	}
}

func TestClientRefusesReservedAddressesBeforeRobots(t *testing.T) {
	s := &site{robots: robots("")}
	base := serve(t, s.ServeHTTP)
	c, _ := newClient()
	c.AllowPrivate = false
	if _, err := c.Get(t.Context(), base+"/news", "", ""); !errors.Is(err, ErrPrivate) || len(s.asked) > 0 {
		t.Errorf("%v; asked for %v", err, s.asked)
	}
}

func TestGetTellsPermanentRedirects(t *testing.T) {
	steps := map[string]struct {
		to     string
		status int
	}{"/a": {"/b", 301}, "/b": {"/c", 308}, "/c": {"/d", 302}, "/d": {"/end", 301}, "/e": {"/end", 302}}
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if step, ok := steps[r.URL.Path]; ok {
			http.Redirect(w, r, step.to, step.status)
		}
	})
	for path, want := range map[string]string{"/a": base + "/c", "/c": "", "/d": base + "/end", "/e": "", "/end": ""} {
		page, err := Get(t.Context(), base+path, open)
		if err != nil || page.Permanent != want {
			t.Errorf("%s has moved to %q, %v; want %q", path, page.Permanent, err, want)
		}
	}
}
