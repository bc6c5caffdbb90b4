package web

import (
	"strings"
	"testing"
)

func TestQuote(t *testing.T) {
	long := strings.Repeat("talk and more ", 30)
	for _, c := range []struct {
		citation Citation
		want     string
	}{
		{Citation{Before: "They say ", Words: "all of it is frozen", After: "."}, "all of it is frozen"},
		{Citation{Before: "All of it is ", Words: "frozen", After: ", they say."}, "All of it is frozen, they say."},
		{Citation{Words: "frozen"}, "frozen"},
		{Citation{}, ""},
	} {
		if got := c.citation.Quote(); got != c.want {
			t.Errorf("%+v: %q, want %q", c.citation, got, c.want)
		}
	}
	got := Citation{Before: long, Words: "frozen", After: " " + long}.Quote()
	if !strings.HasPrefix(got, "… ") || !strings.HasSuffix(got, " …") || !strings.Contains(got, "more frozen talk") {
		t.Errorf("%q", got)
	}
	if n := len([]rune(got)); n < 120 || n > 190 {
		t.Errorf("%d characters: %q", n, got)
	}
	for _, word := range strings.Fields(strings.Trim(got, "… ")) {
		if !strings.Contains(" talk and more frozen ", " "+word+" ") {
			t.Errorf("the word %q was cut in %q", word, got)
		}
	}
}
