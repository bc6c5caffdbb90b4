package export

import (
	"fmt"
	"strings"
	"time"

	"detente"
	"detente/internal/actor"
	"detente/internal/store"
)

// The closed vocabularies of the codebook, as constraints.
var (
	statementKinds = []detente.StatementKind{detente.Direct, detente.Mixed, detente.Indirect}
	modalities     = []detente.Modality{detente.Asserted, detente.Denied, detente.Expected, detente.Intended, detente.Doubted, detente.Possible, detente.UnknownTo}
	eventTypes     = []detente.EventType{detente.Agree, detente.Consult, detente.Support, detente.Concede, detente.Cooperate, detente.Aid, detente.Retreat,
		detente.Request, detente.Accuse, detente.Reject, detente.Threaten, detente.Protest, detente.Sanction, detente.Mobilize, detente.Coerce, detente.Assault}
	factualities = []detente.Factuality{detente.Happened, detente.Planned, detente.CalledFor, detente.Alleged, detente.DeniedHappened}
	deciders     = []detente.Decider{detente.ByRule, detente.ByClassifier}
	actKinds     = []detente.ActKind{detente.Contact, detente.Freeze, detente.Thaw}
	states       = []detente.State{detente.Open, detente.Minimal, detente.Frozen, detente.Severed, detente.Disputed, detente.Unknown}
)

// article is a unit on its way out.
type article struct {
	rec   *detente.Record
	head  store.Head
	first bool // the earliest exported one of its origin
	book  *actor.Book
	runes []rune
}

func (a *article) ref(id string) string {
	if id == "" {
		return ""
	}
	return store.Ref{Article: a.head.ID, ID: id}.String()
}

// place is where something stands in an article.
type place struct {
	*article
	sentence int
	spans    []detente.Span
}

// hull is the first and last character of the spans; of the sentence where
// there are none.
func (p *place) hull() detente.Span {
	hull := p.rec.Sentences[p.sentence]
	for i, s := range p.spans {
		if i == 0 {
			hull = s
			continue
		}
		hull.Start, hull.End = min(hull.Start, s.Start), max(hull.End, s.End)
	}
	return hull
}

// located are the columns by which a row opens onto its sentence.
func located[T any](at func(*T) *place) []column[T] {
	return []column[T]{
		need(col("article", text, func(x *T) any { return at(x).head.ID }, "id of the article that tells it")),
		col("url", text, func(x *T) any { return at(x).rec.Article.URL }, "address of the article"),
		need(col("known", day, func(x *T) any { return string(at(x).head.Known) }, "day from which it counts as known: the article's publication; the last day covered where only a month or year is given; the day of reading where nothing is")),
		need(col("sentence", whole, func(x *T) any { return at(x).sentence }, "index of the sentence in the article, from 0")),
		need(col("sentence_start", whole, func(x *T) any { return at(x).rec.Sentences[at(x).sentence].Start }, "first character of the sentence in the article's text, in Unicode code points from 0")),
		need(col("sentence_end", whole, func(x *T) any { return at(x).rec.Sentences[at(x).sentence].End }, "end of the sentence, exclusive")),
		need(col("start", whole, func(x *T) any { return at(x).hull().Start }, "first character of the words that count")),
		need(col("end", whole, func(x *T) any { return at(x).hull().End }, "end of the words that count, exclusive")),
		words("sentence_text", func(x *T) any { return detente.Slice(at(x).runes, at(x).rec.Sentences[at(x).sentence]) }, "the sentence"),
	}
}

// paired are the columns of a dyad.
func paired[T any](of func(*T) (detente.Dyad, *actor.Book)) []column[T] {
	side := func(i int) func(*T) any {
		return func(x *T) any { d, _ := of(x); return string(d[i]) }
	}
	cow := func(i int) func(*T) any {
		return func(x *T) any { d, book := of(x); return book.CodesOf(d[i]).COW }
	}
	return []column[T]{
		need(col("dyad", text, func(x *T) any { d, _ := of(x); return d.String() }, "the two parties in alphabetical order, as RUS-USA")),
		need(col("party_a", text, side(0), "the first party: ISO 3166-1 alpha-3 of a state, or the short code of an organisation")),
		need(col("party_b", text, side(1), "the second party")),
		col("cow_a", text, cow(0), "Correlates of War number of the first party"),
		col("cow_b", text, cow(1), "Correlates of War number of the second party"),
	}
}

func articleTable(quoted bool) table[article] {
	count := func(name, about string, n func(*detente.Record) int) column[article] {
		return need(col(name, whole, func(a *article) any { return n(a.rec) }, about))
	}
	return tableOf(sheet{name: "articles", about: "One row an article that was read: the version known as of the day of the release.", key: []string{"id"}}, quoted, []column[article]{
		need(col("id", text, func(a *article) any { return a.head.ID }, "id of the article")),
		col("url", text, func(a *article) any { return a.rec.Article.URL }, "its address"),
		col("outlet", text, func(a *article) any { return a.rec.Article.Outlet }, "who published it"),
		col("title", text, func(a *article) any { return a.rec.Article.Title }, "its title"),
		col("byline", text, func(a *article) any { return strings.Join(a.rec.Article.Byline, "; ") }, "its authors, divided by a semicolon and a space"),
		col("published", partial, func(a *article) any { return anyDay(a.rec.Article.Published) }, "publisher's day; a month or a year where no more is known"),
		need(col("known", day, func(a *article) any { return string(a.head.Known) }, "day from which it counts as known")),
		need(col("read", moment, func(a *article) any { return a.head.Read.UTC().Format(time.RFC3339) }, "when this text was first read")),
		col("language", text, func(a *article) any { return a.rec.Article.Language }, "BCP 47 code of its language"),
		need(col("origin", text, func(a *article) any { return originOf(a.head) }, "the same for syndicated copies of one text: the id of the first that was read")),
		need(col("independent", truth, func(a *article) any { return a.first }, "whether it is the earliest article of its origin in this release; count these, and copies are counted once")),
		col("story", text, func(a *article) any { return a.head.Story }, "for a later version of a text at one address, the id of the first version"),
		col("wire", text, func(a *article) any { return a.head.Wire }, "agency that the text gives credit to"),
		need(col("characters", whole, func(a *article) any { return len(a.runes) }, "length of the evidence text in code points")),
		count("sentences", "number of its sentences", func(r *detente.Record) int { return len(r.Sentences) }),
		count("statements", "number of statements found in it, of whatever dyad", func(r *detente.Record) int { return len(r.Statements) }),
		count("events", "number of events found in it", func(r *detente.Record) int { return len(r.Events) }),
		count("acts", "number of acts found in it", func(r *detente.Record) int { return len(r.Acts) }),
		count("claims", "number of claims found in it", func(r *detente.Record) int { return len(r.Claims) }),
		need(col("codebook", whole, func(a *article) any { return a.rec.Codebook }, "version of the codebook")),
		col("program", text, func(a *article) any { return a.rec.Versions.Program }, "version of the program that made the record"),
		col("model", text, func(a *article) any { return a.rec.Versions.Model }, "version of the language model"),
		col("rules", text, func(a *article) any { return a.rec.Versions.Rules }, "version of the rules"),
	})
}

var ofArticle = foreign{[]string{"article"}, "articles", []string{"id"}}

type statementRow struct {
	place
	st *detente.Statement
}

func statementTable(quoted bool) table[statementRow] {
	s := sheet{name: "statements", about: "One row a statement: who said what, through whom.", key: []string{"id"},
		refs: []foreign{ofArticle, {[]string{"within"}, "", []string{"id"}}}}
	return tableOf(s, quoted, []column[statementRow]{
		need(col("id", text, func(x *statementRow) any { return x.ref(string(x.st.ID)) }, "id of the statement: its article's id, #, and its number")),
	}, located(func(x *statementRow) *place { return &x.place }), []column[statementRow]{
		oneOf(col("kind", text, func(x *statementRow) any { return string(x.st.Kind) }, "direct: all content in quotation marks; mixed: some; indirect: none"), statementKinds...),
		col("speaker_id", text, func(x *statementRow) any { return x.st.Speaker.ID }, "who spoke: a Wikidata item where one is known, else an id of ours"),
		col("speaker", text, func(x *statementRow) any { return x.st.Speaker.Name }, "name of the person or body"),
		col("role", text, func(x *statementRow) any { return x.st.Speaker.Role }, "their role at the time"),
		col("party", text, func(x *statementRow) any { return string(x.st.Speaker.Party) }, "for whom they speak; missing where for none"),
		col("cow", text, func(x *statementRow) any { return x.book.CodesOf(x.st.Speaker.Party).COW }, "Correlates of War number of party"),
		col("sectors", text, func(x *statementRow) any { return list(x.st.Speaker.Sectors) }, "PLOVER sectors, divided by semicolons"),
		col("addressee", text, func(x *statementRow) any { return x.st.Addressee }, "to whom it was said"),
		col("via", text, func(x *statementRow) any { return chain(x.st.Via) }, "chain of reporting, nearest the speaker first: names with what they are, divided by \" > \""),
		col("said_on", partial, func(x *statementRow) any { return anyDay(x.st.SaidOn) }, "when it was said"),
		oneOf(col("modality", text, func(x *statementRow) any { return string(x.st.Modality) }, "how the speaker stands to the content"), modalities...),
		need(col("negated", truth, func(x *statementRow) any { return x.st.Negated }, "whether the content stands under a negation")),
		col("about", text, func(x *statementRow) any { return list(x.st.About) }, "parties that the content is about, divided by semicolons"),
		col("within", text, func(x *statementRow) any { return x.ref(string(x.st.Within)) }, "the statement that this one stands inside"),
		col("source_spans", text, func(x *statementRow) any { return spans(x.st.Source) }, "where the source stands: start-end, divided by semicolons"),
		col("cue_spans", text, func(x *statementRow) any { return spans(x.st.Cue) }, "where the cue stands"),
		col("content_spans", text, func(x *statementRow) any { return spans(x.st.Content) }, "where the content stands"),
		words("source_text", func(x *statementRow) any { return detente.Slice(x.runes, x.st.Source...) }, "words of the source"),
		words("cue_text", func(x *statementRow) any { return detente.Slice(x.runes, x.st.Cue...) }, "words of the cue"),
		words("content_text", func(x *statementRow) any { return detente.Slice(x.runes, x.st.Content...) }, "words of the content"),
	})
}

type eventRow struct {
	place
	ev *detente.Event
}

func eventTable(quoted bool) table[eventRow] {
	s := sheet{name: "events", about: "One row an event, coded in PLOVER (2021) with CAMEO beside it. Only what happened is record; the rest is talk of it.",
		key: []string{"id"}, refs: []foreign{ofArticle, {[]string{"statement"}, "statements", []string{"id"}}}}
	return tableOf(s, quoted, []column[eventRow]{
		need(col("id", text, func(x *eventRow) any { return x.ref(string(x.ev.ID)) }, "id of the event")),
		need(col("number", whole, func(x *eventRow) any { return eventNumber(x.ref(string(x.ev.ID))) }, "the same as a whole number, for layouts that want one: the first 52 bits of the id's SHA-256")),
	}, located(func(x *eventRow) *place { return &x.place }), []column[eventRow]{
		oneOf(col("type", text, func(x *eventRow) any { return string(x.ev.Type) }, "PLOVER type"), eventTypes...),
		col("mode", text, func(x *eventRow) any { return x.ev.Mode }, "PLOVER mode"),
		col("cameo", text, func(x *eventRow) any { return x.ev.CAMEO }, "CAMEO code"),
		col("contexts", text, func(x *eventRow) any { return list(x.ev.Contexts) }, "PLOVER contexts, divided by semicolons"),
		col("quad", whole, func(x *eventRow) any { return numbered(x.ev.Quad) }, "1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict"),
		need(col("intensity", number, func(x *eventRow) any { return x.ev.Intensity }, "from -10 (conflict) to 10 (cooperation), after CAMEO's scale")),
		col("source_parties", text, func(x *eventRow) any { return list(parties(x.ev.Source)) }, "parties that did it, divided by semicolons"),
		col("target_parties", text, func(x *eventRow) any { return list(parties(x.ev.Target)) }, "parties to whom it was done"),
		col("date", partial, func(x *eventRow) any { return anyDay(x.ev.Date) }, "when it happened, as far as is told"),
		need(col("day", day, func(x *eventRow) any { return string(dayOf(x.ev.Date, x.head.Known)) }, "the same as one day: known where date is no full day")),
		col("place", text, func(x *eventRow) any { return x.ev.Place }, "place where told"),
		oneOf(col("factuality", text, func(x *eventRow) any { return string(x.ev.Factuality) }, "how it stands to the record"), factualities...),
		col("statement", text, func(x *eventRow) any { return x.ref(string(x.ev.Statement)) }, "the statement that tells it; missing where the article itself does"),
		oneOf(col("by", text, func(x *eventRow) any { return string(x.ev.By) }, "what coded it"), deciders...),
		col("rule", text, func(x *eventRow) any { return x.ev.Rule }, "the rule that coded it"),
		col("probability", number, func(x *eventRow) any { return probability(x.ev.Probability) }, "the classifier's probability of the type"),
		need(col("announced", truth, func(x *eventRow) any { return x.ev.Announced }, "planned, and told as decided")),
		need(col("reported", truth, func(x *eventRow) any { return x.ev.Reported }, "told by a medium, not by a party or the article itself")),
		col("trigger_spans", text, func(x *eventRow) any { return spans(x.ev.Trigger) }, "where its words stand: start-end, divided by semicolons"),
		words("trigger_text", func(x *eventRow) any { return detente.Slice(x.runes, x.ev.Trigger...) }, "its words"),
	})
}

type participantRow struct {
	place
	ev       *detente.Event
	p        *detente.Participant
	side     string
	position int
}

func participantTable(quoted bool) table[participantRow] {
	s := sheet{name: "participants", about: "One row for each source and target of an event.", key: []string{"event", "side", "position"},
		refs: []foreign{ofArticle, {[]string{"event"}, "events", []string{"id"}}}}
	return tableOf(s, quoted, []column[participantRow]{
		need(col("event", text, func(x *participantRow) any { return x.ref(string(x.ev.ID)) }, "id of the event")),
		need(oneOf(col("side", text, func(x *participantRow) any { return x.side }, "whether they did it or it was done to them"), "source", "target")),
		need(col("position", whole, func(x *participantRow) any { return x.position }, "which of them, from 1")),
	}, located(func(x *participantRow) *place { return &x.place }), []column[participantRow]{
		col("name", text, func(x *participantRow) any { return x.p.Name }, "name of the person, body or state"),
		col("party", text, func(x *participantRow) any { return string(x.p.Party) }, "for whom they act"),
		col("country", text, func(x *participantRow) any { return string(countryOf(x.p)) }, "state that they are of, whether or not they act for it"),
		col("cow", text, func(x *participantRow) any { return x.book.CodesOf(countryOf(x.p)).COW }, "Correlates of War number of country"),
		col("wikidata", text, func(x *participantRow) any { return x.item(x.p) }, "Wikidata item of the person or state, where the actor tables have it"),
		col("sectors", text, func(x *participantRow) any { return list(x.p.Sectors) }, "PLOVER sectors, divided by semicolons"),
		col("office", text, func(x *participantRow) any { return x.p.Office }, "kind of office"),
	})
}

type actRow struct {
	place
	act *detente.Act
}

func actTable(quoted bool) table[actRow] {
	s := sheet{name: "acts", about: "One row an act of dialogue as one article tells it.", key: []string{"id"},
		refs: []foreign{ofArticle, {[]string{"event"}, "events", []string{"id"}}, {[]string{"statement"}, "statements", []string{"id"}}}}
	return tableOf(s, quoted, []column[actRow]{
		need(col("id", text, func(x *actRow) any { return x.ref(string(x.act.ID)) }, "id of the act")),
	}, located(func(x *actRow) *place { return &x.place }),
		paired(func(x *actRow) (detente.Dyad, *actor.Book) { return x.act.Dyad, x.book }), []column[actRow]{
			need(oneOf(col("channel", text, func(x *actRow) any { return string(x.act.Channel) }, "line of dialogue"), detente.Channels...)),
			need(oneOf(col("kind", text, func(x *actRow) any { return string(x.act.Kind) }, "what it does to dialogue"), actKinds...)),
			col("mode", text, func(x *actRow) any { return x.act.Mode }, "meeting, phone, visit, letter …"),
			col("date", partial, func(x *actRow) any { return anyDay(x.act.Date) }, "when it happened, as far as is told"),
			need(col("day", day, func(x *actRow) any { return string(dayOf(x.act.Date, x.head.Known)) }, "the same as one day: known where date is no full day")),
			oneOf(col("factuality", text, func(x *actRow) any { return string(x.act.Factuality) }, "how it stands to the record"), factualities...),
			oneOf(col("state", text, func(x *actRow) any { return string(x.act.State) }, "state that it leaves behind, where that is not its kind's usual one"), states...),
			need(col("announced", truth, func(x *actRow) any { return x.act.Announced }, "planned, and told as decided")),
			need(col("reported", truth, func(x *actRow) any { return x.act.Reported }, "told by a medium, not by a party or the article itself")),
			col("event", text, func(x *actRow) any { return x.ref(string(x.act.Event)) }, "the event that it is"),
			col("statement", text, func(x *actRow) any { return x.ref(string(x.act.Statement)) }, "the statement that tells it"),
		})
}

type claimRow struct {
	place
	claim *detente.Claim
}

func claimTable(quoted bool) table[claimRow] {
	s := sheet{name: "claims", about: "One row a claim about the state of a channel, or about whether an act happened.", key: []string{"id"},
		refs: []foreign{ofArticle, {[]string{"statement"}, "statements", []string{"id"}}, {[]string{"act"}, "acts", []string{"id"}}}}
	return tableOf(s, quoted, []column[claimRow]{
		need(col("id", text, func(x *claimRow) any { return x.ref(string(x.claim.ID)) }, "id of the claim")),
	}, located(func(x *claimRow) *place { return &x.place }),
		paired(func(x *claimRow) (detente.Dyad, *actor.Book) { return x.claim.Dyad, x.book }), []column[claimRow]{
			need(oneOf(col("channel", text, func(x *claimRow) any { return string(x.claim.Channel) }, "line of dialogue"), detente.Channels...)),
			oneOf(col("state", text, func(x *claimRow) any { return string(x.claim.State) }, "state that is claimed; unknown where the claim is about an act"), states...),
			col("scope", text, func(x *claimRow) any { return x.claim.Scope }, "every, almost every, some, as said"),
			col("act", text, func(x *claimRow) any { return x.ref(string(x.claim.Act)) }, "the act that it is about"),
			need(col("denies", truth, func(x *claimRow) any { return x.claim.Denies }, "whether it says that the act did not happen")),
			col("statement", text, func(x *claimRow) any { return x.ref(string(x.claim.Statement)) }, "the statement that makes it"),
			col("rule", text, func(x *claimRow) any { return x.claim.Rule }, "the rule that found it"),
		})
}

// countryOf is the state that a participant is of.
func countryOf(p *detente.Participant) detente.Party {
	if p.Code != "" {
		return p.Code
	}
	return p.Party
}

// item is a participant's Wikidata item: of the person, or of the state where
// the state itself is named.
func (a *article) item(p *detente.Participant) string {
	if item := a.book.Wikidata(p.Name, countryOf(p), a.head.Known); item != "" {
		return item
	}
	if p.Name == string(p.Party) || p.Name == a.book.PartyName(p.Party) {
		return a.book.CodesOf(p.Party).Wikidata
	}
	return ""
}

func parties(ps []detente.Participant) []detente.Party {
	var out []detente.Party
	for _, p := range ps {
		out = append(out, p.Party)
	}
	return detente.SortParties(out)
}

// chain writes a chain of reporting: "Mir TV (interview) > RIA (agency)".
func chain(via []detente.Link) string {
	var parts []string
	for _, l := range via {
		part := l.Name
		if l.As != "" {
			part += " (" + l.As + ")"
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, " > ")
}

func spans(list []detente.Span) string {
	var parts []string
	for _, s := range list {
		parts = append(parts, fmt.Sprintf("%d-%d", s.Start, s.End))
	}
	return strings.Join(parts, ";")
}

func probability(p float64) any {
	if p == 0 {
		return nil
	}
	return p
}

// dayOf is the one day on which a thing is put: its own, else the day on which
// it became known.
func dayOf(d, known detente.Date) detente.Date {
	if wholeDay(d) != nil {
		return d
	}
	return known
}

// originOf is the same for copies of one text, and never empty.
func originOf(h store.Head) string {
	if h.Origin != "" {
		return h.Origin
	}
	return h.ID
}
