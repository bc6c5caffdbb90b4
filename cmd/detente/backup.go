package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"detente/internal/store/sqlite"
)

const backupUsage = `
usage: detente backup [flags] FILE

Writes the whole store, as it is at one moment, into a file that must not be
there; imports and pages go on meanwhile. The file is itself a store.

exit status: 0, or 1 where nothing was written, 2 for wrong usage`

func backupCmd(args []string, _ io.Reader, stdout, stderr io.Writer) int {
	cmd := newCommand("backup", backupUsage, stdout, stderr)
	db := cmd.String("db", "", "store `file`; by default DETENTE_DB, else in your data directory")
	operands, exit, ok := cmd.parse(args)
	if !ok {
		return exit
	}
	if len(operands) != 1 {
		return cmd.misused("name one file to write")
	}
	path, err := storePath(*db)
	if err != nil {
		return cmd.failed(err)
	}
	st, err := sqlite.OpenExisting(path)
	if err != nil {
		return cmd.failed(err)
	}
	defer st.Close()
	if err := st.Backup(context.Background(), operands[0]); err != nil {
		return cmd.failed(err)
	}
	return cmd.wrote(operands[0], "holds the store of "+path)
}

// wrote says that a file has been written, and how large it is.
func (c *command) wrote(file, what string) int {
	info, err := os.Stat(file)
	if err != nil {
		return c.failed(err)
	}
	fmt.Fprintf(c.stdout, "%s (%d bytes) %s\n", file, info.Size(), what)
	return exitOK
}

const restoreUsage = `
usage: detente restore [flags] FILE

Puts a backup in the place of the store. The backup is looked through first, and
stays. A store that is there is kept beside, its name with ".replaced" behind;
no other process may be using it.

exit status: 0, or 1 where nothing was changed, 2 for wrong usage`

func restoreCmd(args []string, _ io.Reader, stdout, stderr io.Writer) int {
	cmd := newCommand("restore", restoreUsage, stdout, stderr)
	db := cmd.String("db", "", "store `file`; by default DETENTE_DB, else in your data directory")
	operands, exit, ok := cmd.parse(args)
	if !ok {
		return exit
	}
	if len(operands) != 1 {
		return cmd.misused("name one backup")
	}
	path, err := storePath(*db)
	if err != nil {
		return cmd.failed(err)
	}
	if err := sqlite.Restore(context.Background(), operands[0], path); err != nil {
		return cmd.failed(err)
	}
	return cmd.wrote(path, "is what "+operands[0]+" holds")
}
