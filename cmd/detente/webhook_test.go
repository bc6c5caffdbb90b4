package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// message is what a receiver is sent, as far as these tests look at it.
type message struct {
	Type string
	Data struct {
		Was string
		Is  struct {
			Dyad    []string
			Channel string
			State   string
		}
	}
}

// desk is a receiver that takes everything.
type desk struct {
	*httptest.Server
	mu  sync.Mutex
	got []message
}

func newDesk(t *testing.T) *desk {
	d := &desk{}
	d.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var m message
		if err := json.Unmarshal(body, &m); err != nil || r.Header.Get("webhook-signature") == "" {
			t.Errorf("%s: %v; headers %v", body, err, r.Header)
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		d.got = append(d.got, m)
	}))
	t.Cleanup(d.Close)
	return d
}

// taken gives what was sent since it was last asked.
func (d *desk) taken() []message {
	d.mu.Lock()
	defer d.mu.Unlock()
	got := d.got
	d.got = nil
	return got
}

// The verbs together: what import and watch read goes out to those who asked.
func TestImportAndWatchTell(t *testing.T) {
	feed := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/feed" {
			http.NotFound(w, r)
			return
		}
		io.WriteString(w, `<rss version="2.0"><channel><title>The Fjord Post</title><item><title>Norway recalls its ambassador from Iceland</title>
			<description>Norway recalled its ambassador from Iceland on Thursday, the foreign ministry said.</description><pubDate>Thu, 16 May 2019 08:00:00 GMT</pubDate></item></channel></rss>`)
	}))
	defer feed.Close()
	desk := newDesk(t)
	dir := t.TempDir()
	db, text := filepath.Join(dir, "x.db"), filepath.Join(dir, "talks.txt")
	if err := os.WriteFile(text, []byte("Ministers talk\n\nThe foreign ministers of Norway and Iceland met in Oslo on Tuesday, the Norwegian foreign ministry said.\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	detente := func(args ...string) string {
		t.Helper()
		var out, errs bytes.Buffer
		if exit := run(append(args, "--db", db), strings.NewReader(""), &out, &errs); exit != exitOK {
			t.Fatalf("%v ends with %d: %s%s", args, exit, &out, &errs)
		}
		return out.String() + errs.String()
	}
	if out := detente("webhook", "add", "--allow-private-hooks", "--dyad", "ISL-NOR", desk.URL); !strings.Contains(out, "secret whsec_") {
		t.Errorf("add prints %s", out)
	}
	detente("webhook", "test", "--allow-private-hooks", "1")
	if got := desk.taken(); len(got) != 1 || got[0].Type != "detente.test" {
		t.Errorf("the test sent %+v", got)
	}
	// Where private addresses are not allowed, the import says so, and the
	// message waits.
	if out := detente("import", "--date", "2019-05-08", text); !strings.Contains(out, "warning: webhook 1 has not taken message") {
		t.Errorf("import prints %s", out)
	}
	if got := desk.taken(); len(got) != 0 {
		t.Errorf("sent to an address that is not allowed: %+v", got)
	}
	if out := detente("webhook", "list"); !regexp.MustCompile(`waiting [1-9]`).MatchString(out) || !strings.Contains(out, "--allow-private-hooks") {
		t.Errorf("list prints %s", out)
	}
	// To try again at once, the pause after the failure is taken away as an
	// operator would: by a new entry.
	detente("webhook", "remove", "1")
	detente("webhook", "add", "--allow-private-hooks", desk.URL)
	if got := desk.taken(); len(got) != 0 {
		t.Errorf("what changed before is told: %+v", got)
	}
	detente("source", "add", feed.URL+"/feed")
	out := detente("watch", "--once", "--allow-private", "--allow-private-hooks", "--pause", "1ms")
	if !regexp.MustCompile(`(?m)^20\S+Z webhook 2: message msg_[A-Z2-7]+, try 1: taken$`).MatchString(out) {
		t.Errorf("watch prints %s", out)
	}
	found := false
	for _, m := range desk.taken() {
		is := m.Data.Is
		if m.Type != "channel.state_changed" || strings.Join(is.Dyad, "-") != "ISL-NOR" || m.Data.Was == is.State {
			t.Errorf("message %+v", m)
		}
		found = found || is.Channel == "embassies" && is.State == "frozen"
	}
	if !found {
		t.Errorf("the recall is not told; watch prints %s", out)
	}
	detente("watch", "--once", "--allow-private", "--allow-private-hooks")
	if got := desk.taken(); len(got) != 0 {
		t.Errorf("told twice: %+v", got)
	}
}

// As a log, watch tells the same, without addresses of receivers.
func TestWatchLogs(t *testing.T) {
	feed := httptest.NewServer(http.NotFoundHandler())
	defer feed.Close()
	db := filepath.Join(t.TempDir(), "x.db")
	var out, errs bytes.Buffer
	for _, args := range [][]string{
		{"source", "add", "--db", db, feed.URL + "/feed"},
		{"watch", "--once", "--allow-private", "--pause", "1ms", "--log", "json", "--db", db},
	} {
		out.Reset()
		if exit := run(args, strings.NewReader(""), &out, &errs); exit != exitOK {
			t.Fatalf("%v ends with %d: %s%s", args, exit, &out, &errs)
		}
	}
	var line struct {
		Level, Msg, Address, Error, Time string
	}
	if err := json.Unmarshal(errs.Bytes(), &line); err != nil || line.Level != "WARN" || line.Msg != "visit" || line.Address != feed.URL+"/feed" ||
		!strings.Contains(line.Error, "404") || !strings.HasSuffix(line.Time, "Z") || out.Len() > 0 {
		t.Errorf("log %s, %v; standard output %s", &errs, err, &out)
	}
	for _, wrong := range [][]string{{"--log", "xml"}, {"--log-level", "loud"}} {
		if exit := run(append([]string{"watch", "--db", db}, wrong...), strings.NewReader(""), &out, &errs); exit != exitUsage {
			t.Errorf("%v ends with %d", wrong, exit)
		}
	}
}
