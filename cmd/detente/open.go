package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"strings"

	"detente"
	"detente/internal/fetch"
	"detente/internal/source"
)

// inputs are the files, addresses and streams that a verb was given.
type inputs struct {
	names    []string
	hint     source.Hint // what holds for all of them
	fetch    fetch.Options
	stdin    io.Reader
	progress *progress
}

// articles yields the articles of all inputs in order. One that cannot be
// opened or read is an error in its place; the others are read all the same.
func (in *inputs) articles() iter.Seq2[*detente.Article, error] {
	return func(yield func(*detente.Article, error) bool) {
		for _, name := range in.names {
			for a, err := range in.one(name) {
				if !yield(a, err) {
					return
				}
			}
			in.progress.inputDone()
		}
	}
}

func (in *inputs) one(name string) iter.Seq2[*detente.Article, error] {
	hint := in.hint
	hint.Name = name
	switch {
	case name == "-":
		hint.Name = "standard input"
		return source.Read(in.stdin, hint)
	case strings.HasPrefix(name, "http://"), strings.HasPrefix(name, "https://"):
		return in.address(name, hint)
	}
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return source.ReadFile(name, hint)
	}
	return in.file(name, hint)
}

func (in *inputs) address(name string, hint source.Hint) iter.Seq2[*detente.Article, error] {
	return func(yield func(*detente.Article, error) bool) {
		page, err := fetch.Get(context.Background(), name, in.fetch)
		if err != nil {
			yield(nil, err)
			return
		}
		hint.URL, hint.ContentType = page.URL, page.ContentType
		for a, err := range source.Read(bytes.NewReader(page.Body), hint) {
			if !yield(a, err) {
				return
			}
		}
	}
}

func (in *inputs) file(name string, hint source.Hint) iter.Seq2[*detente.Article, error] {
	return func(yield func(*detente.Article, error) bool) {
		f, err := os.Open(name)
		if err != nil {
			yield(nil, openError(name, err))
			return
		}
		defer f.Close()
		if info, err := f.Stat(); err == nil {
			in.progress.inputSize(info.Size())
		}
		for a, err := range source.Read(in.progress.reader(f), hint) {
			if !yield(a, err) {
				return
			}
		}
	}
}

// openError says what to do about a file that cannot be opened.
func openError(name string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: no such file; give a path, an http or https address, or - for standard input", name)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s: may not be read; check its permissions", name)
	}
	return err
}
