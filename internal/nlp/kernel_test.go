package nlp

import (
	"math"
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

// What stands around the products gives the same bytes with every kernel.
func TestRowsAreTheSame(t *testing.T) {
	onEveryKernel(t, func(t *testing.T) {
		rnd := rand.New(rand.NewPCG(5, 5))
		for n := 1; n < 70; n++ {
			row, weights, bias := make([]float32, n), make([]float32, n), make([]float32, n)
			sums := make([]int32, n)
			for i := range row {
				row[i], weights[i], bias[i] = float32(rnd.NormFloat64()), rnd.Float32(), rnd.Float32()
				sums[i] = rnd.Int32() - 1<<30
			}
			if got, want := largest(row), largestGeneric(row); got != want {
				t.Fatalf("%d numbers: largest %x, want %x", n, got, want)
			}
			if got, want := squares(row), squaresGeneric(row); got != want {
				t.Fatalf("%d numbers: squares %v, want %v", n, got, want)
			}
			got, want := make([]int16, n), make([]int16, n)
			roundRow(got, row, 1000)
			roundGeneric(want, row, 1000)
			if !slices.Equal(got, want) {
				t.Fatalf("%d numbers: rounded to %v, want %v", n, got, want)
			}
			to, wanted := make([]float32, n), make([]float32, n)
			unscale(to, sums, .37, weights, bias)
			unscaleGeneric(wanted, sums, .37, weights, bias)
			if !slices.Equal(to, wanted) {
				t.Fatalf("%d sums: %v, want %v", n, to, wanted)
			}
			bytes := make([]int8, n)
			for i := range bytes {
				bytes[i] = int8(rnd.IntN(255) - 127)
			}
			addScaled(to, bytes, .21)
			addScaledGeneric(wanted, bytes, .21)
			if !slices.Equal(to, wanted) {
				t.Fatalf("%d bytes: %v, want %v", n, to, wanted)
			}
			u := make([]float32, 3*n)
			for i := range u {
				u[i] = float32(rnd.NormFloat64() * 4)
			}
			u[n], u[2*n] = 1e12, -1e12
			u[n+n/2], u[2*n+n/2] = float32(math.Inf(1)), float32(math.NaN())
			c, x := slices.Clone(row), slices.Clone(bias)
			recurStep(row, bias, u, n)
			recurGeneric(c, x, u, n)
			if !slices.Equal(row, c) || !slices.Equal(bias, x) {
				t.Fatalf("%d units: state %v, output %v, want %v, %v", n, row, bias, c, x)
			}
		}
	})
}
