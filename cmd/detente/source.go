package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"time"

	"detente/internal/fetch"
	"detente/internal/ingest"
	"detente/internal/source"
	"detente/internal/store"
)

const sourceUsage = `
usage: detente source add [flags] URL …     poll these feeds, sitemaps or pages
       detente source list [flags]          show each with its last success, last error, next try
       detente source remove [flags] URL …  poll these no longer; what was read stays
       detente source check [flags] [URL …] ask each once, and keep nothing of it
       detente source import [flags] FILE   add the feeds of an OPML list; - is standard input
       detente source export [flags]        print all as an OPML list

The list is kept in the store; detente watch polls it. check without an address
asks all that are in the list.

exit status: 0, or 1 where something failed, 2 for wrong usage`

// sourceVerbs are what can be done with the list of sources.
var sourceVerbs = map[string]func(*sourceCommand, []string) int{
	"add": (*sourceCommand).add, "list": (*sourceCommand).list, "remove": (*sourceCommand).remove,
	"check": (*sourceCommand).check, "import": (*sourceCommand).importOPML, "export": (*sourceCommand).export,
}

// sourceCommand is one call of detente source.
type sourceCommand struct {
	*command
	stdin        io.Reader
	db           string
	title        string
	every        time.Duration
	json         bool
	allowPrivate bool
}

func sourceCmd(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	does := ""
	if len(args) > 0 && sourceVerbs[args[0]] != nil {
		does, args = args[0], args[1:]
	}
	c := &sourceCommand{command: newCommand(strings.TrimSpace("source "+does), sourceUsage, stdout, stderr), stdin: stdin}
	c.configure(map[string]any{"db": &c.db})
	c.StringVar(&c.title, "title", "", "add: `name` of the source; by default the one that it gives itself")
	c.DurationVar(&c.every, "every", 0, "add: `time` between two polls, as 1h30m; by default watch's")
	c.BoolVar(&c.json, "json", false, "list, check: print as JSON, one object a line")
	c.BoolVar(&c.allowPrivate, "allow-private", false, "check: ask loopback and private addresses too")
	operands, exit, ok := c.parse(args)
	if !ok {
		return exit
	}
	if does == "" {
		return c.misused("say what to do: add, list, remove, check, import or export")
	}
	return sourceVerbs[does](c, operands)
}

// withStore runs f on the store and closes it again.
func (c *sourceCommand) withStore(f func(context.Context, store.Store) error) int {
	st, err := openStore(c.db)
	if err == nil {
		err = errors.Join(f(context.Background(), st), st.Close())
	}
	if err != nil {
		return c.failed(err)
	}
	return exitOK
}

// leastEvery is how often a source may be polled at most.
const leastEvery = time.Minute

func (c *sourceCommand) add(addresses []string) int {
	if len(addresses) == 0 {
		return c.misused("no address; name feeds, sitemaps or pages")
	}
	if c.every != 0 && c.every < leastEvery {
		return c.misused("--every %s: at least %s is polite", c.every, leastEvery)
	}
	var list []source.Outline
	for _, address := range addresses {
		list = append(list, source.Outline{Title: c.title, URL: address})
	}
	return c.addAll(list)
}

// addAll adds what is not in the list yet; what is keeps its state, and takes
// over a name or time that was given.
func (c *sourceCommand) addAll(list []source.Outline) int {
	for _, o := range list {
		if problem := checkAddress(o.URL); problem != "" {
			return c.misused("%s: %s; nothing has been added", o.URL, problem)
		}
	}
	return c.withStore(func(ctx context.Context, st store.Store) error {
		known, err := sourcesByAddress(ctx, st)
		if err != nil {
			return err
		}
		added := 0
		for _, o := range list {
			src, ok := known[o.URL]
			if !ok {
				src = store.Source{Address: o.URL, Added: time.Now().UTC().Truncate(time.Second)}
				added++
			}
			src.Title, src.Every = cmp.Or(o.Title, src.Title), cmp.Or(c.every, src.Every)
			if err := st.SaveSource(ctx, src); err != nil {
				return err
			}
			known[o.URL] = src
		}
		fmt.Fprintf(c.stdout, "%s added, %d in the list already\n", plural(added, "source"), len(list)-added)
		return nil
	})
}

func checkAddress(address string) (problem string) {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" && u.Scheme == "":
		return "not an address; write it as https://host/path"
	case u.Scheme != "http" && u.Scheme != "https":
		return "only http and https addresses are polled"
	case u.Host == "":
		return "the address names no host"
	}
	return ""
}

func sourcesByAddress(ctx context.Context, st store.Store) (map[string]store.Source, error) {
	list, err := st.Sources(ctx)
	known := map[string]store.Source{}
	for _, src := range list {
		known[src.Address] = src
	}
	return known, err
}

func (c *sourceCommand) remove(addresses []string) int {
	if len(addresses) == 0 {
		return c.misused("no address; detente source list shows them")
	}
	return c.withStore(func(ctx context.Context, st store.Store) error {
		var failed []error
		for _, address := range addresses {
			err := st.RemoveSource(ctx, address)
			if errors.Is(err, store.ErrNotFound) {
				err = fmt.Errorf("%s is not in the list; detente source list shows what is", address)
			}
			failed = append(failed, err)
		}
		return errors.Join(failed...)
	})
}

// sourceState is a source as list prints it as JSON.
type sourceState struct {
	Address  string `json:"address"`
	Title    string `json:"title"`
	Moved    string `json:"moved,omitempty"`
	Every    string `json:"every,omitempty"`
	Added    string `json:"added"`
	Tried    string `json:"tried"`
	Success  string `json:"success"`
	Error    string `json:"error"`
	Failures int    `json:"failures"`
	Next     string `json:"next"`
}

func (c *sourceCommand) list(operands []string) int {
	if len(operands) > 0 {
		return c.misused("list takes no address")
	}
	return c.withStore(func(ctx context.Context, st store.Store) error {
		list, err := st.Sources(ctx)
		if err != nil {
			return err
		}
		if c.json {
			enc := json.NewEncoder(c.stdout)
			enc.SetEscapeHTML(false)
			for _, src := range list {
				state := sourceState{Address: src.Address, Title: src.Title, Moved: src.At, Added: stamp(src.Added), Tried: stamp(src.Tried),
					Success: stamp(src.Read), Error: src.Error, Failures: src.Failures, Next: stamp(src.Next)}
				if src.Every > 0 {
					state.Every = src.Every.String()
				}
				if err := enc.Encode(state); err != nil {
					return err
				}
			}
			return nil
		}
		if len(list) == 0 {
			fmt.Fprintln(c.stdout, "no sources; add some with detente source add URL")
		}
		for _, src := range list {
			printSource(c.stdout, screenOf(c.stdout), src)
		}
		return nil
	})
}

// stamp writes a time as RFC 3339; never is empty.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// when writes a time for people.
func when(t time.Time, never string) string {
	if t.IsZero() {
		return never
	}
	return t.UTC().Format("2 Jan 2006 15:04 UTC")
}

func printSource(w io.Writer, show screen, src store.Source) {
	b := &sheet{screen: show}
	head := src.Address
	if src.Title != "" {
		head = src.Title + " · " + src.Address
	}
	b.lines("", wrap(head, b.width)...)
	if src.At != "" {
		b.lines("  ", wrap("has moved to "+src.At, b.width-2)...)
	}
	next := when(src.Next, "at once")
	b.lines("  ", wrap("last success "+when(src.Read, "never")+" · next try "+next, b.width-2)...)
	if src.Error != "" {
		b.lines("  ", wrap(fmt.Sprintf("! %s, last on %s: %s", plural(src.Failures, "failure"), when(src.Tried, "never"), src.Error), b.width-2)...)
	}
	w.Write(b.Bytes())
}

func (c *sourceCommand) check(addresses []string) int {
	ctx, done := stoppable()
	defer done()
	if len(addresses) == 0 {
		exit := c.withStore(func(ctx context.Context, st store.Store) error {
			list, err := st.Sources(ctx)
			for _, src := range list {
				addresses = append(addresses, cmp.Or(src.At, src.Address))
			}
			return err
		})
		if exit != exitOK {
			return exit
		}
	}
	if len(addresses) == 0 {
		return c.failed(errors.New("no sources to check; add some with detente source add URL"))
	}
	clock := fetch.WallClock()
	p := &ingest.Poller{Clock: clock, Client: &fetch.Client{Options: fetch.Options{AllowPrivate: c.allowPrivate}, Clock: clock}}
	exit := exitOK
	for _, address := range addresses {
		look, err := p.Check(ctx, address)
		if err != nil {
			exit = c.failed(err)
		}
		if c.json {
			err = printLook(c.stdout, look, err)
		} else if err == nil {
			_, err = io.WriteString(c.stdout, lookLines(look))
		} else {
			err = nil // told above
		}
		if err != nil {
			return c.failed(err)
		}
	}
	return exit
}

// lookLines words what a source gives.
func lookLines(l ingest.Look) string {
	var b strings.Builder
	kind := "a page"
	if l.IsList {
		kind = "a feed or sitemap"
	}
	fmt.Fprintf(&b, "%s: %s", l.Address, kind)
	if l.Title != "" {
		fmt.Fprintf(&b, ", %s", quoted(l.Title))
	}
	fmt.Fprintf(&b, "; %s in it", plural(l.Articles, "article"))
	if l.IsList {
		fmt.Fprintf(&b, ", %s to fetch", plural(l.Pages, "page"))
	}
	if l.TTL > 0 {
		fmt.Fprintf(&b, ", to be asked every %s at most", l.TTL)
	}
	b.WriteByte('\n')
	if l.Moved != "" {
		fmt.Fprintf(&b, "  has moved to %s\n", l.Moved)
	}
	for _, feed := range l.Feeds {
		fmt.Fprintf(&b, "  names the feed %s, which may be the better source\n", feed)
	}
	for _, err := range l.Faults {
		fmt.Fprintf(&b, "  ! %v\n", err)
	}
	return b.String()
}

func printLook(w io.Writer, l ingest.Look, failed error) error {
	out := struct {
		Address  string   `json:"address"`
		Error    string   `json:"error"`
		Moved    string   `json:"moved,omitempty"`
		Title    string   `json:"title"`
		List     bool     `json:"list"`
		Articles int      `json:"articles"`
		Pages    int      `json:"pages"`
		Feeds    []string `json:"feeds,omitempty"`
		Faults   []string `json:"faults,omitempty"`
	}{Address: l.Address, Moved: l.Moved, Title: l.Title, List: l.IsList, Articles: l.Articles, Pages: l.Pages, Feeds: l.Feeds}
	if failed != nil {
		out.Error = failed.Error()
	}
	for _, err := range l.Faults {
		out.Faults = append(out.Faults, err.Error())
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(out)
}

func (c *sourceCommand) importOPML(files []string) int {
	if len(files) != 1 {
		return c.misused("name one OPML file, or - for standard input")
	}
	in := c.stdin
	if files[0] != "-" {
		f, err := os.Open(files[0])
		if err != nil {
			return c.failed(openError(files[0], err))
		}
		defer f.Close()
		in = f
	}
	list, err := source.ParseOPML(in)
	if err != nil {
		return c.failed(fmt.Errorf("%s: %w", files[0], err))
	}
	return c.addAll(list)
}

func (c *sourceCommand) export(operands []string) int {
	if len(operands) > 0 {
		return c.misused("export takes no operand; it prints all sources")
	}
	return c.withStore(func(ctx context.Context, st store.Store) error {
		list, err := st.Sources(ctx)
		if err != nil {
			return err
		}
		var out []source.Outline
		for _, src := range list {
			out = append(out, source.Outline{Title: src.Title, URL: cmp.Or(src.At, src.Address)})
		}
		return source.WriteOPML(c.stdout, "Sources of Detente", out)
	})
}
