package web

import (
	"cmp"
	"slices"

	"detente"
)

// column is one side of a quarrel as it is shown: each voice once.
type column struct {
	Shown []Claim
	More  int // claims left out
}

// sameQuarrel is within how many days of the claim in dispute others say the
// same in the same quarrel.
const sameQuarrel = 31

// claimed gives the claims of a dispute, with what others of the claimant's
// party said alike: title, highlights and body often repeat one claim, and the
// one that names a person tells the most.
func (d *Dyad) claimed(q Dispute) column {
	list := slices.Clone(q.Claims)
	if len(q.Claims) == 0 || q.Claims[0].Act != "" || q.Finding == detente.Settled {
		return voices(list)
	}
	first := q.Claims[0]
	for _, c := range d.Claims {
		alike := c.Act == "" && c.Channel == first.Channel && !opposite(c.State, first.State) &&
			c.State != detente.Unknown && sameParty(c.Speaker, first.Speaker)
		near := first.Day.AddDays(-sameQuarrel) <= c.Day && c.Day <= first.Day.AddDays(sameQuarrel)
		if alike && near && !slices.ContainsFunc(list, func(o Claim) bool { return o.ID == c.ID }) {
			list = append(list, c)
		}
	}
	return voices(list)
}

func sameParty(a, b detente.Speaker) bool {
	return a.Party != "" && a.Party == b.Party || a.Party == b.Party && a.Name == b.Name
}

// voices keeps one claim of each voice, the one that tells most of how it came
// here, and puts those first that tell more.
func voices(list []Claim) column {
	var out []Claim
	at := map[string]int{}
	for _, c := range list {
		i, heard := at[c.Voice()]
		switch {
		case !heard:
			at[c.Voice()] = len(out)
			out = append(out, c)
		case told(c) > told(out[i]):
			out[i] = c
		}
	}
	slices.SortStableFunc(out, func(a, b Claim) int { return -cmp.Compare(told(a), told(b)) })
	out = out[:min(len(out), maxAlike)]
	return column{out, len(list) - len(out)}
}

// told counts what is told of a claim: a person, the way it came here, how far
// it goes.
func told(c Claim) int {
	n := len(c.Via)
	if c.Speaker.Name != "" && c.Speaker.Role != "" && c.Speaker.Role != c.Speaker.Name {
		n += 2
	}
	if c.Scope != "" {
		n++
	}
	return n
}

// confronted is a dispute in three columns.
type confronted struct {
	Dispute
	Said, Denied column
}

func confront(d *Dyad) []confronted {
	var out []confronted
	for _, q := range d.Disputes {
		out = append(out, confronted{q, d.claimed(q), voices(q.Against)})
	}
	return out
}
