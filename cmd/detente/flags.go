package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
)

// command is the usage text and the flags of one verb.
type command struct {
	*flag.FlagSet
	usage          string
	stdout, stderr io.Writer
}

// newCommand begins a verb; usage is printed above the list of its flags.
func newCommand(name, usage string, stdout, stderr io.Writer) *command {
	c := &command{flag.NewFlagSet("detente "+name, flag.ContinueOnError), usage, stdout, stderr}
	c.SetOutput(io.Discard) // parse says what is wrong, once
	return c
}

// parse reads args, in which flags and operands may be mixed, and gives the
// operands. Where ok is false the verb is done and returns exit.
func (c *command) parse(args []string) (operands []string, exit int, ok bool) {
	for {
		err := c.Parse(args)
		if errors.Is(err, flag.ErrHelp) {
			c.explain(c.stdout)
			return nil, exitOK, false
		}
		if err != nil {
			return nil, c.misused("%v", err), false
		}
		rest := c.Args()
		if n := len(args) - len(rest); n > 0 && args[n-1] == "--" {
			operands = append(operands, rest...)
			break
		}
		if len(rest) == 0 {
			break
		}
		operands = append(operands, rest[0])
		args = rest[1:]
	}
	if err := c.fromEnvironment(); err != nil {
		return nil, c.misused("%v", err), false
	}
	return operands, exitOK, true
}

// misused reports wrong usage below the usage text, where it is seen.
func (c *command) misused(format string, args ...any) int {
	c.explain(c.stderr)
	fmt.Fprintf(c.stderr, "\n%s: %s\n", c.Name(), fmt.Sprintf(format, args...))
	return exitUsage
}

// failed reports what went wrong.
func (c *command) failed(err error) int {
	fmt.Fprintf(c.stderr, "%s: %v\n", c.Name(), err)
	return exitFailed
}

func (c *command) explain(w io.Writer) {
	fmt.Fprintf(w, "%s\n", strings.TrimSpace(c.usage))
	head := "\nflags:\n"
	c.VisitAll(func(f *flag.Flag) {
		kind, text := flag.UnquoteUsage(f)
		if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "0" {
			text += " (default " + f.DefValue + ")"
		}
		fmt.Fprintf(w, "%s  %-20s %s\n", head, strings.TrimRight("--"+f.Name+" "+kind, " "), text)
		head = ""
	})
}

// many is a flag that may be given several times.
type many []string

func (m *many) String() string     { return strings.Join(*m, ", ") }
func (m *many) Set(v string) error { *m = append(*m, v); return nil }
