package source

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// answer is an HTTP answer as a web archive keeps it.
type answer struct {
	status      int
	contentType string
	body        io.Reader // without chunks; compression is told by its bytes
}

// readAnswer reads an answer's head. Archives often keep a body as it was after
// transport under headers from before, so the bytes say whether it is chunked.
func readAnswer(br *bufio.Reader) (*answer, error) {
	first, err := readLine(br, maxHeader)
	if err != nil {
		return nil, err
	}
	version, rest, _ := strings.Cut(string(first), " ")
	code, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
	status, err := strconv.Atoi(code)
	if err != nil || !strings.HasPrefix(version, "HTTP/") {
		return nil, errors.New("it has no status line")
	}
	head, err := readFields(br)
	if err != nil {
		return nil, err
	}
	a := &answer{status: status, contentType: head["content-type"], body: br}
	if strings.EqualFold(head["transfer-encoding"], "chunked") && startsChunk(br) {
		a.body = &chunks{br: br}
	}
	return a, nil
}

// readFields reads the fields of a head up to the blank line behind it, their
// names in lower case; of several of one name the first counts.
func readFields(br *bufio.Reader) (map[string]string, error) {
	fields := map[string]string{}
	for size := 0; ; {
		line, err := readLine(br, maxHeader)
		if err == io.EOF {
			return fields, nil
		}
		if err != nil {
			return nil, err
		}
		if size += len(line); size > maxHeader {
			return nil, errors.New("its head is longer than 64 KB")
		}
		if line = bytes.TrimRight(line, "\r\n"); len(line) == 0 {
			return fields, nil
		}
		name, value, ok := strings.Cut(string(line), ":")
		if !ok && line[0] != ' ' && line[0] != '\t' {
			return nil, fmt.Errorf("%.40q is no field of a head", line)
		}
		name = strings.ToLower(strings.TrimSpace(name))
		if _, has := fields[name]; !has && ok {
			fields[name] = strings.TrimSpace(value)
		}
	}
}

// maxChunkLine is the longest line that gives a chunk's size.
const maxChunkLine = 64

// startsChunk reports whether a body opens with the size of a chunk.
func startsChunk(br *bufio.Reader) bool {
	head, _ := br.Peek(maxChunkLine)
	line, _, found := bytes.Cut(head, []byte("\r\n"))
	if !found {
		return false
	}
	_, err := chunkSize(string(line))
	return err == nil
}

func chunkSize(line string) (int64, error) {
	size, _, _ := strings.Cut(line, ";")
	return strconv.ParseInt(strings.TrimSpace(size), 16, 63)
}

// chunks reads a chunked body. What does not go on as one gives an error.
type chunks struct {
	br   *bufio.Reader
	left int64 // of the open chunk
	on   bool  // a chunk was read before
	done bool
}

func (c *chunks) Read(p []byte) (int, error) {
	for c.left == 0 {
		if c.done {
			return 0, io.EOF
		}
		if err := c.next(); err != nil {
			return 0, err
		}
	}
	n, err := c.br.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	if err == io.EOF && c.left > 0 {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// next reads the line that opens a chunk; the last has no size.
func (c *chunks) next() error {
	if c.on {
		if _, err := readLine(c.br, maxChunkLine); err != nil {
			return io.ErrUnexpectedEOF
		}
	}
	line, err := readLine(c.br, maxChunkLine)
	if err != nil {
		return io.ErrUnexpectedEOF
	}
	if c.left, err = chunkSize(string(line)); err != nil {
		return errors.New("a chunk of the page gives no size")
	}
	c.on, c.done = true, c.left == 0
	return nil
}
