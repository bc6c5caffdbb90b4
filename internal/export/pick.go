package export

import (
	"slices"

	"detente"
)

// part is what of an article goes into a release.
type part struct {
	statements []*detente.Statement
	events     []*detente.Event
	acts       []*detente.Act
	claims     []*detente.Claim
}

func (p *part) empty() bool {
	return len(p.statements)+len(p.events)+len(p.acts)+len(p.claims) == 0
}

// partOf picks what a record tells of dyad, or all of it where none is asked
// for. What a row refers to is picked with it: the event that an act is, the
// statement that tells it, the one that that stands inside.
func partOf(rec *detente.Record, dyad detente.Dyad) *part {
	all := dyad == detente.Dyad{}
	p := &part{}
	coded, said, done := map[detente.EventID]bool{}, map[detente.StatementID]bool{}, map[detente.ActID]bool{}
	for i := range rec.Claims {
		if c := &rec.Claims[i]; between(c.Dyad) && (all || c.Dyad == dyad) {
			p.claims = append(p.claims, c)
			said[c.Statement], done[c.Act] = true, true
		}
	}
	for i := range rec.Acts {
		if a := &rec.Acts[i]; between(a.Dyad) && (all || a.Dyad == dyad) || done[a.ID] {
			p.acts = append(p.acts, a)
			coded[a.Event], said[a.Statement] = true, true
		}
	}
	for i := range rec.Events {
		if ev := &rec.Events[i]; all || coded[ev.ID] || slices.Contains(dyadsOf(ev), dyad) {
			p.events = append(p.events, ev)
			said[ev.Statement] = true
		}
	}
	for i := range rec.Statements {
		if st := &rec.Statements[i]; concerns(st, dyad) {
			said[st.ID] = true
		}
	}
	enclosing(rec.Statements, said)
	for i := range rec.Statements {
		if st := &rec.Statements[i]; all || said[st.ID] {
			p.statements = append(p.statements, st)
		}
	}
	return p
}

// between reports whether a dyad is of two parties: what lacks one, or names one
// twice, is told of nobody.
func between(d detente.Dyad) bool { return d[0] != "" && d[1] != "" && d[0] != d[1] }

// concerns: one of the two speaks about the other, or somebody about both.
func concerns(st *detente.Statement, dyad detente.Dyad) bool {
	is := func(p detente.Party) bool { return st.Speaker.Party == p || slices.Contains(st.About, p) }
	return is(dyad[0]) && is(dyad[1])
}

// enclosing adds the statements that wanted ones stand inside.
func enclosing(sts []detente.Statement, wanted map[detente.StatementID]bool) {
	for grown := true; grown; {
		grown = false
		for _, st := range sts {
			if wanted[st.ID] && st.Within != "" && !wanted[st.Within] {
				wanted[st.Within], grown = true, true
			}
		}
	}
}
