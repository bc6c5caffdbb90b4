// Package export writes what a store holds as files for other programs.
//
// A release is a directory: tables as CSV, Parquet or JSON lines, layouts that
// users of event data know, and a datapackage.json that says of each file what
// its columns are, how long it is and what its SHA-256 is. It is written beside
// its place and moved there when it is whole; one that is there is never
// touched. The same store gives the same bytes: neither the clock nor the
// place of the store is in them.
//
// Every table is one value (tables.go): name, meaning, type and constraints of
// a column stand beside the function that gives its cell. Schema, writers and
// docs/format-export.md are made from that, and cannot differ.
//
// Articles are read one after the other (store.Walk) and written at once, so
// that memory does not grow with their number; only the counts of the panel and
// the reports of one dyad are held. States are those of the store's series, which
// must be up to date (package series).
package export

import (
	"bufio"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"detente"
	"detente/internal/actor"
	"detente/internal/store"
)

// Layout is what files are made.
type Layout string

// Layouts. Tables are our own; the others are those of public data sets.
const (
	Tables  Layout = "tables"
	POLECAT Layout = "polecat" // tab-separated, 40 columns
	PLOVER  Layout = "plover"  // JSON lines
	GDELT   Layout = "gdelt"   // mentions of GDELT 2, tab-separated, no header
)

// Layouts lists all of them.
var Layouts = []Layout{Tables, POLECAT, PLOVER, GDELT}

// Format is how tables are written.
type Format string

// Formats of tables.
const (
	CSV       Format = "csv"
	Parquet   Format = "parquet"
	JSONLines Format = "jsonl"
)

// Formats lists all of them.
var Formats = []Format{CSV, Parquet, JSONLines}

// Options say what goes into a release.
type Options struct {
	Dir     string       // the release; must not be there
	AsOf    detente.Date // what was known by this day; empty: all that is stored
	Dyad    detente.Dyad // of this dyad alone; zero: of all
	From    detente.Date // from articles that became known on these days; empty: open
	To      detente.Date
	Layouts []Layout // none: Tables
	Formats []Format // of Tables; none: CSV
	Text    bool     // with the sentences and words of articles
	Licence string   // of the release, an SPDX id or a name; empty: not specified

	Book     *actor.Book // needed
	Versions detente.Versions
}

// Summary is what was written.
type Summary struct {
	Articles int
	Files    []File
}

// File is one file of a release.
type File struct {
	Path string
	Rows int
}

// Write writes a release.
func Write(ctx context.Context, st store.Store, o Options) (Summary, error) {
	if _, err := os.Lstat(o.Dir); !errors.Is(err, fs.ErrNotExist) {
		return Summary{}, cmp.Or(err, fmt.Errorf("%s is there already; a release is never changed: name another directory", o.Dir))
	}
	if err := os.MkdirAll(filepath.Dir(o.Dir), 0o777); err != nil {
		return Summary{}, err
	}
	dir, err := os.MkdirTemp(filepath.Dir(o.Dir), "."+filepath.Base(o.Dir)+"-")
	if err != nil {
		return Summary{}, err
	}
	defer os.RemoveAll(dir) // nothing is there any more once it was moved
	r := &release{Options: o, dir: dir, panel: panel{}, origins: map[string]bool{}, versions: map[madeBy]int{}}
	defer r.abandon()
	if err := r.fill(ctx, st); err != nil {
		return Summary{}, err
	}
	if err := r.describe(); err != nil {
		return Summary{}, err
	}
	if err := os.Chmod(dir, 0o755); err != nil { // MkdirTemp's is for the user alone
		return Summary{}, err
	}
	if err := os.Rename(dir, o.Dir); err != nil {
		return Summary{}, fmt.Errorf("move the release to its place: %w", err)
	}
	sum := Summary{Articles: r.articles}
	for _, res := range r.done {
		sum.Files = append(sum.Files, File{res.path, res.rows})
	}
	return sum, nil
}

// release is a release while it is written.
type release struct {
	Options
	dir      string
	open     []*resource
	done     []*resource
	panel    panel
	origins  map[string]bool // seen among the articles
	articles int
	latest   detente.Date // known-on day of the last article
	versions map[madeBy]int
}

// madeBy is what made a record.
type madeBy struct {
	codebook int
	detente.Versions
}

// resource is a file, with what is said of it.
type resource struct {
	name, path string
	media      string
	sheet      *sheet
	dialect    map[string]any
	format     string
	file       *os.File
	buffer     *bufio.Writer
	sum        hash.Hash
	bytes      int64
	rows       int
	out        writer // nil where lines are written as they are
}

// Write counts and hashes what goes into the file.
func (r *resource) Write(p []byte) (int, error) {
	r.sum.Write(p)
	r.bytes += int64(len(p))
	return r.buffer.Write(p)
}

func (r *resource) hash() string { return "sha256:" + hex.EncodeToString(r.sum.Sum(nil)) }

// create begins a file.
func (r *release) create(res *resource, begin func(io.Writer) (writer, error)) error {
	file, err := os.Create(filepath.Join(r.dir, res.path))
	if err != nil {
		return err
	}
	res.file, res.buffer, res.sum = file, bufio.NewWriterSize(file, 64<<10), sha256.New()
	r.open = append(r.open, res)
	res.out, err = begin(res)
	return err
}

// finish ends the files that are open, and makes sure that they are on disk.
func (r *release) finish() error {
	for _, res := range r.open {
		var err error
		if res.out != nil {
			err = res.out.close()
		}
		if err := errors.Join(err, res.buffer.Flush(), res.file.Sync(), res.file.Close()); err != nil {
			return fmt.Errorf("%s: %w", res.path, err)
		}
		r.done = append(r.done, res)
	}
	r.open = nil
	return nil
}

// abandon closes what a failure left open.
func (r *release) abandon() {
	for _, res := range r.open {
		res.file.Close()
	}
}

// sink writes the rows of one table to all its files.
type sink[T any] struct {
	table table[T]
	files []*resource
}

func sinkOf[T any](r *release, t table[T]) (sink[T], error) {
	s := sink[T]{table: t}
	for _, f := range formatsOf(r.Formats) {
		res := &resource{name: nameOf(t.name, f), path: t.name + "." + string(f), sheet: &t.sheet, format: string(f), media: mediaTypes[f]}
		if f == JSONLines {
			res.dialect = map[string]any{"keyed": true}
		}
		begin := map[Format]func(io.Writer, *sheet) (writer, error){CSV: newCSV, Parquet: newParquet, JSONLines: newJSONLines}[f]
		if err := r.create(res, func(w io.Writer) (writer, error) { return begin(w, &t.sheet) }); err != nil {
			return s, err
		}
		s.files = append(s.files, res)
	}
	return s, nil
}

// put writes a row.
func (s sink[T]) put(x *T) error {
	cells := s.table.row(x)
	for _, res := range s.files {
		if err := res.put(s.table.name, s.table.fields, cells); err != nil {
			return err
		}
	}
	return nil
}

func (r *resource) put(table string, fields []field, cells row) error {
	for i, f := range fields {
		if f.required && cells[i] == nil {
			return fmt.Errorf("table %s: a row without %s: %v; the store holds what it should not, please report this", table, f.name, cells)
		}
	}
	r.rows++
	return r.out.write(cells)
}

// formatsOf are the formats asked for, each once, in our order.
func formatsOf(asked []Format) []Format {
	if len(asked) == 0 {
		return []Format{CSV}
	}
	var out []Format
	for _, f := range Formats {
		if slices.Contains(asked, f) {
			out = append(out, f)
		}
	}
	return out
}

// makes reports whether a layout was asked for.
func (r *release) makes(l Layout) bool {
	return slices.Contains(r.Layouts, l) || len(r.Layouts) == 0 && l == Tables
}

// fill writes all files but the description.
func (r *release) fill(ctx context.Context, st store.Store) error {
	var visits []func(*article, *part) error
	for _, l := range []struct {
		layout Layout
		begin  func(*release) (func(*article, *part) error, error)
	}{{Tables, (*release).tables}, {POLECAT, (*release).polecat}, {PLOVER, (*release).plover}, {GDELT, (*release).gdelt}} {
		if !r.makes(l.layout) {
			continue
		}
		visit, err := l.begin(r)
		if err != nil {
			return err
		}
		visits = append(visits, visit)
	}
	err := st.Walk(ctx, r.AsOf, r.From, r.To, func(u store.Unit, head store.Head) error {
		p := partOf(&u.Record, r.Dyad)
		if r.Dyad != (detente.Dyad{}) && p.empty() {
			return nil
		}
		a := r.article(&u, head)
		for _, visit := range visits {
			if err := visit(a, p); err != nil {
				return fmt.Errorf("article %q: %w", head.ID, err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := r.finish(); err != nil {
		return err
	}
	if r.makes(Tables) {
		return r.series(ctx, st)
	}
	return nil
}

// article readies a unit, and counts it.
func (r *release) article(u *store.Unit, head store.Head) *article {
	origin := originOf(head)
	a := &article{rec: &u.Record, head: head, first: !r.origins[origin], book: r.Book, runes: []rune(u.Record.Text)}
	r.origins[origin] = true
	r.articles++
	r.latest = head.Known
	r.versions[madeBy{u.Record.Codebook, u.Record.Versions}]++
	return a
}

// tables begins the tables that are written article by article.
func (r *release) tables() (func(*article, *part) error, error) {
	articles, err1 := sinkOf(r, articleTable(r.Text))
	statements, err2 := sinkOf(r, statementTable(r.Text))
	events, err3 := sinkOf(r, eventTable(r.Text))
	participants, err4 := sinkOf(r, participantTable(r.Text))
	acts, err5 := sinkOf(r, actTable(r.Text))
	claims, err6 := sinkOf(r, claimTable(r.Text))
	if err := errors.Join(err1, err2, err3, err4, err5, err6); err != nil {
		return nil, err
	}
	return func(a *article, p *part) error {
		r.panel.add(a, p, r.Dyad)
		errs := []error{articles.put(a)}
		for _, st := range p.statements {
			errs = append(errs, statements.put(&statementRow{place{a, st.Sentence, st.Content}, st}))
		}
		for _, ev := range p.events {
			errs = append(errs, events.put(&eventRow{place{a, ev.Sentence, ev.Trigger}, ev}))
			for _, side := range []struct {
				name string
				of   []detente.Participant
			}{{"source", ev.Source}, {"target", ev.Target}} {
				for i := range side.of {
					at := place{a, ev.Sentence, spanOf(side.of[i].Span)}
					errs = append(errs, participants.put(&participantRow{at, ev, &side.of[i], side.name, i + 1}))
				}
			}
		}
		for _, act := range p.acts {
			errs = append(errs, acts.put(&actRow{place{a, act.Sentence, spanOf(act.Span)}, act}))
		}
		for _, c := range p.claims {
			errs = append(errs, claims.put(&claimRow{place{a, c.Sentence, spanOf(c.Span)}, c}))
		}
		return errors.Join(errs...)
	}, nil
}

// spanOf is a list of one span, or of none where it covers nothing.
func spanOf(s detente.Span) []detente.Span {
	if s.Len() == 0 {
		return nil
	}
	return []detente.Span{s}
}

// series writes what is folded dyad by dyad: states, their evidence, the panel.
func (r *release) series(ctx context.Context, st store.Store) error {
	statesSink, err1 := sinkOf(r, stateTable())
	evidence, err2 := sinkOf(r, evidenceTable(r.Text))
	days, err3 := sinkOf(r, panelTable())
	if err := errors.Join(err1, err2, err3); err != nil {
		return err
	}
	dyads, err := r.dyads(ctx, st)
	if err != nil {
		return err
	}
	for _, dyad := range dyads {
		segments, err := segmentsOf(ctx, st, dyad, r.AsOf)
		if err != nil {
			return err
		}
		for i := range segments {
			s := &segments[i]
			s.book = r.Book
			if !s.within(r.From, r.To) {
				continue
			}
			if err := statesSink.put(s); err != nil {
				return err
			}
			for n, c := range s.cites {
				if err := evidence.put(&evidenceRow{s, c, n + 1}); err != nil {
					return err
				}
			}
		}
		for _, on := range changeDays(segments, r.From, r.To) {
			r.panel.at(dyad, on)
		}
		for _, on := range slices.Sorted(maps.Keys(r.panel[dyad])) {
			if err := days.put(&panelRow{dyad, on, *r.panel[dyad][on], stateOn(segments, on), r.Book}); err != nil {
				return err
			}
		}
	}
	return r.finish()
}

// dyads lists those of which something is told, in alphabetical order.
func (r *release) dyads(ctx context.Context, st store.Store) ([]detente.Dyad, error) {
	if r.Dyad != (detente.Dyad{}) {
		return []detente.Dyad{r.Dyad}, nil
	}
	sums, err := st.Dyads(ctx, r.AsOf)
	dyads := slices.Collect(maps.Keys(r.panel))
	for _, sum := range sums {
		dyads = append(dyads, sum.Dyad)
	}
	slices.SortFunc(dyads, func(a, b detente.Dyad) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(dyads), err
}
