package sqlite

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"detente/internal/store"
	"detente/internal/store/storetest"
)

// FuzzSearch: no words that a user can type make a search fail, and what is
// found has the words.
func FuzzSearch(f *testing.F) {
	s, err := Open(filepath.Join(f.TempDir(), "x.db"))
	if err != nil {
		f.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Commit(context.Background(), storetest.Unit("a", "2020-05-01", "The harbour froze.")); err != nil {
		f.Fatal(err)
	}
	for _, q := range []string{"harbour", `"harbour froze"`, `froze harbour`, `"`, `a" OR "b`, "harbour*", "title:froze", "\x00", "é", "-"} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, q string) {
		hits, err := s.Search(context.Background(), store.Query{Text: q})
		if err != nil {
			t.Fatalf("%q: %v", q, err)
		}
		if len(hits) == 0 || strings.TrimSpace(q) == "" {
			return
		}
		var extract strings.Builder
		for _, p := range hits[0].Extract {
			extract.WriteString(p.Text)
		}
		if text := "Ministers on the line\n\nThe harbour froze."; !strings.Contains(text, strings.Trim(extract.String(), "…")) {
			t.Errorf("%q: the extract %q is not of the text", q, extract.String())
		}
	})
}
