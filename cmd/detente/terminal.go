package main

import (
	"io"
	"os"
	"strconv"

	"golang.org/x/term"
)

// screen is how something is shown: how wide, and whether in colour.
type screen struct {
	width  int
	colour bool
}

const (
	plainWidth    = 80 // where nothing tells the width
	narrowest     = 40
	widestReading = 120 // longer lines are hard to read
)

// screenOf asks the terminal behind w, if there is one. COLUMNS goes before
// what the terminal says; NO_COLOR, if not empty, takes the colour away.
func screenOf(w io.Writer) screen {
	s := screen{width: plainWidth}
	if fd, ok := terminal(w); ok {
		if width, _, err := term.GetSize(fd); err == nil && width > 0 {
			s.width = min(width, widestReading)
		}
		s.colour = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	}
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		s.width = n
	}
	s.width = max(s.width, narrowest)
	return s
}

// terminal gives the file descriptor of w where that is a terminal.
func terminal(w io.Writer) (fd int, ok bool) {
	f, ok := w.(*os.File)
	if !ok {
		return 0, false
	}
	fd = int(f.Fd())
	return fd, term.IsTerminal(fd)
}
