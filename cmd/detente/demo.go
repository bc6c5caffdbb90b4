package main

import (
	"bytes"
	"embed"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"detente"
	"detente/internal/ingest"
	"detente/internal/source"
	"detente/internal/store"
	"detente/internal/store/sqlite"
)

// demoFiles are dispatches written for the demo about public events, some as
// pages with furniture and some as syndicated copies.
//
//go:embed demo
var demoFiles embed.FS

const demoUsage = `
usage: detente demo [flags]

Reads a small set of dispatches that the program brings along into a store of
its own and serves it, so that everything can be seen without network and
without reading anything first. The store is deleted at the end (Ctrl-C).

The dispatches were written for the demo about well-documented public events
between 2014 and 2023; every page says so.`

// demoBanner stands on every page of the demo.
const demoBanner = "Written for the demo: these dispatches report public events in the project's own words; no outlet published them."

func demoCmd(args []string, _ io.Reader, stdout, stderr io.Writer) int {
	cmd := newCommand("demo", demoUsage, stdout, stderr)
	addr := cmd.String("addr", localAddress, "`HOST:PORT` to serve at")
	rest, exit, ok := cmd.parse(args)
	if !ok {
		return exit
	}
	if len(rest) > 0 {
		return cmd.misused("%q: demo reads its own dispatches alone", rest[0])
	}
	if err := demo(*addr, stdout, stderr); err != nil {
		return cmd.failed(err)
	}
	return exitOK
}

func demo(addr string, stdout, stderr io.Writer) error {
	dir, err := os.MkdirTemp("", "detente-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	st, err := sqlite.Open(filepath.Join(dir, "demo.db"))
	if err != nil {
		return err
	}
	defer st.Close()
	line, err := newLine(nil)
	if err != nil {
		return err
	}
	n, err := fillDemo(line, st)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "read %d dispatches written for the demo\n", n)
	return serve(st, addr, demoBanner, stdout, stderr)
}

// fillDemo reads the embedded dispatches into a store.
func fillDemo(line *ingest.Line, st store.Store) (n int, err error) {
	for _, err := range saved(line, st, line.Each(demoArticles)) {
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// demoArticles yields the embedded dispatches in the order of their files. The
// names of those without metadata end in their date.
func demoArticles(yield func(*detente.Article, error) bool) {
	_ = fs.WalkDir(demoFiles, "demo", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := demoFiles.ReadFile(name)
		if err != nil {
			return err
		}
		for a, err := range source.Read(bytes.NewReader(b), source.Hint{Name: name, Published: dateOfName(name)}) {
			if !yield(a, err) {
				return fs.SkipAll
			}
		}
		return nil
	})
}

// dateOfName reads the date from a name such as kor-prk-2018-01-03.txt.
func dateOfName(name string) detente.Date {
	stem := strings.TrimSuffix(name, path.Ext(name))
	date, err := detente.ParseDate(stem[max(0, len(stem)-len(time.DateOnly)):])
	if err != nil {
		return "" // the file has its own date, or the reader is told that it has none
	}
	return date
}
