package quote

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"detente"
	"detente/data"
	"detente/internal/actor"
	"detente/internal/nlp"
)

var update = flag.Bool("update", false, "rewrite the cases with what is found")

// reader analyses test texts with the embedded model and actors.
var reader = sync.OnceValues(func() (func(text string, on detente.Date) []detente.Statement, error) {
	lang, err := nlp.Default()
	if err != nil {
		return nil, err
	}
	actors, err := fs.Sub(data.FS, "actors")
	if err != nil {
		return nil, err
	}
	book, err := actor.Load(actors)
	if err != nil {
		return nil, err
	}
	model, err := Default()
	if err != nil {
		return nil, err
	}
	return func(text string, on detente.Date) []detente.Statement {
		doc := lang.Analyze(text, nlp.Options{Published: on})
		return model.Find(doc, book.Cast(doc, on), on)
	}, nil
})

// published is the day of every case, a Thursday.
const published = "2021-06-17"

// Each case is a text with its spans marked, ⟨1S … ⟩ for the source of the first
// statement, Q for its cue and C for its content, then a line for each.
func TestStatements(t *testing.T) {
	read, err := reader()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("testdata/statements/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, name := range files {
		ar, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i+1 < len(ar.Files); i += 2 {
			text := unmark(strings.TrimSpace(string(ar.Files[i].Data)))
			sts := read(text, published)
			spans, lines := markSpans(text, sts)+"\n", describe(sts)
			if *update {
				ar.Files[i].Data, ar.Files[i+1].Data = []byte(spans), []byte(lines)
				continue
			}
			if got, want := spans, string(ar.Files[i].Data); got != want {
				t.Errorf("%s: %s\nhave %s\nwant %s", name, ar.Files[i].Name, got, want)
			}
			if got, want := lines, string(ar.Files[i+1].Data); got != want {
				t.Errorf("%s: %s\nhave\n%s\nwant\n%s", name, ar.Files[i+1].Name, got, want)
			}
		}
		if *update {
			if err := os.WriteFile(name, txtar.Format(ar), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// unmark takes the marks out of a text.
func unmark(s string) string {
	var b strings.Builder
	skip := false
	for _, r := range s {
		switch {
		case r == '⟨':
			skip = true
		case r == '⟩':
		case skip:
			skip = r != ' '
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// markSpans puts the marks in.
func markSpans(text string, sts []detente.Statement) string {
	type edge struct {
		at, rank int
		s        string
	}
	var edges []edge
	for i, st := range sts {
		for role, spans := range map[string][]detente.Span{"S": st.Source, "Q": st.Cue, "C": st.Content} {
			for _, s := range spans {
				edges = append(edges, edge{s.Start, 1000 - s.Len(), fmt.Sprintf("⟨%d%s ", i+1, role)}, edge{s.End, s.Len() - 2000, "⟩"})
			}
		}
	}
	sort.Slice(edges, func(i, j int) bool {
		a, b := edges[i], edges[j]
		if a.at != b.at {
			return a.at < b.at
		}
		if a.rank != b.rank {
			return a.rank < b.rank
		}
		return a.s < b.s
	})
	var b strings.Builder
	at := 0
	for i, r := range []rune(text) {
		for ; at < len(edges) && edges[at].at == i; at++ {
			b.WriteString(edges[at].s)
		}
		b.WriteRune(r)
	}
	for ; at < len(edges); at++ {
		b.WriteString(edges[at].s)
	}
	return b.String()
}

// describe gives a line for each statement with all that is not a span.
func describe(sts []detente.Statement) string {
	var b strings.Builder
	for _, st := range sts {
		fmt.Fprintf(&b, "%s %s %s", st.ID, st.Kind, st.Modality)
		for _, x := range []struct{ name, value string }{
			{"negated", map[bool]string{true: "yes"}[st.Negated]}, {"speaker", st.Speaker.Name}, {"role", st.Speaker.Role},
			{"party", string(st.Speaker.Party)}, {"via", viaText(st.Via)}, {"said", string(st.SaidOn)},
			{"about", strings.Trim(fmt.Sprint(st.About), "[]")}, {"to", st.Addressee}, {"within", string(st.Within)},
		} {
			if x.value != "" {
				fmt.Fprintf(&b, " | %s: %s", x.name, x.value)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func viaText(via []detente.Link) string {
	var out []string
	for _, l := range via {
		out = append(out, l.Name+" ("+l.As+")")
	}
	return strings.Join(out, ", ")
}

// Chains of our own gold's dev part; the test part is held by eval/floors.txt.
func TestChains(t *testing.T) {
	read, err := reader()
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open("testdata/chain-dev.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	gold, err := ReadChains(f.Name(), f)
	if err != nil {
		t.Fatal(err)
	}
	var score ChainScore
	for _, g := range gold {
		score.Add(g, []rune(g.Text), read(g.Text, ""), func(w ChainWant, st *detente.Statement) {
			if st == nil {
				t.Logf("line %d: not found: %s", g.Line, w.Has)
			}
		})
	}
	if 100*score.Links < 80*score.Asked {
		t.Errorf("links of %d of %d statements are right, want 80%%", score.Links, score.Asked)
	}
}

// Statements keep their promises whatever the text: spans inside it, outer
// statements that exist, and the same result twice.
func TestStatementsOfAnyText(t *testing.T) {
	read, err := reader()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		"", " \n\n ", "said", "“", "He said", "said said said said", "'' '' ''", "According to.",
		"\"a\" \"b\" \"c\" he said she said they said", "“\n\n“\n\n“ he said.",
		"Reuters, Reuters reports, Reuters reported.", ": : : :", "Kremlin:", "\xff\xfe said \xff", strings.Repeat("He said that ", 200) + "no.",
	} {
		sts := read(text, published)
		n := len([]rune(text))
		ids := map[detente.StatementID]bool{"": true}
		for _, st := range sts {
			ids[st.ID] = true
		}
		for _, st := range sts {
			if len(st.Content) == 0 || !ids[st.Within] || st.Within == st.ID {
				t.Errorf("%q: statement %+v", text, st)
			}
			for _, spans := range [][]detente.Span{st.Source, st.Cue, st.Content} {
				for _, s := range spans {
					if s.Start < 0 || s.Start >= s.End || s.End > n {
						t.Errorf("%q: span %v", text, s)
					}
				}
			}
		}
		if a, b := describe(sts), describe(read(text, published)); a != b {
			t.Errorf("%q: two readings differ\n%s\n%s", text, a, b)
		}
	}
}
