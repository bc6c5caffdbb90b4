package nlp

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// nameSpan is a proper name: words first … end-1, titles left out.
type nameSpan struct {
	first, end int
	kind       EntKind
}

// findNames collects the names of the text. Beside the entities of the model
// it takes what the text itself shows to be a person: capitals after a role
// ("spokesman Dmitry Peskov") or from a given name on; and a word that is the
// surname of a person named in full elsewhere.
func (c *coref) findNames() {
	c.inName = make([]bool, len(c.d.Words))
	kinds := make([]EntKind, len(c.d.Words))
	end := make([]int, len(c.d.Words))
	mark := func(first, to int, kind EntKind) {
		for i := first; i < to; i++ {
			end[i], kinds[i] = 0, kind
		}
		end[first] = to
	}
	for _, e := range c.d.Ents {
		first := e.First
		switch {
		case e.Kind == Person:
			first = c.withoutTitles(e.First, e.End)
		case e.Kind == Organisation && e.End > e.First+1 && c.words["company"].has(c.low[e.First]) && c.d.Words[e.First].Rel != "nmod":
			first++ // "Carmaker Valdora"
		}
		if last := c.withoutTail(first, e.End); first < last && !(e.Kind == Person && c.isCountry(first, last)) &&
			!(last == first+1 && (c.words["role"].has(c.low[first]) || isFunctionWord(c.d.Words[first]))) {
			mark(first, last, e.Kind)
		}
	}
	for i := range c.d.Words {
		if to := c.nameFrom(i, kinds, end); to > i {
			mark(i, to, Person)
		}
	}
	c.settleKinds(kinds, end)
	known := c.knownNames(kinds, end)
	for i, w := range c.d.Words {
		alone := end[i] == i+1 || kinds[i] == ""
		if alone && known[w.Form] && c.isCapital(i) && !isFunctionWord(w) && !(c.isCountry(i, i+1) && c.standsAsPlace(i)) {
			mark(i, i+1, Person)
		}
	}
	for i, to := range end {
		if to <= i {
			continue
		}
		c.spans = append(c.spans, nameSpan{i, to, kinds[i]})
		for k := i; k < to; k++ {
			c.inName[k] = true
		}
	}
}

// settleKinds gives a single word that the model took for a place here and for
// a person there the kind that it has more often, or had first.
func (c *coref) settleKinds(kinds []EntKind, end []int) {
	count := map[string]map[EntKind]int{}
	first := map[string]EntKind{}
	for i, to := range end {
		if form := c.d.Words[i].Form; to == i+1 {
			if count[form] == nil {
				count[form], first[form] = map[EntKind]int{}, kinds[i]
			}
			count[form][kinds[i]]++
		}
	}
	for i, to := range end {
		if to != i+1 {
			continue
		}
		form := c.d.Words[i].Form
		best := first[form]
		for _, kind := range []EntKind{Person, Place, Organisation} {
			if count[form][kind] > count[form][best] {
				best = kind
			}
		}
		kinds[i] = best
	}
}

// knownNames are single words that name a person wherever they stand: the
// surnames of persons named in full, and what the model took for a person's
// name more than once, or once where it is a given name.
func (c *coref) knownNames(kinds []EntKind, end []int) map[string]bool {
	known, seen := map[string]bool{}, map[string]int{}
	for i, to := range end {
		form := c.d.Words[i].Form
		switch {
		case kinds[i] != Person || to <= i:
		case to > i+1:
			known[c.d.Words[to-1].Form] = true
			if c.given[c.low[i]] == nil && !c.isCountry(i, i+1) { // "Kim Jong Un": the surname may stand first
				known[form] = true
			}
		default:
			seen[form]++
			if seen[form] > 1 || c.given[c.low[i]] != nil || c.ledByRole(i) {
				known[form] = true
			}
		}
	}
	return known
}

// ledByRole reports whether a role or an honorific stands just before word i.
func (c *coref) ledByRole(i int) bool {
	return i > 0 && c.d.Words[i-1].Sent == c.d.Words[i].Sent && c.isCapital(i-1) &&
		(c.words["honorific"].has(c.low[i-1]) || c.words["role"].has(c.low[i-1]))
}

// standsAsPlace tells "in Paris" from "Paris said" where a person has the name
// of a country or a capital.
func (c *coref) standsAsPlace(i int) bool {
	return i > 0 && c.d.Words[i-1].UPOS == "ADP"
}

func isFunctionWord(w Word) bool {
	switch w.UPOS {
	case "AUX", "DET", "PRON", "ADP", "CCONJ", "SCONJ", "PUNCT", "NUM", "PART", "INTJ":
		return true
	}
	return false
}

// nameFrom gives the end of a person's name that begins at word i by the
// evidence of the words alone, or 0.
func (c *coref) nameFrom(i int, kinds []EntKind, end []int) int {
	if !c.isProper(i) || c.words["role"].has(c.low[i]) || c.isCountry(i, i+1) {
		return 0
	}
	inside := kinds[i] != "" && end[i] == 0
	longBody := (kinds[i] == Organisation || kinds[i] == Place) && end[i] > i+2
	given := c.given[c.low[i]] != nil && c.low[i] != "will" && !inside && !longBody
	led := i > 0 && !inside && !longBody && kinds[i] != Person && c.d.Words[i-1].Sent == c.d.Words[i].Sent &&
		(c.words["honorific"].has(c.low[i-1]) && c.isCapital(i-1) || c.words["role"].has(c.low[i-1]) && c.d.Words[i-1].UPOS != "VERB")
	if !given && !led {
		return 0
	}
	to := i + 1
	for to < len(c.d.Words) && to < i+5 && c.d.Words[to].Sent == c.d.Words[i].Sent && c.continuesName(to) {
		to++
	}
	for to > i+1 && !c.isProper(to-1) {
		to--
	}
	if given && !led && to == i+1 {
		return 0
	}
	return to
}

func (c *coref) continuesName(i int) bool {
	switch c.low[i] {
	case "-", "al", "bin", "ibn", "von", "van", "der", "de", "da", "di", "el", "du", "dos":
		return true
	}
	return c.isProper(i) && !c.words["role"].has(c.low[i]) && !c.isCountry(i, i+1) && len(timePhrases()["weekday"][c.low[i]]) == 0
}

// isProper reports whether word i is tagged and written as a proper noun.
func (c *coref) isProper(i int) bool { return c.d.Words[i].UPOS == "PROPN" && c.isCapital(i) }

func (c *coref) isCapital(i int) bool {
	r, _ := utf8.DecodeRuneInString(c.d.Words[i].Form)
	return unicode.IsUpper(r)
}

// isCountry reports whether the words are a country, its people or its seat.
func (c *coref) isCountry(first, end int) bool {
	n, _ := c.words["country"].at(c.low, first, end)
	return n > 0 && first+n == end
}

// withoutTitles gives the first word of the name in an entity that begins with
// a role or an honorific.
func (c *coref) withoutTitles(first, end int) int {
	start := first
	for i := first; i < end-1; i++ {
		if c.words["role"].has(c.low[i]) || c.words["honorific"].has(c.low[i]) {
			start = i + 1
		}
	}
	if start > first && (c.low[start] == "of" || c.low[start] == "for") {
		// "Secretary of State John Kerry": the name starts at the given name,
		// or is the last two words.
		for i := start + 1; i < end; i++ {
			if c.given[c.low[i]] != nil {
				return i
			}
		}
		return max(start+1, end-2)
	}
	return start
}

// withoutTail drops a possessive and what is no part of a name at its end.
func (c *coref) withoutTail(first, end int) int {
	for end > first && (c.d.Words[end-1].UPOS == "PART" || c.d.Words[end-1].UPOS == "PUNCT" && c.low[end-1] != "." || c.isLowerRole(end-1)) {
		end--
	}
	return end
}

// isLowerRole reports whether word i is a role in small letters, or the first
// part of one: no part of "Salif Diallo prime minister".
func (c *coref) isLowerRole(i int) bool {
	return !c.isCapital(i) && (c.words["role"].has(c.low[i]) || c.low[i] == "prime")
}

// readName gives a name to its referent.
func (c *coref) readName(s nameSpan, sent Sent) {
	if s.end == s.first+1 && c.readNational(s.first, sent) {
		return
	}
	first := s.first
	var roles []role
	var gender byte
	if s.kind == Person {
		first, roles, gender = c.titlesBefore(s, sent)
		c.countryAfter(s, sent, roles)
	} else if s.kind == Organisation {
		first, roles = c.tradeBefore(s, sent)
	}
	words := c.nameWords(s)
	if len(words) == 0 {
		return
	}
	if gender == 0 && s.kind == Person {
		gender = c.givenGender(words[0])
	}
	r := c.refOfName(words, s.first, s.kind, gender)
	if r < 0 && s.kind == Person {
		if r = c.refOfAlias(s, sent); r < 0 {
			r = c.namelessBefore(s, first, sent, gender)
		}
		if r < 0 {
			r = c.introduced(s, first, sent, roles, gender)
		}
	}
	if r < 0 {
		r = c.add(s.kind)
	}
	ref := c.refs[r]
	if len(words) > len(ref.name) {
		ref.name = words
	}
	c.index(r, words)
	for _, x := range roles {
		c.giveRole(ref, x)
	}
	if s.kind == Person {
		c.rolesBeside(r, s, first, sent)
		c.noteNouns(r, s)
	}
	if ref.gender == 0 {
		ref.gender = gender
	}
	for i := first; i < s.first; i++ {
		c.taken[i] = true
	}
	c.mention(r, Mention{First: first, End: s.end, Head: c.d.headOf(s.first, s.end), Kind: MentionName})
}

// refOfAlias finds the person whose name stands just before another one of
// theirs: "Ibrahim Awad, better known as Abu Bakr", "Marie Sklodowska (born …)".
func (c *coref) refOfAlias(s nameSpan, sent Sent) int {
	if c.next == 0 {
		return -1
	}
	before := c.spans[c.next-1]
	if before.kind != Person || before.first < sent.First || s.first-before.end > aliasWindow {
		return -1
	}
	told := false
	for i := before.end; i < s.first; i++ {
		n, v := c.words["alias"].at(c.low, i, s.first)
		if n == 0 {
			return -1
		}
		told = told || v != ""
		i += n - 1
	}
	if !told {
		return -1
	}
	return c.owner[c.d.headOf(before.first, before.end)] - 1
}

// aliasWindow is how many words may stand between two names of one person.
const aliasWindow = 9

// namelessBefore finds the person without a name whom the definite phrase
// beside a name means: "the negotiator, Behrouz Karimi", "his wife Ana", where
// "Iran's negotiator" or "his wife" were spoken of before.
func (c *coref) namelessBefore(s nameSpan, first int, sent Sent, gender byte) int {
	start, head := c.appositionBefore(s, first, sent)
	if head < 0 {
		if start, head = first, c.roleIn(first, s.first); head < 0 {
			return c.relativeOf(s, gender)
		}
	}
	r := c.relativeOf(s, gender)
	if start < sent.First || !c.words["pointing"].has(c.low[start]) {
		return r
	}
	r = c.refOfRole(c.roleAt(start, head, Sent{First: sent.First, End: s.first}), Person, start)
	if r < 0 || c.refs[r].name != nil || !c.refs[r].fits(gender) {
		return -1
	}
	return r
}

// relativeOf finds the relative without a name of a person of the same surname:
// "his wife", and then "Nadia Orlenko".
func (c *coref) relativeOf(s nameSpan, gender byte) int {
	words := c.nameWords(s)
	if len(words) < 2 {
		return -1
	}
	for _, r := range c.recent {
		ref := c.refs[r]
		if ref.kind != Person || ref.name != nil || ref.group != nil || !ref.fits(gender) {
			continue
		}
		for _, x := range ref.roles {
			if x.holder == 0 || x.head == "successor" || x.head == "predecessor" {
				continue
			}
			if sameSurname(c.refs[x.holder-1].name, words) {
				return r
			}
		}
	}
	return -1
}

func sameSurname(a, b []string) bool {
	return len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1]
}

// roleIn is the last role noun of words first … end-1, or -1.
func (c *coref) roleIn(first, end int) int {
	for k := end - 1; k >= first; k-- {
		if c.words["role"].has(c.singular(k)) {
			return k
		}
	}
	return -1
}

func (c *coref) givenGender(word string) byte {
	for _, e := range c.given[word] {
		if len(e.rest) == 0 && e.value != "" {
			return e.value[0]
		}
	}
	return 0
}

// nameWords are the words by which a name is compared: lower case, without
// marks and suffixes, parts with a hyphen as one.
func (c *coref) nameWords(s nameSpan) []string {
	var out []string
	join := false
	for i := s.first; i < s.end; i++ {
		w := strings.Trim(c.low[i], ".,'\"")
		switch {
		case w == "-" || w == "–":
			join = len(out) > 0
			continue
		case w == "" || w == "'s" || w == "the" || c.words["name-suffix"].has(w):
			continue
		case join:
			out[len(out)-1] += "-" + w
		default:
			out = append(out, w)
		}
		join = false
	}
	if s.kind != Person {
		if n, v := c.words["same-place"].at(out, 0, len(out)); n > 0 && n == len(out) {
			return strings.Fields(v)
		}
		return out
	}
	for i, w := range out {
		if rest, ok := strings.CutPrefix(w, "al-"); ok && rest != "" {
			out[i] = rest
		}
	}
	for len(out) > 1 && c.words["particle"].has(out[0]) {
		out = out[1:] // "De Vries" is a surname alone
	}
	return out
}

// How much a mention counts against one place further back in prominence, and
// up to how many.
const (
	prominencePerMention = 5
	prominenceMentions   = 10
)

// nameIndex bounds how many referents of one word of a name are looked at.
const nameIndex = 20

// index makes r findable by the words of its name.
func (c *coref) index(r int, words []string) {
	keys := words
	if c.refs[r].kind != Person {
		keys = []string{strings.Join(words, " "), initials(words)}
	}
	for _, w := range keys {
		list := c.byName[w]
		if len(list) > 0 && list[len(list)-1] == r {
			continue
		}
		c.byName[w] = append(list, r)
	}
}

// initials of a name of several words: "north atlantic treaty organization" is "nato".
func initials(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, " ")
	}
	var b strings.Builder
	for _, w := range words {
		switch w {
		case "of", "and", "for", "the", "on":
			continue
		}
		r, _ := utf8.DecodeRuneInString(w)
		b.WriteRune(r)
	}
	return b.String()
}

// refOfName finds the referent that a name, whose words begin at word first,
// belongs to, or -1.
func (c *coref) refOfName(words []string, first int, kind EntKind, gender byte) int {
	if kind != Person {
		return c.refOfBody(words)
	}
	last := c.byName[words[len(words)-1]]
	if len(words) == 1 {
		if r := c.byAge(first, words[0]); r >= 0 {
			return r
		}
		return c.refOfSurname(words[0], gender)
	}
	for k := len(last) - 1; k >= max(0, len(last)-nameIndex); k-- {
		r := c.refs[last[k]]
		if r.kind == Person && r.fits(gender) && c.sameName(r.name, words) {
			return last[k]
		}
	}
	// Surname first, or a surname alone before: "Kim", later "Kim Jong Un".
	same := c.byName[words[0]]
	for k := len(same) - 1; k >= max(0, len(same)-nameIndex); k-- {
		r := c.refs[same[k]]
		if r.kind == Person && len(r.name) == 1 && c.given[words[0]] == nil && r.fits(gender) {
			return same[k]
		}
		if r.kind == Person && r.fits(gender) && beginsWith(r.name, words) {
			return same[k] // "Jean Pierre" for "Jean Pierre Moreau"
		}
	}
	return -1
}

// beginsWith reports whether the longer name begins with two words or more of
// the shorter.
func beginsWith(long, short []string) bool {
	return len(short) < len(long) && slices.Equal(long[:len(short)], short)
}

func (r *referent) fits(gender byte) bool { return gender == 0 || r.gender == 0 || r.gender == gender }

// sameName reports whether two names can be one person's: equal surnames, and
// given names that are equal, short for each other, or not there.
func (c *coref) sameName(a, b []string) bool {
	if len(a) == 0 || a[len(a)-1] != b[len(b)-1] {
		return false
	}
	if len(a) == 1 || len(b) == 1 {
		return true
	}
	if a[0] == b[0] || len(a[0]) > 5 && oneLetterOff(a[0], b[0]) {
		return true
	}
	short, long := a[0], b[0]
	if len(short) > len(long) {
		short, long = long, short
	}
	if (len(short) == 1 || len(short) > 2) && strings.HasPrefix(long, short) {
		return true
	}
	return c.fullGiven(short) == c.fullGiven(long)
}

// fullGiven is the name that a given name is short for, or itself.
func (c *coref) fullGiven(name string) string {
	if n, v := c.nick.at([]string{name}, 0, 1); n > 0 {
		return v
	}
	return name
}

// refOfSurname finds whom a single word names: the most prominent person of
// that surname; else the only one who has it as another part of the name.
func (c *coref) refOfSurname(word string, gender byte) int {
	list := c.byName[word]
	if len(list) == 0 {
		list = c.misspelt(word)
	}
	best, other, others := -1, -1, 0
	for k := len(list) - 1; k >= max(0, len(list)-nameIndex); k-- {
		r := c.refs[list[k]]
		switch {
		case r.kind != Person || !r.fits(gender):
		case r.name[len(r.name)-1] == word || len(r.name) == 1:
			if best < 0 || c.prominence(list[k]) > c.prominence(best) {
				best = list[k]
			}
		default:
			if other != list[k] {
				other = list[k]
				others++
			}
		}
	}
	if best < 0 && others == 1 {
		return other
	}
	return best
}

// byAge tells father from child of one surname where "the elder" or "the
// younger" stands before it; -1 where it does not, or nobody's child is known.
func (c *coref) byAge(first int, surname string) int {
	if first == 0 {
		return -1
	}
	n, age := c.words["age"].at(c.low, first-1, first)
	if n == 0 {
		return -1
	}
	for _, r := range c.recent {
		ref := c.refs[r]
		for _, x := range ref.roles {
			if x.holder == 0 || len(ref.name) == 0 || ref.name[len(ref.name)-1] != surname {
				continue
			}
			switch _, v := c.words["relation"].at([]string{x.head}, 0, 1); {
			case strings.HasPrefix(v, "father") == (age == "younger"):
				return r
			default:
				return x.holder - 1
			}
		}
	}
	return -1
}

// prominence weighs persons of one surname against each other: by how often
// they are spoken of, and how lately.
func (c *coref) prominence(r int) int {
	at := slices.Index(c.recent, r)
	if at < 0 {
		at = len(c.recent)
	}
	weight := prominencePerMention*min(len(c.refs[r].mentions), prominenceMentions) - at
	for _, x := range c.refs[r].roles {
		if x.holder != 0 && sameSurname(c.refs[x.holder-1].name, c.refs[r].name) {
			weight -= lookBack // "Orlenko" is he, and not his wife
		}
	}
	return weight
}

// misspelt finds the persons mentioned lately whose surname is one letter off
// a longer word ("Maurer", "Mauer").
func (c *coref) misspelt(word string) []int {
	if len(word) < 5 {
		return nil
	}
	for _, x := range c.recent {
		r := c.refs[x]
		if r.kind != Person || len(r.name) < 2 {
			continue
		}
		if s := r.name[len(r.name)-1]; max(len(s), len(word)) >= 6 && oneLetterOff(s, word) {
			return []int{x}
		}
	}
	return nil
}

// oneLetterOff reports whether one letter more, less or other makes a of b.
func oneLetterOff(a, b string) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	if len(a)-len(b) > 1 {
		return false
	}
	i := 0
	for i < len(b) && a[i] == b[i] {
		i++
	}
	if len(a) == len(b) {
		return i < len(b) && a[i+1:] == b[i+1:]
	}
	return a[i+1:] == b[i:]
}

// refOfBody finds a body or place by its whole name, its initials, or the
// longer name that ends in it ("Foreign Ministry", "Russian Foreign Ministry").
func (c *coref) refOfBody(words []string) int {
	for _, key := range []string{strings.Join(words, " "), initials(words)} {
		list := c.byName[key]
		for k := len(list) - 1; k >= max(0, len(list)-nameIndex); k-- {
			if c.refs[list[k]].kind != Person {
				return list[k]
			}
		}
	}
	if len(words) < 2 {
		return -1
	}
	for _, x := range c.recent {
		if r := c.refs[x]; r.kind == Organisation && endsIn(r.name, words) {
			return x
		}
	}
	return -1
}

func endsIn(long, short []string) bool {
	if len(short) >= len(long) {
		return false
	}
	for k := 1; k <= len(short); k++ {
		if long[len(long)-k] != short[len(short)-k] {
			return false
		}
	}
	return true
}
