package source

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/html"

	"detente"
)

// Listing is what a feed or sitemap says beside the articles that are in it.
type Listing struct {
	Title   string
	Sitemap bool
	Links   []Link
	// The publisher's wishes: not to be asked more often, in these hours (bit 0
	// is the one from 0 to 1 UTC) or on these days (bit 0 is Sunday).
	TTL       time.Duration
	SkipHours uint32
	SkipDays  uint8
}

// Link is a page that a listing names.
type Link struct {
	URL       string
	Published detente.Date // empty where the listing does not say
	Whole     bool         // the listing has the page's text, not only its beginning
	Told      string       // differs where the listing tells something else of the page
}

// wholeText is how long a text in a feed is that is not only a beginning.
const wholeText = 1200

// List reads what is fetched at an address as a feed or sitemap; ok is false
// where it is neither.
func List(b []byte, h Hint) (list Listing, ok bool) {
	if bytes.HasPrefix(b, gzipMagic) {
		z, err := gzip.NewReader(bytes.NewReader(b))
		if err != nil {
			return list, false
		}
		if b, err = readWhole(z, maxInput); err != nil {
			return list, false
		}
	}
	switch sniff(b[:min(len(b), peekSize)], h.ContentType) {
	case formatFeed:
		text, _ := decode(b, h.ContentType)
		return listFeed(text, h.URL), true
	case formatJSONFeed:
		text, _ := decode(b, h.ContentType)
		return listJSONFeed(text, h.URL), true
	}
	return list, false
}

func listFeed(text, base string) Listing {
	f := scanFeed(text)
	list := Listing{Title: clean(textOfHTML(f.channel.title)), Sitemap: opensSitemap.MatchString(text)}
	for _, item := range f.items {
		list.add(item, base)
	}
	list.rhythm(text)
	return list
}

func listJSONFeed(text, base string) Listing {
	dec := json.NewDecoder(strings.NewReader(text))
	channel, err := jsonFeedHead(dec)
	list := Listing{Title: clean(channel.title)}
	for err == nil && dec.More() {
		var w jsonFeedItem
		var raw json.RawMessage
		if err = dec.Decode(&raw); err == nil && json.Unmarshal(raw, &w) == nil {
			list.add(w.item(), base)
		}
	}
	return list
}

func (l *Listing) add(item feedItem, base string) {
	address := firstOf(item.link, permalink(item.guid))
	if address == "" {
		return
	}
	if address = absolute(address, base); !strings.HasPrefix(address, "http") {
		return
	}
	text := textOfHTML(firstOf(item.content, item.summary))
	told := fnv.New64a()
	fmt.Fprintf(told, "%s\x00%s\x00%s", item.title, text, item.date)
	l.Links = append(l.Links, Link{URL: address, Published: feedStamp(firstOf(item.date, item.changed)).day, Whole: len(text) >= wholeText, Told: fmt.Sprintf("%x", told.Sum64())})
}

var (
	opensSitemap = regexp.MustCompile(`<(?:urlset|sitemapindex)[\s>]`)
	ttlField     = regexp.MustCompile(`(?i)<ttl>\s*(\d{1,6})\s*</ttl>`)
	period       = regexp.MustCompile(`(?i)<sy:updatePeriod>\s*(\w+)\s*<`)
	frequency    = regexp.MustCompile(`(?i)<sy:updateFrequency>\s*(\d{1,4})\s*<`)
	skipList     = regexp.MustCompile(`(?is)<skip(?:Hours|Days)>.*?</skip(?:Hours|Days)>`)
	hourField    = regexp.MustCompile(`(?i)<hour>\s*(\d{1,2})\s*</hour>`)
	dayField     = regexp.MustCompile(`(?i)<day>\s*(\w+)\s*</day>`)
)

// periods of RSS's syndication module.
var periods = map[string]time.Duration{"hourly": time.Hour, "daily": 24 * time.Hour, "weekly": 7 * 24 * time.Hour,
	"monthly": 30 * 24 * time.Hour, "yearly": 365 * 24 * time.Hour}

// rhythm reads how often the publisher of an XML feed wants to be asked.
func (l *Listing) rhythm(text string) {
	if m := ttlField.FindStringSubmatch(text); m != nil {
		minutes, _ := strconv.Atoi(m[1])
		l.TTL = time.Duration(minutes) * time.Minute
	} else if m := period.FindStringSubmatch(text); m != nil {
		l.TTL = periods[strings.ToLower(m[1])]
		if m := frequency.FindStringSubmatch(text); m != nil {
			times, _ := strconv.Atoi(m[1])
			l.TTL /= time.Duration(max(1, times))
		}
	}
	for _, skip := range skipList.FindAllString(text, -1) {
		for _, m := range hourField.FindAllStringSubmatch(skip, -1) {
			hour, _ := strconv.Atoi(m[1]) // some write midnight as 24
			l.SkipHours |= 1 << (hour % 24)
		}
		for _, m := range dayField.FindAllStringSubmatch(skip, -1) {
			for day := time.Sunday; day <= time.Saturday; day++ {
				if strings.EqualFold(m[1], day.String()) {
					l.SkipDays |= 1 << day
				}
			}
		}
	}
}

// Feeds lists the feeds that a page names in its head.
func Feeds(b []byte, h Hint) []string {
	text, _ := decode(b, h.ContentType)
	z := html.NewTokenizer(bufio.NewReader(strings.NewReader(text)))
	var feeds []string
	for {
		switch z.Next() {
		case html.ErrorToken:
			return feeds
		case html.StartTagToken, html.SelfClosingTagToken:
			tag := z.Token()
			if tag.Data == "body" {
				return feeds
			}
			if tag.Data == "link" {
				if address := feedLink(tag, h.URL); address != "" {
					feeds = append(feeds, address)
				}
			}
		}
	}
}

// feedLink is where a link element points, if that is a feed of the page.
func feedLink(tag html.Token, base string) string {
	at := map[string]string{}
	for _, a := range tag.Attr {
		at[a.Key] = a.Val
	}
	switch strings.ToLower(at["type"]) {
	case "application/rss+xml", "application/atom+xml", "application/feed+json":
		if strings.EqualFold(at["rel"], "alternate") && at["href"] != "" {
			return absolute(at["href"], base)
		}
	}
	return ""
}
