package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"detente"
	"detente/internal/store"
)

// Runs implements store.Store.
func (s *Store) Runs(ctx context.Context) ([]store.Run, error) {
	var runs []store.Run
	err := s.inRead(ctx, "list runs", func(tx *sql.Tx) error {
		return each(ctx, tx, func(rows *sql.Rows) error {
			r, err := scanRun(rows)
			runs = append(runs, r)
			return err
		}, runQuery+` ORDER BY id`)
	})
	return runs, err
}

const runQuery = `SELECT id, begun, program, model, rules, active, (SELECT count(*) FROM record c WHERE c.run = run.id) FROM run`

func scanRun(row interface{ Scan(...any) error }) (r store.Run, err error) {
	var begun string
	if err := row.Scan(&r.ID, &begun, &r.Versions.Program, &r.Versions.Model, &r.Versions.Rules, &r.Active, &r.Articles); err != nil {
		return r, err
	}
	if begun != "" {
		r.Begun, err = time.Parse(time.RFC3339, begun)
	}
	return r, err
}

// AddRun implements store.Store.
func (s *Store) AddRun(ctx context.Context, v detente.Versions, begun time.Time) (store.Run, error) {
	r := store.Run{Begun: begun.UTC().Truncate(time.Second), Versions: v}
	err := s.inWrite(ctx, "begin a run", func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `INSERT INTO run (begun, program, model, rules, active) VALUES (?, ?, ?, ?, 0)`,
			r.Begun.Format(time.RFC3339), v.Program, v.Model, v.Rules)
		if err != nil {
			return err
		}
		r.ID, err = res.LastInsertId()
		return err
	})
	return r, err
}

// In implements store.Store.
func (s *Store) In(ctx context.Context, run int64) (store.Store, error) {
	err := s.inRead(ctx, "look for a run", func(tx *sql.Tx) error { return needRun(ctx, tx, run) })
	if err != nil {
		return nil, err
	}
	return &Store{path: s.path, write: s.write, read: s.read, run: run}, nil
}

func needRun(ctx context.Context, tx *sql.Tx, run int64) error {
	var id int64
	err := tx.QueryRowContext(ctx, `SELECT id FROM run WHERE id = ?`, run).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("run %d: %w", run, store.ErrNotFound)
	}
	return err
}

// Activate implements store.Store.
func (s *Store) Activate(ctx context.Context, run int64, partial bool) error {
	return s.inWrite(ctx, "activate a run", func(tx *sql.Tx) error {
		if err := needRun(ctx, tx, run); err != nil {
			return err
		}
		var lacks int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM record a WHERE a.run = (SELECT id FROM run WHERE active = 1)
			AND NOT EXISTS (SELECT 1 FROM record b WHERE b.article = a.article AND b.run = ?)`, run).Scan(&lacks); err != nil {
			return err
		}
		if lacks > 0 && !partial {
			return fmt.Errorf("run %d: %w: %d of them", run, store.ErrIncomplete, lacks)
		}
		if _, err := tx.ExecContext(ctx, `UPDATE run SET active = 0 WHERE active = 1`); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE run SET active = 1 WHERE id = ?`, run)
		return err
	})
}

// Articles implements store.Store.
func (s *Store) Articles(ctx context.Context, after string, limit int) ([]string, error) {
	var ids []string
	err := s.inRun(ctx, "list articles", func(tx *sql.Tx, run int64) error {
		return each(ctx, tx, func(rows *sql.Rows) error {
			var id string
			err := rows.Scan(&id)
			ids = append(ids, id)
			return err
		}, `SELECT a.id FROM article a JOIN record c ON c.article = a.key AND c.run = ? WHERE a.id > ? ORDER BY a.id LIMIT ?`, run, after, atMost(limit))
	})
	return ids, err
}
