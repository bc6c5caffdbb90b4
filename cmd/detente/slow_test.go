//go:build slow && linux

package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"unicode/utf16"
)

// maxMemory is what no single input may make the program use.
const maxMemory = 300 << 20

// outcome is how one run of the built program ended.
type outcome struct {
	exit           int
	stdout, stderr string
	memory         int64 // resident set at its largest, bytes
}

// program builds the command as it ships.
func program(t *testing.T) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "detente")
	build := exec.Command("go", "build", "-o", bin, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return bin
}

func runProgram(t *testing.T, bin string, args ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(bin, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return outcome{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String(), usage.Maxrss * 1024}
}

// hostile is an input, how reading it must end, and what must be printed.
type hostile struct {
	name   string
	write  func(w io.Writer)
	args   []string
	exit   int
	stdout string // a pattern
	stderr string // a pattern
}

const note = "Norway and Iceland resume talks on fish\n\nNorway and Iceland resumed talks on fish on Wednesday, Foreign Minister Ine Eriksen Søreide said. “We were never far apart”, she told reporters.\n"

func hostileFiles() []hostile {
	return []hostile{
		{name: "empty.txt", write: text(""), exit: 1, stderr: `empty\.txt: it is empty; give `},
		{name: "blank.txt", write: text(" \n\t\n\r\n"), exit: 1, stderr: `blank\.txt: .*; give `},
		{name: "binary.txt", write: text("\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00"), exit: 1, stderr: `binary\.txt: it is binary, not text; give `},
		{name: "cut.txt.gz", write: cutGzip, exit: 1, stderr: `cut\.txt\.gz: .*ends early`},
		{name: "bomb.gz", write: gzipBomb, exit: 1, stderr: `bomb\.gz: .*more than \d+ MB`},
		{name: "utf16le.txt", write: inUTF16(false), stdout: `“We were never far apart”.*Søreide|Søreide.*“We were never far apart”`},
		{name: "utf16be.txt", write: inUTF16(true), stdout: `Søreide`},
		{name: "windows1252.txt", write: inWindows1252, stdout: `S\x{f8}reide said\. “We were never far apart”`},
		{name: "broken-utf8.txt", write: text(strings.Replace(note, "fish", "fi\xff\xc3sh", 1)), stdout: `"codebook":1`},
		{name: "long-line.txt", write: repeat("talks ", 100<<20), exit: 1, stderr: `long-line\.txt: .*more than \d+ MB; split it`},
		{name: "long-line.jsonl", write: longJSONLine, exit: 1, stdout: `"id":"after"`, stderr: `long-line\.jsonl: line 1: .*more than \d+ MB; split it`},
		{name: "deep.html", write: deepPage, stdout: `resumed talks on fish on Wednesday`},
		{name: "long-article.txt", write: repeat("The foreign ministers of Norway and Iceland met on Wednesday. ", 600<<10), exit: 1, stderr: `\d+ bytes of text, the most is \d+; split it`},
		{name: "very-long-article.txt", write: repeat("The foreign ministers of Norway and Iceland met on Wednesday. ", 3<<20), exit: 1, stderr: `long-article\.txt: .*split it`},
		{name: "many-long.jsonl", write: manyLong, stdout: `"id":"7"`},
		{name: "as-long-as-may-be.txt", write: repeat("The foreign ministers of Norway and Iceland met on Wednesday, the minister said.\n\n", 380<<10), stdout: `"codebook":1`},
		{name: "one-sentence.txt", write: repeat("talks ", 380<<10), stdout: `"codebook":1`},
		{name: "one-word.txt", write: repeat("talks", 380<<10), stdout: `"codebook":1`},
		{name: "marks.txt", write: repeat("“‘(", 380<<10), stdout: `"codebook":1`},
		{name: "no-date.txt", write: text(note), args: []string{"--date", "2016-02-30"}, exit: 2, stderr: `--date "2016-02-30": not a date; write YYYY-MM-DD`},
	}
}

// TestSlowHostileFiles reads each input alone: the exit status and messages
// are right, and memory stays within bounds.
func TestSlowHostileFiles(t *testing.T) {
	bin, dir := program(t), t.TempDir()
	for _, h := range hostileFiles() {
		t.Run(h.name, func(t *testing.T) {
			name := filepath.Join(dir, h.name)
			f, err := os.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			defer os.Remove(name)
			w := bufio.NewWriter(f)
			h.write(w)
			if err := errors.Join(w.Flush(), f.Close()); err != nil {
				t.Fatal(err)
			}
			args := append([]string{"read", "--json", "--date", "2019-05-09"}, h.args...)
			h.check(t, runProgram(t, bin, append(args, name)...))
		})
	}
}

func (h *hostile) check(t *testing.T, got outcome) {
	t.Helper()
	if got.exit != h.exit {
		t.Errorf("exit status %d, want %d", got.exit, h.exit)
	}
	if !regexp.MustCompile(h.stdout).MatchString(got.stdout) {
		t.Errorf("standard output has no %q; it begins %.300q", h.stdout, got.stdout)
	}
	if !regexp.MustCompile(h.stderr).MatchString(got.stderr) {
		t.Errorf("standard error has no %q; it begins %.300q", h.stderr, got.stderr)
	}
	if h.exit == 0 && got.stderr != "" {
		t.Errorf("standard error has %.300q", got.stderr)
	}
	if strings.Contains(got.stderr, "goroutine ") {
		t.Errorf("the program fell over:\n%.2000s", got.stderr)
	}
	if got.memory > maxMemory {
		t.Errorf("used %d MB of memory, at most %d MB are allowed", got.memory>>20, maxMemory>>20)
	}
	t.Logf("%d MB", got.memory>>20)
}

// TestSlowHostileServers does the same over the network of the own machine.
func TestSlowHostileServers(t *testing.T) {
	bin := program(t)
	mux := http.NewServeMux()
	mux.HandleFunc("/missing", http.NotFound)
	mux.HandleFunc("/loop", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/loop?"+r.URL.RawQuery+"x", http.StatusFound)
	})
	mux.HandleFunc("/huge", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		endless(w, 1<<30)
	})
	mux.HandleFunc("/bomb", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		w.Header().Set("Content-Encoding", "gzip")
		gzipBomb(w)
	})
	mux.HandleFunc("/good", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		io.WriteString(w, note)
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	for _, h := range []hostile{
		{name: "/missing", exit: 1, stderr: `/missing: .*404`},
		{name: "/loop", exit: 1, stderr: `/loop.*redirect`},
		{name: "/huge", exit: 1, stderr: `/huge: .*MB`},
		{name: "/bomb", exit: 1, stderr: `/bomb: .*MB`},
		{name: "/good", stdout: `"url":"http://127\.0\.0\.1:\d+/good"`},
	} {
		t.Run(h.name, func(t *testing.T) {
			h.check(t, runProgram(t, bin, "read", "--json", "--allow-private", "--date", "2019-05-09", server.URL+h.name))
		})
	}
	t.Run("refused", func(t *testing.T) {
		h := hostile{exit: 1, stderr: `allow it with --allow-private`}
		h.check(t, runProgram(t, bin, "read", "--json", server.URL+"/good"))
	})
}

func text(s string) func(io.Writer) {
	return func(w io.Writer) { io.WriteString(w, s) }
}

// repeat writes s again and again, n bytes in all.
func repeat(s string, n int) func(io.Writer) {
	return func(w io.Writer) {
		for ; n >= len(s); n -= len(s) {
			io.WriteString(w, s)
		}
	}
}

// endless writes n bytes, or as many as somebody takes.
func endless(w io.Writer, n int) {
	block := bytes.Repeat([]byte("talks "), 10<<10)
	for ; n > 0; n -= len(block) {
		if _, err := w.Write(block); err != nil {
			return
		}
	}
}

func cutGzip(w io.Writer) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	io.WriteString(z, note)
	z.Close()
	w.Write(b.Bytes()[:b.Len()-12])
}

func gzipBomb(w io.Writer) {
	z, _ := gzip.NewWriterLevel(w, gzip.BestSpeed)
	endless(z, 1<<30)
	z.Close()
}

func inUTF16(bigEndian bool) func(io.Writer) {
	return func(w io.Writer) {
		for _, u := range utf16.Encode([]rune("\ufeff" + note)) {
			pair := []byte{byte(u), byte(u >> 8)}
			if bigEndian {
				pair[0], pair[1] = pair[1], pair[0]
			}
			w.Write(pair)
		}
	}
}

func inWindows1252(w io.Writer) {
	io.WriteString(w, strings.NewReplacer("ø", "\xf8", "“", "\x93", "”", "\x94").Replace(note))
}

func longJSONLine(w io.Writer) {
	io.WriteString(w, `{"id":"long","text":"`)
	repeat("talks ", 100<<20)(w)
	fmt.Fprintf(w, "\"}\n{\"id\":\"after\",\"text\":%q}\n", note)
}

// deepPage nests a million tags around a sentence.
func deepPage(w io.Writer) {
	io.WriteString(w, "<!doctype html><title>Fish</title><body>")
	repeat("<div>", 5_000_000)(w)
	io.WriteString(w, "<p>Norway and Iceland resumed talks on fish on Wednesday.</p>")
}

// manyLong is eight of the longest articles, of which not too many may be
// read at a time.
func manyLong(w io.Writer) {
	for i := range 8 {
		fmt.Fprintf(w, `{"id":"%d","text":"`, i)
		repeat("The foreign ministers of Norway and Iceland met on Wednesday. ", 200<<10)(w)
		io.WriteString(w, "\"}\n")
	}
}
