package quote

import (
	"detente"
	"detente/internal/actor"
	"detente/internal/nlp"
)

// goOn adds quotations that no cue goes with: a paragraph that is a quotation
// and follows one with a statement goes on with that speaker.
func (r *reading) goOn() {
	taken := r.taken()
	for p := 1; p < len(r.paras); p++ {
		x, ok := r.bareQuotation(r.paras[p], taken)
		if !ok {
			continue
		}
		before := r.lastIn(r.paras[p-1])
		if before < 0 {
			continue
		}
		r.says = append(r.says, saying{
			found:   found{cue: stretch{x.first, x.first}, head: x.first, content: []stretch{x}, outer: -1},
			verb:    -1,
			follows: before,
		})
	}
}

// bareQuotation gives the content of a paragraph that is quotation and nothing
// else.
func (r *reading) bareQuotation(p para, taken []bool) (stretch, bool) {
	words := 0
	for i := p.first; i < p.end; i++ {
		if taken[i] || (r.outer[i] < 0 && r.doc.Words[i].UPOS != "PUNCT") {
			return stretch{}, false
		}
		if r.doc.Words[i].UPOS != "PUNCT" {
			words++
		}
	}
	return stretch(p), words >= 3
}

// lastIn is the last outermost statement whose anchor is in a paragraph, or -1.
func (r *reading) lastIn(p para) int {
	last, at := -1, -1
	for i := range r.says {
		if a := r.anchor(&r.says[i]); p.first <= a && a < p.end && a > at {
			last, at = i, a
		}
	}
	return last
}

// speakers resolves who speaks.
func (r *reading) speakers() {
	for i := range r.says {
		s := &r.says[i]
		switch {
		case s.follows >= 0:
			s.speaker = r.says[s.follows].speaker
		case len(s.source) > 0:
			s.speaker = r.resolve(s.source[0], i)
		}
	}
}

// resolve gives the actor of a source phrase. A pronoun that the cast could
// not place is the nearest earlier speaker whom it fits; a relative pronoun is
// the noun that its clause hangs on.
func (r *reading) resolve(x stretch, i int) *actor.Actor {
	words := r.doc.Words
	if x.end-x.first == 1 {
		switch r.lower[x.first] {
		case "who", "which", "that":
			if noun := r.antecedent(x.first); noun >= 0 {
				lo, hi := r.phrase(noun)
				return r.cast.Describe(r.doc, lo, hi)
			}
		case "he", "she", "they", "it", "his", "her", "their", "him":
			for _, m := range []*actor.Mention{r.cast.At(x.first), r.cast.Covering(x.first)} {
				if m != nil && m.Pronoun && m.Actor != nil && m.Actor.Name != "" {
					return m.Actor
				}
			}
			if first, end := r.unnamed(x.first); first < end {
				return r.cast.Describe(r.doc, first, end)
			}
			return r.earlier(i, r.lower[x.first])
		case "i", "we":
			return r.holder(i)
		}
	}
	for k := x.first + 1; k+1 < x.end; k++ { // "Varga, quoted by MTI,"
		if words[k].Form == "," && (words[k+1].XPOS == "VBN" || words[k+1].XPOS == "VBG" || r.lower[k+1] == "who") {
			x.end = k
		}
	}
	if m := r.mediumOf([]stretch{x}); m != nil {
		return m.Actor
	}
	if a := r.besideName(x); a != nil {
		return a
	}
	if a := r.closingName(x); a != nil {
		return a
	}
	for x.end > x.first+1 && words[x.end-1].UPOS == "PUNCT" {
		x.end--
	}
	return r.cast.Describe(r.doc, x.first, x.end)
}

// besideName is the person whose name a source that is only its apposition
// stands beside: "Fairweather, himself a farmer, said".
func (r *reading) besideName(x stretch) *actor.Actor {
	for i := x.first; i < x.end; i++ {
		w := r.doc.Words[i]
		if h := w.Head; h >= 0 && h < x.first && w.Rel == "appos" {
			if m := r.cast.At(h); m != nil && m.Actor.Kind == actor.KindPerson && r.doc.Words[h].UPOS == "PROPN" {
				return m.Actor
			}
		}
	}
	return nil
}

// closingName is the person whose name stands behind the comma of a source that
// begins with what he is: "The father of one of the crew, Dale Hutchins of Ohio".
func (r *reading) closingName(x stretch) *actor.Actor {
	words := r.doc.Words
	comma := x.first
	switch {
	case words[x.first].UPOS == "DET", words[x.first].XPOS == "PRP$":
	case x.first+1 < x.end && words[x.first].UPOS == "PROPN" && words[x.first+1].XPOS == "POS": // "China's chief negotiator, …"
		comma += 2
	default:
		return nil
	}
	for comma < x.end && words[comma].Form != "," {
		if words[comma].UPOS == "VERB" || words[comma].UPOS == "PROPN" {
			return nil
		}
		comma++
	}
	if comma+1 >= x.end {
		return nil
	}
	for _, m := range r.cast.Within(comma+1, x.end) {
		if m.First == comma+1 && m.Actor.Kind == actor.KindPerson && words[m.Head].UPOS == "PROPN" {
			return m.Actor
		}
	}
	return nil
}

// unnamed is the phrase that first spoke of the person without a name whom the
// pronoun at word i means ("a Gulf official", then "he"); empty where there is
// none.
func (r *reading) unnamed(i int) (first, end int) {
	for _, ch := range r.doc.Chains {
		if ch.Name != "" || len(ch.Mentions) == 0 || ch.Mentions[0].Kind != nlp.MentionTitle {
			continue
		}
		for _, m := range ch.Mentions {
			if m.Head == i && m.Kind == nlp.MentionPronoun {
				return ch.Mentions[0].First, ch.Mentions[0].End
			}
		}
	}
	return 0, 0
}

// antecedent is the noun that a relative pronoun's clause qualifies, or -1.
func (v *view) antecedent(i int) int {
	for hop, at := 0, v.doc.Words[i].Head; hop < 4 && at >= 0; hop++ {
		if v.doc.Words[at].Rel == "acl:relcl" {
			return v.doc.Words[at].Head
		}
		at = v.doc.Words[at].Head
	}
	return -1
}

// earlier is the nearest earlier speaker whom a pronoun fits.
func (r *reading) earlier(i int, pronoun string) *actor.Actor {
	for j := i - 1; j >= 0 && j >= i-6; j-- {
		a := r.says[j].speaker
		if a == nil || j == r.says[i].outer && r.outer[r.says[i].head] >= 0 {
			continue // in a quotation "they" are not who is quoted
		}
		switch pronoun {
		case "he", "his", "him":
			if a.Kind == actor.KindPerson && a.Gender != "f" {
				return a
			}
		case "she", "her":
			if a.Kind == actor.KindPerson && a.Gender != "m" {
				return a
			}
		case "it":
			if a.Kind != actor.KindPerson {
				return a
			}
		default:
			return a
		}
	}
	return nil
}

// holder is the speaker of the statement that statement i stands inside.
func (r *reading) holder(i int) *actor.Actor {
	if o := r.says[i].outer; o >= 0 && o < i {
		return r.says[o].speaker
	}
	return nil
}

// dates gives each statement the day on which it was said: from its own words;
// else, where it goes on with an occasion that has a day, that one's.
func (r *reading) dates() {
	for i := range r.says {
		s := &r.says[i]
		s.date = r.ownDate(s)
	}
	var occasion struct { // the latest dated statement
		who  string
		date detente.Date
	}
	talked := map[string]detente.Date{}
	for i := range r.says {
		s := &r.says[i]
		if s.outer >= 0 {
			continue
		}
		who := ""
		if s.speaker != nil {
			who = s.speaker.ID
		}
		if s.date == "" && s.follows >= 0 {
			s.date = r.says[s.follows].date
		}
		if s.date == "" && who != "" {
			switch {
			case s.again && talked[who] != "":
				s.date = talked[who]
			case occasion.who == who && r.sameOccasion(s):
				s.date = occasion.date
			}
		}
		if s.talk {
			talked[who] = s.date
		}
		if s.date != "" {
			occasion.who, occasion.date = who, s.date
		} else if who != occasion.who {
			occasion.who = ""
		}
	}
}

// sameOccasion reports a cue that can go on with the occasion before: a plain
// past without a time of its own.
func (r *reading) sameOccasion(s *saying) bool {
	if s.cue.first == s.cue.end {
		return true
	}
	for i := s.cue.first; i < s.cue.end; i++ {
		if elsewhen[r.lower[i]] {
			return false
		}
	}
	for _, k := range r.kids[s.head] {
		if elsewhen[r.lower[k]] {
			return false
		}
		if r.time[k] {
			return false
		}
	}
	return r.doc.Words[s.head].XPOS == "VBD" || r.unnamedReport(s) || r.doc.Words[s.head].XPOS == "VBG"
}

// elsewhen are words that move a statement to another time.
var elsewhen = map[string]bool{"previously": true, "earlier": true, "recently": true, "before": true, "once": true,
	"repeatedly": true, "often": true, "has": true, "have": true, "had": true, "later": true, "separately": true}

// ownDate is the day that stands with the cue, outside the content.
func (r *reading) ownDate(s *saying) detente.Date {
	if s.cue.first == s.cue.end {
		return ""
	}
	if t := r.doc.TimeNear(s.head); t != nil && !within(s.content, t.First) {
		return fullDate(t.From, t.To)
	}
	if rel := r.doc.Words[s.head].Rel; rel == "advcl" || rel == "acl" { // "hit back on Wednesday, saying"
		verb := r.doc.Words[s.head].Head
		if rel == "acl" {
			verb = r.doc.Words[verb].Head
		}
		if verb >= 0 && r.doc.Words[verb].UPOS == "VERB" {
			if t := r.doc.TimeNear(verb); t != nil && !within(s.content, t.First) {
				return fullDate(t.From, t.To)
			}
		}
	}
	// The parser may hang the day on the clause that follows: "said on
	// Wednesday that …". Then it stands right behind the cue.
	for k := range r.doc.Times {
		t := &r.doc.Times[k]
		if t.First >= s.cue.first && t.First <= s.cue.end+2 && !within(s.content, t.First) && t.From != "" &&
			r.doc.Words[t.First].Sent == r.doc.Words[s.head].Sent && (t.Kind == "DATE" || t.Kind == "RANGE") {
			return fullDate(t.From, t.To)
		}
	}
	return ""
}

// fullDate is the day of a range that is one, else the month or year that
// begins both ends.
func fullDate(from, to detente.Date) detente.Date {
	if to == "" || from == to {
		return from
	}
	if len(from) == 10 && len(to) == 10 {
		switch {
		case from[:7] == to[:7] && to.AddDays(1)[:7] != to[:7] && from[8:] == "01":
			return from[:7]
		case from[:4] == to[:4] && from[5:] == "01-01" && to[5:] == "12-31":
			return from[:4]
		}
	}
	return ""
}
