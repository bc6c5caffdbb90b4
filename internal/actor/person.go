package actor

import (
	"strings"

	"detente"
)

// record is one person of the article: all phrases that name them.
type record struct {
	name    string   // the longest that the text has
	pieces  []string // of name, folded
	phrases []*phrase
	actor   *Actor
	done    bool
}

// register gives every named phrase its record: the same full name, or a
// surname of somebody named before.
func (c *caster) register(ph *phrase) {
	name := c.p.text(ph.nameFirst, ph.nameEnd)
	key, _ := foldName(name)
	pieces := strings.Fields(key)
	if len(pieces) == 0 {
		return
	}
	var found *record
	for _, r := range c.bySurname[pieces[len(pieces)-1]] {
		if sameName(r.pieces, pieces) && agree(r, ph) && (found == nil || lastWord(r) > lastWord(found)) {
			found = r
		}
	}
	if found == nil && len(pieces) == 1 {
		for _, r := range c.byPiece[pieces[0]] {
			if r.pieces[0] == pieces[0] && family(c.b, r) == pieces[0] {
				found = r
			}
		}
	}
	if found == nil {
		found = &record{name: name, pieces: pieces}
		c.records = append(c.records, found)
		c.bySurname[pieces[len(pieces)-1]] = append(c.bySurname[pieces[len(pieces)-1]], found)
		for _, x := range pieces {
			c.byPiece[x] = append(c.byPiece[x], found)
		}
	} else if len(pieces) > len(found.pieces) {
		found.name, found.pieces = name, pieces
		for _, x := range pieces {
			c.byPiece[x] = append(c.byPiece[x], found)
		}
	}
	found.phrases = append(found.phrases, ph)
	ph.person = found
}

func lastWord(r *record) int { return r.phrases[len(r.phrases)-1].first }

// agree says whether titles that fix a gender do not contradict.
func agree(r *record, ph *phrase) bool {
	if ph.gender == "" {
		return true
	}
	for _, q := range r.phrases {
		if q.gender != "" && q.gender != ph.gender {
			return false
		}
	}
	return true
}

// family is the family name of a person whose name begins with it, as the Book
// knows them.
func family(b *Book, r *record) string {
	if pr := b.people[strings.Join(r.pieces, " ")]; pr != nil && pr.surname != "" {
		return fold1(pr.surname)
	}
	// Three short pieces, the last two often hyphenated: Moon Jae-in.
	if len(r.pieces) == 3 && strings.Contains(r.name, "-") {
		return r.pieces[0]
	}
	return ""
}

// sameName says whether the shorter name's pieces end the longer one's, or
// first and last pieces agree ("Tayyip Erdogan", "Recep Tayyip Erdogan";
// "George Bush", "George W. Bush").
func sameName(a, b []string) bool {
	if len(b) > len(a) {
		a, b = b, a
	}
	if a[len(a)-1] != b[len(b)-1] {
		return false
	}
	if len(b) == 1 {
		return true
	}
	k := 0
	for _, x := range a {
		if k < len(b) && (x == b[k] || len(b[k]) == 1 && strings.HasPrefix(x, b[k]) || len(x) == 1 && strings.HasPrefix(b[k], x)) {
			k++
		}
	}
	return k == len(b)
}

// settlePerson makes the actor of a record: what the text says of them first,
// then what the Book has at the date, then the text around.
func (c *caster) settlePerson(r *record) *Actor {
	if r.done {
		return r.actor
	}
	r.done = true
	a := &Actor{Name: r.name, Kind: KindPerson}
	r.actor = a
	said := c.saidOf(r)
	known := c.b.whoIs(r.pieces, c.on, said)
	if known != nil {
		a.ID, a.Gender = known.ID, known.Gender
		if len(r.pieces) == 1 {
			a.Name = known.Name
		}
	}
	for _, ph := range r.phrases {
		if ph.gender != "" {
			a.Gender = ph.gender
		}
	}
	if said != nil {
		a.Role, a.Office, a.BodyOffice, a.Sectors, a.To = said.Role, said.Office, said.BodyOffice, said.Sectors, said.To
		a.Party, a.Country, a.Link = said.Party, said.Country, said.Link
	}
	if known != nil {
		if a.Role == "" || a.Office == OfficeOther && len(a.Sectors) == 0 {
			if a.Role == "" {
				a.Role = known.Role
			}
			a.Office, a.Sectors = known.Office, known.Sectors
		}
		if a.Party == "" && a.Country == "" {
			a.Party, a.Country = known.Party, known.Country
			if a.Party == "" && said != nil && said.Role != "" && said.Office != OfficeOther {
				a.Party = a.Country // the text gives them an office that the Book does not know
			}
		}
	}
	if a.Country == "" && a.Party == "" && said != nil && a.Role != "" && speaks(a.Sectors) {
		if party := c.context(r.phrases[0]); party != "" {
			a.setParty(c.b, party)
			c.guessed[a] = true
		}
	}
	if a.ID == "" {
		a.ID = idOf(a.Name, a.Country)
	}
	return a
}

func idOf(name string, party detente.Party) string {
	id := slug(name)
	if party != "" {
		id += "-" + strings.ToLower(string(party))
	}
	return id
}

// saidOf sums up what the phrases of a person say of them: the first role that
// comes with a party or a body, else the first role; nil where none has one.
func (c *caster) saidOf(r *record) *Actor {
	var said *Actor
	for _, ph := range r.phrases {
		for _, q := range append([]*phrase{ph}, ph.title...) {
			if q.roleEnd == q.roleFirst && len(q.whose) == 0 { // a bare name
				continue
			}
			d := c.describe(q)
			if q.form != nil && q.form.fact.id == counterpart {
				// whose counterpart they are says nothing of their own role
				d.Role, d.Office, d.Sectors = "", OfficeOther, nil
			}
			switch {
			case said == nil, said.Country == "" && d.Country != "" && (said.Role == "" || q.roleEnd > q.roleFirst):
				if said != nil && d.Role == "" {
					said.Party, said.Country = d.Party, d.Country
					continue
				}
				said = d
			case said.Role == "" && d.Role != "":
				d.Party, d.Country = orParty(d.Party, said.Party), orParty(d.Country, said.Country)
				said = d
			}
		}
	}
	return said
}

func orParty(a, b detente.Party) detente.Party {
	if a == "" {
		return b
	}
	return a
}

// whoIs looks a name up, without its initials where it is not known with
// them, and by first and last name alone.
func (b *Book) whoIs(pieces []string, on detente.Date, said *Actor) *Actor {
	if a := b.lookUp(pieces, on, said); a != nil || len(pieces) < 3 {
		return a
	}
	var long []string
	for i, x := range pieces {
		if len(x) > 1 || i == 0 || i == len(pieces)-1 {
			long = append(long, x)
		}
	}
	if len(long) < len(pieces) {
		if a := b.lookUp(long, on, said); a != nil {
			return a
		}
	}
	return b.lookUp([]string{pieces[0], pieces[len(pieces)-1]}, on, said)
}

// lookUp finds whom the Book knows by a name: somebody in office on the date
// first, and of several the one whose party the text gives. A lone surname
// wants an office at about the date.
func (b *Book) lookUp(pieces []string, on detente.Date, said *Actor) *Actor {
	key := strings.Join(pieces, " ")
	var best *Actor
	bestScore := 0
	for _, f := range b.forms[key] {
		p := f.fact.person
		if p == nil || f.kind == formSurname && len(pieces) > 1 && f.fact.name != "" && !strings.Contains(key, " ") {
			continue
		}
		a := p.actor(on)
		score := 1
		if p.inOffice(on, 0) {
			score += 4
		} else if f.kind == formSurname && !p.inOffice(on, 2) {
			continue
		}
		if said != nil && said.Country != "" {
			if !p.served(said.Country) {
				continue
			}
			score += 8
		}
		if a.Office == OfficeLeader {
			score += 2
		}
		if a.Role != "" {
			score++
		}
		if score > bestScore {
			best, bestScore = a, score
		}
	}
	return best
}

func (p *person) served(country detente.Party) bool {
	for _, t := range p.terms {
		if t.party == country {
			return true
		}
	}
	return false
}

// inOffice says whether some term covers the day, or ended or begins within
// some years of it.
func (p *person) inOffice(on detente.Date, years int) bool {
	if on == "" {
		return true
	}
	t, ok := on.Time()
	if !ok {
		return true
	}
	before, after := detente.DateOf(t.AddDate(-years, 0, 0)), detente.DateOf(t.AddDate(0, 2*years, 0))
	for _, t := range p.terms {
		if (t.from == "" || t.from <= after) && (t.to == "" || covers("", t.to, before)) {
			return true
		}
	}
	return false
}
