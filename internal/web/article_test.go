package web

import (
	"strings"
	"testing"
	"unicode/utf8"

	"detente"
)

// FuzzPieces: whatever is marked, the pieces rebuild the block, and a piece
// carries a mark's class where and only where the mark covers it.
func FuzzPieces(f *testing.F) {
	f.Add("They said — «нет» — nothing.", 5, 9, 7, 20)
	f.Add("abc", 0, 3, 1, 1)
	f.Add("abc", -1, 9, 2, 1)
	f.Fuzz(func(t *testing.T, text string, a, b, c, d int) {
		if !utf8.ValidString(text) {
			return
		}
		runes := []rune(text)
		block := detente.Span{Start: 0, End: len(runes)}
		marks := []textMark{{Span: detente.Span{Start: a, End: b}, class: "x", id: "s1"}, {Span: detente.Span{Start: c, End: d}, class: "y"}}
		var all, x strings.Builder
		for _, p := range pieces(runes, block, marks) {
			all.WriteString(p.Text)
			if strings.Contains(p.Classes, "x") {
				x.WriteString(p.Text)
			}
		}
		if all.String() != text {
			t.Errorf("pieces rebuild %q, want %q", all.String(), text)
		}
		want := ""
		if from, to := max(a, 0), min(b, len(runes)); from < to {
			want = string(runes[from:to])
		}
		if x.String() != want {
			t.Errorf("marked %q, want %q", x.String(), want)
		}
	})
}
