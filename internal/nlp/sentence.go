package nlp

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxSentence bounds a sentence: a run without any end is cut there, so that
// time and memory stay bounded for any input.
const maxSentence = 250

// endsSentence decides, for the tokens of one block, after which ones a
// sentence ends. The classifier is asked after every token, since headings,
// lists and mail end sentences without any sign; the last token always ends one.
// dash is the end of the block's dateline, or -1.
func (m *Model) endsSentence(text string, toks []token, dash int) []bool {
	ends := make([]bool, len(toks))
	var b bag
	scores := make([]int32, len(m.sentences.classes))
	ctx := newSentContext(text, toks)
	first := 0
	if dash >= 0 {
		ends[dash] = true
		first = dash + 1
	}
	for i := dash + 1; i < len(toks); i++ {
		if i == len(toks)-1 {
			ends[i] = true
			break
		}
		b.reset()
		ctx.features(&b, i, first)
		clear(scores)
		m.sentences.score(b.feats, scores)
		if scores[1] > scores[0] || i-first+1 >= maxSentence {
			ends[i] = true
			first = i + 1
		}
	}
	return ends
}

// sentContext holds what the sentence features need of each token once.
type sentContext struct {
	toks  []token
	words []uint32 // hash of the plain lower-case form
	shape []uint32
	upper []bool // starts with a capital
	alpha []bool // starts with a letter
	final []finalKind
	caps  bool // most letters of the block are capitals
}

// finalKind says how a token may end a sentence.
type finalKind uint8

const (
	notFinal finalKind = iota
	stop               // . ! ? or a run of them
	closer             // quote or bracket
	other              // other punctuation
	dotted             // a word with a full stop: "U.S.", "Mr."
)

func newSentContext(text string, toks []token) *sentContext {
	c := &sentContext{toks: toks, words: make([]uint32, len(toks)), shape: make([]uint32, len(toks)),
		upper: make([]bool, len(toks)), alpha: make([]bool, len(toks)), final: make([]finalKind, len(toks))}
	up, low := 0, 0
	for i, t := range toks {
		form := text[t.start:t.end]
		p := plain(form)
		c.words[i] = hashString(strings.ToLower(p))
		c.shape[i] = hashString(shape(p))
		r, _ := utf8.DecodeRuneInString(form)
		c.upper[i], c.alpha[i] = unicode.IsUpper(r), unicode.IsLetter(r)
		c.final[i] = finalOf(p)
		if c.alpha[i] && len(form) > 3 {
			if strings.ToUpper(form) == form {
				up++
			} else {
				low++
			}
		}
	}
	c.caps = up > low
	return c
}

func finalOf(p string) finalKind {
	switch {
	case strings.Trim(p, ".!?") == "":
		return stop
	case strings.Trim(p, "\"')]}") == "":
		return closer
	case strings.HasSuffix(p, ".") && len(p) > 1:
		return dotted
	case strings.IndexFunc(p, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) < 0:
		return other
	}
	return notFinal
}

func (c *sentContext) features(b *bag, i, first int) {
	word := func(j int) uint32 {
		if j < first || j >= len(c.toks) {
			return 1
		}
		return c.words[j]
	}
	shp := func(j int) uint32 {
		if j < first || j >= len(c.toks) {
			return 1
		}
		return c.shape[j]
	}
	fin := func(j int) uint32 {
		if j < first || j >= len(c.toks) {
			return 9
		}
		return uint32(c.final[j])
	}
	gapNext := uint32(c.toks[i+1].gap)
	up, low := boolBit(c.upper[i+1]), boolBit(c.alpha[i+1] && !c.upper[i+1])
	next := up | low<<1 | boolBit(c.caps)<<2 | gapNext<<3
	length := uint32(min(i-first, 3))
	long := uint32(min((i-first)/8, 6))
	b.add0(40)
	b.add2(41, fin(i), next)
	b.add3(42, word(i), next, 0)
	b.add3(43, word(i), word(i+1), gapNext)
	b.add3(44, shp(i), shp(i+1), gapNext)
	b.add3(45, word(i+1), gapNext, fin(i))
	b.add4(46, fin(i-1), fin(i), fin(i+1), next)
	b.add4(47, word(i-1), word(i), next, fin(i+1))
	b.add3(48, word(i), shp(i+1), gapNext)
	b.add3(49, length, fin(i), next)
	b.add4(50, word(i), word(first), length, next)
	b.add3(51, long, fin(i), next)
	b.add4(52, word(i), fin(i+1), fin(i+2), gapNext)
	b.add4(53, word(i), word(i+1), word(i+2), gapNext)
	b.add4(54, shp(i-1), shp(i), shp(i+1), gapNext)
	b.add4(55, word(i), c.openQuote(i, first), up, gapNext)
	b.add4(56, fin(i), c.openQuote(i, first), next, fin(i+1))
	b.add3(57, word(i+1), word(i+2), fin(i))
	b.add4(58, fin(i), shp(i+1), shp(i+2), gapNext)
	b.add4(59, shp(first), fin(i), length, next)
}

// openQuote tells whether a double quote opened in the sentence is open after
// token i; it looks back a bounded way.
func (c *sentContext) openQuote(i, first int) uint32 {
	open := uint32(0)
	for j := max(first, i-60); j <= i; j++ {
		if c.words[j] == quoteHash {
			open ^= 1
		}
	}
	return open
}

var quoteHash = hashString(`"`)
