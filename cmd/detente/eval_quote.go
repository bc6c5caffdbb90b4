package main

import (
	"fmt"
	"io"
	"strings"

	"detente"
	"detente/internal/ingest"
	"detente/internal/quote"
)

const evalQuoteUsage = `usage: detente eval quote GOLD

Reads the texts of GOLD (JSON lines as ../shared/data/attribution/dev.jsonl) and
scores the statements found in them by the definitions of
../shared/score/attribution.py; statements inside others are left out. Prints
F1, then precision and recall.
`

// evalQuoteCmd scores statements against gold attributions.
func evalQuoteCmd(args []string, stdout, stderr io.Writer) int {
	c := newCommand("eval quote", evalQuoteUsage, stdout, stderr)
	name, gold, exit, ok := goldOf(c, args, quote.ReadGold)
	if !ok {
		return exit
	}
	line, err := ingest.NewLine(ingest.Options{Program: version})
	if err != nil {
		return c.failed(err)
	}
	score := quote.NewScore()
	for _, g := range gold {
		if len(g.Units) == 0 {
			return c.failed(fmt.Errorf("%s: %s has no tokens to score by; use a dev or test file", name, g.ID))
		}
		rec := line.Read(&detente.Article{ID: g.ID, Published: g.Published, Language: "en", Text: g.Text})
		score.Add(g.Text, g.Units, g.Gold, quote.Outermost(rec.Statements))
	}
	for _, r := range score.Rows() {
		if r.Plain {
			fmt.Fprintf(stdout, "%-20s %6.2f\n", r.Name, r.F1)
			continue
		}
		fmt.Fprintf(stdout, "%-20s %6.2f  (P %.2f, R %.2f)\n", r.Name, r.F1, r.P, r.R)
	}
	return exitOK
}

const evalChainUsage = `usage: detente eval chain [--misses] GOLD

Reads the dispatches of GOLD (docs/codebook-chain.md) and counts the statements
whose chain of reporting is found whole.
`

// evalChainCmd scores chains of reporting.
func evalChainCmd(args []string, stdout, stderr io.Writer) int {
	c := newCommand("eval chain", evalChainUsage, stdout, stderr)
	misses := c.Bool("misses", false, "name each statement whose chain is wrong")
	name, gold, exit, ok := goldOf(c, args, quote.ReadChains)
	if !ok {
		return exit
	}
	line, err := ingest.NewLine(ingest.Options{Program: version})
	if err != nil {
		return c.failed(err)
	}
	var score quote.ChainScore
	for _, g := range gold {
		rec := line.Read(&detente.Article{Language: "en", Text: g.Text})
		score.Add(g, []rune(g.Text), rec.Statements, func(w quote.ChainWant, st *detente.Statement) {
			switch {
			case !*misses:
			case st == nil:
				fmt.Fprintf(stderr, "%s:%d: not found: %s\n", name, g.Line, w.Has)
			default:
				fmt.Fprintf(stderr, "%s:%d: %s: want %s %v, have %s %v\n", name, g.Line, w.Has, w.Speaker, w.Via, st.Speaker.Name, st.Via)
			}
		})
	}
	fmt.Fprintln(stdout, proportion("found", score.Found, score.Asked))
	fmt.Fprintln(stdout, proportion("speaker", score.Speaker, score.Asked))
	fmt.Fprintln(stdout, proportion("links", score.Links, score.Asked))
	fmt.Fprintln(stdout, proportion("kinds", score.Kinds, score.Asked))
	return exitOK
}

const evalSpeakerUsage = `usage: detente eval speaker [--misses] GOLD

Reads the dispatches of GOLD (docs/codebook-speaker.md) and counts the statements
whose speaker is named rightly where the source is a pronoun, a title, a surname
or not there.
`

// evalSpeakerCmd scores who is named as speaker.
func evalSpeakerCmd(args []string, stdout, stderr io.Writer) int {
	c := newCommand("eval speaker", evalSpeakerUsage, stdout, stderr)
	misses := c.Bool("misses", false, "name each statement whose speaker is wrong")
	name, gold, exit, ok := goldOf(c, args, quote.ReadSpeakers)
	if !ok {
		return exit
	}
	line, err := ingest.NewLine(ingest.Options{Program: version})
	if err != nil {
		return c.failed(err)
	}
	var score quote.SpeakerScore
	for _, g := range gold {
		rec := line.Read(&detente.Article{Language: "en", Published: g.Published, Text: g.Text})
		score.Add(g, rec.Statements, func(w quote.SpeakerWant, st *detente.Statement) {
			switch {
			case !*misses:
			case st == nil:
				fmt.Fprintf(stderr, "%s:%d: not found: %s\n", name, w.Line, w.Has)
			default:
				fmt.Fprintf(stderr, "%s:%d: %s: want %s, have %q for %q\n", name, w.Line, w.Has,
					strings.Join(w.Who, " / "), st.Speaker.Name, detente.Slice([]rune(g.Text), st.Source...))
			}
		})
	}
	fmt.Fprintln(stdout, proportion("found", score.Found, score.Asked))
	fmt.Fprintln(stdout, proportion("named rightly", score.Named, score.Asked))
	for _, k := range quote.SpeakerKinds {
		fmt.Fprintln(stdout, proportion("  "+k, score.ByKind[k][1], score.ByKind[k][0]))
	}
	return exitOK
}
