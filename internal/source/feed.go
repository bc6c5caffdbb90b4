package source

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"golang.org/x/net/html"

	"detente"
)

// Feeds: RSS 0.9 to 2.0, RDF, Atom, sitemaps with news, JSON Feed. XML feeds
// are read by their tags alone, as a browser would: an item is what stands
// between its tags, so that bad entities, a false encoding or an error in one
// item cost nothing else, and a feed that breaks off gives its whole items.

// feedItem is one item of any feed, as it stands there.
type feedItem struct {
	title, link, guid, language, site string
	date, changed                     string
	authors                           []string
	content, summary                  string // HTML or text
}

// readFeed reads an XML feed or sitemap.
func readFeed(br *bufio.Reader, h Hint, in *input, y yield) bool {
	b, err := readWhole(br, maxInput)
	if err != nil {
		return y(nil, &Error{Name: h.Name, Err: err})
	}
	text, warning := decode(b, h.ContentType)
	f := scanFeed(text)
	for i, item := range f.items {
		if !yieldItem(item, f.channel, i+1, warning, h, y) {
			return false
		}
	}
	switch {
	case f.unclosed != "":
		err = fmt.Errorf("the %s is not closed: the feed breaks off; its whole items have been read", f.unclosed)
		return y(nil, &Error{Name: h.Name, Place: fmt.Sprintf("item %d", len(f.items)+1), Err: err})
	case len(f.items) == 0 && in.err == nil:
		return y(nil, &Error{Name: h.Name, Err: errors.New("the feed has no items; check that it is the feed that you mean")})
	}
	return true
}

// yieldItem makes an item's article and hands it on.
func yieldItem(item, channel feedItem, n int, warning string, h Hint, y yield) bool {
	a, err := item.article(channel, warning, h)
	if err != nil {
		a, err = nil, &Error{Name: h.Name, Place: fmt.Sprintf("item %d", n), Err: err}
	}
	return y(a, err)
}

// article makes the article of an item.
func (item feedItem) article(channel feedItem, warning string, h Hint) (*detente.Article, error) {
	if item.title == "" && item.content == "" && item.summary == "" {
		return nil, fmt.Errorf("it is an address alone; read the page %s", firstOf(item.link, item.guid, "that it names"))
	}
	d := &draft{url: absolute(firstOf(item.link, permalink(item.guid)), h.URL), outlet: clean(firstOf(item.site, channel.title)),
		title: clean(textOfHTML(item.title)), language: languageCode(firstOf(item.language, channel.language))}
	d.warn(warning)
	for _, name := range item.authors {
		if name = authorName(name); name != "" {
			d.byline = append(d.byline, splitBylines(name)...)
		}
	}
	d.published, d.modified = feedStamp(item.date), feedStamp(item.changed)
	if d.published.day == "" {
		d.published, d.modified = d.modified, stamped{}
	}
	h.URL = d.url
	if h.Raw {
		return d.rawArticle(textOfHTML(firstOf(item.content, item.summary)), h)
	}
	d.readMarkup(firstOf(item.content, item.summary))
	if !d.has(detente.BlockBody) {
		d.warn("headline only: the text is at its address")
	}
	return d.article(h)
}

// readMarkup reads a piece of HTML, or bare text, all of which is the article.
func (d *draft) readMarkup(markup string) {
	if !strings.ContainsRune(markup, '<') {
		d.readBare(paragraphs(html.UnescapeString(markup)))
		return
	}
	root, err := parsePage(markup)
	if err != nil {
		d.readBare(paragraphs(textOfHTML(markup)))
		return
	}
	p := newPage(root, d.url)
	var ps []piece
	var from []int
	for i := range p.blocks {
		ps = append(ps, piece{kind: p.kind(&p.blocks[i], 0, d.title), text: p.blocks[i].text})
		from = append(from, i)
	}
	p.dropEmptySections(ps, from)
	d.pieces = ps
	d.settleRepeats()
}

// textOfHTML is the text of a piece of HTML, paragraphs divided by blank lines.
func textOfHTML(markup string) string {
	if !strings.ContainsAny(markup, "<&") {
		return markup
	}
	root, err := parsePage(markup)
	if err != nil {
		return html.UnescapeString(markup)
	}
	p := newPage(root, "")
	texts := make([]string, len(p.blocks))
	for i, b := range p.blocks {
		texts[i] = b.text
	}
	return strings.Join(texts, "\n\n")
}

// permalink is a guid that is an address.
func permalink(guid string) string {
	if strings.HasPrefix(guid, "http://") || strings.HasPrefix(guid, "https://") {
		return guid
	}
	return ""
}

// addressedName is how RSS gives authors: an address with the name behind it.
var addressedName = regexp.MustCompile(`^\S+@\S+\s*\((.+)\)$`)

// authorName is the name in an author element; an address alone is none.
func authorName(text string) string {
	text = clean(textOfHTML(text))
	if m := addressedName.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	if strings.Contains(text, "@") {
		return ""
	}
	return text
}

// shortYear is a date of RFC 822 with a year of two digits.
var shortYear = regexp.MustCompile(`(\d{1,2} \p{L}{3}) (\d\d) (\d\d:\d\d)`)

// feedStamp is the calendar day of a feed's date as its publisher wrote it, and
// the point in time where the zone is known.
func feedStamp(date string) stamped {
	return readStamp(shortYear.ReplaceAllString(date, "$1 20$2 $3"))
}

// scannedFeed is what the tags of a feed say.
type scannedFeed struct {
	channel  feedItem
	items    []feedItem
	unclosed string // the tag of an item that was open at the end
}

// feedScanner walks the tags of an XML feed.
type feedScanner struct {
	*html.Tokenizer
	itemTag string // url in a sitemap; item and entry elsewhere
	ended   bool   // the item ended while one of its elements was read
}

func (z *feedScanner) isItem(name string) bool {
	if z.itemTag != "" {
		return name == z.itemTag
	}
	return plainTag(name) == "item" || plainTag(name) == "entry"
}

// plainTag is a tag without the prefix that feeds of several vocabularies give
// to Atom's.
func plainTag(name string) string {
	return strings.TrimPrefix(strings.TrimPrefix(name, "atom:"), "a10:")
}

// scanFeed reads the tags of an XML feed. An item that was not closed when the
// next one opens is whole all the same; one that is open at the end is not.
func scanFeed(text string) scannedFeed {
	var f scannedFeed
	z := &feedScanner{Tokenizer: html.NewTokenizer(strings.NewReader(text))}
	z.AllowCDATA(true)
	var item *feedItem
	end := func() {
		if item != nil {
			f.items = append(f.items, *item)
		}
		item, f.unclosed, z.ended = nil, "", false
	}
	for {
		token := z.Next()
		if token == html.ErrorToken {
			return f
		}
		if token != html.StartTagToken && token != html.SelfClosingTagToken && token != html.EndTagToken {
			continue
		}
		tag := z.Token()
		switch {
		case tag.Data == "urlset" || tag.Data == "sitemapindex":
			z.itemTag = map[string]string{"urlset": "url", "sitemapindex": "sitemap"}[tag.Data]
		case z.isItem(tag.Data) && token == html.EndTagToken:
			end()
		case z.isItem(tag.Data):
			end()
			item, f.unclosed = &feedItem{}, tag.Data
		case token == html.EndTagToken:
		case item != nil:
			item.field(z, tag)
		default:
			f.channel.channelField(z, tag)
		}
		if z.ended {
			end()
		}
	}
}

// field reads an element of an item.
func (item *feedItem) field(z *feedScanner, tag html.Token) {
	switch plainTag(tag.Data) {
	case "title", "news:title":
		setOnce(&item.title, content(z, tag))
	case "link":
		item.setLink(z, tag)
	case "loc":
		setOnce(&item.link, content(z, tag))
	case "guid", "id":
		setOnce(&item.guid, content(z, tag))
	case "pubdate", "published", "dc:date", "issued", "news:publication_date", "created":
		setOnce(&item.date, content(z, tag))
	case "updated", "modified", "lastmod":
		setOnce(&item.changed, content(z, tag))
	case "dc:creator", "author", "itunes:author":
		item.authors = append(item.authors, authorText(z, tag))
	case "news:name":
		setOnce(&item.site, content(z, tag))
	case "news:language":
		setOnce(&item.language, content(z, tag))
	case "content:encoded", "content", "body", "xhtml:body":
		setOnce(&item.content, content(z, tag))
	case "description", "summary":
		setOnce(&item.summary, content(z, tag))
	case "source", "media:group", "media:content":
		skip(z, tag)
	}
}

// channelField reads an element of the feed itself.
func (f *feedItem) channelField(z *feedScanner, tag html.Token) {
	switch plainTag(tag.Data) {
	case "title":
		setOnce(&f.title, content(z, tag))
	case "language", "dc:language":
		setOnce(&f.language, content(z, tag))
	case "feed":
		for _, a := range tag.Attr {
			if a.Key == "xml:lang" {
				f.language = a.Val
			}
		}
	case "image", "author":
		skip(z, tag)
	}
}

func setOnce(field *string, value string) {
	if *field == "" {
		*field = strings.TrimSpace(value)
	}
}

// setLink reads a link as RSS (text) or Atom (href) write it.
func (item *feedItem) setLink(z *feedScanner, tag html.Token) {
	rel, href := "alternate", ""
	for _, a := range tag.Attr {
		switch a.Key {
		case "rel":
			rel = a.Val
		case "href":
			href = a.Val
		}
	}
	if href == "" {
		setOnce(&item.link, content(z, tag))
	} else if rel == "alternate" {
		setOnce(&item.link, href)
	}
}

// content is what stands inside an element: text with its entities resolved,
// and tags as they are.
func content(z *feedScanner, tag html.Token) string {
	var b strings.Builder
	if tag.Type == html.SelfClosingTagToken {
		return ""
	}
	for depth := 1; ; {
		switch token := z.Next(); token {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			b.WriteString(unwrapCDATA(z.Token().Data))
		case html.StartTagToken, html.EndTagToken:
			raw := string(z.Raw())
			name, _ := z.TagName()
			if string(name) == tag.Data {
				if token == html.StartTagToken {
					depth++
				} else if depth--; depth == 0 {
					return b.String()
				}
			}
			if token == html.EndTagToken && z.isItem(string(name)) {
				z.ended = true // and the element was never closed
				return b.String()
			}
			b.WriteString(raw)
		case html.SelfClosingTagToken:
			b.Write(z.Raw())
		}
	}
}

// unwrapCDATA takes the marks of a CDATA section off text that the tokenizer
// took as it stands, as in a title.
func unwrapCDATA(s string) string {
	trimmed := strings.TrimSpace(s)
	if inner, ok := strings.CutPrefix(trimmed, "<![CDATA["); ok {
		return strings.TrimSuffix(inner, "]]>")
	}
	return s
}

// authorText is the text of an author element, or the name element inside it.
func authorText(z *feedScanner, tag html.Token) string {
	inside := content(z, tag)
	if m := nameElement.FindStringSubmatch(inside); m != nil {
		return m[1]
	}
	if strings.Contains(inside, "<") {
		return ""
	}
	return inside
}

// nameElement is the name inside of an author element.
var nameElement = regexp.MustCompile(`<(?:atom:|a10:)?name>([^<]*)<`)

// skip passes over an element.
func skip(z *feedScanner, tag html.Token) { content(z, tag) }

// jsonFeedItem is an item of a JSON Feed, versions 1 and 1.1.
type jsonFeedItem struct {
	ID          jsonID           `json:"id"`
	URL         string           `json:"url"`
	Title       string           `json:"title"`
	HTML        string           `json:"content_html"`
	Text        string           `json:"content_text"`
	Summary     string           `json:"summary"`
	Published   string           `json:"date_published"`
	Modified    string           `json:"date_modified"`
	Language    string           `json:"language"`
	Author      jsonFeedAuthor   `json:"author"`
	Authors     []jsonFeedAuthor `json:"authors"`
	ExternalURL string           `json:"external_url"`
}

type jsonFeedAuthor struct {
	Name string `json:"name"`
}

// readJSONFeed reads a JSON Feed item by item, so that one which breaks off
// gives its whole items.
func readJSONFeed(br *bufio.Reader, h Hint, in *input, y yield) bool {
	b, err := readWhole(br, maxInput)
	if err != nil {
		return y(nil, &Error{Name: h.Name, Err: err})
	}
	text, warning := decode(b, h.ContentType)
	dec := json.NewDecoder(strings.NewReader(text))
	channel, err := jsonFeedHead(dec)
	n := 0
	for ; err == nil && dec.More(); n++ {
		var raw json.RawMessage
		if err = dec.Decode(&raw); err != nil {
			break
		}
		var w jsonFeedItem
		if bad := json.Unmarshal(raw, &w); bad != nil {
			bad = fmt.Errorf("not an item of a JSON Feed: %w", bad)
			if !y(nil, &Error{Name: h.Name, Place: fmt.Sprintf("item %d", n+1), Err: bad}) {
				return false
			}
			continue
		}
		if !yieldItem(w.item(), channel, n+1, warning, h, y) {
			return false
		}
	}
	if err != nil && in.err == nil {
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
			err = errors.New("the feed breaks off; its whole items have been read")
		}
		return y(nil, &Error{Name: h.Name, Place: fmt.Sprintf("item %d", n+1), Err: err})
	}
	return true
}

// jsonFeedHead reads up to the first item.
func jsonFeedHead(dec *json.Decoder) (channel feedItem, err error) {
	if _, err := dec.Token(); err != nil {
		return channel, err
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return channel, err
		}
		if key == "items" {
			_, err := dec.Token()
			return channel, err
		}
		var value any
		if err := dec.Decode(&value); err != nil {
			return channel, err
		}
		text, _ := value.(string)
		switch key {
		case "title":
			channel.title = text
		case "language":
			channel.language = text
		}
	}
	return channel, errors.New(`the feed has no "items"`)
}

func (w jsonFeedItem) item() feedItem {
	item := feedItem{title: html.EscapeString(w.Title), link: firstOf(w.URL, w.ExternalURL), guid: string(w.ID), date: w.Published, changed: w.Modified,
		language: w.Language, content: firstOf(w.HTML, html.EscapeString(w.Text)), summary: html.EscapeString(w.Summary)}
	for _, a := range append(w.Authors, w.Author) {
		if a.Name != "" {
			item.authors = append(item.authors, a.Name)
		}
	}
	return item
}
