package source

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
)

// gzipMagic opens a gzip member that is compressed by the only known method.
var gzipMagic = []byte{0x1f, 0x8b, 8}

// readGzip reads what a gzip stream holds. A stream of several members is one
// text; in a web archive a member that is damaged costs the records in it alone.
func readGzip(br *bufio.Reader, h Hint, depth int, y yield) bool {
	z, err := gzip.NewReader(br)
	if err != nil {
		return y(nil, &Error{Name: h.Name, Err: fmt.Errorf("the gzip header is damaged (%w); get the file again", err)})
	}
	defer z.Close()
	z.Multistream(false)
	m := &members{br: br, z: z, on: true}
	text := bufio.NewReaderSize(m, peekSize)
	if head, _ := text.Peek(len(arcOpens)); opensArchive(head) {
		return readWARC(text, h, y)
	}
	return read(text, h, depth+1, y)
}

// members reads the members of a gzip stream, one after the other. A damaged
// one gives a *damage; reading on goes on behind it, at the next.
type members struct {
	br *bufio.Reader
	z  *gzip.Reader
	on bool // a member is open
	n  int  // members that were read
}

// damage is a gzip member or zstandard frame that could not be read to its end.
type damage struct {
	what string
	n    int
	err  error
}

func (d *damage) Error() string {
	return fmt.Sprintf("%s %d is damaged (%v)", d.what, d.n, d.err)
}

func (d *damage) Unwrap() error { return d.err }

func (m *members) Read(p []byte) (int, error) {
	for {
		if !m.on {
			if err := m.next(); err != nil {
				return 0, err
			}
		}
		n, err := m.z.Read(p)
		if err != nil {
			m.on = false
			m.n++
		}
		if err != nil && err != io.EOF {
			return n, &damage{"gzip member", m.n, err}
		}
		if n > 0 {
			return n, nil
		}
	}
}

// next opens the next member, passing over what is none.
func (m *members) next() error {
	for {
		head, err := m.br.Peek(len(gzipMagic))
		if err != nil {
			return io.EOF
		}
		if !bytes.Equal(head, gzipMagic) {
			if _, err := m.br.Discard(1); err != nil {
				return io.EOF
			}
			continue
		}
		if err := m.z.Reset(m.br); err == nil {
			m.z.Multistream(false)
			m.on = true
			return nil
		} else if !errors.Is(err, gzip.ErrHeader) {
			return io.EOF
		}
	}
}
