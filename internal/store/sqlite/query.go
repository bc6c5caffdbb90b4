package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"detente"
	"detente/internal/store"
)

// headColumns are scanned by scanHead, of a table article AS a.
const headColumns = `a.id, a.url, a.outlet, a.title, a.published, a.known, a.read_at, a.origin, a.story, a.wire, a.until`

func scanHead(row interface{ Scan(...any) error }, more ...any) (store.Head, error) {
	var h store.Head
	var read string
	err := row.Scan(append([]any{&h.ID, &h.URL, &h.Outlet, &h.Title, &h.Published, &h.Known, &read, &h.Origin, &h.Story, &h.Wire, &h.Until}, more...)...)
	if err != nil {
		return h, err
	}
	h.Read, err = time.Parse(time.RFC3339, read)
	return h, err
}

// upTo is the bound of a query on a known-on day. Every date sorts before "~".
func upTo(asOf detente.Date) string {
	if asOf == "" {
		return "~"
	}
	return string(asOf)
}

// Dyads implements store.Store.
func (s *Store) Dyads(ctx context.Context, asOf detente.Date) ([]store.DyadSummary, error) {
	var sums []store.DyadSummary
	err := s.inRead(ctx, "list dyads", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT dyad, count(*), count(DISTINCT origin), max(known) FROM report
			WHERE known <= ? AND (until = '' OR until > ?) GROUP BY dyad ORDER BY max(known) DESC, dyad`, upTo(asOf), upTo(asOf))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var sum store.DyadSummary
			var dyad string
			if err := rows.Scan(&dyad, &sum.Reports, &sum.Origins, &sum.Latest); err != nil {
				return err
			}
			if sum.Dyad, err = detente.ParseDyad(dyad); err != nil {
				return err
			}
			sums = append(sums, sum)
		}
		return rows.Err()
	})
	return sums, err
}

// Reports implements store.Store.
func (s *Store) Reports(ctx context.Context, dyad detente.Dyad, asOf detente.Date) ([]store.Report, error) {
	var reports []store.Report
	err := s.inRead(ctx, "read "+dyad.String(), func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT `+headColumns+`, r.body FROM report r JOIN article a ON a.key = r.article
			WHERE r.dyad = ? AND r.known <= ? AND (r.until = '' OR r.until > ?) ORDER BY r.known, a.id`, dyad.String(), upTo(asOf), upTo(asOf))
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var told []byte
			head, err := scanHead(rows, &told)
			if err != nil {
				return err
			}
			var rep store.Report
			if err := json.Unmarshal(told, &rep); err != nil {
				return fmt.Errorf("article %q: %w", head.ID, err)
			}
			rep.Head = head
			reports = append(reports, rep)
		}
		return rows.Err()
	})
	return reports, err
}

// Unit implements store.Store.
func (s *Store) Unit(ctx context.Context, id string) (store.Unit, store.Head, error) {
	var u store.Unit
	var head store.Head
	err := s.inRead(ctx, "read an article", func(tx *sql.Tx) error {
		var err error
		u, head, err = scanUnit(tx.QueryRowContext(ctx, `SELECT `+headColumns+`, a.text, a.record FROM article a WHERE a.id = ?`, id))
		if errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("article %q: %w", id, store.ErrNotFound)
		}
		return err
	})
	return u, head, err
}

// scanUnit reads a unit from a row of headColumns, text and record.
func scanUnit(row interface{ Scan(...any) error }) (store.Unit, store.Head, error) {
	var u store.Unit
	var text string
	var record []byte
	head, err := scanHead(row, &text, &record)
	if err != nil {
		return u, head, err
	}
	if u.Record, err = decode(record, text); err != nil {
		return u, head, fmt.Errorf("article %q: %w", head.ID, err)
	}
	u.Record.Article.Read = head.Read
	u.Origin, u.Story, u.Wire = head.Origin, head.Story, head.Wire
	return u, head, nil
}

// The ends of a match in an extract: noncharacters, which no text should hold.
const (
	markStart = "\uFDD0"
	markEnd   = "\uFDD1"
)

// Search implements store.Store.
func (s *Store) Search(ctx context.Context, q store.Query) ([]store.Hit, error) {
	query, args, ok := compose(q)
	if !ok {
		return nil, nil
	}
	var hits []store.Hit
	err := s.inRead(ctx, "search", func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, query, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var extract, dyads string
			var record []byte
			head, err := scanHead(rows, &extract, &dyads, &record)
			if err != nil {
				return err
			}
			hit := store.Hit{Head: head, Extract: pieces(extract)}
			for _, name := range strings.Fields(dyads) {
				dyad, err := detente.ParseDyad(name)
				if err != nil {
					return err
				}
				hit.Dyads = append(hit.Dyads, dyad)
			}
			if record != nil {
				rec, err := decode(record, "")
				if err != nil {
					return fmt.Errorf("article %q: %w", head.ID, err)
				}
				hit.Statements = spoken(rec.Statements, q)
			}
			hits = append(hits, hit)
		}
		return rows.Err()
	})
	return hits, err
}

// compose writes the SQL of a query; ok is false where it has text without a
// single word, which nothing can match.
func compose(q store.Query) (query string, args []any, ok bool) {
	extract, record, from := `''`, `NULL`, `article a`
	where := []string{`a.known <= ?`, `(a.until = '' OR a.until > ?)`}
	args = []any{upTo(q.AsOf), upTo(q.AsOf)}
	if strings.TrimSpace(q.Text) != "" {
		match := matchAll(q.Text)
		if match == "" {
			return "", nil, false
		}
		extract = `snippet(article_text, -1, '` + markStart + `', '` + markEnd + `', '…', 40)`
		from = `article_text JOIN article a ON a.key = article_text.rowid`
		where = append(where, `article_text MATCH ?`)
		args = append(args, match)
	}
	if q.Speaker != "" || q.Party != "" {
		record = `a.record`
		where = append(where, `EXISTS (SELECT 1 FROM speaker s WHERE s.article = a.key
			AND instr(lower(s.name), lower(?)) > 0 AND (? = '' OR s.party = ?))`)
		args = append(args, q.Speaker, string(q.Party), string(q.Party))
	}
	limit := q.Limit
	if limit <= 0 {
		limit = store.DefaultLimit
	}
	args = append(args, limit)
	query = `SELECT ` + headColumns + `, ` + extract + `,
		coalesce((SELECT group_concat(dyad, ' ' ORDER BY dyad) FROM report r WHERE r.article = a.key), ''), ` + record + `
		FROM ` + from + ` WHERE ` + strings.Join(where, ` AND `) + ` ORDER BY a.known DESC, a.id LIMIT ?`
	return query, args, true
}

// matchAll turns a user's words into an FTS5 expression in which nothing but
// quotation marks has a meaning. Empty where there is no word.
func matchAll(text string) string {
	var terms []string
	for i, part := range strings.Split(text, `"`) {
		words := []string{part}
		if i%2 == 0 {
			words = strings.Fields(part)
		}
		for _, w := range words {
			if strings.ContainsFunc(w, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) {
				terms = append(terms, `"`+strings.ReplaceAll(w, "\x00", " ")+`"`)
			}
		}
	}
	return strings.Join(terms, " ")
}

// pieces takes an extract apart at its marks; nil for an empty one.
func pieces(extract string) []store.Piece {
	var ps []store.Piece
	for extract != "" {
		before, rest, found := strings.Cut(extract, markStart)
		if before != "" {
			ps = append(ps, store.Piece{Text: before})
		}
		if !found {
			break
		}
		match, after, _ := strings.Cut(rest, markEnd)
		ps = append(ps, store.Piece{Text: match, Marked: true})
		extract = after
	}
	return ps
}

// spoken picks the statements whose speaker q asks for. As SQLite's lower,
// it folds the case of ASCII alone.
func spoken(sts []detente.Statement, q store.Query) []detente.Statement {
	var picked []detente.Statement
	for _, st := range sts {
		if (q.Party == "" || st.Speaker.Party == q.Party) && strings.Contains(lowerASCII(st.Speaker.Name), lowerASCII(q.Speaker)) {
			picked = append(picked, st)
		}
	}
	return picked
}

func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}
