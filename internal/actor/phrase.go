package actor

import (
	"strings"

	"detente/internal/nlp"
)

// phraseKind is what the head of a phrase is.
type phraseKind uint8

const (
	phName      phraseKind = iota // a person's name, with or without title
	phRole                        // a role noun
	phBody                        // a ministry, army, parliament, or a seat of government
	phGroup                       // a group noun
	phMedia                       // a noun for an outlet: "state television"
	phNamed                       // a name of the Book for a state, organisation, party, medium or place
	phAdjective                   // a demonym alone
)

// phrase is one noun phrase of politics.
//
//	Russia's    deputy    foreign minister   Sergei Ryabkov
//	whose       modifier  role               name
//
//	the  U.S.   State Department  spokesman   a spokesman for  Foreign Minister Chrystia Freeland
//	det  whose  body              role        role             of
type phrase struct {
	kind       phraseKind
	first, end int // words first … end-1, determiner and appositions included
	core       int // the head, were there no tree
	det        string
	number     string // "two", "both"
	plural     bool
	former     bool
	possessive bool // followed by 's: a modifier of something that is no phrase of ours

	whose []*phrase // who owns it: adjectives, possessives, "of Russia"
	body  *phrase   // the body that a role is of
	to    *phrase   // where an envoy is sent
	place *phrase   // where a group is: "rebels in Darfur"
	title []*phrase // appositions

	form                   *form // what decides: the role's, body's or name's meaning
	atom                   *atom
	roleFirst, roleEnd     int // words of role and body, for the text of the role
	nameFirst, nameEnd     int // words of the name; equal where there is none
	outletFirst, outletEnd int // words of the name of an outlet that no table has
	gender                 string
	actor                  *Actor
	person                 *record
	modifies               bool // a noun before another: "newspaper publisher"
	placeOnly, resolved    bool
}

func (ph *phrase) hasName() bool { return ph.nameEnd > ph.nameFirst }

// isHead says whether ph may be owned: Russia's …, the U.S. …
func (ph *phrase) isHead() bool {
	return ph != nil && (ph.kind == phRole || ph.kind == phBody || ph.kind == phGroup || ph.kind == phMedia || ph.kind == phName && ph.roleEnd > ph.roleFirst)
}

// parser finds the phrases of a document.
type parser struct {
	doc      *nlp.Doc
	book     *Book
	atoms    []atom
	atomAt   []int32         // word -> atom that begins there, plus one
	ents     []nlp.Entity    // the document's, people's widened to the whole name
	entAt    []int32         // word -> entity that covers it, plus one
	timeAt   []bool          // words of time expressions: May, the month
	inText   map[string]bool // organisations that the text names
	headless []bool          // words and counts of plain words where no headed chain begins
	depth    int
	known    map[string]bool // folded surnames of people whom the text names in full
	out      []*phrase
}

func newParser(b *Book, doc *nlp.Doc, atoms []atom) *parser {
	p := &parser{doc: doc, book: b, atoms: atoms, atomAt: make([]int32, len(doc.Words)+1), entAt: make([]int32, len(doc.Words)+1), timeAt: make([]bool, len(doc.Words)+1), known: make(map[string]bool), inText: make(map[string]bool)}
	for i := range atoms {
		if p.atomAt[atoms[i].first] == 0 {
			p.atomAt[atoms[i].first] = int32(i + 1)
		}
	}
	for _, x := range doc.Times {
		for w := x.First; w < x.End && w < len(doc.Words); w++ {
			p.timeAt[w] = true
		}
	}
	p.ents = p.people(doc.Ents)
	for i, e := range p.ents {
		for w := e.First; w < e.End && w < len(doc.Words); w++ {
			p.entAt[w] = int32(i + 1)
		}
	}
	for i := range atoms {
		if f := atoms[i].form(formOrg, formState, formAdjective, formPeople); f != nil && f.caps[0] != byte(anyCase) {
			p.inText[f.fact.id] = true
		}
	}
	return p
}

// parse gives the phrases in text order. The first pass learns the surnames of
// those whom the text names in full, so that a headline may use them before.
func (p *parser) parse() []*phrase {
	for pass := 0; pass < 2; pass++ {
		p.out = p.out[:0]
		p.headless = make([]bool, len(p.doc.Words)*(maxPlain+2))
		for _, s := range p.doc.Sents {
			for w := s.First; w < s.End; {
				ph := p.phrase(w, s.End)
				if ph == nil {
					w++
					continue
				}
				p.out = append(p.out, ph)
				w = ph.end
			}
		}
		if pass == 0 {
			p.learnNames()
		}
	}
	return p.out
}

func (p *parser) learnNames() {
	for _, ph := range p.out {
		ph.each(func(q *phrase) {
			if q.nameEnd-q.nameFirst > 1 || q.hasName() && q.roleEnd > q.roleFirst {
				key, _ := foldName(surnameOf(p.text(q.nameFirst, q.nameEnd)))
				p.known[key] = true
				full, _ := foldName(p.text(q.nameFirst, q.nameEnd))
				if x := p.book.people[full]; x != nil && x.surname != "" {
					p.known[fold1(x.surname)] = true // Ma of Ma Ying-jeou
				}
			}
		})
	}
}

// eachInward calls f with every phrase inside ph before ph.
func (ph *phrase) eachInward(f func(*phrase)) {
	var all []*phrase
	ph.each(func(q *phrase) { all = append(all, q) })
	for i := len(all) - 1; i >= 0; i-- {
		f(all[i])
	}
}

// each calls f with ph and every phrase inside it, outermost first.
func (ph *phrase) each(f func(*phrase)) {
	f(ph)
	for _, q := range ph.whose {
		q.each(f)
	}
	if ph.body != nil {
		ph.body.each(f)
	}
	if ph.to != nil {
		ph.to.each(f)
	}
	if ph.place != nil && ph.place.end <= ph.end {
		ph.place.each(f)
	}
	for _, q := range ph.title {
		q.each(f)
	}
}

func (p *parser) word(w int) *nlp.Word { return &p.doc.Words[w] }

func (p *parser) lower(w int) string { return strings.ToLower(p.doc.Words[w].Form) }

// text is the text under words first … end-1.
func (p *parser) text(first, end int) string {
	if first >= end {
		return ""
	}
	return strings.Join(strings.Fields(p.doc.Text[p.doc.Words[first].Start:p.doc.Words[end-1].End]), " ")
}

func (p *parser) atom(w, limit int) *atom {
	if w >= limit || p.atomAt[w] == 0 {
		return nil
	}
	if a := &p.atoms[p.atomAt[w]-1]; a.end <= limit {
		return a
	}
	return nil
}

// phrase reads the widest phrase from word w on: a simple one, what it owns,
// and what follows that belongs to it.
func (p *parser) phrase(w, limit int) *phrase {
	ph := p.simple(w, limit)
	if ph == nil {
		return nil
	}
	if pair := p.pairOwns(ph, limit); pair != nil {
		ph = pair
	}
	for p.isPossessive(ph.end, limit) {
		owned := p.headed(ph.end+1, limit, 0)
		if !owned.isHead() {
			ph.possessive = true
			break
		}
		owned.whose = append([]*phrase{ph}, owned.whose...)
		owned.first, owned.det = ph.first, "the"
		ph = owned
	}
	p.after(ph, limit)
	p.apposition(ph, limit)
	if w := p.word(ph.core); ph.isHead() && len(ph.whose) == 0 && !ph.hasName() && w.Rel == "compound" && w.Head >= ph.end && ph.core == ph.end-1 {
		ph.modifies = true
	}
	return ph
}

// beforeNoun says whether a name stands before a noun as its modifier: "U.S.
// exports", "US-Russia relations".
func (p *parser) beforeNoun(ph *phrase) bool {
	w := p.word(ph.end - 1)
	if ph.form.kind != formOrg && !ph.form.adjoin && (ph.end >= len(p.doc.Words) || p.doc.Words[ph.end].Form != "-") {
		return false // in a headline the parser takes "Britain expels" for one noun
	}
	switch w.Rel {
	case "compound", "amod", "nmod:poss", "nmod":
		return w.Head >= ph.end && (ph.end >= len(p.doc.Words) || p.doc.Words[ph.end].UPOS != "ADP")
	}
	return false
}

// pairOwns reads "Russia and Turkey's foreign ministers".
func (p *parser) pairOwns(ph *phrase, limit int) *phrase {
	if ph.kind != phNamed || ph.end+1 >= limit || p.lower(ph.end) != "and" {
		return nil
	}
	other := p.simple(ph.end+1, limit)
	if other == nil || other.kind != phNamed || !p.isPossessive(other.end, limit) {
		return nil
	}
	owned := p.headed(other.end+1, limit, 0)
	if !owned.isHead() || !owned.plural {
		return nil
	}
	owned.whose = append([]*phrase{ph, other}, owned.whose...)
	owned.first, owned.det = ph.first, "the"
	return owned
}

func (p *parser) isPossessive(w, limit int) bool {
	if w >= limit {
		return false
	}
	switch p.doc.Words[w].Form {
	case "'s", "’s", "'", "’", "'S", "’S":
		return true
	}
	return false
}

// simple reads [determiner] chain.
func (p *parser) simple(w, limit int) *phrase {
	det := ""
	i := w
	if i < limit && isDeterminer(p.lower(i)) && p.atom(i, limit) == nil {
		det = p.lower(i)
		i++
	}
	ph := p.outlet(i, limit)
	if ph == nil {
		ph = p.chain(i, limit, 0)
	}
	if ph == nil {
		return nil
	}
	if ph.kind == phName && ph.roleEnd == ph.roleFirst && len(ph.whose) == 0 {
		return ph // a name takes no determiner: "that Trump will help"
	}
	if f := ph.atom.form(formPeople); ph.kind == phAdjective && det == "the" && f != nil && p.standsAlone(ph, limit) {
		ph.kind, ph.form, ph.plural = phNamed, f, true // the Dutch
	}
	if ph.kind == phAdjective && det == "" && p.bare(ph, limit) {
		return nil // "kept to English"
	}
	if ph.kind == phNamed && det != "the" && len(ph.whose) == 0 {
		return ph // "said that Tehran had"
	}
	if det != "" {
		ph.det, ph.first = det, w
		if det == "both" {
			ph.number = det
		}
		if ph.kind == phAdjective && !p.standsAlone(ph, limit) {
			ph.first, ph.det = i, "" // "the Russian economy": the determiner is not its own
		}
	}
	return ph
}

// maxOutlet is the most words that the name of an outlet may have.
const maxOutlet = 4

// outlet reads the name of an outlet that no table has: capitals before the
// noun for one, "the Daily Lantern newspaper", "Radio Norte TV".
func (p *parser) outlet(i, limit int) *phrase {
	j := i
	for j < limit && j < i+maxOutlet && capitalised(p.doc.Words[j].Form) {
		a := p.atom(j, limit)
		if a.form(formMedia) != nil && j > i && (j+1 >= limit || !capitalised(p.doc.Words[j+1].Form)) {
			break
		}
		if a.form(formMedium, formAdjective, formRole, formState, formOrg) != nil {
			return nil
		}
		j++
	}
	a := p.atom(j, limit)
	f := a.form(formMedia)
	if j == i || f == nil || p.isPossessive(j, limit) {
		return nil
	}
	ph := &phrase{kind: phMedia, first: i, end: a.end, core: a.end - 1, form: f, atom: a, roleFirst: a.first, roleEnd: a.end, outletFirst: i, outletEnd: j}
	if capitalised(p.doc.Words[a.first].Form) {
		ph.outletEnd = a.end // Norte TV
	}
	return ph
}

func isDeterminer(s string) bool {
	switch s {
	case "the", "a", "an", "this", "these", "those", "his", "her", "its", "their", "our", "my", "your", "both", "any", "each", "no":
		return true
	}
	return false
}

// maxPlain is how many words that the Book does not know may stand between an
// owner and the role that it owns ("a South Korean trade policy official").
const maxPlain = 3

// maxDepth bounds how many words before its head a phrase is looked at. The
// longest that newspapers print have six or seven; the bound keeps the reading
// of a text without sense ("U.S. U.S. U.S. …") linear.
const maxDepth = 12

// headed reads a chain that ends in something that may be owned, or in a name.
// Where there is none at a word it is remembered, since several readings of
// what stands before ask.
func (p *parser) headed(i, limit, plain int) *phrase {
	plain = min(plain, maxPlain+1)
	seen := i*(maxPlain+2) + plain
	if i >= limit || p.headless[seen] || p.depth > maxDepth {
		return nil
	}
	if ph := p.chain(i, limit, plain); ph.isHead() || ph != nil && ph.kind == phName {
		return ph
	}
	p.headless[seen] = true
	return nil
}

// chain reads modifiers, owners, bodies, roles and a name, from left to right.
func (p *parser) chain(i, limit, plain int) *phrase {
	p.depth++
	defer func() { p.depth-- }()
	if end := p.nameAt(i, limit, false); end > i {
		name := p.named(i, end)
		next := p.atom(end, limit)
		if f := next.form(formBody); f != nil && f.fact.office == OfficeGovernment {
			ph := p.body(next, f, limit) // the Trump administration
			ph.first, ph.whose = i, append([]*phrase{name}, ph.whose...)
			return ph
		}
		return name
	}
	a := p.atom(i, limit)
	if a == nil {
		return p.plainWord(i, limit, plain)
	}
	tag := ""
	if a.end == a.first+1 { // a name of several words is what it is, whatever the tagger says
		tag = p.word(a.first).UPOS
	}
	if f := a.form(formCourtesy); f != nil && a.after == "" {
		if end := p.nameAt(a.end, limit, true); end > a.end {
			ph := p.named(a.end, end)
			ph.first, ph.gender = i, f.fact.gender
			return ph
		}
	}
	if a.after != "" && a.form(formAdjective, formState, formCapital, formOrg, formParty, formSeveral, formMedium) == nil {
		rest := p.headed(a.end, limit, 1) // "government-backed rebels" are not the government's
		if !rest.isHead() {
			return nil
		}
		rest.first = a.first
		return rest
	}
	if f := a.form(formModifier); f != nil && a.form(formRole) != nil {
		// "deputy trade minister" is a minister, a deputy alone is a lawmaker
		if ph := p.modifier(a, f, limit, max(plain, 1)); ph != nil && ph.roleEnd > a.end {
			return ph
		}
	}
	if f := a.form(formRole); f != nil && f.fact.office == OfficeOther && tag == "PROPN" && i > p.doc.Sents[p.word(i).Sent].First {
		return p.plainWord(i, limit, plain) // "Democratic National Committee": no national
	}
	if f := a.form(formRole); f != nil && tag != "VERB" && tag != "AUX" && (tag != "ADJ" || capitalised(p.doc.Words[i].Form) || !p.nounAt(a.end, limit)) {
		return p.role(a, f, limit)
	}
	if f := a.form(formFormer, formModifier); f != nil {
		return p.modifier(a, f, limit, plain)
	}
	if f := a.form(formBody, formSeat, formMedia, formGroup); f != nil && tag != "VERB" {
		return p.body(a, f, limit)
	}
	return p.owner(a, limit)
}

// nounAt says whether a nominal word stands at w.
func (p *parser) nounAt(w, limit int) bool {
	if w >= limit {
		return false
	}
	switch p.word(w).UPOS {
	case "NOUN", "PROPN", "ADJ":
		return true
	}
	return false
}

// plainWord lets a word pass that may stand inside a chain.
func (p *parser) plainWord(i, limit, plain int) *phrase {
	if plain == 0 || plain > maxPlain || i >= limit {
		return nil
	}
	switch w := p.word(i); w.UPOS {
	case "ADJ", "NOUN", "NUM":
	case "PROPN":
		if e := p.personAt(i); e != nil && !p.modifies(e, nil) {
			return nil
		}
	case "PUNCT":
		if w.Form != "-" || w.SpaceAfter {
			return nil
		}
	default:
		return nil
	}
	ph := p.headed(i+1, limit, plain+1)
	if !ph.isHead() || ph.det != "" {
		return nil
	}
	ph.first = i
	return ph
}

func (p *parser) modifier(a *atom, f *form, limit, plain int) *phrase {
	if a.form(formBody, formGroup) != nil && a.end == a.first+1 && p.word(a.first).UPOS == "NOUN" {
		if next := p.headed(a.end, limit, 0); !next.isHead() {
			return p.body(a, a.form(formBody, formGroup), limit) // "the military", not "military officials"
		}
	}
	ph := p.headed(a.end, limit, plain)
	if ph == nil && p.depth <= maxDepth {
		ph = p.chain(a.end, limit, plain)
	}
	if ph == nil || ph.kind == phAdjective && f.kind == formModifier {
		return nil
	}
	outlet := ph.kind == phNamed && (ph.form.kind == formMedium || ph.form.kind == formParty) // the state-run Global Times
	if !ph.isHead() && !outlet && !(f.kind == formFormer && ph.kind == phName) {
		return nil
	}
	ph.first = a.first
	if f.kind == formFormer {
		ph.former = true
	}
	switch n := p.lower(a.first); n {
	case "two", "three", "four", "five", "six", "seven", "both":
		ph.number = n
	case "deputy", "vice", "acting", "chief", "first", "special", "assistant":
		if ph.roleFirst == a.end {
			ph.roleFirst = a.first
		}
	}
	return ph
}

// role reads a role noun, further role nouns that make one title with it, and
// a name.
func (p *parser) role(a *atom, f *form, limit int) *phrase {
	ph := &phrase{kind: phRole, first: a.first, end: a.end, core: a.end - 1, form: f, atom: a, plural: f.plural, roleFirst: a.first, roleEnd: a.end, gender: f.fact.gender}
	// "chief of staff" of the army is one atom; a role may also be the
	// modifier of the next: "opposition leader", "Defence Minister General X".
	next := p.atom(ph.end, limit)
	if nf := next.form(formRole); nf != nil && !f.plural {
		rest := p.role(next, nf, limit)
		if rest.hasName() || f.fact.office == OfficeOther {
			title := *ph
			rest.first, rest.roleFirst = ph.first, ph.roleFirst
			if heavier(f, rest.form) {
				rest.form = f
			}
			if rest.hasName() {
				rest.roleEnd = max(rest.roleEnd, title.roleEnd)
			}
			return rest
		}
	}
	if next.form(formBody, formGroup) != nil && next.form(formRole) == nil && !f.plural {
		// "opposition party", "leader group": the noun that follows is the head
		if nf := next.form(formGroup); nf != nil && f.fact.office == OfficeOther {
			return p.body(next, nf, limit)
		}
	}
	i := ph.end
	if i+1 < limit && p.lower(i) == "and" && !f.plural { // "Chancellor and Foreign Minister Willy Brandt"
		if b := p.atom(i+1, limit); b.form(formRole) != nil && capitalised(p.doc.Words[a.first].Form) && capitalised(p.doc.Words[i+1].Form) {
			if rest := p.role(b, b.form(formRole), limit); rest.hasName() && rest.roleFirst == i+1 {
				rest.first, rest.roleFirst = ph.first, ph.first
				if heavier(f, rest.form) {
					rest.form = f
				}
				return rest
			}
		}
	}
	if !f.plural {
		from := i
		if c := p.atom(i, limit); c.form(formCourtesy) != nil && c.form(formPerson) == nil {
			from = c.end // "Foreign Minister Prince Faisal bin Farhan"
		}
		if end := p.nameAt(from, limit, true); end > from {
			i = from
			ph.kind, ph.nameFirst, ph.nameEnd = phName, i, end
			ph.end, ph.core = end, end-1
		}
	} else if end := p.nameAt(i, limit, true); end > i && end < limit && p.lower(end) == "and" {
		return ph // "Presidents Clinton and Yeltsin": the names speak for themselves
	}
	return ph
}

// heavier says whether title a weighs more than title b: an office more than
// a rank or a plain "minister".
func heavier(a, b *form) bool { return weight(a.fact.office) > weight(b.fact.office) }

func weight(o Office) int {
	switch o {
	case OfficeLeader:
		return 5
	case OfficeForeign, OfficeSecurity, OfficeEconomy:
		return 4
	case OfficeDefence, OfficeAmbassador:
		return 3
	case OfficeOther:
		return 0
	}
	return 2
}

func (p *parser) named(i, end int) *phrase {
	return &phrase{kind: phName, first: i, end: end, core: end - 1, nameFirst: i, nameEnd: end}
}

// body reads a body and the role that it qualifies.
func (p *parser) body(a *atom, f *form, limit int) *phrase {
	ph := &phrase{kind: phBody, first: a.first, end: a.end, core: a.end - 1, form: f, atom: a, plural: f.plural, roleFirst: a.first, roleEnd: a.end}
	switch f.kind {
	case formGroup:
		ph.kind = phGroup
	case formMedia:
		ph.kind = phMedia
	}
	rest := p.headed(a.end, limit, 0)
	if !rest.isHead() || rest.body != nil && rest.kind == phBody {
		return ph
	}
	if rest.kind == phMedia || rest.kind == phGroup && ph.kind == phGroup {
		rest.first, rest.roleFirst = a.first, a.first
		return rest
	}
	rest.first = a.first
	if rest.body == nil {
		rest.body = ph
		if rest.roleFirst >= a.end {
			rest.roleFirst = a.first
		}
	}
	return rest
}

// owner reads a name of the Book and what it owns without a possessive: the
// adjective's noun, "U.S. officials", "Kabul police", "NATO spokesman".
func (p *parser) owner(a *atom, limit int) *phrase {
	if a.before != "" || a.after != "" {
		return p.hyphened(a, limit)
	}
	if a.form(formRegion) != nil {
		return &phrase{kind: phNamed, first: a.first, end: a.end, core: a.end - 1, form: a.form(formRegion), atom: a, placeOnly: true}
	}
	if p.ofCulture(a, limit) {
		return nil
	}
	if f := a.form(formAdjective); f != nil {
		if ph := p.owned([]*phrase{p.adjective(a, f)}, a.end, limit, 1); ph != nil {
			return ph
		}
	}
	if f := a.form(formOrg, formState); f != nil && f.caps[0] == byte(anyCase) && p.onlyAgain(a, f, limit) {
		return nil
	}
	f := a.form(formState, formCapital, formOrg, formParty, formSeveral, formMedium, formPeople, formPlace)
	if f != nil {
		self := &phrase{kind: phNamed, first: a.first, end: a.end, core: a.end - 1, form: f, atom: a, plural: f.plural}
		plain := 0
		if f.adjoin || f.kind == formOrg {
			plain = 1
		}
		if f.kind != formPeople && f.kind != formPlace {
			if ph := p.owned([]*phrase{self}, a.end, limit, plain); ph != nil {
				return ph
			}
		}
		if adj := a.form(formAdjective); adj == nil || f.kind == formState || f.kind == formOrg || f.kind == formParty {
			return self
		}
	}
	if f := a.form(formAdjective); f != nil {
		return p.adjective(a, f)
	}
	if f := a.form(formSurname); f != nil {
		return nil
	}
	return nil
}

// onlyAgain says whether a name with an article may only take up another that
// the text has not: "the alliance" is NATO only where NATO is named, "the
// North" North Korea; "the Netherlands" needs nothing before.
func (p *parser) onlyAgain(a *atom, f *form, limit int) bool {
	_, bare, _ := strings.Cut(fold1(p.text(a.first, a.end)), " ")
	for _, g := range p.book.forms[bare] {
		if g.fact.id == f.fact.id {
			return false
		}
	}
	return !p.inText[f.fact.id] || a.end < limit && capitalised(p.doc.Words[a.end].Form)
}

func (p *parser) adjective(a *atom, f *form) *phrase {
	return &phrase{kind: phAdjective, first: a.first, end: a.end, core: a.end - 1, form: f, atom: a}
}

// speech are the words before a demonym that make it a language.
var speech = map[string]bool{"speak": true, "speaks": true, "spoke": true, "speaking": true, "spoken": true, "learn": true, "learned": true,
	"learnt": true, "learning": true, "fluent": true, "in": true, "into": true, "study": true, "studied": true, "teach": true, "taught": true}

// ofCulture says whether a demonym is a language or a cuisine: "spoke
// Russian", "Turkish coffee".
func (p *parser) ofCulture(a *atom, limit int) bool {
	if a.form(formAdjective) == nil || a.form(formState, formOrg) != nil {
		return false
	}
	if next := p.atom(a.end, limit); next.form(formCulture) != nil {
		return true
	}
	if a.first == 0 || !speech[p.lower(a.first-1)] {
		return false
	}
	// "in Russian custody" is Russia's, "in Russian," is a language
	return a.end >= limit || p.word(a.end).UPOS != "NOUN" && p.word(a.end).UPOS != "PROPN" && p.word(a.end).UPOS != "ADJ" && p.atom(a.end, limit) == nil
}

// leading are the second parts of compounds whose first part acts: a Saudi-led
// coalition is Saudi Arabia's, an Iran-backed militia is not Iran's.
var leading = map[string]bool{"led": true, "run": true, "owned": true, "controlled": true}

// hyphened reads compounds: "Saudi-led coalition", "pro-Russian rebels",
// "U.S.-Russia relations".
func (p *parser) hyphened(a *atom, limit int) *phrase {
	f := a.form(formAdjective, formState, formCapital, formOrg, formParty, formSeveral)
	if f == nil {
		return nil
	}
	if a.after == "speaking" || a.after == "language" {
		return nil
	}
	self := p.adjective(a, f)
	rest := p.headed(a.end, limit, 1)
	if !rest.isHead() {
		return self
	}
	rest.first = a.first
	if leading[a.after] || a.before == "" && a.after == "" {
		rest.whose = append([]*phrase{self}, rest.whose...)
	} else {
		p.out = append(p.out, self)
	}
	return rest
}

// owned reads what a list of owners owns: "Russian, Turkish and Iranian
// foreign ministers". Several owners want a plural.
func (p *parser) owned(owners []*phrase, i, limit, plain int) *phrase {
	j := i
	for j < limit {
		k := j
		switch p.lower(k) {
		case ",":
			k++
			if k < limit && p.lower(k) == "and" {
				k++
			}
		case "and", "&", "or":
			k++
		case "/", "-", "–":
			if p.word(k).SpaceAfter || p.doc.Words[k-1].SpaceAfter {
				k = limit // a dateline's dash
			} else {
				k++
			}
		default:
			k = limit
		}
		b := p.atom(k, limit)
		if b == nil || b.before != "" && j+1 != k || b.after != "" {
			break
		}
		f := b.form(formAdjective)
		if f == nil {
			if f = b.form(formState, formOrg); f == nil || !f.adjoin && f.kind != formOrg {
				break
			}
		}
		owners = append(owners, p.adjective(b, f))
		j = b.end
	}
	if len(owners) > 1 {
		if ph := p.headed(j, limit, plain); ph.isHead() && (ph.plural || ph.form != nil && ph.kind != phName && strings.HasSuffix(p.lower(ph.core), "s")) {
			ph.whose = append(append([]*phrase{}, owners...), ph.whose...)
			ph.first = owners[0].first
			return ph
		}
		owners = owners[:1]
	}
	ph := p.headed(i, limit, plain)
	if ph == nil {
		return nil
	}
	if ph.kind == phName && ph.roleEnd == ph.roleFirst && owners[0].kind != phAdjective {
		return nil // "Moscow Putin": two names, not one owner
	}
	if len(ph.whose) > 0 && ph.whose[0].first == i {
		return nil // "Russia Ukrainian officials"
	}
	ph.whose = append(append([]*phrase{}, owners...), ph.whose...)
	ph.first = owners[0].first
	return ph
}

// standsAlone says whether a demonym with a determiner is a people, not the
// modifier of a noun: "the Dutch said".
func (p *parser) standsAlone(ph *phrase, limit int) bool {
	if ph.end >= limit {
		return true
	}
	switch p.word(ph.end).UPOS {
	case "NOUN", "PROPN", "ADJ", "NUM":
		return false
	}
	return !isLetters(p.word(ph.end).Form) || p.word(ph.end).UPOS != ""
}

// bare says whether a demonym modifies nothing and so names a language.
func (p *parser) bare(ph *phrase, limit int) bool {
	if ph.form.kind != formAdjective || ph.atom.before != "" || ph.atom.after != "" || ph.atom.form(formState, formOrg) != nil {
		return false
	}
	if ph.end >= limit {
		return true
	}
	switch p.word(ph.end).UPOS {
	case "PUNCT":
		return p.word(ph.end).Form == "." || p.word(ph.end).Form == "," && p.lower(max(ph.first-1, 0)) != "between"
	case "ADP", "SCONJ", "PRON", "DET":
		return true
	}
	return false
}

func isLetters(s string) bool { return s != "" && isPieceRune([]rune(s)[0]) }

// after reads the prepositions that belong to a phrase.
func (p *parser) after(ph *phrase, limit int) {
	if !ph.isHead() || ph.end+1 >= limit {
		return
	}
	switch prep := p.lower(ph.end); {
	case prep == "from" && ph.sent() && p.recalled(ph):
		// "recalls envoys from Washington and Canberra": that is where they were
		if q := p.nested(ph.end+1, limit); q != nil && q.kind == phNamed {
			ph.to, ph.end, ph.det = q, q.end, "its"
		}
	case prep == "from" && (len(ph.whose) > 0 || ph.det == "its" || ph.det == "his" || ph.det == "her" || ph.det == "their"):
		// "its envoy from Chad" has an owner already: Chad is where he was
		if q := p.nested(ph.end+1, limit); q != nil && q.kind == phNamed && !ph.hasName() {
			ph.place, ph.end = q, q.end
		}
	case prep == "of" || prep == "from" || prep == "with" || prep == "at":
		p.ownerAfter(ph, limit, prep)
	case prep == "for" && ph.form != nil && (ph.form.fact.office == OfficeSpokesman || ph.kind == phBody):
		p.ownerAfter(ph, limit, prep)
	case (prep == "to" || prep == "in" || prep == "for") && ph.sent():
		if q := p.nested(ph.end+1, limit); q != nil && q.kind == phNamed {
			ph.to = q
			if !ph.hasName() {
				ph.end = q.end
			}
			p.nameAfter(ph, limit)
		}
	case prep == "to" && ph.kind == phRole && ph.form.fact.id == aide:
		p.ownerAfter(ph, limit, prep)
	case prep == "in" && len(ph.whose) == 0 && ph.kind != phName:
		if q := p.nested(ph.end+1, limit); q != nil && q.kind == phNamed {
			ph.place = q
		}
	}
}

// recalled says whether a verb of calling home stands before an envoy.
func (p *parser) recalled(ph *phrase) bool {
	for w := ph.first - 1; w >= max(0, ph.first-5) && p.word(w).Sent == p.word(ph.first).Sent; w-- {
		switch p.word(w).Lemma {
		case "recall", "withdraw", "pull", "summon", "call":
			return true
		}
	}
	return false
}

// aide is the role of the office table whose "to" names the owner: "an aide to
// Mahmoud Abbas".
const aide = "aide"

// sent says whether the role is one that is sent to somebody.
func (ph *phrase) sent() bool {
	if ph.form == nil {
		return false
	}
	o := ph.form.fact.office
	return o == OfficeAmbassador || o == OfficeEnvoy
}

// ownerAfter reads "of Russia and Turkey", "for the Foreign Ministry".
func (p *parser) ownerAfter(ph *phrase, limit int, prep string) {
	i := ph.end + 1
	for {
		q := p.nested(i, limit)
		if q == nil || q.kind == phAdjective || q.kind == phMedia && prep == "with" {
			return
		}
		delegation := ph.kind == phBody && prep == "from" && ph.form.fact.office == OfficeEnvoy
		if (prep == "with" || prep == "at" || prep == "from") && (ph.kind != phRole && ph.kind != phGroup && !delegation || q.kind == phName || q.kind == phRole) {
			return
		}
		if ph.kind == phName && q.kind != phNamed {
			return
		}
		if prep == "from" && q.kind != phNamed && q.kind != phBody && q.kind != phGroup {
			return
		}
		if ph.kind == phGroup && (prep != "of" && prep != "from" || q.kind == phGroup && q.plural && len(q.whose) == 0) {
			return
		}
		if q.kind == phBody && ph.kind == phRole && ph.body == nil {
			ph.body = q
		} else {
			ph.whose = append(ph.whose, q)
		}
		named := q.kind == phNamed && (q.form.kind == formOrg || q.form.kind == formParty)
		if ph.kind == phRole && (q.kind == phBody || q.kind == phName || q.kind == phRole || named) && prep != "from" && prep != "at" {
			ph.roleEnd = q.end
		}
		ph.end = q.end
		if !(ph.plural && q.kind == phNamed && q.end+1 < limit && (p.lower(q.end) == "and" || p.lower(q.end) == ",")) {
			break
		}
		i = q.end + 1
		if p.lower(q.end) == "," && p.lower(i) == "and" {
			i++
		}
		if r := p.nested(i, limit); r == nil || r.kind != phNamed {
			break
		}
	}
	p.nameAfter(ph, limit)
}

// nameAfter reads the name after a role that had its body first: "the head of
// the IAEA Yukiya Amano".
func (p *parser) nameAfter(ph *phrase, limit int) {
	if ph.kind != phRole || ph.plural {
		return
	}
	if end := p.nameAt(ph.end, limit, true); end > ph.end {
		ph.kind, ph.nameFirst, ph.nameEnd = phName, ph.end, end
		ph.end, ph.core = end, end-1
	}
}

// nested reads a phrase inside another: without its appositions.
func (p *parser) nested(i, limit int) *phrase {
	if p.depth > maxDepth {
		return nil
	}
	p.depth++
	defer func() { p.depth-- }()
	ph := p.simple(i, limit)
	if ph == nil {
		return nil
	}
	for p.isPossessive(ph.end, limit) {
		owned := p.headed(ph.end+1, limit, 0)
		if !owned.isHead() {
			break
		}
		owned.whose = append([]*phrase{ph}, owned.whose...)
		owned.first = ph.first
		ph = owned
	}
	if ph.kind == phBody || ph.kind == phRole {
		p.after(ph, limit)
	}
	return ph
}

// apposition joins a name and the role beside it: "Sergei Lavrov, Russia's
// foreign minister," and "the Russian foreign minister, Sergei Lavrov,".
func (p *parser) apposition(ph *phrase, limit int) {
	i := ph.end
	if i+1 >= limit {
		return
	}
	switch p.doc.Words[i].Form {
	case ",", "(", "-", "–", "—", "--":
	default:
		return
	}
	if ph.kind == phName {
		p.titleAfter(ph, i+1, limit)
		return
	}
	if ph.kind != phRole || ph.plural || len(ph.whose) == 0 && ph.det == "" && ph.body == nil {
		return
	}
	end := p.nameAt(i+1, limit, true)
	if end <= i+1 || !p.closes(end, limit) || p.atom(end, limit) != nil {
		return
	}
	ph.kind, ph.nameFirst, ph.nameEnd, ph.end = phName, i+1, end, end
}

// titleAfter reads the role that follows a name and a comma.
func (p *parser) titleAfter(ph *phrase, i, limit int) {
	relative := false
	if w := p.lower(i); w == "who" && i+2 < limit {
		switch p.lower(i + 1) {
		case "is", "was", "serves", "heads", "became":
			relative = true
			i += 2
			if p.lower(i) == "as" {
				i++
			}
		default:
			return
		}
	}
	q := p.nested(i, limit)
	if q == nil || q.kind != phRole || q.plural {
		return
	}
	if !relative {
		if !p.closes(q.end, limit) {
			return
		}
		ph.end = q.end
	}
	ph.title = append(ph.title, q)
}

// closes says whether an apposition may end before word w.
func (p *parser) closes(w, limit int) bool {
	if w >= limit {
		return true
	}
	switch x := p.word(w); {
	case x.Form == ",", x.Form == ".", x.Form == ")", x.Form == ";", x.Form == ":", x.Form == "-", x.Form == "–", x.Form == "—", x.Form == "--", x.Form == "?", x.Form == "!":
		return true
	case x.Form == "\"" || x.Form == "”" || x.Form == "''" || x.Form == "'" || x.Form == "’":
		return true
	case x.UPOS == "VERB", x.UPOS == "AUX", x.UPOS == "ADP", x.UPOS == "SCONJ", x.UPOS == "PRON", x.UPOS == "ADV", x.UPOS == "CCONJ":
		return true
	}
	return false
}
