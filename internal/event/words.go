package event

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"detente"
	"detente/internal/actor"
	"detente/internal/nlp"
)

// Marked is a text in which coders marked every deed that it tells (docs/guide-marks.md). Offsets
// count code points of the text. A text without Events was read by nobody.
type Marked struct {
	Text      string       `json:"text"`
	Published detente.Date `json:"published"`
	Events    *[]Mark      `json:"events"`
}

// Mark is one marked deed: the type that its trigger tells, had it happened.
// Those who do it with each other are all in Source.
type Mark struct {
	Type       detente.EventType  `json:"type"`
	Factuality detente.Factuality `json:"factuality"`
	Main       bool               `json:"main"` // what the text mainly tells
	Trigger    detente.Span       `json:"trigger"`
	Source     []detente.Span     `json:"source"`
	Target     []detente.Span     `json:"target"`
}

// ReadMarked reads JSON lines of marked texts.
func ReadMarked(name string, r io.Reader) ([]Marked, error) {
	texts, err := readLines[Marked](name, r)
	if err != nil {
		return nil, err
	}
	for n := range texts {
		if err := texts[n].check(); err != nil {
			return nil, fmt.Errorf("%s: text %d: %w", name, n+1, err)
		}
	}
	return texts, nil
}

// check reports a mark that says nothing: of no known type or factuality, or beyond the text.
func (m *Marked) check() error {
	if m.Events == nil {
		return nil
	}
	length := utf8.RuneCountInString(m.Text)
	for _, e := range *m.Events {
		if !slices.Contains(spotKinds, e.Type) || !slices.Contains(spotStances, e.Factuality) {
			return fmt.Errorf("a mark of type %q and factuality %q; docs/guide-marks.md has what they may be", e.Type, e.Factuality)
		}
		for _, s := range append(append([]detente.Span{e.Trigger}, e.Source...), e.Target...) {
			if s.Start < 0 || s.Start >= s.End || s.End > length {
				return fmt.Errorf("a span from %d to %d in a text of %d code points", s.Start, s.End, length)
			}
		}
	}
	return nil
}

// wordsLine is a paragraph as train/spotter.py reads it.
type wordsLine struct {
	Words []string `json:"words"`
	Ends  []int    `json:"ends"`  // end of each sentence, in words
	Marks []int    `json:"marks"` // class of each word
	Spots *[]spot  `json:"spots,omitempty"`
}

// spot is a marked deed by numbers of words.
type spot struct {
	Word   int   `json:"word"`
	Type   int   `json:"type"`
	Stance int   `json:"stance"`
	Main   bool  `json:"main"`
	Source []int `json:"source"`
	Target []int `json:"target"`
	Mutual []int `json:"mutual"`
}

// WriteWords writes the paragraphs of a text as JSON lines: words, sentences, the
// classes of the words, and what is marked.
func WriteWords(w io.Writer, m *Marked, doc *nlp.Doc, cast *actor.Cast) error {
	var spots []spot
	if m.Events != nil {
		for _, e := range *m.Events {
			if s, ok := spotOf(doc, e); ok {
				spots = append(spots, s)
			}
		}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	class, first := classesOf(doc, cast), 0
	for _, end := range doc.Paragraphs() {
		p := run{first, end}
		var line wordsLine
		for i := p.first; i < p.end; i++ {
			line.Words, line.Marks = append(line.Words, doc.Words[i].Form), append(line.Marks, int(class[i]))
			if i+1 == p.end || doc.Words[i+1].Sent != doc.Words[i].Sent {
				line.Ends = append(line.Ends, i+1-first)
			}
		}
		if m.Events != nil {
			line.Spots = spotsIn(p, spots)
		}
		if err := enc.Encode(line); err != nil {
			return err
		}
		first = end
	}
	return nil
}

// spotsIn gives the spots of a paragraph, counted from its first word.
func spotsIn(p run, spots []spot) *[]spot {
	out := []spot{}
	for _, s := range spots {
		if !p.contains(s.Word) {
			continue
		}
		s.Word -= p.first
		for _, side := range []*[]int{&s.Source, &s.Target, &s.Mutual} {
			moved := []int{}
			for _, w := range *side {
				if p.contains(w) {
					moved = append(moved, w-p.first)
				}
			}
			*side = moved
		}
		out = append(out, s)
	}
	return &out
}

// spotOf counts a mark in words; false where no word stands under its trigger.
func spotOf(doc *nlp.Doc, e Mark) (spot, bool) {
	at := wordsUnder(doc, []detente.Span{e.Trigger})
	if len(at) == 0 {
		return spot{}, false
	}
	s := spot{Word: at[0], Type: 1 + slices.Index(spotKinds, e.Type), Stance: slices.Index(spotStances, e.Factuality), Main: e.Main}
	s.Source, s.Target = wordsUnder(doc, e.Source), wordsUnder(doc, e.Target)
	if len(e.Source) > 1 && len(e.Target) == 0 && mutualKinds[e.Type] {
		s.Source, s.Mutual = s.Target, s.Source
	}
	return s, true
}

// mutualKinds are the types of which two or more sources without a target do something with each other.
var mutualKinds = map[detente.EventType]bool{detente.Agree: true, detente.Consult: true, detente.Cooperate: true, detente.Support: true, detente.Assault: true, detente.Reject: true}

// wordsUnder gives the numbers of the words that spans touch.
func wordsUnder(doc *nlp.Doc, spans []detente.Span) []int {
	out := []int{}
	for i := range doc.Words {
		w := doc.Span(i, i+1)
		if slices.ContainsFunc(spans, func(s detente.Span) bool { return w.Start < s.End && w.End > s.Start }) {
			out = append(out, i)
		}
	}
	return out
}
