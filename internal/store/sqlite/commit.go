package sqlite

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"detente"
	"detente/internal/store"
)

// body is a record as stored: without its text, with what its JSON leaves out.
type body struct {
	Record detente.Record  `json:"record"`
	Blocks []detente.Block `json:"blocks"`
}

// encode splits a unit into its JSON, and hashes all that Commit compares.
func encode(u store.Unit) (record, hash []byte, err error) {
	rec := u.Record
	rec.Text = ""
	record, err = json.Marshal(body{Record: rec, Blocks: rec.Article.Blocks})
	if err != nil {
		return nil, nil, err
	}
	h := sha256.New()
	parts := []string{string(record), u.Record.Text, u.Origin}
	if u.Story != "" || u.Wire != "" { // as format 1 hashed it where there is neither
		parts = append(parts, u.Story, u.Wire)
	}
	for _, part := range parts {
		sum := sha256.Sum256([]byte(part))
		h.Write(sum[:])
	}
	return record, h.Sum(nil), nil
}

func decode(record []byte, text string) (detente.Record, error) {
	var b body
	if err := json.Unmarshal(record, &b); err != nil {
		return detente.Record{}, err
	}
	b.Record.Text = text
	b.Record.Article.Text = text
	b.Record.Article.Blocks = b.Blocks
	return b.Record, nil
}

// Commit implements store.Store.
func (s *Store) Commit(ctx context.Context, u store.Unit) (store.Outcome, error) {
	if err := u.Check(); err != nil {
		return "", err
	}
	record, hash, err := encode(u)
	if err != nil {
		return "", s.explain("commit", err)
	}
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return "", s.explain("commit", err)
	}
	defer tx.Rollback()
	was, err := standing(ctx, tx, u.Record.Article.ID)
	if err != nil {
		return "", s.explain("commit", err)
	}
	outcome, read, err := place(ctx, tx, u, hash)
	if err != nil {
		return "", s.explain("commit", err)
	}
	if outcome == store.Unchanged {
		return outcome, nil
	}
	if err := insert(ctx, tx, u, record, hash, read); err != nil {
		return "", s.explain("commit", err)
	}
	if err := succeed(ctx, tx, cmp.Or(u.Story, u.Record.Article.ID)); err != nil {
		return "", s.explain("commit", err)
	}
	if err := logCommit(ctx, tx, outcome, &u, was); err != nil {
		return "", s.explain("commit", err)
	}
	if err := tx.Commit(); err != nil {
		return "", s.explain("commit", err)
	}
	return outcome, nil
}

// place makes room for u: it compares u with what is stored under its id,
// removes that where it differs, and gives the reading time to be kept.
func place(ctx context.Context, tx *sql.Tx, u store.Unit, hash []byte) (store.Outcome, time.Time, error) {
	read := u.Record.Article.Read.UTC().Truncate(time.Second)
	var key int64
	var text, readAt, story string
	var stored []byte
	err := tx.QueryRowContext(ctx, `SELECT key, text, read_at, record_hash, story FROM article WHERE id = ?`, u.Record.Article.ID).
		Scan(&key, &text, &readAt, &stored, &story)
	if errors.Is(err, sql.ErrNoRows) {
		return store.Added, read, nil
	}
	if err != nil {
		return "", read, err
	}
	if string(stored) == string(hash) {
		return store.Unchanged, read, nil
	}
	outcome := store.Replaced
	if text == u.Record.Text {
		outcome = store.Recoded
		if read, err = time.Parse(time.RFC3339, readAt); err != nil {
			return "", read, err
		}
	}
	if err := dropKeys(ctx, tx, key); err != nil {
		return "", read, err
	}
	if _, err = tx.ExecContext(ctx, `DELETE FROM article WHERE key = ?`, key); err != nil {
		return "", read, err
	}
	if story != "" && story != u.Story {
		err = succeed(ctx, tx, story) // the versions that it was one of are one fewer
	}
	return outcome, read, err
}

func insert(ctx context.Context, tx *sql.Tx, u store.Unit, record, hash []byte, read time.Time) error {
	rec := &u.Record
	art := rec.Article
	known := store.KnownOn(art.Published, read)
	res, err := tx.ExecContext(ctx, `INSERT INTO article
		(id, url, outlet, title, published, known, read_at, origin, codebook, program, model, rules, text, record, record_hash,
		address, story, wire, week, keys)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		art.ID, art.URL, art.Outlet, art.Title, string(art.Published), string(known), read.Format(time.RFC3339), u.Origin,
		rec.Codebook, rec.Versions.Program, rec.Versions.Model, rec.Versions.Rules, rec.Text, string(record), hash,
		store.AddressOf(art.URL), u.Story, u.Wire, weekOf(known), packed(u.Keys))
	if err != nil {
		return err
	}
	key, err := res.LastInsertId()
	if err != nil {
		return err
	}
	if err := addKeys(ctx, tx, weekOf(known), key, u.Keys); err != nil {
		return err
	}
	for _, dyad := range store.Dyads(rec) {
		told, err := json.Marshal(store.ReportOf(rec, dyad))
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO report (dyad, known, origin, article, body) VALUES (?, ?, ?, ?, ?)`,
			dyad.String(), string(known), cmp.Or(u.Origin, art.ID), key, string(told)); err != nil {
			return err
		}
	}
	for _, st := range rec.Statements {
		if _, err := tx.ExecContext(ctx, `INSERT OR IGNORE INTO speaker (article, name, party) VALUES (?, ?, ?)`,
			key, st.Speaker.Name, string(st.Speaker.Party)); err != nil {
			return err
		}
	}
	return nil
}
