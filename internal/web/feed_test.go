package web

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"detente"
)

// readFeed reads a feed and looks at what RFC 4287 asks of all of them.
func readFeed(t *testing.T, h http.Handler, path string) atomFeed {
	t.Helper()
	res := get(t, h, path)
	body, _ := io.ReadAll(res.Body)
	var f atomFeed
	if err := xml.Unmarshal(body, &f); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: status %d, %v: %s", path, res.StatusCode, err, body)
	}
	if f.XMLName.Space != "http://www.w3.org/2005/Atom" || f.ID == "" || f.Title == "" || f.Author.Name == "" {
		t.Errorf("%s: %+v", path, f)
	}
	ids := map[string]bool{f.ID: true}
	stamp := func(s string) time.Time {
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Errorf("%s: %v", path, err)
		}
		return at
	}
	for i, e := range f.Entries {
		if ids[e.ID] || !strings.HasPrefix(e.ID, "tag:") || e.Title == "" || stamp(e.Updated).After(stamp(f.Updated)) || len(e.Links) != 1 {
			t.Errorf("%s: entry %d: %+v", path, i, e)
		}
		ids[e.ID] = true
		if i > 0 && e.Updated > f.Entries[i-1].Updated {
			t.Errorf("%s: entry %d is later than the one before", path, i)
		}
	}
	if f.Links[0].Rel != "self" || !strings.HasSuffix(f.Links[0].Href, path) || f.Links[1].Rel != "alternate" {
		t.Errorf("%s: links %+v", path, f.Links)
	}
	return f
}

// titles are those of a feed's entries, with their days.
func titles(f atomFeed) []string {
	var out []string
	for _, e := range f.Entries {
		out = append(out, e.Updated[:10]+" "+e.Title)
	}
	return out
}

func TestFeeds(t *testing.T) {
	st := stock(t, shelf(t)...)
	h, err := New(st, Config{Public: "https://detente.example"})
	if err != nil {
		t.Fatal(err)
	}
	f := readFeed(t, h, "/dyads/RUS-USA/feed.atom")
	want := []string{"2018-03-14 RUS – USA, all: disputed", "2018-03-14 RUS – USA, foreign ministers: open", "2018-03-02 RUS – USA, embassies: frozen"}
	if got := titles(f); !slices.Equal(got, want) {
		t.Errorf("entries %q", got)
	}
	if f.ID != "tag:detente.example,2026:dyads/RUS-USA/feed.atom" || f.Entries[2].ID != "tag:detente.example,2026:dyads/RUS-USA/channels/embassies/2018-03-02/frozen" {
		t.Errorf("ids %s, %s", f.ID, f.Entries[2].ID)
	}
	if c := f.Entries[2].Content; c.Type != "html" || !strings.Contains(c.Text, "<blockquote><p>Russia recalled its ambassador") && !strings.Contains(c.Text, "Russia <b>recall") && !strings.Contains(c.Text, "<b>recalled</b> its ambassador from Washington") {
		t.Errorf("the entry has no evidence: %s", c.Text)
	}
	if !strings.Contains(f.Entries[1].Content.Text, `href="https://detente.example/articles/quarrel#a1"`) {
		t.Errorf("the entry does not lead to its sentence: %s", f.Entries[1].Content.Text)
	}
	embassies := readFeed(t, h, "/dyads/RUS-USA/channels/embassies/feed.atom")
	if len(embassies.Entries) != 1 || embassies.Entries[0].ID != f.Entries[2].ID || embassies.ID == f.ID {
		t.Errorf("embassies %+v", embassies)
	}
	if hotline := readFeed(t, h, "/dyads/RUS-USA/channels/hotline/feed.atom"); len(hotline.Entries) != 0 {
		t.Errorf("hotline %+v", hotline.Entries)
	}
	disputes := readFeed(t, h, "/dyads/RUS-USA/disputes.atom")
	if len(disputes.Entries) == 0 || disputes.Entries[0].Updated != "2018-03-14T00:00:00Z" {
		t.Fatalf("disputes %+v", disputes)
	}
	for _, words := range []string{"Nearly all lines to Washington are frozen", "contacts had never stopped"} {
		if !strings.Contains(disputes.Entries[0].Content.Text, words) {
			t.Errorf("the dispute does not have %q", words)
		}
	}

	// What becomes known later adds entries, and changes none.
	late := newDraft(t, "late", "The Courier", "2018-03-20", "Envoy back", "Russia returned its ambassador to Washington, and talks resumed.")
	late.acts(detente.Thaw, "return", "RUS-USA", detente.Embassies, "2018-03-20", "returned", "")
	add(t, st, late)
	after := readFeed(t, h, "/dyads/RUS-USA/feed.atom")
	if len(after.Entries) != len(f.Entries)+1 || after.Updated != "2018-03-20T00:00:00Z" {
		t.Fatalf("after another report %q", titles(after))
	}
	for i, e := range after.Entries[1:] {
		if e.ID != f.Entries[i].ID || e.Content != f.Entries[i].Content || e.Updated != f.Entries[i].Updated {
			t.Errorf("entry %d has changed: %+v", i, e)
		}
	}
}

func TestFeedsInHead(t *testing.T) {
	h := handler(t, shelf(t)...)
	doc := page(t, h, "/dyads/RUS-USA", http.StatusOK)
	links := all(one(t, doc, "head"), "link[type=application/atom+xml]")
	if len(links) != 2+len(detente.Channels) {
		t.Errorf("%d feeds are named", len(links))
	}
	for _, l := range links {
		if attr(l, "rel") != "alternate" || attr(l, "title") == "" {
			t.Errorf("link %v", l.Attr)
		}
		readFeed(t, h, attr(l, "href"))
	}
}

func TestLatestTurns(t *testing.T) {
	spell := func(ch detente.Channel, state detente.State, first detente.Date) detente.ChannelSpell {
		return detente.ChannelSpell{ChannelState: detente.ChannelState{Channel: ch, State: state}, First: first, Turn: true}
	}
	spells := []detente.ChannelSpell{
		spell(detente.Leaders, detente.Open, "2018-03-01"), spell(detente.Leaders, detente.Frozen, "2018-03-05"),
		spell(detente.Military, detente.Frozen, "2018-03-03"), spell(detente.Military, detente.Unknown, "2018-03-07"),
	}
	read := func(turns []turn) string {
		var out []string
		for _, t := range turns {
			out = append(out, fmt.Sprint(t.First, " ", t.Channel, " ", t.before, " ", t.State))
		}
		return strings.Join(out, "; ")
	}
	all := "2018-03-07 military frozen unknown; 2018-03-05 leaders open frozen; 2018-03-03 military unknown frozen; 2018-03-01 leaders unknown open"
	if got := read(latestTurns(spells, "")); got != all {
		t.Errorf("turns %s", got)
	}
	if got := read(latestTurns(spells, detente.Leaders)); got != "2018-03-05 leaders open frozen; 2018-03-01 leaders unknown open" {
		t.Errorf("turns of leaders %s", got)
	}
	for i := range maxFeed {
		spells = append(spells, spell(detente.Security, detente.Open, detente.Date("2019-01-01").AddDays(i)))
	}
	if got := latestTurns(spells, ""); len(got) != maxFeed || got[0].First != "2019-01-30" {
		t.Errorf("%d turns, the latest %+v", len(got), got[0])
	}
}

// safeFeed checks that a feed of hostile words has only a feed's elements, and
// its entries only harmless ones.
func safeFeed(t *testing.T, path string, body []byte) {
	t.Helper()
	known := []string{"feed", "id", "title", "subtitle", "updated", "published", "author", "name", "generator", "link", "entry", "category", "content"}
	for read := xml.NewDecoder(bytes.NewReader(body)); ; {
		tok, err := read.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if el, ok := tok.(xml.StartElement); ok && !slices.Contains(known, el.Name.Local) {
			t.Errorf("%s: <%s>", path, el.Name.Local)
		}
	}
	var f atomFeed
	if err := xml.Unmarshal(body, &f); err != nil || len(f.Entries) == 0 {
		t.Fatalf("%s: %v, %d entries", path, err, len(f.Entries))
	}
	for _, e := range f.Entries {
		doc, err := html.Parse(strings.NewReader(e.Content.Text))
		if err != nil {
			t.Fatal(err)
		}
		for d := range doc.Descendants() {
			if d.Type == html.ElementNode && !slices.Contains([]string{"html", "head", "body", "p", "blockquote", "b", "a"}, d.Data) {
				t.Errorf("%s: <%s> in an entry", path, d.Data)
			}
			if href := attr(d, "href"); d.Data == "a" && !strings.HasPrefix(href, "http://example.com/") {
				t.Errorf("%s: link to %q", path, href)
			}
		}
	}
}
