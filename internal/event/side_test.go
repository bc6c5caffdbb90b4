package event

import "testing"

// Deeds of things and firms, and deeds of which a sentence does not say who did
// them, are none of the states that it names besides.
func TestDeedsOfNobody(t *testing.T) {
	room := newRoom(t)
	for _, c := range []struct {
		text string
		want bool
	}{
		{"The rise in the value of the dollar has hit exporters in Ghana.", false},
		{"Dealers said the Oslo bourse rejected the bid.", false},
		{"A shortage of funds forced the Kenyan government to drop the dam.", false},
		{"Togo's army hit a village in Benin.", true},
		{"Norway rejected the Danish bid.", true},
		{"The Ghanaian army forced the Togolese government to leave.", true},
	} {
		if got := len(room.read(c.text, "2015-05-04")) > 0; got != c.want {
			t.Errorf("%q: events told %v, want %v", c.text, got, c.want)
		}
	}
}
