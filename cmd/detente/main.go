// Command detente reads what was reported about dialogue between states and
// shows, for every channel, what was claimed, what was denied and what was done.
//
// Every verb is one function with the same signature in a file of its own:
// it parses its flags, does its work on the given streams and returns the exit
// status, 0 for success, 1 where something failed, 2 for wrong usage.
package main

import (
	"fmt"
	"io"
	"os"
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// Exit statuses.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// verb is one thing that the command does.
type verb struct {
	name string
	does string
	run  func(args []string, stdin io.Reader, stdout, stderr io.Writer) int
}

// verbs lists them in the order of the help text.
func verbs() []verb {
	return []verb{
		{"read", "read articles and print what they tell", readCmd},
		{"import", "read archives into the store, and go on where that stopped", importCmd},
		{"source", "keep the list of feeds and pages that are polled", sourceCmd},
		{"watch", "poll the sources and read what is new into the store", watchCmd},
		{"webhook", "keep the list of addresses that changes of state are sent to", webhookCmd},
		{"status", "print the state of every channel between two parties", statusCmd},
		{"export", "write what is stored as tables for other programs", exportCmd},
		{"indicator", "keep time series, and show them around changes of state", indicatorCmd},
		{"serve", "serve the store as pages and JSON", serveCmd},
		{"demo", "serve dispatches that the program brings along", demoCmd},
		{"runs", "list the runs of the store: sets of records by one state of models and rules", runsCmd},
		{"rebuild", "read the stored text anew into a run beside the others", rebuildCmd},
		{"diff", "say what two runs tell differently", diffCmd},
		{"activate", "make a run the one that is shown", activateCmd},
		{"backup", "write the store into a file, while it is used", backupCmd},
		{"restore", "put a backup in the place of the store", restoreCmd},
		{"actor", "say who a name is on a date, and for whom they speak", actorCmd},
		{"parse", "show how a text is read: words, tags, trees, names", parseCmd},
		{"eval", "measure what is found against gold data", evalCmd},
		{"train", "make model files from gold data", trainVerb},
		{"help", "explain a verb", helpCmd},
		{"version", "print the versions of program, model and rules", versionCmd},
	}
}

// trainVerb trains the language model, with "quote" the model of statements, with
// "events" prepares texts for the network of events.
func trainVerb(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if len(args) > 0 {
		switch args[0] {
		case "quote":
			return trainQuoteCmd(args[1:], stdout, stderr)
		case "events":
			return trainEventsCmd(args[1:], stdout, stderr)
		}
	}
	return trainCmd(args, stdin, stdout, stderr)
}

func find(name string) (verb, bool) {
	for _, v := range verbs() {
		if v.name == name {
			return v, true
		}
	}
	return verb{}, false
}

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		overview(stderr)
		return exitUsage
	}
	switch args[0] {
	case "-h", "-help", "--help":
		overview(stdout)
		return exitOK
	case "-version", "--version":
		return versionCmd(nil, stdin, stdout, stderr)
	}
	v, ok := find(args[0])
	if !ok {
		fmt.Fprintf(stderr, "detente: no verb %q; detente help lists them\n", args[0])
		return exitUsage
	}
	return v.run(args[1:], stdin, stdout, stderr)
}

func overview(w io.Writer) {
	fmt.Fprint(w, "Detente reads what was reported about dialogue between states.\n\nusage: detente VERB [flags] …\n\n")
	for _, v := range verbs() {
		fmt.Fprintf(w, "  %-10s %s\n", v.name, v.does)
	}
	fmt.Fprint(w, "\ndetente help VERB explains a verb and its flags.\n")
}

func helpCmd(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		overview(stdout)
		return exitOK
	}
	if args[0] == "help" {
		fmt.Fprint(stdout, "usage: detente help [VERB]\n\nLists the verbs, or explains one of them.\n")
		return exitOK
	}
	return run([]string{args[0], "-h"}, stdin, stdout, stderr)
}
