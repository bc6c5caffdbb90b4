package nlp

import "golang.org/x/sys/cpu"

var (
	hasAVX2 = cpu.X86.HasAVX2
	// hasVNNI: sums of 16-bit products for 16 outputs in one instruction.
	hasVNNI = cpu.X86.HasAVX512F && cpu.X86.HasAVX512VNNI
)

// dotPanel multiplies panelRows rows of acts with one panel.
func dotPanel(acts []int16, in int, panel []int16, sums []int32, width int) {
	if !hasAVX2 || in == 0 {
		dotGeneric(acts, in, panel, sums, width)
		return
	}
	_, _, _ = acts[4*in-1], panel[panelWidth*in-1], sums[3*width+panelWidth-1]
	if hasVNNI {
		dotVNNI(&acts[0], in, &panel[0], &sums[0], width)
		return
	}
	dotAVX2(&acts[0], in, &panel[0], &sums[0], width)
}

// dotAVX2 multiplies four rows of acts, in values each, with one panel; rows of
// sums are width apart.
//
//go:noescape
func dotAVX2(acts *int16, in int, panel *int16, sums *int32, width int)

// dotVNNI is dotAVX2 with the instructions of AVX-512 VNNI.
//
//go:noescape
func dotVNNI(acts *int16, in int, panel *int16, sums *int32, width int)

// largest is the bit pattern of the largest magnitude in a row.
func largest(row []float32) uint32 {
	whole := len(row) &^ 15
	if !hasAVX2 || whole == 0 {
		return largestGeneric(row)
	}
	return max(largestAVX2(&row[0], whole), largestGeneric(row[whole:]))
}

//go:noescape
func largestAVX2(row *float32, n int) uint32

// roundRow sets q to the integers nearest to the numbers of row times up.
func roundRow(q []int16, row []float32, up float32) {
	whole := len(row) &^ 15
	if !hasAVX2 || whole == 0 {
		roundGeneric(q, row, up)
		return
	}
	q = q[:len(row)]
	roundAVX2(&q[0], &row[0], whole, up)
	roundGeneric(q[whole:], row[whole:], up)
}

//go:noescape
func roundAVX2(q *int16, row *float32, n int, up float32)

// unscale turns sums of products into numbers.
func unscale(to []float32, sum []int32, scale float32, weights, bias []float32) {
	whole := len(to) &^ 7
	if !hasAVX2 || whole == 0 {
		unscaleGeneric(to, sum, scale, weights, bias)
		return
	}
	sum, weights, bias = sum[:len(to)], weights[:len(to)], bias[:len(to)]
	unscaleAVX2(&to[0], &sum[0], whole, scale, &weights[0], &bias[0])
	unscaleGeneric(to[whole:], sum[whole:], scale, weights[whole:], bias[whole:])
}

//go:noescape
func unscaleAVX2(to *float32, sum *int32, n int, scale float32, weights, bias *float32)

// squares adds up the squares of a row's numbers by fours: the k-th sum has
// those of every fourth number from the k-th on. What is over four is left out.
func squares(row []float32) (sums [4]float32) {
	whole := len(row) &^ 3
	if !hasAVX2 || whole == 0 {
		return squaresGeneric(row)
	}
	squaresAVX2(&sums, &row[0], whole)
	return sums
}

//go:noescape
func squaresAVX2(sums *[4]float32, row *float32, n int)

// addScaled adds a row of 8-bit numbers times scale to x.
func addScaled(x []float32, row []int8, scale float32) {
	whole := len(row) &^ 7
	if !hasAVX2 || whole == 0 {
		addScaledGeneric(x, row, scale)
		return
	}
	x = x[:len(row)]
	addScaledAVX2(&x[0], &row[0], whole, scale)
	addScaledGeneric(x[whole:], row[whole:], scale)
}

//go:noescape
func addScaledAVX2(x *float32, row *int8, n int, scale float32)

// recurStep moves the state c by one word and leaves the output in x; u holds
// the products of the word, d apart.
func recurStep(c, x, u []float32, d int) {
	if !hasAVX2 || len(c)%8 != 0 || len(c) == 0 {
		recurGeneric(c, x, u, d)
		return
	}
	_, _ = x[len(c)-1], u[2*d+len(c)-1]
	recurAVX2(&c[0], &x[0], &u[0], len(c), d, &sigmoids[0])
}

//go:noescape
func recurAVX2(c, x, u *float32, n, d int, table *float32)
