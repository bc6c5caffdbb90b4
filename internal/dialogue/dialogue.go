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

// day is when the act happened or the claim was made, as far as is known.
func (it Item) day() detente.Date {
	switch {
	case it.Act != nil && it.Act.Date != "":
		return it.Act.Date
	case it.SaidOn != "":
		return it.SaidOn
	}
	return it.Published
}

// Fold computes the board of dyad from items published by asOf (empty: all).
// The order of items does not matter.
func (r *Rules) Fold(dyad detente.Dyad, items []Item, asOf detente.Date) Board {
	b := Board{Dyad: dyad, AsOf: asOf}
	var known []Item
	for _, it := range items {
		if it.dyad() == dyad && (asOf == "" || it.Published <= asOf) {
			known = append(known, it)
		}
	}
	sort.Slice(known, func(i, j int) bool { return before(known[i], known[j]) })
	b.Disputes = r.disputes(dyad, known)
	for _, ch := range detente.Channels {
		b.Channels = append(b.Channels, r.state(dyad, ch, known, b.Disputes))
	}
	return b
}

// before orders items by day, then publication; within a day the lead of an
// article counts as later than what stands further down, since the lead is
// the news and the rest is background.
func before(a, b Item) bool {
	if a.day() != b.day() {
		return a.day() < b.day()
	}
	if a.Published != b.Published {
		return a.Published < b.Published
	}
	if sa, sb := a.sentence(), b.sentence(); sa != sb {
		return sa > sb
	}
	return a.ID < b.ID
}

func (it Item) sentence() int {
	if it.Act != nil {
		return it.Act.Sentence
	}
	return it.Claim.Sentence
}

// state folds the acts on one channel, then looks at claims and disputes.
func (r *Rules) state(dyad detente.Dyad, ch detente.Channel, items []Item, ds []detente.Dispute) detente.ChannelState {
	cs := detente.ChannelState{Dyad: dyad, Channel: ch, State: detente.Unknown, Rule: "nothing-reported", Evidence: []string{}}
	var lastDay detente.Date
	for _, it := range items {
		a := it.Act
		if a == nil || a.Channel != ch || deniedIn(ds, a.ID) {
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
		lastDay = it.day()
	}
	if cs.State == detente.Unknown {
		claimed(&cs, items)
	}
	lastClaim := lastClaimDay(ch, items)
	for _, d := range ds {
		day := disputeDay(d, items)
		if d.Channel != ch || d.Finding == detente.Settled {
			continue
		}
		if lastDay > day || lastClaim > day && !near(lastClaim, day) {
			continue // a later act, or a later claim that nobody opposed, says more than the quarrel
		}
		cs.State, cs.Since = detente.Disputed, disputeDay(d, items)
		cs.Rule = "disputed-" + string(d.Finding)
		cs.Evidence = disputeEvidence(d)
	}
	return cs
}

// deniedIn reports an act that a dispute calls into question.
func deniedIn(ds []detente.Dispute, id detente.ActID) bool {
	for _, d := range ds {
		if d.Finding == detente.WordAgainstWord && slices.Contains(d.Contested, id) {
			return true
		}
	}
	return false
}

// claimed gives the state of the latest claim where no act was reported.
func claimed(cs *detente.ChannelState, items []Item) {
	for _, it := range items {
		c := it.Claim
		if c == nil || c.Channel != cs.Channel || c.Act != "" {
			continue
		}
		cs.State, cs.Since, cs.Rule, cs.Evidence = c.State, it.day(), "claim-unopposed", []string{it.ID}
	}
}

// lastClaimDay is the day of the last claim about a channel's state.
func lastClaimDay(ch detente.Channel, items []Item) (day detente.Date) {
	for _, it := range items {
		if it.Claim != nil && it.Claim.Channel == ch && it.Claim.Act == "" {
			day = max(day, it.day())
		}
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

// disputeDay is the day of the last claim in a dispute.
func disputeDay(d detente.Dispute, items []Item) (day detente.Date) {
	for _, it := range items {
		if it.Claim == nil || it.Claim.ID != d.Claim && !slices.Contains(d.Against, it.Claim.ID) {
			continue
		}
		day = max(day, it.day())
	}
	return day
}
