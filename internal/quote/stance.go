package quote

import (
	"slices"
	"strings"

	"detente"
	"detente/internal/actor"
)

// stanceOf tells how the speaker stands to the content, and whether cue or
// content is negated. The cue's verb decides; where it only says that something
// was said, the verb of the content whose subject is the speaker does ("said he
// did not expect …").
func (r *reading) stanceOf(s *saying, lex *Lexicon) (detente.Modality, bool) {
	verb := s.head
	if s.cue.first == s.cue.end {
		m, neg := r.contentStance(s, lex)
		return m, neg
	}
	mod := lex.stance(r.doc.Words[verb].Lemma, posOf(r.doc.Words[verb].UPOS))
	for i := s.cue.first; i < s.cue.end && mod == ""; i++ {
		if i != verb {
			mod = lex.stance(r.doc.Words[i].Lemma, posOf(r.doc.Words[i].UPOS))
		}
	}
	neg := r.negated(verb, s.cue)
	switch {
	case mod == detente.UnknownTo:
		return mod, false
	case mod == knowing:
		if neg || r.question(s) {
			return detente.UnknownTo, false
		}
		mod = detente.Asserted
	case mod == "" || mod == detente.Asserted:
		if neg {
			return detente.Asserted, true
		}
		return r.contentStance(s, lex)
	}
	_, inner := r.contentStance(s, lex)
	return mod, neg || inner && mod != detente.Denied
}

// fold drops a statement within another that is only the speaker's own stance,
// which stanceOf reads off it: "said that the country did not expect …".
func (r *reading) fold(lex *Lexicon) {
	drop := make([]bool, len(r.says))
	for i := range r.says {
		s := &r.says[i]
		if s.outer < 0 {
			continue
		}
		o := &r.says[s.outer]
		if r.rootOf(o.content) != s.head || !r.bySpeaker(s.head, o) {
			continue
		}
		switch lex.stance(r.doc.Words[s.head].Lemma, posOf(r.doc.Words[s.head].UPOS)) {
		case "", detente.Asserted:
		default:
			drop[i] = true
		}
	}
	r.remove(drop)
}

// knowing marks verbs that say that the speaker knows; negated, that he does not.
const knowing detente.Modality = "knowing"

func (x *Lexicon) stance(lemma string, pos byte) detente.Modality {
	return x.stances[lexKey{strings.ToLower(lemma), pos}]
}

// negated reports a negation on a verb, within its cue or beside it.
func (r *reading) negated(verb int, cue stretch) bool {
	for _, k := range r.kids[verb] {
		if negations[r.lower[k]] {
			return true
		}
	}
	for i := cue.first; i < cue.end; i++ {
		if negations[r.lower[i]] {
			return true
		}
	}
	return false
}

var negations = map[string]bool{"not": true, "n't": true, "n’t": true, "never": true, "no": true, "neither": true, "nor": true, "cannot": false}

// question reports a content that begins with whether, if, who, what …
func (r *reading) question(s *saying) bool {
	if len(s.content) == 0 {
		return false
	}
	return r.lower[s.content[0].first] == "whether"
}

// contentStance looks at the main clause of the content.
func (r *reading) contentStance(s *saying, lex *Lexicon) (detente.Modality, bool) {
	root := r.rootOf(s.content)
	if root < 0 {
		return detente.Asserted, false
	}
	neg := r.negated(root, stretch{})
	for _, k := range r.kids[root] { // "there had been no break", "no talks were held"
		switch r.doc.Words[k].Rel {
		case "nsubj", "nsubj:pass", "obj":
			for _, d := range r.kids[k] {
				if r.lower[d] == "no" {
					neg = true
				}
			}
		}
	}
	if r.bySpeaker(root, s) {
		switch mod := lex.stance(r.doc.Words[root].Lemma, posOf(r.doc.Words[root].UPOS)); mod {
		case knowing:
			if neg {
				return detente.UnknownTo, false
			}
		case detente.Expected, detente.Intended, detente.Doubted, detente.Denied, detente.Possible, detente.UnknownTo:
			return mod, neg
		}
	}
	for _, k := range r.kids[root] {
		if r.doc.Words[k].Rel != "aux" {
			continue
		}
		switch r.lower[k] {
		case "may", "might", "could":
			return detente.Possible, neg
		}
	}
	if w := r.doc.Words[root]; w.UPOS == "ADJ" {
		switch r.lemmaOf(root) {
		case "possible":
			return detente.Possible, neg
		case "likely":
			return detente.Expected, neg
		case "unlikely":
			return detente.Expected, true
		}
	}
	return detente.Asserted, neg
}

// rootOf is the word of the content whose head lies outside it, the shallowest.
func (r *reading) rootOf(content []stretch) int {
	best := -1
	for _, c := range content {
		for i := c.first; i < c.end; i++ {
			if h := r.doc.Words[i].Head; (h < 0 || !within(content, h)) && r.doc.Words[i].UPOS != "PUNCT" && (best < 0 || r.depth[i] < r.depth[best]) {
				best = i
			}
		}
	}
	return best
}

// bySpeaker reports that a verb's subject is the speaker: the country that a
// spokesman speaks for, or a pronoun.
func (r *reading) bySpeaker(verb int, s *saying) bool {
	for _, k := range r.kids[verb] {
		if rel := r.doc.Words[k].Rel; rel != "nsubj" && rel != "nsubj:pass" {
			continue
		}
		switch r.lower[k] {
		case "he", "she", "i", "we", "they", "it":
			if m := r.cast.At(int(k)); m != nil && m.Pronoun && s.speaker != nil && m.Actor.Kind == actor.KindPerson {
				return m.Actor.ID == s.speaker.ID
			}
			return true
		}
		if m := r.cast.At(int(k)); m != nil && s.speaker != nil && (m.Actor.ID == s.speaker.ID || (m.Actor.Party != "" && m.Actor.Party == s.speaker.Party)) {
			return true
		}
		return r.lemmaOf(int(k)) == "country" || r.lemmaOf(int(k)) == "government" || r.lemmaOf(int(k)) == "side"
	}
	return false
}

// about gives the parties that the content names. "The two countries" and the
// like are the two that the text before named last; "we" and "our" are the
// speaker's own.
func (r *reading) about(s *saying) []detente.Party {
	var out []detente.Party
	for _, c := range s.content {
		for _, m := range r.cast.Within(c.first, c.end) {
			out = append(out, partiesOf(m.Actor)...)
		}
		for i := c.first; i < c.end; i++ {
			switch l := r.lower[i]; {
			case ours[l]:
				if s.speaker != nil {
					out = append(out, s.speaker.Party)
				}
			case pairs[r.lemmaOf(i)] && r.two(i), l == "bilateral":
				out = append(out, r.lastTwo(i)...)
			}
		}
	}
	out = detente.SortParties(out)
	if out == nil {
		out = []detente.Party{}
	}
	return out
}

func partiesOf(a *actor.Actor) []detente.Party {
	if a == nil {
		return nil
	}
	if a.Party != "" {
		return []detente.Party{a.Party}
	}
	var out []detente.Party
	for _, m := range a.Members {
		out = append(out, partiesOf(m)...)
	}
	return out
}

var ours = map[string]bool{"we": true, "our": true, "us": true, "ours": true}

// pairs are nouns that with two or both mean the parties in play.
var pairs = map[string]bool{"country": true, "side": true, "nation": true, "government": true, "capital": true,
	"state": true, "party": true, "power": true, "neighbour": true, "neighbor": true, "leader": true, "president": true, "minister": true}

// two reports "two", "both" or "each" before a noun.
func (r *reading) two(i int) bool {
	for _, k := range r.kids[i] {
		switch r.lower[k] {
		case "two", "both", "each":
			return true
		}
	}
	return false
}

// lastTwo gives the two parties named last before word i.
func (r *reading) lastTwo(i int) []detente.Party {
	var out []detente.Party
	for k := len(r.cast.Mentions) - 1; k >= 0 && len(out) < 2; k-- {
		m := &r.cast.Mentions[k]
		if m.First >= i || m.Actor == nil || m.Actor.Party == "" || m.Actor.Kind == actor.KindMedia {
			continue
		}
		if !slices.Contains(out, m.Actor.Party) {
			out = append(out, m.Actor.Party)
		}
	}
	return out
}
