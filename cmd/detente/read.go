package main

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"os"
	"runtime/debug"

	"detente"
	"detente/internal/fetch"
	"detente/internal/ingest"
	"detente/internal/source"
)

const readUsage = `
usage: detente read [flags] FILE|FOLDER|URL|- …

Reads articles (text, HTML pages, feeds, web archives, JSON lines; under gzip,
zip or tar too) and prints a brief of what each tells: the board of channels,
what was claimed, denied and done, statements, events, indicators. - is
standard input.

JSON lines are one article a line with id, url, outlet, title, byline,
published, language, and text or html.

exit status: 0, or 1 where an input could not be read (the rest is), 2 for wrong usage`

// readOptions are the flags of read.
type readOptions struct {
	json         bool
	date         string
	raw          bool
	allowPrivate bool
	only         string
	save         bool
	db           string
	actors       many
	width        int
	colour       string
	published    detente.Date
}

func readCmd(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	cmd := newCommand("read", readUsage, stdout, stderr)
	var opt readOptions
	cmd.BoolVar(&opt.json, "json", false, "print records as JSON, one object a line")
	cmd.StringVar(&opt.date, "date", "", "publication `date`, YYYY-MM-DD, where the input has none")
	cmd.BoolVar(&opt.raw, "raw", false, "take the text unchanged; offsets refer to the input")
	cmd.StringVar(&opt.only, "only", "", "`article`: print what was taken from the page, and stop there")
	cmd.BoolVar(&opt.save, "save", false, "keep the records in the store too")
	cmd.configure(map[string]any{"db": &opt.db})
	cmd.Var(&opt.actors, "actors", "`directory` of *.tsv with actors of your own; may be repeated")
	cmd.BoolVar(&opt.allowPrivate, "allow-private", false, "fetch from loopback and private addresses too")
	cmd.IntVar(&opt.width, "width", 0, "`columns` of the brief; by default the terminal's")
	cmd.StringVar(&opt.colour, "color", "auto", "`when` to use colour: auto, always, never")
	names, exit, ok := cmd.parse(args)
	if !ok {
		return exit
	}
	if problem := opt.check(names); problem != "" {
		return cmd.misused("%s", problem)
	}

	in := &inputs{
		names: names,
		hint:  source.Hint{Published: opt.published, Raw: opt.raw},
		fetch: fetch.Options{AllowPrivate: opt.allowPrivate},
		stdin: stdin,
	}
	if _, ok := terminal(stderr); ok {
		in.progress = newProgress(stderr, len(names))
	}
	show := screenOf(stdout)
	opt.adjust(&show)
	enc := json.NewEncoder(stdout)
	enc.SetEscapeHTML(false)

	if opt.only == "article" {
		return printAll(cmd, in, in.articles(), func(a *detente.Article) error {
			if opt.json {
				return enc.Encode(takenFrom(a))
			}
			return briefArticle(stdout, show, a)
		})
	}
	line, err := newLine(opt.actors)
	if err != nil {
		return cmd.failed(err)
	}
	records := line.Each(in.articles())
	if opt.save {
		st, err := openStore(opt.db)
		if err != nil {
			return cmd.failed(err)
		}
		defer st.Close()
		records = saved(line, st, records)
	}
	return printAll(cmd, in, records, func(rec detente.Record) error {
		if opt.json {
			return enc.Encode(rec)
		}
		return brief(stdout, show, &rec)
	})
}

// check reads what the flags say further, and gives what is wrong with them.
func (o *readOptions) check(names []string) (problem string) {
	if len(names) == 0 {
		return "no input; name files or addresses, or - for standard input"
	}
	if o.only != "" && o.save {
		return "--save keeps records, and --only article makes none; leave one of them out"
	}
	if o.only != "" && o.only != "article" {
		return fmt.Sprintf("--only %s: only \"article\" can be asked for", o.only)
	}
	if o.colour != "auto" && o.colour != "always" && o.colour != "never" {
		return fmt.Sprintf("--color %s: say auto, always or never", o.colour)
	}
	if o.width < 0 || o.width > 0 && o.width < narrowest {
		return fmt.Sprintf("--width %d: a brief needs at least %d columns", o.width, narrowest)
	}
	if o.date != "" {
		date, err := detente.ParseDate(o.date)
		if err != nil {
			return fmt.Sprintf("--date %v", err)
		}
		o.published = date
	}
	for _, dir := range o.actors {
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return fmt.Sprintf("--actors %s: no such directory", dir)
		}
	}
	return ""
}

// adjust lets the flags go before what the terminal says.
func (o *readOptions) adjust(s *screen) {
	if o.width > 0 {
		s.width = o.width
	}
	if o.colour != "auto" {
		s.colour = o.colour == "always"
	}
}

// softMemory is where the collector begins to work harder. The program itself
// takes some 50 MB beside what is collected, and an import is to stay within 200;
// the longest article costs a quarter more time for it.
const softMemory = 135 << 20

// newLine loads the line with the user's own actor directories.
func newLine(actors []string) (*ingest.Line, error) {
	if os.Getenv("GOMEMLIMIT") == "" { // else the user has decided
		debug.SetMemoryLimit(softMemory)
	}
	opt := ingest.Options{Program: version}
	for _, dir := range actors {
		opt.Actors = append(opt.Actors, os.DirFS(dir))
	}
	return ingest.NewLine(opt)
}

// printAll prints the items that could be read and reports the errors of those
// that could not; a failure to print ends it.
func printAll[T any](cmd *command, in *inputs, items iter.Seq2[T, error], print func(T) error) (exit int) {
	defer in.progress.clear()
	for item, err := range items {
		in.progress.clear()
		if err != nil {
			exit = cmd.failed(err)
			continue
		}
		if err := print(item); err != nil {
			return cmd.failed(err)
		}
		in.progress.article()
	}
	return exit
}

// taken is what `--only article --json` prints.
type taken struct {
	Article *detente.Article `json:"article"`
	Body    []string         `json:"body"`
}

// takenFrom gives an article and the paragraphs of its body.
func takenFrom(a *detente.Article) taken {
	t := taken{Article: a, Body: []string{}}
	text := []rune(a.Text)
	for _, b := range a.Blocks {
		if b.Kind == detente.BlockBody {
			t.Body = append(t.Body, detente.Slice(text, b.Span))
		}
	}
	return t
}
