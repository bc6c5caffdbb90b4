package actor

import "detente"

// Learned is a role that an article gives to somebody whom the Book does not
// know, or knows to speak for another party: kept with the article's date, for
// a person to confirm and to enter into a table.
type Learned struct {
	Actor      *Actor
	First, End int          // the words that give the role
	On         detente.Date // when the article was published
}

// learned lists what the text says of people beyond the Book, in text order.
func (c *caster) learned() []Learned {
	var out []Learned
	for _, r := range c.records {
		if r.actor == nil || r.actor.Role == "" || len(r.pieces) < 2 {
			continue
		}
		source := roleSource(r)
		if source == nil {
			continue
		}
		if known := c.b.whoIs(r.pieces, c.on, nil); known != nil && orParty(known.Party, known.Country) == r.actor.Code() {
			continue
		}
		out = append(out, Learned{Actor: r.actor, First: source.first, End: source.end, On: c.on})
	}
	return out
}

// roleSource is the first phrase that gives a person a role.
func roleSource(r *record) *phrase {
	for _, ph := range r.phrases {
		if ph.roleEnd > ph.roleFirst || len(ph.title) > 0 {
			return ph
		}
	}
	return nil
}
