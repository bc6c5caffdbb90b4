package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"

	"detente/internal/nlp/train"
)

const trainUsage = `usage: detente train [--data DIR] [--seed N] [--epochs N] OUT

Trains the language model from gold data (laid out as ../shared/data) and writes
its file to OUT. The same data and seed give the same file.
`

// trainCmd makes a model file.
func trainCmd(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	fl := flag.NewFlagSet("train", flag.ContinueOnError)
	fl.SetOutput(stderr)
	fl.Usage = func() { fmt.Fprint(stderr, trainUsage) }
	dir := fl.String("data", "../shared/data", "")
	seed := fl.Uint64("seed", 1, "")
	epochs := fl.Int("epochs", 8, "")
	if err := fl.Parse(args); err != nil {
		return 2
	}
	if fl.NArg() != 1 {
		fl.Usage()
		return 2
	}
	m, err := train.Run(train.Options{Dir: *dir, Seed: *seed, Epochs: *epochs,
		Log: func(format string, args ...any) { fmt.Fprintf(stderr, format+"\n", args...) }})
	if err != nil {
		fmt.Fprintln(stderr, "detente:", err)
		return 1
	}
	var b bytes.Buffer
	if err := m.Write(&b); err == nil {
		err = os.WriteFile(fl.Arg(0), b.Bytes(), 0o644)
	}
	if err != nil {
		fmt.Fprintln(stderr, "detente: train:", err)
		return 1
	}
	return 0
}
