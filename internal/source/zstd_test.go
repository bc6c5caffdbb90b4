package source

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

func zstdOf(t testing.TB, b []byte, options ...zstd.EOption) []byte {
	t.Helper()
	enc, err := zstd.NewWriter(nil, options...)
	if err != nil {
		t.Fatal(err)
	}
	defer enc.Close()
	return enc.EncodeAll(b, nil)
}

// perRecord packs each record for itself.
func perRecord(t *testing.T, records []string, options ...zstd.EOption) []byte {
	t.Helper()
	var b []byte
	for _, r := range records {
		b = append(b, zstdOf(t, []byte(r), options...)...)
	}
	return b
}

// skippable is a frame that decoders pass over.
func skippable(magic uint32, content []byte) []byte {
	b := binary.LittleEndian.AppendUint32(nil, magic)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(content)))
	return append(b, content...)
}

func TestZstd(t *testing.T) {
	records := warcOf("1.1", pageOf("They met."), pageOf("They spoke."), pageOf("They wrote."))
	whole := []byte(strings.Join(records, ""))
	var samples [][]byte // with enough in them that no other has
	for i := range 40 {
		samples = append(samples, []byte(fmt.Sprintf("%x %x met %x and %x", i*7919, i*104729, i*i*611953, i*1299709)+records[i%len(records)]))
	}
	dictionary, err := zstd.BuildDict(zstd.BuildDictOptions{ID: 7, Contents: samples, History: whole, Offsets: [3]int{1, 4, 8}})
	if err != nil {
		t.Fatal(err)
	}
	with := perRecord(t, records, zstd.WithEncoderDict(dictionary))
	for name, b := range map[string][]byte{
		"per record":        perRecord(t, records),
		"whole":             zstdOf(t, whole),
		"without checksums": perRecord(t, records, zstd.WithEncoderCRC(false)),
		"skippable frame":   append(skippable(zstdSkippable, []byte("notes of a program")), perRecord(t, records)...),
		"dictionary":        append(skippable(zstdDictionary, dictionary), with...),
		"packed dictionary": append(skippable(zstdDictionary, zstdOf(t, dictionary)), with...),
	} {
		if found, errs := urls(t, b); found != "1 2 3 " || len(errs) > 0 {
			t.Errorf("%s: found %q, errors %v", name, found, errs)
		}
	}
	text := "They met in the harbour on Monday."
	if articles, errs := all(bytes.NewReader(zstdOf(t, []byte(text))), Hint{Name: "t"}); len(articles) != 1 || len(errs) > 0 || articles[0].Text != text {
		t.Errorf("a packed text gives %d articles, errors %v", len(articles), errs)
	}
}

func TestZstdGoesOnBehindDamage(t *testing.T) {
	records := warcOf("1.1", pageOf("They met."), pageOf("They spoke."), pageOf("They wrote."))
	first, middle, last := zstdOf(t, []byte(records[0])), zstdOf(t, []byte(records[1])), zstdOf(t, []byte(records[2]))
	for i := len(middle) / 2; i < len(middle)/2+12; i++ {
		middle[i] ^= 0x55
	}
	for name, b := range map[string][]byte{
		"inside of a frame": bytes.Join([][]byte{first, middle, last}, nil),
		"a length":          bytes.Join([][]byte{first, zstdMagic, {0x04, 0x58, 0xff, 0xff, 0xff, 0xff}, last}, nil),
		"between frames":    bytes.Join([][]byte{first, []byte("some bytes"), last}, nil),
	} {
		found, errs := urls(t, b)
		if !strings.HasPrefix(found, "1 ") || !strings.HasSuffix(found, "3 ") || name != "between frames" && len(errs) == 0 {
			t.Errorf("%s: found %q, errors %v", name, found, errs)
		}
	}
	found, errs := urls(t, bytes.Join([][]byte{first, last[:len(last)/2]}, nil))
	if !strings.HasPrefix(found, "1 ") || len(errs) == 0 {
		t.Errorf("cut off: found %q, errors %v", found, errs)
	}
	if _, errs := urls(t, skippable(zstdDictionary, []byte("no dictionary"))); len(errs) != 1 || !strings.Contains(errs[0].Error(), "dictionary") {
		t.Errorf("a bad dictionary gives %v", errs)
	}
}
