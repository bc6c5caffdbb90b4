package source

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"detente"
)

// Moments: a day with a clock time and a zone is a point in time, kept in
// universal time. Without a zone, or with one that may be several, it is none.

// zone is an offset from universal time, with an hour more in summer by
// somebody's rule.
type zone struct {
	offset time.Duration
	summer string
}

// zones is data/lang/zones.tsv.
var zones = sync.OnceValues(func() (map[string]zone, error) {
	all := map[string]zone{}
	err := eachRow("lang/zones.tsv", func(cells []string) error {
		if len(cells) != 3 {
			return fmt.Errorf("%d columns; give a name, an offset and a rule", len(cells))
		}
		offset, err := time.Parse("-07:00", cells[1])
		if err != nil {
			return fmt.Errorf("offset %q: write +HH:MM", cells[1])
		}
		switch cells[2] {
		case "-", "eu", "us":
		default:
			return fmt.Errorf("rule %q: write eu, us or -", cells[2])
		}
		_, seconds := offset.Zone()
		all[cells[0]] = zone{time.Duration(seconds) * time.Second, cells[2]}
		return nil
	})
	return all, err
})

// clock finds the time of a day and its zone.
var clock = regexp.MustCompile(`(?i)(?:^|[^\d:.])(\d{1,2})(?::(\d\d)(?::(\d\d)(?:[.,]\d+)?)?)?\s*(a\.?m\.?|p\.?m\.?)?\s*\(?(?:(?:gmt|utc)?([+-]\d\d):?(\d\d)|([a-z]{1,4}))\b`)

// maxClocks is how many places of a stamp that look like a clock time are tried.
const maxClocks = 4

// moment is the point in time that a stamp gives; ok is false where it lacks a
// day, a clock time or a zone that is known.
func moment(stamp string) (at time.Time, ok bool) {
	day, where, ok := findDay(stamp)
	if !ok {
		return at, false
	}
	date, ok := day.Time()
	if !ok {
		return at, false
	}
	end := min(where[1], len(stamp))
	for _, text := range []string{strings.TrimLeft(stamp[max(where[0], end-1):], "Tt"), stamp[:where[0]]} {
		for _, m := range clock.FindAllStringSubmatch(text, maxClocks) {
			if m[2] == "" && m[4] == "" {
				continue // a number alone is no clock time
			}
			if local, ok := onDay(date, m); ok {
				return toUniversal(local, m)
			}
		}
	}
	return at, false
}

// onDay sets the clock of a day; m is a match of clock.
func onDay(date time.Time, m []string) (time.Time, bool) {
	hour, _ := strconv.Atoi(m[1])
	minute, _ := strconv.Atoi(m[2])
	second, _ := strconv.Atoi(m[3])
	switch half := strings.ToLower(m[4]); {
	case half != "" && (hour > 12 || hour == 0):
		return date, false
	case strings.HasPrefix(half, "p") && hour < 12:
		hour += 12
	case strings.HasPrefix(half, "a") && hour == 12:
		hour = 0
	}
	if hour > 24 || minute > 59 || second > 60 {
		return date, false
	}
	return date.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second), true
}

// maxOffset is the most hours that a zone is before or behind universal time.
const maxOffset = 14

// toUniversal takes the zone of a match of clock off a local time.
func toUniversal(local time.Time, m []string) (time.Time, bool) {
	if m[5] != "" {
		hours, _ := strconv.Atoi(m[5])
		minutes, _ := strconv.Atoi(m[6])
		if hours > maxOffset || hours < -maxOffset || minutes > 59 {
			return time.Time{}, false
		}
		if strings.HasPrefix(m[5], "-") {
			minutes = -minutes
		}
		return local.Add(-time.Duration(hours)*time.Hour - time.Duration(minutes)*time.Minute), true
	}
	known, err := zones()
	if err != nil {
		panic(err) // embedded tables are checked by the tests
	}
	z, ok := known[strings.ToLower(m[7])]
	if !ok {
		return time.Time{}, false
	}
	at := local.Add(-z.offset)
	if isSummer(z, at) {
		at = at.Add(-time.Hour)
	}
	return at, true
}

// isSummer reports whether an hour is added in a zone at a point in time.
func isSummer(z zone, at time.Time) bool {
	switch y := at.Year(); z.summer {
	case "eu":
		from := sunday(y, time.March, -1).Add(time.Hour)
		return !at.Before(from) && at.Before(sunday(y, time.October, -1).Add(time.Hour))
	case "us":
		from := sunday(y, time.March, 2).Add(2*time.Hour - z.offset)
		return !at.Before(from) && at.Before(sunday(y, time.November, 1).Add(time.Hour-z.offset))
	}
	return false
}

// sunday is the start of the nth Sunday of a month, or of its last where n is
// negative.
func sunday(y int, m time.Month, n int) time.Time {
	if n < 0 {
		last := time.Date(y, m+1, 0, 0, 0, 0, 0, time.UTC)
		return last.AddDate(0, 0, -int(last.Weekday()))
	}
	first := time.Date(y, m, 1, 0, 0, 0, 0, time.UTC)
	return first.AddDate(0, 0, (7-int(first.Weekday()))%7+7*(n-1))
}

// stamped is when something was done: the calendar day as written, and the
// point in time where the stamp gives one.
type stamped struct {
	day detente.Date
	at  time.Time
}

// readStamp reads a machine's stamp or a line for dates.
func readStamp(text string) stamped {
	day, _, _ := findDay(text)
	at, _ := moment(text)
	return stamped{day, at}
}

// isAfter reports whether a change is one after publication: on a later day, or
// at a later point in time.
func (s stamped) isAfter(published stamped) bool {
	if s.at.IsZero() || published.at.IsZero() {
		return s.day > published.day
	}
	return s.at.After(published.at)
}
