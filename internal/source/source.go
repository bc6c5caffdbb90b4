// Package source turns bytes into Articles.
//
// Read sniffs what the bytes are (gzip, zstandard, JSON lines, HTML, plain text …) and
// yields articles one by one. Every format ends in the same draft: pieces in
// the order of the page, each with its kind. The draft is then laid out as an
// Article whose Text holds title, highlights and body alone, one blank line
// between paragraphs; captions are kept beside it, and share lines, house
// rules and reader comments are left out.
//
// What decides a piece's kind is its form (bullets, punctuation, what repeats
// what) and the phrase lists data/lang/en/furniture*.txt, never the site. A
// paragraph that no rule knows stays body: losing evidence is worse than
// keeping furniture.
//
// Memory is bounded: a document is read to maxInput bytes, an article keeps at
// most maxText, a line of JSON lines at most maxInput, tags nest at most
// maxDepth deep. What is beyond gets an error that says so, and in formats of
// many articles reading goes on with the next.
package source

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"

	"detente"
)

// Bounds of one item.
const (
	maxInput = 8 << 20  // bytes of one page, feed or JSON line
	maxText  = 1 << 20  // bytes of one article's evidence text
	peekSize = 64 << 10 // what sniffing looks at
)

// Hint is what the caller knows about the bytes.
type Hint struct {
	Name        string       // file name or URL, for errors
	URL         string       // for relative links and the outlet
	ContentType string       // HTTP header, if any
	Published   detente.Date // overrides nothing: used where the input has no date
	Raw         bool         // text unchanged, offsets refer to the input
}

// Error says which input could not be read, where in it, and why.
type Error struct {
	Name  string // file name or URL
	Place string // "line 3", "byte 1024", or empty: the input as a whole
	Err   error
}

// Error gives "name: place: why".
func (e *Error) Error() string {
	if e.Place == "" {
		return fmt.Sprintf("%s: %v", e.Name, e.Err)
	}
	return fmt.Sprintf("%s: %s: %v", e.Name, e.Place, e.Err)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Reasons for which an item cannot be read.
var (
	ErrEmpty  = errors.New("it is empty; give a text, page, feed or archive with something in it")
	ErrBinary = errors.New("it is binary, not text; give text, HTML, JSON lines, or one of these under gzip or zstandard")
	ErrTooBig = errors.New("too big")
	ErrNoText = errors.New("it holds no article text; give a page or text with at least one paragraph")
)

func tooBig(what string, limit int) error {
	return fmt.Errorf("%s is %w: more than %d MB; split it", what, ErrTooBig, limit>>20)
}

// yield is what a consumer of articles says yes or no to.
type yield func(*detente.Article, error) bool

// Read sniffs the format and yields its articles one by one; an error beside
// an article-less yield concerns one item and reading goes on.
func Read(r io.Reader, h Hint) iter.Seq2[*detente.Article, error] {
	if h.Name == "" {
		h.Name = h.URL
	}
	if h.Name == "" {
		h.Name = "input"
	}
	return func(y func(*detente.Article, error) bool) { read(r, h, 0, y) }
}

// read reads one stream; depth counts what it is wrapped in.
func read(r io.Reader, h Hint, depth int, y yield) bool {
	in := &input{r: r}
	br := bufio.NewReaderSize(in, peekSize)
	head, _ := br.Peek(peekSize)
	if len(head) == 0 {
		if in.err != nil {
			return y(nil, h.fault(in))
		}
		return y(nil, &Error{Name: h.Name, Err: ErrEmpty})
	}
	ok := true
	kind := sniff(head, h.ContentType)
	if depth >= maxWraps && kind.wraps() {
		return y(nil, &Error{Name: h.Name, Err: fmt.Errorf("packed more than %d times over; unpack it first", maxWraps)})
	}
	switch kind {
	case formatGzip:
		ok = readGzip(br, h, depth, y)
	case formatZstd:
		ok = readZstd(br, h, depth, y)
	case formatBinary:
		return y(nil, &Error{Name: h.Name, Err: ErrBinary})
	case formatJSONLines:
		ok = readJSONLines(br, h, in, y)
	case formatHTML:
		ok = readPage(br, h, in, y)
	case formatTar:
		ok = readTar(br, h, depth, in, y)
	case formatZip:
		ok = readZip(br, h, depth, y)
	case formatWARC:
		ok = readWARC(br, h, y)
	case formatFeed:
		ok = readFeed(br, h, in, y)
	case formatJSONFeed:
		ok = readJSONFeed(br, h, in, y)
	case formatJSON:
		ok = readJSON(br, h, y)
	case formatText:
		ok = readText(br, h, in, y)
	}
	if ok && in.err != nil {
		return y(nil, h.fault(in))
	}
	return ok
}

// fault words the error that ended an input early.
func (h Hint) fault(in *input) error {
	err := in.err
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = fmt.Errorf("the input ends early (%w); what was whole before it has been read; get the rest and read it again", err)
	}
	return &Error{Name: h.Name, Place: atByte(in.n), Err: err}
}

// input turns a read error into an end, so that what came before it can be
// read like any other input, and keeps the error for afterwards.
type input struct {
	r   io.Reader
	n   int64
	err error
}

func (in *input) Read(p []byte) (int, error) {
	if in.err != nil {
		return 0, io.EOF
	}
	n, err := in.r.Read(p)
	in.n += int64(n)
	if err != nil && err != io.EOF {
		in.err, err = err, io.EOF
	}
	return n, err
}
