package store

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"detente"
)

// Candidate is an article that may be a copy: its Head and its text.
type Candidate struct {
	Head
	Text string
}

// Source is a feed, sitemap or page that is polled, and how that went. Times
// are UTC, whole seconds; a zero time means never.
type Source struct {
	Address string        // as it was added; it names the source
	Title   string        // the user's or the feed's own
	Every   time.Duration // between two polls; 0: the poller's own measure
	Added   time.Time

	At           string // where it has moved for good; empty: it has not
	ETag         string // of the last copy
	LastModified string // of the last copy
	Tried        time.Time
	Read         time.Time // last success
	Error        string    // of the last try, in words; empty: it succeeded
	Failures     int       // tries in a row that failed
	Next         time.Time // not to be tried before

	TTL       time.Duration // what its publisher says of its rhythm: not more often,
	SkipHours uint32        // not in these hours (bit 0: from 0 to 1 UTC),
	SkipDays  uint8         // not on these days (bit 0: Sunday)
}

// Page is a page that a source pointed at and that is to be fetched.
type Page struct {
	Address  string
	Source   string // address of the source that named it
	Told     string // differs where the source tells something else of it than before
	Found    time.Time
	Done     bool // fetched, or given up
	Failures int
	Error    string // of the last try
	Next     time.Time
}

// Import is how far the reading of a file has come.
type Import struct {
	File  string // absolute path
	Stamp string // differs where the file, or what reads it, has changed
	Items int    // articles and faults from the file's start that are dealt with
	Done  bool   // to the file's end
}

// strays are parts of a query that say where a reader came from, not what the
// page is; those that end in "*" are beginnings of names.
var strays = []string{"utm_*", "fbclid", "gclid", "dclid", "msclkid", "mc_cid", "mc_eid", "igshid", "cmpid", "ocid", "at_*", "ns_*", "ref", "ref_src", "partner", "feedtype", "rss"}

// AddressOf gives what is the same for all ways to write the address of one
// page: without scheme, "www.", fragment, slash at the end and the parts of a
// query that only count visitors. Empty where a URL names no single page, as a
// site's front page does.
func AddressOf(raw string) string {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	query := u.Query()
	for name := range query {
		if slices.ContainsFunc(strays, func(stray string) bool { return isStray(strings.ToLower(name), stray) }) {
			query.Del(name)
		}
	}
	host := strings.ToLower(u.Hostname())
	if port := u.Port(); port != "" && port != map[string]string{"http": "80", "https": "443"}[u.Scheme] {
		host += ":" + port
	}
	path := strings.TrimRight(u.EscapedPath(), "/")
	if path == "" && len(query) == 0 {
		return ""
	}
	address := strings.TrimPrefix(host, "www.") + path
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	return address
}

func isStray(name, stray string) bool {
	if start, ok := strings.CutSuffix(stray, "*"); ok {
		return strings.HasPrefix(name, start)
	}
	return name == stray
}

// Succeed gives the days on which versions of one article are known, from the
// days on which each would be known for itself, in order, and their times of
// reading. One that has no date later than the one before it is known when it
// was read, or when the next is known if that is earlier: then nobody can say on
// which day it stood there.
func Succeed(alone []detente.Date, read []time.Time) []detente.Date {
	known := slices.Clone(alone)
	for i := len(known) - 1; i > 0; i-- {
		if alone[i] <= alone[i-1] {
			known[i] = max(alone[i], detente.DateOf(read[i].UTC()))
		}
		if i+1 < len(known) {
			known[i] = min(known[i], known[i+1])
		}
	}
	return known
}
