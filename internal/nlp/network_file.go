package nlp

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
)

const networkMagic = "detente network 1\n"

// networkHeader is the JSON header of a network file, as train/export.py writes it.
type networkHeader struct {
	Size, Layers   int
	Width          int
	Vocabulary     []string
	Tags           []string
	Relations      []string
	Names          []string
	Data           []string // what it was trained on
	Arc, Rel, Name int
	Tensors        [][4]any
}

// networkReader reads the numbers of a network file.
type networkReader struct {
	b       []byte
	tensors [][4]any
	err     error
}

// cutHeader reads what the file of a network begins with, the magic line, the
// header's length and the header in JSON, and gives what follows.
func cutHeader(b []byte, magic string, header any) ([]byte, error) {
	b, ok := bytes.CutPrefix(b, []byte(magic))
	if !ok {
		return nil, ErrModel
	}
	size, b, ok := cutInt(b)
	if !ok || uint64(size) > uint64(len(b)) {
		return nil, fmt.Errorf("header: %w", ErrModel)
	}
	if err := json.Unmarshal(b[:size], header); err != nil {
		return nil, fmt.Errorf("header: %w", errors.Join(err, ErrModel))
	}
	return b[size:], nil
}

// readNetwork reads a network file.
func readNetwork(b []byte) (*network, error) {
	var h networkHeader
	b, err := cutHeader(b, networkMagic, &h)
	if err != nil {
		return nil, fmt.Errorf("network: %w", err)
	}
	r := &networkReader{b: b, tensors: h.Tensors}
	n := &network{data: h.Data, layers: layers{size: h.Size}, tags: h.Tags, relations: h.Relations, kinds: h.Names, arcN: h.Arc, relN: h.Rel, nameN: h.Name}
	n.width, n.vocabulary = h.Width, make(map[string]int, len(h.Vocabulary))
	for i, w := range h.Vocabulary {
		n.vocabulary[w] = i
	}
	n.words, n.pieces = r.table("words", h.Width), r.table("pieces", h.Size)
	n.word = r.matrix("word", h.Width, h.Size)
	n.stack = r.stack(h.Layers, h.Size)
	n.heads = r.matrix("heads", h.Size, len(h.Tags)+h.Name+2*h.Arc+2*h.Rel)
	n.name = r.matrix("name2", h.Name, len(h.Names))
	n.arc = r.matrix("arc", h.Arc, h.Arc)
	n.rel = r.matrix("rel", h.Rel, len(h.Relations))
	n.arcRoot, n.relRoot = r.floats(h.Arc), r.floats(h.Rel)
	if r.err != nil {
		return nil, r.err
	}
	if len(n.words.scale) != len(h.Vocabulary) || h.Size%8 != 0 || len(h.Tags) == 0 || len(h.Names) == 0 || len(r.b) != 0 {
		return nil, fmt.Errorf("network: sizes do not fit: %w", ErrModel)
	}
	return n, n.nameClasses()
}

// nameClasses fills in what follows from the names of classes.
func (n *network) nameClasses() error {
	for _, t := range n.tags {
		u, x, _ := strings.Cut(t, " ")
		n.uposOf, n.xposOf = append(n.uposOf, u), append(n.xposOf, x)
	}
	for _, k := range n.kinds {
		mark, kind, _ := strings.Cut(k, "-")
		n.nameKind, n.nameInside = append(n.nameKind, EntKind(kind)), append(n.nameInside, mark == "I")
	}
	n.rootRelation = -1
	for i, r := range n.relations {
		if r == "root" {
			n.rootRelation = i
		}
	}
	if n.rootRelation < 0 {
		return fmt.Errorf("network: no relation root: %w", ErrModel)
	}
	return nil
}

// next checks that the next tensor has the name and shape, and gives its rows.
func (r *networkReader) next(name string, cols int) int {
	if r.err != nil {
		return 0
	}
	fail := func() int {
		r.err = fmt.Errorf("network: tensor %s: %w", name, ErrModel)
		return 0
	}
	if len(r.tensors) == 0 || r.tensors[0][0] != name {
		return fail()
	}
	rows, ok1 := r.tensors[0][1].(float64)
	width, ok2 := r.tensors[0][2].(float64)
	r.tensors = r.tensors[1:]
	if !ok1 || !ok2 || cols < 1 || width != float64(cols) || rows < 1 || rows*width > float64(len(r.b)) {
		return fail()
	}
	return int(rows)
}

func (r *networkReader) floats(n int) []float32 {
	if r.err != nil || len(r.b) < 4*n {
		r.err = errors.Join(r.err, fmt.Errorf("network: too short: %w", ErrModel))
		return nil
	}
	out := make([]float32, n)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(r.b[4*i:]))
	}
	r.b = r.b[4*n:]
	return out
}

func (r *networkReader) bytes(n int) []int8 {
	if r.err != nil || len(r.b) < n {
		r.err = errors.Join(r.err, fmt.Errorf("network: too short: %w", ErrModel))
		return nil
	}
	out := make([]int8, n)
	for i := range out {
		out[i] = int8(r.b[i])
	}
	r.b = r.b[n:]
	return out
}

func (r *networkReader) table(name string, cols int) table {
	n := r.next(name, cols)
	return table{scale: r.floats(n), rows: r.bytes(n * cols)}
}

// stack reads n recurrent layers.
func (r *networkReader) stack(n, size int) []matrix {
	var ms []matrix
	for l := 0; l < n && r.err == nil; l++ {
		ms = append(ms, r.matrix(fmt.Sprintf("layer%d", l), size, 3*size))
	}
	return ms
}

func (r *networkReader) matrix(name string, in, out int) matrix {
	n := r.next(name, in)
	if r.err == nil && n != out {
		r.err = fmt.Errorf("network: tensor %s has %d rows, not %d: %w", name, n, out, ErrModel)
	}
	m := matrix{in: in + in%2, out: out, scale: r.floats(n)}
	rows := r.bytes(n * in)
	m.bias = r.floats(n)
	if r.err != nil {
		return matrix{}
	}
	m.panels = make([]int16, panelCount(out)*panelWidth*m.in)
	packPanels(m.panels, out, m.in, func(o, i int) int16 {
		if i >= in {
			return 0
		}
		return int16(rows[o*in+i])
	})
	return m
}
