package actor

import (
	"fmt"
	"io/fs"
	"strings"

	"detente"
)

// Book is the loaded facts; read-only.
//
// It is one index from folded names to what they may name: a name has as many
// forms as it has meanings ("Georgia" the state, "Washington" the capital, the
// president), and the text around decides between them.
type Book struct {
	forms   map[string][]form
	longest map[string]int // first piece of a name -> pieces of the longest such name
	states  map[detente.Party]*fact
	people  map[string]*person // by folded name
	codes   map[detente.Party]Codes

	// What loading needs: the directory being read, counted from one, buffers
	// for keys, and values that many rows share.
	dir      int
	key      []byte
	caps     []byte
	spare    []form
	unborn   []personFact
	patterns map[string]string
	lists    map[string][]string
}

// formKind is the way in which a name names.
type formKind uint8

const (
	formState     formKind = iota // Russia
	formAdjective                 // Russian
	formPeople                    // Russians, a Russian
	formCapital                   // Moscow
	formSeat                      // Kremlin
	formPlace                     // Sochi
	formOrg                       // NATO
	formParty                     // Hamas, the Tories
	formSeveral                   // the two Koreas
	formRegion                    // the South China Sea: no party at all
	formMedium                    // TASS
	formPerson                    // Sergei Lavrov
	formSurname                   // Lavrov
	formRole                      // foreign minister
	formBody                      // foreign ministry
	formMedia                     // news agency
	formGroup                     // rebels
	formFormer                    // former
	formModifier                  // senior
	formCourtesy                  // Mr
	formCulture                   // coffee, language: what makes a demonym one of culture
)

// form is one meaning of one name.
type form struct {
	kind   formKind
	plural bool
	adjoin bool   // a state's name that stands before nouns as an adjective does: US, UK
	caps   string // capitals of the pieces, a capital each
	fact   *fact
}

// fact is what a table says of one thing, at some time.
type fact struct {
	id       string
	name     string
	party    detente.Party
	country  detente.Party
	members  []detente.Party
	except   []string // parties that have no such office
	sectors  []string
	office   Office
	gender   string
	link     string // a medium's place in a chain of reporting: agency, newspaper …
	owner    string // of a medium: state, public or empty
	from, to detente.Date
	person   *person
}

// person is somebody with the offices that they held.
type person struct {
	id      string
	name    string
	surname string
	gender  string
	terms   []term
	fact    *fact
	dir     int // which directory told of them
}

// term is an office held from one day to another.
type term struct {
	party    detente.Party
	role     string
	office   Office
	sectors  []string
	from, to detente.Date
}

// offices are the offices that tables may name.
var offices = []Office{OfficeLeader, OfficeForeign, OfficeAmbassador, OfficeDefence, OfficeSecurity, OfficeEconomy,
	OfficeLegislature, OfficeHumanitarian, OfficeMedia, OfficeSpokesman, OfficeEnvoy, OfficeGovernment}

// Load reads *.tsv of each file system in order, later ones adding to and
// overriding earlier ones. Errors name file, line and column.
func Load(dirs ...fs.FS) (*Book, error) {
	b := &Book{
		forms:   make(map[string][]form, 1<<15),
		longest: make(map[string]int, 1<<14),
		states:  make(map[detente.Party]*fact, 256),
		people:  make(map[string]*person, 1<<15),
		codes:   make(map[detente.Party]Codes, 256),

		patterns: make(map[string]string),
		lists:    make(map[string][]string),
	}
	for _, dir := range dirs {
		b.dir++
		if err := readTables(dir, b.add); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// add enters one row.
func (b *Book) add(r *row) error {
	switch r.columns[0] {
	case "state":
		return b.addState(r)
	case "organisation":
		return b.addOrganisation(r)
	case "medium":
		return b.addMedium(r)
	case "office":
		return b.addOffice(r)
	}
	return b.addPerson(r)
}

func (b *Book) addState(r *row) error {
	code, err := r.party("state")
	if err != nil {
		return err
	}
	from, to, err := r.dates()
	if err != nil {
		return err
	}
	if r.get("name") == "" {
		return r.fail("name", "state %s has no name", code)
	}
	f := &fact{id: string(code), name: r.get("name"), party: code, country: code, from: from, to: to}
	if first := b.states[code]; first == nil || from == "" && to == "" {
		b.states[code] = f
		b.codes[code] = Codes{COW: r.get("cow"), Wikidata: r.get("wikidata")}
	}
	adjectives := r.list("adjectives")
	for _, n := range append([]string{f.name}, r.list("names")...) {
		b.enter(n, form{kind: formState, fact: f, adjoin: indexOf(adjectives, n) >= 0})
	}
	for _, n := range adjectives {
		b.enter(n, form{kind: formAdjective, fact: f})
	}
	for _, n := range r.list("people") {
		b.enter(n, form{kind: formPeople, fact: f, plural: indexOf(adjectives, n) < 0 || strings.HasSuffix(n, "s")})
	}
	seat := *f
	seat.office, seat.sectors = OfficeGovernment, []string{"GOV"}
	for _, n := range r.list("capitals") {
		b.enter(n, form{kind: formCapital, fact: &seat})
	}
	for _, n := range r.list("seats") {
		b.enter(n, form{kind: formSeat, fact: &seat})
	}
	for _, n := range r.list("places") {
		b.enter(n, form{kind: formPlace, fact: f})
	}
	return nil
}

func (b *Book) addOrganisation(r *row) error {
	f, err := r.commonFact("organisation")
	if err != nil {
		return err
	}
	if f.office, err = r.office("office"); err != nil {
		return err
	}
	if f.country, err = r.party("country"); err != nil {
		return err
	}
	kind := formOrg
	switch r.get("kind") {
	case "org":
	case "group":
		kind = formParty
	case "place":
		kind = formRegion
	case "several":
		kind = formSeveral
		for _, p := range r.list("party") {
			f.members = append(f.members, detente.Party(p))
		}
	default:
		return r.fail("kind", "%q: write org, group, several or place", r.get("kind"))
	}
	if kind == formOrg || kind == formParty {
		if f.party, err = r.party("party"); err != nil {
			return err
		}
	}
	if f.country == "" && kind == formParty {
		f.country = f.party
	}
	for _, n := range append([]string{f.name}, r.list("names")...) {
		b.enter(n, form{kind: kind, fact: f})
	}
	return nil
}

func (b *Book) addMedium(r *row) error {
	f, err := r.commonFact("medium")
	if err != nil {
		return err
	}
	f.sectors, f.office, f.link = []string{"MED"}, OfficeMedia, r.get("kind")
	if f.owner = r.get("owner"); f.owner != "" && f.owner != OwnerState && f.owner != OwnerPublic {
		return r.fail("owner", "%q: write state, public or nothing", f.owner)
	}
	if f.country, err = r.party("country"); err != nil {
		return err
	}
	for _, n := range append([]string{f.name}, r.list("names")...) {
		b.enter(n, form{kind: formMedium, fact: f})
	}
	return nil
}

// officeKinds are the kinds of row of an office table, domain aside.
var officeKinds = map[string]formKind{"role": formRole, "body": formBody, "media": formMedia, "group": formGroup,
	"former": formFormer, "modifier": formModifier, "courtesy": formCourtesy, "culture": formCulture}

func (b *Book) addOffice(r *row) error {
	f, err := r.commonFact("office")
	if err != nil {
		return err
	}
	if f.office, err = r.office("class"); err != nil {
		return err
	}
	if f.gender, err = r.gender(); err != nil {
		return err
	}
	if f.party, err = r.party("party"); err != nil {
		return err
	}
	f.except = r.list("except")
	names := append([]string{f.name}, r.list("names")...)
	if r.get("kind") == "domain" {
		for _, n := range names {
			b.enterDomain(n, f)
		}
		return nil
	}
	kind, ok := officeKinds[r.get("kind")]
	if !ok {
		return r.fail("kind", "%q: write role, body, domain, media, group, former, modifier, courtesy or culture", r.get("kind"))
	}
	for _, n := range names {
		b.enter(n, form{kind: kind, fact: f, plural: kind == formGroup && strings.HasSuffix(n, "s")})
		if kind == formRole || kind == formBody {
			if p := plural(n); p != n {
				b.enter(p, form{kind: kind, fact: f, plural: true})
			}
		}
	}
	return nil
}

// enterDomain makes the offices of a domain of government: "defence" has a
// defence ministry, a ministry of defence, a defence minister …
func (b *Book) enterDomain(domain string, f *fact) {
	for _, noun := range []string{"minister", "secretary", "vice minister"} {
		for _, n := range []string{domain + " " + noun, noun + " of " + domain, noun + " for " + domain, noun + " of the " + domain} {
			b.enter(n, form{kind: formRole, fact: f})
			b.enter(plural(n), form{kind: formRole, fact: f, plural: true})
		}
	}
	for _, noun := range []string{"chief", "commissioner"} {
		b.enter(domain+" "+noun, form{kind: formRole, fact: f})
		b.enter(plural(domain+" "+noun), form{kind: formRole, fact: f, plural: true})
	}
	for _, noun := range []string{"ministry", "department"} {
		for _, n := range []string{domain + " " + noun, noun + " of " + domain, noun + " for " + domain, noun + " of the " + domain} {
			b.enter(n, form{kind: formBody, fact: f})
		}
	}
	b.enter(domain+" ministries", form{kind: formBody, fact: f})
}

// addPerson enters a term of office. Rows of one name are one person; a later
// directory that names somebody replaces what earlier ones knew of them.
func (b *Book) addPerson(r *row) error {
	name := r.get("person")
	b.key, _ = appendName(b.key[:0], nil, name)
	p := b.people[string(b.key)]
	switch {
	case p == nil:
		p = b.newPerson(name, r.get("wikidata"))
		b.people[string(b.key)] = p
	case p.dir != b.dir:
		*p = person{id: r.get("wikidata"), name: name, dir: b.dir, fact: p.fact}
	}
	if err := b.addTerm(p, r); err != nil {
		return err
	}
	p.fact.id, p.fact.name, p.fact.gender = p.id, name, p.gender
	b.enter(name, form{kind: formPerson, fact: p.fact})
	if spelt := umlauts.Replace(name); spelt != name {
		b.enter(spelt, form{kind: formPerson, fact: p.fact})
	}
	titled := r.get("role") != "" // of those without a role too many share a surname
	for rest := r.get("names"); rest != ""; {
		var n string
		n, rest, _ = strings.Cut(rest, ";")
		b.enter(n, form{kind: formPerson, fact: p.fact})
		if spelt := umlauts.Replace(n); spelt != n {
			b.enter(spelt, form{kind: formPerson, fact: p.fact})
		}
		if titled {
			b.enter(surnameOf(n), form{kind: formSurname, fact: p.fact})
		}
	}
	if titled {
		surname := p.surname
		if surname == "" {
			surname = surnameOf(name)
		}
		b.enter(surname, form{kind: formSurname, fact: p.fact})
	}
	return nil
}

// umlauts spells letters out as agencies do: Boerge for Børge.
var umlauts = strings.NewReplacer("ö", "oe", "ø", "oe", "ü", "ue", "ä", "ae", "å", "aa", "Ö", "Oe", "Ø", "Oe", "Ü", "Ue", "Ä", "Ae", "Å", "Aa")

// sectors divides a cell of sectors; rows with the same share one list.
func (b *Book) sectors(cell string) []string {
	list, ok := b.lists[cell]
	if !ok {
		list = splitList(cell)
		b.lists[cell] = list
	}
	return list
}

// personID is a person's stable id.
func (p *person) personID() string {
	if p.id == "" {
		return idOf(p.name, p.terms[0].party)
	}
	return p.id
}

func (b *Book) addTerm(p *person, r *row) error {
	from, to, err := r.dates()
	if err != nil {
		return err
	}
	party, err := r.party("party")
	if err != nil {
		return err
	}
	o, err := r.office("office")
	if err != nil {
		return err
	}
	g, err := r.gender()
	if err != nil {
		return err
	}
	if g != "" {
		p.gender = g
	}
	if s := r.get("surname"); s != "" {
		p.surname = s
	}
	role := r.get("role")
	if len(p.terms) > 0 && (role == "") != (p.terms[0].role == "") {
		// A term with its title counts more than a bare one.
		if role == "" {
			return nil
		}
		p.terms, p.name, p.id = nil, r.get("person"), r.get("wikidata")
	}
	p.terms = append(p.terms, term{party: party, role: role, office: o, sectors: b.sectors(r.get("sectors")), from: from, to: to})
	return nil
}

// commonFact reads what all tables share.
func (r *row) commonFact(first string) (*fact, error) {
	from, to, err := r.dates()
	if err != nil {
		return nil, err
	}
	name := r.get(first)
	f := &fact{id: slug(name), name: name, from: from, to: to, sectors: r.list("sectors")}
	for _, s := range f.sectors {
		if len(s) != 3 || strings.ToUpper(s) != s {
			return nil, r.fail("sectors", "%q is no sector; write PLOVER's three capitals, as GOV", s)
		}
	}
	return f, nil
}

// enter puts one form of a name into the index. The same meaning twice is one;
// the same thing named by a later table replaces the earlier fact.
func (b *Book) enter(name string, f form) {
	b.key, b.caps = appendName(b.key[:0], b.caps[:0], name)
	if len(b.key) == 0 {
		return
	}
	f.caps = b.intern(b.caps)
	forms, old := b.forms[string(b.key)]
	for i, g := range forms {
		if g.kind == f.kind && g.fact.id == f.fact.id && g.fact.person == f.fact.person && g.caps == f.caps {
			forms[i] = f
			return
		}
	}
	if old {
		b.forms[string(b.key)] = append(forms, f)
		return
	}
	key := string(b.key)
	b.forms[key] = b.oneForm(f)
	first, _, _ := strings.Cut(key, " ")
	if len(f.caps) > b.longest[first] {
		b.longest[first] = len(f.caps)
	}
}

// oneForm is a list of one, cut from a larger one: most names have one form,
// and tens of thousands of lists cost more to allocate than to fill.
func (b *Book) oneForm(f form) []form {
	if len(b.spare) == 0 {
		b.spare = make([]form, 1024)
	}
	list := b.spare[:1:1]
	b.spare = b.spare[1:]
	list[0] = f
	return list
}

// newPerson is cut from a larger list likewise, with the fact that names it.
func (b *Book) newPerson(name, id string) *person {
	if len(b.unborn) == 0 {
		b.unborn = make([]personFact, 512)
	}
	x := &b.unborn[0]
	b.unborn = b.unborn[1:]
	x.person = person{name: name, id: id, dir: b.dir, fact: &x.fact}
	x.fact.person = &x.person
	return &x.person
}

type personFact struct {
	person person
	fact   fact
}

// intern gives one string for all equal patterns of capitals.
func (b *Book) intern(caps []byte) string {
	s, ok := b.patterns[string(caps)]
	if !ok {
		s = string(caps)
		b.patterns[s] = s
	}
	return s
}

// at gives what the person was on a day: the term that covers it, else the
// last one that ended before, else the first. Without a day it is the last.
func (p *person) at(on detente.Date) (t term, when tense) {
	if on == "" {
		return p.terms[len(p.terms)-1], present
	}
	best := -1
	for i, t := range p.terms {
		if covers(t.from, t.to, on) {
			return t, present
		}
		if t.from <= on && (best < 0 || t.from > p.terms[best].from) {
			best = i
		}
	}
	if best < 0 {
		return p.terms[0], future
	}
	return p.terms[best], past
}

// tense is how a term lies to a day.
type tense uint8

const (
	present tense = iota
	past
	future
)

// covers says whether a day lies between two days of any precision; an empty
// end is open.
func covers(from, to, on detente.Date) bool {
	if from != "" && on < from {
		return false
	}
	// "2016" as an end covers the whole of 2016: compare at its precision.
	if to != "" && len(on) >= len(to) && on[:len(to)] > to {
		return false
	}
	return true
}

// plural makes the plural of a role or body at its head noun.
func plural(s string) string {
	words := strings.Split(s, " ")
	h := len(words) - 1
	for i, w := range words {
		if i > 0 && (w == "of" || w == "for" || w == "to" || w == "in" || w == "at" || w == "without" || w == "d'affaires") {
			h = i - 1
			break
		}
	}
	w := words[h]
	switch {
	case strings.HasSuffix(w, "."), strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss"):
		return s
	case strings.HasSuffix(w, "people"), strings.HasSuffix(w, "children"):
		return s
	case w == "general" && h > 0:
		words[h-1] += "s"
		return strings.Join(words, " ")
	case strings.HasSuffix(w, "man"):
		w = w[:len(w)-2] + "en"
	case w == "woman" || strings.HasSuffix(w, "woman"):
		w = w[:len(w)-2] + "en"
	case strings.HasSuffix(w, "person") && w != "person":
		w = w[:len(w)-6] + "people"
	case strings.HasSuffix(w, "y") && len(w) > 2 && !strings.ContainsRune("aeiou", rune(w[len(w)-2])):
		w = w[:len(w)-1] + "ies"
	case strings.HasSuffix(w, "ss"), strings.HasSuffix(w, "ch"), strings.HasSuffix(w, "x"), strings.HasSuffix(w, "sh"):
		w += "es"
	default:
		w += "s"
	}
	words[h] = w
	return strings.Join(words, " ")
}

// surnameOf guesses the surname of a full name: its last word, with the
// article of Arabic names.
func surnameOf(name string) string {
	words := strings.Fields(name)
	for len(words) > 1 {
		last := strings.ToLower(strings.Trim(words[len(words)-1], "."))
		if last != "jr" && last != "sr" && last != "ii" && last != "iii" && last != "iv" && last != "i" {
			break
		}
		words = words[:len(words)-1]
	}
	return words[len(words)-1]
}

// Entry is what the Book knows of a name: who that is on the date asked for,
// and, of a person, the offices held.
type Entry struct {
	*Actor
	Terms []Term
}

// Term is an office held; an empty end is open.
type Term struct {
	Party    detente.Party
	Role     string
	Office   Office
	From, To detente.Date
}

// Find gives all that a name may name, people in office on the date first.
// Without a date people are as the Book saw them last.
func (b *Book) Find(name string, on detente.Date) []Entry {
	key, _ := foldName(name)
	var now, then, other []Entry
	seen := make(map[*fact]bool)
	for _, f := range b.forms[key] {
		p := f.fact.person
		switch {
		case p != nil && seen[p.fact], p == nil && f.kind == formModifier:
		case p != nil:
			seen[p.fact] = true
			e := Entry{Actor: p.actor(on), Terms: p.held()}
			if _, when := p.at(on); when == present {
				now = append(now, e)
			} else {
				then = append(then, e)
			}
		case f.kind != formFormer && f.kind != formCourtesy && f.kind != formCulture:
			other = append(other, Entry{Actor: f.actor(b, name)})
		}
	}
	return append(append(now, then...), other...)
}

// held lists a person's offices.
func (p *person) held() []Term {
	out := make([]Term, len(p.terms))
	for i, t := range p.terms {
		out[i] = Term{Party: t.party, Role: t.role, Office: t.office, From: t.from, To: t.to}
	}
	return out
}

// actor is the person as of a date.
func (p *person) actor(on detente.Date) *Actor {
	t, when := p.at(on)
	a := &Actor{ID: p.personID(), Name: p.name, Kind: KindPerson, Gender: p.gender, Party: t.party, Country: t.party, Role: t.role, Office: t.office, Sectors: t.sectors}
	switch when {
	case past:
		a.formerly()
	case future:
		a.Role = ""
		a.formerly()
	}
	return a
}

// formerly takes the office, and whom they spoke for, from somebody who no
// longer holds it, or not yet; the country stays.
func (a *Actor) formerly() {
	if a.Role != "" && !strings.HasPrefix(a.Role, "former ") {
		a.Role = "former " + a.Role
	}
	a.Party, a.Office, a.BodyOffice, a.Sectors = "", OfficeOther, OfficeOther, []string{"ELI"}
}

// String tells the size of the Book.
func (b *Book) String() string {
	return fmt.Sprintf("%d states, %d people, %d names", len(b.states), len(b.people), len(b.forms))
}
