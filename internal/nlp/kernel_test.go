package nlp

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Every kernel gives the sums of the portable one, which are those of the plain
// definition.
func TestProductsAreExact(t *testing.T) { onEveryKernel(t, productsAreExact) }

func productsAreExact(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 3))
	for range 60 {
		rows, out, in := 1+rnd.IntN(9), 1+rnd.IntN(40), 2+2*rnd.IntN(70)
		acts := make([]int16, wholePanels(rows)*in)
		for i := range acts {
			acts[i] = int16(rnd.IntN(2*actLevels+1) - actLevels)
		}
		weights := make([]int16, out*in)
		for i := range weights {
			weights[i] = int16(rnd.IntN(255) - 127)
		}
		count := panelCount(out)
		panels := make([]int16, count*panelWidth*in)
		packPanels(panels, out, in, func(o, i int) int16 { return weights[o*in+i] })
		width := count * panelWidth
		got, portable := make([]int32, wholePanels(rows)*width), make([]int32, wholePanels(rows)*width)
		products(got, acts, rows, in, panels, count)
		for p := range count {
			for r := 0; r < rows; r += panelRows {
				dotGeneric(acts[r*in:], in, panels[p*panelWidth*in:], portable[r*width+p*panelWidth:], width)
			}
		}
		if !slices.Equal(got, portable) {
			t.Fatalf("%d rows, %d outputs, %d inputs: kernels differ", rows, out, in)
		}
		for r := range rows {
			for o := range out {
				want := int32(0)
				for i := range in {
					want += int32(acts[r*in+i]) * int32(weights[o*in+i])
				}
				if got[r*width+o] != want {
					t.Fatalf("row %d, output %d: %d, want %d", r, o, got[r*width+o], want)
				}
			}
		}
	}
}
