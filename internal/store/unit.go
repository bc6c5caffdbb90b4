package store

import (
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"detente"
)

// Check says why a unit cannot be committed (ErrRefused), or nil. Engines call
// it first.
func (u Unit) Check() error {
	if err := u.check(); err != nil {
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return nil
}

func (u Unit) check() error {
	art := u.Record.Article
	if art.ID == "" {
		return errors.New("an article without an id cannot be stored")
	}
	if art.Read.IsZero() {
		return fmt.Errorf("article %q: no time of reading is set", art.ID)
	}
	if _, ok := art.Published.Time(); !ok && art.Published != "" {
		return fmt.Errorf("article %q: publication date %q: %w", art.ID, art.Published, detente.ErrDate)
	}
	if err := checkAnchors(&u.Record); err != nil {
		return fmt.Errorf("article %q: %w", art.ID, err)
	}
	for _, d := range Dyads(&u.Record) {
		if back, err := detente.ParseDyad(d.String()); err != nil || back != d {
			return fmt.Errorf("article %q: dyad %q: party codes are capital letters and digits, in alphabetical order", art.ID, d)
		}
	}
	return nil
}

// checkAnchors makes sure that everything in rec points into its text and its
// sentences, so that a page can always show what a record cites.
func checkAnchors(rec *detente.Record) error {
	text := utf8.RuneCountInString(rec.Text)
	check := func(what string, spans ...detente.Span) error {
		for _, s := range spans {
			if s.Start < 0 || s.End < s.Start || s.End > text {
				return fmt.Errorf("%s cites characters %d to %d of a text of %d", what, s.Start, s.End, text)
			}
		}
		return nil
	}
	inSentence := func(what string, i int) error {
		if i < 0 || i >= len(rec.Sentences) {
			return fmt.Errorf("%s cites sentence %d of %d", what, i, len(rec.Sentences))
		}
		return nil
	}
	errs := []error{check("a sentence", rec.Sentences...)}
	for _, b := range rec.Article.Blocks {
		errs = append(errs, check("a block", b.Span))
	}
	for _, st := range rec.Statements {
		what := "statement " + string(st.ID)
		errs = append(errs, check(what, st.Source...), check(what, st.Cue...), check(what, st.Content...), inSentence(what, st.Sentence))
	}
	for _, ev := range rec.Events {
		what := "event " + string(ev.ID)
		errs = append(errs, check(what, ev.Trigger...), inSentence(what, ev.Sentence))
		for _, p := range slices.Concat(ev.Source, ev.Target) {
			errs = append(errs, check(what, p.Span))
		}
	}
	for _, a := range rec.Acts {
		what := "act " + string(a.ID)
		errs = append(errs, check(what, a.Span), inSentence(what, a.Sentence))
	}
	for _, c := range rec.Claims {
		what := "claim " + string(c.ID)
		errs = append(errs, check(what, c.Span), inSentence(what, c.Sentence))
	}
	for _, in := range rec.Indicators {
		errs = append(errs, check("an indicator", in.Span))
	}
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Dyads lists the dyads of which rec tells an act or a claim, in order. What
// lacks a party, or names one twice, is between nobody and left out.
func Dyads(rec *detente.Record) []detente.Dyad {
	var dyads []detente.Dyad
	add := func(d detente.Dyad) {
		if d[0] != "" && d[1] != "" && d[0] != d[1] && !slices.Contains(dyads, d) {
			dyads = append(dyads, d)
		}
	}
	for _, a := range rec.Acts {
		add(a.Dyad)
	}
	for _, c := range rec.Claims {
		add(c.Dyad)
	}
	slices.SortFunc(dyads, func(a, b detente.Dyad) int { return slices.Compare(a[:], b[:]) })
	return dyads
}

// ReportOf takes from rec what it tells of dyad; Head is left to the engine.
func ReportOf(rec *detente.Record, dyad detente.Dyad) Report {
	rep := Report{Sentences: map[int]Sentence{}}
	runes := []rune(rec.Text)
	cite := func(sentence int) {
		span := rec.Sentences[sentence]
		rep.Sentences[sentence] = Sentence{Span: span, Text: string(runes[span.Start:span.End])}
	}
	wanted := map[detente.StatementID]bool{}
	coded := map[detente.EventID]bool{}
	for _, a := range rec.Acts {
		if a.Dyad == dyad {
			rep.Acts = append(rep.Acts, a)
			wanted[a.Statement] = true
			coded[a.Event] = true
			cite(a.Sentence)
		}
	}
	for _, c := range rec.Claims {
		if c.Dyad == dyad {
			rep.Claims = append(rep.Claims, c)
			wanted[c.Statement] = true
			cite(c.Sentence)
		}
	}
	for _, ev := range rec.Events {
		if coded[ev.ID] {
			rep.Events = append(rep.Events, ev)
			cite(ev.Sentence)
		}
	}
	for _, st := range withEnclosing(rec.Statements, wanted) {
		rep.Statements = append(rep.Statements, st)
		cite(st.Sentence)
	}
	return rep
}

// withEnclosing picks the wanted statements and those that they stand inside,
// in the order of sts.
func withEnclosing(sts []detente.Statement, wanted map[detente.StatementID]bool) []detente.Statement {
	for range sts { // as many rounds as statements can stand inside one another
		grown := false
		for _, st := range sts {
			if wanted[st.ID] && st.Within != "" && !wanted[st.Within] {
				wanted[st.Within] = true
				grown = true
			}
		}
		if !grown {
			break
		}
	}
	var picked []detente.Statement
	for _, st := range sts {
		if wanted[st.ID] {
			picked = append(picked, st)
		}
	}
	return picked
}
