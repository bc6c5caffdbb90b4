package event

import (
	"testing"

	"detente"
)

// TestNoContact tells governments that talked from people who speak for nobody,
// gatherings of a third, hosts, and what is done as a rule.
func TestNoContact(t *testing.T) {
	room := newRoom(t)
	for _, c := range []struct {
		text string
		want bool
	}{
		{"Officials of Ghana and Togo held talks on Monday.", true},
		{"Bankers from Ghana met bankers from Togo on Monday.", false},
		{"Ghanaians met Togolese at the fair on Monday.", false},
		{"The Ghanaian firm Adom met Togo's trade minister on Monday.", false},
		{"Ghana's president visited Togo on Monday.", true},
		{"Tourists from Ghana visited Togo on Monday.", false},
		{"Ghana's president visits Togo every weekend.", false},
		{"Ghana's finance minister and Togo's finance minister attended the annual meeting of the World Bank.", false},
		{"Ghana hosted talks with Togo on Monday.", true},
		{"The presidents of Ghana and Togo flew to Doha. The two leaders met on Monday.", true},
		{"Ghana and Togo opened their border. The weather was fine. Farmers were glad. The market was full. They met on Monday.", false},
	} {
		got := false
		events := room.read(c.text, "2023-06-14")
		for _, e := range events {
			got = got || e.Act == detente.Contact && e.Factuality == detente.Happened
		}
		if got != c.want {
			t.Errorf("%s: contact %t, want %t (%s)", c.text, got, c.want, toldString(events))
		}
	}
}

// TestHosts: who hosts the talks of others is none of those who talked.
func TestHosts(t *testing.T) {
	room := newRoom(t)
	text := "Ghana hosted talks between Mali and Niger on Monday."
	for _, e := range room.read(text, "2023-06-14") {
		if e.Act == detente.Contact && (hasCode(e.Source, "GHA") || hasCode(e.Target, "GHA")) {
			t.Errorf("%s: %s", text, toldString([]detente.Event{e}))
		}
	}
}

// A denial of one side's account denies what that side told, not what another did.
func TestDenialOfAnAccount(t *testing.T) {
	room := newRoom(t)
	for _, c := range []struct {
		text string
		want bool
	}{
		{"Ghana's foreign minister phoned his Togolese counterpart on Monday. The report was not true, a Togolese spokesman said.", true},
		{"Ghana's foreign minister phoned his Togolese counterpart on Monday. A Ghanaian spokesman said that the Togolese statement about the ship was not true.", false},
		{"Togo's foreign minister said that he had met Ghana's president on Monday. A Ghanaian spokesman said that the Togolese statement was not true.", true},
	} {
		denied := false
		for _, e := range room.read(c.text, "2023-06-14") {
			denied = denied || e.Act != "" && e.Factuality == detente.DeniedHappened
		}
		if denied != c.want {
			t.Errorf("%s\ndenied: %v, want %v", c.text, denied, c.want)
		}
	}
}
