#include "textflag.h"

// One step multiplies a pair of inputs of one row with 16 outputs: VPMADDWD
// gives the sum of two 16-bit products in each 32-bit lane.
#define STEP(row, low, high) \
	VPBROADCASTD (row), Y10      \
	VPMADDWD     Y8, Y10, Y11    \
	VPADDD       Y11, low, low   \
	VPMADDWD     Y9, Y10, Y12    \
	VPADDD       Y12, high, high

// func dotAVX2(acts *int16, in int, panel *int16, sums *int32, width int)
TEXT ·dotAVX2(SB), NOSPLIT, $0-40
	MOVQ acts+0(FP), AX
	MOVQ in+8(FP), BX
	MOVQ panel+16(FP), CX
	MOVQ sums+24(FP), DI
	MOVQ width+32(FP), SI

	LEAQ (AX)(BX*2), R8  // rows of activations
	LEAQ (R8)(BX*2), R9
	LEAQ (R9)(BX*2), R10
	SHRQ $1, BX          // pairs of inputs

	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1
	VPXOR Y2, Y2, Y2
	VPXOR Y3, Y3, Y3
	VPXOR Y4, Y4, Y4
	VPXOR Y5, Y5, Y5
	VPXOR Y6, Y6, Y6
	VPXOR Y7, Y7, Y7

loop:
	VMOVDQU (CX), Y8
	VMOVDQU 32(CX), Y9
	STEP(AX, Y0, Y1)
	STEP(R8, Y2, Y3)
	STEP(R9, Y4, Y5)
	STEP(R10, Y6, Y7)
	ADDQ $64, CX
	ADDQ $4, AX
	ADDQ $4, R8
	ADDQ $4, R9
	ADDQ $4, R10
	DECQ BX
	JNZ  loop

	LEAQ    (DI)(SI*4), R8
	LEAQ    (R8)(SI*4), R9
	LEAQ    (R9)(SI*4), R10
	VMOVDQU Y0, (DI)
	VMOVDQU Y1, 32(DI)
	VMOVDQU Y2, (R8)
	VMOVDQU Y3, 32(R8)
	VMOVDQU Y4, (R9)
	VMOVDQU Y5, 32(R9)
	VMOVDQU Y6, (R10)
	VMOVDQU Y7, 32(R10)
	VZEROUPPER
	RET

// func dotVNNI(acts *int16, in int, panel *int16, sums *int32, width int)
//
// A panel's row of pairs is one register; two pairs are taken at once into sums
// of their own, so that none waits for the one before.
TEXT ·dotVNNI(SB), NOSPLIT, $0-40
	MOVQ acts+0(FP), AX
	MOVQ in+8(FP), BX
	MOVQ panel+16(FP), CX
	MOVQ sums+24(FP), DI
	MOVQ width+32(FP), SI

	LEAQ (AX)(BX*2), R8
	LEAQ (R8)(BX*2), R9
	LEAQ (R9)(BX*2), R10
	SHRQ $1, BX          // pairs of inputs

	VPXORD Z0, Z0, Z0
	VPXORD Z1, Z1, Z1
	VPXORD Z2, Z2, Z2
	VPXORD Z3, Z3, Z3
	VPXORD Z4, Z4, Z4
	VPXORD Z5, Z5, Z5
	VPXORD Z6, Z6, Z6
	VPXORD Z7, Z7, Z7

	SUBQ $2, BX
	JLT  last

two:
	VMOVDQU32     (CX), Z8
	VMOVDQU32     64(CX), Z9
	VPDPWSSD.BCST (AX), Z8, Z0
	VPDPWSSD.BCST (R8), Z8, Z1
	VPDPWSSD.BCST (R9), Z8, Z2
	VPDPWSSD.BCST (R10), Z8, Z3
	VPDPWSSD.BCST 4(AX), Z9, Z4
	VPDPWSSD.BCST 4(R8), Z9, Z5
	VPDPWSSD.BCST 4(R9), Z9, Z6
	VPDPWSSD.BCST 4(R10), Z9, Z7
	ADDQ          $128, CX
	ADDQ          $8, AX
	ADDQ          $8, R8
	ADDQ          $8, R9
	ADDQ          $8, R10
	SUBQ          $2, BX
	JGE           two

last:
	ADDQ $2, BX
	JZ   store
	VMOVDQU32     (CX), Z8
	VPDPWSSD.BCST (AX), Z8, Z0
	VPDPWSSD.BCST (R8), Z8, Z1
	VPDPWSSD.BCST (R9), Z8, Z2
	VPDPWSSD.BCST (R10), Z8, Z3

store:
	VPADDD    Z4, Z0, Z0
	VPADDD    Z5, Z1, Z1
	VPADDD    Z6, Z2, Z2
	VPADDD    Z7, Z3, Z3
	LEAQ      (DI)(SI*4), R8
	LEAQ      (R8)(SI*4), R9
	LEAQ      (R9)(SI*4), R10
	VMOVDQU32 Z0, (DI)
	VMOVDQU32 Z1, (R8)
	VMOVDQU32 Z2, (R9)
	VMOVDQU32 Z3, (R10)
	VZEROUPPER
	RET
