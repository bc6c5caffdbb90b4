package source

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

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
	if d.published == "" {
		d.published = p.published()
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
	switch {
	case likeness >= sameTitle:
		p.headline = p.withoutKicker(heading, given)
	case p.onlyMain() != "":
		p.headline = p.onlyMain()
	case len(given) > 0:
		p.headline = p.withoutSite(given[0])
	default:
		p.headline = p.firstHeading()
	}
	return p.headline
}

// maxTitleWords is the longest heading that can be a headline.
const maxTitleWords = 60

// likestHeading is the heading that is most like a title that the page's data
// give, those believed more counting a little more, and its likeness.
func (p *page) likestHeading(given []string) (heading string, likeness float64) {
	words := make([][]string, len(given))
	for i, g := range given {
		words[i] = phraseWords(g, false)
	}
	for _, b := range p.blocks {
		if !b.heading || b.words > maxTitleWords {
			continue
		}
		shown := phraseWords(b.text, false)
		for i := range given {
			l := titleLikeness(shown, words[i]) - 0.02*float64(i)
			if p.elems[b.elem].tag == atom.H1 {
				l += 0.15
			}
			if l > likeness {
				heading, likeness = b.text, l
			}
		}
	}
	return heading, likeness
}

// onlyMain is the text of the only h1 that does not name the site.
func (p *page) onlyMain() string {
	only := ""
	for _, b := range p.blocks {
		if !b.heading || p.elems[b.elem].tag != atom.H1 || p.isSiteName(b.text) {
			continue
		}
		if only != "" || b.words < 2 || b.words > maxTitleWords {
			return ""
		}
		only = b.text
	}
	return only
}

// withoutKicker takes off a heading what stands in the same element around the
// title that the page's data give: a kicker or a second line.
func (p *page) withoutKicker(heading string, given []string) string {
	for _, g := range given {
		g = p.withoutSite(g)
		if wordCount(g) < 3 || len(g) >= len(heading) {
			continue
		}
		if i := strings.Index(heading, g); i >= 0 {
			around := strings.TrimSpace(heading[:i]) + strings.TrimSpace(heading[i+len(g):])
			if strings.ContainsFunc(around, unicode.IsLetter) {
				return heading[i : i+len(g)]
			}
		}
	}
	return heading
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

// firstHeading is the text of the first h1, or of the first heading at all.
func (p *page) firstHeading() string {
	first := ""
	for _, b := range p.blocks {
		if !b.heading {
			continue
		}
		if p.elems[b.elem].tag == atom.H1 {
			return b.text
		}
		if first == "" {
			first = b.text
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
	return full
}

// titleBreak divides a title from the name of the site.
var titleBreak = regexp.MustCompile(`\s+[|»«·•–—-]\s+|\s*\|\s*|\s+::\s+`)

// withoutSite takes the site's name off the end, or the start, of a title.
func (p *page) withoutSite(title string) string {
	parts := titleBreak.Split(title, -1)
	if len(parts) < 2 {
		return title
	}
	last, first := parts[len(parts)-1], parts[0]
	switch {
	case p.isSiteName(last) || wordCount(last) <= 3 && wordCount(title)-wordCount(last) >= 4:
		return strings.TrimRightFunc(strings.TrimSuffix(title, last), isBreakOrSpace)
	case p.isSiteName(first):
		return strings.TrimLeftFunc(strings.TrimPrefix(title, first), isBreakOrSpace)
	}
	return title
}

func isBreakOrSpace(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune("|»«·•–—-:", r)
}

// isSiteName reports whether words name the site: its own data say so, or its
// address does.
func (p *page) isSiteName(words string) bool {
	name := squeeze(words)
	if name == "" {
		return false
	}
	for _, site := range []string{p.head.site, p.head.meta["og:site_name"], p.head.meta["application-name"]} {
		if s := squeeze(site); s != "" && (s == name || strings.Contains(s, name) || strings.Contains(name, s)) {
			return true
		}
	}
	site := squeeze(host(p.url))
	return site != "" && (strings.Contains(site, name) && utf8.RuneCountInString(name) > 3)
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
		if l.publisher != "" {
			return l.publisher
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
