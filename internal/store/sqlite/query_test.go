package sqlite

import (
	"context"
	"errors"
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

// TestLookupsUseIndexes: what every commit asks for must not read all articles.
func TestLookupsUseIndexes(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, query := range []string{versionsQuery, atQuery, alikeQuery(2, 3)} {
		args := make([]any, 1+strings.Count(strings.ReplaceAll(query, "?1", ""), "?"))
		if query != versionsQuery {
			args = args[1:]
		}
		rows, err := s.read.Query("EXPLAIN QUERY PLAN "+query, args...)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var a, b, c int
			var step string
			if err := rows.Scan(&a, &b, &c, &step); err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(step, "SCAN") && !strings.HasPrefix(step, "SCAN k") && !strings.HasPrefix(step, "SCAN (") {
				t.Errorf("%s\n%s", query, step)
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			t.Fatal(err)
		}
	}
}
