package source

import (
	"bufio"
	"fmt"
	"strings"
	"sync"
	"unicode"

	"detente/data"
)

// mark is what an element's names, or its tag, say about the text in it.
type mark uint16

// Marks; see data/lang/page-names.txt.
const (
	markBody mark = 1 << iota
	markComments
	markDrop
	markDoubt
	markCaption
	markByline
	markPoints
	markDate
	markKicker
)

var markNames = map[string]mark{"body": markBody, "comments": markComments, "drop": markDrop, "doubt": markDoubt,
	"caption": markCaption, "byline": markByline, "points": markPoints, "date": markDate,
	"kicker": markKicker}

// pageName is a line of the list as words.
type pageName struct {
	words []string
	whole bool // nothing else stands in the name
	mark  mark
}

// pageNames finds lines by their first word; a word that ends in "*" is found
// by its first four letters.
var pageNames = sync.OnceValues(func() (map[string][]pageName, error) {
	f, err := data.FS.Open("lang/page-names.txt")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	names := map[string][]pageName{}
	var section mark
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			if section = markNames[strings.Trim(line, "[]")]; section == 0 {
				return nil, fmt.Errorf("page-names.txt: line %d: no mark is called %s; see mark.go for the names", n, line)
			}
		default:
			line, whole := strings.CutPrefix(line, "=")
			words := strings.Fields(line)
			names[nameKey(words[0])] = append(names[nameKey(words[0])], pageName{words, whole, section})
		}
	}
	return names, lines.Err()
})

// keyLength is how many letters of a word with "*" must stand before it.
const keyLength = 3

func nameKey(word string) string { return word[:min(len(word), keyLength)] }

// marksOf reads the marks of one attribute value, several names divided by
// spaces. Names that tell a state ("has-sidebar", "no-comments") mark nothing.
func marksOf(value string, memo map[string]mark) mark {
	var all mark
	for _, name := range strings.Fields(value) {
		m, ok := memo[name]
		if !ok {
			m = marksOfName(name)
			memo[name] = m
		}
		all |= m
	}
	return all
}

func marksOfName(name string) mark {
	if len(name) > 80 {
		return 0
	}
	words := nameWords(name)
	if len(words) == 0 {
		return 0
	}
	switch words[0] {
	case "has", "is", "no", "with", "without", "hide", "show", "open", "not", "category", "tag", "format", "type", "status":
		return 0
	}
	names, err := pageNames()
	if err != nil {
		panic(err) // embedded lists are checked by the tests
	}
	var all mark
	for i, w := range words {
		for _, n := range names[nameKey(w)] {
			if nameFits(n.words, words[i:]) && (!n.whole || len(n.words) == len(words)) {
				all |= n.mark
			}
		}
	}
	return all
}

func nameFits(pattern, words []string) bool {
	if len(pattern) > len(words) {
		return false
	}
	for i, p := range pattern {
		if stem, open := strings.CutSuffix(p, "*"); open && strings.HasPrefix(words[i], stem) {
			continue
		}
		if p != words[i] {
			return false
		}
	}
	return true
}

// nameWords divides a class or id name at signs, digits and inner capitals.
func nameWords(name string) []string {
	var words []string
	start := 0
	flush := func(end int) {
		if end > start {
			words = append(words, strings.ToLower(name[start:end]))
		}
	}
	lower := false
	for i, r := range name {
		switch {
		case !unicode.IsLetter(r) && !(r == '2' && i > 0):
			flush(i)
			start = i + len(string(r))
			lower = false
		case unicode.IsUpper(r) && lower:
			flush(i)
			start, lower = i, false
		default:
			lower = unicode.IsLower(r)
		}
	}
	flush(len(name))
	return words
}
