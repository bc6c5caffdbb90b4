package nlp

import (
	"fmt"
	"io/fs"
	"strings"
	"sync"

	"detente/data"
)

// phrase is one entry of a word list: its words after the first, and its value.
type phrase struct {
	rest  []string
	value string
}

// phrases is one section of a word list by first word, longer entries first.
type phrases map[string][]phrase

// at finds the longest entry that begins at word i and ends by end: the number
// of words (0 for none) and the value.
func (p phrases) at(low []string, i, end int) (n int, value string) {
	if i < 0 || i >= end {
		return 0, ""
	}
	for _, e := range p[low[i]] {
		if len(e.rest) >= end-i {
			continue
		}
		match := true
		for k, w := range e.rest {
			if low[i+1+k] != w {
				match = false
				break
			}
		}
		if match {
			return 1 + len(e.rest), e.value
		}
	}
	return 0, ""
}

// has reports whether the single word w is an entry.
func (p phrases) has(w string) bool {
	for _, e := range p[w] {
		if len(e.rest) == 0 {
			return true
		}
	}
	return false
}

// before finds the longest entry that ends just before word i and begins at or
// after first: the number of words, or 0.
func (p phrases) before(low []string, i, first int) int {
	for k := max(first, i-3); k < i; k++ {
		if n, _ := p.at(low, k, i); k+n == i && n > 0 {
			return n
		}
	}
	return 0
}

// readPhrases reads a word list: sections of "words = value" lines. Errors
// name file and line.
func readPhrases(files fs.FS, name string) (map[string]phrases, error) {
	b, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, fmt.Errorf("word list: %w", err)
	}
	lists := map[string]phrases{}
	var section phrases
	for n, line := range strings.Split(string(b), "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == '#':
			continue
		case strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]"):
			section = phrases{}
			lists[line[1:len(line)-1]] = section
			continue
		case section == nil:
			return nil, fmt.Errorf("%s:%d: entry %q stands before any [section]", name, n+1, line)
		}
		words, value, _ := strings.Cut(line, " = ")
		w := strings.Fields(words)
		section[w[0]] = longestFirst(section[w[0]], phrase{w[1:], strings.TrimSpace(value)})
	}
	return lists, nil
}

func longestFirst(list []phrase, p phrase) []phrase {
	at := 0
	for at < len(list) && len(list[at].rest) >= len(p.rest) {
		at++
	}
	list = append(list, phrase{})
	copy(list[at+1:], list[at:])
	list[at] = p
	return list
}

// loadPhrases reads an embedded word list; one that cannot be read is a fault
// of the build, which TestWordLists shows.
func loadPhrases(name string) func() map[string]phrases {
	return sync.OnceValue(func() map[string]phrases {
		lists, err := readPhrases(data.FS, name)
		if err != nil {
			panic(err)
		}
		return lists
	})
}

// stateNames are the names of states, from the first columns of the table of
// countries that hold names.
var stateNames = sync.OnceValue(func() phrases {
	b, err := fs.ReadFile(data.FS, "actors/countries.tsv")
	if err != nil {
		panic(err)
	}
	names := phrases{}
	for _, line := range strings.Split(string(b), "\n") {
		col := strings.Split(line, "\t")
		if len(col) < 5 || line[0] == '#' || col[0] == "state" {
			continue
		}
		for _, name := range append(strings.Split(col[4], "; "), col[3]) {
			if w := strings.Fields(strings.ToLower(name)); len(w) > 0 {
				names[w[0]] = longestFirst(names[w[0]], phrase{rest: w[1:]})
			}
		}
	}
	return names
})

var timePhrases = loadPhrases("lang/en/time.txt")

// lowered gives the lower-case forms of the words, with one kind of apostrophe.
func lowered(words []Word) []string {
	low := make([]string, len(words))
	for i, w := range words {
		low[i] = strings.ReplaceAll(strings.ToLower(w.Form), "’", "'")
	}
	return low
}

// timeStarts are the words that a time expression can begin with; most words
// of a text are none of them and cost one look.
var timeStarts = sync.OnceValue(func() map[string]bool {
	starts := map[string]bool{"the": true, "from": true, "between": true, "ad": true, "a.d.": true, "final": true, "opening": true}
	for _, name := range []string{"month", "weekday", "weekdays", "deictic", "unit", "season", "number", "vague-number", "ordinal",
		"decade", "known-event", "step", "step-told", "part", "unit-end", "festival", "set", "every", "event-lead"} {
		for w := range timePhrases()[name] {
			starts[w] = true
		}
	}
	return starts
})

// hasDateInk reports whether a word has a digit or a hyphen: "2016",
// "mid-August", "twenty-five".
func hasDateInk(w string) bool {
	for i := 0; i < len(w); i++ {
		if c := w[i]; c >= '0' && c <= '9' || c == '-' {
			return true
		}
	}
	return false
}
