package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"detente/internal/ingest"
	"detente/internal/series"
	"detente/internal/store"
)

const runsUsage = `
usage: detente runs [flags]

Lists the runs of the store. A run is a set of records of the stored articles,
made by one state of the program's models and rules; the active one (*) is what
pages show.

exit status: 0, or 1 where the store cannot be read, 2 for wrong usage`

func runsCmd(args []string, _ io.Reader, stdout, stderr io.Writer) int {
	cmd := newCommand("runs", runsUsage, stdout, stderr)
	asJSON := cmd.Bool("json", false, "print as JSON")
	db := cmd.dbFlag()
	operands, exit, ok := cmd.parse(args)
	if !ok {
		return exit
	}
	if len(operands) > 0 {
		return cmd.misused("%q: runs takes no operand", operands[0])
	}
	st, err := openStored(*db)
	if err != nil {
		return cmd.failed(err)
	}
	defer st.Close()
	runs, err := st.Runs(context.Background())
	if err == nil && *asJSON {
		err = json.NewEncoder(stdout).Encode(runs)
	} else if err == nil {
		for _, r := range runs {
			fmt.Fprintln(stdout, runLine(r))
		}
	}
	if err != nil {
		return cmd.failed(err)
	}
	return exitOK
}

// runLine is a run in one line.
func runLine(r store.Run) string {
	mark, begun, by := " ", "from the start", "as articles came in"
	if r.Active {
		mark = "*"
	}
	if !r.Begun.IsZero() {
		begun = "begun " + stamp(r.Begun)
		by = fmt.Sprintf("by detente %s, model %s, rules %s", r.Versions.Program, r.Versions.Model, r.Versions.Rules)
	}
	return fmt.Sprintf("%s %d  %s, %s, %s", mark, r.ID, plural(r.Articles, "article"), begun, by)
}

const rebuildUsage = `
usage: detente rebuild [flags]

Reads the stored text of every article anew, with the models and rules of this
program, into a run beside those that are there. What pages show stays as it is
until the run is activated (detente activate); detente diff says what would
change.

It may be stopped or killed at any time; --run NUMBER goes on with a run, and
reads what has arrived since.

exit status: 0, or 1 where it stopped early, 2 for wrong usage`

func rebuildCmd(args []string, _ io.Reader, stdout, stderr io.Writer) int {
	cmd := newCommand("rebuild", rebuildUsage, stdout, stderr)
	number := cmd.Int64("run", 0, "`number` of a run to go on with")
	db := cmd.dbFlag()
	var actors many
	cmd.Var(&actors, "actors", "`directory` of *.tsv with actors of your own; may be repeated")
	operands, exit, ok := cmd.parse(args)
	if !ok {
		return exit
	}
	if len(operands) > 0 {
		return cmd.misused("%q: rebuild takes no operand", operands[0])
	}
	ctx, done := stoppable()
	defer done()
	line, err := newLine(actors)
	if err != nil {
		return cmd.failed(err)
	}
	st, err := openStored(*db)
	if err != nil {
		return cmd.failed(err)
	}
	defer st.Close()
	id := *number
	if id == 0 {
		run, err := st.AddRun(ctx, line.Versions(), time.Now())
		if err != nil {
			return cmd.failed(err)
		}
		id = run.ID
	}
	into, err := st.In(ctx, id)
	if err != nil {
		return cmd.failed(err)
	}
	n, err := ingest.Rebuild(ctx, line, st, into)
	if errors.Is(err, context.Canceled) {
		err = fmt.Errorf("stopped early; detente rebuild --run %d goes on from here", id)
	}
	fmt.Fprintf(stdout, "run %d: %s read\n", id, plural(n, "article"))
	if err != nil {
		return cmd.failed(err)
	}
	return exitOK
}

const diffUsage = `
usage: detente diff [flags] RUN RUN

Says what two runs (detente runs) tell differently: how much they hold, the
dyads and channels that differ, and some sentences that only one of them reads so.

exit status: 0, or 1 where there is no such run, 2 for wrong usage`

func diffCmd(args []string, _ io.Reader, stdout, stderr io.Writer) int {
	cmd := newCommand("diff", diffUsage, stdout, stderr)
	asJSON := cmd.Bool("json", false, "print as JSON")
	db := cmd.dbFlag()
	operands, exit, ok := cmd.parse(args)
	if !ok {
		return exit
	}
	numbers, err := runNumbers(operands, 2)
	if err != nil {
		return cmd.misused("%v", err)
	}
	st, err := openStored(*db)
	if err != nil {
		return cmd.failed(err)
	}
	defer st.Close()
	ctx := context.Background()
	var runs [2]store.Store
	for i, n := range numbers {
		if runs[i], err = foldedRun(ctx, st, n); err != nil {
			return cmd.failed(err)
		}
	}
	d, err := ingest.Differ(ctx, runs)
	if err == nil && *asJSON {
		err = json.NewEncoder(stdout).Encode(d)
	} else if err == nil {
		_, err = io.WriteString(stdout, differenceText(numbers, d))
	}
	if err != nil {
		return cmd.failed(err)
	}
	return exitOK
}

// runNumbers reads n numbers of runs.
func runNumbers(operands []string, n int) ([]int64, error) {
	if len(operands) != n {
		return nil, fmt.Errorf("name %s by its number; detente runs lists them", plural(n, "run"))
	}
	numbers := make([]int64, n)
	for i, s := range operands {
		var err error
		if numbers[i], err = strconv.ParseInt(s, 10, 64); err != nil {
			return nil, fmt.Errorf("%q is no number of a run; detente runs lists them", s)
		}
	}
	return numbers, nil
}

// foldedRun gives the store as a run has it, with its series up to date.
func foldedRun(ctx context.Context, st store.Store, number int64) (store.Store, error) {
	fold, err := loadFold()
	if err != nil {
		return nil, err
	}
	run, err := st.In(ctx, number)
	if err != nil {
		return nil, err
	}
	_, err = series.Refold(ctx, run, fold)
	return run, err
}

func differenceText(numbers []int64, d ingest.Difference) string {
	var b strings.Builder
	a, z := d.Totals[0], d.Totals[1]
	fmt.Fprintf(&b, "%-22s %10s %10s\n", "", fmt.Sprint("run ", numbers[0]), fmt.Sprint("run ", numbers[1]))
	for _, row := range []struct {
		what string
		n    [2]int
	}{
		{"dyads", [2]int{a.Dyads, z.Dyads}}, {"reports", [2]int{a.Reports, z.Reports}}, {"acts", [2]int{a.Acts, z.Acts}},
		{"claims", [2]int{a.Claims, z.Claims}}, {"events between two", [2]int{a.Events, z.Events}},
	} {
		fmt.Fprintf(&b, "%-22s %10d %10d\n", row.what, row.n[0], row.n[1])
	}
	if len(d.Dyads) == 0 {
		b.WriteString("\nno dyad differs\n")
	}
	for _, dyad := range d.Dyads {
		fmt.Fprintf(&b, "\n%s", dyad.Dyad)
		if dyad.Reports[0] != dyad.Reports[1] {
			fmt.Fprintf(&b, "  reports %d, %d", dyad.Reports[0], dyad.Reports[1])
		}
		b.WriteString("\n")
		for _, c := range dyad.Channels {
			fmt.Fprintf(&b, "  %s: %s, %s\n", c.Channel, c.States[0], c.States[1])
		}
		for _, s := range d.Sample {
			if s.Dyad == dyad.Dyad {
				fmt.Fprintf(&b, "  run %d alone  %s\n    %s  (%s)\n", numbers[s.Only], printable(s.Told), printable(s.Sentence), printable(s.Article))
			}
		}
	}
	return b.String()
}

const activateUsage = `
usage: detente activate [flags] RUN

Makes a run (detente runs) what pages show and what new articles go into, for
all processes at one moment. The run that was active stays, and can be activated
again. A run that lacks articles is refused: detente rebuild --run NUMBER reads
them.

exit status: 0, or 1 where the run is not there or lacks articles, 2 for wrong usage`

func activateCmd(args []string, _ io.Reader, stdout, stderr io.Writer) int {
	cmd := newCommand("activate", activateUsage, stdout, stderr)
	partial := cmd.Bool("partial", false, "even if the run lacks articles: they are not shown then")
	db := cmd.dbFlag()
	operands, exit, ok := cmd.parse(args)
	if !ok {
		return exit
	}
	numbers, err := runNumbers(operands, 1)
	if err != nil {
		return cmd.misused("%v", err)
	}
	st, err := openStored(*db)
	if err != nil {
		return cmd.failed(err)
	}
	defer st.Close()
	ctx := context.Background()
	if _, err = foldedRun(ctx, st, numbers[0]); err == nil {
		err = st.Activate(ctx, numbers[0], *partial)
	}
	if errors.Is(err, store.ErrIncomplete) {
		err = fmt.Errorf("%w; go on with detente rebuild --run %d, or say --partial", err, numbers[0])
	}
	if err != nil {
		return cmd.failed(err)
	}
	fmt.Fprintf(stdout, "run %d is active\n", numbers[0])
	return exitOK
}
