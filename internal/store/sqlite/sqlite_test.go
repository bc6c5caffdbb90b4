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

// TestMigrate opens files of earlier formats and finds in them what was there,
// and what later formats add.
func TestMigrate(t *testing.T) {
	for format := 1; format < Format; format++ {
		t.Run(fmt.Sprint(format), func(t *testing.T) { migrate(t, format) })
	}
}

// layOutOld makes a file of an earlier format with one article in it.
func layOutOld(t *testing.T, path string, format int, u store.Unit) {
	t.Helper()
	db, err := sql.Open("sqlite", dsn(path, "journal_mode(WAL)", "foreign_keys(1)"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	record, hash, err := encode(u)
	if err != nil {
		t.Fatal(err)
	}
	exec := func(statement string, args ...any) {
		t.Helper()
		if _, err := db.Exec(statement, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec(schema)
	exec(fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, format))
	exec(`INSERT INTO article VALUES (1, 'a', ?, 'The Paper', 'Ministers on the line', '2020-05-01', '2020-05-01', '2020-05-01T12:30:15Z', '', 1, 'p1', 'm1', 'r1', ?, ?, ?)`,
		u.Record.Article.URL, u.Record.Text, string(record), hash)
	exec(`INSERT INTO report VALUES ('RUS-USA', '2020-05-01', 'a', 1, '{"acts":[],"claims":[],"sentences":{}}')`)
	exec(`INSERT INTO speaker VALUES (1, 'Olga Perova', 'RUS')`)
	if format >= 2 {
		exec(format2)
		exec(`UPDATE article SET address = 'paper.example/a'`)
	}
	if format < 3 {
		return
	}
	exec(format3)
	tx, err := db.Begin()
	if err == nil {
		err = errors.Join(addLookUps(tx), tx.Commit())
	}
	if err != nil {
		t.Fatal(err)
	}
}

func migrate(t *testing.T, format int) {
	path := filepath.Join(t.TempDir(), "old.db")
	u := storetest.Unit("a", "2020-05-01", "They spoke.")
	u.Record.Article.URL = "https://www.paper.example/a?utm_source=rss"
	u.Record.Statements[0].Speaker.ID = "perova"
	layOutOld(t, path, format, u)
	ctx := context.Background()
	rusUsa := detente.NewDyad("RUS", "USA")
	for range 2 { // the second time there is nothing left to do
		s, err := OpenExisting(path)
		if err != nil {
			t.Fatal(err)
		}
		heads, err := s.At(ctx, "paper.example/a")
		if err != nil || len(heads) != 1 || heads[0].ID != "a" {
			t.Errorf("by its address: %v, %v", heads, err)
		}
		reports, err := s.Reports(ctx, rusUsa, "")
		if err != nil || len(reports) != 1 {
			t.Errorf("reports %v, %v", reports, err)
		}
		for _, q := range []store.Query{{Text: "spoke"}, {Speaker: "perova"}, {Channel: detente.ForeignMinisters}} {
			if hits, err := s.Search(ctx, q); err != nil || len(hits) != 1 {
				t.Errorf("%+v: hits %v, %v", q, hits, err)
			}
		}
		if sayings, err := s.Spoken(ctx, store.Voice{ID: "perova"}, "", store.Place{}, 0); err != nil || len(sayings) != 1 {
			t.Errorf("sayings %v, %v", sayings, err)
		}
		if months, err := s.Months(ctx, rusUsa, ""); err != nil || len(months) != 1 || months[0].Acts != 1 {
			t.Errorf("months %+v, %v", months, err)
		}
		if marks, err := s.Stale(ctx, "r1"); err != nil || len(marks) != 1 || marks[0].Dyad != rusUsa || marks[0].From != "" {
			t.Errorf("to be folded: %v, %v", marks, err)
		}
		if runs, err := s.Runs(ctx); err != nil || len(runs) != 1 || !runs[0].Active || runs[0].Articles != 1 {
			t.Errorf("runs %+v, %v", runs, err)
		}
		if got, _, err := s.Unit(ctx, "a"); err != nil || got.Record.Versions != u.Record.Versions || got.Record.Text != u.Record.Text {
			t.Errorf("unit %+v, %v", got.Record.Versions, err)
		}
		if outcome, err := s.Commit(ctx, u); err != nil || outcome != store.Unchanged {
			t.Errorf("the same unit again: %s, %v", outcome, err)
		}
		if err := s.SaveIndicator(ctx, detente.TimeSeries{Name: "Index", Values: []detente.Value{{Date: "2020-05-01", Value: 1}}}); err != nil {
			t.Error(err)
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

// TestBackup backs up a store while another goroutine commits, and looks for
// each article that had been acknowledged before, whole.
func TestBackup(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	s, err := Open(filepath.Join(dir, "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	commit := func(i int) {
		if _, err := s.Commit(ctx, storetest.Unit(fmt.Sprintf("n%03d", i), "2020-05-01", "They spoke.")); err != nil {
			t.Error(err)
		}
	}
	for i := range 30 {
		commit(i)
	}
	stop, done := make(chan bool), make(chan int)
	go func() {
		for i := 30; ; i++ {
			select {
			case <-stop:
				done <- i
				return
			default:
				commit(i)
			}
		}
	}()
	to := filepath.Join(dir, "backup.db")
	if err := s.Backup(ctx, to); err != nil {
		t.Fatal(err)
	}
	close(stop)
	<-done
	if err := s.Backup(ctx, to); err == nil || !strings.Contains(err.Error(), "name another") {
		t.Errorf("over a file that is there: %v", err)
	}
	if info, err := os.Stat(to); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("backup %v, %v", info, err)
	}
	if _, err := os.Stat(to + ".part"); err == nil {
		t.Error("a part of a backup is left")
	}
	restored := filepath.Join(dir, "new", "y.db")
	if err := Restore(ctx, to, restored); err != nil {
		t.Fatal(err)
	}
	back, err := OpenExisting(restored)
	if err != nil {
		t.Fatal(err)
	}
	defer back.Close()
	dyads, err := back.Dyads(ctx, "")
	list, err2 := back.Articles(ctx, "", 1000)
	if err != nil || err2 != nil || len(list) < 30 || dyads[0].Reports != len(list) {
		t.Errorf("%d articles, dyads %v, %v, %v", len(list), dyads, err, err2)
	}
	if err := Restore(ctx, to, restored); err == nil || !strings.Contains(err.Error(), "another process is using it") {
		t.Errorf("over a store that is open: %v", err)
	}
	back.Close()
	if err := Restore(ctx, to, restored); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(to, []byte("SQLite format 3\x00 and no more"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, from := range map[string]string{"torn": to, "absent": filepath.Join(dir, "none.db")} {
		if err := Restore(ctx, from, filepath.Join(dir, "z.db")); err == nil || !strings.Contains(err.Error(), from) {
			t.Errorf("%s: %v", name, err)
		}
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
