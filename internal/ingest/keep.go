package ingest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"detente"
	"detente/internal/source"
	"detente/internal/store"
)

// Two texts are copies of one origin if the shorter has this share of its runs
// of words from the other; more is asked for where they credit different
// agencies, who quote the same speeches. docs/decisions/0350-copies-and-versions.md
// has the figures.
const (
	nearCopy      = 0.5
	nearOtherWire = 0.7
)

// Bounds of what is compared.
const (
	copyDays    = 3  // apart, at most, are copies published
	versionDays = 30 // versions of one article
	candidates  = 20 // texts that are compared with a new one
)

// sameStory is the share of the shorter text's words that a version has too.
const sameStory = 0.35

// Kept is what Keep did.
type Kept struct {
	Outcome store.Outcome
	Origin  string // the article that it is a copy of; empty: none
	Story   string // the article that it is a later version of; empty: none
}

// Keep commits a record that was read at a time. It finds out whether the text
// is a copy of one that the store has (agency copy that several outlets print),
// and whether it is another version of an article at the same address. What has
// to be compared for that is found by keys and by address, so that it costs the
// same however much is stored. found is the URL under which it was found where
// that may not be its own, as a feed's link to a page; empty otherwise.
func Keep(ctx context.Context, st store.Store, rec detente.Record, found string, read time.Time) (Kept, error) {
	u := store.Unit{Record: rec, Wire: source.Wire(&rec.Article), Keys: source.FingerprintOf(rec.Text).Bands()}
	u.Record.Article.Read = read
	story, err := storyOf(ctx, st, &u.Record.Article, found)
	if err != nil {
		return Kept{}, fmt.Errorf("looking for versions: %w", err)
	}
	u.Story, u.Origin = story.id, story.origin
	if u.Story == "" {
		if u.Origin, err = originOf(ctx, st, &u); err != nil {
			return Kept{}, fmt.Errorf("looking for copies: %w", err)
		}
	}
	outcome, err := st.Commit(ctx, u)
	return Kept{outcome, u.Origin, u.Story}, err
}

// stored is the story that a version belongs to, and the origin of that.
type stored struct{ id, origin string }

// storyOf gives the story of which an article is a later version. A version is
// of the same origin as its story, whatever was changed in it.
func storyOf(ctx context.Context, st store.Store, a *detente.Article, found string) (stored, error) {
	heads, err := st.At(ctx, store.AddressOf(a.URL))
	if err != nil {
		return stored{}, err
	}
	if other := store.AddressOf(found); other != store.AddressOf(a.URL) {
		more, err := st.At(ctx, other)
		if err != nil {
			return stored{}, err
		}
		heads = append(heads, more...)
	}
	for _, h := range heads {
		if h.ID == a.ID {
			continue
		}
		if h.Story == a.ID { // that is a version of this one
			return stored{}, nil
		}
		same, err := isVersion(ctx, st, a, h)
		if err != nil {
			return stored{}, err
		}
		if same {
			id := cmp.Or(h.Story, h.ID)
			return stored{id, cmp.Or(h.Origin, id)}, nil
		}
	}
	return stored{}, nil
}

// isVersion reports whether what stands at the same address tells the same
// story: addresses of lists and live pages hold one story after another.
func isVersion(ctx context.Context, st store.Store, a *detente.Article, h store.Head) (bool, error) {
	if !within(a.Published, h.Published, versionDays) {
		return false, nil
	}
	if a.Title != "" && strings.EqualFold(a.Title, h.Title) {
		return true, nil
	}
	u, _, err := st.Unit(ctx, h.ID)
	if errors.Is(err, store.ErrNotFound) { // replaced by another program meanwhile
		return false, nil
	}
	return err == nil && source.SharedWords(a.Text, u.Record.Text) >= sameStory, err
}

// within reports whether two dates are at most so many days apart; what is not
// known in full is not held against them.
func within(a, b detente.Date, days int) bool {
	if len(a) != len(time.DateOnly) || len(b) != len(time.DateOnly) {
		return true
	}
	return a <= b.AddDays(days) && b <= a.AddDays(days)
}

// originOf gives the origin of the text most like this one, if any is like
// enough; the first by id of those that are equally like.
func originOf(ctx context.Context, st store.Store, u *store.Unit) (string, error) {
	art := &u.Record.Article
	known := store.KnownOn(art.Published, art.Read)
	found, err := st.Alike(ctx, u.Keys, known.AddDays(-copyDays), known.AddDays(copyDays), candidates)
	if err != nil {
		return "", err
	}
	origin, most := "", 0.0
	for _, c := range found {
		if c.ID == art.ID {
			continue
		}
		if share := source.SharedRuns(art.Text, c.Text); share >= leastShare(u.Wire, c.Wire) && share > most {
			origin, most = cmp.Or(c.Origin, c.ID), share
		}
	}
	if origin == art.ID { // those are copies of this one
		return "", nil
	}
	return origin, nil
}

func leastShare(wire, other string) float64 {
	if wire != "" && other != "" && wire != other {
		return nearOtherWire
	}
	return nearCopy
}
