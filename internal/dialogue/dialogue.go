// Package dialogue turns events and claims into acts, disputes and the state of
// every channel between two parties.
//
// It is pure and knows no language: what a sentence means has been decided
// before (event), and what an act does to a channel is written in
// data/dialogue/*.tsv. Derive reads one article's record; Fold reads the
// items of one dyad from any number of articles, as known on a day. Both use
// the same fold, so an article's own board and the store's board agree.
package dialogue

import "detente"

// Item is one act or one claim as an article told it. ID is unique among the
// items given to Fold ("a1" within one article, "ARTICLE#a1" across articles).
// Exactly one of Act and Claim is set; the ids inside them (Event, Statement,
// Act) are qualified in the same way.
type Item struct {
	ID        string
	Published detente.Date
	Outlet    string
	Act       *detente.Act
	Claim     *detente.Claim
	// Of the statement that tells it; zero where the article itself does.
	Speaker detente.Speaker
	SaidOn  detente.Date
	Denied  bool // the statement denies the claim's content
}

// Board is what is known of a dyad on a day.
type Board struct {
	Dyad     detente.Dyad
	AsOf     detente.Date
	Channels []detente.ChannelState // every channel of the codebook, board order; unknown ones included
	Disputes []detente.Dispute
}

// Derive fills rec's Acts, Disputes and Channels from its Events, Claims and
// Statements, and adds the claims that statements make about acts. Channels
// holds the channels that something was reported of.
func (r *Rules) Derive(rec *detente.Record) {}

// Items lists rec's acts and claims for a dyad-wise Fold; prefix ("ARTICLE#")
// qualifies the ids.
func Items(rec *detente.Record, prefix string) []Item { return nil }

// Fold computes the board of dyad from items published by asOf (empty: all).
// The order of items does not matter.
func (r *Rules) Fold(dyad detente.Dyad, items []Item, asOf detente.Date) Board { return Board{} }

// Rules is what the files of data/dialogue say; read-only.
type Rules struct{}
