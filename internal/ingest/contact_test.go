package ingest

import (
	"strings"
	"testing"

	"detente"
)

func TestContactScore(t *testing.T) {
	gold, err := ReadContactGold("gold", strings.NewReader("# a comment\n"+
		"Two met.\tcontact PER-CHL leaders|all meeting happened 2023-06; freeze CHL-PER embassies - happened\n"+
		"Nobody met.\t-\n"))
	if err != nil {
		t.Fatal(err)
	}
	act := func(a, b detente.Party, ch detente.Channel, day detente.Date, f detente.Factuality) detente.Act {
		return detente.Act{Kind: detente.Contact, Dyad: detente.NewDyad(a, b), Channel: ch, Date: day, Factuality: f, Event: "e1"}
	}
	events := []detente.Event{{ID: "e1", Rule: "some-rule"}}
	for _, c := range []struct {
		name     string
		text     int
		acts     []detente.Act
		all      Hits
		dyad     Hits
		clean    int
		complain string
	}{
		{"right", 0, []detente.Act{act("CHL", "PER", "all", "2023-06-12", "happened")}, Hits{1, 1, 1, 1}, Hits{1, 1, 1, 1}, 1, ""},
		{"other channel", 0, []detente.Act{act("CHL", "PER", "military", "2023-06-12", "happened")}, Hits{1, 0, 1, 0}, Hits{1, 1, 1, 1}, 1, "CHL-PER military"},
		{"other day", 0, []detente.Act{act("CHL", "PER", "all", "2023-05-12", "happened")}, Hits{1, 0, 1, 0}, Hits{1, 0, 1, 0}, 0, "some-rule"},
		{"only planned", 0, []detente.Act{act("CHL", "PER", "all", "2023-06-12", "planned")}, Hits{0, 0, 1, 0}, Hits{0, 0, 1, 0}, 1, "CHL-PER leaders"},
		{"false", 1, []detente.Act{act("CHL", "PER", "all", "2023-06-12", "happened")}, Hits{1, 0, 0, 0}, Hits{1, 0, 0, 0}, 0, "some-rule"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var s ContactScore
			misses := s.Add(&gold[c.text], &detente.Record{Acts: c.acts, Events: events})
			if s.All != c.all || s.ByDyad != c.dyad || s.Texts-s.FalseTexts != c.clean {
				t.Errorf("all %+v, dyad %+v, %d clean; want %+v, %+v, %d", s.All, s.ByDyad, s.Texts-s.FalseTexts, c.all, c.dyad, c.clean)
			}
			var said strings.Builder
			for _, m := range misses {
				said.WriteString(m.Act + " " + m.Rule + "\n")
			}
			if !strings.Contains(said.String(), c.complain) || c.complain == "" && len(misses) > 0 {
				t.Errorf("misses %q, want %q", said.String(), c.complain)
			}
		})
	}
}

func TestReadContactGoldRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"No tab":            "gold:1: no tab",
		"X\tcontact":        "gold:1: act",
		"X\tc CHLPER a b h": "no hyphen",
	} {
		if _, err := ReadContactGold("gold", strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
