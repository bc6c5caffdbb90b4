package nlp

import (
	"strings"

	"detente"
)

// Rules for events that a text uses as points in time.

// event reads "since the election", "after the attack", "since Trump won the
// presidency": the event stays a symbol. One that holds a date is left to it.
func (r *timeReader) event(i int) (found, bool) {
	if n, _ := r.at("event-lead", i); n == 0 {
		return found{}, false
	}
	end, ok := r.eventPhrase(i + 1)
	if !ok && r.low[i] == "since" {
		end, ok = r.sinceClause(i)
	}
	if !ok {
		return found{}, false
	}
	for k := i + 1; k < end; k++ {
		if _, dated := r.point(k); dated {
			return found{}, false
		}
	}
	f := found{first: i + 1, end: end, kind: TimeDate, symbol: r.text(i+1, end)}
	if r.low[i] == "since" {
		f.kind = TimeSince
	}
	return f, true
}

// knownEvent reads an event of which everybody knows the days: "the Cold War",
// "the September 11 attacks".
func (r *timeReader) knownEvent(i int) (found, bool) {
	k := r.skip(i, "the")
	n, v := r.at("known-event", k)
	if n == 0 {
		return found{}, false
	}
	from, to, _ := strings.Cut(v, "/")
	p, ok := isoPeriod(from)
	if to != "" && ok {
		var end period
		end, ok = isoPeriod(to)
		p = spanPeriod(p, end)
	}
	return found{end: k + n, p: p, fullDate: true}, ok
}

// isoPeriod reads a year or a day.
func isoPeriod(s string) (period, bool) {
	t, ok := detente.Date(s).Time()
	switch {
	case !ok:
		return period{}, false
	case len(s) == 4:
		return yearPeriod(t.Year()), true
	}
	return dayPeriod(t), true
}

// eventWindow is how many words the name of an event may have.
const eventWindow = 8

// eventPhrase finds the end of a noun phrase at word i whose head is an event.
func (r *timeReader) eventPhrase(i int) (end int, ok bool) {
	if r.is(i, "a", "an") {
		return 0, false
	}
	for k := i; k < r.end && k < i+eventWindow; k++ {
		if k > i && r.low[k] == "of" {
			continue // "the end of the war"
		}
		switch r.d.Words[k].UPOS {
		case "VERB", "AUX", "PUNCT", "CCONJ", "SCONJ", "ADV", "ADP":
			return end, ok
		}
		if r.words["event"].has(r.low[k]) && k > i {
			end, ok = k+1, true
		}
	}
	return end, ok
}

// sinceClause finds the end of the past clause that "since" at word i opens.
func (r *timeReader) sinceClause(i int) (end int, ok bool) {
	v := r.d.Words[i].Head
	if r.d.Words[i].Rel != "mark" || v <= i || v > i+eventWindow || v >= r.end || r.d.Words[v].XPOS != "VBD" {
		return 0, false
	}
	for end = v + 1; end < r.end && end < v+eventWindow && r.d.Words[end].UPOS != "PUNCT" && r.d.Words[end].Head >= v; end++ {
	}
	return end, true
}

// text is what words first … end-1 read as in the document.
func (r *timeReader) text(first, end int) string {
	return r.d.Text[r.d.Words[first].Start:r.d.Words[end-1].End]
}
