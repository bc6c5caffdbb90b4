package export

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"detente"
	"detente/internal/actor"
	"detente/internal/dialogue"
	"detente/internal/store"
)

// segment is the state of a channel from one day to another, as it was known
// on those days.
type segment struct {
	detente.ChannelState
	from, to detente.Date // to: day of the next segment; empty where it still holds
	cites    []cited
	book     *actor.Book
}

// cited is an act or claim that a state rests on, and its sentence.
type cited struct {
	ref      string
	head     store.Head
	sentence store.Sentence
	words    detente.Span
}

// segmentsOf reads the states of a dyad's channels, as known day by day up to
// asOf, channels in board order. This is the one place where an export asks for
// states.
func segmentsOf(ctx context.Context, st store.Store, rules *dialogue.Rules, dyad detente.Dyad, asOf detente.Date) ([]segment, error) {
	reports, err := st.Reports(ctx, dyad, asOf)
	if err != nil {
		return nil, err
	}
	past := map[detente.Channel][]segment{}
	var items []dialogue.Item
	seen, cites := map[string]bool{}, map[string]cited{}
	for i, rep := range reports {
		if origin := originOf(rep.Head); !seen[origin] {
			seen[origin] = true
			items = append(items, itemsOf(rep, cites)...)
		}
		if i+1 < len(reports) && reports[i+1].Known == rep.Known {
			continue
		}
		for _, ch := range rules.Fold(dyad, items, "").Channels {
			past[ch.Channel] = extend(past[ch.Channel], ch, rep.Known)
		}
	}
	var out []segment
	for _, ch := range detente.Channels {
		for _, s := range past[ch] {
			for _, id := range s.Evidence {
				s.cites = append(s.cites, cites[id])
			}
			out = append(out, s)
		}
	}
	return out, nil
}

// itemsOf lists what a report tells, for the fold, and notes where it says so.
func itemsOf(rep store.Report, cites map[string]cited) []dialogue.Item {
	prefix := store.Prefix(rep.ID)
	for _, a := range rep.Acts {
		cites[prefix+string(a.ID)] = cited{prefix + string(a.ID), rep.Head, rep.Sentences[a.Sentence], a.Span}
	}
	for _, c := range rep.Claims {
		cites[prefix+string(c.ID)] = cited{prefix + string(c.ID), rep.Head, rep.Sentences[c.Sentence], c.Span}
	}
	return dialogue.Items(&detente.Record{
		Article:    detente.Article{ID: rep.ID, Outlet: rep.Outlet, Published: rep.Known},
		Statements: rep.Statements, Events: rep.Events, Acts: rep.Acts, Claims: rep.Claims,
	}, prefix)
}

// extend adds the state of a channel as known on a day: a new segment where
// state or rule are others than before. What is unknown from the start is none.
func extend(was []segment, ch detente.ChannelState, known detente.Date) []segment {
	last := len(was) - 1
	if last < 0 && ch.State == detente.Unknown {
		return was
	}
	if last >= 0 && was[last].State == ch.State && was[last].Rule == ch.Rule {
		return was
	}
	if last >= 0 {
		was[last].to = known
	}
	return append(was, segment{ChannelState: ch, from: known})
}

// within reports whether a segment touches the days from one to another.
func (s *segment) within(from, to detente.Date) bool {
	return (to == "" || s.from <= to) && (from == "" || s.to == "" || s.to > from)
}

func (s *segment) pair() (detente.Dyad, *actor.Book) { return s.Dyad, s.book }

func stateTable() table[segment] {
	first := func(s *segment) cited {
		if len(s.cites) == 0 {
			return cited{}
		}
		return s.cites[0]
	}
	s := sheet{name: "states", key: []string{"dyad", "channel", "from"},
		about: "One row for each time that a channel was in one state by one rule, as it was known from reports by those days. Before the first row of a channel, nothing had been reported: unknown."}
	return tableOf(s, false, paired((*segment).pair), []column[segment]{
		need(oneOf(col("channel", text, func(s *segment) any { return string(s.Channel) }, "line of dialogue"), detente.Channels...)),
		need(col("from", day, func(s *segment) any { return string(s.from) }, "first day on which it was known to be so")),
		col("to", day, func(s *segment) any { return string(s.to) }, "day from which the next row holds; missing where it still held as of the release's day"),
		need(oneOf(col("state", text, func(s *segment) any { return string(s.State) }, "state of the channel"), states...)),
		col("since", partial, func(s *segment) any { return anyDay(s.Since) }, "day of the act or claim that gave the state"),
		col("last_contact", partial, func(s *segment) any { return anyDay(s.LastContact) }, "day of the last contact known on the first day"),
		col("last_mode", text, func(s *segment) any { return s.LastMode }, "its mode"),
		need(col("rule", text, func(s *segment) any { return s.Rule }, "the rule that gave the state")),
		need(col("evidence", whole, func(s *segment) any { return len(s.cites) }, "number of acts and claims that the rule used on the first day; the table evidence has them")),
		col("article", text, func(s *segment) any { return first(s).head.ID }, "article of the first of them"),
		col("url", text, func(s *segment) any { return first(s).head.URL }, "address of that article"),
		col("sentence_start", whole, func(s *segment) any { return ifCited(first(s), first(s).sentence.Start) }, "first character of its sentence in that article's text"),
		col("sentence_end", whole, func(s *segment) any { return ifCited(first(s), first(s).sentence.End) }, "end of its sentence, exclusive"),
	})
}

func ifCited(c cited, n int) any {
	if c.ref == "" {
		return nil
	}
	return n
}

// evidenceRow is one thing that a state rests on.
type evidenceRow struct {
	*segment
	cited
	position int
}

func evidenceTable(quoted bool) table[evidenceRow] {
	s := sheet{name: "evidence", about: "What the states rest on: one row for each act or claim that a rule used. It may stand in an article outside the release's days.",
		key: []string{"dyad", "channel", "from", "position"}, refs: []foreign{{[]string{"dyad", "channel", "from"}, "states", []string{"dyad", "channel", "from"}}}}
	return tableOf(s, quoted, []column[evidenceRow]{
		need(col("dyad", text, func(x *evidenceRow) any { return x.Dyad.String() }, "the two parties")),
		need(oneOf(col("channel", text, func(x *evidenceRow) any { return string(x.Channel) }, "line of dialogue"), detente.Channels...)),
		need(col("from", day, func(x *evidenceRow) any { return string(x.from) }, "first day of the state")),
		need(col("position", whole, func(x *evidenceRow) any { return x.position }, "which of them, from 1")),
		need(oneOf(col("what", text, func(x *evidenceRow) any { return x.what() }, "act or claim"), "act", "claim")),
		need(col("ref", text, func(x *evidenceRow) any { return x.ref }, "its id in the table acts or claims")),
		need(col("article", text, func(x *evidenceRow) any { return x.head.ID }, "id of the article that tells it")),
		col("url", text, func(x *evidenceRow) any { return x.head.URL }, "address of the article"),
		need(col("known", day, func(x *evidenceRow) any { return string(x.head.Known) }, "day from which the article counts as known")),
		need(col("sentence_start", whole, func(x *evidenceRow) any { return x.sentence.Start }, "first character of the sentence in the article's text")),
		need(col("sentence_end", whole, func(x *evidenceRow) any { return x.sentence.End }, "end of the sentence, exclusive")),
		need(col("start", whole, func(x *evidenceRow) any { return x.span().Start }, "first character of the words that count")),
		need(col("end", whole, func(x *evidenceRow) any { return x.span().End }, "end of the words that count, exclusive")),
		words("sentence_text", func(x *evidenceRow) any { return x.sentence.Text }, "the sentence"),
	})
}

// what tells acts from claims by the letter of their ids.
func (x *evidenceRow) what() string {
	if ref, err := store.ParseRef(x.ref); err == nil && strings.HasPrefix(ref.ID, "c") {
		return "claim"
	}
	return "act"
}

func (x *evidenceRow) span() detente.Span {
	if x.words.Len() > 0 {
		return x.words
	}
	return x.sentence.Span
}

// stateOn gives the state of each channel at the end of a day.
func stateOn(segments []segment, d detente.Date) map[detente.Channel]detente.State {
	on := map[detente.Channel]detente.State{}
	for _, s := range segments {
		if s.from <= d {
			on[s.Channel] = s.State
		}
	}
	return on
}

// changeDays lists the days on which a segment begins, in order.
func changeDays(segments []segment, from, to detente.Date) []detente.Date {
	var days []detente.Date
	for _, s := range segments {
		if s.from >= from && (to == "" || s.from <= to) {
			days = append(days, s.from)
		}
	}
	slices.SortFunc(days, func(a, b detente.Date) int { return cmp.Compare(a, b) })
	return slices.Compact(days)
}
