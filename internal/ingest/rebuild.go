package ingest

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"detente"
	"detente/internal/series"
	"detente/internal/store"
)

// Rebuild reads the stored text of every article of a store anew, with this
// line's model and rules, into a run beside it, and folds that run's series.
// Articles that the run has by this line already are passed over, so that it
// goes on where it stopped; those that arrive meanwhile are read too. A record
// that the store refuses is left out, and is an error at the end.
func Rebuild(ctx context.Context, line *Line, from, into store.Store) (n int, err error) {
	r := &replay{ctx: ctx, line: line, from: from, into: into}
	for {
		k, err := r.pass()
		n += k
		if err != nil {
			return n, err
		}
		if k == 0 {
			break
		}
	}
	if _, err := series.Refold(ctx, into, line.Dialogue()); err != nil {
		return n, err
	}
	return n, r.refused
}

// replay is one pass over the articles of a store.
type replay struct {
	ctx        context.Context
	line       *Line
	from, into store.Store
	refused    error // of the last record that the store did not take
}

// pass reads what the run lacks, once through all ids. The units wait in order
// for their records.
func (r *replay) pass() (n int, err error) {
	units := make(chan store.Unit, 1024)
	for rec, err := range r.line.Each(r.lacking(units)) {
		if err != nil {
			return n, err
		}
		u := <-units
		// Text, origin and story are the article's; the record alone is new.
		read := u.Record.Article.Read
		u.Record = rec
		u.Record.Article.Read = read
		_, err := r.into.Commit(context.WithoutCancel(r.ctx), u)
		if errors.Is(err, store.ErrNotFound) { // another text has taken its place meanwhile
			continue
		}
		if errors.Is(err, store.ErrRefused) {
			r.refused = fmt.Errorf("article %s is left out: %w", rec.Article.ID, err)
			continue
		}
		if err != nil {
			return n, fmt.Errorf("article %s: %w", rec.Article.ID, err)
		}
		n++
		if r.ctx.Err() != nil {
			return n, r.ctx.Err()
		}
	}
	return n, nil
}

// lacking hands out the articles that the run lacks, and their units.
func (r *replay) lacking(units chan<- store.Unit) iter.Seq2[*detente.Article, error] {
	return func(yield func(*detente.Article, error) bool) {
		for last := ""; ; {
			ids, err := r.from.Articles(r.ctx, last, 0)
			if err != nil || len(ids) == 0 {
				if err != nil {
					yield(nil, err)
				}
				return
			}
			for _, id := range ids {
				u, _, err := r.from.Unit(r.ctx, id)
				if err != nil {
					yield(nil, err)
					return
				}
				held, err := r.into.Holds(r.ctx, &u.Record.Article, r.line.Versions())
				if err != nil {
					yield(nil, err)
					return
				}
				if held {
					continue
				}
				units <- u
				if !yield(&u.Record.Article, nil) {
					return
				}
			}
			last = ids[len(ids)-1]
		}
	}
}
