package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// Backup writes the store, as it is at one moment, into a file that must not be
// there. Commits go on meanwhile. The file is whole or, on error, not there.
func (s *Store) Backup(ctx context.Context, to string) error {
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("backup to %s: there is something of that name; name another file", to)
	}
	part := to + ".part"
	// Made here for the permissions; VACUUM INTO takes an empty file.
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("backup to %s: %w", to, err)
	}
	defer os.Remove(part)
	defer f.Close()
	abs, err := filepath.Abs(s.path)
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", dsn(abs))
	if err != nil {
		return s.explain("backup", err)
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, `VACUUM INTO ?`, part); err != nil {
		return s.explain("backup to "+to, err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("backup to %s: %w", to, err)
	}
	if err := os.Link(part, to); err != nil { // fails where somebody was quicker
		return fmt.Errorf("backup to %s: %w", to, err)
	}
	return syncFolder(to)
}

// Restore puts a backup in the place of the store at a path. A store that is
// there is kept beside it, its name with ".replaced" behind; none may be using
// it. The backup is looked through first and stays as it is.
func Restore(ctx context.Context, from, path string) error {
	if err := examine(ctx, from); err != nil {
		return fmt.Errorf("restore from %s: %w", from, err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("store %s: make its folder: %w", path, err)
	}
	part := path + ".part"
	defer os.Remove(part)
	if err := copyFile(from, part); err != nil {
		return fmt.Errorf("restore from %s: %w", from, err)
	}
	if err := setAside(ctx, path); err != nil {
		return fmt.Errorf("store %s: %w", path, err)
	}
	if err := os.Rename(part, path); err != nil {
		return fmt.Errorf("store %s: %w", path, err)
	}
	return syncFolder(path)
}

// examine says why a file is no store that this program can read.
func examine(ctx context.Context, path string) error {
	if info, err := os.Stat(path); err != nil {
		return err
	} else if info.Size() == 0 {
		return errNoDatabase
	}
	if err := sniff(path); err != nil {
		return err
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", dsn(abs, "query_only(1)"))
	if err != nil {
		return err
	}
	defer db.Close()
	var id, format int
	var verdict string
	if err := db.QueryRowContext(ctx, `SELECT (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version)`).Scan(&id, &format); err != nil {
		return fmt.Errorf("the file is damaged: %w", err)
	}
	if id != applicationID || format > Format {
		return fmt.Errorf("this is no store of Detente up to format %d", Format)
	}
	if err := db.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&verdict); err != nil || verdict != "ok" {
		return errors.Join(err, fmt.Errorf("the file is damaged: %s", verdict))
	}
	return nil
}

// copyFile copies a file and syncs the copy, which is for the user alone.
func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

// setAside renames the store at a path, after its journal has been worked into
// it and if nobody else has it open.
func setAside(ctx context.Context, path string) error {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	aside := path + ".replaced"
	if _, err := os.Lstat(aside); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s, where a replaced store is kept, is there already; move it away", aside)
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", dsn(abs, "busy_timeout(0)"))
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	// Leaving WAL mode needs the file for oneself.
	var mode string
	if err := db.QueryRowContext(ctx, `PRAGMA journal_mode = DELETE`).Scan(&mode); err != nil || mode != "delete" {
		return errors.Join(errors.New("another process is using it; end that first"), err)
	}
	if err := db.Close(); err != nil {
		return err
	}
	return os.Rename(path, aside)
}

// syncFolder makes a new name last. Windows has nothing of the kind.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer dir.Close()
	if err := dir.Sync(); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
