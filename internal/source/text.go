package source

import (
	"bufio"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"detente"
)

// readText reads one plain text as one article.
func readText(br *bufio.Reader, h Hint, in *input, y yield) bool {
	b, err := readWhole(br, maxInput)
	if err != nil {
		return y(nil, &Error{Name: h.Name, Err: err})
	}
	if isBinary(b) {
		return y(nil, &Error{Name: h.Name, Err: ErrBinary})
	}
	text, warning := decode(b, h.ContentType)
	d := &draft{}
	d.warn(warning)
	if in.err != nil {
		d.warn("the input ended early: the text may lack its end")
	}
	a, err := d.fromText(text, h)
	if err != nil {
		return y(nil, &Error{Name: h.Name, Err: err})
	}
	return y(a, nil)
}

// warn keeps a warning; the empty one is none.
func (d *draft) warn(words string) {
	if words != "" {
		d.warnings = append(d.warnings, words)
	}
}

// fromText makes the article of a bare text, which the draft may know more
// about already.
func (d *draft) fromText(text string, h Hint) (*detente.Article, error) {
	if h.Raw {
		return d.rawArticle(text, h)
	}
	d.readBare(paragraphs(text))
	return d.article(h)
}

// headLines is how far down a byline, a date and bullets of a head may stand.
const headLines = 12

// readBare tells the pieces of a bare text apart, from the head downwards.
func (d *draft) readBare(ps []paragraph) {
	ps = d.bareHead(ps)
	var body []piece
	for i, p := range ps {
		part := partOf(p.text)
		if opensComments(part, p.text, body, ps[i+1:]) {
			d.pieces = append(d.pieces, body...)
			d.settleCaptions()
			for _, c := range ps[i:] {
				d.pieces = append(d.pieces, piece{kind: detente.BlockComment, text: c.text})
			}
			return
		}
		body = append(body, piece{kind: d.bareKind(part, p, body), text: p.text})
	}
	d.pieces = append(d.pieces, body...)
	d.settleCaptions()
}

// settleCaptions finds captions among the body pieces.
func (d *draft) settleCaptions() {
	others := []string{d.title}
	for _, p := range d.pieces {
		if p.kind == detente.BlockHighlight {
			others = append(others, p.text)
		}
	}
	if len(d.pieces) > 0 {
		captions(d.pieces, others)
	}
}

// bareKind is the kind of a paragraph below the head.
func (d *draft) bareKind(p part, para paragraph, before []piece) detente.BlockKind {
	switch p {
	case partShare:
		return detente.BlockShare
	case partCaption:
		return detente.BlockCaption
	case partRelated, partNotice, partPoints, partSignoff, partComments, partCount, partRules, partReaders:
		return detente.BlockFurniture
	}
	if d.title != "" && sameWords(para.text, d.title) {
		return detente.BlockFurniture
	}
	switch {
	case para.bullet && !hasSentence(before) && d.title != "":
		return detente.BlockHighlight
	case isLinkUnder(before, para.text):
		return detente.BlockFurniture
	}
	return detente.BlockBody
}

// isLinkUnder reports whether a paragraph is one of the headlines listed under
// "Related": it stands below such a line and does not close as a sentence.
func isLinkUnder(before []piece, text string) bool {
	if isSentence(text) {
		return false
	}
	for i := len(before) - 1; i >= 0 && before[i].kind == detente.BlockFurniture; i-- {
		if partOf(before[i].text) == partRelated {
			return true
		}
	}
	return false
}

// sameWords reports whether two texts differ in signs and letter case at most.
func sameWords(a, b string) bool {
	if len(a) > 2*len(b) || len(b) > 2*len(a) {
		return false
	}
	return strings.Join(phraseWords(a, false), " ") == strings.Join(phraseWords(b, false), " ")
}

// opensComments reports whether readers have the word from here on. A line that
// is sure opens below a first sentence; a count or a button, which also stands
// in bars above articles, only where another line about comments follows, or
// nothing.
func opensComments(p part, text string, before []piece, after []paragraph) bool {
	switch p {
	case partComments, partRules, partCount, partReaders:
	default:
		return false
	}
	if strings.IndexAny(text, `"'‘“«`) == 0 || !hasSentence(before) {
		return false
	}
	if p == partComments || p == partRules {
		return true
	}
	for _, next := range after[:min(len(after), headLines)] {
		switch partOf(next.text) {
		case partComments, partRules, partReaders:
			return true
		}
	}
	return len(after) == 0
}

func hasSentence(pieces []piece) bool {
	for _, p := range pieces {
		if p.kind == detente.BlockBody && isSentence(p.text) {
			return true
		}
	}
	return false
}

// bareHead takes headline, byline, date line and what stands between them off
// the top, and gives the paragraphs that are left.
func (d *draft) bareHead(ps []paragraph) []paragraph {
	rest := ps
	if d.title == "" {
		rest = d.takeTitle(ps)
	}
	var out []paragraph
	for i, p := range rest {
		if i < headLines && d.takeHeadLine(p.text) {
			continue
		}
		out = append(out, p)
		if isSentence(p.text) && wordCount(p.text) >= minCaptionWords {
			return append(out, rest[i+1:]...)
		}
	}
	return out
}

// takeTitle finds the headline: the first paragraph that is written as one,
// with nothing but page furniture before it.
func (d *draft) takeTitle(ps []paragraph) []paragraph {
	for i, p := range ps {
		if p.bullet || i >= headLines || i == len(ps)-1 {
			return ps
		}
		kind := partOf(p.text)
		switch {
		case kind == partCaption || kind == partPoints || kind == partSignoff:
			return ps
		case kind != partNone || d.takeHeadLine(p.text) || isKicker(p.text, ps[i+1:]):
			continue
		case !isHeadline(p.text):
			return ps[i:]
		}
		d.title = p.text
		return ps[i+1:]
	}
	return ps
}

// Bounds of a headline and of the section name above one.
const (
	maxHeadlineRunes = 300
	maxKickerWords   = 2
)

// isHeadline reports whether a paragraph is written as headlines are: short,
// not closed by a stop, with no dateline in it.
func isHeadline(text string) bool {
	if utf8.RuneCountInString(text) > maxHeadlineRunes || wordCount(text) < 2 || dateline.MatchString(text) {
		return false
	}
	if !isSentence(text) {
		return true
	}
	end := strings.TrimRight(text, "'\"’”»)] ")
	return strings.HasSuffix(end, "?") || strings.HasSuffix(end, "!") || isInitials(end[strings.LastIndexByte(end, ' ')+1:])
}

// isKicker reports whether a line is the name of a section over a headline.
func isKicker(text string, after []paragraph) bool {
	return wordCount(text) <= maxKickerWords && len(after) > 1 && !after[0].bullet &&
		wordCount(after[0].text) > maxKickerWords && isHeadline(after[0].text)
}

func wordCount(text string) int { return len(strings.Fields(text)) }

// spokenWords counts words in scripts without spaces too, two signs to a word.
func spokenWords(text string) int {
	signs := 0
	for _, r := range text {
		if r >= 0x2e80 && r < 0xd7b0 {
			signs++
		}
	}
	return wordCount(text) + signs/2
}

// dateline is the place, date and agency that open a dispatch.
var dateline = regexp.MustCompile(`^[\p{Lu}][\p{L} .,'’/-]{1,50}(?:, [\p{L}]+\.? \d{1,2})? ?(?:\([\p{L} /.-]{2,30}\) ?[-–—:]|[-–—]{1,2} [\p{Lu}].*\.)`)

// takeHeadLine reads a line that is only a byline or only a date.
func (d *draft) takeHeadLine(text string) bool {
	if names := bareByline(text); names != nil {
		if len(d.byline) == 0 {
			d.byline = names
		}
		return true
	}
	if day, ok := dateLine(text); ok {
		if d.published.day == "" {
			d.published = readStamp(text)
			d.published.day = day
		}
		return true
	}
	return false
}

// opensByline is how a byline starts; what follows must be names alone.
var opensByline = regexp.MustCompile(`^(?:[Bb]y|BY|Written by|WRITTEN BY|Author:|From)[:]? +(\p{Lu}.*)$`)

// maxBylineWords is the longest byline line.
const maxBylineWords = 16

// bareByline reads "By A. Writer and B. Writer in Moscow for The Paper"; nil
// where the line is something else.
func bareByline(text string) []string {
	m := opensByline.FindStringSubmatch(text)
	if m == nil || wordCount(text) > maxBylineWords || isSentence(text) && !strings.HasSuffix(text, ",") {
		return nil
	}
	return splitNames(m[1])
}

// notName is what may follow names in a byline.
var notName = regexp.MustCompile(`(?i)(?: in | for | at | from |, (?:\p{L}+ )*(?:correspondent|editor|reporter|writer)s?\b| \| | [-–—] |\(|\bpublished\b|\bupdated\b| \d).*$`)

// nameBreak divides names.
var nameBreak = regexp.MustCompile(`(?i)\s*(?:,|;|&|\band\b|/)\s*`)

// splitNames divides a list of names; nil where a word of it is no part of a
// name.
func splitNames(text string) []string {
	text = notName.ReplaceAllString(text, "")
	var names []string
	for _, name := range nameBreak.Split(text, -1) {
		name = strings.TrimSpace(name)
		if name == "" {
			continue
		}
		if wordCount(name) > 5 || !opensUpper(name) || strings.ContainsFunc(name, unicode.IsDigit) {
			return nil
		}
		names = append(names, name)
	}
	return names
}

// stampWords stand with the date in a line that is only a date.
var stampWords = regexp.MustCompile(`(?i)^(?:(?:first |last |originally )?(?:published|posted|updated|modified|created|release[d]?)(?: on| at)?|date|on|last update[d]?|as of)[:,]?\s*`)

// dateLine reads a line that is a date and nothing else to speak of.
func dateLine(text string) (detente.Date, bool) {
	if utf8.RuneCountInString(text) > 120 {
		return "", false
	}
	rest := stampWords.ReplaceAllString(text, "")
	day, at, ok := findDay(rest)
	if !ok {
		return "", false
	}
	left := rest[:at[0]] + " " + rest[at[1]:]
	for _, w := range phraseWords(left, false) {
		if !isStampWord(w) {
			return "", false
		}
	}
	return day, true
}

// isStampWord reports what may stand beside the date in a date line: clock
// times, zones, weekdays, and words of publishing.
func isStampWord(w string) bool {
	if isNumber(w) || w == ":" || w == "(" || w == ")" {
		return true
	}
	switch w {
	case "published", "updated", "posted", "modified", "last", "first", "at", "on", "am", "pm", "a.m", "p.m", "a", "p", "m",
		"gmt", "utc", "est", "edt", "et", "cst", "cdt", "ct", "pst", "pdt", "pt", "bst", "cet", "cest", "ist", "kst", "jst", "msk",
		"local", "time", "hours", "hrs", "h", "the", "of", "min", "mins", "read", "ago", "th", "st", "nd", "rd":
		return true
	}
	return isDateWord(w)
}
