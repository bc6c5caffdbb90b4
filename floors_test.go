package detente_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// floors says who may import whom: a package may import packages of lines
// above its own, never one of its own line or below. An external test package
// (package x_test) may import its own line too. A package that stands on no
// line has no place in the house yet: give it one here, and a reason in
// ARCHITECTURE.md.
const floors = `
detente  data  eval
fetch  source  nlp  dialogue  indicator  store
nlp/train  actor  store/storetest
store/sqlite
quote  series
event
ingest  web  export
cmd/detente
`

// bans say which imports only some packages may have, and why.
const bans = `
C             :                       : what ships is pure Go and builds for every platform without a C compiler
net/http      : fetch web cmd/detente : fetch is the only package that reads the outside web; web answers requests
database/sql  : store/sqlite          : what is kept is asked through store.Store, so that engines can be exchanged
nlp/train     : cmd/detente           : training makes model files; reading never needs it
`

// noPlace are package names that say nothing about what is inside.
var noPlace = []string{"util", "utils", "common", "helper", "helpers", "model", "models", "interfaces", "mock", "mocks", "misc", "base", "lib", "shared", "types"}

// TestFloors reads the imports from the source files themselves, so that a
// cached pass cannot hide a new one.
func TestFloors(t *testing.T) {
	floorOf := map[string]int{}
	for n, line := range strings.Split(strings.TrimSpace(floors), "\n") {
		for _, pkg := range strings.Fields(line) {
			floorOf[pkg] = n
		}
	}
	banned := parseBans(t)
	for _, f := range sourceFiles(t) {
		floor, ok := floorOf[f.pkg]
		if !ok {
			t.Errorf("%s: package %s stands on no floor; give it one in floors_test.go", f.name, f.pkg)
			continue
		}
		if slices.Contains(noPlace, path.Base(f.pkg)) {
			t.Errorf("%s: a package named %q can hold anything; name it for what it holds", f.name, path.Base(f.pkg))
		}
		for _, imp := range f.imports {
			if b, ok := banned[imp.short]; ok && !slices.Contains(b.allowed, f.pkg) && !f.test {
				t.Errorf("%s: %s may not import %s: %s", imp.pos, f.pkg, imp.short, b.reason)
			}
			other, ours := floorOf[imp.short]
			switch {
			case !ours && imp.own:
				t.Errorf("%s: %s imports %s, which stands on no floor", imp.pos, f.pkg, imp.short)
			case !ours || imp.short == f.pkg:
			case other > floor || other == floor && !f.external:
				t.Errorf("%s: %s may not import %s: only packages of a line above its own\n%s", imp.pos, f.pkg, imp.short, floors)
			}
		}
	}
}

// TestGroundFloor holds the nouns to the standard library, and the embedded
// data to embed alone: everything else imports the two.
func TestGroundFloor(t *testing.T) {
	for _, f := range sourceFiles(t) {
		for _, imp := range f.imports {
			if (f.pkg == "data" || f.pkg == "eval") && imp.short != "embed" && !f.test {
				t.Errorf("%s: package %s holds files, not logic; it may not import %s", imp.pos, f.pkg, imp.short)
			}
			if f.pkg == "detente" && strings.Contains(imp.short, ".") {
				t.Errorf("%s: the nouns import the standard library alone, not %s", imp.pos, imp.short)
			}
		}
	}
}

// sourceFile is what one Go file imports.
type sourceFile struct {
	name     string // relative to the module
	pkg      string // as floors writes it
	test     bool
	external bool // package x_test
	imports  []imported
}

type imported struct {
	short string // as floors and bans write it
	own   bool   // of this module
	pos   string // file:line
}

func sourceFiles(t *testing.T) []sourceFile {
	t.Helper()
	var out []sourceFile
	err := filepath.WalkDir(".", func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && name != "." && (e.Name() == "testdata" || e.Name() == "dist" || e.Name()[0] == '.') {
			return fs.SkipDir
		}
		if e.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		f, err := readSource(filepath.ToSlash(name))
		out = append(out, f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 10 {
		t.Fatalf("%d source files found; run the test in the module's folder", len(out))
	}
	return out
}

func readSource(name string) (sourceFile, error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, nil, parser.ImportsOnly)
	if err != nil {
		return sourceFile{}, err
	}
	f := sourceFile{
		name:     name,
		pkg:      short(path.Join("detente", path.Dir(name))),
		test:     strings.HasSuffix(name, "_test.go"),
		external: strings.HasSuffix(file.Name.Name, "_test"),
	}
	for _, imp := range file.Imports {
		f.imports = append(f.imports, importOf(set, name, imp))
	}
	return f, nil
}

func importOf(set *token.FileSet, name string, imp *ast.ImportSpec) imported {
	full, err := strconv.Unquote(imp.Path.Value)
	if err != nil {
		full = imp.Path.Value
	}
	return imported{
		short: short(full),
		own:   full == "detente" || strings.HasPrefix(full, "detente/"),
		pos:   fmt.Sprintf("%s:%d", name, set.Position(imp.Pos()).Line),
	}
}

// short writes an import path as floors does: without module and internal.
func short(full string) string {
	rest, ok := strings.CutPrefix(full, "detente/")
	if !ok {
		return full
	}
	return strings.TrimPrefix(rest, "internal/")
}

type ban struct {
	allowed []string
	reason  string
}

func parseBans(t *testing.T) map[string]ban {
	t.Helper()
	out := map[string]ban{}
	for _, line := range strings.Split(strings.TrimSpace(bans), "\n") {
		parts := strings.SplitN(line, ":", 3)
		if len(parts) != 3 {
			t.Fatalf("bans: %q is not written as import : packages : reason", line)
		}
		out[strings.TrimSpace(parts[0])] = ban{strings.Fields(parts[1]), strings.TrimSpace(parts[2])}
	}
	return out
}
