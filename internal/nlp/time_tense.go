package nlp

// tense is how a clause stands to the day of publication.
type tense int

const (
	tenseUnknown tense = iota
	tensePast
	tenseFuture
)

// tense gives the tense of the clause that words first … end-1 stand in: signs
// of a plan just before them, else the verb above them in the tree, else the
// verb above that.
func (r *timeReader) tense(first, end int) tense {
	if r.announced(first) {
		return tenseFuture
	}
	if t := r.besideVerb(first, end); t != tenseUnknown {
		return t
	}
	i := r.d.headOf(first, end)
	for hop := 0; hop < clauseHops && i >= 0; hop++ {
		w := r.d.Words[i]
		if w.UPOS == "VERB" || w.UPOS == "AUX" || w.Head < 0 || r.hasCopula(i) {
			if t := r.verbTense(i); t != tenseUnknown {
				if t == tenseFuture && (r.pastBetween(i, first) || r.possessive(end) && !r.isPlan(i)) {
					return tensePast
				}
				return t
			}
		}
		i = w.Head
	}
	return tenseUnknown
}

// isPlan reports whether verb v looks ahead by a modal, or as the complement
// of a verb of planning. What is only present does not make "Monday's debate"
// one to come.
func (r *timeReader) isPlan(v int) bool {
	a := r.auxiliariesOf(v)
	head := r.d.Words[v].Head
	return a.modal || a.infinitive && head >= 0 && r.words["plan"].has(lowerASCII(r.d.Words[head].Lemma))
}

// pastBetween reports whether a finite past verb stands between a verb and
// the date that the parser hung on it: the date is then more likely that
// verb's ("gave him a week to leave and closed the line on Monday").
func (r *timeReader) pastBetween(verb, first int) bool {
	for k := verb + 1; k < first; k++ {
		if w := r.d.Words[k]; w.XPOS == "VBD" && w.UPOS == "VERB" {
			return true
		}
	}
	return false
}

// besideVerb reads what stands right beside the date, where the parser errs
// most: the verb just before it ("a poll released Friday shows"), or, after a
// date that opens the sentence, a past verb as the first finite one.
func (r *timeReader) besideVerb(first, end int) tense {
	k := first - 1
	if k > r.first && r.d.Words[k].UPOS == "ADP" {
		k--
	}
	if k >= r.first && r.d.Words[k].UPOS == "VERB" && (r.d.Words[k].XPOS == "VBD" || r.d.Words[k].XPOS == "VBN") {
		return r.verbTense(k)
	}
	if !r.opens(first) || r.possessive(end) {
		return tenseUnknown
	}
	for k := end; k < r.end && k < end+2*verbWindow; k++ {
		switch r.d.Words[k].XPOS {
		case "VBD":
			return tensePast
		case "VBZ", "VBP", "MD":
			return tenseUnknown
		}
	}
	return tenseUnknown
}

// opens reports whether word i begins its sentence, but for prepositions,
// conjunctions and punctuation.
func (r *timeReader) opens(i int) bool {
	if i-r.first > verbWindow {
		return false
	}
	for k := r.first; k < i; k++ {
		switch r.d.Words[k].UPOS {
		case "PUNCT", "ADP", "CCONJ", "ADV":
		default:
			return false
		}
	}
	return true
}

// possessive reports whether 's follows the date: "Monday's debate".
func (r *timeReader) possessive(end int) bool { return r.is(end, "'s", "'") }

// announced reports whether a word of planning stands within the four words
// before word first ("scheduled for Friday", "ahead of Monday's talks").
func (r *timeReader) announced(first int) bool {
	for k := first - 1; k >= r.first && k >= first-4; k-- {
		if n, _ := r.words["ahead"].at(r.low, k, first); n > 0 {
			return !r.nearWord(k, "had")
		}
	}
	return false
}

func (r *timeReader) nearWord(i int, word string) bool {
	for k := i - 1; k >= r.first && k >= i-3; k-- {
		if r.low[k] == word {
			return true
		}
	}
	return false
}

func (r *timeReader) hasCopula(i int) bool {
	for k := i - 1; k >= r.first && k >= i-verbWindow; k-- {
		if r.d.Words[k].Head == i && relBase(r.d.Words[k].Rel) == "cop" {
			return true
		}
	}
	return false
}

// verbWindow is how many words before a verb its auxiliaries are looked for.
const verbWindow = 12

// auxiliaries is what stands before a verb.
type auxiliaries struct {
	modal, infinitive, past, present, perfect bool
}

func (r *timeReader) auxiliariesOf(v int) auxiliaries {
	var a auxiliaries
	for k := v - 1; k >= r.first && k >= v-verbWindow; k-- {
		w := r.d.Words[k]
		if w.Head != v {
			continue
		}
		switch base := relBase(w.Rel); {
		case base == "mark" && r.low[k] == "to":
			a.infinitive = true
		case base != "aux" && base != "cop":
		case r.low[k] == "could" && r.isNegated(k), r.low[k] == "used":
			a.past = true // "could not be reached"
		case w.XPOS == "MD":
			a.modal = true
		case w.Lemma == "have":
			a.perfect = true
		case w.XPOS == "VBD":
			a.past = true
		case w.XPOS == "VBZ" || w.XPOS == "VBP":
			a.present = true
		}
	}
	return a
}

func (r *timeReader) isNegated(k int) bool { return r.is(k+1, "not", "n't", "n’t") }

// verbTense reads the tense of one verb (or of a predicate with a copula);
// unknown means that the verb above decides.
func (r *timeReader) verbTense(v int) tense {
	w := r.d.Words[v]
	a := r.auxiliariesOf(v)
	switch {
	case a.modal && a.perfect, a.past, a.perfect && !a.infinitive:
		return tensePast
	case a.modal:
		return tenseFuture
	case a.infinitive:
		return r.infinitiveTense(w)
	case a.present:
		return r.presentTense(w)
	}
	switch w.XPOS {
	case "VBD":
		return tensePast
	case "VBZ", "VBP":
		return r.presentTense(w)
	case "VBN":
		if n, _ := r.words["ahead"].at(r.low, v, v+1); n > 0 {
			return tenseFuture
		}
		return tensePast
	}
	return tenseUnknown
}

// infinitiveTense: what is planned lies ahead; what somebody managed, failed
// or began to do happened when they did; so did what a purpose clause tells.
func (r *timeReader) infinitiveTense(w Word) tense {
	if w.Head < 0 {
		return tenseFuture
	}
	if w.Rel == "advcl" || r.words["same-time"].has(lowerASCII(r.d.Words[w.Head].Lemma)) {
		return tenseUnknown
	}
	return tenseFuture
}

// presentTense: a present with a date is a timetable ("the talks begin on
// Friday"), but headlines and verbs of saying tell what was.
func (r *timeReader) presentTense(w Word) tense {
	if r.inHeadline(w.Sent) || r.words["reporting"].has(lowerASCII(w.Lemma)) {
		return tensePast
	}
	return tenseFuture
}

// inHeadline reports whether sentence si is the title: alone in the first
// block and without a full stop.
func (r *timeReader) inHeadline(si int) bool {
	s := r.d.Sents[si]
	return s.Block == 0 && si == 0 && (len(r.d.Sents) == 1 || r.d.Sents[1].Block != 0) && r.low[s.End-1] != "."
}
