package actor

import "detente/internal/nlp"

// followChains finds the actor of every pronoun's chain.
func (c *caster) followChains() {
	c.chainOf = make(map[int]*Actor)
	byHead := make(map[int]*Mention)
	for _, ph := range c.phrases {
		ph.each(func(q *phrase) {
			if q.actor == nil || q.kind == phAdjective {
				return
			}
			for _, w := range []int{q.core, headOf(c.p.doc, q.first, q.end, q.core)} {
				if m := byHead[w]; m == nil || q.end-q.first > m.End-m.First {
					byHead[w] = &Mention{First: q.first, End: q.end, Head: w, Actor: q.actor}
				}
			}
		})
	}
	for _, ch := range c.p.doc.Chains {
		if a := c.chainActor(ch.Mentions, byHead); a != nil {
			for _, m := range ch.Mentions {
				if m.Kind == nlp.MentionPronoun {
					c.chainOf[m.Head] = a
				}
			}
		}
	}
}

// linkChains gives pronouns, and titles that name nobody, the actor of their
// chain.
func (c *caster) linkChains() {
	byWord := make(map[int]*Mention)
	for i := range c.mentions {
		m := &c.mentions[i]
		if at := byWord[m.Head]; at == nil || m.End-m.First > at.End-at.First {
			byWord[m.Head] = m
		}
	}
	named := make(map[*Actor]bool, len(c.records))
	for _, r := range c.records {
		named[r.actor] = true
	}
	for i := range c.mentions { // "The owner, Kostas Vellis": the title is the head
		if m := &c.mentions[i]; named[m.Actor] && byWord[m.End-1] == nil {
			byWord[m.End-1] = m
		}
	}
	titled := make(map[int]titledAs)
	var more []Mention
	for _, ch := range c.p.doc.Chains {
		a := c.unlisted(ch, byWord)
		if a != nil {
			named[a] = true
			for _, m := range ch.Mentions {
				if m.Kind == nlp.MentionName {
					more = append(more, Mention{First: m.First, End: m.End, Head: m.Head, Actor: a})
				}
			}
		} else if a = c.chainActor(ch.Mentions, byWord); a == nil {
			continue
		}
		for _, m := range ch.Mentions {
			switch m.Kind {
			case nlp.MentionPronoun:
				learnGender(a, c.p.lower(m.Head))
				more = append(more, Mention{First: m.First, End: m.End, Head: m.Head, Actor: a, Pronoun: true})
			case nlp.MentionTitle:
				switch at := byWord[m.Head]; {
				case at == nil && named[a]:
					more = append(more, Mention{First: m.First, End: m.End, Head: m.Head, Actor: a})
				case at != nil && at.Actor != a && !named[at.Actor] && c.mayBe(at.Actor, a):
					c.learnTitle(a, at.Actor)
					titled[m.Head] = titledAs{at.Actor, a}
				}
			}
		}
	}
	for i := range c.mentions {
		if t, ok := titled[c.mentions[i].Head]; ok && c.mentions[i].Actor == t.title {
			c.mentions[i].Actor, c.mentions[i].Adjective = t.who, false
		}
	}
	c.mentions = append(c.mentions, more...)
}

// unlisted makes an actor of a company or body that no table has, where the
// text speaks of it by its trade or again; else nil.
func (c *caster) unlisted(ch nlp.Chain, byWord map[int]*Mention) *Actor {
	if len(ch.Mentions) < 2 || ch.Name == "" {
		return nil
	}
	a := &Actor{Name: ch.Name, Kind: KindGroup, ID: slug(ch.Name)}
	for _, m := range ch.Mentions {
		if m.Kind != nlp.MentionName {
			continue
		}
		if e := c.p.entAt[m.Head]; e == 0 || c.p.ents[e-1].Kind != nlp.Organisation {
			return nil
		}
		for w := m.First; w < m.End; w++ {
			switch at := byWord[w]; {
			case at == nil:
			case at.Actor.Kind != KindGroup || at.End == m.End && at.Head == m.Head:
				return nil
			default: // "the carmaker"
				a.Sectors, a.Role = at.Actor.Sectors, at.Actor.Role
			}
		}
	}
	return a
}

// titledAs is what a title's own words say, and whom it means.
type titledAs struct{ title, who *Actor }

// mayBe says whether nothing that a title's words tell speaks against its being
// said of a: not where the text around gave it its party.
func (c *caster) mayBe(title, a *Actor) bool {
	switch {
	case len(title.Members) > 0:
		return false
	case title.Kind == KindState: // "the American"
		return a.Kind == KindPerson && (a.Country == "" || a.Country == title.Country || c.guessed[a])
	case title.Kind != KindPerson && title.Kind != a.Kind:
		return false
	case title.Country != "" && a.Country != "" && title.Country != a.Country && !c.guessed[title] && !c.guessed[a]:
		return false
	case title.Gender != "" && a.Gender != "" && title.Gender != a.Gender:
		return false
	}
	return true
}

// learnTitle gives somebody of whom the text told no role the one that a title
// for them tells; and the state of one of whom it was only guessed.
func (c *caster) learnTitle(a, title *Actor) {
	if country := title.Country; country != "" && a.Kind == KindPerson && !c.guessed[title] && (c.guessed[a] || title.Kind == KindState && a.Country == "") {
		a.Country, a.Party = "", ""
		a.setParty(c.b, country)
		delete(c.guessed, a)
	}
	if a.Kind != KindPerson || a.Role != "" || title.Role == "" {
		return
	}
	a.Role, a.Office, a.BodyOffice, a.Sectors, a.To = title.Role, title.Office, title.BodyOffice, title.Sectors, title.To
	if a.Party == "" && a.Country == "" {
		a.Party, a.Country = title.Party, title.Country
	}
}

func learnGender(a *Actor, pronoun string) {
	if a.Gender != "" {
		return
	}
	switch pronoun {
	case "he", "him", "his", "himself":
		a.Gender = "m"
	case "she", "her", "hers", "herself":
		a.Gender = "f"
	}
}

// chainActor is whom a chain's names name, else its titles.
func (c *caster) chainActor(list []nlp.Mention, byWord map[int]*Mention) *Actor {
	for _, kind := range []string{nlp.MentionName, nlp.MentionTitle} {
		for _, m := range list {
			if m.Kind != kind {
				continue
			}
			if at := c.mentionOver(m.First, m.End, m.Head, byWord); at != nil && at.Actor.Kind != KindPlace {
				return at.Actor
			}
		}
	}
	return nil
}

// mentionOver is the mention with the head word, or one inside the run.
func (c *caster) mentionOver(first, end, head int, byWord map[int]*Mention) *Mention {
	if m := byWord[head]; m != nil && !m.Adjective {
		return m
	}
	for w := end - 1; w >= first; w-- {
		if m := byWord[w]; m != nil && !m.Adjective && (m.First >= first || m.End == end && w == end-1) {
			return m
		}
	}
	return nil
}
