package nlp

import "testing"

// portable makes the test run with the portable kernel.
func portable(t *testing.T) { without(t, &hasAVX2) }

// onEveryKernel runs a test with each kernel that this machine has.
func onEveryKernel(t *testing.T, test func(*testing.T)) {
	if hasVNNI {
		t.Run("VNNI", test)
		without(t, &hasVNNI)
	}
	if hasAVX2 {
		t.Run("AVX2", test)
	}
	portable(t)
	t.Run("portable", test)
}

func without(t *testing.T, has *bool) {
	had := *has
	*has = false
	t.Cleanup(func() { *has = had })
}
