// Package nlp reads text into a Doc: sentences, tokens, words with tags,
// lemmas and a dependency tree (Universal Dependencies 2), named entities,
// coreference and time expressions.
//
// The surface is small: Load a Model once, Analyze any text with it. Analyze is
// total (any bytes give a Doc), deterministic and safe for concurrent use.
// A Doc is flat: one slice of words in text order, sentences as ranges of it,
// every annotation a range of word indices. Nothing in it is changed after
// Analyze returns.
package nlp

import "detente"

// Doc is the analysis of one text.
type Doc struct {
	Text  string
	Words []Word   // all words in text order
	Sents []Sent   // ranges of Words, in order, covering all of them
	Ents  []Entity // in text order, not overlapping
	Times []Time   // in text order, not overlapping
	// Chains are coreference chains, each with its mentions in text order.
	Chains []Chain

	runes runeIndex
}

// Word is one syntactic word. Words of a multiword token ("don't", "Russia's")
// that UD splits have their own surface ranges where the split is by
// character, and share the token's range where it is not.
type Word struct {
	Start, End int    // byte offsets in Doc.Text
	Form       string // surface form
	Lemma      string
	UPOS       string // UD universal tag
	XPOS       string // Penn tag
	Feats      string // UD features, "_" free; empty for none
	Head       int    // index in Doc.Words of the head; -1 for the root of its sentence
	Rel        string // UD relation with subtype ("nsubj:pass"); "root" for the root
	Sent       int    // index in Doc.Sents
	SpaceAfter bool
	MWT        int // 0; k>0 for the first of a k-word multiword token; -1 for the rest of it
}

// Sent is a sentence: words First … End-1. Block is the index of the block of
// text (title, highlight, paragraph) that holds it.
type Sent struct {
	First, End int // word indices
	Block      int
	Dateline   bool // no sentence, but the place and agency that open a story
}

// Paragraphs gives the word behind each paragraph: behind the last sentence of each block.
func (d *Doc) Paragraphs() []int {
	var ends []int
	block := -1
	for _, s := range d.Sents {
		switch {
		case s.First >= s.End:
		case s.Block != block || len(ends) == 0:
			ends, block = append(ends, s.End), s.Block
		default:
			ends[len(ends)-1] = s.End
		}
	}
	return ends
}

// EntKind is the kind of a named entity.
type EntKind string

// Kinds of named entity.
const (
	Person       EntKind = "PER"
	Organisation EntKind = "ORG"
	Place        EntKind = "LOC"
)

// Entity is a named entity: words First … End-1.
type Entity struct {
	First, End int
	Kind       EntKind
}

// Time is a time expression: words First … End-1. Value is ISO 8601: a date of
// any precision ("2016-12-20", "2016-11", "2016-W50"), From/To the range of
// days that it covers. Anchored to the publication date; Symbol names a known
// event that the text leaves symbolic ("the election"). Kind is DATE, RANGE,
// DURATION, SET or SINCE. Value, From and To are empty where the text cannot
// be resolved, as a weekday without a publication date.
type Time struct {
	First, End int
	Kind       string
	Value      string
	From, To   detente.Date
	Symbol     string
}

// Chain is the mentions of one person, body or thing.
type Chain struct {
	Name     string // longest proper name among the mentions; empty if none
	Mentions []Mention
}

// Mention is a mention in a chain: words First … End-1 with head word Head.
// Kind is "name", "title" (a role phrase), "pronoun", or "group" ("the two
// sides"), whose Members are the indices in Doc.Chains of those it takes
// together.
type Mention struct {
	First, End, Head int
	Kind             string
	Members          []int
}

// Span gives the code points that words first … end-1 cover.
func (d *Doc) Span(first, end int) detente.Span {
	if first >= end {
		return detente.Span{}
	}
	return detente.Span{Start: d.runes.at(d.Text, d.Words[first].Start), End: d.runes.at(d.Text, d.Words[end-1].End)}
}

// RuneSpan turns a byte range of Text into code points.
func (d *Doc) RuneSpan(start, end int) detente.Span {
	return detente.Span{Start: d.runes.at(d.Text, start), End: d.runes.at(d.Text, end)}
}

// runeIndex maps byte offsets to code point offsets: the count of code points
// before every 256th byte, so that a lookup scans at most 256 bytes.
type runeIndex []int

const runeStep = 256

func newRuneIndex(text string) runeIndex {
	ix := make(runeIndex, 0, len(text)/runeStep+1)
	n := 0
	for i := 0; i < len(text); i++ {
		if i%runeStep == 0 {
			ix = append(ix, n)
		}
		if !isCont(text[i]) {
			n++
		}
	}
	return ix
}

// at counts the code points that start before byte off.
func (ix runeIndex) at(text string, off int) int {
	k := off / runeStep
	if k >= len(ix) {
		k = len(ix) - 1
	}
	if k < 0 {
		return 0
	}
	n := ix[k]
	for i := k * runeStep; i < off; i++ {
		if !isCont(text[i]) {
			n++
		}
	}
	return n
}

func isCont(b byte) bool { return b&0xC0 == 0x80 }
