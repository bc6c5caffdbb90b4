package source

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"detente"
)

var update = flag.Bool("update", false, "rewrite the views in testdata")

// TestArticles reads the first file of each case and compares the view of what
// came out with the second. The comment of a case says what it shows, and its
// lines "url: …" and "raw" are the hint.
func TestArticles(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			h := Hint{Name: ar.Files[0].Name}
			for line := range strings.Lines(string(ar.Comment)) {
				if url, ok := strings.CutPrefix(line, "url: "); ok {
					h.URL = strings.TrimSpace(url)
				}
				h.Raw = h.Raw || strings.TrimSpace(line) == "raw"
			}
			got := view(t, ar.Files[0].Data, h)
			if *update {
				ar.Files = append(ar.Files[:1], txtar.File{Name: "view", Data: []byte(got)})
				if err := os.WriteFile(name, txtar.Format(ar), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if want := string(ar.Files[1].Data); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// view is what a reader sees of the articles in an input.
func view(t *testing.T, input []byte, h Hint) string {
	t.Helper()
	var b strings.Builder
	for a, err := range Read(bytes.NewReader(input), h) {
		if err != nil {
			fmt.Fprintf(&b, "error: %v\n", err)
			continue
		}
		checkBlocks(t, a)
		if !strings.HasPrefix(a.ID, "sha256:") {
			fmt.Fprintf(&b, "id: %s\n", a.ID)
		}
		for _, f := range []struct{ name, value string }{{"url", a.URL}, {"outlet", a.Outlet}, {"title", a.Title},
			{"byline", strings.Join(a.Byline, "; ")}, {"published", string(a.Published)}, {"published at", inWords(a.PublishedAt)},
			{"modified", string(a.Modified)}, {"modified at", inWords(a.ModifiedAt)}, {"language", a.Language}} {
			if f.value != "" {
				fmt.Fprintf(&b, "%s: %s\n", f.name, f.value)
			}
		}
		for _, c := range a.Captions {
			fmt.Fprintf(&b, "caption: %s\n", c)
		}
		runes := []rune(a.Text)
		for _, block := range a.Blocks {
			fmt.Fprintf(&b, "%s| %s\n", block.Kind, string(runes[block.Start:block.End]))
		}
		for _, w := range a.Warnings {
			fmt.Fprintf(&b, "warning: %s\n", w)
		}
		fmt.Fprintln(&b)
	}
	return b.String()
}

func inWords(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.Format(time.RFC3339)
}

// checkBlocks holds an article to its contract: blocks in order, inside the
// text, without white space at their ends, and nothing but white space between.
func checkBlocks(t *testing.T, a *detente.Article) {
	t.Helper()
	runes := []rune(a.Text)
	at := 0
	for _, b := range a.Blocks {
		if b.Start < at || b.End > len(runes) || b.Start >= b.End {
			t.Fatalf("block %v out of order or bounds in %d characters", b, len(runes))
		}
		inside := string(runes[b.Start:b.End])
		if strings.TrimSpace(inside) != inside {
			t.Fatalf("block %v has white space at an end: %q", b, inside)
		}
		if strings.TrimSpace(string(runes[at:b.Start])) != "" {
			t.Fatalf("text outside of blocks before %v", b)
		}
		at = b.End
	}
	if strings.TrimSpace(string(runes[at:])) != "" {
		t.Fatalf("text outside of blocks at the end: %q", string(runes[at:]))
	}
}
