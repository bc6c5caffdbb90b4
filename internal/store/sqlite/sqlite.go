// Package sqlite keeps a store in one SQLite file, with a driver in pure Go.
//
// The record is kept whole, as JSON beside its text; what is asked often has a
// table of its own: report holds what one article tells of one dyad, speaker
// who speaks in it, article_text the words. A commit writes all of them in one
// transaction, so that they cannot drift apart. Replacing an article deletes
// its row; the rest follows by foreign key and trigger.
//
// The file is in WAL mode: one connection writes, others read beside it, in
// this process and in others. Commits are synced to disk before they are
// acknowledged (docs/decisions/0300-store-in-sqlite.md has the price).
// docs/format-store.md describes the file.
package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	driver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"detente"
	"detente/internal/store"
)

// Format is the number of the file format that this program writes.
const Format = 4

// applicationID marks the file as Detente's in SQLite's header: "Dtnt".
const applicationID = 0x44746e74

// A new file is laid out in format 1 and then brought to the present format as
// an old one is, so that both are the same.
var (
	//go:embed schema.sql
	schema string
	//go:embed format2.sql
	format2 string
	//go:embed format3.sql
	format3 string
	//go:embed format4.sql
	format4 string
)

// readers is how many reads may run at the same time; more wait.
const readers = 8

// Store is a store in an SQLite file.
type Store struct {
	path  string
	write *sql.DB // one connection
	read  *sql.DB
	run   int64 // the run that it stands for; 0: the active one
}

var _ store.Store = (*Store)(nil)

// Open opens the store at path and creates it, with its folder, if it is not
// there. File and folder are for the user alone.
func Open(path string) (*Store, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("store %s: make its folder: %w", path, err)
	}
	// Made here, not by SQLite, for the permissions: its companions take them over.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("store %s: %w", path, err)
	}
	f.Close()
	return open(path)
}

// OpenExisting opens the store at path, which must be there.
func OpenExisting(path string) (*Store, error) {
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("no store at %s: fill one with \"detente read --save\", or name another with --db or DETENTE_DB: %w", path, fs.ErrNotExist)
	}
	if err != nil {
		return nil, fmt.Errorf("store %s: %w", path, err)
	}
	return open(path)
}

func open(path string) (*Store, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("store %s: %w", path, err)
	}
	s := &Store{path: path}
	if err := s.prepare(abs); err != nil {
		return nil, s.explain("open", err)
	}
	// synchronous=FULL: a commit that was acknowledged survives a loss of power.
	if s.write, err = sql.Open("sqlite", dsn(abs, "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)")); err != nil {
		return nil, s.explain("open", err)
	}
	s.write.SetMaxOpenConns(1)
	if s.read, err = sql.Open("sqlite", dsn(abs, "query_only(1)")); err != nil {
		s.write.Close()
		return nil, s.explain("open", err)
	}
	s.read.SetMaxOpenConns(readers)
	s.read.SetMaxIdleConns(readers)
	if err := s.write.Ping(); err != nil {
		s.Close()
		return nil, s.explain("open", err)
	}
	return s, nil
}

// dsn names the file as a URI, so that no character of a path has a meaning.
// Every connection waits ten seconds for another process' write to end.
func dsn(abs string, pragmas ...string) string {
	path := filepath.ToSlash(abs)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // C:/…
	}
	query := url.Values{"_txlock": {"immediate"}, "_pragma": append([]string{"busy_timeout(10000)"}, pragmas...)}
	u := url.URL{Scheme: "file", Path: path, RawQuery: query.Encode()}
	return u.String()
}

// prepare makes sure that the file is a store of this format, and makes it one
// if it is empty. It runs before WAL mode is asked for: another program's
// database must be left as it is.
func (s *Store) prepare(abs string) error {
	if err := sniff(abs); err != nil {
		return err
	}
	db, err := sql.Open("sqlite", dsn(abs))
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	var id, format, tables int
	look := func(q interface {
		QueryRow(string, ...any) *sql.Row
	}) error {
		return q.QueryRow(`SELECT (SELECT application_id FROM pragma_application_id),
			(SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_schema)`).Scan(&id, &format, &tables)
	}
	if err := look(db); err != nil {
		return err
	}
	if id == 0 && tables == 0 || id == applicationID && format < Format {
		tx, err := db.Begin()
		if err != nil {
			return err
		}
		defer tx.Rollback()
		if err := look(tx); err != nil { // another process may have been quicker
			return err
		}
		if err := layOut(tx, &id, &format, tables); err != nil {
			return fmt.Errorf("lay out the tables: %w", err)
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	switch {
	case id != applicationID:
		return errors.New("this is a database of another program; name another file with --db or DETENTE_DB")
	case format > Format:
		return fmt.Errorf("written by a newer Detente (format %d; this program knows %d): use that version, or name another file with --db or DETENTE_DB", format, Format)
	}
	return nil
}

// layOut brings an empty file, or a store of an earlier format, to this one.
func layOut(tx *sql.Tx, id, format *int, tables int) error {
	if tables == 0 {
		if _, err := tx.Exec(fmt.Sprintf("%s; PRAGMA application_id = %d", schema, applicationID)); err != nil {
			return err
		}
		*id, *format = applicationID, 1
	}
	if *id != applicationID || *format >= Format {
		return nil
	}
	if *format < 2 {
		if _, err := tx.Exec(format2); err != nil {
			return err
		}
		if err := addAddresses(tx); err != nil {
			return err
		}
	}
	if *format < 3 {
		if _, err := tx.Exec(format3); err != nil {
			return err
		}
		if err := addLookUps(tx); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(format4); err != nil {
		return err
	}
	*format = Format
	_, err := tx.Exec(fmt.Sprintf("PRAGMA user_version = %d", Format))
	return err
}

// addAddresses gives the articles of a store of format 1 their addresses. Which
// of them are versions of one another is not said afterwards: what was read
// from such a store before must be read the same after.
func addAddresses(tx *sql.Tx) error {
	rows, err := tx.Query(`SELECT key, url FROM article WHERE url <> ''`)
	if err != nil {
		return err
	}
	defer rows.Close()
	addresses := map[int64]string{}
	for rows.Next() {
		var key int64
		var url string
		if err := rows.Scan(&key, &url); err != nil {
			return err
		}
		if address := store.AddressOf(url); address != "" {
			addresses[key] = address
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for key, address := range addresses {
		if _, err := tx.Exec(`UPDATE article SET address = ? WHERE key = ?`, address, key); err != nil {
			return err
		}
	}
	return nil
}

// addLookUps gives the records of a store before format 3 what they are found
// and counted by.
func addLookUps(tx *sql.Tx) error {
	ctx := context.Background()
	for last := int64(0); ; {
		batch, err := unitsBehind(tx, last)
		if err != nil || len(batch) == 0 {
			return err
		}
		for _, u := range batch {
			if err := lookUps(ctx, tx, 1, u.at, &u.record); err != nil {
				return err
			}
		}
		last = batch[len(batch)-1].at.key
	}
}

// found is a record of the first run with what its rows take from its article.
type found struct {
	at     anchor
	record detente.Record
}

// unitsBehind reads some records in the order of their articles' keys.
func unitsBehind(tx *sql.Tx, key int64) ([]found, error) {
	rows, err := tx.Query(`SELECT a.key, a.id, a.known, a.until, a.origin, c.body FROM article a JOIN record c ON c.article = a.key
		WHERE a.key > ? ORDER BY a.key LIMIT 200`, key)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var batch []found
	for rows.Next() {
		var f found
		var id string
		var body []byte
		if err := rows.Scan(&f.at.key, &id, &f.at.known, &f.at.until, &f.at.origin, &body); err != nil {
			return nil, err
		}
		if f.record, err = decode(body, ""); err != nil {
			return nil, fmt.Errorf("article %q: %w", id, err)
		}
		f.at.origin = cmp.Or(f.at.origin, id)
		batch = append(batch, f)
	}
	return batch, rows.Err()
}

// errNoDatabase says what SQLite itself says only of longer files: it would
// write over a short one.
var errNoDatabase = errors.New("the file is no database; name another with --db or DETENTE_DB")

// sniff looks for SQLite's mark at the start of a file that is not empty.
func sniff(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	const magic = "SQLite format 3\x00"
	head := make([]byte, len(magic))
	n, err := io.ReadFull(f, head)
	if n > 0 && string(head) != magic {
		return errNoDatabase
	}
	if n > 0 || errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// explain says which store and what to do; doing is what was under way.
func (s *Store) explain(doing string, err error) error {
	var e *driver.Error
	if errors.As(err, &e) {
		switch e.Code() & 0xff {
		case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
			return fmt.Errorf("store %s: %s: the file is damaged; restore a copy, or read the articles again into another file: %w", s.path, doing, err)
		case sqlite3.SQLITE_BUSY:
			return fmt.Errorf("store %s: %s: another process has been writing for too long; try again: %w", s.path, doing, err)
		case sqlite3.SQLITE_FULL:
			return fmt.Errorf("store %s: %s: no room on the disk: %w", s.path, doing, err)
		}
	}
	return fmt.Errorf("store %s: %s: %w", s.path, doing, err)
}

// Close ends the use of the store.
func (s *Store) Close() error {
	return errors.Join(s.read.Close(), s.write.Close())
}

// DefaultPath is where the store is unless the user names another place: the
// folder "detente" in the user's data directory.
func DefaultPath() (string, error) {
	return defaultPath(runtime.GOOS, os.Getenv, os.UserHomeDir)
}

func defaultPath(goos string, getenv func(string) string, home func() (string, error)) (string, error) {
	const folder, file = "detente", "detente.db"
	// The XDG specification: a path that is not absolute is to be ignored.
	if dir := getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) && goos != "windows" {
		return filepath.Join(dir, folder, file), nil
	}
	if dir := getenv("LOCALAPPDATA"); dir != "" && goos == "windows" {
		return filepath.Join(dir, folder, file), nil
	}
	dir, err := home()
	if err != nil {
		return "", fmt.Errorf("no place for the store is known; name one with --db or DETENTE_DB: %w", err)
	}
	switch goos {
	case "windows":
		return filepath.Join(dir, "AppData", "Local", folder, file), nil
	case "darwin":
		return filepath.Join(dir, "Library", "Application Support", folder, file), nil
	}
	return filepath.Join(dir, ".local", "share", folder, file), nil
}

// inRead runs f in one read transaction: all its queries see one moment.
func (s *Store) inRead(ctx context.Context, doing string, f func(*sql.Tx) error) error {
	tx, err := s.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
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
	return nil
}

// inRun is inRead on the run that s stands for.
func (s *Store) inRun(ctx context.Context, doing string, f func(tx *sql.Tx, run int64) error) error {
	return s.inRead(ctx, doing, func(tx *sql.Tx) error {
		run, err := s.runIn(ctx, tx)
		if err != nil {
			return err
		}
		return f(tx, run)
	})
}

// runIn gives the run that s stands for in a transaction.
func (s *Store) runIn(ctx context.Context, tx *sql.Tx) (run int64, err error) {
	if s.run != 0 {
		return s.run, nil
	}
	err = tx.QueryRowContext(ctx, `SELECT id FROM run WHERE active = 1`).Scan(&run)
	return run, err
}
