package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"detente"
	"detente/internal/store"
)

// Stale implements store.Store.
func (s *Store) Stale(ctx context.Context, rules string) ([]store.Mark, error) {
	var marks []store.Mark
	err := s.inRun(ctx, "look for what is to be folded", func(tx *sql.Tx, run int64) error {
		return each(ctx, tx, func(rows *sql.Rows) error {
			var m store.Mark
			var dyad string
			if err := rows.Scan(&dyad, &m.From, &m.Seq); err != nil {
				return err
			}
			var err error
			m.Dyad, err = detente.ParseDyad(dyad)
			marks = append(marks, m)
			return err
		}, `SELECT m.dyad, iif(s.rules = ?1, m.day, ''), m.seq FROM mark m LEFT JOIN series s ON s.run = m.run AND s.dyad = m.dyad WHERE m.run = ?2
			UNION ALL SELECT s.dyad, '', 0 FROM series s WHERE s.run = ?2 AND s.rules <> ?1
			AND NOT EXISTS (SELECT 1 FROM mark m WHERE m.run = s.run AND m.dyad = s.dyad) ORDER BY 1`, rules, run)
	})
	return marks, err
}

// Tellings implements store.Store.
func (s *Store) Tellings(ctx context.Context, dyad detente.Dyad, take func(store.Report) error) error {
	return s.inRun(ctx, "read "+dyad.String(), func(tx *sql.Tx, run int64) error {
		return each(ctx, tx, func(rows *sql.Rows) error {
			var rep store.Report
			var told []byte
			if err := rows.Scan(&rep.ID, &rep.Outlet, &rep.Known, &rep.Until, &rep.Origin, &told); err != nil {
				return err
			}
			if err := json.Unmarshal(told, &rep); err != nil {
				return fmt.Errorf("article %q: %w", rep.ID, err)
			}
			return take(rep)
		}, `SELECT a.id, a.outlet, r.known, r.until, a.origin, r.body FROM report r JOIN article a ON a.key = r.article
			WHERE r.run = ? AND r.dyad = ? ORDER BY r.known, a.id`, run, dyad.String())
	})
}

// each hands the rows of a query on, one by one.
func each(ctx context.Context, tx *sql.Tx, take func(*sql.Rows) error, query string, args ...any) error {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := take(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// SaveSeries implements store.Store.
func (s *Store) SaveSeries(ctx context.Context, series detente.Series, m store.Mark) error {
	return s.inRunWrite(ctx, "save "+series.Dyad.String(), func(tx *sql.Tx, run int64) error {
		w := &seriesWriter{ctx: ctx, tx: tx, run: run, dyad: series.Dyad.String()}
		stands, err := w.stands(m, series.Rules)
		if err != nil || !stands {
			return err
		}
		w.cut(series.From)
		for _, c := range series.Counts {
			w.exec(`INSERT INTO told (run, dyad, day, reports, origins, latest) VALUES (?, ?, ?, ?, ?, ?)`, string(c.Day), c.Reports, c.Origins, string(c.Latest))
		}
		for _, c := range series.Channels {
			w.exec(`INSERT INTO channel_spell (run, dyad, channel, first, turn, body) VALUES (?, ?, ?, ?, ?, ?)`,
				string(c.Channel), string(c.First), c.Turn, w.json(c.ChannelState))
		}
		for _, d := range series.Ended {
			w.exec(`UPDATE dispute_spell SET until = ?3 WHERE run = ?1 AND dyad = ?2 AND until = '' AND first < ?4 AND body = ?5`,
				string(d.Until), string(series.From), w.json(d.Dispute))
		}
		for _, d := range series.Disputes {
			w.exec(`INSERT INTO dispute_spell (run, dyad, first, until, day, body) VALUES (?, ?, ?, ?, ?, ?)`,
				string(d.First), string(d.Until), string(d.Day), w.json(d.Dispute))
		}
		w.exec(`UPDATE change SET n = n + 1 WHERE ?1 = ?1 AND ?2 = ?2`)
		w.exec(`INSERT OR REPLACE INTO series (run, dyad, rules, seq) SELECT ?1, ?2, ?3, n FROM change`, series.Rules)
		w.exec(`DELETE FROM mark WHERE run = ? AND dyad = ? AND seq = ?`, m.Seq)
		return errors.Join(w.err, countMonths(ctx, tx))
	})
}

// stands reports whether a mark is as it was handed out. If not, something was
// committed since, and a later fold knows of it, or another process has saved
// what it folded: then what is at hand may be older than what is kept.
func (w *seriesWriter) stands(m store.Mark, rules string) (bool, error) {
	var seq, kept int64
	err := w.tx.QueryRowContext(w.ctx, `SELECT seq FROM mark WHERE run = ? AND dyad = ?`, w.run, w.dyad).Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) { // it was handed out for a series of other rules
		err = w.tx.QueryRowContext(w.ctx, `SELECT count(*) FROM series WHERE run = ? AND dyad = ? AND rules = ?`, w.run, w.dyad, rules).Scan(&kept)
		return m.Seq == 0 && kept == 0, err
	}
	return seq == m.Seq, err
}

// seriesWriter writes the rows of one series; after an error it does nothing.
type seriesWriter struct {
	ctx  context.Context
	tx   *sql.Tx
	run  int64
	dyad string
	err  error
}

// exec runs a statement whose first two values are the run and the dyad.
func (w *seriesWriter) exec(statement string, values ...any) {
	if w.err == nil {
		_, w.err = w.tx.ExecContext(w.ctx, statement, append([]any{w.run, w.dyad}, values...)...)
	}
}

func (w *seriesWriter) json(v any) string {
	b, err := json.Marshal(v)
	w.err = errors.Join(w.err, err)
	return string(b)
}

// cut removes what was kept of the days from one on.
func (w *seriesWriter) cut(from detente.Date) {
	w.exec(`DELETE FROM told WHERE run = ? AND dyad = ? AND day >= ?`, string(from))
	w.exec(`DELETE FROM channel_spell WHERE run = ? AND dyad = ? AND first >= ?`, string(from))
	w.exec(`DELETE FROM dispute_spell WHERE run = ? AND dyad = ? AND first >= ?`, string(from))
	w.exec(`UPDATE dispute_spell SET until = '' WHERE run = ? AND dyad = ? AND until >= ? AND until <> ''`, string(from))
}

// Series implements store.Store.
func (s *Store) Series(ctx context.Context, dyad detente.Dyad, asOf detente.Date) (detente.Series, error) {
	series := detente.Series{Dyad: dyad, Channels: []detente.ChannelSpell{}, Disputes: []detente.DisputeSpell{}, Counts: []detente.Count{}}
	err := s.inRun(ctx, "read "+dyad.String(), func(tx *sql.Tx, run int64) error {
		err := tx.QueryRowContext(ctx, `SELECT rules FROM series WHERE run = ? AND dyad = ?`, run, dyad.String()).Scan(&series.Rules)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if series.Channels, err = spells(ctx, tx, run, dyad, asOf, ``); err != nil {
			return err
		}
		err = each(ctx, tx, func(rows *sql.Rows) error {
			d, err := scanDispute(rows, asOf)
			series.Disputes = append(series.Disputes, d)
			return err
		}, `SELECT first, until, day, body FROM dispute_spell WHERE run = ? AND dyad = ? AND first <= ? ORDER BY first, day DESC, body`, run, dyad.String(), upTo(asOf))
		if err != nil {
			return err
		}
		return each(ctx, tx, func(rows *sql.Rows) error {
			var c detente.Count
			err := rows.Scan(&c.Day, &c.Reports, &c.Origins, &c.Latest)
			series.Counts = append(series.Counts, c)
			return err
		}, `SELECT day, reports, origins, latest FROM told WHERE run = ? AND dyad = ? AND day <= ? ORDER BY day`, run, dyad.String(), upTo(asOf))
	})
	if len(series.Counts) == 0 { // that there will be a series is later knowledge
		series.Rules = ""
	}
	return series, err
}

// spells reads channel spells, by channel in board order, then by day; more is
// a condition, or nothing.
func spells(ctx context.Context, tx *sql.Tx, run int64, dyad detente.Dyad, asOf detente.Date, more string) ([]detente.ChannelSpell, error) {
	out := []detente.ChannelSpell{}
	err := each(ctx, tx, func(rows *sql.Rows) error {
		var c detente.ChannelSpell
		var body []byte
		if err := rows.Scan(&c.First, &c.Turn, &body); err != nil {
			return err
		}
		out = append(out, c)
		return json.Unmarshal(body, &out[len(out)-1].ChannelState)
	}, `SELECT first, turn, body FROM channel_spell WHERE run = ? AND dyad = ? AND first <= ? `+more+` ORDER BY channel, first`, run, dyad.String(), upTo(asOf))
	slices.SortStableFunc(out, func(a, b detente.ChannelSpell) int { return onBoard(a.Channel, b.Channel) })
	return out, err
}

func onBoard(a, b detente.Channel) int {
	return cmp.Compare(slices.Index(detente.Channels, a), slices.Index(detente.Channels, b))
}

func scanDispute(rows *sql.Rows, asOf detente.Date) (d detente.DisputeSpell, err error) {
	var body []byte
	if err := rows.Scan(&d.First, &d.Until, &d.Day, &body); err != nil {
		return d, err
	}
	if string(d.Until) > upTo(asOf) {
		d.Until = ""
	}
	return d, json.Unmarshal(body, &d.Dispute)
}

// Stamp implements store.Store.
func (s *Store) Stamp(ctx context.Context, dyad detente.Dyad) (stamp string, err error) {
	err = s.inRun(ctx, "look for changes", func(tx *sql.Tx, run int64) error {
		var saved, marked int64
		query, args := `SELECT coalesce(max(seq), 0), 0 FROM series WHERE run = ?`, []any{run}
		if dyad != (detente.Dyad{}) {
			query = `SELECT coalesce((SELECT seq FROM series WHERE run = ?1 AND dyad = ?2), 0), coalesce((SELECT seq FROM mark WHERE run = ?1 AND dyad = ?2), 0)`
			args = append(args, dyad.String())
		}
		if err := tx.QueryRowContext(ctx, query, args...).Scan(&saved, &marked); err != nil {
			return err
		}
		stamp = fmt.Sprintf("%d.%d.%d", run, saved, marked)
		return nil
	})
	return stamp, err
}

// Turns implements store.Store.
func (s *Store) Turns(ctx context.Context, dyad detente.Dyad, asOf detente.Date) ([]detente.ChannelSpell, error) {
	var out []detente.ChannelSpell
	err := s.inRun(ctx, "read "+dyad.String(), func(tx *sql.Tx, run int64) (err error) {
		out, err = spells(ctx, tx, run, dyad, asOf, `AND turn = 1`)
		return err
	})
	return out, err
}

// Disputes implements store.Store.
func (s *Store) Disputes(ctx context.Context, dyad detente.Dyad, asOf detente.Date, limit int) ([]detente.DisputeSpell, error) {
	out := []detente.DisputeSpell{}
	err := s.inRun(ctx, "read "+dyad.String(), func(tx *sql.Tx, run int64) error {
		return each(ctx, tx, func(rows *sql.Rows) error {
			d, err := scanDispute(rows, asOf)
			out = append(out, d)
			return err
		}, `SELECT first, until, day, body FROM dispute_spell WHERE run = ? AND dyad = ? AND first <= ? AND (until = '' OR until > ?)
			ORDER BY day DESC, body LIMIT ?`, run, dyad.String(), upTo(asOf), upTo(asOf), atMost(limit))
	})
	return out, err
}

// Boards implements store.Store.
func (s *Store) Boards(ctx context.Context, dyads []detente.Dyad, asOf detente.Date, limit int) ([]store.Board, int, error) {
	var boards []store.Board
	more := 0
	err := s.inRun(ctx, "read boards", func(tx *sql.Tx, run int64) (err error) {
		if dyads == nil {
			boards, more, err = latestBoards(ctx, tx, run, asOf, atMost(limit))
		} else {
			boards, err = namedBoards(ctx, tx, run, dyads, asOf)
		}
		if err != nil {
			return err
		}
		return fillBoards(ctx, tx, run, boards, asOf)
	})
	return boards, more, err
}

// toldAsOf gives the row of told that holds as of a day, for a dyad d.dyad.
const toldAsOf = `told t ON t.run = ?1 AND t.dyad = d.dyad AND t.day = (SELECT max(x.day) FROM told x WHERE x.run = ?1 AND x.dyad = d.dyad AND x.day <= ?2)`

func latestBoards(ctx context.Context, tx *sql.Tx, run int64, asOf detente.Date, limit int) (boards []store.Board, more int, err error) {
	err = each(ctx, tx, func(rows *sql.Rows) error {
		b, err := scanBoard(rows)
		if len(boards) == limit {
			more++
		} else {
			boards = append(boards, b)
		}
		return err
	}, `SELECT d.dyad, t.reports, t.origins, t.latest FROM series d CROSS JOIN `+toldAsOf+` WHERE d.run = ?1 AND t.reports > 0 ORDER BY t.latest DESC, d.dyad`, run, upTo(asOf))
	return boards, more, err
}

func scanBoard(rows *sql.Rows) (b store.Board, err error) {
	var dyad string
	if err := rows.Scan(&dyad, &b.Reports, &b.Origins, &b.Latest); err != nil {
		return b, err
	}
	b.Channels = []detente.ChannelState{}
	b.Dyad, err = detente.ParseDyad(dyad)
	return b, err
}

func namedBoards(ctx context.Context, tx *sql.Tx, run int64, dyads []detente.Dyad, asOf detente.Date) ([]store.Board, error) {
	list, err := json.Marshal(names(dyads))
	if err != nil {
		return nil, err
	}
	var boards []store.Board
	err = each(ctx, tx, func(rows *sql.Rows) error {
		b, err := scanBoard(rows)
		boards = append(boards, b)
		return err
	}, `SELECT d.dyad, coalesce(t.reports, 0), coalesce(t.origins, 0), coalesce(t.latest, '') FROM (SELECT key, value AS dyad FROM json_each(?3)) d
		LEFT JOIN `+toldAsOf+` ORDER BY d.key`, run, upTo(asOf), string(list))
	return boards, err
}

func names(dyads []detente.Dyad) []string {
	out := make([]string, len(dyads))
	for i, d := range dyads {
		out[i] = d.String()
	}
	return out
}

// fillBoards reads the channels of boards as of a day: of each the last spell
// that began by then.
func fillBoards(ctx context.Context, tx *sql.Tx, run int64, boards []store.Board, asOf detente.Date) error {
	at := map[detente.Dyad][]int{}
	var dyads []detente.Dyad
	for i, b := range boards {
		at[b.Dyad] = append(at[b.Dyad], i)
		if len(at[b.Dyad]) == 1 {
			dyads = append(dyads, b.Dyad)
		}
	}
	list, err := json.Marshal(names(dyads))
	if err != nil {
		return err
	}
	channels, err := json.Marshal(detente.Channels)
	if err != nil {
		return err
	}
	return each(ctx, tx, func(rows *sql.Rows) error {
		var body []byte
		var ch detente.ChannelState
		if err := rows.Scan(&body); err != nil {
			return err
		}
		if err := json.Unmarshal(body, &ch); err != nil || ch.State == detente.Unknown {
			return err
		}
		for _, i := range at[ch.Dyad] {
			boards[i].Channels = append(boards[i].Channels, ch)
		}
		return nil
	}, `SELECT s.body FROM json_each(?1) d CROSS JOIN json_each(?2) c CROSS JOIN channel_spell s
		ON s.run = ?3 AND s.dyad = d.value AND s.channel = c.value
		AND s.first = (SELECT max(x.first) FROM channel_spell x WHERE x.run = ?3 AND x.dyad = d.value AND x.channel = c.value AND x.first <= ?4)
		ORDER BY d.key, c.key`, string(list), string(channels), run, upTo(asOf))
}

// Recent implements store.Store.
func (s *Store) Recent(ctx context.Context, dyad detente.Dyad, asOf detente.Date, after store.Place, limit int) ([]store.Report, error) {
	var reports []store.Report
	err := s.inRun(ctx, "read "+dyad.String(), func(tx *sql.Tx, run int64) (err error) {
		condition := `r.run = ? AND r.dyad = ? AND r.known <= ? AND (r.until = '' OR r.until > ?) AND NOT EXISTS (
			SELECT 1 FROM report e INDEXED BY report_origin CROSS JOIN article b ON b.key = e.article WHERE e.run = r.run AND e.dyad = r.dyad AND e.origin = r.origin
			AND (e.known < r.known OR e.known = r.known AND b.id < a.id) AND (e.until = '' OR e.until > ?))`
		args := []any{run, dyad.String(), upTo(asOf), upTo(asOf), upTo(asOf)}
		if after != (store.Place{}) {
			condition += ` AND ` + strings.ReplaceAll(behind, "a.known", "r.known")
			args = append(args, string(after.Known), string(after.Known), after.ID)
		}
		reports, err = readReports(ctx, tx, condition+` ORDER BY r.known DESC, a.id LIMIT ?`, append(args, atMost(limit))...)
		if err != nil {
			return err
		}
		return addCopies(ctx, tx, run, dyad, asOf, reports)
	})
	return reports, err
}

// Told implements store.Store.
func (s *Store) Told(ctx context.Context, dyad detente.Dyad, articles []string, asOf detente.Date) ([]store.Report, error) {
	if len(articles) == 0 {
		return nil, nil
	}
	list, err := json.Marshal(articles)
	if err != nil {
		return nil, err
	}
	var reports []store.Report
	err = s.inRun(ctx, "read "+dyad.String(), func(tx *sql.Tx, run int64) (err error) {
		reports, err = readReports(ctx, tx, `a.id IN (SELECT value FROM json_each(?)) AND r.run = ? AND r.dyad = ? AND r.known <= ?
			AND (r.until = '' OR r.until > ?) ORDER BY r.known, a.id`, string(list), run, dyad.String(), upTo(asOf), upTo(asOf))
		if err != nil {
			return err
		}
		return addCopies(ctx, tx, run, dyad, asOf, reports)
	})
	return reports, err
}

// addCopies gives reports the other reports of their origins.
func addCopies(ctx context.Context, tx *sql.Tx, run int64, dyad detente.Dyad, asOf detente.Date, reports []store.Report) error {
	at := map[string][]int{}
	for i, rep := range reports {
		origin := cmp.Or(rep.Origin, rep.ID)
		at[origin] = append(at[origin], i)
	}
	var origins []string
	for origin := range at {
		origins = append(origins, origin)
	}
	slices.Sort(origins)
	list, err := json.Marshal(origins)
	if err != nil {
		return err
	}
	return each(ctx, tx, func(rows *sql.Rows) error {
		head, err := scanHead(rows)
		if err != nil {
			return err
		}
		for _, i := range at[cmp.Or(head.Origin, head.ID)] {
			if reports[i].ID != head.ID {
				reports[i].Copies = append(reports[i].Copies, head)
			}
		}
		return nil
	}, `SELECT `+headColumns+` FROM report r JOIN article a ON a.key = r.article WHERE r.run = ? AND r.dyad = ?
		AND r.origin IN (SELECT value FROM json_each(?)) AND r.known <= ? AND (r.until = '' OR r.until > ?) ORDER BY r.known, a.id`,
		run, dyad.String(), string(list), upTo(asOf), upTo(asOf))
}

// Months implements store.Store.
func (s *Store) Months(ctx context.Context, dyad detente.Dyad, asOf detente.Date) ([]store.Month, error) {
	out := []store.Month{}
	err := s.inRun(ctx, "count "+dyad.String(), func(tx *sql.Tx, run int64) error {
		full := asOf == "" || asOf == monthEnd(monthOf(asOf))
		err := each(ctx, tx, func(rows *sql.Rows) error {
			var month detente.Date
			var body []byte
			if err := rows.Scan(&month, &body); err != nil {
				return err
			}
			if !full && month == monthOf(asOf) {
				return nil
			}
			if len(body) == 0 { // touched, and not yet counted again
				m, err := countMonth(ctx, tx, run, dyad.String(), month, monthEnd(month))
				if m.Month != "" {
					out = append(out, m)
				}
				return err
			}
			out = append(out, store.Month{})
			return json.Unmarshal(body, &out[len(out)-1])
		}, `SELECT month, body FROM month WHERE run = ? AND dyad = ? AND month <= ? ORDER BY month`, run, dyad.String(), upTo(monthOf(asOf)))
		if err != nil || full {
			return err
		}
		m, err := countMonth(ctx, tx, run, dyad.String(), monthOf(asOf), asOf)
		if m.Month != "" {
			out = append(out, m)
		}
		return err
	})
	return out, err
}

// monthOf is the month of a day; empty for no day.
func monthOf(d detente.Date) detente.Date { return d[:min(len(d), len("2006-01"))] }

// monthEnd is the last day of a month.
func monthEnd(month detente.Date) detente.Date {
	first, _ := month.Time()
	return detente.DateOf(first.AddDate(0, 1, -1))
}

// countMonths counts the months anew whose shares have changed. That is done
// with the series, not with each commit: what a commit costs would else grow
// with the month.
func countMonths(ctx context.Context, tx *sql.Tx) error {
	type cell struct {
		run         int64
		dyad, month string
	}
	var cells []cell
	err := each(ctx, tx, func(rows *sql.Rows) error {
		var c cell
		err := rows.Scan(&c.run, &c.dyad, &c.month)
		cells = append(cells, c)
		return err
	}, `SELECT run, dyad, month FROM month WHERE body = ''`)
	if err != nil {
		return err
	}
	for _, c := range cells {
		month := detente.Date(c.month)
		m, err := countMonth(ctx, tx, c.run, c.dyad, month, monthEnd(month))
		if err != nil {
			return err
		}
		if m.Month == "" {
			_, err = tx.ExecContext(ctx, `DELETE FROM month WHERE run = ? AND dyad = ? AND month = ?`, c.run, c.dyad, c.month)
		} else {
			var body []byte
			if body, err = json.Marshal(m); err == nil {
				_, err = tx.ExecContext(ctx, `UPDATE month SET body = ? WHERE run = ? AND dyad = ? AND month = ?`, string(body), c.run, c.dyad, c.month)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// countMonth adds up what became known in a month and still held at the end of
// a day; the zero Month where that is nothing.
func countMonth(ctx context.Context, tx *sql.Tx, run int64, dyad string, month, end detente.Date) (store.Month, error) {
	m := store.Month{Events: []store.EventsCount{}}
	origins := map[string]bool{}
	err := each(ctx, tx, func(rows *sql.Rows) error {
		var origin string
		var claims, acts int
		var body []byte
		if err := rows.Scan(&origin, &claims, &acts, &body); err != nil {
			return err
		}
		m.Month = month
		if claims+acts > 0 {
			m.Reports++
			origins[origin] = true
		}
		m.Claims += claims
		m.Acts += acts
		var events []store.EventShare
		if err := json.Unmarshal(body, &events); err != nil {
			return err
		}
		for _, e := range events {
			addEvents(&m, e)
		}
		return nil
	}, `SELECT origin, claims, acts, events FROM share WHERE run = ? AND dyad = ? AND known BETWEEN ? AND ? AND (until = '' OR until > ?)`,
		run, dyad, string(month), string(end), string(end))
	m.Origins = len(origins)
	slices.SortFunc(m.Events, func(a, b store.EventsCount) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Factuality, b.Factuality))
	})
	return m, err
}

func addEvents(m *store.Month, e store.EventShare) {
	if e.Quad >= 1 && e.Quad <= len(m.Quads) {
		m.Quads[e.Quad-1] += e.Count
	}
	for i := range m.Events {
		if was := &m.Events[i]; was.Type == e.Type && was.Factuality == e.Factuality {
			was.Count += e.Count
			return
		}
	}
	m.Events = append(m.Events, e.EventsCount)
}

// Spoken implements store.Store.
func (s *Store) Spoken(ctx context.Context, who store.Voice, asOf detente.Date, after store.Place, limit int) ([]store.Saying, error) {
	if who.ID == "" && who.Name == "" {
		return nil, nil
	}
	var out []store.Saying
	err := s.inRun(ctx, "look for a speaker", func(tx *sql.Tx, run int64) error {
		speaker := `SELECT article FROM speaker WHERE run = ? AND id = ? AND id <> ''`
		args := []any{run, who.ID}
		if who.ID == "" {
			speaker = `SELECT article FROM speaker WHERE run = ? AND lower(name) = lower(?) AND (? = '' OR party = ?)`
			args = []any{run, who.Name, string(who.Party), string(who.Party)}
		}
		condition := `a.key IN (` + speaker + `) AND a.known <= ? AND (a.until = '' OR a.until > ?)`
		args = append(args, upTo(asOf), upTo(asOf))
		if after != (store.Place{}) {
			condition += ` AND ` + behind
			args = append(args, string(after.Known), string(after.Known), after.ID)
		}
		return each(ctx, tx, func(rows *sql.Rows) error {
			var text string
			var body []byte
			head, err := scanHead(rows, &text, &body)
			if err != nil {
				return err
			}
			rec, err := decode(body, text)
			if err != nil {
				return fmt.Errorf("article %q: %w", head.ID, err)
			}
			runes := []rune(text)
			for _, st := range rec.Statements {
				if who.Is(st.Speaker) {
					span := rec.Sentences[st.Sentence]
					out = append(out, store.Saying{Head: head, Statement: st, Sentence: store.Sentence{Span: span, Text: string(runes[span.Start:span.End])}})
				}
			}
			return nil
		}, `SELECT `+headColumns+`, a.text, c.body FROM article a JOIN record c ON c.article = a.key AND c.run = ? WHERE `+condition+` ORDER BY a.known DESC, a.id LIMIT ?`,
			append(append([]any{run}, args...), atMost(limit))...)
	})
	return out, err
}

// Outlets implements store.Store.
func (s *Store) Outlets(ctx context.Context, asOf detente.Date) ([]store.OutletSummary, error) {
	var out []store.OutletSummary
	err := s.inRun(ctx, "list outlets", func(tx *sql.Tx, run int64) error {
		return each(ctx, tx, func(rows *sql.Rows) error {
			var o store.OutletSummary
			err := rows.Scan(&o.Outlet, &o.Articles, &o.First, &o.Latest)
			out = append(out, o)
			return err
		}, `SELECT a.outlet, count(*), min(a.known), max(a.known) FROM article a JOIN record c ON c.article = a.key AND c.run = ?
			WHERE a.known <= ? AND (a.until = '' OR a.until > ?) GROUP BY a.outlet ORDER BY a.outlet`, run, upTo(asOf), upTo(asOf))
	})
	return out, err
}
