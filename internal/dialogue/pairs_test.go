package dialogue

import (
	"testing"

	"detente"
)

// TestPairs: those on one side of a contact meet each other only where there is
// no other side.
func TestPairs(t *testing.T) {
	side := func(ps ...detente.Party) (out []detente.Participant) {
		for _, p := range ps {
			out = append(out, detente.Participant{Party: p, Sectors: []string{"GOV"}})
		}
		return out
	}
	for _, c := range []struct {
		name     string
		src, dst []detente.Participant
		want     int
	}{
		{"three together", side("CHL", "PER", "BOL"), nil, 3},
		{"two to a third", side("CHL", "PER"), side("BOL"), 2},
		{"one with itself", side("CHL"), side("CHL"), 0},
		{"a company", side("CHL"), []detente.Participant{{Party: "PER", Sectors: []string{"BUS"}}}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := pairs(&detente.Event{Act: detente.Contact, Source: c.src, Target: c.dst}); len(got) != c.want {
				t.Errorf("pairs %v, want %d", got, c.want)
			}
		})
	}
}
