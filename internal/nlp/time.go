package nlp

import (
	"strings"
	"time"

	"detente"
)

// Kinds of time expression. Only DATE and RANGE say when something was or will
// be; the base of a "since" is a date of its own kind, so that nobody takes it
// for the date of the event.
const (
	TimeDate     = "DATE"
	TimeRange    = "RANGE"
	TimeDuration = "DURATION"
	TimeSet      = "SET"
	TimeSince    = "SINCE"
)

// findTimes reads the time expressions of d against the publication date.
//
// A hand-written grammar over lower-case forms (time_read.go) takes the longest
// expression at each word; its words are data/lang/en/time.txt. What a weekday,
// a month or a day without a year refers to follows from the tense of its
// clause (time_tense.go): at or before publication for what happened, at or
// after it for what is to come. "The next day" counts from the date told last.
// A paragraph that is nothing but a full date near the top is the dateline: it
// dates the text where no publication date is given or differs by a few days.
// Without either, what needs an anchor has a Kind and no Value. low has the
// lower-case forms of the words.
func findTimes(d *Doc, low []string, published detente.Date) []Time {
	r := &timeReader{d: d, low: low, words: timePhrases(), starts: timeStarts()}
	r.inName = personWords(d)
	if t, ok := published.Time(); ok && len(published) == 10 {
		r.anchor(t)
	}
	r.readDateline()
	var times []Time
	for si := range d.Sents {
		times = r.readSentence(times, si)
	}
	return times
}

// personWords marks the words of persons' names, where May and April are no months.
func personWords(d *Doc) []bool {
	in := make([]bool, len(d.Words))
	for _, e := range d.Ents {
		for w := e.First; w < e.End && e.Kind == Person; w++ {
			in[w] = true
		}
	}
	return in
}

// named reports whether words first … end-1 lie in a person's name whole: "Ten
// years ago" does not, even where Ten was taken for a name.
func (r *timeReader) named(first, end int) bool {
	for i := first; i < end; i++ {
		if !r.inName[i] {
			return false
		}
	}
	return true
}

// timeReader is the state of reading one document.
type timeReader struct {
	d      *Doc
	low    []string // lower-case forms of d.Words
	words  map[string]phrases
	starts map[string]bool // words that an expression can begin with
	inName []bool
	now    period // the day of publication; unknown where not given
	told   period // the date told last, from which "the next day" counts
	toldIn int    // its sentence
	// toldFull says that the text gave the year of told, beside month or day.
	toldFull bool
	first    int // the sentence being read: words first … end-1
	end      int
}

func (r *timeReader) anchor(t time.Time) { r.now = dayPeriod(t) }

// datelineBlocks is how many paragraphs from the top may hold the dateline;
// datelineDays how far it may lie from the publication date given.
const (
	datelineBlocks = 5
	datelineDays   = 7
)

func (r *timeReader) readDateline() {
	for _, s := range r.d.Sents {
		if s.Block >= datelineBlocks {
			return
		}
		r.first, r.end = s.First, s.End
		f, ok := r.absolute(s.First)
		if !ok || f.end != s.End || f.p.unit != unitDay || !f.fullDate {
			continue
		}
		if days := f.p.from.Sub(r.now.from).Hours() / 24; !r.now.known() || (days >= -datelineDays && days <= datelineDays) {
			r.now = f.p
		}
		return
	}
}

func (r *timeReader) readSentence(times []Time, si int) []Time {
	r.first, r.end = r.d.Sents[si].First, r.d.Sents[si].End
	for i := r.first; i < r.end; {
		if !r.starts[r.low[i]] && !hasDateInk(r.low[i]) {
			i++
			continue
		}
		f, ok := r.expression(i)
		if !ok || f.end <= i || r.named(i, f.end) {
			i++
			continue
		}
		t := Time{First: f.first, End: f.end, Kind: f.kind, Symbol: f.symbol}
		f.p.fill(&t)
		if f.duration != "" {
			t.Value = f.duration
		}
		if t.Kind == TimeDate && strings.Contains(t.Value, "/") {
			t.Kind = TimeRange
		}
		if (t.Kind == TimeDate || t.Kind == TimeRange) && r.afterSince(f.first) {
			t.Kind = TimeSince
		}
		if t.Kind == TimeDate && f.p.known() {
			r.told, r.toldIn = f.p, si
			r.toldFull = f.fullDate && f.p.unit != unitYear
		}
		times = append(times, t)
		i = f.end
	}
	return times
}

// afterSince reports whether the expression that begins at word i is the base
// of a "since", a few words of degree between them allowed.
func (r *timeReader) afterSince(i int) bool {
	for k := i - 1; k >= max(r.first, i-4); k-- {
		switch r.low[k] {
		case "since":
			return true
		case "at", "least", "about", "around", "the", "early", "late", "in", "on":
		default:
			return false
		}
	}
	return false
}

// TimeNear gives the time expression that dates the clause of word w: one that
// hangs on w, on its verb, or on a noun of the same clause, never one from
// another clause and never the base of a since, a duration or a set, nor what
// stands after before, after, until or by. Nil where there is none. The
// nearest to w in the tree wins, then the nearest in the text; where the tree
// has none, one that stands right behind w ("held on Saturday") is taken.
func (d *Doc) TimeNear(w int) *Time {
	dates := func(t *Time) bool {
		return (t.Kind == TimeDate || t.Kind == TimeRange) && t.From != "" && !d.bounds(t)
	}
	if t := d.timeOfClause(w, dates); t != nil {
		return t
	}
	if w < 0 || w >= len(d.Words) {
		return nil
	}
	k := d.timesFrom(w + 1)
	if k == len(d.Times) || d.Words[d.Times[k].First].Sent != d.Words[w].Sent || !dates(&d.Times[k]) {
		return nil
	}
	t := &d.Times[k]
	if t.End < len(d.Words) && d.Words[t.End].XPOS == "POS" {
		return nil // "said Monday's meeting": the day of the meeting
	}
	if t.First == w+1 || t.First == w+2 && d.Words[w+1].UPOS == "ADP" {
		return t
	}
	return nil
}

// SinceOf gives the base of a "since" in the clause of word w, or nil.
func (d *Doc) SinceOf(w int) *Time {
	return d.timeOfClause(w, func(t *Time) bool { return t.Kind == TimeSince })
}

// SetOf gives what tells how often ("every weekend") in the clause of word w, or nil.
func (d *Doc) SetOf(w int) *Time {
	return d.timeOfClause(w, func(t *Time) bool { return t.Kind == TimeSet })
}

// clauseHops bounds a walk to the head of a clause.
const clauseHops = 30

func (d *Doc) timeOfClause(w int, fits func(*Time) bool) *Time {
	if w < 0 || w >= len(d.Words) {
		return nil
	}
	s := d.Sents[d.Words[w].Sent]
	for hop, at := 0, w; hop < clauseHops && at >= 0; hop++ {
		var best *Time
		bestCost := 1 << 30
		for k := d.timesFrom(max(s.First, w-maxSentence)); k < len(d.Times) && d.Times[k].First < min(s.End, w+maxSentence); k++ {
			t := &d.Times[k]
			depth, under := d.depthUnder(d.headOf(t.First, t.End), at, w)
			if !under || !fits(t) {
				continue
			}
			if cost := depth*1000 + abs(t.First-w); cost < bestCost {
				best, bestCost = t, cost
			}
		}
		if best != nil {
			return best
		}
		if !sharesTime(d.Words[at]) {
			return nil
		}
		at = d.Words[at].Head
	}
	return nil
}

// timesFrom is the index of the first time expression at or after word i.
func (d *Doc) timesFrom(i int) int {
	lo, hi := 0, len(d.Times)
	for lo < hi {
		if mid := (lo + hi) / 2; d.Times[mid].First < i {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// headOf is the word of first … end-1 whose head lies outside.
func (d *Doc) headOf(first, end int) int {
	for i := first; i < end; i++ {
		if h := d.Words[i].Head; (h < first || h >= end) && d.Words[i].Rel != "punct" && d.Words[i].Rel != "case" {
			return i
		}
	}
	return first
}

// depthUnder counts the steps from time head t up to word at, which must lead
// through nouns of at's own clause alone. A noun with a clause of its own
// ("the talks that were held on Saturday") lets its verb through; a possessor
// ("last week's strikes") and a noun that the clause is only about ("spoke
// about the visit in May") do not, unless they lead to the word asked for, w.
func (d *Doc) depthUnder(t, at, w int) (int, bool) {
	for depth, i := 0, t; depth < clauseHops; depth++ {
		if i == at {
			return depth, true
		}
		word := d.Words[i]
		if word.Head < 0 || !d.datesHead(i, depth > 0, word.Head == w) {
			return 0, false
		}
		i = word.Head
	}
	return 0, false
}

// datesHead reports whether a time under word i (or that is i) dates its head
// too; under tells that i is a word above the time, asked that its head is the
// word asked for.
func (d *Doc) datesHead(i int, under, asked bool) bool {
	word := d.Words[i]
	switch relBase(word.Rel) {
	case "nmod":
		return word.Rel != "nmod:poss" || asked
	case "obl":
		return !under || !d.farCase(i)
	case "conj":
		return !under || !isClause(word)
	case "parataxis":
		return !under
	case "acl":
		return asked
	case "amod", "compound", "advmod", "obj", "nsubj", "appos", "dep", "det", "nummod", "discourse":
		return true
	}
	return false
}

// relBase is a relation without its subtype.
func relBase(rel string) string {
	for i := 0; i < len(rel); i++ {
		if rel[i] == ':' {
			return rel[:i]
		}
	}
	return rel
}

func isClause(w Word) bool { return w.UPOS == "VERB" || w.UPOS == "AUX" }

// sharesTime reports whether what dates the head of w dates w too: parts of
// one clause, a complement without a subject of its own, verbs joined by and.
func sharesTime(w Word) bool {
	switch relBase(w.Rel) {
	case "nsubj", "obj", "iobj", "obl", "nmod", "compound", "appos", "amod", "advmod", "xcomp", "conj", "aux", "cop", "fixed", "flat", "expl", "csubj":
		return w.Rel != "nmod:poss"
	}
	return false
}

// bounds reports whether the expression is a limit ("until Friday").
func (d *Doc) bounds(t *Time) bool {
	for k := t.First - 1; k >= 0 && k >= t.First-2; k-- {
		form := lowerASCII(d.Words[k].Form)
		if timePhrases()["bound"].has(form) {
			return true
		}
		if form != "the" && form != "of" {
			return false
		}
	}
	return false
}

// farCase reports whether noun i hangs on its verb by a preposition that sets
// it apart from the event ("about", "after", "before", "since").
func (d *Doc) farCase(i int) bool {
	for k := i - 1; k >= 0 && k >= i-8 && d.Words[k].Sent == d.Words[i].Sent; k-- {
		if d.Words[k].Head == i && d.Words[k].Rel == "case" {
			return !timePhrases()["of-event"].has(lowerASCII(d.Words[k].Form))
		}
	}
	return false
}

func lowerASCII(s string) string {
	for i := 0; i < len(s); i++ {
		if c := s[i]; 'A' <= c && c <= 'Z' {
			b := []byte(s)
			for j := range b {
				if 'A' <= b[j] && b[j] <= 'Z' {
					b[j] += 'a' - 'A'
				}
			}
			return string(b)
		}
	}
	return s
}

func abs(x int) int {
	if x < 0 {
		return -x
	}
	return x
}
