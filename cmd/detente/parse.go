package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"

	"detente"
	"detente/internal/nlp"
)

const parseUsage = `
usage: detente parse [flags] FILE|-

Reads a text into sentences, words with tags and lemmas, a dependency tree and
names, and prints each sentence as a tree. The file is plain text, paragraphs
parted by blank lines, or CoNLL-U whose sentences and words are kept.`

// parseCmd shows how a text is read.
func parseCmd(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	cmd := newCommand("parse", parseUsage, stdout, stderr)
	conllu := cmd.Bool("conllu", false, "print CoNLL-U")
	input := cmd.String("input", "text", "`form` of the input: text or conllu")
	date := cmd.String("date", "", "`day` of publication, from which weekdays are dated (YYYY-MM-DD)")
	files, exit, ok := cmd.parse(args)
	if !ok {
		return exit
	}
	if len(files) != 1 {
		return cmd.misused("give one file, or - for standard input")
	}
	if *input != "text" && *input != "conllu" {
		return cmd.misused("--input %q: text or conllu", *input)
	}
	var opt nlp.Options
	if *date != "" {
		d, err := detente.ParseDate(*date)
		if err != nil {
			return cmd.misused("--date: %v", err)
		}
		opt.Published = d
	}
	doc, err := parseFile(files[0], *input, opt, stdin)
	if err != nil {
		return cmd.failed(err)
	}
	if *conllu {
		err = nlp.WriteConllu(stdout, doc)
	} else {
		err = writeTrees(stdout, doc)
	}
	if err != nil {
		return cmd.failed(err)
	}
	return exitOK
}

func parseFile(name, input string, opt nlp.Options, stdin io.Reader) (*nlp.Doc, error) {
	model, err := nlp.Default()
	if err != nil {
		return nil, err
	}
	in := stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	if input == "conllu" {
		doc, err := nlp.ReadConllu(in)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		model.Annotate(doc, opt)
		return doc, nil
	}
	b, err := io.ReadAll(in)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return model.Analyze(string(b), opt), nil
}

// writeTrees prints every sentence as a tree: each word below its head, in text
// order, names marked.
func writeTrees(w io.Writer, doc *nlp.Doc) error {
	bw := bufio.NewWriter(w)
	kinds := map[int]nlp.EntKind{}
	for _, e := range doc.Ents {
		for i := e.First; i < e.End; i++ {
			kinds[i] = e.Kind
		}
	}
	for _, s := range doc.Sents {
		first, last := doc.Words[s.First], doc.Words[s.End-1]
		fmt.Fprintln(bw, strings.Join(strings.Fields(doc.Text[first.Start:last.End]), " "))
		t := treeWriter{w: bw, doc: doc, kinds: kinds, children: make([][]int, s.End-s.First), first: s.First}
		root := s.First
		for i := s.First; i < s.End; i++ {
			if h := doc.Words[i].Head; h >= 0 {
				t.children[h-s.First] = append(t.children[h-s.First], i)
			} else {
				root = i
			}
		}
		t.write(root, "", "")
		fmt.Fprintln(bw)
	}
	return bw.Flush()
}

// treeWriter prints one sentence.
type treeWriter struct {
	w        io.Writer
	doc      *nlp.Doc
	kinds    map[int]nlp.EntKind
	children [][]int // of each word of the sentence
	first    int     // the sentence's first word
}

// write prints word i and those below it; branch stands before the word and
// indent before the words below.
func (t *treeWriter) write(i int, branch, indent string) {
	word := t.doc.Words[i]
	fmt.Fprintf(t.w, "%s%s  %s %s", branch, word.Form, word.Rel, word.UPOS)
	if word.Lemma != word.Form {
		fmt.Fprintf(t.w, " %s", word.Lemma)
	}
	if k, ok := t.kinds[i]; ok {
		fmt.Fprintf(t.w, " [%s]", k)
	}
	fmt.Fprintln(t.w)
	below := t.children[i-t.first]
	for n, c := range below {
		if n == len(below)-1 {
			t.write(c, indent+"└─ ", indent+"   ")
		} else {
			t.write(c, indent+"├─ ", indent+"│  ")
		}
	}
}
