package fetch

import (
	"fmt"
	"hash/fnv"
	"time"
)

// Rhythm is how often something is polled: as the user wants it, but never more
// often than its publisher says, nor in hours and on days when that rests.
type Rhythm struct {
	Every     time.Duration
	TTL       time.Duration // the publisher's; at most a day is believed
	SkipHours uint32        // bit 0 is the hour from 0 to 1 UTC
	SkipDays  uint8         // bit 0 is Sunday, UTC
}

const longestTTL = 24 * time.Hour

// Next gives the time of the poll after one that went well at now. A share of up
// to a tenth, which follows from name and now, is added, so that not everything
// that was added at once is polled at once.
func (r Rhythm) Next(now time.Time, name string) time.Time {
	pause := max(r.Every, min(r.TTL, longestTTL))
	next := now.Add(pause + time.Duration(float64(pause)*share(name, now.Unix())/10))
	for range 8 * 24 { // where all hours rest none does
		utc := next.UTC()
		if r.SkipHours>>utc.Hour()&1 == 0 && r.SkipDays>>utc.Weekday()&1 == 0 {
			return next
		}
		next = utc.Truncate(time.Hour).Add(time.Hour)
	}
	return now.Add(pause)
}

// maxBackoff is the longest pause after failures.
const maxBackoff = 24 * time.Hour

// Backoff gives the pause after so many failures in a row: from first, twice as
// long after each, a day at most, and a quarter more or less, which follows from
// name and failures.
func Backoff(first time.Duration, failures int, name string) time.Duration {
	pause := min(first, maxBackoff)
	for i := 1; i < failures && pause < maxBackoff; i++ {
		pause = min(2*pause, maxBackoff)
	}
	return time.Duration(float64(pause) * (0.75 + share(name, int64(failures))/2))
}

// share is a number from 0 to 1 that looks drawn and follows from its seed.
func share(name string, n int64) float64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s %d", name, n)
	z := h.Sum64()
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return float64((z^z>>31)>>11) / (1 << 53)
}
