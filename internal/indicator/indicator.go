// Package indicator reads time series that a user brings, and sets them beside
// what happened to dialogue. It says what a series was around a day, with the
// number of cases, and never why.
//
// Parse reads a table of dates and values. Rebase counts from a stated day.
// Study is an event study in its plainest form: for each change of a state and
// each window, how much the series changed from its first to its last day.
//
// Days of a window are days that have a value (days of trade): day 0 is the
// first such day not before the change, since what happened on a day without
// trade could be traded on only then; -5 is the fifth such day before day 0.
package indicator

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"detente"
)

// Bounds of what is read.
const (
	MaxValues = 100_000 // of a series: 270 years of days
	maxName   = 80      // characters
)

// orderMark is what some programs put before UTF-8.
const orderMark = "\uFEFF"

// CheckName says why a series cannot be called so, or nil.
func CheckName(name string) error {
	switch {
	case strings.TrimSpace(name) == "":
		return errors.New("an indicator needs a name, as Micex")
	case name != strings.TrimSpace(name), utf8.RuneCountInString(name) > maxName, strings.ContainsFunc(name, unicode.IsControl), !utf8.ValidString(name):
		return fmt.Errorf("%.*q is no name of an indicator; write at most %d characters, without space around them", maxName, name, maxName)
	}
	return nil
}

// Parse reads a table of two columns, date (YYYY-MM-DD) and value, with or
// without a line of names above. Days may come in any order, once each; a value
// that is empty or a full stop is a gap. file stands in errors.
func Parse(r io.Reader, file string) ([]detente.Value, error) {
	in := bufio.NewReader(r)
	if mark, err := in.Peek(len(orderMark)); err == nil && string(mark) == orderMark {
		in.Discard(len(orderMark))
	}
	lines := csv.NewReader(in)
	lines.FieldsPerRecord, lines.TrimLeadingSpace, lines.ReuseRecord = -1, true, true
	var values []detente.Value
	at := map[detente.Date]int{}
	for n := 0; ; n++ {
		cells, err := lines.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, inFile(file, err)
		}
		line, _ := lines.FieldPos(0)
		v, ok, err := parseRow(cells, n == 0)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, line, err)
		}
		if !ok {
			continue
		}
		if first, twice := at[v.Date]; twice {
			return nil, fmt.Errorf("%s:%d: %s is there already, in line %d; give each day once", file, line, v.Date, first)
		}
		if at[v.Date] = line; len(at) > MaxValues {
			return nil, fmt.Errorf("%s:%d: more than %d values; import a series of days, not of hours", file, line, MaxValues)
		}
		values = append(values, v)
	}
	if len(values) == 0 {
		return nil, fmt.Errorf("%s: no values; write a line for each day: 2016-12-20,2198.43", file)
	}
	slices.SortFunc(values, func(a, b detente.Value) int { return strings.Compare(string(a.Date), string(b.Date)) })
	return values, nil
}

// inFile says what is wrong with the form of a table, and where.
func inFile(file string, err error) error {
	var bad *csv.ParseError
	if errors.As(err, &bad) {
		return fmt.Errorf("%s:%d: %w", file, bad.Line, bad.Err)
	}
	return fmt.Errorf("%s: %w", file, err)
}

// parseRow reads one line; ok is false for a gap and for the names of columns,
// which only the first line may hold.
func parseRow(cells []string, first bool) (v detente.Value, ok bool, err error) {
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	if len(cells) != 2 {
		return v, false, fmt.Errorf("%d cells; write a date and a value, divided by a comma", len(cells))
	}
	day, err := detente.ParseDate(cells[0])
	if err != nil {
		if first && !strings.ContainsFunc(cells[0], unicode.IsDigit) {
			return v, false, nil
		}
		return v, false, fmt.Errorf("date %w", err)
	}
	if cells[1] == "" || cells[1] == "." {
		return v, false, nil
	}
	x, err := strconv.ParseFloat(cells[1], 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) || strings.ContainsAny(cells[1], "xX_") {
		return v, false, fmt.Errorf("value %q is no number; write it with a full stop for decimals and nothing between thousands, as 2198.43", cells[1])
	}
	return detente.Value{Date: day, Value: x}, true, nil
}

// From gives the first value not before a day; ok is false where there is none.
func From(values []detente.Value, day detente.Date) (i int, ok bool) {
	i, _ = slices.BinarySearchFunc(values, day, func(v detente.Value, d detente.Date) int { return strings.Compare(string(v.Date), string(d)) })
	return i, i < len(values)
}

// Within gives the values from one day to another, both included.
func Within(values []detente.Value, from, to detente.Date) []detente.Value {
	first, _ := From(values, from)
	last, _ := From(values, to)
	if last < len(values) && values[last].Date == to {
		last++
	}
	return values[first:max(first, last)]
}

// Rebase gives values as percent of what base was. Where the series is not
// above zero everywhere, percent mean nothing: then it gives the difference
// from base, and percent is false.
func Rebase(values []detente.Value, base detente.Value) (out []detente.Value, percent bool) {
	percent = base.Value > 0 && positive(values)
	for _, v := range values {
		x := v.Value - base.Value
		if percent {
			x = v.Value / base.Value * 100
		}
		out = append(out, detente.Value{Date: v.Date, Value: x})
	}
	return out, percent
}

func positive(values []detente.Value) bool {
	return !slices.ContainsFunc(values, func(v detente.Value) bool { return v.Value <= 0 })
}
