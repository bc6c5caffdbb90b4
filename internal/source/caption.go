package source

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"detente"
)

// Captions in bare text. A caption is told by three marks, each of which a
// body sentence lacks: it has no full stop where the paragraphs around it
// have one; it speaks of the picture ("pictured left", "(above)", "File
// photo"); it says again what another paragraph says.

// Bounds of the method, in words and shares of words.
const (
	minCaptionWords = 8    // shorter ones without a full stop may be subheadings
	minEchoWords    = 8    // shorter ones may repeat by chance
	echoShare       = 0.8  // of a caption's content words that others hold
	unstoppedShare  = 0.34 // of long paragraphs without a full stop, at most
	minStopped      = 4    // long paragraphs with a full stop, at least
	maxCompared     = 1000 // paragraphs of a text that are compared with each other
)

// ofPicture finds the words by which a caption points at its picture.
var ofPicture = regexp.MustCompile(`(?i)[,(] ?(?:all |both |file |also )?(?:pictured|seen here|shown here|photographed)\b[^,.;()]{0,60}(?:[,)]|$)|` +
	`\((?:above|below|left|right|cent(?:re|er)|inset|main|bottom|top|far left|far right|circled|stock image|stock photo|file image|file photo|file picture)(?: (?:left|right|cent(?:re|er)|with[^)]{0,40}))?\)|` +
	`^(?:(?:file|above|below|left|right|cent(?:re|er)|inset|main)[:,] |pictured[:,]? )`)

// captions gives the paragraphs of a body that are captions or repeat another
// word for word their kind. pieces is the body in order; others are the texts
// beside it, title and highlights. A missing stop alone tells a caption only
// in a text that shows otherwise that it was copied from a page: clean text
// loses a stop now and then.
func captions(pieces []piece, others []string) {
	if len(pieces) > maxCompared {
		return
	}
	units := make([]echoUnit, len(pieces))
	for i, p := range pieces {
		units[i] = newEchoUnit(p.text)
	}
	beside := make([]echoUnit, len(others))
	for i, o := range others {
		beside[i] = newEchoUnit(o)
	}
	copied := false
	for i := range pieces {
		if pieces[i].kind == detente.BlockBody && isCaption(pieces, units, beside, i) {
			pieces[i].kind = detente.BlockCaption
		}
		copied = copied || pieces[i].kind != detente.BlockBody && pieces[i].kind != detente.BlockHighlight
	}
	if copied && stopsUsual(pieces, units) {
		unstopped(pieces, units)
	}
}

// settleRepeats takes out of a page's body what repeats another paragraph of it.
func (d *draft) settleRepeats() {
	if len(d.pieces) > maxCompared {
		return
	}
	units := make([]echoUnit, len(d.pieces))
	for i, p := range d.pieces {
		units[i] = newEchoUnit(p.text)
	}
	for i, p := range d.pieces {
		if p.kind == detente.BlockBody && units[i].n >= minEchoWords && isQuotedAgain(units, i, d.pieces) {
			d.pieces[i].kind = detente.BlockCaption
		}
	}
}

// settleHighlights marks the highlights that a paragraph of the body says word
// for word: they are read once, in the body.
func (d *draft) settleHighlights() {
	if len(d.pieces) > maxCompared || !d.has(detente.BlockHighlight) {
		return
	}
	units := make([]echoUnit, len(d.pieces))
	for i, p := range d.pieces {
		units[i] = newEchoUnit(p.text)
	}
	for i, p := range d.pieces {
		if p.kind == detente.BlockHighlight && units[i].n >= minPoint {
			for j, q := range d.pieces {
				d.pieces[i].again = d.pieces[i].again || q.kind == detente.BlockBody && strings.Contains(units[j].line, units[i].line)
			}
		}
	}
}

// isCaption reports whether body paragraph i repeats another word for word, or
// lacks a stop and either speaks of a picture or says what others say.
func isCaption(pieces []piece, units, beside []echoUnit, i int) bool {
	if units[i].n >= minEchoWords && isQuotedAgain(units, i, pieces) {
		return true
	}
	if isSentence(pieces[i].text) || units[i].n < 3 {
		return false
	}
	return ofPicture.MatchString(pieces[i].text) ||
		units[i].n >= minEchoWords && echoes(units[i], i, units, beside) >= echoShare
}

// unstopped makes captions of long paragraphs that lack a stop; the last one
// may have been cut off, and what follows a colon is a list.
func unstopped(pieces []piece, units []echoUnit) {
	for i := range pieces[:len(pieces)-1] {
		listed := i > 0 && strings.HasSuffix(pieces[i-1].text, ":")
		if pieces[i].kind == detente.BlockBody && units[i].n >= minCaptionWords && !listed &&
			!isSentence(pieces[i].text) && opensUpper(pieces[i].text) {
			pieces[i].kind = detente.BlockCaption
		}
	}
}

// stopsUsual reports whether the long paragraphs of a text close with a full
// stop, so that one that does not stands out.
func stopsUsual(pieces []piece, units []echoUnit) bool {
	with, without := 0, 0
	for i, p := range pieces {
		switch {
		case p.kind != detente.BlockBody || units[i].n < minCaptionWords:
		case isSentence(p.text):
			with++
		default:
			without++
		}
	}
	return with >= minStopped && float64(without) <= unstoppedShare*float64(with+without)
}

// echoUnit is a paragraph made ready for comparison.
type echoUnit struct {
	line    string // words in order, one space around each
	content map[string]bool
	longest string // of the content's words
	n       int    // words
}

func newEchoUnit(text string) echoUnit {
	words := phraseWords(text, false)
	u := echoUnit{line: " " + strings.Join(words, " ") + " ", content: map[string]bool{}, n: len(words)}
	for _, w := range words {
		if utf8.RuneCountInString(w) > 3 || isNumber(w) {
			w = strings.TrimSuffix(w, "'s")
			u.content[w] = true
			if len(w) > len(u.longest) {
				u.longest = w
			}
		}
	}
	return u
}

// isQuotedAgain reports whether the words of paragraph i stand, in the same
// order, within another body paragraph: a pull quote or a caption. Of two equal
// ones the first stays.
func isQuotedAgain(units []echoUnit, i int, pieces []piece) bool {
	for j := range units {
		if j == i || pieces[j].kind != detente.BlockBody || len(units[j].line) < len(units[i].line) ||
			units[i].longest != "" && !units[j].content[units[i].longest] {
			continue
		}
		if units[j].line == units[i].line && j > i {
			continue
		}
		if strings.Contains(units[j].line, units[i].line) {
			return true
		}
	}
	return false
}

// echoes is the share of u's content words that the two best other paragraphs
// hold together.
func echoes(u echoUnit, self int, units, beside []echoUnit) float64 {
	if len(u.content) == 0 {
		return 0
	}
	var sets []echoUnit
	for j := range units {
		if j != self {
			sets = append(sets, units[j])
		}
	}
	sets = append(sets, beside...)
	best := bestHolder(u.content, sets)
	left := map[string]bool{}
	for w := range u.content {
		if best < 0 || !sets[best].content[w] {
			left[w] = true
		}
	}
	rest := len(left)
	if second := bestHolder(left, sets); second >= 0 {
		for w := range left {
			if sets[second].content[w] {
				rest--
			}
		}
	}
	return 1 - float64(rest)/float64(len(u.content))
}

// bestHolder is the unit that holds most of the words; -1 where none holds any.
func bestHolder(words map[string]bool, units []echoUnit) int {
	best, most := -1, 0
	for i, u := range units {
		held := 0
		for w := range words {
			if u.content[w] {
				held++
			}
		}
		if held > most {
			best, most = i, held
		}
	}
	return best
}

// isSentence reports whether a paragraph closes as running text does: with a
// stop, a colon or a dash, quotation marks and brackets after it aside.
func isSentence(text string) bool {
	text = strings.TrimRight(text, "'\"’”»)]* ")
	if text == "" {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(text)
	return strings.ContainsRune(".!?:;…—–-,", last)
}

// isInitials reports words such as "U.S." and "U.N.".
func isInitials(word string) bool {
	if len(word) < 4 || len(word)%2 != 0 {
		return false
	}
	for i := 0; i < len(word); i += 2 {
		if word[i] < 'A' || word[i] > 'Z' || word[i+1] != '.' {
			return false
		}
	}
	return true
}

func opensUpper(text string) bool {
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return !unicode.IsLower(r)
		}
	}
	return false
}
