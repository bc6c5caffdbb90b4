package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"detente/internal/nlp"
	"detente/internal/quote"
)

const trainQuoteUsage = `usage: detente train quote [--out DIR] [--raw FILE] [--seed N] GOLD

Trains the model of statements on JSON lines of texts with their attributions
(../shared/data/attribution/train.jsonl.gz), each analysed with the embedded
language model, and writes quote.model, quote-cues.txt and quote-clusters.txt to
DIR. The clusters of words are made from GOLD's texts and those of FILE, JSON
lines of raw news. The same input, language model and seed give the same files.
`

const cuesHeader = `# Words as heads of cues: how often each was seen and how often it headed a cue
# of an attribution. Counted by detente train quote; do not edit.
# Source: PolNeAR 1.0, train part (Newell, Margolin, Ruths 2018), counts only.
# Columns: lemma, part of speech (V N J R P . O), seen, as head of a cue.
`

const clustersHeader = `# Words that stand between the same words in news, grouped by detente train quote; do not edit.
# Counted on PolNeAR 1.0 (train part) and Reuters-21578; counts and groups only, no text.
# Columns: number of the group, its words.
`

// trainQuoteCmd makes the model of statements.
func trainQuoteCmd(args []string, stdout, stderr io.Writer) int {
	c := newCommand("train quote", trainQuoteUsage, stdout, stderr)
	out := c.String("out", filepath.Join("data", "lang", "en"), "directory to write to")
	raw := c.String("raw", "", "JSON lines of raw news, for clusters of words")
	seed := c.Uint64("seed", 1, "of the order of examples")
	hearers := c.String("hearers", "", "comma-separated markers, of which the n-th has not learned from every n-th text")
	words := c.String("words", "", "only write GOLD's words and labels to this file, for train/hearer.py")
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
	if *words != "" {
		if err := writeWords(*words, lang, gold); err != nil {
			return c.failed(err)
		}
		return exitOK
	}
	texts, err := rawTexts(*raw)
	if err != nil {
		return c.failed(err)
	}
	xs := make([]quote.Example, 0, len(gold))
	for _, g := range gold {
		texts = append(texts, g.Text)
		xs = append(xs, quote.Example{Doc: lang.Analyze(g.Text, nlp.Options{Published: g.Published}), Gold: g.Gold})
	}
	opt := quote.DefaultLearning
	opt.Seed = *seed
	if opt.Hearers, err = readHearers(lang, strings.Split(*hearers, ",")); err != nil {
		return c.failed(err)
	}
	opt.Clusters = quote.LearnClusters(texts)
	opt.Log = func(format string, args ...any) { fmt.Fprintf(stderr, format+"\n", args...) }
	m := quote.Learn(xs, opt)

	var model, cues, clusters bytes.Buffer
	cues.WriteString(cuesHeader)
	clusters.WriteString(clustersHeader)
	for _, err := range []error{m.WriteCues(&cues), opt.Clusters.Write(&clusters), m.Save(&model)} {
		if err != nil {
			return c.failed(err)
		}
	}
	for _, f := range []struct {
		name string
		b    *bytes.Buffer
	}{{"quote.model", &model}, {"quote-cues.txt", &cues}, {"quote-clusters.txt", &clusters}} {
		if err := os.WriteFile(filepath.Join(*out, f.name), f.b.Bytes(), 0o644); err != nil {
			return c.failed(err)
		}
	}
	return exitOK
}

// rawTexts reads the texts of JSON lines; no file gives none.
func rawTexts(name string) ([]string, error) {
	if name == "" {
		return nil, nil
	}
	docs, err := readQuoteGold(name)
	if err != nil {
		return nil, err
	}
	texts := make([]string, 0, len(docs))
	for _, d := range docs {
		texts = append(texts, d.Text)
	}
	return texts, nil
}

func readQuoteGold(name string) ([]quote.GoldDoc, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return quote.ReadGold(name, f)
}

// writeWords writes the words and labels of gold texts for the trainers of train/.
func writeWords(name string, lang *nlp.Model, gold []quote.GoldDoc) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	for i, g := range gold {
		ex := quote.Example{Doc: lang.Analyze(g.Text, nlp.Options{Published: g.Published}), Gold: g.Gold}
		if err := quote.WriteWords(w, i, []quote.Example{ex}); err != nil {
			return errors.Join(err, f.Close())
		}
	}
	return errors.Join(w.Flush(), f.Close())
}

func readHearers(lang *nlp.Model, names []string) ([]*nlp.Marker, error) {
	var out []*nlp.Marker
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		mk, err := quote.ReadHearer(lang, b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out = append(out, mk)
	}
	return out, nil
}
