package actor

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"detente"
	"detente/data"
	"detente/internal/nlp"
	"io/fs"
)

// embedded is the Book of the embedded facts.
func embedded(t testing.TB) *Book {
	t.Helper()
	dir, err := fs.Sub(data.FS, "actors")
	if err != nil {
		t.Fatal(err)
	}
	b, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func model(t testing.TB) *nlp.Model {
	t.Helper()
	m, err := nlp.Default()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// shared is a file of the gold data beside the module, or a skip.
func shared(t *testing.T, path string) string {
	t.Helper()
	file := filepath.Join("..", "..", "..", "shared", "data", path)
	if _, err := os.Stat(file); err != nil {
		t.Skipf("gold data are not here: %v", err)
	}
	return file
}

// igo are the codes of organisations that the gold sentences call IGO.
func igo(p detente.Party) detente.Party {
	if len(p) != 3 && p != "" || p == "IMF" || p == "WTO" || p == "EU" {
		return "IGO"
	}
	return p
}

// TestGoldCountries evaluates, and nothing else: the country of each actor
// phrase of the PLOVER gold sentences, given the phrase.
func TestGoldCountries(t *testing.T) {
	f, err := os.Open(shared(t, "events/gsr-dev.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, m := embedded(t), model(t)
	right, n := 0, 0
	for sc := bufio.NewScanner(f); sc.Scan(); {
		var g struct {
			Text             string
			Sources, Targets []struct{ Text, Code string }
		}
		if err := json.Unmarshal(sc.Bytes(), &g); err != nil {
			t.Fatal(err)
		}
		doc := m.Analyze(g.Text, nlp.Options{})
		cast := b.Cast(doc, "1995-06-01")
		for _, x := range append(g.Sources, g.Targets...) {
			at := strings.Index(g.Text, x.Text)
			if at < 0 {
				continue
			}
			first, end := wordsOver(doc, at, at+len(x.Text))
			a := cast.Describe(doc, first, end)
			n++
			if got := igo(a.Code()); string(got) == x.Code {
				right++
			} else {
				t.Logf("%q: got %q, want %s: %s", x.Text, got, x.Code, g.Text)
			}
		}
	}
	t.Logf("countries of given phrases: %d of %d, %.1f%%", right, n, 100*float64(right)/float64(n))
	if n == 0 || 100*right < 90*n {
		t.Errorf("%d of %d right; the floor is 90%%", right, n)
	}
}

// wordsOver gives the words that a byte range of the text touches.
func wordsOver(doc *nlp.Doc, start, end int) (first, last int) {
	first = -1
	for w := range doc.Words {
		if doc.Words[w].Start < end && doc.Words[w].End > start {
			if first < 0 {
				first = w
			}
			last = w + 1
		}
	}
	return max(first, 0), last
}
