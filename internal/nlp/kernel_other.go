//go:build !amd64

package nlp

// dotPanel multiplies panelRows rows of acts with one panel.
func dotPanel(acts []int16, in int, panel []int16, sums []int32, width int) {
	dotGeneric(acts, in, panel, sums, width)
}

// largest is the bit pattern of the largest magnitude in a row.
func largest(row []float32) uint32 { return largestGeneric(row) }

// roundRow sets q to the integers nearest to the numbers of row times up.
func roundRow(q []int16, row []float32, up float32) { roundGeneric(q, row, up) }

// unscale turns sums of products into numbers.
func unscale(to []float32, sum []int32, scale float32, weights, bias []float32) {
	unscaleGeneric(to, sum, scale, weights, bias)
}

// squares adds up the squares of a row's numbers by fours: the k-th sum has
// those of every fourth number from the k-th on. What is over four is left out.
func squares(row []float32) [4]float32 { return squaresGeneric(row) }

// addScaled adds a row of 8-bit numbers times scale to x.
func addScaled(x []float32, row []int8, scale float32) { addScaledGeneric(x, row, scale) }

// recurStep moves the state c by one word and leaves the output in x; u holds
// the products of the word, d apart.
func recurStep(c, x, u []float32, d int) { recurGeneric(c, x, u, d) }
