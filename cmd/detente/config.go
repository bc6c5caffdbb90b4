package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// setting is one thing that an operator can set, by a flag or in the
// environment; a flag that is given counts more. The list of them is the only
// place that says how they are called and what they mean: flags, usage texts
// and docs/config.md are made from it.
type setting struct {
	flag  string // without dashes; empty: in the environment alone, where ps shows it to nobody
	env   string // empty: by flag alone
	value string // where neither says anything
	verbs string // that have it; "*": every verb that uses the store
	text  string // what it is, `this` is what is to be written
}

var settings = []setting{
	{"db", "DETENTE_DB", "", "*", "store `file`; by default in your data directory"},
	{"addr", "DETENTE_ADDR", localAddress, "serve demo", "`HOST:PORT` to serve at"},
	{"public", "DETENTE_PUBLIC", "", "serve", "`address` under which readers reach the server, as https://detente.example: feeds and annotations are named by it"},
	{"allow-origin", "DETENTE_ALLOW_ORIGIN", "", "serve", "`origin` whose pages may read the answers in a browser, as https://desk.example, or * for everybody's; may be repeated; by default none may"},
	{"write-token-file", "DETENTE_WRITE_TOKEN_FILE", "", "serve", "`file` with the token of those who may review; none may where there is no token"},
	{"", "DETENTE_WRITE_TOKEN", "", "serve", "what the file of --write-token-file would hold"},
	{"read-token-file", "DETENTE_READ_TOKEN_FILE", "", "serve", "`file` with the token that is needed to read; without one, whoever reaches the address can"},
	{"", "DETENTE_READ_TOKEN", "", "serve", "what the file of --read-token-file would hold"},
	{"rate", "DETENTE_RATE", "100", "serve", "`requests` a second that one client may make, in the long run; 0: any number"},
	{"trusted-proxy", "DETENTE_TRUSTED_PROXY", "", "serve", "`address` or network of a proxy that is believed whom it asks for (X-Forwarded-For); may be repeated"},
	{"every", "DETENTE_EVERY", "30m", "watch", "`time` between two polls of a source that has none of its own"},
	{"pause", "DETENTE_PAUSE", "2s", "watch", "`time` between two requests to one host, at least"},
	{"once", "", "", "watch", "ask for what is due now and the pages that it names, and stop"},
	{"quiet", "", "", "watch", "print what went wrong alone"},
	{"date", "", "", "import", "publication `date`, YYYY-MM-DD, where an input has none"},
	{"json", "", "", "import", "print the summary as JSON"},
	{"json", "", "", "webhook", "list: print as JSON, one object a line"},
	{"dyad", "", "", "webhook", "add: tell of this `dyad` alone, as RUS-USA"},
	{"channel", "", "", "webhook", "add: tell of this `channel` alone, as leaders"},
	{"actors", "DETENTE_ACTORS", "", "watch import", "`directory` of *.tsv with actors of your own; may be repeated"},
	{"allow-private", "DETENTE_ALLOW_PRIVATE", "", "watch", "fetch from loopback and private addresses too"},
	{"allow-private-hooks", "DETENTE_ALLOW_PRIVATE_HOOKS", "", "watch import webhook", "send webhooks to loopback and private addresses too"},
	{"quarantine", "DETENTE_QUARANTINE", "", "serve import", "`file` for what cannot be read; by default beside the store"},
	{"log", "DETENTE_LOG", "text", "serve", "`form` of the log on standard error: text or json"},
	{"log", "DETENTE_LOG", "lines", "watch", "`form` of what is told: lines on standard output for people, or a log on standard error as text or json"},
	{"log-level", "DETENTE_LOG_LEVEL", "info", "serve watch", "least `level` that is logged: debug, info, warn or error"},
}

// has reports whether a verb has the setting.
func (s *setting) has(verb string) bool {
	return s.verbs == "*" || slices.Contains(strings.Fields(s.verbs), verb)
}

// verb is the first word of a command's name: "source add" is one of source.
func (c *command) verb() string {
	words := strings.Fields(strings.TrimPrefix(c.Name(), "detente "))
	return words[0]
}

// setting gives the flag of this name that the verb has.
func (c *command) setting(name string) *setting {
	i := slices.IndexFunc(settings, func(s setting) bool { return s.flag == name && s.has(c.verb()) })
	if i < 0 {
		return nil
	}
	return &settings[i]
}

// configure makes flags of settings: their values are put where the map says.
func (c *command) configure(where map[string]any) {
	for name, p := range where {
		s := c.setting(name)
		if s == nil {
			panic(fmt.Sprintf("%s has no setting %q", c.Name(), name))
		}
		switch p := p.(type) {
		case *string:
			c.StringVar(p, name, s.value, s.usage())
		case *bool:
			c.BoolVar(p, name, false, s.usage())
		case *time.Duration:
			every, err := time.ParseDuration(s.value)
			if err != nil {
				panic(err)
			}
			c.DurationVar(p, name, every, s.usage())
		case *float64:
			n, err := strconv.ParseFloat(s.value, 64)
			if err != nil {
				panic(err)
			}
			c.Float64Var(p, name, n, s.usage())
		case *many:
			c.Var(p, name, s.usage())
		default:
			panic(fmt.Sprintf("setting %s: no flag can hold a %T", name, p))
		}
	}
}

// dbFlag is the flag of every verb that uses the store.
func (c *command) dbFlag() *string {
	db := new(string)
	c.configure(map[string]any{"db": db})
	return db
}

func (s *setting) usage() string {
	if s.env == "" {
		return s.text
	}
	return s.text + " (" + s.env + ")"
}

// fromEnvironment gives the flags that were not given what the environment
// says. Values of a flag that may be repeated stand between commas there.
func (c *command) fromEnvironment() error {
	given := map[string]bool{}
	c.Visit(func(f *flag.Flag) { given[f.Name] = true })
	var failed error
	c.VisitAll(func(f *flag.Flag) {
		s := c.setting(f.Name)
		if s == nil || s.env == "" || given[f.Name] || failed != nil {
			return
		}
		value, set := os.LookupEnv(s.env)
		if !set || value == "" {
			return
		}
		values := []string{value}
		if _, repeated := f.Value.(*many); repeated {
			values = strings.Split(value, ",")
		}
		for _, v := range values {
			if err := c.Set(f.Name, strings.TrimSpace(v)); err != nil {
				failed = fmt.Errorf("%s=%q in the environment: %w", s.env, value, err)
			}
		}
	})
	return failed
}
