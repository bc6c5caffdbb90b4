package web

import (
	"fmt"
	"slices"
	"strings"

	"detente"
)

// panel is a series drawn beneath the ribbons on the same time scale, with a
// vertical scale of its own: from Low at the bottom to High at the top. Panels
// stand one below the other and are never laid over each other.
type panel struct {
	Title          string
	LabelX, LabelY int
	Top, Bottom    int
	Low, High      string // written at the two ends of the vertical scale
	ScaleX         int    // where they are written, and end
	HighY, LowY    int
	Line           string // path of the series
	Area           string // path of the area beneath it; empty: none
	Base           int    // where the day that it is counted from is; 0: nowhere
	LastX, LastY   int    // where the series ends
	Last           string // its last value
	ValueX, ValueY int    // where that is written
	Note           string // what its values count from; empty: nothing
	NoteX, NoteY   int    // where that is written
}

const (
	panelHeight = 44
	panelGap    = 12
)

// contact is a day on which the two are reported to have been in contact.
type contact struct {
	Day   detente.Date
	Acts  []*Act
	After int // days since the contact before; 0: none is known before it
}

// contacts lists the days with contacts that happened, the latest first. A
// contact of which only the month is known has no place among days.
func contacts(d *Dyad) []contact {
	var out []contact
	for i := range d.Acts {
		a := &d.Acts[i]
		if a.Kind != detente.Contact || a.Factuality != detente.Happened || len(a.Date) != len("2006-01-02") {
			continue
		}
		at := slices.IndexFunc(out, func(c contact) bool { return c.Day == a.Date })
		if at < 0 {
			at = len(out)
			out = append(out, contact{Day: a.Date})
		}
		out[at].Acts = append(out[at].Acts, a)
	}
	slices.SortFunc(out, func(a, b contact) int { return strings.Compare(string(b.Day), string(a.Day)) })
	for i := range out[:max(0, len(out)-1)] {
		out[i].After = daysBetween(out[i+1].Day, out[i].Day)
	}
	return out
}

// Quiet is how long it is from the last contact to the day as of which the page
// is shown, in words.
func (p *dyadPage) Quiet() string {
	return counted(quietDays(p.Contacts[0].Day, p.End), "day", "days")
}

func quietDays(last, end detente.Date) int { return max(0, daysBetween(last, end)) }

// quietPanel draws the days since the last reported contact: up by one a day,
// down to nothing at a contact. Before the first contact nothing is drawn.
// list: the latest first.
func quietPanel(axis timeScale, l layout, y int, list []contact, end detente.Date) (panel, bool) {
	if len(list) == 0 {
		return panel{}, false
	}
	most := quietDays(list[0].Day, end)
	for _, c := range list {
		most = max(most, c.After)
	}
	p := newPanel(l, y, "days since contact")
	p.Low, p.High = "0", fmt.Sprint(most)
	height := func(days int) int { return p.Bottom - days*(p.Bottom-p.Top)/max(1, most) }
	var line strings.Builder
	for i, c := range slices.Backward(list) {
		next, gap := end, quietDays(c.Day, end)
		if i > 0 {
			next, gap = list[i-1].Day, list[i-1].After
		}
		if !axis.covers(next) && next < end { // before the scale begins
			continue
		}
		from, rise := axis.at(c.Day), height(0)
		if !axis.covers(c.Day) {
			rise = height(daysBetween(c.Day, axis.from))
		}
		if line.Len() == 0 {
			fmt.Fprintf(&line, "M%d %d", from, rise)
			p.Area = fmt.Sprintf("M%d %d", from, p.Bottom)
		} else {
			fmt.Fprintf(&line, "V%d", rise)
		}
		p.LastX, p.LastY = axis.at(next), height(gap)
		fmt.Fprintf(&line, "L%d %d", p.LastX, p.LastY)
	}
	p.Line = line.String()
	p.Area += "V" + strings.TrimPrefix(p.Line[strings.IndexByte(p.Line, ' '):], " ") + fmt.Sprintf("V%dZ", p.Bottom)
	p.Last = counted(quietDays(list[0].Day, end), "day", "days")
	return p, true
}

// newPanel lays an empty panel out below y.
func newPanel(l layout, y int, title string) panel {
	p := panel{Title: title, LabelY: y + 24, ValueY: y + 40, ScaleX: l.left - 6}
	if l.above {
		p.LabelY = y + 11
		p.ValueX, p.ValueY = letterWidth*len(title)+6, p.LabelY
		p.ScaleX = l.width - l.right
		y += 28
	}
	p.Top, p.Bottom = y, y+panelHeight
	p.HighY, p.LowY = p.Top+4, p.Bottom+4
	if l.above { // within the plot: on the lines, not across them
		p.HighY, p.LowY = p.Top-3, p.Bottom-3
	}
	return p
}
