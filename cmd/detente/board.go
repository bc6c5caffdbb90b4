package main

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"

	"detente"
)

// sheet is what is being laid out for a person to read. Everything is laid out
// in plain text first and coloured by whole words or lines afterwards, so that
// colour never changes the layout.
type sheet struct {
	bytes.Buffer
	screen
}

// Styles are ANSI: they mean the same on light and dark terminals.
const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
	blue   = "34"
)

func (b *sheet) style(code, s string) string {
	if !b.colour || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func (b *sheet) lines(indent string, lines ...string) {
	for _, l := range lines {
		b.WriteString(strings.TrimRight(indent+l, " ") + "\n")
	}
}

// hanging prints text behind a mark, its further lines under its first.
func (b *sheet) hanging(mark, text string) {
	indent := len([]rune(mark))
	for i, l := range wrap(text, b.width-indent) {
		if i > 0 {
			mark = strings.Repeat(" ", indent)
		}
		b.lines(mark, l)
	}
}

func (b *sheet) section(title string) {
	b.WriteString("\n" + b.style(bold, strings.ToUpper(title)) + "\n")
}

// look is how a state is shown: word, shape and colour, so that none of them
// is needed alone.
var look = map[detente.State]struct{ shape, colour string }{
	detente.Open:     {"●", green},
	detente.Minimal:  {"◐", yellow},
	detente.Frozen:   {"■", blue},
	detente.Severed:  {"✕", red},
	detente.Disputed: {"◆", yellow},
	detente.Unknown:  {"·", dim},
}

// Widths of the board's columns; what is left belongs to who says otherwise.
const (
	channelWidth   = 17
	stateWidth     = 11
	lastWidth      = 21
	otherwiseWidth = 16 // at least, else a channel is a card
	gap            = "  "
)

// boardRow is a channel of a board.
type boardRow struct {
	detente.ChannelState
	otherwise string
}

// boardTable prints the channels of which something was reported, and names
// the others.
func (b *sheet) boardTable(channels []boardRow) {
	otherwise := b.width - len(gap)*4 - channelWidth - stateWidth - lastWidth
	widths := []int{channelWidth, stateWidth, lastWidth, otherwise}
	if otherwise >= otherwiseWidth {
		heading := sideBySide(gap, widths, []string{"Channel"}, []string{"State"}, []string{"Last contact"}, []string{"Says otherwise"})
		b.lines(gap, b.style(dim, heading[0]))
	}
	silent := slices.Clone(detente.Channels)
	for _, ch := range channels {
		if ch.State == detente.Unknown {
			continue
		}
		silent = slices.DeleteFunc(silent, func(c detente.Channel) bool { return c == ch.Channel })
		state := look[ch.State].shape + " " + strings.ToUpper(string(ch.State))
		coloured := b.style(look[ch.State].colour, state)
		if otherwise < otherwiseWidth {
			b.lines(gap, pad(string(ch.Channel), channelWidth)+gap+coloured)
			b.hanging(gap+gap+"last contact: ", lastContact(ch.ChannelState))
			b.hanging(gap+gap+"says otherwise: ", ch.otherwise)
			continue
		}
		rows := sideBySide(gap, widths, []string{string(ch.Channel)}, []string{state},
			wrap(lastContact(ch.ChannelState), lastWidth), wrap(ch.otherwise, otherwise))
		rows[0] = strings.Replace(rows[0], state, coloured, 1)
		b.lines(gap, rows...)
	}
	if len(silent) > 0 {
		text := "· UNKNOWN, nothing reported: " + join(silent)
		for _, l := range wrap(text, b.width-len(gap)) {
			b.lines(gap, b.style(dim, l))
		}
	}
}

func join(channels []detente.Channel) string {
	var names []string
	for _, ch := range channels {
		names = append(names, string(ch))
	}
	return strings.Join(names, ", ")
}

func lastContact(ch detente.ChannelState) string {
	if ch.LastContact == "" {
		return "–"
	}
	return strings.TrimPrefix(ch.LastMode+", "+longDate(ch.LastContact), ", ")
}

var findings = map[detente.Finding]string{
	detente.RecordContradicts: "the record contradicts the claim",
	detente.RecordSupports:    "the record supports the claim",
	detente.WordAgainstWord:   "word against word",
	detente.Settled:           "settled",
}

// cellWidth is the least that a column of claims needs; under three of them,
// the columns stand below each other.
const cellWidth = 18

// confront sets claim, denial and record side by side. cells gives the three
// columns, their lines at most width wide.
func (b *sheet) confront(channel detente.Channel, finding detente.Finding, cells func(width int) [][]string) {
	const sep = " │ "
	width := (b.width - len(gap) - 2*len([]rune(sep))) / 3
	stacked := width < cellWidth
	if stacked {
		width = b.width - 2*len(gap)
	}
	headings := []string{"CLAIM", "DENIAL", "RECORD"}
	b.WriteByte('\n')
	for _, l := range wrap("◆ "+string(channel)+": "+findings[finding], b.width-len(gap)) {
		b.lines(gap, b.style(yellow, l))
	}
	columns := cells(width)
	if stacked {
		for i, column := range columns {
			b.lines(gap, b.style(dim, headings[i]))
			b.lines(gap+gap, column...)
		}
		return
	}
	widths := []int{width, width, width}
	heading := sideBySide(sep, widths, headings[:1], headings[1:2], headings[2:])
	b.lines(gap, b.style(dim, heading[0]))
	b.lines(gap, sideBySide(sep, widths, columns...)...)
}

func orNone(column []string) []string {
	if len(column) == 0 {
		return []string{"–"}
	}
	return column
}

// entry appends a cell's lines to a column, an empty line between cells.
func entry(column, cell []string) []string {
	if len(column) > 0 && len(cell) > 0 {
		column = append(column, "")
	}
	return append(column, cell...)
}

// actLine is a contact's or freeze's kind, mode, date and factuality.
func actLine(a detente.Act) string {
	text := string(a.Kind)
	if a.Mode != "" && a.Mode != text {
		text += "/" + a.Mode
	}
	if a.Date != "" {
		text += ", " + longDate(a.Date)
	}
	if a.Factuality != detente.Happened {
		text += ", " + string(a.Factuality)
	}
	return text
}

func sides(ev detente.Event) string {
	source, target := side(ev.Source), side(ev.Target)
	if target == "" {
		return source
	}
	return cmp.Or(source, "?") + " → " + target
}

func side(ps []detente.Participant) string {
	var names []string
	for _, p := range ps {
		name := p.Name
		if p.Party != "" && string(p.Party) != name {
			name += " (" + string(p.Party) + ")"
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

// quoted puts quotation marks around words that have none of their own.
func quoted(s string) string {
	if s == "" || strings.ContainsRune("\"'“‘«", []rune(s)[0]) {
		return s
	}
	return "“" + s + "”"
}

// claimed is what a claim says: that an act happened or did not, or the state
// of a channel.
func claimed(c detente.Claim) string {
	if c.Act != "" && c.Denies {
		return "it did not happen"
	}
	if c.Act != "" {
		return "it happened"
	}
	if c.Scope == "" {
		return string(c.State)
	}
	return string(c.State) + " (" + c.Scope + ")"
}

// chain is how a statement came here, nearest the speaker first.
func chain(st *detente.Statement) string {
	var links []string
	for _, v := range st.Via {
		if v.As != "" {
			links = append(links, v.Name+" ("+v.As+")")
		} else {
			links = append(links, v.Name)
		}
	}
	if len(links) == 0 {
		return ""
	}
	return "via " + strings.Join(links, " → ")
}

func signed(x float64) string {
	s := strconv.FormatFloat(x, 'f', -1, 64)
	if x > 0 {
		s = "+" + s
	}
	return s
}

// longDate writes a date as people do: 20 Dec 2016, Dec 2016, 2016.
func longDate(d detente.Date) string {
	t, ok := d.Time()
	if !ok {
		return string(d)
	}
	switch len(d) {
	case 4:
		return t.Format("2006")
	case 7:
		return t.Format("Jan 2006")
	}
	return t.Format("2 Jan 2006")
}
