package web

import (
	"context"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"detente"
	"detente/internal/indicator"
	"detente/internal/store"
)

// bourse is a series over the days of the shelf's quarrel, and of a return that
// ends the recall of 2 March: known on Saturday 10 March, day 0 is Monday 12.
var bourse = detente.TimeSeries{Name: "Harbour index", Unit: "points", Source: "javascript:alert(1)", Values: []detente.Value{
	{Date: "2018-02-28", Value: 80}, {Date: "2018-03-01", Value: 100}, {Date: "2018-03-02", Value: 110}, {Date: "2018-03-06", Value: 120},
	{Date: "2018-03-09", Value: 125}, {Date: "2018-03-12", Value: 90}, {Date: "2018-03-13", Value: 100}, {Date: "2018-03-14", Value: 105}}}

// withSeries is a server of the shelf, a return, and the series.
func withSeries(t *testing.T, series ...detente.TimeSeries) (store.Store, func(path string, status int) *html.Node) {
	t.Helper()
	back := newDraft(t, "return", "Meridian", "2018-03-10", "Ambassador is back", "The Harbour index is up 14 percent since March 1, and the ambassador returned on Saturday.")
	back.acts(detente.Thaw, "return", "RUS-USA", detente.Embassies, "2018-03-10", "returned", "")
	back.rec.Indicators = []detente.Indicator{
		{Name: "The harbour index", Change: 14, Unit: "percent", Since: "2018-03-01", Span: back.span("Harbour index is up 14 percent")},
		{Name: "Oil", Change: 1, Unit: "dollars", Span: back.span("up 14")}}
	st := stock(t, append(shelf(t), store.Unit{Record: back.rec})...)
	for _, s := range series {
		if err := st.SaveIndicator(context.Background(), s); err != nil {
			t.Fatal(err)
		}
	}
	h, err := New(st, Config{})
	if err != nil {
		t.Fatal(err)
	}
	return st, func(path string, status int) *html.Node { return page(t, h, path, status) }
}

func TestIndicatorPanel(t *testing.T) {
	_, show := withSeries(t, bourse)
	doc := show("/dyads/RUS-USA", 200)
	panel := one(t, doc, "div.imported")
	said := text(panel)
	if !strings.Contains(said, "1 Mar 2018 = 100") || !strings.Contains(said, "values in points") || !strings.Contains(said, "Source: javascript:alert(1)") {
		t.Errorf("the panel says %s", said)
	}
	if len(all(panel, "a[href=javascript:alert(1)]")) > 0 {
		t.Error("the source is linked")
	}
	// It stands in the drawings of the timeline, on their days, beneath the states.
	drawings := all(doc, "svg.timeline")
	if len(drawings) != 2 {
		t.Fatalf("%d drawings", len(drawings))
	}
	for _, d := range drawings {
		panels := all(d, "g.panel")
		drawn := panels[len(panels)-1]
		if said := text(drawn); !strings.Contains(said, "Harbour index") || !strings.Contains(said, "1 Mar 2018 = 100") || !strings.Contains(said, "90") || !strings.Contains(said, "125") {
			t.Errorf("the drawing says %s", said)
		}
		line := attr(one(t, drawn, "path.series"), "d")
		frozen := all(d, "g.state-frozen")[0] // from 2 March
		if x := attr(all(frozen, "rect")[0], "x"); !strings.Contains(line, "L"+x+" ") {
			t.Errorf("the line %s has no value at %s, where 2 March is", line, x)
		}
	}
	if said := attr(drawings[0], "aria-label"); !strings.Contains(said, "Harbour index, 1 Mar 2018 = 100: between 90 and 125, at the end 105.") {
		t.Errorf("the drawing is described as %s", said)
	}
	var rows []string
	for _, tr := range all(one(t, all(panel, "table")[0], "tbody"), "tr") {
		rows = append(rows, text(tr))
	}
	got := strings.Join(rows, "|")
	if len(rows) != 7 || !strings.Contains(rows[0], "14 Mar 2018") || !strings.Contains(rows[0], "105") || !strings.Contains(rows[2], "frozen → open") || !strings.Contains(rows[2], "10 Mar 2018") {
		t.Errorf("rows %s", got)
	}
	rebased := one(t, show("/dyads/RUS-USA?base=2018-03-03", 200), "div.imported")
	if said := text(rebased); !strings.Contains(said, "6 Mar 2018 = 100") || !strings.Contains(said, "87.5") { // 105 of 120
		t.Errorf("rebased to the first day with a value from 3 March on: %s", said)
	}
	early := text(one(t, show("/dyads/RUS-USA?as_of=2018-03-09", 200), "div.imported"))
	if strings.Contains(early, "12 Mar 2018") || strings.Contains(early, "→") || !strings.Contains(early, "9 Mar 2018") {
		t.Errorf("as of 9 March: %s", early)
	}
	if n := len(all(show("/dyads/IRN-SAU", 200), "div.imported")); n != 1 {
		t.Errorf("%d panels for another dyad", n)
	}
	show("/dyads/RUS-USA?base=tomorrow", 400)
	show("/dyads/RUS-USA?base=2030-01-01", 400)
}

// TestPanelWithoutValues: a series of other years is said to have none here.
func TestPanelWithoutValues(t *testing.T) {
	_, show := withSeries(t, detente.TimeSeries{Name: "Old", Values: []detente.Value{{Date: "1990-01-01", Value: 1}}},
		detente.TimeSeries{Name: "Spread", Unit: "points", Values: []detente.Value{{Date: "2018-03-02", Value: -2}, {Date: "2018-03-13", Value: 3}}})
	doc := show("/dyads/RUS-USA", 200)
	panels := all(doc, "div.imported")
	if len(panels) != 2 || !strings.Contains(text(panels[0]), "Old has no values from") || len(all(panels[0], "table")) > 0 {
		t.Errorf("%d panels, the first: %s", len(panels), text(panels[0]))
	}
	if said := text(panels[1]); !strings.Contains(said, "difference from 2 Mar 2018, in points") {
		t.Errorf("a series below zero: %s", said)
	}
	lines := all(all(doc, "svg.timeline")[0], "path.series")
	if path := attr(lines[len(lines)-1], "d"); strings.Count(path, "M") != 2 {
		t.Errorf("eleven days without a value are drawn over: %s", path)
	}
	empty, showEmpty := withSeries(t)
	if len(all(showEmpty("/dyads/RUS-USA", 200), "div.imported")) > 0 {
		t.Error("a panel without a series")
	}
	_ = empty
}

func TestIndicatorPage(t *testing.T) {
	_, show := withSeries(t, bourse)
	said := text(show("/indicators/Harbour%20index?dyad=RUS-USA&channel=embassies&window=-1:1", 200))
	for _, want := range []string{"8 days with a value", "−20.0", "every day", "every change", "frozen → open", "14.0 percent since 1 Mar 2018", "Meridian", "not why"} {
		if !strings.Contains(said, want) {
			t.Errorf("the page lacks %q: %s", want, said)
		}
	}
	if strings.Contains(said, "dollars") {
		t.Error("what is told of another series is shown")
	}
	if said := text(show("/indicators/Harbour%20index?as_of=2018-03-09", 200)); strings.Contains(said, "14.0 percent") || !strings.Contains(said, "5 days with a value") {
		t.Errorf("as of 9 March: %s", said)
	}
	show("/indicators/Nikkei", 404)
	show("/indicators/Harbour%20index?dyad=RUS", 400)
	show("/indicators/Harbour%20index?dyad=RUS-USA&channel=phone", 400)
	show("/indicators/Harbour%20index?dyad=RUS-USA&window=20", 400)
}

func TestIndicatorTwins(t *testing.T) {
	st, _ := withSeries(t, bourse)
	h, err := New(st, Config{})
	if err != nil {
		t.Fatal(err)
	}
	var x Indicator
	res := get(t, h, "/api/v1/indicators/Harbour%20index")
	if err := json.NewDecoder(res.Body).Decode(&x); err != nil || res.StatusCode != 200 {
		t.Fatalf("%d, %v", res.StatusCode, err)
	}
	if len(x.Values) != 8 || x.Values[7].Value != 105 || len(x.Statements) != 1 || x.Statements[0].Citation.Article != "return" || x.Statements[0].Change != 14 ||
		x.Statements[0].Citation.Words != "Harbour index is up 14 percent" || !strings.HasPrefix(x.Statements[0].Citation.Before, "The ") {
		t.Errorf("%+v", x)
	}
	var s Study
	res = get(t, h, "/api/v1/dyads/USA-RUS/indicators/Harbour%20index?window=-1:1,0:2")
	if err := json.NewDecoder(res.Body).Decode(&s); err != nil || res.StatusCode != 200 {
		t.Fatalf("%d, %v", res.StatusCode, err)
	}
	if len(s.Cases) != 2 || s.Cases[0].Zero != "2018-03-12" || math.Abs(s.Cases[0].Moved+20) > 1e-9 || math.Abs(s.Cases[1].Moved-50./3) > 1e-9 || s.Method == "" { // 105/90
		t.Errorf("%+v", s)
	}
	for path, status := range map[string]int{"/api/v1/indicators/Nikkei": 404, "/api/v1/dyads/RUS/indicators/Harbour%20index": 400, "/api/v1/dyads/RUS-USA/indicators/Nikkei": 404} {
		if res := get(t, h, path); res.StatusCode != status {
			t.Errorf("%s: status %d, want %d", path, res.StatusCode, status)
		}
	}
}

// TestLinePath: of many values on one place the lowest and highest are seen;
// gaps are left open; a value alone is a dot.
func TestLinePath(t *testing.T) {
	at := func(d detente.Date) int { return daysBetween("2020-01-01", d) / 2 }
	height := func(x float64) int { return int(x) }
	values := []detente.Value{{Date: "2020-01-01", Value: 5}, {Date: "2020-01-02", Value: 9}, {Date: "2020-01-03", Value: 7}, {Date: "2020-02-01", Value: 1}}
	if got, want := linePath(values, at, height), "M0 5V5V9V9L1 7M15 1h1"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	spell := func(ch detente.Channel, state detente.State, first detente.Date) detente.ChannelSpell {
		return detente.ChannelSpell{ChannelState: detente.ChannelState{Channel: ch, State: state}, First: first, Turn: true}
	}
	turns := []detente.ChannelSpell{spell(detente.Leaders, detente.Open, "2020-01-05"), spell(detente.Leaders, detente.Frozen, "2020-01-07"),
		spell(detente.Hotline, detente.Open, "2020-01-01"), spell(detente.Hotline, detente.Severed, "2020-01-06")}
	if got := changesOf(turns, detente.Leaders); len(got) != 1 || got[0].On != "2020-01-07" {
		t.Errorf("changes of leaders %+v", got)
	}
	if got := changesOf(turns, ""); len(got) != 2 ||
		got[0] != (indicator.Change{On: "2020-01-06", Channel: detente.Hotline, From: detente.Open, To: detente.Severed}) || got[1].On != "2020-01-07" {
		t.Errorf("changes %+v", got)
	}
}
