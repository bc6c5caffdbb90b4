package nlp

import (
	"slices"
	"strings"
)

// role is what the text says that somebody is: a head noun, the countries and
// the other words of the phrase.
type role struct {
	head      string
	countries []string
	compass   string // "north" of "North Korean"
	words     []string
	other     string // "deputy", "former": another office than the bare role
	holder    int    // 1 + referent whose relative or successor this is
	fresh     bool   // "new": somebody who has just taken the office
}

// addRole adds what is new.
func (r *referent) addRole(x role) {
	for _, old := range r.roles {
		if old.head == x.head && old.holder == x.holder && strings.Join(old.words, " ") == strings.Join(x.words, " ") && strings.Join(old.countries, " ") == strings.Join(x.countries, " ") {
			return
		}
	}
	if len(r.roles) < 12 {
		r.roles = append(r.roles, x)
	}
}

// giveRole gives a role to r; a counterpart has the office of whom it is said,
// and so has a successor.
func (c *coref) giveRole(r *referent, x role) {
	r.addRole(x)
	if x.head != "counterpart" && x.head != "successor" || x.holder == 0 {
		return
	}
	for _, y := range c.refs[x.holder-1].roles {
		switch {
		case y.holder != 0:
			continue
		case x.head == "counterpart":
			y.countries, y.compass = x.countries, x.compass
		case y.other == "former":
			y.other = ""
		case y.other != "":
			continue
		}
		r.addRole(y)
	}
}

// phraseWindow is how many words a role phrase may have before its head, and
// after it.
const phraseWindow = 8

// phraseStart walks left from word i over the words of its noun phrase.
func (c *coref) phraseStart(i, first int) int {
	k := i
	for k > first && i-k < phraseWindow {
		w := c.d.Words[k-1]
		switch {
		case w.UPOS == "ADJ", w.UPOS == "NOUN", w.UPOS == "PROPN", w.UPOS == "NUM" && (w.XPOS != "CD" || c.d.Words[k].Form == "-"):
		case w.UPOS == "PART" && w.XPOS == "POS":
		case w.UPOS == "PUNCT" && w.Form == "-", w.UPOS == "VERB" && (w.XPOS == "VBN" || w.XPOS == "VBG") && c.low[k-1] != "including":
		case w.UPOS == "DET", w.UPOS == "PRON" && w.XPOS == "PRP$":
			return k - 1
		default:
			return k
		}
		k--
	}
	return k
}

// roleAt makes a role of the phrase first … head, and of an "of" or "for"
// phrase after the head.
func (c *coref) roleAt(first, head int, sent Sent) role {
	x := role{head: c.roleHead(head), holder: c.holderOf(first, head)}
	c.modifiers(&x, first, head)
	k := head + 1
	if c.isElect(head, sent) {
		x.other = c.low[head+2]
		k += 2
	}
	if k < sent.End && (c.low[k] == "of" || c.low[k] == "for" || c.low[k] == "to") {
		end := k + 1
		for end < sent.End && end < k+phraseWindow && (c.isCapital(end) || c.low[end] == "the" || c.low[end] == "of" || c.d.Words[end].UPOS == "NOUN" || c.low[end] == "'s") {
			end++
		}
		c.modifiers(&x, k+1, end)
	}
	return x
}

// holderOf gives 1 + the referent named by a possessive in the phrase first …
// head of a relation ("his wife", "Brandt's successor"), or 0.
func (c *coref) holderOf(first, head int) int {
	if !c.words["relation"].has(c.roleHead(head)) {
		return 0
	}
	for k := head - 1; k >= first; k-- {
		if c.d.Words[k].XPOS == "PRP$" || c.inName[k] && c.d.Words[k+1].XPOS == "POS" {
			if c.owner[k] == 0 && c.d.Words[k].XPOS == "PRP$" {
				c.readPronoun(k, c.d.Sents[c.d.Words[k].Sent])
			}
			for j := k; j >= first; j-- {
				if c.owner[j] != 0 {
					return c.owner[j]
				}
			}
			return 0
		}
	}
	return 0
}

// converse finds whom a relation means by the relation told the other way
// round: after "his son, Daniel", Daniel's "father" is he.
func (c *coref) converse(x role, gender byte) int {
	if x.holder == 0 {
		return -1
	}
	_, v := c.words["relation"].at([]string{x.head}, 0, 1)
	for _, y := range c.refs[x.holder-1].roles {
		if y.holder != 0 && slices.Contains(strings.Fields(v), y.head) && c.refs[y.holder-1].fits(gender) {
			return y.holder - 1
		}
	}
	if x.head == "counterpart" {
		return c.otherOf(x.holder - 1)
	}
	return -1
}

// otherOf is who was last taken together with person r ("both ministers"), or -1.
func (c *coref) otherOf(r int) int {
	for _, g := range c.recent {
		if pair := c.refs[g].group; pair != nil && slices.Contains(pair, r) {
			return pair[0] + pair[1] - r
		}
	}
	return -1
}

// isElect reports whether "- elect" or "- designate" follows the role at word i.
func (c *coref) isElect(i int, s Sent) bool {
	return i+2 < s.End && c.low[i+1] == "-" && (c.low[i+2] == "elect" || c.low[i+2] == "designate")
}

// roleHead is the form under which a role is compared.
func (c *coref) roleHead(i int) string {
	w := c.singular(i)
	if w == "minister" && i > 0 && c.low[i-1] == "prime" {
		return "premier"
	}
	if w == "colleague" && i > 0 && c.isCapital(i-1) && c.d.Words[i-1].UPOS == "ADJ" {
		return "counterpart" // "his Swedish colleague"
	}
	if n, v := c.words["same-role"].at([]string{w}, 0, 1); n > 0 {
		return v
	}
	return w
}

func (c *coref) singular(i int) string {
	if l := strings.ToLower(c.d.Words[i].Lemma); c.words["role"].has(l) {
		return l
	}
	return c.low[i]
}

// modifiers sorts the words first … end-1 into countries and others.
func (c *coref) modifiers(x *role, first, end int) {
	for i := first; i < end; i++ {
		if n, v := c.words["country"].at(c.low, i, end); n > 0 && c.isCapital(i) {
			x.countries = append(x.countries, v)
			i += n - 1
			continue
		}
		w := c.low[i]
		switch {
		case w == "new" || w == "newly" || w == "incoming":
			x.fresh = true
		case c.words["compass"].has(w):
			x.compass = strings.TrimSuffix(w, "ern")
		case c.words["other-office"].has(w):
			x.other = w
			if w == "ex" {
				x.other = "former"
			}
		case c.words["plain-modifier"].has(w) || c.d.Words[i].UPOS == "PUNCT" || c.d.Words[i].UPOS == "ADP":
		case c.isCapital(i) && c.d.Words[i].UPOS == "ADJ" && c.low[i] != "foreign":
			x.countries = append(x.countries, w)
		case c.isCapital(i) && c.isPlaceName(i):
			x.countries = append(x.countries, w)
		default:
			x.words = append(x.words, w)
		}
	}
}

// isPlaceName reports whether word i is part of a place's name.
func (c *coref) isPlaceName(i int) bool {
	for k := c.entityFrom(i); k < len(c.d.Ents) && c.d.Ents[k].First <= i; k++ {
		if c.d.Ents[k].End > i {
			return c.d.Ents[k].Kind == Place
		}
	}
	return false
}

// entityFrom is the index of the first entity that ends after word i.
func (c *coref) entityFrom(i int) int {
	lo, hi := 0, len(c.d.Ents)
	for lo < hi {
		if mid := (lo + hi) / 2; c.d.Ents[mid].End <= i {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// titlesBefore reads the role phrase that stands right before a name: where
// the mention begins, the roles it gives, the gender it tells.
func (c *coref) titlesBefore(s nameSpan, sent Sent) (first int, roles []role, gender byte) {
	first = s.first
	if first == sent.First {
		return first, nil, 0
	}
	if n, v := c.words["honorific"].at(c.low, first-1, first); n > 0 && c.isCapital(first-1) {
		if v != "" {
			gender = v[0]
		}
		first--
	}
	last := first - 1
	if last > sent.First+1 && c.isElect(last-2, sent) {
		last -= 2 // "President - elect"
	}
	start := c.phraseStart(last+1, sent.First)
	// "Kerry, Putin and Lavrov": only a phrase with a role in it belongs here.
	for k := last; k >= start; k-- {
		if !c.words["role"].has(c.singular(k)) || c.d.Words[k].UPOS == "VERB" && !(k == last && c.isCapital(k)) {
			continue
		}
		if k < last && !(c.low[k+1] == "of" || c.low[k+1] == "for") && !c.closeTo(k, first) {
			break
		}
		if gender == 0 {
			gender = c.roleGender(k)
		}
		return start, []role{c.roleAt(start, k, Sent{First: sent.First, End: first})}, gender
	}
	if k := c.roleWithOf(first, sent); k >= 0 {
		start = c.phraseStart(k, sent.First)
		return start, []role{c.roleAt(start, k, Sent{First: sent.First, End: first})}, c.roleGender(k)
	}
	return first, nil, gender
}

// closeTo reports whether only "-elect" and the like stand between role and name.
func (c *coref) closeTo(k, first int) bool {
	for i := k + 1; i < first; i++ {
		if c.low[i] != "-" && c.low[i] != "elect" && c.low[i] != "designate" && !c.words["role"].has(c.low[i]) {
			return false
		}
	}
	return true
}

// roleWithOf finds the head of "Secretary of State" or "Minister for Foreign
// Affairs" that ends just before word end, or -1.
func (c *coref) roleWithOf(end int, sent Sent) int {
	for k := end - 1; k > sent.First && k >= end-4; k-- {
		if !c.isCapital(k) && c.low[k] != "and" && c.low[k] != "of" && c.low[k] != "for" {
			return -1
		}
		if (c.low[k] == "of" || c.low[k] == "for") && c.words["role"].has(c.low[k-1]) {
			return k - 1
		}
	}
	return -1
}

// womanIn is the gender told by a word before a role: "first woman president".
func (c *coref) womanIn(first, end int) byte {
	for k := first; k < end; k++ {
		if c.low[k] == "woman" || c.low[k] == "female" {
			return 'f'
		}
	}
	return 0
}

func (c *coref) roleGender(k int) byte {
	if n, v := c.words["role"].at([]string{c.singular(k)}, 0, 1); n > 0 && v != "" {
		return v[0]
	}
	return 0
}

// rolesBeside reads an apposition or predicate after the name of person r
// ("Kirby, the spokesman, …", "Kirby is the spokesman"), or an apposition of
// which the name is the second part ("the spokesman, John Kirby"), and notes
// its head as said of r.
func (c *coref) rolesBeside(r int, s nameSpan, first int, sent Sent) {
	note := func(start, head int) {
		c.giveRole(c.refs[r], c.roleAt(start, head, sent))
		if c.refs[r].gender == 0 {
			c.refs[r].gender = c.roleGender(head)
		}
		c.saidOf[head] = r
	}
	if k := s.end; k < sent.End && (c.low[k] == "," || c.low[k] == "(" || c.isCopula(k)) {
		if head, start := c.phraseHead(k+1, sent); head >= 0 {
			note(start, head)
		}
	}
	if head, start := c.officeGiven(s, first, sent); head >= 0 {
		note(start, head)
	}
	if head := c.namesHimself(s, sent); head >= 0 {
		note(c.phraseStart(head, sent.First), head)
	}
	if start, head := c.appositionBefore(s, first, sent); head >= 0 {
		note(start, head)
	}
}

// appositionBefore finds the role phrase of which a name, whose titles begin at
// word first, is the second part ("the spokesman, John Kirby"); head is -1 where there is none.
func (c *coref) appositionBefore(s nameSpan, first int, sent Sent) (start, head int) {
	if k := c.phraseStart(first, sent.First); k < first && k > sent.First+1 && c.low[k-1] == "," && c.low[k] == "the" && s.end < sent.End && isPause(c.low[s.end]) {
		first = k // "his lawyer, the councillor Albert Fong,"
		if h := k - 2; c.words["role"].has(c.singular(h)) && !c.inName[h] {
			if start := c.phraseStart(h, sent.First); c.isDefinite(start, h) {
				return start, h
			}
		}
	}
	if first <= sent.First || c.low[first-1] != "," {
		return -1, -1
	}
	if k := first - 2; k >= sent.First && c.words["role"].has(c.singular(k)) && !c.inName[k] && s.end < sent.End && isPause(c.low[s.end]) {
		if start := c.phraseStart(k, sent.First); c.words["pointing"].has(c.low[start]) {
			return start, k // the pauses show it, whatever the tree says
		}
	}
	w := c.d.Words[c.d.headOf(s.first, s.end)]
	if relBase(w.Rel) == "nsubj" && s.end < sent.End && isPause(c.low[s.end]) {
		// "an officer who was there, Captain Thorup, said": two subjects of one verb
		if k := c.firstSubject(w.Head, sent.First, first); c.words["role"].has(c.singular(k)) && !c.inName[k] && !isPlural(c.d.Words[k]) {
			return c.phraseStart(k, sent.First), k
		}
	}
	if relBase(w.Rel) != "appos" {
		return -1, -1
	}
	// The parser may hang the name on a noun inside the phrase: "the mayor of
	// the capital, Sofia Baltas".
	for k, hop := w.Head, 0; k >= sent.First && k < first && hop < 4; k, hop = c.d.Words[k].Head, hop+1 {
		if c.words["role"].has(c.singular(k)) && !c.inName[k] {
			return c.phraseStart(k, sent.First), k
		}
		if relBase(c.d.Words[k].Rel) != "nmod" {
			break
		}
	}
	return -1, -1
}

// firstSubject is the first subject of verb v in words first … end-1, or the
// word before end.
func (c *coref) firstSubject(v, first, end int) int {
	for k := first; k < end-1; k++ {
		if c.d.Words[k].Head == v && relBase(c.d.Words[k].Rel) == "nsubj" {
			return k
		}
	}
	return end - 1
}

// officeGiven finds the role phrase after a name, whose titles begin at word
// first, that somebody gives to it: "named Diallo prime minister", "named Karin
// Sandberg as his successor".
func (c *coref) officeGiven(s nameSpan, first int, sent Sent) (head, start int) {
	appointed := c.isAppointed(first, sent)
	if k := c.skipInsertion(s.end, sent); k < sent.End && c.low[k] == "as" {
		if head, start = c.phraseHead(k+1, sent); head >= 0 && (appointed || c.words["relation"].has(c.roleHead(head))) {
			return head, start
		}
	}
	if appointed {
		return c.phraseHead(s.end, sent)
	}
	return -1, -1
}

// isAppointed reports whether the name at word first is the object of a verb
// of appointing just before it.
func (c *coref) isAppointed(first int, sent Sent) bool {
	for k := first - 1; k >= sent.First && k >= first-3; k-- {
		if c.d.Words[k].UPOS == "VERB" {
			return c.words["appoint"].has(strings.ToLower(c.d.Words[k].Lemma))
		}
	}
	return false
}

// noteSuccession notes who takes whose office by the verb at word i: "X
// replaces Y", "named X to succeed her".
func (c *coref) noteSuccession(i int, sent Sent) {
	if !c.words["succeed"].has(strings.ToLower(c.d.Words[i].Lemma)) || c.d.Words[i].UPOS != "VERB" {
		return
	}
	before, after := 0, 0
	for k := i + 1; k < sent.End && k < i+phraseWindow && before == 0; k++ {
		if relBase(c.d.Words[k].Rel) == "obj" && c.d.Words[k].Head == i {
			before = c.owner[k]
		}
	}
	if s := c.subjectOf(i); s >= 0 {
		after = c.owner[s]
	}
	for k := i - 1; k >= sent.First && k >= i-2*phraseWindow && after == 0; k-- {
		if r := c.owner[k]; r != 0 && c.inName[k] && c.refs[r-1].kind == Person {
			after = r
		}
	}
	if before == 0 || after == 0 || before == after || c.refs[before-1].kind != Person || c.refs[after-1].kind != Person {
		return
	}
	c.refs[after-1].addRole(role{head: "successor", holder: before})
}

func isPause(w string) bool { return w == "," || w == "." || w == ";" }

// skipInsertion gives the word after what stands between commas at word k:
// "named Karin Sandberg, until now ambassador, as his successor".
func (c *coref) skipInsertion(k int, sent Sent) int {
	if k >= sent.End || c.low[k] != "," {
		return k
	}
	for i := k + 1; i < sent.End && i < k+2*phraseWindow; i++ {
		if c.low[i] == "," {
			return i + 1
		}
	}
	return k
}

func (c *coref) isCopula(k int) bool {
	switch c.low[k] {
	case "is", "was", "became", "becomes", "remains":
		return true
	}
	return false
}

// countryAfter adds the country that follows a name to its role: "President
// Marta Lindqvist of Sweden".
func (c *coref) countryAfter(s nameSpan, sent Sent, roles []role) {
	if len(roles) == 0 || s.end+1 >= sent.End || c.low[s.end] != "of" || !c.isCapital(s.end+1) {
		return
	}
	end := s.end + 2
	for end < sent.End && end < s.end+4 && c.isCapital(end) {
		end++
	}
	c.modifiers(&roles[0], s.end+1, end)
}

// phraseHead finds the role noun that heads the noun phrase at word k.
func (c *coref) phraseHead(k int, sent Sent) (head, start int) {
	head, start = -1, k
	for i := k; i < sent.End && i < k+phraseWindow; i++ {
		w := c.d.Words[i]
		switch w.UPOS {
		case "DET", "ADJ", "NOUN", "PROPN", "PART", "NUM":
		case "PRON":
			if w.XPOS != "PRP$" {
				return head, start // "Sow, whom the colonel overthrew"
			}
		default:
			if w.Form != "-" {
				return head, start
			}
		}
		if c.inName[i] && !c.isPlaceName(i) {
			return -1, start
		}
		if c.words["role"].has(c.singular(i)) && !isPlural(w) {
			head = i
		}
	}
	return head, start
}

// foremost gives the two of found that are spoken of twice as often as any
// other, if there are such.
func (c *coref) foremost(found []int) (pair [2]int, ok bool) {
	slices.SortStableFunc(found, func(a, b int) int { return len(c.refs[b].mentions) - len(c.refs[a].mentions) })
	if len(c.refs[found[1]].mentions) < 2*len(c.refs[found[2]].mentions) {
		return pair, false
	}
	return [2]int{min(found[0], found[1]), max(found[0], found[1])}, true
}

func isPlural(w Word) bool { return w.XPOS == "NNS" || w.XPOS == "NNPS" }

// readRole reads a role phrase or the name of a body that stands alone ("the
// Russian government spokesman", "the ministry") with its head at word i.
func (c *coref) readRole(i int, s Sent) bool {
	w := c.d.Words[i]
	if w.UPOS != "NOUN" && w.UPOS != "PROPN" && !c.standsAsNoun(i, s) || isPlural(w) {
		return false
	}
	isRole, isBody := c.words["role"].has(c.singular(i)), c.words["body"].has(c.low[i]) || c.words["company"].has(c.low[i])
	if !isRole && !isBody || c.modifiesNext(i, s) {
		return false
	}
	first := c.phraseStart(i, s.First)
	x := c.roleAt(first, i, s)
	kind := Person
	if isBody && !isRole {
		kind = Organisation
	}
	m := Mention{First: first, End: i + 1, Head: i, Kind: MentionTitle}
	if r, said := c.saidOf[i]; said && kind == Person {
		c.mention(r, m)
		return true
	}
	definite := c.isDefinite(first, i)
	r := c.refOfRole(x, kind, i)
	if r < 0 && x.other == "former" {
		r = c.departed(x, i)
	}
	if definite && r >= 0 {
		c.mention(r, m)
		c.refs[r].addRole(x)
		return true
	}
	if r := c.converse(x, c.roleGender(i)); r >= 0 {
		c.mention(r, m)
		return true
	}
	if r := c.companyBefore(i); definite && kind == Organisation && r >= 0 {
		c.mention(r, m)
		return true
	}
	if r := c.epithet(first, i, x); definite && kind == Person && r >= 0 {
		c.mention(r, m)
		c.refs[r].addRole(x)
		return true
	}
	r = c.add(kind)
	c.refs[r].roles = []role{x}
	if c.refs[r].gender = c.roleGender(i); c.refs[r].gender == 0 {
		c.refs[r].gender = c.womanIn(first, i)
	}
	c.mention(r, m)
	return true
}

// standsAsNoun reports whether an adjective is a noun by its place: "the
// general promised".
func (c *coref) standsAsNoun(i int, s Sent) bool {
	if c.d.Words[i].UPOS != "ADJ" || i == s.First || c.d.Words[i-1].UPOS != "DET" || i+1 >= s.End {
		return false
	}
	switch c.d.Words[i+1].UPOS {
	case "NOUN", "PROPN", "ADJ", "CCONJ":
		return false
	}
	return true
}

// modifiesNext reports whether word i only modifies what follows ("government
// spokesman", "spokesman John Kirby").
func (c *coref) modifiesNext(i int, s Sent) bool {
	if i+1 >= s.End {
		return false
	}
	if c.isElect(i, s) {
		return false
	}
	next := c.d.Words[i+1]
	switch c.d.Words[i].Rel {
	case "compound", "flat", "amod":
		if c.d.Words[i].Head > i {
			return true
		}
	}
	return c.inName[i+1] && c.isProper(i+1) && !c.isPlaceName(i+1) || next.UPOS == "NOUN" || next.Form == "-"
}

// isDefinite reports whether the phrase points at somebody known: with "the",
// "this", a possessive, a country; not with "a".
func (c *coref) isDefinite(first, head int) bool {
	switch c.low[first] {
	case "the", "this", "that", "his", "her", "its", "their":
		return true
	case "a", "an", "another", "any", "some", "every", "each", "no":
		return false
	}
	for k := first; k < head; k++ {
		if c.low[k] == "'s" || c.low[k] == "'" {
			return true
		}
	}
	return first < head && c.isCapital(head) || first == head && c.isCapital(head) && c.d.Words[head].Rel != "compound"
}

// refOfRole finds the referent mentioned last to whom a role phrase fits best.
func (c *coref) refOfRole(x role, kind EntKind, i int) int {
	if r := c.inOffice(x); r >= 0 && kind == Person {
		return r
	}
	best, bestScore := -1, 0
	for at, r := range c.recent {
		ref := c.refs[r]
		if ref.kind != kind || ref.group != nil {
			continue
		}
		if _, before := ref.lastBefore(i); !before {
			continue
		}
		score := c.fitOf(ref, x)
		if score == 0 || x.holder == r+1 || c.speaksOf(r, i) {
			continue
		}
		if score = score*20 - at; score > bestScore {
			best, bestScore = r, score
		}
	}
	return best
}

// speaksOf reports whether r is the subject of a verb above the clause of word
// i: nobody calls himself by his office in "he said that the minister knew".
func (c *coref) speaksOf(r, i int) bool {
	clause := false
	for hop := 0; hop < clauseHops && i >= 0; hop++ {
		w := c.d.Words[i]
		if clause {
			if s := c.subjectOf(i); s >= 0 && c.owner[s] == r+1 {
				return true
			}
		}
		clause = relBase(w.Rel) == "ccomp"
		i = w.Head
	}
	return false
}

// inOffice finds whom "the new ambassador" or "the former ambassador" means
// where the text told who succeeded whom in that office, or -1.
func (c *coref) inOffice(x role) int {
	gone := x.other == "former" || x.other == "outgoing"
	if !gone && !x.fresh {
		return -1
	}
	bare := x
	bare.other = ""
	for _, r := range c.recent {
		for _, y := range c.refs[r].roles {
			if y.holder == 0 || y.head != "successor" && y.head != "predecessor" {
				continue
			}
			after, before := r, y.holder-1
			if y.head == "predecessor" {
				after, before = before, after
			}
			switch {
			case c.fitOf(c.refs[before], bare) == 0 && c.fitOf(c.refs[after], bare) == 0 && !c.willBe(c.refs[after], bare):
			case gone:
				return before
			default:
				return after
			}
		}
	}
	return -1
}

// willBe reports somebody who was called by an office that is still to be his:
// "Defence Minister-designate".
func (c *coref) willBe(ref *referent, x role) bool {
	for _, y := range ref.roles {
		if y.other == "elect" || y.other == "designate" {
			y.other = ""
			if c.roleFit(y, x) > 0 {
				return true
			}
		}
	}
	return false
}

// fitOf says how well a role phrase fits a referent: 0 for not at all.
func (c *coref) fitOf(ref *referent, x role) int {
	best := 0
	if ref.kind == Organisation && len(ref.name) > 0 && ref.name[len(ref.name)-1] == x.head {
		best = c.roleFit(c.roleOfName(ref.name), x)
	}
	for _, y := range ref.roles {
		best = max(best, c.roleFit(y, x))
	}
	return best
}

// roleOfName reads a body's name as a role phrase.
func (c *coref) roleOfName(name []string) role {
	y := role{head: name[len(name)-1]}
	for _, w := range name[:len(name)-1] {
		if n, v := c.words["country"].at([]string{w}, 0, 1); n > 0 {
			y.countries = append(y.countries, v)
		} else if !c.words["plain-modifier"].has(w) {
			y.words = append(y.words, w)
		}
	}
	return y
}

// roleFit compares a role given before (y) with a phrase (x): the heads must
// agree, nothing may clash, and what both say counts for it.
func (c *coref) roleFit(y, x role) int {
	score := 0
	switch {
	case y.head == x.head:
		score = 3
	case c.covers(x.head, y.head):
		score = 2
	default:
		return 0
	}
	if x.holder != 0 && y.holder != 0 {
		if x.holder != y.holder {
			return 0
		}
		score++
	}
	if x.other != y.other && !(x.other == "" && (c.words["wide"].has(x.head) || y.other == "opposition")) || x.compass != "" && y.compass != "" && x.compass != y.compass {
		return 0
	}
	if len(x.countries) > 0 && len(y.countries) > 0 {
		if !shareCountry(x.countries, y.countries) {
			return 0
		}
		score++
	}
	if len(x.words) > 0 && len(y.words) > 0 {
		if !shareWord(x.words, y.words) {
			return 0
		}
		score++
	}
	return score
}

func (c *coref) covers(wide, narrow string) bool {
	n, v := c.words["covers"].at([]string{wide}, 0, 1)
	if n == 0 {
		return false
	}
	for _, w := range strings.Fields(v) {
		if w == narrow {
			return true
		}
	}
	return false
}

// shareCountry compares countries by their list name or first four letters.
func shareCountry(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y || len(x) >= 4 && len(y) >= 4 && x[:4] == y[:4] {
				return true
			}
		}
	}
	return false
}

func shareWord(a, b []string) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}

// readGroup reads "the two sides", "both ministers": the last two persons,
// countries or bodies before it, where exactly two are in question.
func (c *coref) readGroup(i int, s Sent) bool {
	n, kinds := c.words["group"].at(c.low, i, s.End)
	if n == 0 {
		return false
	}
	m := Mention{First: i, End: i + n, Head: c.d.headOf(i, i+n), Kind: MentionGroup}
	suits := c.groupTest(i+n-1, kinds)
	for _, r := range c.recent[:min(len(c.recent), groupReach)] {
		if ref := c.refs[r]; ref.group != nil && suits(ref.group[0]) && suits(ref.group[1]) {
			c.mention(r, m)
			return true
		}
	}
	if pair, ok := c.pairBefore(i, suits); ok {
		r := c.add("")
		c.refs[r].group = pair[:]
		c.mention(r, m)
	}
	return true
}

// pairReach is how many sentences back the two of a group may lie.
const pairReach = 6

// groupReach is how many referents back a group may reach.
const groupReach = 12

// groupTest gives the test of who can belong to the group that the noun at word
// head names: ministers were called ministers, men are men. Where fewer than
// two were called so, the kind alone counts.
func (c *coref) groupTest(head int, kinds string) func(r int) bool {
	noun := c.singular(head)
	if !c.words["role"].has(noun) {
		if len(kinds) > 1 { // "both sides": two countries before two persons
			if kinds = "c"; c.countKind(kinds) < 2 {
				kinds = "p"
			}
		}
		return func(r int) bool { return c.ofKind(r, kinds) }
	}
	gender := c.roleGender(head)
	called := func(r int) bool {
		return c.ofKind(r, kinds) && c.refs[r].fits(gender) && (noun == "man" || noun == "woman" || c.fitOf(c.refs[r], role{head: noun}) > 0)
	}
	n := 0
	for _, r := range c.recent[:min(len(c.recent), groupReach)] {
		if called(r) {
			n++
		}
	}
	if n < 2 {
		return func(r int) bool { return c.ofKind(r, kinds) && c.refs[r].fits(gender) }
	}
	return called
}

// countKind counts the referents spoken of lately that are of a kind.
func (c *coref) countKind(kinds string) int {
	n := 0
	for _, r := range c.recent[:min(len(c.recent), groupReach)] {
		if c.ofKind(r, kinds) {
			n++
		}
	}
	return n
}

// ofKind reports whether a referent is of a kind that a group is made of.
func (c *coref) ofKind(r int, kinds string) bool {
	switch c.refs[r].kind {
	case Person:
		return strings.Contains(kinds, "p")
	case Place:
		return strings.Contains(kinds, "c") && c.isState(r)
	case Organisation:
		return strings.Contains(kinds, "c") && len(c.refs[r].name) == 1 && len(c.refs[r].mentions) > 1
	}
	return false
}

// isState reports whether a place is a country by its name, or is spoken of
// more than once.
func (c *coref) isState(r int) bool {
	name := c.refs[r].name
	n, _ := c.words["country"].at(name, 0, len(name))
	if n < len(name) {
		n, _ = stateNames().at(name, 0, len(name))
	}
	return n == len(name) || len(c.refs[r].mentions) > 1
}

// pairBefore finds the two that a group means: the only two of its kind in the
// sentence, the sentence before it, or the paragraph so far; two joined in one
// clause before others. More or fewer are no pair.
func (c *coref) pairBefore(i int, suits func(r int) bool) (pair [2]int, ok bool) {
	si := c.d.Words[i].Sent
	for back := 0; back <= pairReach; back++ {
		if si-back < 0 {
			break
		}
		from := c.d.Sents[si-back].First
		var found []int
		for _, r := range c.recent[:min(len(c.recent), groupReach)] {
			if !suits(r) {
				continue
			}
			if m, before := c.refs[r].lastBefore(i); before && m.Head >= from {
				found = append(found, r)
			}
		}
		switch {
		case len(found) == 2:
			if found[0] > found[1] {
				found[0], found[1] = found[1], found[0]
			}
			return [2]int{found[0], found[1]}, true
		case len(found) > 2:
			return c.foremost(found)
		}
	}
	return pair, false
}
