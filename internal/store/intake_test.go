package store

import "testing"

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
