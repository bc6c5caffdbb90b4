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
}

// row is one line of a table, valid until the next is read. Cells that are
// missing at its end are empty.
type row struct {
	*table
	line  int
	cells []string
}

// kindsOfTable gives the columns that a table may have, by its first column.
var kindsOfTable = map[string][]string{
	"state":        {"state", "cow", "wikidata", "name", "names", "adjectives", "people", "capitals", "seats", "places", "from", "to"},
	"organisation": {"organisation", "names", "party", "country", "kind", "office", "sectors", "from", "to"},
	"medium":       {"medium", "names", "kind", "country", "owner"},
	"office":       {"office", "names", "kind", "class", "sectors", "party", "except", "gender"},
	"person":       {"person", "names", "surname", "wikidata", "gender", "party", "role", "office", "sectors", "from", "to"},
}

// readTable parses a file's text and calls each with every row.
func readTable(file, text string, each func(*row) error) error {
	if !utf8.ValidString(text) {
		return fmt.Errorf("%s: not UTF-8; save the table as UTF-8 text", file)
	}
	r := row{table: &table{file: file}}
	for len(text) > 0 {
		var s string
		s, text, _ = strings.Cut(text, "\n")
		r.line++
		s = strings.TrimSuffix(s, "\r")
		if s == "" || s[0] == '#' {
			continue
		}
		if r.columns == nil {
			if err := r.readColumns(s, r.line); err != nil {
				return err
			}
			continue
		}
		if err := r.read(s); err != nil {
			return err
		}
		if err := each(&r); err != nil {
			return err
		}
	}
	if r.columns == nil {
		return fmt.Errorf("%s:1:1: no line of column names; write one, its first column state, organisation, medium, office or person", file)
	}
	return nil
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

// read divides a line into the row's cells.
func (r *row) read(s string) error {
	r.cells = r.cells[:0]
	for more := true; more; {
		var c string
		c, s, more = strings.Cut(s, "\t")
		r.cells = append(r.cells, c)
	}
	if len(r.cells) > len(r.columns) {
		return fmt.Errorf("%s:%d:%d: %d cells in a table of %d columns; take the extra tab out", r.file, r.line, r.at(len(r.columns)), len(r.cells), len(r.columns))
	}
	if strings.TrimSpace(r.cells[0]) == "" {
		return fmt.Errorf("%s:%d:1: the first cell, %s, is empty", r.file, r.line, r.columns[0])
	}
	return nil
}

// at is the column, in characters from one, where a cell begins.
func (r *row) at(cell int) int {
	col := 1
	for _, c := range r.cells[:cell] {
		col += utf8.RuneCountInString(c) + 1
	}
	return col
}

// get is the cell under a column, empty where the table has no such column.
func (r *row) get(column string) string {
	i := indexOf(r.columns, column)
	if i < 0 || i >= len(r.cells) {
		return ""
	}
	return strings.TrimSpace(r.cells[i])
}

// list is a cell divided at semicolons.
func (r *row) list(column string) []string { return splitList(r.get(column)) }

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
func (r *row) fail(column, format string, args ...any) error {
	col := 1
	if i := indexOf(r.columns, column); i >= 0 && i < len(r.cells) {
		col = r.at(i)
	}
	return fmt.Errorf("%s:%d:%d: %s", r.file, r.line, col, fmt.Sprintf(format, args...))
}

// date reads a date cell: a day, month or year, or empty.
func (r *row) date(column string) (detente.Date, error) {
	s := r.get(column)
	if s == "" {
		return "", nil
	}
	if !isDate(s) {
		return "", r.fail(column, "%q is no date; write YYYY-MM-DD, YYYY-MM or YYYY", s)
	}
	return detente.Date(s), nil
}

// isDate checks YYYY-MM-DD, YYYY-MM or YYYY without the cost of reading it: a
// table has tens of thousands.
func isDate(s string) bool {
	if len(s) != 4 && len(s) != 7 && len(s) != 10 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if hyphen := i == 4 || i == 7; hyphen != (s[i] == '-') || !hyphen && (s[i] < '0' || s[i] > '9') {
			return false
		}
	}
	return (len(s) < 7 || s[5:7] >= "01" && s[5:7] <= "12") && (len(s) < 10 || s[8:] >= "01" && s[8:] <= "31")
}

// dates reads the row's from and to.
func (r *row) dates() (from, to detente.Date, err error) {
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
func (r *row) party(column string) (detente.Party, error) {
	s := r.get(column)
	for _, c := range s {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return "", r.fail(column, "%q is no code; write capitals and digits, as RUS or NATO", s)
		}
	}
	return detente.Party(s), nil
}

// office reads an office cell.
func (r *row) office(column string) (Office, error) {
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
func (r *row) gender() (string, error) {
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

// readTables reads every *.tsv of a file system's top folder in the order of
// their names.
func readTables(dir fs.FS, each func(*row) error) error {
	names, err := fs.Glob(dir, "*.tsv")
	if err != nil {
		return fmt.Errorf("listing actor tables: %w", err)
	}
	for _, name := range names {
		b, err := fs.ReadFile(dir, name)
		if err != nil {
			return fmt.Errorf("reading actor table: %w", err)
		}
		if err := readTable(path.Base(name), string(b), each); err != nil {
			return err
		}
	}
	return nil
}
