package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"detente"
	"detente/internal/series"
	"detente/internal/store"
)

// calls makes n articles, each of which tells of a call on a day of its own.
func calls(t *testing.T, n int) []store.Unit {
	var units []store.Unit
	for i := range n {
		day := detente.Date("2019-01-01").AddDays(3 * i)
		d := newDraft(t, fmt.Sprintf("call%03d", i), "The Courier", day, "Ministers on the line", fmt.Sprintf("The two ministers spoke by phone, for the %d. time.", i))
		d.acts(detente.Contact, "phone", "RUS-USA", detente.ForeignMinisters, day, "spoke by phone", "")
		units = append(units, store.Unit{Record: d.rec})
	}
	return units
}

// TestLatestFirst reads a dyad of more reports than one page lists, to its end.
func TestLatestFirst(t *testing.T) {
	const n = 2*maxReports + 7
	h := handler(t, calls(t, n)...)
	seen := map[detente.ActID]bool{}
	pages := 0
	for after := ""; pages == 0 || after != ""; pages++ {
		var d Dyad
		if err := json.NewDecoder(get(t, h, "/api/v1/dyads/RUS-USA?after="+url.QueryEscape(after)).Body).Decode(&d); err != nil {
			t.Fatal(err)
		}
		if d.Reports != n || len(d.Acts) > maxReports || len(d.History) != 1 {
			t.Errorf("page %d: %d reports, %d acts, history %v", pages, d.Reports, len(d.Acts), d.History)
		}
		for i, a := range d.Acts {
			if seen[a.ID] || i > 0 && a.Day > d.Acts[i-1].Day {
				t.Errorf("page %d: act %s of %s twice, or out of order", pages, a.ID, a.Day)
			}
			seen[a.ID] = true
		}
		after = d.Next
	}
	if len(seen) != n || pages != 3 {
		t.Errorf("%d acts on %d pages; want %d on 3", len(seen), pages, n)
	}
	doc := page(t, h, "/dyads/RUS-USA", http.StatusOK)
	earlier := attr(one(t, doc, "a[rel=next]"), "href")
	if last := page(t, h, earlier, http.StatusOK); len(all(one(t, last, "table.entries"), "tr")) < 2 { // a heading alone
		t.Errorf("%s lists nothing", earlier)
	}
	for _, odd := range []string{"x", "2019-01-01", "/call001", "2019-13-01/a"} {
		page(t, h, "/dyads/RUS-USA?after="+url.QueryEscape(odd), http.StatusBadRequest)
	}
}

// TestRememberedViews commits between two requests for the same pages.
func TestRememberedViews(t *testing.T) {
	ctx := context.Background()
	units := calls(t, 3)
	st := stock(t, units[:2]...)
	h, err := New(st, Config{})
	if err != nil {
		t.Fatal(err)
	}
	reports := func(want int) {
		t.Helper()
		var d Dyad
		if err := json.NewDecoder(get(t, h, "/api/v1/dyads/RUS-USA").Body).Decode(&d); err != nil || d.Reports != want {
			t.Errorf("%d reports of the dyad, %v; want %d", d.Reports, err, want)
		}
		if listed := text(page(t, h, "/", http.StatusOK)); !strings.Contains(listed, fmt.Sprint(want, " reports")) {
			t.Errorf("the list of dyads does not say %d reports: %s", want, listed)
		}
	}
	reports(2)
	reports(2)
	if _, err := st.Commit(ctx, units[2]); err != nil {
		t.Fatal(err)
	}
	if _, err := series.Refold(ctx, st, rules(t)); err != nil {
		t.Fatal(err)
	}
	reports(3)
}

// TestMemoryIsBounded asks a memory for more than it has room for.
func TestMemoryIsBounded(t *testing.T) {
	var m memory
	for i := range 3 * memoryRoom {
		m.put(fmt.Sprint(i), "s", i)
		m.take("0", "s") // asked again and again: it stays
	}
	if len(m.views) != memoryRoom || m.order.Len() != memoryRoom {
		t.Errorf("%d views of %d are kept", len(m.views), memoryRoom)
	}
	if v, ok := m.take("0", "s"); !ok || v != 0 {
		t.Error("what is asked most is gone")
	}
	if _, ok := m.take("0", "other"); ok {
		t.Error("a view of another state was given")
	}
	m.put("0", "other", 7)
	if v, ok := m.take("0", "other"); !ok || v != 7 || len(m.views) != memoryRoom {
		t.Error("a view was not put in the place of an older one")
	}
}
