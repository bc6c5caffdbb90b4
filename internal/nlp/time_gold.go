package nlp

import (
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"

	"detente"
)

// TimeGold is a text with its time expressions as somebody marked them.
type TimeGold struct {
	ID        string
	Text      string
	Published detente.Date
	Want      []TimeWant
}

// TimeWant is one expression: bytes Start … End of the text. Kind is empty
// where the gold data names none. From and To are its days, both empty where
// it has none; NotBefore and NotAfter bound it where no more is known.
type TimeWant struct {
	Start, End          int
	Kind                string
	Value               string
	From, To            detente.Date
	NotBefore, NotAfter detente.Date
	Symbol              string
}

// ErrGold marks gold data that cannot be read.
var ErrGold = errors.New("not gold data of this form")

// mark is a labelled run of bytes.
type mark struct {
	start, end int
	label      string
}

// readMarks takes "{label|words}" out of a text; marks may nest, and come in
// the order of their ends.
func readMarks(s string) (text string, marks []mark, err error) {
	var b strings.Builder
	var open []mark
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '{':
			label, _, ok := strings.Cut(s[i+1:], "|")
			if !ok || strings.ContainsAny(label, "{}") {
				return "", nil, fmt.Errorf("%w: a brace without {label|words} at byte %d", ErrGold, i)
			}
			open = append(open, mark{start: b.Len(), label: label})
			i += 1 + len(label)
		case '}':
			if len(open) == 0 {
				return "", nil, fmt.Errorf("%w: a closing brace too many at byte %d", ErrGold, i)
			}
			m := open[len(open)-1]
			open = open[:len(open)-1]
			m.end = b.Len()
			marks = append(marks, m)
		default:
			b.WriteByte(s[i])
		}
	}
	if len(open) > 0 {
		return "", nil, fmt.Errorf("%w: a brace is not closed", ErrGold)
	}
	return b.String(), marks, nil
}

// ReadTimeGold reads our own form: a line for a text, the publication date (or
// "-" for none), a space, and the text with its expressions marked as
// {label|words}. A label is a value ("2016-12-20", "2016-W50", an interval with
// a slash), or KIND:value with the kinds of Time; "?" stands for no value, and
// "=words" for a symbol. Lines that begin with # are comments.
func ReadTimeGold(r io.Reader) ([]TimeGold, error) {
	var out []TimeGold
	sc := bufio.NewScanner(r)
	for n := 1; sc.Scan(); n++ {
		line := strings.TrimSpace(sc.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		day, marked, _ := strings.Cut(line, " ")
		text, marks, err := readMarks(marked)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		g := TimeGold{ID: fmt.Sprintf("line %d", n), Text: text}
		if day != "-" {
			if g.Published, err = detente.ParseDate(day); err != nil {
				return nil, fmt.Errorf("line %d: %w", n, err)
			}
		}
		for _, m := range marks {
			g.Want = append(g.Want, wantOf(m))
		}
		out = append(out, g)
	}
	return out, sc.Err()
}

func wantOf(m mark) TimeWant {
	w := TimeWant{Start: m.start, End: m.end, Kind: TimeDate}
	value := m.label
	if kind, rest, ok := strings.Cut(value, ":"); ok {
		w.Kind, value = kind, rest
	} else if strings.Contains(value, "/") {
		w.Kind = TimeRange
	}
	switch {
	case value == "?":
	case strings.HasPrefix(value, "="):
		w.Symbol = value[1:]
	default:
		w.Value = value
	}
	return w
}

// ReadGUM reads one document of the GUM corpus as XML: a token a line, <date>
// elements, the date of writing in the head of the text.
func ReadGUM(r io.Reader) (TimeGold, error) {
	dec := xml.NewDecoder(r)
	dec.Strict = false
	g := gumReader{}
	for {
		tok, err := dec.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return TimeGold{}, fmt.Errorf("gum: %w", err)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			g.start(t)
		case xml.EndElement:
			g.end(t.Name.Local)
		case xml.CharData:
			for _, line := range strings.Split(string(t), "\n") {
				if form, _, ok := strings.Cut(line, "\t"); ok && form != "" {
					g.put(form)
				}
			}
		}
	}
	if g.gold.ID == "" {
		return TimeGold{}, fmt.Errorf("gum: %w: no <text id=…>", ErrGold)
	}
	g.gold.Text = g.text.String()
	sort.SliceStable(g.gold.Want, func(a, b int) bool { return g.gold.Want[a].Start < g.gold.Want[b].Start })
	return g.gold, nil
}

// gumReader is the state of reading GUM XML.
type gumReader struct {
	gold TimeGold
	text detokenizer
	open []TimeWant
}

func (g *gumReader) start(t xml.StartElement) {
	attr := map[string]string{}
	for _, a := range t.Attr {
		attr[a.Name.Local] = a.Value
	}
	switch t.Name.Local {
	case "text":
		g.gold.ID = attr["id"]
		if day, err := detente.ParseDate(attr["dateCreated"]); err == nil {
			g.gold.Published = day
		}
	case "p", "head", "item", "figure", "caption", "row", "cell":
		g.text.paragraph()
	case "w":
		g.text.join(true)
	case "date":
		w := TimeWant{Start: -1}
		w.Value, _, _ = strings.Cut(attr["when"], "T")
		w.From, w.To = firstDay(attr["from"]), lastDay(attr["to"])
		w.NotBefore, w.NotAfter = firstDay(attr["notBefore"]), lastDay(attr["notAfter"])
		g.open = append(g.open, w)
	}
}

func (g *gumReader) end(name string) {
	switch name {
	case "p", "head", "item", "figure", "caption", "row", "cell":
		g.text.paragraph()
	case "w":
		g.text.join(false)
	case "date":
		if n := len(g.open); n > 0 {
			w := g.open[n-1]
			g.open = g.open[:n-1]
			if w.Start >= 0 {
				w.End = g.text.Len()
				g.gold.Want = append(g.gold.Want, w)
			}
		}
	}
}

func (g *gumReader) put(form string) {
	start := g.text.put(form)
	for i := range g.open {
		if g.open[i].Start < 0 {
			g.open[i].Start = start
		}
	}
}

// firstDay and lastDay widen a date of any precision to a day.
func firstDay(s string) detente.Date {
	t, ok := detente.Date(s).Time()
	if !ok {
		return ""
	}
	return detente.DateOf(t)
}

func lastDay(s string) detente.Date {
	t, ok := detente.Date(s).Time()
	if !ok {
		return ""
	}
	switch len(s) {
	case 7:
		t = t.AddDate(0, 1, -1)
	case 4:
		t = t.AddDate(1, 0, -1)
	}
	return detente.DateOf(t)
}

// detokenizer puts tokens together to running text.
type detokenizer struct {
	b      strings.Builder
	glue   bool // next token follows without a space
	joined bool // inside a word of several tokens
	first  bool // first token of that word
	single bool // inside straight double quotes
}

// Len is the number of bytes so far.
func (d *detokenizer) Len() int { return d.b.Len() }

func (d *detokenizer) String() string { return d.b.String() }

func (d *detokenizer) join(on bool) { d.joined, d.first = on, on }

func (d *detokenizer) paragraph() {
	if d.b.Len() > 0 && !strings.HasSuffix(d.b.String(), "\n\n") {
		d.b.WriteString("\n\n")
	}
	d.glue, d.single = true, false
}

// put writes a token and gives the byte at which it begins.
func (d *detokenizer) put(form string) int {
	closing := strings.Contains(".,;:!?)]}%'s’s'd’d'm’m'll’ll're’re've’ven'tn’t''”", form) && form != "'" && form != "s" && form != "t" && form != "d" && form != "m"
	opening := form == "(" || form == "[" || form == "“" || form == "``" || form == "$" || form == "£"
	if form == "\"" {
		closing, opening = d.single, !d.single
		d.single = !d.single
	}
	if d.b.Len() > 0 && !d.glue && !closing && (!d.joined || d.first) {
		d.b.WriteByte(' ')
	}
	d.glue, d.first = opening, false
	start := d.b.Len()
	d.b.WriteString(form)
	return start
}

// TimeScore counts how times that were read agree with gold data.
type TimeScore struct {
	Gold       int // expressions in the gold data
	Found      int // of them, those that an expression of ours touches
	Normalised int // of them, those whose days or value agree too
	Apart      int // those, and those that differ by the manner of marking alone
	Read       int // expressions of ours with a value that are no durations or sets
	Right      int // of them, those that agree with gold
}

// Add adds the counts of o.
func (s *TimeScore) Add(o TimeScore) {
	s.Gold += o.Gold
	s.Found += o.Found
	s.Normalised += o.Normalised
	s.Apart += o.Apart
	s.Read += o.Read
	s.Right += o.Right
}

// ScoreTimes compares what was read in d with gold; report, where not nil, is
// told each miss.
func ScoreTimes(d *Doc, gold TimeGold, report func(want TimeWant, got *Time)) TimeScore {
	s := TimeScore{Gold: len(gold.Want)}
	right := make([]bool, len(d.Times))
	for _, w := range gold.Want {
		var touched *Time
		agreed, apart := false, false
		for k := range d.Times {
			t := &d.Times[k]
			if d.Words[t.First].Start >= w.End || d.Words[t.End-1].End <= w.Start {
				continue
			}
			if w.agrees(t) {
				touched, agreed, right[k] = t, true, true
				break
			}
			touched = t
			apart = apart || w.marksOtherwise(t, d)
		}
		if agreed || apart {
			s.Apart++
		}
		if touched != nil {
			s.Found++
		}
		if agreed {
			s.Normalised++
		} else if report != nil {
			report(w, touched)
		}
	}
	for k, t := range d.Times {
		if t.Kind == TimeDuration || t.Kind == TimeSet || t.Value == "" {
			continue
		}
		s.Read++
		if right[k] {
			s.Right++
		}
	}
	return s
}

// agrees compares an expression with gold. An interval of ours agrees with the
// gold date of either end, since GUM marks the ends of a range one by one.
func (w TimeWant) agrees(t *Time) bool {
	if w.Kind != "" && w.Kind != t.Kind {
		return false
	}
	switch {
	case w.NotBefore != "" || w.NotAfter != "":
		return t.From != "" && (w.NotBefore == "" || t.From >= w.NotBefore) && (w.NotAfter == "" || t.To <= w.NotAfter)
	case w.From != "" || w.To != "":
		return t.From != "" && (w.From == "" || t.From == w.From) && (w.To == "" || t.To == w.To)
	case w.Symbol != "":
		return t.Symbol == w.Symbol
	}
	from, to, interval := strings.Cut(t.Value, "/")
	return t.Value == w.Value || w.Kind == "" && interval && w.Value != "" && (from == w.Value || to == w.Value)
}

// marksOtherwise reports whether an expression that does not agree to the
// letter says the same by another manner of marking: GUM marks the bare year in
// "the end of 1990" and gives the whole of it, lets a century end with its
// last year's first day, ends "this week" with the day of writing, and gives
// the day of what is told as "three years ago".
func (w TimeWant) marksOtherwise(t *Time, d *Doc) bool {
	if w.Kind != "" || t.From == "" {
		return false
	}
	from, to := w.days()
	switch {
	case from == "" || to == "":
		return false
	case d.Words[t.First].Start < w.Start || d.Words[t.End-1].End > w.End:
		return t.From >= from && t.To <= to
	case len(t.Value) <= 3: // a decade or a century, in whole years
		return year(t.From) == year(from) && year(t.To) == year(to)
	}
	return t.From <= from && to <= t.To && len(t.Value) < len("2006-01-02")
}

func year(day detente.Date) detente.Date { return day[:min(len(day), 4)] }

// days gives the first and last day that the gold data tell.
func (w TimeWant) days() (from, to detente.Date) {
	if w.Value != "" {
		return firstDay(w.Value), lastDay(w.Value)
	}
	return w.From, w.To
}
