package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"detente"
)

func line(t *testing.T) *Line {
	t.Helper()
	l, err := NewLine(Options{Program: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// article lays out a title and paragraphs as package source does.
func article(id, title string, paragraphs ...string) *detente.Article {
	a := &detente.Article{ID: id, Title: title, Published: "2019-05-08", Language: "en"}
	add := func(kind detente.BlockKind, text string) {
		if a.Text != "" {
			a.Text += "\n\n"
		}
		start := len([]rune(a.Text))
		a.Text += text
		a.Blocks = append(a.Blocks, detente.Block{Kind: kind, Span: detente.Span{Start: start, End: len([]rune(a.Text))}})
	}
	add(detente.BlockTitle, title)
	for _, p := range paragraphs {
		add(detente.BlockBody, p)
	}
	return a
}

// dispatch is an article in which every part of the line finds something.
func dispatch(id string) *detente.Article {
	return article(id, "Canada recalls its ambassador from Denmark",
		"Canada recalled its ambassador to Denmark on Tuesday, Foreign Minister Chrystia Freeland said. “We will not talk about the island”, she told reporters in Ottawa.",
		"Danish Prime Minister Lars Løkke Rasmussen spoke by telephone with Canadian Prime Minister Justin Trudeau on Wednesday.",
		"The Nikkei index is up 2 percent since Monday.")
}

func TestReadFindsEveryPart(t *testing.T) {
	rec := line(t).Read(dispatch("x"))
	for part, n := range map[string]int{
		"sentences": len(rec.Sentences), "statements": len(rec.Statements), "events": len(rec.Events),
		"acts": len(rec.Acts), "channels": len(rec.Channels), "indicators": len(rec.Indicators),
	} {
		if n == 0 {
			t.Errorf("no %s found", part)
		}
	}
	if rec.Versions.Program != "test" || rec.Versions.Model == "" || rec.Versions.Rules == "" {
		t.Errorf("versions %+v, want all three", rec.Versions)
	}
}

// Every span stands inside the text, and sentences hold what cites them.
func TestReadSpans(t *testing.T) {
	rec := line(t).Read(dispatch("x"))
	all := detente.Span{End: len([]rune(rec.Text))}
	spans := slices.Clone(rec.Sentences)
	for _, st := range rec.Statements {
		spans = slices.Concat(spans, st.Source, st.Cue, st.Content)
	}
	for _, ev := range rec.Events {
		spans = append(spans, ev.Trigger...)
		if ev.Sentence < 0 || ev.Sentence >= len(rec.Sentences) {
			t.Errorf("event %s stands in sentence %d of %d", ev.ID, ev.Sentence, len(rec.Sentences))
		}
	}
	for _, c := range rec.Claims {
		spans = append(spans, c.Span)
	}
	for _, ind := range rec.Indicators {
		spans = append(spans, ind.Span)
	}
	for _, s := range spans {
		if s.Len() <= 0 || !all.Contains(s) {
			t.Errorf("span %+v is empty or outside of the text (%d)", s, all.End)
		}
	}
}

func TestJSONHasNoNull(t *testing.T) {
	l := line(t)
	for _, a := range []*detente.Article{dispatch("x"), {}, article("y", "Ministers to meet")} {
		rec := l.Read(a)
		for i := range rec.Indicators {
			rec.Indicators[i].Statement = new(detente.StatementID) // null where the article itself tells it
		}
		b, err := json.Marshal(rec)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, []byte("null")) {
			t.Errorf("article %q: null in %s", a.Title, b)
		}
	}
}

// What is in a language that is not read gives no findings by chance.
func TestReadOtherLanguage(t *testing.T) {
	a := dispatch("x")
	a.Language = "fr"
	rec := line(t).Read(a)
	if len(rec.Sentences)+len(rec.Statements)+len(rec.Events)+len(rec.Indicators) > 0 || rec.Text != a.Text {
		t.Errorf("found %+v, want the text alone", rec)
	}
}

// Blocks are counted in code points, the analysis in bytes.
func TestBlocksInBytes(t *testing.T) {
	a := article("x", "Zürich – Genève", "Ø", "日本 and 中国 met")
	var got []string
	for _, b := range blocks(a) {
		got = append(got, a.Text[b.Start:b.End])
	}
	want := []string{"Zürich – Genève", "Ø", "日本 and 中国 met"}
	if !slices.Equal(got, want) {
		t.Errorf("blocks %q, want %q", got, want)
	}
}

func seq(items ...any) iter.Seq2[*detente.Article, error] {
	return func(yield func(*detente.Article, error) bool) {
		for _, x := range items {
			a, _ := x.(*detente.Article)
			err, _ := x.(error)
			if !yield(a, err) {
				return
			}
		}
	}
}

func TestEachKeepsOrderAndErrors(t *testing.T) {
	broken := errors.New("broken")
	long := &detente.Article{ID: "long", Text: strings.Repeat("a ", MaxText)}
	var got []string
	for rec, err := range line(t).Each(seq(dispatch("1"), broken, dispatch("2"), long, dispatch("3"), article("4", "Talks"))) {
		if err != nil {
			got = append(got, "error: "+err.Error())
		} else {
			got = append(got, rec.Article.ID)
		}
	}
	want := []string{"1", "error: broken", "2",
		fmt.Sprintf("error: article long: %d bytes of text, the most is %d; split it into its articles", 2*MaxText, MaxText), "3", "4"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// Whoever stops early gets no goroutine that still reads the input.
func TestEachStopsReading(t *testing.T) {
	reading := 0
	in := func(yield func(*detente.Article, error) bool) {
		for yield(article("x", "Talks"), nil) {
			reading++
		}
		reading = -1
	}
	for range line(t).Each(in) {
		break
	}
	if reading != -1 {
		t.Errorf("the input was still being read after %d articles", reading)
	}
}

// The same bytes on one core and on eight, and every time.
func TestSameBytes(t *testing.T) {
	l := line(t)
	var in []any
	for i := range 12 {
		in = append(in, dispatch(fmt.Sprint(i)))
	}
	print := func(procs int) []byte {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		var b bytes.Buffer
		for rec, err := range l.Each(seq(in...)) {
			if err != nil {
				t.Fatal(err)
			}
			if err := json.NewEncoder(&b).Encode(rec); err != nil {
				t.Fatal(err)
			}
		}
		return b.Bytes()
	}
	one := print(1)
	for range 3 {
		if eight := print(8); !bytes.Equal(one, eight) {
			t.Fatal("records differ between 1 and 8 cores")
		}
	}
}

// A user's own actors change the rules' version, so that records made with
// them can be told from others.
func TestOwnActorsChangeVersion(t *testing.T) {
	own := fstest.MapFS{"own.tsv": {Data: []byte("medium\tnames\nfjord-post\tThe Fjord Post\n")}}
	l, err := NewLine(Options{Actors: []fs.FS{own}})
	if err != nil {
		t.Fatal(err)
	}
	if a, b := line(t).Versions(), l.Versions(); a.Rules == b.Rules || a.Model != b.Model {
		t.Errorf("versions %+v and %+v: want other rules and the same model", a, b)
	}
}
