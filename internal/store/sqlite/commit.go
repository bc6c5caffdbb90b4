package sqlite

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
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
	var outcome store.Outcome
	err = s.inRunWrite(ctx, "commit", func(tx *sql.Tx, run int64) error {
		var at anchor
		var err error
		if at, outcome, err = s.place(ctx, tx, run, u, hash); err != nil || outcome == store.Unchanged {
			return err
		}
		if err := insert(ctx, tx, run, at, &u.Record, record, hash); err != nil {
			return err
		}
		if err := succeed(ctx, tx, cmp.Or(u.Story, u.Record.Article.ID)); err != nil {
			return err
		}
		return countMonths(ctx, tx)
	})
	if err != nil {
		return "", err
	}
	return outcome, nil
}

// anchor is what the rows of a record take over from their article's.
type anchor struct {
	key          int64
	known, until detente.Date
	origin       string // never empty
}

// place makes room for u's record in a run: it compares u with what is stored
// under its id, brings the article to what u says and removes another record.
func (s *Store) place(ctx context.Context, tx *sql.Tx, run int64, u store.Unit, hash []byte) (anchor, store.Outcome, error) {
	art := &u.Record.Article
	read := art.Read.UTC().Truncate(time.Second)
	var at anchor
	var text string
	var keys []byte
	head, err := scanHead(tx.QueryRowContext(ctx, `SELECT `+headColumns+`, a.key, a.text, a.keys FROM article a WHERE a.id = ?`, art.ID), &at.key, &text, &keys)
	if ofRun := s.run != 0; ofRun && (errors.Is(err, sql.ErrNoRows) || err == nil && text != u.Record.Text) {
		return at, "", fmt.Errorf("article %q with this text: %w", art.ID, store.ErrNotFound)
	}
	if errors.Is(err, sql.ErrNoRows) {
		at, err = insertArticle(ctx, tx, u, read)
		return at, store.Added, err
	}
	if err != nil {
		return at, "", err
	}
	if text != u.Record.Text {
		if err := dropKeys(ctx, tx, at.key); err != nil {
			return at, "", err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM article WHERE key = ?`, at.key); err != nil {
			return at, "", err
		}
		if err := leave(ctx, tx, head.Story, u.Story); err != nil {
			return at, "", err
		}
		at, err = insertArticle(ctx, tx, u, read)
		return at, store.Replaced, err
	}
	at.known, at.until, at.origin = head.Known, head.Until, cmp.Or(head.Origin, head.ID)
	var stored []byte
	err = tx.QueryRowContext(ctx, `SELECT hash FROM record WHERE article = ? AND run = ?`, at.key, run).Scan(&stored)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return at, "", err
	}
	same := s.run != 0 || saysTheSame(head, &u) && (len(u.Keys) == 0 || string(packed(u.Keys)) == string(keys))
	if same && string(stored) == string(hash) {
		return at, store.Unchanged, nil
	}
	if !same {
		if at, err = updateArticle(ctx, tx, at.key, u, head); err != nil {
			return at, "", err
		}
	}
	if stored == nil {
		return at, store.Added, nil
	}
	for _, table := range []string{"record", "report", "share", "speaker", "stance"} {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE article = ? AND run = ?`, at.key, run); err != nil {
			return at, "", err
		}
	}
	return at, store.Recoded, nil
}

// saysTheSame reports whether an article's row says what u says of it.
func saysTheSame(h store.Head, u *store.Unit) bool {
	a := &u.Record.Article
	return h.URL == a.URL && h.Outlet == a.Outlet && h.Title == a.Title && h.Published == a.Published &&
		h.Origin == u.Origin && h.Story == u.Story && h.Wire == u.Wire
}

// leave puts in order the versions that an article was one of and is no more.
func leave(ctx context.Context, tx *sql.Tx, story, now string) error {
	if story == "" || story == now {
		return nil
	}
	return succeed(ctx, tx, story)
}

func insertArticle(ctx context.Context, tx *sql.Tx, u store.Unit, read time.Time) (anchor, error) {
	art := &u.Record.Article
	at := anchor{known: store.KnownOn(art.Published, read), origin: cmp.Or(u.Origin, art.ID)}
	res, err := tx.ExecContext(ctx, `INSERT INTO article
		(id, url, outlet, title, published, known, read_at, origin, text, address, story, wire, week, keys)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		art.ID, art.URL, art.Outlet, art.Title, string(art.Published), string(at.known), read.Format(time.RFC3339), u.Origin,
		u.Record.Text, store.AddressOf(art.URL), u.Story, u.Wire, weekOf(at.known), packed(u.Keys))
	if err != nil {
		return at, err
	}
	if at.key, err = res.LastInsertId(); err != nil {
		return at, err
	}
	return at, addKeys(ctx, tx, weekOf(at.known), at.key, u.Keys)
}

// updateArticle brings the row of an article whose text is the same to what u
// says of it, and the rows of every run that stand on it.
func updateArticle(ctx context.Context, tx *sql.Tx, key int64, u store.Unit, was store.Head) (anchor, error) {
	art := &u.Record.Article
	at := anchor{key: key, known: store.KnownOn(art.Published, was.Read), origin: cmp.Or(u.Origin, art.ID)}
	if err := dropKeys(ctx, tx, key); err != nil {
		return at, err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE article SET url = ?, outlet = ?, title = ?, published = ?, known = ?, until = '', origin = ?,
		address = ?, story = ?, wire = ?, week = ?, keys = ? WHERE key = ?`,
		art.URL, art.Outlet, art.Title, string(art.Published), string(at.known), u.Origin,
		store.AddressOf(art.URL), u.Story, u.Wire, weekOf(at.known), packed(u.Keys), key); err != nil {
		return at, err
	}
	if err := addKeys(ctx, tx, weekOf(at.known), key, u.Keys); err != nil {
		return at, err
	}
	for _, table := range []string{"report", "share"} {
		if _, err := tx.ExecContext(ctx, `UPDATE `+table+` SET known = ?, until = '', origin = ? WHERE article = ?`,
			string(at.known), at.origin, key); err != nil {
			return at, err
		}
	}
	return at, leave(ctx, tx, was.Story, u.Story)
}

// insert enters a record and what is looked up of it.
func insert(ctx context.Context, tx *sql.Tx, run int64, at anchor, rec *detente.Record, record, hash []byte) error {
	if _, err := tx.ExecContext(ctx, `INSERT INTO record (run, article, codebook, program, model, rules, hash, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		run, at.key, rec.Codebook, rec.Versions.Program, rec.Versions.Model, rec.Versions.Rules, hash, string(record)); err != nil {
		return err
	}
	for _, dyad := range store.Dyads(rec) {
		told, err := json.Marshal(store.ReportOf(rec, dyad))
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO report (run, dyad, known, until, origin, article, body) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			run, dyad.String(), string(at.known), string(at.until), at.origin, at.key, string(told)); err != nil {
			return err
		}
	}
	return lookUps(ctx, tx, run, at, rec)
}

// lookUps enters by whom, what and how much rec is found and counted.
func lookUps(ctx context.Context, tx *sql.Tx, run int64, at anchor, rec *detente.Record) error {
	for _, sh := range store.Shares(rec) {
		events, err := json.Marshal(sh.Events)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO share (run, dyad, known, until, origin, article, claims, acts, events) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			run, sh.Dyad.String(), string(at.known), string(at.until), at.origin, at.key, sh.Claims, sh.Acts, string(events)); err != nil {
			return err
		}
	}
	for _, st := range store.Stances(rec) {
		if _, err := tx.ExecContext(ctx, `INSERT INTO stance (run, article, channel, state) VALUES (?, ?, ?, ?)`,
			run, at.key, string(st.Channel), string(st.State)); err != nil {
			return err
		}
	}
	for _, st := range rec.Statements {
		if _, err := tx.ExecContext(ctx, `INSERT OR IGNORE INTO speaker (run, article, id, name, party) VALUES (?, ?, ?, ?, ?)`,
			run, at.key, st.Speaker.ID, st.Speaker.Name, string(st.Speaker.Party)); err != nil {
			return err
		}
	}
	return nil
}
