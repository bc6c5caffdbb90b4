package source

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"detente"
)

// Web archives: WARC 1.0 and 1.1 and the older ARC, plain, or packed by gzip
// or zstandard record by record or whole. A record with a page in it gives an article; one
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
	errOverrun  = errors.New("the next record starts inside of it, so that its length is wrong; read up to there")
	errNoLength = errors.New("the record gives no length; skipped to the next record")
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
	if err != nil {
		return nil, errNoRecord
	}
	if _, err := rd.Discard(len(line) + 1); err != nil {
		return nil, err
	}
	if length < 0 {
		return nil, errNoLength
	}
	rec := &warcRecord{kind: "response", url: strings.Join(fields[:n-4], " "), contentType: "application/http", length: length}
	if strings.HasPrefix(rec.url, arcOpens) || strings.HasPrefix(rec.url, "dns:") {
		rec.kind = "warcinfo"
	}
	return rec, nil
}

// arcLine is how the line of an ARC record looks.
var arcLine = regexp.MustCompile(`^(?:https?|ftp|dns|filedesc):\S.* [0-9a-fA-F.:]+ \d{14,18} \S+ -?\d+\r?\n`)

// startsRecord reports whether bytes start a record of either format.
func startsRecord(b []byte) bool { return bytes.HasPrefix(b, []byte(warcOpens)) || arcLine.Match(b) }

// resync passes over bytes to the next line that starts a record, through
// damaged gzip members too.
func resync(rd *bufio.Reader) error {
	for {
		b, err := rd.Peek(maxArcLine)
		if startsRecord(b) {
			return nil
		}
		if len(b) > len(warcOpens) {
			_, err = readLine(rd, maxHeader)
		} else if _, left := rd.Discard(len(b)); left != nil {
			err = left
		}
		if err == io.EOF {
			return io.EOF
		}
	}
}

// maxArcLine is the longest line of an ARC record that is looked for.
const maxArcLine = 8 << 10

// read reads the page inside a record, if it is one, and passes over the rest
// of the record.
func (rec *warcRecord) read(rd *bufio.Reader, h Hint, place string, y yield) error {
	body := &recordBody{rd: rd, left: rec.length}
	if rec.holdsPage() {
		if err := rec.readPage(body, h, place, y); err != nil {
			return err
		}
	}
	if _, err := io.Copy(io.Discard, body); err != nil {
		return err
	}
	switch {
	case body.overrun:
		return errOverrun
	case body.left > 0:
		return errCutShort
	}
	return nil
}

// holdsPage reports records of what was fetched, not of the fetching.
func (rec *warcRecord) holdsPage() bool {
	if strings.HasPrefix(rec.url, "metadata:") || strings.HasPrefix(rec.url, "dns:") {
		return false
	}
	return rec.kind == "response" || rec.kind == "resource" || rec.kind == "conversion"
}

// recordBody reads what is inside of a record: as much as its head says, but
// not into the next record.
type recordBody struct {
	rd      *bufio.Reader
	left    int64
	overrun bool  // the next record starts before the end
	fault   error // that comes after sound more bytes
	sound   int
}

// nextInside is how the next record shows where it should not.
var nextInside = []byte("\r\n\r\n" + warcOpens + "1.")

func (b *recordBody) Read(p []byte) (int, error) {
	if b.left == 0 || b.overrun || len(p) == 0 {
		return 0, io.EOF
	}
	if b.fault != nil {
		return b.take(p, b.sound)
	}
	window, err := b.rd.Peek(int(min(b.left, int64(min(len(p), b.rd.Size()-len(nextInside))+len(nextInside)))))
	n := len(window)
	at := bytes.Index(window, nextInside)
	switch {
	case at == 0:
		b.overrun = true
		return 0, io.EOF
	case at > 0:
		n = at
	case err != nil: // looking ahead does not show it twice
		b.fault, b.sound = err, n
	case int64(n) < b.left && n > len(nextInside):
		n -= len(nextInside) - 1 // it may start in these
	}
	return b.take(p, n)
}

// take reads some of the next n bytes, which are buffered.
func (b *recordBody) take(p []byte, n int) (int, error) {
	if n == 0 {
		return 0, b.fault
	}
	n, err := b.rd.Read(p[:min(len(p), n)])
	b.left -= int64(n)
	b.sound = max(0, b.sound-n)
	return n, err
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
