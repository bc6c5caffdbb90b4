package source

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"detente"
)

// Web archives: WARC 1.0 and 1.1 and the older ARC, plain, gzipped record by
// record, or gzipped whole. A record with a page in it gives an article; one
// that is damaged gives an error, and reading goes on at the next place where a
// record starts.

// What the two formats open with.
const (
	warcOpens = "WARC/"
	arcOpens  = "filedesc:"
)

func opensArchive(head []byte) bool {
	return bytes.HasPrefix(head, []byte(warcOpens)) || bytes.HasPrefix(head, []byte(arcOpens))
}

// warcRecord is one record of either format.
type warcRecord struct {
	kind        string // of WARC: response, resource …; of ARC: response
	url         string
	contentType string // of the record, not of the page inside
	length      int64
}

// maxHeader is the longest head of a record.
const maxHeader = 64 << 10

// Faults of records.
var (
	errNoRecord = errors.New("no record starts here; skipped to the next that does")
	errCutShort = errors.New("the record breaks off before its end; get the archive again")
)

// readWARC reads a plain or decompressed archive.
func readWARC(br *bufio.Reader, h Hint, y yield) bool {
	c := &countingReader{r: br}
	rd := bufio.NewReaderSize(c, peekSize)
	for {
		place := atByte(c.n - int64(rd.Buffered()))
		rec, err := nextRecord(rd)
		if err == io.EOF {
			return true
		}
		if err == nil {
			err = rec.read(rd, h, place, y)
		}
		if err == errStopped {
			return false
		}
		if err == nil {
			continue
		}
		if !y(nil, &Error{Name: h.Name, Place: place, Err: err}) {
			return false
		}
		if errors.As(err, new(*damage)) {
			continue // what comes next is a new member
		}
		if resync(rd) == io.EOF {
			return true
		}
	}
}

// errStopped says that the consumer of articles wants no more.
var errStopped = errors.New("stopped")

// countingReader counts what was read.
type countingReader struct {
	r io.Reader
	n int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

func atByte(n int64) string { return fmt.Sprintf("byte %d", n) }

// nextRecord reads the head of the next record; blank lines between records
// are passed over.
func nextRecord(rd *bufio.Reader) (*warcRecord, error) {
	for {
		b, err := rd.Peek(1)
		if err != nil {
			return nil, err
		}
		if b[0] != '\r' && b[0] != '\n' {
			break
		}
		if _, err := rd.Discard(1); err != nil {
			return nil, err
		}
	}
	if start, _ := rd.Peek(len(warcOpens)); string(start) == warcOpens {
		return warcHead(rd)
	}
	return arcHead(rd)
}

// warcHead reads a version line and named fields.
func warcHead(rd *bufio.Reader) (*warcRecord, error) {
	if _, err := readLine(rd, maxHeader); err != nil {
		return nil, err
	}
	fields, err := readFields(rd)
	if err != nil {
		return nil, fmt.Errorf("the record's head cannot be read (%w); skipped to the next record", err)
	}
	length, err := strconv.ParseInt(fields["content-length"], 10, 64)
	if err != nil || length < 0 {
		return nil, fmt.Errorf("the record gives no length (%q); skipped to the next record", fields["content-length"])
	}
	return &warcRecord{kind: strings.ToLower(fields["warc-type"]), url: strings.Trim(fields["warc-target-uri"], "<> "),
		contentType: fields["content-type"], length: length}, nil
}

// arcHead reads the line of an ARC record: address, host, time, type, length.
// The address may hold spaces.
func arcHead(rd *bufio.Reader) (*warcRecord, error) {
	b, err := rd.Peek(min(maxHeader, rd.Size()))
	if len(b) == 0 {
		return nil, err
	}
	line, _, ok := bytes.Cut(b, []byte("\n"))
	fields := strings.Fields(string(line))
	if !ok || len(fields) < 5 || !strings.Contains(fields[0], ":") {
		return nil, errNoRecord
	}
	n := len(fields)
	length, err := strconv.ParseInt(fields[n-1], 10, 64)
	if err != nil || length < 0 {
		return nil, errNoRecord
	}
	if _, err := rd.Discard(len(line) + 1); err != nil {
		return nil, err
	}
	rec := &warcRecord{kind: "response", url: strings.Join(fields[:n-4], " "), contentType: "application/http", length: length}
	if strings.HasPrefix(rec.url, arcOpens) || strings.HasPrefix(rec.url, "dns:") {
		rec.kind = "warcinfo"
	}
	return rec, nil
}

// resync passes over bytes to the next line that starts a WARC record, through
// damaged gzip members too.
func resync(rd *bufio.Reader) error {
	for {
		b, err := rd.Peek(len(warcOpens))
		if string(b) == warcOpens {
			return nil
		}
		if err == nil {
			_, err = readLine(rd, maxHeader)
		} else if _, left := rd.Discard(len(b)); left != nil {
			err = left
		}
		if err == io.EOF {
			return io.EOF
		}
	}
}

// read reads the page inside a record, if it is one, and passes over the rest
// of the record.
func (rec *warcRecord) read(rd *bufio.Reader, h Hint, place string, y yield) error {
	body := &io.LimitedReader{R: rd, N: rec.length}
	if rec.kind == "response" || rec.kind == "resource" || rec.kind == "conversion" {
		if err := rec.readPage(body, h, place, y); err != nil {
			return err
		}
	}
	if _, err := io.Copy(io.Discard, body); err != nil {
		return err
	}
	if body.N > 0 {
		return errCutShort
	}
	return nil
}

// readPage reads what a record holds: an answer with its head, or a page alone.
func (rec *warcRecord) readPage(body io.Reader, h Hint, place string, y yield) error {
	h.URL, h.ContentType = rec.url, rec.contentType
	inner := body
	if rec.kind == "response" && strings.HasPrefix(rec.contentType, "application/http") {
		answer, err := readAnswer(bufio.NewReader(body))
		if err != nil {
			return fmt.Errorf("the answer in the record cannot be read (%w); skipped to the next record", err)
		}
		if answer.status < 200 || answer.status > 299 {
			return nil
		}
		h.ContentType, inner = answer.contentType, answer.body
	}
	if holdsText(h.ContentType) && !readInner(inner, h, place, y) {
		return errStopped
	}
	return nil
}

// holdsText reports media types that articles come in.
func holdsText(contentType string) bool {
	return contentType == "" || strings.Contains(contentType, "html") || strings.Contains(contentType, "xml") ||
		strings.HasPrefix(contentType, "text/plain")
}

// readInner reads an input inside of another; its errors name the place in the
// outer one.
func readInner(r io.Reader, h Hint, place string, y yield) bool {
	return read(r, h, maxWraps-1, func(a *detente.Article, err error) bool {
		var inner *Error
		if errors.As(err, &inner) {
			err = &Error{Name: h.Name, Place: strings.TrimSuffix(place+", "+inner.Place, ", "), Err: inner.Err}
		}
		return y(a, err)
	})
}
