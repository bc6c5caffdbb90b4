package source

import (
	"bufio"
	"fmt"
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

// bylineOpeners are the lines of data/lang/bylines.txt as words by their first,
// the longest first.
var bylineOpeners = sync.OnceValues(func() (map[string][][]string, error) {
	f, err := data.FS.Open("lang/bylines.txt")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	openers := map[string][][]string{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if line := strings.TrimSpace(lines.Text()); line != "" && !strings.HasPrefix(line, "#") {
			words := strings.Fields(line)
			openers[words[0]] = append(openers[words[0]], words)
		}
	}
	for _, list := range openers {
		slices.SortStableFunc(list, func(a, b []string) int { return len(b) - len(a) })
	}
	return openers, lines.Err()
})

// maxOpener is the most bytes of a text that the words that open a byline take.
const maxOpener = 60

// afterOpener is what follows the words that open a byline; ok is false where
// none do.
func afterOpener(text string) (rest string, ok bool) {
	openers, err := bylineOpeners()
	if err != nil {
		panic(err) // embedded lists are checked by the tests
	}
	first, _, _ := strings.Cut(text[:min(len(text), maxOpener)], " ")
	if list := openers[openerWord(first)]; list != nil {
		words := strings.Fields(strings.Replace(text, " : ", ": ", 1))
		for _, opener := range list {
			if len(words) >= len(opener) && slices.EqualFunc(words[:len(opener)], opener, func(w, o string) bool { return openerWord(w) == o }) {
				return strings.Join(words[len(opener):], " "), true
			}
		}
	}
	for _, form := range []*regexp.Regexp{gluedOpener, wideLabel} {
		if m := form.FindStringSubmatch(text); m != nil {
			return m[1], true
		}
	}
	return text, false
}

// openerWord is a word as the list of openers has it.
func openerWord(word string) string { return strings.TrimRight(strings.ToLower(word), ":-–") }

// wideLabel is a label as Chinese and Japanese pages write it.
var wideLabel = regexp.MustCompile(`^\p{Lo}{2,6}：\s*(\p{Lo}{2,12})$`)

// gluedOpener is an opener whose element ends without a space.
var gluedOpener = regexp.MustCompile(`^(?:by|By|BY|von|Von|Par|Por)(\p{Lu}\p{Ll}.*)$`)

// byline is who wrote the article: the first of the page's bylines that names
// people, made fuller by the others. A page that names nobody but its own site,
// or somebody by a handle, gives that.
func (p *page) byline() []string {
	for _, take := range []taking{namesOnly, alsoHandles} {
		lists := p.bylines(take)
		if list := firstNamed(lists); list != nil {
			return fuller(list, lists)
		}
	}
	return nil
}

// taking says what is taken for an author: names of people, or also handles and
// the site itself where an element says that it wrote.
type taking bool

const (
	namesOnly   taking = false
	alsoHandles taking = true
)

// bylines are what the page's data and its text give as authors, most believed
// first.
func (p *page) bylines(take taking) [][]string {
	var linked [][]string
	for _, l := range p.head.linked {
		linked = append(linked, p.people(p.head.namesOf(l.author), take))
	}
	meta := p.people(p.head.authors, take)
	if take == alsoHandles {
		return append([][]string{p.relNames(take), p.markedNames(take), p.shownHandle(), p.lastNames()}, append(linked, meta)...)
	}
	shown := p.shownNames()
	rest := append(linked, meta, p.markedNames(take), p.relNames(take), shown, p.datedNames())
	if first := firstNamed(rest); len(shown) > 0 && !p.isShownNear(first) {
		return append([][]string{shown}, rest...) // readers see another byline than the data give
	}
	return rest
}

// firstNamed is the first list that names anybody.
func firstNamed(lists [][]string) []string {
	for _, l := range lists {
		if len(l) > 0 {
			return l
		}
	}
	return nil
}

// isShownNear reports whether one of the names stands near the headline.
func (p *page) isShownNear(names []string) bool {
	at := max(p.headlineAt(), 0)
	for i := max(0, at-3); i < min(len(p.blocks), at+nearHeadline); i++ {
		shown := squeeze(p.blocks[i].text)
		if slices.ContainsFunc(names, func(n string) bool { return strings.Contains(shown, squeeze(n)) }) {
			return true
		}
	}
	return false
}

// datedNames reads a line of the headline's date for a name beside it.
func (p *page) datedNames() []string {
	at := max(p.headlineAt(), 0)
	for i := max(0, at-1); i < min(len(p.blocks), at+atHeadline+1); i++ {
		b := &p.blocks[i]
		_, day, ok := findDayIn(b.text, p.order())
		if !ok || b.words > maxBylineBlock || i == at {
			continue
		}
		for _, part := range strings.FieldsFunc(b.text[:day[0]]+"|"+b.text[min(day[1], len(b.text)):], isDivider) {
			if part = strings.TrimSpace(part); wordCount(part) >= 2 && wordCount(part) <= 3 && isNameLike(part) && !p.isSiteName(part) && !isStampLine(part) {
				return []string{part}
			}
		}
	}
	return nil
}

func isDivider(r rune) bool { return strings.ContainsRune("|•·,/–—", r) }

// isStampLine reports words of which one stands in lines of dates.
func isStampLine(text string) bool {
	return slices.ContainsFunc(phraseWords(text, false), isStampWord)
}

// fuller is a byline with what others add to it: another that names the same
// people and more, and the full form of a single name.
func fuller(names []string, lists [][]string) []string {
	for _, other := range lists {
		if len(other) > len(names) && isNamedIn(names[0], other[:1]) && !slices.ContainsFunc(names, func(n string) bool { return !isNamedIn(n, other) }) &&
			!slices.ContainsFunc(other, func(n string) bool { return wordCount(n) < 2 || holdsNoPart(n) }) {
			names = other
		}
	}
	out := slices.Clone(names)
	for i, n := range out {
		for _, other := range slices.Concat(lists...) {
			if isFuller(other, n) && !slices.Contains(out, other) {
				out[i] = other
				break
			}
		}
	}
	return out
}

// isNoPart reports words that no name of a person holds.
func isNoPart(word string) bool { return isRole(word) || isKindOfWord(strings.ToLower(word), "nobody") }

func isNamedIn(name string, names []string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return squeeze(n) == squeeze(name) || isFuller(n, name) })
}

// isFuller reports whether a name of several words is a name of one word in
// full: "ann.example" and "Ann Example", "Ann" and "Ann van Example".
func isFuller(full, name string) bool {
	words := strings.Fields(full)
	if len(words) < 2 || strings.Contains(name, " ") {
		return false
	}
	return squeeze(full) == squeeze(name) || strings.EqualFold(words[0], name)
}

// markedNames reads the first element whose name says byline and which holds
// names and little else.
func (p *page) markedNames(take taking) []string {
	at := max(p.headlineAt(), 0)
	for _, after := range []bool{true, false} {
		for i, e := range p.elems {
			if e.marks&markByline == 0 || (e.first >= at) != after || p.isInComments(i) || e.after-e.first > 6 {
				continue
			}
			for j := e.first; j < e.after; j++ {
				names := p.namesIn(p.blocks[j].text, true)
				if _, opened := afterOpener(p.blocks[j].text); !opened && slices.ContainsFunc(names, isLabel) {
					names = nil // a label as likely as a name
				}
				if len(names) == 0 && take == alsoHandles && after {
					names = p.handle(p.blocks[j].text)
				}
				if len(names) > 0 {
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

// isLabel reports what may as well be a label as a name.
func isLabel(name string) bool { return wordCount(name) == 1 || holdsNoPart(name) }

// holdsNoPart reports names with a word that no name of a person holds.
func holdsNoPart(name string) bool { return slices.ContainsFunc(strings.Fields(name), isNoPart) }

// maxHandle is the longest handle in words.
const maxHandle = 4

// handle is the short text of an element that names an author, whatever it is.
func (p *page) handle(text string) []string {
	rest, _ := afterOpener(cutDate(text))
	rest = strings.TrimSuffix(strings.TrimSuffix(rest, " am"), " on")
	if n := wordCount(rest); n == 0 || n > maxHandle || isNobody(rest) || isNoPart(strings.Fields(rest)[0]) || endsInOpener(rest) || strings.ContainsAny(rest, "@<>{}:/") {
		return nil
	}
	if wordCount(rest) > 2 && nameRun(rest) == "" {
		return nil // a sentence
	}
	name := cutRole(strings.Trim(rest, " .,;|•·–—-»"))
	if !strings.ContainsFunc(name, unicode.IsLetter) {
		return nil
	}
	return []string{name}
}

// endsInOpener reports a label before a name: "Recipe by".
func endsInOpener(text string) bool {
	words := strings.Fields(text)
	rest, opened := afterOpener(words[len(words)-1])
	return opened && rest == "" && len(words) > 1
}

// cutDate takes off a text what follows from its date on.
func cutDate(text string) string {
	if _, at, ok := findDay(text); ok {
		text = text[:at[0]]
	}
	return strings.TrimSpace(text)
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
	return slices.DeleteFunc(p.namesIn(p.blocks[i+1].text, true), holdsNoPart)
}

// relNames are the first of the names that the page links as its author's.
func (p *page) relNames(take taking) []string {
	for _, n := range p.head.names {
		names := slices.DeleteFunc(p.namesIn(n, true), holdsNoPart)
		if len(names) == 0 && take == alsoHandles {
			names = p.handle(n)
		}
		if len(names) > 0 {
			return names
		}
	}
	return nil
}

// nearHeadline is how many blocks around the headline may hold its byline.
const nearHeadline = 12

// shownNames reads the lines around the headline that open as bylines do.
func (p *page) shownNames() []string {
	at := max(p.headlineAt(), 0)
	for i := max(0, at-3); i < min(len(p.blocks), at+nearHeadline); i++ {
		text := p.blocks[i].text
		if p.blocks[i].words > maxBylineBlock {
			text = bylineTail.ReplaceAllString(text, "")
		}
		if names := p.namesIn(text, false); len(names) > 0 && i != at {
			return names
		}
		if names := p.nameAfter(i); len(names) > 0 {
			return names
		}
	}
	return nil
}

// openedHandle is a word that is no name behind the words that open a byline,
// before a date or alone; heldHandle is one inside of a line.
var (
	openedHandle = regexp.MustCompile(`^(\S{2,20})(?:$|,? (?:am|on|le|el|@|um|vor|—|–|-|\|) )`)
	heldHandle   = regexp.MustCompile(`\b(?:by|von|par|por) (\S{2,20}) (?:am|on|le|el) `)
)

// shownHandle reads the lines around the headline for a handle.
func (p *page) shownHandle() []string {
	at := max(p.headlineAt(), 0)
	for i := max(0, at-1); i < min(len(p.blocks), at+nearHeadline); i++ {
		text := p.blocks[i].text
		if i == at || len(text) > maxStamp {
			continue
		}
		m := heldHandle.FindStringSubmatch(text)
		if rest, opened := afterOpener(text); opened {
			m = openedHandle.FindStringSubmatch(rest)
		}
		if m != nil {
			if names := p.handle(m[1]); names != nil {
				return names
			}
		}
	}
	return nil
}

// nearEnd is how many blocks around the end of the article may hold its byline.
const nearEnd = 12

// lastNames reads the lines around the end of the article that open as bylines
// do.
func (p *page) lastNames() []string {
	region, out := p.core()
	if region < 0 {
		return nil
	}
	end := p.elems[region].after
	for i := max(p.elems[region].first, end-nearEnd); i < min(len(p.blocks), end+nearEnd); i++ {
		b := &p.blocks[i]
		if b.heading || b.caption || i < end && out[i] != 0 || p.isInComments(b.elem) {
			continue
		}
		if names := p.namesIn(b.text, false); len(names) > 0 {
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
	text = strings.TrimLeft(text, "-–—|•·( ")
	rest, opened := afterOpener(text)
	if !opened {
		for _, part := range strings.FieldsFunc(text, isDivider) {
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
	return p.people(nameRuns(rest), namesOnly)
}

// nameRuns are the runs of words at the start of a text that are written as
// names are, divided where names are divided.
func nameRuns(text string) []string {
	var names []string
	for _, part := range nameBreak.Split(cutByline(text), -1) {
		run := nameRun(cutRole(part))
		if run == "" || len(names) > 0 && endsInRole(run) {
			break
		}
		names = append(names, run)
	}
	return names
}

// bylineTail is where the names of a byline end.
var bylineTail = regexp.MustCompile(`\s+(?:in|for|at|from|am|on|um|für|aus|mit|with|under|unter|@)\s.*$|\s+(?:Illustration(?:en)?|Illustrations|Fotos?|Photos?|Pictures|Bilder|Grafik|Graphics|Video) (?:von|by) .*$|\s+(?i:le|el|il|den|op|am|on)\s+\d.*$|\s+\p{L}+:.*$|` +
	`(?i:\s+(?:updated|published|posted|veröffentlicht|aktualisiert|publié|publicado)\s.*$)|[|•·(\[].*$|\s[-–—]\s.*$|\d{1,2}[./-]\s?[\d\p{L}].*$|\s\d.*$`)

func cutByline(text string) string { return strings.TrimSpace(bylineTail.ReplaceAllString(text, "")) }

// maxNameWords is the longest name.
const maxNameWords = 5

// nameRun is a text if it is a name: words in capitals, with particles between.
func nameRun(text string) string {
	words := strings.Fields(strings.TrimRight(strings.TrimLeft(text, " .,:;"), " ,:;"))
	if len(words) == 0 || len(words) > maxNameWords || len(words) == 1 && utf8.RuneCountInString(words[0]) < 2 {
		return ""
	}
	for i, w := range words {
		first, _ := utf8.DecodeRuneInString(w)
		if unicode.IsUpper(first) || unicode.Is(unicode.Lo, first) || i > 0 && i < len(words)-1 && isParticle(w) {
			continue
		}
		return ""
	}
	if last := words[len(words)-1]; len(last) > len("R.") {
		words[len(words)-1] = strings.TrimRight(last, ".")
	}
	return strings.Join(words, " ")
}

// isNameLike reports whether words are written as the name of a person: in
// capitals, small words inside aside, without a number.
func isNameLike(name string) bool {
	return nameRun(name) != "" && !slices.ContainsFunc(strings.Fields(name), isBodyWord) && !strings.ContainsFunc(name, func(r rune) bool { return unicode.IsDigit(r) || r == '_' || r == '$' || r == '»' })
}

// isBodyWord reports words of the names of firms and associations.
func isBodyWord(word string) bool {
	return isKindOfWord(strings.ToLower(strings.Trim(word, ",()")), "body")
}

// isParticle reports small words inside of names.
func isParticle(w string) bool {
	switch w {
	case "von", "van", "de", "der", "den", "del", "della", "di", "da", "do", "dos", "la", "le", "el", "al", "bin", "ibn", "zu", "y", "ten", "ter", "du":
		return true
	}
	return strings.HasPrefix(w, "d'") || strings.HasPrefix(w, "al-") || strings.HasPrefix(w, "el-")
}

// Bounds of what a page gives as its authors.
const (
	maxByline = 2000 // bytes of one byline
	maxNames  = 100
)

// people keeps what can be names of people, once each.
func (p *page) people(given []string, take taking) []string {
	var names []string
	seen := map[string]bool{}
	for _, g := range given {
		if len(g) > maxByline || len(names) >= maxNames {
			continue
		}
		rest, _ := afterOpener(accountName.ReplaceAllString(p.withoutSite(clean(g)), ""))
		for _, name := range splitBylines(rest) {
			name = cutRole(name)
			key := squeeze(name)
			if key == "" || seen[key] || len(names) > 0 && endsInRole(name) || !p.canBePerson(name, take) {
				continue
			}
			seen[key] = true
			names = append(names, name)
		}
	}
	return names
}

// accountName is the name of an account behind that of a person.
var accountName = regexp.MustCompile(`\s+@\w+$`)

// canBePerson refuses what bylines hold instead of a name: an address, the
// site, a number, a sentence.
func (p *page) canBePerson(name string, take taking) bool {
	switch {
	case strings.ContainsAny(name, "@/<>{}=") || strings.Contains(name, "www.") || strings.Contains(name, "[at]"):
		return false
	case wordCount(name) > 6 || isNobody(name):
		return false
	case take == alsoHandles:
		return true
	}
	return isNameLike(name) && !p.isSiteName(name)
}

// bylineWords are the words of data/lang/byline-words.txt by their kind.
var bylineWords = sync.OnceValues(func() (map[string]map[string]bool, error) {
	f, err := data.FS.Open("lang/byline-words.txt")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	words := map[string]map[string]bool{"role": {}, "nobody": {}, "weekday": {}, "body": {}}
	var kind map[string]bool
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			if kind = words[strings.Trim(line, "[]")]; kind == nil {
				return nil, fmt.Errorf("byline-words.txt: line %d: no kind is called %s; see the file's head for the names", n, line)
			}
		case kind == nil:
			return nil, fmt.Errorf("byline-words.txt: line %d: a word before any [kind]; put a kind above it", n)
		default:
			kind[line] = true
		}
	}
	return words, lines.Err()
})

// isKindOfWord reports whether words are an entry of the list of a kind.
func isKindOfWord(words, kind string) bool {
	lists, err := bylineWords()
	if err != nil {
		panic(err) // embedded lists are checked by the tests
	}
	return lists[kind][words]
}

// isNobody reports what stands where names stand and names nobody.
func isNobody(name string) bool {
	words := strings.Join(phraseWords(name, false), " ")
	return words == "" || isDateWord(words) || isKindOfWord(words, "nobody")
}

// isRole reports a word that says what somebody is, by itself or behind a
// hyphen: "Online-Redakteur".
func isRole(word string) bool {
	word = strings.ToLower(strings.Trim(word, ".,;:"))
	return isKindOfWord(word, "role") || isKindOfWord(word[strings.LastIndexByte(word, '-')+1:], "role")
}

// endsInRole reports what somebody is behind a name and a comma: "Diplomatic
// Correspondent".
func endsInRole(text string) bool {
	words := strings.Fields(text)
	return isRole(words[len(words)-1])
}

// cutRole takes what somebody is off a name, before and behind it, where two
// words or more are left that are written as a name.
func cutRole(name string) string {
	words := strings.Fields(name)
	if len(words) == 1 && isRole(words[0]) {
		return ""
	}
	for i := len(words) - 2; i > 0; i-- {
		if isRole(words[i-1]) && isNameLike(strings.Join(words[i:], " ")) {
			words = words[i:]
			break
		}
	}
	for len(words) > 2 && isRole(words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	return strings.Join(words, " ")
}
