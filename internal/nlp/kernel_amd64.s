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

DATA low31<>+0(SB)/4, $0x7fffffff
GLOBL low31<>(SB), RODATA|NOPTR, $4

// func largestAVX2(row *float32, n int) uint32
TEXT ·largestAVX2(SB), NOSPLIT, $0-20
	MOVQ         row+0(FP), AX
	MOVQ         n+8(FP), BX
	VPBROADCASTD low31<>(SB), Y2
	VPXOR        Y0, Y0, Y0
	VPXOR        Y1, Y1, Y1

bits:
	VPAND   (AX), Y2, Y3
	VPAND   32(AX), Y2, Y4
	VPMAXUD Y3, Y0, Y0
	VPMAXUD Y4, Y1, Y1
	ADDQ    $64, AX
	SUBQ    $16, BX
	JNZ     bits

	VPMAXUD      Y1, Y0, Y0
	VEXTRACTI128 $1, Y0, X1
	VPMAXUD      X1, X0, X0
	VPSHUFD      $0x4e, X0, X1
	VPMAXUD      X1, X0, X0
	VPSHUFD      $0xb1, X0, X1
	VPMAXUD      X1, X0, X0
	VMOVD        X0, AX
	MOVL         AX, ret+16(FP)
	VZEROUPPER
	RET

DATA magic<>+0(SB)/4, $0x4b400000
GLOBL magic<>(SB), RODATA|NOPTR, $4

// func roundAVX2(q *int16, row *float32, n int, up float32)
TEXT ·roundAVX2(SB), NOSPLIT, $0-28
	MOVQ         q+0(FP), DI
	MOVQ         row+8(FP), AX
	MOVQ         n+16(FP), BX
	VBROADCASTSS up+24(FP), Y0
	VBROADCASTSS magic<>(SB), Y1

sixteen:
	VMULPS    (AX), Y0, Y2
	VMULPS    32(AX), Y0, Y3
	VADDPS    Y1, Y2, Y2
	VADDPS    Y1, Y3, Y3
	VPSLLD    $16, Y2, Y2
	VPSLLD    $16, Y3, Y3
	VPSRAD    $16, Y2, Y2
	VPSRAD    $16, Y3, Y3
	VPACKSSDW Y3, Y2, Y2
	VPERMQ    $0xd8, Y2, Y2
	VMOVDQU   Y2, (DI)
	ADDQ      $64, AX
	ADDQ      $32, DI
	SUBQ      $16, BX
	JNZ       sixteen
	VZEROUPPER
	RET

// func unscaleAVX2(to *float32, sum *int32, n int, scale float32, weights, bias *float32)
TEXT ·unscaleAVX2(SB), NOSPLIT, $0-48
	MOVQ         to+0(FP), DI
	MOVQ         sum+8(FP), AX
	MOVQ         n+16(FP), BX
	VBROADCASTSS scale+24(FP), Y0
	MOVQ         weights+32(FP), CX
	MOVQ         bias+40(FP), DX

eight:
	VCVTDQ2PS (AX), Y1
	VMULPS    Y0, Y1, Y1
	VMULPS    (CX), Y1, Y1
	VADDPS    (DX), Y1, Y1
	VMOVUPS   Y1, (DI)
	ADDQ      $32, AX
	ADDQ      $32, CX
	ADDQ      $32, DX
	ADDQ      $32, DI
	SUBQ      $8, BX
	JNZ       eight
	VZEROUPPER
	RET

// func squaresAVX2(sums *[4]float32, row *float32, n int)
TEXT ·squaresAVX2(SB), NOSPLIT, $0-24
	MOVQ  sums+0(FP), DI
	MOVQ  row+8(FP), AX
	MOVQ  n+16(FP), BX
	VXORPS X0, X0, X0

four:
	VMOVUPS (AX), X1
	VMULPS  X1, X1, X1
	VADDPS  X1, X0, X0
	ADDQ    $16, AX
	SUBQ    $4, BX
	JNZ     four
	VMOVUPS X0, (DI)
	RET

// func addScaledAVX2(x *float32, row *int8, n int, scale float32)
TEXT ·addScaledAVX2(SB), NOSPLIT, $0-28
	MOVQ         x+0(FP), DI
	MOVQ         row+8(FP), AX
	MOVQ         n+16(FP), BX
	VBROADCASTSS scale+24(FP), Y0

bytes:
	VPMOVSXBD (AX), Y1
	VCVTDQ2PS Y1, Y1
	VMULPS    Y0, Y1, Y1
	VADDPS    (DI), Y1, Y1
	VMOVUPS   Y1, (DI)
	ADDQ      $8, AX
	ADDQ      $32, DI
	SUBQ      $8, BX
	JNZ       bytes
	VZEROUPPER
	RET

DATA steps<>+0(SB)/4, $0x43800000   // 256 steps of the table to one
DATA steps<>+4(SB)/4, $0xc5000000   // -2048, its first
DATA steps<>+8(SB)/4, $0x44ffe000   // 2047, its last
DATA steps<>+12(SB)/4, $2048
GLOBL steps<>(SB), RODATA|NOPTR, $16

// SIGMOID looks up the logistic function of Y5 in the table at R11.
#define SIGMOID \
	VMULPS     Y12, Y5, Y5          \
	VMAXPS     Y13, Y5, Y5          \
	VMINPS     Y14, Y5, Y5          \
	VCVTTPS2DQ Y5, Y5               \
	VPADDD     Y15, Y5, Y5          \
	VPCMPEQD   Y6, Y6, Y6           \
	VGATHERDPS Y6, (R11)(Y5*4), Y7

// func recurAVX2(c, x, u *float32, n, d int, table *float32)
TEXT ·recurAVX2(SB), NOSPLIT, $0-48
	MOVQ         c+0(FP), DI
	MOVQ         x+8(FP), SI
	MOVQ         u+16(FP), AX
	MOVQ         n+24(FP), BX
	MOVQ         d+32(FP), CX
	MOVQ         table+40(FP), R11
	LEAQ         (AX)(CX*4), R8
	LEAQ         (R8)(CX*4), R9
	VBROADCASTSS steps<>+0(SB), Y12
	VBROADCASTSS steps<>+4(SB), Y13
	VBROADCASTSS steps<>+8(SB), Y14
	VPBROADCASTD steps<>+12(SB), Y15

units:
	VMOVUPS (R8), Y5
	SIGMOID
	VMOVUPS (AX), Y1        // z
	VMOVUPS (DI), Y2        // c
	VSUBPS  Y1, Y2, Y2
	VMULPS  Y7, Y2, Y2
	VADDPS  Y2, Y1, Y2      // z + f (c - z)
	VMOVUPS Y2, (DI)
	VMOVUPS (R9), Y5
	SIGMOID
	VMOVUPS (SI), Y3        // x
	VSUBPS  Y3, Y2, Y2
	VMULPS  Y7, Y2, Y2
	VADDPS  Y2, Y3, Y3      // x + r (c - x)
	VMOVUPS Y3, (SI)
	ADDQ    $32, R8
	ADDQ    $32, R9
	ADDQ    $32, AX
	ADDQ    $32, DI
	ADDQ    $32, SI
	SUBQ    $8, BX
	JNZ     units
	VZEROUPPER
	RET
