package quote

import "slices"

// brandVerbs are verbs that say what their object is: "called the step
// unacceptable".
var brandVerbs = []string{"call", "brand", "label", "dub", "term", "describe", "denounce"}

// brands reads "X called Y Z" whole: what X calls Y is what X says of it. A
// statement that has the verb as its cue is drawn out to the end of object and
// predicate; where none has, and there is a predicate, one is added.
func (r *reading) brands() {
	for i := range r.doc.Words {
		if r.doc.Words[i].UPOS != "VERB" || !slices.Contains(brandVerbs, r.lemmaOf(i)) {
			continue
		}
		what, predicate := r.branded(i)
		if what.first >= what.end {
			continue
		}
		if k := slices.IndexFunc(r.says, func(s saying) bool { return s.cue.first <= i && i < s.cue.end }); k >= 0 {
			r.drawOut(&r.says[k], what)
			continue
		}
		who := r.subject(i)
		if !predicate || who < 0 || who > i {
			continue
		}
		if m := r.cast.At(who); m == nil || m.Actor == nil || m.Actor.Party == "" {
			continue
		}
		r.says = append(r.says, saying{verb: i, follows: -1, found: found{cue: stretch{i, i + 1}, head: i, outer: -1,
			source: []stretch{r.nounPhrase(who, i)}, content: []stretch{what}}})
	}
}

// branded gives the object of verb i with its predicate, and whether there is
// a predicate that is no adverb of place ("called the envoy home").
func (r *reading) branded(i int) (what stretch, predicate bool) {
	what = stretch{i + 1, i + 1}
	for _, k := range r.kids[i] {
		if int(k) < i {
			continue
		}
		switch u := r.doc.Words[k].UPOS; r.doc.Words[k].Rel {
		case "obj":
			what.end = max(what.end, r.hi[k]+1)
			for _, g := range r.kids[k] { // "the step unacceptable", hung on the step
				predicate = predicate || g > k && r.doc.Words[g].Rel == "amod"
			}
		case "xcomp":
			if u == "ADJ" || u == "NOUN" {
				what.end, predicate = max(what.end, r.hi[k]+1), true
			}
		}
	}
	return r.trim(what), predicate
}

// drawOut lengthens the last piece of a statement's content to the end of what.
func (r *reading) drawOut(s *saying, what stretch) {
	if n := len(s.content); n > 0 {
		if last := &s.content[n-1]; last.first >= what.first && last.end > what.first && last.end < what.end {
			last.end = what.end
		}
	}
}
