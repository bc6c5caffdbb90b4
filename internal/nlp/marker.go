package nlp

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"sync"
)

// A Marker is a small network on top of the language network: it gives every
// word a probability for each of a few labels. Of a word it sees what the last
// layer of the language network says (its state, which a Doc keeps in 8 bits),
// that network's vector of the word, and one class that the caller gives; its own recurrent layers read whole
// paragraphs, where those of the language network end with the sentence. So
// what the language network learned of words and trees serves again, at a
// fraction of a second network's cost. Training is in train/hearer.py.
//
// A Marker belongs to the language model on whose states it was trained, and
// its file names it.
type Marker struct {
	layers
	Labels int
	input  matrix
	word   matrix
	class  table
	label  matrix
	below  *network
}

const markerMagic = "detente marker 1\n"

// markerHeader is the JSON header of a marker file, as train/export.py writes it.
type markerHeader struct {
	Size, Layers, Classes, Labels int
	Language                      string // version of the language model that it stands on
	Tensors                       [][4]any
}

// Marker reads the file of a marker that stands on m.
func (m *Model) Marker(b []byte) (*Marker, error) {
	if !bytes.HasPrefix(b, []byte(markerMagic)) {
		return nil, fmt.Errorf("marker: %w", ErrModel)
	}
	size, b, ok := cutInt(b[len(markerMagic):])
	if !ok || uint64(size) > uint64(len(b)) {
		return nil, fmt.Errorf("marker: header: %w", ErrModel)
	}
	var h markerHeader
	if err := json.Unmarshal(b[:size], &h); err != nil {
		return nil, fmt.Errorf("marker: header: %w", errors.Join(err, ErrModel))
	}
	if h.Language != m.Info.Version {
		return nil, fmt.Errorf("marker: made for the language model %s, not %s; train it anew (train/README.md): %w", h.Language, m.Info.Version, ErrModel)
	}
	r := &networkReader{b: b[size:], tensors: h.Tensors}
	mk := &Marker{layers: layers{size: h.Size}, Labels: h.Labels, below: m.network}
	mk.input = r.matrix("input", m.network.size, h.Size)
	mk.word = r.matrix("word", m.network.width, h.Size)
	mk.class = r.table("class", h.Size)
	mk.stack = r.stack(h.Layers, h.Size)
	mk.label = r.matrix("label", h.Size, h.Labels)
	if r.err != nil {
		return nil, r.err
	}
	if len(mk.class.scale) != h.Classes || h.Size%8 != 0 || h.Labels == 0 || len(r.b) != 0 {
		return nil, fmt.Errorf("marker: sizes do not fit: %w", ErrModel)
	}
	return mk, nil
}

// stateLevels is the largest number in a state.
const stateLevels = 127

// appendState adds a row, scaled so that its largest element has stateLevels.
// The scale is not kept: states are divided by their root mean square.
func appendState(states []int8, row []float32) []int8 {
	top := float32(0)
	for _, v := range row {
		top = max(top, v, -v)
	}
	up := float32(0)
	if top > 1e-20 && top < 1e20 {
		up = stateLevels / top
	}
	for _, v := range row {
		states = append(states, int8(math.Float32bits(float32(v*up)+toInteger)))
	}
	return states
}

// scratches are kept from one paragraph to the next: made anew for each, they
// would be most of what the collector has to do.
var scratches = sync.Pool{New: func() any { return new(scratch) }}

// longest bounds a stretch that is read at once.
const longest = 400

// Mark gives the probabilities of labels, Labels numbers a word, for the words
// of doc from first to end-1; class gives the class of each of them. Words of a
// Doc that no language network has read have none: the answer is nil.
func (mk *Marker) Mark(doc *Doc, first, end int, class []uint8) []float32 {
	if len(doc.states) < end*mk.below.size {
		return nil
	}
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	out := make([]float32, (end-first)*mk.Labels)
	for from := first; from < end; from += longest {
		to := min(end, from+longest)
		mk.mark(s, out[(from-first)*mk.Labels:(to-first)*mk.Labels], doc, from, class[from-first:to-first])
	}
	return out
}

// mark does Mark for len(class) words from first on.
func (mk *Marker) mark(s *scratch, out []float32, doc *Doc, first int, class []uint8) {
	words, d, n := len(class), mk.size, mk.below
	s.hs, s.x, s.out = grow(s.hs, words*max(n.size, n.width)), grow(s.x, words*d), grow(s.out, words*d)
	states := s.hs[:words*n.size]
	for i, v := range doc.states[first*n.size : (first+words)*n.size] {
		states[i] = float32(v)
	}
	mk.input.multiply(s, s.x, states, words, true)
	vectors := s.hs[:words*n.width]
	clear(vectors)
	for i := range class {
		n.words.add(vectors[i*n.width:(i+1)*n.width], n.row(doc.Words[first+i].Form))
	}
	mk.word.multiply(s, s.out, vectors, words, false)
	for i, v := range s.out {
		s.x[i] += v
	}
	for i, c := range class {
		mk.class.add(s.x[i*d:(i+1)*d], uint32(c))
	}
	mk.encode(s, words, []int{words})
	mk.label.multiply(s, out, s.x, words, true)
	for i := 0; i < words; i++ {
		softmax(out[i*mk.Labels : (i+1)*mk.Labels])
	}
}

// softmax turns scores into probabilities.
func softmax(row []float32) {
	top := row[bestFloat(row)]
	sum := float32(0)
	for i, v := range row {
		row[i] = float32(math.Exp(float64(v - top)))
		sum += row[i]
	}
	for i := range row {
		row[i] /= sum
	}
}
