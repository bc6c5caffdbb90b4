// Package series keeps the series of every dyad of a store up to date: it has
// the changed ones folded (dialogue) from the earliest day of which something
// new is known, and saves them.
//
// What has changed is marked by the store in the transaction of each commit, and
// a mark goes only when a series that knows of the change is saved. So a kill at
// any moment leaves marks, never a stale series that nobody knows of, and
// folding on gives the same bytes as folding everything anew.
package series

import (
	"context"
	"fmt"

	"detente"
	"detente/internal/dialogue"
	"detente/internal/store"
)

// Refold folds what is marked, and gives the number of series that it saved.
// It ends early, without harm, when ctx ends.
func Refold(ctx context.Context, st store.Store, rules *dialogue.Rules) (n int, err error) {
	marks, err := st.Stale(ctx, rules.Version())
	if err != nil {
		return 0, err
	}
	for _, m := range marks {
		if err := refold(ctx, st, rules, m); err != nil {
			return n, fmt.Errorf("folding %s: %w", m.Dyad, err)
		}
		n++
	}
	return n, nil
}

// refold folds one dyad. What is committed while it does so leaves another mark.
func refold(ctx context.Context, st store.Store, rules *dialogue.Rules, m store.Mark) error {
	var tellings []dialogue.Telling
	err := st.Tellings(ctx, m.Dyad, func(rep store.Report) error {
		tellings = append(tellings, tellingOf(&rep))
		return nil
	})
	if err != nil {
		return err
	}
	return st.SaveSeries(ctx, rules.Series(m.Dyad, tellings, m.From), m)
}

// tellingOf is a report as the fold takes it. What counts as its publication is
// the day on which it was known.
func tellingOf(rep *store.Report) dialogue.Telling {
	rec := &detente.Record{
		Article:    detente.Article{ID: rep.ID, Outlet: rep.Outlet, Published: rep.Known},
		Statements: rep.Statements, Acts: rep.Acts, Claims: rep.Claims,
	}
	return dialogue.Telling{Article: rep.ID, Origin: rep.Origin, Known: rep.Known, Until: rep.Until,
		Items: dialogue.Items(rec, store.Prefix(rep.ID))}
}
