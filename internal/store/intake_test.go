package store

import (
	"slices"
	"testing"
	"time"

	"detente"
)

func TestAddressOf(t *testing.T) {
	for raw, want := range map[string]string{
		"https://www.Paper.example/a/talks/":                     "paper.example/a/talks",
		"http://paper.example:80/a/talks#comments":               "paper.example/a/talks",
		"https://paper.example/a/talks?utm_source=rss&UTM_x=1":   "paper.example/a/talks",
		"https://paper.example/a?id=7&fbclid=x":                  "paper.example/a?id=7",
		"https://paper.example/?p=12":                            "paper.example?p=12",
		"https://paper.example:8080/a":                           "paper.example:8080/a",
		"https://paper.example/":                                 "",
		"https://paper.example/?utm_source=rss":                  "",
		"file:///home/me/a.html":                                 "",
		"":                                                       "",
		"talks.html":                                             "",
		"https://paper.example/%41?b=2&a=1":                      "paper.example/%41?a=1&b=2",
		"https://paper.example/Talks":                            "paper.example/Talks",
		"https://m.paper.example/talks?at_medium=x&at_campaign=": "m.paper.example/talks",
	} {
		if got := AddressOf(raw); got != want {
			t.Errorf("%q gives %q, want %q", raw, got, want)
		}
	}
}

func TestSucceed(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2020, 5, n, 10, 0, 0, 0, time.UTC) }
	for name, c := range map[string]struct {
		alone []detente.Date
		read  []time.Time
		want  []detente.Date
	}{
		"one":                       {[]detente.Date{"2020-05-01"}, []time.Time{day(9)}, []detente.Date{"2020-05-01"}},
		"its own date":              {[]detente.Date{"2020-05-01", "2020-05-03"}, []time.Time{day(9), day(9)}, []detente.Date{"2020-05-01", "2020-05-03"}},
		"the date of the first":     {[]detente.Date{"2020-05-01", "2020-05-01"}, []time.Time{day(1), day(4)}, []detente.Date{"2020-05-01", "2020-05-04"}},
		"read from an archive":      {[]detente.Date{"2020-05-01", "2020-05-01", "2020-05-03"}, []time.Time{day(9), day(9), day(9)}, []detente.Date{"2020-05-01", "2020-05-03", "2020-05-03"}},
		"read before its own date":  {[]detente.Date{"2020-05-05", "2020-05-05"}, []time.Time{day(1), day(2)}, []detente.Date{"2020-05-05", "2020-05-05"}},
		"changed again on each day": {[]detente.Date{"2020-05-01", "2020-05-01", "2020-05-01"}, []time.Time{day(1), day(2), day(3)}, []detente.Date{"2020-05-01", "2020-05-02", "2020-05-03"}},
	} {
		if got := Succeed(c.alone, c.read); !slices.Equal(got, c.want) {
			t.Errorf("%s: known on %v, want %v", name, got, c.want)
		}
	}
}
