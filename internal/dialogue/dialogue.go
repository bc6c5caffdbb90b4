// Package dialogue turns events and claims into acts, disputes and the state of
// every channel between two parties.
//
// It is pure and knows no language: what a sentence means has been decided
// before (event); which office talks on which channel and what an act leaves
// behind is written in data/dialogue/*.tsv. Derive reads one article's record;
// Fold reads the items of one dyad from any number of articles, as known on a
// day. Both use the same fold, so an article's own board and the store's agree.
//
// The fold: acts that happened are ordered by date; the last one on a channel
// gives its state. Statements on opposite sides, or a statement that an act in
// the record does not fit, make a dispute, and the channel is disputed until a
// later act or the claimant settles it. Where there is no act, an unopposed
// claim gives the state that it claims, and the rule says that it is a claim.
// Where there is nothing, the state is unknown, never frozen.
package dialogue

import (
	"slices"
	"sort"

	"detente"
)

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
}

// Board is what is known of a dyad on a day.
type Board struct {
	Dyad     detente.Dyad
	AsOf     detente.Date
	Channels []detente.ChannelState // every channel of the codebook, board order; unknown ones included
	Disputes []detente.Dispute
}

// Derive fills rec's Acts, Disputes and Channels from its Events, Claims and
// Statements, and adds to Claims what statements say about acts. Channels
// holds the channels that something was reported of.
func (r *Rules) Derive(rec *detente.Record) {
	rec.Acts = r.acts(rec.Events)
	rec.Claims = append(rec.Claims, actClaims(rec.Acts, len(rec.Claims))...)
	rec.Claims = distinct(rec.Claims)
	rec.Disputes, rec.Channels = []detente.Dispute{}, []detente.ChannelState{}
	items := Items(rec, "")
	for _, d := range dyads(items) {
		b := r.Fold(d, items, "")
		rec.Disputes = append(rec.Disputes, b.Disputes...)
		for _, c := range b.Channels {
			if len(c.Evidence) > 0 {
				rec.Channels = append(rec.Channels, c)
			}
		}
	}
	contest(rec)
}

// contest takes acts that stand word against word out of the record: they are
// alleged, not known to have happened.
func contest(rec *detente.Record) {
	for _, d := range rec.Disputes {
		if d.Finding != detente.WordAgainstWord {
			continue
		}
		for i := range rec.Acts {
			if a := &rec.Acts[i]; a.Factuality == detente.Happened && slices.Contains(d.Contested, a.ID) {
				a.Factuality = detente.Alleged
			}
		}
	}
}

// actClaims makes a claim of every act that a statement tells; n claims stand
// before them.
func actClaims(acts []detente.Act, n int) []detente.Claim {
	var out []detente.Claim
	for _, a := range acts {
		denied := a.Factuality == detente.DeniedHappened
		if a.Statement == "" || a.Factuality == detente.Planned || a.Factuality == detente.CalledFor {
			continue
		}
		n++
		out = append(out, detente.Claim{ID: detente.ClaimID(detente.Numbered("c", n)), Statement: a.Statement, Dyad: a.Dyad,
			Channel: a.Channel, State: detente.Unknown, Act: a.ID, Denies: denied, Sentence: a.Sentence, Span: a.Span, Rule: "act-told"})
	}
	return out
}

// distinct drops claims that repeat another's statement, channel and state.
func distinct(claims []detente.Claim) []detente.Claim {
	type key struct {
		st    detente.StatementID
		dyad  detente.Dyad
		ch    detente.Channel
		state detente.State
		act   detente.ActID
		sent  int
	}
	seen := map[key]bool{}
	out := make([]detente.Claim, 0, len(claims))
	for _, c := range claims {
		k := key{c.Statement, c.Dyad, c.Channel, c.State, c.Act, c.Sentence}
		if !seen[k] {
			seen[k] = true
			out = append(out, c)
		}
	}
	return out
}

// Items lists rec's acts and claims for Fold; prefix ("ARTICLE#") qualifies
// the ids.
func Items(rec *detente.Record, prefix string) []Item {
	by := make(map[detente.StatementID]*detente.Statement, len(rec.Statements))
	for i := range rec.Statements {
		by[rec.Statements[i].ID] = &rec.Statements[i]
	}
	told := func(it Item, id detente.StatementID) Item {
		it.Published, it.Outlet = rec.Article.Published, rec.Article.Outlet
		if st := by[id]; st != nil {
			it.Speaker, it.SaidOn = st.Speaker, st.SaidOn
		}
		return it
	}
	var out []Item
	for _, a := range rec.Acts {
		st := a.Statement
		a.ID = detente.ActID(prefix) + a.ID
		a.Event = detente.EventID(prefix) + a.Event
		if a.Statement != "" {
			a.Statement = detente.StatementID(prefix) + a.Statement
		}
		out = append(out, told(Item{ID: string(a.ID), Act: &a}, st))
	}
	for _, c := range rec.Claims {
		st := c.Statement
		c.ID = detente.ClaimID(prefix) + c.ID
		if c.Statement != "" {
			c.Statement = detente.StatementID(prefix) + c.Statement
		}
		if c.Act != "" {
			c.Act = detente.ActID(prefix) + c.Act
		}
		out = append(out, told(Item{ID: string(c.ID), Claim: &c}, st))
	}
	return out
}

// dyads lists the dyads of the items, in order.
func dyads(items []Item) []detente.Dyad {
	var out []detente.Dyad
	for _, it := range items {
		d := it.dyad()
		if !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i][0] != out[j][0] {
			return out[i][0] < out[j][0]
		}
		return out[i][1] < out[j][1]
	})
	return out
}

func (it Item) dyad() detente.Dyad {
	if it.Act != nil {
		return it.Act.Dyad
	}
	return it.Claim.Dyad
}

// Fold computes the board of dyad from items published by asOf (empty: all).
// The order of items does not matter.
func (r *Rules) Fold(dyad detente.Dyad, items []Item, asOf detente.Date) Board {
	var known []*row
	for _, it := range items {
		if it.dyad() == dyad && (asOf == "" || it.Published <= asOf) {
			known = append(known, newRow(it))
		}
	}
	sortRows(known)
	l := newLedger(dyad, known, claimsInText(known))
	b := Board{Dyad: dyad, AsOf: asOf, Disputes: l.disputes()}
	b.Channels = r.states(l, b.Disputes)
	return b
}

func (it Item) sentence() int {
	if it.Act != nil {
		return it.Act.Sentence
	}
	return it.Claim.Sentence
}

// nothingReported is the rule of a channel's state before anything is known.
const nothingReported = "nothing-reported"

// states gives the state of every channel of the codebook, in board order.
func (r *Rules) states(l *ledger, ds []detente.Dispute) []detente.ChannelState {
	denied := map[detente.ActID]bool{} // acts that a dispute calls into question
	for _, d := range ds {
		for _, id := range d.Contested {
			denied[id] = denied[id] || d.Finding == detente.WordAgainstWord
		}
	}
	var out []detente.ChannelState
	for _, ch := range detente.Channels {
		out = append(out, r.state(l, ch, ds, denied))
	}
	return out
}

// state folds the acts on one channel, then looks at claims and disputes.
func (r *Rules) state(l *ledger, ch detente.Channel, ds []detente.Dispute, denied map[detente.ActID]bool) detente.ChannelState {
	cs := detente.ChannelState{Dyad: l.dyad, Channel: ch, State: detente.Unknown, Rule: nothingReported, Evidence: []string{}}
	var lastDay detente.Date
	for _, it := range l.acts[ch] {
		a := it.Act
		if denied[a.ID] {
			continue
		}
		tr, ok := r.transition(a)
		if !ok {
			continue
		}
		if a.Kind == detente.Contact {
			cs.LastContact, cs.LastMode = a.Date, a.Mode
		}
		cs.State, cs.Since, cs.Rule, cs.Evidence = tr.to, a.Date, tr.id, []string{it.ID}
		lastDay = it.day
	}
	claims := l.claims[ch]
	if cs.State == detente.Unknown && len(claims) > 0 { // the latest claim, where no act was reported
		last := claims[len(claims)-1]
		cs.State, cs.Since, cs.Rule, cs.Evidence = last.Claim.State, last.day, "claim-unopposed", []string{last.ID}
	}
	lastClaim := lastDayOf(claims)
	for _, d := range ds {
		if d.Channel != ch || d.Finding == detente.Settled {
			continue
		}
		day := l.disputeDay(d)
		if lastDay > day || lastClaim > day && !near(lastClaim, day) {
			continue // a later act, or a later claim that nobody opposed, says more than the quarrel
		}
		cs.State, cs.Since = detente.Disputed, day
		cs.Rule = "disputed-" + string(d.Finding)
		cs.Evidence = disputeEvidence(d)
	}
	return cs
}

// lastDayOf is the day of the last of claims.
func lastDayOf(claims []*row) (day detente.Date) {
	for _, it := range claims {
		day = max(day, it.day)
	}
	return day
}

func disputeEvidence(d detente.Dispute) []string {
	out := []string{string(d.Claim)}
	for _, c := range d.Against {
		out = append(out, string(c))
	}
	for _, a := range d.Record {
		out = append(out, string(a))
	}
	return out
}
