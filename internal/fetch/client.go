package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/temoto/robotstxt"
)

// Clock is time as a Client sees it.
type Clock struct {
	Now  func() time.Time
	Wait func(ctx context.Context, until time.Time) error // or until ctx ends
}

// WallClock is the clock of the machine.
func WallClock() Clock {
	return Clock{time.Now, func(ctx context.Context, until time.Time) error {
		timer := time.NewTimer(time.Until(until))
		defer timer.Stop()
		select {
		case <-timer.C:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}}
}

// Client reads pages as a polite guest: what robots.txt forbids is not asked
// for, two requests to one host have time between them, and a host that asks to
// be left alone is. It is safe for concurrent use.
type Client struct {
	Options               // of every exchange; ETag and LastModified are given to Get
	Clock   Clock         // zero: the machine's
	Pause   time.Duration // between two requests to a host, at least; 0: DefaultPause
	mu      sync.Mutex
	hosts   map[string]*host // by scheme and host
}

// What a Client keeps to.
const (
	DefaultPause = 2 * time.Second
	robotsFor    = 24 * time.Hour   // robots.txt is believed so long
	robotsAgain  = 10 * time.Minute // and asked for again so soon if it could not be read
	maxRobots    = 512 << 10        // bytes of it that count (RFC 9309 asks for 500 KiB)
	leftAlone    = time.Minute      // a host that asks to wait and does not say how long
	maxHosts     = 2000             // more are forgotten, those first that may be asked again
	agent        = "Detente"        // our name in robots.txt
)

// host is what is known of a host.
type host struct {
	rules *robotstxt.Group
	err   error     // why the rules could not be read
	until time.Time // the rules are believed
	next  time.Time // the host may be asked again
}

// ErrRobots says that a site does not want to be read by programs.
var ErrRobots = errors.New("robots.txt of the site forbids it; leave this source out, or ask the site")

// Get reads a page of which a copy with this ETag and Last-Modified is at hand;
// both may be empty. It waits until the host may be asked.
func (c *Client) Get(ctx context.Context, address, etag, lastModified string) (*Page, error) {
	u, err := parse(address)
	if err != nil {
		return nil, &Error{address, err}
	}
	if err := checkAsked(u, c.Options); err != nil { // before robots.txt is asked for
		return nil, &Error{address, err}
	}
	if err := c.visit(ctx, u); err != nil {
		return nil, &Error{address, err}
	}
	if err := c.clock().Wait(ctx, c.turn(u)); err != nil {
		return nil, &Error{address, err}
	}
	o := c.Options
	o.ETag, o.LastModified, o.visit = etag, lastModified, c.visit
	page, err := Get(ctx, address, o)
	c.left(u, err)
	return page, err
}

// Ready tells when the host of an address may be asked; a time that has passed
// means now.
func (c *Client) Ready(address string) time.Time {
	u, err := parse(address)
	if err != nil {
		return time.Time{}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.host(u).next
}

func (c *Client) clock() Clock {
	if c.Clock.Now == nil {
		return WallClock()
	}
	return c.Clock
}

// host gives what is known of a host; it is called with the lock held.
func (c *Client) host(u *url.URL) *host {
	if c.hosts == nil {
		c.hosts = map[string]*host{}
	}
	key := u.Scheme + "://" + u.Host
	h := c.hosts[key]
	if h == nil {
		if len(c.hosts) >= maxHosts {
			c.forget()
		}
		h = &host{}
		c.hosts[key] = h
	}
	return h
}

func (c *Client) forget() {
	now := c.clock().Now()
	for key, h := range c.hosts {
		if !h.next.After(now) {
			delete(c.hosts, key)
		}
	}
}

// turn takes the next turn at a host and gives its time.
func (c *Client) turn(u *url.URL) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	h := c.host(u)
	at := c.clock().Now()
	if h.next.After(at) {
		at = h.next
	}
	h.next = at.Add(c.pause(h))
	return at
}

func (c *Client) pause(h *host) time.Duration {
	pause := c.Pause
	if pause == 0 {
		pause = DefaultPause
	}
	if h.rules != nil {
		pause = max(pause, h.rules.CrawlDelay)
	}
	return pause
}

// left notes what an exchange says about the next one.
func (c *Client) left(u *url.URL, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	h, wait := c.host(u), time.Duration(0)
	var retry *RetryError
	if errors.As(err, &retry) {
		if wait = retry.After; wait == 0 {
			wait = leftAlone
		}
	}
	if next := c.clock().Now().Add(max(wait, c.pause(h))); next.After(h.next) {
		h.next = next
	}
}

// visit reports why a page may not be read, or nil.
func (c *Client) visit(ctx context.Context, u *url.URL) error {
	c.mu.Lock()
	h := *c.host(u)
	c.mu.Unlock()
	if !c.clock().Now().Before(h.until) {
		h.rules, h.err = c.readRobots(ctx, u)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		h.until = c.clock().Now().Add(robotsFor)
		if h.err != nil {
			h.until = c.clock().Now().Add(robotsAgain)
		}
		c.mu.Lock()
		known := c.host(u)
		known.rules, known.err, known.until = h.rules, h.err, h.until
		c.mu.Unlock()
	}
	if h.err != nil {
		return fmt.Errorf("robots.txt of the site cannot be read (%w), and without it nothing is asked for", h.err)
	}
	if h.rules != nil && !h.rules.Test(u.RequestURI()) {
		return ErrRobots
	}
	return nil
}

// readRobots asks for the rules of a host as RFC 9309 says: none where there is
// no such file, and an error where the server cannot say.
func (c *Client) readRobots(ctx context.Context, u *url.URL) (*robotstxt.Group, error) {
	o := c.Options
	o.Accept, o.ETag, o.LastModified, o.visit = "text/plain,*/*;q=0.5", "", "", nil
	page, err := Get(ctx, u.Scheme+"://"+u.Host+"/robots.txt", o)
	var status *StatusError
	if errors.As(err, &status) && status.Status >= 400 && status.Status < 500 && status.Status != http.StatusTooManyRequests {
		return nil, nil
	}
	if err != nil {
		var asked *Error
		if errors.As(err, &asked) {
			err = asked.Err
		}
		return nil, err
	}
	rules, err := robotstxt.FromBytes(page.Body[:min(len(page.Body), maxRobots)])
	if err != nil { // nothing in it can be understood: it forbids nothing
		return nil, nil
	}
	return rules.FindGroup(agent), nil
}
