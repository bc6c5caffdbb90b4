package nlp

import (
	"fmt"
	"strconv"
	"time"

	"detente"
)

// timeUnit is a unit of the calendar, or of the clock below it.
type timeUnit byte

// Units, by their letters in data/lang/en/time.txt.
const (
	unitSecond    timeUnit = 'S'
	unitMinute    timeUnit = 'M'
	unitHour      timeUnit = 'H'
	unitDay       timeUnit = 'd'
	unitWeekend   timeUnit = 'e'
	unitWeek      timeUnit = 'w'
	unitFortnight timeUnit = 'f'
	unitMonth     timeUnit = 'm'
	unitQuarter   timeUnit = 'q'
	unitSeason    timeUnit = 's'
	unitYear      timeUnit = 'y'
	unitDecade    timeUnit = 't'
	unitCentury   timeUnit = 'c'
	unitSpan      timeUnit = '-' // from one period to another
)

// ofClock reports whether u is shorter than a day.
func (u timeUnit) ofClock() bool { return u == unitHour || u == unitMinute || u == unitSecond }

// period is a run of whole days and its ISO 8601 name; the zero period is one
// that could not be resolved.
type period struct {
	from, to time.Time
	value    string
	unit     timeUnit
}

func (p period) known() bool { return p.value != "" }

func dayPeriod(t time.Time) period {
	return period{t, t, t.Format(time.DateOnly), unitDay}
}

func monthPeriod(year int, month time.Month) period {
	from := date(year, month, 1)
	return period{from, from.AddDate(0, 1, -1), from.Format("2006-01"), unitMonth}
}

func yearPeriod(year int) period {
	return period{date(year, 1, 1), date(year, 12, 31), fmt.Sprintf("%04d", year), unitYear}
}

func seasonPeriod(year int, first time.Month) period {
	p := spanPeriod(monthPeriod(year, first), monthOf(date(year, first+2, 1)))
	p.unit = unitSeason
	return p
}

func monthOf(t time.Time) period { return monthPeriod(t.Year(), t.Month()) }

// spanPeriod runs from the first day of a to the last of b.
func spanPeriod(a, b period) period {
	if !a.known() || !b.known() || b.to.Before(a.from) {
		return period{}
	}
	return period{a.from, b.to, a.value + "/" + b.value, unitSpan}
}

func daysPeriod(from, to time.Time) period { return spanPeriod(dayPeriod(from), dayPeriod(to)) }

func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// validDate makes a date of numbers that may be none ("31 June").
func validDate(year int, month time.Month, day int) (period, bool) {
	t := date(year, month, day)
	return dayPeriod(t), t.Day() == day && t.Month() == month
}

// isoWeekday is 1 for Monday to 7 for Sunday.
func isoWeekday(t time.Time) int { return (int(t.Weekday())+6)%7 + 1 }

// periodOf gives the period of unit u that holds t.
func periodOf(u timeUnit, t time.Time) period {
	monday := t.AddDate(0, 0, 1-isoWeekday(t))
	switch u {
	case unitWeek:
		year, week := monday.ISOWeek()
		return period{monday, monday.AddDate(0, 0, 6), fmt.Sprintf("%04d-W%02d", year, week), u}
	case unitWeekend:
		p := daysPeriod(monday.AddDate(0, 0, 5), monday.AddDate(0, 0, 6))
		p.unit = u
		return p
	case unitMonth:
		return monthOf(t)
	case unitQuarter:
		p := seasonPeriod(t.Year(), (t.Month()-1)/3*3+1)
		p.unit = u
		return p
	case unitYear:
		return yearPeriod(t.Year())
	case unitDecade:
		return yearsPeriod(t.Year()/10*10, 10, u)
	case unitCentury:
		return yearsPeriod(t.Year()/100*100, 100, u)
	}
	return dayPeriod(t)
}

// yearsPeriod is a decade or a century, named as ISO 8601 does by the year's
// first digits: 199 is the 1990s, 19 the 1900s.
func yearsPeriod(first, n int, u timeUnit) period {
	return period{date(first, 1, 1), date(first+n-1, 12, 31), strconv.Itoa(first / n), u}
}

// addUnits moves t by n units.
func addUnits(t time.Time, u timeUnit, n int) time.Time {
	switch u {
	case unitHour:
		return t.AddDate(0, 0, n/24)
	case unitSecond, unitMinute:
		return t
	case unitWeek, unitWeekend:
		return t.AddDate(0, 0, 7*n)
	case unitFortnight:
		return t.AddDate(0, 0, 14*n)
	case unitMonth:
		return addMonths(t, n)
	case unitQuarter:
		return addMonths(t, 3*n)
	case unitYear, unitSeason:
		return addMonths(t, 12*n)
	case unitDecade:
		return addMonths(t, 120*n)
	case unitCentury:
		return addMonths(t, 1200*n)
	}
	return t.AddDate(0, 0, n)
}

// addMonths keeps the day where the month has it, else takes the month's last.
func addMonths(t time.Time, n int) time.Time {
	first := date(t.Year(), t.Month()+time.Month(n), 1)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1)
}

// shift gives the period of p's own unit n steps on.
func (p period) shift(n int) period {
	if !p.known() || p.unit == unitSpan {
		return period{}
	}
	if p.unit == unitSeason {
		return seasonPeriod(p.from.Year()+n, p.from.Month())
	}
	return periodOf(p.unit, addUnits(p.from, p.unit, n))
}

// distanceUnit is how exactly "n units ago" tells a date: "three years ago"
// names a year, "three weeks ago" a day.
func distanceUnit(u timeUnit) timeUnit {
	switch u {
	case unitMonth, unitQuarter:
		return unitMonth
	case unitYear, unitDecade, unitCentury:
		return unitYear
	case unitWeekend:
		return unitWeekend
	}
	return unitDay
}

// durationValue is the ISO 8601 duration of n units; n may have a half.
func durationValue(n float64, u timeUnit) string {
	num := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
	switch u {
	case unitSecond, unitMinute, unitHour:
		return "PT" + num(n) + string(u)
	case unitWeek:
		return "P" + num(n) + "W"
	case unitFortnight:
		return "P" + num(2*n) + "W"
	case unitWeekend:
		return "P" + num(2*n) + "D"
	case unitMonth:
		return "P" + num(n) + "M"
	case unitQuarter:
		return "P" + num(3*n) + "M"
	case unitYear:
		return "P" + num(n) + "Y"
	case unitDecade:
		return "P" + num(10*n) + "Y"
	case unitCentury:
		return "P" + num(100*n) + "Y"
	}
	return "P" + num(n) + "D"
}

// narrow gives the early, mid or late part of p, its start or its end. Early
// and late are thirds of a month or year and halves of what is longer; what is
// shorter is left whole.
func (p period) narrow(part string) period {
	if !p.known() {
		return p
	}
	switch part {
	case "end":
		return p.edge(p.to)
	case "start":
		return p.edge(p.from)
	}
	days := int(p.to.Sub(p.from).Hours()/24) + 1
	if days < 20 {
		return p
	}
	third := days / 3
	if p.unit == unitDecade || p.unit == unitCentury {
		half := (p.to.Year() - p.from.Year() + 1) / 2
		third = int(date(p.from.Year()+half, 1, 1).Sub(p.from).Hours() / 24)
	}
	switch part {
	case "early":
		p.to = p.from.AddDate(0, 0, third-1)
	case "late":
		p.from = p.to.AddDate(0, 0, 1-third)
	case "mid":
		p.from, p.to = p.from.AddDate(0, 0, days/4), p.to.AddDate(0, 0, -days/4)
	}
	return p
}

// halfOf is the first or second half of a month, a decade or a century.
func (p period) halfOf(which int) period {
	switch p.unit {
	case unitMonth:
		middle := p.from.AddDate(0, 0, 14)
		if which == 1 {
			return daysPeriod(p.from, middle)
		}
		return daysPeriod(middle.AddDate(0, 0, 1), p.to)
	case unitDecade, unitCentury:
		first, n := p.from.Year(), (p.to.Year()-p.from.Year()+1)/2
		return spanPeriod(yearPeriod(first+(which-1)*n), yearPeriod(first+which*n-1))
	}
	return period{}
}

// part is the n units of p that follow the first skip ones; unknown where p is
// shorter.
func (p period) part(u timeUnit, skip, n int) period {
	if !p.known() || n < 1 || skip < 0 {
		return period{}
	}
	from := addUnits(p.from, u, skip)
	to := addUnits(p.from, u, skip+n).AddDate(0, 0, -1)
	switch {
	case from.Before(p.from) || to.After(p.to):
		return period{}
	case u == unitMonth || u == unitYear:
		return spanPeriod(periodOf(u, from), periodOf(u, to))
	case from.Equal(to):
		return dayPeriod(from)
	}
	return daysPeriod(from, to)
}

// edge is the first or last piece of p that holds t: the day of a month or
// week, the month of a year, the year of what is longer.
func (p period) edge(t time.Time) period {
	switch {
	case p.unit == unitYear || p.unit == unitSeason || p.unit == unitQuarter:
		return periodOf(unitMonth, t)
	case p.unit == unitDecade || p.unit == unitCentury:
		return periodOf(unitYear, t)
	}
	return dayPeriod(t)
}

// fill writes the period into a Time.
func (p period) fill(t *Time) {
	if !p.known() {
		return
	}
	t.Value, t.From, t.To = p.value, detente.DateOf(p.from), detente.DateOf(p.to)
}
