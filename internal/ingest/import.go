package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"detente"
	"detente/internal/series"
	"detente/internal/source"
	"detente/internal/store"
)

// Importer reads archives into a store: files, and folders of them, each read
// as a stream. How far each file has come is kept in the store itself, so that
// an import which was stopped or killed goes on where it was.
//
// # Nothing lost, nothing doubled
//
// Articles are committed in the order of the file. The state of a file is the
// number of items (articles and faults) that were dealt with, saved behind their
// commits; what a kill leaves between a commit and the state is read again, found
// to be there (Store.Holds) and passed over. A file that has changed since, or
// that other rules or models read, starts anew; what is held is passed over too.
type Importer struct {
	Line       *Line
	Store      store.Store
	Quarantine *Quarantine
	Hint       source.Hint // what holds for all inputs
	Now        func() time.Time
	Progress   Progress
}

// Progress is told how an import comes along; any of its parts may be nil.
type Progress struct {
	Reader  func(io.Reader) io.Reader // counts what is read of a file
	Passed  func(bytes int64)         // a file was read to its end before
	Article func()                    // an article has been committed, or was there
}

// Tally counts what became of the items of an import.
type Tally struct {
	Files     int  `json:"files"`     // read to their end
	Before    int  `json:"before"`    // files that were read to their end by an earlier import
	Resumed   int  `json:"resumed"`   // items that were dealt with by an earlier import
	Held      int  `json:"held"`      // articles that the store held already
	Added     int  `json:"added"`     // new articles
	Recoded   int  `json:"recoded"`   // read anew by other rules or models
	Replaced  int  `json:"replaced"`  // another text under the same id
	Copies    int  `json:"copies"`    // among those read, of a text that was there
	Versions  int  `json:"versions"`  // among those read, of an article that was there
	Unread    int  `json:"unread"`    // among those read, in a language that is not read
	Faults    int  `json:"faults"`    // what could not be read
	Completed bool `json:"completed"` // read to the end of all inputs
}

// Articles is how many articles were read.
func (t Tally) Articles() int { return t.Added + t.Recoded + t.Replaced }

// saveEvery is how long the state of an import may lag behind its commits.
const saveEvery = time.Second

// Import reads files and folders in order. It ends early, with its state saved
// and without an error, when ctx ends; an error is one of the store or of the
// quarantine file, not of an input.
func (im *Importer) Import(ctx context.Context, paths []string) (Tally, error) {
	run := &importRun{Importer: im, ctx: ctx, dirty: map[string]store.Import{}, saved: im.Now(), fold: im.Now().Add(foldEvery)}
	for rec, err := range im.Line.Each(run.articles(paths)) {
		run.take(rec, err)
		if run.stopped() {
			break
		}
		if run.Now().After(run.fold) {
			run.refold()
		}
	}
	if !run.stopped() {
		run.refold()
	}
	run.mu.Lock()
	defer run.mu.Unlock()
	err := errors.Join(run.failed, run.save())
	run.tally.Completed = err == nil && ctx.Err() == nil
	return run.tally, err
}

// importRun is one call of Import. The articles are handed out by one goroutine
// and their records taken back by another, in the same order.
type importRun struct {
	*Importer
	ctx context.Context

	mu     sync.Mutex
	tally  Tally
	steps  []step                  // handed out and not dealt with yet, in order
	dirty  map[string]store.Import // state that is not saved yet
	saved  time.Time
	fold   time.Time // when series are folded again
	failed error     // what ends the import
}

// How often an import folds what it has changed: pages show it then. Folding
// takes no more than a part of the time.
const (
	foldEvery = 10 * time.Second
	foldShare = 4
)

// refold brings the series of the store up to date. What it does not come to is
// marked, and folded later.
func (run *importRun) refold() {
	start := run.Now()
	if _, err := series.Refold(run.ctx, run.Store, run.Line.Dialogue()); err != nil {
		run.fail(err)
	}
	end := run.Now()
	run.fold = end.Add(max(foldEvery, foldShare*end.Sub(start)))
}

// step is something that happens in the order of the files: an article that was
// handed out, or, silent, something for which no record comes back.
type step struct {
	state   store.Import // of the file once this is dealt with
	silent  bool
	held    int  // articles that the store has
	resumed int  // items that an earlier import dealt with
	passed  bool // the file was read to its end by an earlier import
}

// articles hands out what is to be read.
func (run *importRun) articles(paths []string) iter.Seq2[*detente.Article, error] {
	return func(yield func(*detente.Article, error) bool) {
		for _, path := range paths {
			for name, err := range source.Files(path) {
				if run.stopped() || !run.file(name, err, yield) {
					return
				}
			}
		}
	}
}

func (run *importRun) stopped() bool {
	run.mu.Lock()
	defer run.mu.Unlock()
	return run.failed != nil || run.ctx.Err() != nil
}

// file hands out the articles of one file.
func (run *importRun) file(name string, err error, yield func(*detente.Article, error) bool) bool {
	abs, absErr := filepath.Abs(name)
	if absErr != nil {
		return run.fail(absErr)
	}
	if err != nil {
		run.add(step{state: store.Import{File: abs, Items: 1}})
		return yield(nil, err)
	}
	f, err := os.Open(name)
	if err != nil {
		run.add(step{state: store.Import{File: abs, Items: 1}})
		return yield(nil, &source.Error{Name: name, Err: fmt.Errorf("it cannot be opened (%w); check the name and who may read it", err)})
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return run.fail(err)
	}
	state, err := run.Store.Import(run.ctx, abs)
	if err != nil {
		return run.fail(err)
	}
	if stamp := run.stamp(info); state.Stamp != stamp {
		state = store.Import{File: abs, Stamp: stamp}
	}
	if state.Done {
		run.add(step{state: state, silent: true, passed: true})
		if run.Progress.Passed != nil {
			run.Progress.Passed(info.Size())
		}
		return true
	}
	var in io.Reader = f
	if run.Progress.Reader != nil {
		in = run.Progress.Reader(f)
	}
	hint := run.Hint
	hint.Name = name
	return run.items(source.Read(in, hint), state, yield)
}

// stamp tells whether a file, or what reads it, has changed.
func (run *importRun) stamp(info os.FileInfo) string {
	v := run.Line.Versions()
	return fmt.Sprintf("%d bytes of %s, read by %s %s %s, date %s", info.Size(), info.ModTime().UTC().Format(time.RFC3339Nano),
		v.Program, v.Model, v.Rules, run.Hint.Published)
}

// items hands out a file's articles behind those that are dealt with.
func (run *importRun) items(items iter.Seq2[*detente.Article, error], state store.Import, yield func(*detente.Article, error) bool) bool {
	before := state.Items
	n := 0
	for a, err := range items {
		if n++; n <= before {
			if run.stopped() {
				return false
			}
			continue
		}
		state.Items = n
		if err == nil {
			held, err := run.Store.Holds(run.ctx, a, run.Line.Versions())
			if err != nil {
				return run.fail(err)
			}
			if held {
				run.add(step{state: state, silent: true, held: 1})
				continue
			}
		}
		run.add(step{state: state})
		if !yield(a, err) || run.stopped() {
			return false
		}
	}
	state.Done = true
	run.add(step{state: state, silent: true, resumed: min(before, n)})
	return true
}

// fail ends the import.
func (run *importRun) fail(err error) bool {
	run.mu.Lock()
	defer run.mu.Unlock()
	if run.failed == nil && run.ctx.Err() == nil {
		run.failed = err
	}
	return false
}

// add puts a step behind the others, and deals with it where it waits for none.
func (run *importRun) add(s step) {
	run.mu.Lock()
	defer run.mu.Unlock()
	run.steps = append(run.steps, s)
	run.settle()
}

// take deals with what came back for the first article that was handed out.
func (run *importRun) take(rec detente.Record, err error) {
	run.mu.Lock()
	state := run.steps[0].state // silent ones before it are settled
	run.mu.Unlock()
	if err == nil {
		err = run.keep(rec)
		if err != nil && !errors.Is(err, store.ErrRefused) {
			run.fail(err)
			return
		}
	}
	if err != nil {
		err = run.setAside(err, state)
	}
	if err != nil {
		run.fail(err)
		return
	}
	run.mu.Lock()
	defer run.mu.Unlock()
	run.reach(state)
	run.steps = run.steps[1:]
	run.settle()
}

// setAside puts what could not be read, or is not taken by the store, into
// quarantine.
func (run *importRun) setAside(err error, state store.Import) error {
	run.mu.Lock()
	defer run.mu.Unlock()
	run.tally.Faults++
	return run.Quarantine.Add(faultOf(err, state.File, state.Items))
}

// keep commits a record. It does not heed the end of ctx: what was read is kept.
func (run *importRun) keep(rec detente.Record) error {
	kept, err := Keep(context.WithoutCancel(run.ctx), run.Store, rec, "", run.Now())
	if err != nil {
		return fmt.Errorf("article %s: %w", rec.Article.ID, err)
	}
	if run.Progress.Article != nil {
		run.Progress.Article()
	}
	run.mu.Lock()
	defer run.mu.Unlock()
	run.tally.count(kept, &rec.Article)
	return nil
}

func (t *Tally) count(kept Kept, a *detente.Article) {
	switch kept.Outcome {
	case store.Added:
		t.Added++
	case store.Recoded:
		t.Recoded++
	case store.Replaced:
		t.Replaced++
	case store.Unchanged:
		t.Held++
		return
	}
	switch {
	case kept.Story != "":
		t.Versions++
	case kept.Origin != "":
		t.Copies++
	}
	if !reads(a) {
		t.Unread++
	}
}

// settle deals with the steps at the front for which no record comes back, and
// saves from time to time. It is called with the lock held.
func (run *importRun) settle() {
	for len(run.steps) > 0 && run.steps[0].silent {
		s := run.steps[0]
		run.steps = run.steps[1:]
		run.tally.Held += s.held
		run.tally.Resumed += s.resumed
		if s.passed {
			run.tally.Before++
			continue
		}
		if s.state.Done {
			run.tally.Files++
		}
		run.reach(s.state)
	}
	if run.Now().Sub(run.saved) < saveEvery {
		return
	}
	if err := run.save(); err != nil && run.failed == nil {
		run.failed = err
	}
}

// reach notes how far a file has come. One that could not be opened has no
// state.
func (run *importRun) reach(state store.Import) {
	if state.Stamp != "" {
		run.dirty[state.File] = state
	}
}

// save stores the state of all files that have come on; what was put into
// quarantine is safe before. It is called with the lock held.
func (run *importRun) save() error {
	run.saved = run.Now()
	if err := run.Quarantine.Sync(); err != nil || len(run.dirty) == 0 {
		return err
	}
	states := slices.Collect(maps.Values(run.dirty))
	clear(run.dirty)
	return run.Store.SaveImports(context.WithoutCancel(run.ctx), states)
}
