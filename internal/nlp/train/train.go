// Package train makes the language model's file from gold data.
//
// The network is trained by train/student.py; what is learned here is how text
// is cut into tokens and sentences, and the lexicon of lemmas and features. The
// data folder is laid out as ../shared/data: syntax/*train.conllu.gz is read, what
// may only be used to evaluate is never opened. The same data, network and seed
// give the same file.
package train

import (
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"detente/internal/nlp"
)

// Options are what a training run is told.
type Options struct {
	Dir     string // data folder
	Network string // network file, as train/export.py writes it
	Seed    uint64
	Epochs  int
}

// Run makes a model.
func Run(opt Options) (*nlp.Trained, error) {
	paths, err := filepath.Glob(filepath.Join(opt.Dir, "syntax", "*train.conllu.gz"))
	if err != nil || len(paths) == 0 {
		return nil, fmt.Errorf("train: no syntax/*train.conllu.gz under %s; give the data folder with --data", opt.Dir)
	}
	sort.Strings(paths)
	network, err := os.ReadFile(opt.Network)
	if err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	var docs []*nlp.Doc
	for _, p := range paths {
		ds, err := readTreebank(p)
		if err != nil {
			return nil, fmt.Errorf("train: %w", err)
		}
		docs = append(docs, ds...)
	}
	m, err := nlp.Learn(docs, restyled(docs), network, opt.Epochs, opt.Seed)
	if err != nil {
		return nil, fmt.Errorf("train: %s: %w", opt.Network, err)
	}
	m.Info.Version = fmt.Sprintf("2-%x", sha256.Sum256(network))[:10]
	for _, p := range paths {
		m.Info.Data = append(m.Info.Data, filepath.Base(p))
	}
	return m, nil
}

// readTreebank reads a gzipped CoNLL-U file, a Doc for each document.
func readTreebank(path string) ([]*nlp.Doc, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var docs []*nlp.Doc
	var part strings.Builder
	flush := func() error {
		if part.Len() == 0 {
			return nil
		}
		d, err := nlp.ReadConllu(strings.NewReader(part.String()))
		if err != nil {
			return fmt.Errorf("%s: document %d: %w", path, len(docs)+1, err)
		}
		if len(d.Words) > 0 {
			docs = append(docs, d)
		}
		part.Reset()
		return nil
	}
	sc := bufio.NewScanner(z)
	sc.Buffer(nil, 1<<24)
	for sc.Scan() {
		if strings.HasPrefix(sc.Text(), "# newdoc") {
			if err := flush(); err != nil {
				return nil, err
			}
		}
		part.WriteString(sc.Text())
		part.WriteByte('\n')
	}
	if err := errors.Join(sc.Err(), flush()); err != nil {
		return nil, err
	}
	return docs, nil
}

// restyled gives copies of some documents in the dress of news: headlines in
// capitals or title case, speech in single quotes. Only changes that keep every
// byte offset are made.
func restyled(docs []*nlp.Doc) []*nlp.Doc {
	var out []*nlp.Doc
	for i, d := range docs {
		switch i % 20 {
		case 3:
			out = append(out, mapped(d, func(s string, _ int) string { return sameLength(s, strings.ToUpper(s)) }))
		case 8:
			out = append(out, mapped(d, titleCase))
		case 13, 18:
			if strings.Contains(d.Text, `"`) {
				out = append(out, mapped(d, func(s string, _ int) string { return strings.ReplaceAll(s, `"`, "'") }))
			}
		}
	}
	return out
}

// titleCase raises the first letter of words of four letters or more, as
// headlines do.
func titleCase(s string, words int) string {
	if len(s) < 4 && words > 0 {
		return s
	}
	return sameLength(s, strings.ToUpper(s[:1])+s[1:])
}

func sameLength(old, changed string) string {
	if len(old) != len(changed) {
		return old
	}
	return changed
}

// mapped is a copy of d with every word changed by f, which is told how many
// words stand before it in the sentence.
func mapped(d *nlp.Doc, f func(string, int) string) *nlp.Doc {
	c := *d
	c.Words = append([]nlp.Word(nil), d.Words...)
	text := []byte(d.Text)
	for _, s := range d.Sents {
		for i := s.First; i < s.End; i++ {
			w := &c.Words[i]
			w.Form = f(w.Form, i-s.First)
			if w.End-w.Start == len(w.Form) {
				copy(text[w.Start:w.End], w.Form)
			}
		}
	}
	c.Text = string(text)
	return &c
}
