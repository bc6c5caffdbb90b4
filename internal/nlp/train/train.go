// Package train makes the language model's file from gold data.
//
// The data folder is laid out as ../shared/data: syntax/*train*.conllu.gz,
// names/gum-permissive-train.bio.gz, names/re3d.tar.gz. What may only be used
// to evaluate is never opened. The same data and seed give the same file.
package train

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"sort"
	"strings"

	"detente/internal/nlp"
)

// Options are what a training run is told.
type Options struct {
	Dir    string // data folder
	Seed   uint64
	Epochs int
	Log    func(format string, args ...any)
}

// Run trains a model.
func Run(opt Options) (*nlp.Model, error) {
	paths, err := filepath.Glob(filepath.Join(opt.Dir, "syntax", "*train.conllu.gz"))
	if err != nil || len(paths) == 0 {
		return nil, fmt.Errorf("train: no syntax/*train.conllu.gz under %s; give the data folder with --data", opt.Dir)
	}
	sort.Strings(paths)
	var docs []*nlp.Doc
	for _, p := range paths {
		ds, err := readTreebank(p)
		if err != nil {
			return nil, fmt.Errorf("train: %w", err)
		}
		docs = append(docs, ds...)
	}
	names, err := readNames(filepath.Join(opt.Dir, "names"))
	if err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	opt.Log("%d documents, %d sentences with names", len(docs), len(names))
	t := nlp.Trainer{Seed: opt.Seed, Log: opt.Log}
	m := t.Train(docs, restyled(docs), names, opt.Epochs)
	m.Info.Version = fmt.Sprintf("1-%d", opt.Seed)
	for _, p := range paths {
		m.Info.Data = append(m.Info.Data, filepath.Base(p))
	}
	m.Info.Data = append(m.Info.Data, "gum-permissive-train.bio.gz", "re3d.tar.gz without BBC Online")
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

// readNames reads sentences with name tags.
func readNames(dir string) ([]nlp.NamedSentence, error) {
	p := filepath.Join(dir, "gum-permissive-train.bio.gz")
	f, err := os.Open(p)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p, err)
	}
	out, err := readTagged(z, " ", func(tag string) string { return tag })
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p, err)
	}
	more, err := readRe3d(filepath.Join(dir, "re3d.tar.gz"))
	statesArePlaces(more, append(out, more...))
	return append(out, more...), err
}

// heldOut is the part of re3d that is never trained on: its licence does not
// allow it, and it serves to evaluate.
const heldOut = "/BBC_Online/"

func readRe3d(p string) ([]nlp.NamedSentence, error) {
	f, err := os.Open(p)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p, err)
	}
	var out []nlp.NamedSentence
	tr := tar.NewReader(z)
	for {
		h, err := tr.Next()
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p, err)
		}
		if path.Ext(h.Name) != ".conll" || strings.Contains(h.Name, heldOut) {
			continue
		}
		ss, err := readTagged(tr, "\t", re3dTag)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", p, h.Name, err)
		}
		for _, s := range ss {
			out = append(out, properOnly(s))
		}
	}
}

var re3dKinds = map[string]string{"Organisation": "ORG", "Location": "LOC", "Person": "PER"}

func re3dTag(tag string) string {
	mark, kind, _ := strings.Cut(tag, "-")
	if k, ok := re3dKinds[kind]; ok {
		return mark + "-" + k
	}
	return "O"
}

// properOnly drops spans without a capital ("mourners") and articles before
// names: re3d marks phrases, the model finds names.
func properOnly(s nlp.NamedSentence) nlp.NamedSentence {
	eachSpan(s, func(from, to int, kind string) {
		for from < to && (!capital(s.Forms[from]) || s.Forms[from] == "The" || s.Forms[from] == "A") {
			s.Tags[from] = "O"
			from++
		}
		for k := to - 1; k >= from && !capital(s.Forms[k]); k-- {
			s.Tags[k] = "O"
		}
		if from < to {
			s.Tags[from] = "B-" + kind
		}
	})
	return s
}

// statesArePlaces calls a span a place where all marks the same words as a
// place elsewhere: re3d calls a state that acts an organisation.
func statesArePlaces(sents, all []nlp.NamedSentence) {
	places := map[string]bool{}
	for _, s := range all {
		eachSpan(s, func(from, to int, kind string) {
			if kind == "LOC" {
				places[strings.Join(s.Forms[from:to], " ")] = true
			}
		})
	}
	for _, s := range sents {
		eachSpan(s, func(from, to int, kind string) {
			if kind == "ORG" && places[strings.Join(s.Forms[from:to], " ")] {
				for k := from; k < to; k++ {
					s.Tags[k] = s.Tags[k][:2] + "LOC"
				}
			}
		})
	}
}

// eachSpan calls f with every span of a sentence.
func eachSpan(s nlp.NamedSentence, f func(from, to int, kind string)) {
	for i := 0; i < len(s.Tags); {
		j := i + 1
		if s.Tags[i] != "O" {
			kind := s.Tags[i][2:]
			for j < len(s.Tags) && s.Tags[j] == "I-"+kind {
				j++
			}
			f(i, j, kind)
		}
		i = j
	}
}

func capital(s string) bool { return s != "" && (s[0] >= 'A' && s[0] <= 'Z' || s[0] >= 0x80) }

// readTagged reads lines of form and tag, sentences parted by a blank line.
func readTagged(r io.Reader, sep string, tag func(string) string) ([]nlp.NamedSentence, error) {
	var out []nlp.NamedSentence
	var s nlp.NamedSentence
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 1<<20)
	for line := 1; sc.Scan(); line++ {
		text := strings.TrimRight(sc.Text(), "\r")
		if strings.TrimSpace(text) == "" {
			if len(s.Forms) > 0 {
				out = append(out, s)
			}
			s = nlp.NamedSentence{}
			continue
		}
		i := strings.LastIndex(text, sep)
		if i < 0 {
			return nil, fmt.Errorf("line %d: no tag", line)
		}
		s.Forms, s.Tags = append(s.Forms, text[:i]), append(s.Tags, tag(text[i+len(sep):]))
	}
	if len(s.Forms) > 0 {
		out = append(out, s)
	}
	return out, sc.Err()
}
