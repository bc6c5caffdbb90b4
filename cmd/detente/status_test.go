package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"detente/internal/store"
	"detente/internal/store/sqlite"
)

// stored makes a store of the record that the brief's tests read.
func stored(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.db")
	st, err := sqlite.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	rec := record(t)
	rec.Article.Text, rec.Article.Read = rec.Text, time.Date(2024, 1, 2, 0, 0, 0, 0, time.UTC)
	if _, err := st.Commit(context.Background(), store.Unit{Record: *rec}); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestStatus compares the board as a person sees it; -update rewrites it.
func TestStatus(t *testing.T) {
	t.Setenv("COLUMNS", "80")
	db := stored(t)
	dyad := strings.Split(record(t).Channels[0].Dyad.String(), "-")
	var out, errs bytes.Buffer
	if got := statusCmd([]string{"--db", db, dyad[1], strings.ToLower(dyad[0])}, nil, &out, &errs); got != exitOK {
		t.Fatalf("exit %d: %s", got, errs.String())
	}
	const file = "testdata/status-80.txt"
	if *update {
		if err := os.WriteFile(file, out.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if out.String() != string(want) {
		t.Errorf("%s differs; got\n%s", file, out.String())
	}
}

func TestStatusAnswers(t *testing.T) {
	db := stored(t)
	dyad := strings.Split(record(t).Channels[0].Dyad.String(), "-")
	for _, c := range []struct {
		args []string
		exit int
		says string // on standard output where the exit is 0, else on standard error
	}{
		{[]string{"--json", dyad[0], dyad[1]}, exitOK, `"reports":1`},
		{[]string{"--as-of", "1999-01-01", dyad[0], dyad[1]}, exitOK, "nothing reported"},
		{[]string{"AAA", "BBB"}, exitFailed, "but about " + strings.Join(dyad, "-")},
		{[]string{"--db", db + "x", dyad[0], dyad[1]}, exitFailed, "detente read --save"},
		{[]string{dyad[0]}, exitUsage, "name two different parties"},
		{[]string{dyad[0], dyad[0]}, exitUsage, "name two different parties"},
		{[]string{"--as-of", "soon", dyad[0], dyad[1]}, exitUsage, "YYYY-MM-DD"},
	} {
		var out, errs bytes.Buffer
		exit := statusCmd(append([]string{"--db", db}, c.args...), nil, &out, &errs)
		said := out.String()
		if exit != exitOK {
			said = errs.String()
			if out.Len() > 0 {
				t.Errorf("%q: an error, and output %s", c.args, out.String())
			}
		}
		if exit != c.exit || !strings.Contains(said, c.says) {
			t.Errorf("%q: exit %d, %s; want %d, %q", c.args, exit, said, c.exit, c.says)
		}
	}
}

// TestServe starts the command, asks it for a page and ends it as a user would.
func TestServe(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no interrupt can be sent to a process on Windows")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "detente") // by which TestMain knows the command
	if err := os.Symlink(self, name); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(name, "serve", "--addr", "127.0.0.1:0", "--log-level", "warn", "--db", stored(t))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var errs bytes.Buffer
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	line, _ := bufio.NewReader(out).ReadString('\n')
	address := regexp.MustCompile(`http://\S+`).FindString(line)
	res, err := http.Get(address)
	if err != nil {
		t.Fatalf("%v; it printed %q, %s", err, line, errs.String())
	}
	body, _ := io.ReadAll(res.Body)
	res.Body.Close()
	if res.StatusCode != http.StatusOK || !bytes.Contains(body, []byte(record(t).Channels[0].Dyad.String())) {
		t.Errorf("the front page: status %d, %s", res.StatusCode, body)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("interrupted: %v, %s", err, errs.String())
	}
	if errs.Len() > 0 {
		t.Errorf("it complained: %s", errs.String())
	}
}

func TestServeRefuses(t *testing.T) {
	for _, c := range []struct {
		args []string
		exit int
		says string
	}{
		{[]string{"--db", stored(t) + "x"}, exitFailed, "no store at"},
		{[]string{"--db", stored(t), "--addr", "8080"}, exitFailed, "HOST:PORT"},
		{[]string{"article.txt"}, exitUsage, "read --save"},
	} {
		var out, errs bytes.Buffer
		if exit := serveCmd(c.args, nil, &out, &errs); exit != c.exit || !strings.Contains(errs.String(), c.says) {
			t.Errorf("%q: exit %d, %s; want %d, %q", c.args, exit, errs.String(), c.exit, c.says)
		}
	}
}
