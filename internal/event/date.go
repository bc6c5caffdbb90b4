package event

import (
	"slices"
	"strconv"

	"detente"
	"detente/internal/nlp"
)

// dateOf dates an event: by the expression on its clause, a contact else by the only one of its sentence, else by the
// statement that tells it, else, where it is told as news, by publication. A
// freeze or thaw that is announced has the day of the announcement.
func (c *coding) dateOf(act detente.ActKind, f *frame, st *detente.Statement, fact detente.Factuality) detente.Date {
	for _, w := range []int{f.trigger, f.verb} {
		if w < 0 {
			continue
		}
		if d, ok := c.offsetDate(w); ok {
			return d
		}
		if tm := c.doc.TimeNear(w); tm != nil && !c.leadsIn(tm) {
			if d := dateIn(tm); !c.ahead(d, fact) {
				return d
			}
		}
	}
	if tm := c.timeBeside(f.trigger); tm != nil {
		if d := dateIn(tm); !c.ahead(d, fact) {
			return d
		}
	}
	if act == detente.Contact && fact == detente.Happened {
		if tm := c.onlyTime(c.tree.word(f.trigger).Sent); tm != nil {
			if d := dateIn(tm); d != "" && !c.ahead(d, fact) {
				return d
			}
		}
	}
	switch {
	case act == detente.Contact && (fact == detente.Planned || fact == detente.CalledFor):
		return "" // nobody said when it will be
	case st != nil && st.SaidOn != "":
		return st.SaidOn
	}
	return c.published
}

// toCome reports a verb in the present tense that a day in the year after
// publication dates; a caption has days long after a wrong one.
func (c *coding) toCome(f *frame) bool {
	if f.verb < 0 || c.published == "" || c.tense(f) != "present" {
		return false
	}
	for _, w := range []int{f.trigger, f.verb} {
		if tm := c.doc.TimeNear(w); tm != nil && tm.Kind == "DATE" && tm.From > c.published && tm.From < c.published.AddDays(366) && !c.leadsIn(tm) {
			return true
		}
	}
	return false
}

// leadsIn reports a distance in time that leads in a clause of its own and
// dates that one ("seven years after Riyadh severed them").
func (c *coding) leadsIn(tm *nlp.Time) bool {
	if tm.End >= len(c.tree.words) {
		return false
	}
	switch c.tree.form(tm.End) {
	case "after", "before", "since":
		return true
	}
	last := c.tree.form(tm.End - 1)
	return last == "after" || last == "before" || last == "since"
}

// ahead reports a date after publication for what is told as done: then it
// dates something else ("the first in 70 years").
func (c *coding) ahead(d detente.Date, fact detente.Factuality) bool {
	return fact == detente.Happened && c.published != "" && d > c.published
}

// timeBeside gives a day named beside word w with no finite verb between, after
// it or else before it, where the tree ties none to it.
func (c *coding) timeBeside(w int) *nlp.Time {
	t := c.tree
	clear := func(from, to int) bool {
		for i := from; i < to; i++ {
			if finite(t.word(i)) && t.rel(i) != "aux" {
				return false
			}
		}
		return true
	}
	var before *nlp.Time
	for k := range c.doc.Times {
		tm := &c.doc.Times[k]
		if t.word(tm.First).Sent != t.word(w).Sent || tm.Kind != "DATE" || tm.From == "" || c.leadsIn(tm) {
			continue
		}
		switch {
		case tm.First > w && tm.First-w < 15 && clear(w+1, tm.First):
			return tm
		case tm.End <= w && w-tm.End < 15 && clear(tm.End, w):
			before = tm
		}
	}
	return before
}

// onlyTime gives the one day, month or year that a sentence names; nil where it names none, or more.
func (c *coding) onlyTime(sent int) *nlp.Time {
	var only *nlp.Time
	for k := range c.doc.Times {
		tm := &c.doc.Times[k]
		if c.tree.word(tm.First).Sent != sent || tm.Kind != "DATE" || tm.From == "" {
			continue
		}
		if only != nil || c.leadsIn(tm) {
			return nil
		}
		only = tm
	}
	return only
}

// offsetDate dates a verb in a clause that a distance in time leads in ("six
// years after Beijing broke off contacts"): that long before, or after, the
// article. A distance in years gives a year, in months a month.
func (c *coding) offsetDate(w int) (detente.Date, bool) {
	t := c.tree
	mark := -1
	for i := w - 1; i >= 0 && i > w-20 && t.word(i).Sent == t.word(w).Sent; i-- {
		if f := t.form(i); f == "after" || f == "before" || f == "since" {
			mark = i
			break
		}
		if isVerb(t.word(i)) && t.rel(i) != "aux" && t.rel(i) != "cop" {
			return "", false
		}
	}
	if mark < 1 {
		return "", false
	}
	unit, n := t.lemma(mark-1), 1
	if mark >= 2 {
		if k, ok := number(t.form(mark - 2)); ok {
			n = k
		}
	}
	if t.form(mark) == "after" {
		n = -n
	}
	day, ok := c.published.Time()
	if !ok {
		return "", false
	}
	switch unit {
	case "day":
		return detente.DateOf(day.AddDate(0, 0, n)), true
	case "week":
		return detente.DateOf(day.AddDate(0, 0, 7*n))[:7], true
	case "month":
		return detente.DateOf(day.AddDate(0, n, 0))[:7], true
	case "year":
		return detente.DateOf(day.AddDate(n, 0, 0))[:4], true
	case "decade":
		return "", true
	}
	return "", false
}

// number reads a small number in words or figures.
func number(s string) (int, bool) {
	if n := slices.Index(smallNumbers, s); n >= 0 {
		return n + 1, true
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}

var smallNumbers = []string{"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}

// dateIn gives the date of a time expression at the precision that it has: the
// day, the last of two days ("overnight"), the month or the year that hold the
// range, or none.
func dateIn(tm *nlp.Time) detente.Date {
	from, to := tm.From, tm.To
	switch {
	case from == "" || to == "":
		return ""
	case from == to, from.AddDays(1) == to:
		return to
	case len(from) >= 7 && len(to) >= 7 && from[:7] == to[:7]:
		return from[:7]
	case len(from) >= 4 && len(to) >= 4 && from[:4] == to[:4]:
		return from[:4]
	}
	return ""
}
