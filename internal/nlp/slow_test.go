//go:build slow && linux

package nlp

import (
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// cpuTime is what the process has computed so far: other work on the machine
// does not count.
func cpuTime(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// hostile are texts without an end of a sentence that make one step or another
// work hard: many dates, names, pronouns, quotation marks, cycles in the tree.
var hostile = []string{
	"the talks on Monday with the foreign minister ", "John Smith ", "he said \"she ", "President Anna Weiss, the envoy, and both sides since the war ",
	"May to May ", "a day before ", "( ' ", "in in 2016 ", "two hundred thousand hundred ",
}

// TestSlowLongSentence: time and memory grow with the length of a sentence
// alone. Sixteen times the text may take sixty-four times as long, since caches,
// the collector and other work on the machine cost more; what is quadratic takes
// 256.
func TestSlowLongSentence(t *testing.T) {
	const small, bytesOfHeap = 1 << 15, 250
	m := testModel(t)
	for _, unit := range hostile {
		took := func(size int) time.Duration {
			text := strings.Repeat(unit, size/len(unit)+1)[:size]
			start := cpuTime(t)
			doc := m.Analyze(text, Options{Published: "2016-12-22"})
			d := cpuTime(t) - start
			var mem runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&mem)
			if most := uint64(100<<20 + bytesOfHeap*size); mem.HeapAlloc > most {
				t.Errorf("%q, %d bytes: %d bytes of heap, want at most %d", unit, size, mem.HeapAlloc, most)
			}
			runtime.KeepAlive(doc)
			return d
		}
		one, large := took(small), took(16*small)
		t.Logf("%-30.30q %6.2fs, sixteen times the text %6.2fs", unit, one.Seconds(), large.Seconds())
		if large > 64*one {
			t.Errorf("%q: %v for %d bytes, %v for sixteen times as many", unit, one, small, large)
		}
	}
}

// TestSlowGivenSentence is the same for one sentence that was given as such,
// which no bound on its length has cut.
func TestSlowGivenSentence(t *testing.T) {
	const small = 1 << 14
	m := testModel(t)
	for _, unit := range hostile {
		took := func(size int) time.Duration {
			doc := m.Analyze(strings.Repeat(unit, size/len(unit)), Options{})
			for i := range doc.Words {
				doc.Words[i].Sent = 0
			}
			doc.Sents = slices.Clip([]Sent{{First: 0, End: len(doc.Words)}})
			start := cpuTime(t)
			m.Annotate(doc, Options{Published: "2016-12-22"})
			for w := range doc.Words {
				doc.TimeNear(w)
			}
			return cpuTime(t) - start
		}
		one, large := took(small), took(16*small)
		t.Logf("%-30.30q %6.2fs, sixteen times the words %6.2fs", unit, one.Seconds(), large.Seconds())
		if large > 64*one {
			t.Errorf("%q: %v for %d bytes, %v for sixteen times as many", unit, one, small, large)
		}
	}
}
