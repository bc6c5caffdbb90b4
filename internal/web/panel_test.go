package web

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"detente"
)

func TestQuietPanel(t *testing.T) {
	d := &Dyad{}
	for _, a := range []struct {
		day  detente.Date
		kind detente.ActKind
		how  detente.Factuality
	}{
		{"2018-03-21", detente.Contact, detente.Happened},
		{"2018-03-21", detente.Contact, detente.Happened},
		{"2018-03-15", detente.Freeze, detente.Happened},
		{"2018-03-12", detente.Contact, detente.Planned},
		{"2018-03", detente.Contact, detente.Happened}, // of which only the month is known
		{"2018-03-11", detente.Contact, detente.Happened},
	} {
		d.Acts = append(d.Acts, Act{Act: detente.Act{Kind: a.kind, Date: a.day, Factuality: a.how}, Day: a.day})
	}
	list := contacts(d)
	if len(list) != 2 || list[0].After != 10 || list[1].After != 0 || len(list[0].Acts) != 2 {
		t.Fatalf("contacts %+v", list)
	}
	l := layout{width: 400, left: 100, right: 0}
	axis := newTimeScale("2018-03-01", "2018-03-31", 100, 400)
	p, ok := quietPanel(axis, l, 0, list, "2018-03-26")
	// ten units of the drawing are a day; the gap of ten days is the whole height
	if want := "M200 44L300 0V44L350 22"; !ok || p.Line != want {
		t.Errorf("line %q, want %q", p.Line, want)
	}
	if p.High != "10" || p.Last != "5 days" || p.LastX != 350 {
		t.Errorf("%+v", p)
	}
	// a scale that begins between the two: the line enters at what it was then
	p, _ = quietPanel(newTimeScale("2018-03-16", "2018-03-31", 100, 400), l, 0, list, "2018-03-26")
	if want := "M100 22L200 0V44L300 22"; p.Line != want {
		t.Errorf("line %q, want %q", p.Line, want)
	}
	if _, ok := quietPanel(axis, l, 0, nil, "2018-03-26"); ok {
		t.Error("days are counted from a contact that nobody reported")
	}
}

// Nothing is named on the axis that lies behind the day asked for.
func TestTicksEnd(t *testing.T) {
	doc := page(t, handler(t, shelf(t)...), "/dyads/RUS-USA?as_of=2018-03-13", http.StatusOK)
	for _, tick := range texts(all(doc, "text.tick")) {
		if strings.Contains(tick, "14 Mar") || strings.Contains(tick, "Apr") {
			t.Errorf("as of 13 March the axis names %s", tick)
		}
	}
}

func TestContactsTable(t *testing.T) {
	doc := page(t, handler(t, shelf(t)...), "/dyads/RUS-USA", http.StatusOK)
	if got := texts(all(all(doc, "svg.timeline")[0], "g.panel")); len(got) != 1 || !strings.Contains(got[0], "2 days") {
		t.Errorf("panels %q", got)
	}
	table := one(t, doc, "table.contacts")
	if got := texts(all(one(t, table, "tbody"), "td")); !slices.Equal(got, []string{"12 Mar 2018", "foreign ministers: contact by phone", "first on record"}) {
		t.Errorf("contacts %q", got)
	}
	gulf := page(t, handler(t, shelf(t)...), "/dyads/IRN-SAU", http.StatusOK)
	if len(all(gulf, "g.panel")) != 0 || len(all(gulf, "table.contacts")) != 0 {
		t.Error("days since a contact are shown, and no contact was reported")
	}
}
