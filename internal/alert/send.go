package alert

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"detente/internal/fetch"
	"detente/internal/store"
)

// How messages are sent.
const (
	// Timeout is how long a receiver may take.
	Timeout = 15 * time.Second
	// lease is how long a hook is another process' while it sends; longer than
	// a try can take.
	lease = time.Minute
	// firstPause is the pause after the first failure, maxPause the longest but
	// for what a receiver asks for.
	firstPause = 10 * time.Second
	maxPause   = time.Hour
	// giveUpAfter is how long a message is kept, maxRefusals how often it is
	// tried where the receiver says that the message itself is at fault.
	giveUpAfter = 72 * time.Hour
	maxRefusals = 5
	// inARow is how many messages one hook is sent before the next hook's turn.
	inARow = 50
)

// Send delivers what waits for hooks that may be tried now. It returns once
// none is left, or every hook that has some has failed. What goes wrong with a
// receiver is kept with its hook; the error is one of the store, or ctx's.
func (t *Teller) Send(ctx context.Context) error {
	for more := true; more; {
		more = false
		hooks, err := t.Store.Hooks(ctx)
		if err != nil {
			return err
		}
		for _, h := range hooks {
			left, err := t.sendTo(ctx, h)
			if err != nil {
				return err
			}
			more = more || left
		}
	}
	return nil
}

// sendTo sends one hook what waits for it, and reports whether more can be
// sent at once.
func (t *Teller) sendTo(ctx context.Context, h store.Hook) (more bool, err error) {
	for range min(h.Waiting, inARow) {
		now := t.Now()
		claimed, err := t.Store.Claim(ctx, h.ID, now, now.Add(lease))
		if err != nil || !claimed {
			return false, err
		}
		list, err := t.Store.Waiting(ctx, h.ID, 1)
		if err != nil {
			return false, err
		}
		d := store.Delivery{Hook: h.ID}
		if len(list) > 0 {
			d = list[0]
		}
		ok, err := t.try(ctx, &h, d)
		if err != nil || !ok {
			return false, err
		}
	}
	return h.Waiting > inARow, nil
}

// try sends one message and stores what became of it. A message without a key
// is none: the hook is let go.
func (t *Teller) try(ctx context.Context, h *store.Hook, d store.Delivery) (ok bool, err error) {
	if d.Key == 0 {
		h.Next = t.Now()
		return false, t.Store.Tried(ctx, *h, d, store.Failed)
	}
	failed := t.post(ctx, h, d)
	if ctx.Err() != nil { // we stopped, the receiver did not fail
		return false, ctx.Err()
	}
	end := after(h, d, failed, t.Now())
	// The answer is noted even if we are asked to stop now.
	if err := t.Store.Tried(context.WithoutCancel(ctx), *h, d, end); err != nil {
		return false, err
	}
	if t.Report != nil {
		var m struct{ Type string }
		_ = json.Unmarshal(d.Body, &m) // we wrote it
		t.Report(Try{Hook: h.ID, ID: d.ID, Type: m.Type, Tries: d.Tries + 1, End: end, Err: failed})
	}
	return failed == nil, nil
}

// after decides what follows from a try, and changes the hook accordingly.
func after(h *store.Hook, d store.Delivery, failed error, now time.Time) store.End {
	if failed == nil {
		h.Failures, h.Error, h.Next = 0, "", now
		return store.Taken
	}
	h.Failures++
	h.Error = bare(failed).Error()
	pause := min(fetch.Backoff(firstPause, h.Failures, h.Address), maxPause)
	var retry *fetch.RetryError
	if errors.As(failed, &retry) {
		pause = max(pause, retry.After)
	}
	h.Next = now.Add(pause)
	var status *fetch.StatusError
	answered := errors.As(failed, &status)
	h.Off = answered && status.Gone()
	if h.Off || now.Sub(d.Made) >= giveUpAfter || answered && status.Final() && d.Tries+1 >= maxRefusals {
		return store.GivenUp
	}
	return store.Failed
}

// errPrivate is fetch.ErrPrivate with the flag that lifts it here.
var errPrivate = errors.New("the address is loopback, private or reserved, and is sent nothing; allow it with --allow-private-hooks if it is yours")

// bare is what went wrong, without the address, which may hold a secret.
func bare(err error) error {
	var of *fetch.Error
	if errors.Is(err, fetch.ErrPrivate) {
		return errPrivate
	}
	if errors.As(err, &of) {
		return of.Err
	}
	return err
}

func (t *Teller) post(ctx context.Context, h *store.Hook, d store.Delivery) error {
	o := t.Fetch
	o.Timeout = cmp.Or(o.Timeout, Timeout)
	at := t.Now()
	err := fetch.Post(ctx, h.Address, map[string]string{
		"Content-Type":      "application/json",
		"Webhook-Id":        d.ID,
		"Webhook-Timestamp": strconv.FormatInt(at.Unix(), 10),
		"Webhook-Signature": Sign(h.Secret, d.ID, at, d.Body),
	}, d.Body, o)
	if err != nil {
		return bare(err)
	}
	return nil
}

// Try sends a hook a message that says nothing, past the queue, and gives what
// is wrong.
func (t *Teller) Try(ctx context.Context, h store.Hook) error {
	d, err := delivery(h, Message{Test, t.Now().UTC().Truncate(time.Second), map[string]string{"says": "this is a test; no state has changed"}})
	if err != nil {
		return err
	}
	return t.post(ctx, &h, d)
}

// Sign gives the signature of a message: HMAC-SHA256 over id, time and body.
func Sign(secret []byte, id string, at time.Time, body []byte) string {
	mac := hmac.New(sha256.New, secret)
	fmt.Fprintf(mac, "%s.%d.", id, at.Unix())
	mac.Write(body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// NewSecret draws a secret for a hook.
func NewSecret() []byte {
	secret := make([]byte, 32)
	rand.Read(secret) // never fails
	return secret
}

// SecretText writes a secret as receivers' libraries take it.
func SecretText(secret []byte) string {
	return "whsec_" + base64.StdEncoding.EncodeToString(secret)
}

// Run looks and sends until ctx ends, with a pause between two rounds. What
// goes wrong with the store is given to failed, and tried again.
func (t *Teller) Run(ctx context.Context, pause time.Duration, failed func(error)) {
	for {
		err := t.Round(ctx)
		if err != nil && ctx.Err() == nil {
			failed(err)
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
	}
}

// Round looks and sends once.
func (t *Teller) Round(ctx context.Context) error {
	if _, err := t.Look(ctx); err != nil {
		return err
	}
	return t.Send(ctx)
}
