package source

import (
	"strings"
	"testing"

	"detente"
)

func TestWire(t *testing.T) {
	for _, c := range []struct{ byline, text, want string }{
		{"", "Ministers to meet\n\nBERGEN, May 8 (Reuters) - The ministers of both countries will meet.", "Reuters"},
		{"", "Ministers to meet\n\nBERGEN (AP) — The ministers of both countries will meet.", "Associated Press"},
		{"", "Ministers to meet\n\nMOSCOW, May 8. /TASS/. The ministers of both countries will meet.", "TASS"},
		{"Agence France-Presse", "The ministers will meet.", "Agence France-Presse"},
		{"Jon Smit, Associated Press", "The ministers will meet.", "Associated Press"},
		{"Jon Smit of the Associated Press", "The ministers will meet.", "Associated Press"},
		{"Jon Smit", "The ministers will meet.", ""},
		{"", "The ministers will meet. (AFP)", "Agence France-Presse"},
		{"", "The ministers will meet. – Reuters", "Reuters"},
		{"", "The ministers will meet.\n\nSource: Xinhua", "Xinhua"},
		{"", "The ministers will meet.\n\n© AFP 2019", "Agence France-Presse"},
		{"", "The ministers will meet.\n\nReporting by Jon Smit; Editing by Ann Berg", "Reuters"},
		{"", "The minister told Reuters that they will meet.", ""},
		{"", "The ministers will meet, according to Reuters.", ""},
		{"", "The minister spoke (in Bergen) – and to Interfax on Monday.", ""},
		{"", "The International Atomic Energy Agency (IAEA) - a body of the UN - met.", ""},
		{"", "", ""},
	} {
		a := &detente.Article{Text: c.text}
		if c.byline != "" {
			a.Byline = strings.Split(c.byline, ";")
		}
		if got := Wire(a); got != c.want {
			t.Errorf("%q by %q credits %q, want %q", c.text, c.byline, got, c.want)
		}
	}
	if got := Wire(&detente.Article{Outlet: "Xinhua", Text: "They will meet."}); got != "Xinhua" {
		t.Errorf("an agency's own article credits %q", got)
	}
}
