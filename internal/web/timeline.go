package web

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"detente"
)

// lane is one of the three rows of marks.
type lane string

const (
	said   lane = "said"
	denied lane = "denied"
	done   lane = "done"
)

// entry is one row of the timeline's table.
type entry struct {
	ID      string // anchor on the dyad's page
	Day     detente.Date
	Lane    lane
	Channel detente.Channel
	Claim   *Claim // exactly one of the two
	Act     *Act
}

// maxEntries is how many of the latest entries a page lists; the JSON has all.
const maxEntries = 300

// entries joins acts and claims, the latest first; done before said on a day.
func entries(d *Dyad) []entry {
	var out []entry
	for i := range d.Acts {
		out = append(out, entry{Day: d.Acts[i].Day, Lane: done, Channel: d.Acts[i].Channel, Act: &d.Acts[i]})
	}
	for i := range d.Claims {
		e := entry{Day: d.Claims[i].Day, Lane: said, Channel: d.Claims[i].Channel, Claim: &d.Claims[i]}
		if e.Claim.Opposes {
			e.Lane = denied
		}
		out = append(out, e)
	}
	slices.SortStableFunc(out, func(a, b entry) int { return -cmp.Compare(a.Day, b.Day) })
	out = out[:min(len(out), maxEntries)]
	for i := range out {
		out[i].ID = fmt.Sprintf("t%d", i+1)
	}
	return out
}

// Happened says whether the entry is record, not talk of an act.
func (e entry) Happened() bool { return e.Act != nil && e.Act.Factuality == detente.Happened }

// timeline is an SVG drawing, laid out in user units: three lanes of marks and
// a ribbon of states for each channel of which something was known.
type timeline struct {
	Width, Height int
	Left, Right   int // of the plot
	Ticks         []tick
	Lanes         []laneRow
	Ribbons       []ribbon
	Panels        []panel // series beneath, on the same scale
	Bottom        int     // of the plot, above the tick labels
	Summary       string
	First, Last   detente.Date // of the axis; empty where nothing is drawn
}

type tick struct {
	X      int
	Label  string
	Anchor string // which end of the label stands at X, in SVG's words
}

type laneRow struct {
	Lane   lane
	Y      int
	LabelX int
	LabelY int
	Marks  []mark
}

// mark stands for the entries of one lane that fall on one place.
type mark struct {
	X      int
	Count  int
	Target string // anchor of the latest of them
	Title  string
	Hollow bool // none of them is a thing that happened
}

type ribbon struct {
	Channel detente.Channel
	Y       int
	LabelX  int
	LabelY  int
	Start   int // where the channel is first known; before it nothing was reported
	Pieces  []ribbonPiece
}

type ribbonPiece struct {
	State    detente.State
	X, Width int
	Word     string // written into the piece where there is room
	Title    string
}

// layout is the measure of a drawing.
type layout struct {
	width, left, right int
	above              bool // labels stand above their rows, not beside them
	row                int
}

// Drawings for a page and for a phone.
var (
	wide   = layout{width: 1040, left: 150, right: 20, row: 30}
	narrow = layout{width: 360, left: 10, right: 12, above: true, row: 42}
)

const (
	ribbonHeight = 18
	markSize     = 25 // room that a mark and its number need beside the next
	letterWidth  = 7
	tickRoom     = 84 // that a date needs under the axis
)

// newTimeline draws d, with the days since contacts if there are any. The axis runs from the first day that an entry or a
// ribbon has to the day as of which it is drawn.
func newTimeline(d *Dyad, list []entry, met []contact, l layout) timeline {
	t := timeline{Width: l.width, Left: l.left, Right: l.width - l.right}
	end := cmp.Or(d.AsOf, d.Latest)
	list = drawable(list, d.HistoryFrom)
	first, last, air, ok := extent(end, list)
	if !ok {
		return t
	}
	if d.HistoryFrom != "" {
		first = d.HistoryFrom
	}
	axis := newTimeScale(first, last, t.Left, t.Right)
	y := 10
	label := func() (x, labelY, rowY int) {
		if l.above {
			return 0, y + 11, y + 27
		}
		return 0, y + 16, y + 12
	}
	for _, ln := range []lane{said, denied, done} {
		row := laneRow{Lane: ln}
		row.LabelX, row.LabelY, row.Y = label()
		row.Marks = marks(list, ln, axis)
		t.Lanes = append(t.Lanes, row)
		y += l.row
	}
	y += 8
	for _, p := range d.History {
		rb := ribbon{Channel: p.Channel}
		rb.LabelX, rb.LabelY, rb.Y = label()
		rb.Y -= ribbonHeight / 2
		for _, spell := range p.Spells {
			from, to := axis.at(spell.From), axis.at(spell.To)
			if spell.To == end { // the state still holds: as far as there is air
				to = axis.at(end.AddDays(air))
			}
			piece := ribbonPiece{State: spell.State, X: from, Width: max(3, to-from),
				Title: fmt.Sprintf("%s: %s from %s to %s", p.Channel, spell.State, longDate(spell.From), longDate(spell.To))}
			if piece.X+piece.Width > t.Right {
				piece.X = t.Right - piece.Width
			}
			if word := string(spell.State); piece.Width > letterWidth*len(word)+26 {
				piece.Word = word
			}
			rb.Pieces = append(rb.Pieces, piece)
		}
		rb.Start = rb.Pieces[0].X
		t.Ribbons = append(t.Ribbons, rb)
		y += l.row
	}
	// Series stand beneath, each in a panel of its own on the same axis.
	if p, ok := quietPanel(axis, l, y+panelGap, met, end); ok {
		t.Panels = append(t.Panels, p)
		y = p.Bottom
	}
	t.Bottom = y + 2
	t.Height = t.Bottom + 24
	t.First, t.Last = first, last
	t.Ticks = axis.ticks(last.AddDays(-air), (t.Right-t.Left)/tickRoom) // no day is named that is not told of
	t.anchorTicks()
	t.Summary = fmt.Sprintf("%s to %s: %d said, %d denied, %d done; states of %d channels. The tables below have the same.",
		longDate(first), longDate(last), count(list, said), count(list, denied), count(list, done), len(t.Ribbons))
	return t
}

// anchorTicks sees to it that no label leaves the drawing.
func (t *timeline) anchorTicks() {
	for i, tk := range t.Ticks {
		switch {
		case tk.X < tickRoom/2:
			t.Ticks[i].Anchor = "start"
		case tk.X > t.Width-tickRoom/2:
			t.Ticks[i].Anchor = "end"
		}
	}
	t.Ticks = apart(t.Ticks)
}

// drawable picks the entries that have a day for which the ribbons are known.
func drawable(list []entry, from detente.Date) []entry {
	var out []entry
	for _, e := range list {
		if _, dated := e.Day.Time(); dated && e.Day >= from {
			out = append(out, e)
		}
	}
	return out
}

func count(list []entry, ln lane) (n int) {
	for _, e := range list {
		if e.Lane == ln {
			n++
		}
	}
	return n
}

// extent is the first and last day to be drawn, with days of air around them.
func extent(end detente.Date, list []entry) (first, last detente.Date, air int, ok bool) {
	last = end
	for _, e := range list {
		if first == "" || e.Day < first {
			first = e.Day
		}
		if e.Day > last { // a planned meeting
			last = e.Day
		}
	}
	from, ok1 := first.Time()
	to, ok2 := last.Time()
	if !ok1 || !ok2 {
		return "", "", 0, false
	}
	air = max(1, int(to.Sub(from).Hours()/24)/25)
	return detente.DateOf(from.AddDate(0, 0, -air)), detente.DateOf(to.AddDate(0, 0, air)), air, true
}

// marks gathers a lane's entries into marks that do not touch. list: the
// latest first.
func marks(list []entry, ln lane, axis timeScale) []mark {
	var out []mark
	var titles []string
	flush := func() {
		if len(out) > 0 {
			out[len(out)-1].Title = strings.Join(titles, "; ")
		}
	}
	for _, e := range list {
		if e.Lane != ln {
			continue
		}
		x := axis.at(e.Day)
		last := len(out) - 1
		if last < 0 || out[last].X-x >= markSize {
			flush()
			out = append(out, mark{X: x, Target: e.ID, Hollow: true})
			titles = nil
			last++
		}
		out[last].Count++
		out[last].Hollow = out[last].Hollow && !e.Happened()
		if len(titles) < 4 {
			titles = append(titles, longDate(e.Day)+", "+e.Title())
		}
	}
	flush()
	if ln != done {
		for i := range out {
			out[i].Hollow = false
		}
	}
	return out
}

// Title is the entry in one line of plain text.
func (e entry) Title() string {
	if e.Act != nil {
		return string(e.Channel) + ": " + actLine(e.Act.Act)
	}
	return string(e.Channel) + ": " + e.Claim.Claimant() + " " + e.Claim.Says()
}
