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

// titleKey is a title for comparing: "secretary general" for "Secretary-General",
// "foreign minister" for "Minister of Foreign Affairs".
func titleKey(title string) string {
	key := strings.ReplaceAll(strings.ToLower(title), "-", " ")
	for _, of := range []string{" of the ", " of ", " for the ", " for "} {
		noun, domain, ok := strings.Cut(key, of)
		if ok && (noun == "minister" || noun == "secretary") && domain != "state" {
			key = domain + " " + noun
			break
		}
	}
	if same, ok := sameTitle[key]; ok {
		return same
	}
	return key
}

// sameTitle has the titles of one office that are written in several ways.
var sameTitle = map[string]string{
	"premier": "prime minister", "pm": "prime minister", "taoiseach": "prime minister",
	"foreign affairs minister": "foreign minister", "external affairs minister": "foreign minister",
	"external relations minister": "foreign minister", "foreign relations minister": "foreign minister",
	"foreign affairs secretary": "foreign secretary",
	"defense minister":          "defence minister", "national defense minister": "defence minister",
	"national defence minister": "defence minister",
	"defense secretary":         "defence secretary", "national defense secretary": "defence secretary",
}

// listSeats lists who held each office of a state, in no order: an office counts
// only where one person has it.
func (b *Book) listSeats() {
	b.seats = make(map[seat][]*person)
	for _, p := range b.people {
		seen := make(map[seat]bool)
		for _, t := range p.terms {
			s := seat{t.party, b.seatTitle(t)}
			if t.role == "" || t.party == "" || seen[s] {
				continue
			}
			switch t.office {
			case OfficeLeader, OfficeForeign, OfficeDefence, OfficeSecurity, OfficeEconomy, OfficeGovernment:
				seen[s] = true
				b.seats[s] = append(b.seats[s], p)
			}
		}
	}
}

// seatTitle is the title of a term without the state that it may begin with:
// "Soviet leader".
func (b *Book) seatTitle(t term) string {
	key := titleKey(t.role)
	first, rest, ok := strings.Cut(key, " ")
	if !ok {
		return key
	}
	for _, f := range b.forms[first] {
		if f.kind == formAdjective && f.fact.party == t.party {
			return titleKey(rest)
		}
	}
	return key
}

// inSeat finds the one person who had an office on a day; two is nobody.
func (b *Book) inSeat(s seat, on detente.Date) *person {
	var holder *person
	for _, p := range b.seats[s] {
		for _, t := range p.terms {
			if t.party != s.party || b.seatTitle(t) != s.role || !covers(t.from, t.to, on) {
				continue
			}
			if holder != nil && holder != p {
				return nil
			}
			holder = p
		}
	}
	return holder
}

// dayAfter is how many days after a holder went, with nobody after him yet, the
// title alone still means him: news of the fall of a president.
const dayAfter = 2

// incumbent gives a title that names nobody of the text whoever held the office
// on the day of publication: where the title is of one state by its own words,
// by the place that its sentence begins with or by the only state of the text,
// and the sentence tells of no other time.
func (c *caster) incumbent(ph *phrase) *Actor {
	a := ph.actor
	if len(c.on) < len("2006-01-02") || ph.former || ph.body != nil || !c.plainTitle(ph) || c.otherTime(ph) {
		return nil
	}
	party := a.Party
	if party == "" || c.guessed[a] && !c.surely(ph) {
		if party = c.homeIn(ph); party == "" {
			return nil
		}
	}
	role := titleKey(c.p.text(ph.roleFirst, ph.roleEnd))
	for _, r := range c.records { // somebody of the text has the office
		if x := r.actor; x != nil && orParty(x.Country, x.Party) == party && x.Office == a.Office && strings.HasSuffix(titleKey(x.Role), role) {
			return nil
		}
	}
	on := c.on
	holder := c.b.inSeat(seat{party, role}, on)
	if holder == nil {
		on = on.AddDays(-dayAfter)
		holder = c.b.inSeat(seat{party, role}, on)
	}
	if holder == nil {
		return nil
	}
	if c.holders[holder] == nil {
		c.holders[holder] = holder.actor(on)
	}
	return c.holders[holder]
}

// homeIn is the state of the place in the dateline, where nothing else gives a
// title its state, or the first sentence has it and names no other state:
// "TBILISI - The president said on Sunday".
func (c *caster) homeIn(ph *phrase) detente.Party {
	lead := c.p.doc.Sents[0]
	if !lead.Dateline || len(c.states) == 0 || !c.states[0].place || c.states[0].word > lead.First+3 {
		return ""
	}
	home := c.states[0].party
	if ph.actor.Party == "" && ph.actor.Country == "" {
		return home
	}
	sent := c.p.word(ph.first).Sent
	if sent > 1 {
		return ""
	}
	for _, x := range c.states {
		if x.sent == sent && x.party != home {
			return ""
		}
	}
	return home
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
