package nlp

import (
	"strconv"
	"strings"
	"time"
)

// Rules for what counts from publication or from another date, and for lengths.

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
func (r *timeReader) stepMonth(i, end int, month time.Month, dir int, of func(int, time.Month) period) (found, bool) {
	f := found{end: end}
	if !r.now.known() {
		return f, true
	}
	now := r.now.from
	switch {
	case dir < 0:
		f.p = r.nearest(tensePast, func(y int) period { return onlyIf(of(y, month), func(p period) bool { return p.to.Before(now) }) })
	case dir > 0:
		f.p = r.nearest(tenseFuture, func(y int) period { return onlyIf(of(y, month), func(p period) bool { return p.from.After(now) }) })
	default:
		f.p = r.nearest(tenseUnknown, func(y int) period { return of(y, month) })
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
	if r.leadsClause(k) {
		return f, true // "the night before he died"
	}
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

// leadsClause reports whether "before" or "after" just before word k leads a
// clause or a phrase, and does not stand alone.
func (r *timeReader) leadsClause(k int) bool {
	if !r.is(k-1, "before", "after") || k >= r.end {
		return false
	}
	switch r.d.Words[k].UPOS {
	case "PRON", "DET", "NOUN", "PROPN", "ADJ", "VERB", "NUM":
		return r.d.Words[k-1].UPOS == "SCONJ" || r.d.Words[k-1].UPOS == "ADP"
	}
	return false
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
	if r.now.known() && n > 0 && n < farthest {
		f.p = periodOf(distanceUnit(u), halfUnits(r.now.from, u, n, signOf(v)))
	}
	return f, true
}

// farthest is how many units a date may lie from another; "13 billion years
// ago" is found and has no date.
const farthest = 1000

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

// firstUnits reads "the first three months of 2018", "the last week of March".
func (r *timeReader) firstUnits(i int) (found, bool) {
	k := r.skip(i, "the")
	if !r.is(k, "first", "last", "second", "third", "final", "opening") {
		return found{}, false
	}
	which := max(1, r.wordValue("ordinal", r.low[k]))
	n, at, counted := r.number(k + 1)
	if !counted {
		n, at = 1, k+1
	}
	u, end, ok := r.unitAt(at)
	if !ok || u.ofClock() || u == unitWeekend || u == unitQuarter || u == unitCentury || !r.is(end, "of", "in") {
		return found{}, false
	}
	f, ok := r.longest(end+1, (*timeReader).absolute, (*timeReader).years, (*timeReader).step, (*timeReader).thisUnit)
	if !ok || f.kind == TimeRange {
		return found{}, false
	}
	whole := f.p
	if f.p = whole.part(u, which-1, int(n)); r.is(k, "last", "final") {
		f.p = whole.lastPart(u, int(n))
	}
	return f, true
}

// lastPart is the last n units of p.
func (p period) lastPart(u timeUnit, n int) period {
	if !p.known() {
		return p
	}
	from := addUnits(p.to.AddDate(0, 0, 1), u, -n)
	if from.Before(p.from) {
		return period{}
	}
	return period{from: from, to: p.to, value: p.value, unit: p.unit}.part(u, 0, n)
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
