package quote

import (
	"slices"

	"detente/internal/actor"
)

// Ways of attributing that have no verb to hang on, or one that a parser often
// misses: headlines, a medium at the end of a sentence, allegations by gerund.

// styles adds what these ways give, where nothing was found yet.
func (r *reading) styles() {
	taken := r.taken()
	for p := range r.paras {
		if f, ok := r.headline(p, taken); ok {
			r.says = append(r.says, saying{found: f, verb: f.head, follows: -1})
		}
	}
	for i := range r.cast.Mentions {
		m := &r.cast.Mentions[i]
		if m.Adjective || m.Actor == nil {
			continue
		}
		f, ok := r.reportedBy(m, taken)
		if ok = ok && !overlapping(taken, found{cue: f.cue, source: f.source}); !ok {
			f, ok = r.allegation(m)
			ok = ok && !r.cued(f.head)
		}
		if ok {
			cover(taken, &f)
			r.says = append(r.says, saying{found: f, verb: f.head, follows: -1})
		}
	}
}

// cued reports a word that is in a statement's cue.
func (r *reading) cued(i int) bool {
	for k := range r.says {
		if r.says[k].cue.first <= i && i < r.says[k].cue.end {
			return true
		}
	}
	return false
}

// taken marks the words of the statements found so far.
func (r *reading) taken() []bool {
	taken := make([]bool, len(r.doc.Words))
	for i := range r.says {
		cover(taken, &r.says[i].found)
	}
	return taken
}

func cover(taken []bool, f *found) {
	for _, ss := range [][]stretch{f.source, f.content, {f.cue}} {
		for _, s := range ss {
			for i := s.first; i < s.end; i++ {
				taken[i] = true
			}
		}
	}
}

// maxHeadline is how long a paragraph may be to count as a headline, in words.
const maxHeadline = 30

// headline reads "Moscow: no break in dialogue" and "No break in dialogue:
// Moscow" in a paragraph of one sentence.
func (r *reading) headline(p int, taken []bool) (found, bool) {
	x := r.paras[p]
	words := r.doc.Words
	if x.end-x.first > maxHeadline || words[x.first].Sent != words[x.end-1].Sent {
		return found{}, false
	}
	for k := x.first + 1; k < x.end-1; k++ {
		if form := words[k].Form; form != ":" && form != "–" && form != "—" && form != "-" {
			continue
		}
		before, after := r.trim(stretch{x.first, k}), r.trim(stretch{k + 1, x.end})
		if words[k].Form != ":" || !r.names(before) {
			before, after = after, before // the speaker stands last
		}
		f := found{cue: stretch{k, k + 1}, head: k, source: []stretch{before}, content: []stretch{after}, outer: -1}
		if r.names(before) && after.end-after.first >= 2 && !overlapping(taken, f) {
			return f, true
		}
	}
	return found{}, false
}

// names reports a short phrase that is a mention of someone who can speak: a
// person, a body, an organisation. A state alone may be a mere topic.
func (r *reading) names(x stretch) bool {
	if x.end-x.first > 6 || x.first >= x.end {
		return false
	}
	for _, m := range r.cast.Within(x.first, x.end) {
		if m.First <= x.first+1 && m.End == x.end && !m.Adjective {
			switch m.Actor.Kind {
			case actor.KindMedia:
				return true
			case actor.KindPerson, actor.KindBody, actor.KindOrg: // a name that stands for nobody may be any title
				return m.Actor.Party != "" || m.Actor.Role != ""
			case actor.KindState:
				return m.Actor.Name != r.doc.Text[r.doc.Words[x.first].Start:r.doc.Words[x.end-1].End]
			}
		}
	}
	return false
}

// reportedBy reads "…, CNN Money reports." at the end of a sentence in which
// nobody else is quoted.
func (r *reading) reportedBy(m *actor.Mention, taken []bool) (found, bool) {
	if m.Actor.Kind != actor.KindMedia {
		return found{}, false
	}
	s := r.doc.Sents[r.doc.Words[m.Head].Sent]
	first := m.First
	for first > s.First && r.lower[first-1] == "the" {
		first--
	}
	cue := stretch{m.End, m.End}
	for cue.end < s.End && cue.end < m.End+3 && r.doc.Words[cue.end].UPOS != "PUNCT" && !r.time[cue.end] {
		cue.end++
	}
	if cue.first == cue.end || !r.reportWord(cue.end-1) && !r.reportWord(cue.first) {
		return found{}, false
	}
	if first <= s.First+2 || r.lower[first-1] != "," || cue.end < s.End-4 {
		return found{}, false
	}
	content := r.trim(stretch{s.First, first})
	cut := false
	for i := range r.says { // it was taken for the end of what somebody said
		if c := r.says[i].content; within(c, m.Head) && len(r.apart(c, []stretch{{first, s.End}})) > 0 {
			r.says[i].content = r.apart(c, []stretch{{first, s.End}})
			cut = true
		}
	}
	for i := content.first; i < content.end; i++ {
		if taken[i] || cut {
			return found{}, false
		}
	}
	return found{cue: cue, head: cue.end - 1, source: []stretch{{m.First, m.End}}, content: []stretch{content}, outer: -1}, content.end-content.first > 2
}

// reportWord is a verb with which a medium reports, whatever tag it was given.
func (r *reading) reportWord(i int) bool {
	return i < len(r.lower) && slices.Contains([]string{"reports", "reported", "says", "said", "writes", "wrote", "report", "say", "quotes", "quoted"}, r.lower[i])
}

// alleging are verbs that say ill of somebody, not as fact.
var alleging = map[string]bool{"accuse": true, "blame": true, "link": true, "charge": true, "suspect": true, "tie": true}

// allegation reads "the CIA and FBI linking Russia to the hacking": a gerund
// right behind who alleges.
func (r *reading) allegation(m *actor.Mention) (found, bool) {
	verb := m.End
	if verb >= len(r.lower) || !alleging[r.lemmaOf(verb)] || r.doc.Words[verb].XPOS != "VBG" || m.Actor.Kind == actor.KindPlace {
		return found{}, false
	}
	first := m.First
	for k := r.mentionsFrom(first - maxTitle); k < len(r.cast.Mentions) && r.cast.Mentions[k].First < first; k++ { // "the CIA and" before it
		if n := &r.cast.Mentions[k]; n.End == first-1 && r.lower[first-1] == "and" && !n.Adjective {
			first = n.First
		}
	}
	if first > 0 && r.lower[first-1] == "the" {
		first--
	}
	end := r.hi[verb] + 1
	if end <= verb+1 {
		return found{}, false
	}
	return found{cue: stretch{verb, verb + 1}, head: verb, source: []stretch{{first, m.End}},
		content: []stretch{r.trim(stretch{verb + 1, end})}, outer: -1}, true
}
