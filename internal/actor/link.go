package actor

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"detente"
)

// link joins phrases without a name to those whom the text named before: "the
// Russian government spokesman", "the ministry", "the two ministers".
func (c *caster) link() {
	var before []*phrase
	for _, ph := range c.phrases {
		ph.eachInward(func(q *phrase) {
			if q.actor != nil {
				c.linkOne(q, before[max(0, len(before)-lookBack):])
			}
		})
		before = append(before, ph)
	}
}

func (c *caster) linkOne(ph *phrase, before []*phrase) {
	c.ownedByPronoun(ph, before)
	if ph.form != nil && ph.form.kind == formRole && ph.form.fact.id == counterpart {
		c.asBefore(ph, before)
	}
	if ph.plural && len(ph.actor.Members) == 0 {
		c.several(ph) // "leaders of the two countries"
	}
	c.inOneCountry(ph)
	switch {
	case ph.number != "" && (ph.plural || ph.kind == phGroup):
		c.pair(ph, before)
	case ph.kind == phRole && !ph.plural && (ph.det == "the" || ph.det == "its" || len(ph.whose) > 0 && ph.det != "a" && ph.det != "an" && ph.det != "no" || capitalised(c.p.doc.Words[ph.first].Form) && ph.det == ""):
		if r := c.holder(ph); r != nil {
			ph.actor, ph.person = r.actor, r
			return
		}
		if ph.det == "the" || capitalised(c.p.doc.Words[ph.first].Form) {
			c.fromContext(ph)
		}
		if a := c.incumbent(ph); a != nil {
			ph.actor = a
		}
	case ph.kind == phBody:
		if ph.actor.Country == "" && ph.actor.Party == "" {
			if q := sameBody(c, ph, before); q != nil {
				ph.actor = q.actor
				return
			}
			if c.definite(ph) {
				c.fromContext(ph)
			}
		}
	}
}

// counterpart is the role of the office table that has the office of whoever
// was named before.
const counterpart = "counterpart"

// asBefore gives "his Turkish counterpart" the office of the person before.
func (c *caster) asBefore(ph *phrase, before []*phrase) {
	for i := len(before) - 1; i >= 0; i-- {
		q := before[i]
		if q.actor == nil || q.actor == ph.actor || q.person == nil && q.kind != phRole || q.actor.Office == OfficeOther {
			continue
		}
		if ph.actor.Office == OfficeOther {
			ph.actor.Office, ph.actor.Sectors = q.actor.Office, q.actor.Sectors
		}
		return
	}
}

// ownedByPronoun gives "his spokeswoman", "its ambassadors" the party of whom
// the pronoun stands for: by its chain, else the last person or state before.
func (c *caster) ownedByPronoun(ph *phrase, before []*phrase) {
	a := ph.actor
	if !ph.isHead() || ph.hasName() || a.Party != "" || a.Country != "" || len(a.Members) > 0 {
		return
	}
	if ph.det == "their" && ph.plural && c.ofSeveral(ph) {
		return
	}
	owner := c.antecedent(ph, before)
	if owner == nil {
		return
	}
	if a.Office == OfficeSpokesman && (owner.Kind == KindBody || owner.Kind == KindOrg || owner.Kind == KindGroup) {
		a.Name, a.BodyOffice, a.Sectors = strings.TrimPrefix(strings.TrimPrefix(owner.Name, "The "), "the ")+" "+a.Name, owner.Office, owner.Sectors
		a.ID = slug(a.Name)
	}
	if party := owner.Code(); party != "" {
		a.setParty(c.b, party)
		a.ID = idOf(a.Name, party)
	}
}

// ofSeveral gives "their ambassadors" a member for each of the states that act
// in the sentence before.
func (c *caster) ofSeveral(ph *phrase) bool {
	sent := c.p.word(ph.first).Sent
	i := sort.Search(len(c.states), func(i int) bool { return c.states[i].sent >= sent })
	var parties []detente.Party
	for _, s := range c.states[i:] {
		if s.sent > sent || s.word >= ph.first {
			break
		}
		if !s.place && s.acts && !slices.Contains(parties, s.party) {
			parties = append(parties, s.party)
		}
	}
	if len(parties) == 0 && sent > 0 && ph.first == c.p.doc.Sents[sent].First {
		parties = c.peopleOf(sent - 1) // "Their governments": of those who met before
	}
	if len(parties) < 2 || len(parties) > 4 {
		return false
	}
	c.divide(ph, parties)
	return true
}

// peopleOf are the parties that the people of a sentence speak for.
func (c *caster) peopleOf(sent int) []detente.Party {
	s := c.p.doc.Sents[sent]
	k := sort.Search(len(c.phrases), func(i int) bool { return c.phrases[i].first >= s.First })
	var out []detente.Party
	for ; k < len(c.phrases) && c.phrases[k].first < s.End; k++ {
		ph := c.phrases[k]
		if ph.person != nil && ph.actor != nil && c.b.states[ph.actor.Party] != nil && !slices.Contains(out, ph.actor.Party) {
			out = append(out, ph.actor.Party)
		}
	}
	return out
}

func (c *caster) antecedent(ph *phrase, before []*phrase) *Actor {
	person := false
	switch ph.det {
	case "his", "her":
		person = true
	case "its", "their":
	default:
		return nil
	}
	if a := c.chainOf[ph.first]; a != nil {
		return a
	}
	for i := len(before) - 1; i >= 0; i-- {
		q := before[i]
		if q.actor == nil || q.placeOnly || c.p.word(q.first).Sent < c.p.word(ph.first).Sent-1 {
			continue
		}
		switch q.actor.Kind {
		case KindPerson:
			if person && q.person != nil {
				return q.actor
			}
		case KindState, KindOrg, KindBody, KindGroup:
			if !person && q.actor.Code() != "" {
				return q.actor
			}
		}
	}
	return nil
}

// local says whether a sector is of those whom news tells of in one country:
// rebels, the opposition, refugees, strikers.
func local(sectors []string) bool {
	if len(sectors) == 0 {
		return false
	}
	switch sectors[0] {
	case "REB", "OPP", "CRM", "REF", "CVL", "PTY", "LAB", "UAF":
		return true
	}
	return false
}

// inOneCountry gives rebels or refugees without a country the only one that
// their sentence names.
func (c *caster) inOneCountry(ph *phrase) {
	a := ph.actor
	if a.Country != "" || a.Party != "" || ph.kind == phName || len(a.Members) > 0 || !local(a.Sectors) {
		return
	}
	sent := c.p.word(ph.first).Sent
	i := sort.Search(len(c.states), func(i int) bool { return c.states[i].sent >= sent })
	var only detente.Party
	for n, s := range c.states[i:] {
		if s.sent > sent || n > lookBack {
			break
		}
		if only != "" && only != s.party {
			return
		}
		only = s.party
	}
	if only != "" {
		a.Country = only
		a.ID = idOf(a.Name, only)
	}
}

// definite says whether a body without owner is one that the reader knows.
func (c *caster) definite(ph *phrase) bool {
	if ph.det == "a" || ph.det == "an" || ph.form.fact.office == OfficeOther && ph.det != "the" {
		return false
	}
	switch ph.form.fact.office {
	case OfficeOther:
		if len(ph.form.fact.sectors) > 0 && ph.form.fact.sectors[0] == "JUD" {
			return capitalised(c.p.doc.Words[ph.core].Form)
		}
		return strings.Contains(c.p.lower(ph.core), "ministry")
	case OfficeEnvoy, OfficeAmbassador:
		return ph.det == "the" && strings.Contains(c.p.lower(ph.core), "ministry")
	}
	return ph.det == "the" || capitalised(c.p.doc.Words[ph.core].Form)
}

// fromContext gives the party of the text around to a phrase that names none.
func (c *caster) fromContext(ph *phrase) {
	a := ph.actor
	if a.Country != "" || a.Party != "" || a.Office == OfficeOther || !speaks(a.Sectors) || len(a.Sectors) > 0 && a.Sectors[0] == "IGO" {
		return
	}
	if party := c.context(ph); party != "" {
		a.setParty(c.b, party)
		a.ID = idOf(a.Name, party)
		c.guessed[a] = true
	}
}

// sameBody is the last body before that a short name may stand for: "the
// ministry" for a foreign ministry.
func sameBody(c *caster, ph *phrase, before []*phrase) *phrase {
	if ph.det != "the" || len(ph.whose) > 0 {
		return nil
	}
	noun := c.p.lower(ph.core)
	for i := len(before) - 1; i >= 0; i-- {
		var found *phrase
		before[i].each(func(q *phrase) {
			if q.kind == phBody && q != ph && q.actor != nil && q.actor.Country != "" && c.p.lower(q.core) == noun && q.end-q.first >= ph.end-ph.first {
				found = q
			}
		})
		if found != nil {
			return found
		}
	}
	return nil
}

// holder is the one person of the article whom a title without a name fits:
// named before it, of the same office and role noun, and of a party that does
// not contradict.
func (c *caster) holder(ph *phrase) *record {
	var found *record
	k := sort.Search(len(c.records), func(i int) bool { return c.records[i].phrases[0].first >= ph.first })
	for _, r := range c.records[max(0, k-lookBack):k] {
		if r.phrases[0].first > ph.first || r.actor == nil || !c.fits(ph, r.actor) {
			continue
		}
		if found != nil && found != r {
			// of two that fit, the one nearest before, where the phrase has no party
			if ph.actor.Country != "" || c.lastBefore(r, ph) < c.lastBefore(found, ph) {
				continue
			}
		}
		found = r
	}
	return found
}

func (c *caster) lastBefore(r *record, ph *phrase) int {
	k := sort.Search(len(r.phrases), func(i int) bool { return r.phrases[i].first >= ph.first })
	if k == 0 {
		return -1
	}
	return r.phrases[k-1].first
}

// fits says whether a title may be a person's: parties agree, and the role
// nouns are the same.
func (c *caster) fits(ph *phrase, a *Actor) bool {
	t := ph.actor
	if t.Country != "" && a.Country != "" && t.Country != a.Country || t.Country != "" && a.Country == "" {
		return false
	}
	if t.Party != "" && t.Country == "" && t.Party != a.Party {
		return false
	}
	if ph.former != strings.HasPrefix(a.Role, "former ") {
		return false
	}
	if t.Gender != "" && a.Gender != "" && t.Gender != a.Gender {
		return false
	}
	noun := strings.ToLower(lastNoun(c.p.text(ph.roleFirst, ph.roleEnd)))
	role := strings.ToLower(a.Role)
	if head, _, ok := strings.Cut(role, " for "); ok {
		role = head
	}
	if noun == "official" || noun == "minister" && t.Office != OfficeGovernment && t.Office != a.Office {
		return false
	}
	if t.Office == OfficeOther && len(t.Sectors) > 0 && !speaks(t.Sectors) {
		return false // "the man", "the doctor": too common to be somebody's title
	}
	if noun == "leader" && t.Country != "" && a.Office == OfficeLeader {
		return true // "the Russian leader" for the president
	}
	return role == noun || strings.HasSuffix(role, " "+noun) || strings.HasSuffix(role, "-"+noun) || strings.Contains(" "+role, " "+noun+" of")
}

// lastNoun is the head noun of a role: "spokesman" of "spokesman for X".
func lastNoun(role string) string {
	for _, prep := range []string{" for ", " to ", " of the ", " at "} {
		if head, _, ok := strings.Cut(role, prep); ok {
			role = head
		}
	}
	if i := strings.LastIndexByte(role, ' '); i >= 0 {
		return role[i+1:]
	}
	return role
}

// pair gives "the two ministers", "both countries", "the two leaders" those
// whom the text named last before.
func (c *caster) pair(ph *phrase, before []*phrase) {
	if len(ph.actor.Members) > 0 || ph.form == nil {
		return
	}
	want := 2
	if ph.number == "three" {
		want = 3
	}
	var members []*Actor
	if ph.kind == phRole || len(ph.form.fact.sectors) > 0 && ph.form.fact.sectors[0] == "CVL" {
		members = lastPeople(ph, before, want)
	} else {
		members = c.lastParties(before, want)
	}
	if len(members) == want {
		ph.actor.Members, ph.actor.Kind, ph.actor.Party, ph.actor.Country = members, KindGroup, "", ""
	}
}

// lastPeople are the last people before whose office fits a role noun.
func lastPeople(ph *phrase, before []*phrase, want int) []*Actor {
	var out []*Actor
	office := ph.form.fact.office
	for i := len(before) - 1; i >= 0 && len(out) < want; i-- {
		a := before[i].actor
		if a == nil || before[i].person == nil || slices.Contains(out, a) {
			continue
		}
		// "ministers" are of any office, "men" of none
		if office == a.Office || office == OfficeOther || office == OfficeGovernment && a.Office != OfficeSpokesman {
			out = append([]*Actor{a}, out...)
		}
	}
	return out
}

// lastParties are the states that the text before names most, or has people
// speak for; of equals those named last.
func (c *caster) lastParties(before []*phrase, want int) []*Actor {
	type count struct {
		party   detente.Party
		n, last int
	}
	var counts []count
	add := func(party detente.Party, at int) {
		if c.b.states[party] == nil {
			return
		}
		for i := range counts {
			if counts[i].party == party {
				counts[i].n, counts[i].last = counts[i].n+1, at
				return
			}
		}
		counts = append(counts, count{party, 1, at})
	}
	for i, ph := range before {
		ph.each(func(q *phrase) {
			if q.actor != nil && !q.placeOnly {
				add(q.actor.Party, i)
			}
		})
	}
	slices.SortStableFunc(counts, func(a, b count) int { return cmp.Or(b.n-a.n, b.last-a.last) })
	var out []*Actor
	for _, x := range counts[:min(want, len(counts))] {
		out = append(out, c.b.state(x.party))
	}
	return out
}
