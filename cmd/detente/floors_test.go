//go:build slow && linux

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// figure is a row of eval/floors.txt.
type figure struct {
	measure, gold, row string
	floor              float64
}

// TestSlowFloors measures what the lines with tabs of eval/floors.txt name, and
// compares; the others are held by the packages that they measure.
func TestSlowFloors(t *testing.T) {
	bin := program(t)
	measured := map[string]string{} // output of each measure and gold
	for _, f := range floors(t) {
		t.Run(f.measure+" "+filepath.Base(f.gold)+" "+f.row, func(t *testing.T) {
			gold := filepath.Join("..", "..", filepath.FromSlash(f.gold))
			if _, err := os.Stat(gold); err != nil && strings.HasPrefix(f.gold, "../") {
				t.Skipf("%s is not there", f.gold)
			}
			key := f.measure + " " + f.gold
			if _, ok := measured[key]; !ok {
				out, err := exec.Command(bin, "eval", f.measure, gold).CombinedOutput()
				if err != nil {
					t.Fatalf("%v: %s", err, out)
				}
				measured[key] = string(out)
			}
			row := regexp.MustCompile(`(?m)^ *` + regexp.QuoteMeta(f.row) + ` +(?:[A-Z] )?([\d.]+)`).FindStringSubmatch(measured[key])
			if row == nil {
				t.Fatalf("no row %q in\n%s", f.row, measured[key])
			}
			got, err := strconv.ParseFloat(row[1], 64)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%v, floor %v", got, f.floor)
			if got < f.floor {
				t.Errorf("%v is under the floor of %v\n%s", got, f.floor, measured[key])
			}
		})
	}
}

func floors(t *testing.T) []figure {
	t.Helper()
	b, err := os.ReadFile("../../eval/floors.txt")
	if err != nil {
		t.Fatal(err)
	}
	var out []figure
	for n, line := range strings.Split(string(b), "\n") {
		cols := strings.Split(line, "\t")
		if len(cols) == 1 || strings.HasPrefix(line, "#") {
			continue
		}
		if len(cols) != 4 {
			t.Fatalf("eval/floors.txt:%d: %d columns, want 4 parted by tabs", n+1, len(cols))
		}
		floor, err := strconv.ParseFloat(cols[3], 64)
		if err != nil {
			t.Fatalf("eval/floors.txt:%d: %v", n+1, err)
		}
		out = append(out, figure{cols[0], cols[1], cols[2], floor})
	}
	return out
}
