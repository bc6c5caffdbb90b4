package nlp

import "strings"

// What news tells in an order of its own: the office first and the name a
// sentence later, people by their nation, companies by their trade.

// leadReach is how many sentences after "the negotiator said" the name may
// follow that tells who it is.
const leadReach = 3

// introduced finds the person without a name of whom the text spoke a moment
// ago and whom a new name names: "Cuba's chief negotiator said so on Monday.
// Rosario Valdes told reporters …". The name is the subject of its clause, with
// no office that says otherwise; or its title is the phrase before ("the
// general", then "General Keita").
func (c *coref) introduced(s nameSpan, first int, sent Sent, roles []role, gender byte) int {
	name := c.d.Words[c.d.headOf(first, s.end)]
	subject := relBase(name.Rel) == "nsubj"
	if len(roles) == 0 && (!subject || s.end-s.first < 2) || c.besideOffice(s, first, sent) || c.afterPhrase(first, sent) {
		return -1
	}
	saying := subject && c.says(name.Head)
	best, bestScore := -1, 0
	for _, r := range c.recent[:min(len(c.recent), groupReach)] {
		ref := c.refs[r]
		if ref.kind != Person || ref.group != nil || ref.name != nil || !ref.fits(gender) || len(ref.roles) == 0 {
			continue
		}
		m := ref.mentions[0]
		if x := ref.roles[0].head; (x == "man" || x == "woman") && !c.isSaying(c.d.Words[m.Head]) {
			continue // "the old man had been received" presents nobody
		}
		dist := c.d.Words[s.first].Sent - c.d.Words[m.First].Sent
		if dist < 1 || dist > leadReach || !c.pointsAhead(m, ref, saying && len(roles) == 0 && dist == 1) {
			continue
		}
		score := 2 * (1 + leadReach - dist)
		if len(roles) > 0 {
			switch same := c.fitOf(ref, roles[0]) > 0; {
			case same:
				score += 4 * leadReach
			case !subject || !c.mayRank(roles[0].head, ref):
				continue
			}
		}
		if w := c.d.Words[m.Head]; saying && relBase(w.Rel) == "nsubj" && c.says(w.Head) {
			score++
		}
		if score > bestScore {
			best, bestScore = r, score
		}
	}
	return best
}

// mayRank reports whether a title before a name is a rank that the office which
// ref was called by can go with: a prince may be a minister, a captain only
// speak for one.
func (c *coref) mayRank(title string, ref *referent) bool {
	n, v := c.words["rank"].at([]string{title}, 0, 1)
	if n == 0 || v == "" {
		return n > 0
	}
	for _, x := range ref.roles {
		if c.words["civil"].has(x.head) {
			return false
		}
	}
	return true
}

func (c *coref) says(verb int) bool {
	return verb >= 0 && c.words["say"].has(strings.ToLower(c.d.Words[verb].Lemma))
}

// pointsAhead reports whether a first mention presents somebody whom the text
// is about to name: subject or object of its clause, by an office and definite,
// and no relative of somebody. Who only speaks in the first sentence may be
// indefinite, where the next names a speaker.
func (c *coref) pointsAhead(m Mention, ref *referent, next bool) bool {
	for _, x := range ref.roles {
		if x.holder != 0 && x.head != "successor" && x.head != "predecessor" {
			return false
		}
	}
	w := c.d.Words[m.Head]
	if rel := relBase(w.Rel); m.Kind != MentionTitle || rel != "nsubj" && rel != "obj" {
		return false
	}
	return c.isDefinite(m.First, m.Head) || next && c.says(w.Head) && c.isLead(w.Sent)
}

// afterPhrase reports a name that a comma parts from the noun phrase with which
// its sentence begins, whatever the tree says: "The father of one of the crew,
// Dale Hutchins of Ohio, said". It tells who that is.
func (c *coref) afterPhrase(first int, sent Sent) bool {
	if first-2 <= sent.First || c.low[first-1] != "," {
		return false
	}
	if w := c.d.Words[sent.First]; w.UPOS != "DET" && w.XPOS != "PRP$" {
		return false
	}
	for k := sent.First + 1; k < first-1; k++ {
		switch c.d.Words[k].UPOS {
		case "PUNCT", "VERB", "AUX":
			return false
		}
	}
	return true
}

// isLead reports the first sentence of the text behind its dateline.
func (c *coref) isLead(si int) bool {
	return si == 0 || si == 1 && c.d.Sents[0].Dateline
}

// besideOffice reports whether an apposition beside a name gives it an office,
// more than an occupation: it is somebody new.
func (c *coref) besideOffice(s nameSpan, first int, sent Sent) bool {
	if s.end >= sent.End || c.low[s.end] != "," && c.low[s.end] != "(" {
		_, head := c.appositionBefore(s, first, sent)
		return head >= 0
	}
	head, start := c.phraseHead(s.end+1, sent)
	return head >= 0 && (c.isDefinite(start, head) || !c.words["epithet"].has(c.singular(head)))
}

// readNational reads somebody called by the nation ("the American", "the
// Finn") with the head at word i: the person spoken of last whose role has it.
func (c *coref) readNational(i int, s Sent) bool {
	if i == s.First || !c.isCapital(i) || i+1 < s.End && (c.d.Words[i+1].UPOS == "NOUN" || c.d.Words[i+1].UPOS == "PROPN" || c.d.Words[i+1].Form == "-") {
		return false
	}
	country, ok := c.nation(i)
	if !ok {
		return false
	}
	first, compass := i, ""
	if c.words["compass"].has(c.low[i-1]) {
		first--
		compass = strings.TrimSuffix(c.low[first], "ern")
	}
	if first == s.First || c.low[first-1] != "the" {
		return false
	}
	first--
	stateless, n := -1, 0 // persons of whom no country is told
	for _, r := range c.recent[:min(len(c.recent), pronounLookBack)] {
		ref := c.refs[r]
		if ref.kind != Person || ref.group != nil {
			continue
		}
		m, before := ref.lastBefore(i)
		if !before || c.d.Words[i].Sent-c.d.Words[m.First].Sent > pronounReach+1 || c.speaksOf(r, i) {
			continue
		}
		known := false
		for _, x := range ref.roles {
			if shareCountry(x.countries, []string{country}) && x.compass == compass {
				c.mention(r, Mention{First: first, End: i + 1, Head: i, Kind: MentionTitle})
				return true
			}
			known = known || len(x.countries) > 0
		}
		if !known && ref.name != nil {
			stateless = r
			n++
		}
	}
	if n == 1 && c.isSaying(c.d.Words[i]) {
		c.mention(stateless, Mention{First: first, End: i + 1, Head: i, Kind: MentionTitle})
		return true
	}
	return false
}

// nation is the country of a word for one of its people: "Finn", "American".
// Words that may as well stand for the people as a whole ("the Dutch", "the
// Chinese") are left to those who know governments.
func (c *coref) nation(i int) (string, bool) {
	if n, v := c.words["national"].at(c.low, i, i+1); n > 0 {
		return v, true
	}
	w := c.low[i]
	if !strings.HasSuffix(w, "an") && !strings.HasSuffix(w, "i") || c.d.Words[i].XPOS == "NNPS" || c.d.Words[i].XPOS == "NNS" {
		return "", false
	}
	if n, v := c.words["country"].at(c.low, i, i+1); n > 0 {
		return v, true
	}
	return w, true
}

// tradeBefore gives a company the trade that stands before its name: "the
// carmaker Valdora", "energy group Nordgaz".
func (c *coref) tradeBefore(s nameSpan, sent Sent) (first int, roles []role) {
	k := s.first - 1
	if k < sent.First || !c.words["company"].has(c.low[k]) || c.inName[k] && c.d.Words[k].UPOS == "PROPN" && k > sent.First {
		return s.first, nil
	}
	return c.phraseStart(k, sent.First), []role{{head: "company"}, {head: c.low[k]}}
}

// companyBefore finds the company that "the company" or "the airline" means
// where no trade was told: the body that was last the subject of a sentence
// just before.
func (c *coref) companyBefore(i int) int {
	if !c.words["company"].has(c.low[i]) {
		return -1
	}
	for _, r := range c.recent[:min(len(c.recent), groupReach)] {
		ref := c.refs[r]
		if ref.kind != Organisation || ref.name == nil || c.words["body"].has(ref.name[len(ref.name)-1]) {
			continue
		}
		m, before := ref.lastBefore(i)
		if dist := c.d.Words[i].Sent - c.d.Words[m.First].Sent; !before || dist > 2 || relBase(c.d.Words[m.Head].Rel) != "nsubj" {
			continue
		}
		return r
	}
	return -1
}

// noteDeparture notes who leaves an office by the verb at word i: the subject of
// "resigned", of "left office", of "was dismissed".
func (c *coref) noteDeparture(i int) {
	n, v := c.words["depart"].at([]string{strings.ToLower(c.d.Words[i].Lemma)}, 0, 1)
	s := c.subjectOf(i)
	if n == 0 || c.d.Words[i].UPOS != "VERB" || s < 0 || c.owner[s] == 0 || (v == "passive") != strings.HasSuffix(c.d.Words[s].Rel, ":pass") {
		return
	}
	c.refs[c.owner[s]-1].gone = true
}

// departed finds whom "the former minister" means at word i: somebody who was
// the minister until the text told of his leaving, or -1.
func (c *coref) departed(x role, i int) int {
	x.other = ""
	for _, r := range c.recent {
		ref := c.refs[r]
		if _, before := ref.lastBefore(i); before && ref.gone && ref.kind == Person && c.fitOf(ref, x) > 0 {
			return r
		}
	}
	return -1
}

// epithet finds whom "the 52-year-old economist" means where nobody was called
// so: who was the subject of the sentence before. It takes an age, or an
// occupation that nobody is introduced by with "the", or, of who "added"
// something, whatever office clashes with none that was told.
func (c *coref) epithet(first, i int, x role) int {
	verb := c.d.Words[i].Head
	aged, goesOn := false, verb >= 0 && c.words["go-on"].has(strings.ToLower(c.d.Words[verb].Lemma))
	for k := first; k+2 < i; k++ {
		aged = aged || c.low[k] == "year" || strings.HasSuffix(c.low[k], "-year-old")
	}
	past := c.pastOf(first, i, x)
	if !aged && !goesOn && !past && !c.words["epithet"].has(c.singular(i)) || x.other != "" && !past || relBase(c.d.Words[i].Rel) != "nsubj" {
		return -1
	}
	for _, r := range c.recent[:min(len(c.recent), groupReach)] {
		ref := c.refs[r]
		m, before := ref.lastBefore(i)
		if !before || ref.kind != Person || ref.group != nil || ref.name == nil || !ref.fits(c.roleGender(i)) {
			continue
		}
		if goesOn && !aged && c.clashes(ref, x) {
			continue
		}
		if dist := c.d.Words[i].Sent - c.d.Words[m.First].Sent; dist == 1 && relBase(c.d.Words[c.anchor(m)].Rel) == "nsubj" {
			return r
		}
	}
	return -1
}

// pastOf reports a description by what somebody was or has long been, without a
// country and no office that others had too: "the retired general", "the former
// policeman".
func (c *coref) pastOf(first, i int, x role) bool {
	if len(x.countries) > 0 || x.holder != 0 {
		return false
	}
	for k := first; k < i; k++ {
		switch c.low[k] {
		case "retired", "veteran":
			return true
		case "former", "one-time", "onetime":
			return !c.words["civil"].has(x.head) && !c.words["relation"].has(x.head)
		}
	}
	return false
}

// noteNouns notes the common nouns that the tree hangs on the name of person r,
// where they are no roles that the lists have: "the colonel's interpreter,
// Mirsada Begic", "welder Ali Hassan".
func (c *coref) noteNouns(r int, s nameSpan) {
	head := c.d.headOf(s.first, s.end)
	note := func(k int) {
		if w := c.d.Words[k]; w.UPOS == "NOUN" && !isPlural(w) && !c.words["role"].has(c.singular(k)) && !c.words["body"].has(c.low[k]) {
			c.called[c.low[k]] = r
		}
	}
	if w := c.d.Words[head]; w.Rel == "appos" && w.Head >= 0 {
		note(w.Head)
	}
	sent := c.d.Sents[c.d.Words[head].Sent]
	for k := max(sent.First, s.first-phraseWindow); k < min(sent.End, s.end+phraseWindow); k++ {
		if w := c.d.Words[k]; w.Head == head && (w.Rel == "appos" || k == s.first-1 && (w.Rel == "nmod:desc" || w.Rel == "compound")) {
			note(k)
		}
	}
}

// readCalled reads who speaks by the noun that stood beside the name: "the
// interpreter said".
func (c *coref) readCalled(i int, s Sent) bool {
	r, ok := c.called[c.low[i]]
	if !ok || c.d.Words[i].UPOS != "NOUN" || !c.isSaying(c.d.Words[i]) {
		return false
	}
	first := c.phraseStart(i, s.First)
	if c.low[first] != "the" || c.modifiesNext(i, s) || c.speaksOf(r, i) {
		return false
	}
	c.mention(r, Mention{First: first, End: i + 1, Head: i, Kind: MentionTitle})
	return true
}

// clashes reports another country than those of the roles of ref.
func (c *coref) clashes(ref *referent, x role) bool {
	for _, y := range ref.roles {
		if len(x.countries) > 0 && len(y.countries) > 0 && !shareCountry(x.countries, y.countries) {
			return true
		}
	}
	return false
}

// nameWindow is how many words may stand between "his name" and the name.
const nameWindow = 4

// namesHimself finds the role noun of somebody who tells his own name: "a
// guard who gave his name only as Dieter"; -1 where the name is told otherwise.
func (c *coref) namesHimself(s nameSpan, sent Sent) int {
	at := -1
	for k := s.first - 1; k > sent.First && k >= s.first-nameWindow; k-- {
		if c.low[k] == "name" && c.d.Words[k-1].XPOS != "DT" || c.low[k] == "himself" || c.low[k] == "herself" {
			at = k
			break
		}
		if w := c.low[k]; w != "," && w != "only" && w != "as" && w != "simply" && w != "just" {
			return -1
		}
	}
	for k := at - 1; k >= sent.First && k > at-2*phraseWindow; k-- {
		if c.words["role"].has(c.singular(k)) && !isPlural(c.d.Words[k]) && c.d.Words[k].UPOS == "NOUN" && !c.words["relation"].has(c.roleHead(k)) {
			return k
		}
	}
	return -1
}
