package nlp

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"
	"sync"

	"detente/data"
)

// Model is a loaded language model; read-only, for any number of goroutines.
type Model struct {
	Info      Info
	tokens    linear
	sentences linear
	fused     map[string]int
	lexicon   lexicon
	network   *network
}

// Trained is a model as Learn made it, which can be written.
type Trained struct {
	Model
	networkFile []byte
}

// Info says what a model is and what it was made of.
type Info struct {
	Version string   // date of the data and a count
	Data    []string // what it was trained on, with licences
	Figures []string // what was measured
}

// ErrModel marks a model file that cannot be read.
var ErrModel = errors.New("not a model file of this version; make one with `detente train`")

const modelMagic = "detente model 2\n"

// modelFile is where the embedded model stands in data.FS.
const modelFile = "lang/en/model.bin"

var embedded = sync.OnceValues(func() (*Model, error) {
	b, err := data.FS.ReadFile(modelFile)
	if err != nil {
		return nil, fmt.Errorf("embedded model: %w", err)
	}
	return Load(b)
})

// Default is the embedded model, loaded on first use.
func Default() (*Model, error) { return embedded() }

// header is the part of a model file that is JSON: what is small. The lexicon
// has a line an entry.
type header struct {
	Info    Info
	Classes [2][]string
	Fused   map[string]int
	Lexicon string
}

// linears lists the classifiers in file order.
func (m *Model) linears() [2]*linear {
	return [2]*linear{&m.tokens, &m.sentences}
}

// Write writes the model as Load reads it.
func (m *Trained) Write(w io.Writer) error {
	h := header{Info: m.Info, Fused: m.fused, Lexicon: m.lexicon.write()}
	for i, l := range m.linears() {
		h.Classes[i] = l.classes
	}
	js, err := json.Marshal(h)
	if err != nil {
		return fmt.Errorf("write model: %w", err)
	}
	var b bytes.Buffer
	b.WriteString(modelMagic)
	writeInts(&b, uint32(len(js)))
	b.Write(js)
	for _, l := range m.linears() {
		l.write(&b)
	}
	b.Write(m.networkFile)
	_, err = w.Write(b.Bytes())
	return err
}

func writeInts(b *bytes.Buffer, xs ...uint32) {
	for _, x := range xs {
		_ = binary.Write(b, binary.LittleEndian, x)
	}
}

// write puts features in order of their hash, then their rows.
func (l *linear) write(b *bytes.Buffer) {
	type pair struct{ key, row uint32 }
	var ps []pair
	for i, k := range l.keys {
		if k != 0 {
			ps = append(ps, pair{k, l.rows[i]})
		}
	}
	sort.Slice(ps, func(i, j int) bool { return ps[i].key < ps[j].key })
	writeInts(b, uint32(len(ps)), uint32(len(l.cells)))
	for _, p := range ps {
		b.Write(binary.LittleEndian.AppendUint32(nil, p.key))
	}
	for _, p := range ps {
		for j := p.row; ; j++ {
			c := l.cells[j]
			class := uint16(c.class) << 1
			if c.last {
				class |= 1
			}
			b.Write(binary.LittleEndian.AppendUint16(nil, class))
			b.Write(binary.LittleEndian.AppendUint16(nil, uint16(c.weight)))
			if c.last {
				break
			}
		}
	}
}

// Load reads a model file.
func Load(b []byte) (*Model, error) {
	if !bytes.HasPrefix(b, []byte(modelMagic)) {
		return nil, fmt.Errorf("load model: %w", ErrModel)
	}
	b = b[len(modelMagic):]
	n, b, ok := cutInt(b)
	if !ok || int(n) > len(b) {
		return nil, fmt.Errorf("load model: header: %w", ErrModel)
	}
	var h header
	err := json.Unmarshal(b[:n], &h)
	if err != nil {
		return nil, fmt.Errorf("load model: header: %w", errors.Join(err, ErrModel))
	}
	b = b[n:]
	m := &Model{Info: h.Info, fused: h.Fused}
	if m.lexicon, err = readLexicon(h.Lexicon); err != nil {
		return nil, fmt.Errorf("load model: %w", err)
	}
	for i, l := range m.linears() {
		l.classes = h.Classes[i]
		if b, ok = l.read(b); !ok {
			return nil, fmt.Errorf("load model: classifier %d: %w", i, ErrModel)
		}
	}
	if m.network, err = readNetwork(b); err != nil {
		return nil, fmt.Errorf("load model: %w", err)
	}
	return m, nil
}

func cutInt(b []byte) (uint32, []byte, bool) {
	if len(b) < 4 {
		return 0, b, false
	}
	return binary.LittleEndian.Uint32(b), b[4:], true
}

func (l *linear) read(b []byte) ([]byte, bool) {
	nf, b, ok1 := cutInt(b)
	nc, b, ok2 := cutInt(b)
	if !ok1 || !ok2 || uint64(len(b)) < uint64(nf)*4+uint64(nc)*4 {
		return b, false
	}
	feats, starts := make([]uint32, nf), make([]uint32, 0, nf)
	for i := range feats {
		feats[i] = binary.LittleEndian.Uint32(b[i*4:])
	}
	b = b[nf*4:]
	l.cells = make([]cell, nc)
	begin := true
	for i := range l.cells {
		class := binary.LittleEndian.Uint16(b[i*4:])
		l.cells[i] = cell{class: uint8(class >> 1), last: class&1 != 0, weight: int16(binary.LittleEndian.Uint16(b[i*4+2:]))}
		if begin {
			starts = append(starts, uint32(i))
		}
		begin = l.cells[i].last
		if int(l.cells[i].class) >= len(l.classes) {
			return b, false
		}
	}
	if len(starts) != len(feats) || !begin {
		return b, false
	}
	l.index(feats, starts)
	return b[nc*4:], true
}
