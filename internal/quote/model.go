package quote

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"sync"

	"detente/data"
	"detente/internal/nlp"
)

const (
	modelFile   = "lang/en/quote.model"
	lexiconFile = "lang/en/quote-cues.txt"
	clusterFile = "lang/en/quote-clusters.txt"
	stanceFile  = "lang/en/quote-stance.txt"
	hearerFile  = "lang/en/quote-hearer.bin"
	modelMagic  = "detente quote 3\n"
)

// errModel marks a file that is no quote model.
var errModel = errors.New("not a quote model; make one with detente train quote")

// Default is the embedded model, loaded on first use.
var Default = sync.OnceValues(func() (*Model, error) {
	words, err := data.FS.ReadFile(lexiconFile)
	if err != nil {
		return nil, err
	}
	lex, err := ParseLexicon(lexiconFile, bytes.NewReader(words))
	if err != nil {
		return nil, err
	}
	words, err = data.FS.ReadFile(stanceFile)
	if err != nil {
		return nil, err
	}
	if err := lex.ParseStances(stanceFile, bytes.NewReader(words)); err != nil {
		return nil, err
	}
	words, err = data.FS.ReadFile(clusterFile)
	if err != nil {
		return nil, err
	}
	if lex.words, err = ParseClusters(clusterFile, bytes.NewReader(words)); err != nil {
		return nil, err
	}
	b, err := data.FS.ReadFile(modelFile)
	if err != nil {
		return nil, err
	}
	m, err := Load(b, lex)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", modelFile, err)
	}
	if b, err = data.FS.ReadFile(hearerFile); err != nil {
		return nil, err
	}
	lang, err := nlp.Default()
	if err != nil {
		return nil, err
	}
	if m.hearer, err = ReadHearer(lang, b); err != nil {
		return nil, fmt.Errorf("%s: %w", hearerFile, err)
	}
	return m, nil
})

// Load reads a model file: after the magic line a gzip stream with the four
// favours of decoding and the three chains, each as label count, bits, scale, the 32-bit
// weights of transitions, starts and ends, and one byte for every weight.
func Load(b []byte, lex *Lexicon) (*Model, error) {
	rest, ok := bytes.CutPrefix(b, []byte(modelMagic))
	if !ok {
		return nil, errModel
	}
	z, err := gzip.NewReader(bytes.NewReader(rest))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errModel, err)
	}
	m := &Model{lex: lex}
	if err := binary.Read(z, binary.LittleEndian, &m.favours); err != nil {
		return nil, fmt.Errorf("%w: %w", errModel, err)
	}
	for _, part := range []struct {
		to     **chain
		labels int
	}{{&m.tag, tagCount}, {&m.arg, argCount}, {&m.pick, pickCount}} {
		c, err := readChain(z, part.labels)
		if err != nil {
			return nil, err
		}
		*part.to = c
	}
	return m, nil
}

// maxBits bounds the table that a model file may ask for.
const maxBits = 24

func readChain(r io.Reader, labels int) (*chain, error) {
	var head struct {
		Labels, Bits uint32
		Scale        float32
	}
	if err := binary.Read(r, binary.LittleEndian, &head); err != nil {
		return nil, fmt.Errorf("%w: %w", errModel, err)
	}
	if int(head.Labels) != labels || head.Bits > maxBits {
		return nil, fmt.Errorf("%w: %d labels and %d bits", errModel, head.Labels, head.Bits)
	}
	c := &chain{labels: labels, bits: uint(head.Bits), scale: head.Scale,
		trans: make([]float32, labels*labels), first: make([]float32, labels), last: make([]float32, labels)}
	for _, w := range [][]float32{c.trans, c.first, c.last} {
		if err := binary.Read(r, binary.LittleEndian, w); err != nil {
			return nil, fmt.Errorf("%w: %w", errModel, err)
		}
	}
	raw := make([]byte, labels<<c.bits)
	if _, err := io.ReadFull(r, raw); err != nil {
		return nil, fmt.Errorf("%w: %w", errModel, err)
	}
	c.q = make([]int8, len(raw))
	for i, b := range raw {
		c.q[i] = int8(b)
	}
	return c, nil
}

// Save writes the model; what Load reads from it scores with 8-bit weights.
func (m *Model) Save(w io.Writer) error {
	if _, err := io.WriteString(w, modelMagic); err != nil {
		return err
	}
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	if err := binary.Write(z, binary.LittleEndian, m.favours); err != nil {
		return err
	}
	for _, c := range []*chain{m.tag, m.arg, m.pick} {
		if err := c.write(z); err != nil {
			return err
		}
	}
	return z.Close()
}

func (c *chain) write(w io.Writer) error {
	c.pack()
	if err := binary.Write(w, binary.LittleEndian, []uint32{uint32(c.labels), uint32(c.bits)}); err != nil {
		return err
	}
	if err := binary.Write(w, binary.LittleEndian, c.scale); err != nil {
		return err
	}
	for _, x := range [][]float32{c.trans, c.first, c.last} {
		if err := binary.Write(w, binary.LittleEndian, x); err != nil {
			return err
		}
	}
	raw := make([]byte, len(c.q))
	for i, q := range c.q {
		raw[i] = byte(q)
	}
	_, err := w.Write(raw)
	return err
}

// quantum is the step of 8-bit weights, which reach ±1.6: fine enough to cost
// nothing, coarse enough that many round to nothing and pack well.
const quantum = 1. / 80

// pack makes the 8-bit weights from the learned ones.
func (c *chain) pack() {
	if c.q != nil {
		return
	}
	c.scale = quantum
	c.q = make([]int8, len(c.w))
	for i, w := range c.w {
		c.q[i] = int8(max(-127, min(127, math.Round(float64(w)/quantum))))
	}
}
