package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"detente"
	"detente/internal/indicator"
	"detente/internal/store"
	"detente/internal/web"
)

const indicatorUsage = `
usage: detente indicator add [flags] NAME --csv FILE     keep a time series; one of this name is replaced
       detente indicator list [flags]                    show what series there are
       detente indicator remove [flags] NAME …           forget them
       detente indicator study [flags] NAME --dyad DYAD  show how it moved around changes of state

FILE has two columns, date (YYYY-MM-DD) and value, with or without their names in
the first line; - is standard input. Days without a value may be left out. Call a
series as articles call it (Micex): what they say of it is then found.

Days of a --window are days that have a value, counted from the day of a change.

exit status: 0, or 1 where something failed, 2 for wrong usage`

// indicatorVerbs are what can be done with time series.
var indicatorVerbs = map[string]func(*indicatorCommand, []string) int{
	"add": (*indicatorCommand).add, "list": (*indicatorCommand).list, "remove": (*indicatorCommand).remove, "study": (*indicatorCommand).study,
}

// indicatorCommand is one call of detente indicator.
type indicatorCommand struct {
	*command
	stdin               io.Reader
	db                  string
	csv, unit, source   string
	dyad, channel, asOf string
	windows             many
	json                bool
}

func indicatorCmd(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	does := ""
	if len(args) > 0 && indicatorVerbs[args[0]] != nil {
		does, args = args[0], args[1:]
	}
	c := &indicatorCommand{command: newCommand(strings.TrimSpace("indicator "+does), indicatorUsage, stdout, stderr), stdin: stdin}
	c.StringVar(&c.db, "db", "", "store `file`; by default DETENTE_DB, else in your data directory")
	c.StringVar(&c.csv, "csv", "", "add: `file` of dates and values")
	c.StringVar(&c.unit, "unit", "", "add: `unit` of the values, as points")
	c.StringVar(&c.source, "source", "", "add: `URL` or words that say where the values are from")
	c.StringVar(&c.dyad, "dyad", "", "study: `PARTY-PARTY`, as RUS-USA")
	c.StringVar(&c.channel, "channel", "", "study: `NAME` of a channel; by default every channel")
	c.Var(&c.windows, "window", "study: `FROM:TO`, as -5:20; may be repeated (default -5:20)")
	c.StringVar(&c.asOf, "as-of", "", "study: `date`: what was known, and what values there were, by this day")
	c.BoolVar(&c.json, "json", false, "list, study: print as JSON")
	operands, exit, ok := c.parse(args)
	if !ok {
		return exit
	}
	if does == "" {
		return c.misused("say what to do: add, list, remove or study")
	}
	return indicatorVerbs[does](c, operands)
}

// withStore runs f on the store, which must be there unless it is to be filled.
func (c *indicatorCommand) withStore(open func(string) (store.Store, error), f func(context.Context, store.Store) error) int {
	st, err := open(c.db)
	if err == nil {
		err = errors.Join(f(context.Background(), st), st.Close())
	}
	if err != nil {
		return c.failed(err)
	}
	return exitOK
}

func (c *indicatorCommand) add(names []string) int {
	if len(names) != 1 {
		return c.misused("name one indicator")
	}
	if err := indicator.CheckName(names[0]); err != nil {
		return c.misused("%v", err)
	}
	if c.csv == "" {
		return c.misused("name a table of dates and values with --csv")
	}
	values, err := c.values()
	if err != nil {
		return c.failed(err)
	}
	series := detente.TimeSeries{Name: names[0], Unit: c.unit, Source: c.source, Values: values}
	return c.withStore(openStore, func(ctx context.Context, st store.Store) error {
		if err := st.SaveIndicator(ctx, series); err != nil {
			return err
		}
		fmt.Fprintf(c.stdout, "%s: %s with a value, %s to %s\n", series.Name, plural(len(values), "day"), longDate(values[0].Date), longDate(values[len(values)-1].Date))
		return nil
	})
}

func (c *indicatorCommand) values() ([]detente.Value, error) {
	if c.csv == "-" {
		return indicator.Parse(c.stdin, "standard input")
	}
	f, err := os.Open(c.csv)
	if err != nil {
		return nil, openError(c.csv, err)
	}
	defer f.Close()
	return indicator.Parse(f, c.csv)
}

// indicatorState is a series as list prints it as JSON.
type indicatorState struct {
	Name   string       `json:"name"`
	Unit   string       `json:"unit"`
	Source string       `json:"source"`
	Values int          `json:"values"`
	First  detente.Date `json:"first"`
	Last   detente.Date `json:"last"`
}

func (c *indicatorCommand) list(operands []string) int {
	if len(operands) > 0 {
		return c.misused("list takes no name")
	}
	return c.withStore(openStored, func(ctx context.Context, st store.Store) error {
		list, err := st.Indicators(ctx)
		if err != nil {
			return err
		}
		if len(list) == 0 && !c.json {
			fmt.Fprintln(c.stdout, "no indicators; add one with detente indicator add NAME --csv FILE")
		}
		for _, x := range list {
			if c.json {
				err = errors.Join(err, json.NewEncoder(c.stdout).Encode(indicatorState(x)))
				continue
			}
			fmt.Fprintln(c.stdout, printable(fmt.Sprintf("%s%s: %s with a value, %s to %s%s", x.Name, aside(" (", x.Unit, ")"), plural(x.Values, "day"),
				longDate(x.First), longDate(x.Last), aside(" · ", x.Source, ""))))
		}
		return err
	})
}

// aside puts something around text, if there is one.
func aside(before, text, after string) string {
	if text == "" {
		return ""
	}
	return before + text + after
}

func (c *indicatorCommand) remove(names []string) int {
	if len(names) == 0 {
		return c.misused("no name; detente indicator list shows them")
	}
	return c.withStore(openStored, func(ctx context.Context, st store.Store) error {
		var failed []error
		for _, name := range names {
			failed = append(failed, notListed(name, st.RemoveIndicator(ctx, name)))
		}
		return errors.Join(failed...)
	})
}

// notListed says what to do about a series that is not there.
func notListed(name string, err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("no indicator is called %q; detente indicator list shows what there is", name)
	}
	return err
}

func (c *indicatorCommand) study(names []string) int {
	if len(names) != 1 {
		return c.misused("name one indicator")
	}
	q, err := c.query(names[0])
	if err != nil {
		return c.misused("%v", err)
	}
	return c.withStore(openStored, func(ctx context.Context, st store.Store) error {
		s, err := web.ReadStudy(ctx, st, q)
		if err != nil {
			return notListed(q.Name, err)
		}
		if c.json {
			enc := json.NewEncoder(c.stdout)
			enc.SetEscapeHTML(false)
			return enc.Encode(s)
		}
		printStudy(c.stdout, screenOf(c.stdout), s)
		return nil
	})
}

func (c *indicatorCommand) query(name string) (q web.StudyQuery, err error) {
	q = web.StudyQuery{Name: name, Channel: detente.Channel(c.channel)}
	if q.Dyad, err = detente.ParseDyad(c.dyad); err != nil {
		return q, fmt.Errorf("--dyad %w", err)
	}
	if c.channel != "" && !slices.Contains(detente.Channels, q.Channel) {
		return q, fmt.Errorf("--channel %q: write one of %v", c.channel, detente.Channels)
	}
	if len(c.windows) == 0 {
		c.windows = many{"-5:20"}
	}
	for _, given := range c.windows {
		w, err := indicator.ParseWindow(given)
		if err != nil {
			return q, fmt.Errorf("--window %w", err)
		}
		q.Windows = append(q.Windows, w)
	}
	return q, dateFlag("as-of", c.asOf, &q.AsOf)
}

// printStudy prints a study as a table, then its cases.
func printStudy(w io.Writer, show screen, s *web.Study) {
	channel := "every channel"
	if s.Channel != "" {
		channel = string(s.Channel)
	}
	fmt.Fprintln(w, printable(fmt.Sprintf("%s, movement in %s around changes of state, %s, %s", s.Name, s.Measured(), s.Dyad, channel)))
	const line = "%-9s %-13s %5s %8s  %-17s %8s %7s\n"
	fmt.Fprintf(w, "\n"+line, "days", "changes", "cases", "median", "middle half", "left out", "sharing")
	for _, r := range s.Rows {
		median, half := "–", "–"
		if r.Cases > 0 {
			median, half = web.Signed(r.Median), web.Signed(r.Lower)+" to "+web.Signed(r.Upper)
		}
		fmt.Fprintf(w, line, r.Window, s.Of(r), fmt.Sprint(r.Cases), median, half, fmt.Sprint(r.Left), fmt.Sprint(r.Overlap))
	}
	fmt.Fprintln(w)
	for _, one := range s.Cases {
		what := fmt.Sprintf("%s  %s: %s → %s, %s: ", one.On, one.Channel, one.From, one.To, one.Window)
		if one.Left != "" {
			fmt.Fprintln(w, what+"left out, "+one.Left)
			continue
		}
		fmt.Fprintf(w, "%s%s (%g on %s, %g on %s)\n", what, web.Signed(one.Moved), one.First.Value, one.First.Date, one.Last.Value, one.Last.Date)
	}
	if len(s.Cases) > 0 {
		fmt.Fprintln(w)
	}
	for _, l := range wrap(s.Method, show.width) {
		fmt.Fprintln(w, l)
	}
}
