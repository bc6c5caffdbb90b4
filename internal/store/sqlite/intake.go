package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"detente/internal/store"
)

// seconds and instant turn times to what is stored and back; a zero time is 0.
func seconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func instant(seconds int64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

// Sources implements store.Store.
func (s *Store) Sources(ctx context.Context) ([]store.Source, error) {
	var list []store.Source
	err := s.inRead(ctx, "list sources", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT address, title, every, added, moved, etag, last_modified, tried, read, error, failures, next,
			ttl, skip_hours, skip_days FROM source ORDER BY address`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var src store.Source
			var every, added, tried, read, next, ttl int64
			if err := rows.Scan(&src.Address, &src.Title, &every, &added, &src.At, &src.ETag, &src.LastModified,
				&tried, &read, &src.Error, &src.Failures, &next, &ttl, &src.SkipHours, &src.SkipDays); err != nil {
				return err
			}
			src.Every, src.TTL = time.Duration(every)*time.Second, time.Duration(ttl)*time.Second
			src.Added, src.Tried, src.Read, src.Next = instant(added), instant(tried), instant(read), instant(next)
			list = append(list, src)
		}
		return rows.Err()
	})
	return list, err
}

// SaveSource implements store.Store.
func (s *Store) SaveSource(ctx context.Context, src store.Source) error {
	if src.Address == "" {
		return errors.New("a source without an address cannot be stored")
	}
	return s.inWrite(ctx, "save a source", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO source
			(address, title, every, added, moved, etag, last_modified, tried, read, error, failures, next, ttl, skip_hours, skip_days)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			src.Address, src.Title, int64(src.Every/time.Second), seconds(src.Added), src.At, src.ETag, src.LastModified,
			seconds(src.Tried), seconds(src.Read), src.Error, src.Failures, seconds(src.Next),
			int64(src.TTL/time.Second), src.SkipHours, src.SkipDays)
		return err
	})
}

// RemoveSource implements store.Store.
func (s *Store) RemoveSource(ctx context.Context, address string) error {
	return s.inWrite(ctx, "remove a source", func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `DELETE FROM source WHERE address = ?`, address)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fmt.Errorf("source %s: %w", address, store.ErrNotFound))
		}
		_, err = tx.ExecContext(ctx, `DELETE FROM page WHERE source = ?`, address)
		return err
	})
}

// Found implements store.Store.
func (s *Store) Found(ctx context.Context, pages []store.Page) (int, error) {
	added := 0
	err := s.inWrite(ctx, "add pages", func(tx *sql.Tx) error {
		added = 0
		for _, p := range pages {
			n, err := putPage(ctx, tx, p, `DO UPDATE SET told = excluded.told, source = excluded.source, done = 0, failures = 0,
				error = '', next = excluded.next WHERE told <> excluded.told`)
			if err != nil {
				return err
			}
			added += n
		}
		return nil
	})
	return added, err
}

// SavePage implements store.Store.
func (s *Store) SavePage(ctx context.Context, p store.Page) error {
	return s.inWrite(ctx, "save a page", func(tx *sql.Tx) error {
		_, err := putPage(ctx, tx, p, `DO UPDATE SET source = excluded.source, told = excluded.told, found = excluded.found,
			done = excluded.done, failures = excluded.failures, error = excluded.error, next = excluded.next`)
		return err
	})
}

// putPage writes a page's row; known is what happens to one that is there. It
// gives how many rows that changed.
func putPage(ctx context.Context, tx *sql.Tx, p store.Page, known string) (int, error) {
	res, err := tx.ExecContext(ctx, `INSERT INTO page (address, source, told, found, done, failures, error, next)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (address) `+known,
		p.Address, p.Source, p.Told, seconds(p.Found), p.Done, p.Failures, p.Error, seconds(p.Next))
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}

// Due implements store.Store.
func (s *Store) Due(ctx context.Context, by time.Time, limit int) ([]store.Page, error) {
	var list []store.Page
	err := s.inRead(ctx, "list pages", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT address, source, told, found, failures, error, next FROM page
			WHERE done = 0 AND next <= ? ORDER BY next, address LIMIT ?`, seconds(by), limit)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var p store.Page
			var found, next int64
			if err := rows.Scan(&p.Address, &p.Source, &p.Told, &found, &p.Failures, &p.Error, &next); err != nil {
				return err
			}
			p.Found, p.Next = instant(found), instant(next)
			list = append(list, p)
		}
		return rows.Err()
	})
	return list, err
}

// Import implements store.Store.
func (s *Store) Import(ctx context.Context, file string) (store.Import, error) {
	im := store.Import{File: file}
	err := s.inRead(ctx, "look up an import", func(tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `SELECT stamp, items, done FROM import WHERE file = ?`, file).Scan(&im.Stamp, &im.Items, &im.Done)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return im, err
}

// SaveImports implements store.Store.
func (s *Store) SaveImports(ctx context.Context, imports []store.Import) error {
	return s.inWrite(ctx, "save imports", func(tx *sql.Tx) error {
		for _, im := range imports {
			if _, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO import (file, stamp, items, done) VALUES (?, ?, ?, ?)`,
				im.File, im.Stamp, im.Items, im.Done); err != nil {
				return err
			}
		}
		return nil
	})
}

// inWrite runs f in one write transaction.
func (s *Store) inWrite(ctx context.Context, doing string, f func(*sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return s.explain(doing, err)
	}
	defer tx.Rollback()
	if err := f(tx); err != nil {
		if errors.Is(err, store.ErrNotFound) {
			return err
		}
		return s.explain(doing, err)
	}
	if err := tx.Commit(); err != nil {
		return s.explain(doing, err)
	}
	return nil
}

// inRunWrite runs f in one write transaction, on the run that s stands for.
func (s *Store) inRunWrite(ctx context.Context, doing string, f func(tx *sql.Tx, run int64) error) error {
	return s.inWrite(ctx, doing, func(tx *sql.Tx) error {
		run, err := s.runIn(ctx, tx)
		if err != nil {
			return err
		}
		return f(tx, run)
	})
}
