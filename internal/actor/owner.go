package actor

import "strings"

// What stands before a head and owns it: demonyms, names, possessives; and
// what only looks like it, languages and cuisines.

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
