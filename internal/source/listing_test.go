package source

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

const feedOfTwo = `<?xml version="1.0"?><rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>
<title>The Fjord &amp; Sound</title>%s
<item><title>Talks</title><link>/news/1?a=1&amp;b=2</link><pubDate>Wed, 08 May 2019 10:00:00 KST</pubDate><description>The ministers met.</description></item>
<item><title>More talks</title><guid isPermaLink="true">https://paper.example/news/2</guid><content:encoded><![CDATA[<p>` + "%s" + `</p>]]></content:encoded></item>
<item><title>No address</title><description>They met.</description></item>
</channel></rss>`

func TestListFeed(t *testing.T) {
	long := strings.Repeat("The ministers met again on Wednesday. ", 40)
	text := fmt.Sprintf(feedOfTwo, "<ttl>90</ttl><skipHours><hour>0</hour><hour>23</hour><hour>24</hour></skipHours><skipDays><day>Sunday</day></skipDays>", long)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte(text))
	z.Close()
	for _, b := range [][]byte{[]byte(text), packed.Bytes()} {
		list, ok := List(b, Hint{URL: "https://paper.example/feed"})
		if !ok || list.Title != "The Fjord & Sound" || list.Sitemap {
			t.Fatalf("%+v, %v", list, ok)
		}
		want := []Link{{URL: "https://paper.example/news/1?a=1&b=2", Published: "2019-05-08"}, {URL: "https://paper.example/news/2", Whole: true}}
		for i := range list.Links {
			if list.Links[i].Told == "" {
				t.Error("nothing is told of a page")
			}
			list.Links[i].Told = ""
		}
		if !slices.Equal(list.Links, want) {
			t.Errorf("links %+v", list.Links)
		}
		if list.TTL != 90*time.Minute || list.SkipHours != 1<<23|1 || list.SkipDays != 1 {
			t.Errorf("rhythm %s, %b, %b", list.TTL, list.SkipHours, list.SkipDays)
		}
	}
	once, _ := List([]byte(text), Hint{URL: "https://paper.example/feed"})
	again, _ := List([]byte(strings.Replace(text, "The ministers met.", "The ministers will meet.", 1)), Hint{URL: "https://paper.example/feed"})
	if once.Links[0].Told == again.Links[0].Told || once.Links[1].Told != again.Links[1].Told {
		t.Error("what is told of a page does not follow the feed")
	}
	for fields, want := range map[string]time.Duration{
		"<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>": 30 * time.Minute,
		"<sy:updatePeriod> daily </sy:updatePeriod>":                                          24 * time.Hour,
		"<sy:updatePeriod>never</sy:updatePeriod>":                                            0,
		"<ttl>soon</ttl>": 0,
		"<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>": time.Hour,
		"": 0,
	} {
		if list, _ := List([]byte(fmt.Sprintf(feedOfTwo, fields, "They met.")), Hint{}); list.TTL != want {
			t.Errorf("%q gives %s, want %s", fields, list.TTL, want)
		}
	}
}

func TestListOthers(t *testing.T) {
	for name, c := range map[string]struct {
		text    string
		ok      bool
		links   int
		sitemap bool
	}{
		"Atom":      {`<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><entry><link href="https://a.example/1"/><title>T</title></entry></feed>`, true, 1, false},
		"JSON Feed": {`{"version":"https://jsonfeed.org/version/1.1","title":"A","items":[{"url":"https://a.example/1","title":"T"},7,{"url":"https://a.example/2"}]}`, true, 2, false},
		"sitemap":   {`<urlset xmlns="x"><url><loc>https://a.example/1</loc><lastmod>2019-05-08</lastmod></url></urlset>`, true, 1, true},
		"of sitemaps": {`<sitemapindex xmlns="x"><sitemap><loc>https://a.example/1.xml</loc></sitemap><sitemap><loc>https://a.example/2.xml</loc></sitemap></sitemapindex>`,
			true, 2, true},
		"cut feed": {`<rss><channel><item><link>https://a.example/1</link></item><item><link>https://a.ex`, true, 1, false},
		"page":     {`<html><body><p>They met.</p></body></html>`, false, 0, false},
		"nothing":  {``, false, 0, false},
		"bad gzip": {"\x1f\x8b\x08\x00", false, 0, false},
	} {
		list, ok := List([]byte(c.text), Hint{})
		if ok != c.ok || len(list.Links) != c.links || list.Sitemap != c.sitemap {
			t.Errorf("%s: %+v, %v", name, list, ok)
		}
	}
}

func TestFeeds(t *testing.T) {
	page := `<html><head><link rel=stylesheet href=/a.css><link rel="alternate" type="application/rss+xml" href="/feed?x=1&amp;y=2">
<link rel="alternate" hreflang="de" href="/de"><LINK REL=alternate TYPE=application/atom+xml HREF="https://b.example/atom"></head>
<body><link rel="alternate" type="application/rss+xml" href="/comments"></body></html>`
	got := Feeds([]byte(page), Hint{URL: "https://a.example/news/"})
	if want := []string{"https://a.example/feed?x=1&y=2", "https://b.example/atom"}; !slices.Equal(got, want) {
		t.Errorf("feeds %q, want %q", got, want)
	}
}

func TestOPML(t *testing.T) {
	list, err := ParseOPML(strings.NewReader(`<?xml version="1.0" encoding="ISO-8859-1"?><opml version="1.0"><head><title>x</title></head><body>
<outline text="Papers"><outline text="Fjord & Sound" xmlUrl=" https://a.example/feed "/><outline text="x" title="Bl` + "\xe5" + `" type="rss" xmlUrl="https://b.example/feed?a=1&amp;b=2"/></outline>
<outline text="a folder with nothing in it"/></body></opml>`))
	want := []Outline{{"Fjord & Sound", "https://a.example/feed"}, {"Blå", "https://b.example/feed?a=1&b=2"}}
	if err != nil || !slices.Equal(list, want) {
		t.Fatalf("%q, %v", list, err)
	}
	var b bytes.Buffer
	if err := WriteOPML(&b, "Sources", list); err != nil {
		t.Fatal(err)
	}
	if again, err := ParseOPML(&b); err != nil || !slices.Equal(again, want) {
		t.Errorf("written and read: %q, %v", again, err)
	}
	for text, words := range map[string]string{"": "not an OPML list", "<rss></rss>": "not an OPML list", "<opml><body><outline text='x'/></body></opml>": "names no feed"} {
		if _, err := ParseOPML(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzList(f *testing.F) {
	f.Add([]byte(fmt.Sprintf(feedOfTwo, "<ttl>5</ttl>", "They met.")))
	f.Add([]byte(`{"version":"https://jsonfeed.org/version/1","items":[{"url":"https://a.example/1"}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		list, ok := List(b, Hint{URL: "https://a.example/"})
		for _, l := range list.Links {
			if !ok || !strings.HasPrefix(l.URL, "http") {
				t.Errorf("link %q, %v", l.URL, ok)
			}
		}
		Feeds(b, Hint{})
		if _, err := ParseOPML(bytes.NewReader(b)); err == nil && len(b) == 0 {
			t.Error("a list of nothing")
		}
	})
}
