package quote

import (
	"slices"
	"strings"

	"detente"
	"detente/internal/actor"
)

// The chain of reporting. Links come nearest the speaker first: whom the
// speaker talked to ("told Reuters", "in an interview with Mir TV"), who
// carried or quoted it ("in remarks published by IRNA", "was quoted by TASS as
// saying"), who reports that ("…, RIA reports"). A medium that only passes on
// what somebody else said is a link and no speaker.

// passing are verbs with which a medium passes on what others said.
var passing = map[string]bool{"report": true, "say": true, "quote": true, "cite": true, "write": true, "carry": true,
	"publish": true, "add": true, "broadcast": true, "air": true, "announce": true, "note": true, "relay": true, "tell": true,
	"learn": true, "show": true, "according": true, "run": true}

// carrying are participles between what was said and who spread it.
var carrying = map[string]bool{"carry": true, "publish": true, "quote": true, "cite": true, "broadcast": true, "air": true,
	"report": true, "relay": true, "release": true, "print": true, "run": true, "post": true, "distribute": true,
	"obtain": true, "hear": true, "see": true, "review": true, "monitor": true, "show": true}

// citing are verbs whose object is the speaker, and whose subject a link.
var citing = map[string]bool{"quote": true, "cite": true}

// talks are nouns for a talk with a medium, which later text may refer to.
var talks = map[string]bool{"interview": true, "talk": true, "conversation": true}

// links fills the chains and drops media clauses that were taken for
// statements of their own.
func (r *reading) links() {
	r.bareReports()
	drop := make([]bool, len(r.says))
	for i := range r.says {
		s := &r.says[i]
		if s.cue.first == s.cue.end {
			continue
		}
		m := r.mediumOf(s.source)
		if m == nil && citing[r.lemmaOf(s.head)] && len(s.source) == 1 && r.lower[s.source[0].first] == "it" {
			m = r.mediumBefore(s.source[0].first) // "it quoted him as saying"
		}
		if m != nil {
			if j := r.quotedInSource(i); j >= 0 {
				r.says[j].via = append(r.says[j].via, r.link(m))
				drop[i] = true
				continue
			}
			if r.cited(i, m, drop) {
				continue
			}
			if j := r.passedOn(i); j >= 0 {
				r.says[j].via = append(r.says[j].via, r.link(m))
				r.says[j].outer = s.outer
				drop[i] = true
				continue
			}
		}
	}
	for i := range r.says {
		if s := &r.says[i]; !drop[i] && s.cue.first < s.cue.end {
			r.cutContent(s)
			r.ownLinks(s, drop)
		}
	}
	for i := range r.says {
		r.says[i].content = slices.DeleteFunc(r.says[i].content, func(x stretch) bool { return x.first >= x.end })
		drop[i] = drop[i] || len(r.says[i].content) == 0
	}
	r.remove(drop)
}

// bareReports gives a clause of saying that a medium passes on whole, and that
// nothing has found, a statement of its own: "The governor said that rates
// would hold, Reuters reported."
func (r *reading) bareReports() {
	for i := 0; i < len(r.says); i++ {
		s := &r.says[i]
		if s.cue.first == s.cue.end || len(s.content) != 1 || s.content[0].end > s.cue.first || r.mediumOf(s.source) == nil || !passing[r.lemmaOf(s.head)] {
			continue
		}
		c := s.content[0]
		v := c.first
		for v < c.end && !r.finite(v) {
			v++
		}
		if v == c.first || v >= c.end-3 || !r.saysFinitely(v) || r.outer[v] >= 0 || r.auxiliary(v) {
			continue
		}
		that := v + 1
		for that < c.end && r.lower[that] != "that" {
			that++
		}
		if that == c.end {
			that = v
		}
		inner := found{cue: stretch{v, v + 1}, head: v, source: []stretch{r.trim(stretch{c.first, v})}, content: []stretch{r.trim(stretch{that + 1, c.end})}, outer: i}
		if !slices.ContainsFunc(r.says, func(x saying) bool { return x.cue.first <= v && v < x.cue.end }) && size(inner.content) > 2 {
			r.says = append(r.says, saying{found: inner, verb: v, follows: -1})
		}
	}
}

// cutContent takes out of a content what belongs to its cue: "as saying by the
// Times" behind "was quoted", and the medium that was told it where no "that"
// parts them ("told Asharq TV his country would").
func (r *reading) cutContent(s *saying) {
	c := s.content
	if n := len(c) - 1; n > 0 && c[n].end-c[n].first > 1 && r.lower[c[n].first] == "as" && r.doc.Words[c[n].first+1].XPOS == "VBG" && c[n].first == s.cue.end {
		s.content = c[:n]
		return
	}
	if len(c) == 0 || r.lemmaOf(s.head) != "tell" || c[0].first != s.cue.end || r.outer[c[0].first] >= 0 {
		return
	}
	for _, m := range r.media(c[0].first, c[0].end) {
		if (m.First == c[0].first || m.First == c[0].first+1 && r.lower[c[0].first] == "the") && m.End < c[0].end-2 && !r.finite(m.End) && r.lower[m.End] != "and" {
			s.content = append([]stretch{{m.End, c[0].end}}, c[1:]...)
			return
		}
	}
}

// mediumOf is the medium that a source names, or nil.
func (r *reading) mediumOf(source []stretch) *actor.Mention {
	for _, s := range source {
		for _, m := range r.media(s.first, s.end) {
			if r.heads(m.Head, s) {
				return m
			}
		}
	}
	return nil
}

// media gives the media named in words first … end-1; of "the newspaper
// Kommersant" the name alone.
func (r *reading) media(first, end int) []*actor.Mention {
	var out []*actor.Mention
	for _, m := range r.cast.Within(first, end) {
		if m.Actor == nil || m.Actor.Kind != actor.KindMedia || m.Adjective && r.doc.Words[m.Head].Rel != "nmod:poss" {
			continue
		}
		if n := len(out); n > 0 && out[n-1].End >= m.First {
			if r.doc.Words[out[n-1].Head].UPOS != "PROPN" && r.doc.Words[m.Head].UPOS == "PROPN" {
				out[n-1] = m
			}
			continue
		}
		out = append(out, m)
	}
	return out
}

// heads reports whether word i is what a stretch is about, not a part of it.
func (r *reading) heads(i int, s stretch) bool {
	h := r.doc.Words[i].Head
	for h >= s.first && h < s.end {
		switch r.doc.Words[i].Rel {
		case "compound", "flat", "conj", "appos", "nmod:desc":
		default:
			return false
		}
		i, h = h, r.doc.Words[h].Head
	}
	return true
}

// quotedInSource is the statement whose source has the participle that
// statement i was made of: "Varga, quoted by the agency MTI, said"; or -1.
func (r *reading) quotedInSource(i int) int {
	s := &r.says[i]
	if r.doc.Words[s.head].XPOS != "VBN" || !carrying[r.lemmaOf(s.head)] {
		return -1
	}
	for j := max(0, i-neighbours); j < min(len(r.says), i+neighbours); j++ {
		if j != i && within(r.says[j].source, s.head) {
			return j
		}
	}
	return -1
}

// passedOn is the statement inside statement i that is all that a medium
// passes on, or -1.
func (r *reading) passedOn(i int) int {
	s := &r.says[i]
	if !passing[r.lemmaOf(s.head)] {
		return -1
	}
	for j := max(0, i-neighbours); j < min(len(r.says), i+neighbours); j++ {
		in := &r.says[j]
		if in.outer != i {
			continue
		}
		left := 0 // words of the medium's content that are not the inner statement's
		for _, c := range s.content {
			for w := c.first; w < c.end; w++ {
				if r.doc.Words[w].UPOS != "PUNCT" && !within(in.content, w) && !within(in.source, w) && !within([]stretch{in.cue}, w) && !r.tellsOf(in.head, w) {
					left++
				}
			}
		}
		if left <= 3+size(in.content)/4 {
			return j
		}
	}
	return -1
}

// tellsOf reports a word of what a verb of saying has beside subject and clause:
// whom it was said to, when and where.
func (r *reading) tellsOf(verb, w int) bool {
	for steps := 0; w >= 0 && steps < 12; steps++ {
		word := &r.doc.Words[w]
		if word.Head == verb {
			switch rel, _, _ := strings.Cut(word.Rel, ":"); rel {
			case "obj", "iobj", "obl", "advmod":
				return true
			}
			return false
		}
		w = word.Head
	}
	return false
}

// cited turns "KCNA quoted an official as saying" round: the object speaks and
// the subject is a link. So it does for a medium that says something "citing"
// others.
func (r *reading) cited(i int, m *actor.Mention, drop []bool) bool {
	s := &r.says[i]
	verb, speaker := s.head, -1
	if citing[r.lemmaOf(verb)] {
		speaker = r.objectOf(verb)
	} else if verb = r.citation(s); verb >= 0 {
		speaker = r.objectOf(verb)
	}
	if speaker < 0 {
		return false
	}
	lo, hi := r.phrase(speaker)
	if verb != s.head {
		lo, hi = r.lo[speaker], r.hi[speaker]+1 // "citing people briefed on the matter"
		if r.doc.Words[verb].XPOS == "VBD" {    // ", which cited a person with knowledge of it,"
			hi = max(hi, r.hi[verb]+1)
		}
	}
	source := []stretch{r.trim(stretch{lo, hi})}
	if verb != s.head {
		for j := range r.says { // "citing" is no statement of its own
			if r.says[j].head == verb {
				drop[j] = true
			}
		}
		s.content = r.apart(s.content, []stretch{{verb, max(hi, r.hi[verb]+1)}})
	}
	s.content = r.apart(s.content, append(source, s.source...))
	if f, ok := r.saidAs(s.head); ok && citing[r.lemmaOf(s.head)] {
		s.content = f
	}
	if len(s.content) == 0 {
		drop[i] = true
		return true
	}
	s.source = source
	s.via = append(s.via, r.link(m))
	r.mendOccasion(&s.found)
	return true
}

// citation is the verb of ", citing two officials" or ", which cited two
// officials" in the statement's sentence, or -1.
func (r *reading) citation(s *saying) int {
	sent := r.doc.Sents[r.doc.Words[s.head].Sent]
	for i := sent.First; i < sent.End; i++ {
		switch r.lower[i] {
		case "citing", "quoting":
			if i == sent.First || r.doc.Words[i-1].UPOS == "PUNCT" {
				return i
			}
		case "cited", "quoted": // "according to Bloomberg, which cited two people"
			if i > sent.First && r.lower[i-1] == "which" {
				return i
			}
		}
	}
	return -1
}

// saidAs reads "quoted him as saying that …": the content of the participle.
func (r *reading) saidAs(verb int) ([]stretch, bool) {
	s := r.doc.Sents[r.doc.Words[verb].Sent]
	for i := verb + 1; i < s.End-1; i++ {
		if r.lower[i] == "as" && r.doc.Words[i+1].XPOS == "VBG" {
			x := stretch{i + 2, s.End}
			if c, ok := r.thatClause(i + 1); ok {
				x = c
			}
			x = r.trim(x)
			return []stretch{x}, x.first < x.end
		}
	}
	return nil, false
}

func (v *view) objectOf(verb int) int {
	for _, k := range v.kids[verb] {
		if rel := v.doc.Words[k].Rel; rel == "obj" || rel == "iobj" {
			return int(k)
		}
	}
	return -1
}

// ownLinks adds the media that stand in a statement's own clause, outside its
// content: first whom the speaker talked to, then who spread it.
func (r *reading) ownLinks(s *saying, drop []bool) {
	sent := r.doc.Sents[r.doc.Words[s.head].Sent]
	type at struct {
		rank int
		link detente.Link
	}
	var found []at
	for _, m := range r.media(sent.First, sent.End) {
		if within(s.content, m.Head) || within(s.source, m.Head) && r.mediumOf(s.source) == m {
			continue
		}
		rank, as := r.linkRole(s, m)
		if rank == 0 || rank == 3 && r.speaksElsewhere(m, s, drop) {
			continue
		}
		if r.explainsMedium(m.Head, sent.First) || r.programmeOf(m.Head, sent.First) {
			continue
		}
		l := r.link(m)
		if known := r.mediumBefore(m.First); known != nil && r.meansAnother(m.Head) {
			l = r.link(known)
		}
		if as != "" {
			l.As = as
			s.talk = true
		}
		if own := r.mediumOf(s.source); own != nil && own.Actor.Name == m.Actor.Name {
			continue // it is who speaks
		}
		if !slices.ContainsFunc(found, func(x at) bool { return x.link.Name == l.Name }) &&
			!slices.ContainsFunc(s.via, func(x detente.Link) bool { return x.Name == l.Name }) {
			found = append(found, at{rank, l})
		}
	}
	for _, l := range r.unlisted(s) {
		if !slices.ContainsFunc(found, func(x at) bool { return x.link.Name == l.Name }) {
			found = append(found, at{1, l})
			s.talk = s.talk || l.As == "interview"
		}
	}
	slices.SortStableFunc(found, func(a, b at) int { return a.rank - b.rank })
	var own []detente.Link
	for _, f := range found {
		own = append(own, f.link)
	}
	s.via = append(own, s.via...)
	if len(own) == 0 && r.speaksOf(s, "interview") {
		s.again = true
	}
}

// speaksElsewhere reports a medium that is the speaker of another statement,
// one that does not hold this one.
func (r *reading) speaksElsewhere(m *actor.Mention, s *saying, drop []bool) bool {
	for i := range r.says {
		o := &r.says[i]
		if o != s && !drop[i] && s.outer != i && within(o.source, m.Head) && r.mediumOf(o.source) == m {
			return true
		}
	}
	return false
}

// meansAnother reports a noun for a medium, without a name behind it, that
// means one named before: "told the paper", "the same newspaper".
func (r *reading) meansAnother(i int) bool {
	if outletNouns[r.lemmaOf(i)] == "" || r.doc.Words[i].UPOS != "NOUN" || i+1 < len(r.lower) && r.doc.Words[i+1].UPOS == "PROPN" {
		return false
	}
	k := i - 1
	if k > 0 && r.lower[k] == "same" {
		k--
	}
	return k >= 0 && (r.lower[k] == "the" || r.lower[k] == "that")
}

// mediumBefore is the medium named last before word i, or nil.
func (r *reading) mediumBefore(i int) *actor.Mention {
	media := r.media(max(0, i-mediumReach), i)
	for k := len(media) - 1; k >= 0; k-- {
		if m := media[k]; r.doc.Words[m.Head].UPOS == "PROPN" || r.doc.Words[m.First].UPOS == "PROPN" {
			return m
		}
	}
	return nil
}

// mediumReach is how many words back "the paper" may mean one.
const mediumReach = 120

// outletNouns are nouns for media, with the kind of link that each makes.
var outletNouns = map[string]string{"newspaper": "newspaper", "paper": "newspaper", "daily": "newspaper", "weekly": "newspaper",
	"tabloid": "newspaper", "magazine": "magazine", "broadcaster": "broadcaster", "channel": "broadcaster", "station": "broadcaster",
	"agency": "agency", "website": "website", "portal": "website"}

// unlisted gives links to media that nobody lists: a proper name that is told
// something, or given an interview, and is no person, state or body; and "the
// Swedish daily …" with whatever name follows.
func (r *reading) unlisted(s *saying) []detente.Link {
	sent := r.doc.Sents[r.doc.Words[s.head].Sent]
	var out []detente.Link
	for i := sent.First; i < sent.End; i++ {
		w := r.doc.Words[i]
		kind, noun := outletNouns[r.lemmaOf(i)]
		shown := r.namedAsOutlet(i)
		if noun = noun && w.UPOS == "NOUN"; !noun && shown == "" && (w.UPOS != "PROPN" || r.ent[i]%3 == 1 || r.cast.Covering(i) != nil) {
			continue
		}
		if w.Head < 0 || within(s.content, i) || within(s.source, i) || r.time[i] || (noun || shown != "") && r.medium(i) ||
			shown != "" && i > sent.First && r.doc.Words[i-1].UPOS == "PROPN" && r.doc.Words[i-1].Head == w.Head { // "Joy FM", hung side by side
			continue
		}
		if noun && r.explainsMedium(i, sent.First) || r.programmeOf(i, sent.First) {
			continue
		}
		if noun && w.Rel == "compound" && w.Head > i { // "the Maltese paper Times of Malta"
			w = r.doc.Words[w.Head]
		}
		told := w.Head == s.head && (w.Rel == "iobj" || w.Rel == "obj") && r.lemmaOf(s.head) == "tell"
		prep := r.preposition(i)
		article := articles[r.lemmaOf(w.Head)] && (prep == "for" || prep == "in")
		talk := r.isTalk(w.Head) && (prep == "to" || prep == "with" || prep == "by" || prep == "on")
		quoted := noun && w.Rel == "obl:agent" && carrying[r.lemmaOf(w.Head)] && !within(s.content, w.Head)
		if !told && !talk && !quoted && !article {
			continue
		}
		if kind == "" {
			kind = shown
		}
		if kind == "" {
			kind = "outlet"
		}
		if talk || r.speaksOf(s, "interview") {
			kind = "interview"
		}
		l := detente.Link{Name: r.outletName(i, sent.End), As: kind}
		if known := r.mediumBefore(i); known != nil && noun && r.meansAnother(i) {
			l.Name = r.link(known).Name
		}
		out = append(out, l)
	}
	return out
}

// programmeOf reports a name that stands behind a medium's possessive: "NBC's
// Meet the Press".
func (r *reading) programmeOf(i, first int) bool {
	for k := i; k > first && k > i-5; k-- {
		if r.doc.Words[k].XPOS == "POS" {
			return r.medium(k - 1)
		}
	}
	return false
}

// explainsMedium reports a noun that only says what the medium named before it
// is: "the Global Times, a tabloid".
func (r *reading) explainsMedium(i, first int) bool {
	for k := i; k > first && k > i-4; k-- {
		if r.doc.Words[k-1].Form == "," {
			return k-1 > first && r.medium(k-2)
		}
	}
	return false
}

// articles are nouns for what somebody writes for a medium.
var articles = map[string]bool{"article": true, "op-ed": true, "column": true, "essay": true, "piece": true, "commentary": true, "editorial": true}

// isTalk reports a noun for a talk, or one that a talk stands before ("an
// interview broadcast").
func (r *reading) isTalk(i int) bool {
	if talks[r.lemmaOf(i)] {
		return true
	}
	for _, k := range r.kids[i] {
		if r.doc.Words[k].Rel == "compound" && talks[r.lemmaOf(int(k))] {
			return true
		}
	}
	return false
}

// outletWords are words of names that show a medium, with the kind of link.
var outletWords = map[string]string{"fm": "broadcaster", "tv": "broadcaster", "radio": "broadcaster", "television": "broadcaster", "channel": "broadcaster",
	"times": "newspaper", "post": "newspaper", "herald": "newspaper", "tribune": "newspaper", "gazette": "newspaper", "zeitung": "newspaper",
	"daily": "newspaper", "journal": "newspaper", "news": "outlet", "online": "website"}

// namedAsOutlet is the kind of a medium whose name shows it, with its head at
// word i, or empty: "Joy FM", "TV8".
func (r *reading) namedAsOutlet(i int) string {
	for k := max(0, i-2); k < min(len(r.lower), i+3); k++ {
		if w := r.doc.Words[k]; r.lower[k] == w.Form || k != i && (w.UPOS != "PROPN" || w.Sent != r.doc.Words[i].Sent) {
			if k > i {
				break
			}
			continue
		}
		if kind := outletWords[strings.TrimRight(r.lower[k], "0123456789")]; kind != "" && (k >= i || r.doc.Words[k].Head == i) {
			return kind
		}
	}
	return ""
}

// medium reports a word that stands in a mention of a medium.
func (r *reading) medium(i int) bool {
	m := r.cast.Covering(i)
	return m != nil && m.Actor != nil && m.Actor.Kind == actor.KindMedia
}

// outletName is the proper name of head i, or the one that follows it, or the
// word itself.
func (r *reading) outletName(i, end int) string {
	lo, hi := i, i+1
	if r.doc.Words[i].UPOS == "PROPN" {
		if lo, hi = r.phrase(i); r.doc.Words[lo].UPOS != "PROPN" {
			lo = i
		}
	} else if hi < end && r.doc.Words[hi].UPOS == "PROPN" {
		lo = hi
	}
	if lo < i && r.lower[lo] != "the" && hi > i { // "Ghana's Joy FM"
		for k := i; k > lo; k-- {
			if r.doc.Words[k].XPOS == "POS" {
				lo = k + 1
				break
			}
		}
	}
	for hi < end && (r.doc.Words[hi].UPOS == "NUM" || r.doc.Words[hi].UPOS == "PROPN" ||
		r.lower[hi] == "of" && hi > lo && hi+1 < end && r.doc.Words[hi+1].UPOS == "PROPN" && lo > i) {
		hi++ // "Channel 5", "the paper Times of Malta"
	}
	return r.doc.Text[r.doc.Words[lo].Start:r.doc.Words[hi-1].End]
}

// linkRole says what a medium does in a statement's sentence: rank 1 spoken to,
// 2 spread it, 3 reports it, 0 nothing; as is "interview" where it was one.
func (r *reading) linkRole(s *saying, m *actor.Mention) (rank int, as string) {
	words := r.doc.Words
	w := words[m.Head]
	h := w.Head
	if h >= 0 && w.Rel == "appos" && outletNouns[r.lemmaOf(h)] != "" { // "told the daily Die Presse"
		w, h = words[h], words[h].Head
	}
	if h < 0 {
		return r.reportTail(s, m), ""
	}
	head := r.lemmaOf(h)
	prep := r.preposition(m.Head)
	switch {
	case prep == "" && m.First > 0 && outletNouns[r.lemmaOf(m.First-1)] != "" && words[m.First-1].Head == h:
		prep = r.preposition(m.First - 1) // "speaking to the daily Izvestia", hung side by side
	case w.Rel == "nmod:poss" && words[h].Head >= 0 && words[h].Rel == "obl" && r.lower[h] != words[h].Form:
		prep, w = r.preposition(h), words[h] // "on the BBC's Newsnight"
	}
	switch {
	case talks[head] && prep != "of":
		return 1, "interview"
	case r.interviewNear(s, m) && (prep == "to" || prep == "with" || prep == "by" || prep == "on" || prep == "for" || w.Rel == "compound" || w.Rel == "nmod:poss"):
		return 1, "interview"
	case carrying[head] && r.doc.Words[h].Head >= 0 && talks[r.lemmaOf(r.doc.Words[h].Head)]:
		return 1, "interview"
	case head == "ask" && (prep == "by" || w.Rel == "obl:agent"):
		return 1, ""
	case w.Rel == "nmod:poss" && words[h].Head >= 0 && addressing[r.lemmaOf(words[h].Head)]:
		return 1, ""
	case (w.Rel == "iobj" || w.Rel == "obj") && (h == s.head || h == s.verb) && addressing[head]:
		return 1, ""
	case m.First >= s.cue.end && m.First <= s.cue.end+1 && r.lemmaOf(s.head) == "tell" && within(s.content, h): // "told Asharq TV his country would"
		return 1, ""
	case prep == "to" && (h == s.head || head == "speak" || head == "talk" || head == "comment" || head == "statement" || head == "remark"):
		return 1, ""
	case prep == "by" && words[h].XPOS == "VBG" && h > 0 && r.lower[h-1] == "as": // "was quoted as saying by"
		return 2, ""
	case (w.Rel == "obl:agent" || prep == "by") && carrying[head]:
		if g := words[h].Head; g >= 0 && within(s.content, g) && h != s.head && !(h > 0 && r.lower[h-1] == "as" && !within(s.content, h)) {
			return 0, "" // it only published what is spoken of
		}
		return 2, ""
	case prep == "on" || prep == "in" || prep == "for" || prep == "via" || prep == "through":
		if w.Rel == "obl" || strings.HasPrefix(w.Rel, "nmod") {
			return 1, ""
		}
	case words[h].Rel == "case" && r.lower[h] == "according", prep == "according":
		return 3, ""
	}
	if w.Rel == "nsubj" && passing[head] && h != s.head {
		return 3, ""
	}
	if w.Rel == "nsubj:pass" && h == s.head && head == "tell" { // "Reuters was told by an official"
		return 1, ""
	}
	if rank, as = r.ledTo(s, m.First); rank != 0 {
		return rank, as
	}
	return r.reportTail(s, m), ""
}

// ledTo reads by their order the few words before a medium that the tree hung
// elsewhere: "in an interview broadcast by", "in an e-mail to".
func (r *reading) ledTo(s *saying, first int) (rank int, as string) {
	words := r.doc.Words
	sent := words[first].Sent
	k := first - 1
	for k > 0 && first-k < 6 && words[k].Sent == sent && r.introduces(k) {
		k--
	}
	if k < 1 || words[k-1].Sent != sent || within(s.content, k-1) {
		return 0, ""
	}
	switch before := r.lemmaOf(k - 1); {
	case r.lower[k] == "by" && (carrying[before] || carrying[r.lower[k-1]]):
		if k > 1 && talks[r.lemmaOf(k-2)] {
			return 1, "interview"
		}
		return 2, ""
	case r.lower[k] == "to" && messages[before] && k-1 >= s.cue.first && k-1-s.cue.end < 4:
		return 1, ""
	}
	return 0, ""
}

// introduces reports a word that may stand between a preposition and a medium's
// name: "the Kenyan daily".
func (r *reading) introduces(i int) bool {
	w := r.doc.Words[i]
	return w.UPOS == "DET" || w.UPOS == "ADJ" || w.UPOS == "PROPN" || w.XPOS == "POS" || outletNouns[r.lemmaOf(i)] != ""
}

// messages are nouns for what somebody sends or says to a medium.
var messages = map[string]bool{"e-mail": true, "email": true, "mail": true, "message": true, "letter": true, "note": true, "text": true,
	"statement": true, "comment": true, "comments": true, "remark": true, "remarks": true, "reply": true, "call": true}

// reportTail reads ", RIA reports" and ", reported RIA" by their words: a short
// clause that the tree often gets wrong.
func (r *reading) reportTail(s *saying, m *actor.Mention) int {
	sent := r.doc.Sents[r.doc.Words[m.Head].Sent]
	next := m.End
	for next < sent.End && next < m.End+3 {
		l := r.lemmaOf(next)
		if l == "have" || l == "also" || l == "later" || l == "earlier" || strings.HasSuffix(l, "ly") {
			next++
			continue
		}
		break
	}
	reports := func(i int) bool {
		return i >= sent.First && i < sent.End && (r.doc.Words[i].UPOS == "VERB" || r.doc.Words[i].UPOS == "NOUN") &&
			(passing[r.lemmaOf(i)] || strings.HasPrefix(r.lower[i], "report"))
	}
	before := m.First - 1
	for k := 0; k < 6 && before > sent.First; k++ { // "according to the daily …"
		if w := r.doc.Words[before]; w.UPOS != "NOUN" && w.UPOS != "ADJ" && w.UPOS != "DET" && r.lower[before] != "to" && r.lower[before] != "by" {
			break
		}
		if reports(before) {
			break
		}
		before--
	}
	switch {
	case reports(next) && next != s.head && (m.First == sent.First || r.doc.Words[m.First-1].UPOS == "PUNCT" || r.lower[m.First-1] == "the" || r.lower[m.First-1] == "as"):
		return 3
	case reports(before) && before != s.head && before > sent.First && (r.doc.Words[before-1].UPOS == "PUNCT" || r.lower[before-1] == "as"):
		return 3
	case r.lower[max(before, 0)] == "according":
		return 3
	}
	return 0
}

// preposition is the case word of a noun, "according" for according to.
func (v *view) preposition(i int) string {
	for hop := 0; hop < 2; hop++ {
		for _, k := range v.kids[i] {
			if v.doc.Words[k].Rel == "case" {
				return v.lower[k]
			}
		}
		if rel := v.doc.Words[i].Rel; rel != "flat" && rel != "compound" && rel != "appos" && rel != "nmod:desc" {
			break
		}
		i = v.doc.Words[i].Head
	}
	return ""
}

// interviewNear reports a noun for a talk between the cue and the medium.
func (r *reading) interviewNear(s *saying, m *actor.Mention) bool {
	lo, hi := min(s.cue.end, m.Head), max(s.cue.end, m.Head)
	lo = min(lo, m.First-talkReach) // "in an interview aired on Sunday on NBC"
	for i := max(lo-1, 0); i <= min(hi+3, len(r.lower)-1); i++ {
		if talks[r.lemmaOf(i)] && r.doc.Words[i].Sent == r.doc.Words[m.Head].Sent {
			return true
		}
	}
	return false
}

// talkReach is how many words may stand between a talk and its medium.
const talkReach = 5

// speaksOf reports whether the statement's own clause, outside content, has a
// noun with a definite or possessive determiner: "in the interview".
func (r *reading) speaksOf(s *saying, noun string) bool {
	sent := r.doc.Sents[r.doc.Words[s.head].Sent]
	for i := sent.First; i < sent.End; i++ {
		if r.lemmaOf(i) != noun || within(s.content, i) {
			continue
		}
		for _, k := range r.kids[i] {
			switch r.lower[k] {
			case "the", "his", "her", "their", "this", "that", "same":
				return true
			}
		}
	}
	return false
}

func (r *reading) link(m *actor.Mention) detente.Link {
	as := m.Actor.Link
	if as == "" {
		as = "outlet"
	}
	name := m.Actor.Name
	if r.doc.Words[m.Head].UPOS == "NOUN" {
		end := m.End // "the Syrian news agency SANA", of which no list has the name
		for end < len(r.doc.Words) && r.doc.Words[end].UPOS == "PROPN" &&
			(r.cast.Covering(end) == nil || r.doc.Words[end].Rel == "appos" && r.doc.Words[end].Head == m.Head || r.doc.Words[m.Head].Head == end && r.doc.Words[m.Head].Rel != "nsubj") {
			end++
		}
		if end > m.End {
			name = r.doc.Text[r.doc.Words[m.End].Start:r.doc.Words[end-1].End]
		}
	}
	if m.End < len(r.doc.Words) && r.doc.Words[m.End].UPOS == "NUM" && r.doc.Words[m.Head].UPOS == "PROPN" && !r.time[m.End] {
		name += " " + r.doc.Words[m.End].Form // "Channel 5"
	}
	return detente.Link{Name: name, As: as}
}

// remove takes out dropped statements and keeps the references right.
func (r *reading) remove(drop []bool) {
	to := make([]int, len(r.says))
	var kept []saying
	for i := range r.says {
		to[i] = len(kept)
		if !drop[i] {
			kept = append(kept, r.says[i])
		}
	}
	for i := range kept {
		for kept[i].outer >= 0 && drop[kept[i].outer] {
			kept[i].outer = r.says[kept[i].outer].outer
		}
		if o := kept[i].outer; o >= 0 {
			kept[i].outer = to[o]
		}
		if f := kept[i].follows; f >= 0 {
			for f >= 0 && drop[f] {
				f--
			}
			kept[i].follows = -1
			if f >= 0 {
				kept[i].follows = to[f]
			}
		}
	}
	r.says = kept
}

// carry gives an interview's links to later statements of the same speaker that
// refer to it, and the reporter's to "is reported to have said".
func (r *reading) carry() {
	interview := r.interviews()
	var last *saying // the latest statement with a reporting link
	for i := range r.says {
		s := &r.says[i]
		who := ""
		if s.speaker != nil {
			who = s.speaker.ID
		}
		if r.unnamedReport(s) && last != nil && last.speaker != nil && last.speaker.ID == who {
			for _, l := range last.via {
				if l.As != "interview" && !slices.Contains(s.via, l) {
					s.via = append(s.via, l)
				}
			}
			if s.date == "" {
				s.follows = r.index(last)
			}
		}
		if s.again && len(interview[who]) > 0 {
			s.via = append(slices.Clone(interview[who]), s.via...)
			s.via = unique(s.via)
		}
		if len(s.via) == 0 && i > 0 && r.goesOnFrom(s, &r.says[i-1]) {
			s.via = slices.Clone(r.says[i-1].via)
		}
		if s.follows >= 0 && len(s.via) == 0 && s.cue.first == s.cue.end {
			s.via = slices.Clone(r.says[s.follows].via)
		}
		if s.talk && who != "" {
			interview[who] = slices.Clone(s.via)
		}
		if len(s.via) > 0 {
			last = s
		}
	}
}

// goesOnFrom reports a clause that goes on with the statement before in its
// sentence: "told the Post on Thursday, adding that", "and said that".
func (r *reading) goesOnFrom(s, before *saying) bool {
	if s.cue.first == s.cue.end || before.cue.first == before.cue.end || s.outer >= 0 || s.speaker == nil || s.speaker != before.speaker {
		return false
	}
	w := r.doc.Words[s.head]
	return w.Head == before.head && (w.Rel == "advcl" || w.Rel == "conj")
}

// interviews gives the links of interviews that the text tells of outside
// statements, by who gave them: "Melnik gave an interview to Kommersant".
func (r *reading) interviews() map[string][]detente.Link {
	out := map[string][]detente.Link{}
	for i := range r.doc.Words {
		if !talks[r.lemmaOf(i)] || r.doc.Words[i].UPOS != "NOUN" {
			continue
		}
		s := r.doc.Sents[r.doc.Words[i].Sent]
		for _, m := range r.media(s.First, s.End) {
			if r.doc.Words[m.Head].Head != i && (m.First < i || m.First > i+3) {
				continue
			}
			for _, p := range r.cast.Within(s.First, s.End) {
				if p.Actor != nil && p.Actor.Kind == actor.KindPerson && out[p.Actor.ID] == nil {
					out[p.Actor.ID] = []detente.Link{{Name: m.Actor.Name, As: "interview"}}
				}
			}
		}
	}
	return out
}

func (r *reading) index(s *saying) int {
	for i := range r.says {
		if &r.says[i] == s {
			return i
		}
	}
	return -1
}

func unique(ls []detente.Link) []detente.Link {
	var out []detente.Link
	for _, l := range ls {
		if !slices.ContainsFunc(out, func(x detente.Link) bool { return x.Name == l.Name }) {
			out = append(out, l)
		}
	}
	return out
}

// unnamedReport reports "is reported to have said", which leaves the reporter
// to the text before.
func (r *reading) unnamedReport(s *saying) bool {
	if s.cue.first == s.cue.end {
		return false
	}
	passive := false
	for i := s.cue.first; i < s.cue.end; i++ {
		l := r.lemmaOf(i)
		if (l == "report" || l == "quote" || l == "cite") && r.doc.Words[i].XPOS == "VBN" && i > 0 {
			passive = true
		}
		if l == "reportedly" {
			passive = true
		}
	}
	return passive
}
