package source

import (
	"bufio"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"detente/data"
)

// Who wrote a page. Linked data and meta elements name people best; then come
// elements whose names say byline, then short lines near the headline that
// open as bylines do.

// bylineOpeners are the lines of data/lang/bylines.txt as words, the longest
// first.
var bylineOpeners = sync.OnceValues(func() ([][]string, error) {
	f, err := data.FS.Open("lang/bylines.txt")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var all [][]string
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if line := strings.TrimSpace(lines.Text()); line != "" && !strings.HasPrefix(line, "#") {
			all = append(all, strings.Fields(line))
		}
	}
	slices.SortStableFunc(all, func(a, b []string) int { return len(b) - len(a) })
	return all, lines.Err()
})

// afterOpener is what follows the words that open a byline; ok is false where
// none do.
func afterOpener(text string) (rest string, ok bool) {
	openers, err := bylineOpeners()
	if err != nil {
		panic(err) // embedded lists are checked by the tests
	}
	words := strings.Fields(text)
	for _, opener := range openers {
		if len(words) < len(opener) {
			continue
		}
		same := true
		for i, w := range opener {
			same = same && strings.TrimRight(strings.ToLower(words[i]), ":") == w
		}
		if same {
			return strings.Join(words[len(opener):], " "), true
		}
	}
	return text, false
}

// byline is who wrote the article.
func (p *page) byline() []string {
	for _, l := range p.head.linked {
		if names := p.people(l.authors); len(names) > 0 {
			return names
		}
	}
	if names := p.people(p.head.authors); len(names) > 0 {
		return names
	}
	for _, find := range []func() []string{p.markedNames, p.relNames, p.shownNames} {
		if names := find(); len(names) > 0 {
			return names
		}
	}
	return nil
}

// markedNames reads the first element whose name says byline and which holds
// names and little else.
func (p *page) markedNames() []string {
	at := max(p.headlineAt(), 0)
	for _, after := range []bool{true, false} {
		for i, e := range p.elems {
			if e.marks&markByline == 0 || (e.first >= at) != after || p.isInComments(i) || e.after-e.first > 6 {
				continue
			}
			for j := e.first; j < e.after; j++ {
				if names := p.namesIn(p.blocks[j].text, true); len(names) > 0 {
					return names
				}
			}
			if names := p.nameAfter(e.after - 1); len(names) > 0 {
				return names
			}
		}
	}
	return nil
}

// nameAfter reads the block after one that is nothing but the words that open a
// byline.
func (p *page) nameAfter(i int) []string {
	if i < 0 || i+1 >= len(p.blocks) {
		return nil
	}
	if rest, opened := afterOpener(p.blocks[i].text); !opened || rest != "" {
		return nil
	}
	return p.namesIn(p.blocks[i+1].text, true)
}

// relNames are the first of the names that the page links as its author's.
func (p *page) relNames() []string {
	for _, n := range p.head.names {
		if names := p.namesIn(n, true); len(names) > 0 {
			return names
		}
	}
	return nil
}

// nearHeadline is how many blocks around the headline may hold its byline.
const nearHeadline = 12

// shownNames reads the lines around the headline that open as bylines do, and
// then those at the end of the text.
func (p *page) shownNames() []string {
	at := max(p.headlineAt(), 0)
	for i := max(0, at-3); i < min(len(p.blocks), at+nearHeadline); i++ {
		if names := p.namesIn(p.blocks[i].text, false); len(names) > 0 && !p.blocks[i].heading {
			return names
		}
		if names := p.nameAfter(i); len(names) > 0 {
			return names
		}
	}
	return nil
}

// maxBylineBlock is the longest block in words that is read for names.
const maxBylineBlock = 20

// namesIn reads names out of a short text. Where it is known to be a byline the
// names may stand alone; elsewhere words that open a byline must come first, at
// the start or after the date.
func (p *page) namesIn(text string, known bool) []string {
	if spokenWords(text) > maxBylineBlock {
		return nil
	}
	text = strings.TrimLeft(text, "-–—|•· ")
	rest, opened := afterOpener(text)
	if !opened {
		for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("|•·,–—", r) }) {
			if rest, opened = afterOpener(strings.TrimSpace(part)); opened {
				break
			}
		}
	}
	if !opened {
		if _, at, ok := findDayIn(text, p.order()); ok {
			if rest, opened = afterOpener(strings.TrimLeft(text[at[1]:], " -–—|•·,:")); !opened {
				rest = text
			}
		}
	}
	if !opened && !known {
		return nil
	}
	return p.people(nameRuns(rest))
}

// nameRuns are the runs of words at the start of a text that are written as
// names are, divided where names are divided.
func nameRuns(text string) []string {
	var names []string
	for _, part := range nameBreak.Split(cutByline(text), -1) {
		run := nameRun(part)
		if run == "" {
			break
		}
		names = append(names, run)
	}
	return names
}

// bylineTail is where the names of a byline end.
var bylineTail = regexp.MustCompile(`(?i)\s+(?:in|for|at|from|am|on|um|le|el|il|für|aus|updated|published|posted|veröffentlicht|aktualisiert|publié|publicado)\s.*$|[|•·(\[].*$|\s[-–—]\s.*$|\d.*$`)

func cutByline(text string) string { return strings.TrimSpace(bylineTail.ReplaceAllString(text, "")) }

// maxNameWords is the longest name.
const maxNameWords = 5

// nameRun is a text if it is a name: words in capitals, with particles between.
func nameRun(text string) string {
	words := strings.Fields(strings.Trim(text, " .,:;"))
	if len(words) == 0 || len(words) > maxNameWords {
		return ""
	}
	for i, w := range words {
		first, _ := utf8.DecodeRuneInString(w)
		if unicode.IsUpper(first) || i > 0 && isParticle(w) {
			continue
		}
		return ""
	}
	return strings.Join(words, " ")
}

// isParticle reports small words inside of names.
func isParticle(w string) bool {
	switch w {
	case "von", "van", "de", "der", "den", "del", "della", "di", "da", "do", "dos", "la", "le", "el", "al", "bin", "ibn", "zu", "y", "ten", "ter", "du":
		return true
	}
	return strings.HasPrefix(w, "d'") || strings.HasPrefix(w, "al-") || strings.HasPrefix(w, "el-")
}

// people keeps what can be names of people, once each.
func (p *page) people(given []string) []string {
	var names []string
	seen := map[string]bool{}
	for _, g := range given {
		rest, _ := afterOpener(clean(g))
		for _, name := range splitBylines(rest) {
			key := squeeze(name)
			if key == "" || seen[key] || !p.canBePerson(name) {
				continue
			}
			seen[key] = true
			names = append(names, name)
		}
	}
	return names
}

// isDateWord reports a weekday or month that stands alone.
func isDateWord(name string) bool {
	name = strings.ToLower(strings.Trim(name, ".,"))
	months, err := monthNames()
	if err != nil {
		panic(err) // embedded tables are checked by the tests
	}
	return months[name] > 0 || weekdayNames[name]
}

// canBePerson refuses what bylines hold instead of a name: an address, the
// site, a number, a sentence.
func (p *page) canBePerson(name string) bool {
	switch {
	case strings.ContainsAny(name, "@/<>{}_=") || strings.Contains(name, "www."):
		return false
	case strings.ContainsFunc(name, unicode.IsDigit) || wordCount(name) > 6:
		return false
	case isDateWord(name):
		return false
	case p.isSiteName(name) || strings.EqualFold(name, "admin") || strings.EqualFold(name, "administrator"):
		return false
	}
	return true
}
