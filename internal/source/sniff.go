package source

import (
	"bytes"
	"encoding/json"
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
	formatZstd
	formatJSONLines
	formatHTML
	formatFeed
	formatJSONFeed
	formatWARC
	formatJSON
	formatTar
	formatZip
)

// maxWraps is how many compressions and archives may stand around an input.
const maxWraps = 5

// wraps reports formats that hold other inputs.
func (f format) wraps() bool {
	return f == formatGzip || f == formatZstd || f == formatTar || f == formatZip || f == formatWARC
}

// tarMagicAt is where a tar archive names itself.
const tarMagicAt = 257

// magics are the first bytes of formats that hold no text for us.
var magics = []string{"%PDF-", "\x89PNG", "GIF8", "\xff\xd8\xff", "\x7fELF", "BZh", "\xfd7zXZ", "7z\xbc\xaf", "OggS", "ID3", "\x00\x00\x01\x00", "SQLite format 3"}

// sniff tells a format by its first bytes; the content type only breaks ties.
func sniff(head []byte, contentType string) format {
	if bytes.HasPrefix(head, []byte{0x1f, 0x8b}) {
		return formatGzip
	}
	if opensZstd(head) {
		return formatZstd
	}
	if opensArchive(head) {
		return formatWARC
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return formatZip
	}
	if len(head) > tarMagicAt && bytes.HasPrefix(head[tarMagicAt:], []byte("ustar")) {
		return formatTar
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
	if bytes.HasPrefix(start, []byte("{")) && bytes.Contains(start[:min(len(start), 4096)], []byte("jsonfeed.org/version")) {
		return formatJSONFeed
	}
	if bytes.HasPrefix(start, []byte("{")) {
		if isJSONLines(start, len(head) == peekSize) {
			return formatJSONLines
		}
		return formatJSON
	}
	if opensFeed.Match(start[:min(len(start), 4096)]) {
		return formatFeed
	}
	if looksHTML(start, contentType) {
		return formatHTML
	}
	return formatText
}

// minTags is how many tags tell HTML.
const minTags = 3

// opensFeed finds the root element of an XML feed or sitemap behind
// declarations and comments.
var opensFeed = regexp.MustCompile(`(?is)^(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!doctype[^>]*>\s*)*<(?:rss|rdf:rdf|feed|atom:feed|urlset|sitemapindex)[\s>]`)

// anyTag finds a tag.
var anyTag = regexp.MustCompile(`</?[a-z][a-z0-9]*[\s/>]`)

// looksHTML reports whether a text is HTML: it names itself so, it opens with a
// tag and holds more of them, or it is said to be HTML and holds a tag.
func looksHTML(start []byte, contentType string) bool {
	near := bytes.ToLower(start[:min(len(start), nearStartOfPage)])
	if namesHTML(near) {
		return true // as nearly all do
	}
	near = bytes.ToLower(start)
	if namesHTML(near) {
		return true
	}
	if strings.Contains(contentType, "html") && bytes.IndexByte(start, '<') >= 0 {
		return true
	}
	opens := len(near) > 1 && near[0] == '<' && (near[1] >= 'a' && near[1] <= 'z' || near[1] == '!')
	return opens && (bytes.Contains(near, []byte("</")) || len(anyTag.FindAllIndex(near, minTags)) == minTags)
}

// nearStartOfPage is where most pages name themselves.
const nearStartOfPage = 1024

// namesHTML reports whether text in lower case holds a tag that HTML names
// itself by.
func namesHTML(text []byte) bool {
	for _, name := range []string{"<html", "<!doctype html", "<body", "<meta "} {
		if bytes.Contains(text, []byte(name)) {
			return true
		}
	}
	return false
}

// isJSONLines reports whether a text that opens with a brace has one object to
// a line: its first line is one, opens like one, or is longer than what can be
// seen.
func isJSONLines(start []byte, more bool) bool {
	line, _, whole := bytes.Cut(start, []byte("\n"))
	return !whole && more || json.Valid(line) || bytes.HasPrefix(line, []byte(`{"`))
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
