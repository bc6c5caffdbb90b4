package main

import (
	"bytes"
	"fmt"
	"io"
	"os"

	"detente/internal/nlp/train"
)

const trainUsage = `
usage: detente train [flags] NETWORK OUT

Makes the language model's file: learns from gold data how text is cut into
tokens and sentences, and the lexicon, and packs them with NETWORK, which
train/student.py trains. The same data, network and seed give the same file.`

// trainCmd makes a model file.
func trainCmd(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	cmd := newCommand("train", trainUsage, stdout, stderr)
	dir := cmd.String("data", "../shared/data", "`folder` of the gold data")
	seed := cmd.Uint64("seed", 1, "seed of the order in which texts are learned from")
	epochs := cmd.Int("epochs", 6, "passes over the texts")
	figures := cmd.String("figures", "", "measured `figures` to write into the model")
	files, exit, ok := cmd.parse(args)
	if !ok {
		return exit
	}
	if len(files) != 2 {
		return cmd.misused("give the network's file and the file to write")
	}
	m, err := train.Run(train.Options{Dir: *dir, Network: files[0], Seed: *seed, Epochs: *epochs})
	if err != nil {
		return cmd.failed(err)
	}
	if *figures != "" {
		m.Info.Figures = append(m.Info.Figures, *figures)
	}
	var b bytes.Buffer
	if err := m.Write(&b); err != nil {
		return cmd.failed(err)
	}
	if err := os.WriteFile(files[1], b.Bytes(), 0o644); err != nil {
		return cmd.failed(err)
	}
	fmt.Fprintf(stdout, "%s: model %s, %d bytes\n", files[1], m.Info.Version, b.Len())
	return exitOK
}
