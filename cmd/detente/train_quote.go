package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"detente/internal/nlp"
	"detente/internal/quote"
)

const trainQuoteUsage = `usage: detente train quote [--out DIR] [--seed N] GOLD

Trains the model of statements on JSON lines of texts with their attributions
(../shared/data/attribution/train.jsonl.gz), each analysed with the embedded
language model, and writes quote.model and quote-cues.txt to DIR. The same gold,
language model and seed give the same files.
`

const cuesHeader = `# Words as heads of cues: how often each was seen and how often it headed a cue
# of an attribution. Counted by detente train quote; do not edit.
# Source: PolNeAR 1.0, train part (Newell, Margolin, Ruths 2018), counts only.
# Columns: lemma, part of speech (V N J R P . O), seen, as head of a cue.
`

// trainQuoteCmd makes the model of statements.
func trainQuoteCmd(args []string, stdout, stderr io.Writer) int {
	c := newCommand("train quote", trainQuoteUsage, stdout, stderr)
	out := c.String("out", filepath.Join("data", "lang", "en"), "directory to write to")
	seed := c.Uint64("seed", 1, "of the order of examples")
	files, exit, ok := c.parse(args)
	if !ok {
		return exit
	}
	if len(files) != 1 {
		return c.misused("want one gold file, have %d", len(files))
	}
	gold, err := readQuoteGold(files[0])
	if err != nil {
		return c.failed(err)
	}
	lang, err := nlp.Default()
	if err != nil {
		return c.failed(err)
	}
	xs := make([]quote.Example, 0, len(gold))
	for _, g := range gold {
		xs = append(xs, quote.Example{Doc: lang.Analyze(g.Text, nlp.Options{Published: g.Published}), Gold: g.Gold})
	}
	opt := quote.DefaultLearning
	opt.Seed = *seed
	opt.Log = func(format string, args ...any) { fmt.Fprintf(stderr, format+"\n", args...) }
	m := quote.Learn(xs, opt)

	var model, cues bytes.Buffer
	cues.WriteString(cuesHeader)
	if err := m.WriteCues(&cues); err != nil {
		return c.failed(err)
	}
	if err := m.Save(&model); err != nil {
		return c.failed(err)
	}
	for name, b := range map[string]*bytes.Buffer{"quote.model": &model, "quote-cues.txt": &cues} {
		if err := os.WriteFile(filepath.Join(*out, name), b.Bytes(), 0o644); err != nil {
			return c.failed(err)
		}
	}
	return exitOK
}

func readQuoteGold(name string) ([]quote.GoldDoc, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return quote.ReadGold(name, f)
}
