package nlp

import "strings"

// quotation is a run of quoted words and the word that heads its speaker: the
// subject of a verb of saying beside it; -1 where there is none.
type quotation struct {
	first, end int
	speaker    int
}

// findQuotes marks quoted words, paragraph by paragraph: a quotation that is
// not closed ends with its paragraph.
func (c *coref) findQuotes() {
	c.quoted = make([]int, len(c.d.Words))
	open, mark := -1, byte(0)
	block := -1
	shut := func(end int) {
		if open >= 0 && end > open {
			c.quotes = append(c.quotes, quotation{open, end, -1})
			for i := open; i < end; i++ {
				c.quoted[i] = len(c.quotes)
			}
		}
		open = -1
	}
	for _, s := range c.d.Sents {
		if s.Block != block {
			shut(s.First)
			block = s.Block
		}
		for i := s.First; i < s.End; i++ {
			kind, opens, closes := c.quoteMark(i)
			switch {
			case open < 0 && opens:
				open, mark = i, kind
			case open >= 0 && closes && kind == mark:
				shut(i + 1)
			}
		}
	}
	shut(len(c.d.Words))
	for i := range c.d.Words {
		c.findSpeaker(i)
	}
	for q := 1; q < len(c.quotes); q++ {
		// A quotation that goes on without a verb of saying has its speaker
		// from the one before it in the paragraph.
		if c.quotes[q].speaker < 0 && c.block(c.quotes[q].first) == c.block(c.quotes[q-1].first) {
			c.quotes[q].speaker = c.quotes[q-1].speaker
		}
	}
}

func (c *coref) block(i int) int { return c.d.Sents[c.d.Words[i].Sent].Block }

// quoteMark reads word i as a quotation mark: single or double, and whether it
// can open and close. A straight single mark closes only after a word's end.
func (c *coref) quoteMark(i int) (kind byte, opens, closes bool) {
	w := c.d.Words[i]
	spaceBefore := i == 0 || c.d.Words[i-1].SpaceAfter || c.d.Words[i-1].Sent != w.Sent
	switch w.Form {
	case "\"":
		return '"', true, true
	case "“", "``", "«":
		return '"', true, false
	case "”", "''", "»":
		return '"', false, true
	case "‘":
		return '\'', true, false
	case "'", "’":
		return '\'', w.Form == "'" && spaceBefore && !w.SpaceAfter, !spaceBefore && w.XPOS != "POS"
	}
	return 0, false, false
}

// findSpeaker notes, for a verb of saying outside quotations, its subject as
// speaker of the quotations of its sentence.
func (c *coref) findSpeaker(subject int) {
	w := c.d.Words[subject]
	if relBase(w.Rel) != "nsubj" || w.Head < 0 || c.quoted[subject] != 0 || c.quoted[w.Head] != 0 || !c.words["say"].has(strings.ToLower(c.d.Words[w.Head].Lemma)) {
		return
	}
	s := c.d.Sents[w.Sent]
	for i := max(s.First, subject-maxSentence); i < min(s.End, subject+maxSentence); i++ {
		if q := c.quoted[i]; q != 0 && c.quotes[q-1].speaker < 0 {
			c.quotes[q-1].speaker = subject
		}
	}
}

// pronounReach is how many sentences back a pronoun may reach; pronounLookBack
// how many referents are weighed.
const (
	pronounReach    = 4
	pronounLookBack = 24
)

// Points for a referent and against it; how they were measured is told in
// docs/decisions/0152-pronouns.md.
const (
	pronounBase       = 20
	perSentence       = 6  // against, for each sentence that lies between
	forSubject        = 4  // last mentioned as a subject
	forGender         = 4  // gender known and the same, not only possible
	forPronoun        = 4  // last mentioned by a pronoun too
	forOften          = 3  // mentioned more than twice
	againstEmbedded   = 1  // last mentioned inside another phrase
	againstTitle      = 2  // last mentioned by a role
	againstNameless   = 4  // never named
	forSpeaker        = 4  // for who "she said", who spoke last before
	forUnnamedSpeaker = 9  // so, where he has no name and was spoken of again since ("a diplomat said he had heard nothing")
	forParallel       = 5  // for the first pronoun of a sentence, the subject of the one before in its paragraph
	forOuter          = 6  // subject of the verb above the pronoun's, of a known gender
	forReflexive      = 60 // for a reflexive, the subject of its verb
	acrossBlocks      = 1  // against, where a paragraph ends between
	acrossQuotes      = 1  // against, where one stands in a quotation and one outside
)

// readPronoun gives a third-person pronoun to the referent that suits it best.
func (c *coref) readPronoun(i int, s Sent) {
	n, value := c.words["pronoun"].at(c.low, i, i+1)
	if n == 0 || c.d.Words[i].UPOS != "PRON" && c.d.Words[i].UPOS != "DET" || relBase(c.d.Words[i].Rel) == "expl" {
		return
	}
	gender, use := value[0], strings.TrimSpace(value[1:])
	if gender == 'n' && use == "" && c.isEmpty(i, s) {
		return
	}
	best, bestScore := -1, 0
	for _, r := range c.recent[:min(len(c.recent), pronounLookBack)] {
		score, ok := c.pronounScore(i, r, gender, use)
		if !ok {
			continue
		}
		if best < 0 || score > bestScore {
			best, bestScore = r, score
		}
	}
	if best < 0 || bestScore <= 0 {
		return
	}
	ref := c.refs[best]
	if ref.kind == Person && ref.gender == 0 && (gender == 'm' || gender == 'f') {
		ref.gender = gender
	}
	c.mention(best, Mention{First: i, End: i + 1, Head: i, Kind: MentionPronoun})
}

// isEmpty reports whether "it" points at nothing or at a whole story: it is
// clear that, it comes after.
func (c *coref) isEmpty(i int, s Sent) bool {
	head := c.d.Words[i].Head
	if head < 0 || c.words["story-verb"].has(strings.ToLower(c.d.Words[head].Lemma)) {
		return true
	}
	for k := head + 1; k < s.End && k < head+verbWindow; k++ {
		if rel := c.d.Words[k].Rel; c.d.Words[k].Head == head && (rel == "csubj" || rel == "ccomp" || rel == "xcomp") && c.d.Words[head].UPOS != "VERB" {
			return true
		}
	}
	return false
}

// pronounScore weighs referent r for the pronoun at word i; false where it
// cannot be meant.
func (c *coref) pronounScore(i, r int, gender byte, use string) (int, bool) {
	ref := c.refs[r]
	switch gender {
	case 'm', 'f':
		if ref.kind != Person || !ref.fits(gender) {
			return 0, false
		}
	case 'n':
		if ref.kind != Organisation && ref.kind != Place {
			return 0, false
		}
	case 'p':
		if ref.group == nil {
			return 0, false
		}
	}
	m, ok := ref.lastBefore(i)
	if !ok {
		return 0, false
	}
	word, ante := c.d.Words[i], c.d.Words[c.anchor(m)]
	dist := word.Sent - ante.Sent
	if dist > pronounReach || m.First <= i && i < m.End || c.isSpeaker(i, r) {
		return 0, false
	}
	if use == "poss" && (word.Head == m.Head || word.Head >= m.First && word.Head < m.End) {
		return 0, false
	}
	if use != "poss" && (coArguments(word, ante) || c.impliedSubject(word) == c.anchor(m)) {
		return forReflexive, use == "self"
	}
	score := pronounWeight(ref, ante, m, dist, gender)
	if (c.quoted[i] != 0) != (c.quoted[m.Head] != 0) && dist > 0 {
		score -= acrossQuotes
	}
	if dist == 0 && (gender == 'n' || ref.gender == gender) && c.outerSubject(word) == c.anchor(m) {
		score += forOuter
	}
	if c.block(i) != c.block(m.Head) {
		score -= acrossBlocks
	}
	if gender != 'n' && dist == 1 && relBase(word.Rel) == "nsubj" && relBase(ante.Rel) == "nsubj" && c.block(i) == c.block(m.Head) && c.isMainVerb(ante.Head) && c.opens(i) {
		score += forParallel
	}
	if gender != 'n' && dist == 1 && c.isSaying(word) && c.isSaying(ante) && c.d.Words[ante.Head].Rel != "ccomp" {
		score += forSpeaker
	} else if gender != 'n' && dist == 1 && c.isSaying(word) && ref.name == nil && c.spokeIn(ref, word.Sent-1) {
		score += forUnnamedSpeaker
	}
	if gender == 'n' && (dist > 1 || dist == 1 && relBase(ante.Rel) != "nsubj") {
		return 0, false
	}
	return score, true
}

// anchor is the word by which a mention hangs in its clause: a title may head
// the name ("his father Daniel said").
func (c *coref) anchor(m Mention) int {
	i := c.d.headOf(m.First, m.End)
	w := c.d.Words[i]
	if relBase(w.Rel) != "appos" || w.Head < 0 {
		return i
	}
	if c.owner[w.Head] == c.owner[m.Head] {
		return w.Head
	}
	if of := c.d.Words[w.Head]; relBase(of.Rel) == "nmod" && of.Head >= 0 && c.low[of.Head] == "one" {
		return of.Head // "one of the councillors, Pilar Otero,"
	}
	return i
}

// isMainVerb reports the verb of a main clause.
func (c *coref) isMainVerb(v int) bool {
	if v < 0 {
		return false
	}
	rel := c.d.Words[v].Rel
	return rel == "root" || rel == "conj" || rel == "parataxis"
}

// opens reports a pronoun before which its sentence speaks of nobody.
func (c *coref) opens(i int) bool {
	for k := i - 1; k >= c.d.Sents[c.d.Words[i].Sent].First; k-- {
		if r := c.owner[k]; r != 0 && c.refs[r-1].kind == Person {
			return false
		}
	}
	return true
}

// isSaying reports the subject of a verb of saying.
func (c *coref) isSaying(w Word) bool { return relBase(w.Rel) == "nsubj" && c.says(w.Head) }

// spokeIn reports who is the subject of a verb of saying of the main clause of
// sentence si.
func (c *coref) spokeIn(ref *referent, si int) bool {
	for k := len(ref.mentions) - 1; k >= 0 && k >= len(ref.mentions)-8; k-- {
		w := c.d.Words[ref.mentions[k].Head]
		if w.Sent == si && c.isSaying(w) && c.isMainVerb(w.Head) {
			return true
		}
	}
	return false
}

// impliedSubject is the subject that the verb of an object takes from the verb
// above it ("he gave her the post, but recalled her"), or -1.
func (c *coref) impliedSubject(object Word) int {
	v := object.Head
	if object.Rel == "nmod" && v >= 0 { // "he expects little of him"
		object = c.d.Words[v]
		v = object.Head
	}
	if rel := relBase(object.Rel); rel != "obj" && rel != "iobj" && rel != "obl" || v < 0 {
		return -1
	}
	for hop := 0; hop < 3; hop++ {
		w := c.d.Words[v]
		if s := c.subjectOf(v); s >= 0 {
			if w.Rel == "acl:relcl" && c.low[s] == "who" {
				return w.Head // "the premier, who dismissed her"
			}
			return s
		}
		if rel := relBase(w.Rel); rel != "conj" && rel != "xcomp" && rel != "advcl" || w.Head < 0 {
			return -1
		}
		v = w.Head
	}
	return -1
}

// outerSubject is the subject of the verb above the verb of a subject: of
// "said" in "she said that he knew", or -1.
func (c *coref) outerSubject(subject Word) int {
	if relBase(subject.Rel) != "nsubj" || subject.Head < 0 {
		return -1
	}
	w := c.d.Words[subject.Head]
	if rel := relBase(w.Rel); rel != "ccomp" && rel != "advcl" || w.Head < 0 {
		return -1
	}
	return c.subjectOf(w.Head)
}

// subjectOf is the subject of verb v among the words before it, or -1.
func (c *coref) subjectOf(v int) int {
	first := c.d.Sents[c.d.Words[v].Sent].First
	for k := v - 1; k >= first && k >= v-2*verbWindow; k-- {
		if c.d.Words[k].Head == v && relBase(c.d.Words[k].Rel) == "nsubj" {
			return k
		}
	}
	return -1
}

// pronounWeight adds up what speaks for referent ref, last mentioned by m,
// headed by ante, dist sentences back.
func pronounWeight(ref *referent, ante Word, m Mention, dist int, gender byte) int {
	score := pronounBase - perSentence*dist
	switch relBase(ante.Rel) {
	case "nsubj":
		score += forSubject
	case "nmod", "compound":
		score -= againstEmbedded
	}
	if ref.gender == gender {
		score += forGender
	}
	switch m.Kind {
	case MentionPronoun:
		score += forPronoun
	case MentionTitle:
		score -= againstTitle
	}
	if len(ref.mentions) > 2 {
		score += forOften
	}
	if ref.name == nil && ref.group == nil {
		score -= againstNameless
	}
	return score
}

// isSpeaker reports whether r speaks the quotation that word i stands in:
// nobody is he or she in what he or she says.
func (c *coref) isSpeaker(i, r int) bool {
	q := c.quoted[i]
	return q != 0 && c.quotes[q-1].speaker >= 0 && c.owner[c.quotes[q-1].speaker] == r+1
}

// coArguments reports whether two words are arguments of one verb.
func coArguments(a, b Word) bool {
	return a.Head >= 0 && a.Head == b.Head && isArgument(a.Rel) && isArgument(b.Rel)
}

func isArgument(rel string) bool {
	switch relBase(rel) {
	case "nsubj", "obj", "iobj", "obl":
		return true
	}
	return false
}
