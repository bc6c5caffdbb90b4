package nlp

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const floorsFile = "../../eval/floors.txt"

// floor is a line of eval/floors.txt.
type floor struct {
	what, gold, hash, how, measure string
	least                          float64
}

func readFloors(t *testing.T) []floor {
	f, err := os.Open(floorsFile)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []floor
	sc := bufio.NewScanner(f)
	for line := 1; sc.Scan(); line++ {
		col := strings.Fields(sc.Text())
		if len(col) == 0 || col[0] != "syntax" && col[0] != "names" {
			continue
		}
		if len(col) != 6 {
			t.Fatalf("%s:%d: %d columns, not 6", floorsFile, line, len(col))
		}
		least, err := strconv.ParseFloat(col[5], 64)
		if err != nil {
			t.Fatalf("%s:%d: %v", floorsFile, line, err)
		}
		out = append(out, floor{col[0], col[1], col[2], col[3], col[4], least})
	}
	if len(out) == 0 {
		t.Fatalf("%s: no floors of syntax or names", floorsFile)
	}
	return out
}

func TestFloors(t *testing.T) {
	groups := map[string][]floor{}
	var order []string
	for _, f := range readFloors(t) {
		key := f.what + " " + f.gold + " " + f.how
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], f)
	}
	for _, key := range order {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			measures, err := measure(groups[key][0])
			if errors.Is(err, fs.ErrNotExist) {
				t.Skipf("the gold data is not here: %v", err)
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range groups[key] {
				if got, ok := measures[f.measure]; !ok || got < f.least {
					t.Errorf("%s is %.2f, the floor %.2f", f.measure, got, f.least)
				}
			}
		})
	}
}

// measure reads a gold file as the floor says and gives the F1 of every measure.
func measure(f floor) (map[string]float64, error) {
	b, err := os.ReadFile(filepath.Join("../../../shared/data", f.gold))
	if err != nil {
		return nil, err
	}
	if hash := fmt.Sprintf("%x", sha256.Sum256(b))[:12]; hash != f.hash {
		return nil, fmt.Errorf("%s has hash %s, the floor was measured on %s", f.gold, hash, f.hash)
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	m, err := Default()
	if err != nil {
		return nil, err
	}
	var scores []*Score
	if f.what == "names" {
		scores, err = measureNames(m, z)
	} else {
		scores, err = measureSyntax(m, z, f.how)
	}
	out := map[string]float64{}
	for _, s := range scores {
		out[s.Name] = s.F1()
	}
	return out, err
}

func measureNames(m *Model, r io.Reader) ([]*Score, error) {
	gold, err := ReadNames(r)
	if err != nil {
		return nil, err
	}
	got := make([]*Doc, len(gold))
	for i, g := range gold {
		d := *g
		d.Words = append([]Word(nil), g.Words...)
		m.Annotate(&d, Options{})
		got[i] = &d
	}
	return ScoreNames(gold, got), nil
}

func measureSyntax(m *Model, r io.Reader, how string) ([]*Score, error) {
	gold, err := ReadConllu(r)
	if err != nil {
		return nil, err
	}
	if how == "raw" {
		return ScoreSyntax(gold, m.Analyze(gold.Text, Options{}))
	}
	got := *gold
	got.Words = append([]Word(nil), gold.Words...)
	m.Annotate(&got, Options{})
	return ScoreSyntax(gold, &got)
}
