package event

import (
	"slices"
	"strings"

	"detente"
)

// stance is how a trigger stands to the world: its factuality, and whether
// the doer refused it (which makes it another event: a rejection).
type stance struct {
	fact    detente.Factuality
	refused bool
	negated bool
	// must: demanded by a plain "must" or "should", of whoever does it
	must bool
	// conditional: an "if" or "unless" hangs on it
	conditional bool
	// announced: planned by a plain "will", not hoped, proposed or threatened
	announced bool
}

// stanceOf walks from the trigger's verb up the clauses that govern it and
// collects negation, tense, modality and the classes of the governing words
// (data/events/classes.rules: plan, call, deny, refuse, allege). The walk ends
// at the cue of the statement that holds the trigger (a cue that governs an
// infinitive, as "refused to", still counts); what the statement's modality
// says comes last.
func (c *coding) stanceOf(r *Rule, f *frame, st *detente.Statement) stance {
	t := c.tree
	s := scan{neg: r.Negative, ownAux: r.asks("aux")} // a negation that the rule itself asks for is no denial
	if f.trigger != f.verb {
		s.noun(c, r, f)
	}
	if v := f.verb; v >= 0 && !c.mentioned(r, f) {
		s.clause(c, v, f.trigger)
		if (t.rel(v) == "root" || capitals(t.word(v).Form)) && (t.hasTo(v) || v > 0 && t.word(v-1).Head == v && t.form(v-1) == "to") { // a headline's future: "Chad, Niger to reopen embassies"
			s.planned, s.will = true, true
		}
		if capitals(t.word(v).Form) && v+2 < len(t.words) && t.form(v+1) == "to" && isVerb(t.word(v+2)) && !c.class("implicative", t.lemma(v)) { // "CHIP TALKS TO START", read as a verb
			s.planned = true
		}
		for n := 0; n < 12; n++ {
			h := t.word(v).Head
			if h >= 0 && c.isCue(h, st) && t.rel(v) != "xcomp" {
				s.cue(c, h) // "demanded that X free Y"
			}
			if h < 0 || c.isCue(h, st) && t.rel(v) != "xcomp" || !s.govern(c, v, h) || c.isCue(h, st) {
				break
			}
			v = h
		}
	}
	told := st
	if f.verb >= 0 && r.asks("light") && c.isCue(f.verb, st) { // "pledged support" is no intention of support
		told = nil
	}
	out := s.decide(c, told)
	out.conditional = f.verb >= 0 && c.conditional(f.verb)
	if out.fact == detente.Happened {
		out.fact = c.hearsay(f.trigger)
	}
	return out
}

// mentioned reports a noun trigger whose deed stands as told whatever the clause
// around says of it: "the veto surprised nobody", "might regret the expulsion".
// Whether it is demanded, denied or called off, noun has read.
func (c *coding) mentioned(r *Rule, f *frame) bool {
	return r.asksAny("anchor") && !r.asks("light") && !f.light && f.verb != f.trigger && (f.verb < 0 || !c.class("occur", c.tree.lemma(f.verb)))
}

// capitals reports a word of a headline in capitals, whose tree says little.
func capitals(form string) bool { return len(form) > 2 && form == strings.ToUpper(form) }

// conditional reports a clause with "if" or "unless" under a verb.
func (c *coding) conditional(v int) bool {
	t := c.tree
	return slices.ContainsFunc(t.kids[v], func(k int) bool {
		m := t.kid(k, "mark")
		return t.rel(k) == "advcl" && m >= 0 && (t.form(m) == "if" || t.form(m) == "unless")
	})
}

// hearsay reads off the words three ways in which a sentence tells what did not,
// or may not have, happened: "reports that they had met (were false)", "Did they
// meet?" and "Had they met, …".
func (c *coding) hearsay(trigger int) detente.Factuality {
	t := c.tree
	sent := c.doc.Sents[t.word(trigger).Sent]
	verbs := 0
	for i := trigger - 1; i > sent.First; i-- {
		if t.word(i).UPOS == "VERB" && i != t.word(trigger).Head { // but "a report that they held talks"
			verbs++
		}
		if verbs == 0 && t.form(i) == "that" && c.class("rumour", t.lemma(i-1), t.form(i-1)) {
			if c.refuted(i-1, trigger) {
				return detente.DeniedHappened
			}
			return detente.Alleged
		}
	}
	if t.form(sent.End-1) == "?" && verbs == 0 && t.word(sent.First).UPOS == "AUX" {
		return detente.Alleged // "Did they meet?"
	}
	switch t.form(sent.First) {
	case "had", "were", "should":
		if verbs == 0 && isVerb(t.word(trigger)) && t.form(sent.End-1) != "?" {
			return detente.DeniedHappened
		}
	}
	return detente.Happened
}

// refuted reports that the rumour at word n, of what the trigger tells, is called
// untrue ("reports that they had met were false") or waved away ("brushed aside a
// report that they had met").
func (c *coding) refuted(n, trigger int) bool {
	t := c.tree
	sent := c.doc.Sents[t.word(trigger).Sent]
	for j := sent.First; j < sent.End; j++ {
		if (j < n || j > trigger) && c.class("untrue", t.form(j)) {
			return true
		}
	}
	v := t.word(n).Head
	return v >= 0 && (c.class("deny", t.lemma(v)) || c.class("refuse", t.lemma(v)) || c.class("brush", t.lemma(v)))
}

// cue reads the cue of a statement that asks for what it tells, or leaves it open.
func (s *scan) cue(c *coding, cue int) {
	switch {
	case c.class("call", c.tree.lemma(cue)):
		s.called = true
	case c.ruledOut(cue):
		s.clause(c, cue, -1)
		s.classOf(c, cue)
	}
}

// scan collects what the walk saw.
type scan struct {
	neg                                    bool // an odd number of negations
	planned, called, alleged, refused, may bool
	denied, will, must                     bool
	ownAux                                 bool // the rule names the auxiliary: it is part of the deed
}

// noun reads the noun phrase of a noun trigger: "no meeting", "planned talks",
// "a proposed summit", "ahead of the meeting", "a call for talks".
func (s *scan) noun(c *coding, r *Rule, f *frame) {
	t := c.tree
	if t.negated(f.trigger) {
		s.neg = !s.neg
	}
	for _, m := range f.slots["mod"] {
		switch w := t.lemma(m); {
		case c.class("planned-adj", w, t.form(m)):
			s.planned = true
		case c.class("alleged-adj", w, t.form(m)):
			s.alleged = true
		}
	}
	for _, k := range t.kids[f.trigger] { // "talks scheduled for Friday"
		if t.rel(k) == "acl" && t.word(k).XPOS == "VBN" && c.class("planned-adj", t.lemma(k), t.form(k)) {
			s.planned = true
		}
	}
	switch f.anchor {
	case "before", "ahead", "ahead_of", "for", "to", "towards", "toward":
		if f.anchor != "for" || f.verb < 0 || !c.class("travel", t.lemma(f.verb)) {
			s.planned = true
		}
		if f.anchor == "for" && f.verb >= 0 && t.lemma(f.verb) != "arrive" && t.word(f.verb).XPOS == "VBZ" {
			s.planned = true // "flies to Geneva today for talks"
		}
	case "without":
		s.neg = !s.neg
	}
	h := t.word(f.top).Head
	if f.anchor == "copula" && c.class("ahead", t.lemma(h)) { // "is due in May", "is not on the agenda"
		s.planned = true
		if c.class("unlikely", t.lemma(h)) {
			s.neg = !s.neg
		}
	}
	if h >= 0 && f.anchor == "object" && (c.calledOff(h) || c.class("prevent", t.lemma(h))) {
		s.neg = !s.neg // "the march was called off", "averted a strike"
	}
	if h >= 0 && !f.light && !r.asks("light") && (f.anchor == "object" || isNoun(t.word(h)) || f.anchor == "for" && c.class("call", t.lemma(h)) || c.class("allege", t.lemma(h))) {
		s.classOf(c, h) // "called for the withdrawal of", "accused Chad of the murder of"
	}
}

// calledOff reports "cancelled", "called off".
func (c *coding) calledOff(v int) bool {
	t := c.tree
	return c.class("scrap", t.lemma(v)) || t.lemma(v) == "call" && slices.ContainsFunc(t.kids[v], func(k int) bool { return t.form(k) == "off" })
}

// asks reports a rule that names the words of a slot: a verb that governs its
// noun, or an auxiliary, is then part of the deed ("pledged support"), no stance
// to it.
func (r *Rule) asks(slot string) bool {
	return slices.ContainsFunc(r.Tests, func(x test) bool { return x.slot.path[0] == slot && !x.absent && !x.words.any })
}

// asksAny reports a rule that has a condition on a slot, of whatever words.
func (r *Rule) asksAny(slot string) bool {
	return slices.ContainsFunc(r.Tests, func(x test) bool { return x.slot.path[0] == slot && !x.absent })
}

// classOf notes what a governing word does to what it governs.
func (s *scan) classOf(c *coding, h int) {
	t := c.tree
	w := t.lemma(h)
	switch {
	case c.class("deny", w):
		s.denied = true
		if c.leftOpen(h) {
			s.denied, s.neg, s.alleged = false, false, true
		}
	case c.class("refuse", w):
		s.refused = true
	case c.class("call", w):
		s.called = true
	case c.ruledOut(h):
		if t.negated(h) { // not ruled out: it may come to it
			s.planned, s.neg = true, !s.neg
		} else {
			s.refused = true
		}
	case w == "want" && t.kid(h, "obj") >= 0: // of another
		s.called = true
	case c.class("plan", w):
		s.planned = true
	case c.class("allege", w), c.class("link", w):
		s.alleged = true
	}
}

// leftOpen reports "neither confirmed nor denied", "would not confirm or deny".
func (c *coding) leftOpen(deny int) bool {
	t := c.tree
	for i := deny - 1; i > 1 && i > deny-4 && t.word(i).Sent == t.word(deny).Sent; i-- {
		if f := t.form(i); f == "nor" || f == "or" {
			return t.lemma(i-1) == "confirm"
		}
	}
	return false
}

// ruledOut reports "rule out".
func (c *coding) ruledOut(v int) bool {
	t := c.tree
	return v >= 0 && t.lemma(v) == "rule" && slices.ContainsFunc(t.kids[v], func(k int) bool { return t.form(k) == "out" })
}

// clause reads one verb: negation, auxiliaries, conditional marks.
// The negation of the word trigger has been counted already.
func (s *scan) clause(c *coding, v, trigger int) {
	t := c.tree
	if t.negated(v) != t.argumentNegated(v, trigger) {
		s.neg = !s.neg
	}
	for _, k := range t.kids[v] {
		switch t.rel(k) {
		case "aux":
			if s.ownAux && v == trigger {
				continue
			}
			switch t.form(k) {
			case "will", "shall", "'ll", "’ll", "wo", "would", "'d", "’d":
				if !s.any() {
					s.will = true
				}
				s.planned = true
			case "may", "might", "could", "can", "ca":
				s.may = true
			case "should", "must", "ought":
				s.called, s.must = true, !s.any()
			}
			if f := t.form(k); (f == "had" || f == "should" || f == "were") && t.inverted(v, k) {
				s.neg = !s.neg // "had they met": they did not
			}
		case "mark":
			s.whenever(t, v, k)
			switch t.form(k) {
			case "if", "unless":
				if x := t.word(v).XPOS; (x == "VBZ" || x == "VBP") && t.kid(v, "aux") < 0 { // "unless they meet": what may come
					s.planned = true
				}
				s.may = true
			case "whether":
				s.may = true
			case "due", "set", "about": // "due to meet", read as one mark
				s.planned = true
			case "before", "toward", "towards":
				if t.word(v).XPOS == "VBG" && !s.any() {
					s.planned = true
				}
			case "instead", "instead_of":
				s.neg = !s.neg
			case "against": // "decided against expelling"
				if t.word(v).XPOS == "VBG" {
					s.neg = !s.neg
				}
			case "from", "of", "to":
				if v == trigger || t.word(v).XPOS == "VBG" {
					s.short(c, v, k)
				}
			}
		case "advmod":
			s.whenever(t, v, k)
			switch f := t.form(k); {
			case c.class("alleged-adj", f):
				s.alleged = true
			case k == v-1 && c.class("almost", f):
				s.neg = !s.neg // "nearly broke off ties": it did not
			}
		}
	}
}

// whenever reads "when he visits Chad": told in the present tense it is still to
// come.
func (s *scan) whenever(t *tree, v, k int) {
	switch t.form(k) {
	case "when", "once", "until", "till":
		if x := t.word(v).XPOS; (x == "VBZ" || x == "VBP") && t.kid(v, "aux") < 0 {
			s.planned = true
		}
	}
}

// short reads "far from holding", "instead of meeting", "close to cutting",
// "kept them from meeting": verb v, which the preposition k marks, was not done.
func (s *scan) short(c *coding, v, k int) {
	if k == 0 {
		return
	}
	if h := c.tree.word(v).Head; c.tree.form(k) == "from" && h >= 0 && c.class("prevent", c.tree.lemma(h)) {
		s.neg = !s.neg
		return
	}
	switch c.tree.form(k - 1) {
	case "far", "instead", "short", "close":
		s.neg = !s.neg
	}
}

// inverted reports an auxiliary before the subject where no question is asked.
func (t *tree) inverted(v, aux int) bool {
	if aux > 0 && t.form(aux-1) == "there" {
		return false // "there had been no break"
	}
	s := t.kid(v, "nsubj")
	last := t.doc.Sents[t.word(v).Sent].End - 1
	return s > aux && t.form(last) != "?"
}

// govern takes the step from verb v to its governor h; false ends the walk.
func (s *scan) govern(c *coding, v, h int) bool {
	t := c.tree
	switch t.rel(v) {
	case "xcomp", "ccomp", "csubj", "advcl", "acl", "obj", "obl":
	case "conj":
		// a conjunct shares the auxiliaries and governors of the first verb
		// unless it has its own tense
		if finite(t.word(v)) && (t.kid(v, "nsubj") >= 0 || !finite(t.word(h))) {
			return false
		}
		if t.kid(v, "aux") < 0 && !finite(t.word(v)) {
			s.clause(c, h, -1)
		}
		return true
	default:
		return false
	}
	infinitive := t.word(v).XPOS == "VB" && t.hasTo(v)
	switch t.rel(v) {
	case "advcl":
		if infinitive && c.class("travel", t.lemma(h)) && !t.hasTo(h) {
			s.clause(c, h, -1) // "flew to Geneva to meet": they went
			return false
		}
		if t.word(v).XPOS == "VBG" && v > h && v <= h+2 && t.kid(v, "mark", "nsubj") < 0 { // "ruled out expelling"
			s.classOf(c, h)
			s.clause(c, h, -1)
			return true
		}
		if infinitive && t.lemma(h) == "do" && c.doesWell(h) {
			s.called, s.must = true, true
			return false
		}
		if t.word(v).XPOS == "VBG" && c.class("link", t.lemma(h)) { // "was linked to hacking"
			s.alleged = true
			return false
		}
		if t.asked(v) >= 0 { // "urged Chad to free them"
			s.classOf(c, h)
			s.clause(c, h, -1)
			return true
		}
		if infinitive { // purpose: "phoned to offer"
			s.planned = true
		}
		return infinitive
	case "acl":
		if t.word(v).XPOS == "VBG" && c.banned(h) { // "a ban on its envoys meeting theirs"
			s.neg = !s.neg
			return false
		}
		if t.word(v).Rel == "acl:relcl" || t.word(v).XPOS == "VBN" || t.word(v).XPOS == "VBG" && !isNoun(t.word(h)) {
			return false
		}
		s.classOf(c, h)
		if t.negated(h) { // "has no plans to"
			s.neg = !s.neg
		}
		if infinitive && !s.any() {
			s.planned = true
		}
		return isVerb(t.word(h)) || isNoun(t.word(h))
	}
	lemma := t.lemma(h)
	if t.hasTo(v) && t.rel(v) == "xcomp" && c.class("hearsay", lemma) && t.passive(h) {
		s.alleged = true // "is said to have met"
		return false
	}
	if isVerb(t.word(h)) || t.word(h).UPOS == "ADJ" || isNoun(t.word(h)) {
		s.classOf(c, h)
		switch {
		case c.class("fail", lemma):
			s.neg = !s.neg
		case lemma == "ought":
			s.called, s.must = true, !s.any() // "ought to"
		case t.form(h) == "going" && t.rel(v) == "xcomp" && t.form(v-1) == "to":
			s.planned = true // "is going to meet"
		case infinitive && !s.any() && !c.class("implicative", lemma):
			s.planned = true // "is to meet", "is due to meet"
		}
		switch r := t.rel(v); {
		case c.class("know", lemma) && r == "ccomp" && t.negated(h): // "did not know whether he would"
			s.may = true
		case r == "xcomp" || r == "ccomp" || r == "csubj":
			s.clause(c, h, -1)
		}
		if t.rel(v) == "csubj" && c.class("untrue", t.form(h)) { // "it is false that"
			s.neg = !s.neg
		}
		return true
	}
	return false
}

// banned reports a noun that is a ban, or whom one concerns: "a ban on its envoys".
func (c *coding) banned(n int) bool {
	t := c.tree
	return c.class("ban", t.lemma(n)) || t.word(n).Head >= 0 && t.rel(n) == "nmod" && c.class("ban", t.lemma(t.word(n).Head))
}

// doesWell reports the verb of "would do well to", "would do better to".
func (c *coding) doesWell(v int) bool {
	t := c.tree
	return v+1 < len(t.words) && (t.form(v+1) == "well" || t.form(v+1) == "better")
}

func (s *scan) any() bool { return s.planned || s.called || s.denied || s.refused || s.alleged }

// decide weighs what was seen; a denial or refusal wins over a plan, a call
// over a plan, an allegation over a bare fact.
func (s *scan) decide(c *coding, st *detente.Statement) stance {
	out := stance{fact: detente.Happened, negated: s.neg}
	switch {
	case s.denied:
		out.fact = detente.DeniedHappened
		if s.neg {
			out.fact = detente.Alleged
		}
	case s.refused:
		out.fact, out.refused = detente.DeniedHappened, true
	case s.neg && (s.planned || s.may):
		out.fact, out.refused = detente.DeniedHappened, s.planned
	case s.neg:
		out.fact = detente.DeniedHappened
	case s.called:
		out.fact, out.must = detente.CalledFor, s.must
	case s.planned:
		out.fact, out.announced = detente.Planned, s.will && !s.may
	case s.may, s.alleged:
		out.fact = detente.Alleged
	}
	if st == nil {
		return out
	}
	switch st.Modality {
	case detente.Denied:
		if out.fact == detente.Happened || out.fact == detente.Planned { // "denied plans to close its consulate"
			out.fact, out.negated = detente.DeniedHappened, true
		}
	case detente.Expected, detente.Intended:
		if st.Negated {
			out.fact, out.negated = detente.DeniedHappened, true
		} else if out.fact == detente.Happened {
			out.fact = detente.Planned
		}
	case detente.Doubted, detente.Possible, detente.UnknownTo:
		if out.fact == detente.Happened {
			out.fact = detente.Alleged
		}
	case detente.Asserted:
		if out.fact == detente.Happened && (c.allegingCue(st) || c.unnamed(st)) {
			out.fact = detente.Alleged
		}
	}
	return out
}

// unnamed reports a speaker who speaks for nobody and is not named: sources,
// people familiar with a matter, a memo, newspapers.
func (c *coding) unnamed(st *detente.Statement) bool {
	if st.Speaker.Party != "" {
		return false
	}
	for _, w := range strings.Fields(strings.ToLower(st.Speaker.Name)) {
		if c.class("unnamed", w) {
			return true
		}
	}
	return false
}

// negated reports a negation on word i itself: "not", "never", "no longer",
// "no" as determiner.
func (t *tree) negated(i int) bool {
	neg := false
	for _, k := range t.kids[i] {
		switch t.rel(k) {
		case "advmod", "det", "cc", "neg", "advcl", "aux":
			switch t.form(k) {
			case "not", "n't", "n’t", "never", "no", "neither", "nor", "nt", "cannot":
				neg = !neg
			case "longer":
				if slices.ContainsFunc(t.kids[k], func(g int) bool { return t.form(g) == "no" }) {
					neg = !neg
				}
			}
		case "mark", "case":
			if t.form(k) == "without" {
				neg = !neg
			}
		}
	}
	return neg
}

// argumentNegated reports a negation on the subject or object of verb v ("no
// talks were held", "neither side spoke"), leaving out the word except, whose
// own negation has been counted.
func (t *tree) argumentNegated(v, except int) bool {
	neg := false
	for _, k := range t.kids[v] {
		if r := t.rel(k); k == except || r != "nsubj" && r != "obj" && r != "obl" {
			continue
		}
		if t.rel(k) == "obl" { // "shot at nobody", but not "of no use"
			if f := t.form(k); f == "nobody" || f == "none" || f == "nothing" {
				neg = !neg
			}
			continue
		}
		d := t.kid(k, "det")
		if d >= 0 && (t.form(d) == "no" || t.form(d) == "neither") || slices.Contains([]string{"nobody", "neither", "none", "nothing"}, t.form(k)) {
			neg = !neg
		}
	}
	return neg
}

// negatedBefore reports a negation among the words before verb or noun w up to
// the last comma, conjunction or other verb: what the tree would say had the
// parser hung the words right.
func (c *coding) negatedBefore(w int) bool {
	t := c.tree
	for i := w - 1; i >= 0 && i > w-14 && t.word(i).Sent == t.word(w).Sent; i-- {
		switch t.word(i).UPOS {
		case "PUNCT", "SCONJ", "CCONJ":
			if t.form(i) != "-" {
				return false
			}
		case "VERB":
			if !t.negatable(i, w) {
				return false
			}
		}
		switch t.form(i) {
		case "no", "not", "n't", "never", "neither", "nobody", "none":
			return t.form(i+1) != "only"
		}
	}
	return false
}

// negatable reports that verb i carries the noun w ("did not hold talks"), so
// that its negation is the noun's.
func (t *tree) negatable(i, w int) bool { return t.ancestor(i, w) && t.word(w).Head == i }

// hasTo reports the infinitive marker.
func (t *tree) hasTo(v int) bool {
	for _, k := range t.kids[v] {
		if t.form(k) == "to" && t.rel(k) == "mark" {
			return true
		}
	}
	return false
}
