package quote

import "strings"

// Rules over the tree. They find what the taggers are not asked for, statements
// inside statements, and what is plain enough to be sure of: a word that nearly
// always cues, with its own subject and clause.

// sure is the rate bucket from which a word is taken as a cue by rule.
const sure = 6

// byTree reads a cue's source and content off the tree; ok is false unless it
// has a content.
func (v *view) byTree(head int) (f found, ok bool) {
	f = found{cue: stretch{head, head + 1}, head: head, outer: -1}
	w := v.doc.Words[head]
	if v.lower[head] == "according" {
		return v.accordingTo(head)
	}
	if w.UPOS != "VERB" && w.UPOS != "AUX" {
		return f, false
	}
	if s := v.subject(head); s >= 0 {
		f.source = []stretch{v.nounPhrase(s, head)}
	}
	for _, k := range v.kids[head] {
		switch rel := v.doc.Words[k].Rel; rel {
		case "aux", "aux:pass", "advmod":
			if int(k) < head && int(k) >= head-3 && v.contiguous(int(k), head, f.source) {
				f.cue.first = min(f.cue.first, int(k))
			}
		case "ccomp":
			f.content = append(f.content, v.clause(int(k), head, f.source)...)
		case "xcomp":
			if v.doc.Words[k].UPOS == "VERB" {
				f.content = append(f.content, v.clause(int(k), head, f.source)...)
			}
		case "parataxis":
			if int(k) > head && len(f.content) == 0 {
				f.content = append(f.content, v.clause(int(k), head, f.source)...)
			}
		}
	}
	if len(f.content) == 0 && strings.HasPrefix(w.Rel, "parataxis") && w.Head >= 0 && len(f.source) > 0 {
		f.content = v.around2(w.Head, v.lo[head], v.hi[head]+1)
	}
	if len(f.content) == 0 && len(f.source) > 0 {
		if c, ok := v.thatClause(head); ok {
			f.content = []stretch{c}
		} else if o := v.objectOf(head); o >= 0 && v.ownSubject(head) && v.takesObject(head) {
			f.content = []stretch{v.trim(stretch{v.lo[o], v.hi[head] + 1})}
		}
	}
	if len(f.content) == 0 {
		return f, false
	}
	f.content = v.apart(f.content, append([]stretch{f.cue}, f.source...))
	return f, len(f.content) > 0
}

// takesObject reports a verb whose object is what it says: one with a stance
// ("promised new talks", "denied the report") or one that calls a thing
// something.
func (v *view) takesObject(i int) bool {
	if v.stance[i] {
		return true
	}
	for _, k := range v.kids[i] {
		if v.doc.Words[k].Rel == "xcomp" {
			return v.rate[i] >= sure-1
		}
	}
	return false
}

func (v *view) ownSubject(i int) bool {
	for _, k := range v.kids[i] {
		if v.doc.Words[k].Rel == "nsubj" {
			return true
		}
	}
	return false
}

// thatClause is what follows "that" close behind a verb: a parser may hang it on
// a noun between the two ("said on Tuesday that", "told parliament that").
func (v *view) thatClause(head int) (stretch, bool) {
	s := v.doc.Sents[v.doc.Words[head].Sent]
	for i := head + 1; i < min(s.End-1, head+12); i++ {
		switch {
		case v.lower[i] == "that" || v.lower[i] == "whether":
			return v.trim(stretch{i, s.End}), i > head+1 || v.doc.Words[i].UPOS == "SCONJ"
		case v.doc.Words[i].UPOS == "VERB" && v.doc.Words[i].XPOS != "VBN", v.doc.Words[i].UPOS == "PUNCT":
			return stretch{}, false
		}
	}
	return stretch{}, false
}

// contiguous reports that nothing but words of the verb group lies between.
func (v *view) contiguous(i, head int, source []stretch) bool {
	for j := i + 1; j < head; j++ {
		if within(source, j) || v.doc.Words[j].Head != head {
			return false
		}
	}
	return true
}

// subject is the head word of who says: the verb's own subject, that of the
// verb that it is joined to, or the noun that it qualifies; -1 for none.
func (v *view) subject(head int) int {
	words := v.doc.Words
	if s := v.joined(head); s >= 0 {
		return s
	}
	for hop, at := 0, head; hop < 4 && at >= 0; hop++ {
		agent := -1
		for _, k := range v.kids[at] {
			switch words[k].Rel {
			case "nsubj", "csubj":
				if words[k].UPOS != "VERB" {
					return int(k)
				}
			case "obl:agent":
				agent = int(k)
			case "nsubj:pass":
				if quotes[v.lemmaOf(at)] {
					return int(k)
				}
			}
		}
		if agent >= 0 {
			return agent
		}
		if i := v.beside(head); hop == 0 && i >= 0 {
			return i
		}
		switch rel := words[at].Rel; {
		case rel == "conj" || rel == "xcomp" || rel == "advcl":
			at = words[at].Head
		case strings.HasPrefix(rel, "acl"):
			return v.sayerOf(words[at].Head)
		default:
			return -1
		}
	}
	return -1
}

// joined is the noun right before a finite verb that has no subject, where a
// conjunction stands before it: "… their relations and analysts said". A parser
// may join the noun to the one before. Else -1.
func (v *view) joined(verb int) int {
	noun := verb - 1
	if noun < 1 || v.rate[verb] <= sure || v.ownSubject(verb) {
		return -1
	}
	switch v.doc.Words[verb].XPOS {
	case "VBD", "VBZ", "VBP":
	default:
		return -1
	}
	if u := v.doc.Words[noun].UPOS; u != "NOUN" && u != "PROPN" {
		return -1
	}
	if first, _ := v.phrase(noun); first < 1 || v.doc.Words[first-1].UPOS != "CCONJ" || v.doc.Words[first-1].Sent != v.doc.Words[verb].Sent {
		return -1
	}
	return noun
}

// beside is the noun right before a finite verb, whose subject it is whatever
// the tree says ("relations and analysts said"); -1 where there is none.
func (v *view) beside(verb int) int {
	switch v.doc.Words[verb].XPOS {
	case "VBD", "VBZ", "VBP":
	default:
		return -1
	}
	i := verb - 1
	if i < 0 || v.doc.Words[i].Sent != v.doc.Words[verb].Sent {
		return -1
	}
	switch v.doc.Words[i].UPOS {
	case "NOUN", "PROPN":
		if !v.time[i] {
			return i
		}
	}
	return -1
}

// sayerOf is who says what a participle on a noun says: the noun itself where
// it is the subject ("a statement saying"), else the subject of its verb
// ("issued a statement saying").
func (v *view) sayerOf(noun int) int {
	rel := v.doc.Words[noun].Rel
	if rel == "obj" || rel == "obl" {
		for _, k := range v.kids[v.doc.Words[noun].Head] {
			if v.doc.Words[k].Rel == "nsubj" {
				return int(k)
			}
		}
	}
	return noun
}

// quotes are verbs whose passive subject speaks ("was quoted as saying").
var quotes = map[string]bool{"quote": true, "cite": true, "report": true}

// nounPhrase is the subtree of a noun that stands on one side of the verb.
func (v *view) nounPhrase(s, verb int) stretch {
	x := stretch{v.lo[s], v.hi[s] + 1}
	if s < verb && x.end > verb {
		x.end = verb
		for x.end > s+1 && v.doc.Words[x.end-1].UPOS == "PUNCT" {
			x.end--
		}
	}
	if s > verb && x.first <= verb {
		x.first = verb + 1
	}
	for x.first < s && (v.doc.Words[x.first].Rel == "case" || v.doc.Words[x.first].UPOS == "PUNCT") {
		x.first++
	}
	return v.trim(x)
}

// clause is the subtree of a clause without the verb that governs it.
func (v *view) clause(k, head int, source []stretch) []stretch {
	x := stretch{v.lo[k], v.hi[k] + 1}
	if x.first <= head && head < x.end { // a tree whose branches cross
		if k > head {
			x.first = head + 1
		} else {
			x.end = head
		}
	}
	if x.first == head+2 && (v.lower[head+1] == "there" || v.lower[head+1] == "it") {
		x.first--
	}
	return []stretch{v.trim(x)}
}

// around2 is a clause's subtree less the stretch from … to inside it.
func (v *view) around2(head, from, to int) []stretch {
	var out []stretch
	for _, x := range []stretch{{v.lo[head], from}, {to, v.hi[head] + 1}} {
		if x = v.trim(x); x.first < x.end {
			out = append(out, x)
		}
	}
	return out
}

// trim takes punctuation off both ends, quotation marks excepted.
func (v *view) trim(x stretch) stretch {
	loose := func(i int) bool {
		return v.doc.Words[i].UPOS == "PUNCT" && v.in[i] < 0
	}
	for x.first < x.end && loose(x.first) {
		x.first++
	}
	for x.end > x.first && loose(x.end-1) {
		x.end--
	}
	return x
}

// apart cuts the given stretches out of others.
func (v *view) apart(xs, cut []stretch) []stretch {
	for _, c := range cut {
		var next []stretch
		for _, x := range xs {
			if c.end <= x.first || x.end <= c.first {
				next = append(next, x)
				continue
			}
			for _, y := range []stretch{{x.first, c.first}, {c.end, x.end}} {
				if y = v.trim(y); y.first < y.end {
					next = append(next, y)
				}
			}
		}
		xs = next
	}
	return xs
}

// accordingTo reads "according to X": the clause is what X says.
func (v *view) accordingTo(head int) (found, bool) {
	words := v.doc.Words
	noun := words[head].Head
	end := head + 1
	if end < len(words) && v.lower[end] == "to" {
		end++
	}
	if noun < end || noun < 0 {
		return found{}, false
	}
	f := found{cue: stretch{head, end}, head: head, outer: -1,
		source: []stretch{v.trim(stretch{end, v.hi[noun] + 1})}}
	clause := words[noun].Head
	if clause < 0 {
		return f, false
	}
	f.content = v.around2(clause, head, v.hi[noun]+1)
	return f, len(f.content) > 0
}

// plainCases adds the attributions that a sure cue makes plain and the taggers
// left out, where they touch none that is there.
func (v *view) plainCases(fs []found) []found {
	taken := make([]bool, len(v.doc.Words))
	fs = v.overrule(fs)
	for i := range fs {
		cover(taken, &fs[i])
	}
	for i := range v.doc.Words {
		if taken[i] || v.rate[i] < sure && !v.tellsStance(i) {
			continue
		}
		f, ok := v.byTree(i)
		if !ok || len(f.source) == 0 {
			continue
		}
		if f.content = v.until(f.content, taken); len(f.content) > 1 && overlapping(taken, f) {
			f.content = f.content[:1]
		}
		if overlapping(taken, found{cue: f.cue, content: f.content}) || overlapping(taken, f) && v.doc.Words[i].Rel != "conj" {
			continue // "called it a farce and denied …" share their speaker
		}
		cover(taken, &f)
		fs = append(fs, f)
	}
	return fs
}

// tellsStance reports a verb with a stance, a subject and a clause of its own:
// "denied on Wednesday that …".
func (v *view) tellsStance(i int) bool {
	if !v.stance[i] || !v.ownSubject(i) && v.doc.Words[i].Rel != "conj" {
		return false
	}
	_, that := v.thatClause(i)
	return that || v.hasClause(i)
}

// overrule drops an attribution whose cue stands inside the clause of a word
// that always cues and was passed over for it: "Kirby said that the two spoke".
func (v *view) overrule(fs []found) []found {
	cue := make([]bool, len(v.doc.Words))
	for _, f := range fs {
		for i := f.cue.first; i < f.cue.end; i++ {
			cue[i] = true
		}
	}
	kept := fs[:0]
	for _, f := range fs {
		over := false
		below := f.head
		for a := v.doc.Words[below].Head; a >= 0 && !cue[a] && !over; below, a = a, v.doc.Words[a].Head {
			over = v.doc.Words[below].Rel == "ccomp" && v.rate[a] > sure && v.ownSubject(a) && !within(f.content, a)
		}
		if !over {
			kept = append(kept, f)
		}
	}
	return kept
}

// until cuts content off where another attribution begins.
func (v *view) until(content []stretch, taken []bool) []stretch {
	for k, c := range content {
		for i := c.first + 1; i < c.end; i++ {
			if taken[i] {
				c = v.trim(stretch{c.first, i})
				for c.end > c.first && (v.doc.Words[c.end-1].UPOS == "CCONJ" || v.doc.Words[c.end-1].UPOS == "PUNCT") {
					c.end--
				}
				return append(content[:k:k], c)
			}
		}
	}
	return content
}

func overlapping(taken []bool, f found) bool {
	for _, ss := range [][]stretch{f.source, f.content, {f.cue}} {
		for _, s := range ss {
			for i := s.first; i < s.end; i++ {
				if taken[i] {
					return true
				}
			}
		}
	}
	return false
}

// nest adds statements inside the content of others. They come after the one
// that holds them.
func (r *reading) nest() {
	var out []saying
	at := make([]int, len(r.says)) // new index of each
	known := make([]bool, len(r.doc.Words))
	for i := range r.says {
		for w := r.says[i].cue.first; w < r.says[i].cue.end; w++ {
			known[w] = true
		}
	}
	for i := range r.says {
		s := r.says[i]
		at[i] = len(out)
		out = append(out, s)
		outer := at[i]
		for _, c := range s.content {
			for w := c.first; w < c.end; w++ {
				if r.rate[w] < like || known[w] {
					continue
				}
				f, ok := r.byTree(w)
				if !ok || len(f.source) == 0 || r.rate[w] < sure-1 && !r.hasClause(w) && !r.stance[w] {
					continue
				}
				f.content = clip(f.content, c)
				if !holds(s.content, f.content) || size(f.content) < 2 {
					continue
				}
				f.outer = outer
				for k := len(out) - 1; k > outer; k-- { // the narrowest that holds it
					if holds(out[k].content, f.content) && out[k].cue != f.cue {
						f.outer = k
						break
					}
				}
				known[w] = true
				out = append(out, saying{found: f, verb: f.head, follows: -1})
			}
		}
	}
	for i := range r.says {
		s := &out[at[i]]
		if s.follows >= 0 {
			s.follows = at[s.follows]
		}
		if s.outer >= 0 {
			s.outer = at[s.outer]
		}
	}
	r.says = out
}

// clip keeps of content what lies inside x.
func clip(content []stretch, x stretch) []stretch {
	var out []stretch
	for _, c := range content {
		c.first, c.end = max(c.first, x.first), min(c.end, x.end)
		if c.first < c.end {
			out = append(out, c)
		}
	}
	return out
}

// hasClause reports a verb with a finite clause of its own.
func (v *view) hasClause(i int) bool {
	for _, k := range v.kids[i] {
		if v.doc.Words[k].Rel == "ccomp" {
			return true
		}
	}
	return false
}

// holds reports whether every word of inner is in outer.
func holds(outer, inner []stretch) bool {
	for _, s := range inner {
		for i := s.first; i < s.end; i++ {
			if !within(outer, i) {
				return false
			}
		}
	}
	return true
}
