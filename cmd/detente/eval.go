package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// evaluation is one thing that can be measured.
type evaluation struct {
	name string
	does string
	gold []string // files of a shared folder's data that eval all measures it with
	run  func(args []string, stdout, stderr io.Writer) int
}

func evaluations() []evaluation {
	return []evaluation{
		{"dialogue", "expected acts, states, statements and disputes of short dispatches",
			[]string{"dialogue/dev.jsonl"}, evalDialogueCmd},
		{"events", "PLOVER events: type, source, target",
			[]string{"events/gsr-dev.jsonl"}, evalEventsCmd},
		{"marks", "all events of texts in which every deed is marked", nil, evalMarksCmd},
		{"contact", "contacts that happened: precision and recall, by channel", nil, evalContactCmd},
		{"actors", "country of those whom a sentence names",
			[]string{"events/gsr-dev.jsonl"}, evalActorsCmd},
		{"syntax", "sentences, words, tags, lemmas and trees",
			[]string{"syntax/en_ewt-ud-dev.conllu.gz", "syntax/en_gum-ud-dev.conllu.gz"}, evalSyntaxCmd},
		{"names", "names of persons, organisations and places",
			[]string{"names/uner-ewt-dev.iob2.gz", "names/gum-dev.bio.gz", "names/conll2003-testa.evaluate-only.gz", "names/re3d.tar.gz"}, evalNamesCmd},
		{"time", "time expressions, found and dated",
			[]string{"time/gum-xml-dev.tar.gz"}, evalTimeCmd},
		{"coref", "mentions linked to the person they are spoken of",
			[]string{"coref/ontogum-dev.tar.gz"}, evalCorefCmd},
		{"quote", "statements: source, cue and content",
			[]string{"attribution/dev.jsonl"}, evalQuoteCmd},
		{"chain", "chains of reporting of statements", nil, evalChainCmd},
		{"speaker", "speakers named where the source is a pronoun, a title or not there", nil, evalSpeakerCmd},
		{"pages", "body, title, date and author of web pages",
			[]string{"pages/evaldata.tar.gz"}, evalPagesCmd},
	}
}

func evalCmd(args []string, _ io.Reader, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		evalOverview(stderr)
		return exitUsage
	}
	switch args[0] {
	case "-h", "-help", "--help":
		evalOverview(stdout)
		return exitOK
	case "all":
		return evalAllCmd(args[1:], stdout, stderr)
	}
	for _, e := range evaluations() {
		if e.name == args[0] {
			return e.run(args[1:], stdout, stderr)
		}
	}
	evalOverview(stderr)
	fmt.Fprintf(stderr, "\ndetente eval: nothing called %q can be measured\n", args[0])
	return exitUsage
}

func evalOverview(w io.Writer) {
	fmt.Fprint(w, "usage: detente eval WHAT [flags] GOLD\n\nMeasures what the program finds against gold data:\n\n")
	for _, e := range evaluations() {
		fmt.Fprintf(w, "  %-10s %s\n", e.name, e.does)
	}
	fmt.Fprint(w, "  all        everything for which a shared folder has gold data\n\ndetente eval WHAT -h explains one.\n")
}

const evalAllUsage = `
usage: detente eval all [flags]

Measures everything for which gold data is found. What has none is named and
left out.

exit status: 0, or 1 where a measurement failed or there is no gold data, 2 for wrong usage`

func evalAllCmd(args []string, stdout, stderr io.Writer) int {
	cmd := newCommand("eval all", evalAllUsage, stdout, stderr)
	shared := cmd.String("shared", "../shared", "`directory` whose folder data has the gold")
	rest, exit, ok := cmd.parse(args)
	if !ok {
		return exit
	}
	if len(rest) > 0 {
		return cmd.misused("%q: all takes no gold file; name the folder with --shared", rest[0])
	}
	measured := 0
	for _, e := range evaluations() {
		for _, gold := range e.gold {
			file := filepath.Join(*shared, "data", filepath.FromSlash(gold))
			if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
				fmt.Fprintf(stderr, "%s is not there: %s is not measured with it\n", file, e.name)
				continue
			}
			fmt.Fprintf(stdout, "\n== %s: %s\n", e.name, gold)
			exit = max(exit, e.run([]string{file}, stdout, stderr))
			measured++
		}
	}
	if measured == 0 {
		return cmd.failed(fmt.Errorf("no gold data in %s; name the folder that has it with --shared", *shared))
	}
	return exit
}

// goldOf reads the one gold file of an evaluation's arguments.
func goldOf[T any](c *command, args []string, read func(string, io.Reader) ([]T, error)) (name string, gold []T, exit int, ok bool) {
	files, exit, ok := c.parse(args)
	if !ok {
		return "", nil, exit, false
	}
	if len(files) != 1 {
		return "", nil, c.misused("want one gold file, have %d", len(files)), false
	}
	f, err := os.Open(files[0])
	if err != nil {
		return "", nil, c.failed(openError(files[0], err)), false
	}
	defer f.Close()
	if gold, err = read(files[0], f); err != nil {
		return "", nil, c.failed(err), false
	}
	return files[0], gold, exitOK, true
}
