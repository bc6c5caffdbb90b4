package nlp

import "testing"

// TestDatelineParts asks where a story's first sentence begins behind its dateline,
// and that what only looks like one is left alone.
func TestDatelineParts(t *testing.T) {
	m, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ text, first string }{
		{"NAIROBI, Aug 3 (Wire) - Kenya recalled its envoy on Monday.", "Kenya"},
		{"LIMA - Peru's president met his Chilean counterpart.", "Peru"},
		{"PORT LOUIS, Mauritius — The talks have ended.", "The"},
		{"NATO and its rival - the old one - agreed on a line.", "NATO"},
		{"Lima - the capital - was quiet.", "Lima"},
		{"UN-backed talks were held - at last - in May.", "UN"},
	} {
		d := m.Analyze(c.text, Options{})
		last := d.Sents[len(d.Sents)-1]
		if got := d.Words[last.First].Form; got != c.first {
			t.Errorf("%q: the sentence starts at %q, want %q", c.text, got, c.first)
		}
	}
}
