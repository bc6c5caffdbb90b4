package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"detente/internal/fetch"
	"detente/internal/ingest"
)

const watchUsage = `
usage: detente watch [flags]

Polls the sources of the list (detente source) and reads what is new into the
store, until it is stopped: feeds and sitemaps with the recent pages that they
name, and pages that change. It keeps to robots.txt, to what publishers say of
their rhythm, and to a pause between two requests to one host. A line is
printed for each thing that was asked for.

It may be stopped or killed at any time; what is due then is done when it runs
again.

exit status: 0 where it was stopped, 1 where it failed, 2 for wrong usage`

func watchCmd(args []string, _ io.Reader, stdout, stderr io.Writer) int {
	cmd := newCommand("watch", watchUsage, stdout, stderr)
	every := cmd.Duration("every", ingest.DefaultEvery, "`time` between two polls of a source that has none of its own")
	pause := cmd.Duration("pause", fetch.DefaultPause, "`time` between two requests to one host, at least")
	once := cmd.Bool("once", false, "ask for what is due now and the pages that it names, and stop")
	quiet := cmd.Bool("quiet", false, "print what went wrong alone")
	db := cmd.String("db", "", "store `file`; by default DETENTE_DB, else in your data directory")
	allowPrivate := cmd.Bool("allow-private", false, "fetch from loopback and private addresses too")
	var actors many
	cmd.Var(&actors, "actors", "`directory` of *.tsv with actors of your own; may be repeated")
	operands, exit, ok := cmd.parse(args)
	if !ok {
		return exit
	}
	if len(operands) > 0 {
		return cmd.misused("%q: watch takes no address; add it with detente source add", operands[0])
	}
	if *every < leastEvery {
		return cmd.misused("--every %s: at least %s is polite", *every, leastEvery)
	}
	if *pause <= 0 {
		return cmd.misused("--pause %s: some pause is polite", *pause)
	}
	ctx, done := stoppable()
	defer done()
	line, err := newLine(actors)
	if err != nil {
		return cmd.failed(err)
	}
	st, err := openStore(*db)
	if err != nil {
		return cmd.failed(err)
	}
	clock := fetch.WallClock()
	p := &ingest.Poller{
		Line: line, Store: st, Clock: clock, Every: *every,
		Client: &fetch.Client{Options: fetch.Options{AllowPrivate: *allowPrivate}, Clock: clock, Pause: *pause},
		Report: func(v ingest.Visit) {
			if v.Err != nil || !*quiet {
				fmt.Fprintln(stdout, visitLine(v))
			}
		},
	}
	if *once {
		err = p.Once(ctx)
	} else {
		err = p.Watch(ctx)
	}
	if ctx.Err() != nil {
		err = nil // it was asked to stop
	}
	if err = errors.Join(err, st.Close()); err != nil {
		return cmd.failed(err)
	}
	return exitOK
}

// visitLine words what a visit gave.
func visitLine(v ingest.Visit) string {
	var gave []string
	switch {
	case v.Same:
		gave = append(gave, "nothing has changed")
	case v.Err == nil || v.Kept+v.Found > 0:
		gave = append(gave, plural(v.Kept, "new article"))
		if v.Found > 0 {
			gave = append(gave, plural(v.Found, "page")+" to fetch")
		}
	}
	if v.Unreadable > 1 {
		gave = append(gave, plural(v.Unreadable, "item")+" could not be read, the last")
	}
	line := stamp(v.At) + " "
	if v.Err != nil { // it begins with the address
		line += "! " + strings.Join(append(gave, printable(v.Err.Error())), "; ")
	} else {
		line += printable(v.Address) + ": " + strings.Join(gave, ", ")
	}
	if !v.Next.IsZero() {
		line += "; next " + v.Next.UTC().Format(time.TimeOnly)
	}
	return line
}
