package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"detente"
)

var update = flag.Bool("update", false, "rewrite the expected briefs and the measured figures")

func record(t *testing.T) *detente.Record {
	t.Helper()
	b, err := os.ReadFile("testdata/record.json")
	if err != nil {
		t.Fatal(err)
	}
	var rec detente.Record
	if err := json.Unmarshal(b, &rec); err != nil {
		t.Fatal(err)
	}
	return &rec
}

func briefOf(t *testing.T, rec *detente.Record, s screen) string {
	t.Helper()
	var b bytes.Buffer
	if err := brief(&b, s, rec); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The briefs as a person sees them; -update rewrites them.
func TestBrief(t *testing.T) {
	for _, c := range []struct {
		file  string
		width int
	}{{"testdata/brief-80.txt", 80}, {"testdata/brief-50.txt", 50}} {
		got := briefOf(t, record(t), screen{width: c.width})
		if *update {
			if err := os.WriteFile(c.file, []byte(got), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(c.file)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s differs; got\n%s", c.file, got)
		}
	}
}

func TestBriefKeepsWidth(t *testing.T) {
	for _, width := range []int{40, 64, 80, 120} {
		for _, l := range strings.Split(briefOf(t, record(t), screen{width: width}), "\n") {
			if utf8.RuneCountInString(l) > width {
				t.Errorf("width %d: line of %d: %q", width, utf8.RuneCountInString(l), l)
			}
		}
	}
}

// Colour adds codes and nothing else; without it there are none.
func TestBriefColour(t *testing.T) {
	plain, coloured := briefOf(t, record(t), screen{width: 80}), briefOf(t, record(t), screen{width: 80, colour: true})
	if strings.Contains(plain, "\x1b") {
		t.Error("a plain brief has escape codes")
	}
	if coloured == plain {
		t.Error("a coloured brief has no escape codes")
	}
	if stripped := regexp.MustCompile(`\x1b\[\d*m`).ReplaceAllString(coloured, ""); stripped != plain {
		t.Errorf("without its codes the coloured brief differs:\n%s", stripped)
	}
}

// The text of an article cannot steer the terminal.
func TestBriefIsPrintable(t *testing.T) {
	rec := record(t)
	rec.Article.Title = "Talks \x1b[2J off\u202egnol\a"
	rec.Article.Outlet = "Po\x9bst"
	if got := briefOf(t, rec, screen{width: 80}); regexp.MustCompile("[\x00-\x09\x0b-\x1f\u007f-\u009f\u202e]").MatchString(got) {
		t.Errorf("control characters in\n%q", got[:200])
	}
}

// What refers to nothing is left out, not a reason to fall over.
func TestBriefOfHalfARecord(t *testing.T) {
	rec := record(t)
	rec.Statements, rec.Events, rec.Acts = nil, nil, nil
	got := briefOf(t, rec, screen{width: 80})
	if !strings.Contains(got, "The Fjord Post: frozen") {
		t.Errorf("a claim without its statement is not the article's own:\n%s", got)
	}
}

// What title and body repeat stands once for each speaker, as said most exactly.
func TestBriefPoolsClaims(t *testing.T) {
	rec := record(t)
	vague := rec.Claims[0]
	vague.ID, vague.Scope = "c0", ""
	own := vague
	own.ID, own.Statement = "c9", ""
	rec.Claims = append([]detente.Claim{vague}, append(rec.Claims, own)...)
	rec.Disputes[0].Claim = "c0"
	got := briefOf(t, rec, screen{width: 120})
	if n := strings.Count(got, "Harald Nesvik (NOR): frozen (every)"); n != 1 {
		t.Errorf("the claim stands %d times in\n%s", n, got)
	}
	if !strings.Contains(got, "The Fjord Post: frozen") || strings.Contains(got, "CLAIMED") {
		t.Errorf("the article's own claim is not pooled in\n%s", got)
	}
}

// Of a long sentence whole words around the claim are shown.
func TestBriefCutsLongSentences(t *testing.T) {
	rec := record(t)
	const far = "which nobody in the room had expected, least of all the two envoys who had come to sign, "
	at := rec.Claims[0].Span.End
	rec.Text = string([]rune(rec.Text)[:at]) + ", " + far + far + far + string([]rune(rec.Text)[at:])
	rec.Sentences[0].End += len(", " + far + far + far)
	rec.Claims, rec.Disputes = rec.Claims[:1], nil
	got := strings.Join(strings.Fields(briefOf(t, rec, screen{width: 80})), " ")
	if !strings.Contains(got, "“All our talks with Iceland are off, which nobody in the room had expected, least of all the two envoys …”") {
		t.Errorf("got %s", got)
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text  string
		width int
		want  string
	}{
		{"", 5, ""},
		{"a bb ccc", 4, "a bb|ccc"},
		{"a  bb\n\tccc", 20, "a bb ccc"},
		{"abcdefghij k", 4, "abcd|efgh|ij k"},
		{"ññññ ññ", 4, "ññññ|ññ"},
	} {
		if got := strings.Join(wrap(c.text, c.width), "|"); got != c.want {
			t.Errorf("wrap(%q, %d) = %q, want %q", c.text, c.width, got, c.want)
		}
	}
}

func TestLongDate(t *testing.T) {
	for in, want := range map[detente.Date]string{"2016-12-02": "2 Dec 2016", "2016-12": "Dec 2016", "2016": "2016", "": ""} {
		if got := longDate(in); got != want {
			t.Errorf("longDate(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestScreen(t *testing.T) {
	t.Setenv("COLUMNS", "100")
	if s := screenOf(&bytes.Buffer{}); s.width != 100 || s.colour {
		t.Errorf("a pipe with COLUMNS=100 gives %+v", s)
	}
	t.Setenv("COLUMNS", "7")
	if s := screenOf(&bytes.Buffer{}); s.width != narrowest {
		t.Errorf("COLUMNS=7 gives width %d, want %d", s.width, narrowest)
	}
	t.Setenv("COLUMNS", "wide")
	if s := screenOf(&bytes.Buffer{}); s.width != plainWidth {
		t.Errorf("COLUMNS=wide gives width %d, want %d", s.width, plainWidth)
	}
}
