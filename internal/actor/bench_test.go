package actor

import (
	"io/fs"
	"os"
	"strings"
	"testing"

	"detente/data"
	"detente/internal/nlp"
)

func BenchmarkLoad(b *testing.B) {
	dir, err := fs.Sub(data.FS, "actors")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Load(dir); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCast casts the dev part's sentences as one article, repeated.
func BenchmarkCast(b *testing.B) {
	text, err := os.ReadFile("testdata/mentions-dev.txt")
	if err != nil {
		b.Fatal(err)
	}
	doc := model(b).Analyze(strings.Repeat(string(text), 5), nlp.Options{Published: "2018-01-01"})
	book := embedded(b)
	words := 0
	for b.Loop() {
		book.Cast(doc, "2018-01-01")
		words += len(doc.Words)
	}
	b.ReportMetric(float64(words)/b.Elapsed().Seconds(), "words/s")
}
