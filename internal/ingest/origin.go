package ingest

import (
	"context"
	"errors"
	"fmt"

	"detente"
	"detente/internal/source"
	"detente/internal/store"
)

// copyDays is how many days apart copies of one text may be published.
const copyDays = 3

// Origins tells which articles are copies of one that a store has: agency copy
// that several outlets print. Only what is told of the same dyad within a few
// days is compared, and each text is fingerprinted once, so that a long history
// costs one reading of the dyad's reports.
type Origins struct {
	store   store.Store
	reports map[detente.Dyad][]reported
	prints  map[string]source.Fingerprint // by article id
}

// reported is an article that tells of a dyad.
type reported struct {
	id, origin string
	known      detente.Date
}

// NewOrigins compares with what st has.
func NewOrigins(st store.Store) *Origins {
	return &Origins{st, map[detente.Dyad][]reported{}, map[string]source.Fingerprint{}}
}

// Save commits a unit with its origin: the id of the article that its text is a
// copy of, or none.
func (o *Origins) Save(ctx context.Context, u store.Unit) (store.Outcome, error) {
	art := &u.Record.Article
	o.prints[art.ID] = source.FingerprintOf(u.Record.Text)
	known := store.KnownOn(art.Published, art.Read)
	dyads := store.Dyads(&u.Record)
	origin, err := o.find(ctx, art.ID, known, dyads)
	if err != nil {
		return "", fmt.Errorf("looking for copies: %w", err)
	}
	u.Origin = origin
	outcome, err := o.store.Commit(ctx, u)
	if err != nil {
		return outcome, err
	}
	for _, d := range dyads {
		o.reports[d] = append(o.reports[d], reported{art.ID, origin, known})
	}
	return outcome, nil
}

// find gives the origin of the article most like this one, if any is like
// enough; the first read of those that are equally like.
func (o *Origins) find(ctx context.Context, id string, known detente.Date, dyads []detente.Dyad) (string, error) {
	best, likeness := reported{}, source.NearCopy
	for _, d := range dyads {
		reports, err := o.reportsOf(ctx, d)
		if err != nil {
			return "", err
		}
		for _, r := range reports {
			if r.id == id || r.known < known.AddDays(-copyDays) || r.known > known.AddDays(copyDays) {
				continue
			}
			print, err := o.printOf(ctx, r.id)
			if errors.Is(err, store.ErrNotFound) { // replaced by another program meanwhile
				continue
			}
			if err != nil {
				return "", err
			}
			if l := print.Likeness(o.prints[id]); l > likeness || l == likeness && best.id == "" {
				best, likeness = r, l
			}
		}
	}
	if best.origin != "" {
		best.id = best.origin
	}
	if best.id == id { // those are copies of this one
		return "", nil
	}
	return best.id, nil
}

func (o *Origins) reportsOf(ctx context.Context, d detente.Dyad) ([]reported, error) {
	if known, ok := o.reports[d]; ok {
		return known, nil
	}
	stored, err := o.store.Reports(ctx, d, "")
	if err != nil {
		return nil, err
	}
	list := []reported{}
	for _, r := range stored {
		list = append(list, reported{r.ID, r.Origin, r.Known})
	}
	o.reports[d] = list
	return list, nil
}

func (o *Origins) printOf(ctx context.Context, id string) (source.Fingerprint, error) {
	if print, ok := o.prints[id]; ok {
		return print, nil
	}
	u, _, err := o.store.Unit(ctx, id)
	if err != nil {
		return source.Fingerprint{}, err
	}
	o.prints[id] = source.FingerprintOf(u.Record.Text)
	return o.prints[id], nil
}
