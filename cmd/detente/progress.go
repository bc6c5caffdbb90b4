package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// progress is a bar on a terminal's standard error. It counts inputs, and
// within the current one the bytes read of those that it has; from the first
// article on it tells how many a second there are and how long the rest will
// take at that rate. A nil progress shows nothing.
type progress struct {
	mu        sync.Mutex
	now       func() time.Time
	w         io.Writer
	inputs    int
	done      int
	size      int64 // of the current input; 0 where unknown
	read      int64
	articles  int
	began     time.Time // at the first article
	from      float64   // the share that was done by then
	drawn     bool
	lastDrawn time.Time
}

const (
	progressPatience = time.Second // what is done by then needs no bar
	progressEvery    = 100 * time.Millisecond
	progressWidth    = 30
)

func newProgress(w io.Writer, inputs int) *progress {
	return &progress{w: w, now: time.Now, inputs: inputs, lastDrawn: time.Now().Add(progressPatience)}
}

// inputSize tells the size of the input that is read next.
func (p *progress) inputSize(n int64) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.size, p.read = n, 0
}

// inputDone says that one input has been read to its end.
func (p *progress) inputDone() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	p.size, p.read = 0, 0
	p.draw()
}

// article counts an article whose record is done.
func (p *progress) article() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.articles++; p.articles == 1 {
		p.began, p.from = p.now(), p.share()
	}
	p.draw()
}

// passed counts bytes of the current input that need not be read.
func (p *progress) passed(n int64) {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.read += n
	p.draw()
}

// reader counts what is read of r.
func (p *progress) reader(r io.Reader) io.Reader {
	if p == nil {
		return r
	}
	return progressReader{p, r}
}

type progressReader struct {
	p *progress
	r io.Reader
}

func (r progressReader) Read(b []byte) (int, error) {
	n, err := r.r.Read(b)
	r.p.mu.Lock()
	defer r.p.mu.Unlock()
	r.p.read += int64(n)
	r.p.draw()
	return n, err
}

// draw is called with the lock held.
func (p *progress) draw() {
	now := p.now()
	if now.Sub(p.lastDrawn) < progressEvery {
		return
	}
	p.lastDrawn, p.drawn = now, true
	fmt.Fprint(p.w, "\r"+p.line()+"\x1b[K")
}

// share is how much of all inputs has been read.
func (p *progress) share() float64 {
	part := float64(p.done)
	if p.size > 0 {
		part += min(1, float64(p.read)/float64(p.size))
	}
	return min(1, part/float64(max(1, p.inputs)))
}

func (p *progress) line() string {
	share := p.share()
	full := int(share * progressWidth)
	line := fmt.Sprintf("[%s%s] %3.0f%%  %s", strings.Repeat("=", full), strings.Repeat(" ", progressWidth-full), 100*share, plural(p.articles, "article"))
	if spent := p.now().Sub(p.began).Seconds(); p.articles > 0 && spent >= 1 {
		line += fmt.Sprintf(", %.0f a second", float64(p.articles)/spent)
		if share > p.from {
			left := time.Duration(spent * (1 - share) / (share - p.from) * float64(time.Second))
			line += ", " + left.Round(time.Second).String() + " left"
		}
	}
	return line
}

// clear takes the bar off the screen, so that something else can be printed.
func (p *progress) clear() {
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.drawn {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.drawn = false
	}
}
