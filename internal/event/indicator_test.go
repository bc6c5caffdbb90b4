package event

import (
	"fmt"
	"testing"
	"testing/fstest"

	"detente"
	"detente/data"
	"detente/internal/nlp"
)

// indicatorsOf writes what is found as one readable line each.
func indicatorsOf(t *testing.T, text string, published detente.Date) []string {
	t.Helper()
	model, err := nlp.Default()
	if err != nil {
		t.Fatal(err)
	}
	x, err := LoadIndicators(data.FS)
	if err != nil {
		t.Fatal(err)
	}
	doc := model.Analyze(text, nlp.Options{Published: published})
	var out []string
	for _, ind := range x.Find(doc, nil, published) {
		since := string(ind.Since)
		if since == "" {
			since = ind.SinceText
		}
		out = append(out, fmt.Sprintf("%s %+g %s since %s", ind.Name, ind.Change, ind.Unit, since))
	}
	return out
}

func TestIndicators(t *testing.T) {
	cases := []struct{ text, want string }{
		{"The Kospi index has fallen 6 percent since the presidential election was won by Yoon.", "[Kospi -6 percent since 2022-03-09]"},
		{"The Nikkei is down 3.5 percent since Monday.", "[Nikkei -3.5 percent since 2022-09-26]"},
		{"The Dax index is up more than 5 percent since Macron won the presidency.", "[Dax +5 percent since 2022-04-24]"},
		{"The lira lost 2% against the dollar.", "[lira against the dollar -2 percent since ]"},
		{"Oil rose $4 to $88 a barrel after the announcement.", "[Oil +4 dollars since ]"},
		{"Russian stock prices have risen by 12 per cent.", "[Russian stock prices +12 percent since ]"},
		{"Exports dropped 1,200 points.", "[Exports -1200 points since ]"},
		// what must not be found
		{"The Kospi index will rise 3 percent.", "[]"},
		{"The Kospi index did not fall 3 percent.", "[]"},
		{"The Kospi index is not up 3 percent.", "[]"},
		{"Support for the minister rose 3 percent.", "[]"},
		{"The index closed at 2,400 points.", "[]"},
		{"Twelve ministers met on 3 October.", "[]"},
	}
	for _, c := range cases {
		if got := fmt.Sprint(indicatorsOf(t, c.text, "2022-09-28")); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

// A bare occasion is dated only where the article tells which one is meant.
func TestIndicatorOccasion(t *testing.T) {
	const tail = "The Dax index is up 4 percent since the election."
	for _, c := range []struct{ text, want string }{
		{"Macron met ministers in Paris. " + tail, "[Dax +4 percent since 2022-04-24]"},
		{"Macron and Yoon met in Paris. " + tail, "[Dax +4 percent since the election]"},
		{tail, "[Dax +4 percent since the election]"},
	} {
		if got := fmt.Sprint(indicatorsOf(t, c.text, "2022-09-28")); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

func TestIndicatorStatement(t *testing.T) {
	model, err := nlp.Default()
	if err != nil {
		t.Fatal(err)
	}
	x, err := LoadIndicators(data.FS)
	if err != nil {
		t.Fatal(err)
	}
	const text = "Exports fell 9 percent, the ministry said."
	sts := []detente.Statement{{ID: "s1", Content: []detente.Span{{Start: 0, End: 22}}}}
	found := x.Find(model.Analyze(text, nlp.Options{}), sts, "")
	if len(found) != 1 || found[0].Statement == nil || *found[0].Statement != "s1" {
		t.Fatalf("found %+v, want one indicator of statement s1", found)
	}
	if got := detente.Slice([]rune(text), found[0].Span); got != "Exports fell 9 percent" {
		t.Errorf("span covers %q", got)
	}
}

func TestLoadIndicatorsRefuses(t *testing.T) {
	const words = "series\tindex\n"
	for _, c := range []struct{ words, occasions, want string }{
		{"unit\t%\n", "", "events/indicators.tsv:1: a row is kind, words and, for a unit, its name"},
		{words, "2016-11-31\tUSA\telection\tX\n", `events/occasions.tsv:1: "2016-11-31": not a date; write YYYY-MM-DD`},
		{words, "# a\n2016-11-08\tUSA\telection\tX\n", `events/occasions.tsv:2: kind "election" has no words; add a row "words" for it above`},
	} {
		fsys := fstest.MapFS{
			"events/indicators.tsv": {Data: []byte(c.words)},
			"events/occasions.tsv":  {Data: []byte(c.occasions)},
		}
		if _, err := LoadIndicators(fsys); err == nil || err.Error() != c.want {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}
