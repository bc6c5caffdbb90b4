package event

import (
	"os"
	"slices"
	"strings"
	"testing"

	"detente"
)

// typeFloor and sidesFloor are the shares of our own sentences of all types
// whose first event must have the right type, and the right sides too.
const (
	typeFloor  = 0.94
	sidesFloor = 0.90
)

// TestTypes scores our own sentences: type, and both sides, of the first event.
func TestTypes(t *testing.T) {
	room := newRoom(t)
	b, err := os.ReadFile("testdata/types.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var n, typed, sided int
	for _, line := range strings.Split(string(b), "\n") {
		cols := strings.Split(line, "\t")
		if strings.HasPrefix(line, "#") || len(cols) != 4 || cols[0] == "sentence" {
			continue
		}
		n++
		events := room.read(cols[0], "1994-06-15")
		if len(events) == 0 || !slices.Contains(strings.Split(cols[1], "|"), string(events[0].Type)) {
			t.Logf("TYPE %s: %s [%s]", cols[1], cols[0], toldString(events))
			continue
		}
		typed++
		if hasAll(events[0].Source, events[0].Target, cols[2]) && hasAll(events[0].Target, events[0].Source, cols[3]) {
			sided++
		} else {
			t.Logf("SIDES %s>%s: %s [%s]", cols[2], cols[3], cols[0], toldString(events))
		}
	}
	t.Logf("%d sentences: type of the first event right in %d, its sides too in %d", n, typed, sided)
	if share(typed, n) < typeFloor || share(sided, n) < sidesFloor {
		t.Errorf("below the floors %.2f, %.2f", typeFloor, sidesFloor)
	}
}

// TestThirdGround tells meetings in a country of none of the parties.
func TestThirdGround(t *testing.T) {
	room := newRoom(t)
	for text, want := range map[string]string{
		"The foreign ministers of Ghana and Togo met in Geneva on Monday.":         detente.ThirdParty,
		"The foreign ministers of Ghana and Togo met in Accra on Monday.":          "meeting",
		"Ghana's president met his Togolese counterpart on Monday in the morning.": "meeting",
		"Mali and Niger held talks in Doha on Tuesday.":                            detente.ThirdParty,
	} {
		events := room.read(text, "2023-06-14")
		if len(events) != 1 || events[0].Mode != want {
			t.Errorf("%s: %s, want mode %s", text, toldString(events), want)
		}
	}
}

// hasAll reports that the parties stand on a side; of several, some may stand
// on the other.
func hasAll(side, other []detente.Participant, want string) bool {
	if want == "" {
		return true
	}
	several := strings.Contains(want, ",")
	for _, p := range strings.Split(want, ",") {
		if !hasCode(side, detente.Party(p)) && !(several && hasCode(other, detente.Party(p))) {
			return false
		}
	}
	return true
}
