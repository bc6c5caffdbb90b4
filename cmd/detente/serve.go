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
	"detente/internal/ingest"
	"detente/internal/series"
	"detente/internal/store"
	"detente/internal/store/sqlite"
	"detente/internal/web"
)

const serveUsage = `
usage: detente serve [flags]

Serves what is in the store as pages: the dyads, the board of each with its
claims, denials and record, and the articles with what was found in them. The
same as JSON is under /api/v1/, described at /openapi.json and for people at
/api; each dyad has Atom feeds. Ends on an interrupt, after requests under way.

Whoever reaches the address can read everything, unless a token is set for
reading; by default only this machine does. With a token for writing, people who
have it may review statements. docs/config.md has more.

exit status: 0, or 1 where the store or the address cannot be opened, 2 for wrong usage`

// localAddress is where pages are served unless another address is named.
const localAddress = "127.0.0.1:8080"

func serveCmd(args []string, _ io.Reader, stdout, stderr io.Writer) int {
	cmd := newCommand("serve", serveUsage, stdout, stderr)
	var addr, db, form, level, public string
	var origins many
	var op operation
	cmd.configure(map[string]any{"addr": &addr, "db": &db, "log": &form, "log-level": &level, "rate": &op.rate, "trusted-proxy": &op.proxies,
		"write-token-file": &op.writeFile, "read-token-file": &op.readFile, "quarantine": &op.quarantine,
		"public": &public, "allow-origin": &origins})
	rest, exit, ok := cmd.parse(args)
	if !ok {
		return exit
	}
	if len(rest) > 0 {
		return cmd.misused("%q: serve takes no input; read it first with detente read --save", rest[0])
	}
	log, err := newLog(stderr, form, level)
	if err != nil {
		return cmd.misused("%v", err)
	}
	operation, err := op.read(db)
	if err != nil {
		return cmd.failed(err)
	}
	st, err := openStored(db)
	if err != nil {
		return cmd.failed(err)
	}
	defer st.Close()
	config, err := webConfig("", log)
	if err != nil {
		return cmd.failed(err)
	}
	config.Public, config.Origins, config.Operation = public, origins, operation
	if err := serve(st, addr, config, stdout, stderr); err != nil {
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

// serve shows st at addr until the process is asked to end.
func serve(st store.Store, addr string, config web.Config, stdout, stderr io.Writer) error {
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
	if !local && config.Operation.ReadToken == "" {
		fmt.Fprintf(stderr, "warning: %s can be reached from other machines, and whoever reaches it can read everything in the store\n", ln.Addr())
	}
	fmt.Fprintf(stdout, "serving at http://%s/ (end with Ctrl-C)\n", ln.Addr())
	context.AfterFunc(ctx, release) // a second interrupt ends at once
	if err := web.Serve(ctx, ln, pages, len(config.Operation.Proxies) > 0); err != nil {
		return err
	}
	config.Log.Info("stopped")
	return nil
}

// webConfig is what the server is made of. banner stands on every page.
func webConfig(banner string, log *slog.Logger) (web.Config, error) {
	book, err := loadBook(nil)
	if err != nil {
		return web.Config{}, err
	}
	versions, err := ingest.VersionsOf(ingest.Options{Program: version})
	if err != nil {
		return web.Config{}, err
	}
	return web.Config{
		Banner:    banner,
		PartyName: book.PartyName,
		Facts:     book.Find,
		Versions:  versions,
		Log:       log,
	}, nil
}

// partyLabel is a party's name with its code, or the code alone.
func partyLabel(book *actor.Book, p detente.Party) string {
	return cmp.Or(book.PartyName(p), string(p))
}
