package actor

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
	"unicode/utf8"

	"detente"
)

// table is one *.tsv file: lines of tab-divided cells under a line of column
// names. Lines that begin with # and empty lines are notes. What the rows are
// is said by the first column's name: state, organisation, medium, office or
// person.
type table struct {
	file    string
	columns []string
	rows    []row
}

// row is one line of a table. Cells that are missing at its end are empty.
type row struct {
	table *table
	line  int
	cells []string
	cols  []int // the column, in characters from one, where each cell begins
}

// kindsOfTable gives the columns that a table may have, by its first column.
var kindsOfTable = map[string][]string{
	"state":        {"state", "cow", "wikidata", "name", "names", "adjectives", "people", "capitals", "seats", "places", "from", "to"},
	"organisation": {"organisation", "names", "party", "country", "kind", "office", "sectors", "from", "to"},
	"medium":       {"medium", "names", "kind", "country"},
	"office":       {"office", "names", "kind", "class", "sectors", "party", "gender"},
	"person":       {"person", "names", "surname", "wikidata", "gender", "party", "role", "office", "sectors", "from", "to"},
}

// readTable parses a file's text.
func readTable(file, text string) (*table, error) {
	if !utf8.ValidString(text) {
		return nil, fmt.Errorf("%s: not UTF-8; save the table as UTF-8 text", file)
	}
	t := &table{file: file}
	line := 0
	for len(text) > 0 {
		var s string
		s, text, _ = strings.Cut(text, "\n")
		line++
		s = strings.TrimSuffix(s, "\r")
		if s == "" || s[0] == '#' {
			continue
		}
		if t.columns == nil {
			if err := t.readColumns(s, line); err != nil {
				return nil, err
			}
			continue
		}
		r, err := t.readRow(s, line)
		if err != nil {
			return nil, err
		}
		t.rows = append(t.rows, r)
	}
	if t.columns == nil {
		return nil, fmt.Errorf("%s:1:1: no line of column names; write one, its first column state, organisation, medium, office or person", file)
	}
	return t, nil
}

func (t *table) readColumns(s string, line int) error {
	cells := strings.Split(s, "\t")
	known, ok := kindsOfTable[cells[0]]
	if !ok {
		return fmt.Errorf("%s:%d:1: first column %q is none of state, organisation, medium, office, person", t.file, line, cells[0])
	}
	col := 1
	for i, c := range cells {
		if indexOf(known, c) < 0 {
			return fmt.Errorf("%s:%d:%d: unknown column %q; a %s table has %s", t.file, line, col, c, cells[0], strings.Join(known, ", "))
		}
		if indexOf(cells[:i], c) >= 0 {
			return fmt.Errorf("%s:%d:%d: column %q stands twice", t.file, line, col, c)
		}
		col += utf8.RuneCountInString(c) + 1
	}
	t.columns = cells
	return nil
}

func (t *table) readRow(s string, line int) (row, error) {
	r := row{table: t, line: line, cells: strings.Split(s, "\t")}
	r.cols = make([]int, len(r.cells))
	col := 1
	for i, c := range r.cells {
		r.cols[i] = col
		col += utf8.RuneCountInString(c) + 1
	}
	if len(r.cells) > len(t.columns) {
		return r, fmt.Errorf("%s:%d:%d: %d cells in a table of %d columns; take the extra tab out", t.file, line, r.cols[len(t.columns)], len(r.cells), len(t.columns))
	}
	if strings.TrimSpace(r.cells[0]) == "" {
		return r, fmt.Errorf("%s:%d:1: the first cell, %s, is empty", t.file, line, t.columns[0])
	}
	return r, nil
}

// get is the cell under a column, empty where the table has no such column.
func (r row) get(column string) string {
	i := indexOf(r.table.columns, column)
	if i < 0 || i >= len(r.cells) {
		return ""
	}
	return strings.TrimSpace(r.cells[i])
}

// list is a cell divided at semicolons.
func (r row) list(column string) []string { return splitList(r.get(column)) }

func splitList(s string) []string {
	if s == "" {
		return nil
	}
	parts := strings.Split(s, ";")
	out := parts[:0]
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// fail is an error at a column's cell.
func (r row) fail(column, format string, args ...any) error {
	col := 1
	if i := indexOf(r.table.columns, column); i >= 0 && i < len(r.cols) {
		col = r.cols[i]
	}
	return fmt.Errorf("%s:%d:%d: %s", r.table.file, r.line, col, fmt.Sprintf(format, args...))
}

// date reads a date cell: a day, month or year, or empty.
func (r row) date(column string) (detente.Date, error) {
	s := r.get(column)
	if s == "" {
		return "", nil
	}
	if _, ok := detente.Date(s).Time(); !ok {
		return "", r.fail(column, "%q is no date; write YYYY-MM-DD, YYYY-MM or YYYY", s)
	}
	return detente.Date(s), nil
}

// dates reads the row's from and to.
func (r row) dates() (from, to detente.Date, err error) {
	if from, err = r.date("from"); err != nil {
		return
	}
	if to, err = r.date("to"); err != nil {
		return
	}
	if from != "" && to != "" && to < from {
		err = r.fail("to", "ends on %s, before it begins on %s", to, from)
	}
	return
}

// party reads a code cell: capitals and digits, or empty.
func (r row) party(column string) (detente.Party, error) {
	s := r.get(column)
	for _, c := range s {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return "", r.fail(column, "%q is no code; write capitals and digits, as RUS or NATO", s)
		}
	}
	return detente.Party(s), nil
}

// office reads an office cell.
func (r row) office(column string) (Office, error) {
	o := Office(r.get(column))
	if o == OfficeOther {
		return o, nil
	}
	for _, known := range offices {
		if o == known {
			return o, nil
		}
	}
	return "", r.fail(column, "unknown office %q; one of %v", o, offices)
}

// gender reads a gender cell.
func (r row) gender() (string, error) {
	g := r.get("gender")
	if g != "" && g != "m" && g != "f" {
		return "", r.fail("gender", "%q: write m, f or nothing", g)
	}
	return g, nil
}

func indexOf(list []string, s string) int {
	for i, x := range list {
		if x == s {
			return i
		}
	}
	return -1
}

// readTables gives every *.tsv of a file system's top folder in the order of
// their names.
func readTables(dir fs.FS) ([]*table, error) {
	names, err := fs.Glob(dir, "*.tsv")
	if err != nil {
		return nil, fmt.Errorf("listing actor tables: %w", err)
	}
	var out []*table
	for _, name := range names {
		b, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, fmt.Errorf("reading actor table: %w", err)
		}
		t, err := readTable(path.Base(name), string(b))
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}
