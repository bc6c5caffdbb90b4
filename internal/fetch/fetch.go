// Package fetch is the only package that reads the outside web.
//
// A Client asks politely: it keeps to robots.txt, leaves time between two
// requests to one host, and stays away as long as a server asks it to. Rhythm
// and Backoff say when to come back. Beneath it, Get reads one page by GET and
// holds it in memory, within bounds that no server can move: bytes after decompression, time for the whole exchange,
// redirects followed. Only http and https are spoken. An address is judged when
// the connection is made, after its name was resolved, so that neither a name
// that points inward nor one that changes between two look-ups reaches a
// loopback, private, link-local or other reserved address; Options.AllowPrivate
// lifts that. Post sends a message under the same judgement. A proxy named in the environment (HTTP_PROXY, HTTPS_PROXY,
// NO_PROXY) is the user's own choice: its address is not judged, but the
// literal addresses and names asked of it are.
//
// Every failure is an *Error with the address, the place of the failure and
// what can be done; a server that asks to wait gives a *RetryError inside it.
package fetch

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Bounds where Options name none.
const (
	DefaultMaxBytes     = 20 << 20
	DefaultTimeout      = 30 * time.Second
	DefaultMaxRedirects = 10
	defaultUserAgent    = "Detente/1 (reads news into a record of dialogue between states)"
)

// Options bound one exchange and carry what is known from the last one. The
// zero value is safe.
type Options struct {
	MaxBytes     int64         // of the body, decompressed
	Timeout      time.Duration // for the whole exchange, redirects and body included
	MaxRedirects int           // below zero: none
	UserAgent    string
	AllowPrivate bool   // loopback, private and link-local addresses too
	ETag         string // of the copy at hand: a server may answer "not modified"
	LastModified string // of the copy at hand
	Accept       string // media types, where the default does not fit

	visit func(context.Context, *url.URL) error // judges where a redirect leads
}

// Page is what a server gave.
type Page struct {
	URL          string   // after redirects
	Redirects    []string // the addresses that led there, the first as asked
	Permanent    string   // where the address asked has moved for good; empty: it has not
	Status       int
	NotModified  bool // the copy at hand is still good; Body is empty
	ContentType  string
	ETag         string
	LastModified string
	Body         []byte
}

// Error says which address could not be read, and why.
type Error struct {
	URL string
	Err error
}

// Error gives "address: why".
func (e *Error) Error() string { return e.URL + ": " + e.Err.Error() }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Causes on which a caller may branch.
var (
	ErrPrivate   = errors.New("the address is loopback, private or reserved, and is not read; allow it with --allow-private if it is yours")
	ErrScheme    = errors.New("only http and https addresses are read")
	ErrTooBig    = errors.New("too big")
	ErrRedirects = errors.New("too many redirects")
	ErrTimeout   = errors.New("out of time")
)

// StatusError is an answer other than a page.
type StatusError struct{ Status int }

// Final reports whether the same answer is to be expected when asked again: the
// request is at fault, and not the moment.
func (e *StatusError) Final() bool {
	return e.Status >= 400 && e.Status < 500 && e.Status != http.StatusTooManyRequests && e.Status != http.StatusRequestTimeout
}

// Gone reports whether the server says that it will never answer otherwise.
func (e *StatusError) Gone() bool { return e.Status == http.StatusGone }

// Error words the status and what can be done about it.
func (e *StatusError) Error() string {
	text := fmt.Sprintf("the server answers %d %s", e.Status, http.StatusText(e.Status))
	switch {
	case e.Status == http.StatusNotFound || e.Status == http.StatusGone:
		return text + ": there is no such page; check the address"
	case e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden || e.Status == http.StatusPaymentRequired:
		return text + ": the page is not open to programs; save it from a browser and read the file"
	case e.Status == http.StatusUnavailableForLegalReasons:
		return text + ": the page is withheld where you are"
	case e.Status >= 500:
		return text + ": the fault is the server's; try again later"
	}
	return text + "; open the address in a browser to see what it wants"
}

// RetryError is an answer that asks to come back later.
type RetryError struct {
	StatusError
	After time.Duration // zero: the server did not say when
}

// Error words the wait.
func (e *RetryError) Error() string {
	if e.After == 0 {
		return e.StatusError.Error()
	}
	return fmt.Sprintf("the server answers %d %s and asks to wait %s; try again then",
		e.Status, http.StatusText(e.Status), e.After.Round(time.Second))
}

// Unwrap lets errors.As find the *StatusError.
func (e *RetryError) Unwrap() error { return &e.StatusError }

// Get reads one page.
func Get(ctx context.Context, address string, o Options) (*Page, error) {
	o.fill()
	u, err := parse(address)
	if err != nil {
		return nil, &Error{address, err}
	}
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	page, err := get(ctx, u, o)
	if err != nil {
		return nil, &Error{address, explain(ctx, err, o)}
	}
	return page, nil
}

func (o *Options) fill() {
	if o.MaxBytes <= 0 {
		o.MaxBytes = DefaultMaxBytes
	}
	if o.Timeout <= 0 {
		o.Timeout = DefaultTimeout
	}
	if o.MaxRedirects == 0 {
		o.MaxRedirects = DefaultMaxRedirects
	}
	if o.UserAgent == "" {
		o.UserAgent = defaultUserAgent
	}
	if o.Accept == "" {
		o.Accept = "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/feed+json,application/xml;q=0.9,*/*;q=0.5"
	}
}

// parse reads an address and refuses what is not of the web.
func parse(address string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return nil, fmt.Errorf("not an address: %w; write it as https://host/path", err)
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("scheme %q: %w", u.Scheme, ErrScheme)
	}
	if u.Hostname() == "" {
		return nil, errors.New("the address names no host; write it as https://host/path")
	}
	return u, nil
}

// get makes the exchange.
func get(ctx context.Context, u *url.URL, o Options) (*Page, error) {
	page := &Page{}
	forGood := true // so far every step was permanent
	client := &http.Client{Transport: transport(o), CheckRedirect: func(req *http.Request, via []*http.Request) error {
		page.Redirects = append(page.Redirects, via[len(via)-1].URL.String())
		status := req.Response.StatusCode
		if forGood = forGood && (status == http.StatusMovedPermanently || status == http.StatusPermanentRedirect); forGood {
			page.Permanent = req.URL.String()
		}
		if err := checkRedirect(req.URL, len(via), o); err != nil || o.visit == nil {
			return err
		}
		return o.visit(ctx, req.URL)
	}}
	defer client.CloseIdleConnections()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	if err := checkAsked(u, o); err != nil {
		return nil, err
	}
	o.headers(req.Header)
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	page.URL, page.Status = resp.Request.URL.String(), resp.StatusCode
	page.ContentType, page.ETag, page.LastModified = resp.Header.Get("Content-Type"), resp.Header.Get("ETag"), resp.Header.Get("Last-Modified")
	switch {
	case resp.StatusCode == http.StatusNotModified:
		page.NotModified = true
		return page, nil
	case resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable:
		return nil, &RetryError{StatusError{resp.StatusCode}, retryAfter(resp.Header)}
	case resp.StatusCode < 200 || resp.StatusCode > 299:
		return nil, &StatusError{resp.StatusCode}
	}
	page.Body, err = readBody(resp, o.MaxBytes)
	return page, err
}

func (o Options) headers(h http.Header) {
	h.Set("User-Agent", o.UserAgent)
	h.Set("Accept", o.Accept)
	h.Set("Accept-Encoding", "gzip")
	if o.ETag != "" {
		h.Set("If-None-Match", o.ETag)
	}
	if o.LastModified != "" {
		h.Set("If-Modified-Since", o.LastModified)
	}
}

// checkRedirect judges a step before it is taken.
func checkRedirect(to *url.URL, steps int, o Options) error {
	if steps > max(o.MaxRedirects, 0) {
		return fmt.Errorf("%w: %d, the last to %s; open the address in a browser and give the one it ends at", ErrRedirects, steps, to)
	}
	if to.Scheme != "http" && to.Scheme != "https" {
		return fmt.Errorf("redirected to scheme %q: %w", to.Scheme, ErrScheme)
	}
	return checkAsked(to, o)
}

// checkAsked refuses an address that is reserved as it is written. What a name
// resolves to is judged by the dialler; this also holds where a proxy dials.
func checkAsked(u *url.URL, o Options) error {
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if o.AllowPrivate {
		return nil
	}
	if host == "localhost" || strings.HasSuffix(host, ".localhost") || strings.HasSuffix(host, ".internal") || strings.HasSuffix(host, ".local") {
		return fmt.Errorf("host %s: %w", host, ErrPrivate)
	}
	if ip := net.ParseIP(host); ip != nil && isReserved(ip) {
		return fmt.Errorf("host %s: %w", host, ErrPrivate)
	}
	return nil
}

// readBody reads the body to the bound, decompressed.
func readBody(resp *http.Response, limit int64) ([]byte, error) {
	encoded := strings.EqualFold(resp.Header.Get("Content-Encoding"), "gzip")
	if resp.ContentLength > limit {
		return nil, tooBig(limit)
	}
	var r io.Reader = resp.Body
	if encoded {
		z, err := gzip.NewReader(resp.Body)
		if err != nil {
			return nil, fmt.Errorf("the answer says that it is gzip and is not: %w; try again later", err)
		}
		defer z.Close()
		r = z
	}
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, fmt.Errorf("the answer broke off after %d bytes: %w", len(b), err)
	}
	if int64(len(b)) > limit {
		return nil, tooBig(limit)
	}
	return b, nil
}

func tooBig(limit int64) error {
	return fmt.Errorf("the answer is %w: more than %d MB; save it and read the file if you want it", ErrTooBig, max(limit>>20, 1))
}

// retryAfter reads the header in both of its forms, seconds and date.
func retryAfter(h http.Header) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if seconds, err := strconv.Atoi(value); err == nil && seconds > 0 {
		return min(time.Duration(seconds)*time.Second, maxWait)
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	now := time.Now()
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date // the server's own clock, by which it counts
	}
	return max(0, min(at.Sub(now), maxWait))
}

// maxWait is the longest wait that a server is believed.
const maxWait = 7 * 24 * time.Hour

// explain puts a cause into words that say what to do.
func explain(ctx context.Context, err error, o Options) error {
	var asURL *url.Error
	if errors.As(err, &asURL) {
		err = asURL.Err // the address is said already
	}
	var dns *net.DNSError
	var netErr net.Error
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded), errors.As(err, &netErr) && netErr.Timeout():
		return fmt.Errorf("%w: nothing whole came within %s; try again later or allow more time", ErrTimeout, o.Timeout)
	case errors.As(err, &dns) && dns.IsNotFound:
		return fmt.Errorf("there is no host %s (%w); check the address", dns.Name, err)
	}
	return err
}
