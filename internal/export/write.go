package export

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/parquet-go/parquet-go"
)

// writer writes rows in one format. Close ends the format, not what is below.
type writer interface {
	write(r row) error
	close() error
}

// csvWriter writes RFC 4180 with "\n" at the ends of lines.
type csvWriter struct {
	fields []field
	out    *csv.Writer
	cells  []string
}

func newCSV(w io.Writer, s *sheet) (writer, error) {
	c := &csvWriter{fields: s.fields, out: csv.NewWriter(w), cells: make([]string, len(s.fields))}
	return c, c.out.Write(namesOf(s.fields))
}

func namesOf(fields []field) []string {
	var names []string
	for _, f := range fields {
		names = append(names, f.name)
	}
	return names
}

func (c *csvWriter) write(r row) error {
	for i, cell := range r {
		c.cells[i] = written(c.fields[i], cell)
	}
	return c.out.Write(c.cells)
}

func (c *csvWriter) close() error {
	c.out.Flush()
	return c.out.Error()
}

// tsvWriter writes text divided by tabs: no quotation marks have a meaning, so
// that tabs and ends of lines inside cells become spaces.
type tsvWriter struct {
	fields []field
	out    *bufio.Writer
}

func newTSV(w io.Writer, s *sheet, header bool) (writer, error) {
	t := &tsvWriter{s.fields, bufio.NewWriter(w)}
	if !header {
		return t, nil
	}
	_, err := t.out.WriteString(strings.Join(namesOf(s.fields), "\t") + "\n")
	return t, err
}

func (t *tsvWriter) write(r row) error {
	for i, cell := range r {
		if i > 0 {
			t.out.WriteByte('\t')
		}
		t.out.WriteString(strings.ReplaceAll(written(t.fields[i], cell), "\n", " "))
	}
	return t.out.WriteByte('\n') // the buffer keeps its first error
}

func (t *tsvWriter) close() error { return t.out.Flush() }

// written is a cell of delimited text. Words of others are made harmless for
// spreadsheets; control characters become spaces.
func written(f field, cell any) string {
	switch v := cell.(type) {
	case nil:
		return ""
	case string:
		if f.kind == text && f.values == nil {
			return guarded(strings.Map(printable, v))
		}
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	}
	panic(fmt.Sprintf("export: column %s has a cell of type %T", f.name, cell))
}

func printable(r rune) rune {
	if r != '\n' && unicode.IsControl(r) {
		return ' '
	}
	return r
}

// guarded puts an apostrophe before text that a spreadsheet would take for a
// formula, and before text that would look as if that had been done. Taking one
// apostrophe away from what begins with apostrophes and one of = + - @ gives the
// text back.
func guarded(s string) string {
	rest := strings.TrimLeft(s, "'")
	if rest != "" && strings.IndexByte("=+-@", rest[0]) >= 0 {
		return "'" + s
	}
	return s
}

// jsonWriter writes one object a line, keys in the order of the columns.
type jsonWriter struct {
	fields []field
	out    *bufio.Writer
}

func newJSONLines(w io.Writer, s *sheet) (writer, error) {
	return &jsonWriter{s.fields, bufio.NewWriter(w)}, nil
}

func (j *jsonWriter) write(r row) error {
	for i, cell := range r {
		name, err := marshal(j.fields[i].name)
		if err != nil {
			return err
		}
		value, err := marshal(cell)
		if err != nil {
			return fmt.Errorf("column %s: %w", j.fields[i].name, err)
		}
		mark := ","
		if i == 0 {
			mark = "{"
		}
		j.out.WriteString(mark + name + ":" + value)
	}
	_, err := j.out.WriteString("}\n") // the buffer keeps its first error
	return err
}

// marshal writes JSON in which <, > and & stand as they are.
func marshal(v any) (string, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return "", err
	}
	return strings.TrimSuffix(b.String(), "\n"), nil
}

func (j *jsonWriter) close() error { return j.out.Flush() }

// Bounds of what a Parquet file holds in memory before it is written: rows of a
// group, and bytes of a page of one column.
const (
	parquetRows = 20_000
	parquetPage = 64 << 10
)

type parquetWriter struct {
	fields []field
	out    *parquet.GenericWriter[any]
	row    parquet.Row
}

func newParquet(w io.Writer, s *sheet) (writer, error) {
	schema := parquet.NewSchema(s.name, inOrder{groupOf(s.fields), namesOf(s.fields)})
	out := parquet.NewGenericWriter[any](w, schema, parquet.Compression(&parquet.Zstd), parquet.MaxRowsPerRowGroup(parquetRows),
		parquet.PageBufferSize(parquetPage), parquet.CreatedBy("detente", "", ""))
	return &parquetWriter{s.fields, out, make(parquet.Row, len(s.fields))}, nil
}

// inOrder is a group whose columns stand in our order; a Group's own is that of
// the alphabet.
type inOrder struct {
	parquet.Group
	names []string
}

func (g inOrder) Fields() []parquet.Field {
	by := map[string]parquet.Field{}
	for _, f := range g.Group.Fields() {
		by[f.Name()] = f
	}
	out := make([]parquet.Field, len(g.names))
	for i, name := range g.names {
		out[i] = by[name]
	}
	return out
}

func groupOf(fields []field) parquet.Group {
	g := parquet.Group{}
	for _, f := range fields {
		var n parquet.Node
		switch f.kind {
		case whole:
			n = parquet.Int(64)
		case number:
			n = parquet.Leaf(parquet.DoubleType)
		case truth:
			n = parquet.Leaf(parquet.BooleanType)
		case day:
			n = parquet.Date()
		case moment:
			n = parquet.Timestamp(parquet.Millisecond)
		default:
			n = parquet.String()
		}
		if !f.required {
			n = parquet.Optional(n)
		}
		g[f.name] = n
	}
	return g
}

func (p *parquetWriter) write(r row) error {
	for i, cell := range r {
		v, err := valueOf(p.fields[i], cell)
		if err != nil {
			return err
		}
		defined := 0
		if cell != nil && !p.fields[i].required {
			defined = 1
		}
		p.row[i] = v.Level(0, defined, i)
	}
	_, err := p.out.WriteRows([]parquet.Row{p.row})
	return err
}

func valueOf(f field, cell any) (parquet.Value, error) {
	switch v := cell.(type) {
	case nil:
		return parquet.NullValue(), nil
	case int64:
		return parquet.Int64Value(v), nil
	case float64:
		return parquet.DoubleValue(v), nil
	case bool:
		return parquet.BooleanValue(v), nil
	case string:
		switch f.kind {
		case day:
			t, err := time.Parse(time.DateOnly, v)
			return parquet.Int32Value(int32(t.Unix() / (24 * 60 * 60))), err
		case moment:
			t, err := time.Parse(time.RFC3339, v)
			return parquet.Int64Value(t.UnixMilli()), err
		}
		return parquet.ByteArrayValue([]byte(v)), nil
	}
	panic(fmt.Sprintf("export: column %s has a cell of type %T", f.name, cell))
}

func (p *parquetWriter) close() error { return p.out.Close() }
