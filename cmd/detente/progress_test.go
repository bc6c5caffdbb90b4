package main

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"
)

func TestProgressLine(t *testing.T) {
	p := newProgress(io.Discard, 4)
	p.inputDone()
	p.inputSize(1000)
	if _, err := io.CopyN(io.Discard, p.reader(strings.NewReader(strings.Repeat("x", 1000))), 500); err != nil {
		t.Fatal(err)
	}
	p.article()
	// one input of four is done, and of the second a half
	if got, want := p.line(), "["+strings.Repeat("=", 11)+strings.Repeat(" ", 19)+"]  38%  1 article"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// The rate counts from the first article, and so does the time that is left: what
// was passed over before took none.
func TestProgressTellsRateAndRemainingTime(t *testing.T) {
	p := newProgress(io.Discard, 1)
	clock := time.Date(2019, 5, 9, 0, 0, 0, 0, time.UTC)
	p.now = func() time.Time { return clock }
	p.inputSize(1000)
	p.passed(500)
	for range 40 {
		p.article()
	}
	clock = clock.Add(20 * time.Second)
	p.passed(100)
	if got := p.line(); !strings.HasSuffix(got, "]  60%  40 articles, 2 a second, 1m20s left") {
		t.Errorf("got %q", got)
	}
}

// What is drawn is taken away again before something else is printed, and
// where there is no terminal nothing is drawn.
func TestProgressClears(t *testing.T) {
	var screen bytes.Buffer
	p := newProgress(&screen, 2)
	p.inputDone() // too early for a bar
	p.clear()
	if screen.Len() > 0 {
		t.Errorf("drawn at once: %q", screen.String())
	}
	p.lastDrawn = time.Time{}
	p.inputDone()
	p.clear()
	if got := screen.String(); !strings.HasPrefix(got, "\r[") || !strings.HasSuffix(got, "\r\x1b[K") {
		t.Errorf("drawn %q", got)
	}
	var none *progress
	none.inputSize(1)
	none.article()
	none.inputDone()
	none.clear()
	if r := strings.NewReader("x"); none.reader(r) != io.Reader(r) {
		t.Error("without a bar the reader is not the input itself")
	}
}
