package indicator

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"detente"
)

func TestParse(t *testing.T) {
	for _, test := range []struct{ name, in, want string }{
		{"names above", "date,value\n2020-05-04,2.5\n2020-05-01,1\n", "2020-05-01 1, 2020-05-04 2.5"},
		{"no names", "2020-05-01,-1e3\n\n2020-05-02, 0\n", "2020-05-01 -1000, 2020-05-02 0"},
		{"gaps", "DATE,MICEX\n2020-05-01,1\n2020-05-02,.\n2020-05-03,\n2020-05-04,4\n", "2020-05-01 1, 2020-05-04 4"},
		{"mark of order, CRLF, quotation marks", "\uFEFF\"Date\",\"Close\"\r\n\"2020-05-01\",\"1.5\"\r\n", "2020-05-01 1.5"},
		{"mark of order before a date", "\uFEFF2020-05-01,1\n", "2020-05-01 1"},
		{"wrong day", "date,value\n2020-05-01,1\n2020-02-30,1\n", `s.csv:3: date "2020-02-30": not a date`},
		{"other order of dates", "01.05.2020,1\n", `s.csv:1: date "01.05.2020": not a date; write YYYY-MM-DD`},
		{"names twice", "date,value\ndate,value\n", `s.csv:2: date "date": not a date`},
		{"thousands", "2020-05-01,\"1,000\"\n", `s.csv:1: value "1,000" is no number`},
		{"not a number", "2020-05-01,NaN\n", `s.csv:1: value "NaN" is no number`},
		{"endless", "2020-05-01,inf\n", `s.csv:1: value "inf" is no number`},
		{"hexadecimal", "2020-05-01,0x10\n", `s.csv:1: value "0x10" is no number`},
		{"day twice", "2020-05-01,1\n2020-05-02,1\n2020-05-01,1\n", "s.csv:3: 2020-05-01 is there already, in line 1"},
		{"three cells", "date,value\n2020-05-01,1,2\n", "s.csv:2: 3 cells; write a date and a value"},
		{"semicolons", "2020-05-01;1\n", "s.csv:1: 1 cells; write a date and a value, divided by a comma"},
		{"open quotation", "2020-05-01,1\n\"2020-05-02,1\n", "s.csv:2: extraneous or missing"},
		{"nothing", "date,value\n", "s.csv: no values"},
		{"empty", "", "s.csv: no values"},
	} {
		values, err := Parse(strings.NewReader(test.in), "s.csv")
		got := shown(values)
		if err != nil {
			got = err.Error()
		}
		if err == nil && got != test.want || err != nil && !strings.Contains(got, test.want) {
			t.Errorf("%s: %s\nwant %s", test.name, got, test.want)
		}
	}
	many := strings.Builder{}
	for day := detente.Date("1500-01-01"); many.Len() < 13*(MaxValues+2); day = day.AddDays(1) {
		many.WriteString(string(day) + ",1\n")
	}
	if _, err := Parse(strings.NewReader(many.String()), "s.csv"); err == nil || !strings.Contains(err.Error(), "s.csv:100001: more than 100000 values") {
		t.Errorf("too many: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("date,value\n2020-05-01,1\n")
	f.Add("\"")
	f.Fuzz(func(t *testing.T, s string) {
		values, err := Parse(strings.NewReader(s), "s.csv")
		if err != nil {
			if !strings.HasPrefix(err.Error(), "s.csv:") {
				t.Errorf("%q: %v names no place", s, err)
			}
			return
		}
		for i, v := range values {
			if _, err := detente.ParseDate(string(v.Date)); err != nil || i > 0 && v.Date <= values[i-1].Date || math.IsNaN(v.Value) {
				t.Errorf("%q: %+v", s, values)
			}
		}
	})
}

func shown(values []detente.Value) string {
	var parts []string
	for _, v := range values {
		parts = append(parts, string(v.Date)+" "+trimmed(v.Value))
	}
	return strings.Join(parts, ", ")
}

// week is a series of two weeks of trade with a holiday on Thursday 7 May.
var week = []detente.Value{
	{Date: "2020-05-01", Value: 100}, // Friday
	{Date: "2020-05-04", Value: 110}, // Monday
	{Date: "2020-05-05", Value: 99},
	{Date: "2020-05-06", Value: 120},
	{Date: "2020-05-08", Value: 150}, // Friday
	{Date: "2020-05-11", Value: 75},
	{Date: "2020-05-12", Value: 80},
}

func TestRebase(t *testing.T) {
	got, percent := Rebase(Within(week, "2020-05-02", "2020-05-06"), week[1])
	if !percent || shown(got) != "2020-05-04 100, 2020-05-05 90, 2020-05-06 109.0909" {
		t.Errorf("%v, %s", percent, shown(got))
	}
	spread := []detente.Value{{Date: "2020-05-01", Value: -2}, {Date: "2020-05-04", Value: 3}}
	if got, percent := Rebase(spread, spread[0]); percent || shown(got) != "2020-05-01 0, 2020-05-04 5" {
		t.Errorf("below zero: %v, %s", percent, shown(got))
	}
	for _, test := range []struct{ from, to, want string }{
		{"2020-05-07", "2020-05-07", ""}, {"2020-05-08", "2020-05-08", "2020-05-08 150"}, {"2021-01-01", "2022-01-01", ""}, {"2020-05-09", "2020-05-01", ""},
	} {
		if got := shown(Within(week, detente.Date(test.from), detente.Date(test.to))); got != test.want {
			t.Errorf("%s to %s: %s", test.from, test.to, got)
		}
	}
}

// TestStudy follows cases by hand. The change on Sunday 3 May has its day 0 on
// Monday; that on the holiday on Friday 8 May.
func TestStudy(t *testing.T) {
	changes := []Change{
		{On: "2020-05-03", To: detente.Frozen, From: detente.Open},
		{On: "2020-05-07", To: detente.Open, From: detente.Frozen},
		{On: "2020-05-08", To: detente.Frozen, From: detente.Open},
		{On: "2020-05-01", To: detente.Open, From: detente.Frozen},   // the series begins too late
		{On: "2020-05-12", To: detente.Frozen, From: detente.Open},   // and ends too early
		{On: "2020-05-30", To: detente.Disputed, From: detente.Open}, // no value near
	}
	res := Study(week, changes, []Window{{-1, 1}})
	if !res.Percent || len(res.Cases) != len(changes) {
		t.Fatalf("%+v", res)
	}
	for i, want := range []string{
		"2020-05-04: 100 on 2020-05-01, 99 on 2020-05-05, -1",    // 99/100 - 1
		"2020-05-08: 120 on 2020-05-06, 75 on 2020-05-11, -37.5", // 75/120 - 1
		"2020-05-08: 120 on 2020-05-06, 75 on 2020-05-11, -37.5",
		"the series begins within the window", "the series ends within the window", "no value within 7 days",
	} {
		c := res.Cases[i]
		got := c.Left
		if got == "" {
			got = string(c.Zero) + ": " + trimmed(c.First.Value) + " on " + string(c.First.Date) + ", " + trimmed(c.Last.Value) + " on " + string(c.Last.Date) + ", " + trimmed(c.Moved)
		}
		if got != want {
			t.Errorf("case %d: %s\nwant    %s", i+1, got, want)
		}
	}
	// By hand, of every day from the second to the last but one: 99/100, 120/110,
	// 150/99, 75/120, 80/150 less 1, in percent: -1, 9.0909, 51.5152, -37.5, -46.6667.
	// In order -46.6667, -37.5, -1, 9.0909, 51.5152: quartiles are the second and fourth.
	for i, want := range []Row{
		{To: detente.Disputed, Left: 1},
		{To: detente.Frozen, Cases: 2, Left: 1, Median: -19.25, Lower: -28.375, Upper: -10.125},
		{To: detente.Open, Cases: 1, Left: 1, Median: -37.5, Lower: -37.5, Upper: -37.5},
		{Cases: 3, Left: 3, Overlap: 1, Median: -37.5, Lower: -37.5, Upper: -19.25},
		{All: true, Cases: 5, Median: -1, Lower: -37.5, Upper: 9.090909},
	} {
		want.Window = Window{-1, 1}
		got := res.Rows[i]
		if math.Abs(got.Median-want.Median) > 1e-6 || math.Abs(got.Lower-want.Lower) > 1e-6 || math.Abs(got.Upper-want.Upper) > 1e-6 {
			t.Errorf("row %d: %+v\nwant %+v", i+1, got, want)
		}
		got.Median, got.Lower, got.Upper = want.Median, want.Lower, want.Upper
		if got != want {
			t.Errorf("row %d: %+v\nwant %+v", i+1, got, want)
		}
	}
	if len(res.Rows) != 5 {
		t.Errorf("%d rows", len(res.Rows))
	}
}

// TestStudyInUnits: of a series that is not above zero, changes are differences.
func TestStudyInUnits(t *testing.T) {
	spread := []detente.Value{{Date: "2020-05-01", Value: -2}, {Date: "2020-05-04", Value: 3}, {Date: "2020-05-05", Value: 0.5}}
	res := Study(spread, []Change{{On: "2020-05-01", To: detente.Open}}, []Window{{0, 1}, {0, 2}})
	if res.Percent || res.Cases[0].Moved != 5 || res.Cases[1].Moved != 2.5 || len(res.Rows) != 6 || res.Rows[3].Median != 2.5 {
		t.Errorf("%+v", res)
	}
	if res := Study(spread, nil, []Window{{0, 1}}); len(res.Rows) != 2 || res.Rows[0].Cases != 0 || res.Rows[1].Cases != 2 {
		t.Errorf("without changes: %+v", res)
	}
}

func TestWindow(t *testing.T) {
	for in, want := range map[string]string{"-5:20": "-5:20", " 0 : 1": "0:1", "+1:2": "1:2", "1": "", "2:1": "", "1:1": "", "a:b": "", "0:1001": "", "": ""} {
		w, err := ParseWindow(in)
		if err == nil && w.String() != want || err != nil && want != "" {
			t.Errorf("%q: %v, %v; want %q", in, w, err, want)
		}
	}
}

func TestName(t *testing.T) {
	for name, good := range map[string]bool{"Micex": true, "S&P 500 – Høyre": true, "": false, " x": false, "a\nb": false, strings.Repeat("é", 80): true, strings.Repeat("x", 81): false, "\xff": false} {
		if err := CheckName(name); (err == nil) != good {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// trimmed writes a number with at most four decimals.
func trimmed(x float64) string { return strconv.FormatFloat(math.Round(x*1e4)/1e4, 'f', -1, 64) }
