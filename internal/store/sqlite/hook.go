package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"time"

	"detente"
	"detente/internal/store"
)

// Hooks implements store.Store.
func (s *Store) Hooks(ctx context.Context) ([]store.Hook, error) {
	var list []store.Hook
	err := s.inRead(ctx, "list hooks", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT id, address, secret, dyad, channel, added, sent, lost, failures, error, next, off,
			(SELECT count(*) FROM delivery WHERE delivery.hook = hook.id) FROM hook ORDER BY id`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var h store.Hook
			var dyad string
			var added, next int64
			if err := rows.Scan(&h.ID, &h.Address, &h.Secret, &dyad, &h.Channel, &added, &h.Sent, &h.Lost,
				&h.Failures, &h.Error, &next, &h.Off, &h.Waiting); err != nil {
				return err
			}
			if dyad != "" {
				if h.Dyad, err = detente.ParseDyad(dyad); err != nil {
					return err
				}
			}
			h.Added, h.Next = instant(added), instant(next)
			list = append(list, h)
		}
		return rows.Err()
	})
	return list, err
}

// AddHook implements store.Store.
func (s *Store) AddHook(ctx context.Context, h store.Hook) (int64, error) {
	if h.Address == "" || len(h.Secret) == 0 {
		return 0, errors.New("a hook without an address and a secret cannot be stored")
	}
	dyad := ""
	if h.Dyad != (detente.Dyad{}) {
		dyad = h.Dyad.String()
	}
	var id int64
	err := s.inWrite(ctx, "add a hook", func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `INSERT INTO hook (address, secret, dyad, channel, added) VALUES (?, ?, ?, ?, ?)`,
			h.Address, h.Secret, dyad, string(h.Channel), seconds(h.Added))
		if err != nil {
			return err
		}
		id, err = res.LastInsertId()
		return err
	})
	return id, err
}

// RemoveHook implements store.Store.
func (s *Store) RemoveHook(ctx context.Context, id int64) error {
	return s.inWrite(ctx, "remove a hook", func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `DELETE FROM hook WHERE id = ?`, id)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fmt.Errorf("hook %d: %w", id, store.ErrNotFound))
		}
		return nil
	})
}

// Stirred implements store.Store.
func (s *Store) Stirred(ctx context.Context, limit int) ([]store.Stir, error) {
	var list []store.Stir
	err := s.inRead(ctx, "list stirred dyads", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT dyad, silent, mark FROM stirred ORDER BY dyad LIMIT ?`, limit)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var st store.Stir
			var dyad string
			if err := rows.Scan(&dyad, &st.Silent, &st.Mark); err != nil {
				return err
			}
			if st.Dyad, err = detente.ParseDyad(dyad); err != nil {
				return err
			}
			list = append(list, st)
		}
		return rows.Err()
	})
	return list, err
}

// LastTold implements store.Store.
func (s *Store) LastTold(ctx context.Context, dyad detente.Dyad) (map[detente.Channel]detente.State, error) {
	var states map[detente.Channel]detente.State
	err := s.inRead(ctx, "look up states", func(tx *sql.Tx) (err error) {
		states, err = lastTold(ctx, tx, dyad)
		return err
	})
	return states, err
}

func lastTold(ctx context.Context, tx *sql.Tx, dyad detente.Dyad) (map[detente.Channel]detente.State, error) {
	states := map[detente.Channel]detente.State{}
	err := each(ctx, tx, func(rows *sql.Rows) error {
		var ch detente.Channel
		var state detente.State
		err := rows.Scan(&ch, &state)
		states[ch] = state
		return err
	}, `SELECT channel, state FROM announced WHERE dyad = ?`, dyad.String())
	return states, err
}

// errTold says that another process has been quicker.
var errTold = errors.New("told by another process")

// Tell implements store.Store.
func (s *Store) Tell(ctx context.Context, t store.Telling) (bool, error) {
	err := s.inWrite(ctx, "tell states", func(tx *sql.Tx) error {
		var mark int64
		err := tx.QueryRowContext(ctx, `SELECT mark FROM stirred WHERE dyad = ?`, t.Dyad.String()).Scan(&mark)
		if errors.Is(err, sql.ErrNoRows) || err == nil && mark < t.Mark {
			return errTold
		}
		if err != nil {
			return err
		}
		was, err := lastTold(ctx, tx, t.Dyad)
		if err != nil {
			return err
		}
		if !maps.Equal(was, t.Was) {
			return errTold
		}
		// What was stirred meanwhile is no longer silent: it comes on top of
		// the states that are stored here.
		if mark == t.Mark {
			_, err = tx.ExecContext(ctx, `DELETE FROM stirred WHERE dyad = ?`, t.Dyad.String())
		} else {
			_, err = tx.ExecContext(ctx, `UPDATE stirred SET silent = 0 WHERE dyad = ?`, t.Dyad.String())
		}
		if err != nil {
			return err
		}
		if err := putTold(ctx, tx, t); err != nil {
			return err
		}
		for _, c := range t.Changes {
			if _, err := putChange(ctx, tx, c); err != nil {
				return err
			}
		}
		return putDeliveries(ctx, tx, t.Deliveries)
	})
	if errors.Is(err, errTold) {
		return false, nil
	}
	return err == nil, err
}

func putTold(ctx context.Context, tx *sql.Tx, t store.Telling) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM announced WHERE dyad = ?`, t.Dyad.String()); err != nil {
		return err
	}
	for ch, state := range t.States {
		if _, err := tx.ExecContext(ctx, `INSERT INTO announced (dyad, channel, state) VALUES (?, ?, ?)`, t.Dyad.String(), string(ch), string(state)); err != nil {
			return err
		}
	}
	return nil
}

// putDeliveries queues messages. One for a hook that was removed meanwhile is
// dropped; where too many wait for one, its oldest are.
func putDeliveries(ctx context.Context, tx *sql.Tx, list []store.Delivery) error {
	for _, d := range list {
		if _, err := tx.ExecContext(ctx, `INSERT INTO delivery (hook, id, body, made, tries) SELECT id, ?, ?, ?, ? FROM hook WHERE id = ? AND off = 0`,
			d.ID, d.Body, seconds(d.Made), d.Tries, d.Hook); err != nil {
			return err
		}
	}
	trimmed := map[int64]bool{}
	for _, d := range list {
		if trimmed[d.Hook] {
			continue
		}
		trimmed[d.Hook] = true
		res, err := tx.ExecContext(ctx, `DELETE FROM delivery WHERE key IN
			(SELECT key FROM delivery WHERE hook = ? ORDER BY key DESC LIMIT -1 OFFSET ?)`, d.Hook, store.MaxWaiting)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return err
		}
		if n > 0 {
			if _, err := tx.ExecContext(ctx, `UPDATE hook SET lost = lost + ? WHERE id = ?`, n, d.Hook); err != nil {
				return err
			}
		}
	}
	return nil
}

// Claim implements store.Store.
func (s *Store) Claim(ctx context.Context, id int64, now, until time.Time) (bool, error) {
	var n int64
	err := s.inWrite(ctx, "claim a hook", func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE hook SET next = ? WHERE id = ? AND next <= ? AND off = 0`, seconds(until), id, seconds(now))
		if err != nil {
			return err
		}
		n, err = res.RowsAffected()
		return err
	})
	return n > 0, err
}

// Waiting implements store.Store.
func (s *Store) Waiting(ctx context.Context, id int64, limit int) ([]store.Delivery, error) {
	var list []store.Delivery
	err := s.inRead(ctx, "list messages", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT key, hook, id, body, made, tries FROM delivery WHERE hook = ? ORDER BY tries, key LIMIT ?`, id, limit)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var d store.Delivery
			var made int64
			if err := rows.Scan(&d.Key, &d.Hook, &d.ID, &d.Body, &made, &d.Tries); err != nil {
				return err
			}
			d.Made = instant(made)
			list = append(list, d)
		}
		return rows.Err()
	})
	return list, err
}

// Tried implements store.Store.
func (s *Store) Tried(ctx context.Context, h store.Hook, d store.Delivery, end store.End) error {
	return s.inWrite(ctx, "note a try", func(tx *sql.Tx) error {
		change := `UPDATE delivery SET tries = tries + 1 WHERE key = ?`
		if end != store.Failed {
			change = `DELETE FROM delivery WHERE key = ?`
		}
		res, err := tx.ExecContext(ctx, change, d.Key)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected() // none where the hook was removed, or the message given up, meanwhile
		if err != nil {
			return err
		}
		sent, lost := int64(0), int64(0)
		switch end {
		case store.Taken:
			sent = n
		case store.GivenUp:
			lost = n
		}
		if h.Off {
			res, err := tx.ExecContext(ctx, `DELETE FROM delivery WHERE hook = ?`, h.ID)
			if err != nil {
				return err
			}
			if n, err = res.RowsAffected(); err != nil {
				return err
			}
			lost += n
		}
		_, err = tx.ExecContext(ctx, `UPDATE hook SET sent = sent + ?, lost = lost + ?, failures = ?, error = ?, next = ?, off = ? WHERE id = ?`,
			sent, lost, h.Failures, h.Error, seconds(h.Next), h.Off, h.ID)
		return err
	})
}
