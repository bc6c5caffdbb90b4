package nlp

import "testing"

// portable makes the test run with the portable kernel.
func portable(t *testing.T) {
	had := hasAVX2
	hasAVX2 = false
	t.Cleanup(func() { hasAVX2 = had })
}
