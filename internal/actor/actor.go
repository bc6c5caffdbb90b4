// Package actor turns a mention and a date into who that is and for whom they
// speak: person, body or state, role, party, sectors and kind of office.
//
// A Book holds the facts (data/actors/*.tsv and a user's own directory). Cast
// reads one analysed article against the Book: the roles that the text itself
// gives ("Russian government spokesman Dmitry Peskov") count more than any
// list, and a person introduced once is the same person when named by surname,
// title or pronoun later.
package actor

import (
	"io/fs"

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
	OfficeSpokesman    Office = "spokesman"    // speaks for a body; the body's office, where known, wins
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
}

// Mention is a run of words First … End-1 with head word Head that names Actor.
// The run is the full noun phrase where a title or apposition belongs to it
// ("U.S. State Department spokesman John Kirby").
type Mention struct {
	First, End, Head int
	Actor            *Actor
	Pronoun          bool // he, she, they, it resolved to the Actor
	Adjective        bool // demonym or possessive used as modifier: "Russian", "Moscow's"
}

// Book is the loaded facts; read-only.
type Book struct{}

// Load reads *.tsv of each file system in order, later ones adding to and
// overriding earlier ones. Errors name file, line and column.
func Load(dirs ...fs.FS) (*Book, error) { return &Book{}, nil }

// Cast is who appears in one article.
type Cast struct {
	Mentions []Mention // in text order; may nest: a modifier inside a longer mention
}

// Cast reads doc as published on a date (empty: undated roles only).
func (b *Book) Cast(doc *nlp.Doc, on detente.Date) *Cast { return &Cast{} }

// At gives the widest mention whose head is word w, or nil.
func (c *Cast) At(w int) *Mention { return nil }

// Covering gives the narrowest mention that covers word w, or nil.
func (c *Cast) Covering(w int) *Mention { return nil }

// Within gives the mentions inside words first … end-1, in text order.
func (c *Cast) Within(first, end int) []*Mention { return nil }

// Describe resolves a source phrase (words first … end-1) to a speaker: the
// mention at its head, else the role and party that its own words give
// ("a senior Iranian official").
func (c *Cast) Describe(doc *nlp.Doc, first, end int) *Actor { return nil }
