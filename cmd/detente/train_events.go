package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"detente/data"
	"detente/internal/actor"
	"detente/internal/event"
	"detente/internal/nlp"
)

const trainEventsUsage = `usage: detente train events --words FILE MARKED

Writes the words of texts in which coders marked every deed (JSON lines: text,
published, events with type, factuality, main, trigger, source and target as spans of
code points), or of raw texts (without events), with what the tables know of each
word, for train/spotter.py and train/spotter_teacher.py (train/README.md).
`

// trainEventsCmd prepares texts for the spotter's trainers.
func trainEventsCmd(args []string, stdout, stderr io.Writer) int {
	c := newCommand("train events", trainEventsUsage, stdout, stderr)
	words := c.String("words", "", "`file` to write")
	files, exit, ok := c.parse(args)
	if !ok {
		return exit
	}
	if len(files) != 1 {
		return c.misused("want one file of marked texts, have %d", len(files))
	}
	if err := writeEventWords(*words, files[0]); err != nil {
		return c.failed(err)
	}
	return exitOK
}

// writeEventWords writes the words of a file of marked texts for train/spotter.py.
func writeEventWords(name, marked string) error {
	in, err := os.Open(marked)
	if err != nil {
		return err
	}
	defer in.Close()
	texts, err := event.ReadMarked(marked, in)
	if err != nil {
		return err
	}
	lang, book, err := languageAndActors()
	if err != nil {
		return err
	}
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	for i := range texts {
		m := &texts[i]
		doc := lang.Analyze(m.Text, nlp.Options{Published: m.Published})
		if err := event.WriteWords(w, m, doc, book.Cast(doc, m.Published)); err != nil {
			return errors.Join(fmt.Errorf("%s: text %d: %w", marked, i+1, err), f.Close())
		}
	}
	return errors.Join(w.Flush(), f.Close())
}

// languageAndActors are the language model and the actors that the program brings along.
func languageAndActors() (*nlp.Model, *actor.Book, error) {
	lang, err := nlp.Default()
	if err != nil {
		return nil, nil, err
	}
	actors, err := fs.Sub(data.FS, "actors")
	if err != nil {
		return nil, nil, err
	}
	book, err := actor.Load(actors)
	return lang, book, err
}
