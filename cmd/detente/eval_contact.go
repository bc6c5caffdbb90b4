package main

import (
	"fmt"
	"io"

	"detente"
	"detente/internal/ingest"
)

const evalContactUsage = `usage: detente eval contact [--misses] GOLD

Reads the sentences and short dispatches of GOLD (text, a tab, and all acts that
it tells) and scores the contacts that the records have as happened: precision and
recall, and the same by channel. A contact is right where the gold has one that
happened between the two parties, on the channel and on the day. Under "dyad"
channels are not compared.
`

// evalContactCmd scores contacts that happened.
func evalContactCmd(args []string, stdout, stderr io.Writer) int {
	c := newCommand("eval contact", evalContactUsage, stdout, stderr)
	misses := c.Bool("misses", false, "name each contact that is false or was not found")
	_, gold, exit, ok := goldOf(c, args, ingest.ReadContactGold)
	if !ok {
		return exit
	}
	line, err := newLine(nil)
	if err != nil {
		return c.failed(err)
	}
	var s ingest.ContactScore
	for i := range gold {
		g := &gold[i]
		rec := line.Read(&detente.Article{ID: fmt.Sprint(g.Line), Published: ingest.ContactDay, Language: "en", Text: g.Text})
		for _, m := range s.Add(g, &rec) {
			if *misses {
				printContactMiss(stderr, m, g.Text)
			}
		}
	}
	printContactScore(stdout, &s)
	return exitOK
}

func printContactMiss(w io.Writer, m ingest.ContactMiss, text string) {
	if m.False {
		fmt.Fprintf(w, "%d: false contact %s [%s]: %s\n", m.Line, m.Act, m.Rule, text)
		return
	}
	fmt.Fprintf(w, "%d: not found %s: %s\n", m.Line, m.Act, text)
}

func printContactScore(w io.Writer, s *ingest.ContactScore) {
	printHits(w, "", &s.All)
	printHits(w, "dyad", &s.ByDyad)
	fmt.Fprintln(w, proportion("texts clean", s.Texts-s.FalseTexts, s.Texts))
	for _, ch := range detente.Channels {
		if h := s.Channel[ch]; h != nil {
			printHits(w, string(ch), h)
		}
	}
}

func printHits(w io.Writer, what string, h *ingest.Hits) {
	if what != "" {
		what += " "
	}
	fmt.Fprintln(w, proportion(what+"precision", h.Right, h.Found))
	fmt.Fprintln(w, proportion(what+"recall", h.Met, h.Gold))
}
