//go:build !amd64

package nlp

import "testing"

// portable: there is no other kernel.
func portable(*testing.T) {}

func onEveryKernel(t *testing.T, test func(*testing.T)) { test(t) }
