package nlp

import "math"

// Products of 16-bit activations with 8-bit weights (held as 16 bits) are summed
// in 32-bit integers: exact, so the assembly kernels and the portable one give
// the same bytes. The float work around them is done a number at a time, each
// rounded by itself, in the same order by all. Weights are packed in panels of
// panelWidth outputs, two inputs side by side, as the kernels read them.

const (
	panelWidth = 16 // outputs of a panel
	panelRows  = 4  // rows of activations that the kernel takes at once
	actLevels  = 4095
)

// matrix is a weight matrix with a scale and a bias for every output.
type matrix struct {
	in, out int // in is even: padded with zeros
	panels  []int16
	scale   []float32
	bias    []float32
}

// panelCount is the number of panels for n outputs.
func panelCount(n int) int { return (n + panelWidth - 1) / panelWidth }

// packPanels lays out rows of weights (one row an output, in values each) as
// panels in dst, which is zeroed where outputs are missing.
func packPanels(dst []int16, out, in int, weight func(o, i int) int16) {
	for p := 0; p < panelCount(out); p++ {
		base := p * panelWidth * in
		for i := 0; i < in; i++ {
			at := base + (i/2)*2*panelWidth + i%2
			for k := 0; k < panelWidth; k++ {
				v := int16(0)
				if o := p*panelWidth + k; o < out {
					v = weight(o, i)
				}
				dst[at+2*k] = v
			}
		}
	}
}

// wholePanels is the number of rows that the kernel reads and writes for rows.
func wholePanels(rows int) int { return (rows + panelRows - 1) / panelRows * panelRows }

// products fills sums (rows × panels×panelWidth) with the products of rows of
// activations, in values each, with all panels. Both slices have room for
// wholePanels(rows) rows; what stands in rows beyond is of no meaning.
func products(sums []int32, acts []int16, rows, in int, panels []int16, count int) {
	width := count * panelWidth
	for p := 0; p < count; p++ {
		w := panels[p*panelWidth*in:]
		for r := 0; r < rows; r += panelRows {
			dotPanel(acts[r*in:], in, w, sums[r*width+p*panelWidth:], width)
		}
	}
}

// dotGeneric is the portable kernel: panelRows rows of acts with one panel.
func dotGeneric(acts []int16, in int, panel []int16, sums []int32, width int) {
	for r := 0; r < panelRows; r++ {
		var acc [panelWidth]int32
		row := acts[r*in : r*in+in]
		for i := 0; i+1 < in; i += 2 {
			a, b := int32(row[i]), int32(row[i+1])
			w := panel[i*panelWidth : i*panelWidth+2*panelWidth]
			for k := range acc {
				acc[k] += a*int32(w[2*k]) + b*int32(w[2*k+1])
			}
		}
		copy(sums[r*width:r*width+panelWidth], acc[:])
	}
}

// toInteger added to a float of less than 2²² leaves the nearest integer in the
// low bits.
const toInteger = 3 << 22

func largestGeneric(row []float32) uint32 {
	bits := uint32(0)
	for _, v := range row {
		bits = max(bits, math.Float32bits(v)&^(1<<31))
	}
	return bits
}

func roundGeneric(q []int16, row []float32, up float32) {
	q = q[:len(row)]
	for i, v := range row {
		q[i] = int16(math.Float32bits(float32(v*up) + toInteger))
	}
}

func unscaleGeneric(to []float32, sum []int32, scale float32, weights, bias []float32) {
	sum, weights, bias = sum[:len(to)], weights[:len(to)], bias[:len(to)]
	for o := range to {
		to[o] = float32(float32(float32(sum[o])*scale)*weights[o]) + bias[o]
	}
}

func squaresGeneric(row []float32) (s [4]float32) {
	for i := 0; i+3 < len(row); i += 4 {
		s[0] += float32(row[i] * row[i])
		s[1] += float32(row[i+1] * row[i+1])
		s[2] += float32(row[i+2] * row[i+2])
		s[3] += float32(row[i+3] * row[i+3])
	}
	return s
}

// sigmoids is a table of the logistic function over [-8, 8).
var sigmoids = func() (t [4096]float32) {
	for i := range t {
		t[i] = float32(1 / (1 + math.Exp(-(float64(i)+0.5-2048)/256)))
	}
	return t
}()

// sigmoid looks up the logistic function. What lies beyond the table is bounded
// before it is made an integer: too large a number for one gives another on each
// kind of processor.
func sigmoid(v float32) float32 {
	step := float32(v * 256)
	switch {
	case !(step > -2048): // what is no number, too
		step = -2048
	case step > 2047:
		step = 2047
	}
	return sigmoids[int(step)+2048]
}

func addScaledGeneric(x []float32, row []int8, scale float32) {
	for i, v := range row {
		x[i] += float32(scale * float32(v))
	}
}

func recurGeneric(c, x, u []float32, d int) {
	x = x[:len(c)]
	z, f, r := u[:len(c)], u[d:d+len(c)], u[2*d:2*d+len(c)]
	for i := range c {
		v := z[i] + float32(sigmoid(f[i])*(c[i]-z[i]))
		c[i] = v
		x[i] += float32(sigmoid(r[i]) * (v - x[i]))
	}
}
