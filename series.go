package detente

// Series is what was known of a dyad, day by day, as of the days from From on:
// what the fold gives and what a store keeps. Ids in it are qualified
// ("ARTICLE#a1"). Days are known-on days, not those of the acts.
type Series struct {
	Dyad     Dyad           `json:"dyad"`
	From     Date           `json:"from,omitempty"` // empty: from the first report on
	Rules    string         `json:"rules"`          // version of the rules of the fold
	Channels []ChannelSpell `json:"channels"`       // by channel in board order, then by day
	Disputes []DisputeSpell `json:"disputes"`       // by day, then the latest quarrel first
	Counts   []Count        `json:"counts"`         // by day
	// Ended are disputes known before From that were no longer so on a later
	// day; empty where From is.
	Ended []DisputeSpell `json:"ended,omitempty"`
}

// ChannelSpell is a channel's state as it was known from one day until another;
// it ends where the same channel's next begins. Before the first nothing was
// reported.
type ChannelSpell struct {
	ChannelState
	First Date `json:"first"` // known so from this day on
	Turn  bool `json:"turn"`  // the state is another than before, not its evidence alone
}

// DisputeSpell is a dispute as it was known from one day until another.
type DisputeSpell struct {
	Dispute
	Day   Date `json:"day"`             // of the last claim in it
	First Date `json:"first,omitempty"` // known so from this day on; empty in Ended
	Until Date `json:"until,omitempty"` // no longer so from this day on; empty: still so
}

// Count is how much had been reported of a dyad by the end of a day.
type Count struct {
	Day     Date `json:"day"`
	Reports int  `json:"reports"` // articles that tell an act or a claim
	Origins int  `json:"origins"` // independent ones among them
	Latest  Date `json:"latest"`  // known-on day of the latest of them; empty: none is left
}
