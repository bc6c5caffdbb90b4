package dialogue

import (
	"cmp"
	"slices"
	"time"

	"detente"
)

// row is an item with what the fold asks of it again and again.
type row struct {
	Item
	day  detente.Date // when the act happened or the claim was made, as far as is known
	from int          // the first day that day covers, counted from 1970
	span int          // how many more it may cover
	ok   bool         // there is such a day
	far  string       // what parts an act's mode from others; empty: nothing
	by   *telling     // whose item it is; nil outside a series
}

func newRow(it Item) *row {
	w := &row{Item: it, day: it.Published}
	if it.Act != nil {
		w.far = far[it.Act.Mode]
	}
	switch {
	case it.Act != nil && it.Act.Date != "":
		w.day = it.Act.Date
	case it.SaidOn != "":
		w.day = it.SaidOn
	}
	w.from, w.span, w.ok = daysOf(w.day)
	return w
}

// daysOf counts the first day of a date from 1970, and how many more days a
// date of a month or year may cover.
func daysOf(d detente.Date) (from, span int, ok bool) {
	t, ok := d.Time()
	switch len(d) {
	case len("2006-01"):
		span = 31
	case len("2006"):
		span = 366
	}
	return int(t.Unix() / int64(24*time.Hour/time.Second)), span, ok
}

// near reports that two days lie within recordDays of each other; a date of a
// month or year covers all its days.
func near(a, b detente.Date) bool {
	var x, y row
	x.from, x.span, x.ok = daysOf(a)
	y.from, y.span, y.ok = daysOf(b)
	return nearRows(&x, &y)
}

func nearRows(a, b *row) bool {
	if !a.ok || !b.ok { // of an article without a date, what has no day of its own is of one day
		return a.day == b.day && a.day == ""
	}
	if b.from < a.from {
		a, b = b, a
	}
	return b.from <= a.from+recordDays+a.span
}

// sortRows orders rows by day, then publication; within a day the lead of an
// article counts as later than what stands further down, since the lead is
// the news and the rest is background.
func sortRows(rows []*row) {
	slices.SortFunc(rows, func(a, b *row) int {
		return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.Published, b.Published),
			-cmp.Compare(a.sentence(), b.sentence()), cmp.Compare(a.ID, b.ID))
	})
}

// claimsInText gives the claims in the order in which they were published and
// stand in the text.
func claimsInText(rows []*row) []*row {
	var out []*row
	for _, w := range rows {
		if w.Claim != nil {
			out = append(out, w)
		}
	}
	slices.SortFunc(out, inText)
	return out
}

func inText(a, b *row) int {
	return cmp.Or(cmp.Compare(a.Published, b.Published), cmp.Compare(a.Claim.Sentence, b.Claim.Sentence), cmp.Compare(a.ID, b.ID))
}

// ledger is the items of a dyad known on a day, laid out for the fold.
type ledger struct {
	dyad   detente.Dyad
	acts   map[detente.Channel][]*row // in order
	claims map[detente.Channel][]*row // about a channel's state, in order
	all    []*row                     // acts of all channels, in order
	sides  map[detente.Channel][]*row // claims that talking goes on or has stopped, in text order
	told   []told                     // claims about acts that are here, in text order
	act    map[detente.ActID]*row
	claim  map[detente.ClaimID]*row
}

// told is a claim that an act happened or did not, and the act.
type told struct {
	*row
	act *row
}

// newLedger lays out rows, which are in order, and the claims among them, which
// are in text order.
func newLedger(dyad detente.Dyad, rows, text []*row) *ledger {
	l := &ledger{dyad: dyad, acts: map[detente.Channel][]*row{}, claims: map[detente.Channel][]*row{},
		sides: map[detente.Channel][]*row{}, act: map[detente.ActID]*row{}, claim: map[detente.ClaimID]*row{}}
	for _, w := range rows {
		switch {
		case w.Act != nil:
			l.all = append(l.all, w)
			l.acts[w.Act.Channel] = append(l.acts[w.Act.Channel], w)
			l.act[w.Act.ID] = w
		case w.Claim.Act == "":
			l.claims[w.Claim.Channel] = append(l.claims[w.Claim.Channel], w)
		}
	}
	for _, w := range text {
		c := w.Claim
		l.claim[c.ID] = w
		switch {
		case c.Act != "":
			if act := l.act[c.Act]; act != nil {
				l.told = append(l.told, told{w, act})
			}
		case c.Statement != "" && side(c.State) != 0:
			l.sides[c.Channel] = append(l.sides[c.Channel], w)
		}
	}
	return l
}

// disputeDay is the day of the last claim in a dispute.
func (l *ledger) disputeDay(d detente.Dispute) (day detente.Date) {
	if w := l.claim[d.Claim]; w != nil {
		day = w.day
	}
	for _, id := range d.Against {
		if w := l.claim[id]; w != nil {
			day = max(day, w.day)
		}
	}
	return day
}
