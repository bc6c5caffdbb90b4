package source

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"golang.org/x/tools/txtar"
)

// FuzzRead holds every format to the contract of an article: blocks divide the
// text, which is valid UTF-8, and the same bytes give the same article.
func FuzzRead(f *testing.F) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range cases {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(txtar.Parse(b).Files[0].Data, false)
	}
	f.Add([]byte("\xff\xfea\x00b\x00"), false)
	f.Add([]byte("\x1f\x8b\x08"), true)
	f.Fuzz(func(t *testing.T, b []byte, raw bool) {
		h := Hint{Name: "fuzz", URL: "https://news.example/a", Raw: raw}
		first, errs := all(bytes.NewReader(b), h)
		for _, a := range first {
			if !utf8.ValidString(a.Text) {
				t.Fatal("text is no UTF-8")
			}
			if a.ID == "" || a.Text == "" || a.Byline == nil || a.Highlights == nil || a.Captions == nil {
				t.Fatalf("incomplete article %+v", a)
			}
			checkBlocks(t, a)
		}
		again, errsAgain := all(bytes.NewReader(b), h)
		if len(first) != len(again) || len(errs) != len(errsAgain) {
			t.Fatal("a second reading gives something else")
		}
		for i, a := range again {
			if a.ID != first[i].ID || a.Text != first[i].Text || a.Title != first[i].Title || a.Published != first[i].Published {
				t.Fatal("a second reading gives another article")
			}
		}
	})
}
