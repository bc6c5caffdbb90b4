package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"detente"
	"detente/internal/export"
	"detente/internal/ingest"
)

const exportUsage = `
usage: detente export [flags] --out DIR

Writes what is in the store as a release: a new directory of tables (articles,
statements, events, participants, acts, claims, states, evidence, panel) with a
datapackage.json that says what each column is. docs/format-export.md lists
them. A release is never changed: DIR must not be there yet.

The same store and flags give the same bytes.

exit status: 0, or 1 where something failed, 2 for wrong usage`

func exportCmd(args []string, _ io.Reader, stdout, stderr io.Writer) int {
	cmd := newCommand("export", exportUsage, stdout, stderr)
	var o export.Options
	cmd.StringVar(&o.Dir, "out", "", "`directory` to write; must not be there")
	asOf := cmd.String("as-of", "", "`date`, YYYY-MM-DD: what was known by this day alone")
	from := cmd.String("from", "", "`date`: from articles that became known on this day or later")
	to := cmd.String("to", "", "`date`: and not later than this one")
	dyad := cmd.String("dyad", "", "`PARTY-PARTY`, as RUS-USA: what concerns these two alone")
	var layouts, formats, dirs many
	cmd.Var(&layouts, "layout", "`NAME`: tables, polecat, plover or gdelt; may be repeated (default tables)")
	cmd.Var(&formats, "format", "`NAME` of the tables' format: csv, parquet or jsonl; may be repeated (default csv)")
	cmd.BoolVar(&o.Text, "text", false, "add the sentences and words of the articles; mind whose they are before you pass them on")
	cmd.StringVar(&o.Licence, "licence", "", "`NAME` of the licence under which you release it, as CC-BY-4.0")
	cmd.Var(&dirs, "actors", "`directory` of *.tsv with actors of your own; may be repeated")
	db := cmd.String("db", "", "store `file`; by default DETENTE_DB, else in your data directory")
	run := cmd.Int64("run", 0, "`number` of a run (detente runs); by default the active one")
	rest, exit, ok := cmd.parse(args)
	if !ok {
		return exit
	}
	if len(rest) > 0 {
		return cmd.misused("%q: everything is said by flags", rest[0])
	}
	if o.Dir == "" {
		return cmd.misused("name a new directory with --out")
	}
	err := errors.Join(dateFlag("as-of", *asOf, &o.AsOf), dateFlag("from", *from, &o.From), dateFlag("to", *to, &o.To),
		namesFlag("layout", layouts, export.Layouts, &o.Layouts), namesFlag("format", formats, export.Formats, &o.Formats))
	if *dyad != "" {
		var wrong error
		if o.Dyad, wrong = detente.ParseDyad(*dyad); wrong != nil {
			err = errors.Join(err, fmt.Errorf("--dyad %w", wrong))
		}
	}
	if err != nil {
		return cmd.misused("%v", err)
	}
	sum, err := writeRelease(*db, *run, dirs, o)
	if err != nil {
		return cmd.failed(err)
	}
	for _, f := range sum.Files {
		fmt.Fprintf(stdout, "%9d rows  %s\n", f.Rows, f.Path)
	}
	fmt.Fprintf(stdout, "wrote %s, from %s\n", o.Dir, plural(sum.Articles, "article"))
	return exitOK
}

func writeRelease(db string, run int64, actors []string, o export.Options) (sum export.Summary, err error) {
	st, err := openStored(db)
	if err != nil {
		return sum, err
	}
	defer st.Close()
	if o.Book, err = loadBook(actors); err != nil {
		return sum, err
	}
	line, err := ingest.NewLine(ingest.Options{Program: version})
	if err != nil {
		return sum, err
	}
	o.Versions = line.Versions()
	ctx, done := stoppable()
	defer done()
	if run != 0 {
		if st, err = foldedRun(ctx, st, run); err != nil {
			return sum, err
		}
	}
	return export.Write(ctx, st, o)
}

// dateFlag reads a flag that is a date, or left out.
func dateFlag(name, given string, into *detente.Date) error {
	if given == "" {
		return nil
	}
	d, err := detente.ParseDate(given)
	if err != nil {
		return fmt.Errorf("--%s %w", name, err)
	}
	*into = d
	return nil
}

// namesFlag reads a flag that names some of several things, each time one or
// several divided by commas.
func namesFlag[T ~string](name string, given []string, known []T, into *[]T) error {
	for _, value := range given {
		for _, one := range strings.Split(value, ",") {
			if !slices.Contains(known, T(one)) {
				return fmt.Errorf("--%s %q: write one of %v", name, one, known)
			}
			*into = append(*into, T(one))
		}
	}
	return nil
}
