package source

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// format is what the first bytes say an input is.
type format int

const (
	formatText format = iota
	formatBinary
	formatGzip
	formatJSONLines
	formatHTML
)

// maxWraps is how many compressions may stand around a text.
const maxWraps = 3

// magics are the first bytes of formats that hold no text for us.
var magics = []string{"%PDF-", "\x89PNG", "GIF8", "\xff\xd8\xff", "\x7fELF", "BZh", "\xfd7zXZ", "7z\xbc\xaf", "PK\x03\x04", "OggS", "ID3", "\x00\x00\x01\x00", "SQLite format 3"}

// sniff tells a format by its first bytes; the content type only breaks ties.
func sniff(head []byte, contentType string) format {
	if bytes.HasPrefix(head, []byte{0x1f, 0x8b}) {
		return formatGzip
	}
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m)) {
			return formatBinary
		}
	}
	if isBinary(head) {
		return formatBinary
	}
	start := bytes.TrimLeft(trimBOM(head), " \t\r\n")
	if bytes.HasPrefix(start, []byte("{")) && isJSONLines(start, len(head) == peekSize, contentType) {
		return formatJSONLines
	}
	if looksHTML(start, contentType) {
		return formatHTML
	}
	return formatText
}

// minTags is how many tags tell HTML.
const minTags = 3

// anyTag finds a tag.
var anyTag = regexp.MustCompile(`</?[a-z][a-z0-9]*[\s/>]`)

// looksHTML reports whether a text is HTML: it names itself so, it opens with a
// tag and holds more of them, or it is said to be HTML and holds a tag.
func looksHTML(start []byte, contentType string) bool {
	near := bytes.ToLower(start[:min(len(start), 8192)])
	for _, name := range []string{"<html", "<!doctype html", "<body", "<meta "} {
		if bytes.Contains(near, []byte(name)) {
			return true
		}
	}
	if strings.Contains(contentType, "html") && bytes.IndexByte(start, '<') >= 0 {
		return true
	}
	opens := len(near) > 1 && near[0] == '<' && (near[1] >= 'a' && near[1] <= 'z' || near[1] == '!')
	return opens && (bytes.Contains(near, []byte("</")) || len(anyTag.FindAllIndex(near, minTags)) == minTags)
}

// isJSONLines reports whether a text that opens with a brace has one object to
// a line: its first line is one, or is longer than what can be seen.
func isJSONLines(start []byte, more bool, contentType string) bool {
	line, _, whole := bytes.Cut(start, []byte("\n"))
	if !whole && more {
		return true
	}
	return json.Valid(line) || strings.Contains(contentType, "json") || bytes.HasPrefix(line, []byte(`{"`))
}

// isBinary reports whether bytes are neither text in an ASCII superset nor
// UTF-16: control characters that no text has, more than one in fifty.
func isBinary(head []byte) bool {
	if utf16Order(head) != nil {
		return false
	}
	control := 0
	for _, b := range head {
		if b < 0x20 && b != '\t' && b != '\n' && b != '\r' && b != '\f' && b != '\b' && b != 0x1b || b == 0x7f {
			control++
		}
	}
	return control > len(head)/50
}

// readGzip reads what a gzip stream holds, all of its members.
func readGzip(br *bufio.Reader, h Hint, depth int, y yield) bool {
	if depth == maxWraps {
		return y(nil, &Error{Name: h.Name, Err: fmt.Errorf("compressed more than %d times over; decompress it first", maxWraps)})
	}
	z, err := gzip.NewReader(br)
	if err != nil {
		return y(nil, &Error{Name: h.Name, Err: fmt.Errorf("gzip header is damaged (%w); get the file again", err)})
	}
	defer z.Close()
	return read(z, h, depth+1, y)
}

// readWhole reads a document to the bound of one item.
func readWhole(r io.Reader, limit int) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
	if err != nil {
		return nil, err
	}
	if len(b) > limit {
		return nil, tooBig("the document", limit)
	}
	return b, nil
}
