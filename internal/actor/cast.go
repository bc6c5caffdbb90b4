package actor

import (
	"slices"
	"sort"
	"strings"

	"detente"
	"detente/internal/nlp"
)

// caster settles the phrases of one document.
type caster struct {
	b          *Book
	on         detente.Date
	p          *parser
	phrases    []*phrase
	records    []*record
	bySurname  map[string][]*record
	byPiece    map[string][]*record
	states     []stateAt
	mentions   []Mention
	home       detente.Party      // state of the dateline, or empty
	firstState int                // index in states of the first that is no place, or -1
	chainOf    map[int]*Actor     // pronoun -> whom its chain names
	holders    map[*person]*Actor // of offices whom only the Book names
	guessed    map[*Actor]bool    // their party is that of the text around
}

// stateAt is a government that the text names at a word.
type stateAt struct {
	word, sent int
	party      detente.Party
	place      bool
	acts       bool // does not stand after a preposition
	across     bool // is of a counterpart: not the one whose text this is
}

// Cast reads doc as published on a date (empty: undated roles only).
func (b *Book) Cast(doc *nlp.Doc, on detente.Date) *Cast {
	if b == nil || len(doc.Words) == 0 {
		return &Cast{}
	}
	c := &caster{b: b, on: on, p: newParser(b, doc, b.find(doc, on)), bySurname: make(map[string][]*record), byPiece: make(map[string][]*record), guessed: make(map[*Actor]bool), holders: make(map[*person]*Actor)}
	c.phrases = c.p.parse()
	sort.SliceStable(c.phrases, func(i, j int) bool { return c.phrases[i].first < c.phrases[j].first })
	for _, ph := range c.phrases {
		ph.each(func(q *phrase) {
			if q.hasName() {
				c.register(q)
			}
		})
	}
	c.findStates()
	for _, ph := range c.phrases {
		ph.each(func(q *phrase) { c.settle(q) })
	}
	c.followChains()
	c.link()
	for _, ph := range c.phrases {
		c.mention(ph)
	}
	c.linkChains()
	sort.SliceStable(c.mentions, func(i, j int) bool {
		a, b := &c.mentions[i], &c.mentions[j]
		if a.First != b.First {
			return a.First < b.First
		}
		return a.End > b.End
	})
	cast := &Cast{Mentions: c.mentions, Learned: c.learned()}
	cast.index(len(doc.Words))
	return cast
}

// findStates lists the states that the text names, places apart.
func (c *caster) findStates() {
	for _, ph := range c.phrases {
		ph.each(func(q *phrase) {
			if q.kind == phNamed && len(q.whose) == 0 {
				q.placeOnly = q == ph && c.p.isPlace(q) || q.form.kind == formPlace || q.form.kind == formRegion || q.placeOnly
			}
			if (q.kind == phNamed || q.kind == phAdjective) && q.form.kind <= formPlace && c.b.states[q.form.fact.party] != nil {
				c.states = append(c.states, stateAt{word: q.first, sent: c.p.word(q.first).Sent, party: q.form.fact.party, place: q.placeOnly,
					acts: !c.p.afterPreposition(ph), across: ph.form != nil && ph.form.fact.id == counterpart})
			}
		})
	}
	sort.SliceStable(c.states, func(i, j int) bool { return c.states[i].word < c.states[j].word })
	c.findHome()
	c.firstState = slices.IndexFunc(c.states, func(s stateAt) bool { return !s.place })
}

// speaks says whether those of a sector speak for their state.
func speaks(sectors []string) bool {
	if len(sectors) == 0 {
		return true
	}
	switch sectors[0] {
	case "GOV", "MIL", "LEG", "JUD", "COP", "SPY", "IGO":
		return true
	}
	return false
}

// setParty gives an actor the party that owns it: as theirs, or only as their
// country where they do not speak for it.
func (a *Actor) setParty(b *Book, party detente.Party) {
	if b.states[party] != nil {
		a.Country = party
	}
	if speaks(a.Sectors) {
		a.Party = party
	}
}

// settle gives a phrase its actor.
func (c *caster) settle(ph *phrase) *Actor {
	if ph.resolved {
		return ph.actor
	}
	ph.resolved = true
	switch ph.kind {
	case phName:
		if ph.person != nil {
			ph.actor = c.settlePerson(ph.person)
		}
	case phNamed, phAdjective:
		ph.actor = c.named(ph)
	default:
		ph.actor = c.describe(ph)
		c.several(ph)
	}
	return ph.actor
}

// named is the actor of a name of the Book.
func (c *caster) named(ph *phrase) *Actor {
	name := ph.form.fact.name
	if ph.kind == phNamed {
		name = c.p.text(skipDet(c.p, ph), ph.end)
	}
	a := ph.form.actor(c.b, name)
	if ph.placeOnly {
		a.Kind, a.ID = KindPlace, slug(a.Name)
		a.Party, a.Sectors, a.Office = "", nil, OfficeOther
	}
	return a
}

// actor is what a form alone names, under the name that the text uses.
func (f *form) actor(b *Book, name string) *Actor {
	x := f.fact
	a := &Actor{ID: x.id, Name: name, Party: x.party, Country: x.country, Sectors: x.sectors, Office: x.office, Link: x.link, Owner: x.owner, Gender: x.gender}
	switch f.kind {
	case formState, formPeople, formAdjective:
		a.Kind, a.Office = KindState, OfficeOther
	case formCapital:
		a.Kind = KindState
	case formSeat:
		a.Kind = KindBody
	case formPlace, formRegion:
		a.Kind, a.Party, a.ID = KindPlace, "", slug(name)
	case formOrg:
		a.Kind = KindOrg
	case formParty, formGroup:
		a.Kind = KindGroup
	case formMedium, formMedia:
		a.Kind = KindMedia
	case formBody:
		a.Kind, a.Country = KindBody, x.party
	case formRole:
		a.Kind, a.Role, a.Country = KindPerson, name, x.party
	case formSeveral:
		a.Kind = KindGroup
		for _, m := range x.members {
			a.Members = append(a.Members, b.state(m))
		}
	}
	return a
}

// state is the actor of a state as such.
func (b *Book) state(code detente.Party) *Actor {
	a := &Actor{ID: string(code), Name: string(code), Party: code, Kind: KindOrg}
	if f := b.states[code]; f != nil {
		a.Name, a.Country, a.Kind = f.name, code, KindState
	}
	return a
}

func skipDet(p *parser, ph *phrase) int {
	if ph.first < ph.end-1 && isDeterminer(p.lower(ph.first)) {
		return ph.first + 1
	}
	return ph.first
}

// parties are those whom the words of a phrase name as its owners.
func (c *caster) parties(ph *phrase) []detente.Party {
	var out []detente.Party
	for _, q := range ph.whose {
		a := c.settle(q)
		if a == nil {
			continue
		}
		party := a.Code()
		for _, m := range a.Members {
			out = append(out, m.Party)
		}
		if party != "" {
			out = append(out, party)
		}
	}
	if len(out) == 0 && ph.body != nil {
		if a := c.settle(ph.body); a != nil {
			for _, m := range a.Members {
				out = append(out, m.Party)
			}
			if party := a.Code(); party != "" {
				out = append(out, party)
			}
		}
	}
	if len(out) == 0 && ph.form != nil && ph.form.fact.party != "" {
		out = append(out, ph.form.fact.party)
	}
	return out
}

// describe gives the actor that the words of a role, body or group make.
func (c *caster) describe(ph *phrase) *Actor {
	a := &Actor{Kind: KindPerson}
	switch ph.kind {
	case phBody:
		a.Kind = KindBody
	case phGroup:
		a.Kind = KindGroup
	case phMedia:
		a.Kind, a.Link = KindMedia, linkOf(c.p.text(ph.roleFirst, ph.roleEnd))
	}
	if ph.form != nil {
		a.Office, a.Sectors, a.Gender = ph.form.fact.office, ph.form.fact.sectors, ph.form.fact.gender
	}
	if ph.gender != "" {
		a.Gender = ph.gender
	}
	if ph.kind == phRole && ph.plural {
		a.Kind = KindGroup
	}
	if ph.roleEnd > ph.roleFirst {
		a.Role = c.roleText(ph)
	}
	c.bodyOf(ph, a)
	if ps := c.parties(ph); len(ps) > 0 {
		a.setParty(c.b, ps[0])
		if len(ph.whose) > 1 && ph.sent() && len(ps) > 1 {
			a.To = ps[1]
		}
	} else if ph.place != nil && ph.place.end > ph.end {
		if q := c.settle(ph.place); q != nil && q.Country != "" {
			a.setParty(c.b, q.Country)
		}
	}
	if ph.to != nil {
		if q := c.settle(ph.to); q != nil {
			a.To = orParty(q.Party, q.Country)
		}
	}
	if ph.former && ph.kind == phRole || ph.former && ph.kind == phName {
		a.formerly()
	}
	if ph.kind == phMedia && c.outletName(ph) != "" {
		a.Name, a.Role = c.outletName(ph), ""
	} else if ph.kind == phRole || ph.kind == phGroup || ph.kind == phMedia {
		a.Name = c.p.text(skipDet(c.p, ph), ph.end)
	} else if ph.kind == phBody {
		a.Name = c.p.text(ph.roleFirst, ph.roleEnd)
		if strings.EqualFold(a.Name, "office") && len(ph.whose) > 0 { // "the president's office"
			a.Name = c.p.text(skipDet(c.p, ph), ph.end)
		}
		a.Role = ""
	}
	a.ID = idOf(a.Name, a.Country)
	for _, q := range ph.whose {
		if ph.kind == phMedia && q.kind == phNamed && q.form.kind == formMedium {
			a.ID = q.form.fact.id
		}
	}
	return a
}

// bodyOf takes over what a role has from its body: its office and sectors. An
// official, adviser or spokesman of a body that has an office of its own keeps
// it as BodyOffice.
func (c *caster) bodyOf(ph *phrase, a *Actor) {
	body := ph.body
	if body == nil {
		for _, q := range ph.whose {
			if q.kind == phBody || q.kind == phName || q.kind == phRole || q.kind == phNamed && (q.form.kind == formOrg || q.form.kind == formSeat || q.form.kind == formParty) {
				body = q
			}
		}
	}
	if body == nil {
		return
	}
	of := c.settle(body)
	if of == nil {
		return
	}
	switch a.Office {
	case OfficeSpokesman, OfficeGovernment:
		a.BodyOffice = of.Office
	case OfficeOther:
		a.Office = of.Office
	}
	if ph.kind == phBody && len(a.Sectors) > 0 && !(len(of.Sectors) > 0 && of.Sectors[0] == "IGO") {
		return // a rebel's "government" stays one
	}
	if body.kind == phNamed && body.form.kind == formParty {
		a.Sectors = of.Sectors // a rebel leader leads no state
		return
	}
	if len(a.Sectors) == 0 || a.Office == OfficeSpokesman || a.Office == OfficeGovernment || len(of.Sectors) > 0 && of.Sectors[0] == "IGO" {
		if len(of.Sectors) > 0 {
			a.Sectors = of.Sectors
		}
	}
}

// outletName is the name of an outlet beside its noun: "the RIA news agency".
func (c *caster) outletName(ph *phrase) string {
	if ph.outletEnd > ph.outletFirst {
		return c.p.text(ph.outletFirst, ph.outletEnd)
	}
	for _, q := range ph.whose {
		if q.kind == phNamed && q.form.kind == formMedium {
			return c.p.text(skipDet(c.p, q), q.end)
		}
	}
	return ""
}

func linkOf(noun string) string {
	noun = strings.ToLower(noun)
	switch {
	case strings.Contains(noun, "agency"), strings.Contains(noun, "service"):
		return "agency"
	case strings.Contains(noun, "site"), strings.Contains(noun, "portal"), strings.Contains(noun, "online"):
		return "website"
	case strings.Contains(noun, "tv"), strings.Contains(noun, "television"), strings.Contains(noun, "radio"), strings.Contains(noun, "broadcaster"), strings.Contains(noun, "channel"):
		return "broadcaster"
	case strings.Contains(noun, "paper"), strings.Contains(noun, "daily"), strings.Contains(noun, "weekly"), strings.Contains(noun, "magazine"), strings.Contains(noun, "tabloid"):
		return "newspaper"
	}
	return "outlet"
}

// roleText is the role in the text's words: body and role without owner.
func (c *caster) roleText(ph *phrase) string {
	s := c.p.text(ph.roleFirst, ph.roleEnd)
	if len(ph.whose) > 0 {
		for _, q := range ph.whose {
			if q.kind == phNamed && q.end <= ph.roleFirst && (q.form.kind == formSeat || q.form.kind == formOrg || q.form.kind == formParty) {
				s = c.p.text(skipDet(c.p, q), q.end) + " " + s
			}
		}
	}
	for _, q := range ph.whose {
		if q.kind == phBody && q.end <= ph.roleFirst && ph.kind != phBody {
			s = c.p.text(q.roleFirst, q.roleEnd) + " " + s
		}
	}
	if ph.body != nil && ph.body.end <= ph.roleFirst {
		s = c.p.text(skipDet(c.p, ph.body), ph.body.end) + " " + s
	}
	if ph.former {
		s = "former " + s
	}
	return s
}

// several gives a phrase of several owners its members.
func (c *caster) several(ph *phrase) {
	ps := c.parties(ph)
	if len(ps) < 2 || !ph.plural && ph.kind == phRole || ph.kind == phBody && !strings.HasSuffix(c.p.lower(ph.core), "s") {
		return
	}
	c.divide(ph, ps)
}

// divide makes of a phrase's actor a group of one member for each party.
func (c *caster) divide(ph *phrase, ps []detente.Party) {
	a := ph.actor
	for i, party := range ps {
		if slices.Contains(ps[:i], party) {
			continue
		}
		m := *a
		m.Members, m.Party, m.Country = nil, "", ""
		m.setParty(c.b, party)
		m.Name = c.p.text(ph.roleFirst, ph.roleEnd)
		m.ID = idOf(m.Name, party)
		a.Members = append(a.Members, &m)
	}
	if len(a.Members) < 2 {
		a.Members = nil
		return
	}
	a.Party, a.Country, a.Kind = "", "", KindGroup
	a.ID = slug(a.Name)
}

// lookBack is how many phrases before one are looked at for what it leaves
// unsaid: some ten paragraphs of dense news.
const lookBack = 200

// closing says that a phrase stands behind a comma at the end of a clause, as
// who said it: the states of the clause are what the speaker talks about.
func (c *caster) closing(ph *phrase) bool {
	return ph.first > c.p.doc.Sents[c.p.word(ph.first).Sent].First+3 && c.p.word(ph.first-1).Form == ","
}

// findHome finds the state from whose ground the article is written: that of
// the place in its dateline ("NAIROBI, Aug 3 - "), if the article tells of
// that state too.
func (c *caster) findHome() {
	for _, s := range c.states {
		if !s.place {
			continue
		}
		if x := c.p.doc.Sents[s.sent]; x.Dateline {
			told := slices.ContainsFunc(c.states, func(o stateAt) bool { return o.party == s.party && !o.place })
			if told && s.word <= x.First+3 {
				c.home = s.party
			}
			return
		}
	}
}

// ledByAnother says that sentence sent begins with a state other than home;
// states[:to] are before the sentence after it.
func (c *caster) ledByAnother(sent, to int) bool {
	for k := to - 1; k >= 0 && c.states[k].sent == sent; k-- {
		if s := c.states[k]; !s.place && s.word <= c.p.doc.Sents[sent].First+1 {
			return s.party != c.home
		}
	}
	return false
}

// context is the party of a phrase that names none. In turn: the place that
// its sentence begins with ("In Taipei, the foreign minister …"); a state
// before it in the sentence that acts, not one after a preposition; people
// before it (neither where the phrase closes the sentence as its speaker); the
// state from which the article is written, unless the sentence before begins
// with another; the state that the sentences before tell of first; any state of
// its own sentence; the article's first. A state that has no such office (the
// foreign ministry of the United States) is passed over.
func (c *caster) context(ph *phrase) detente.Party {
	sent := c.p.word(ph.first).Sent
	from := sort.Search(len(c.states), func(i int) bool { return c.states[i].sent >= sent })
	to := from
	for to < len(c.states) && to < from+lookBack && c.states[to].sent == sent {
		to++
	}
	here := c.states[from:to]
	if len(here) > 0 && here[0].place && here[0].word <= c.p.doc.Sents[sent].First+1 && here[0].word < ph.first && ph.may(here[0].party) {
		return here[0].party
	}
	if !c.closing(ph) {
		for _, s := range here {
			if !s.place && s.acts && s.word < ph.first && ph.may(s.party) {
				return s.party
			}
		}
		if party := c.peopleBefore(ph); party != "" && ph.may(party) {
			return party
		}
	}
	if c.home != "" && !c.ledByAnother(sent-1, from) && ph.may(c.home) {
		return c.home
	}
	if party := c.sentencesBefore(ph, from); party != "" {
		return party
	}
	for _, place := range []bool{false, true} {
		for _, s := range here {
			if s.place == place && !s.across && (s.word < ph.first || s.word >= ph.end) && ph.may(s.party) {
				return s.party
			}
		}
	}
	if c.firstState >= 0 && ph.may(c.states[c.firstState].party) {
		return c.states[c.firstState].party
	}
	return ""
}

// may says whether a party has such an office.
func (ph *phrase) may(party detente.Party) bool {
	if ph.body != nil && ph.body.form != nil && indexOf(ph.body.form.fact.except, string(party)) >= 0 {
		return false
	}
	return ph.form == nil || indexOf(ph.form.fact.except, string(party)) < 0
}

// sentencesBefore is the first state of the nearest of the three sentences
// before that has one; states[:to] are before ph's sentence.
func (c *caster) sentencesBefore(ph *phrase, to int) detente.Party {
	sent := c.p.word(ph.first).Sent
	for k := to - 1; k >= 0 && k > to-lookBack && c.states[k].sent >= sent-3; {
		first := k
		for first > 0 && first > k-lookBack && c.states[first-1].sent == c.states[k].sent {
			first--
		}
		for _, s := range c.states[first : k+1] {
			if !s.place && !s.across && ph.may(s.party) {
				return s.party
			}
		}
		k = first - 1
	}
	return ""
}

// peopleBefore is the party of the last person or body of the sentence before
// ph, as far as settled.
func (c *caster) peopleBefore(ph *phrase) detente.Party {
	k := sort.Search(len(c.phrases), func(i int) bool { return c.phrases[i].first >= ph.first })
	for n := 0; n < lookBack && k > 0; n++ {
		k--
		if c.p.word(c.phrases[k].first).Sent != c.p.word(ph.first).Sent {
			break
		}
		if a := c.phrases[k].actor; a != nil && c.b.states[a.Party] != nil && (a.Kind == KindPerson || a.Kind == KindBody) {
			return a.Party
		}
	}
	return ""
}

// mention enters a phrase and those inside it.
func (c *caster) mention(ph *phrase) {
	ph.each(func(q *phrase) {
		if q.actor == nil {
			return
		}
		m := Mention{First: q.first, End: q.end, Actor: q.actor}
		m.Head = headOf(c.p.doc, q.first, q.end, q.core)
		m.Adjective = q.kind == phAdjective || q.modifies || q.kind == phNamed && c.p.beforeNoun(q) || q.possessive && (q.kind == phNamed) || q != ph && q.kind == phNamed && q.end <= ph.core && q.first >= ph.first && !isNested(ph, q)
		c.mentions = append(c.mentions, m)
	})
}

// isNested says whether q stands in a phrase after the head ("of Russia").
func isNested(ph, q *phrase) bool { return q.first > ph.core }
