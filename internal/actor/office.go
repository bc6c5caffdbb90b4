package actor

import (
	"strings"

	"detente"
)

// "The Russian president" is, on most days, one person whom readers know and
// the text does not name. The Book has who it was.

// seat is an office of a state by its title.
type seat struct {
	party detente.Party
	role  string // as titleKey has it
}

// titleKey is a title for comparing: "secretary general" for "Secretary-General".
func titleKey(title string) string {
	return strings.ReplaceAll(strings.ToLower(title), "-", " ")
}

// listSeats lists who held each office of a state, in no order: an office counts
// only where one person has it.
func (b *Book) listSeats() {
	b.seats = make(map[seat][]*person)
	for _, p := range b.people {
		seen := make(map[seat]bool)
		for _, t := range p.terms {
			s := seat{t.party, titleKey(t.role)}
			if t.role == "" || t.party == "" || seen[s] {
				continue
			}
			switch t.office {
			case OfficeLeader, OfficeForeign, OfficeDefence:
				seen[s] = true
				b.seats[s] = append(b.seats[s], p)
			}
		}
	}
}

// incumbent gives a title that names nobody of the text whoever held the office
// on the day of publication: where the title is of one state by its own words,
// by the place that its sentence begins with or by the only state of the text,
// and the sentence tells of no other time.
func (c *caster) incumbent(ph *phrase) *Actor {
	a := ph.actor
	if len(c.on) < len("2006-01-02") || ph.former || ph.body != nil || a.Party == "" || !c.plainTitle(ph) || c.guessed[a] && !c.surely(ph) || c.otherTime(ph) {
		return nil
	}
	role := titleKey(c.p.text(ph.roleFirst, ph.roleEnd))
	for _, r := range c.records { // somebody of the text has the office
		if x := r.actor; x != nil && orParty(x.Country, x.Party) == orParty(a.Country, a.Party) && x.Office == a.Office && strings.HasSuffix(titleKey(x.Role), role) {
			return nil
		}
	}
	var holder *person
	for _, p := range c.b.seats[seat{a.Party, role}] {
		if t, when := p.at(c.on); when == present && t.party == a.Party && titleKey(t.role) == role {
			if holder != nil && holder != p {
				return nil // the tables have two
			}
			holder = p
		}
	}
	if holder == nil {
		return nil
	}
	if c.holders[holder] == nil {
		c.holders[holder] = holder.actor(c.on)
	}
	return c.holders[holder]
}

// plainTitle says whether nothing stands before the title but an article, the
// state and "outgoing": no "acting", no "then".
func (c *caster) plainTitle(ph *phrase) bool {
	w := ph.first
	if isDeterminer(c.p.lower(w)) {
		if ph.det != "the" && ph.det != "its" && ph.det != "his" && ph.det != "her" {
			return false
		}
		w++
	}
	for _, q := range ph.whose {
		if q.first == w || q.first == ph.first {
			w = q.end
			if c.p.isPossessive(w, ph.roleFirst) {
				w++
			}
		}
	}
	if c.p.lower(w) == "outgoing" {
		w++
	}
	return w == ph.roleFirst
}

// surely says whether the state that the text around gives a title is more than
// likely.
func (c *caster) surely(ph *phrase) bool {
	s := c.p.doc.Sents[c.p.word(ph.first).Sent]
	if x := c.p.doc.Sents[0]; x.Dateline && len(c.states) > 0 && c.states[0].place && c.states[0].word < x.End && c.states[0].party == ph.actor.Party {
		return true
	}
	only := true
	for _, x := range c.states {
		if x.word >= s.First && x.word <= s.First+1 && x.word < ph.first && x.party == ph.actor.Party {
			return true // "In Moscow, the foreign minister"
		}
		only = only && x.party == ph.actor.Party
	}
	return only
}

// otherTime says whether the sentence has a year that is not that of the text.
func (c *caster) otherTime(ph *phrase) bool {
	sent := c.p.word(ph.first).Sent
	for _, t := range c.p.doc.Times {
		if c.p.word(t.First).Sent == sent && t.To != "" && t.To.AddDays(300) < c.on {
			return true
		}
	}
	return false
}
