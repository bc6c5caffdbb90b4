package actor

import (
	"strings"

	"detente/internal/nlp"
)

// people widens the entities of people to whole names: over hyphens ("Marie"
// of Marie-Pier Baril) and over the capitals beside them.
func (p *parser) people(ents []nlp.Entity) []nlp.Entity {
	out := make([]nlp.Entity, 0, len(ents))
	for _, e := range ents {
		if n := len(out); n > 0 && e.End <= out[n-1].End {
			continue // part of the name before
		}
		if e.Kind == nlp.Person {
			s := p.doc.Sents[p.word(e.First).Sent]
			from, to := s.First, s.End
			if len(out) > 0 {
				from = max(from, out[len(out)-1].End)
			}
			for e.First > from && p.partOf(e.First-1, s.First) {
				e.First--
			}
			for e.End < to && p.partOf(e.End, s.First) {
				e.End++
			}
			if p.givenName(e, to) {
				e.End += 2
			}
			if p.doc.Words[e.End-1].Form == "-" {
				e.End--
			}
			if n := len(out); n > 0 && out[n-1].End > e.First {
				if e.End > out[n-1].End {
					out[n-1].End = e.End
				}
				continue
			}
		}
		out = append(out, e)
	}
	return out
}

// givenName says whether "-in" or the like of a Korean name follows.
func (p *parser) givenName(e nlp.Entity, limit int) bool {
	if e.End-e.First < 2 || e.End+1 >= limit || p.doc.Words[e.End].Form != "-" || p.doc.Words[e.End-1].SpaceAfter || p.doc.Words[e.End].SpaceAfter {
		return false
	}
	x := p.word(e.End + 1)
	return len(x.Form) <= 5 && isLetters(x.Form) && x.UPOS != "VERB" && x.UPOS != "ADJ" && !leading[strings.ToLower(x.Form)]
}

// partOf says whether a word beside a person's name is part of it.
func (p *parser) partOf(w, sentence int) bool {
	x := p.word(w)
	if x.Form == "-" {
		return w > sentence && !p.doc.Words[w-1].SpaceAfter && !x.SpaceAfter && w+1 < len(p.doc.Words) && capitalised(p.doc.Words[w+1].Form) && capitalised(p.doc.Words[w-1].Form)
	}
	if x.Rel == "flat" && x.Head < w && x.UPOS == "PROPN" && p.atomAt[w] != 0 && p.atoms[p.atomAt[w]-1].form(formState, formCapital, formPlace) != nil {
		return p.atoms[p.atomAt[w]-1].end == w+1 // Michael Jordan
	}
	if !capitalised(x.Form) || x.UPOS != "PROPN" && x.UPOS != "NOUN" && x.UPOS != "ADJ" || w == sentence && x.UPOS != "PROPN" || notName[strings.ToLower(x.Form)] {
		return false
	}
	return p.atomCovering(w) == nil && !p.timeAt[w]
}

// nameAt gives the end of a person's name that begins at word i, or i. After a
// title any run of capitalised words is a name; elsewhere the Book, the named
// entities or the text itself must know it.
func (p *parser) nameAt(i, limit int, titled bool) int {
	if i >= limit {
		return i
	}
	a := p.atom(i, limit)
	if a != nil && a.form(formPerson) != nil && capitalised(p.doc.Words[i].Form) {
		return p.wider(i, a.end, limit)
	}
	if p.timeAt[i] {
		return i
	}
	if e := p.personAt(i); e != nil && !p.modifies(e, a) {
		if end := min(e.End, limit); end > i && (a == nil || a.end <= end) && p.looksLikeName(i, end) {
			return p.trimName(i, end)
		}
	}
	if titled {
		return p.capitalRun(i, limit)
	}
	if a != nil && a.form(formState, formAdjective, formCapital, formOrg, formRole, formBody, formSeat, formMedium, formPlace, formParty, formModifier, formFormer, formCourtesy, formMedia, formGroup) != nil && (a.form(formState, formCapital, formOrg, formPlace) != nil || !p.known[fold1(p.doc.Words[i].Form)]) {
		return i
	}
	if p.isSurname(i, a) {
		end := i + 1
		if a != nil && a.form(formSurname) != nil {
			end = a.end
		}
		return end
	}
	return i
}

// modifies says whether a one-word entity that nobody else knows is only the
// modifier of the noun after it: no person.
func (p *parser) modifies(e *nlp.Entity, a *atom) bool {
	if e.End-e.First > 1 || a.form(formSurname) != nil || p.known[fold1(p.doc.Words[e.First].Form)] {
		return false
	}
	w := p.word(e.First)
	return w.Head > e.First && w.Head < len(p.doc.Words) && p.word(w.Head).UPOS == "NOUN" && (w.Rel == "compound" || w.Rel == "amod")
}

func fold1(s string) string { key, _ := foldName(s); return key }

// isSurname says whether a lone word is a surname that the text or the Book
// knows.
func (p *parser) isSurname(i int, a *atom) bool {
	w := p.word(i)
	if i > p.doc.Sents[w.Sent].First && p.partOf(i-1, p.doc.Sents[w.Sent].First) && !p.known[fold1(w.Form)] {
		return false // the end of a longer name
	}
	if p.known[fold1(w.Form)] && capitalised(w.Form) && i == p.doc.Sents[w.Sent].First && i+1 < p.doc.Sents[w.Sent].End {
		switch p.word(i + 1).UPOS { // "May then called": no question, no wish
		case "VERB", "ADV", "AUX":
			return true
		}
	}
	if !capitalised(w.Form) || w.UPOS != "" && w.UPOS != "PROPN" && !(w.UPOS == "NOUN" || w.UPOS == "ADJ") {
		return false
	}
	if e := p.entAt[i]; e != 0 && p.ents[e-1].Kind != nlp.Person && p.ents[e-1].End-p.ents[e-1].First > 1 {
		return false
	}
	if p.known[fold1(w.Form)] {
		return true
	}
	if a == nil || a.form(formSurname) == nil {
		return false
	}
	return w.UPOS == "PROPN" || w.UPOS == ""
}

// personAt is the named person whose entity begins at word i, or covers it
// after words that are a title.
func (p *parser) personAt(i int) *nlp.Entity {
	if p.entAt[i] == 0 {
		return nil
	}
	e := &p.ents[p.entAt[i]-1]
	if e.Kind != nlp.Person {
		return nil
	}
	for w := e.First; w < i; w++ {
		if p.atomAt[w] == 0 && capitalised(p.doc.Words[w].Form) && w == i-1 && p.atomCovering(w) == nil {
			return nil
		}
	}
	return e
}

func (p *parser) atomCovering(w int) *atom {
	for k := w; k >= 0 && k > w-8; k-- {
		if p.atomAt[k] != 0 {
			if a := &p.atoms[p.atomAt[k]-1]; a.end > w {
				return a
			}
			return nil
		}
	}
	return nil
}

// looksLikeName refuses entities that begin with a title or an owner.
func (p *parser) looksLikeName(i, end int) bool {
	if !capitalised(p.doc.Words[i].Form) && !particles[p.lower(i)] {
		return false
	}
	a := p.atom(i, end)
	if a == nil {
		return true
	}
	if a.form(formPerson, formSurname) != nil {
		return true
	}
	if a.form(formRole, formCourtesy, formBody, formSeat, formMedium, formOrg, formGroup, formMedia, formFormer, formParty) != nil {
		return false
	}
	if a.form(formModifier) != nil {
		return false
	}
	// A state's or city's name is somebody's first name where more follows.
	if a.form(formAdjective, formPeople) != nil {
		return false
	}
	return a.end < end
}

// trimName leaves possessives, closing punctuation and titles off a name.
func (p *parser) trimName(i, end int) int {
	for w := i; w < end; w++ {
		if p.isPossessive(w, end) {
			return w
		}
		if w > i {
			if a := p.atom(w, end); a.form(formRole, formCourtesy) != nil && a.form(formPerson, formSurname) == nil {
				return w
			}
		}
	}
	for end > i+1 && !isLetters(p.doc.Words[end-1].Form) {
		end--
	}
	return end
}

// wider extends a name of the Book to the entity that the tagger saw.
func (p *parser) wider(i, end, limit int) int {
	if e := p.entAt[i]; e != 0 {
		if ent := p.ents[e-1]; ent.Kind == nlp.Person && ent.First == i && ent.End > end && ent.End <= limit {
			return p.trimName(i, ent.End)
		}
	}
	return end
}

// particles are the small words inside names.
var particles = map[string]bool{"al": true, "bin": true, "ibn": true, "bint": true, "de": true, "van": true, "von": true, "der": true, "den": true,
	"da": true, "dos": true, "ul": true, "el": true, "la": true, "le": true, "du": true, "di": true, "del": true, "abu": true, "ter": true, "zu": true, "ould": true, "ag": true, "e": true, "y": true, "-": true, "al-": true}

// notName are capitalised words that end a name.
var notName = map[string]bool{"monday": true, "tuesday": true, "wednesday": true, "thursday": true, "friday": true, "saturday": true, "sunday": true,
	"january": true, "february": true, "march": true, "april": true, "june": true, "july": true, "august": true, "september": true, "october": true,
	"november": true, "december": true, "i": true, "he": true, "she": true, "the": true, "a": true, "in": true, "on": true, "at": true, "and": true, "of": true, "it": true, "they": true, "we": true}

// capitalRun is the run of capitalised words after a title.
func (p *parser) capitalRun(i, limit int) int {
	end := i
	for w := i; w < limit; w++ {
		form := p.doc.Words[w].Form
		if p.isPossessive(w, limit) {
			break
		}
		if a := p.atom(w, limit); a != nil && a.form(formPerson, formSurname) == nil && (w == i || !p.partOfName(a, w)) {
			break
		}
		switch {
		case capitalised(form) && !notName[strings.ToLower(form)]:
			end = w + 1
			continue
		case w > i && form == "." && !p.doc.Words[w-1].SpaceAfter && len(p.doc.Words[w-1].Form) == 1:
			continue
		case particles[strings.ToLower(form)] && w+1 < limit && (capitalised(p.doc.Words[w+1].Form) || particles[p.lower(w+1)]):
			continue
		}
		break
	}
	return end
}

// partOfName says whether a Book's name inside a run of capitals is part of
// the person's name: a place name after a first name, as in "Michael Jordan".
func (p *parser) partOfName(a *atom, w int) bool {
	if a.form(formRole, formBody, formCourtesy, formSeat, formOrg, formMedium, formAdjective, formPeople) != nil && a.form(formPlace) == nil {
		return false
	}
	return a.form(formState, formCapital, formPlace, formParty) != nil && !p.isPossessive(a.end, len(p.doc.Words))
}
