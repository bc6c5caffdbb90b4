package nlp

import "detente"

// Model is a loaded language model; read-only, for any number of goroutines.
type Model struct{}

// Load reads a model file.
func Load(b []byte) (*Model, error) { return &Model{}, nil }

// Default is the embedded model, loaded on first use.
func Default() (*Model, error) { return Load(nil) }

// Options are what Analyze is told beside the text.
type Options struct {
	Published detente.Date // anchor of time expressions; empty: weekdays stay unresolved
	// Blocks divide the text (byte ranges, in order): a sentence never crosses
	// a block. Nil: blocks are found by blank lines.
	Blocks []Range
}

// Range is a byte range of a text.
type Range struct{ Start, End int }

// Analyze reads text into a Doc.
func (m *Model) Analyze(text string, opt Options) *Doc {
	return &Doc{Text: text, runes: newRuneIndex(text)}
}
