package ingest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"strings"

	"detente/internal/source"
)

// Fault is one thing that could not be read, a line of a quarantine file.
type Fault struct {
	Name   string `json:"name"`   // the file, or the file in an archive
	Place  string `json:"place"`  // "line 3", "byte 1024", or empty: all of it
	Reason string `json:"reason"` // what is wrong
	Remedy string `json:"remedy"` // what can be done
	File   string `json:"file"`   // absolute path of what was imported
	Item   int    `json:"item"`   // its number among the articles and faults of the file
}

// Quarantine is a file of Faults as JSON lines, each of which stands there once
// even where an import was killed and goes on.
type Quarantine struct {
	path string
	f    *os.File        // nil until the first fault
	seen map[uint64]bool // keys of the faults that stand there
}

// OpenQuarantine reads what stands in the file at path and adds to it. The file
// is made when the first fault is.
func OpenQuarantine(path string) (*Quarantine, error) {
	q := &Quarantine{path: path, seen: map[uint64]bool{}}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, os.ErrNotExist) {
		return q, nil
	}
	if err != nil {
		return nil, q.failed(err)
	}
	q.f = f
	whole, err := q.recall()
	if err == nil {
		err = f.Truncate(whole) // a line that a kill tore
	}
	if err == nil {
		_, err = f.Seek(whole, io.SeekStart)
	}
	if err != nil {
		f.Close()
		return nil, q.failed(err)
	}
	return q, nil
}

// recall reads the lines that are there and gives where the last whole one ends.
func (q *Quarantine) recall() (whole int64, err error) {
	lines := bufio.NewReader(q.f)
	for {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF {
			return whole, nil
		}
		if err != nil {
			return 0, err
		}
		var fault Fault
		if err := json.Unmarshal(line, &fault); err != nil {
			return 0, fmt.Errorf("byte %d: not a line of a quarantine file (%w); name another file with --quarantine", whole, err)
		}
		q.seen[fault.key()] = true
		whole += int64(len(line))
	}
}

// Add writes a fault, unless it stands there already.
func (q *Quarantine) Add(fault Fault) error {
	if q.seen[fault.key()] {
		return nil
	}
	q.seen[fault.key()] = true
	var line bytes.Buffer
	enc := json.NewEncoder(&line)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(fault); err != nil {
		return q.failed(err)
	}
	if q.f == nil {
		f, err := os.OpenFile(q.path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return q.failed(err)
		}
		q.f = f
	}
	if _, err := q.f.Write(line.Bytes()); err != nil {
		return q.failed(err)
	}
	return nil
}

// Path is where the file is.
func (q *Quarantine) Path() string { return q.path }

// Sync makes what was added outlive a loss of power.
func (q *Quarantine) Sync() error {
	if q.f == nil {
		return nil
	}
	if err := q.f.Sync(); err != nil {
		return q.failed(err)
	}
	return nil
}

// Close ends the use of the file.
func (q *Quarantine) Close() error {
	if q.f == nil {
		return nil
	}
	return q.f.Close()
}

func (q *Quarantine) failed(err error) error {
	return fmt.Errorf("quarantine file %s: %w", q.path, err)
}

func (f Fault) key() uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s\x00%d\x00%s", f.File, f.Item, f.Reason)
	return h.Sum64()
}

// faultOf takes an error apart: errors say what is wrong and, behind the last
// semicolon, what can be done about it.
func faultOf(err error, file string, item int) Fault {
	fault := Fault{Name: file, Place: fmt.Sprintf("item %d", item), File: file, Item: item}
	text := err.Error()
	var where *source.Error
	if errors.As(err, &where) {
		fault.Name, fault.Place, text = where.Name, where.Place, where.Err.Error()
	}
	fault.Reason, fault.Remedy = text, "look at this place of the file; the rest has been read"
	if i := strings.LastIndex(text, "; "); i > 0 {
		fault.Reason, fault.Remedy = text[:i], text[i+2:]
	}
	return fault
}
