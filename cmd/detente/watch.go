package main

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"detente/internal/alert"
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

Changes of state are sent to webhooks (detente webhook) as they are found.

It may be stopped or killed at any time; asked to stop it finishes the article
at hand, and what is due then is done when it runs again.

exit status: 0 where it was stopped, 1 where it failed, 2 for wrong usage`

func watchCmd(args []string, _ io.Reader, stdout, stderr io.Writer) int {
	cmd := newCommand("watch", watchUsage, stdout, stderr)
	var every, pause time.Duration
	var once, quiet, allowPrivate, privateHooks bool
	var db, form, level string
	var actors many
	cmd.configure(map[string]any{"every": &every, "pause": &pause, "once": &once, "quiet": &quiet, "db": &db, "actors": &actors,
		"allow-private": &allowPrivate, "allow-private-hooks": &privateHooks, "log": &form, "log-level": &level})
	operands, exit, ok := cmd.parse(args)
	if !ok {
		return exit
	}
	if len(operands) > 0 {
		return cmd.misused("%q: watch takes no address; add it with detente source add", operands[0])
	}
	if every < leastEvery {
		return cmd.misused("--every %s: at least %s is polite", every, leastEvery)
	}
	if pause <= 0 {
		return cmd.misused("--pause %s: some pause is polite", pause)
	}
	journal, err := newJournal(form, level, quiet, stdout, stderr)
	if err != nil {
		return cmd.misused("%v", err)
	}
	ctx, done := stoppable()
	defer done()
	line, err := newLine(actors)
	if err != nil {
		return cmd.failed(err)
	}
	st, err := openStore(db)
	if err != nil {
		return cmd.failed(err)
	}
	teller, err := newTeller(st, line.Versions(), privateHooks)
	if err != nil {
		return cmd.failed(errors.Join(err, st.Close()))
	}
	teller.Report = journal.try
	clock := fetch.WallClock()
	p := &ingest.Poller{
		Line: line, Store: st, Clock: clock, Every: every,
		Client: &fetch.Client{Options: fetch.Options{AllowPrivate: allowPrivate}, Clock: clock, Pause: pause},
		Report: journal.visit,
	}
	if once {
		if err = p.Once(ctx); err == nil {
			err = teller.Round(ctx)
		}
	} else {
		err = watchAndTell(ctx, p, teller, journal)
	}
	if ctx.Err() != nil {
		err = nil // it was asked to stop
	}
	if err = errors.Join(err, st.Close()); err != nil {
		return cmd.failed(err)
	}
	return exitOK
}

// tellPause is the pause between two looks for changes of state.
const tellPause = 5 * time.Second

// watchAndTell polls, and tells of changes beside it, until ctx ends. What is
// under way then is finished or kept for the next time.
func watchAndTell(ctx context.Context, p *ingest.Poller, teller *alert.Teller, journal *journal) error {
	ctx, stop := context.WithCancel(ctx)
	told := make(chan struct{})
	go func() {
		defer close(told)
		teller.Run(ctx, tellPause, journal.failed)
	}()
	err := p.Watch(ctx)
	stop()
	<-told
	return err
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
