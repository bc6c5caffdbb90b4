package nlp

import (
	"bytes"
	"encoding/binary"
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
		return mk.Mark(doc, len(doc.Words)-n, []int{len(doc.Words)}, make([]uint8, n)).Labels
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

// Only words that were read together with a cue belong to it, each with
// probabilities that add up to one at most, and the same ones where their
// stretch is read alone.
func TestLinks(t *testing.T) {
	lang, b := hearer(t)
	mk, err := lang.Marker(b)
	if err != nil {
		t.Fatal(err)
	}
	doc := lang.Analyze(strings.Repeat("The envoy said on Tuesday that the two sides would go on talking. ", 40), Options{})
	n := len(doc.Words)
	if n <= longest {
		t.Fatalf("%d words are read at once", n)
	}
	whole := mk.Mark(doc, 0, []int{n}, make([]uint8, n))
	for _, cue := range []int{2, longest - 1, longest, n - 1} {
		first := cue / longest * longest
		to := min(n, first+longest)
		links, from := whole.Links(cue, cue)
		if from != first || len(links) != (to-first)*mk.Parts {
			t.Fatalf("%d probabilities from word %d on, want words %d to %d", len(links), from, first, to)
		}
		for j := range to - from {
			sum := float32(0)
			for _, p := range links[j*mk.Parts : (j+1)*mk.Parts] {
				sum += p
			}
			if !(sum > 0 && sum < 1.0001) {
				t.Errorf("word %d belongs to word %d with %v", from+j, cue, links[j*mk.Parts:(j+1)*mk.Parts])
			}
		}
		part, _ := mk.Mark(doc, first, []int{to}, make([]uint8, to-first)).Links(cue-first, cue-first)
		if !slices.Equal(part, links) {
			t.Errorf("word %d: read alone, its stretch gives other links", cue)
		}
	}
	got, _ := whole.Links(longest-1, longest+3)
	if want, _ := whole.Links(longest-1, longest-1); !slices.Equal(got, want) {
		t.Error("a cue that goes on in the next stretch is not cut at its end")
	}
}

// Ways of up to seven words have a number each, longer ones by half octaves,
// each side its own.
func TestBucket(t *testing.T) {
	for d, want := range map[int]int{0: 0, -1: 1, -7: 7, -8: 8, -11: 8, -12: 9, -91: 15, -399: 15,
		1: 17, 7: 23, 8: 24, 11: 24, 12: 25, 90: 30, 91: 31, 399: 31} {
		if got := bucket(d); got != want {
			t.Errorf("%d words: bucket %d, want %d", d, got, want)
		}
	}
}

// A way within the sentence has another number than one as long that leads out
// of it.
func TestDistances(t *testing.T) {
	rows := table{scale: make([]float32, buckets), rows: make([]int8, 2*buckets)}
	for b := range buckets {
		rows.scale[b], rows.rows[2*b+1] = 1, int8(b)
	}
	ds := distancesOf(rows, 2, 1)
	row := []float32{100, 0, 0, 0, 0, 0}
	ds.addTo(row, 2, 1, 4) // words 1 to 3 are the sentence of word 2
	if want := []float32{100 + 32 + 2, 1, 0, 17, 32 + 18, 32 + 19}; !slices.Equal(row, want) {
		t.Errorf("from word 2: %v, want %v", row, want)
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
	for _, c := range [][2]string{ // numbers that no honest file has
		{`"size":320`, `"size":-20`}, {`["word",320,128,`, `["word",1e300,0,`}, {`["label",7,`, `["label",-7,`},
		{`"parts":2,`, `"parts":-2,`}, {`"link":48,`, `"link":-48,`}, {`"classes":12`, `"classes":13`}, {`["far",64,`, `["far",63,`},
	} {
		bad := withHeader(t, b, c[0], c[1])
		if _, err := lang.Marker(bad); !errors.Is(err, ErrModel) {
			t.Errorf("%s for %s: %v", c[1], c[0], err)
		}
	}
	other := bytes.Replace(b, []byte(lang.Info.Version), []byte(strings.Repeat("x", len(lang.Info.Version))), 1)
	if _, err := lang.Marker(other); !errors.Is(err, ErrModel) || !strings.Contains(err.Error(), "train it anew") {
		t.Errorf("for another language model: %v", err)
	}
}

// withHeader is the file b with what stands in its header replaced.
func withHeader(t *testing.T, b []byte, old, new string) []byte {
	t.Helper()
	size, rest, ok := cutInt(b[len(markerMagic):])
	if !ok || !bytes.Contains(rest[:size], []byte(old)) {
		t.Fatalf("the header has no %s", old)
	}
	header := bytes.Replace(rest[:size], []byte(old), []byte(new), 1)
	out := binary.LittleEndian.AppendUint32([]byte(markerMagic), uint32(len(header)))
	return slices.Concat(out, header, rest[size:])
}
