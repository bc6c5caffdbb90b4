package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"detente/internal/store"
	"detente/internal/store/sqlite"
	"detente/internal/store/storetest"
)

func TestTokens(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const good = "0123456789abcdef0123"
	for name, test := range map[string]struct {
		env, file   string
		want, wrong string
	}{
		"none":            {"", "", "", ""},
		"environment":     {good, "", good, ""},
		"file":            {"", file("good", good+"\n", 0o600), good, ""},
		"read-only file":  {"", file("readonly", good, 0o400), good, ""},
		"both":            {good, file("both", good, 0o600), "", "leave one of them out"},
		"readable by all": {"", file("all", good, 0o644), "", "chmod 600"},
		"by a group":      {"", file("group", good, 0o640), "", "chmod 600"},
		"short":           {"secret", "", "", "shorter than 16"},
		"short file":      {"", file("short", "secret", 0o600), "", "shorter than 16"},
		"empty file":      {"", file("empty", " \n", 0o600), "", "no token in it"},
		"no file":         {"", filepath.Join(dir, "none"), "", "no such file"},
	} {
		if runtime.GOOS == "windows" && strings.Contains(test.wrong, "chmod") {
			continue
		}
		t.Setenv("DETENTE_WRITE_TOKEN", test.env)
		got, err := token("DETENTE_WRITE_TOKEN", test.file)
		if got != test.want || (err == nil) != (test.wrong == "") || err != nil && !strings.Contains(err.Error(), test.wrong) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
		if err != nil && (strings.Contains(err.Error(), good) || strings.Contains(err.Error(), "secret ")) {
			t.Errorf("%s: the token stands in %v", name, err)
		}
	}
	t.Setenv("DETENTE_WRITE_TOKEN", good)
	t.Setenv("DETENTE_READ_TOKEN", good)
	if _, err := (&operation{}).read("x.db"); err == nil || !strings.Contains(err.Error(), "are the same") {
		t.Errorf("one token for both: %v", err)
	}
}

func TestOperationFlags(t *testing.T) {
	op, err := (&operation{rate: 5, proxies: many{"127.0.0.1", "10.1.2.3/8", "2001:db8::/32"}}).read("/data/x.db")
	if err != nil || len(op.Proxies) != 3 || op.Proxies[0].String() != "127.0.0.1/32" || op.Proxies[1].String() != "10.0.0.0/8" || op.Quarantine != "/data/x.quarantine.jsonl" {
		t.Errorf("%+v, %v", op, err)
	}
	for wrong, o := range map[string]operation{"--rate -1": {rate: -1}, `--trusted-proxy "proxy.example"`: {proxies: many{"proxy.example"}}} {
		if _, err := o.read("x.db"); err == nil || !strings.Contains(err.Error(), wrong) {
			t.Errorf("%s: %v", wrong, err)
		}
	}
}

// served is a server in a process of its own.
type served struct {
	*exec.Cmd
	base   string
	stderr *bytes.Buffer
}

// detenteProcess makes a process of this program; the tests' own binary is it.
func detenteProcess(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	path, err := exec.LookPath("detente") // put there by testscript.Main
	if err != nil {
		t.Fatal(err)
	}
	return exec.Command(path, args...)
}

func startServer(t *testing.T, db string, env ...string) *served {
	t.Helper()
	s := &served{Cmd: detenteProcess(t, "serve", "--addr", "127.0.0.1:0", "--log", "json", "--db", db), stderr: &bytes.Buffer{}}
	s.Env = append(os.Environ(), env...)
	s.Stderr = s.stderr
	out, err := s.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Process.Kill() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		s.Wait()
		t.Fatalf("%v: %s", err, s.stderr)
	}
	s.base = strings.TrimSuffix(strings.Fields(line)[2], "/")
	return s
}

// TestServeProcess: the server as an operator runs it: settings from the
// environment, a log of JSON, and an end in good order.
func TestServeProcess(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no SIGTERM on Windows")
	}
	db := filepath.Join(t.TempDir(), "x.db")
	st, err := sqlite.Open(db)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if _, err := st.Commit(t.Context(), storetest.Unit("a", "2020-05-01", "They spoke.")); err != nil {
		t.Fatal(err)
	}
	const token = "0123456789abcdef0123"
	s := startServer(t, db, "DETENTE_WRITE_TOKEN="+token)
	res, err := http.Get(s.base + "/statements/a/s1?as_of=2020-05-02")
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%v, %v", res, err)
	}
	res.Body.Close()

	// A review whose body is still on its way when the server is asked to stop.
	reader, rest := io.Pipe()
	req, err := http.NewRequest("POST", s.base+"/api/v1/reviews", reader)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	answer := make(chan string, 1)
	go func() {
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			answer <- err.Error()
			return
		}
		body, _ := io.ReadAll(res.Body)
		answer <- res.Status + " " + string(body)
	}()
	// The pipe hands a byte over once the client has sent the head before it.
	io.WriteString(rest, `{"item":"a#s1","verdict":"confirmed",`)
	for {
		if res, err := http.Get(s.base + "/healthz"); err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%v, %v", res, err)
		}
		if figures := get(t, s.base+"/metrics"); strings.Contains(figures, "detente_store_articles 1") {
			break
		}
	}
	s.Process.Signal(syscall.SIGTERM)
	for deadline := time.Now().Add(10 * time.Second); ; { // until it takes no more
		if _, err := http.Get(s.base + "/healthz"); err != nil || time.Now().After(deadline) {
			break
		}
	}
	io.WriteString(rest, `"by":"A. Reader"}`)
	rest.Close()
	if got := <-answer; !strings.HasPrefix(got, "201 ") {
		t.Errorf("the request under way got %s", got)
	}
	if err := s.Wait(); err != nil {
		t.Errorf("SIGTERM ends it with %v: %s", err, s.stderr)
	}
	log, err := st.Changes(t.Context(), store.ChangeQuery{Item: "a#s1"})
	if err != nil || len(log) != 1 {
		t.Errorf("the log has %+v, %v", log, err)
	}
	var last map[string]any
	for line := range strings.Lines(s.stderr.String()) {
		if err := json.Unmarshal([]byte(line), &last); err != nil {
			t.Errorf("the log has %s: %v", line, err)
		}
	}
	if last["msg"] != "stopped" || strings.Contains(s.stderr.String(), token) || strings.Contains(s.stderr.String(), "2020-05-02") {
		t.Errorf("log %s", s.stderr)
	}
}

func get(t *testing.T, address string) string {
	t.Helper()
	res, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// TestWatchStops: asked to stop while a receiver thinks about a message, watch
// ends, and the message is delivered by the next one under the same id.
func TestWatchStops(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there is no SIGTERM on Windows")
	}
	db := filepath.Join(t.TempDir(), "x.db")
	ids := make(chan string, 9)
	hold := make(chan struct{})
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		ids <- r.Header.Get("webhook-id")
		select {
		case <-hold:
		case <-r.Context().Done():
		}
	}))
	defer receiver.Close()
	st, err := sqlite.Open(db)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if _, err := st.AddHook(t.Context(), store.Hook{Address: receiver.URL, Secret: []byte("x")}); err != nil {
		t.Fatal(err)
	}
	u := storetest.Unit("a", "2020-05-01", "They spoke.")
	u.Record.Claims = nil
	if _, err := st.Commit(t.Context(), u); err != nil {
		t.Fatal(err)
	}
	watch := func() *exec.Cmd {
		cmd := detenteProcess(t, "watch", "--allow-private-hooks", "--db", db)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { cmd.Process.Kill() })
		return cmd
	}
	cmd := watch()
	first := <-ids
	cmd.Process.Signal(syscall.SIGTERM)
	if err := cmd.Wait(); err != nil {
		t.Errorf("SIGTERM ends watch with %v", err)
	}
	hooks, err := st.Hooks(t.Context())
	if err != nil || hooks[0].Waiting == 0 || hooks[0].Failures != 0 || hooks[0].Sent != 0 {
		t.Fatalf("hook %+v, %v", hooks, err)
	}
	close(hold)
	// Until the claim of the one that stopped has run out, the hook is its own.
	hooks[0].Next = time.Now().Add(-time.Second)
	if err := st.Tried(t.Context(), hooks[0], store.Delivery{}, store.Failed); err != nil {
		t.Fatal(err)
	}
	cmd = watch()
	if again := <-ids; again != first {
		t.Errorf("the message is sent again as %s, and was %s", again, first)
	}
	cmd.Process.Signal(syscall.SIGKILL)
	cmd.Wait()
}
