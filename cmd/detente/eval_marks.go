package main

import (
	"fmt"
	"io"

	"detente"
	"detente/internal/event"
	"detente/internal/nlp"
)

const evalMarksUsage = `usage: detente eval marks [--misses] GOLD

Reads texts of GOLD in which coders marked every deed (JSON lines, as
detente train events reads them) and scores the events found in them. An event is
right where a deed of its type, factuality and parties is marked in its sentence.
"typed" leaves the parties out. "recall" asks for marked deeds of which the tables
know a party. "first" holds the type of a text's first event against its main mark.
"factuality" is that of events on a marked word. "contacts" are events of dialogue
told as happened.
`

// evalMarksCmd scores all events of marked texts.
func evalMarksCmd(args []string, stdout, stderr io.Writer) int {
	c := newCommand("eval marks", evalMarksUsage, stdout, stderr)
	misses := c.Bool("misses", false, "print each text with what was told and what is marked")
	name, gold, exit, ok := goldOf(c, args, event.ReadMarked)
	if !ok {
		return exit
	}
	line, err := newLine(nil)
	if err != nil {
		return c.failed(err)
	}
	lang, book, err := languageAndActors()
	if err != nil {
		return c.failed(err)
	}
	var s event.MarkScore
	for i := range gold {
		g := &gold[i]
		if g.Events == nil {
			return c.failed(fmt.Errorf("%s: text %d has no marks; one without deeds has an empty list of events", name, i+1))
		}
		rec := line.Read(&detente.Article{ID: fmt.Sprint(i + 1), Published: g.Published, Language: "en", Text: g.Text})
		doc := lang.Analyze(g.Text, nlp.Options{Published: g.Published})
		right := s.Right
		s.Add(g, doc, book.Cast(doc, g.Published), rec.Events)
		if *misses && s.Right-right < max(len(rec.Events), len(*g.Events)) {
			printMarks(stderr, i+1, g, rec.Events)
		}
	}
	fmt.Fprintln(stdout, proportion("precision", s.Right, s.Told))
	fmt.Fprintln(stdout, proportion("typed", s.Typed, s.Told))
	fmt.Fprintln(stdout, proportion("recall", s.Found, s.Marks))
	fmt.Fprintln(stdout, proportion("first", s.First, s.Main))
	fmt.Fprintln(stdout, proportion("factuality", s.Stance, s.Met))
	fmt.Fprintln(stdout, proportion("contacts", s.TrueContacts, s.Contacts))
	return exitOK
}

func printMarks(w io.Writer, n int, m *event.Marked, events []detente.Event) {
	runes := []rune(m.Text)
	text := func(ss []detente.Span) (out string) {
		for _, s := range ss {
			out += "[" + string(runes[s.Start:s.End]) + "]"
		}
		return out
	}
	fmt.Fprintf(w, "%d: %s\n", n, m.Text)
	for _, e := range events {
		fmt.Fprintf(w, "  told %s %s %s:", e.Type, e.Factuality, text(e.Trigger))
		for _, side := range [][]detente.Participant{e.Source, e.Target} {
			for _, p := range side {
				fmt.Fprintf(w, " %s(%s)", p.Name, p.Party)
			}
			fmt.Fprint(w, " >")
		}
		if e.By == detente.ByClassifier {
			fmt.Fprintf(w, " %.2f\n", e.Probability)
			continue
		}
		fmt.Fprintf(w, " %s\n", e.Rule)
	}
	for _, e := range *m.Events {
		fmt.Fprintf(w, "  mark %s %s [%s]: %s > %s\n", e.Type, e.Factuality, string(runes[e.Trigger.Start:e.Trigger.End]), text(e.Source), text(e.Target))
	}
}
