package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"detente"
	"detente/internal/ingest"
	"detente/internal/source"
)

const importUsage = `
usage: detente import [flags] PATH …

Reads archives into the store: JSON lines, WARC and ARC, feeds, pages, texts;
these under gzip, zip or tar; and folders of them, in the order of their names.
Files are read as streams, whatever their size.

It may be stopped or killed at any time: the same command goes on from there,
and nothing is lost or stored twice. A file that was read to its end is not
read again until it, or the program's models or rules, have changed.

What cannot be read is set aside in the quarantine file, a line of JSON each
with name, place, reason and remedy, and the rest is read. At the end, changes
of state are sent to webhooks (detente webhook).

exit status: 0, or 1 where it stopped early or nothing could be read, 2 for wrong usage`

func importCmd(args []string, _ io.Reader, stdout, stderr io.Writer) int {
	cmd := newCommand("import", importUsage, stdout, stderr)
	var date, quarantine, db string
	var asJSON, privateHooks bool
	var actors many
	cmd.configure(map[string]any{"date": &date, "quarantine": &quarantine, "json": &asJSON, "db": &db, "actors": &actors,
		"allow-private-hooks": &privateHooks})
	paths, exit, ok := cmd.parse(args)
	if !ok {
		return exit
	}
	if len(paths) == 0 {
		return cmd.misused("no path; name archives or folders of them")
	}
	var published detente.Date
	if date != "" {
		var err error
		if published, err = detente.ParseDate(date); err != nil {
			return cmd.misused("--date %v", err)
		}
	}
	for _, path := range paths {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return cmd.failed(fmt.Errorf("%s: no such file or folder; nothing has been read", path))
		}
	}
	ctx, done := stoppable()
	defer done()
	start := time.Now()
	im, finish, err := newImporter(db, quarantine, actors)
	if err != nil {
		return cmd.failed(err)
	}
	im.Hint.Published = published
	bar := importBar(stderr, paths)
	if bar != nil {
		im.Progress = ingest.Progress{Reader: bar.reader, Passed: bar.passed, Article: bar.article}
	}
	tally, err := im.Import(ctx, paths)
	bar.clear()
	if ctx.Err() == nil {
		err = errors.Join(err, tellChanges(ctx, im.Store, im.Line.Versions(), privateHooks, stderr))
	}
	if err = errors.Join(err, finish()); err != nil {
		cmd.failed(err)
	}
	if asJSON {
		err = errors.Join(err, json.NewEncoder(stdout).Encode(tally))
	} else {
		err = errors.Join(err, summary(stdout, tally, im.Quarantine.Path(), time.Since(start)))
	}
	if err != nil || !tally.Completed || tally.Faults > 0 && tally.Articles()+tally.Held+tally.Resumed == 0 {
		return exitFailed
	}
	return exitOK
}

// stoppable gives a context that ends when the user or the system asks the
// program to stop; asked a second time it stops at once.
func stoppable() (context.Context, context.CancelFunc) {
	ctx, done := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, done)
	return ctx, done
}

// quarantineOf is where what cannot be read is set aside, unless another file
// is named.
func quarantineOf(store string) string {
	return strings.TrimSuffix(store, filepath.Ext(store)) + ".quarantine.jsonl"
}

// newImporter opens all that an import needs; finish closes it again.
func newImporter(db, quarantine string, actors []string) (im *ingest.Importer, finish func() error, err error) {
	path, err := storePath(db)
	if err != nil {
		return nil, nil, err
	}
	quarantine = cmp.Or(quarantine, quarantineOf(path))
	line, err := newLine(actors)
	if err != nil {
		return nil, nil, err
	}
	st, err := openStore(db)
	if err != nil {
		return nil, nil, err
	}
	q, err := ingest.OpenQuarantine(quarantine)
	if err != nil {
		return nil, nil, errors.Join(err, st.Close())
	}
	finish = func() error { return errors.Join(q.Close(), st.Close()) }
	return &ingest.Importer{Line: line, Store: st, Quarantine: q, Now: time.Now}, finish, nil
}

// importBar is a bar over the bytes of all files, on a terminal.
func importBar(stderr io.Writer, paths []string) *progress {
	if _, ok := terminal(stderr); !ok {
		return nil
	}
	var size int64
	for _, path := range paths {
		for name, err := range source.Files(path) {
			if info, statErr := os.Stat(name); err == nil && statErr == nil {
				size += info.Size()
			}
		}
	}
	bar := newProgress(stderr, 1)
	bar.inputSize(size)
	return bar
}

// summary prints what became of what was read; lines that count none are left out.
func summary(w io.Writer, t ingest.Tally, quarantine string, took time.Duration) error {
	end := "read to the end"
	if !t.Completed {
		end = "stopped early; the same command goes on from here"
	}
	var b strings.Builder
	rate := float64(t.Articles()) / max(took.Seconds(), 0.001)
	fmt.Fprintf(&b, "%s, %.0f a second; %s\n", plural(t.Articles(), "article"), rate, end)
	for _, line := range []struct {
		n    int
		what string
	}{
		{t.Added, "added"},
		{t.Recoded, "read anew by other rules or models"},
		{t.Replaced, "in the place of another text of the same id"},
		{t.Copies, "among them copies of a text that was there"},
		{t.Versions, "among them versions of an article that was there"},
		{t.Unread, "among them in languages that are not read"},
		{t.Held, "in the store already"},
		{t.Resumed, "items dealt with by an import that had stopped"},
		{t.Files, "files read to their end"},
		{t.Before, "files read to their end before"},
		{t.Faults, "could not be read: " + quarantine},
	} {
		if line.n > 0 {
			fmt.Fprintf(&b, "  %8d  %s\n", line.n, line.what)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
