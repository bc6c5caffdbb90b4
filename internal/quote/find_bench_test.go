package quote

import (
	"io/fs"
	"strings"
	"testing"

	"detente/data"
	"detente/internal/actor"
	"detente/internal/nlp"
)

// dispatch is a piece of news of ours, as the benchmarks read it.
const dispatch = `The foreign ministers of Norway and Iceland will meet on Monday, a spokeswoman in Oslo said.

"We have never stopped talking," Ingrid Solberg told reporters after a session of parliament that lasted until the evening. The minister, who returned from Geneva on Friday, added that the hotline between the two capitals had been tested twice in March.

Her counterpart was less hopeful. According to the state news agency, he called the meeting "a formality", and an official who asked not to be named said the Icelandic side expected little of it.

Fishermen in the north have waited since the winter for an answer to their petition. Prices rose by four percent last year, and the fleet has lost a third of its boats.
`

func benchmarkDoc(b *testing.B) (*nlp.Model, string) {
	b.Helper()
	lang, err := nlp.Default()
	if err != nil {
		b.Fatal(err)
	}
	return lang, strings.Repeat(dispatch+"\n", 12)
}

// BenchmarkAnalyze is the language core on the text of BenchmarkFind: the two
// are compared in one run.
func BenchmarkAnalyze(b *testing.B) {
	lang, text := benchmarkDoc(b)
	words := 0
	for b.Loop() {
		words += len(lang.Analyze(text, nlp.Options{Published: "2024-03-08"}).Words)
	}
	b.ReportMetric(float64(words)/b.Elapsed().Seconds(), "words/s")
}

func BenchmarkFind(b *testing.B) {
	lang, text := benchmarkDoc(b)
	m, err := Default()
	if err != nil {
		b.Fatal(err)
	}
	actors, err := fs.Sub(data.FS, "actors")
	if err != nil {
		b.Fatal(err)
	}
	book, err := actor.Load(actors)
	if err != nil {
		b.Fatal(err)
	}
	doc := lang.Analyze(text, nlp.Options{Published: "2024-03-08"})
	words := 0
	for b.Loop() {
		m.Find(doc, book.Cast(doc, "2024-03-08"), "2024-03-08")
		words += len(doc.Words)
	}
	b.ReportMetric(float64(words)/b.Elapsed().Seconds(), "words/s")
}

func BenchmarkHear(b *testing.B) {
	lang, text := benchmarkDoc(b)
	m, err := Default()
	if err != nil {
		b.Fatal(err)
	}
	v := newView(lang.Analyze(text, nlp.Options{}), m.lex)
	words := 0
	for b.Loop() {
		v.listen(m.hearer)
		words += len(v.doc.Words)
	}
	b.ReportMetric(float64(words)/b.Elapsed().Seconds(), "words/s")
}
