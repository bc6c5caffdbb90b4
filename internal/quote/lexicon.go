package quote

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"detente"
	"detente/internal/nlp"
)

// Lexicon is what is known of words as cues: how often a lemma heads one, and
// what a cue with that head says of the speaker's stance.
type Lexicon struct {
	seen    map[lexKey]tally
	stances map[lexKey]detente.Modality
	words   *Clusters
	// less is taken off the counts: the document that is being trained on must
	// not vouch for its own cues.
	less map[lexKey]tally
}

type lexKey struct {
	lemma string
	pos   byte // V, N, J, R or other
}

// tally counts a lemma and how often it headed a cue.
type tally struct {
	all, cue int
}

func keyOf(w *nlp.Word) lexKey {
	return lexKey{strings.ToLower(w.Lemma), posOf(w.UPOS)}
}

func posOf(upos string) byte {
	switch upos {
	case "VERB", "AUX":
		return 'V'
	case "NOUN", "PROPN":
		return 'N'
	case "ADJ":
		return 'J'
	case "ADV":
		return 'R'
	case "ADP", "SCONJ":
		return 'P'
	case "PUNCT", "SYM":
		return '.'
	}
	return 'O'
}

// bucket grades a word by its lemma's rate as the head of a cue: 0 never or
// too rare to say, 7 nearly always.
func (x *Lexicon) bucket(w *nlp.Word) uint8 {
	if x == nil {
		return 0
	}
	k := keyOf(w)
	t := x.seen[k]
	if x.less != nil {
		l := x.less[k]
		t.all -= l.all
		t.cue -= l.cue
	}
	if t.cue < 2 || t.all < 3 {
		return 0
	}
	r := float64(t.cue) / float64(t.all)
	for b, limit := range [...]float64{.03, .1, .2, .4, .6, .8} {
		if r < limit {
			return uint8(b + 1)
		}
	}
	return 7
}

// classes are the letters of posOf.
const classes = "VNJRP.O"

// ParseLexicon reads the counts: lines of lemma, part of speech, how often it
// was seen and how often it headed a cue, separated by tabs; # begins a comment.
func ParseLexicon(name string, r io.Reader) (*Lexicon, error) {
	x := &Lexicon{seen: map[lexKey]tally{}, stances: map[lexKey]detente.Modality{}}
	err := eachLine(name, r, func(f []string) error {
		if len(f) != 4 || len(f[1]) != 1 || !strings.Contains(classes, f[1]) {
			return errors.New("want lemma, part of speech, count and count as cue, tab-separated")
		}
		all, err1 := strconv.Atoi(f[2])
		cue, err2 := strconv.Atoi(f[3])
		if err1 != nil || err2 != nil {
			return fmt.Errorf("counts must be numbers, have %q and %q", f[2], f[3])
		}
		x.seen[lexKey{f[0], f[1][0]}] = tally{all: all, cue: cue}
		return nil
	})
	return x, err
}

// ParseStances adds stances: lines of stance, part of speech and lemmas parted
// by spaces.
func (x *Lexicon) ParseStances(name string, r io.Reader) error {
	return eachLine(name, r, func(f []string) error {
		if len(f) != 3 || len(f[1]) != 1 || !strings.Contains(classes, f[1]) {
			return errors.New("want stance, part of speech and lemmas, tab-separated")
		}
		for _, lemma := range strings.Fields(f[2]) {
			x.stances[lexKey{lemma, f[1][0]}] = detente.Modality(f[0])
		}
		return nil
	})
}

// eachLine gives the tab-separated fields of every line that is no comment.
func eachLine(name string, r io.Reader, use func(fields []string) error) error {
	sc := bufio.NewScanner(r)
	for n := 1; sc.Scan(); n++ {
		line := sc.Text()
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := use(strings.Split(line, "\t")); err != nil {
			return fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
	if err := sc.Err(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// Write writes the counts as ParseLexicon reads them, the commonest cues first.
func (x *Lexicon) Write(w io.Writer) error {
	keys := make([]lexKey, 0, len(x.seen))
	for k := range x.seen {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b lexKey) int {
		return cmp.Or(x.seen[b].cue-x.seen[a].cue, strings.Compare(a.lemma, b.lemma), int(a.pos)-int(b.pos))
	})
	for _, k := range keys {
		t := x.seen[k]
		if t.cue < 2 {
			break // too rare to say anything
		}
		if _, err := fmt.Fprintf(w, "%s\t%c\t%d\t%d\n", k.lemma, k.pos, t.all, t.cue); err != nil {
			return err
		}
	}
	return nil
}
