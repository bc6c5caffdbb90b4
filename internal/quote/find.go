package quote

import (
	"slices"
	"strings"

	"detente"
	"detente/internal/actor"
	"detente/internal/nlp"
)

// saying is a statement on its way: the attribution in words and what is known
// about who said it, to whom, through whom.
type saying struct {
	found
	verb    int // word that carries the stance: the cue's head, or the verb that it leads to
	speaker *actor.Actor
	via     []detente.Link
	talk    bool // said in an interview, so that "the interview" may mean this one
	again   bool // "the interview": an earlier link is meant
	date    detente.Date
	follows int // statement whose speaker and occasion this one goes on with, or -1
}

// reading is one article being read for statements.
type reading struct {
	*view
	cast *actor.Cast
	says []saying
}

// Find gives the statements of an analysed article in text order, ids s1, s2 ….
func (m *Model) Find(doc *nlp.Doc, cast *actor.Cast, published detente.Date) []detente.Statement {
	v := newView(doc, m.lex)
	v.listen(m.hearer)
	fs := v.mend(v.plainCases(m.attributions(v)))
	r := &reading{view: v, cast: cast}
	for _, f := range fs {
		r.says = append(r.says, saying{found: f, verb: f.head, follows: -1})
	}
	r.styles()
	r.tails()
	r.colons()
	r.brands()
	r.beside()
	r.snap()
	r.order()
	r.enclose()
	r.goOn()
	r.order()
	r.nest()
	r.links()
	r.speakers()
	r.fold(m.lex)
	r.carry()
	r.dates()
	return r.statements(m.lex)
}

// order sorts by where a statement begins.
func (r *reading) order() {
	by := make([]int, len(r.says))
	for i := range by {
		by[i] = i
	}
	slices.SortStableFunc(by, func(a, b int) int { return r.beginning(&r.says[a]) - r.beginning(&r.says[b]) })
	to := make([]int, len(by))
	sorted := make([]saying, len(by))
	for new, old := range by {
		to[old] = new
		sorted[new] = r.says[old]
	}
	for i := range sorted {
		if f := sorted[i].follows; f >= 0 {
			sorted[i].follows = to[f]
		}
		if o := sorted[i].outer; o >= 0 {
			sorted[i].outer = to[o]
		}
	}
	r.says = sorted
}

// beginning is the first word of any part.
func (r *reading) beginning(s *saying) int {
	b := s.cue.first
	for _, x := range s.source {
		b = min(b, x.first)
	}
	for _, x := range s.content {
		b = min(b, x.first)
	}
	if s.cue.first == s.cue.end {
		b = s.content[0].first
	}
	return b
}

// statements gives the result its public form.
func (r *reading) statements(lex *Lexicon) []detente.Statement {
	out := make([]detente.Statement, 0, len(r.says))
	for i := range r.says {
		s := &r.says[i]
		st := detente.Statement{
			ID: detente.StatementID(detente.Numbered("s", i+1)), Kind: r.kind(s),
			Source: r.spans(s.source), Content: r.spans(s.content), Cue: []detente.Span{},
			Via: s.via, SaidOn: s.date, About: r.about(s), Addressee: r.addressee(s),
			Sentence: r.doc.Words[r.anchor(s)].Sent,
		}
		if s.cue.first < s.cue.end {
			st.Cue = r.spans([]stretch{s.cue})
		}
		if st.Via == nil {
			st.Via = []detente.Link{}
		}
		st.Modality, st.Negated = r.stanceOf(s, lex)
		st.Speaker = speakerOf(s.speaker)
		if s.outer >= 0 {
			st.Within = detente.StatementID(detente.Numbered("s", s.outer+1))
		}
		out = append(out, st)
	}
	return out
}

// anchor is the word whose sentence a statement belongs to.
func (r *reading) anchor(s *saying) int {
	if s.cue.first < s.cue.end {
		return s.head
	}
	return s.content[0].first
}

func (v *view) spans(ss []stretch) []detente.Span {
	out := make([]detente.Span, 0, len(ss))
	for _, s := range ss {
		out = append(out, detente.Span{Start: v.start[s.first], End: v.end[s.end-1]})
	}
	return out
}

func speakerOf(a *actor.Actor) detente.Speaker {
	if a == nil {
		return detente.Speaker{Sectors: []string{}}
	}
	sp := detente.Speaker{ID: a.ID, Name: a.Name, Role: a.Role, Party: a.Party, Sectors: a.Sectors}
	if sp.Sectors == nil {
		sp.Sectors = []string{}
	}
	return sp
}

// kind tells how much of the content stands between quotation marks.
func (r *reading) kind(s *saying) detente.StatementKind {
	in, all := 0, 0
	for _, c := range s.content {
		for i := c.first; i < c.end; i++ {
			if r.doc.Words[i].UPOS == "PUNCT" {
				continue
			}
			all++
			if r.outer[i] >= 0 {
				in++
			}
		}
	}
	switch {
	case in == 0:
		return detente.Indirect
	case in == all:
		return detente.Direct
	}
	return detente.Mixed
}

// within reports whether word i lies in one of ss.
func within(ss []stretch, i int) bool {
	for _, s := range ss {
		if s.first <= i && i < s.end {
			return true
		}
	}
	return false
}

func size(ss []stretch) int {
	n := 0
	for _, s := range ss {
		n += s.end - s.first
	}
	return n
}

// addressee is whom the speaker told: the indirect object, or who stands behind
// "to" under the cue.
func (r *reading) addressee(s *saying) string {
	if s.cue.first == s.cue.end {
		return ""
	}
	for _, k := range r.kids[s.head] {
		w := r.doc.Words[k]
		told := w.Rel == "iobj" || (w.Rel == "obj" && addressing[r.lemmaOf(s.head)])
		if !told && strings.HasPrefix(w.Rel, "obl") && r.hasCase(int(k), "to") {
			told = true
		}
		if !told || within(s.content, int(k)) {
			continue
		}
		if m := r.cast.At(int(k)); m != nil && m.Actor.Kind == actor.KindMedia {
			continue // a link of the chain, not an audience
		}
		lo, hi := r.phrase(int(k))
		return r.doc.Text[r.doc.Words[lo].Start:r.doc.Words[hi-1].End]
	}
	return ""
}

// addressing are verbs whose plain object is who hears it.
var addressing = map[string]bool{"tell": true, "inform": true, "assure": true, "warn": true, "remind": true,
	"notify": true, "brief": true, "ask": true, "urge": true, "advise": true}

func (v *view) lemmaOf(i int) string { return strings.ToLower(v.doc.Words[i].Lemma) }

// hasCase reports whether word i has this preposition.
func (v *view) hasCase(i int, prep ...string) bool {
	for _, k := range v.kids[i] {
		if v.doc.Words[k].Rel == "case" && slices.Contains(prep, v.lower[k]) {
			return true
		}
	}
	return false
}

// phrase is the noun phrase of head i without its preposition, clauses and
// outer punctuation.
func (v *view) phrase(i int) (first, end int) {
	first, end = i, i+1
	for _, k := range v.kids[i] {
		switch w := v.doc.Words[k]; w.Rel {
		case "det", "amod", "compound", "nummod", "nmod:poss", "flat", "nmod:desc", "fixed", "appos", "flat:name", "name":
			first, end = min(first, v.lo[k]), max(end, v.hi[k]+1)
		case "nmod":
			if int(k) > i {
				end = max(end, v.hi[k]+1)
			}
		}
	}
	return first, end
}
