package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The verbs together: a feed is checked, added, polled, and its page is told of.
func TestSourceAndWatch(t *testing.T) {
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	defer server.Close()
	mux.HandleFunc("/feed", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `<rss version="2.0"><channel><title>The Fjord Post</title><item><title>Ministers talk</title><link>%s/talks</link><pubDate>Wed, 08 May 2019 08:00:00 GMT</pubDate></item>
			<item><title>Gone</title><link>%[1]s/gone</link><pubDate>Wed, 08 May 2099 08:00:00 GMT</pubDate></item></channel></rss>`, server.URL)
	})
	db := filepath.Join(t.TempDir(), "x.db")
	detente := func(want int, args ...string) (stdout, stderr string) {
		t.Helper()
		var out, errs strings.Builder
		if exit := run(args, strings.NewReader(""), &out, &errs); exit != want {
			t.Errorf("%s ends with %d: %s%s", args, exit, &out, &errs)
		}
		return out.String(), errs.String()
	}
	out, _ := detente(0, "source", "check", "--allow-private", server.URL+"/feed")
	if !strings.Contains(out, "a feed or sitemap, “The Fjord Post”; 2 articles in it, 1 page to fetch") {
		t.Errorf("check prints %s", out)
	}
	detente(0, "source", "add", "--db", db, server.URL+"/feed")
	out, errs := detente(0, "watch", "--once", "--allow-private", "--pause", "1ms", "--db", db)
	for _, line := range []string{
		`(?m)^20\S+Z ` + server.URL + `/feed: 2 new articles, 1 page to fetch; next \d\d:\d\d:\d\d$`,
		`(?m)^20\S+Z ! ` + server.URL + `/gone: the server answers 404 .*$`,
	} {
		if !regexp.MustCompile(line).MatchString(out) {
			t.Errorf("watch prints %s%s; want a line %s", out, errs, line)
		}
	}
	out, _ = detente(0, "source", "list", "--db", db)
	if !regexp.MustCompile(`(?m)^The Fjord Post · ` + server.URL + `/feed\n  last success \d.* UTC · next try \d.* UTC$`).MatchString(out) {
		t.Errorf("list prints %s", out)
	}
	if out, _ = detente(0, "watch", "--once", "--allow-private", "--db", db); out != "" {
		t.Errorf("before it is due: %s", out)
	}
}
