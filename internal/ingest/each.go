package ingest

import (
	"fmt"
	"iter"
	"runtime"

	"detente"
)

// portion is the text that one unit of memory budget stands for.
const portion = 16 << 10

// Each reads articles on all cores and gives their records in the order of the
// input. An error of the input is handed on in its place, as is an article
// that is too long to read; the rest is read all the same. Of short articles
// as many are read at a time as there are cores, of long ones only so many as
// make up the longest that may be.
func (l *Line) Each(in iter.Seq2[*detente.Article, error]) iter.Seq2[detente.Record, error] {
	return func(yield func(detente.Record, error) bool) {
		workers := runtime.GOMAXPROCS(0)
		queue := make(chan chan result, workers) // results in order, each promised before it is made
		stop := make(chan struct{})
		defer func() { // nothing reads the input after Each has returned
			close(stop)
			for range queue {
			}
		}()
		go l.feed(in, queue, stop)
		for promise := range queue {
			r := <-promise
			if !yield(r.rec, r.err) {
				return
			}
		}
	}
}

type result struct {
	rec detente.Record
	err error
}

// feed starts one reading per article, as many at a time as queue and the
// budget of text hold.
func (l *Line) feed(in iter.Seq2[*detente.Article, error], queue chan<- chan result, stop <-chan struct{}) {
	defer close(queue)
	budget := make(chan struct{}, MaxText/portion+1)
	for a, err := range in {
		promise := make(chan result, 1)
		select {
		case queue <- promise:
		case <-stop:
			return
		}
		if err == nil && len(a.Text) > MaxText {
			err = fmt.Errorf("article %s: %d bytes of text, the most is %d; split it into its articles", a.ID, len(a.Text), MaxText)
		}
		if err != nil {
			promise <- result{err: err}
			continue
		}
		units := len(a.Text)/portion + 1
		for range units {
			budget <- struct{}{}
		}
		go func() {
			promise <- result{rec: l.Read(a)}
			for range units {
				<-budget
			}
		}()
	}
}
