package nlp

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"detente/data"
)

// The embedded model is the one that was measured.
func TestModelIsPinned(t *testing.T) {
	file, err := data.FS.ReadFile(modelFile)
	if err != nil {
		t.Fatal(err)
	}
	pin, err := data.FS.ReadFile(strings.TrimSuffix(modelFile, "bin") + "sha256")
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprintf("%x", sha256.Sum256(file)); got != strings.TrimSpace(string(pin)) {
		t.Errorf("%s has SHA-256 %s, model.sha256 says %s", modelFile, got, pin)
	}
}

// A damaged file is refused, never half read.
func TestLoadDamaged(t *testing.T) {
	file, err := data.FS.ReadFile(modelFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{len(file) - 1, len(file) / 2, len(file) / 4, 400_000, 1000} {
		if _, err := Load(file[:n]); err == nil {
			t.Errorf("the first %d bytes are read as a model", n)
		}
	}
	if _, err := Load(append(file[:len(file):len(file)], 0)); err == nil {
		t.Error("a byte too many is read")
	}
}
