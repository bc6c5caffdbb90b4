package nlp

import (
	"strings"
)

// Rules for ranges.

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
	if f, ok := r.shortYear(a, k); ok {
		return f, true
	}
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
	return found{}, false
}

// shortYear reads the second end of "2004-09" and "1894 – 96".
func (r *timeReader) shortYear(a found, k int) (found, bool) {
	if k >= r.end || a.p.unit != unitYear || !r.is(k-1, "-", "–") || len(r.low[k]) != 2 || !isDigits(r.low[k]) {
		return found{}, false
	}
	year := a.p.from.Year()/100*100 + r.atoi(r.low[k])
	return found{end: k + 1, p: yearPeriod(year), fullDate: true}, year > a.p.from.Year()
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
	inYear := func(f found, year int) period {
		if f.day > 0 {
			return dayIfAny(year, f.month, f.day)
		}
		return monthPeriod(year, f.month)
	}
	switch {
	case b.fullDate && !a.fullDate || !a.p.known():
		a.p = inYear(a, b.p.from.Year())
		if a.p.from.After(b.p.from) {
			a.p = inYear(a, b.p.from.Year()-1)
		}
	case b.month != 0 && !b.fullDate:
		b.p = inYear(b, a.p.from.Year())
		if b.p.from.Before(a.p.from) {
			b.p = inYear(b, a.p.from.Year()+1)
		}
	}
	return a, b
}
