package main

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"os"
	"time"

	"detente"
	"detente/internal/ingest"
	"detente/internal/series"
	"detente/internal/store"
	"detente/internal/store/sqlite"
)

// storePath says where the store is: as asked, else where the environment
// says, else in the user's data directory.
func storePath(asked string) (string, error) {
	if path := cmp.Or(asked, os.Getenv("DETENTE_DB")); path != "" {
		return path, nil
	}
	return sqlite.DefaultPath()
}

// openStore opens the store to write, and makes it where there is none.
func openStore(asked string) (store.Store, error) {
	path, err := storePath(asked)
	if err != nil {
		return nil, err
	}
	return sqlite.Open(path)
}

// saved commits records as read now and hands them on; one that the store
// refuses becomes an error in its place. Behind the last it folds what they
// change.
func saved(line *ingest.Line, st store.Store, records iter.Seq2[detente.Record, error]) iter.Seq2[detente.Record, error] {
	return func(yield func(detente.Record, error) bool) {
		ctx := context.Background()
		for rec, err := range records {
			if err == nil {
				if _, err = ingest.Keep(ctx, st, rec, "", time.Now()); err != nil {
					err = fmt.Errorf("saving %s: %w", cmp.Or(rec.Article.URL, rec.Article.Title, rec.Article.ID), err)
				}
			}
			if !yield(rec, err) {
				return
			}
		}
		if _, err := series.Refold(ctx, st, line.Dialogue()); err != nil {
			yield(detente.Record{}, err)
		}
	}
}
