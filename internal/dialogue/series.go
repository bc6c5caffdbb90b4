package dialogue

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"sort"

	"detente"
)

// Telling is what one article tells of a dyad, and when it counts: from the day
// on which it was known until the day on which a later version of it stood in
// its place.
type Telling struct {
	Article string
	Origin  string // same for copies of one text; empty: its own
	Known   detente.Date
	Until   detente.Date // empty: no later version
	Items   []Item
}

// Series folds what was known of a dyad on each day from one on (empty: from
// the first). Of the copies of one text known on a day only the earliest
// counts. The order of tellings does not matter.
func (r *Rules) Series(dyad detente.Dyad, tellings []Telling, from detente.Date) detente.Series {
	p := newPast(dyad, tellings)
	out := detente.Series{Dyad: dyad, From: from, Rules: r.version,
		Channels: []detente.ChannelSpell{}, Disputes: []detente.DisputeSpell{}, Counts: []detente.Count{}}
	days := p.days()
	first := sort.Search(len(days), func(i int) bool { return days[i] >= from })
	w := &seriesWriter{out: &out}
	if first > 0 {
		w.begin(p.on(r, days[first-1]))
	}
	for _, day := range days[first:] {
		if p.move(day) || w.board == nil {
			w.take(day, p.fold(r))
		}
		out.Counts = append(out.Counts, p.count(day))
	}
	w.end()
	return out
}

// past is all that was ever known of a dyad.
type past struct {
	dyad     detente.Dyad
	tellings []*telling
	rows     []*row // of all, in order
	text     []*row // the claims among them, in text order
	old      memory
}

type telling struct {
	Telling
	origin string
	shown  bool // known on the day, and the first of its origin
}

func newPast(dyad detente.Dyad, tellings []Telling) *past {
	p := &past{dyad: dyad, old: memory{}}
	for _, t := range tellings {
		u := &telling{Telling: t, origin: cmp.Or(t.Origin, t.Article)}
		for _, it := range t.Items {
			if it.dyad() == dyad {
				w := newRow(it)
				w.by = u
				p.rows = append(p.rows, w)
			}
		}
		p.tellings = append(p.tellings, u)
	}
	slices.SortFunc(p.tellings, func(a, b *telling) int {
		return cmp.Or(cmp.Compare(a.Known, b.Known), cmp.Compare(a.Article, b.Article))
	})
	sortRows(p.rows)
	p.text = claimsInText(p.rows)
	return p
}

// days lists the days on which something became known or was superseded.
func (p *past) days() []detente.Date {
	var days []detente.Date
	for _, t := range p.tellings {
		days = append(days, t.Known)
		if t.Until != "" {
			days = append(days, t.Until)
		}
	}
	slices.Sort(days)
	return slices.Compact(days)
}

func (t *telling) known(day detente.Date) bool {
	return t.Known <= day && (t.Until == "" || t.Until > day)
}

// move goes to a day and reports whether other tellings are shown than before.
func (p *past) move(day detente.Date) (changed bool) {
	seen := map[string]bool{}
	for _, t := range p.tellings {
		show := t.known(day) && !seen[t.origin]
		if show {
			seen[t.origin] = true
		}
		changed = changed || show != t.shown
		t.shown = show
	}
	return changed
}

func (p *past) count(day detente.Date) detente.Count {
	c := detente.Count{Day: day}
	for _, t := range p.tellings {
		if !t.known(day) {
			continue
		}
		c.Reports++
		c.Latest = t.Known
		if t.shown {
			c.Origins++
		}
	}
	return c
}

// on folds the board of a day.
func (p *past) on(r *Rules, day detente.Date) *board {
	p.move(day)
	return p.fold(r)
}

// board is what a fold gives on a day.
type board struct {
	channels []detente.ChannelState
	disputes []dated
}

// dated is a dispute with the day of its last claim; key tells it from others.
type dated struct {
	detente.DisputeSpell
	key string
}

// fold folds what is shown.
func (p *past) fold(r *Rules) *board {
	l := newLedger(p.dyad, shown(p.rows), shown(p.text))
	l.old = p.old
	ds := l.disputes()
	b := &board{channels: r.states(l, ds)}
	for _, d := range ds {
		key, _ := json.Marshal(d) // of strings alone: it cannot fail
		b.disputes = append(b.disputes, dated{detente.DisputeSpell{Dispute: d, Day: l.disputeDay(d)}, string(key)})
	}
	slices.SortFunc(b.disputes, latestFirst)
	b.disputes = slices.CompactFunc(b.disputes, func(a, b dated) bool { return a.key == b.key })
	return b
}

func latestFirst(a, b dated) int {
	return cmp.Or(-cmp.Compare(a.Day, b.Day), cmp.Compare(a.key, b.key))
}

func shown(rows []*row) []*row {
	out := make([]*row, 0, len(rows))
	for _, w := range rows {
		if w.by.shown {
			out = append(out, w)
		}
	}
	return out
}

// seriesWriter turns the boards of one day after another into spells.
type seriesWriter struct {
	out   *detente.Series
	board *board         // of the day before
	open  map[string]int // disputes by key: their place in out.Disputes; -1: known before its From
}

// begin takes the board of the day before the first.
func (w *seriesWriter) begin(b *board) {
	w.board, w.open = b, map[string]int{}
	for _, d := range b.disputes {
		w.open[d.key] = -1
	}
}

// take takes the board of the next day.
func (w *seriesWriter) take(day detente.Date, b *board) {
	if w.board == nil {
		unknown := &board{}
		for range b.channels {
			unknown.channels = append(unknown.channels, detente.ChannelState{State: detente.Unknown, Rule: nothingReported})
		}
		w.begin(unknown)
	}
	for i, ch := range b.channels {
		if was := w.board.channels[i]; !sameState(was, ch) {
			w.out.Channels = append(w.out.Channels, detente.ChannelSpell{ChannelState: ch, First: day, Turn: was.State != ch.State})
		}
	}
	still := map[string]bool{}
	for _, d := range b.disputes {
		still[d.key] = true
		if _, ok := w.open[d.key]; !ok {
			w.open[d.key] = len(w.out.Disputes)
			d.First = day
			w.out.Disputes = append(w.out.Disputes, d.DisputeSpell)
		}
	}
	for _, d := range w.board.disputes {
		if still[d.key] {
			continue
		}
		if i := w.open[d.key]; i >= 0 {
			w.out.Disputes[i].Until = day
		} else {
			d.Until = day
			w.out.Ended = append(w.out.Ended, d.DisputeSpell)
		}
		delete(w.open, d.key)
	}
	w.board = b
}

// end puts the spells into their order.
func (w *seriesWriter) end() {
	place := map[detente.Channel]int{}
	for i, ch := range detente.Channels {
		place[ch] = i
	}
	slices.SortStableFunc(w.out.Channels, func(a, b detente.ChannelSpell) int {
		return cmp.Compare(place[a.Channel], place[b.Channel])
	})
}

// sameState compares what is said of one channel on two days.
func sameState(a, b detente.ChannelState) bool {
	return a.State == b.State && a.Since == b.Since && a.LastContact == b.LastContact && a.LastMode == b.LastMode &&
		a.Rule == b.Rule && slices.Equal(a.Evidence, b.Evidence)
}

// foldVersion is raised where the fold itself changes what it gives.
const foldVersion = 1

// Version names the rules of the fold: another where a series may come out
// differently.
func (r *Rules) Version() string { return r.version }

// versionOf hashes what the tables say.
func versionOf(tables []string) string {
	h := sha256.New()
	fmt.Fprintln(h, foldVersion, detente.CodebookVersion)
	for _, t := range tables {
		fmt.Fprintln(h, t)
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}
