package quote

import (
	"slices"
	"sort"
	"strings"
)

// What the taggers give is mended where the tree or the marks leave no doubt.

// mend goes over the attributions of a text.
func (v *view) mend(fs []found) []found {
	kept := fs[:0]
	for _, f := range fs {
		v.mendDateline(&f)
		v.nearSource(&f)
		v.mendAccording(&f)
		v.mendReported(&f)
		v.mendTold(&f)
		v.mendQuotedAs(&f)
		v.mendSubject(&f)
		v.mendWith(&f)
		v.mendStart(&f)
		v.mendOccasion(&f)
		if n := len(f.source); n > 0 && f.source[0].end-f.source[0].first > 1 && v.doc.Words[f.source[0].first].UPOS == "CCONJ" {
			f.source[0].first++ // "and analysts said"
		}
		f.content = v.apart(f.content, append([]stretch{f.cue}, f.source...))
		if len(f.content) > 0 {
			kept = append(kept, f)
		}
	}
	v.mendClaims(kept)
	return v.mendOverlaps(kept)
}

// mendClaims takes out of a content what stands in another sentence than its
// cue, where that sentence has a cue of its own whose content it is:
// "… , the spokesman said. The ministry confirmed the call, the agency reported."
func (v *view) mendClaims(fs []found) {
	words := v.doc.Words
	for i := range fs {
		f := &fs[i]
		for k := len(f.content) - 1; k >= 0 && len(f.content) > 1; k-- {
			c := f.content[k]
			for j := range fs {
				b := &fs[j]
				at := words[b.head].Sent
				if j == i || at == words[f.head].Sent || at != words[c.first].Sent || at != words[c.end-1].Sent {
					continue
				}
				if own := shared(b.content, c); 2*own > c.end-c.first {
					f.content = slices.Delete(f.content, k, k+1)
					break
				}
			}
		}
	}
}

// shared counts the words of c that lie in one of ss.
func shared(ss []stretch, c stretch) int {
	n := 0
	for i := c.first; i < c.end; i++ {
		if within(ss, i) {
			n++
		}
	}
	return n
}

// mendOverlaps takes out of a content the source of the next attribution, where
// that one's cue stands outside it: "… of his hope and analysts said".
func (v *view) mendOverlaps(fs []found) []found {
	for i := range fs {
		for j := i + 1; j < min(len(fs), i+3); j++ {
			a, b := &fs[i], &fs[j]
			if v.part(a, b) || len(b.source) == 0 || within(a.content, b.head) || !within(a.content, b.source[0].first) {
				continue
			}
			last := &a.content[len(a.content)-1]
			if b.source[0].end != last.end || b.source[0].first <= last.first {
				continue
			}
			for k := b.source[0].end - 1; k > b.source[0].first; k-- {
				if v.doc.Words[k].UPOS == "CCONJ" { // "… relations and analysts said"
					b.source[0].first = k + 1
					break
				}
			}
			last.end = b.source[0].first
			*last = v.trim(*last)
			if last.end > last.first+1 && v.doc.Words[last.end-1].UPOS == "CCONJ" {
				last.end--
			}
		}
	}
	return fs
}

// mendDateline takes "WARSAW, March 26 (Wire) - " out of source and content.
func (v *view) mendDateline(f *found) {
	p := v.paras[v.para[f.head]]
	end := v.afterDateline(p.first)
	if end == p.first || end > f.cue.first {
		return
	}
	f.content = v.apart(f.content, []stretch{{p.first, end}})
	if n := len(f.source); n > 0 {
		f.source = v.apart(f.source, []stretch{{p.first, end}})
	}
	if len(f.source) == 0 {
		if s := v.subject(f.head); s >= end {
			f.source = []stretch{v.nounPhrase(s, f.head)}
		}
	}
}

// part cuts a content before a second statement that is only joined to it:
// "… of his hope and analysts said that".
func (v *view) part(a, b *found) bool {
	noun := v.joined(b.head)
	if noun < 0 || !within(a.content, b.head) {
		return false
	}
	first, end := v.phrase(noun)
	b.source = []stretch{{first, end}}
	for k, c := range a.content {
		if c.first < first-1 && first-1 < c.end {
			a.content = append(a.content[:k:k], v.trim(stretch{c.first, first - 1}))
			break
		}
	}
	return true
}

// nearSource keeps of a source in pieces the one nearest to the cue.
func (v *view) nearSource(f *found) {
	gap := func(x stretch) int { return max(x.first-f.cue.end, f.cue.first-x.end) }
	for len(f.source) > 1 {
		if gap(f.source[0]) > gap(f.source[len(f.source)-1]) {
			f.source = f.source[1:]
		} else {
			f.source = f.source[:len(f.source)-1]
		}
	}
}

// mendAccording keeps "according to" and what follows it together.
func (v *view) mendAccording(f *found) {
	last := f.cue.end - 1
	if v.lower[last] != "according" || f.cue.end >= len(v.lower) || v.lower[f.cue.end] != "to" {
		return
	}
	f.cue.end++
	if g, ok := v.byTree(last); ok && len(f.source) == 0 {
		f.source = g.source
	}
}

// mendReported reads "is reported to have said": the subject speaks, and what
// the last verb governs is the content.
func (v *view) mendReported(f *found) {
	words := v.doc.Words
	for i := f.cue.first; i < f.cue.end; i++ {
		if !quotes[v.lemmaOf(i)] || words[i].XPOS != "VBN" {
			continue
		}
		subject, verb := -1, -1
		var whole stretch // a title and its name, also where the tree has them side by side
		for _, k := range v.kids[i] {
			switch {
			case words[k].Rel == "nsubj:pass":
				phrase := v.nounPhrase(int(k), i)
				if subject >= 0 && phrase.first == whole.end {
					phrase.first = whole.first
				}
				subject, whole = int(k), phrase
			case (words[k].Rel == "xcomp" || words[k].Rel == "advcl" && v.lower[v.lo[k]] == "to") && v.rate[k] >= sure:
				verb = int(k)
			}
		}
		if subject < 0 || verb < 0 && !citing[v.lemmaOf(i)] {
			continue
		}
		if len(f.source) == 0 || !within(f.source, subject) || within([]stretch{whole}, f.source[0].first) {
			f.source = []stretch{whole}
			f.content = v.apart(f.content, f.source)
		}
		extended := verb >= f.cue.end && verb < f.cue.end+4
		if extended {
			f.cue.end, f.head = verb+1, verb
		}
		if verb >= 0 && (extended || len(v.apart(f.content, f.source)) == 0) {
			if g, ok := v.byTree(verb); ok {
				f.content = g.content
			}
		}
		return
	}
}

// mendTold reads "the agency was told by an official that": the agent speaks,
// and "that" begins the content, whatever the tree hangs it on.
func (v *view) mendTold(f *found) {
	words := v.doc.Words
	if v.lemmaOf(f.head) != "tell" || words[f.head].XPOS != "VBN" {
		return
	}
	agent, told := -1, false
	for _, k := range v.kids[f.head] {
		switch words[k].Rel {
		case "obl:agent":
			agent = int(k)
		case "nsubj:pass":
			told = true
		}
	}
	if agent < f.head || !told {
		return
	}
	end := v.doc.Sents[words[f.head].Sent].End
	for i := agent + 1; i < end-2 && i < agent+maxTitle; i++ {
		if v.lower[i] == "that" {
			f.source = []stretch{v.trim(stretch{v.lo[agent] + 1, i})}
			f.content = []stretch{v.trim(stretch{i, end})}
			return
		}
	}
}

// mendQuotedAs reads "the agency quoted a source as saying": the object speaks.
func (v *view) mendQuotedAs(f *found) {
	if f.cue.first == 0 || v.lower[f.cue.first-1] != "as" {
		return
	}
	sent := v.doc.Sents[v.doc.Words[f.head].Sent]
	for i := f.cue.first - 2; i >= sent.First; i-- {
		if !citing[v.lemmaOf(i)] {
			continue
		}
		o := v.objectOf(i)
		for _, k := range v.kids[i] { // "an aide was cited by Bild as saying"
			if v.doc.Words[k].Rel == "nsubj:pass" {
				o = int(k)
			}
		}
		if o >= 0 {
			f.source = []stretch{v.nounPhrase(o, i)}
			if f.source[0].end > f.cue.first-1 {
				f.source[0].end = f.cue.first - 1
			}
		}
		return
	}
}

// mendSubject gives a cue that stands in the active with a subject of its own
// that subject, where the tagger gave it no source.
func (v *view) mendSubject(f *found) {
	words := v.doc.Words
	if len(f.source) > 0 && !v.strayRelative(f) || v.rate[f.head] < sure {
		return
	}
	p := v.paras[v.para[f.head]]
	dateline := v.afterDateline(p.first)
	for _, k := range v.kids[f.head] {
		if words[k].Rel != "nsubj" || int(k) < dateline && p.first < dateline || v.lower[k] == "it" || v.lower[k] == "there" || within([]stretch{f.cue}, int(k)) {
			continue
		}
		f.source = []stretch{v.nounPhrase(int(k), f.head)}
		return
	}
}

// mendWith gives a cue the noun right before it where "with" opens a clause
// without a finite verb: "… began with the ministry accusing".
func (v *view) mendWith(f *found) {
	if v.doc.Words[f.head].XPOS != "VBG" || f.head != f.cue.first || f.head == v.paras[v.para[f.head]].first {
		return
	}
	noun := f.head - 1
	switch v.doc.Words[noun].UPOS {
	case "NOUN", "PROPN", "PRON":
	default:
		return
	}
	if first, end := v.phrase(noun); end == f.cue.first && v.hasCase(noun, "with") {
		f.source = []stretch{{first, end}}
	}
}

// strayRelative reports a source that is the relative pronoun of another verb:
// "an official, who asked not to be named, told".
func (v *view) strayRelative(f *found) bool {
	x := f.source[0]
	return x.end-x.first == 1 && v.lower[x.first] == "who" && v.doc.Words[x.first].Head != f.head &&
		v.doc.Words[f.head].Rel != "conj"
}

// mendOccasion takes out of the content what only tells where it was said: "in an
// interview to Mir TV" before "that", and "as saying".
func (v *view) mendOccasion(f *found) {
	for k := range f.content {
		c := &f.content[k]
		if len(f.content) > 1 && c.end-c.first == 2 && v.lower[c.first] == "as" && v.rate[c.first+1] >= sure {
			f.content = append(f.content[:k:k], f.content[k+1:]...)
			break
		}
		talk := false
		for i := c.first; i < min(c.end-2, c.first+maxTitle); i++ {
			talk = talk || i < c.first+3 && v.lemmaOf(i) == "interview"
			if talk && v.lower[i] == "that" {
				c.first = i
				break
			}
		}
	}
}

// mendStart takes into the content what stands between it and the cue and
// belongs to its first words in the tree: the beginning of a name or title.
func (v *view) mendStart(f *found) {
	for n := range f.content {
		c := &f.content[n]
		if c.first < f.cue.end || c.first-f.cue.end > 6 {
			continue
		}
		lo := c.first
		for i := c.first; i < min(c.end, c.first+3); i++ {
			if v.lo[i] < lo && v.lo[i] >= f.cue.end && v.doc.Words[v.lo[i]].Sent == v.doc.Words[c.first].Sent {
				lo = v.lo[i]
			}
		}
		clear := true
		for i := lo; i < c.first; i++ {
			if within(f.source, i) || v.doc.Words[i].UPOS == "PUNCT" || !strings.Contains("compound nmod:desc amod nmod:poss flat det nummod", v.doc.Words[i].Rel) {
				clear = false
			}
		}
		if clear {
			c.first = lo
		}
	}
}

// beside gives a sure cue without a source the one who is named right beside it.
func (r *reading) beside() {
	for i := range r.says {
		s := &r.says[i]
		if len(s.source) > 0 || s.cue.first == s.cue.end || r.rate[s.head] < sure || r.doc.Words[s.head].XPOS == "VBN" {
			continue
		}
		for k := r.mentionsFrom(s.cue.first - maxTitle); k < len(r.cast.Mentions) && r.cast.Mentions[k].First <= s.cue.end; k++ {
			m := &r.cast.Mentions[k]
			if m.Adjective || m.Actor == nil || m.End != s.cue.first && m.First != s.cue.end || within(s.content, m.Head) {
				continue
			}
			s.source = []stretch{{m.First, m.End}}
			break
		}
	}
}

// snap lets a content begin where the name or title begins that it cuts in two.
func (r *reading) snap() {
	for i := range r.says {
		s := &r.says[i]
		for k := range s.content {
			c := &s.content[k]
			for _, m := range r.cast.Mentions[r.mentionsFrom(c.first-maxTitle):] {
				if m.First >= c.first {
					break
				}
				if m.End <= c.first || m.First < s.cue.end && s.cue.first < m.End || within(s.source, m.First) || r.para[m.First] != r.para[c.first] {
					continue
				}
				c.first = m.First
			}
		}
	}
}

// maxTitle is how many words a title before a name may have.
const maxTitle = 12

// mentionsFrom is the index of the first mention at or after word i.
func (r *reading) mentionsFrom(i int) int {
	return sort.Search(len(r.cast.Mentions), func(k int) bool { return r.cast.Mentions[k].First >= i })
}

// neighbours bounds how far apart in the list two statements may be that are
// looked at together; they stand in the same paragraph.
const neighbours = 12

// enclose finds statements that stand inside the content of another.
func (r *reading) enclose() {
	for i := range r.says {
		a := &r.says[i]
		for j := max(0, i-neighbours); j < min(len(r.says), i+neighbours+1); j++ {
			b := &r.says[j]
			if i == j || !within(b.content, a.head) || !holds(b.content, []stretch{a.cue}) {
				continue
			}
			if a.outer < 0 || size(b.content) < size(r.says[a.outer].content) {
				a.outer = j
			}
		}
	}
	for i := range r.says {
		// Two that hold each other: the one that stands at the end is the
		// outer one ("he said …, the agency reported").
		a := &r.says[i]
		if a.outer < 0 || r.says[a.outer].outer != i || r.says[a.outer].cue.first < a.cue.first {
			continue
		}
		b := &r.says[a.outer]
		b.outer = -1
		if rest := r.apart(a.content, append([]stretch{b.cue}, b.source...)); len(rest) > 0 {
			a.content = rest[:1]
		}
	}
}
