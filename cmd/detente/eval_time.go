package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"

	"detente/internal/nlp"
)

const evalTimeUsage = `
usage: detente eval time [flags] GOLD…

Reads the texts of GOLD and counts how many of their time expressions are
found, and found with the right date. GOLD is GUM as XML (a file, a directory
or a .tar.gz), or lines of a publication date and a text with {value|words}.`

func evalTimeCmd(args []string, stdout, stderr io.Writer) int {
	cmd := newCommand("eval time", evalTimeUsage, stdout, stderr)
	misses := cmd.Bool("misses", false, "name each expression that was missed")
	only := cmd.String("only", "", "read only files whose name has this `text` in it, as news")
	files, exit, ok := cmd.parse(args)
	if !ok {
		return exit
	}
	if len(files) == 0 {
		return cmd.misused("give a gold file")
	}
	model, err := nlp.Default()
	if err != nil {
		return cmd.failed(err)
	}
	var total nlp.TimeScore
	err = eachGold(files, *only, func(name string, r io.Reader) error {
		golds, err := readTimeGold(name, r)
		if err != nil {
			return err
		}
		for _, gold := range golds {
			doc := model.Analyze(gold.Text, nlp.Options{Published: gold.Published})
			total.Add(nlp.ScoreTimes(doc, gold, func(w nlp.TimeWant, got *nlp.Time) {
				if *misses {
					fmt.Fprintln(stderr, timeMiss(doc, gold, w, got))
				}
			}))
		}
		return nil
	})
	if err != nil {
		return cmd.failed(err)
	}
	if total.Gold == 0 {
		return cmd.failed(fmt.Errorf("%s: no time expressions in it; give GUM XML or marked lines", strings.Join(files, " ")))
	}
	fmt.Fprintln(stdout, proportion("found", total.Found, total.Gold))
	fmt.Fprintln(stdout, proportion("normalised", total.Normalised, total.Gold))
	fmt.Fprintln(stdout, proportion("  marking apart", total.Apart, total.Gold))
	fmt.Fprintln(stdout, proportion("precision", total.Right, total.Read))
	return exitOK
}

func readTimeGold(name string, r io.Reader) ([]nlp.TimeGold, error) {
	if strings.HasSuffix(name, ".xml") {
		gold, err := nlp.ReadGUM(r)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return []nlp.TimeGold{gold}, nil
	}
	golds, err := nlp.ReadTimeGold(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return golds, nil
}

func timeMiss(doc *nlp.Doc, gold nlp.TimeGold, w nlp.TimeWant, got *nlp.Time) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\t%s\t%s", gold.ID, gold.Published, around(gold.Text, w.Start, w.End))
	fmt.Fprintf(&b, "\twant %s%s %s", w.Kind, w.Value, w.Symbol)
	if w.From != "" || w.NotBefore != "" || w.NotAfter != "" {
		fmt.Fprintf(&b, "%s…%s (%s…%s)", w.From, w.To, w.NotBefore, w.NotAfter)
	}
	if got == nil {
		b.WriteString("\tnothing read")
	} else {
		fmt.Fprintf(&b, "\tread %s %q %s %s…%s %s", got.Kind, doc.Text[doc.Words[got.First].Start:doc.Words[got.End-1].End], got.Value, got.From, got.To, got.Symbol)
	}
	return b.String()
}

// around shows bytes start … end of a text between brackets, with what stands
// beside them in the line.
func around(text string, start, end int) string {
	const beside = 50
	left := strings.ToValidUTF8(text[max(0, start-beside):start], "")
	right := strings.ToValidUTF8(text[end:min(len(text), end+beside)], "")
	left = left[strings.LastIndexByte(left, '\n')+1:]
	right, _, _ = strings.Cut(right, "\n")
	return left + "[" + text[start:end] + "]" + right
}

const evalCorefUsage = `
usage: detente eval coref [flags] GOLD…

Reads the texts of GOLD and counts how many names and role phrases of named
persons, and how many pronouns, are linked to the person they are spoken of.
GOLD is OntoGUM (WebAnno TSV: a file, a directory or a .tar.gz), or texts that
begin with "== name" and mark mentions as {1|words}, pronouns as {1:p|he}, two
together as {1+2|both ministers}, other things than persons as {3:b|Sweden}.`

func evalCorefCmd(args []string, stdout, stderr io.Writer) int {
	cmd := newCommand("eval coref", evalCorefUsage, stdout, stderr)
	misses := cmd.Bool("misses", false, "name each mention that was not linked right")
	only := cmd.String("only", "", "read only files whose name has this `text` in it, as news")
	files, exit, ok := cmd.parse(args)
	if !ok {
		return exit
	}
	if len(files) == 0 {
		return cmd.misused("give a gold file")
	}
	model, err := nlp.Default()
	if err != nil {
		return cmd.failed(err)
	}
	var total nlp.ChainScore
	err = eachGold(files, *only, func(name string, r io.Reader) error {
		golds, err := readCorefGold(name, r)
		if err != nil {
			return err
		}
		for _, gold := range golds {
			doc := model.Analyze(gold.Text, nlp.Options{})
			total.Add(nlp.ScoreChains(doc, gold, func(w nlp.CorefWant) {
				if *misses {
					fmt.Fprintf(stderr, "%s\t%d\t%s\n", gold.ID, w.Chain, around(gold.Text, w.Start, w.End))
				}
			}))
		}
		return nil
	})
	if err != nil {
		return cmd.failed(err)
	}
	if total.Names.Gold == 0 {
		return cmd.failed(fmt.Errorf("%s: no mentions of named persons in it; give OntoGUM or marked texts", strings.Join(files, " ")))
	}
	printLinks(stdout, "names and titles", total.Names)
	printLinks(stdout, "pronouns", total.Pronouns)
	if total.Groups.Gold > 0 {
		printLinks(stdout, "two together", total.Groups)
	}
	return exitOK
}

func printLinks(w io.Writer, what string, s nlp.CorefScore) {
	fmt.Fprintln(w, proportion(what, s.Right, s.Gold))
	fmt.Fprintln(w, proportion("  precision", s.ReadRight, s.Read))
}

func readCorefGold(name string, r io.Reader) ([]nlp.CorefGold, error) {
	if strings.HasSuffix(name, ".tsv") {
		gold, err := nlp.ReadOntoGUM(name, r)
		return []nlp.CorefGold{gold}, err
	}
	golds, err := nlp.ReadCorefGold(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return golds, nil
}

// eachGold calls read with every gold file: files as they are, those of a
// directory, those in a .tar.gz; only those whose base name holds part.
func eachGold(names []string, part string, read func(name string, r io.Reader) error) error {
	for _, name := range names {
		err := filepath.WalkDir(name, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return openError(path, err)
			case d.IsDir():
				return nil
			case strings.HasSuffix(path, ".tar.gz"):
				return eachInTar(path, part, read)
			case !strings.Contains(filepath.Base(path), part):
				return nil
			}
			b, err := os.ReadFile(path)
			if err != nil {
				return openError(path, err)
			}
			return read(path, bytes.NewReader(b))
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func eachInTar(path, part string, read func(name string, r io.Reader) error) error {
	f, err := os.Open(path)
	if err != nil {
		return openError(path, err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for t := tar.NewReader(z); ; {
		h, err := t.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if h.Typeflag != tar.TypeReg || !strings.Contains(filepath.Base(h.Name), part) {
			continue
		}
		if err := read(h.Name, t); err != nil {
			return err
		}
	}
}

// proportion prints k of n in percent with its 95% interval by Wilson's method.
func proportion(what string, k, n int) string {
	if n == 0 {
		return fmt.Sprintf("%-18s none", what)
	}
	const z = 1.959964
	p, m := float64(k)/float64(n), float64(n)
	mid := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z * math.Sqrt(p*(1-p)/m+z*z/(4*m*m)) / (1 + z*z/m)
	return fmt.Sprintf("%-18s %5.1f  (95%% %.1f–%.1f)  %d of %d", what, 100*p, 100*max(0, mid-half), 100*min(1, mid+half), k, n)
}
