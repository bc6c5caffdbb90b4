package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"detente"
	"detente/internal/indicator"
	"detente/internal/store"
)

// Indicator is a time series as of a day, and what articles say about it.
type Indicator struct {
	Codebook int          `json:"codebook"`
	AsOf     detente.Date `json:"as_of"`
	detente.TimeSeries
	Statements []IndicatorStatement `json:"statements"` // from the latest articles that name it
}

// IndicatorStatement is what an article says of a series.
type IndicatorStatement struct {
	detente.Indicator
	Citation Citation `json:"citation"`
}

// articlesAsked is in how many of the latest articles that name a series statements
// about it are looked for.
const articlesAsked = 50

// ReadIndicator reads a series from st, with the values and statements known as
// of a day.
func ReadIndicator(ctx context.Context, st store.Store, name string, asOf detente.Date) (*Indicator, error) {
	series, err := valuesBy(ctx, st, name, asOf)
	if err != nil {
		return nil, err
	}
	x := &Indicator{Codebook: detente.CodebookVersion, AsOf: asOf, TimeSeries: series, Statements: []IndicatorStatement{}}
	hits, err := st.Search(ctx, store.Query{Text: `"` + strings.ReplaceAll(name, `"`, " ") + `"`, AsOf: asOf, Limit: articlesAsked})
	if err != nil {
		return nil, err
	}
	for _, hit := range hits {
		u, _, err := st.Unit(ctx, hit.ID)
		if errors.Is(err, store.ErrNotFound) { // replaced meanwhile
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, in := range u.Record.Indicators {
			if isNamed(in.Name, name) {
				x.Statements = append(x.Statements, IndicatorStatement{in, citationOf(&u.Record, in)})
			}
		}
	}
	return x, nil
}

// valuesBy gives a series without the values of later days.
func valuesBy(ctx context.Context, st store.Store, name string, asOf detente.Date) (detente.TimeSeries, error) {
	series, err := st.Indicator(ctx, name)
	if asOf != "" {
		series.Values = indicator.Within(series.Values, "", asOf)
	}
	if series.Values == nil {
		series.Values = []detente.Value{}
	}
	return series, err
}

// isNamed reports whether a text's name of a series has all words of ours, in
// order: "the Micex index" names Micex.
func isNamed(told, ours string) bool {
	words := func(s string) string { return " " + strings.ToLower(strings.Join(strings.Fields(s), " ")) + " " }
	return strings.Contains(words(told), words(ours))
}

// citationOf is the sentence in which a series is told of.
func citationOf(rec *detente.Record, in detente.Indicator) Citation {
	art := rec.Article
	c := Citation{What: in.Name, Article: art.ID, Outlet: art.Outlet, Title: art.Title, Published: art.Published}
	if in.Statement != nil {
		c.Anchor = string(*in.Statement)
		c.Ref = store.Ref{Article: art.ID, ID: c.Anchor}.String()
	}
	runes := []rune(rec.Text)
	around := in.Span
	if i := slices.IndexFunc(rec.Sentences, func(s detente.Span) bool { return s.Contains(in.Span) }); i >= 0 {
		around = rec.Sentences[i]
	}
	c.Before, c.Words, c.After = string(runes[around.Start:in.Start]), string(runes[in.Start:in.End]), string(runes[in.End:around.End])
	return c
}

// StudyQuery asks how a series moved around changes of a dyad's channels.
type StudyQuery struct {
	Name    string
	Dyad    detente.Dyad
	Channel detente.Channel // empty: every channel
	Windows []indicator.Window
	AsOf    detente.Date
}

// Study is the answer.
type Study struct {
	Codebook int             `json:"codebook"`
	AsOf     detente.Date    `json:"as_of"`
	Name     string          `json:"name"`
	Unit     string          `json:"unit"`
	Dyad     detente.Dyad    `json:"dyad"`
	Channel  detente.Channel `json:"channel,omitempty"` // empty: every channel
	Method   string          `json:"method"`
	indicator.Result
}

// StudyMethod says how a study is made, on pages and in the terminal.
const StudyMethod = "A change counts on the day on which it became known from reports; that a channel was first reported of is no change. " +
	"Days of a window are days that have a value: day 0 is the first not before the change, at most 7 calendar days behind it, and days without trade are passed over. " +
	"A change is left out where there is no such day or the series does not reach over the window. Windows that share days are counted each, and said. " +
	"Quartiles are interpolated. The row of every day measures the same window around each day of the series, whether anything changed or not. " +
	"The table says how the series moved around these days, not why."

// ReadStudy reads a study from st.
func ReadStudy(ctx context.Context, st store.Store, q StudyQuery) (*Study, error) {
	series, err := valuesBy(ctx, st, q.Name, q.AsOf)
	if err != nil {
		return nil, err
	}
	changes, err := readChanges(ctx, st, q)
	if err != nil {
		return nil, err
	}
	return study(series, q, changes), nil
}

func study(series detente.TimeSeries, q StudyQuery, changes []indicator.Change) *Study {
	return &Study{Codebook: detente.CodebookVersion, AsOf: q.AsOf, Name: series.Name, Unit: series.Unit, Dyad: q.Dyad, Channel: q.Channel,
		Method: StudyMethod, Result: indicator.Study(series.Values, changes, q.Windows)}
}

// readChanges reads the changes of state that a study is about.
func readChanges(ctx context.Context, st store.Store, q StudyQuery) ([]indicator.Change, error) {
	turns, err := st.Turns(ctx, q.Dyad, q.AsOf)
	return changesOf(turns, q.Channel), err
}

// changesOf lists the changes of a channel, or of every channel, by day. turns:
// by channel, then by day; the first of a channel is no change.
func changesOf(turns []detente.ChannelSpell, ch detente.Channel) []indicator.Change {
	var out []indicator.Change
	for i, turn := range turns {
		if i == 0 || turns[i-1].Channel != turn.Channel || ch != "" && turn.Channel != ch {
			continue
		}
		out = append(out, indicator.Change{On: turn.First, Channel: turn.Channel, From: turns[i-1].State, To: turn.State})
	}
	slices.SortStableFunc(out, func(a, b indicator.Change) int { return cmp.Compare(a.On, b.On) })
	return out
}

// Measured words what a study's figures are.
func (s *Study) Measured() string {
	if s.Percent {
		return "percent"
	}
	return cmp.Or(s.Unit, "units of the series")
}

// Of words a row: "to frozen", "every change", "every day".
func (s *Study) Of(r indicator.Row) string {
	switch {
	case r.All:
		return "every day"
	case r.To == "":
		return "every change"
	}
	return "to " + string(r.To)
}

// Signed writes a movement with its sign and one decimal, or two where it is
// below one.
func Signed(x float64) string {
	decimals := 1
	if math.Abs(x) < 1 {
		decimals = 2
	}
	plus := ""
	if x > 0 {
		plus = "+"
	}
	return plus + strings.Replace(strconv.FormatFloat(x, 'f', decimals, 64), "-", "−", 1)
}

// studyWindows are those of a page that was not asked for others.
var studyWindows = []indicator.Window{{From: -5, To: 0}, {From: 0, To: 5}, {From: -5, To: 20}}

// studyQuery reads what a request asks for; ok is false where it names no dyad.
func studyQuery(r *http.Request, asOf detente.Date) (q StudyQuery, ok bool, err error) {
	form := r.URL.Query()
	q = StudyQuery{Name: r.PathValue("name"), AsOf: asOf, Channel: detente.Channel(form.Get("channel"))}
	dyad := cmp.Or(r.PathValue("dyad"), form.Get("dyad"))
	if dyad == "" {
		return q, false, nil
	}
	if q.Dyad, err = detente.ParseDyad(dyad); err != nil {
		return q, false, &pageError{http.StatusBadRequest, err.Error()}
	}
	if q.Channel != "" && !slices.Contains(detente.Channels, q.Channel) {
		return q, false, &pageError{http.StatusBadRequest, fmt.Sprintf("There is no channel %q.", q.Channel)}
	}
	const most = 10
	for _, given := range strings.FieldsFunc(strings.Join(form["window"], ","), func(r rune) bool { return r == ',' }) {
		w, err := indicator.ParseWindow(given)
		if err != nil || len(q.Windows) == most {
			return q, false, &pageError{http.StatusBadRequest, cmp.Or(err, fmt.Errorf("at most %d windows", most)).Error()}
		}
		q.Windows = append(q.Windows, w)
	}
	if len(q.Windows) == 0 {
		q.Windows = studyWindows
	}
	return q, true, nil
}

// indicatorPage is what page/indicator.tmpl shows.
type indicatorPage struct {
	frame
	View         *Indicator
	Panel        indicatorPanel
	Wide, Narrow timeline
	Dyads        []store.DyadSummary
	Query        StudyQuery
	Study        *Study // nil: none was asked for
}

// Channels lists what the form offers.
func (p *indicatorPage) Channels() []detente.Channel { return detente.Channels }

func (s *server) indicatorPage(r *http.Request) (any, error) {
	asOf, err := asOfOf(r)
	if err != nil {
		return nil, err
	}
	q, asked, err := studyQuery(r, asOf)
	if err != nil {
		return nil, err
	}
	x, err := s.indicatorOf(r, asOf)
	if err != nil {
		return nil, err
	}
	p := &indicatorPage{frame: s.frame(r, asOf, x.Name), View: x, Query: q}
	if p.Dyads, err = s.store.Dyads(r.Context(), asOf); err != nil {
		return nil, err
	}
	var changes []indicator.Change
	if asked {
		if changes, err = readChanges(r.Context(), s.store, q); err != nil {
			return nil, err
		}
		p.Study = study(x.TimeSeries, q, changes)
	}
	if n := len(x.Values); n > 0 {
		first, last := x.Values[0].Date, x.Values[n-1].Date
		if p.Panel, err = newIndicatorPanel(r, x.TimeSeries, changes, first, last); err != nil {
			return nil, err
		}
		p.Wide, p.Narrow = emptyTimeline(first, last, wide), emptyTimeline(first, last, narrow)
		p.Panel.stack(&p.Wide, wide)
		p.Panel.stack(&p.Narrow, narrow)
	}
	p.JSON = p.To("api", "v1", "indicators", x.Name)
	return p, nil
}

// indicatorOf reads the series that the path names.
func (s *server) indicatorOf(r *http.Request, asOf detente.Date) (*Indicator, error) {
	x, err := ReadIndicator(r.Context(), s.store, r.PathValue("name"), asOf)
	if errors.Is(err, store.ErrNotFound) {
		return nil, &pageError{http.StatusNotFound, "No indicator of this name is stored."}
	}
	return x, err
}

// studyOf answers /api/v1/dyads/RUS-USA/indicators/NAME.
func (s *server) studyOf(a *ask) (any, error) {
	q, _, err := studyQuery(a.Request, a.asOf)
	if err != nil {
		return nil, err
	}
	study, err := ReadStudy(a.Context(), s.store, q)
	if errors.Is(err, store.ErrNotFound) {
		return nil, &pageError{http.StatusNotFound, "No indicator of this name is stored."}
	}
	return study, err
}

// panelsShown is how many series a dyad's page shows.
const panelsShown = 3

// indicatorPanels draws the series beneath the states of a dyad's timeline.
func (s *server) indicatorPanels(r *http.Request, d *Dyad, onWide, onNarrow *timeline) ([]indicatorPanel, error) {
	list, err := s.store.Indicators(r.Context())
	if err != nil || len(list) == 0 || onWide.First == "" {
		return nil, err
	}
	q := StudyQuery{Dyad: d.Dyad, Windows: studyWindows, AsOf: d.AsOf}
	changes, err := readChanges(r.Context(), s.store, q)
	if err != nil {
		return nil, err
	}
	var out []indicatorPanel
	for _, sum := range list[:min(len(list), panelsShown)] {
		series, err := valuesBy(r.Context(), s.store, sum.Name, d.AsOf)
		if err != nil {
			return nil, err
		}
		p, err := newIndicatorPanel(r, series, changes, onWide.First, onWide.Last)
		if err != nil {
			return nil, err
		}
		p.stack(onWide, wide)
		p.stack(onNarrow, narrow)
		if len(p.Rows) > 0 {
			p.Study = study(series, q, changes)
		}
		out = append(out, p)
	}
	return out, nil
}

// indicatorPanel is a series between two days, counted from a stated one.
type indicatorPanel struct {
	Name, Unit, Source string
	From, To           detente.Date
	Base               detente.Value  // zero: no value in these days
	Percent            bool           // counted in percent of Base; else as difference from it
	Rows               []indicatorRow // the latest first
	Earlier            int            // days left out of Rows
	Study              *Study

	counted []detente.Value // from the base
}

// indicatorRow is one day of the panel's table.
type indicatorRow struct {
	Date    detente.Date
	Value   string
	Counted string // from the base
	Changes []indicator.Change
}

// rowsShown is how many days a panel's table has at most; the JSON has all.
const rowsShown = 250

// newIndicatorPanel counts a series from its base and lists it from one day to
// another, with the changes that became known.
func newIndicatorPanel(r *http.Request, series detente.TimeSeries, changes []indicator.Change, from, to detente.Date) (indicatorPanel, error) {
	p := indicatorPanel{Name: series.Name, Unit: series.Unit, Source: series.Source, From: from, To: to}
	values := indicator.Within(series.Values, from, to)
	if len(values) == 0 {
		return p, nil
	}
	p.Base = values[0]
	if given := r.URL.Query().Get("base"); given != "" {
		day, err := detente.ParseDate(given)
		if err != nil {
			return p, &pageError{http.StatusBadRequest, "The base is " + err.Error() + "."}
		}
		i, ok := indicator.From(series.Values, day)
		if !ok {
			return p, &pageError{http.StatusBadRequest, series.Name + " has no value on " + longDate(day) + " or later."}
		}
		p.Base = series.Values[i]
	}
	p.counted, p.Percent = indicator.Rebase(values, p.Base)
	p.Rows = rowsOf(values, p.counted, changes)
	p.Earlier = max(0, len(p.Rows)-rowsShown)
	p.Rows = p.Rows[:len(p.Rows)-p.Earlier]
	return p, nil
}

// rowsOf lists days with the changes that became known on them, or since the
// day with a value before; the latest first.
func rowsOf(values, counted []detente.Value, changes []indicator.Change) []indicatorRow {
	var out []indicatorRow
	for i, v := range values {
		row := indicatorRow{Date: v.Date, Value: decimal(v.Value), Counted: decimal(counted[i].Value)}
		for len(changes) > 0 && changes[0].On <= v.Date {
			if i > 0 || changes[0].On == v.Date {
				row.Changes = append(row.Changes, changes[0])
			}
			changes = changes[1:]
		}
		out = append(out, row)
	}
	slices.Reverse(out)
	return out
}

// decimal writes a value with at most two decimals, or as many as a small one needs.
func decimal(x float64) string {
	decimals := 2
	if x != 0 && math.Abs(x) < 1 {
		decimals = 4
	}
	s := strconv.FormatFloat(x, 'f', decimals, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return strings.Replace(s, "-", "−", 1)
}

// gapDays is from one value to the next how long a gap is left open.
const gapDays = 10

// maxTitle is how many characters of a name have room beside a panel.
const maxTitle = 18

// stack draws the series beneath what is on a timeline, on its time scale.
// Where it has no value there, nothing is drawn.
func (p *indicatorPanel) stack(t *timeline, l layout) {
	if len(p.counted) == 0 {
		return
	}
	axis := newTimeScale(t.First, t.Last, t.Left, t.Right)
	title := p.Name
	if runes := []rune(title); len(runes) > maxTitle {
		title = string(runes[:maxTitle-1]) + "…"
	}
	low, high := extremes(p.counted)
	last := p.counted[len(p.counted)-1]
	out := newPanel(l, t.Bottom+panelGap+4, title)
	height := func(x float64) int {
		if high == low {
			return (out.Top + out.Bottom) / 2
		}
		return out.Bottom - int(math.Round((x-low)/(high-low)*float64(out.Bottom-out.Top)))
	}
	out.Low, out.High, out.Last = decimal(low), decimal(high), decimal(last.Value)
	out.LastX, out.LastY = axis.at(last.Date), height(last.Value)
	out.Line = linePath(p.counted, axis.at, height)
	if !l.above { // room for three lines beside the panel, above the days
		out.LabelY, out.ValueY = out.LabelY-14, out.ValueY-15
	}
	if out.Note, out.NoteY = p.baseNote(), out.ValueY+13; l.above {
		out.NoteX, out.NoteY = out.ValueX+(letterWidth+1)*(len(out.Last)+2), out.ValueY
	}
	base := 0.0
	if p.Percent {
		base = 100
	}
	if low <= base && base <= high {
		out.Base = height(base)
	}
	t.Panels = append(t.Panels, out)
	t.Bottom = out.Bottom + 2
	t.Height = t.Bottom + 24
	t.Summary += fmt.Sprintf(" %s, %s: between %s and %s, at the end %s.", p.Name, p.Counting(), out.Low, out.High, out.Last)
}

// emptyTimeline has the days of a series and nothing else.
func emptyTimeline(first, last detente.Date, l layout) timeline {
	t := timeline{Width: l.width, Left: l.left, Right: l.width - l.right, First: first, Last: last}
	t.Ticks = newTimeScale(first, last, t.Left, t.Right).ticks(last, (t.Right-t.Left)/tickRoom)
	t.anchorTicks()
	t.Summary = longDate(first) + " to " + longDate(last) + "."
	return t
}

func extremes(values []detente.Value) (low, high float64) {
	low, high = values[0].Value, values[0].Value
	for _, v := range values {
		low, high = min(low, v.Value), max(high, v.Value)
	}
	return low, high
}

// linePath joins values; where several fall on one place, the lowest and the
// highest stand for them. Longer gaps are left open.
func linePath(values []detente.Value, at func(detente.Date) int, height func(float64) int) string {
	var b strings.Builder
	for i := 0; i < len(values); {
		x, y := at(values[i].Date), height(values[i].Value)
		step := "L"
		if i == 0 || daysBetween(values[i-1].Date, values[i].Date) > gapDays {
			step = "M"
		}
		top, bottom, last := y, y, y
		n := i + 1
		for ; n < len(values) && at(values[n].Date) == x && daysBetween(values[n-1].Date, values[n].Date) <= gapDays; n++ {
			last = height(values[n].Value)
			top, bottom = min(top, last), max(bottom, last)
		}
		fmt.Fprintf(&b, "%s%d %d", step, x, y)
		if top != bottom {
			fmt.Fprintf(&b, "V%dV%dV%d", top, bottom, last)
		}
		if step == "M" && (n == len(values) || daysBetween(values[n-1].Date, values[n].Date) > gapDays) {
			b.WriteString("h1") // a value without neighbours is a dot
		}
		i = n
	}
	return b.String()
}

// baseNote is the day from which the panel counts, in few words.
func (p indicatorPanel) baseNote() string {
	if p.Percent {
		return longDate(p.Base.Date) + " = 100"
	}
	return longDate(p.Base.Date) + " = 0"
}

// Counting words what the panel's figures are.
func (p indicatorPanel) Counting() string {
	if p.Percent {
		return p.baseNote()
	}
	return "difference from " + longDate(p.Base.Date) + inUnit(p.Unit)
}

func inUnit(unit string) string {
	if unit == "" {
		return ""
	}
	return ", in " + unit
}

// Indicator gives the address of a series' page, with the dyad whose changes it
// is studied around, if there is one.
func (f frame) Indicator(name string, dyad string) string {
	at := f.To("indicators", name)
	if dyad == "" {
		return at
	}
	mark := "?"
	if strings.Contains(at, "?") {
		mark = "&"
	}
	return at + mark + url.Values{"dyad": {dyad}}.Encode()
}
