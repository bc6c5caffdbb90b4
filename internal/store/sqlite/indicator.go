package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"detente"
	"detente/internal/store"
)

// SaveIndicator implements store.Store.
func (s *Store) SaveIndicator(ctx context.Context, series detente.TimeSeries) error {
	if err := store.CheckIndicator(series); err != nil {
		return err
	}
	return s.inWrite(ctx, "save an indicator", func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM indicator WHERE name = ?`, series.Name); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO indicator (name, unit, source) VALUES (?, ?, ?)`, series.Name, series.Unit, series.Source); err != nil {
			return err
		}
		add, err := tx.PrepareContext(ctx, `INSERT INTO indicator_value (name, day, value) VALUES (?, ?, ?)`)
		if err != nil {
			return err
		}
		defer add.Close()
		for _, v := range series.Values {
			if _, err := add.ExecContext(ctx, series.Name, string(v.Date), v.Value); err != nil {
				return err
			}
		}
		return nil
	})
}

// Indicator implements store.Store.
func (s *Store) Indicator(ctx context.Context, name string) (detente.TimeSeries, error) {
	series := detente.TimeSeries{Name: name}
	err := s.inRead(ctx, "read an indicator", func(tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `SELECT unit, source FROM indicator WHERE name = ?`, name).Scan(&series.Unit, &series.Source)
		if errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("indicator %q: %w", name, store.ErrNotFound)
		}
		if err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, `SELECT day, value FROM indicator_value WHERE name = ? ORDER BY day`, name)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var v detente.Value
			if err := rows.Scan(&v.Date, &v.Value); err != nil {
				return err
			}
			series.Values = append(series.Values, v)
		}
		return rows.Err()
	})
	return series, err
}

// Indicators implements store.Store.
func (s *Store) Indicators(ctx context.Context) ([]store.IndicatorSummary, error) {
	var list []store.IndicatorSummary
	err := s.inRead(ctx, "list indicators", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT i.name, i.unit, i.source, count(*), min(v.day), max(v.day)
			FROM indicator i JOIN indicator_value v ON v.name = i.name GROUP BY i.name ORDER BY i.name`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var sum store.IndicatorSummary
			if err := rows.Scan(&sum.Name, &sum.Unit, &sum.Source, &sum.Values, &sum.First, &sum.Last); err != nil {
				return err
			}
			list = append(list, sum)
		}
		return rows.Err()
	})
	return list, err
}

// RemoveIndicator implements store.Store.
func (s *Store) RemoveIndicator(ctx context.Context, name string) error {
	return s.inWrite(ctx, "remove an indicator", func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `DELETE FROM indicator WHERE name = ?`, name)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fmt.Errorf("indicator %q: %w", name, store.ErrNotFound))
		}
		return nil
	})
}
