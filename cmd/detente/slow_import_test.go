//go:build slow && linux

package main

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"detente/internal/store"
	"detente/internal/store/sqlite"
)

// kills is how often the import is killed, at moments drawn from a seed.
const kills = 20

// TestSlowImportIsKilled kills an import (SIGKILL) again and again, at whatever
// it is doing, lets the last one end, and compares store and quarantine with
// those of an import that nobody disturbed.
func TestSlowImportIsKilled(t *testing.T) {
	bin, dir := program(t), t.TempDir()
	in := filepath.Join(dir, "in")
	articles := writeArchives(t, in)
	args := func(db string) []string {
		return []string{"import", "--json", "--db", filepath.Join(dir, db), in}
	}
	start := time.Now()
	if got := runProgram(t, bin, args("whole.db")...); got.exit != 0 || got.stderr != "" {
		t.Fatalf("undisturbed: %+v", got)
	}
	took := time.Since(start)
	whole := storedHeads(t, filepath.Join(dir, "whole.db"))
	if len(whole) != articles {
		t.Fatalf("undisturbed, of %d articles %d are stored", articles, len(whole))
	}
	chance := rand.New(rand.NewPCG(6, 20))
	killed, within, ended := 0, 0, 0
	for killed < kills {
		cmd := exec.Command(bin, args("killed.db")...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(time.Duration(chance.Int64N(int64(took)/4)), func() { cmd.Process.Kill() })
		err := cmd.Wait()
		timer.Stop()
		if err == nil { // it came to the end before: look, and begin again
			ended++
			compare(t, dir, whole)
			for _, name := range []string{"killed.db", "killed.db-wal", "killed.db-shm", "killed.quarantine.jsonl"} {
				os.Remove(filepath.Join(dir, name))
			}
			continue
		}
		killed++
		if n := len(storedHeads(t, filepath.Join(dir, "killed.db"))); n > 0 && n < articles {
			within++
		}
	}
	if last := runProgram(t, bin, args("killed.db")...); last.exit != 0 {
		t.Fatalf("the last run: %+v", last)
	}
	compare(t, dir, whole)
	t.Logf("undisturbed %s; %d kills, %d of them with a part stored; came to the end %d times", took.Round(time.Millisecond), killed, within, ended+1)
	if within < kills/2 {
		t.Errorf("only %d of %d kills fell into the import", within, kills)
	}
}

// compare holds the store and quarantine file of the killed import to those of
// the undisturbed one.
func compare(t *testing.T, dir string, whole map[string]string) {
	t.Helper()
	killed := storedHeads(t, filepath.Join(dir, "killed.db"))
	lost := 0
	for id, head := range whole {
		switch got, ok := killed[id]; {
		case !ok:
			lost++
		case got != head:
			t.Errorf("%s: %s, undisturbed %s", id, got, head)
		}
	}
	doubled := len(killed) - (len(whole) - lost)
	t.Logf("%d articles: %d lost, %d doubled", len(whole), lost, doubled)
	if lost > 0 || doubled > 0 {
		t.Errorf("%d articles lost, %d doubled", lost, doubled)
	}
	if a, b := storedSeries(t, filepath.Join(dir, "whole.db")), storedSeries(t, filepath.Join(dir, "killed.db")); a != b || a == "" {
		t.Errorf("series\n%s\nundisturbed\n%s", b, a)
	}
	if a, b := quarantined(t, dir, "whole"), quarantined(t, dir, "killed"); !slices.Equal(a, b) || len(a) == 0 {
		t.Errorf("quarantine\n%s\nundisturbed\n%s", strings.Join(b, "\n"), strings.Join(a, "\n"))
	}
}

// storedHeads shows all of a store's articles by id: what is said of each, and
// how often its text is found.
func storedHeads(t *testing.T, path string) map[string]string {
	t.Helper()
	st, err := sqlite.OpenExisting(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	hits, err := st.Search(t.Context(), store.Query{Limit: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	heads := map[string]string{}
	for _, h := range hits {
		u, _, err := st.Unit(t.Context(), h.ID)
		if err != nil {
			t.Fatal(err)
		}
		u.Record.Article.Read, h.Read = time.Time{}, time.Time{}
		b, err := json.Marshal([]any{h, u})
		if err != nil {
			t.Fatal(err)
		}
		heads[h.ID] = string(b)
	}
	return heads
}

// storedSeries shows what a store keeps of the states of each of its dyads.
func storedSeries(t *testing.T, path string) string {
	t.Helper()
	st, err := sqlite.OpenExisting(path)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	dyads, err := st.Dyads(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, d := range dyads {
		kept, err := st.Series(t.Context(), d.Dyad, "")
		if err == nil {
			err = json.NewEncoder(&all).Encode(kept)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

func quarantined(t *testing.T, dir, name string) []string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name+".quarantine.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(b)), "\n")
}

// writeArchives makes a folder of archives of every kind, with faults in them,
// and gives how many articles they hold.
func writeArchives(t *testing.T, dir string) (articles int) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, "pages"), 0o777); err != nil {
		t.Fatal(err)
	}
	create := func(name string, write func(io.Writer)) {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		write(f)
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	// Each has a number in nearly every run of words, so that none is a copy.
	story := func(n int) string {
		articles++
		return fmt.Sprintf("The foreign minister of Norway, number %[1]d, met envoy %[1]d of Iceland on Monday. They spoke %[1]d hours about %[1]d nets. “We shall meet %[1]d times”, the minister told reporter %[1]d in Bergen.", n)
	}
	jsonLines := func(w io.Writer, from, n int) {
		for i := from; i < from+n; i++ {
			fmt.Fprintf(w, `{"id":"j%d","outlet":"Paper","title":"Talks %d","published":"2019-05-%02d","language":"en","text":%q}`+"\n", i, i, 1+i%28, story(i))
			if i%50 == 0 {
				fmt.Fprintln(w, `{"id":"torn"`)
			}
		}
	}
	page := func(n int) string {
		return fmt.Sprintf(`<!doctype html><html lang="en"><head><title>Talks %d</title></head><body><article><h1>Talks %d</h1><p>%s</p></article></body></html>`, n, n, story(n))
	}
	create("a.jsonl.gz", func(w io.Writer) {
		z := gzip.NewWriter(w)
		jsonLines(z, 0, 200)
		z.Close()
	})
	create("b.jsonl", func(w io.Writer) { jsonLines(w, 1000, 200) })
	create("c.warc", func(w io.Writer) {
		for i := 2000; i < 2150; i++ {
			answer := "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page(i)
			fmt.Fprintf(w, "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://paper.example/%d\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n", i, len(answer), answer)
			if i%50 == 0 {
				fmt.Fprint(w, "no record at all\r\n\r\n")
			}
		}
	})
	create("d.tar.gz", func(w io.Writer) {
		z := gzip.NewWriter(w)
		a := tar.NewWriter(z)
		for i := 3000; i < 3100; i++ {
			text := page(i)
			a.WriteHeader(&tar.Header{Name: fmt.Sprintf("%d.html", i), Mode: 0o644, Size: int64(len(text))})
			io.WriteString(a, text)
		}
		a.Close()
		z.Close()
	})
	for i := 4000; i < 4100; i++ {
		create(fmt.Sprintf("pages/%d.html", i), func(w io.Writer) { io.WriteString(w, page(i)) })
	}
	create("pages/9.html", func(io.Writer) {})
	return articles
}

// TestSlowImportMemory imports a generated archive for a while and looks at the
// largest resident set. DETENTE_TEST_IMPORT names another archive and
// DETENTE_TEST_MINUTES how long that may take.
func TestSlowImportMemory(t *testing.T) {
	bin, dir := program(t), t.TempDir()
	archive, limit := filepath.Join(dir, "in.jsonl"), time.Minute
	if own := os.Getenv("DETENTE_TEST_IMPORT"); own != "" {
		archive = own
		if _, err := fmt.Sscan(os.Getenv("DETENTE_TEST_MINUTES"), &limit); err == nil {
			limit *= time.Minute
		}
	} else {
		f, err := os.Create(archive)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 400_000 {
			fmt.Fprintf(f, `{"id":"%d","published":"2019-05-09","language":"en","text":"The foreign ministers number %[1]d of Norway and Iceland %[1]d met on Monday %[1]d."}`+"\n", i)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(bin, "import", "--db", filepath.Join(dir, "x.db"), archive)
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(limit, func() { cmd.Process.Signal(syscall.SIGTERM) })
	defer timer.Stop()
	cmd.Wait()
	memory := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss >> 10
	t.Logf("%d MB\n%s", memory, &out)
	const most = 200
	if memory > most || !strings.Contains(out.String(), "added") {
		t.Errorf("used %d MB, at most %d are allowed", memory, most)
	}
}
