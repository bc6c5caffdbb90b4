package source

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
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
	record := []byte(warcOf("1.1", pageOf("They met."))[0])
	f.Add(record, false)
	f.Add(append([]byte("WARC/1.0\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n"), record...), false)
	f.Add([]byte("filedesc://x.arc 0.0.0.0 20190102030405 text/plain 9\n1 0 Maker\n\nhttps://w.example/a 1.2.3.4 20190102030405 text/html 3\nabc\n"), false)
	f.Add(zstdOf(f, record), false)
	f.Add([]byte("PK\x03\x04"), false)
	f.Add([]byte(`<urlset><url><loc>https://s.example/a</loc></url></urlset>`), false)
	f.Add([]byte(`<html><script type="application/ld+json">{"@graph":[{"@id":"#a","name":"A B"},{"@type":"NewsArticle","author":{"@id":"#a"},"headline":"C"}]}</script><h1><span class=kicker>D</span>C</h1><p>E.`), false)
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

// FuzzStamp holds the readers of dates, times and names to what they promise: a
// day is one of the calendar, stands where it is said to, and a point in time is
// within two days of it.
func FuzzStamp(f *testing.F) {
	for _, s := range []string{"Wed, 03 Jan 2018 00:30:00 KST", "2019-03-12T10:15:30.123+01:00", "March 12, 2019 at 8 p.m. ET", "le 3 mars 2019 à 10h", "2019年3月12日",
		"By Ida Marsh and Jan Scribe | 12/03/2019", "Von Ida Marsh, 12. März 2019", "Foto: X / Y (Z)", "31.02.2019", "\xff12.03.2019"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		day, at, ok := findDay(s)
		if ok {
			if _, valid := day.Time(); !valid || at[0] < 0 || at[0] > at[1] || at[1] > len(s) {
				t.Fatalf("day %q at %v in %d bytes", day, at, len(s))
			}
		}
		if moment, ok := moment(s); ok {
			noon, _ := day.Time()
			if d := moment.Sub(noon).Hours(); d < -30 || d > 54 {
				t.Fatalf("%v is not of %s", moment, day)
			}
		}
		dateLine(s)
		p := &page{}
		for _, names := range [][]string{p.namesIn(s, true), p.people([]string{s}, alsoHandles), p.handle(s)} {
			for _, name := range names {
				if strings.TrimSpace(name) == "" {
					t.Fatalf("an empty name in %q", names)
				}
			}
		}
		if withoutDate(clean(s)) == "" && clean(s) != "" {
			t.Fatal("nothing is left of a title")
		}
	})
}
