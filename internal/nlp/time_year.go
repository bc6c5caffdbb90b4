package nlp

import (
	"strconv"
	"strings"
	"time"
)

// Rules for seasons, festivals, parts of a period, years, decades and centuries.

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
	f, ok := r.longest(at, (*timeReader).years, (*timeReader).step, (*timeReader).thisUnit, (*timeReader).absolute)
	if !ok || which == 0 || which*months > 12 {
		return found{}, false
	}
	if f.p.unit != unitYear {
		if months == 6 && f.p.known() {
			f.p = f.p.halfOf(which)
			return f, true
		}
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
	if f, ok := r.eraYear(k); ok {
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
		if next.UPOS == "NUM" || next.XPOS == "NNS" && before != "the" && before != "'s" && !recentYear(year) {
			return false
		}
	}
	return year >= 1700 || r.words["before-time"].has(before) || before == "(" || i == r.first && r.is(i+1, ",")
}

// recentYear reports whether a number before a plural ("2017 elections") is
// rather a year than a count: counts are round, or written with a comma.
func recentYear(year int) bool { return year > 1950 && year < 2050 && year%10 != 0 }

// eraYear reads a year with its era: "400 BC" and "the year 71", "AD 842",
// "347 AD". Years before Christ are found and not resolved.
func (r *timeReader) eraYear(k int) (found, bool) {
	if k >= r.end {
		return found{}, false
	}
	at := r.skip(k, "ad", "a.d.")
	if !isDigits(r.low[min(at, r.end-1)]) || at >= r.end || len(r.low[at]) > 4 {
		return found{}, false
	}
	year := r.atoi(r.low[at])
	switch {
	case year == 0:
	case r.is(at+1, "bc", "bce", "b.c."):
		return found{end: at + 2}, true
	case at > k:
		return found{end: at + 1, p: yearPeriod(year), fullDate: true}, true
	case r.is(at+1, "ad", "ce", "a.d."):
		return found{end: at + 2, p: yearPeriod(year), fullDate: true}, true
	case year > 31 && (r.is(k-1, "year") && r.is(k-2, "the") || r.is(k-1, "c.", "ca.", "circa")):
		return found{end: at + 1, p: yearPeriod(year), fullDate: true}, true
	}
	return found{}, false
}

// decade reads "1990s", "'90s", "nineties".
func (r *timeReader) decade(k int) (found, bool) {
	if k >= r.end {
		return found{}, false
	}
	w, cut := strings.CutSuffix(strings.TrimPrefix(r.low[k], "'"), "s")
	switch n, _ := strconv.Atoi(w); {
	case len(r.low[k]) == 4 && isDigits(r.low[k]) && r.is(k+1, "'s") && !r.d.Words[k].SpaceAfter && r.atoi(r.low[k])%10 == 0 && r.is(k-1, "the", "early", "late", "mid"):
		return found{end: k + 2, p: yearsPeriod(r.atoi(r.low[k]), 10, unitDecade), fullDate: true}, true
	case cut && len(w) == 4 && isDigits(w) && n%100 == 0 && n >= 1000 && n < 1900:
		return found{end: k + 1, p: yearsPeriod(n, 100, unitCentury), fullDate: true}, true
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
