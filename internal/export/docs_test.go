package export

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the columns of the tables into docs/format-export.md")

// sheets are all tables as the docs list them.
func sheets() []sheet {
	return []sheet{articleTable(true).sheet, statementTable(true).sheet, eventTable(true).sheet, participantTable(true).sheet, actTable(true).sheet,
		claimTable(true).sheet, stateTable().sheet, evidenceTable(true).sheet, panelTable().sheet, polecatTable().sheet, gdeltTable().sheet}
}

// documented is the part of docs/format-export.md that is made from the tables.
func documented() string {
	var b strings.Builder
	for _, s := range sheets() {
		fmt.Fprintf(&b, "\n### %s\n\n%s\n\nKey: `%s`.", s.name, s.about, strings.Join(s.key, "`, `"))
		for _, ref := range s.refs {
			table := cmpOr(ref.table, s.name)
			fmt.Fprintf(&b, " `%s` refers to `%s` of %s.", strings.Join(ref.columns, "`, `"), strings.Join(ref.reference, "`, `"), table)
		}
		b.WriteString("\n\n| column | type | |\n|---|---|---|\n")
		for _, f := range s.fields {
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", f.name, typeOf(f), f.about+valuesText(f))
		}
	}
	return b.String()
}

var kindNames = map[kind]string{text: "text", whole: "whole number", number: "number", truth: "true, false", day: "day", partial: "day, month or year", moment: "time"}

func typeOf(f field) string {
	name := kindNames[f.kind]
	if f.quoted {
		return name + ", with `--text`"
	}
	if f.required {
		return name + ", always"
	}
	return name
}

// valuesText lists what a column may hold, where that is not long.
func valuesText(f field) string {
	if len(f.values) == 0 || len(f.values) > 8 {
		return ""
	}
	return ": `" + strings.Join(f.values, "`, `") + "`"
}

// TestDocs: docs/format-export.md says what the tables are. -update rewrites it.
func TestDocs(t *testing.T) {
	const name, start, end = "../../docs/format-export.md", "<!-- columns: made by go test ./internal/export -update -->\n", "<!-- end of columns -->\n"
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(b), start)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatalf("%s lacks the marks around its columns", name)
	}
	want := before + start + documented() + "\n" + end + after
	if *update {
		if err := os.WriteFile(name, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(b) != want {
		t.Errorf("%s is behind the tables; run go test ./internal/export -run TestDocs -update", name)
	}
}

// TestTables: names of columns are unique, and keys and references name columns.
func TestTables(t *testing.T) {
	all := sheets()
	for _, s := range all {
		names := namesOf(s.fields)
		if slices.Sort(names); len(slices.Compact(slices.Clone(names))) != len(names) {
			t.Errorf("%s has a column twice: %v", s.name, names)
		}
		for _, f := range s.fields {
			if f.about == "" {
				t.Errorf("%s: %s is not explained", s.name, f.name)
			}
		}
		for _, ref := range s.refs {
			of := slices.IndexFunc(all, func(o sheet) bool { return o.name == cmpOr(ref.table, s.name) })
			if of < 0 || !slices.Equal(all[of].key, ref.reference) {
				t.Errorf("%s refers to %s by %v", s.name, ref.table, ref.reference)
			}
			for _, c := range ref.columns {
				if !slices.Contains(names, c) {
					t.Errorf("%s refers by %s, which it has not", s.name, c)
				}
			}
		}
	}
}
