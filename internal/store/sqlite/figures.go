package sqlite

import (
	"context"
	"database/sql"
	"os"
	"time"

	"detente/internal/store"
)

// Figures implements store.Store.
func (s *Store) Figures(ctx context.Context) (store.Figures, error) {
	var f store.Figures
	err := s.inRead(ctx, "count", func(tx *sql.Tx) error {
		var read string
		var due int64
		// The newest row is the last that was read, or read anew.
		err := tx.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM article),
			coalesce((SELECT read_at FROM article ORDER BY key DESC LIMIT 1), ''),
			(SELECT count(*) FROM source), (SELECT count(*) FROM source WHERE error <> ''),
			min(coalesce((SELECT min(next) FROM source), 1 << 62), coalesce((SELECT min(next) FROM page WHERE done = 0), 1 << 62)),
			(SELECT count(*) FROM page WHERE done = 0), coalesce((SELECT max(id) FROM log), 0)`).
			Scan(&f.Articles, &read, &f.Sources, &f.Failing, &due, &f.Pages, &f.Changes)
		if err != nil {
			return err
		}
		if read != "" {
			if f.Latest, err = time.Parse(time.RFC3339, read); err != nil {
				return err
			}
		}
		if due < 1<<62 {
			// A source that was never asked is due since it was added.
			if due == 0 {
				if err := tx.QueryRowContext(ctx, `SELECT min(added) FROM source WHERE next = 0`).Scan(&due); err != nil {
					return err
				}
			}
			f.Due = instant(due)
		}
		return nil
	})
	if err != nil {
		return f, err
	}
	for _, part := range []string{"", "-wal"} {
		if info, err := os.Stat(s.path + part); err == nil {
			f.Bytes += info.Size()
		}
	}
	return f, nil
}
