package nlp

import (
	"fmt"
	"math"
	"slices"
)

// A Marker is a small network beside the language network: it gives every
// word a probability for each of a few labels, and tells of two words whether one
// belongs to the other. Of a word it sees what the language network sees, by the
// same tables, and one class that the caller gives. Its recurrent layers began
// as the language network's, were trained on, and read whole paragraphs, where those
// end with the sentence. Training is in train/hearer.py and train/spotter.py.
//
// A Marker belongs to the language model with whose tables it was trained, and
// its file names it.
type Marker struct {
	layers
	Classes int // of words, given by the caller
	Labels  int
	Parts   int   // ways in which a word may belong to another
	Groups  []int // sizes of the groups of labels of which a word has one each
	word    matrix
	class   table
	label   matrix
	holder  matrix // of a word that others may belong to, by parts
	held    matrix
	part    matrix
	far     []distances // of each part
	below   *network
}

const markerMagic = "detente marker 2\n"

// markerHeader is the JSON header of a marker file, as train/export.py writes it.
type markerHeader struct {
	Size, Layers, Classes, Labels int
	Parts, Link                   int
	Groups                        []int  // of labels; none: they are one
	Language                      string // version of the language model whose tables it shares
	Tensors                       [][4]any
}

// Marker reads the file of a marker that was trained with the tables of m.
func (m *Model) Marker(b []byte) (*Marker, error) {
	var h markerHeader
	b, err := cutHeader(b, markerMagic, &h)
	if err != nil {
		return nil, fmt.Errorf("marker: %w", err)
	}
	if h.Language != m.Info.Version {
		return nil, fmt.Errorf("marker: made for the language model %s, not %s; train it anew (train/README.md): %w", h.Language, m.Info.Version, ErrModel)
	}
	r := &networkReader{b: b, tensors: h.Tensors}
	mk := &Marker{layers: layers{size: h.Size}, Classes: h.Classes, Labels: h.Labels, Parts: h.Parts, Groups: h.Groups, below: m.network}
	if len(mk.Groups) == 0 {
		mk.Groups = []int{h.Labels}
	}
	mk.word = r.matrix("word", m.network.width, h.Size)
	mk.class = r.table("class", h.Size)
	mk.stack = r.stack(h.Layers, h.Size)
	mk.label = r.matrix("label", h.Size, h.Labels)
	mk.holder = r.matrix("holder", h.Size, h.Parts*h.Link)
	mk.held = r.matrix("held", h.Size, h.Link)
	mk.part = r.matrix("part", h.Size, h.Parts)
	mk.far = r.distances("far", h.Parts)
	if r.err != nil {
		return nil, r.err
	}
	if len(mk.class.scale) != h.Classes || h.Size != m.network.size || h.Labels == 0 || h.Parts == 0 || sum(mk.Groups) != h.Labels || slices.Min(mk.Groups) < 1 || len(r.b) != 0 {
		return nil, fmt.Errorf("marker: sizes do not fit: %w", ErrModel)
	}
	return mk, nil
}

// byteLevels is the largest number in a row of 8 bits.
const byteLevels = 127

// appendBytes adds a row in 8 bits, scaled so that its largest element has
// byteLevels, and gives the scale that takes it back.
func (s *scratch) appendBytes(rows []int8, row []float32) ([]int8, float32) {
	s.acts = grow(s.acts, len(row))
	scale := rounded(s.acts, row, byteLevels)
	for _, v := range s.acts {
		rows = append(rows, int8(v))
	}
	return rows, scale
}

// distances reads a table of distances with some columns.
func (r *networkReader) distances(name string, columns int) []distances {
	t := r.table(name, columns)
	if r.err == nil && len(t.scale) != buckets {
		r.err = fmt.Errorf("network: tensor %s has %d rows, not %d: %w", name, len(t.scale), buckets, ErrModel)
	}
	if r.err != nil {
		return nil
	}
	out := make([]distances, columns)
	for k := range out {
		out[k] = distancesOf(t, columns, k)
	}
	return out
}

// longest bounds a stretch that is read at once.
const longest = 400

// distances gives a number for the way from one word to another.
type distances struct{ same, other [2*longest + 1]float32 }

// buckets is the number of rows of a table of distances.
const buckets = 64

// bucketEnds are where the buckets from the ninth on, of 8 words and more, end;
// they are half an octave wide.
var bucketEnds = [...]int{12, 16, 23, 32, 46, 64, 91}

// bucket numbers a way of d words, negative to the left, within a sentence.
func bucket(d int) int {
	size, side := d, 16
	if d <= 0 {
		size, side = -d, 0
	}
	if size < 8 {
		return side + size
	}
	b := 8
	for b-8 < len(bucketEnds) && size >= bucketEnds[b-8] {
		b++
	}
	return side + b
}

// distancesOf lays out column k of a table with buckets rows of width columns.
func distancesOf(t table, width, k int) distances {
	var ds distances
	row := make([]float32, width)
	at := func(b int) float32 {
		clear(row)
		t.add(row, uint32(b))
		return row[k]
	}
	for d := -longest; d <= longest; d++ {
		ds.same[d+longest], ds.other[d+longest] = at(bucket(d)), at(bucket(d)+buckets/2)
	}
	return ds
}

// addTo adds to row[j] what stands for the way from word i to word j; words
// first … end-1 are of i's sentence.
func (ds *distances) addTo(row []float32, i, first, end int) {
	other, same := ds.other[longest-i:], ds.same[longest-i:]
	for j := 0; j < first; j++ {
		row[j] += other[j]
	}
	for j := first; j < end; j++ {
		row[j] += same[j]
	}
	for j := end; j < len(row); j++ {
		row[j] += other[j]
	}
}

// Marks is what a Marker says of words. What it keeps for Links are rows of 8-bit
// integers with their scales.
type Marks struct {
	Labels []float32 // probability of each label within its group, word by word

	mk                     *Marker
	pieces                 []int // end of each stretch that was read for itself
	sents                  []int // number of each word's sentence
	holders, helds         []int8
	holderScale, heldScale []float32
	parts                  []float32
}

// Mark reads the words of doc from first on in stretches, each for itself: ends
// has the word behind each. class gives the class of each word. What is longer than
// 400 words is read in pieces. Words and stretches are counted from first in
// what Marks gives.
func (mk *Marker) Mark(doc *Doc, first int, ends []int, class []uint8) *Marks {
	s := scratches.Get().(*scratch)
	defer scratches.Put(s)
	n := len(class)
	m := &Marks{mk: mk, Labels: make([]float32, 0, n*mk.Labels), sents: make([]int, n),
		holders: make([]int8, 0, n*mk.holder.out), helds: make([]int8, 0, n*mk.held.out), parts: make([]float32, 0, n*mk.Parts)}
	for i := range m.sents {
		m.sents[i] = doc.Words[first+i].Sent
	}
	from, batch := 0, 0 // the first word and the first piece that are still to be read
	for _, end := range ends {
		for at := m.read(); at < end-first; at = m.read() {
			to := min(at+longest, end-first)
			m.pieces = append(m.pieces, to)
			if to-from >= wordsAtOnce || to == n {
				mk.mark(s, m, doc.Words[first+from:first+to], class[from:to], bounds(m.pieces[batch:], from))
				from, batch = to, len(m.pieces)
			}
		}
	}
	return m
}

// read is the end of the last piece.
func (m *Marks) read() int {
	if len(m.pieces) == 0 {
		return 0
	}
	return m.pieces[len(m.pieces)-1]
}

// bounds are ends counted from a word.
func bounds(ends []int, from int) []int {
	out := make([]int, len(ends))
	for i, e := range ends {
		out[i] = e - from
	}
	return out
}

// mark does Mark for some pieces that are read together, with their ends.
func (mk *Marker) mark(s *scratch, m *Marks, forms []Word, class []uint8, ends []int) {
	words, d := len(class), mk.size
	mk.below.enter(s, &mk.word, words, func(i int) string { return forms[i].Form })
	for i, c := range class {
		mk.class.add(s.x[i*d:(i+1)*d], uint32(c))
	}
	mk.encode(s, words, ends)
	mk.answer(s, m, words)
}

// answer adds what follows from the last layer.
func (mk *Marker) answer(s *scratch, m *Marks, words int) {
	ask := func(head *matrix, each func(row []float32)) {
		s.hs = grow(s.hs, words*head.out)
		head.multiply(s, s.hs, s.x, words, true)
		for i := 0; i < words; i++ {
			each(s.hs[i*head.out : (i+1)*head.out])
		}
	}
	ask(&mk.label, func(row []float32) {
		m.Labels = append(m.Labels, row...)
		row = m.Labels[len(m.Labels)-mk.Labels:]
		for _, n := range mk.Groups {
			softmax(row[:n])
			row = row[n:]
		}
	})
	ask(&mk.holder, func(row []float32) {
		var scale float32
		m.holders, scale = s.appendBytes(m.holders, row)
		m.holderScale = append(m.holderScale, scale)
	})
	ask(&mk.held, func(row []float32) {
		var scale float32
		m.helds, scale = s.appendBytes(m.helds, row)
		m.heldScale = append(m.heldScale, scale)
	})
	ask(&mk.part, func(row []float32) { m.parts = append(m.parts, row...) })
}

// Links gives the probability that words belong to those from first to last,
// Parts numbers a word, for the words that were read together with them: the
// first of these is word from.
func (m *Marks) Links(first, last int) (probs []float32, from int) {
	parts, width := m.mk.Parts, m.mk.held.out
	piece, _ := slices.BinarySearch(m.pieces, first+1)
	if piece > 0 {
		from = m.pieces[piece-1]
	}
	to := m.pieces[piece]
	last = min(last, to-1)
	query := make([]float32, parts*width)
	for _, w := range []int{first, last} {
		for k, v := range m.holders[w*len(query) : (w+1)*len(query)] {
			query[k] += float32(float32(v) * m.holderScale[w])
		}
	}
	sentence, end := first, first
	for sentence > from && m.sents[sentence-1] == m.sents[first] {
		sentence--
	}
	for end < to && m.sents[end] == m.sents[first] {
		end++
	}
	scores := make([]float32, to-from)
	probs = make([]float32, (to-from)*parts)
	scale := float32(1 / math.Sqrt(float64(width)))
	for y := 0; y < parts; y++ {
		q := query[y*width : (y+1)*width]
		for j := range scores {
			sum := float32(0)
			for k, v := range m.helds[(from+j)*width : (from+j+1)*width] {
				sum += float32(q[k] * float32(v))
			}
			scores[j] = float32(float32(sum*m.heldScale[from+j])*scale) + m.parts[(from+j)*parts+y]
		}
		m.mk.far[y].addTo(scores, first-from, sentence-from, end-from)
		for j, v := range scores {
			probs[j*parts+y] = v
		}
	}
	for j := range scores {
		softmaxBesideZero(probs[j*parts : (j+1)*parts])
	}
	return probs, from
}

// softmaxBesideZero is softmax where one score more, of none of them, is zero.
func softmaxBesideZero(row []float32) {
	top := max(row[bestFloat(row)], 0)
	sum := float32(math.Exp(float64(-top)))
	for i, v := range row {
		row[i] = float32(math.Exp(float64(v - top)))
		sum += row[i]
	}
	for i := range row {
		row[i] /= sum
	}
}

func sum(ns []int) (total int) {
	for _, n := range ns {
		total += n
	}
	return total
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
