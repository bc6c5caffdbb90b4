package nlp

import (
	"strconv"
	"strings"
	"time"
)

// found is an expression that a rule of the grammar recognised: words
// first … end-1. Its period is unknown where the text does not tell it.
type found struct {
	first, end int
	kind       string
	p          period
	duration   string // ISO 8601 duration, instead of a period
	symbol     string // the event that the text leaves unnamed
	fullDate   bool   // the text itself gives the year
	// yearless dates keep what they say, so that a range can lend a year.
	month time.Month
	day   int
}

type timeRule func(*timeReader, int) (found, bool)

// expression takes the longest expression that begins at word i.
func (r *timeReader) expression(i int) (found, bool) {
	return r.longest(i, (*timeReader).span, (*timeReader).point, (*timeReader).recurring, (*timeReader).count, (*timeReader).event)
}

// point takes the longest expression at word i that names one date or period.
func (r *timeReader) point(i int) (found, bool) {
	return r.longest(i, (*timeReader).part, (*timeReader).absolute, (*timeReader).weekday, (*timeReader).deictic,
		(*timeReader).stepTold, (*timeReader).step, (*timeReader).distance, (*timeReader).season,
		(*timeReader).festival, (*timeReader).knownEvent, (*timeReader).firstUnits, (*timeReader).years)
}

func (r *timeReader) longest(i int, rules ...timeRule) (found, bool) {
	var best found
	ok := false
	if i >= r.end {
		return best, false
	}
	for _, rule := range rules {
		if f, yes := rule(r, i); yes && (!ok || f.end > best.end) {
			f.first = max(f.first, i)
			if f.kind == "" {
				f.kind = TimeDate
			}
			best, ok = f, true
		}
	}
	return best, ok
}

// at looks an entry of one section up at word i: its length and value.
func (r *timeReader) at(section string, i int) (int, string) {
	return r.words[section].at(r.low, i, r.end)
}

func (r *timeReader) is(i int, words ...string) bool {
	if i < r.first || i >= r.end {
		return false
	}
	for _, w := range words {
		if r.low[i] == w {
			return true
		}
	}
	return false
}

// skip gives i+1 where word i is one of words, else i.
func (r *timeReader) skip(i int, words ...string) int {
	if r.is(i, words...) {
		return i + 1
	}
	return i
}

// tenseAt is the tense that decides between the nearest past and future date.
func (r *timeReader) tenseAt(first, end int) tense {
	if r.afterSince(first) || r.is(first-1, "of") && r.is(first-2, "as") {
		return tensePast
	}
	return r.tense(first, end)
}

// tenseOfDay is tenseAt for days: a session called "for Monday" is to come.
func (r *timeReader) tenseOfDay(first, end int) tense {
	if r.is(first-1, "for") {
		return tenseFuture
	}
	return r.tenseAt(first, end)
}

// nearest picks, of the periods that of gives for the years around
// publication, the last that has begun for the past, the first that has not
// ended for the future, and the closest where the tense tells neither.
func (r *timeReader) nearest(t tense, of func(year int) period) (best period) {
	if !r.now.known() {
		return best
	}
	now := r.now.from
	if t == tenseFuture {
		// A date that was days ago is not meant for the year after.
		defer func() {
			if days := best.daysFrom(now); best.known() && days > farAhead {
				if near := r.nearest(tenseUnknown, of); days > 3*near.daysFrom(now) {
					best = near
				}
			}
		}()
	}
	for year := now.Year() - 4; year <= now.Year()+4; year++ {
		p := of(year)
		switch {
		case !p.known():
		case t == tensePast && !p.from.After(now):
			best = p
		case t == tenseFuture && !best.known() && !p.to.Before(now):
			best = p
		case t == tenseUnknown && (!best.known() || p.daysFrom(now) < best.daysFrom(now)):
			best = p
		}
	}
	return best
}

// farAhead is how many days ahead a date without a year is doubted, and taken
// for one that is past where that is much nearer.
const farAhead = 180

// daysFrom counts the days between t and the nearer end of p.
func (p period) daysFrom(t time.Time) int {
	switch {
	case t.Before(p.from):
		return int(p.from.Sub(t).Hours() / 24)
	case t.After(p.to):
		return int(t.Sub(p.to).Hours() / 24)
	}
	return 0
}

// number reads digits, number words or an article: "24", "1,000", "two",
// "twenty-five", "two and a half", "half a". Ok is false where none begins at i.
func (r *timeReader) number(i int) (n float64, end int, ok bool) {
	if i >= r.end {
		return 0, i, false
	}
	if digits := strings.ReplaceAll(r.low[i], ",", ""); isDigits(digits) && len(digits) < 7 {
		n, _ = strconv.ParseFloat(digits, 64)
		end = i + 1
	} else if k, v := r.at("number", i); k > 0 {
		n, _ = strconv.ParseFloat(v, 64)
		end = i + k
		if next := r.skip(end, "-"); n >= 20 && n < 100 {
			if k, v := r.at("number", next); k == 1 && !r.is(next, "a", "an", "one hundred") {
				if ones, _ := strconv.ParseFloat(v, 64); ones < 10 {
					n, end = n+ones, next+1
				}
			}
		}
	} else if tens, ones, cut := strings.Cut(r.low[i], "-"); cut {
		a, b := r.wordValue("number", tens), r.wordValue("number", ones)
		if a < 20 || a > 90 || b < 1 || b > 9 {
			return 0, i, false
		}
		n, end = float64(a+b), i+1
	} else {
		return 0, i, false
	}
	for last := min(end+2, r.end); end < last; end++ { // "two hundred thousand"
		times := r.wordValue("multiplier", r.low[end])
		if times == 0 {
			break
		}
		n *= float64(times)
	}
	switch {
	case r.is(end, "and") && r.is(end+1, "a") && r.is(end+2, "half"):
		return n + 0.5, end + 3, true
	case r.is(end, "1") && r.is(end+1, "/") && r.is(end+2, "2"):
		return n + 0.5, end + 3, true
	case r.is(end, "½", "1/2"):
		return n + 0.5, end + 1, true
	}
	return n, end, true
}

// wordValue is the number that a section gives to a single word, or 0.
func (r *timeReader) wordValue(section, w string) int {
	for _, e := range r.words[section][w] {
		if len(e.rest) == 0 {
			n, _ := strconv.Atoi(e.value)
			return n
		}
	}
	return 0
}

func isDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// unitAt reads a unit of time.
func (r *timeReader) unitAt(i int) (u timeUnit, end int, ok bool) {
	if n, v := r.at("unit", i); n > 0 {
		return timeUnit(v[0]), i + n, true
	}
	return 0, i, false
}

// partOfDay gives i past "morning", "night" and the like.
func (r *timeReader) partOfDay(i int) int {
	n, _ := r.at("part-of-day", i)
	return i + n
}

// dayNumber reads the day of a month: "18", "18th", "eighteenth".
func (r *timeReader) dayNumber(i int) (day, end int, ok bool) {
	if i >= r.end {
		return 0, i, false
	}
	w := r.low[i]
	if len(w) > 2 {
		switch w[len(w)-2:] {
		case "st", "nd", "rd", "th":
			w = w[:len(w)-2]
		}
	}
	if isDigits(w) && len(w) <= 2 {
		day, _ = strconv.Atoi(w)
	} else {
		day = r.wordValue("ordinal", r.low[i])
	}
	return day, i + 1, day >= 1 && day <= 31
}

// plainYear reads a number that can be a year; what stands around it is not
// looked at.
func (r *timeReader) plainYear(i int) (int, bool) {
	if i >= r.end || len(r.low[i]) != 4 || !isDigits(r.low[i]) {
		return 0, false
	}
	year, _ := strconv.Atoi(r.low[i])
	return year, year >= 1000 && year <= 2199
}

// yearAfter reads a year that follows a month or a day: "2016", ", 2016",
// "of 2016", "in 2016", "last year", "of the same year".
func (r *timeReader) yearAfter(i int) (year, end int, ok bool) {
	k := r.skip(i, ",", "of", "in")
	if year, ok := r.plainYear(k); ok && !r.countsThings(k) {
		return year, k + 1, true
	}
	at := r.skip(i, "of")
	if n, v := r.at("step-told", at); n > 0 && r.is(at+n, "year") && r.told.known() && !r.told.coarser(unitYear) {
		return r.told.from.Year() + r.atoi(v), at + n + 1, true
	}
	f, ok := r.stepUnit(r.skip(i, "of"), true)
	if ok && f.p.unit == unitYear {
		return f.p.from.Year(), f.end, true
	}
	return 0, i, false
}

// countsThings reports whether the word after i shows number i to be a count.
func (r *timeReader) countsThings(i int) bool {
	return i+1 < r.end && r.words["no-year-before"].has(r.low[i+1])
}
