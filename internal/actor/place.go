package actor

import (
	"sort"
	"strings"
)

// A state's or a capital's name is a government ("talks with Ankara", "Moscow
// said") or only a place ("met in Geneva", "flew to Washington"). The
// preposition decides, with the verb or noun before it where it must.

// placePrepositions make a place of what follows.
var placePrepositions = map[string]bool{"in": true, "at": true, "near": true, "inside": true, "outside": true, "across": true, "around": true,
	"throughout": true, "via": true, "through": true, "within": true, "off": true, "into": true, "above": true, "along": true}

// motion are the verbs and nouns whose "to" and "from" name places.
var motion = map[string]bool{"arrive": true, "come": true, "go": true, "travel": true, "fly": true, "return": true, "head": true, "move": true,
	"flee": true, "drive": true, "sail": true, "rush": true, "journey": true, "withdraw": true, "depart": true, "leave": true, "deport": true,
	"evacuate": true, "escape": true, "walk": true, "march": true, "fled": true, "flew": true, "went": true,
	"came": true, "arrived": true, "travelled": true, "traveled": true, "returned": true, "heading": true, "arrival": true, "way": true,
	"flight": true, "route": true, "returning": true, "travelling": true, "traveling": true, "flying": true, "arriving": true, "trip": true,
	"home": true, "directly": true}

// bound are the words whose "for" names where one goes.
var bound = map[string]bool{"left": true, "leave": true, "leaves": true, "leaving": true, "bound": true, "headed": true, "heading": true,
	"departed": true, "departs": true, "departing": true, "off": true, "flight": true, "plane": true, "sailed": true}

// nearWords may stand between a preposition and a place.
var nearWords = map[string]bool{"the": true, "a": true, "an": true, "southern": true, "northern": true, "eastern": true, "western": true, "central": true, "nearby": true,
	"neighbouring": true, "neighboring": true, "downtown": true, "southeastern": true, "northwestern": true, "northeastern": true, "southwestern": true,
	"city": true, "of": true, "capital": true, ",": true, "war-torn": true, "government-held": true, "occupied": true, "and": true}

// isPlace says whether the name at ph is only a place.
func (p *parser) isPlace(ph *phrase) bool {
	switch ph.form.kind {
	case formPlace, formRegion:
		return true
	case formState, formCapital:
	default:
		return false
	}
	if ph.possessive {
		return false
	}
	if p.dateline(ph) {
		return true
	}
	first := p.doc.Sents[p.word(ph.first).Sent].First
	w := ph.first - 1
	for ; w >= first && nearWords[p.lower(w)]; w-- {
		if word := p.lower(w); word == "," || word == "and" {
			// "in Moscow and Kiev", "in Antalya, Turkey": as the name before
			return w > first && p.placeBefore(w-1)
		}
		if p.lower(w) == "of" {
			switch prev := p.lower(max(w-1, first)); prev {
			case "north", "south", "east", "west", "city", "town", "outskirts", "suburb", "streets", "province", "region", "part", "parts", "coast", "side":
				return true
			case "capital":
				continue
			}
			return false
		}
	}
	if w < first {
		return false
	}
	prep := p.lower(w)
	switch {
	case placePrepositions[prep]:
		return true
	case prep == "to" || prep == "from":
		for v := w - 1; v >= first && v >= w-2; v-- {
			if motion[p.lower(v)] || motion[strings.ToLower(p.word(v).Lemma)] || p.lower(v) == "back" {
				return prep == "to" || ph.form.kind == formCapital || p.word(v).UPOS == "VERB" || p.word(v).UPOS == ""
			}
		}
	case prep == "for":
		for v := w - 1; v >= first && v >= w-2; v-- {
			if bound[p.lower(v)] {
				return true
			}
		}
	case prep == "reached" || prep == "leave" || prep == "left" || prep == "toured" || prep == "entered":
		return ph.form.kind == formCapital
	}
	return false
}

// placeBefore says whether the name that ends at word w was settled as a place.
func (p *parser) placeBefore(w int) bool {
	k := sort.Search(len(p.out), func(i int) bool { return p.out[i].first > w })
	for n := 0; n < 3 && k > 0; n++ { // a hyphened name lies within the phrase that it modifies
		k--
		if p.out[k].end == w+1 {
			return p.out[k].placeOnly
		}
	}
	return false
}

// afterPreposition says whether a phrase stands after a preposition, or after
// an article or adjective that does.
func (p *parser) afterPreposition(ph *phrase) bool {
	w := ph.first - 1
	if w < p.doc.Sents[p.word(ph.first).Sent].First {
		return false
	}
	switch p.lower(w) {
	case "of", "to", "from", "with", "by", "for", "on", "against", "toward", "towards", "between", "at", "in", "about", "over", "into", "near":
		return true
	}
	return false
}

// dateline recognises "MOSCOW (Reuters) -" and "GENEVA, Dec. 21 -" at the
// beginning of a paragraph.
func (p *parser) dateline(ph *phrase) bool {
	s := p.doc.Sents[p.word(ph.first).Sent]
	if ph.first != s.First || ph.end >= s.End {
		return false
	}
	if f := p.doc.Words[ph.first].Form; f != strings.ToUpper(f) || len(f) < 3 {
		return false
	}
	switch p.doc.Words[ph.end].Form {
	case "(", ",", "-", "–", "—", "--":
		return true
	}
	return false
}
