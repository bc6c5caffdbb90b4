package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"detente"
	"detente/internal/alert"
	"detente/internal/fetch"
	"detente/internal/store"
)

const webhookUsage = `
usage: detente webhook add [flags] URL     send changes of state to this address
       detente webhook list [flags]        show each with what it has taken and what waits for it
       detente webhook remove [flags] ID … send these nothing more; what waits for them is dropped
       detente webhook test [flags] ID …   send these a message that says nothing, and say how it went

When articles that were read change the state of a channel, a message goes out
by POST, as JSON, signed as Standard Webhooks asks (docs/webhooks.md). add prints
the secret that it is signed with, once. The list is kept in the store; detente
watch and import send.

exit status: 0, or 1 where something failed, 2 for wrong usage`

// webhookVerbs are what can be done with the list of hooks.
var webhookVerbs = map[string]func(*webhookCommand, []string) int{
	"add": (*webhookCommand).add, "list": (*webhookCommand).list, "remove": (*webhookCommand).remove, "test": (*webhookCommand).test,
}

// webhookCommand is one call of detente webhook.
type webhookCommand struct {
	*command
	db, dyad, channel string
	json              bool
	allowPrivate      bool
}

func webhookCmd(args []string, _ io.Reader, stdout, stderr io.Writer) int {
	does := ""
	if len(args) > 0 && webhookVerbs[args[0]] != nil {
		does, args = args[0], args[1:]
	}
	c := &webhookCommand{command: newCommand(strings.TrimSpace("webhook "+does), webhookUsage, stdout, stderr)}
	c.configure(map[string]any{"db": &c.db, "dyad": &c.dyad, "channel": &c.channel, "json": &c.json, "allow-private-hooks": &c.allowPrivate})
	operands, exit, ok := c.parse(args)
	if !ok {
		return exit
	}
	if does == "" {
		return c.misused("say what to do: add, list, remove or test")
	}
	return webhookVerbs[does](c, operands)
}

// newTeller makes what finds changes of state and sends them.
func newTeller(st store.Store, v detente.Versions, private bool) (*alert.Teller, error) {
	rules, err := loadFold()
	if err != nil {
		return nil, err
	}
	return &alert.Teller{Store: st, Rules: rules, Versions: v, Now: time.Now, Fetch: fetch.Options{AllowPrivate: private}}, nil
}

// sendAtMost is how long a verb that ends waits for receivers.
const sendAtMost = 30 * time.Second

// tellChanges tells of what has changed at the end of a verb. What cannot be
// delivered now waits in the store.
func tellChanges(ctx context.Context, st store.Store, v detente.Versions, private bool, stderr io.Writer) error {
	teller, err := newTeller(st, v, private)
	if err != nil {
		return err
	}
	teller.Report = func(t alert.Try) {
		if t.Err != nil {
			fmt.Fprintf(stderr, "warning: webhook %d has not taken message %s: %s\n", t.Hook, t.ID, printable(t.Err.Error()))
		}
	}
	if _, err := teller.Look(ctx); err != nil {
		return err
	}
	limited, done := context.WithTimeout(ctx, sendAtMost)
	defer done()
	if err := teller.Send(limited); err != nil && limited.Err() == nil {
		return err
	}
	return nil
}

// withTeller runs f on the store and closes it again.
func (c *webhookCommand) withTeller(f func(context.Context, *alert.Teller) error) int {
	ctx, done := stoppable()
	defer done()
	st, err := openStore(c.db)
	if err != nil {
		return c.failed(err)
	}
	teller, err := newTeller(st, detente.Versions{Program: version}, c.allowPrivate)
	if err == nil {
		err = f(ctx, teller)
	}
	if err = errors.Join(err, st.Close()); err != nil {
		return c.failed(err)
	}
	return exitOK
}

func (c *webhookCommand) add(addresses []string) int {
	if len(addresses) != 1 {
		return c.misused("name one address, as https://host/path")
	}
	h := store.Hook{Address: addresses[0], Secret: alert.NewSecret(), Added: time.Now().UTC().Truncate(time.Second)}
	if problem := c.choose(&h); problem != "" {
		return c.misused("%s", problem)
	}
	return c.withTeller(func(ctx context.Context, t *alert.Teller) error {
		// What has changed before concerns those that were there before.
		if _, err := t.Look(ctx); err != nil {
			return err
		}
		id, err := t.Store.AddHook(ctx, h)
		if err != nil {
			return err
		}
		fmt.Fprintf(c.stdout, "webhook %d added\nsecret %s\nKeep the secret where the receiver finds it; it is not shown again.\n", id, alert.SecretText(h.Secret))
		return nil
	})
}

// choose puts what flags and operand say into a new hook.
func (c *webhookCommand) choose(h *store.Hook) (problem string) {
	if err := fetch.Addressable(h.Address, fetch.Options{AllowPrivate: c.allowPrivate}); err != nil {
		if errors.Is(err, fetch.ErrPrivate) {
			return "this address is loopback, private or reserved; allow it with --allow-private-hooks if it is yours"
		}
		return err.Error()
	}
	if u, err := url.Parse(h.Address); err == nil && u.User != nil {
		return "leave user and password out of the address; receivers know us by the signature"
	}
	if c.dyad != "" {
		dyad, err := detente.ParseDyad(c.dyad)
		if err != nil {
			return "--dyad " + err.Error()
		}
		h.Dyad = dyad
	}
	if h.Channel = detente.Channel(c.channel); c.channel != "" && !slices.Contains(detente.Channels, h.Channel) {
		var known []string
		for _, ch := range detente.Channels {
			known = append(known, string(ch))
		}
		return fmt.Sprintf("--channel %q: say one of %s", c.channel, strings.Join(known, ", "))
	}
	return ""
}

// hookState is a hook as list prints it as JSON.
type hookState struct {
	ID       int64  `json:"id"`
	Address  string `json:"address"`
	Dyad     string `json:"dyad,omitempty"`
	Channel  string `json:"channel,omitempty"`
	Added    string `json:"added"`
	Sent     int    `json:"sent"`
	Waiting  int    `json:"waiting"`
	Lost     int    `json:"lost"`
	Failures int    `json:"failures"`
	Error    string `json:"error"`
	Next     string `json:"next"`
	Off      bool   `json:"off"`
}

func (c *webhookCommand) list(operands []string) int {
	if len(operands) > 0 {
		return c.misused("list takes no operand")
	}
	return c.withTeller(func(ctx context.Context, t *alert.Teller) error {
		list, err := t.Store.Hooks(ctx)
		if err != nil {
			return err
		}
		enc := json.NewEncoder(c.stdout)
		enc.SetEscapeHTML(false)
		for _, h := range list {
			if !c.json {
				printHook(c.stdout, screenOf(c.stdout), h)
				continue
			}
			state := hookState{ID: h.ID, Address: h.Address, Dyad: dyadName(h.Dyad), Channel: string(h.Channel), Added: stamp(h.Added),
				Sent: h.Sent, Waiting: h.Waiting, Lost: h.Lost, Failures: h.Failures, Error: h.Error, Next: stamp(h.Next), Off: h.Off}
			if err := enc.Encode(state); err != nil {
				return err
			}
		}
		if len(list) == 0 && !c.json {
			fmt.Fprintln(c.stdout, "no webhooks; add some with detente webhook add URL")
		}
		return nil
	})
}

func dyadName(d detente.Dyad) string {
	if d == (detente.Dyad{}) {
		return ""
	}
	return d.String()
}

func printHook(w io.Writer, show screen, h store.Hook) {
	b := &sheet{screen: show}
	about := "every dyad"
	if h.Dyad != (detente.Dyad{}) {
		about = h.Dyad.String()
	}
	if h.Channel != "" {
		about += ", " + string(h.Channel)
	}
	b.lines("", wrap(fmt.Sprintf("%d · %s · %s", h.ID, h.Address, about), b.width)...)
	b.lines("  ", wrap(fmt.Sprintf("taken %d · waiting %d · given up %d · added %s", h.Sent, h.Waiting, h.Lost, when(h.Added, "before")), b.width-2)...)
	switch {
	case h.Off:
		b.lines("  ", wrap("! the receiver answered that it is gone; it is sent nothing more", b.width-2)...)
	case h.Error != "":
		b.lines("  ", wrap(fmt.Sprintf("! %s, next try %s: %s", plural(h.Failures, "failure"), when(h.Next, "at once"), h.Error), b.width-2)...)
	}
	w.Write(b.Bytes())
}

// each runs f for the hooks that the operands name.
func (c *webhookCommand) each(operands []string, f func(context.Context, *alert.Teller, store.Hook) error) int {
	if len(operands) == 0 {
		return c.misused("name a webhook by its number; detente webhook list shows them")
	}
	var ids []int64
	for _, operand := range operands {
		id, err := strconv.ParseInt(operand, 10, 64)
		if err != nil {
			return c.misused("%q is no number of a webhook; detente webhook list shows them", operand)
		}
		ids = append(ids, id)
	}
	return c.withTeller(func(ctx context.Context, t *alert.Teller) error {
		list, err := t.Store.Hooks(ctx)
		failed := []error{err}
		for _, id := range ids {
			i := slices.IndexFunc(list, func(h store.Hook) bool { return h.ID == id })
			if i < 0 {
				failed = append(failed, fmt.Errorf("there is no webhook %d; detente webhook list shows what is", id))
				continue
			}
			failed = append(failed, f(ctx, t, list[i]))
		}
		return errors.Join(failed...)
	})
}

func (c *webhookCommand) remove(operands []string) int {
	return c.each(operands, func(ctx context.Context, t *alert.Teller, h store.Hook) error {
		return t.Store.RemoveHook(ctx, h.ID)
	})
}

func (c *webhookCommand) test(operands []string) int {
	return c.each(operands, func(ctx context.Context, t *alert.Teller, h store.Hook) error {
		if err := t.Try(ctx, h); err != nil {
			return fmt.Errorf("webhook %d has not taken the message: %w", h.ID, err)
		}
		fmt.Fprintf(c.stdout, "webhook %d has taken the message\n", h.ID)
		return nil
	})
}
