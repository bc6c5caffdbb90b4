package export

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"io"
	"net/url"
	"strconv"
	"strings"

	"detente"
)

// eventNumber makes a whole number of an event's id that any program can hold
// exactly.
func eventNumber(ref string) int64 {
	sum := sha256.Sum256([]byte(ref))
	return int64(binary.BigEndian.Uint64(sum[:8]) >> 12)
}

// pairing is one actor and one recipient of an event that happened; either may
// be missing.
type pairing struct {
	place
	ev               *detente.Event
	actor, recipient *detente.Participant
	number           int // among the event's pairs, from 1
}

// pairings lists who did it to whom.
func pairings(a *article, ev *detente.Event) []pairing {
	at := place{a, ev.Sentence, ev.Trigger}
	var out []pairing
	for _, s := range orNobody(ev.Source) {
		for _, t := range orNobody(ev.Target) {
			out = append(out, pairing{place: at, ev: ev, actor: s, recipient: t, number: len(out) + 1})
		}
	}
	return out
}

func orNobody(ps []detente.Participant) []*detente.Participant {
	if len(ps) == 0 {
		return []*detente.Participant{{}}
	}
	var out []*detente.Participant
	for i := range ps {
		out = append(out, &ps[i])
	}
	return out
}

var quadCodes = [...]string{"", "VERBAL COOPERATION", "MATERIAL COOPERATION", "VERBAL CONFLICT", "MATERIAL CONFLICT"}

func quadCode(quad int) string {
	if quad < 0 || quad >= len(quadCodes) {
		return ""
	}
	return quadCodes[quad]
}

// polecatTable has POLECAT's columns. What Detente does not know is missing.
func polecatTable() table[pairing] {
	side := func(who string, of func(*pairing) *detente.Participant) []column[pairing] {
		return []column[pairing]{
			col(who+" Name", text, func(x *pairing) any { return of(x).Name }, "name of the person, body or state"),
			col(who+" Country", text, func(x *pairing) any { return string(countryOf(of(x))) }, "ISO 3166-1 alpha-3 code of the state that they are of, or an organisation's code"),
			col(who+" COW", text, func(x *pairing) any { return x.book.CodesOf(countryOf(of(x))).COW }, "Correlates of War number of that state"),
			col("Primary "+who+" Sector", text, func(x *pairing) any { return firstOf(of(x).Sectors) }, "first of the sectors"),
			col(who+" Sectors", text, func(x *pairing) any { return list(of(x).Sectors) }, "PLOVER sectors, divided by semicolons"),
			col(who+" Title", text, func(x *pairing) any { return of(x).Office }, "kind of office"),
			col(who+" Name Raw", text, func(x *pairing) any { return detente.Slice(x.runes, of(x).Span) }, "the words of the text that name them"),
			col("Wikipedia "+who+" ID", text, func(x *pairing) any { return x.item(of(x)) }, "Wikidata item (not a title of Wikipedia), where the actor tables have it"),
		}
	}
	never := func(name string) column[pairing] {
		return col(name, text, func(*pairing) any { return nil }, "always missing")
	}
	columns := []column[pairing]{
		need(col("Event ID", text, func(x *pairing) any { return x.ref(string(x.ev.ID)) + "." + strconv.Itoa(x.number) }, "id of the event, a full stop and which pair of actor and recipient it is")),
		need(col("Event Date", day, func(x *pairing) any { return string(dayOf(x.ev.Date, x.head.Known)) }, "day on which it happened; where that is not told in full, on which it became known")),
		oneOf(col("Event Type", text, func(x *pairing) any { return string(x.ev.Type) }, "PLOVER type"), eventTypes...),
		col("Event Mode", text, func(x *pairing) any { return x.ev.Mode }, "PLOVER mode"),
		need(col("Intensity", number, func(x *pairing) any { return x.ev.Intensity }, "from -10 to 10")),
		oneOf(col("Quad Code", text, func(x *pairing) any { return quadCode(x.ev.Quad) }, "quad class in words"), quadCodes[1:]...),
		col("Contexts", text, func(x *pairing) any { return list(x.ev.Contexts) }, "PLOVER contexts, divided by semicolons"),
	}
	columns = append(columns, side("Actor", func(x *pairing) *detente.Participant { return x.actor })...)
	columns = append(columns, side("Recipient", func(x *pairing) *detente.Participant { return x.recipient })...)
	columns = append(columns,
		col("Placename", text, func(x *pairing) any { return x.ev.Place }, "place where told"),
		never("City"), never("District"), never("Province"), never("Country"), never("Latitude"), never("Longitude"), never("GeoNames ID"),
		col("Raw Placename", text, func(x *pairing) any { return x.ev.Place }, "the same: places are not looked up"),
		never("Feature Type"),
		col("Source", text, func(x *pairing) any { return cmp.Or(x.rec.Article.Outlet, hostOf(x.rec.Article.URL)) }, "outlet, else the host of the article's address"),
		need(col("Publication Date", day, func(x *pairing) any { return string(x.head.Known) }, "day on which the article became known")),
		never("Story People"), never("Story Organizations"), never("Story Locations"),
		col("Language", text, func(x *pairing) any { return x.rec.Article.Language }, "BCP 47 code of the article's language"),
		need(col("Version", text, func(x *pairing) any {
			return strings.Join([]string{"PLOVER 2021", "detente", x.rec.Versions.Program}, " ")
		}, "codebook and coder")))
	return tableOf(sheet{name: "polecat", key: []string{"Event ID"},
		about: "Events that happened, in POLECAT's 40 columns: one row for each pair of actor and recipient."}, false, columns)
}

func firstOf(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

// noQuote stands in a dialect for "nothing is quoted", which it cannot say: a
// character that is never written.
const noQuote = "\u001f"

// delimited begins a file of tab-separated text.
func (r *release) delimited(s *sheet, path string, header bool) (*resource, error) {
	dialect := map[string]any{"delimiter": "\t", "header": header, "quoteChar": noQuote}
	res := &resource{name: s.name, path: path, sheet: s, format: "tsv", media: "text/tab-separated-values", dialect: dialect}
	return res, r.create(res, func(w io.Writer) (writer, error) { return newTSV(w, s, header) })
}

func (r *release) polecat() (func(*article, *part) error, error) {
	t := polecatTable()
	res, err := r.delimited(&t.sheet, "polecat.tsv", true)
	return func(a *article, p *part) error {
		for _, ev := range p.events {
			if ev.Factuality != detente.Happened {
				continue
			}
			for _, x := range pairings(a, ev) {
				if err := res.put(t.name, t.fields, t.row(&x)); err != nil {
					return err
				}
			}
		}
		return nil
	}, err
}

// gdeltTable has the columns of GDELT 2's mentions. Offsets count from 0, -1
// where there is none.
func gdeltTable() table[eventRow] {
	offset := func(name string, of func(*eventRow) []detente.Span, about string) column[eventRow] {
		return need(col(name, whole, func(x *eventRow) any {
			if spans := of(x); len(spans) > 0 {
				return spans[0].Start
			}
			return -1
		}, about))
	}
	when := func(x *eventRow) any { return stamp(x.place) }
	return tableOf(sheet{name: "gdelt-mentions", key: []string{"GlobalEventID", "MentionIdentifier"},
		about: "Events that happened, in the layout of GDELT 2's mentions, without a header: one row an event and the article that tells it."}, false, []column[eventRow]{
		need(col("GlobalEventID", whole, func(x *eventRow) any { return eventNumber(x.ref(string(x.ev.ID))) }, "number of the event (column number of the table events)")),
		need(col("EventTimeDate", text, when, "when the event was first told: as MentionTimeDate, since each article's telling is an event of its own")),
		need(col("MentionTimeDate", text, when, "YYYYMMDDHHMMSS in UTC when the article was published; zeros where only the day is known")),
		need(col("MentionType", whole, func(x *eventRow) any { return mentionType(x.rec.Article.URL) }, "1 a web page, 2 a text without an address")),
		col("MentionSourceName", text, func(x *eventRow) any { return cmp.Or(hostOf(x.rec.Article.URL), x.rec.Article.Outlet) }, "host of the article's address, else the outlet"),
		need(col("MentionIdentifier", text, func(x *eventRow) any { return cmp.Or(x.rec.Article.URL, x.head.ID) }, "the article's address, else its id")),
		need(col("SentenceID", whole, func(x *eventRow) any { return x.sentence + 1 }, "number of the sentence, from 1")),
		offset("Actor1CharOffset", func(x *eventRow) []detente.Span { return firstSpan(x.ev.Source) }, "first character of the first source, -1 where there is none"),
		offset("Actor2CharOffset", func(x *eventRow) []detente.Span { return firstSpan(x.ev.Target) }, "first character of the first target, -1 where there is none"),
		offset("ActionCharOffset", func(x *eventRow) []detente.Span { return x.ev.Trigger }, "first character of the event's words"),
		need(col("InRawText", whole, func(*eventRow) any { return 1 }, "always 1: events are found in the text as it is")),
		need(col("Confidence", whole, func(x *eventRow) any { return confidence(x.ev) }, "in percent: the classifier's probability; 100 where a rule coded it, which says nothing of how good the rule is")),
		need(col("MentionDocLen", whole, func(x *eventRow) any { return len(x.runes) }, "length of the text in characters")),
		col("MentionDocTone", number, func(*eventRow) any { return nil }, "always missing: tone is not measured"),
		col("MentionDocTranslationInfo", text, func(*eventRow) any { return nil }, "always missing: nothing is translated"),
		col("Extras", text, func(x *eventRow) any { return x.ref(string(x.ev.ID)) }, "id of the event"),
	})
}

func firstSpan(ps []detente.Participant) []detente.Span {
	for _, p := range ps {
		return spanOf(p.Span)
	}
	return nil
}

func stamp(p place) string {
	if at := p.rec.Article.PublishedAt; !at.IsZero() && detente.DateOf(at.UTC()) == p.head.Known {
		return at.UTC().Format("20060102150405")
	}
	return strings.ReplaceAll(string(p.head.Known), "-", "") + "000000"
}

func mentionType(address string) int {
	if hostOf(address) == "" {
		return 2
	}
	return 1
}

func confidence(ev *detente.Event) int {
	if ev.By != detente.ByClassifier {
		return 100
	}
	return int(ev.Probability*100 + 0.5)
}

func (r *release) gdelt() (func(*article, *part) error, error) {
	t := gdeltTable()
	res, err := r.delimited(&t.sheet, "gdelt-mentions.tsv", false)
	return func(a *article, p *part) error {
		for _, ev := range p.events {
			if ev.Factuality != detente.Happened {
				continue
			}
			if err := res.put(t.name, t.fields, t.row(&eventRow{place{a, ev.Sentence, ev.Trigger}, ev})); err != nil {
				return err
			}
		}
		return nil
	}, err
}

// ploverEvent is an event in PLOVER's JSON; factuality, mode and spans in it are
// ours. Text is the sentence, only with Options.Text.
type ploverEvent struct {
	ID         string             `json:"id"`
	Date       detente.Date       `json:"date"`
	Actor      []ploverEntity     `json:"actor"`
	Recipient  []ploverEntity     `json:"recipient"`
	Event      []string           `json:"event"`
	Mode       string             `json:"mode,omitempty"`
	Context    []string           `json:"context,omitempty"`
	Quad       string             `json:"quad_code,omitempty"`
	Scale      float64            `json:"event_scale"`
	Factuality detente.Factuality `json:"factuality"`
	Link       string             `json:"link,omitempty"`
	Text       string             `json:"text,omitempty"`
	TextInfo   ploverText         `json:"text_info"`
	Cite       ploverCite         `json:"cite_info"`
	Coder      string             `json:"coder"`
	Coded      detente.Date       `json:"coded_date"`
}

type ploverEntity struct {
	Code   detente.Party `json:"code"`
	COW    string        `json:"cow,omitempty"`
	Sector []string      `json:"sector,omitempty"`
	Text   string        `json:"entity_text"`
	Item   string        `json:"identifier_id,omitempty"`
	Office string        `json:"office,omitempty"`
}

type ploverText struct {
	Sequence int `json:"sequence"` // number of the sentence, from 1
	Start    int `json:"start"`
	End      int `json:"end"`
}

type ploverCite struct {
	URL         string       `json:"url"`
	Title       string       `json:"title"`
	Outlet      string       `json:"outlet"`
	Language    string       `json:"language"`
	Publication detente.Date `json:"publication"`
	Licence     string       `json:"license"`
	Codebook    string       `json:"codebook"`
	Version     string       `json:"version"`
}

func (r *release) plover() (func(*article, *part) error, error) {
	res := &resource{name: "plover", path: "plover.jsonl", format: "jsonl", media: mediaTypes[JSONLines],
		sheet: &sheet{name: "plover", about: "All events as PLOVER's JSON, one object a line; factuality says which of them happened."}}
	var lines *json.Encoder
	err := r.create(res, func(w io.Writer) (writer, error) {
		lines = json.NewEncoder(w)
		lines.SetEscapeHTML(false)
		return nil, nil // each line is written as a whole
	})
	return func(a *article, p *part) error {
		for _, ev := range p.events {
			res.rows++
			if err := lines.Encode(a.plover(ev, r.Text, cmp.Or(r.Licence, "notspecified"))); err != nil {
				return err
			}
		}
		return nil
	}, err
}

func (a *article) plover(ev *detente.Event, words bool, licence string) ploverEvent {
	sentence := a.rec.Sentences[ev.Sentence]
	art := a.rec.Article
	out := ploverEvent{
		ID: a.ref(string(ev.ID)), Date: dayOf(ev.Date, a.head.Known), Actor: a.entities(ev.Source), Recipient: a.entities(ev.Target),
		Event: []string{string(ev.Type)}, Mode: ev.Mode, Context: ev.Contexts, Quad: quadCode(ev.Quad), Scale: ev.Intensity, Factuality: ev.Factuality,
		Link: art.URL, TextInfo: ploverText{ev.Sentence + 1, sentence.Start, sentence.End},
		Cite: ploverCite{URL: art.URL, Title: art.Title, Outlet: art.Outlet, Language: art.Language, Publication: a.head.Known, Licence: licence,
			Codebook: "PLOVER", Version: "2021"},
		Coder: "detente " + a.rec.Versions.Program, Coded: detente.DateOf(a.head.Read.UTC()),
	}
	if words {
		out.Text = detente.Slice(a.runes, sentence)
	}
	return out
}

func (a *article) entities(ps []detente.Participant) []ploverEntity {
	out := []ploverEntity{}
	for i := range ps {
		p := &ps[i]
		out = append(out, ploverEntity{Code: countryOf(p), COW: a.book.CodesOf(countryOf(p)).COW, Sector: p.Sectors,
			Text: p.Name, Item: a.item(p), Office: p.Office})
	}
	return out
}
