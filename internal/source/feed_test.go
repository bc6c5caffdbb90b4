package source

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// Bytes that strict readers lose a whole feed on cost what they stand in.
func TestFeedFaults(t *testing.T) {
	rss := func(encoding string, items ...string) string {
		return `<?xml version="1.0" encoding="` + encoding + `"?><rss version="2.0"><channel><title>F</title>` + strings.Join(items, "") + `</channel></rss>`
	}
	item := func(n int, more string) string {
		return fmt.Sprintf(`<item><title>Envoys meet again %d</title><link>https://f.example/%d</link><pubDate>Sat, 02 Jun 2018 12:00:00 GMT</pubDate>%s</item>`, n, n, more)
	}
	atom := `<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title>%s</feed>`
	for name, c := range map[string]struct {
		input string
		links string // of the articles, without what they share
		errs  int
	}{
		"invalid UTF-8":                 {rss("utf-8", item(1, "<description>It was \xe9 and \xff.</description>"), item(2, "")), "1 2", 0},
		"a false declaration":           {rss("utf-16", item(1, ""), item(2, "")), "1 2", 0},
		"broken off in a tag":           {strings.TrimSuffix(rss("utf-8", item(1, ""), item(2, "")), "itle></item></channel></rss>")[:330], "1", 1},
		"broken off between items":      {rss("utf-8", item(1, ""), item(2, ""))[:len(rss("utf-8", item(1, ""), item(2, "")))-len("</channel></rss>")], "1 2", 0},
		"an item that is not closed":    {rss("utf-8", strings.TrimSuffix(item(1, ""), "</item>"), item(2, "")), "1 2", 0},
		"an element left open":          {rss("utf-8", strings.Replace(item(1, "<description>They met."), "</item>", "</item>", 1), item(2, "")), "1 2", 0},
		"an entity nobody knows":        {rss("utf-8", item(1, "<description>It &rarrr; was &amp; is.</description>"), item(2, "")), "1 2", 0},
		"a sign for a tag":              {rss("utf-8", item(1, "<description>R&D < 3 percent, he said.</description>"), item(2, "")), "1 2", 0},
		"control characters":            {rss("utf-8", item(1, "<description>It \x01 was.</description>"), item(2, "")), "1 2", 0},
		"an item with nothing":          {rss("utf-8", "<item></item>", item(2, "")), "2", 1},
		"bytes before the root":         {"\ufeff\r\n \n" + rss("utf-8", item(1, "")), "1", 0},
		"two roots":                     {rss("utf-8", item(1, "")) + rss("utf-8", item(2, "")), "1 2", 0},
		"no items":                      {rss("utf-8"), "", 1},
		"RSS 0.9":                       {`<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>F</title></channel>` + item(1, "") + item(2, "") + `</rdf:RDF>`, "1 2", 0},
		"RSS 0.91 with its declaration": {`<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel>` + item(1, "") + `</channel></rss>`, "1", 0},
		"Atom":                          {fmt.Sprintf(atom, `<entry><title>Envoys meet</title><link rel="self" href="https://f.example/x"/><link href="https://f.example/1"/><updated>2018-06-02T12:00:00Z</updated></entry>`), "1", 0},
		"Atom with a prefix":            {`<atom:feed xmlns:atom="http://www.w3.org/2005/Atom"><atom:title>F</atom:title><atom:entry><atom:title>Envoys meet</atom:title><atom:link href="https://f.example/1"/><atom:author><atom:name>Ida Marsh</atom:name></atom:author><atom:updated>2018-06-02T12:00:00Z</atom:updated></atom:entry></atom:feed>`, "1", 0},
		"Atom in XHTML":                 {fmt.Sprintf(atom, `<entry><title type="xhtml"><div>Envoys <b>meet</b></div></title><link href="https://f.example/1"/><published>2018-06-02T12:00:00Z</published><content type="xhtml"><div><p>They met at noon, an aide said.</p></div></content></entry>`), "1", 0},
	} {
		articles, errs := all(strings.NewReader(c.input), Hint{Name: "f", URL: "https://f.example/feed"})
		var links []string
		for _, a := range articles {
			links = append(links, strings.TrimPrefix(a.URL, "https://f.example/"))
			if a.Published != "2018-06-02" || !strings.HasPrefix(a.Title, "Envoys meet") || a.Outlet != "F" && name != "RSS 0.91 with its declaration" {
				t.Errorf("%s: article %+v", name, a)
			}
		}
		if got := strings.Join(links, " "); got != c.links || len(errs) != c.errs {
			t.Errorf("%s: found %q with %v", name, got, errs)
		}
	}
}

func TestFeedTimes(t *testing.T) {
	feed := `<rss version="2.0"><channel><title>F</title><item><title>Envoys meet</title><link>https://f.example/1</link><pubDate>%s</pubDate>%s</item></channel></rss>`
	for name, c := range map[string]struct{ published, more, want string }{
		"Seoul":             {"Wed, 03 Jan 2018 00:30:00 KST", "", "2018-01-03 2018-01-02T15:30:00Z  "},
		"London in summer":  {"Sat, 02 Jun 2018 00:30:00 BST", "", "2018-06-02 2018-06-01T23:30:00Z  "},
		"London in winter":  {"Sat, 06 Jan 2018 00:30:00 BST", "", "2018-01-06 2018-01-06T00:30:00Z  "},
		"a zone of several": {"Sat, 06 Jan 2018 00:30:00 IST", "", "2018-01-06   "},
		"changed later":     {"Sat, 06 Jan 2018 00:30:00 GMT", "<atom:updated>2018-01-06T09:00:00+01:00</atom:updated>", "2018-01-06 2018-01-06T00:30:00Z 2018-01-06 2018-01-06T08:00:00Z"},
		"changed never":     {"Sat, 06 Jan 2018 00:30:00 GMT", "<atom:updated>2018-01-06T00:30:00Z</atom:updated>", "2018-01-06 2018-01-06T00:30:00Z  "},
		"no date":           {"soon", "", "   "},
	} {
		a := one(t, []byte(fmt.Sprintf(feed, c.published, c.more)), Hint{})
		got := fmt.Sprintf("%s %s %s %s", a.Published, inWords(a.PublishedAt), a.Modified, inWords(a.ModifiedAt))
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if (a.Published == "") != strings.Contains(strings.Join(a.Warnings, "\n"), noDate) {
			t.Errorf("%s: warnings %q", name, a.Warnings)
		}
	}
}

// Furniture is known in feeds as it is on pages.
func TestFeedFurniture(t *testing.T) {
	feed := `<rss version="2.0"><channel><title>F</title><item><title>Envoys meet</title><description><![CDATA[` +
		`<p>The envoys met at noon, an aide said.</p><p>Share this article</p><p>Click here to subscribe</p><p><a href="/x">Read more</a></p><p>Leave a comment</p>]]></description></item></channel></rss>`
	a := one(t, []byte(feed), Hint{Published: "2018-06-02"})
	if a.Text != "Envoys meet\n\nThe envoys met at noon, an aide said." {
		t.Errorf("text is %q", a.Text)
	}
}

func TestModified(t *testing.T) {
	page := `<html><head><meta property="article:published_time" content="2019-03-12T09:00:00+01:00"><meta property="article:modified_time" content="%s"></head><body><h1>Envoys meet</h1>` + bodyOfPage + `</body></html>`
	for stamp, want := range map[string]string{
		"2019-03-14T10:00:00+01:00": "2019-03-14 2019-03-14T09:00:00Z",
		"2019-03-12T10:00:00+01:00": "2019-03-12 2019-03-12T09:00:00Z",
		"2019-03-12T09:00:00+01:00": " ",
		"2019-03-01T09:00:00+01:00": " ",
		"2019-03-14":                "2019-03-14 ",
	} {
		a := one(t, []byte(fmt.Sprintf(page, stamp)), Hint{})
		if got := string(a.Modified) + " " + inWords(a.ModifiedAt); got != want || !a.PublishedAt.Equal(time.Date(2019, 3, 12, 8, 0, 0, 0, time.UTC)) {
			t.Errorf("%s: modified %q, want %q, published at %v", stamp, got, want, a.PublishedAt)
		}
	}
	shown := `<html><body><h1>Envoys meet</h1><p>Published: 12 March 2019, updated: 14 March 2019</p>` + bodyOfPage + `</body></html>`
	if a := one(t, []byte(shown), Hint{}); a.Published != "2019-03-12" || a.Modified != "2019-03-14" {
		t.Errorf("shown: published %q, modified %q", a.Published, a.Modified)
	}
	line := `{"text": "They met at noon.", "published": "2019-03-12", "modified": "2019-03-14T10:00:00Z"}`
	if a := one(t, []byte(line), Hint{}); a.Modified != "2019-03-14" {
		t.Errorf("a line: modified %q", a.Modified)
	}
}

// A highlight that the body says word for word is kept, and read once.
func TestHighlightSaidAgain(t *testing.T) {
	text := "Envoys meet in the harbour\n\n• The envoys met at noon\n• Nobody knows what they said\n\nThe envoys met at noon, an aide to one of them said on Monday.\n\nThey parted in the evening as friends."
	a := one(t, []byte(text), Hint{Published: "2019-03-12"})
	if len(a.Highlights) != 2 || strings.Count(a.Text, "met at noon") != 1 || !strings.Contains(a.Text, "Nobody knows") {
		t.Errorf("highlights %q, text %q", a.Highlights, a.Text)
	}
}
