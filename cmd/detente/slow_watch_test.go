//go:build slow && linux

package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"detente/internal/store"
	"detente/internal/store/sqlite"
)

// TestSlowWatchStopsAndIsKilled: asked to stop, the program ends well; killed, it
// goes on with what is left.
func TestSlowWatchStopsAndIsKilled(t *testing.T) {
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	defer server.Close()
	const pages = 12
	mux.HandleFunc("/feed", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("ETag", `"1"`)
		io.WriteString(w, `<rss version="2.0"><channel><title>The Fjord Post</title>`)
		for i := range pages {
			fmt.Fprintf(w, `<item><title>Talks number %d</title><link>%s/talks/%[1]d</link></item>`, i, server.URL)
		}
		io.WriteString(w, `</channel></rss>`)
	})
	mux.HandleFunc("/talks/", func(w http.ResponseWriter, r *http.Request) {
		n := filepath.Base(r.URL.Path)
		fmt.Fprintf(w, `<html lang="en"><body><article><h1>Talks number %s</h1><p>Minister %[1]s of Norway met envoy %[1]s of Iceland on Monday %[1]s, the ministry said.</p></article></body></html>`, n)
	})
	bin, db := program(t), filepath.Join(t.TempDir(), "x.db")
	if got := runProgram(t, bin, "source", "add", "--db", db, server.URL+"/feed"); got.exit != 0 {
		t.Fatalf("%+v", got)
	}
	for round, sig := range []syscall.Signal{syscall.SIGKILL, syscall.SIGKILL, syscall.SIGTERM} {
		cmd := exec.Command(bin, "watch", "--allow-private", "--pause", "50ms", "--db", db)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; n < 4 && lines.Scan(); n++ {
			if strings.Contains(lines.Text(), " ! ") {
				t.Errorf("round %d: %s", round, lines.Text())
			}
		}
		cmd.Process.Signal(sig)
		io.Copy(io.Discard, out)
		if err := cmd.Wait(); (err == nil) != (sig == syscall.SIGTERM) {
			t.Errorf("round %d: %s ends it with %v", round, sig, err)
		}
	}
	if got := runProgram(t, bin, "watch", "--once", "--allow-private", "--pause", "50ms", "--db", db); got.exit != 0 {
		t.Fatalf("%+v", got)
	}
	st, err := sqlite.OpenExisting(db)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	hits, err := st.Search(t.Context(), store.Query{Text: "envoy"})
	if err != nil || len(hits) != pages {
		t.Errorf("of %d pages %d are found, %v", pages, len(hits), err)
	}
	if all, err := st.Search(t.Context(), store.Query{}); err != nil || len(all) != pages {
		t.Errorf("of %d articles %d are shown, %v", pages, len(all), err)
	}
}
