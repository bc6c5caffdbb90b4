package main

import (
	"fmt"
	"io"
	"strings"

	"detente"
	"detente/internal/event"
	"detente/internal/ingest"
	"detente/internal/nlp"
)

const evalEventsUsage = `usage: detente eval events [--misses] GOLD

Reads the sentences of GOLD (JSON lines as ../shared/data/events/gsr-dev.jsonl)
and scores the events found in them by the definitions of
../shared/score/events.py.
`

// evalEventsCmd scores events against gold sentences.
func evalEventsCmd(args []string, stdout, stderr io.Writer) int {
	c := newCommand("eval events", evalEventsUsage, stdout, stderr)
	misses := c.Bool("misses", false, "name each sentence whose first event has another type")
	_, gold, exit, ok := goldOf(c, args, event.ReadGold)
	if !ok {
		return exit
	}
	line, err := ingest.NewLine(ingest.Options{Program: version})
	if err != nil {
		return c.failed(err)
	}
	var s event.Score
	for i := range gold {
		g := &gold[i]
		rec := line.Read(&detente.Article{ID: g.ID, Published: g.Published, Language: "en", Text: g.Text})
		s.Add(g, rec.Events)
		if *misses && (len(rec.Events) == 0 || rec.Events[0].Type != g.Event) {
			fmt.Fprintf(stderr, "%s: want %s: %s\n", g.ID, g.Event, g.Text)
		}
	}
	fmt.Fprintln(stdout, proportion("type", s.Type, s.Sentences))
	fmt.Fprintln(stdout, proportion("first", s.First, s.Sentences))
	fmt.Fprintln(stdout, proportion("precision", s.Right, s.Events))
	fmt.Fprintln(stdout, proportion("source", s.SourceRight, s.Sources))
	fmt.Fprintln(stdout, proportion("target", s.TargetRight, s.Targets))
	fmt.Fprintln(stdout, proportion("triple", s.TripleRight, s.Triples))
	fmt.Fprintln(stdout, proportion("classifier", s.GuessedRight, s.GuessedEvents))
	return exitOK
}

const evalActorsUsage = `usage: detente eval actors [--misses] GOLD

Takes the phrases that the sentences of GOLD (JSON lines as
../shared/data/events/gsr-dev.jsonl) mark as source or target, and counts for how
many the country or organisation is found.
`

// evalActorsCmd scores who phrases mean, the phrases given.
func evalActorsCmd(args []string, stdout, stderr io.Writer) int {
	c := newCommand("eval actors", evalActorsUsage, stdout, stderr)
	misses := c.Bool("misses", false, "name each phrase that is read wrongly")
	_, gold, exit, ok := goldOf(c, args, event.ReadGold)
	if !ok {
		return exit
	}
	lang, book, err := languageAndActors()
	if err != nil {
		return c.failed(err)
	}
	right, all := 0, 0
	for _, g := range gold {
		doc := lang.Analyze(g.Text, nlp.Options{Published: g.Published})
		cast := book.Cast(doc, g.Published)
		for _, who := range append(g.Sources, g.Targets...) {
			at := strings.Index(g.Text, who.Text)
			if at < 0 {
				continue
			}
			all++
			if a := event.PhraseCode(doc, cast, at, at+len(who.Text)); event.SameCode(a, who.Code) {
				right++
			} else if *misses {
				fmt.Fprintf(stderr, "%s: %q: want %s, have %s\n", g.ID, who.Text, who.Code, a)
			}
		}
	}
	fmt.Fprintln(stdout, proportion("country", right, all))
	return exitOK
}
