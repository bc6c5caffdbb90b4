package sqlite

import (
	"context"
	"database/sql"

	"detente"
	"detente/internal/store"
)

// Walk implements store.Store. The order is settled first, on numbers of rows
// alone: sorting the articles themselves would need room for all of them.
func (s *Store) Walk(ctx context.Context, asOf, from, to detente.Date, visit func(store.Unit, store.Head) error) error {
	var stopped error // by the visitor: not a failure of the store
	err := s.inRun(ctx, "read the articles", func(tx *sql.Tx, run int64) error {
		keys, err := keysInOrder(ctx, tx, run, asOf, from, to)
		if err != nil || len(keys) == 0 {
			return err
		}
		one, err := tx.PrepareContext(ctx, `SELECT `+headColumns+`, a.text, c.body
			FROM article a JOIN record c ON c.article = a.key AND c.run = ? WHERE a.key = ?`)
		if err != nil {
			return err
		}
		defer one.Close()
		for _, key := range keys {
			u, head, err := scanUnit(one.QueryRowContext(ctx, run, key))
			if err != nil {
				return err
			}
			if err := visit(u, head); err != nil {
				stopped = err
				return err
			}
		}
		return nil
	})
	if stopped != nil {
		return stopped
	}
	return err
}

func keysInOrder(ctx context.Context, tx *sql.Tx, run int64, asOf, from, to detente.Date) ([]int64, error) {
	rows, err := tx.QueryContext(ctx, `SELECT a.key FROM article a JOIN record c ON c.article = a.key AND c.run = ?
		WHERE known <= ? AND known >= ? AND known <= ? AND (until = '' OR until > ?) ORDER BY known, id`,
		run, upTo(asOf), string(from), upTo(to), upTo(asOf))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var keys []int64
	for rows.Next() {
		var key int64
		if err := rows.Scan(&key); err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, rows.Err()
}
