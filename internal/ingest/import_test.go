package ingest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"detente"
	"detente/internal/source"
	"detente/internal/store"
	"detente/internal/store/sqlite"
)

// oneLine is read-only, and so may be of all importers here.
var oneLine = sync.OnceValues(func() (*Line, error) { return NewLine(Options{Program: "test"}) })

// importer is one over the store and quarantine file of a folder.
func importer(t *testing.T, st store.Store, dir string) *Importer {
	t.Helper()
	q, err := OpenQuarantine(filepath.Join(dir, "q.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	l, err := oneLine()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { q.Close() })
	return &Importer{Line: l, Store: st, Quarantine: q, Now: func() time.Time { return readOn }}
}

func jsonLine(id, text string) string {
	return fmt.Sprintf(`{"id":%q,"published":"2019-05-09","language":"en","text":%q}`+"\n", id, text)
}

// ofItsOwn is a text that shares no run of words with those of other numbers.
func ofItsOwn(i int) string {
	const parts = "Norway asked %dx Iceland for %dx talks on %dx fish and %dx nets, its %dx minister said on %dx Monday in %dx Bergen."
	return strings.ReplaceAll(parts, "%dx", fmt.Sprint("number", i))
}

// lines is an archive of n articles with a line that is none behind each tenth.
func lines(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(jsonLine(fmt.Sprint("a", i), ofItsOwn(i)))
		if i%10 == 9 {
			fmt.Fprintf(&b, `{"id":"broken %d"`+"\n", i)
		}
	}
	return b.String()
}

func write(t *testing.T, dir, name, content string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o777), os.WriteFile(path, []byte(content), 0o666)); err != nil {
		t.Fatal(err)
	}
	return path
}

func doImport(t *testing.T, im *Importer, want Tally, paths ...string) {
	t.Helper()
	got, err := im.Import(t.Context(), paths)
	want.Completed = true
	if err != nil || got != want {
		t.Errorf("%+v, %v; want %+v", got, err, want)
	}
}

func faults(t *testing.T, dir string) []Fault {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "q.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var list []Fault
	for dec := json.NewDecoder(strings.NewReader(string(b))); ; {
		var f Fault
		if err := dec.Decode(&f); err == io.EOF {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		list = append(list, f)
	}
}

func TestImportSetsAsideWhatCannotBeRead(t *testing.T) {
	dir, st := t.TempDir(), openStore(t)
	im := importer(t, st, dir)
	archive := write(t, dir, "in/a.jsonl", lines(20))
	write(t, dir, "in/b.txt", "Norway asked Iceland for talks on fish, its minister said.")
	write(t, dir, "in/c.txt", "")
	write(t, dir, "in/de.txt", "Die beiden Minister haben am Montag miteinander gesprochen, und sie wollen sich noch in dieser Woche wieder treffen, wie es aus dem Ministerium hieß.")
	doImport(t, im, Tally{Files: 4, Added: 22, Unread: 1, Faults: 3}, filepath.Join(dir, "in"))
	list := faults(t, dir)
	if len(list) != 3 {
		t.Fatalf("faults %+v", list)
	}
	if f := list[0]; f.Name != archive || f.Place != "line 11" || !strings.HasPrefix(f.Reason, "not the JSON of an article") ||
		!strings.HasPrefix(f.Remedy, "write one object a line") || f.File != archive || f.Item != 11 {
		t.Errorf("fault %+v", f)
	}
	if f := list[2]; f.Name != filepath.Join(dir, "in", "c.txt") || f.Reason != "it is empty" || !strings.HasPrefix(f.Remedy, "give a text") {
		t.Errorf("fault %+v", f)
	}
}

func TestImportTwiceChangesNothing(t *testing.T) {
	dir, st := t.TempDir(), openStore(t)
	archive := write(t, dir, "a.jsonl", lines(20))
	doImport(t, importer(t, st, dir), Tally{Files: 1, Added: 20, Faults: 2}, archive)
	doImport(t, importer(t, st, dir), Tally{Before: 1}, archive)
	other := write(t, dir, "copy.jsonl", lines(20))
	doImport(t, importer(t, st, dir), Tally{Files: 1, Held: 20, Faults: 2}, other)
	write(t, dir, "a.jsonl", lines(20)+jsonLine("more", "Iceland said that it would answer."))
	doImport(t, importer(t, st, dir), Tally{Files: 1, Held: 20, Added: 1, Faults: 2}, archive)
	if n := len(faults(t, dir)); n != 4 { // two of each file, those of the one that grew once
		t.Errorf("%d faults stand in quarantine, want 4", n)
	}
}

// An import that is stopped goes on behind what was committed, wherever that was.
func TestImportGoesOn(t *testing.T) {
	dir := t.TempDir()
	archive := write(t, dir, "in/a.jsonl", lines(30))
	write(t, dir, "in/b.jsonl", jsonLine("b", "Iceland said that it would answer."))
	for _, stopAt := range []int{1, 9, 10, 11, 29, 30, 31} {
		here := t.TempDir()
		st := openStore(t)
		ctx, stop := context.WithCancel(t.Context())
		im := importer(t, st, here)
		n := 0
		im.Progress.Article = func() {
			if n++; n == stopAt {
				stop()
			}
		}
		first, err := im.Import(ctx, []string{filepath.Dir(archive)})
		if err != nil || first.Completed || first.Added != stopAt {
			t.Fatalf("stopped at %d: %+v, %v", stopAt, first, err)
		}
		second, err := importer(t, st, here).Import(t.Context(), []string{filepath.Dir(archive)})
		if err != nil || !second.Completed || first.Added+second.Added != 31 || second.Held != 0 {
			t.Errorf("stopped at %d: %+v, then %+v, %v", stopAt, first, second, err)
		}
		if stopAt < 30 && second.Resumed < stopAt {
			t.Errorf("stopped at %d: only %d items were passed over", stopAt, second.Resumed)
		}
		if got := len(faults(t, here)); got != 3 || first.Faults+second.Faults != 3 {
			t.Errorf("stopped at %d: %d faults in quarantine, %d and %d counted", stopAt, got, first.Faults, second.Faults)
		}
		stop()
	}
}

// What was committed but not noted, as a kill leaves it, is read again and
// found there; a torn line of the quarantine file is written anew.
func TestImportAfterAKill(t *testing.T) {
	dir, st := t.TempDir(), openStore(t)
	archive := write(t, dir, "a.jsonl", lines(20))
	doImport(t, importer(t, st, dir), Tally{Files: 1, Added: 20, Faults: 2}, archive)
	state, err := st.Import(t.Context(), archive)
	if err != nil || !state.Done || state.Items != 22 {
		t.Fatalf("state %+v, %v", state, err)
	}
	state.Done, state.Items = false, 5
	if err := st.SaveImports(t.Context(), []store.Import{state}); err != nil {
		t.Fatal(err)
	}
	q := filepath.Join(dir, "q.jsonl")
	whole, err := os.ReadFile(q)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(q, int64(len(whole)-7)); err != nil {
		t.Fatal(err)
	}
	doImport(t, importer(t, st, dir), Tally{Files: 1, Resumed: 5, Held: 15, Faults: 2}, archive)
	if again, err := os.ReadFile(q); err != nil || string(again) != string(whole) {
		t.Errorf("quarantine\n%s\nwas\n%s", again, whole)
	}
}

func TestImportOfWhatCannotBeOpened(t *testing.T) {
	if os.Getuid() == 0 {
		t.Log("the administrator may open anything: only a broken link is tried")
	}
	dir, st := t.TempDir(), openStore(t)
	if err := os.Symlink("nowhere", filepath.Join(dir, "link.txt")); err != nil {
		t.Skip(err)
	}
	write(t, dir, "z.txt", "Norway asked Iceland for talks on fish, its minister said.")
	doImport(t, importer(t, st, t.TempDir()), Tally{Files: 1, Added: 1, Faults: 1}, dir)
}

func TestQuarantineRefusesAnotherFile(t *testing.T) {
	path := write(t, t.TempDir(), "notes.txt", "not a quarantine file\n")
	if _, err := OpenQuarantine(path); err == nil || !strings.Contains(err.Error(), "--quarantine") {
		t.Errorf("opened: %v", err)
	}
	if b, _ := os.ReadFile(path); string(b) != "not a quarantine file\n" {
		t.Errorf("it was changed to %q", b)
	}
}

// BenchmarkImport imports an archive into an empty store, and tells how many
// times as long that takes as reading the same articles alone.
func BenchmarkImport(b *testing.B) {
	l, err := oneLine()
	if err != nil {
		b.Fatal(err)
	}
	const articles = 100
	dir := b.TempDir()
	archive := filepath.Join(dir, "a.jsonl")
	var text strings.Builder
	for i := range articles {
		text.WriteString(jsonLine(fmt.Sprint("a", i), strings.Repeat(ofItsOwn(i)+"\n\n", 4)))
	}
	if err := os.WriteFile(archive, []byte(text.String()), 0o666); err != nil {
		b.Fatal(err)
	}
	var reading, importing time.Duration
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		for _, err := range l.Each(source.ReadFile(archive, source.Hint{})) {
			if err != nil {
				b.Fatal(err)
			}
		}
		reading += time.Since(start)
		st, err := sqlite.Open(filepath.Join(dir, fmt.Sprint(i, ".db")))
		if err != nil {
			b.Fatal(err)
		}
		q, err := OpenQuarantine(filepath.Join(dir, "q.jsonl"))
		if err != nil {
			b.Fatal(err)
		}
		im := &Importer{Line: l, Store: st, Quarantine: q, Now: time.Now}
		start = time.Now()
		if tally, err := im.Import(b.Context(), []string{archive}); err != nil || tally.Added != articles {
			b.Fatalf("%+v, %v", tally, err)
		}
		importing += time.Since(start)
		if err := st.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(importing.Seconds()/reading.Seconds(), "import/read")
	b.ReportMetric(float64(articles*b.N)/importing.Seconds(), "articles/s")
}

// TestRefusedRecord gives an import a record that the store does not take: it is
// set aside, and the import goes on.
func TestRefusedRecord(t *testing.T) {
	dir := t.TempDir()
	st, err := sqlite.Open(filepath.Join(dir, "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	run := &importRun{Importer: importer(t, st, dir), ctx: t.Context(), dirty: map[string]store.Import{}}
	good, err := oneLine()
	if err != nil {
		t.Fatal(err)
	}
	a := detente.Article{ID: "a", Text: "Norway spoke.", Language: "en", Published: "2019-05-09"}
	bad := good.Read(&a)
	bad.Sentences[0].End = 999
	b := a
	b.ID = "b"
	for i, rec := range []detente.Record{bad, good.Read(&b)} {
		run.add(step{state: store.Import{File: "in.jsonl", Items: i + 1}})
		run.take(rec, nil)
	}
	if run.failed != nil || run.tally.Faults != 1 || run.tally.Added != 1 {
		t.Errorf("%+v, %v; want one set aside and one added", run.tally, run.failed)
	}
	aside, err := os.ReadFile(filepath.Join(dir, "q.jsonl"))
	if err != nil || !strings.Contains(string(aside), "999") || !strings.Contains(string(aside), "item 1") {
		t.Errorf("set aside %s, %v", aside, err)
	}
}
