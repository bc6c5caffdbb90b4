package dialogue

import (
	"testing"

	"detente"
)

// TestUndated: two who say the opposite in an article without a date stand
// against each other; nothing is known of one of them being later.
func TestUndated(t *testing.T) {
	dyad := detente.NewDyad("AAA", "BBB")
	claim := func(id string, state detente.State, party detente.Party) Item {
		return Item{ID: id, Speaker: detente.Speaker{Name: "of " + string(party), Party: party},
			Claim: &detente.Claim{ID: detente.ClaimID(id), Statement: detente.StatementID("s" + id), Dyad: dyad, Channel: detente.ChannelAll, State: state}}
	}
	board := load(t).Fold(dyad, []Item{claim("c1", detente.Frozen, "AAA"), claim("c2", detente.Open, "BBB")}, "")
	if got := board.Channels[0]; got.Channel != detente.ChannelAll || got.State != detente.Disputed {
		t.Errorf("%s is %s, want disputed", got.Channel, got.State)
	}
	if len(board.Disputes) != 1 || board.Disputes[0].Finding != detente.WordAgainstWord {
		t.Errorf("disputes %+v", board.Disputes)
	}
}
