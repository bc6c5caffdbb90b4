//go:build slow && linux

package main

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"detente"
	"detente/internal/series"
	"detente/internal/source"
	"detente/internal/store"
	"detente/internal/store/sqlite"
	"detente/internal/web"
)

// These tests drive a real browser. They are skipped, with a word, where no
// Chromium is installed (Debian: apt install chromium); axe-core comes through
// npm, and where that is not there accessibility alone is skipped.

// patience is how long one step in the browser may take on a busy machine.
const patience = 90 * time.Second

// tab is a page of the browser, and the dialogs that it opened.
type tab struct {
	t       *testing.T
	ctx     context.Context
	base    string
	dialogs *dialogs
}

// dialogs are the messages of dialogs that a page opened.
type dialogs struct {
	sync.Mutex
	messages []string
}

func (d *dialogs) add(message string) {
	d.Lock()
	defer d.Unlock()
	d.messages = append(d.messages, message)
}

// step is something done in the browser that gives no answer.
type step = chromedp.Action[chromedp.Void]

// call is a command of the browser's protocol.
func call[P, R any](command cdp.Command[P, R], params P) step {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, command, params)
		return err
	})
}

// openTab starts a browser that looks at the server of st.
func openTab(t *testing.T, st store.Store) tab {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "headless-shell"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Skip("no Chromium is installed: the pages are not tried in a browser")
	}
	config, err := webConfig("", slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})))
	if err != nil {
		t.Fatal(err)
	}
	pages, err := web.New(st, config)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(pages)
	t.Cleanup(server.Close)
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.WSURLReadTimeout(patience))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium has none for root
	}
	browser, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, closeTab := chromedp.NewContext(browser)
	t.Cleanup(closeTab)
	b := tab{t, ctx, server.URL, new(dialogs)}
	if err := chromedp.Do(ctx); err != nil { // starts the browser, which lives as long as ctx
		t.Fatal(err)
	}
	opened := chromedp.Events(ctx, page.JavascriptDialogOpening)
	go func() {
		for d, err := range opened {
			if err != nil {
				return
			}
			b.dialogs.add(d.Message)
			go chromedp.Do(ctx, call(page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{}))
		}
	}()
	return b
}

// do runs actions, or ends the test.
func (b tab) do(actions ...step) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

func (b tab) open(path string) { b.t.Helper(); b.do(chromedp.Navigate(b.base + path)) }

// follow clicks what a selector means first and waits for the page behind it.
func (b tab) follow(selector string) {
	b.t.Helper()
	b.leave(chromedp.Click(chromedp.CSS(selector)))
}

// leave does what makes the browser load another page, and waits for that.
func (b tab) leave(action step) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, action); err != nil {
		b.t.Fatal(err)
	}
}

func (b tab) noDialogs() {
	b.t.Helper()
	b.dialogs.Lock()
	defer b.dialogs.Unlock()
	if len(b.dialogs.messages) > 0 {
		b.t.Errorf("dialogs were opened: %q", b.dialogs.messages)
	}
}

// answer evaluates a JavaScript expression in the page.
func answer[T any](b tab, expression string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	got, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%s: %v", expression[:min(len(expression), 200)], err)
	}
	return got
}

func (b tab) path() string { b.t.Helper(); return answer[string](b, "location.pathname") }

// text is what a person reads of the page's content.
func (b tab) text() string {
	b.t.Helper()
	return answer[string](b, "document.querySelector('main').innerText")
}

func (b tab) look(dark bool, width int64) {
	b.t.Helper()
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	b.do(call(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}),
		chromedp.EmulateViewport(width, 900))
}

// stocked is a store with the demo's dispatches.
func stocked(t *testing.T) *sqlite.Store {
	t.Helper()
	st, err := sqlite.Open(filepath.Join(t.TempDir(), "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	line, err := newLine(nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fillDemo(line, st); err != nil {
		t.Fatal(err)
	}
	series := detente.TimeSeries{Name: "Harbour index", Unit: "points", Source: "made for the test"}
	for i := range 60 {
		series.Values = append(series.Values, detente.Value{Date: detente.Date("2023-01-02").AddDays(6 * i), Value: 100 + float64(i*i%17)})
	}
	if err := st.SaveIndicator(t.Context(), series); err != nil {
		t.Fatal(err)
	}
	return st
}

// TestSlowBrowserWalk goes from the front page to the sentence that a claim
// rests on, into its article, to the search and back to an earlier day.
func TestSlowBrowserWalk(t *testing.T) {
	b := openTab(t, stocked(t))
	b.look(false, 1200)
	b.open("/")
	b.follow("li[data-dyad=IRN-SAU] h3 a")
	if got := b.path(); got != "/dyads/IRN-SAU" {
		t.Fatalf("the dyad's link leads to %s", got)
	}
	if n := answer[int](b, "document.querySelectorAll('.board tbody tr').length"); n == 0 {
		t.Error("no channel on the board")
	}
	claim := answer[string](b, "document.querySelector('.claims mark').textContent")
	b.follow(".claims .by a[href^='/statements/']")
	if got := answer[string](b, "document.querySelector('.here').textContent"); !strings.Contains(got, claim) {
		t.Errorf("the claim's words %q do not stand in its statement %q", claim, got)
	}
	if answer[int](b, "document.querySelectorAll('.steps li').length") < 3 {
		t.Error("the chain of reporting is not shown")
	}
	b.follow(".after-steps a[href^='/articles/']")
	if !strings.HasPrefix(b.path(), "/articles/") || !answer[bool](b, "document.querySelector(location.hash) !== null && document.querySelector(location.hash).matches('.note')") {
		t.Errorf("the statement's article opens at %s without its note", b.path())
	}
	b.follow("nav a.search-link")
	b.leave(chromedp.SendKeys(chromedp.CSS("#q"), "Baghdad\r"))
	if n := answer[int](b, "document.querySelectorAll('.hit').length"); n == 0 {
		t.Error("the search finds nothing")
	}
	if marks := answer[[]string](b, "[...document.querySelectorAll('.extract mark')].map(m => m.textContent)"); !slices.Contains(marks, "Baghdad") {
		t.Errorf("marked %q", marks)
	}

	b.open("/dyads/KOR-PRK")
	b.do(chromedp.SetValue(chromedp.CSS("#as-of"), "2018-04-26"))
	b.follow(".as-of button")
	if got := answer[string](b, "location.search"); got != "?as_of=2018-04-26" {
		t.Errorf("the day's form leads to %s", got)
	}
	early := b.text()
	for _, later := range []string{"27 Apr 2018", "2019", "2020", "2021", "2023", "Moon Jae-in"} {
		if strings.Contains(early, later) {
			t.Errorf("as of 26 Apr 2018 the page knows of %q", later)
		}
	}
	b.do(chromedp.SetValue(chromedp.CSS("#as-of"), "2018-04-27"))
	b.follow(".as-of button")
	if !strings.Contains(b.text(), "27 Apr 2018") {
		t.Error("as of 27 Apr 2018 the page does not know of that day")
	}
	b.noDialogs()
}

// TestSlowBrowserAsOf reads two dispatches of following days.
func TestSlowBrowserAsOf(t *testing.T) {
	st, err := sqlite.Open(filepath.Join(t.TempDir(), "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	line, err := newLine(nil)
	if err != nil {
		t.Fatal(err)
	}
	dispatch, err := os.ReadFile("../../testdata/dispatch.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range []struct {
		text string
		day  detente.Date
	}{
		{"Russia and the United States hold talks\n\nRussian Foreign Minister Sergei Lavrov met U.S. Secretary of State John Kerry in Hamburg on Monday.\n", "2016-12-20"},
		{string(dispatch), "2016-12-21"},
	} {
		for _, err := range saved(line, st, line.Each(source.Read(strings.NewReader(in.text), source.Hint{Name: "dispatch.txt", Published: in.day}))) {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	b := openTab(t, st)
	for _, at := range []string{"/", "/dyads/RUS-USA", "/search", "/outlets", "/people/Sergei%20Lavrov"} {
		b.open(at + "?as_of=2016-12-20")
		got := b.text()
		for _, later := range []string{"21 Dec 2016", "Peskov", "Kirby", "2 reports", "2 articles"} {
			if strings.Contains(got, later) {
				t.Errorf("as of 20 Dec 2016 %s knows of %q:\n%s", at, later, got)
			}
		}
	}
	b.open("/dyads/RUS-USA?as_of=2016-12-20")
	if n := answer[int](b, "document.querySelectorAll('.board .state-disputed, .dispute').length"); n > 0 {
		t.Errorf("as of 20 Dec 2016 %d things are disputed", n)
	}
	b.open("/dyads/RUS-USA?as_of=2016-12-21")
	if got := b.text(); !strings.Contains(got, "Peskov") || !strings.Contains(got, "Kirby") {
		t.Errorf("as of 21 Dec 2016 the quarrel is not shown:\n%s", got)
	}
}

// TestSlowBrowserKeys presses the keys.
func TestSlowBrowserKeys(t *testing.T) {
	b := openTab(t, stocked(t))
	b.look(false, 1200)
	b.open("/")
	focused := func() string {
		return answer[string](b, "document.activeElement.closest('[data-dyad]')?.dataset.dyad ?? ''")
	}
	first := answer[[]string](b, "[...document.querySelectorAll('[data-dyad]')].map(r => r.dataset.dyad)")
	b.do(chromedp.KeyEvent("j"))
	one := focused()
	b.do(chromedp.KeyEvent("j"))
	two := focused()
	b.do(chromedp.KeyEvent("k"))
	if one != first[0] || two != first[1] || focused() != first[0] {
		t.Errorf("j, j, k stand at %s, %s, %s of %v", one, two, focused(), first)
	}
	b.leave(chromedp.KeyEvent("o"))
	if got := b.path(); got != "/dyads/"+first[0] {
		t.Errorf("o opens %s", got)
	}
	b.leave(chromedp.KeyEvent("/"))
	if got := b.path(); got != "/search" {
		t.Errorf("/ opens %s", got)
	}
	b.do(chromedp.KeyEvent("/"))
	if got := answer[string](b, "document.activeElement.id"); got != "q" {
		t.Errorf("/ on the search page stands at %q", got)
	}
	b.do(chromedp.KeyEvent("gd?"))
	if got := answer[string](b, "document.activeElement.value + location.pathname + document.getElementById('keys').open"); !strings.HasSuffix(got, "gd?/searchfalse") {
		t.Errorf("keys typed into a field do something: %s", got)
	}
	answer[bool](b, "document.activeElement.blur(), true")
	b.do(chromedp.KeyEvent("g"))
	b.leave(chromedp.KeyEvent("d"))
	if got := b.path(); got != "/" {
		t.Errorf("g d opens %s", got)
	}
	b.do(chromedp.KeyEvent("?"))
	if !answer[bool](b, "document.getElementById('keys').open") {
		t.Error("? does not explain the keys")
	}
	b.do(chromedp.Click(chromedp.CSS("#keys-on")), chromedp.Click(chromedp.CSS("#keys button")), chromedp.KeyEvent("j"))
	if got := focused(); got != "" {
		t.Errorf("turned off, j stands at %s", got)
	}
	if !answer[bool](b, "getComputedStyle(document.getElementById('keys-open')).display !== 'none'") {
		t.Error("turned off, the keys cannot be turned on again")
	}
}

// allPages are one of each kind, found by their links.
func allPages(b tab) []string {
	b.t.Helper()
	links := func(selector string) []string {
		return answer[[]string](b, "[...document.querySelectorAll("+fmt.Sprintf("%q", selector)+")].map(a => a.getAttribute('href'))")
	}
	paths := []string{"/", "/?days=365", "/search", "/search?q=talks&channel=all&disputed=1", "/outlets", "/method", "/api", "/changes", "/indicators/Harbour%20index", "/nowhere"}
	b.open("/?days=365")
	dyads := links("li[data-dyad] h3 a")
	paths = append(paths, dyads...)
	for _, selector := range []string{"a[href^='/statements/']", "a[href^='/people/']", ".claims a[href^='/articles/']"} {
		for _, d := range dyads {
			b.open(d)
			if found := links(selector); len(found) > 0 {
				paths = append(paths, found[0])
				break
			}
		}
	}
	b.open("/outlets")
	if found := links(".outlets a"); len(found) > 0 {
		paths = append(paths, found[0])
	}
	return append(paths, dyads[0]+"?as_of=2018-01-02")
}

// TestSlowBrowserAccess holds every kind of page to WCAG 2.2 AA as far as axe
// can tell, in both schemes and on a phone, where nothing may overflow.
func TestSlowBrowserAccess(t *testing.T) {
	b := openTab(t, stocked(t))
	axe := fetchAxe(t)
	paths := allPages(b)
	if len(paths) < 12 {
		t.Fatalf("only %d pages: %q", len(paths), paths)
	}
	for _, dark := range []bool{false, true} {
		for _, width := range []int64{1200, 390, 320} {
			b.look(dark, width)
			for _, at := range paths {
				b.open(at)
				if answer[bool](b, "document.documentElement.scrollWidth > document.documentElement.clientWidth") {
					t.Errorf("%s overflows at a width of %d", at, width)
				}
				if axe == "" || width == 320 {
					continue
				}
				if dark { // as they are opened, and as they come
					answer[bool](b, "document.querySelectorAll('details').forEach(d => d.open = true), true")
				}
				answer[bool](b, axe+"; true")
				found := answer[[]string](b, `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
					.then(r => r.violations.map(v => v.id + ": " + v.nodes.slice(0, 3).map(n => n.html).join(" ")))`)
				if len(found) > 0 {
					t.Errorf("%s, dark %v, width %d:\n%s", at, dark, width, strings.Join(found, "\n"))
				}
			}
		}
	}
	if axe == "" {
		t.Skip("npm is not there to fetch axe-core: accessibility was not tried")
	}
}

// axe-core is MPL 2.0; it is fetched to test with and no part of the program.
const (
	axeVersion = "4.14.1"
	axeSHA256  = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
)

// fetchAxe gives axe-core's script, or nothing where npm is not there or does
// not reach its registry.
func fetchAxe(t *testing.T) string {
	t.Helper()
	npm, err := exec.LookPath("npm")
	if err != nil {
		return ""
	}
	pack := exec.CommandContext(t.Context(), npm, "pack", "--silent", "axe-core@"+axeVersion)
	pack.Dir = t.TempDir()
	name, err := pack.Output()
	if err != nil {
		t.Logf("npm pack: %v", err)
		return ""
	}
	f, err := os.Open(filepath.Join(pack.Dir, strings.TrimSpace(string(name))))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	packed, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	for files := tar.NewReader(packed); ; {
		h, err := files.Next()
		if errors.Is(err, io.EOF) {
			t.Fatalf("axe-core %s has no axe.min.js", axeVersion)
		}
		if err != nil {
			t.Fatal(err)
		}
		if h.Name != "package/axe.min.js" {
			continue
		}
		body, err := io.ReadAll(files)
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(body); hex.EncodeToString(sum[:]) != axeSHA256 {
			t.Fatalf("axe-core %s is not what it was: SHA-256 %x", axeVersion, sum)
		}
		return string(body)
	}
}

// TestSlowBrowserHostile serves articles that carry scripts wherever others
// write: nothing is executed, with the content security policy and without.
func TestSlowBrowserHostile(t *testing.T) {
	st := hostileStore(t)
	for _, bypass := range []bool{false, true} {
		t.Run(fmt.Sprintf("without policy %v", bypass), func(t *testing.T) {
			b := openTab(t, st)
			b.do(call(page.SetBypassCSP, page.SetBypassCSPParams{Enabled: bypass}))
			seen := map[string]bool{}
			queue := []string{"/", "/outlets", "/search?q=" + url.QueryEscape(`"><script>window.pwned=9</script>`), "/search?q=frozen&speaker=" + url.QueryEscape("<img src=x onerror=window.pwned=8>"),
				"/people/" + url.PathEscape(`<script>window.pwned=7</script>`), "/dyads/RUS-USA?x=" + url.QueryEscape(`"><svg onload=window.pwned=6>`)}
			for len(queue) > 0 {
				at := queue[0]
				queue = queue[1:]
				if seen[at] {
					continue
				}
				seen[at] = true
				b.open(at)
				state := answer[struct {
					Pwned, Title bool
					Alien, Links []string
				}](b, `({
					pwned: window.pwned !== undefined, title: document.title === "pwned",
					alien: [...document.querySelectorAll("*")].filter(e =>
						e.matches("img, iframe, object, embed, base, meta[http-equiv], style, script:not([src='/static/keys.js'])") ||
						[...e.attributes].some(a => a.name.startsWith("on") || a.name === "style" ||
							["href", "src", "action", "formaction", "cite", "data", "xlink:href"].includes(a.name) && /^\s*(javascript|data|vbscript):/i.test(a.value))).map(e => e.outerHTML.slice(0, 200)),
					links: [...document.querySelectorAll("main a[href^='/']")].map(a => a.getAttribute("href").split("#")[0]),
				})`)
				if state.Pwned || state.Title || len(state.Alien) > 0 {
					t.Errorf("%s: executed %v, title changed %v, markup %q", at, state.Pwned, state.Title, state.Alien)
				}
				queue = append(queue, state.Links...)
			}
			if len(seen) < 25 {
				t.Errorf("only %d pages were reached", len(seen))
			}
			b.noDialogs()
		})
	}
}

// payloads are what an outlet may try.
var payloads = []string{
	`<script>window.pwned=1;alert(1)</script>`,
	`<img src=x onerror="window.pwned=2;alert(2)">`,
	`"><svg onload="window.pwned=3;alert(3)">`,
	`'-alert(4)-' onmouseover='window.pwned=4' autofocus onfocus='window.pwned=4'`,
	`javascript:alert(5)//`,
	`</title><script>document.title="pwned"</script>`,
	`$1 {{.}}${alert(6)}</textarea><iframe srcdoc="<script>parent.pwned=6</script>">`,
}

// hostileStore holds articles with payloads in title, byline, address, body,
// feed, outlet and names: as the reader takes them from pages and feeds, and
// as no reader would give them, put into every field of a record.
func hostileStore(t *testing.T) store.Store {
	t.Helper()
	st, err := sqlite.Open(filepath.Join(t.TempDir(), "hostile.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	line, err := newLine(nil)
	if err != nil {
		t.Fatal(err)
	}
	commit := func(rec detente.Record) {
		t.Helper()
		rec.Article.Read = time.Date(2016, 12, 22, 0, 0, 0, 0, time.UTC)
		if _, err := st.Commit(t.Context(), store.Unit{Record: rec}); err != nil {
			t.Fatal(err)
		}
	}
	esc := func(s string) string {
		return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;").Replace(s)
	}
	const told = "Almost all dialogue with the United States is frozen, Kremlin spokesman Dmitry Peskov said on Wednesday. There was no break in dialogue with Russia, U.S. State Department spokesman John Kirby said."
	for i, evil := range payloads {
		body := fmt.Sprintf("%s %s The matter was called %s in Moscow, %d.", told, evil, evil, i)
		for name, text := range map[string]string{
			"page.html": fmt.Sprintf(`<!doctype html><html><head><title>%[1]s</title><meta property="og:site_name" content="%[1]s"><meta name="author" content="%[1]s"><meta property="og:title" content="%[1]s"><link rel="canonical" href="https://paper.example/%[3]d?%[1]s"></head><body><article><h1>%[1]s</h1><p class="byline">By %[1]s</p><p>%[2]s</p><p>%[2]s</p></article></body></html>`, esc(evil), esc(body), i),
			"feed.xml":  fmt.Sprintf(`<?xml version="1.0"?><rss version="2.0"><channel><title>%[1]s</title><link>https://feed.example/</link><item><title>%[1]s</title><link>javascript:alert(7)//%[3]d</link><author>%[1]s</author><description>%[2]s</description></item></channel></rss>`, esc(evil), esc(esc(body)), i),
			"plain.txt": evil + "\n\n" + body + "\n",
		} {
			for rec, err := range line.Each(source.Read(strings.NewReader(text), source.Hint{Name: name, Published: "2016-12-21"})) {
				if err != nil {
					t.Fatalf("%s with %s: %v", name, evil, err)
				}
				commit(rec)
				poison(&rec, evil, fmt.Sprint(name, i))
				commit(rec)
			}
		}
	}
	if _, err := series.Refold(t.Context(), st, line.Dialogue()); err != nil {
		t.Fatal(err)
	}
	return st
}

// poison puts a payload into every field of a record that is text, and gives
// it an id of its own.
func poison(rec *detente.Record, evil, id string) {
	art := &rec.Article
	art.ID, art.URL, art.Outlet, art.Title, art.Language = id+evil, evil, evil, evil, evil
	art.Byline, art.Captions, art.Warnings = []string{evil}, []string{evil}, []string{evil}
	for i := range rec.Statements {
		s := &rec.Statements[i]
		s.Speaker.Name, s.Speaker.Role, s.Addressee = evil, evil+"r", evil
		s.Via = []detente.Link{{Name: evil, As: evil}}
	}
	for i := range rec.Events {
		ev := &rec.Events[i]
		ev.Place, ev.Rule, ev.Mode = evil, evil, evil
		for _, side := range [][]detente.Participant{ev.Source, ev.Target} {
			for j := range side {
				side[j].Name = evil
			}
		}
	}
	for i := range rec.Claims {
		rec.Claims[i].Scope, rec.Claims[i].Rule = evil, evil
	}
	for i := range rec.Acts {
		rec.Acts[i].Mode = evil
	}
}
