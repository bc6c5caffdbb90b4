package source

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

// Zstandard: web archives are packed by it record by record, each a frame of
// its own, sometimes under a dictionary that the archive's first frame holds.

// Bounds of a zstandard stream.
const (
	maxZstdWindow     = 32 << 20 // bytes a frame may look back
	maxZstdDictionary = 8 << 20
)

// What frames open with. A skippable frame may have any of sixteen numbers; the
// one of a web archive's dictionary is the fourteenth.
const (
	zstdFrame      = 0xfd2fb528
	zstdSkippable  = 0x184d2a50
	zstdDictionary = 0x184d2a5d
)

// zstdMagic opens a frame.
var zstdMagic = binary.LittleEndian.AppendUint32(nil, zstdFrame)

func opensZstd(head []byte) bool {
	return bytes.HasPrefix(head, zstdMagic) || len(head) >= 4 && binary.LittleEndian.Uint32(head)&^0xf == zstdSkippable
}

// readZstd reads what a zstandard stream holds, as readGzip does: the frames
// are one text, and in a web archive a damaged one costs its own records alone.
func readZstd(br *bufio.Reader, h Hint, depth int, y yield) bool {
	f, err := newFrames(br)
	if err != nil {
		return y(nil, &Error{Name: h.Name, Err: err})
	}
	defer f.dec.Close()
	text := bufio.NewReaderSize(f, peekSize)
	if head, _ := text.Peek(len(arcOpens)); opensArchive(head) {
		return readWARC(text, h, y)
	}
	return read(text, h, depth+1, y)
}

// frames reads the frames of a zstandard stream, one after the other. A damaged
// one gives a *damage; reading on goes on behind it, at the next.
type frames struct {
	br  *bufio.Reader
	dec *zstd.Decoder
	on  bool // a frame is open
	n   int  // frames that were read
}

func newFrames(br *bufio.Reader) (*frames, error) {
	options := []zstd.DOption{zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxZstdWindow)}
	dictionary, err := readDictionary(br)
	if err != nil {
		return nil, fmt.Errorf("the dictionary of the zstandard stream cannot be read (%w); get the file again", err)
	}
	if dictionary != nil {
		options = append(options, zstd.WithDecoderDicts(dictionary))
	}
	dec, err := zstd.NewReader(nil, options...)
	if err != nil {
		return nil, fmt.Errorf("the dictionary of the zstandard stream cannot be used (%w); get the file again", err)
	}
	return &frames{br: br, dec: dec}, nil
}

// readDictionary reads the frame that holds the dictionary of a web archive,
// where the stream opens with one; it may itself be packed.
func readDictionary(br *bufio.Reader) ([]byte, error) {
	head, _ := br.Peek(8)
	if len(head) < 8 || binary.LittleEndian.Uint32(head) != zstdDictionary {
		return nil, nil
	}
	size := binary.LittleEndian.Uint32(head[4:])
	if size > maxZstdDictionary {
		return nil, fmt.Errorf("it is larger than %d MB", maxZstdDictionary>>20)
	}
	dictionary := make([]byte, 8+size)
	if _, err := io.ReadFull(br, dictionary); err != nil {
		return nil, err
	}
	dictionary = dictionary[8:]
	if !bytes.HasPrefix(dictionary, zstdMagic) {
		return dictionary, nil
	}
	dec, err := zstd.NewReader(bytes.NewReader(dictionary), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxZstdWindow))
	if err != nil {
		return nil, err
	}
	defer dec.Close()
	return readWhole(dec, maxZstdDictionary)
}

func (f *frames) Read(p []byte) (int, error) {
	for {
		if !f.on {
			if err := f.next(); err != nil {
				return 0, err
			}
		}
		n, err := f.dec.Read(p)
		if err != nil {
			f.on = false
			f.n++
		}
		if err != nil && err != io.EOF {
			return n, &damage{"zstandard frame", f.n, err}
		}
		if n > 0 {
			return n, nil
		}
	}
}

// next opens the next frame, passing over what is none.
func (f *frames) next() error {
	for {
		head, err := f.br.Peek(8)
		if len(head) < len(zstdMagic) {
			return io.EOF
		}
		switch magic := binary.LittleEndian.Uint32(head); {
		case magic == zstdFrame:
			f.on = true
			return f.dec.Reset(&frame{br: f.br})
		case magic&^0xf == zstdSkippable && err == nil:
			_, err = io.CopyN(io.Discard, f.br, 8+int64(binary.LittleEndian.Uint32(head[4:])))
		default:
			_, err = f.br.Discard(1)
		}
		if err != nil {
			return io.EOF
		}
	}
}

// frame reads the bytes of one frame and no more, so that a damaged one leaves
// the reader near where the next begins.
type frame struct {
	br       *bufio.Reader
	left     int64 // bytes of what is being passed on
	begun    bool
	last     bool // block
	checksum bool // stands behind the last block
	done     bool
}

func (f *frame) Read(p []byte) (int, error) {
	for f.left == 0 {
		if f.done {
			return 0, io.EOF
		}
		if err := f.part(); err != nil {
			return 0, err
		}
	}
	n, err := f.br.Read(p[:min(int64(len(p)), f.left)])
	f.left -= int64(n)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// Kinds of blocks that matter for their length, and the length of their heads.
const (
	zstdBlockHead = 3
	zstdRepeated  = 1 // one byte, many times
	zstdReserved  = 3
)

// errZstdBlock says that no block stands where one should.
var errZstdBlock = errors.New("a block has a length or kind that there is not")

// part measures the frame's next part: its head, a block, or the checksum.
func (f *frame) part() error {
	switch {
	case !f.begun:
		f.begun = true
		head, _ := f.br.Peek(zstd.HeaderMaxSize)
		var h zstd.Header
		if err := h.Decode(head); err != nil {
			f.left = int64(min(len(head), len(zstdMagic))) // the decoder says what is wrong
			f.done = true
			return nil
		}
		f.left, f.checksum = int64(h.HeaderSize), h.HasCheckSum
	case f.last:
		f.done = true
		if f.checksum {
			f.left = 4
		}
	default:
		head, err := f.br.Peek(zstdBlockHead)
		if err != nil {
			return io.ErrUnexpectedEOF
		}
		bits := uint32(head[0]) | uint32(head[1])<<8 | uint32(head[2])<<16
		kind, size := bits>>1&3, int64(bits>>3)
		if kind == zstdReserved || size > maxZstdBlock {
			return errZstdBlock
		}
		if kind == zstdRepeated {
			size = 1
		}
		f.last, f.left = bits&1 == 1, zstdBlockHead+size
	}
	return nil
}

// maxZstdBlock is the longest block that the format allows.
const maxZstdBlock = 128 << 10
