package source

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// fill takes from a page what the draft does not know yet.
func (d *draft) fill(p *page) {
	if d.title == "" {
		d.title = p.title()
	}
	if len(d.byline) == 0 {
		d.byline = p.byline()
	}
	if d.published.day == "" {
		d.published = p.published()
	}
	if d.modified.day == "" {
		d.modified = p.changed()
	}
	if d.url == "" {
		d.url = p.canonical()
	}
	if d.outlet == "" {
		d.outlet = p.outlet()
	}
	if d.language == "" {
		d.language = p.language()
	}
}

// title is the headline as the page shows it: of the headings, the one that
// says what the page's own data give as its title, or the page's only main
// heading. Where there is none, the data are believed, without the site's name.
func (p *page) title() string {
	if p.titled {
		return p.headline
	}
	p.titled = true
	given := p.givenTitles()
	heading, likeness := p.likestHeading(given)
	if likeness < sameTitle {
		heading = p.onlyMain()
	}
	if heading == nil && len(given) == 0 {
		heading = p.firstHeading()
	}
	switch {
	case heading != nil:
		whole := heading.text
		p.headline = withoutDate(p.withoutKicker(heading, given))
		p.heading = heading
		heading.text = p.headline // what follows knows the headline by its words
		if day, _, ok := findDay(whole); ok && !hasDay(p.headline) {
			p.titleDay = day
		}
	case len(given) > 0:
		p.headline = withoutDate(p.withoutSite(given[0]))
	}
	return p.headline
}

// withoutDate takes a date that stands before a headline off it.
func withoutDate(title string) string {
	_, at, ok := findDay(title)
	if !ok || at[0] > 0 {
		return title
	}
	at[1] = min(at[1], len(title))
	last, size := utf8.DecodeLastRuneInString(title[:at[1]])
	if unicode.IsLetter(last) {
		at[1] -= size // the form of a date looks one character ahead
	}
	rest := withoutBreak(title[at[1]:])
	if wordCount(rest) < minRest || !opensUpper(rest) {
		return title
	}
	return rest
}

// minRest is how many words must be left of a title when something is taken
// off its start.
const minRest = 3

// maxTitleWords is the longest heading that can be a headline.
const maxTitleWords = 60

// likestHeading is the heading that is most like a title that the page's data
// give, those believed more counting a little more, and its likeness.
func (p *page) likestHeading(given []string) (heading *block, likeness float64) {
	words := make([][]string, len(given))
	for i, g := range given {
		words[i] = phraseWords(g, false)
	}
	only := p.onlyMain()
	for at := range p.blocks {
		b := &p.blocks[at]
		if !b.heading || b.words > maxTitleWords || p.isSiteHeading(b) {
			continue
		}
		shown := phraseWords(b.text, false)
		for i := range given {
			l := titleLikeness(shown, words[i]) - 0.02*float64(i)
			if p.elems[b.elem].tag == atom.H1 {
				l += 0.15
			}
			if b == only {
				l += 0.2
			}
			if l > likeness {
				heading, likeness = b, l
			}
		}
	}
	return heading, likeness
}

// isSiteHeading reports a heading that names the site, by its words or because
// it links to the home page.
func (p *page) isSiteHeading(b *block) bool {
	return p.isSiteName(b.text) || b.links > 0 && p.linksHome(p.elems[b.elem].node)
}

// linksHome reports whether a heading holds, or stands in, a link to the page
// that the site opens with.
func (p *page) linksHome(n *html.Node) bool {
	for around := n; around != nil && around.DataAtom != atom.Body; around = around.Parent {
		if around.DataAtom == atom.A {
			return p.isHome(attr(around, "href"))
		}
	}
	for inside := range n.Descendants() {
		if inside.DataAtom == atom.A {
			return p.isHome(attr(inside, "href"))
		}
	}
	return false
}

// isHome reports whether an address is that of a site or section and no more:
// a folder in which the page stands.
func (p *page) isHome(address string) bool {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || address == "" || u.RawQuery != "" || u.Path == "" && u.Host == "" {
		return false
	}
	own, err := url.Parse(p.url)
	if err != nil {
		return false
	}
	folder := strings.TrimRight(strings.TrimSuffix(u.Path, "index.html"), "/.") + "/"
	return folder == "/" && strings.Trim(own.Path, "/") != "" ||
		own.Host == u.Host && strings.HasPrefix(own.Path, folder) && own.Path != folder
}

// onlyMain is the only h1 that does not name the site; nil where there are more
// or none.
func (p *page) onlyMain() *block {
	var only *block
	for i := range p.blocks {
		b := &p.blocks[i]
		if !b.heading || p.elems[b.elem].tag != atom.H1 || p.isSiteHeading(b) {
			continue
		}
		if only != nil || b.words > maxTitleWords {
			return nil
		}
		only = b
	}
	return only
}

// withoutKicker is the text of a heading without what stands in another element
// of it before or behind the title: a kicker or a second line. Either that
// element's names say so, or the page's data give the title without it.
func (p *page) withoutKicker(b *block, given []string) string {
	node := p.elems[b.elem].node
	ends := textEnds(node)
	for _, g := range given {
		_, behind, _ := cutAt(g, titleBreak.FindStringIndex(g))
		for _, g := range []string{g, p.withoutSite(g), behind} {
			i := strings.Index(b.text, g)
			if i < 0 || wordCount(g) < minRest || len(g) == len(b.text) {
				continue
			}
			before, behind := b.text[:i], b.text[i+len(g):]
			if ends[len(squeeze(before))] && ends[len(squeeze(before+g))] || before == "" && p.isSiteName(withoutBreak(behind)) {
				return g
			}
		}
	}
	text := clean(p.textWithout(node, markKicker))
	if len(squeeze(text)) < len(squeeze(b.text)) {
		text = withoutBreak(text)
	}
	if wordCount(text) > 0 && strings.Contains(b.text, text) {
		return text
	}
	return b.text
}

// withoutBreak takes the signs that divide a title from something before it off
// its start.
func withoutBreak(text string) string { return strings.TrimLeft(text, " :/|│·•–—-") }

// cutAt divides a text at a place in it.
func cutAt(text string, at []int) (before, behind string, ok bool) {
	if at == nil {
		return text, "", false
	}
	return text[:at[0]], text[at[1]:], true
}

// textWithout is the text of an element without that of the elements in it that
// have a mark.
func (p *page) textWithout(n *html.Node, m mark) string {
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			b.WriteString(c.Data)
		case c.Type == html.ElementNode && c.DataAtom != atom.Style && c.DataAtom != atom.Script && marksOf(attr(c, "class"), p.memo)&m == 0:
			b.WriteString(p.textWithout(c, m))
		}
	}
	return b.String()
}

// textEnds are the places in an element's squeezed text where a text node of it
// ends or begins.
func textEnds(n *html.Node) map[int]bool {
	ends := map[int]bool{0: true}
	at := 0
	for inside := range n.Descendants() {
		if inside.Type == html.TextNode && inside.Parent.DataAtom != atom.Style && inside.Parent.DataAtom != atom.Script {
			at += len(squeeze(inside.Data))
			ends[at] = true
		}
	}
	return ends
}

// sameTitle is the likeness at which a heading is the title.
const sameTitle = 0.7

// givenTitles are the titles in the page's data, most believed first.
func (p *page) givenTitles() []string {
	var out []string
	add := func(s string) {
		if s = clean(s); s != "" {
			out = append(out, s)
		}
	}
	for _, l := range p.head.linked {
		add(l.headline)
	}
	for _, key := range []string{"og:title", "twitter:title", "dc.title", "dcterms.title", "headline", "title"} {
		add(p.head.meta[key])
	}
	add(p.head.title)
	return out
}

// firstHeading is the first h1, or the first heading at all; nil where there is
// none.
func (p *page) firstHeading() *block {
	var first *block
	for i := range p.blocks {
		b := &p.blocks[i]
		if !b.heading {
			continue
		}
		if p.elems[b.elem].tag == atom.H1 {
			return b
		}
		if first == nil {
			first = b
		}
	}
	return first
}

// titleLikeness is the share of words that a heading and a given title have in
// common; one that the given title only continues with a site's name is fully alike.
func titleLikeness(a, b []string) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	count := map[string]int{}
	for _, w := range b {
		count[w]++
	}
	common := 0
	for _, w := range a {
		if count[w] > 0 {
			count[w]--
			common++
		}
	}
	full := 2 * float64(common) / float64(len(a)+len(b))
	if len(a) >= 3 && len(a) <= len(b) && slices.Equal(a, b[:len(a)]) {
		return max(full, 0.9)
	}
	if len(a) >= 3 && len(a) <= len(b) && slices.Equal(a, b[len(b)-len(a):]) {
		return max(full, 0.85)
	}
	return full
}

// titleBreak divides a title from the name of the site.
var titleBreak = regexp.MustCompile(`\s+[»«·•–—-]\s+|\s*[|│]\s*|\s+::\s+`)

// withoutSite takes the site's name, or a short section's, off the end or the
// start of a title.
func (p *page) withoutSite(title string) string {
	for {
		breaks := titleBreak.FindAllStringIndex(title, -1)
		if len(breaks) == 0 {
			return title
		}
		first, last := breaks[0], breaks[len(breaks)-1]
		name, rest := title[last[1]:], title[:last[0]]
		switch bar := strings.ContainsAny(title[last[0]:last[1]], "|│"); {
		case p.isSiteName(name):
			title = rest
		case p.isSiteName(title[:first[0]]):
			return title[first[1]:]
		case spokenWords(name) <= 3 && (bar || spokenWords(rest) >= 4):
			title = rest
		default:
			return title
		}
	}
}

// isSiteName reports whether words name the site: its own data say so, or its
// address does.
func (p *page) isSiteName(words string) bool {
	name := squeeze(words)
	if name == "" {
		return false
	}
	for _, s := range p.siteNames() {
		if strings.Contains(s, name) || strings.Contains(name, s) && 3*len(name) < 4*len(s) {
			return true
		}
	}
	site := squeeze(host(p.url))
	return site != "" && (strings.Contains(site, name) && utf8.RuneCountInString(name) > 3)
}

// siteNames are the names that the page's data give its site and publisher,
// squeezed.
func (p *page) siteNames() []string {
	if p.sites != nil {
		return p.sites
	}
	names := []string{p.head.site, p.head.meta["og:site_name"], p.head.meta["application-name"]}
	for _, l := range p.head.linked {
		names = append(names, p.head.nameOf(l.publisher))
	}
	p.sites = []string{}
	for _, name := range names {
		if s := squeeze(name); s != "" && !slices.Contains(p.sites, s) {
			p.sites = append(p.sites, s)
		}
	}
	return p.sites
}

// squeeze keeps the letters and digits of a name in lower case.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// outlet is the name of the site.
func (p *page) outlet() string {
	if name := clean(p.head.meta["og:site_name"]); name != "" {
		return name
	}
	for _, l := range p.head.linked {
		if name := p.head.nameOf(l.publisher); name != "" {
			return name
		}
	}
	return clean(p.head.site)
}

// canonical is the address that the page gives as its own, on the host that it
// was read from; a page whose canonical address is another host's or the home
// page keeps the one it was read from.
func (p *page) canonical() string {
	base, err := url.Parse(p.url)
	if err != nil {
		base = &url.URL{}
	}
	for _, given := range []string{p.head.canonical, p.head.meta["og:url"]} {
		u, err := base.Parse(strings.TrimSpace(given))
		if err != nil || given == "" || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			continue
		}
		if p.url != "" && (host(u.String()) != host(p.url) || strings.Trim(u.Path, "/") == "" && strings.Trim(base.Path, "/") != "") {
			continue
		}
		return u.String()
	}
	return p.url
}

// absolute is an address as seen from a base.
func absolute(address, base string) string {
	b, err := url.Parse(base)
	if err != nil {
		b = &url.URL{}
	}
	u, err := b.Parse(strings.TrimSpace(address))
	if err != nil {
		return address
	}
	return u.String()
}

// language is that of the text, which pages know less often than they say;
// their word counts where the text is too short to tell.
func (p *page) language() string {
	var b strings.Builder
	for i := range p.blocks {
		if p.blocks[i].worth() > 0 {
			b.WriteString(p.blocks[i].text)
			b.WriteByte('\n')
		}
		if b.Len() > lookLetters {
			break
		}
	}
	if told := language(b.String()); told != "" {
		return told
	}
	if code := languageCode(p.head.language); code != "" {
		return code
	}
	return languageCode(p.head.meta["og:locale"])
}
