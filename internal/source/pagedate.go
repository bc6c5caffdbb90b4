package source

import (
	"net/url"
	"regexp"
	"strings"
	"time"

	"detente"
)

// The day of a page. A date that stands at the headline, alone or in an element
// for dates, is the one that readers see and the publisher's own calendar day;
// stamps for machines are often in universal time, or the day on which a draft
// was made. Then come the stamps, the address, and the date that the text shows
// nearest to the headline; a day of change only where there is nothing else.

// published is when the page was published.
func (p *page) published() stamped {
	stamp := p.stamp()
	at, _ := moment(stamp)
	day := p.publishedDay(stamp)
	if stampDay, _, _ := findDay(stamp); day != stampDay && day != stampDay.AddDays(1) && day != stampDay.AddDays(-1) {
		at = time.Time{} // the stamp is of something else
	}
	return stamped{day, at}
}

// publishedDay is the day of publication, given the machine's stamp.
func (p *page) publishedDay(stamp string) detente.Date {
	shown := p.shownDates()
	if day, ok := p.dayAtHeadline(shown, stamp); ok && stamp != "" {
		return day
	}
	if day, _, ok := findDay(stamp); ok {
		if universal.MatchString(stamp) {
			return p.localDay(day, shown)
		}
		return day
	}
	if day, ok := p.addressDay(); ok {
		return day
	}
	if day, ok := p.nearestDay(shown); ok {
		return day
	}
	return p.changed().day
}

// publishedNames are the meta elements that give the day of publication.
var publishedNames = []string{"article:published_time", "og:article:published_time", "og:published_time", "datepublished", "date.published", "published_time",
	"publication_date", "publish-date", "publishdate", "publish_date", "pubdate", "og:pubdate", "parsely-pub-date", "sailthru.date", "article.published",
	"article:published", "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "article_date_original", "originalpublicationdate",
	"dc.date.issued", "dcterms.issued", "dc.date.created", "dcterms.created", "dcterms.date", "dc.date", "citation_publication_date", "citation_date",
	"date", "created", "datecreated", "rnews:datepublished", "bt:pubdate", "uploaddate", "dc.date.available", "dcterms.available", "citation_online_date",
	"mediator_published_time", "shareaholic:article_published_time", "pub_date", "publication-date", "og:article:published", "article:create_time",
	"article-published_time", "vr:published_time", "cxenseparse:ptime", "dcsext.articlefirstpublished", "weibo:article:create_at", pageStamp}

// pageStamp is the name under which the day of a JSON-LD WebPage is kept.
const pageStamp = "x-webpage-published"

// stamp is the first machine-written date of publication that can be read.
func (p *page) stamp() string {
	for _, l := range p.head.linked {
		if hasDay(l.published) {
			return l.published
		}
	}
	for _, key := range publishedNames {
		if s := p.head.meta[key]; hasDay(s) {
			return s
		}
	}
	for _, t := range p.head.times {
		if t.published && hasDay(t.value) {
			return t.value
		}
	}
	return ""
}

func hasDay(s string) bool {
	if s == "" {
		return false
	}
	_, _, ok := findDay(s)
	return ok
}

// universal is the end of a stamp that gives no local time.
var universal = regexp.MustCompile(`(?:Z|GMT|UTC|[+-]00:?00)$`)

// localDay is the day beside that of a stamp in universal time which the
// address holds, or an element for dates near the headline shows: there it was
// that day. Else it is the stamp's.
func (p *page) localDay(day detente.Date, shown []shownDate) detente.Date {
	beside := func(d detente.Date) bool { return d == day.AddDays(1) || d == day.AddDays(-1) }
	if d, ok := p.addressDay(); ok && beside(d) {
		return d
	}
	at := p.headlineAt()
	for _, s := range shown {
		if s.trust == trustNamed && !s.change && beside(s.day) && s.at >= at && s.at <= at+nearHeadline {
			return s.day
		}
	}
	return day
}

// atHeadline is how many blocks below the headline its date may stand.
const atHeadline = 3

// dayAtHeadline is the date in a line or element for dates at the headline; of
// several the one that says so, else that of the stamp, else the first. It counts only beside a stamp, which
// shows that the page is dated at all.
func (p *page) dayAtHeadline(shown []shownDate, stamp string) (detente.Date, bool) {
	at := p.headlineAt()
	if at < 0 {
		return "", false
	}
	stamped, _, _ := findDay(stamp)
	first := shownDate{at: at + atHeadline + 1}
	agrees := false
	for _, s := range shown {
		if s.trust == trustPlain || s.change || s.at < at-1 || s.at > at+atHeadline {
			continue
		}
		if s.said {
			return s.day, true
		}
		agrees = agrees || s.day == stamped
		if s.at < first.at {
			first = s
		}
	}
	if agrees {
		return stamped, true
	}
	return first.day, first.day != ""
}

// shownDate is a date in the text of a page.
type shownDate struct {
	at     int // the block in which it stands, or before which
	day    detente.Date
	trust  int
	said   bool // that it is the day of publication
	change bool // that it is the day of a change
}

// ofPublishing are words by which a shown date says that it is the day of
// publication.
var ofPublishing = regexp.MustCompile(`(?i)published|posted|veröffentlicht|erschienen|erstellt|publié|publicado|pubblicato|gepubliceerd`)

// ofChange are words by which a shown date says that it is the day of a change.
var ofChange = regexp.MustCompile(`(?i)updated|modified|revised|aktualisier|geändert|änderung|mis à jour|modifié|actualizad|aggiornat|atualizad|bijgewerkt`)

// How much a shown date is trusted to be the article's: how many blocks nearer
// to the headline a plain one would have to be.
const (
	trustPlain = 0
	trustLine  = 10 // a line that is a date and nothing else, or a paragraph's opening
	trustNamed = 14 // an element that is named or tagged as a date
)

// maxDateWords is the longest block that is read for a date inside it.
const maxDateWords = 25

// shownDates are the dates of the page's text, comments left out: in marked-up
// times, in short blocks, and at the opening of longer ones.
func (p *page) shownDates() []shownDate {
	if p.dated {
		return p.dates
	}
	p.dated = true
	p.dates = p.findDates()
	return p.dates
}

func (p *page) findDates() []shownDate {
	var dates []shownDate
	if at := p.headlineAt(); p.titleDay != "" && at >= 0 {
		dates = append(dates, shownDate{at: at, day: p.titleDay, trust: trustNamed})
	}
	for _, t := range p.head.times {
		if day, _, ok := findDayIn(t.value, p.order()); ok && !p.isInComments(t.elem) {
			dates = append(dates, shownDate{at: t.at, day: day, trust: trustNamed, change: t.changed})
		}
	}
	for i := range p.blocks {
		b := &p.blocks[i]
		if !mayHoldDay(b.text[:min(len(b.text), maxStamp)]) || p.isInComments(b.elem) {
			continue
		}
		dates = append(dates, p.blockDates(i)...)
	}
	return dates
}

// nearStart is how far into a long block its date may stand.
const nearStart = 60

// maxStamp is how far into a block a date is looked for.
const maxStamp = 200

// blockDates are the dates of one block: its first, and in a short one the
// others. Beside one that says that it is the day of publication, the others
// count as those of changes.
func (p *page) blockDates(i int) []shownDate {
	b := &p.blocks[i]
	text := b.text[:min(len(b.text), maxStamp)]
	var dates []shownDate
	said := false
	for end := 0; end == 0 || b.words <= maxDateWords; {
		day, at, ok := findDayIn(text[end:], p.order())
		if !ok || at[1] == 0 {
			break
		}
		before := text[end : end+at[0]]
		s := shownDate{at: i, day: day, said: ofPublishing.MatchString(before), change: ofChange.MatchString(before)}
		if end == 0 {
			s.trust, ok = p.trust(i, text, at[0])
		} else {
			s.trust = dates[0].trust
		}
		if !ok {
			break
		}
		said = said || s.said
		dates = append(dates, s)
		end += at[1]
	}
	for j := range dates {
		dates[j].change = dates[j].change || said && !dates[j].said || len(dates) == 1 && !said && ofChange.MatchString(text)
	}
	return dates
}

// trust is how much the first date of a block is trusted; ok says whether at
// all.
func (p *page) trust(i int, text string, at int) (trust int, ok bool) {
	b := &p.blocks[i]
	_, line := dateLine(text)
	sober := !b.heading || i == p.headlineAt() // headings of other stories hold dates of theirs
	switch {
	case b.elem >= 0 && p.elems[b.elem].marks&markDate != 0 && b.words <= maxDateWords:
		return trustNamed, true
	case line || at <= 1 && sober || b.words <= maxDateWords && ofPublishing.MatchString(text[:at]):
		return trustLine, true
	case (b.words <= maxDateWords || at <= nearStart) && sober:
		return trustPlain, true
	}
	return 0, false
}

// How much farther from the headline a date counts that stands above it, and one
// of a change.
const (
	aboveHeadline = 3
	ofAChange     = 25
)

// nearestDay is the date that the page shows nearest to its headline.
func (p *page) nearestDay(shown []shownDate) (detente.Date, bool) {
	at := max(p.headlineAt(), 0)
	var best detente.Date
	least := 0
	for _, s := range shown {
		away := s.at - at
		if away < 0 {
			away = aboveHeadline - away
		}
		if s.change {
			away += ofAChange
		}
		if away -= s.trust; best == "" || away < least {
			best, least = s.day, away
		}
	}
	return best, best != ""
}

func (p *page) isInComments(e int) bool { return p.isWithin(e, markComments) }

// order is which number is the day on this page.
func (p *page) order() dayOrder {
	switch label := strings.ToLower(strings.ReplaceAll(p.head.language, "_", "-")); {
	case label == "en-us" || label == "en-ph":
		return monthFirst
	case label == "" || label == "en":
		return orderUnknown
	}
	return dayFirst
}

// addressDates are the forms of a date in the path of an address.
var addressDates = []*regexp.Regexp{
	regexp.MustCompile(`/(?P<year>(?:19|20)\d\d)[/-]?(?P<month>0[1-9]|1[0-2])[/-]?(?P<day>0[1-9]|[12]\d|3[01])(?:\D|$)`),
	regexp.MustCompile(`/(?P<year>(?:19|20)\d\d)/(?P<month>\d{1,2})/(?P<day>\d{1,2})/`),
	regexp.MustCompile(`[/_-](?P<day>1[3-9]|2\d|3[01])-(?P<month>\d{1,2})-(?P<year>(?:19|20)\d\d)(?:\D|$)`),
}

func (p *page) addressDay() (detente.Date, bool) {
	u, err := url.Parse(p.url)
	if err != nil {
		return "", false
	}
	for _, form := range addressDates {
		if m := form.FindStringSubmatchIndex(u.Path); m != nil {
			if day, ok := (datePattern{Regexp: form}).day(u.Path, m, orderUnknown); ok {
				return day, true
			}
		}
	}
	return "", false
}

// headlineAt is the block of the headline; -1 where no heading is it.
func (p *page) headlineAt() int {
	if p.located {
		return p.headlineBlock
	}
	p.located = true
	title := p.title()
	if p.headlineBlock = 0; p.heading != nil {
		for &p.blocks[p.headlineBlock] != p.heading {
			p.headlineBlock++
		}
		return p.headlineBlock
	}
	p.headlineBlock = -1
	for i := len(p.blocks) - 1; i >= 0; i-- {
		if p.blocks[i].heading && sameWords(p.blocks[i].text, title) {
			p.headlineBlock = i
			break
		}
	}
	return p.headlineBlock
}

// changedNames are the meta elements that give the day of the last change.
var changedNames = []string{"article:modified_time", "og:updated_time", "datemodified", "last-modified", "lastmod", "dc.date.modified", "dcterms.modified", "revised"}

// changed is when the page was changed last: by its data, else by what its text
// says at the headline.
func (p *page) changed() stamped {
	for _, l := range p.head.linked {
		if hasDay(l.modified) {
			return readStamp(l.modified)
		}
	}
	for _, key := range changedNames {
		if s := p.head.meta[key]; hasDay(s) {
			return readStamp(s)
		}
	}
	for _, t := range p.head.times {
		if t.changed && hasDay(t.value) {
			return readStamp(t.value)
		}
	}
	at := p.headlineAt()
	for _, s := range p.shownDates() {
		if s.change && s.at >= at-1 && s.at <= at+atHeadline {
			return stamped{day: s.day}
		}
	}
	return stamped{}
}
