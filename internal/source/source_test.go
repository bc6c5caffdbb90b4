package source

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"

	"detente"
)

const dispatch = "Zürich hosts both sides\n\nBoth delegations arrived in Zürich on Sunday – “at last”, an envoy said.\n\nThey are to meet today.\n"

// all reads an input to its end.
func all(r io.Reader, h Hint) (articles []*detente.Article, errs []error) {
	for a, err := range Read(r, h) {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		articles = append(articles, a)
	}
	return articles, errs
}

// one reads an input that is one article.
func one(t *testing.T, b []byte, h Hint) *detente.Article {
	t.Helper()
	articles, errs := all(bytes.NewReader(b), h)
	if len(errs) > 0 || len(articles) != 1 {
		t.Fatalf("got %d articles and %v", len(articles), errs)
	}
	return articles[0]
}

func utf16Of(s string, order binary.ByteOrder, mark bool) []byte {
	var b bytes.Buffer
	units := utf16.Encode([]rune(s))
	if mark {
		units = append([]uint16{0xfeff}, units...)
	}
	for _, u := range units {
		if err := binary.Write(&b, order, u); err != nil {
			panic(err)
		}
	}
	return b.Bytes()
}

func TestCharsets(t *testing.T) {
	want := one(t, []byte(dispatch), Hint{}).Text
	latin, err := charmap.Windows1252.NewEncoder().Bytes([]byte(dispatch))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		b []byte
		h Hint
	}{
		"UTF-8":                                {[]byte(dispatch), Hint{}},
		"UTF-8 with a mark":                    {[]byte("\ufeff" + dispatch), Hint{}},
		"UTF-8 under a false header":           {[]byte(dispatch), Hint{ContentType: "text/plain; charset=iso-8859-1"}},
		"UTF-16 little end first":              {utf16Of(dispatch, binary.LittleEndian, true), Hint{}},
		"UTF-16 big end first":                 {utf16Of(dispatch, binary.BigEndian, true), Hint{}},
		"UTF-16 without a mark":                {utf16Of(dispatch, binary.LittleEndian, false), Hint{}},
		"Windows-1252":                         {latin, Hint{}},
		"Windows-1252 called ISO-8859-1":       {latin, Hint{ContentType: "text/plain; charset=iso-8859-1"}},
		"Windows-1252 under a false UTF-8":     {latin, Hint{ContentType: "text/plain; charset=utf-8"}},
		"carriage returns":                     {[]byte(strings.ReplaceAll(dispatch, "\n", "\r\n")), Hint{}},
		"spaces that do not break, soft signs": {[]byte(strings.NewReplacer(" ", "\u00a0", "sides", "si\u00addes").Replace(dispatch)), Hint{}},
	} {
		if got := one(t, c.b, c.h).Text; got != want {
			t.Errorf("%s gives\n%q\nwant\n%q", name, got, want)
		}
	}
}

func TestCharsetOfAPage(t *testing.T) {
	const text = "外相は月曜日に電話で会談したと外務省が発表した。"
	page := `<html><head><meta http-equiv="Content-Type" content="text/html; charset=shift_jis"></head><body><p>` + text + `</p></body></html>`
	b, err := japanese.ShiftJIS.NewEncoder().Bytes([]byte(page))
	if err != nil {
		t.Fatal(err)
	}
	a := one(t, b, Hint{})
	if a.Text != text || a.Language != "ja" {
		t.Errorf("read %q in %q", a.Text, a.Language)
	}
}

func TestBrokenUTF8IsRepaired(t *testing.T) {
	a := one(t, []byte(strings.Replace(dispatch, "They", "Th\xffey", 1)), Hint{})
	if !strings.Contains(a.Text, "Zürich") || !strings.Contains(a.Text, "Th\ufffdey") {
		t.Errorf("text is %q", a.Text)
	}
	if !strings.Contains(strings.Join(a.Warnings, "\n"), "broken characters: 1 place") {
		t.Errorf("warnings are %q", a.Warnings)
	}
}

func gzipped(t *testing.T, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestGzip(t *testing.T) {
	want := one(t, []byte(dispatch), Hint{}).ID
	if got := one(t, gzipped(t, []byte(dispatch)), Hint{}).ID; got != want {
		t.Errorf("one layer gives %s, want %s", got, want)
	}
	b := []byte(dispatch)
	for range maxWraps + 1 {
		b = gzipped(t, b)
	}
	if _, errs := all(bytes.NewReader(b), Hint{Name: "deep.gz"}); len(errs) != 1 || !strings.Contains(errs[0].Error(), "unpack it first") {
		t.Errorf("too many layers give %v", errs)
	}
}

// What was whole before the break is read; the error comes after it.
func TestTruncatedGzip(t *testing.T) {
	var lines bytes.Buffer
	for i := range 2000 {
		lines.WriteString(`{"id": "` + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + `", "title": "Call ` + strings.Repeat("ab", i%31) + `", "text": "The ministers spoke."}` + "\n")
	}
	b := gzipped(t, lines.Bytes())
	articles, errs := all(bytes.NewReader(b[:len(b)/2]), Hint{Name: "cut.jsonl.gz"})
	if len(articles) == 0 || len(articles) >= 2000 {
		t.Errorf("%d articles of a half", len(articles))
	}
	if len(errs) != 1 || !errors.Is(errs[0], io.ErrUnexpectedEOF) || !strings.HasPrefix(errs[0].Error(), "cut.jsonl.gz: byte ") {
		t.Errorf("errors are %v", errs)
	}
}

func TestErrorsNameFilePlaceAndRemedy(t *testing.T) {
	long := `{"text": "` + strings.Repeat("a ", maxInput/2) + `"}`
	for name, c := range map[string]struct {
		input string
		cause error
		words string
	}{
		"empty":      {"", ErrEmpty, "in: it is empty; give"},
		"blank":      {" \n\n ", ErrNoText, "in: it holds no article text; give"},
		"binary":     {"\x00\x01\x02\x03\x04binary\x00\x00\x05", ErrBinary, "in: it is binary, not text; give"},
		"a picture":  {"\x89PNG\r\n\x1a\n0000", ErrBinary, "in: it is binary"},
		"a long doc": {strings.Repeat("word ", maxInput/5+1), ErrTooBig, "in: the document is too big: more than 8 MB; split it"},
		"much text":  {strings.Repeat("The minister said so.\n\n", maxText/20), ErrTooBig, "in: the article's text is too big: more than 1 MB"},
		"long line":  {long, ErrTooBig, "in: line 1: the line is too big"},
		"bad date":   {`{"text": "They met.", "published": "2016-13-40"}`, detente.ErrDate, `in: line 1: published "2016-13-40": not a date; write YYYY-MM-DD`},
	} {
		articles, errs := all(strings.NewReader(c.input), Hint{Name: "in"})
		var typed *Error
		if len(articles) != 0 || len(errs) != 1 || !errors.Is(errs[0], c.cause) || !errors.As(errs[0], &typed) || !strings.HasPrefix(errs[0].Error(), c.words) {
			t.Errorf("%s: %d articles, errors %v", name, len(articles), errs)
		}
	}
}

func TestReadingGoesOnAfterALongLine(t *testing.T) {
	input := `{"id":"a","text":"` + strings.Repeat("x", maxInput) + "\"}\n" + `{"id":"b","text":"They met."}`
	articles, errs := all(strings.NewReader(input), Hint{})
	if len(errs) != 1 || len(articles) != 1 || articles[0].ID != "b" {
		t.Errorf("%d articles, errors %v", len(articles), errs)
	}
}

func TestDeepPages(t *testing.T) {
	for _, tag := range []string{"div", "b", "table", "ul"} {
		input := "<html><body><p>The envoys met in the harbour on Monday.</p>" + strings.Repeat("<"+tag+">", 50_000) + "<p>They parted as friends in the evening, an aide to one of them said.</p>"
		a := one(t, []byte(input), Hint{})
		if !strings.Contains(a.Text, "met in the harbour") || !strings.Contains(a.Text, "parted as friends") {
			t.Errorf("%s: text is %.200q", tag, a.Text)
		}
	}
}

func TestPublished(t *testing.T) {
	a := one(t, []byte("They met on Monday. It was raining."), Hint{Published: "2016-12-22"})
	if a.Published != "2016-12-22" || len(a.Warnings) != 0 {
		t.Errorf("the hint gives %q with %q", a.Published, a.Warnings)
	}
	a = one(t, []byte(`{"text": "They met.", "published": "2016-12-20"}`), Hint{Published: "2016-12-22"})
	if a.Published != "2016-12-20" {
		t.Errorf("the hint overrides the input: %q", a.Published)
	}
	a = one(t, []byte("They met on Monday."), Hint{})
	if a.Published != "" || len(a.Warnings) != 1 || a.Warnings[0] != noDate {
		t.Errorf("without a date: %q with %q", a.Published, a.Warnings)
	}
}

func TestReadStopsWhenAsked(t *testing.T) {
	n := 0
	for range Read(strings.NewReader(strings.Repeat(`{"text":"They met."}`+"\n", 10)), Hint{}) {
		if n++; n == 3 {
			break
		}
	}
	if n != 3 {
		t.Errorf("read %d", n)
	}
}

// The article that the project began with, where it is at hand: what a reader
// sees as the article is read, once, and nothing else.
func TestFirstArticle(t *testing.T) {
	const name = "../../../shared/data/articles/the-very-cold-war.txt"
	b, err := os.ReadFile(filepath.FromSlash(name))
	if err != nil {
		t.Skip("not at hand:", name)
	}
	a := one(t, b, Hint{Published: "2016-12-22"})
	if !strings.HasPrefix(a.Title, "The very Cold War") || len(a.Highlights) != 4 || len(a.Captions) != 4 {
		t.Errorf("title %q, highlights %q, captions %q", a.Title, a.Highlights, a.Captions)
	}
	for _, s := range []string{"moderated", "house rules", "top commenter", "pictured", "MailOnline"} {
		if strings.Contains(a.Text, s) {
			t.Errorf("%q is in the text", s)
		}
	}
	if n := strings.Count(a.Text, "Putin has spoken previously"); n != 1 {
		t.Errorf("a sentence is read %d times", n)
	}
	if !strings.HasSuffix(a.Text, "secured the presidency.") {
		t.Errorf("the text ends %q", a.Text[len(a.Text)-60:])
	}
}
