// Package source turns bytes into Articles.
package source

import (
	"io"
	"iter"

	"detente"
)

// Hint is what the caller knows about the bytes.
type Hint struct {
	Name        string       // file name or URL, for errors
	URL         string       // for relative links and the outlet
	ContentType string       // HTTP header, if any
	Published   detente.Date // overrides nothing: used where the input has no date
	Raw         bool         // text unchanged, offsets refer to the input
}

// Read sniffs the format and yields its articles one by one; an error beside
// an article-less yield concerns one item and reading goes on.
func Read(r io.Reader, h Hint) iter.Seq2[*detente.Article, error] { return nil }
