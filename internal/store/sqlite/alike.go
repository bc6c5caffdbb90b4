package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"time"

	"detente"
	"detente/internal/store"
)

// weekOf is the week, counted from 1970, that a known-on day falls in.
func weekOf(known detente.Date) int64 {
	t, _ := known.Time()
	return int64(t.Sub(time.Unix(0, 0).UTC()) / (7 * 24 * time.Hour))
}

// packed writes keys as they are kept beside their article, so that its rows of
// alike can be found again when it goes.
func packed(keys []uint64) []byte {
	b := make([]byte, 0, 8*len(keys))
	for _, k := range keys {
		b = binary.BigEndian.AppendUint64(b, k)
	}
	return b
}

func unpacked(b []byte) []uint64 {
	var keys []uint64
	for ; len(b) >= 8; b = b[8:] {
		keys = append(keys, binary.BigEndian.Uint64(b))
	}
	return keys
}

// addKeys enters an article under its keys.
func addKeys(ctx context.Context, tx *sql.Tx, week, article int64, keys []uint64) error {
	if len(keys) == 0 {
		return nil
	}
	args := make([]any, 0, 3*len(keys))
	for _, k := range keys {
		args = append(args, week, int64(k), article)
	}
	rows := strings.TrimSuffix(strings.Repeat("(?, ?, ?),", len(keys)), ",")
	_, err := tx.ExecContext(ctx, `INSERT OR IGNORE INTO alike (week, key, article) VALUES `+rows, args...)
	return err
}

// dropKeys takes an article from under its keys.
func dropKeys(ctx context.Context, tx *sql.Tx, article int64) error {
	var week int64
	var keys []byte
	if err := tx.QueryRowContext(ctx, `SELECT week, keys FROM article WHERE key = ?`, article).Scan(&week, &keys); err != nil {
		return err
	}
	for _, k := range unpacked(keys) {
		if _, err := tx.ExecContext(ctx, `DELETE FROM alike WHERE week = ? AND key = ? AND article = ?`, week, int64(k), article); err != nil {
			return err
		}
	}
	return nil
}

// wider is how many times more articles are looked at by their weeks than are
// asked for by their days.
const wider = 3

// alikeQuery looks for keys in weeks. Keys alone choose whose rows are read: by
// chance many share one with a text.
func alikeQuery(weeks, keys int) string {
	return `WITH k AS (SELECT article, count(*) AS shared FROM alike WHERE week IN (` + marks(weeks) + `) AND key IN (` + marks(keys) + `)
			GROUP BY article ORDER BY shared DESC, article LIMIT ?)
		SELECT ` + headColumns + `, a.text FROM k CROSS JOIN article a ON a.key = k.article
		WHERE a.known BETWEEN ? AND ? ORDER BY k.shared DESC, a.id LIMIT ?`
}

// Alike implements store.Store.
func (s *Store) Alike(ctx context.Context, keys []uint64, from, to detente.Date, limit int) ([]store.Candidate, error) {
	if len(keys) == 0 || limit <= 0 {
		return nil, nil
	}
	var args []any
	for week := weekOf(from); week <= weekOf(to); week++ {
		args = append(args, week)
	}
	weeks := len(args)
	for _, k := range keys {
		args = append(args, int64(k))
	}
	args = append(args, wider*limit, string(from), string(to), limit)
	var found []store.Candidate
	err := s.inRead(ctx, "look for copies", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, alikeQuery(weeks, len(keys)), args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var c store.Candidate
			if c.Head, err = scanHead(rows, &c.Text); err != nil {
				return err
			}
			found = append(found, c)
		}
		return rows.Err()
	})
	return found, err
}

// marks are n question marks for values of a list.
func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?,", n), ",") }

// "<> ”" lets SQLite use the index, which leaves out what has no address or story.
const (
	atQuery       = `SELECT ` + headColumns + ` FROM article a WHERE a.address = ? AND a.address <> '' ORDER BY a.known, a.read_at, a.key`
	versionsQuery = `SELECT key, published, read_at, known, until FROM article WHERE story = ?1 AND story <> ''
		UNION SELECT key, published, read_at, known, until FROM article WHERE id = ?1`
)

// At implements store.Store.
func (s *Store) At(ctx context.Context, address string) ([]store.Head, error) {
	var heads []store.Head
	if address == "" {
		return nil, nil
	}
	err := s.inRead(ctx, "look for versions", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, atQuery, address)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			h, err := scanHead(rows)
			if err != nil {
				return err
			}
			heads = append(heads, h)
		}
		return rows.Err()
	})
	return heads, err
}

// Holds implements store.Store.
func (s *Store) Holds(ctx context.Context, a *detente.Article, v detente.Versions) (bool, error) {
	var held bool
	err := s.inRun(ctx, "look for an article", func(tx *sql.Tx, run int64) error {
		err := tx.QueryRowContext(ctx, `SELECT a.text = ? AND a.url = ? AND a.outlet = ? AND a.title = ? AND a.published = ?
			AND c.program = ? AND c.model = ? AND c.rules = ? FROM article a JOIN record c ON c.article = a.key AND c.run = ? WHERE a.id = ?`,
			a.Text, a.URL, a.Outlet, a.Title, string(a.Published), v.Program, v.Model, v.Rules, run, a.ID).Scan(&held)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	return held, err
}

// version is one text of a story.
type version struct {
	key         int64
	alone       detente.Date // known for itself
	read        time.Time
	known, till detente.Date // as stored
}

// succeed puts the versions of a story in order: the day on which each is known,
// and the day from which the next stands in its place.
func succeed(ctx context.Context, tx *sql.Tx, story string) error {
	versions, err := versionsOf(ctx, tx, story)
	if err != nil {
		return err
	}
	slices.SortStableFunc(versions, func(a, b version) int {
		return cmp.Or(cmp.Compare(a.alone, b.alone), a.read.Compare(b.read), cmp.Compare(a.key, b.key))
	})
	alone, read := make([]detente.Date, len(versions)), make([]time.Time, len(versions))
	for i, v := range versions {
		alone[i], read[i] = v.alone, v.read
	}
	known := store.Succeed(alone, read)
	for i, v := range versions {
		var until detente.Date
		if i+1 < len(known) {
			until = known[i+1]
		}
		if known[i] == v.known && until == v.till {
			continue
		}
		for _, statement := range []string{
			`UPDATE article SET known = ?, until = ? WHERE key = ?`,
			`UPDATE report SET known = ?, until = ? WHERE article = ?`,
			`UPDATE share SET known = ?, until = ? WHERE article = ?`,
		} {
			if _, err := tx.ExecContext(ctx, statement, string(known[i]), string(until), v.key); err != nil {
				return err
			}
		}
	}
	return nil
}

func versionsOf(ctx context.Context, tx *sql.Tx, story string) ([]version, error) {
	rows, err := tx.QueryContext(ctx, versionsQuery, story)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var versions []version
	for rows.Next() {
		var v version
		var published detente.Date
		var read string
		if err := rows.Scan(&v.key, &published, &read, &v.known, &v.till); err != nil {
			return nil, err
		}
		if v.read, err = time.Parse(time.RFC3339, read); err != nil {
			return nil, err
		}
		v.alone = store.KnownOn(published, v.read)
		versions = append(versions, v)
	}
	return versions, rows.Err()
}
