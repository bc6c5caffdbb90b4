// Package detente holds the nouns of the system: what was read, who said what,
// what was done, and what that means for each channel of dialogue.
//
// The words and JSON names are the codebook's (docs/codebook.md). Types here
// carry data and small pure methods; they import the standard library alone,
// and every other package imports them.
//
// All text offsets are Spans: Unicode code points into Record.Text, end
// exclusive, as the W3C TextPositionSelector counts them.
package detente

import (
	"errors"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"
)

// CodebookVersion is stored with every record.
const CodebookVersion = 1

// Span is a run of Unicode code points of a Record's Text, End exclusive.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Len is the number of code points covered.
func (s Span) Len() int { return s.End - s.Start }

// Contains reports whether o lies inside s.
func (s Span) Contains(o Span) bool { return s.Start <= o.Start && o.End <= s.End }

// Overlaps reports whether the two share a code point.
func (s Span) Overlaps(o Span) bool { return s.Start < o.End && o.Start < s.End }

// Date is an ISO 8601 calendar date, possibly of reduced precision:
// "2016-12-20", "2016-12", "2016", or empty where it is not known.
type Date string

// ErrDate marks a date that could not be read.
var ErrDate = errors.New("not a date; write YYYY-MM-DD")

// ParseDate reads a full calendar date (YYYY-MM-DD).
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return "", fmt.Errorf("%q: %w", s, ErrDate)
	}
	return Date(t.Format(time.DateOnly)), nil
}

// Time gives midnight UTC of the first day that the date covers; ok is false
// for the empty or a malformed date.
func (d Date) Time() (t time.Time, ok bool) {
	layout := ""
	switch len(d) {
	case 10:
		layout = time.DateOnly
	case 7:
		layout = "2006-01"
	case 4:
		layout = "2006"
	default:
		return t, false
	}
	t, err := time.Parse(layout, string(d))
	return t, err == nil
}

// DateOf gives the calendar date of t.
func DateOf(t time.Time) Date { return Date(t.Format(time.DateOnly)) }

// AddDays moves a full date by n days; a date of reduced precision stays as it is.
func (d Date) AddDays(n int) Date {
	t, ok := d.Time()
	if !ok || len(d) != 10 {
		return d
	}
	return DateOf(t.AddDate(0, 0, n))
}

// Party is an ISO 3166-1 alpha-3 code of a state, or a short code of an
// organisation (NATO, UN, EU). Empty: speaks for none.
type Party string

// Dyad is two parties in alphabetical order.
type Dyad [2]Party

// NewDyad orders a and b.
func NewDyad(a, b Party) Dyad {
	if b < a {
		a, b = b, a
	}
	return Dyad{a, b}
}

// String gives "RUS-USA".
func (d Dyad) String() string { return string(d[0]) + "-" + string(d[1]) }

// ParseDyad reads "RUS-USA".
func ParseDyad(s string) (Dyad, error) {
	a, b, ok := strings.Cut(strings.ToUpper(strings.TrimSpace(s)), "-")
	if !ok || a == "" || b == "" || a == b {
		return Dyad{}, fmt.Errorf("%q is no dyad; write two party codes, as RUS-USA", s)
	}
	return NewDyad(Party(a), Party(b)), nil
}

// BlockKind says what a piece of an article is.
type BlockKind string

// Kinds of block. Only title, highlight and body are evidence.
const (
	BlockTitle     BlockKind = "title"
	BlockHighlight BlockKind = "highlight"
	BlockBody      BlockKind = "body"
	BlockCaption   BlockKind = "caption"
	BlockByline    BlockKind = "byline"
	BlockShare     BlockKind = "share"
	BlockComment   BlockKind = "comment"
	BlockFurniture BlockKind = "furniture"
)

// Block is a paragraph of evidence: Span covers it in Article.Text.
type Block struct {
	Kind BlockKind `json:"kind"`
	Span
}

// Article is one published text. Text is the evidence text (title, highlights
// and body, a blank line between paragraphs) and never changes once made;
// Blocks divide it. Captions and furniture are not in Text, nor is a highlight
// that the body says again. Published and Modified are the publisher's calendar
// days; the points in time are in universal time, and zero where no zone is known.
type Article struct {
	ID          string    `json:"id"`
	URL         string    `json:"url"`
	Outlet      string    `json:"outlet"`
	Title       string    `json:"title"`
	Byline      []string  `json:"byline"`
	Published   Date      `json:"published"`
	Modified    Date      `json:"modified,omitempty"` // of the last change, if one is told
	PublishedAt time.Time `json:"published_at,omitzero"`
	ModifiedAt  time.Time `json:"modified_at,omitzero"`
	Language    string    `json:"language"`
	Highlights  []string  `json:"highlights"`
	Captions    []string  `json:"captions"`
	Text        string    `json:"-"`
	Blocks      []Block   `json:"-"`
	Warnings    []string  `json:"warnings,omitempty"`
	Read        time.Time `json:"-"` // when it was read; never part of the record's bytes
}

// StatementID, EventID, ActID and ClaimID are unique within one Record.
type (
	StatementID string
	EventID     string
	ActID       string
	ClaimID     string
)

// StatementKind is the form of a statement's content.
type StatementKind string

// Kinds of statement.
const (
	Direct   StatementKind = "direct"
	Mixed    StatementKind = "mixed"
	Indirect StatementKind = "indirect"
)

// Modality is how a speaker stands to the content.
type Modality string

// Modalities of statements.
const (
	Asserted  Modality = "asserted"
	Denied    Modality = "denied"
	Expected  Modality = "expected"
	Intended  Modality = "intended"
	Doubted   Modality = "doubted"
	Possible  Modality = "possible"
	UnknownTo Modality = "unknown-to-speaker"
)

// Speaker is who spoke, as resolved.
type Speaker struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Role    string   `json:"role"`
	Party   Party    `json:"party"`
	Sectors []string `json:"sectors"`
}

// Link is one step of the chain of reporting, nearest the speaker first.
type Link struct {
	Name string `json:"name"`
	As   string `json:"as"` // interview, agency, newspaper, broadcaster, outlet, report …
}

// Statement is one attribution: source, cue, content (PolNeAR's sense).
// Negated says that the content is under the cue's or its own negation
// ("did not expect …" is expected and negated).
type Statement struct {
	ID        StatementID   `json:"id"`
	Kind      StatementKind `json:"kind"`
	Speaker   Speaker       `json:"speaker"`
	Source    []Span        `json:"source"`
	Cue       []Span        `json:"cue"`
	Content   []Span        `json:"content"`
	Addressee string        `json:"addressee,omitempty"`
	Via       []Link        `json:"via"`
	SaidOn    Date          `json:"said_on"`
	About     []Party       `json:"about"`
	Modality  Modality      `json:"modality"`
	Negated   bool          `json:"negated,omitempty"`
	Within    StatementID   `json:"within"`
	Sentence  int           `json:"sentence"`
}

// EventType is one of PLOVER's sixteen.
type EventType string

// ThirdParty is the mode of a CONSULT on the ground of none of those who meet.
const ThirdParty = "third-party"

// The PLOVER types of the 2021 manual.
const (
	Agree     EventType = "AGREE"
	Consult   EventType = "CONSULT"
	Support   EventType = "SUPPORT"
	Concede   EventType = "CONCEDE"
	Cooperate EventType = "COOPERATE"
	Aid       EventType = "AID"
	Retreat   EventType = "RETREAT"
	Request   EventType = "REQUEST"
	Accuse    EventType = "ACCUSE"
	Reject    EventType = "REJECT"
	Threaten  EventType = "THREATEN"
	Protest   EventType = "PROTEST"
	Sanction  EventType = "SANCTION"
	Mobilize  EventType = "MOBILIZE"
	Coerce    EventType = "COERCE"
	Assault   EventType = "ASSAULT"
)

// Factuality says how an event stands to the record. Only Happened is record.
type Factuality string

// Factualities of events and acts.
const (
	Happened       Factuality = "happened"
	Planned        Factuality = "planned"
	CalledFor      Factuality = "called-for"
	Alleged        Factuality = "alleged"
	DeniedHappened Factuality = "denied"
)

// Participant is an event's source or target. Office is the kind of office
// that decides the channel (leader, foreign-minister, ambassador …).
type Participant struct {
	Name  string `json:"name"`
	Party Party  `json:"party"`
	// Code is the state that the participant is of, where they do not speak
	// for it: rebels, companies, crowds. Empty where Party says it.
	Code    Party    `json:"code,omitempty"`
	Sectors []string `json:"sectors"`
	Office  string   `json:"office,omitempty"`
	Span    Span     `json:"span"`
}

// Event is one coded PLOVER event.
type Event struct {
	ID       EventID   `json:"id"`
	Type     EventType `json:"type"`
	Mode     string    `json:"mode"`
	CAMEO    string    `json:"cameo"`
	Contexts []string  `json:"contexts"`
	// Quad is PLOVER's class: 1 verbal and 2 material cooperation, 3 verbal and 4
	// material conflict. Intensity is CAMEO's, from -10 to 10.
	Quad       int           `json:"quad"`
	Intensity  float64       `json:"intensity"`
	Source     []Participant `json:"source"`
	Target     []Participant `json:"target"`
	Date       Date          `json:"date"`
	Place      string        `json:"place,omitempty"`
	Factuality Factuality    `json:"factuality"`
	Trigger    []Span        `json:"trigger"`
	Sentence   int           `json:"sentence"`
	Statement  StatementID   `json:"statement"`
	Rule       string        `json:"rule"`
	// By says which coded it: a rule, named in Rule, or the classifier, with
	// the probability that it gave the type.
	By          Decider `json:"by"`
	Probability float64 `json:"probability,omitempty"`
	// Announced: planned, and told as decided ("will expel"), not as hoped.
	Announced bool `json:"announced,omitempty"`
	// Reported: told by a medium, not by a party or the article itself.
	Reported bool `json:"reported,omitempty"`
	// Act and Channels are what the rule says of dialogue: the kind of act
	// (empty: none, or by type) and the channels it touches (empty: by office).
	Act      ActKind   `json:"act,omitempty"`
	Channels []Channel `json:"channels,omitempty"`
	// State is the state that the event gives to its channels, where it is
	// not the act's usual one: severed for cut ties, minimal for reduced ones.
	State State `json:"state,omitempty"`
}

// Decider is what coded an event.
type Decider string

// What may code an event.
const (
	ByRule       Decider = "rule"
	ByClassifier Decider = "classifier"
)

// ActKind is what an act does to dialogue.
type ActKind string

// Kinds of act.
const (
	Contact ActKind = "contact"
	Freeze  ActKind = "freeze"
	Thaw    ActKind = "thaw"
)

// Channel is a line of dialogue between two parties.
type Channel string

// Channels of the codebook, in the order of boards.
const (
	ChannelAll       Channel = "all"
	Leaders          Channel = "leaders"
	ForeignMinisters Channel = "foreign-ministers"
	Embassies        Channel = "embassies"
	Military         Channel = "military"
	Security         Channel = "security"
	ArmsControl      Channel = "arms-control"
	Economy          Channel = "economy"
	Legislatures     Channel = "legislatures"
	Humanitarian     Channel = "humanitarian"
	Hotline          Channel = "hotline"
	Mediated         Channel = "mediated"
)

// Channels lists every channel in board order.
var Channels = []Channel{ChannelAll, Leaders, ForeignMinisters, Embassies, Military, Security,
	ArmsControl, Economy, Legislatures, Humanitarian, Hotline, Mediated}

// State is the state of a channel on a day.
type State string

// States of the codebook.
const (
	Open     State = "open"
	Minimal  State = "minimal"
	Frozen   State = "frozen"
	Severed  State = "severed"
	Disputed State = "disputed"
	Unknown  State = "unknown"
)

// Act is a contact, freeze or thaw between two parties.
type Act struct {
	ID         ActID       `json:"id"`
	Kind       ActKind     `json:"kind"`
	Dyad       Dyad        `json:"dyad"`
	Channel    Channel     `json:"channel"`
	Mode       string      `json:"mode"`
	Date       Date        `json:"date"`
	Factuality Factuality  `json:"factuality"`
	Event      EventID     `json:"event"`
	Sentence   int         `json:"sentence"`
	State      State       `json:"state,omitempty"` // severed, minimal: not the kind's usual
	Statement  StatementID `json:"statement,omitempty"`
	Span       Span        `json:"span"`
	Announced  bool        `json:"announced,omitempty"`
	Reported   bool        `json:"reported,omitempty"`
}

// Claim is a statement about the state of a channel, or about an act. Span is
// the words that say it.
type Claim struct {
	ID        ClaimID     `json:"id"`
	Statement StatementID `json:"statement"`
	Dyad      Dyad        `json:"dyad"`
	Channel   Channel     `json:"channel"`
	State     State       `json:"state"`
	Scope     string      `json:"scope"`            // every, almost every, some, or empty
	Act       ActID       `json:"act,omitempty"`    // the act that it is about, if it is about one
	Denies    bool        `json:"denies,omitempty"` // it says that the act did not happen
	Sentence  int         `json:"sentence"`
	Span      Span        `json:"span"`
	Rule      string      `json:"rule"`
}

// Finding is what a dispute shows.
type Finding string

// Findings of disputes.
const (
	RecordContradicts Finding = "record-contradicts"
	RecordSupports    Finding = "record-supports"
	WordAgainstWord   Finding = "word-against-word"
	Settled           Finding = "settled"
)

// Dispute joins a claim, what was said against it, and the record.
type Dispute struct {
	Dyad    Dyad      `json:"dyad"`
	Channel Channel   `json:"channel"`
	Claim   ClaimID   `json:"claim"`
	Against []ClaimID `json:"against"`
	Record  []ActID   `json:"record"`
	Finding Finding   `json:"finding"`
	// Contested are the acts whose happening the dispute is about.
	Contested []ActID `json:"contested,omitempty"`
}

// ChannelState is the derived state of a channel: the rule that gave it and
// the ids of the acts and claims that the rule used.
type ChannelState struct {
	Dyad        Dyad     `json:"dyad"`
	Channel     Channel  `json:"channel"`
	State       State    `json:"state"`
	Since       Date     `json:"since,omitempty"`
	LastContact Date     `json:"last_contact,omitempty"`
	LastMode    string   `json:"last_mode,omitempty"`
	Rule        string   `json:"rule"`
	Evidence    []string `json:"evidence"`
}

// Indicator is a statement about a time series.
type Indicator struct {
	Name      string       `json:"name"`
	Change    float64      `json:"change"`
	Unit      string       `json:"unit"`
	Since     Date         `json:"since"`
	SinceText string       `json:"since_text,omitempty"`
	Statement *StatementID `json:"statement"`
	Span
}

// Record is everything that was found in one article: the JSON of
// `detente read --json`.
type Record struct {
	Codebook   int            `json:"codebook"`
	Article    Article        `json:"article"`
	Text       string         `json:"text"`
	Sentences  []Span         `json:"sentences"`
	Statements []Statement    `json:"statements"`
	Events     []Event        `json:"events"`
	Acts       []Act          `json:"acts"`
	Claims     []Claim        `json:"claims"`
	Disputes   []Dispute      `json:"disputes"`
	Channels   []ChannelState `json:"channels"`
	Indicators []Indicator    `json:"indicators"`
	Versions   Versions       `json:"versions"`
}

// Versions names what made a record.
type Versions struct {
	Program string `json:"program"`
	Model   string `json:"model"`
	Rules   string `json:"rules"`
}

// Slice gives the text under spans, joined by " … " where discontinuous.
// runes is []rune(Record.Text), converted once by the caller.
func Slice(runes []rune, spans ...Span) string {
	parts := make([]string, 0, len(spans))
	for _, s := range spans {
		if s.Start < 0 || s.End > len(runes) || s.Start >= s.End {
			continue
		}
		parts = append(parts, string(runes[s.Start:s.End]))
	}
	return strings.Join(parts, " … ")
}

// SortParties orders and deduplicates parties in place.
func SortParties(p []Party) []Party {
	sort.Slice(p, func(i, j int) bool { return p[i] < p[j] })
	out := p[:0]
	for i, x := range p {
		if x != "" && (i == 0 || x != p[i-1]) {
			out = append(out, x)
		}
	}
	return out
}

// Numbered makes ids such as s1, e2: letter and a count from one.
func Numbered(letter string, n int) string { return letter + strconv.Itoa(n) }
