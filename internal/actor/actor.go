// Package actor turns a mention and a date into who that is and for whom they
// speak: person, body or state, role, party, sectors and kind of office.
//
// A Book holds the facts (data/actors/*.tsv and a user's own directory; the
// format is in docs/format-actors.md). Cast reads one analysed article against
// the Book in four steps:
//
//  1. find: the longest names of the Book over the words, with all that each
//     may mean (match.go);
//  2. parse: noun phrases of politics around them, by one small grammar:
//     [determiner] [modifiers] [whose] [body] [role] [name] [of whom], with
//     appositions on either side (phrase.go, owner.go, attach.go, name.go);
//  3. settle: what each phrase names, a name as a government or a mere place
//     (place.go), one record for each person, from all phrases that name them
//     (person.go), and the party of a phrase that names none, from the text
//     around it (cast.go);
//  4. link: titles, "the ministry", "the two ministers" and pronouns to those
//     whom the text introduced before (link.go).
//
// The roles that the text itself gives ("Russian government spokesman Dmitry
// Peskov") count more than any list, and a person introduced once is the same
// person when named by surname, title or pronoun later.
package actor

import (
	"detente"
	"detente/internal/nlp"
)

// Kind is what a mention names.
type Kind string

// Kinds of mention.
const (
	KindPerson Kind = "person"
	KindBody   Kind = "body"  // ministry, government, parliament, agency, metonym for one (Kremlin)
	KindState  Kind = "state" // Russia, the Dutch, Moscow for its government
	KindOrg    Kind = "org"   // international organisation: NATO, UN
	KindGroup  Kind = "group" // armed group, party, company, "analysts", "officials"
	KindMedia  Kind = "media" // RIA, CNN Money: links of the chain of reporting
	KindPlace  Kind = "place" // a place that is only a place here ("met in Geneva")
)

// Office is the kind of office that decides a channel.
type Office string

// Offices.
const (
	OfficeLeader       Office = "leader"           // head of state or government, elected and not yet in office included
	OfficeForeign      Office = "foreign-minister" // and deputies, foreign ministries, secretary of state
	OfficeAmbassador   Office = "ambassador"       // and consuls, chargés, embassies
	OfficeDefence      Office = "defence"          // defence ministers, generals, armed forces
	OfficeSecurity     Office = "security"         // intelligence, national security advisers, police
	OfficeEconomy      Office = "economy"          // trade, finance, energy ministers, central banks
	OfficeLegislature  Office = "legislature"
	OfficeHumanitarian Office = "humanitarian" // red cross, prisoners' commissioners
	OfficeMedia        Office = "media"        // news outlets
	OfficeSpokesman    Office = "spokesman"    // speaks for a body: BodyOffice is that body's office
	OfficeEnvoy        Office = "envoy"        // special envoys, negotiators
	OfficeGovernment   Office = "government"   // government as such
	OfficeOther        Office = ""
)

// Actor is who a mention is.
type Actor struct {
	ID      string        // stable: Wikidata Q-id where known, else a slug of name and party; state: its code
	Name    string        // "Dmitry Peskov"; a body as the text names it
	Role    string        // as the text gives it, else as the Book has it at the date
	Party   detente.Party // for whom they speak; empty for none
	Sectors []string      // PLOVER sectors: GOV, MIL, LEG, MED, …
	Office  Office
	Kind    Kind
	Gender  string // "m", "f" or empty; learned from pronoun, title or Book

	// Country is the state that the actor is of, where they do not speak for
	// it too: rebels, companies, media, civilians. Equal to Party where Party
	// is a state; a place's state.
	Country detente.Party
	// BodyOffice is the office of the body that a spokesman, official or
	// adviser belongs to ("State Department spokesman": foreign-minister).
	BodyOffice Office
	// To is where an ambassador or envoy is sent ("envoy to Washington": USA).
	To detente.Party
	// Members are those whom a mention of several names: "the two ministers",
	// "U.S. and Russian negotiators", "the two Koreas".
	Members []*Actor
	// Link is a medium's place in a chain of reporting: agency, newspaper,
	// broadcaster, website.
	Link string
	// Owner is whose a medium is: OwnerState, OwnerPublic, or empty where the
	// tables do not tell.
	Owner string
}

// Code is the party that an actor speaks for, or else the country that they are of.
func (a *Actor) Code() detente.Party { return orParty(a.Party, a.Country) }

// Owners of media.
const (
	OwnerState  = "state"  // a state or its ruling party
	OwnerPublic = "public" // a public-service body
)

// Mention is a run of words First … End-1 with head word Head that names Actor.
// The run is the full noun phrase where a title or apposition belongs to it
// ("U.S. State Department spokesman John Kirby").
type Mention struct {
	First, End, Head int
	Actor            *Actor
	Pronoun          bool // he, she, they, it resolved to the Actor
	Adjective        bool // demonym or possessive used as modifier: "Russian", "Moscow's"
}

// Cast is who appears in one article.
type Cast struct {
	Mentions []Mention // in text order; may nest: a modifier inside a longer mention
	Learned  []Learned // roles that the text gives and the Book does not have

	head     []int32 // word -> widest mention with that head, plus one
	covering []int32 // word -> narrowest mention over it, plus one
}

// At gives the widest mention whose head is word w, or nil.
func (c *Cast) At(w int) *Mention { return c.pick(c.head, w) }

// Covering gives the narrowest mention that covers word w, or nil.
func (c *Cast) Covering(w int) *Mention { return c.pick(c.covering, w) }

func (c *Cast) pick(index []int32, w int) *Mention {
	if w < 0 || w >= len(index) || index[w] == 0 {
		return nil
	}
	return &c.Mentions[index[w]-1]
}

// Within gives the mentions inside words first … end-1, in text order.
func (c *Cast) Within(first, end int) []*Mention {
	lo, hi := 0, len(c.Mentions)
	for lo < hi {
		if mid := (lo + hi) / 2; c.Mentions[mid].First < first {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	var out []*Mention
	for ; lo < len(c.Mentions) && c.Mentions[lo].First < end; lo++ {
		if c.Mentions[lo].End <= end {
			out = append(out, &c.Mentions[lo])
		}
	}
	return out
}

// index fills the lookups over n words. Mentions are in text order, a wider
// one before the narrower ones that begin with it.
func (c *Cast) index(n int) {
	c.head, c.covering = make([]int32, n), make([]int32, n)
	for i := range c.Mentions {
		m := &c.Mentions[i]
		if at := c.At(m.Head); at == nil || m.End-m.First > at.End-at.First {
			c.head[m.Head] = int32(i + 1)
		}
		for w := m.First; w < m.End; w++ {
			if over := c.Covering(w); over == nil || m.End-m.First <= over.End-over.First {
				c.covering[w] = int32(i + 1)
			}
		}
	}
}

// headOf gives the head word of a run: the word whose own head is outside it.
// Where the tree gives several, or none, the given word stands.
func headOf(doc *nlp.Doc, first, end, given int) int {
	found := -1
	for w := first; w < end; w++ {
		h := doc.Words[w].Head
		if (h < first || h >= end) && doc.Words[w].UPOS != "PUNCT" {
			if found >= 0 {
				return given
			}
			found = w
		}
	}
	if found < 0 {
		return given
	}
	return found
}
