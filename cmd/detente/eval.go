package main

import (
	"fmt"
	"io"
)

// evaluation is one thing that can be measured.
type evaluation struct {
	name string
	does string
	run  func(args []string, stdout, stderr io.Writer) int
}

func evaluations() []evaluation {
	return []evaluation{
		{"dialogue", "expected acts, states, statements and disputes of short dispatches", evalDialogueCmd},
		{"time", "time expressions, found and dated", evalTimeCmd},
		{"coref", "mentions linked to the person they are spoken of", evalCorefCmd},
		{"pages", "body, title, date and author of web pages", evalPagesCmd},
	}
}

func evalCmd(args []string, _ io.Reader, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		evalOverview(stderr)
		return exitUsage
	}
	switch args[0] {
	case "-h", "-help", "--help":
		evalOverview(stdout)
		return exitOK
	}
	for _, e := range evaluations() {
		if e.name == args[0] {
			return e.run(args[1:], stdout, stderr)
		}
	}
	fmt.Fprintf(stderr, "detente eval: nothing called %q can be measured\n\n", args[0])
	evalOverview(stderr)
	return exitUsage
}

func evalOverview(w io.Writer) {
	fmt.Fprint(w, "usage: detente eval WHAT [flags] GOLD\n\nMeasures what the program finds against gold data:\n\n")
	for _, e := range evaluations() {
		fmt.Fprintf(w, "  %-10s %s\n", e.name, e.does)
	}
	fmt.Fprint(w, "\ndetente eval WHAT -h explains one.\n")
}
