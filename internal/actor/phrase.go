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
