package indicator

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"detente"
)

// Change is a channel's change of state on the day on which it became known.
type Change struct {
	On      detente.Date    `json:"on"`
	Channel detente.Channel `json:"channel"`
	From    detente.State   `json:"from"`
	To      detente.State   `json:"to"`
}

// Window is a run of days around a change, in days that have a value.
type Window struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// maxWindow is how far from a change a window may reach.
const maxWindow = 1000

// ParseWindow reads "-5:20".
func ParseWindow(s string) (Window, error) {
	from, to, ok := strings.Cut(s, ":")
	a, err1 := strconv.Atoi(strings.TrimSpace(from))
	b, err2 := strconv.Atoi(strings.TrimSpace(to))
	if !ok || err1 != nil || err2 != nil || a >= b || a < -maxWindow || b > maxWindow {
		return Window{}, fmt.Errorf("%q is no window; write its first and last day around a change, as -5:20, at most %d days away", s, maxWindow)
	}
	return Window{a, b}, nil
}

// String gives "-5:20".
func (w Window) String() string { return fmt.Sprintf("%d:%d", w.From, w.To) }

// near is how many days after a change its day 0 may be: a weekend and
// holidays, not a hole in the series.
const near = 7

// Case is one change seen through one window.
type Case struct {
	Change
	Window Window        `json:"window"`
	Zero   detente.Date  `json:"zero"` // day 0; empty where there is none
	First  detente.Value `json:"first"`
	Last   detente.Value `json:"last"`
	Moved  float64       `json:"moved"` // from First to Last
	// Left says why the case could not be measured; empty where it could.
	Left string `json:"left,omitempty"`
}

// Row sums up the cases of one kind and one window.
type Row struct {
	To      detente.State `json:"to"`  // the state changed to; empty: of all changes, or of every day
	All     bool          `json:"all"` // not around changes: of every day of the series
	Window  Window        `json:"window"`
	Cases   int           `json:"cases"`
	Left    int           `json:"left"`    // changes that could not be measured
	Overlap int           `json:"overlap"` // cases that share days with the one before
	Median  float64       `json:"median"`
	Lower   float64       `json:"lower"` // quartiles
	Upper   float64       `json:"upper"`
}

// Result is a study: what was measured, case by case and summed up.
type Result struct {
	Percent bool   `json:"percent"` // changes are in percent; else in the series' unit
	Rows    []Row  `json:"rows"`
	Cases   []Case `json:"cases"`
}

// Study measures how a series changed over windows around changes of a state.
// For comparison the last row of each window is of every day of the series,
// whether or not anything changed.
func Study(values []detente.Value, changes []Change, windows []Window) Result {
	res := Result{Percent: positive(values), Rows: []Row{}, Cases: []Case{}}
	for _, w := range windows {
		var cases []Case
		for _, c := range changes {
			cases = append(cases, measure(values, c, w, res.Percent))
		}
		res.Cases = append(res.Cases, cases...)
		for _, to := range statesOf(changes) {
			of := slices.DeleteFunc(slices.Clone(cases), func(c Case) bool { return c.To != to })
			res.Rows = append(res.Rows, summed(Row{To: to, Window: w}, of))
		}
		res.Rows = append(res.Rows, summed(Row{Window: w}, cases), everyDay(values, w, res.Percent))
	}
	return res
}

func statesOf(changes []Change) []detente.State {
	var out []detente.State
	for _, c := range changes {
		if !slices.Contains(out, c.To) {
			out = append(out, c.To)
		}
	}
	slices.Sort(out)
	return out
}

// measure finds day 0 and the two ends of the window.
func measure(values []detente.Value, c Change, w Window, percent bool) Case {
	out := Case{Change: c, Window: w}
	zero, ok := From(values, c.On)
	if !ok || daysBetween(c.On, values[zero].Date) > near {
		out.Left = fmt.Sprintf("no value within %d days", near)
		return out
	}
	out.Zero = values[zero].Date
	first, last := zero+w.From, zero+w.To
	switch {
	case first < 0:
		out.Left = "the series begins within the window"
	case last >= len(values):
		out.Left = "the series ends within the window"
	default:
		out.First, out.Last = values[first], values[last]
		out.Moved = moved(out.First.Value, out.Last.Value, percent)
	}
	return out
}

func moved(from, to float64, percent bool) float64 {
	if percent {
		return (to/from - 1) * 100
	}
	return to - from
}

func daysBetween(a, b detente.Date) int {
	from, _ := a.Time()
	to, _ := b.Time()
	return int(to.Sub(from) / (24 * time.Hour))
}

// summed fills in what the cases of a row come to.
func summed(r Row, cases []Case) Row {
	var moves []float64
	var until detente.Date
	slices.SortStableFunc(cases, func(a, b Case) int { return cmp.Compare(a.On, b.On) })
	for _, c := range cases {
		if c.Left != "" {
			r.Left++
			continue
		}
		if c.First.Date <= until {
			r.Overlap++
		}
		until = max(until, c.Last.Date)
		moves = append(moves, c.Moved)
	}
	return quartiled(r, moves)
}

// everyDay measures the window around each day that has one.
func everyDay(values []detente.Value, w Window, percent bool) Row {
	var moves []float64
	for zero := range values {
		if first, last := zero+w.From, zero+w.To; first >= 0 && last < len(values) {
			moves = append(moves, moved(values[first].Value, values[last].Value, percent))
		}
	}
	return quartiled(Row{All: true, Window: w}, moves)
}

func quartiled(r Row, moves []float64) Row {
	r.Cases = len(moves)
	if r.Cases > 0 {
		slices.Sort(moves)
		r.Lower, r.Median, r.Upper = quantile(moves, 0.25), quantile(moves, 0.5), quantile(moves, 0.75)
	}
	return r
}

// quantile of sorted values, in between by a straight line (type 7 of Hyndman
// and Fan, as in R and Excel).
func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	low := int(math.Floor(at))
	if low+1 >= len(sorted) {
		return sorted[low]
	}
	return sorted[low] + (at-float64(low))*(sorted[low+1]-sorted[low])
}
