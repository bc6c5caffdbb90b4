package sqlite

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"detente"
	"detente/internal/store"
	"detente/internal/store/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T, dir string) store.Store {
		s, err := Open(filepath.Join(dir, "x.db"))
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}

func TestPermissions(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no Unix permissions on Windows")
	}
	path := filepath.Join(t.TempDir(), "new", "x.db")
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Commit(context.Background(), storetest.Unit("a", "2020-05-01", "They spoke.")); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]fs.FileMode{path: 0o600, path + "-wal": 0o600, path + "-shm": 0o600, filepath.Dir(path): 0o700} {
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v; want %v", name, info.Mode().Perm(), err, want)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	write := func(name, content string) {
		if err := os.WriteFile(at(name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	alter := func(name, statement string) {
		s, err := Open(at(name))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.write.Exec(statement); err != nil {
			t.Fatal(err)
		}
		s.Close()
	}
	write("text.db", strings.Repeat("not a database, but long enough to be one\n", 50))
	write("short.db", "x")
	alter("newer.db", "PRAGMA user_version = 99")
	alter("foreign.db", "PRAGMA application_id = 7")
	alter("torn.db", "SELECT 1")
	raw, err := os.ReadFile(at("torn.db"))
	if err != nil {
		t.Fatal(err)
	}
	write("torn.db", string(raw[:100])+strings.Repeat("\xff", len(raw)-100))
	for name, want := range map[string]string{
		"text.db":    "no database",
		"short.db":   "no database",
		"newer.db":   "newer Detente (format 99",
		"foreign.db": "another program",
		"torn.db":    "damaged",
		"":           dir, // a folder
	} {
		before, _ := os.ReadFile(at(name))
		s, err := Open(at(name))
		if err == nil {
			s.Close()
		}
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), at(name)) {
			t.Errorf("%s: error %v; want it to name the file and say %q", name, err, want)
		}
		if after, _ := os.ReadFile(at(name)); string(before) != string(after) {
			t.Errorf("%s: was changed", name)
		}
	}
	if _, err := OpenExisting(at("none.db")); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "--save") {
		t.Errorf("OpenExisting of no file: %v", err)
	}
	if _, err := os.Stat(at("none.db")); err == nil {
		t.Error("OpenExisting made a file")
	}
}

// TestMigrate opens a file of format 1 and finds in it what was there, and room
// for what later formats add.
func TestMigrate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "old.db")
	db, err := sql.Open("sqlite", dsn(path, "journal_mode(WAL)", "foreign_keys(1)"))
	if err != nil {
		t.Fatal(err)
	}
	u := storetest.Unit("a", "2020-05-01", "They spoke.")
	u.Record.Article.URL = "https://www.paper.example/a?utm_source=rss"
	record, hash, err := encode(u)
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{schema, fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = 1", applicationID)} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.Exec(`INSERT INTO article VALUES (1, 'a', 'https://www.paper.example/a?utm_source=rss', 'The Paper', 'Ministers on the line',
		'2020-05-01', '2020-05-01', '2020-05-01T12:30:15Z', '', 1, 'p1', 'm1', 'r1', ?, ?, ?)`, u.Record.Text, string(record), hash); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`INSERT INTO report VALUES ('RUS-USA', '2020-05-01', 'a', 1, '{"acts":[],"claims":[],"sentences":{}}')`); err != nil {
		t.Fatal(err)
	}
	db.Close()
	ctx := context.Background()
	for range 2 { // the second time there is nothing left to do
		s, err := OpenExisting(path)
		if err != nil {
			t.Fatal(err)
		}
		heads, err := s.At(ctx, "paper.example/a")
		if err != nil || len(heads) != 1 || heads[0].ID != "a" {
			t.Errorf("by its address: %v, %v", heads, err)
		}
		reports, err := s.Reports(ctx, detente.NewDyad("RUS", "USA"), "")
		if err != nil || len(reports) != 1 {
			t.Errorf("reports %v, %v", reports, err)
		}
		if hits, err := s.Search(ctx, store.Query{Text: "spoke"}); err != nil || len(hits) != 1 {
			t.Errorf("hits %v, %v", hits, err)
		}
		if outcome, err := s.Commit(ctx, u); err != nil || outcome != store.Unchanged {
			t.Errorf("the same unit again: %s, %v", outcome, err)
		}
		if err := s.SaveSource(ctx, store.Source{Address: "https://paper.example/feed"}); err != nil {
			t.Error(err)
		}
		// What was there before anybody looked at states is no change.
		if list, err := s.Stirred(ctx, 9); err != nil || len(list) != 1 || !list[0].Silent {
			t.Errorf("stirred %+v, %v", list, err)
		}
		var format int
		if err := s.read.QueryRow(`PRAGMA user_version`).Scan(&format); err != nil || format != Format {
			t.Errorf("format %d, %v", format, err)
		}
		s.Close()
	}
}

// TestLogIsKept: the file itself refuses to change or drop a line of the log.
func TestLogIsKept(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	line := store.Change{At: time.Unix(1588336215, 0), Item: "RUS-USA/all", Field: "state", New: "open", Trigger: store.ByReading}
	if _, err := s.Log(context.Background(), line); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{`UPDATE log SET new = 'frozen'`, `DELETE FROM log`} {
		if _, err := s.write.Exec(statement); err == nil || !strings.Contains(err.Error(), "lines of the log") {
			t.Errorf("%s: %v", statement, err)
		}
	}
}

// TestOlderSeriesIsNotSaved: of two that fold beside each other, the one that
// began earlier and ends later does not undo the other.
func TestOlderSeriesIsNotSaved(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx, dyad := context.Background(), detente.NewDyad("RUS", "USA")
	folded := func(reports int, rules string) detente.Series {
		return detente.Series{Dyad: dyad, Rules: rules, Counts: []detente.Count{{Day: "2020-05-01", Reports: reports, Origins: reports, Latest: "2020-05-01"}}}
	}
	mark := func(id, rules string) store.Mark {
		t.Helper()
		if id != "" {
			if _, err := s.Commit(ctx, storetest.Unit(id, "2020-05-01", "They spoke of "+id+".")); err != nil {
				t.Fatal(err)
			}
		}
		marks, err := s.Stale(ctx, rules)
		if err != nil || len(marks) != 1 {
			t.Fatal(marks, err)
		}
		return marks[0]
	}
	save := func(what string, series detente.Series, m store.Mark, want int) {
		t.Helper()
		if err := s.SaveSeries(ctx, series, m); err != nil {
			t.Fatal(err)
		}
		got, err := s.Series(ctx, dyad, "")
		reports := 0
		if err == nil && len(got.Counts) > 0 {
			reports = got.Counts[0].Reports
		}
		if err != nil || reports != want {
			t.Errorf("%s: kept is a series of %d reports, %v; want %d", what, reports, err, want)
		}
	}
	first := mark("a", "f1")
	second := mark("b", "f1")
	save("something was committed since", folded(1, "f1"), first, 0)
	save("the mark stands", folded(2, "f1"), second, 2)
	save("another has saved", folded(1, "f1"), first, 2)
	anew := mark("", "f2") // other rules
	save("other rules", folded(7, "f2"), anew, 7)
	save("other rules twice", folded(6, "f2"), anew, 7)
}

func TestOpenTakesAnyPath(t *testing.T) {
	path := filepath.Join(t.TempDir(), "what? 100% #1 & ünï=x.db")
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		t.Errorf("the store is not in the file named: %v", err)
	}
}

func TestDefaultPath(t *testing.T) {
	home := func() (string, error) { return filepath.FromSlash("/home/me"), nil }
	for _, test := range []struct{ goos, key, value, want string }{
		{"linux", "", "", "/home/me/.local/share/detente/detente.db"},
		{"linux", "XDG_DATA_HOME", "/data", "/data/detente/detente.db"},
		{"linux", "XDG_DATA_HOME", "data", "/home/me/.local/share/detente/detente.db"},
		{"darwin", "", "", "/home/me/Library/Application Support/detente/detente.db"},
		{"windows", "LOCALAPPDATA", "/Local", "/Local/detente/detente.db"},
		{"windows", "", "", "/home/me/AppData/Local/detente/detente.db"},
	} {
		got, err := defaultPath(test.goos, func(k string) string {
			if k == test.key {
				return test.value
			}
			return ""
		}, home)
		if err != nil || filepath.ToSlash(got) != test.want {
			t.Errorf("%s with %s=%s: %s, %v; want %s", test.goos, test.key, test.value, got, err, test.want)
		}
	}
}

// TestKill commits in another process, kills it without warning at whatever it
// is doing, and looks for every article that it had said was committed.
func TestKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	if path := os.Getenv("DETENTE_TEST_COMMIT_TO"); path != "" {
		commitForEver(path)
	}
	acknowledged := map[string]bool{}
	for round := range 3 {
		cmd := exec.Command(os.Args[0], "-test.run=^TestKill$")
		cmd.Env = append(os.Environ(), "DETENTE_TEST_COMMIT_TO="+path, fmt.Sprintf("DETENTE_TEST_ROUND=%d", round))
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; n < 25*(round+1) && lines.Scan(); n++ {
			acknowledged[lines.Text()] = true
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() { // said before the kill, read after it
			acknowledged[lines.Text()] = true
		}
		cmd.Wait()
	}
	if len(acknowledged) < 100 {
		t.Fatalf("only %d commits were acknowledged", len(acknowledged))
	}
	s, err := OpenExisting(path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for id := range acknowledged {
		if _, _, err := s.Unit(context.Background(), id); err != nil {
			t.Errorf("%s was acknowledged: %v", id, err)
		}
	}
	var verdict string
	if err := s.read.QueryRow(`PRAGMA integrity_check`).Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("integrity check: %s, %v", verdict, err)
	}
}

func commitForEver(path string) {
	s, err := Open(path)
	for i := 0; err == nil; i++ {
		id := fmt.Sprintf("%s-%d", os.Getenv("DETENTE_TEST_ROUND"), i)
		if _, err = s.Commit(context.Background(), storetest.Unit(id, "2020-05-01", "They spoke.")); err == nil {
			fmt.Println(id)
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func BenchmarkCommit(b *testing.B) {
	s, err := Open(filepath.Join(b.TempDir(), "x.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	for i := 0; b.Loop(); i++ {
		if _, err := s.Commit(context.Background(), storetest.Unit(fmt.Sprint(i), "2020-05-01", "They spoke.")); err != nil {
			b.Fatal(err)
		}
	}
}
