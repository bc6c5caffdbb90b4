package event

import (
	"strings"
	"testing"

	"detente/internal/nlp"
)

// BenchmarkCode codes a story of a hundred sentences that was analysed before.
func BenchmarkCode(b *testing.B) {
	room := newRoom(b)
	text := strings.Repeat("Chile's foreign minister met his Peruvian counterpart in Lima on Monday. "+
		"Peru recalled its ambassador from Bolivia, and talks on trade were suspended, the ministry said.\n\n", 50)
	doc := room.model.Analyze(text, nlp.Options{Published: "2023-06-14"})
	cast := room.book.Cast(doc, "2023-06-14")
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		room.coder.Code(doc, cast, nil, "2023-06-14")
	}
}

// BenchmarkRead takes the same story from text to events, and reports sentences
// a second.
func BenchmarkRead(b *testing.B) {
	room := newRoom(b)
	text := strings.Repeat("Chile's foreign minister met his Peruvian counterpart in Lima on Monday. "+
		"Peru recalled its ambassador from Bolivia, and talks on trade were suspended, the ministry said.\n\n", 50)
	for b.Loop() {
		room.read(text, "2023-06-14")
	}
	b.ReportMetric(100*float64(b.N)/b.Elapsed().Seconds(), "sentences/s")
}
