package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"detente"
	"detente/data"
	"detente/internal/actor"
	"detente/internal/dialogue"
	"detente/internal/series"
	"detente/internal/store"
	"detente/internal/store/sqlite"
	"detente/internal/web"
)

const serveUsage = `
usage: detente serve [flags]

Serves what is in the store as pages: the dyads, the board of each with its
claims, denials and record, and the articles with what was found in them. The
same as JSON is under /api/v1/. Ends on an interrupt, after requests under way.

Whoever reaches the address can read everything; by default only this machine
does.

exit status: 0, or 1 where the store or the address cannot be opened, 2 for wrong usage`

// localAddress is where pages are served unless another address is named.
const localAddress = "127.0.0.1:8080"

func serveCmd(args []string, _ io.Reader, stdout, stderr io.Writer) int {
	cmd := newCommand("serve", serveUsage, stdout, stderr)
	addr := cmd.String("addr", localAddress, "`HOST:PORT` to serve at")
	db := cmd.String("db", "", "store `file`; by default DETENTE_DB, else in your data directory")
	rest, exit, ok := cmd.parse(args)
	if !ok {
		return exit
	}
	if len(rest) > 0 {
		return cmd.misused("%q: serve takes no input; read it first with detente read --save", rest[0])
	}
	st, err := openStored(*db)
	if err != nil {
		return cmd.failed(err)
	}
	defer st.Close()
	if err := serve(st, *addr, "", stdout, stderr); err != nil {
		return cmd.failed(err)
	}
	return exitOK
}

// openStored opens the store to read; there must be one. Series that a process
// left behind when it ended are folded first.
func openStored(asked string) (store.Store, error) {
	path, err := storePath(asked)
	if err != nil {
		return nil, err
	}
	fold, err := loadFold()
	if err != nil {
		return nil, err
	}
	st, err := sqlite.OpenExisting(path)
	if err != nil {
		return nil, err
	}
	if _, err := series.Refold(context.Background(), st, fold); err != nil {
		return nil, errors.Join(err, st.Close())
	}
	return st, nil
}

// loadFold loads the rules of the fold.
func loadFold() (*dialogue.Rules, error) {
	fold, err := dialogue.Load(data.FS)
	if err != nil {
		return nil, fmt.Errorf("loading dialogue rules: %w", err)
	}
	return fold, nil
}

// serve shows st at addr until the process is asked to end. banner stands on
// every page.
func serve(st store.Store, addr, banner string, stdout, stderr io.Writer) error {
	config, err := webConfig(banner, stderr)
	if err != nil {
		return err
	}
	pages, err := web.New(st, config)
	if err != nil {
		return err
	}
	ctx, release := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer release()
	ln, local, err := web.Listen(addr)
	if err != nil {
		return err
	}
	if !local {
		fmt.Fprintf(stderr, "warning: %s can be reached from other machines, and whoever reaches it can read everything in the store\n", ln.Addr())
	}
	fmt.Fprintf(stdout, "serving at http://%s/ (end with Ctrl-C)\n", ln.Addr())
	context.AfterFunc(ctx, release) // a second interrupt ends at once
	return web.Serve(ctx, ln, pages)
}

func webConfig(banner string, stderr io.Writer) (web.Config, error) {
	book, err := loadBook(nil)
	if err != nil {
		return web.Config{}, err
	}
	return web.Config{
		Banner:    banner,
		PartyName: book.PartyName,
		Facts:     book.Find,
		Versions:  detente.Versions{Program: version},
		Log:       slog.New(slog.NewTextHandler(stderr, nil)),
	}, nil
}

// partyLabel is a party's name with its code, or the code alone.
func partyLabel(book *actor.Book, p detente.Party) string {
	return cmp.Or(book.PartyName(p), string(p))
}
