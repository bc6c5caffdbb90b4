package dialogue

import "detente"

// recordDays is how many days before a claim an act may lie and still be held
// against it: a claim speaks of how things are, not of last year.
const recordDays = 31

// disputes finds what is in dispute between two parties: one dispute a quarrel
// about a channel's state, one a contested act.
func (l *ledger) disputes() []detente.Dispute {
	out := []detente.Dispute{}
	for _, ch := range detente.Channels {
		for _, claims := range quarrels(l.sides[ch]) {
			if d, ok := l.stateDispute(ch, claims); ok {
				out = append(out, d)
			}
		}
	}
	return append(out, l.actDisputes()...)
}

// side tells the two sides of a quarrel about a state apart: +1 talking goes
// on, -1 it has stopped, 0 neither.
func side(s detente.State) int {
	switch s {
	case detente.Open:
		return 1
	case detente.Frozen, detente.Severed:
		return -1
	}
	return 0
}

// quarrels groups claims about a channel's state, in text order: one that comes
// more than recordDays after the last begins a new quarrel.
func quarrels(claims []*row) [][]*row {
	var out [][]*row
	for i, it := range claims {
		if i == 0 || !nearRows(claims[i-1], it) {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], it)
	}
	return out
}

// stateDispute lays the first claim of a quarrel beside what others said
// against it and the record.
func (l *ledger) stateDispute(ch detente.Channel, claims []*row) (detente.Dispute, bool) {
	for i, it := range claims {
		d := detente.Dispute{Dyad: l.dyad, Channel: ch, Claim: it.Claim.ID, Against: []detente.ClaimID{}, Record: []detente.ActID{}}
		settled := false
		for _, o := range claims[i+1:] {
			if side(o.Claim.State) != -side(it.Claim.State) {
				continue
			}
			if sameSpeaker(o.Speaker, it.Speaker) {
				settled = true
			} else {
				d.Against = append(d.Against, o.Claim.ID)
			}
		}
		against, with := l.record(it)
		switch {
		case settled && len(d.Against) > 0:
			d.Finding = detente.Settled
			d.Record = append(against, with...)
		case len(against) > 0:
			d.Record, d.Finding = against, detente.RecordContradicts
		case len(d.Against) > 0 && len(with) > 0:
			d.Record, d.Finding = with, detente.RecordSupports
		case len(d.Against) > 0:
			d.Finding = detente.WordAgainstWord
		default:
			continue
		}
		return d, true
	}
	return detente.Dispute{}, false
}

// record gives the acts that do not fit a claim about a state, and those that
// do: happened, told by another than the claimant, and near the claim in time.
// A claim about the whole relation meets the acts of every channel; a claim
// that says some dialogue goes on is not refuted by one frozen channel.
func (l *ledger) record(claim *row) (against, with []detente.ActID) {
	against, with = []detente.ActID{}, []detente.ActID{}
	c := claim.Claim
	acts := l.acts[c.Channel]
	if c.Channel == detente.ChannelAll {
		acts = l.all
	}
	for _, it := range acts {
		a := it.Act
		if a.Factuality != detente.Happened || !nearRows(it, claim) || sameSpeaker(it.Speaker, claim.Speaker) && it.Speaker.Name != "" {
			continue
		}
		talking := a.Kind != detente.Freeze
		switch {
		case talking == (side(c.State) > 0):
			with = append(with, a.ID)
		case !talking && c.Channel == detente.ChannelAll && a.Channel != detente.ChannelAll:
		default:
			against = append(against, a.ID)
		}
	}
	return against, with
}

// actDisputes lays the denial of an act beside those who say that it happened.
func (l *ledger) actDisputes() []detente.Dispute {
	var out []detente.Dispute
	done := map[detente.ActID]bool{}
	for _, deny := range l.told {
		a := l.act[deny.Claim.Act].Act
		if !deny.Claim.Denies || done[a.ID] {
			continue
		}
		d := detente.Dispute{Dyad: l.dyad, Channel: a.Channel, Record: []detente.ActID{}}
		var affirm []*row
		settled := false
		for _, o := range l.told {
			b := l.act[o.Claim.Act].Act
			if o.Claim.Denies || !sameAct(a, b) {
				continue
			}
			if sameSpeaker(o.Speaker, deny.Speaker) && inText(deny, o) < 0 {
				settled = true // the same side said so later
				continue
			}
			affirm = append(affirm, o)
			d.Contested = append(d.Contested, b.ID)
		}
		for _, it := range l.all {
			b := it.Act
			if b.Factuality != detente.Happened || !sameAct(a, b) {
				continue
			}
			switch {
			case b.Reported: // what a medium reports is a claim, as long as a party denies it
				d.Contested = append(d.Contested, b.ID)
			case b.Statement == "" || outsider(l.dyad, it.Speaker):
				d.Record = append(d.Record, b.ID)
			}
		}
		if len(affirm) == 0 && len(d.Record) == 0 && len(d.Contested) == 0 && !settled {
			continue
		}
		for _, o := range l.told {
			if o.Claim.Denies && sameAct(a, l.act[o.Claim.Act].Act) {
				done[o.Claim.Act] = true
			}
		}
		d.Claim, d.Against = deny.Claim.ID, ids(affirm)
		if len(affirm) > 0 && inText(affirm[0], deny) < 0 {
			d.Claim, d.Against = affirm[0].Claim.ID, append([]detente.ClaimID{deny.Claim.ID}, ids(affirm[1:])...)
		}
		switch {
		case settled:
			d.Finding = detente.Settled
		case len(d.Record) > 0 && d.Claim == deny.Claim.ID:
			d.Finding = detente.RecordContradicts
		case len(d.Record) > 0:
			d.Finding = detente.RecordSupports
		default:
			d.Finding = detente.WordAgainstWord
		}
		if d.Channel == detente.ChannelAll && len(d.Contested) > 0 {
			d.Channel = l.act[d.Contested[0]].Act.Channel
		}
		out = append(out, d)
	}
	return out
}

// sameAct reports that two acts may be one: same kind, dates that do not
// clash, channels that do not clash.
func sameAct(a, b *detente.Act) bool {
	if a.Kind != b.Kind {
		return false
	}
	if a.Date != "" && b.Date != "" && !near(a.Date, b.Date) || far[a.Mode] != "" && far[b.Mode] != "" && far[a.Mode] != far[b.Mode] {
		return false
	}
	loose := func(c detente.Channel) bool { return c == detente.ChannelAll || c == detente.Mediated }
	return a.Channel == b.Channel || loose(a.Channel) || loose(b.Channel)
}

// far parts ways of contact that cannot be told of one and the same act.
var far = map[string]string{"phone": "wire", "video": "wire", "hotline": "wire", "meeting": "person", "visit": "person", "letter": "letter"}

// outsider is a speaker who speaks for neither party.
func outsider(d detente.Dyad, s detente.Speaker) bool {
	return s.Party != "" && s.Party != d[0] && s.Party != d[1]
}

func sameSpeaker(a, b detente.Speaker) bool {
	if a.ID != "" && a.ID == b.ID {
		return true
	}
	if a.Party != "" && a.Party == b.Party {
		return true // one government, one voice
	}
	return a.Name == b.Name && a.Party == b.Party
}

func ids(items []*row) []detente.ClaimID {
	out := []detente.ClaimID{}
	for _, it := range items {
		out = append(out, it.Claim.ID)
	}
	return out
}
