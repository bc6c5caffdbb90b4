package main

import (
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"strings"

	"detente/internal/nlp"
)

const evalSyntaxUsage = `
usage: detente eval syntax [flags] GOLD…

Reads the text of GOLD (CoNLL-U, also gzipped) and counts how many of its
sentences, words, tags, lemmas, heads and relations are found, as the scorer of
the CoNLL 2018 shared task does. Figures are F1 in percent with the 95%
interval over sentences.`

// evalSyntaxCmd measures sentences, words, tags, lemmas and trees.
func evalSyntaxCmd(args []string, stdout, stderr io.Writer) int {
	cmd := newCommand("eval syntax", evalSyntaxUsage, stdout, stderr)
	tokens := cmd.Bool("gold-tokens", false, "keep the sentences and words of GOLD")
	files, exit, ok := cmd.parse(args)
	if !ok {
		return exit
	}
	read := func(name string) ([]*nlp.Doc, error) {
		return readGold(name, func(r io.Reader) ([]*nlp.Doc, error) {
			doc, err := nlp.ReadConllu(r)
			return []*nlp.Doc{doc}, err
		})
	}
	return evalDocs(cmd, files, read, func(m *nlp.Model, gold []*nlp.Doc) ([]*nlp.Score, error) {
		if *tokens {
			return nlp.ScoreSyntax(gold[0], annotated(m, gold[0]))
		}
		return nlp.ScoreSyntax(gold[0], m.Analyze(gold[0].Text, nlp.Options{}))
	})
}

const evalNamesUsage = `
usage: detente eval names GOLD…

Finds names in the sentences of GOLD and counts those with the right words and
kind. GOLD has a word and its tag a line (IOB, as CoNLL-2003 and UNER have it,
also gzipped), texts parted by their marks, or is the archive of re3d, of which
BBC Online is read; persons, organisations and places count. Figures are F1 in
percent with the 95% interval over sentences.`

// evalNamesCmd measures names.
func evalNamesCmd(args []string, stdout, stderr io.Writer) int {
	cmd := newCommand("eval names", evalNamesUsage, stdout, stderr)
	files, exit, ok := cmd.parse(args)
	if !ok {
		return exit
	}
	return evalDocs(cmd, files, readNames, func(m *nlp.Model, gold []*nlp.Doc) ([]*nlp.Score, error) {
		got := make([]*nlp.Doc, len(gold))
		for i, g := range gold {
			got[i] = annotated(m, g)
		}
		return nlp.ScoreNames(gold, got), nil
	})
}

// heldOutOfRe3d is the source within re3d that nothing is trained on.
const heldOutOfRe3d = "/BBC_Online/"

// readNames reads a file of names, or the held-out part of re3d's archive.
func readNames(name string) (docs []*nlp.Doc, err error) {
	if !strings.HasSuffix(name, ".tar.gz") {
		return readGold(name, nlp.ReadNames)
	}
	err = eachInTar(name, ".conll", func(member string, r io.Reader) error {
		if !strings.Contains(member, heldOutOfRe3d) {
			return nil
		}
		more, err := nlp.ReadNames(r)
		for _, d := range more {
			nlp.NamesOfPhrases(d)
		}
		docs = append(docs, more...)
		return err
	})
	return docs, err
}

// annotated reads a copy of gold's sentences and words anew.
func annotated(m *nlp.Model, gold *nlp.Doc) *nlp.Doc {
	doc := *gold
	doc.Words = append([]nlp.Word(nil), gold.Words...)
	m.Annotate(&doc, nlp.Options{})
	return &doc
}

// evalDocs scores each file and prints a table a file.
func evalDocs(cmd *command, files []string, read func(name string) ([]*nlp.Doc, error), score func(*nlp.Model, []*nlp.Doc) ([]*nlp.Score, error)) int {
	if len(files) == 0 {
		return cmd.misused("give a gold file")
	}
	model, err := nlp.Default()
	if err != nil {
		return cmd.failed(err)
	}
	for _, name := range files {
		gold, err := read(name)
		if err != nil {
			return cmd.failed(err)
		}
		scores, err := score(model, gold)
		if err != nil {
			return cmd.failed(fmt.Errorf("%s: %w", name, err))
		}
		words := 0
		for _, g := range gold {
			words += len(g.Words)
		}
		fmt.Fprintf(cmd.stdout, "%s: %d words, model %s\n", name, words, model.Info.Version)
		for _, s := range scores {
			low, high := s.Interval()
			g, f, r := s.Counts()
			fmt.Fprintf(cmd.stdout, "%-10s %6.2f  [%.2f, %.2f]  %d right of %d found, %d in gold\n", s.Name, s.F1(), low, high, r, f, g)
		}
	}
	return exitOK
}

func readGold(name string, read func(io.Reader) ([]*nlp.Doc, error)) ([]*nlp.Doc, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var in io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		z, err := gzip.NewReader(f)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		in = z
	}
	docs, err := read(in)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return docs, nil
}
