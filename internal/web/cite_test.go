package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"detente"
)

func TestReference(t *testing.T) {
	doc := page(t, handler(t, shelf(t)...), "/statements/quarrel/s1?as_of=2018-03-14", http.StatusOK)
	cites := texts(all(doc, "pre.cite"))
	if len(cites) != 2 {
		t.Fatalf("%d citations", len(cites))
	}
	for _, want := range []string{
		"Pyotr Danilov (foreign ministry spokesman), 13 Mar 2018, via Northern Radio (interview) and Meridian (agency), in “Moscow sees the lines to Washington go dead”, The Courier, 14 Mar 2018, https://quarrel.example/story. ",
		"Characters 45–86 of the text with SHA-256 ",
		"codebook 1, program dev, model m1, rules r1: http://example.com/statements/quarrel/s1",
	} {
		if !strings.Contains(cites[0], want) {
			t.Errorf("%q has no %q", cites[0], want)
		}
	}
	for _, want := range []string{"@misc{detente-", "author = {{Pyotr Danilov}}", "title = {{Moscow sees the lines to Washington go dead}}", "date = {2018-03-13}", "url = {https://quarrel.example/story}"} {
		if !strings.Contains(cites[1], want) {
			t.Errorf("%q has no %q", cites[1], want)
		}
	}
}

// Whatever stands in an article, the entry's braces pair and nothing in it is
// a command.
func TestBibTeXEscapes(t *testing.T) {
	v := &Statement{TextHash: strings.Repeat("0", 64), Statement: detente.Statement{ID: "s}1", Speaker: detente.Speaker{Name: `A {B} \C`}},
		Article: detente.Article{Title: "100% of {us} & \\input{x}\n} @misc", Outlet: "O_K~^#$", URL: "https://x.example/{a}\\b"}}
	got := bibTeX(v, "https://here.example/s%7D1", detente.Versions{})
	depth := 0
	for _, r := range regexp.MustCompile(`\\[\\{}]`).ReplaceAllString(got, "") {
		switch r {
		case '{':
			depth++
		case '}':
			depth--
		}
		if depth < 0 {
			t.Fatalf("a brace closes what none opened:\n%s", got)
		}
	}
	if depth != 0 || strings.Contains(got, `\input`) || strings.Contains(got, `\C`) || !strings.HasPrefix(got, "@misc{detente-000000000000-s1,\n") {
		t.Errorf("%s", got)
	}
}
