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
