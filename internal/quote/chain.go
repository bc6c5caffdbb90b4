package quote

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"detente"
)

// ChainGold is a dispatch with the statements asked for (docs/codebook-chain.md).
type ChainGold struct {
	Line int
	Text string
	Want []ChainWant
}

// ChainWant is one statement's gold chain.
type ChainWant struct {
	Has     string // words of its content
	Speaker string
	Via     []detente.Link
}

// ReadChains reads a file of dispatches.
func ReadChains(name string, r io.Reader) ([]ChainGold, error) {
	var out []ChainGold
	sc := bufio.NewScanner(r)
	for n := 1; sc.Scan(); n++ {
		line := strings.TrimSpace(sc.Text())
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, ">"):
			if len(out) == 0 {
				return nil, fmt.Errorf("%s:%d: a statement before any dispatch", name, n)
			}
			w, err := chainWant(line[1:])
			if err != nil {
				return nil, fmt.Errorf("%s:%d: %w", name, n, err)
			}
			g := &out[len(out)-1]
			g.Want = append(g.Want, w)
		default:
			out = append(out, ChainGold{Line: n, Text: line})
		}
	}
	if err := sc.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return out, nil
}

func chainWant(s string) (ChainWant, error) {
	f := strings.Split(s, "|")
	if len(f) != 3 {
		return ChainWant{}, fmt.Errorf("want content | speaker | links, have %d parts", len(f))
	}
	w := ChainWant{Has: strings.TrimSpace(f[0]), Speaker: strings.TrimSpace(f[1])}
	for _, l := range strings.Split(f[2], ",") {
		if l = strings.TrimSpace(l); l == "" {
			continue
		}
		name, as, ok := strings.Cut(strings.TrimSuffix(l, ")"), " (")
		if !ok {
			return ChainWant{}, fmt.Errorf("link %q: want a name and a kind in brackets", l)
		}
		w.Via = append(w.Via, detente.Link{Name: name, As: as})
	}
	return w, nil
}

// ChainScore counts statements asked for, found, with the right speaker, with
// all links right, and with their kinds right too.
type ChainScore struct{ Asked, Found, Speaker, Links, Kinds int }

// Add scores the statements found in a dispatch; miss is told of each one whose
// links are wrong, got nil where it was not found.
func (c *ChainScore) Add(g ChainGold, runes []rune, sts []detente.Statement, miss func(ChainWant, *detente.Statement)) {
	for _, w := range g.Want {
		c.Asked++
		st := w.among(runes, sts)
		if st == nil {
			miss(w, nil)
			continue
		}
		c.Found++
		if w.spokenBy(runes, st) {
			c.Speaker++
		}
		if !w.spokenBy(runes, st) || !w.sameLinks(st) {
			miss(w, st)
			continue
		}
		c.Links++
		if w.sameKinds(st) {
			c.Kinds++
		}
	}
}

// among is the statement that is meant: the one whose content has the words,
// by the speaker if possible, else the shortest.
func (w ChainWant) among(runes []rune, sts []detente.Statement) *detente.Statement {
	var best *detente.Statement
	for i := range sts {
		st := &sts[i]
		if !contains(detente.Slice(runes, st.Content...), w.Has) {
			continue
		}
		if w.spokenBy(runes, st) {
			return st
		}
		if best == nil || lengthOf(st.Content) < lengthOf(best.Content) {
			best = st
		}
	}
	return best
}

func (w ChainWant) spokenBy(runes []rune, st *detente.Statement) bool {
	return contains(st.Speaker.Name, w.Speaker) || contains(detente.Slice(runes, st.Source...), w.Speaker)
}

func (w ChainWant) sameLinks(st *detente.Statement) bool {
	if len(st.Via) != len(w.Via) {
		return false
	}
	for i, l := range st.Via {
		if !contains(l.Name, w.Via[i].Name) && !contains(w.Via[i].Name, l.Name) {
			return false
		}
	}
	return true
}

func (w ChainWant) sameKinds(st *detente.Statement) bool {
	for i, l := range st.Via {
		if l.As != w.Via[i].As {
			return false
		}
	}
	return true
}

// contains reports whether a has the words of b in any letter case.
func contains(a, b string) bool {
	return strings.Contains(strings.ToLower(a), strings.ToLower(b))
}

func lengthOf(ss []detente.Span) int {
	n := 0
	for _, s := range ss {
		n += s.Len()
	}
	return n
}
