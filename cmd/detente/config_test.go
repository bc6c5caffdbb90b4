package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// operated are the verbs that an operator sets up; all that they can be told is
// in the list of settings.
var operated = []string{"serve", "watch", "import", "webhook"}

// TestConfigDoc holds docs/config.md to the list of settings.
func TestConfigDoc(t *testing.T) {
	const path = "../../docs/config.md"
	doc, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- made from cmd/detente/config.go -->\n", "<!-- end -->\n"
	before, rest, found := strings.Cut(string(doc), begin)
	table, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatalf("%s has no table between %q and %q", path, begin, end)
	}
	want := settingsTable()
	if *update {
		if err := os.WriteFile(path, []byte(before+begin+want+end+after), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if table != want {
		t.Errorf("the table of %s differs from the settings; go test ./cmd/detente -run ConfigDoc -update writes it:\n%s", path, want)
	}
}

// settingsTable writes the settings as the document has them.
func settingsTable() string {
	var b strings.Builder
	b.WriteString("| flag | environment | default | verbs | |\n|---|---|---|---|---|\n")
	for _, s := range settings {
		name, env, value, verbs := "–", "–", "", s.verbs
		if s.flag != "" {
			name = "`--" + s.flag + "`"
		}
		if s.env != "" {
			env = "`" + s.env + "`"
		}
		if s.value != "" {
			value = "`" + s.value + "`"
		}
		if verbs == "*" {
			verbs = "all that use the store"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", name, env, value, verbs, s.text)
	}
	return b.String()
}

// TestSettingsAreFlags: what the list says a verb has is in its usage text, with
// its name in the environment, and the verb has nothing else.
func TestSettingsAreFlags(t *testing.T) {
	for _, verb := range operated {
		var out, errs bytes.Buffer
		if exit := run([]string{"help", verb}, nil, &out, &errs); exit != exitOK {
			t.Fatalf("help %s ends with %d: %s", verb, exit, &errs)
		}
		var got, want []string
		for _, flag := range regexp.MustCompile(`(?m)^  --([a-z-]+)`).FindAllStringSubmatch(out.String(), -1) {
			got = append(got, flag[1])
		}
		for _, s := range settings {
			if s.flag == "" || !s.has(verb) {
				continue
			}
			want = append(want, s.flag)
			if s.env != "" && !strings.Contains(out.String(), "("+s.env+")") {
				t.Errorf("help %s does not name %s", verb, s.env)
			}
		}
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s has the flags %v, and the settings %v", verb, got, want)
		}
	}
}

// TestSettingsAreWhatIsRead: no source file reads a variable of the environment
// that is not in the list.
func TestSettingsAreWhatIsRead(t *testing.T) {
	named := map[string]bool{}
	for _, s := range settings {
		if s.env != "" {
			named[s.env] = true
		}
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, env := range regexp.MustCompile(`DETENTE_[A-Z_]+`).FindAllString(string(source), -1) {
			if !named[env] {
				t.Errorf("%s names %s, which is not in the list of settings", name, env)
			}
		}
	}
}

// TestEnvironment: the environment counts where no flag is given, and what is
// wrong there is said.
func TestEnvironment(t *testing.T) {
	type values struct {
		every  time.Duration
		actors many
		db     string
		quiet  bool
	}
	parse := func(args ...string) (v values, exit int, stderr string) {
		var out, errs bytes.Buffer
		c := newCommand("watch", "usage", &out, &errs)
		c.configure(map[string]any{"every": &v.every, "actors": &v.actors, "db": &v.db, "quiet": &v.quiet})
		_, exit, _ = c.parse(args)
		return v, exit, errs.String()
	}
	if v, _, _ := parse(); v.every != 30*time.Minute || v.db != "" {
		t.Errorf("by default: %+v", v)
	}
	t.Setenv("DETENTE_EVERY", "2h")
	t.Setenv("DETENTE_ACTORS", "a, b")
	t.Setenv("DETENTE_DB", "") // says nothing
	t.Setenv("DETENTE_QUIET", "true")
	v, _, _ := parse("--actors", "c")
	if v.every != 2*time.Hour || !slices.Equal(v.actors, many{"c"}) || v.db != "" || v.quiet {
		t.Errorf("with one flag: %+v", v)
	}
	if v, _, _ = parse("--every", "1h"); v.every != time.Hour || !slices.Equal(v.actors, many{"a", "b"}) {
		t.Errorf("with another: %+v", v)
	}
	t.Setenv("DETENTE_EVERY", "often")
	if _, exit, errs := parse(); exit != exitUsage || !strings.Contains(errs, `DETENTE_EVERY="often" in the environment`) {
		t.Errorf("ends with %d: %s", exit, errs)
	}
	if _, exit, _ := parse("--every", "1h"); exit != exitOK {
		t.Error("a variable that does not count is complained about")
	}
}
