package nlp

import (
	"os"
	"strings"
	"testing"

	"detente"
)

// testModel is the embedded model.
func testModel(t testing.TB) *Model {
	t.Helper()
	m, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestWordLists(t *testing.T) {
	for _, lists := range []map[string]phrases{timePhrases(), corefPhrases(), givenPhrases()} {
		for name, section := range lists {
			if len(section) == 0 {
				t.Errorf("section %s is empty", name)
			}
		}
	}
}

func TestTimeGold(t *testing.T) {
	const floor = 0.95
	f, err := os.Open("testdata/time.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	golds, err := ReadTimeGold(f)
	if err != nil {
		t.Fatal(err)
	}
	m := testModel(t)
	var total TimeScore
	for _, g := range golds {
		doc := m.Analyze(g.Text, Options{Published: g.Published})
		total.Add(ScoreTimes(doc, g, func(w TimeWant, got *Time) {
			t.Logf("%s: want %+v, read %+v", g.ID, w, got)
		}))
	}
	if share := float64(total.Normalised) / float64(total.Gold); share < floor {
		t.Errorf("%d of %d expressions right, %.3f; want %.2f", total.Normalised, total.Gold, share, floor)
	}
	if share := float64(total.Right) / float64(total.Read); share < floor {
		t.Errorf("%d of %d dates read are right, %.3f; want %.2f", total.Right, total.Read, share, floor)
	}
}

// Without a publication date nothing is resolved that needs one.
func TestUndatedTextHasNoAnchor(t *testing.T) {
	doc := testModel(t).Analyze("The envoy left yesterday and returns on Monday, next week, in May or three days later. He came in 2012.", Options{})
	if len(doc.Times) < 5 {
		t.Fatalf("read %v; want six expressions", doc.Times)
	}
	for _, x := range doc.Times[:len(doc.Times)-1] {
		if x.Value != "" || x.From != "" {
			t.Errorf("%+v is resolved without a publication date", x)
		}
	}
	if last := doc.Times[len(doc.Times)-1]; last.Value != "2012" {
		t.Errorf("the year is read as %+v", last)
	}
}

// A paragraph that is a full date dates the text.
func TestDateline(t *testing.T) {
	const text = "Bridge reopens\n\nFriday, 4 March 2016\n\nThe bridge was opened on Wednesday, the mayor said."
	for published, want := range map[detente.Date]string{"": "2016-03-02", "2016-03-05": "2016-03-02", "2019-05-06": "2019-05-01"} {
		doc := testModel(t).Analyze(text, Options{Published: published})
		if got := doc.Times[len(doc.Times)-1].Value; got != want {
			t.Errorf("published %q: Wednesday is %s, want %s", published, got, want)
		}
	}
}

// The word asked for is marked with *: the date of its clause follows.
func TestTimeNear(t *testing.T) {
	for _, c := range []struct{ text, near, since string }{
		{"The ministers *spoke by phone on Tuesday, the ministry said on Wednesday.", "2022-05-10", ""},
		{"The ministers spoke by phone on Tuesday, the ministry *said on Wednesday.", "2022-05-11", ""},
		{"They held a *call on Tuesday.", "2022-05-10", ""},
		{"They *held a call on Tuesday.", "2022-05-10", ""},
		{"The *meeting took place on Monday.", "2022-05-09", ""},
		{"Monday's *meeting was short.", "2022-05-09", ""},
		{"He *spoke of a visit for the first time since February 18.", "", "2022-02-18"},
		{"The spokesman *said that the convoy had left on Sunday.", "", ""},
		{"The spokesman said that the convoy had *left on Sunday.", "2022-05-08", ""},
		{"The chancellor will *visit Rome next week.", "2022-W20", ""},
		{"The chancellor plans to *visit Rome on Monday.", "2022-05-16", ""},
		{"Norway *suspended the talks on Monday and recalled its ambassador.", "2022-05-09", ""},
		{"Norway suspended the talks on Monday and *recalled its ambassador.", "2022-05-09", ""},
		{"The border will *stay closed until Friday.", "", ""},
		{"The ambassador *denied that any letter had been sent after last week's strikes.", "", ""},
		{"The *talks that were held on Saturday brought no result.", "2022-05-07", ""},
		{"The talks *held on Saturday brought no result.", "2022-05-07", ""},
		{"The aide *said Monday's meeting was short.", "", ""},
		{"The siege *lasted three weeks.", "", ""},
		{"The ministers *speak by phone every week.", "", ""},
	} {
		before, after, _ := strings.Cut(c.text, "*")
		doc := testModel(t).Analyze(before+after, Options{Published: "2022-05-13"})
		w := 0
		for w < len(doc.Words) && doc.Words[w].Start < len(before) {
			w++
		}
		if got := valueOf(doc.TimeNear(w)); got != c.near {
			t.Errorf("%s\n\tdated %q, want %q", c.text, got, c.near)
		}
		if got := valueOf(doc.SinceOf(w)); got != c.since {
			t.Errorf("%s\n\tsince %q, want %q", c.text, got, c.since)
		}
		if set, want := doc.SetOf(w) != nil, strings.Contains(c.text, "every"); set != want {
			t.Errorf("%s\n\tas a rule %t, want %t", c.text, set, want)
		}
	}
}

func valueOf(t *Time) string {
	if t == nil {
		return ""
	}
	return t.Value
}

func TestCalendar(t *testing.T) {
	day := func(s detente.Date) period {
		d, ok := s.Time()
		if !ok {
			t.Fatalf("%q is no date", s)
		}
		return dayPeriod(d)
	}
	for _, c := range []struct{ got, want period }{
		{periodOf(unitDay, addMonths(day("2016-01-31").from, 1)), day("2016-02-29")},
		{weekdayFrom(day("2016-12-22"), 4, 0, true), day("2016-12-22")},
		{weekdayFrom(day("2016-12-22"), 4, -1, true), day("2016-12-15")},
		{weekdayFrom(day("2016-12-22"), 4, 1, false), day("2016-12-29")},
		{periodOf(unitMonth, day("2015-12-31").from).shift(2), monthPeriod(2016, 2)},
	} {
		if c.got.value != c.want.value || !c.got.from.Equal(c.want.from) {
			t.Errorf("got %s, want %s", c.got.value, c.want.value)
		}
	}
	if w := periodOf(unitWeek, day("2021-01-01").from); w.value != "2020-W53" || !w.from.Equal(day("2020-12-28").from) {
		t.Errorf("the week of 1 January 2021 is %s from %s", w.value, w.from)
	}
	if p := spanPeriod(day("2016-05-05"), day("2016-05-03")); p.known() {
		t.Errorf("a span that ends before it begins is %s", p.value)
	}
}

func FuzzTimeGold(f *testing.F) {
	f.Add("2016-12-22 They spoke on {2016-12-20|Tuesday}.\n- {SINCE:=the war|the {?|war}}")
	f.Fuzz(func(t *testing.T, s string) {
		golds, err := ReadTimeGold(strings.NewReader(s))
		if err != nil {
			return
		}
		for _, g := range golds {
			for _, w := range g.Want {
				if w.Start < 0 || w.End < w.Start || w.End > len(g.Text) {
					t.Fatalf("mark %d–%d outside of %q", w.Start, w.End, g.Text)
				}
			}
		}
	})
}

func FuzzGUM(f *testing.F) {
	f.Add("<text id=\"a\" dateCreated=\"2016-12-22\">\n<p>\n<s>\n<date when=\"2016\">\n2016\tCD\n</date>\n</s>\n</p>\n</text>")
	f.Fuzz(func(t *testing.T, s string) {
		g, err := ReadGUM(strings.NewReader(s))
		if err != nil {
			return
		}
		for _, w := range g.Want {
			if w.Start < 0 || w.End < w.Start || w.End > len(g.Text) {
				t.Fatalf("mark %d–%d outside of %q", w.Start, w.End, g.Text)
			}
		}
	})
}
