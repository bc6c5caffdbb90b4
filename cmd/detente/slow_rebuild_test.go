//go:build slow && linux

package main

import (
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestSlowRebuildIsKilled kills a rebuild (SIGKILL) again and again, lets the
// last one end, and compares its run with the one that it was made from: by the
// same models and rules nothing may differ.
func TestSlowRebuildIsKilled(t *testing.T) {
	bin, dir := program(t), t.TempDir()
	db := filepath.Join(dir, "x.db")
	in := filepath.Join(dir, "in")
	articles := writeArchives(t, in)
	must := func(args ...string) string {
		t.Helper()
		got := runProgram(t, bin, append(args, "--db", db)...)
		if got.exit != 0 {
			t.Fatalf("%v: %+v", args, got)
		}
		return got.stdout
	}
	must("import", in)
	start := time.Now()
	must("rebuild") // undisturbed
	took := time.Since(start)
	chance := rand.New(rand.NewPCG(7, 7))
	last, begun := 2, false // the number of the last run, and whether it is to be gone on with
	for killed := 0; killed < 8; {
		args := []string{"rebuild", "--db", db}
		if begun {
			args = append(args, "--run", fmt.Sprint(last))
		}
		cmd := exec.Command(bin, args...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(took/4+time.Duration(chance.Int64N(int64(took))), func() { cmd.Process.Kill() })
		err := cmd.Wait()
		timer.Stop()
		if runs := strings.Count(must("runs"), "\n"); runs > last {
			last, begun = runs, true
		}
		if err != nil {
			killed++
			continue
		}
		if diff := must("diff", "1", fmt.Sprint(last)); !strings.Contains(diff, "no dyad differs") {
			t.Errorf("run %d differs:\n%s", last, diff)
		}
		begun = false
	}
	if begun {
		must("rebuild", "--run", fmt.Sprint(last))
	}
	if runs := must("runs"); strings.Count(runs, fmt.Sprintf("  %d articles", articles)) != last {
		t.Errorf("not every run has %d articles:\n%s", articles, runs)
	}
	if diff := must("diff", "1", fmt.Sprint(last)); !strings.Contains(diff, "no dyad differs") {
		t.Errorf("the last run differs:\n%s", diff)
	}
	must("activate", fmt.Sprint(last))
}
