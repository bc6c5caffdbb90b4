package nlp

import (
	"strconv"
	"strings"
	"time"
)

// Rules for calendar dates and weekdays.

// absolute reads a calendar date: with or without weekday, day and year.
func (r *timeReader) absolute(i int) (found, bool) {
	k := i
	if n, _ := r.at("weekday", i); n > 0 {
		k = r.skip(r.skip(i+n, ","), "the")
		if f, ok := r.dayAndMonth(k); ok && f.day > 0 {
			return f, true
		}
		return found{}, false
	}
	if f, ok := r.numericDate(i); ok {
		return f, true
	}
	return r.dayAndMonth(k)
}

func (r *timeReader) dayAndMonth(i int) (found, bool) {
	if n, v := r.at("month", i); n > 0 && r.isCapital(i) {
		return r.monthFirst(i, i+n, v)
	}
	k := r.skip(i, "the")
	day, k, ok := r.dayNumber(k)
	if !ok {
		return found{}, false
	}
	k = r.skip(k, "day")
	k = r.skip(r.skip(k, "of"), "-")
	n, v := r.at("month", k)
	if n == 0 || !r.isCapital(k) {
		return found{}, false
	}
	m, _ := strconv.Atoi(v)
	return r.withYear(i, r.skip(k+n, "-"), k+n, time.Month(m), day)
}

// monthFirst reads what follows a month: a day, a year, both or neither.
func (r *timeReader) monthFirst(i, k int, value string) (found, bool) {
	m, _ := strconv.Atoi(value)
	month := time.Month(m)
	dayAt := r.skip(k, "the")
	if day, end, ok := r.dayNumber(dayAt); ok && !r.countsThings(dayAt) {
		return r.withYear(i, end, end, month, day)
	}
	if year, end, ok := r.yearAfter(k); ok {
		return found{end: end, p: monthPeriod(year, month), fullDate: true}, true
	}
	if r.words["doubtful-month"].has(r.low[i]) && !r.datesFollow(i) {
		return found{}, false
	}
	p := r.inYear(i, k, func(year int) period { return monthPeriod(year, month) })
	return found{end: k, p: p, month: month}, true
}

// datesFollow reports whether the word before i is one that dates follow.
func (r *timeReader) datesFollow(i int) bool {
	return r.words["before-time"].before(r.low, i, r.first) > 0 && r.d.Words[i].UPOS != "VERB" && r.d.Words[i].UPOS != "AUX"
}

// withYear completes day and month: the year is looked for at yearAt; without
// one the expression ends at end.
func (r *timeReader) withYear(i, yearAt, end int, month time.Month, day int) (found, bool) {
	year, yearEnd, ok := r.yearAfter(yearAt)
	if !ok {
		year, yearEnd, ok = r.earlyYear(yearAt)
	}
	if ok {
		p, valid := validDate(year, month, day)
		return found{end: yearEnd, p: p, fullDate: true, day: day, month: month}, valid
	}
	if _, valid := validDate(2000, month, day); !valid {
		return found{}, false
	}
	p := r.inYear(i, end, func(year int) period { return dayIfAny(year, month, day) })
	return found{end: end, p: p, month: month, day: day}, true
}

// earlyYear reads the year of "30 September 420".
func (r *timeReader) earlyYear(i int) (year, end int, ok bool) {
	if i >= r.end || len(r.low[i]) != 3 || !isDigits(r.low[i]) {
		return 0, i, false
	}
	if i+1 < r.end && r.d.Words[i+1].UPOS != "PUNCT" {
		return 0, i, false
	}
	return r.atoi(r.low[i]), i + 1, true
}

// inYear resolves a date without a year, words first … end-1: in the year of a
// full date that the sentence or the one before it tells of a past event, else
// nearest to publication by tense.
func (r *timeReader) inYear(first, end int, of func(year int) period) period {
	t := r.tenseAt(first, end)
	if year := r.storyYear(r.d.Words[first].Sent); t != tenseFuture && year != 0 {
		return of(year)
	}
	return r.nearest(t, of)
}

// storyYear is the year that the text is telling of at sentence si: that of a
// full date a sentence back at most, or of a year some sentences back in the
// same paragraph that is not the present one; 0 where there is none.
func (r *timeReader) storyYear(si int) int {
	if !r.told.known() || r.d.Sents[r.toldIn].Block != r.d.Sents[si].Block || r.told.coarser(unitYear) {
		return 0
	}
	year, back := r.told.from.Year(), si-r.toldIn
	if r.toldFull && back <= 1 || back <= storyReach && r.now.known() && (year < r.now.from.Year()-storyAge || year > r.now.from.Year()) {
		return year
	}
	return 0
}

// storyReach is how many sentences back a year told still holds; storyAge how
// many years ago it must lie, lest it be mere background to news.
const (
	storyReach = 3
	storyAge   = 1
)

func dayIfAny(year int, month time.Month, day int) period {
	if p, ok := validDate(year, month, day); ok {
		return p
	}
	return period{}
}

func (r *timeReader) isCapital(i int) bool {
	form := strings.TrimPrefix(r.d.Words[i].Form, "mid-")
	return form != "" && 'A' <= form[0] && form[0] <= 'Z'
}

// numericDate reads 2016-12-22, 22/12/2016, 12/22/2016, 22.12.2016, whether
// the tokeniser kept it whole or not. Where day and month could be either, the
// expression is found but not resolved.
func (r *timeReader) numericDate(i int) (found, bool) {
	if c := r.low[i]; c == "" || c[0] < '0' || c[0] > '9' {
		return found{}, false
	}
	text, end := r.low[i], i+1
	for ; end < r.end && end < i+5 && !r.d.Words[end-1].SpaceAfter && r.d.Words[end-1].End == r.d.Words[end].Start && isDateInk(r.low[end]); end++ {
		text += r.low[end]
	}
	for end > i+1 && r.low[end-1] == "." { // the full stop of the sentence
		text, end = strings.TrimSuffix(text, "."), end-1
	}
	for _, sep := range []string{"-", "/", "."} {
		parts := strings.Split(text, sep)
		if len(parts) != 3 || !isDigits(parts[0]) || !isDigits(parts[1]) || !isDigits(parts[2]) {
			continue
		}
		a, _ := strconv.Atoi(parts[0])
		b, _ := strconv.Atoi(parts[1])
		c, _ := strconv.Atoi(parts[2])
		switch {
		case len(parts[0]) == 4 && len(parts[2]) <= 2:
			p, ok := validDate(a, time.Month(b), c)
			return found{end: end, p: p, fullDate: true}, ok
		case sep == "/" && len(parts[2]) == 2 && len(parts[0]) <= 2 && len(parts[1]) <= 2 && r.now.known():
			p := dayMonthYear(a, b, r.fullYear(c))
			return found{end: end, p: p, fullDate: true}, p.known()
		case len(parts[2]) == 4 && len(parts[0]) <= 2 && len(parts[1]) <= 2:
			return found{end: end, p: dayMonthYear(a, b, c), fullDate: true}, a <= 31 && b <= 31
		}
	}
	return found{}, false
}

// fullYear gives a year of two digits its century: at most ten years ahead.
func (r *timeReader) fullYear(yy int) int {
	now := r.now.from.Year()
	if year := now/100*100 + yy; year <= now+10 {
		return year
	}
	return now/100*100 - 100 + yy
}

func isDateInk(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; (c < '0' || c > '9') && c != '-' && c != '/' && c != '.' {
			return false
		}
	}
	return true
}

// dayMonthYear resolves two numbers of which only one order makes a date.
func dayMonthYear(a, b, year int) period {
	switch {
	case a > 12 && b <= 12, a == b:
		return dayIfAny(year, time.Month(b), a)
	case b > 12 && a <= 12:
		return dayIfAny(year, time.Month(a), b)
	}
	return period{}
}

// weekday reads "Wednesday", "last Friday", "Tuesday night", "Tuesday of last
// week", "the next Monday".
func (r *timeReader) weekday(i int) (found, bool) {
	k, step, from := r.weekdayLead(i)
	n, v := r.at("weekday", k)
	if n == 0 || !r.isCapital(k) || k == i && r.isNamedDay(k) {
		return found{}, false
	}
	day := r.atoi(v)
	if f, ok := r.stepUnit(r.skip(k+n, "of"), true); ok && f.p.unit == unitWeek && from == fromTense {
		return found{end: f.end, p: dayPeriod(f.p.from.AddDate(0, 0, day-1))}, true
	}
	f := found{end: r.partOfDay(k + n)}
	switch {
	case r.is(i-1, "a", "an"): // "on a Monday": no particular one
	case from == fromTold:
		if r.told.unit == unitDay {
			f.p = weekdayFrom(r.told, day, max(step, 0), step < 0)
		}
	case !r.now.known():
	case from == fromNow && step != 0:
		f.p = weekdayFrom(r.now, day, step, step < 0)
	case r.tenseOfDay(i, f.end) == tenseFuture:
		f.p = weekdayFrom(r.now, day, 0, false)
	default:
		f.p = weekdayFrom(r.now, day, 0, true)
	}
	return f, true
}

// dayAnchor is what a weekday is counted from.
type dayAnchor int

// Anchors of weekdays.
const (
	fromTense dayAnchor = iota // publication, in the direction of the tense
	fromNow                    // publication, by the step that is told
	fromTold                   // the date told last
)

// weekdayLead reads what stands before a weekday: "last", "the coming", "the
// next"; k is where the weekday must be.
func (r *timeReader) weekdayLead(i int) (k, step int, from dayAnchor) {
	if n, v := r.at("step-told", i); n > 0 {
		if day, _ := r.at("weekday", i+n); day > 0 {
			return i + n, r.atoi(v), fromTold
		}
	}
	at := r.skip(i, "the")
	if n, v := r.at("step", at); n > 0 && (at > i || !r.is(at, "following", "previous")) {
		return at + n, r.atoi(v), fromNow
	}
	return i, 0, fromTense
}

// isNamedDay tells Good Friday from a Friday.
func (r *timeReader) isNamedDay(k int) bool {
	return k > r.first && r.words["named-weekday"].has(r.low[k-1]) && r.isCapital(k-1)
}

func (r *timeReader) atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

// weekdayFrom gives the nearest such weekday at or before (past) or at or
// after base; a step other than 0 leaves base itself out.
func weekdayFrom(base period, day, step int, past bool) period {
	diff := day - isoWeekday(base.from)
	switch {
	case past && (diff > 0 || diff == 0 && step != 0):
		diff -= 7
	case !past && (diff < 0 || diff == 0 && step != 0):
		diff += 7
	}
	return dayPeriod(base.from.AddDate(0, 0, diff))
}
