package export

import (
	"strings"

	"detente"
)

// kind is what the cells of a column are.
type kind uint8

const (
	text    kind = iota // string
	whole               // int64
	number              // float64
	truth               // bool
	day                 // string YYYY-MM-DD
	partial             // string: a day, a month or a year
	moment              // string: RFC 3339 in UTC, whole seconds
)

// field is a column as schema, codebook and writers see it.
type field struct {
	name     string
	kind     kind
	about    string
	values   []string // all that a text may be; nil: any
	required bool     // never missing
	quoted   bool     // words of the article: only with Options.Text
}

// foreign says that columns of a table name a row of another.
type foreign struct {
	columns   []string
	table     string
	reference []string
}

// sheet is a table without the way to its cells.
type sheet struct {
	name   string
	about  string
	fields []field
	key    []string
	refs   []foreign
}

// row is one cell a field: string, int64, float64, bool, or nil where missing.
type row []any

// column is a field and the way to its cell.
type column[T any] struct {
	field
	cell func(*T) any
}

// table is a sheet whose rows are made from values of type T.
type table[T any] struct {
	sheet
	cells []func(*T) any
}

// tableOf lays out a table; columns of quoted words are left out unless asked for.
func tableOf[T any](s sheet, words bool, columns ...[]column[T]) table[T] {
	t := table[T]{sheet: s}
	for _, group := range columns {
		for _, c := range group {
			if c.quoted && !words {
				continue
			}
			t.fields = append(t.fields, c.field)
			t.cells = append(t.cells, c.cell)
		}
	}
	return t
}

// row makes the cells of x. Empty text is missing.
func (t table[T]) row(x *T) row {
	r := make(row, len(t.cells))
	for i, cell := range t.cells {
		switch v := cell(x).(type) {
		case string:
			if s := strings.ToValidUTF8(v, "\uFFFD"); s != "" {
				r[i] = s
			}
		case int:
			r[i] = int64(v)
		default:
			r[i] = v
		}
	}
	return r
}

// need marks a column as never missing.
func need[T any](c column[T]) column[T] {
	c.required = true
	return c
}

// oneOf lists all that a column may hold.
func oneOf[T any, V ~string](c column[T], values ...V) column[T] {
	for _, v := range values {
		c.values = append(c.values, string(v))
	}
	return c
}

// col makes a column of any kind.
func col[T any](name string, k kind, cell func(*T) any, about string) column[T] {
	return column[T]{field{name: name, kind: k, about: about}, cell}
}

// words makes a column of the article's own words.
func words[T any](name string, cell func(*T) any, about string) column[T] {
	return column[T]{field{name: name, kind: text, about: about, quoted: true}, cell}
}

// wholeDay gives a date in full, or nothing.
func wholeDay(d detente.Date) any {
	if _, ok := d.Time(); ok && len(d) == len("2006-01-02") {
		return string(d)
	}
	return nil
}

// anyDay gives a date of any precision, or nothing where it is none.
func anyDay(d detente.Date) any {
	if _, ok := d.Time(); ok {
		return string(d)
	}
	return nil
}

// numbered gives a number that is missing where it is zero.
func numbered(n int) any {
	if n == 0 {
		return nil
	}
	return n
}

// list joins the values of a cell that has several.
func list[V ~string](values []V) string {
	var parts []string
	for _, v := range values {
		if v != "" {
			parts = append(parts, string(v))
		}
	}
	return strings.Join(parts, ";")
}
