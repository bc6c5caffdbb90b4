package main

import (
	"path/filepath"
	"strings"
	"testing"

	"detente"
	"detente/internal/store/sqlite"
)

// Every dispatch can be read, has a date and says that it was written for the
// demo; several dyads have channels that are known.
func TestDemo(t *testing.T) {
	articles := 0
	for a, err := range demoArticles {
		if err != nil {
			t.Error(err)
			continue
		}
		articles++
		if a.Published == "" || a.Title == "" {
			t.Errorf("%q: published %q; a dispatch needs title and date", a.Title, a.Published)
		}
		if a.Outlet != "" && !strings.Contains(strings.ToLower(a.Outlet), "demo") {
			t.Errorf("%q: outlet %q could be taken for a real one", a.Title, a.Outlet)
		}
	}
	if articles < 15 {
		t.Errorf("%d dispatches, want at least 15", articles)
	}

	st, err := sqlite.Open(filepath.Join(t.TempDir(), "demo.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	line, err := newLine(nil)
	if err != nil {
		t.Fatal(err)
	}
	n, err := fillDemo(line, st)
	if err != nil || n != articles {
		t.Fatalf("%d of %d dispatches stored, error %v", n, articles, err)
	}
	dyads, err := st.Dyads(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	known := map[detente.Dyad]bool{}
	for _, d := range dyads {
		known[d.Dyad] = true
	}
	for _, d := range []detente.Dyad{{"KOR", "PRK"}, {"CHN", "USA"}, {"IRN", "SAU"}} {
		if !known[d] {
			t.Errorf("nothing was found about %s", d)
		}
	}
}
