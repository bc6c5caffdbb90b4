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
	err := s.inRun(ctx, "list dyads", func(tx *sql.Tx, run int64) error {
		rows, err := tx.QueryContext(ctx, `SELECT dyad, count(*), count(DISTINCT origin), max(known) FROM report
			WHERE run = ? AND known <= ? AND (until = '' OR until > ?) GROUP BY dyad ORDER BY max(known) DESC, dyad`, run, upTo(asOf), upTo(asOf))
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
	err := s.inRun(ctx, "read "+dyad.String(), func(tx *sql.Tx, run int64) (err error) {
		reports, err = readReports(ctx, tx, `r.run = ? AND r.dyad = ? AND r.known <= ? AND (r.until = '' OR r.until > ?) ORDER BY r.known, a.id`,
			run, dyad.String(), upTo(asOf), upTo(asOf))
		return err
	})
	return reports, err
}

// readReports reads the rows of report r, with their article a, for which the
// condition holds.
func readReports(ctx context.Context, tx *sql.Tx, condition string, args ...any) ([]store.Report, error) {
	rows, err := tx.QueryContext(ctx, `SELECT `+headColumns+`, r.body FROM report r JOIN article a ON a.key = r.article WHERE `+condition, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var reports []store.Report
	for rows.Next() {
		var told []byte
		head, err := scanHead(rows, &told)
		if err != nil {
			return nil, err
		}
		var rep store.Report
		if err := json.Unmarshal(told, &rep); err != nil {
			return nil, fmt.Errorf("article %q: %w", head.ID, err)
		}
		rep.Head = head
		reports = append(reports, rep)
	}
	return reports, rows.Err()
}

// Unit implements store.Store.
func (s *Store) Unit(ctx context.Context, id string) (store.Unit, store.Head, error) {
	var u store.Unit
	var head store.Head
	err := s.inRun(ctx, "read an article", func(tx *sql.Tx, run int64) error {
		var err error
		u, head, err = scanUnit(tx.QueryRowContext(ctx, `SELECT `+headColumns+`, a.text, c.body
			FROM article a JOIN record c ON c.article = a.key AND c.run = ? WHERE a.id = ?`, run, id))
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
	var hits []store.Hit
	err := s.inRun(ctx, "search", func(tx *sql.Tx, run int64) error {
		query, args, ok := compose(q, run)
		if !ok {
			return nil
		}
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
func compose(q store.Query, run int64) (query string, args []any, ok bool) {
	extract, body, from := `''`, `NULL`, `article a`
	var where []string
	hold := func(condition string, values ...any) {
		where = append(where, condition)
		args = append(args, values...)
	}
	args = append(args, run, run)
	hold(`a.known <= ? AND (a.until = '' OR a.until > ?)`, upTo(q.AsOf), upTo(q.AsOf))
	if strings.TrimSpace(q.Text) != "" {
		match := matchAll(q.Text)
		if match == "" {
			return "", nil, false
		}
		extract = `snippet(article_text, -1, '` + markStart + `', '` + markEnd + `', '…', 40)`
		from = `article_text JOIN article a ON a.key = article_text.rowid`
		hold(`article_text MATCH ?`, match)
	}
	if q.Speaker != "" || q.Party != "" {
		body = `c.body`
		hold(`EXISTS (SELECT 1 FROM speaker s WHERE s.article = a.key AND s.run = ?
			AND instr(lower(s.name), lower(?)) > 0 AND (? = '' OR s.party = ?))`, run, q.Speaker, string(q.Party), string(q.Party))
	}
	if q.Dyad != (detente.Dyad{}) {
		hold(`EXISTS (SELECT 1 FROM report r WHERE r.article = a.key AND r.run = ? AND r.dyad = ?)`, run, q.Dyad.String())
	}
	if q.Outlet != "" {
		hold(`a.outlet = ?`, q.Outlet)
	}
	if q.Channel != "" || q.State != "" {
		hold(`EXISTS (SELECT 1 FROM stance s WHERE s.article = a.key AND s.run = ? AND (? = '' OR s.channel = ?) AND (? = '' OR s.state = ?))`,
			run, string(q.Channel), string(q.Channel), string(q.State), string(q.State))
	}
	if q.Disputed {
		hold(`EXISTS (SELECT 1 FROM stance s WHERE s.article = a.key AND s.run = ? AND s.state = 'disputed')`, run)
	}
	if q.From != "" {
		hold(`a.known >= ?`, string(q.From))
	}
	if q.To != "" {
		hold(`a.known <= ?`, string(q.To))
	}
	if q.After != (store.Place{}) {
		hold(behind, string(q.After.Known), string(q.After.Known), q.After.ID)
	}
	args = append(args, atMost(q.Limit))
	// CROSS JOIN: SQLite would else begin with the run, and sort all of its articles.
	query = `SELECT ` + headColumns + `, ` + extract + `,
		coalesce((SELECT group_concat(dyad, ' ' ORDER BY dyad) FROM report r WHERE r.article = a.key AND r.run = ?), ''), ` + body + `
		FROM ` + from + ` CROSS JOIN record c ON c.article = a.key AND c.run = ? WHERE ` + strings.Join(where, ` AND `) + ` ORDER BY a.known DESC, a.id LIMIT ?`
	return query, args, true
}

// behind holds of articles that come after a place: the latest known come
// first, by id within a day.
const behind = `a.known <= ? AND (a.known < ? OR a.id > ?)`

func atMost(limit int) int {
	if limit <= 0 {
		return store.DefaultLimit
	}
	return limit
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
		if (q.Party == "" || st.Speaker.Party == q.Party) && strings.Contains(store.LowerASCII(st.Speaker.Name), store.LowerASCII(q.Speaker)) {
			picked = append(picked, st)
		}
	}
	return picked
}
