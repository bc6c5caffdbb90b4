package nlp

import "golang.org/x/sys/cpu"

var hasAVX2 = cpu.X86.HasAVX2

// dotPanel multiplies panelRows rows of acts with one panel.
func dotPanel(acts []int16, in int, panel []int16, sums []int32, width int) {
	if !hasAVX2 {
		dotGeneric(acts, in, panel, sums, width)
		return
	}
	_, _, _ = acts[4*in-1], panel[panelWidth*in-1], sums[3*width+panelWidth-1]
	dotAVX2(&acts[0], in, &panel[0], &sums[0], width)
}

// dotAVX2 multiplies four rows of acts, in values each, with one panel; rows of
// sums are width apart.
//
//go:noescape
func dotAVX2(acts *int16, in int, panel *int16, sums *int32, width int)
