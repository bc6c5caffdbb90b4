package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"

	"detente"
	"detente/internal/store"
)

// Log implements store.Store.
func (s *Store) Log(ctx context.Context, c store.Change) (int64, error) {
	if err := c.Check(); err != nil {
		return 0, err
	}
	var id int64
	err := s.inWrite(ctx, "log a change", func(tx *sql.Tx) (err error) {
		id, err = putChange(ctx, tx, c)
		return err
	})
	return id, err
}

func putChange(ctx context.Context, tx *sql.Tx, c store.Change) (int64, error) {
	if err := c.Check(); err != nil {
		return 0, err
	}
	sources, err := json.Marshal(append([]string{}, c.Sources...))
	if err != nil {
		return 0, err
	}
	res, err := tx.ExecContext(ctx, `INSERT INTO log (at, item, article, field, old, new, cause, sources, version, reviewer, verdict, reason, text_hash)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		seconds(c.At), c.Item, articleOf(c), c.Field, c.Old, c.New, string(c.Trigger), string(sources), c.Version, c.By, string(c.Verdict), c.Reason, c.TextHash)
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

// articleOf gives the article that a change is about, if it is about one.
func articleOf(c store.Change) string {
	switch c.Trigger {
	case store.ByReading, store.ByRun:
		return ""
	case store.ByReview:
		if ref, err := store.ParseRef(c.Item); err == nil {
			return ref.Article
		}
	}
	return c.Item
}

// Changes implements store.Store.
func (s *Store) Changes(ctx context.Context, q store.ChangeQuery) ([]store.Change, error) {
	where, args := []string{"1"}, []any{}
	add := func(given bool, condition string, arg any) {
		if given {
			where, args = append(where, condition), append(args, arg)
		}
	}
	add(q.Article != "", "article <> '' AND article = ?", q.Article)
	add(q.Item != "", "item = ?", q.Item)
	add(q.Trigger != "", "cause = ?", string(q.Trigger))
	add(q.Before != 0, "id < ?", q.Before)
	if q.AsOf != "" {
		day, ok := q.AsOf.Time()
		if !ok {
			return nil, errors.New("the day of an as-of query is no date")
		}
		add(true, "at < ?", seconds(day.AddDate(0, 0, 1)))
	}
	limit := q.Limit
	if limit <= 0 {
		limit = store.DefaultLimit
	}
	list := []store.Change{}
	err := s.inRead(ctx, "list changes", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT id, at, item, field, old, new, cause, sources, version, reviewer, verdict, reason, text_hash
			FROM log WHERE `+strings.Join(where, " AND ")+` ORDER BY id DESC LIMIT ?`, append(args, limit)...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var c store.Change
			var at int64
			var sources string
			if err := rows.Scan(&c.ID, &at, &c.Item, &c.Field, &c.Old, &c.New, &c.Trigger, &sources, &c.Version,
				&c.By, &c.Verdict, &c.Reason, &c.TextHash); err != nil {
				return err
			}
			if err := json.Unmarshal([]byte(sources), &c.Sources); err != nil {
				return err
			}
			c.At = instant(at)
			list = append(list, c)
		}
		return rows.Err()
	})
	return list, err
}

// before is what stood under an id before a commit.
type before struct {
	made     string // by what; empty: nothing stood there
	textHash string
}

func standing(ctx context.Context, tx *sql.Tx, run int64, id string) (before, error) {
	var v detente.Versions
	var text string
	err := tx.QueryRowContext(ctx, `SELECT c.program, c.model, c.rules, a.text FROM article a JOIN record c ON c.article = a.key
		WHERE a.id = ? AND c.run = ?`, id, run).Scan(&v.Program, &v.Model, &v.Rules, &text)
	if errors.Is(err, sql.ErrNoRows) {
		return before{}, nil
	}
	return before{store.VersionLine(v), store.TextHash(text)}, err
}

// logCommit adds a line where a record took the place of another.
func logCommit(ctx context.Context, tx *sql.Tx, outcome store.Outcome, u *store.Unit, was before) error {
	made := store.VersionLine(u.Record.Versions)
	c := store.Change{At: u.Record.Article.Read.UTC(), Item: u.Record.Article.ID, Version: made}
	switch outcome {
	case store.Recoded:
		c.Trigger, c.Field, c.Old, c.New = store.ByRecoding, "record", was.made, made
	case store.Replaced:
		c.Trigger, c.Field, c.Old, c.New = store.ByText, "text", was.textHash, store.TextHash(u.Record.Text)
	default:
		return nil
	}
	_, err := putChange(ctx, tx, c)
	return err
}
