package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"detente/data"
	"detente/internal/actor"
	"detente/internal/event"
	"detente/internal/nlp"
	"detente/internal/quote"
)

const trainEventsUsage = `usage: detente train events [--out FILE] [--seed N] GOLD

Trains the classifier of events on JSON lines of texts in which source and target
are marked and whose type is given (../shared/data/events/plv-train.jsonl), each
read with the embedded models and rules, and writes it to FILE. The same input,
models, rules and seed give the same file.
`

// trainEventsCmd makes the classifier of events.
func trainEventsCmd(args []string, stdout, stderr io.Writer) int {
	c := newCommand("train events", trainEventsUsage, stdout, stderr)
	out := c.String("out", filepath.Join("data", "events", "types.model"), "`file` to write")
	seed := c.Uint64("seed", event.DefaultLearning.Seed, "of the order of lessons")
	files, exit, ok := c.parse(args)
	if !ok {
		return exit
	}
	if len(files) != 1 {
		return c.misused("want one gold file, have %d", len(files))
	}
	lessons, err := lessonsOf(files[0])
	if err != nil {
		return c.failed(err)
	}
	opt := event.DefaultLearning
	opt.Seed = *seed
	var b bytes.Buffer
	if err := event.Learn(lessons, opt).Save(&b); err != nil {
		return c.failed(err)
	}
	if err := os.WriteFile(*out, b.Bytes(), 0o644); err != nil {
		return c.failed(err)
	}
	fmt.Fprintf(stdout, "%s: %d lessons, %d bytes\n", *out, len(lessons), b.Len())
	return exitOK
}

// lessonsOf reads a gold file's texts as the line does.
func lessonsOf(name string) ([]event.Lesson, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, openError(name, err)
	}
	defer f.Close()
	texts, err := event.ReadMarkup(name, f)
	if err != nil {
		return nil, err
	}
	lang, err := nlp.Default()
	if err != nil {
		return nil, err
	}
	quotes, err := quote.Default()
	if err != nil {
		return nil, err
	}
	book, err := embeddedBook()
	if err != nil {
		return nil, err
	}
	coder, err := event.Load(data.FS)
	if err != nil {
		return nil, err
	}
	var out []event.Lesson
	for _, m := range texts {
		doc := lang.Analyze(m.Text, nlp.Options{})
		cast := book.Cast(doc, "")
		l, ok := coder.Study(event.Marked{Doc: doc, Cast: cast, Statements: quotes.Find(doc, cast, ""), Source: m.Source, Target: m.Target, Type: m.Type})
		if ok {
			out = append(out, l)
		}
	}
	return out, nil
}

// embeddedBook is the actors that the program brings along.
func embeddedBook() (*actor.Book, error) {
	actors, err := fs.Sub(data.FS, "actors")
	if err != nil {
		return nil, err
	}
	return actor.Load(actors)
}
