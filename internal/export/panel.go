package export

import (
	"slices"

	"detente"
	"detente/internal/actor"
)

// tally counts what is told of a dyad on a day. Copies are counted once.
type tally struct {
	reports, origins       int
	quad                   [5]int // by class, 0 where an event has none
	intensity              float64
	talk                   int // events that are not known to have happened
	contacts, freezes      int
	thaws, claims, denials int
}

// panel gathers tallies by dyad and day.
type panel map[detente.Dyad]map[detente.Date]*tally

func (p panel) at(d detente.Dyad, on detente.Date) *tally {
	if p[d] == nil {
		p[d] = map[detente.Date]*tally{}
	}
	if p[d][on] == nil {
		p[d][on] = &tally{}
	}
	return p[d][on]
}

// add counts what an article tells; of is the dyad asked for, or none.
func (p panel) add(a *article, part *part, of detente.Dyad) {
	told := map[detente.Dyad]bool{}
	note := func(d detente.Dyad) bool {
		if !between(d) || of != (detente.Dyad{}) && d != of {
			return false
		}
		told[d] = true
		return a.first
	}
	for _, ev := range part.events {
		for _, d := range dyadsOf(ev) {
			if note(d) {
				p.at(d, dayOf(ev.Date, a.head.Known)).event(ev)
			}
		}
	}
	for _, act := range part.acts {
		if note(act.Dyad) && act.Factuality == detente.Happened {
			p.at(act.Dyad, dayOf(act.Date, a.head.Known)).act(act)
		}
	}
	for _, c := range part.claims {
		if note(c.Dyad) {
			t := p.at(c.Dyad, a.head.Known)
			t.claims++
			if c.Denies {
				t.denials++
			}
		}
	}
	for d := range told {
		t := p.at(d, a.head.Known)
		t.reports++
		if a.first {
			t.origins++
		}
	}
}

func (t *tally) event(ev *detente.Event) {
	if ev.Factuality != detente.Happened {
		t.talk++
		return
	}
	if ev.Quad > 0 && ev.Quad < len(t.quad) {
		t.quad[ev.Quad]++
	}
	t.intensity += ev.Intensity
}

func (t *tally) act(a *detente.Act) {
	switch a.Kind {
	case detente.Contact:
		t.contacts++
	case detente.Freeze:
		t.freezes++
	case detente.Thaw:
		t.thaws++
	}
}

// dyadsOf lists the pairs of a source's and a target's party, in order.
func dyadsOf(ev *detente.Event) []detente.Dyad {
	var out []detente.Dyad
	for _, s := range parties(ev.Source) {
		for _, t := range parties(ev.Target) {
			if d := detente.NewDyad(s, t); s != t && !slices.Contains(out, d) {
				out = append(out, d)
			}
		}
	}
	return out
}

// panelRow is a dyad on a day.
type panelRow struct {
	dyad  detente.Dyad
	day   detente.Date
	tally tally
	on    map[detente.Channel]detente.State
	book  *actor.Book
}

func panelTable() table[panelRow] {
	count := func(name, about string, n func(*tally) int) column[panelRow] {
		return need(col(name, whole, func(x *panelRow) any { return n(&x.tally) }, about))
	}
	columns := []column[panelRow]{
		need(col("day", day, func(x *panelRow) any { return string(x.day) }, "the day on which it happened; of what has no full date, and of claims, the day on which it became known")),
		count("reports", "articles that became known on this day and tell an event, act or claim of the dyad, whenever that was", func(t *tally) int { return t.reports }),
		count("origins", "independent ones among them; all counts below are of these", func(t *tally) int { return t.origins }),
		count("verbal_cooperation", "events of quad class 1 between the two, in either direction, that happened", func(t *tally) int { return t.quad[1] }),
		count("material_cooperation", "the same of class 2", func(t *tally) int { return t.quad[2] }),
		count("verbal_conflict", "the same of class 3", func(t *tally) int { return t.quad[3] }),
		count("material_conflict", "the same of class 4", func(t *tally) int { return t.quad[4] }),
		need(col("intensity", number, func(x *panelRow) any { return x.tally.intensity }, "sum of their intensities")),
		count("not_happened", "events that were planned, called for, alleged or denied", func(t *tally) int { return t.talk }),
		count("contacts", "acts of contact that happened", func(t *tally) int { return t.contacts }),
		count("freezes", "acts of freeze that happened", func(t *tally) int { return t.freezes }),
		count("thaws", "acts of thaw that happened", func(t *tally) int { return t.thaws }),
		count("claims", "claims about channels or acts that became known on this day", func(t *tally) int { return t.claims }),
		count("denials", "those among them that deny an act", func(t *tally) int { return t.denials }),
	}
	for _, ch := range detente.Channels {
		columns = append(columns, need(oneOf(col("state_"+string(ch), text, func(x *panelRow) any {
			if state := x.on[ch]; state != "" {
				return string(state)
			}
			return string(detente.Unknown)
		}, "state of the channel "+string(ch)+" as it was known by the end of the day"), states...)))
	}
	s := sheet{name: "panel", key: []string{"dyad", "day"},
		about: "One row for each dyad and day on which something happened, became known or changed a state. On days without a row the counts are 0 and the states those of the row before."}
	return tableOf(s, false, paired(func(x *panelRow) (detente.Dyad, *actor.Book) { return x.dyad, x.book }), columns)
}
