package export

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"detente"
	"detente/internal/actor"
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
// asOf, channels in board order. A segment ends where state or rule change.
func segmentsOf(ctx context.Context, st store.Store, dyad detente.Dyad, asOf detente.Date) ([]segment, error) {
	series, err := st.Series(ctx, dyad, asOf)
	if err != nil {
		return nil, err
	}
	var out []segment
	for _, spell := range series.Channels {
		if last := len(out) - 1; last >= 0 && out[last].Channel == spell.Channel {
			if out[last].State == spell.State && out[last].Rule == spell.Rule {
				continue
			}
			out[last].to = spell.First
		}
		out = append(out, segment{ChannelState: spell.ChannelState, from: spell.First})
	}
	return out, cite(ctx, st, dyad, asOf, out)
}

// cite finds the sentences of what the segments rest on: in what is told of the
// dyad as of the day, else in the article itself, which a later version has
// taken the place of.
func cite(ctx context.Context, st store.Store, dyad detente.Dyad, asOf detente.Date, segments []segment) error {
	if len(segments) == 0 {
		return nil
	}
	reports, err := st.Reports(ctx, dyad, asOf)
	if err != nil {
		return err
	}
	cites := map[string]cited{}
	for _, rep := range reports {
		noteCites(rep, cites)
	}
	for i := range segments {
		for _, id := range segments[i].Evidence {
			if _, there := cites[id]; !there {
				if err := citeArticle(ctx, st, dyad, id, cites); err != nil {
					return err
				}
			}
			segments[i].cites = append(segments[i].cites, cites[id])
		}
	}
	return nil
}

// citeArticle notes what one article says, by the id of something in it.
func citeArticle(ctx context.Context, st store.Store, dyad detente.Dyad, id string, cites map[string]cited) error {
	ref, err := store.ParseRef(id)
	if err != nil {
		return err
	}
	u, head, err := st.Unit(ctx, ref.Article)
	if err != nil {
		return err
	}
	rep := store.ReportOf(&u.Record, dyad)
	rep.Head = head
	noteCites(rep, cites)
	if _, there := cites[id]; !there {
		return fmt.Errorf("a state of %s rests on %s, which is not there any more; the store was changed meanwhile: export again", dyad, id)
	}
	return nil
}

func noteCites(rep store.Report, cites map[string]cited) {
	prefix := store.Prefix(rep.ID)
	for _, a := range rep.Acts {
		cites[prefix+string(a.ID)] = cited{prefix + string(a.ID), rep.Head, rep.Sentences[a.Sentence], a.Span}
	}
	for _, c := range rep.Claims {
		cites[prefix+string(c.ID)] = cited{prefix + string(c.ID), rep.Head, rep.Sentences[c.Sentence], c.Span}
	}
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
