package quote

import (
	"slices"

	"detente/internal/actor"
)

// The plainest form of the wire services: a whole clause, a comma, who said it
// and a verb of saying, and then nothing but when, where and to whom ("… , the
// minister told reporters on Monday."; "… , said Ali Bongo, a spokesman."). It
// is read off the words, since a parser that joins the clauses the wrong way
// spoils what the tree says of it.

// maxTail is how many words may stand behind the verb.
const maxTail = 22

// tails gives every sentence of this form its statement: it mends the one that
// the cue has already, or adds one.
func (r *reading) tails() {
	for i := range r.doc.Sents {
		s := r.doc.Sents[i]
		f, ok := r.tail(s.First, s.End)
		if !ok {
			continue
		}
		k := slices.IndexFunc(r.says, func(x saying) bool {
			return x.cue.first < f.cue.end && f.cue.first < x.cue.end || within(x.source, f.source[0].end-1) && within(x.source, f.source[0].first)
		})
		if k < 0 {
			r.says = append(r.says, saying{found: f, verb: f.head, follows: -1})
			continue
		}
		have := &r.says[k]
		if !touches(have.content, f.content) {
			have.content = nil // what stands behind the verb is when and where it was said
		}
		if size(have.content) >= size(f.content) || r.quotedIn(have.content) {
			if len(have.source) == 0 {
				have.source = f.source
			}
			continue
		}
		have.found, have.verb = f, f.head
	}
}

// touches reports a word that is in both.
func touches(a, b []stretch) bool {
	for _, s := range a {
		for i := s.first; i < s.end; i++ {
			if within(b, i) {
				return true
			}
		}
	}
	return false
}

// quotedIn reports a word between quotation marks.
func (r *reading) quotedIn(ss []stretch) bool {
	for _, s := range ss {
		for i := s.first; i < s.end; i++ {
			if r.outer[i] >= 0 {
				return true
			}
		}
	}
	return false
}

// tail reads one sentence; ok is false where it has another form.
func (r *reading) tail(first, end int) (found, bool) {
	for k := end - 3; k > first+3; k-- {
		if r.lower[k] != "," || r.in[k] >= 0 && r.outer[k] >= 0 && r.inside(k) {
			continue
		}
		from := k + 1
		for from < end && r.mark[from] { // a quotation closes behind the comma
			from++
		}
		f, ok := r.attributes(from, end)
		if !ok || !r.finiteIn(first, k) {
			continue
		}
		if to := r.apposed(first, k); to < k { // "Seoul's minister of culture, Park Jie-won, told reporters"
			f.source[0].first, from = to, to
		}
		f.content = []stretch{r.trim(stretch{first, from})}
		return f, size(f.content) > 3
	}
	return found{}, false
}

// apposed is the first word of a title or name between the comma at k and the
// one before it, to which the name or title behind k belongs; k where there is
// none.
func (r *reading) apposed(first, k int) int {
	m := r.cast.Covering(k - 1)
	if m == nil || m.Actor == nil || m.Adjective || m.First <= first+3 {
		return k
	}
	from := m.First
	for from > first && (r.lower[from-1] == "the" || r.lower[from-1] == "a" || r.lower[from-1] == "an") {
		from--
	}
	if r.lower[from-1] != "," || r.finiteIn(from, k) {
		return k
	}
	switch m.Actor.Kind {
	case actor.KindPerson, actor.KindBody:
		return from
	}
	return k
}

// inside reports a comma in the middle of a quotation, which parts nothing.
func (r *reading) inside(k int) bool {
	q := r.quotes[r.outer[k]]
	return q.first < k && k < q.end-2
}

// attributes reads words first … end as who said it and how, in either order.
func (r *reading) attributes(first, end int) (found, bool) {
	if first >= end || slices.Contains(notWho, r.lower[first]) {
		return found{}, false
	}
	v := first
	for v < end && !r.saysFinitely(v) {
		if v > first && r.finite(v) && !r.auxiliary(v) || v-first > 16 {
			return found{}, false
		}
		v++
	}
	if v == end {
		return found{}, false
	}
	cue := stretch{v, v + 1}
	for cue.first > first && r.auxiliary(cue.first-1) {
		cue.first--
	}
	if cue.first == first && v > first {
		return found{}, false // "…, was quoted as saying": who stands before the comma
	}
	head := v
	if v+2 < end && r.lower[v+1] == "as" && r.lower[v+2] == "saying" {
		cue.end, head = v+3, v+2
	}
	if r.finiteIn(cue.end, r.circumstance(cue.end, end)) || end-cue.end > maxTail {
		return found{}, false
	}
	who := stretch{first, cue.first}
	if cue.first == first { // "said Ali Bongo, a spokesman for …"
		if r.lower[v] == "told" || cue.end == end || r.lower[cue.end] == "by" || r.auxiliary(v) || cue.end > v+1 || r.doc.Words[v].XPOS == "VBN" && v > 0 && r.lower[v-1] == "was" {
			return found{}, false
		}
		who = stretch{cue.end, end}
		for i := cue.end; i < end; i++ {
			if r.time[i] || r.lower[i] == "on" || r.lower[i] == "in" && i > cue.end+1 {
				who.end = i
				break
			}
		}
	}
	who = r.trim(who)
	if who.end-who.first < 1 {
		return found{}, false
	}
	return found{cue: cue, head: head, source: []stretch{who}, outer: -1}, true
}

// circumstance is the first word of a clause that says when or why it was said
// ("… said on Thursday after troops had crossed the border"), or end.
func (r *reading) circumstance(first, end int) int {
	for i := first; i < end; i++ {
		switch r.lower[i] {
		case "after", "before", "as", "when", "while", "following", "hours", "days":
			return i
		case ",":
			if i+1 < end && r.doc.Words[i+1].XPOS == "VBG" { // "… said, adding that …"
				return i
			}
		}
	}
	return end
}

// notWho are words that open another kind of clause.
var notWho = []string{"which", "who", "whom", "that", "as", "where", "when", "while", "if", "because", "although", "though", "after", "before", "since", "but", "and", "or", "so"}

// saysFinitely reports a finite verb of saying, or the participle of "was quoted".
func (r *reading) saysFinitely(i int) bool {
	w := r.doc.Words[i]
	if r.rate[i] < sure && !citing[r.lemmaOf(i)] || w.UPOS != "VERB" && !r.sayWord(i) {
		return false
	}
	switch w.XPOS {
	case "VBD", "VBZ", "VBP":
		return true
	case "VBN":
		return i > 0 && r.auxiliary(i-1)
	}
	return r.sayWord(i)
}

func (r *reading) auxiliary(i int) bool {
	return slices.Contains([]string{"was", "were", "is", "are", "has", "have", "had", "also", "later", "then", "been"}, r.lower[i])
}

func (r *reading) finite(i int) bool {
	switch r.doc.Words[i].XPOS {
	case "VBD", "VBZ", "VBP", "MD":
		return r.doc.Words[i].UPOS == "VERB" || r.doc.Words[i].UPOS == "AUX"
	}
	return false
}

func (r *reading) finiteIn(first, end int) bool {
	for i := first; i < end; i++ {
		if r.finite(i) {
			return true
		}
	}
	return false
}

// afterDateline is the first word behind the dateline of a paragraph that
// starts with word first.
func (v *view) afterDateline(first int) int {
	if s := v.doc.Sents[v.doc.Words[first].Sent]; s.Dateline {
		return s.End
	}
	return first
}

// sayWord is a form of the commonest verbs of saying, whatever its tag.
func (r *reading) sayWord(i int) bool {
	return slices.Contains([]string{"says", "said", "reports", "reported", "told", "added", "announced", "writes", "wrote"}, r.lower[i])
}

// colons drops what a colon alone attributes to something that cannot speak
// ("The long way home: France says …").
func (r *reading) colons() {
	r.says = slices.DeleteFunc(r.says, func(s saying) bool {
		return s.cue.end == s.cue.first+1 && r.lower[s.cue.first] == ":" && (len(s.source) == 0 || !r.names(s.source[0]))
	})
}
