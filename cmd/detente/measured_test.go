//go:build slow && linux

package main

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

const (
	measuredFile = "../../eval/measured.tsv"
	// slack is how much lower than published a figure may be measured.
	slack = 1.0
)

// TestSlowMeasured measures again what the page of data and method tells.
func TestSlowMeasured(t *testing.T) {
	bin := program(t)
	b, err := os.ReadFile(measuredFile)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
	outputs := map[string]string{}
	for i, line := range lines[1:] {
		cols := strings.Split(line, "\t")
		if len(cols) != 9 {
			t.Fatalf("eval/measured.tsv:%d: %d columns, want 9", i+2, len(cols))
		}
		gold := filepath.Join("..", "..", filepath.FromSlash(cols[1]))
		if _, err := os.Stat(gold); err != nil && strings.HasPrefix(cols[1], "../") {
			t.Logf("%s is not there: %s is not measured", cols[1], cols[2])
			continue
		}
		key := cols[0] + " " + gold
		if outputs[key] == "" {
			out, err := exec.Command(bin, "eval", cols[0], gold).CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			outputs[key] = string(out)
		}
		got, err := rowOf(outputs[key], cols[2])
		if err != nil {
			t.Fatal(err)
		}
		if *update {
			lines[i+1] = strings.Join(append(cols[:5:5], got.cells()...), "\t")
			continue
		}
		published, err := strconv.ParseFloat(cols[5], 64)
		if err != nil {
			t.Fatalf("eval/measured.tsv:%d: %v", i+2, err)
		}
		if got.figure < published-slack {
			t.Errorf("%s %s: %.1f is published, %.1f is measured; write eval/measured.tsv anew with -update", cols[0], cols[2], published, got.figure)
		}
	}
	if *update {
		if err := os.WriteFile(measuredFile, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// result is a figure in percent, its 95% interval (0, 0: none) and of how many.
type result struct {
	figure, low, high float64
	n                 int
}

func (r result) cells() []string {
	cells := []string{fmt.Sprintf("%.1f", r.figure), "", "", ""}
	if r.high > 0 {
		cells[1], cells[2] = fmt.Sprintf("%.1f", r.low), fmt.Sprintf("%.1f", r.high)
	}
	if r.n > 0 {
		cells[3] = strconv.Itoa(r.n)
	}
	return cells
}

var (
	withInterval = regexp.MustCompile(`^([\d.]+) +(?:\(95% |\[)([\d.]+)(?:–|, )([\d.]+)[)\]].* (\d+)(?: in gold)?$`)
	countOf      = regexp.MustCompile(`^(\d+)(?:/| of )(\d+)$`)
	figureAlone  = regexp.MustCompile(`^([\d.]+) +\(P `)
	inGold       = regexp.MustCompile(`(?m)^n_gold +(\d+)`)
)

// rowOf reads a row of what an evaluation prints. Counts without an interval
// are given Wilson's.
func rowOf(output, name string) (result, error) {
	row := regexp.MustCompile(`(?m)^ *` + regexp.QuoteMeta(name) + ` +(.*)$`).FindStringSubmatch(output)
	if row == nil {
		return result{}, fmt.Errorf("no row %q in\n%s", name, output)
	}
	number := func(s string) float64 {
		x, _ := strconv.ParseFloat(s, 64) // the expressions find numbers alone
		return x
	}
	if m := withInterval.FindStringSubmatch(row[1]); m != nil {
		return result{number(m[1]), number(m[2]), number(m[3]), int(number(m[4]))}, nil
	}
	if m := countOf.FindStringSubmatch(row[1]); m != nil {
		return wilson(number(m[1]), number(m[2])), nil
	}
	if m := figureAlone.FindStringSubmatch(row[1]); m != nil {
		r := result{figure: number(m[1])}
		if n := inGold.FindStringSubmatch(output); n != nil {
			r.n = int(number(n[1]))
		}
		return r, nil
	}
	return result{}, fmt.Errorf("row %q of another form: %s", name, row[1])
}

// wilson is a share with its 95% interval.
func wilson(hits, n float64) result {
	const z = 1.959964
	p := hits / n
	middle := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return result{100 * p, 100 * max(0, middle-half), 100 * min(1, middle+half), int(n)}
}
