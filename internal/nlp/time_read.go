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
		(*timeReader).festival, (*timeReader).years)
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

// nearest picks, of the periods that make gives for the years around
// publication, the last that has begun for the past, the first that has not
// ended for the future, and the closest where the tense tells neither.
func (r *timeReader) nearest(t tense, make func(year int) period) (best period) {
	if !r.now.known() {
		return best
	}
	now := r.now.from
	if t == tenseFuture {
		// A date that was days ago is not meant for the year after.
		defer func() {
			if days := best.daysFrom(now); best.known() && days > farAhead {
				if near := r.nearest(tenseUnknown, make); days > 3*near.daysFrom(now) {
					best = near
				}
			}
		}()
	}
	for year := now.Year() - 4; year <= now.Year()+4; year++ {
		p := make(year)
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
	if r.is(end, "and") && r.is(end+1, "a") && r.is(end+2, "half") {
		n, end = n+0.5, end+3
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
// "of 2016", "last year".
func (r *timeReader) yearAfter(i int) (year, end int, ok bool) {
	k := r.skip(i, ",", "of")
	if year, ok := r.plainYear(k); ok && !r.countsThings(k) {
		return year, k + 1, true
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
	if year, yearEnd, ok := r.yearAfter(yearAt); ok {
		p, valid := validDate(year, month, day)
		return found{end: yearEnd, p: p, fullDate: true, day: day, month: month}, valid
	}
	if _, valid := validDate(2000, month, day); !valid {
		return found{}, false
	}
	p := r.inYear(i, end, func(year int) period { return dayIfAny(year, month, day) })
	return found{end: end, p: p, month: month, day: day}, true
}

// inYear resolves a date without a year, words first … end-1: in the year of a
// full date that the sentence or the one before it tells of a past event, else
// nearest to publication by tense.
func (r *timeReader) inYear(first, end int, make func(year int) period) period {
	t := r.tenseAt(first, end)
	if t != tenseFuture && r.toldFull && r.told.known() && r.d.Words[first].Sent-r.toldIn <= 1 &&
		r.d.Sents[r.toldIn].Block == r.d.Sents[r.d.Words[first].Sent].Block {
		return make(r.told.from.Year())
	}
	return r.nearest(t, make)
}

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
		case len(parts[2]) == 4 && len(parts[0]) <= 2 && len(parts[1]) <= 2:
			return found{end: end, p: dayMonthYear(a, b, c), fullDate: true}, a <= 31 && b <= 31
		}
	}
	return found{}, false
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

// weekday reads "Wednesday", "last Friday", "Tuesday night", "Tuesday of last week".
func (r *timeReader) weekday(i int) (found, bool) {
	k, toldStep := i, 0
	stepped, step := false, 0
	if n, v := r.at("step-told", i); n > 0 {
		if n2, _ := r.at("weekday", i+n); n2 > 0 {
			k, toldStep = i+n, r.atoi(v)
		}
	}
	if k == i {
		if at := r.skip(i, "the"); true {
			if n, v := r.at("step", at); n > 0 && (at > i || !r.is(at, "following", "previous")) {
				k, stepped, step = at+n, true, r.atoi(v)
			}
		}
	}
	n, v := r.at("weekday", k)
	if n == 0 || !r.isCapital(k) || k == i && k > r.first && r.words["named-weekday"].has(r.low[k-1]) && r.isCapital(k-1) {
		return found{}, false
	}
	day, end := r.atoi(v), k+n
	inWeek := r.skip(end, "of")
	if f, ok := r.stepUnit(inWeek, true); ok && f.p.unit == unitWeek && !stepped {
		return found{end: f.end, p: dayPeriod(f.p.from.AddDate(0, 0, day-1))}, true
	}
	f := found{end: r.partOfDay(end)}
	switch {
	case k > i && !stepped:
		if r.told.known() && r.told.unit == unitDay {
			f.p = weekdayFrom(r.told, day, max(toldStep, 0), toldStep < 0)
		}
	case !r.now.known():
	case stepped && step != 0:
		f.p = weekdayFrom(r.now, day, step, step < 0)
	case r.tenseOfDay(i, f.end) == tenseFuture:
		f.p = weekdayFrom(r.now, day, 0, false)
	default:
		f.p = weekdayFrom(r.now, day, 0, true)
	}
	return f, true
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

// deictic reads today, yesterday, last night; "overnight" is the night to the
// day of publication where something happened, and no date else ("will not
// change overnight").
func (r *timeReader) deictic(i int) (found, bool) {
	n, v := r.at("deictic", i)
	if n == 0 || i > r.first && r.isCapital(i) && r.isCapital(i-1) {
		return found{}, false // "USA Today"
	}
	f := found{end: r.partOfDay(i + n)}
	if !r.now.known() {
		return f, true
	}
	if r.is(i, "overnight") {
		if r.tenseAt(i, i+1) == tensePast {
			f.p = daysPeriod(r.now.from.AddDate(0, 0, -1), r.now.from)
		}
		return f, true
	}
	f.p = dayPeriod(r.now.from.AddDate(0, 0, r.atoi(v)))
	return f, true
}

// step reads a period counted from the present one: "last week", "this year",
// "next January", "the past two months", "last week on Tuesday".
func (r *timeReader) step(i int) (found, bool) {
	f, ok := r.stepUnit(i, false)
	if !ok || f.p.unit != unitWeek {
		return f, ok
	}
	on := r.skip(f.end, "on")
	if n, v := r.at("weekday", on); n > 0 {
		return found{end: r.partOfDay(on + n), p: dayPeriod(f.p.from.AddDate(0, 0, r.atoi(v)-1))}, true
	}
	return f, true
}

// stepUnit is step without what may follow. Bare: no article may precede.
func (r *timeReader) stepUnit(i int, bare bool) (found, bool) {
	k := i
	if !bare {
		k = r.skip(i, "the")
	}
	n, v := r.at("step", k)
	if n == 0 && k > i && r.is(k, "weekend") && r.is(i-1, "over", "at", "during", "throughout", "on", "through") {
		return found{end: k + 1, p: r.weekend(0, r.tenseAt(i, k+1))}, true
	}
	if n == 0 {
		return found{}, false
	}
	dir, the := r.atoi(v), k > i
	if !the && r.is(k, "following", "previous") {
		return found{}, false // "following Monday's debate": after it
	}
	k += n
	if u, end, ok := r.unitAt(k); ok {
		if dir != 0 && strings.HasSuffix(r.low[end-1], "s") {
			return found{end: end, kind: TimeRange}, true
		}
		return r.stepBy(u, dir, the, i, end)
	}
	if n, v := r.at("month", k); n > 0 && r.isCapital(k) {
		return r.stepMonth(i, k+n, time.Month(r.atoi(v)), dir, monthPeriod)
	}
	if n, v := r.at("season", k); n > 0 {
		return r.stepMonth(i, k+n, time.Month(r.atoi(v)), dir, seasonPeriod)
	}
	if n, _ := r.at("vague-number", k); n > 0 {
		_, end, ok := r.unitAt(k + n)
		return found{end: end, kind: TimeRange}, ok
	}
	count, k, ok := r.number(k)
	if !ok || dir == 0 {
		return found{}, false
	}
	u, end, ok := r.unitAt(r.skip(k, "-"))
	if !ok {
		return found{}, false
	}
	f := found{end: end, kind: TimeRange}
	if dir < 0 || r.tenseAt(i, end) != tensePast {
		f.p = r.stretch(u, dir*int(count+0.5))
	}
	return f, true
}

// stretch is the n units up to publication, or from it on.
func (r *timeReader) stretch(u timeUnit, n int) period {
	if !r.now.known() {
		return period{}
	}
	other := addUnits(r.now.from, u, n)
	if n < 0 {
		return daysPeriod(other, r.now.from)
	}
	return daysPeriod(r.now.from, other)
}

func (r *timeReader) stepBy(u timeUnit, dir int, the bool, i, end int) (found, bool) {
	f := found{end: end}
	switch u {
	case unitSecond, unitMinute, unitHour, unitFortnight:
		return f, false
	case unitDay:
		// "the last day of the summit" dates nothing by itself.
		if dir < 0 || the {
			return f, false
		}
	case unitWeekend:
		f.p = r.weekend(dir, r.tenseAt(i, end))
		return f, true
	}
	if the && dir < 0 && r.is(end-2, "last", "past") {
		f.kind, f.p = TimeRange, r.stretch(u, dir)
		return f, true
	}
	if r.now.known() {
		f.p = periodOf(u, r.now.from).shift(dir)
	}
	return f, true
}

// weekend: last, this and next, "this" by tense.
func (r *timeReader) weekend(dir int, t tense) period {
	if !r.now.known() {
		return period{}
	}
	p := periodOf(unitWeekend, r.now.from)
	begun := !p.from.After(r.now.from)
	switch {
	case dir < 0 && (!begun || isoWeekday(r.now.from) > 5), dir == 0 && t == tensePast && !begun:
		p = p.shift(-1)
	case dir > 0 && begun:
		p = p.shift(1)
	}
	return p
}

// stepMonth reads "last January", "next summer": the nearest that has ended,
// or not begun; "this" is the one nearest to publication.
func (r *timeReader) stepMonth(i, end int, month time.Month, dir int, make func(int, time.Month) period) (found, bool) {
	f := found{end: end}
	if !r.now.known() {
		return f, true
	}
	now := r.now.from
	switch {
	case dir < 0:
		f.p = r.nearest(tensePast, func(y int) period { return onlyIf(make(y, month), func(p period) bool { return p.to.Before(now) }) })
	case dir > 0:
		f.p = r.nearest(tenseFuture, func(y int) period { return onlyIf(make(y, month), func(p period) bool { return p.from.After(now) }) })
	default:
		f.p = r.nearest(tenseUnknown, func(y int) period { return make(y, month) })
	}
	return f, true
}

func onlyIf(p period, ok func(period) bool) period {
	if ok(p) {
		return p
	}
	return period{}
}

// stepTold reads what counts from the date told last: "the next day", "that
// year", "the month before".
func (r *timeReader) stepTold(i int) (found, bool) {
	if n, v := r.at("step-told", i); n > 0 {
		k := i + n
		u, end, ok := r.unitAt(k)
		if !ok && r.partOfDay(k) > k {
			u, end, ok = unitDay, r.partOfDay(k), true
		}
		if !ok || u.ofClock() {
			return found{}, false
		}
		f := found{end: end, p: r.fromTold(u, r.atoi(v))}
		if !f.p.known() && r.now.known() && u != unitDay && r.atoi(v) != 0 {
			f.p = periodOf(u, r.now.from).shift(r.atoi(v))
		}
		return f, true
	}
	if !r.is(i, "the", "a") {
		return found{}, false
	}
	u, end, ok := r.unitAt(i + 1)
	if !ok {
		return found{}, false
	}
	n, v := r.at("distance", end)
	if n == 0 || !strings.HasSuffix(v, "told") {
		return found{}, false
	}
	return r.fromEvent(end+n, u, signOf(v))
}

func signOf(v string) int {
	if strings.HasPrefix(v, "-") {
		return -1
	}
	return 1
}

// fromTold gives the period of unit u that is n steps from the date told last.
func (r *timeReader) fromTold(u timeUnit, n int) period {
	base := r.told
	if !base.known() || base.coarser(u) {
		return period{}
	}
	return periodOf(u, base.from).shift(n)
}

// coarser reports whether p does not tell which period of unit u it lies in.
func (p period) coarser(u timeUnit) bool {
	days := p.to.Sub(p.from).Hours() / 24
	switch u {
	case unitDay:
		return days > 0
	case unitWeek, unitWeekend:
		return days > 7
	case unitMonth:
		return days > 31
	}
	return days > 366
}

// fromEvent completes "n units before" or "after", whose words end before k:
// what follows is a date to count from, an event without a date, or nothing
// (then it counts from the date told last).
func (r *timeReader) fromEvent(k int, u timeUnit, n int) (found, bool) {
	// Only plain dates, not another distance: the recursion ends here.
	if base, ok := r.longest(k, (*timeReader).absolute, (*timeReader).weekday, (*timeReader).deictic,
		(*timeReader).step, (*timeReader).festival, (*timeReader).years); ok {
		f := found{end: base.end}
		if base.p.known() && !base.p.coarser(u) {
			f.p = periodOf(distanceUnit(u), addUnits(base.p.from, u, n))
		}
		return f, true
	}
	if end, ok := r.eventPhrase(k); ok {
		return found{end: end, symbol: r.text(k, end)}, true
	}
	f := found{end: k}
	base := r.told
	if !base.known() && n < 0 {
		base = r.now
	}
	if u.ofClock() && abs(n) < 24 {
		return f, true
	}
	if base.known() && !base.coarser(u) {
		f.p = periodOf(distanceUnit(u), addUnits(base.from, u, n))
	}
	return f, true
}

// distance reads "two days ago", "three weeks later", "a year before the war",
// and "in two days" where that lies ahead.
func (r *timeReader) distance(i int) (found, bool) {
	n, u, k, ok := r.units(i)
	if !ok {
		return found{}, false
	}
	size, v := r.at("distance", k)
	if size == 0 {
		return r.ahead(i, n, u, k)
	}
	k += size
	if strings.HasSuffix(v, "told") {
		if n == 0 {
			return found{end: k}, true
		}
		if strings.HasPrefix(r.low[k-1], "before") || r.low[k-1] == "after" {
			return r.fromEvent(k, u, signOf(v)*int(n+0.5))
		}
		return r.fromEventless(k, u, signOf(v)*int(n+0.5))
	}
	f := found{end: k}
	if r.now.known() && n > 0 {
		f.p = periodOf(distanceUnit(u), halfUnits(r.now.from, u, n, signOf(v)))
	}
	return f, true
}

// fromEventless is "later" and "earlier", which take no event after them.
func (r *timeReader) fromEventless(k int, u timeUnit, n int) (found, bool) {
	end := r.end
	r.end = k
	f, ok := r.fromEvent(k, u, n)
	r.end = end
	return f, ok
}

// halfUnits moves by n units where n may end in a half.
func halfUnits(t time.Time, u timeUnit, n float64, sign int) time.Time {
	whole := int(n)
	t = addUnits(t, u, sign*whole)
	if n == float64(whole) {
		return t
	}
	switch u {
	case unitYear:
		return addMonths(t, sign*6)
	case unitMonth:
		return t.AddDate(0, 0, sign*15)
	case unitDecade:
		return addMonths(t, sign*60)
	}
	return t
}

// ahead reads "in two days", "in a week 's time": a date where the clause
// looks ahead, otherwise a duration that count reads.
func (r *timeReader) ahead(i int, n float64, u timeUnit, k int) (found, bool) {
	if i == r.first || !r.is(i-1, "in") || n == 0 || !r.now.known() {
		return found{}, false
	}
	if r.is(k, "'", "'s") && r.is(k+1, "time") {
		k += 2
	}
	if r.tenseAt(i, k) != tenseFuture {
		return found{}, false
	}
	return found{end: k, p: periodOf(distanceUnit(u), halfUnits(r.now.from, u, n, 1))}, true
}

// units reads a count of units: "two days", "24-hour", "a week", "several
// months", "years". An unknown count is 0.
func (r *timeReader) units(i int) (n float64, u timeUnit, end int, ok bool) {
	if left, right, cut := strings.Cut(r.low[i], "-"); cut && left != "" {
		if u := r.unitNamed(right); u != 0 && isDigits(left) {
			n, _ := strconv.ParseFloat(left, 64)
			return n, u, i + 1, true
		} else if v := r.wordValue("number", left); u != 0 && v > 0 {
			return float64(v), u, i + 1, true
		}
	}
	k := i
	if size, _ := r.at("vague-number", i); size > 0 {
		k = i + size
	} else if count, after, yes := r.number(i); yes {
		n, k = count, after
		if r.is(k, "to", "or", "-") {
			if _, after, yes := r.number(k + 1); yes {
				n, k = 0, after
			}
		}
		hyphen := r.skip(k, "-")
		if hyphen == k && n > 1 && r.is(k, "day", "week", "month", "year") {
			return 0, 0, i, false // "the 2018 year": a year, not a count
		}
		k = r.skip(hyphen, "more", "full", "whole")
	} else if !strings.HasSuffix(r.low[i], "s") {
		return 0, 0, i, false
	}
	u, end, ok = r.unitAt(k)
	if !ok || r.is(end, "old") || r.is(end, "-") && r.is(end+1, "old") {
		return 0, 0, i, false
	}
	return n, u, end, true
}

func (r *timeReader) unitNamed(w string) timeUnit {
	for _, e := range r.words["unit"][w] {
		if len(e.rest) == 0 {
			return timeUnit(e.value[0])
		}
	}
	return 0
}

// count is a length of time, or "twice a week".
func (r *timeReader) count(i int) (found, bool) {
	n, u, end, ok := r.units(i)
	if !ok || end == i+1 && n == 0 {
		return found{}, false
	}
	if u == unitQuarter && r.is(i, "a") {
		return found{}, false // a fourth part
	}
	f := found{end: end, kind: TimeDuration}
	if r.is(i, "recent") {
		f.kind = TimeRange
	}
	if n > 0 {
		f.duration = durationValue(n, u)
	}
	if r.is(i, "a", "an") && i > r.first && r.is(i-1, "once", "twice", "times") {
		f.kind = TimeSet
	}
	return f, true
}

// recurring reads "every Monday", "each year", "daily", "Tuesdays".
func (r *timeReader) recurring(i int) (found, bool) {
	if n, v := r.at("set", i); n > 0 && !r.isCapital(i) {
		return found{end: i + n, kind: TimeSet, duration: v}, true
	}
	if n, _ := r.at("weekdays", i); n > 0 {
		return found{end: i + n, kind: TimeSet, duration: "P1W"}, true
	}
	n, _ := r.at("every", i)
	if n == 0 {
		return found{}, false
	}
	if size, _ := r.at("weekday", i+n); size > 0 {
		return found{end: r.partOfDay(i + n + size), kind: TimeSet, duration: "P1W"}, true
	}
	count, k, ok := r.number(i + n)
	if !ok {
		count, k = 1, i+n
	}
	u, end, ok := r.unitAt(k)
	return found{end: end, kind: TimeSet, duration: durationValue(count, u)}, ok
}

// season reads "the summer of 2012", "winter 2014", "in the spring".
func (r *timeReader) season(i int) (found, bool) {
	k := r.skip(i, "the")
	n, v := r.at("season", k)
	if n == 0 {
		return found{}, false
	}
	month := time.Month(r.atoi(v))
	if year, end, ok := r.yearAfter(k + n); ok {
		return found{end: end, p: seasonPeriod(year, month), fullDate: true}, true
	}
	if !r.is(i-1, "in", "during", "since", "until", "by", "over", "early", "late") || k == i && r.words["doubtful-season"].has(r.low[k]) {
		return found{}, false
	}
	end := k + n
	if r.is(end, "of") {
		return found{}, false
	}
	return found{end: end, p: r.nearest(r.tenseAt(i, end), func(y int) period { return seasonPeriod(y, month) })}, true
}

// festival reads days that have the same date every year.
func (r *timeReader) festival(i int) (found, bool) {
	n, v := r.at("festival", i)
	if n == 0 || !r.isCapital(i) {
		return found{}, false
	}
	m, d, _ := strings.Cut(v, "-")
	return r.withYear(i, i+n, i+n, time.Month(r.atoi(m)), r.atoi(d))
}

// part reads "late 2014", "early on Tuesday", "the end of the year",
// "mid-August", "the first half of 2015", "year end".
func (r *timeReader) part(i int) (found, bool) {
	if n, _ := r.at("unit-end", i); n > 0 {
		u := r.unitNamed(strings.TrimSuffix(r.low[i], "-end"))
		f := found{end: i + n}
		if r.now.known() {
			f.p = dayPeriod(periodOf(u, r.now.from).to)
		}
		return f, true
	}
	if rest, ok := strings.CutPrefix(r.low[i], "mid-"); ok {
		return r.partWithin(i, i, rest, "mid")
	}
	k := r.skip(i, "the")
	if f, ok := r.half(k); ok {
		return f, true
	}
	n, v := r.at("part", i)
	if n == 0 {
		if n, v = r.at("part", k); n == 0 {
			return found{}, false
		}
		n += k - i
	}
	return r.partWithin(i, r.skip(i+n, "-"), "", v)
}

// partWithin narrows the expression at word k; form, where given, is read in
// place of that word ("mid-August" holds "august").
func (r *timeReader) partWithin(i, k int, form, part string) (found, bool) {
	if k >= r.end {
		return found{}, false
	}
	if form != "" {
		whole := r.low[k]
		r.low[k] = form
		defer func() { r.low[k] = whole }()
	}
	f, ok := r.thisUnit(k)
	deictic := ok
	if !ok {
		f, ok = r.longest(k, (*timeReader).absolute, (*timeReader).weekday, (*timeReader).deictic, (*timeReader).step,
			(*timeReader).stepTold, (*timeReader).season, (*timeReader).years)
		deictic = ok && f.kind == TimeDate && r.now.known() && f.p.known() && !f.fullDate &&
			!f.p.from.After(r.now.from) && !f.p.to.Before(r.now.from)
	}
	if !ok || f.kind == TimeRange {
		return found{}, false
	}
	f.first = i
	word := r.low[i]
	switch {
	case deictic && word == "earlier" && f.p.known():
		f.p.to = r.now.from
	case deictic && word == "later" && f.p.known():
		f.p.from = r.now.from
	case deictic && part == "end" && f.p.known():
		f.p = dayPeriod(f.p.to)
	default:
		f.p = f.p.narrow(part)
	}
	return f, true
}

// thisUnit reads "the year", "the month": the present one, where "the end of"
// or "later in" precedes.
func (r *timeReader) thisUnit(i int) (found, bool) {
	if !r.is(i, "the") {
		return found{}, false
	}
	u, end, ok := r.unitAt(i + 1)
	if !ok || u.ofClock() || r.is(end, "of") {
		return found{}, false
	}
	f := found{end: end}
	if r.now.known() {
		f.p = periodOf(u, r.now.from)
	}
	return f, true
}

// half reads "first half of 2015", "the third quarter of last year".
func (r *timeReader) half(k int) (found, bool) {
	if k+1 >= r.end || !r.is(k+1, "half", "quarter") {
		return found{}, false
	}
	which, months := r.wordValue("ordinal", r.low[k]), 6
	if r.low[k+1] == "quarter" {
		months = 3
	}
	if r.low[k] == "last" {
		which = 12 / months
	}
	at := r.skip(k+2, "of")
	f, ok := r.longest(at, (*timeReader).years, (*timeReader).step, (*timeReader).thisUnit)
	if !ok || which == 0 || which*months > 12 {
		return found{}, false
	}
	if f.p.unit != unitYear {
		return found{end: f.end}, true
	}
	first := time.Month((which-1)*months + 1)
	year := f.p.from.Year()
	return found{end: f.end, p: spanPeriod(monthPeriod(year, first), monthPeriod(year, first+time.Month(months)-1)), fullDate: f.fullDate}, true
}

// years reads a year, a decade or a century.
func (r *timeReader) years(i int) (found, bool) {
	k := r.skip(i, "the")
	if f, ok := r.decade(k); ok {
		return f, true
	}
	if f, ok := r.century(k); ok {
		return f, true
	}
	if k > i && !r.is(k, "year") {
		return found{}, false
	}
	at := r.skip(k, "year")
	year, ok := r.plainYear(at)
	if !ok || at == k && !r.looksLikeYear(at, year) {
		return found{}, false
	}
	f := found{end: at + 1, p: yearPeriod(year), fullDate: true}
	if r.is(at+1, "bc", "bce", "b.c.") {
		f = found{end: at + 2}
	}
	return f, true
}

// looksLikeYear tells a year from a count by what stands around it.
func (r *timeReader) looksLikeYear(i, year int) bool {
	before := ""
	if i > r.first {
		before = r.low[i-1]
	}
	if r.afterSince(i) && !r.countsThings(i) {
		return true
	}
	if year > 2100 || r.words["no-year-after"].has(before) || r.countsThings(i) {
		return false
	}
	if i+1 < r.end {
		next := r.d.Words[i+1]
		if next.UPOS == "NUM" || next.XPOS == "NNS" && before != "the" && before != "'s" {
			return false
		}
	}
	return year >= 1700 || r.words["before-time"].has(before) || before == "("
}

// decade reads "1990s", "'90s", "nineties".
func (r *timeReader) decade(k int) (found, bool) {
	if k >= r.end {
		return found{}, false
	}
	w, cut := strings.CutSuffix(strings.TrimPrefix(r.low[k], "'"), "s")
	switch n, _ := strconv.Atoi(w); {
	case cut && len(w) == 4 && isDigits(w) && n%10 == 0 && n >= 1000:
		return found{end: k + 1, p: yearsPeriod(n, 10, unitDecade), fullDate: true}, true
	case cut && len(w) == 2 && isDigits(w) && n%10 == 0 && (w != r.low[k][:2] || r.is(k-1, "the", "'", "early", "late", "mid")):
		return found{end: k + 1, p: yearsPeriod(1900+n, 10, unitDecade), fullDate: true}, true
	}
	if n, v := r.at("decade", k); n > 0 && r.is(k-1, "the", "early", "late", "mid") {
		return found{end: k + n, p: yearsPeriod(1900+r.atoi(v), 10, unitDecade), fullDate: true}, true
	}
	return found{}, false
}

// century reads "20th century", "nineteenth-century".
func (r *timeReader) century(k int) (found, bool) {
	if k >= r.end {
		return found{}, false
	}
	ordinal, whole := strings.CutSuffix(r.low[k], "-century")
	end := k + 1
	if !whole {
		if end = r.skip(end, "-"); !r.is(end, "century") {
			return found{}, false
		}
		end++
	}
	n := r.wordValue("ordinal", ordinal)
	if digits := strings.TrimRight(ordinal, "stndrh"); n == 0 && len(digits) < len(ordinal) && isDigits(digits) && len(digits) <= 2 {
		n = r.atoi(digits)
	}
	if n < 1 || n > 22 {
		return found{}, false
	}
	if r.is(end, "bc", "bce", "b.c.") {
		return found{end: end + 1}, true
	}
	return found{end: end, p: yearsPeriod((n-1)*100, 100, unitCentury), fullDate: true}, true
}

// span reads a range: "from 3 to 5 May", "between March and June", "May 3-5",
// "Monday to Wednesday", "2004 - 2009". The first end takes from the second
// what it leaves out, and the other way round.
func (r *timeReader) span(i int) (found, bool) {
	k := r.skip(i, "from", "between")
	between := k > i && r.low[i] == "between"
	if k > i && r.is(i-1, "moved", "postponed", "delayed", "rescheduled", "shifted") {
		return found{}, false
	}
	if f, ok := r.wholeSpan(k); ok {
		return f, true
	}
	a, ok := r.point(k)
	if day, end, yes := r.dayNumber(k); !ok && yes {
		a, ok = found{end: end, day: day}, true
	}
	if !ok || a.kind == TimeRange || !r.joins(a.end, between, k > i) {
		return found{}, false
	}
	b, ok := r.point(a.end + 1)
	if !ok || b.kind == TimeRange {
		if b, ok = r.shortEnd(a, a.end+1); !ok {
			return found{}, false
		}
	}
	a, b = lendYear(a, b)
	if a.p.unit == unitDay && b.p.unit == unitDay && a.month == 0 && b.p.to.Before(a.p.from) && !a.fullDate && !b.fullDate {
		b.p = b.p.weekOn() // "Saturday to Monday"
	}
	return found{first: k, end: b.end, kind: TimeRange, p: spanPeriod(a.p, b.p), fullDate: b.fullDate}, a.month != 0 || a.p.known() || !r.now.known()
}

// weekOn moves a day by a week.
func (p period) weekOn() period { return dayPeriod(p.from.AddDate(0, 0, 7)) }

// joins reports whether word k joins the ends of a range.
func (r *timeReader) joins(k int, between, from bool) bool {
	if between {
		return r.is(k, "and", "-", "–")
	}
	return r.is(k, "to", "through", "-", "–", "—", "until", "till") && (from || !r.is(k, "until", "till"))
}

// wholeSpan reads a range that the tokeniser left whole: "2004-2009".
func (r *timeReader) wholeSpan(k int) (found, bool) {
	if k >= r.end {
		return found{}, false
	}
	a, b, cut := strings.Cut(strings.ReplaceAll(r.low[k], "–", "-"), "-")
	if !cut || len(a) != 4 || !isDigits(a) || !isDigits(b) || len(b) != 4 && len(b) != 2 {
		return found{}, false
	}
	from, to := r.atoi(a), r.atoi(b)
	if len(b) == 2 {
		to += from / 100 * 100
	}
	if from < 1500 || to > 2100 || to <= from {
		return found{}, false
	}
	return found{first: k, end: k + 1, kind: TimeRange, p: spanPeriod(yearPeriod(from), yearPeriod(to)), fullDate: true}, true
}

// shortEnd reads the second end of "May 3 to 5" and "2004-09".
func (r *timeReader) shortEnd(a found, k int) (found, bool) {
	day, end, ok := r.dayNumber(k)
	if !ok || r.countsThings(k) {
		return found{}, false
	}
	if a.day > 0 && a.month > 0 && day > a.day {
		b := found{end: end, day: day, month: a.month, fullDate: a.fullDate}
		if year, yearEnd, ok := r.yearAfter(end); ok {
			b.end, b.fullDate, b.p = yearEnd, true, dayIfAny(year, a.month, day)
		} else if a.p.known() {
			b.p = dayIfAny(a.p.from.Year(), a.month, day)
		}
		return b, true
	}
	if a.p.unit == unitYear && r.is(k-1, "-", "–") && len(r.low[k]) == 2 && a.p.from.Year()%100 < day {
		return found{end: end, p: yearPeriod(a.p.from.Year()/100*100 + day), fullDate: true}, true
	}
	return found{}, false
}

// lendYear gives a bare day the month of the other end, and a date without a
// year the year that makes it the last before the second end (or the second
// the first after it).
func lendYear(a, b found) (found, found) {
	if a.month == 0 && a.day > 0 && b.month != 0 && !a.p.known() {
		a.month = b.month
	}
	if a.month == 0 || !b.p.known() {
		return a, b
	}
	make := func(f found, year int) period {
		if f.day > 0 {
			return dayIfAny(year, f.month, f.day)
		}
		return monthPeriod(year, f.month)
	}
	switch {
	case b.fullDate && !a.fullDate || !a.p.known():
		a.p = make(a, b.p.from.Year())
		if a.p.from.After(b.p.from) {
			a.p = make(a, b.p.from.Year()-1)
		}
	case b.month != 0 && !b.fullDate:
		b.p = make(b, a.p.from.Year())
		if b.p.from.Before(a.p.from) {
			b.p = make(b, a.p.from.Year()+1)
		}
	}
	return a, b
}

// eventPrepositions lead an event that a text uses as a point in time.
var eventPrepositions = map[string]bool{"since": true, "after": true, "before": true, "following": true,
	"during": true, "until": true, "till": true}

// event reads "since the election", "after the attack", "since Trump won the
// presidency": the event stays a symbol. One that holds a date is left to it.
func (r *timeReader) event(i int) (found, bool) {
	if !eventPrepositions[r.low[i]] {
		return found{}, false
	}
	end, ok := r.eventPhrase(i + 1)
	if !ok && r.low[i] == "since" {
		end, ok = r.sinceClause(i)
	}
	if !ok {
		return found{}, false
	}
	for k := i + 1; k < end; k++ {
		if _, dated := r.point(k); dated {
			return found{}, false
		}
	}
	f := found{first: i + 1, end: end, kind: TimeDate, symbol: r.text(i+1, end)}
	if r.low[i] == "since" {
		f.kind = TimeSince
	}
	return f, true
}

// eventWindow is how many words the name of an event may have.
const eventWindow = 8

// eventPhrase finds the end of a noun phrase at word i whose head is an event.
func (r *timeReader) eventPhrase(i int) (end int, ok bool) {
	if r.is(i, "a", "an") {
		return 0, false
	}
	for k := i; k < r.end && k < i+eventWindow; k++ {
		if k > i && r.low[k] == "of" {
			continue // "the end of the war"
		}
		switch r.d.Words[k].UPOS {
		case "VERB", "AUX", "PUNCT", "CCONJ", "SCONJ", "ADV", "ADP":
			return end, ok
		}
		if r.words["event"].has(r.low[k]) && k > i {
			end, ok = k+1, true
		}
	}
	return end, ok
}

// sinceClause finds the end of the past clause that "since" at word i opens.
func (r *timeReader) sinceClause(i int) (end int, ok bool) {
	v := r.d.Words[i].Head
	if r.d.Words[i].Rel != "mark" || v <= i || v > i+eventWindow || v >= r.end || r.d.Words[v].XPOS != "VBD" {
		return 0, false
	}
	for end = v + 1; end < r.end && end < v+eventWindow && r.d.Words[end].UPOS != "PUNCT" && r.d.Words[end].Head >= v; end++ {
	}
	return end, true
}

// text is what words first … end-1 read as in the document.
func (r *timeReader) text(first, end int) string {
	return r.d.Text[r.d.Words[first].Start:r.d.Words[end-1].End]
}
