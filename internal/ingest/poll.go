package ingest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"detente"
	"detente/internal/fetch"
	"detente/internal/series"
	"detente/internal/source"
	"detente/internal/store"
)

// Poller reads what sources publish into a store: feeds and sitemaps with the
// pages that they point at, and pages that change.
//
// One thing is asked for at a time, what has been due longest first. A source's
// state is saved behind what it gave, and the pages to be fetched are kept in
// the store too, so that a kill loses nothing: what was read twice is found to
// be there.
type Poller struct {
	Line   *Line
	Store  store.Store
	Client *fetch.Client
	Clock  fetch.Clock
	Every  time.Duration // between two polls of a source that says nothing of its own
	Report func(Visit)   // may be nil
}

// Visit is one try at a source or page.
type Visit struct {
	At         time.Time
	Address    string
	Page       bool // a page that a source named
	Kept       int  // articles that were not there
	Found      int  // pages that were not known
	Unreadable int  // items of it that could not be read
	Same       bool // nothing has changed since the last try
	Err        error
	Next       time.Time // zero: it is not tried again
}

const (
	// DefaultEvery is how often a source is polled that says nothing else.
	DefaultEvery = 30 * time.Minute
	// newsDays is how old a page may be, by the word of the list that names it,
	// to be fetched.
	newsDays = 7
	// pageTries is how often a page is tried.
	pageTries = 4
	// firstBackoff is the pause after the first failure.
	firstBackoff = 5 * time.Minute
	// glance is the longest time until the list of sources is looked at again,
	// which another process may have changed.
	glance = time.Minute
	// soon is how long Once waits for a host.
	soon = glance / 2
	// atOnce is how many due pages are looked at together.
	atOnce = 64
)

// Watch polls until ctx ends, which is no error.
func (p *Poller) Watch(ctx context.Context) error {
	for ctx.Err() == nil {
		next, err := p.Round(ctx)
		if err == nil {
			err = p.Clock.Wait(ctx, next)
		}
		if err != nil && ctx.Err() == nil {
			return err
		}
	}
	return nil
}

// Once asks for what is due, and for the pages that this names as soon as their
// hosts may be asked, until nothing more is due soon.
func (p *Poller) Once(ctx context.Context) error {
	for {
		next, err := p.Round(ctx)
		if err != nil || next.Sub(p.Clock.Now()) >= soon {
			return err
		}
		if err := p.Clock.Wait(ctx, next); err != nil {
			return err
		}
	}
}

// Round asks once for everything that is due and whose host may be asked, and
// gives the time of the next round. The error is one of the store.
func (p *Poller) Round(ctx context.Context) (next time.Time, err error) {
	next = p.Clock.Now().Add(glance)
	sources, err := p.Store.Sources(ctx)
	if err != nil {
		return next, err
	}
	for _, src := range sources {
		due := later(src.Next, p.Client.Ready(cmp.Or(src.At, src.Address)))
		if due.After(p.Clock.Now()) {
			next = earlier(next, due)
			continue
		}
		if src, err = p.Poll(ctx, src); err != nil {
			return next, err
		}
		next = earlier(next, src.Next)
	}
	due, err := p.Store.Due(ctx, p.Clock.Now(), atOnce)
	if err != nil {
		return next, err
	}
	for _, page := range due {
		if ready := p.Client.Ready(page.Address); ready.After(p.Clock.Now()) {
			page.Next = ready
			err = p.Store.SavePage(ctx, page)
		} else {
			page, err = p.page(ctx, page)
		}
		if err != nil {
			return next, err
		}
		if !page.Done {
			next = earlier(next, page.Next)
		}
	}
	if len(due) == atOnce { // there may be more
		next = p.Clock.Now()
	}
	_, err = series.Refold(ctx, p.Store, p.Line.Dialogue())
	return next, err
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// Poll asks for a source, reads what is new and saves the source's state, which
// it gives back. The error is one of the store, or ctx's: what goes wrong with
// the source is in its state.
func (p *Poller) Poll(ctx context.Context, src store.Source) (store.Source, error) {
	visit := Visit{At: p.Clock.Now(), Address: src.Address}
	got, err := p.Client.Get(ctx, cmp.Or(src.At, src.Address), src.ETag, src.LastModified)
	if ctx.Err() != nil {
		return src, ctx.Err()
	}
	src.Tried = visit.At
	if err != nil {
		src.Failures++
		src.Error = bare(err)
		src.Next = visit.At.Add(fetch.Backoff(firstBackoff, src.Failures, src.Address))
		src.Next = later(src.Next, p.Client.Ready(cmp.Or(src.At, src.Address)))
		visit.Err = err
	} else {
		if err := p.take(ctx, &src, got, &visit); err != nil {
			return src, err
		}
		src.Failures, src.Error, src.Read = 0, "", visit.At
		rhythm := fetch.Rhythm{Every: cmp.Or(src.Every, p.Every), TTL: src.TTL, SkipHours: src.SkipHours, SkipDays: src.SkipDays}
		src.Next = rhythm.Next(visit.At, src.Address)
	}
	visit.Next = src.Next
	if err := p.Store.SaveSource(ctx, src); err != nil {
		return src, err
	}
	p.report(visit)
	return src, nil
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// bare is what went wrong, without the address that it is shown beside.
func bare(err error) string {
	var of *fetch.Error
	if errors.As(err, &of) {
		err = of.Err
	}
	return err.Error()
}

func (p *Poller) report(v Visit) {
	if p.Report != nil {
		p.Report(v)
	}
}

// take reads what a source gave: the articles in it, and the pages that it names.
func (p *Poller) take(ctx context.Context, src *store.Source, got *fetch.Page, visit *Visit) error {
	if got.Permanent != "" {
		src.At = got.Permanent
	}
	if visit.Same = got.NotModified; visit.Same {
		src.ETag = cmp.Or(got.ETag, src.ETag)
		src.LastModified = cmp.Or(got.LastModified, src.LastModified)
		return nil
	}
	hint := source.Hint{Name: got.URL, URL: got.URL, ContentType: got.ContentType}
	list, isList := source.List(got.Body, hint)
	if !list.Sitemap {
		if err := p.read(ctx, got, hint, partsOf(list), "", visit); err != nil {
			return err
		}
	}
	if isList {
		src.Title = cmp.Or(src.Title, list.Title)
		src.TTL, src.SkipHours, src.SkipDays = list.TTL, list.SkipHours, list.SkipDays
		found, err := p.Store.Found(ctx, p.wanted(list, src.Address))
		if err != nil {
			return err
		}
		visit.Found = found
	}
	src.ETag, src.LastModified = got.ETag, got.LastModified
	return nil
}

// wanted are the pages of a list that are to be fetched: recent ones whose text
// is not in the list. A sitemap names everything that a site has, so that there
// only what has a date counts.
func (p *Poller) wanted(list source.Listing, from string) []store.Page {
	now := p.Clock.Now()
	oldest := detente.DateOf(now.UTC()).AddDays(-newsDays)
	var pages []store.Page
	for _, link := range list.Links {
		if link.Whole || link.Published != "" && link.Published < oldest || link.Published == "" && list.Sitemap {
			continue
		}
		pages = append(pages, store.Page{Address: link.URL, Source: from, Told: link.Told, Found: now, Next: now})
	}
	return pages
}

// partsOf are the addresses of which a list has the beginning alone. That is read
// until the page itself can be, and never stands in the page's place.
func partsOf(list source.Listing) map[string]bool {
	parts := map[string]bool{}
	for _, link := range list.Links {
		if !link.Whole {
			parts[link.URL] = true
		}
	}
	return parts
}

// fresh reports whether an article has to be read: not one that is held, and not
// the beginning of one of which something is there.
func (p *Poller) fresh(ctx context.Context, a *detente.Article, parts map[string]bool) (bool, error) {
	if parts[a.URL] {
		heads, err := p.Store.At(ctx, store.AddressOf(a.URL))
		return len(heads) == 0, err
	}
	held, err := p.Store.Holds(ctx, a, p.Line.Versions())
	return !held, err
}

// read takes the articles of what was fetched through the line and keeps those
// that are fresh.
func (p *Poller) read(ctx context.Context, got *fetch.Page, hint source.Hint, parts map[string]bool, found string, visit *Visit) error {
	var failed error
	fresh := func(yield func(*detente.Article, error) bool) {
		for a, err := range source.Read(bytes.NewReader(got.Body), hint) {
			if err == nil {
				var fresh bool
				if fresh, failed = p.fresh(ctx, a, parts); failed != nil {
					return
				}
				if !fresh {
					continue
				}
			}
			if !yield(a, err) {
				return
			}
		}
	}
	for rec, err := range p.Line.Each(fresh) {
		if err != nil {
			visit.Unreadable++
			visit.Err = err
			continue
		}
		// What was read is kept, even if we are asked to stop now.
		kept, err := Keep(context.WithoutCancel(ctx), p.Store, rec, found, p.Clock.Now())
		if errors.Is(err, store.ErrRefused) {
			visit.Unreadable++
			visit.Err = err
			continue
		}
		if err != nil {
			return err
		}
		if kept.Outcome == store.Added || kept.Outcome == store.Replaced {
			visit.Kept++
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return failed
}

// page fetches a page that a source named, and saves what became of it.
func (p *Poller) page(ctx context.Context, page store.Page) (store.Page, error) {
	visit := Visit{At: p.Clock.Now(), Address: page.Address, Page: true}
	got, err := p.Client.Get(ctx, page.Address, "", "")
	if ctx.Err() != nil {
		return page, ctx.Err()
	}
	if err != nil {
		page.Failures++
		page.Error = bare(err)
		page.Done = page.Failures >= pageTries || isFinal(err)
		page.Next = later(visit.At.Add(fetch.Backoff(firstBackoff, page.Failures, page.Address)), p.Client.Ready(page.Address))
		visit.Err = err
		if !page.Done {
			visit.Next = page.Next
		}
	} else {
		if err := p.takePage(ctx, &page, got, &visit); err != nil {
			return page, err
		}
		page.Done, page.Error = true, ""
		if visit.Err != nil {
			page.Error = visit.Err.Error()
		}
	}
	if err := p.Store.SavePage(ctx, page); err != nil {
		return page, err
	}
	p.report(visit)
	return page, nil
}

// takePage reads a page; where it is a list, as in a sitemap of sitemaps, what it
// names is to be fetched.
func (p *Poller) takePage(ctx context.Context, page *store.Page, got *fetch.Page, visit *Visit) error {
	hint := source.Hint{Name: got.URL, URL: got.URL, ContentType: got.ContentType}
	list, isList := source.List(got.Body, hint)
	if !isList {
		return p.read(ctx, got, hint, nil, page.Address, visit)
	}
	var err error
	visit.Found, err = p.Store.Found(ctx, p.wanted(list, page.Source))
	return err
}

// isFinal reports failures that another try will not mend.
func isFinal(err error) bool {
	var status *fetch.StatusError
	if errors.As(err, &status) {
		return status.Final()
	}
	for _, final := range []error{fetch.ErrRobots, fetch.ErrPrivate, fetch.ErrScheme, fetch.ErrTooBig, fetch.ErrRedirects} {
		if errors.Is(err, final) {
			return true
		}
	}
	return false
}

// Look is what a source gives when it is asked once.
type Look struct {
	Address  string
	Moved    string // where it has moved for good
	Title    string
	IsList   bool // a feed or sitemap
	Articles int  // in it
	Pages    int  // that it names and that would be fetched
	Faults   []error
	Feeds    []string // that a page names
	TTL      time.Duration
}

// Check asks for an address as Poll does, and keeps nothing.
func (p *Poller) Check(ctx context.Context, address string) (Look, error) {
	look := Look{Address: address}
	got, err := p.Client.Get(ctx, address, "", "")
	if err != nil {
		return look, err
	}
	look.Moved = got.Permanent
	hint := source.Hint{Name: got.URL, URL: got.URL, ContentType: got.ContentType}
	list, isList := source.List(got.Body, hint)
	look.IsList, look.Title, look.TTL = isList, list.Title, list.TTL
	look.Pages = len(p.wanted(list, address))
	if !isList {
		look.Feeds = source.Feeds(got.Body, hint)
	}
	if list.Sitemap {
		return look, nil
	}
	for a, err := range source.Read(bytes.NewReader(got.Body), hint) {
		if err != nil {
			look.Faults = append(look.Faults, err)
			continue
		}
		look.Articles++
		if !isList {
			look.Title = a.Title
		}
	}
	if look.Articles == 0 && look.Pages == 0 {
		return look, fmt.Errorf("%s: nothing in it can be read: %w", address, errors.Join(look.Faults...))
	}
	return look, nil
}
