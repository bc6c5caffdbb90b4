package nlp

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"detente/data"
)

const hearerFile = "lang/en/quote-hearer.bin"

func hearer(t testing.TB) (*Model, []byte) {
	t.Helper()
	lang, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	b, err := data.FS.ReadFile(hearerFile)
	if err != nil {
		t.Fatal(err)
	}
	return lang, b
}

// Probabilities of a word add up to one, and are the same whatever else stands
// in the text outside the stretch that is read.
func TestMarker(t *testing.T) {
	lang, b := hearer(t)
	mk, err := lang.Marker(b)
	if err != nil {
		t.Fatal(err)
	}
	const said = "The envoy said on Tuesday that the two sides would go on talking."
	read := func(text string) []float32 {
		doc := lang.Analyze(text, Options{})
		n := len(strings.Fields(said)) + 1
		return mk.Mark(doc, len(doc.Words)-n, len(doc.Words), make([]uint8, n)).Labels
	}
	alone := read(said)
	if behind := read("Nothing else was heard of it.\n\n" + said); !slices.Equal(alone, behind) {
		t.Errorf("alone %v\nbehind another paragraph %v", alone, behind)
	}
	for i := 0; i < len(alone); i += mk.Labels {
		sum := float32(0)
		for _, p := range alone[i : i+mk.Labels] {
			sum += p
		}
		if sum < .999 || sum > 1.001 {
			t.Errorf("word %d: %v add up to %v", i/mk.Labels, alone[i:i+mk.Labels], sum)
		}
	}
}

// A damaged file, or one for another language model, is refused.
func TestMarkerRefuses(t *testing.T) {
	lang, b := hearer(t)
	for _, n := range []int{0, 10, 40, 300, len(b) / 2, len(b) - 1} {
		if _, err := lang.Marker(b[:n]); !errors.Is(err, ErrModel) {
			t.Errorf("the first %d bytes: %v", n, err)
		}
	}
	if _, err := lang.Marker(append(slices.Clone(b), 0)); !errors.Is(err, ErrModel) {
		t.Errorf("a byte too many: %v", err)
	}
	other := bytes.Replace(b, []byte(lang.Info.Version), []byte(strings.Repeat("x", len(lang.Info.Version))), 1)
	if _, err := lang.Marker(other); !errors.Is(err, ErrModel) || !strings.Contains(err.Error(), "train it anew") {
		t.Errorf("for another language model: %v", err)
	}
}
