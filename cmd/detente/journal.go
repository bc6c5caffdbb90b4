package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"detente/internal/alert"
	"detente/internal/ingest"
	"detente/internal/store"
)

// newLog makes a structured log. form is text or json.
func newLog(w io.Writer, form, level string) (*slog.Logger, error) {
	var least slog.Level
	if err := least.UnmarshalText([]byte(level)); err != nil {
		return nil, fmt.Errorf("--log-level %q: say debug, info, warn or error", level)
	}
	opt := &slog.HandlerOptions{Level: least, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey && a.Value.Kind() == slog.KindTime {
			a.Value = slog.TimeValue(a.Value.Time().UTC())
		}
		return a
	}}
	switch form {
	case "text":
		return slog.New(slog.NewTextHandler(w, opt)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, opt)), nil
	}
	return nil, fmt.Errorf("--log %q: say text or json", form)
}

// journal tells what watch does: in lines for people, or as a log.
type journal struct {
	mu     sync.Mutex // polls and deliveries go on beside each other
	stdout io.Writer
	stderr io.Writer
	quiet  bool
	log    *slog.Logger // nil: lines
}

func newJournal(form, level string, quiet bool, stdout, stderr io.Writer) (*journal, error) {
	j := &journal{stdout: stdout, stderr: stderr, quiet: quiet}
	known := form
	if form == "lines" {
		known = "text" // the level is checked all the same
	}
	log, err := newLog(stderr, known, level)
	if err != nil {
		return nil, err
	}
	if form != "lines" {
		j.log = log
	}
	return j, nil
}

func (j *journal) line(bad bool, line string) {
	if j.quiet && !bad {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	fmt.Fprintln(j.stdout, line)
}

// visit tells of a try at a source or page.
func (j *journal) visit(v ingest.Visit) {
	if j.log == nil {
		j.line(v.Err != nil, visitLine(v))
		return
	}
	level, what := slog.LevelInfo, []any{"address", v.Address, "page", v.Page, "kept", v.Kept, "found", v.Found, "unreadable", v.Unreadable, "same", v.Same}
	if !v.Next.IsZero() {
		what = append(what, "next", v.Next.UTC())
	}
	if v.Err != nil {
		level, what = slog.LevelWarn, append(what, "error", v.Err.Error())
	}
	j.write(level, "visit", what)
}

// try tells of a try to deliver a message. Addresses of hooks may hold secrets,
// and are not told.
func (j *journal) try(t alert.Try) {
	if j.log == nil {
		line := fmt.Sprintf("%s webhook %d: message %s, try %d: %s", stamp(time.Now()), t.Hook, t.ID, t.Tries, t.End)
		if t.Err != nil {
			line = fmt.Sprintf("%s ! webhook %d: message %s, try %d: %s: %s", stamp(time.Now()), t.Hook, t.ID, t.Tries, t.End, printable(t.Err.Error()))
		}
		j.line(t.Err != nil, line)
		return
	}
	level, what := slog.LevelInfo, []any{"webhook", t.Hook, "message", t.ID, "type", t.Type, "try", t.Tries, "end", string(t.End)}
	if t.Err != nil {
		level, what = slog.LevelWarn, append(what, "error", t.Err.Error())
	}
	if t.End == store.GivenUp {
		level = slog.LevelError
	}
	j.write(level, "delivery", what)
}

// failed tells of what went wrong while changes were looked for or sent.
func (j *journal) failed(err error) {
	if j.log == nil {
		j.mu.Lock()
		defer j.mu.Unlock()
		fmt.Fprintf(j.stderr, "detente watch: telling of changes: %v; tried again\n", err)
		return
	}
	j.write(slog.LevelError, "telling of changes failed", []any{"error", err.Error()})
}

func (j *journal) write(level slog.Level, message string, what []any) {
	if j.quiet && level < slog.LevelWarn {
		return
	}
	j.log.Log(context.Background(), level, message, what...)
}
