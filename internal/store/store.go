// Package store keeps records and answers what was known as of a day.
//
// A Store is asked by intent (commit one article, the reports of a dyad, a
// search), so that each engine can use its own best path. It knows nothing of
// how channel states come about: those are folded by package dialogue from the
// reports that a Store hands out, and what was folded is handed back to be kept
// (Stale, SaveSeries). Engines live in folders of their own, and every engine
// passes the same suite, storetest.Run.
//
// # Known-on
//
// Three dates are kept of everything: when it happened or was said (in the
// record), when it was published, and when it was read. What is asked "as of"
// a day is answered from articles known by the end of that day, and nothing
// later. An article is known on the day that it was published. Where that is
// given as a month or a year, it is known on the last day covered; where it is
// missing, on the day (UTC) it was first read: an article never counts as
// known before it can have been. The empty as-of date means everything.
//
// # Versions
//
// A text that changes at its address is a new version of the same article
// (Unit.Story). The earlier ones are kept. A later version is known on its own
// publication day if that is later than the one before it, else on the day it
// was read (see Succeed): a correction never counts as known before it can have
// been. From that day on it stands in the place of the earlier one, in Dyads, Reports and
// Search; as of an earlier day the earlier one does. Unit gives any of them.
//
// # Identity
//
// An article is known by Record.Article.ID, which may be any text that is not
// empty. Ids of statements, events, acts and claims are unique within one
// article; Ref joins the two.
package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"detente"
)

// ErrNotFound says that the store does not have what was asked for.
var ErrNotFound = errors.New("not in the store")

// ErrRefused says that a unit is not one that can be kept, whatever is stored.
var ErrRefused = errors.New("the store does not take it")

// ErrIncomplete says that a run lacks articles.
var ErrIncomplete = errors.New("the run lacks articles")

// Unit is what is committed and read back whole: one article's record and what
// the record's own JSON leaves out.
type Unit struct {
	// Record is stored as it stands; Article.Text and Text are the same text.
	// Article.Read is when it was read and must be set.
	Record detente.Record
	// Origin is the same for syndicated copies of one text and differs between
	// independent texts. Empty: nothing is known, the article is its own origin.
	Origin string
	// Story is the same for the versions of one article, texts that stood one
	// after the other at its address: the id of the first. Empty: it has no other.
	Story string
	// Wire is the agency that the text gives credit to, empty where it names none.
	Wire string
	// Keys are what near-copies of the text share some of; they are not read back.
	Keys []uint64 `json:"-"`
}

// Outcome is what a Commit did.
type Outcome string

// Outcomes of Commit.
const (
	Added     Outcome = "added"     // the article was not there
	Unchanged Outcome = "unchanged" // the same record was there; nothing was written
	Recoded   Outcome = "recoded"   // the same text with another record (model, rules) was there and has been replaced
	Replaced  Outcome = "replaced"  // another text under this id was there and has been replaced
)

// Head is what is said of an article wherever it is cited.
type Head struct {
	ID        string       `json:"id"`
	URL       string       `json:"url"`
	Outlet    string       `json:"outlet"`
	Title     string       `json:"title"`
	Published detente.Date `json:"published"`
	Known     detente.Date `json:"known"` // see the package comment
	Read      time.Time    `json:"read"`  // when this text was first read, UTC, whole seconds
	Origin    string       `json:"origin,omitempty"`
	Story     string       `json:"story,omitempty"`
	Wire      string       `json:"wire,omitempty"`
	// Until is the day from which a later version stands in its place; empty
	// where there is none.
	Until detente.Date `json:"until,omitempty"`
}

// Report is what one article tells of one dyad: its acts and claims between
// the two, the events and statements behind them and the sentences that they
// stand in. Ids are those of the article.
type Report struct {
	Head       `json:"-"`
	Acts       []detente.Act       `json:"acts"`
	Claims     []detente.Claim     `json:"claims"`
	Events     []detente.Event     `json:"events"`
	Statements []detente.Statement `json:"statements"`
	Sentences  map[int]Sentence    `json:"sentences"` // by index in the record, one for every Sentence named above
	// Copies are the other reports of the same origin, in order; filled by
	// Recent and Told alone.
	Copies []Head `json:"-"`
}

// Sentence is a sentence and where it stands in its article's text.
type Sentence struct {
	detente.Span
	Text string `json:"text"`
}

// DyadSummary is one dyad of which something was reported.
type DyadSummary struct {
	Dyad    detente.Dyad
	Reports int          // articles that tell an act or a claim
	Origins int          // independent ones among them
	Latest  detente.Date // known-on day of the latest of them
}

// Query is what Search looks for; empty fields ask nothing. All that are given
// must hold.
type Query struct {
	// Text: words that must all occur in the article's title or text, in any
	// order, regardless of case and of diacritics; words in quotation marks
	// stand together. Nothing else in it has a meaning.
	Text    string
	Speaker string        // part of the name of somebody who makes a statement, regardless of ASCII case
	Party   detente.Party // somebody speaks for this party
	Dyad    detente.Dyad  // it tells an act or a claim between the two
	Outlet  string        // the outlet's whole name
	// Channel and State: it tells an act or a claim on this channel, claims this
	// state or leaves a channel in it by itself; both of one channel where both
	// are given. Disputed: somebody in it contradicts another, or the record.
	Channel  detente.Channel
	State    detente.State
	Disputed bool
	From, To detente.Date // known in these days, both included
	AsOf     detente.Date
	After    Place // the place of the last hit of the page before; zero: from the start
	Limit    int   // at most so many hits; 0 means 50
}

// Hit is an article that Search found.
type Hit struct {
	Head
	Dyads []detente.Dyad // of which it tells something, in order
	// Extract is a run of the text around the first words found, as pieces in
	// order; the matching ones are marked. Nil where the query has no Text.
	Extract []Piece
	// Statements of the speaker and party asked for, in text order; nil where
	// the query names neither.
	Statements []detente.Statement
}

// Piece is a run of text, marked where it matches.
type Piece struct {
	Text   string
	Marked bool
}

// Store keeps records. It is safe for concurrent use: any number of readers go
// on while one commits, each answer is of one moment, and what Commit has
// acknowledged is seen by every call that starts later. Every method heeds the
// context's end. Answers may be changed freely by the caller.
type Store interface {
	// Commit stores one article's unit: all of it or, on error, none of it.
	// When it returns without error the unit outlives a kill of the process
	// and a loss of power.
	//
	// The same unit twice changes nothing; the time of reading is not compared.
	// Another record under a stored id takes its place whole, and nothing of the
	// earlier one is found any more. The Outcome tells whether the text was the
	// same: if so the time of the first reading is kept, if not the article was
	// first read now.
	//
	// A unit without an article id, without a reading time, with a publication
	// date that is none, with a sentence or span outside its text, or with a
	// dyad that does not survive being written as "RUS-USA" is ErrRefused.
	Commit(ctx context.Context, u Unit) (Outcome, error)

	// Dyads lists the dyads of which an article known by asOf tells an act or
	// a claim, the most lately reported first, by name within a day.
	Dyads(ctx context.Context, asOf detente.Date) ([]DyadSummary, error)

	// Reports gives what articles known by asOf tell of a dyad, in order of
	// known-on day, then of article id. None is not an error.
	Reports(ctx context.Context, dyad detente.Dyad, asOf detente.Date) ([]Report, error)

	// Unit gives an article's unit as committed, with its Head. The error is
	// ErrNotFound where the id is not stored.
	Unit(ctx context.Context, id string) (Unit, Head, error)

	// Walk hands over the units of the articles known by asOf that became known
	// from one day to another (an empty end is open), in order of known-on day,
	// then of article id, one after the other and all as of one moment. Where
	// visit gives an error, that ends the walk and is returned as it is.
	Walk(ctx context.Context, asOf, from, to detente.Date, visit func(Unit, Head) error) error

	// Search finds articles, the latest known first, by id within a day.
	// A query that asks nothing finds every article.
	Search(ctx context.Context, q Query) ([]Hit, error)

	// Spoken gives the statements of a speaker in articles known by asOf, the
	// latest known first, by article id within a day, then in text order; from
	// at most limit articles (0: DefaultLimit) behind after.
	Spoken(ctx context.Context, who Voice, asOf detente.Date, after Place, limit int) ([]Saying, error)

	// Outlets lists the outlets of articles known by asOf, by name.
	Outlets(ctx context.Context, asOf detente.Date) ([]OutletSummary, error)

	// Recent gives the reports of a dyad known by asOf that are the first of
	// their origin, with their Copies, the latest known first, by id within a
	// day; at most limit (0: DefaultLimit) behind after.
	Recent(ctx context.Context, dyad detente.Dyad, asOf detente.Date, after Place, limit int) ([]Report, error)

	// Told gives what these articles tell of a dyad, with their Copies, in the
	// order of Reports. Those not known by asOf, or that tell nothing, are left
	// out.
	Told(ctx context.Context, dyad detente.Dyad, articles []string, asOf detente.Date) ([]Report, error)

	// Stale lists the dyads whose series is not of all that is committed, or
	// of other rules than these, in order. What a Commit changes is marked in
	// its own transaction.
	Stale(ctx context.Context, rules string) ([]Mark, error)

	// Tellings hands on every report of a dyad of whatever day, superseded ones
	// too, in the order of Reports: what a fold is made of. Heads in it have ID,
	// Outlet, Known, Until and Origin. An error of take ends it.
	Tellings(ctx context.Context, dyad detente.Dyad, take func(Report) error) error

	// SaveSeries puts a series in the place of what was kept of its dyad from
	// its From on, and takes the mark away. All of it or none: none, without an
	// error, where something was committed since the mark was handed out, or
	// another process has saved a series for it. What is kept is never older
	// than what it takes the place of.
	SaveSeries(ctx context.Context, s detente.Series, m Mark) error

	// Series gives the series kept of a dyad as it was known by asOf: nothing
	// that became known later, and what ended later has not ended.
	Series(ctx context.Context, dyad detente.Dyad, asOf detente.Date) (detente.Series, error)

	// Boards gives what the kept series say of dyads as of a day: of those
	// named, in their order, or, where dyads is nil, of the most lately
	// reported, by name within a day, at most limit. more is how many were
	// left out. A named dyad of which nothing was known has a board without
	// channels.
	Boards(ctx context.Context, dyads []detente.Dyad, asOf detente.Date, limit int) (boards []Board, more int, err error)

	// Stamp gives a word that is another after anything has changed that Boards,
	// Recent, Told, Turns and Disputes say of a dyad; of the zero Dyad, after a
	// series has been saved, of whichever.
	Stamp(ctx context.Context, dyad detente.Dyad) (string, error)

	// Turns gives the spells of a dyad's series whose state is another than
	// before, known by asOf, by channel in board order, then by day.
	Turns(ctx context.Context, dyad detente.Dyad, asOf detente.Date) ([]detente.ChannelSpell, error)

	// Disputes gives the disputes of a dyad's series known as of a day, the
	// latest first, at most limit (0: DefaultLimit).
	Disputes(ctx context.Context, dyad detente.Dyad, asOf detente.Date, limit int) ([]detente.DisputeSpell, error)

	// Months gives the monthly counts of a dyad, oldest first: of what became known in a
	// month, as it was known at the month's end. As of a day within a
	// month, the last one counts up to that day.
	Months(ctx context.Context, dyad detente.Dyad, asOf detente.Date) ([]Month, error)

	// Runs lists the runs, the oldest first; there is always an active one.
	Runs(ctx context.Context) ([]Run, error)

	// AddRun begins a run without records beside the others.
	AddRun(ctx context.Context, v detente.Versions, begun time.Time) (Run, error)

	// In gives the store as a run has it: records that are committed go into
	// that run, what is asked is answered from it. Articles, with their text,
	// origin and story, belong to all runs, and are not changed by way of one:
	// there a unit whose text is not stored under its id is ErrNotFound. An
	// article without a record in a run is not found in it. The Store itself is that of the active run, whichever that
	// is at the time of a call. Closing any of them closes all. The error is
	// ErrNotFound where there is no such run.
	In(ctx context.Context, run int64) (Store, error)

	// Activate makes a run the active one, for all processes at one moment. The
	// error is ErrIncomplete where an article of the run that is active has no
	// record in it, unless partial is set.
	Activate(ctx context.Context, run int64, partial bool) error

	// Articles lists ids of articles with a record in this run, in the order of
	// ids, behind one of them (empty: from the first); at most limit.
	Articles(ctx context.Context, after string, limit int) ([]string, error)

	// Holds reports whether a record of this article by these versions of
	// program, model and rules is there: the same id, text and head.
	Holds(ctx context.Context, a *detente.Article, v detente.Versions) (bool, error)

	// Alike finds articles that share keys and became known from one day to
	// another, those that share most first, by id among equals; at most limit.
	Alike(ctx context.Context, keys []uint64, from, to detente.Date, limit int) ([]Candidate, error)

	// At lists the articles whose URL has this address (AddressOf), all their
	// versions, in the order in which they became known.
	At(ctx context.Context, address string) ([]Head, error)

	// Sources lists what is polled, by address.
	Sources(ctx context.Context) ([]Source, error)

	// SaveSource stores a source's state in the place of what was there.
	SaveSource(ctx context.Context, s Source) error

	// RemoveSource forgets a source and what was to be fetched for it. What was
	// read stays. The error is ErrNotFound where it is not there.
	RemoveSource(ctx context.Context, address string) error

	// Found adds pages that are not known yet, and has those fetched again of
	// which something else is told than before; all or none. It gives how many
	// there were of both. A page is known by its address.
	Found(ctx context.Context, pages []Page) (int, error)

	// SavePage stores a page's state in the place of what was there.
	SavePage(ctx context.Context, p Page) error

	// Due lists pages that are still to be fetched and whose next try is not
	// after a time, the longest due first, by address among equals; at most limit.
	Due(ctx context.Context, by time.Time, limit int) ([]Page, error)

	// Import tells how far the reading of a file has come; the zero Import where
	// nothing is known.
	Import(ctx context.Context, file string) (Import, error)

	// SaveImports stores the state of imports in the place of what was there,
	// all of them or none.
	SaveImports(ctx context.Context, imports []Import) error

	hooks
	log
	figures
	indicators

	// Close ends the use of the store. Calls that are under way may fail.
	Close() error
}

// DefaultLimit is how many hits a Query without a limit finds at most.
const DefaultLimit = 50

// Ref names a statement, event, act or claim of an article across articles.
type Ref struct {
	Article string
	ID      string
}

// String gives "ARTICLE#a1".
func (r Ref) String() string { return Prefix(r.Article) + r.ID }

// Prefix is what stands before the id in a Ref of article.
func Prefix(article string) string { return article + "#" }

// ParseRef reads "ARTICLE#a1". The article's own id may hold a "#".
func ParseRef(s string) (Ref, error) {
	i := strings.LastIndexByte(s, '#')
	if i <= 0 || i == len(s)-1 {
		return Ref{}, fmt.Errorf("%q is no reference; write an article's id, # and the id of what stands in it", s)
	}
	return Ref{Article: s[:i], ID: s[i+1:]}, nil
}

// KnownOn gives the day on which an article published and read so is known.
func KnownOn(published detente.Date, read time.Time) detente.Date {
	first, ok := published.Time()
	switch {
	case !ok:
		return detente.DateOf(read.UTC())
	case len(published) == len("2006"):
		return detente.DateOf(first.AddDate(1, 0, -1))
	case len(published) == len("2006-01"):
		return detente.DateOf(first.AddDate(0, 1, -1))
	}
	return published
}
