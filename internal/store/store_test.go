package store

import (
	"testing"
)

// FuzzRef: a reference that can be read is written the same; one that is
// written can be read.
func FuzzRef(f *testing.F) {
	for _, s := range []string{"a#s1", "a#b#s1", "#s1", "a#", "", "sha256:00#c12"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		ref, err := ParseRef(s)
		if err != nil {
			return
		}
		if ref.String() != s || ref.Article == "" || ref.ID == "" {
			t.Errorf("%q read as %+v, written %q", s, ref, ref.String())
		}
	})
}
