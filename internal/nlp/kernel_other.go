//go:build !amd64

package nlp

// dotPanel multiplies panelRows rows of acts with one panel.
func dotPanel(acts []int16, in int, panel []int16, sums []int32, width int) {
	dotGeneric(acts, in, panel, sums, width)
}
