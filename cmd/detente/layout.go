package main

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// wrap breaks text into lines of at most width code points, at spaces where it
// can. Control characters, which could steer a terminal, become spaces.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(printable(text)) {
		if n := utf8.RuneCountInString(line) + 1 + utf8.RuneCountInString(word); line != "" && n > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
		for utf8.RuneCountInString(line) > width {
			r := []rune(line)
			lines = append(lines, string(r[:width]))
			line = string(r[width:])
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return ' '
		}
		return r
	}, s)
}

// pad fills s with spaces to width code points.
func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s)))
}

// sideBySide sets columns of lines beside each other, sep between them.
func sideBySide(sep string, widths []int, columns ...[]string) []string {
	var out []string
	for row := 0; ; row++ {
		var cells []string
		more := false
		for i, col := range columns {
			cell := ""
			if row < len(col) {
				cell, more = col[row], true
			}
			cells = append(cells, pad(cell, widths[i]))
		}
		if !more {
			return out
		}
		out = append(out, strings.TrimRight(strings.Join(cells, sep), " "))
	}
}
