// Package alert tells others when the state of a channel changes.
//
// A change of state is a difference between the board of a dyad as it was last
// told and as it is once articles have been committed. The store notes with
// each commit which dyads it stirred; Look has their series folded, puts the changes into
// the log, queues a message for every hook that wants it, and stores the board
// as told, all in one transaction a dyad. So a kill at any moment loses no
// change and tells none twice. What passes between two looks is not told: an
// import of ten years gives the changes from before it to after it.
//
// Send delivers what is queued, by POST, as JSON, signed as Standard Webhooks
// asks (docs/webhooks.md). A message is kept until its receiver has taken it
// with an answer of the 200s; a kill between the answer and its note sends it
// once more, under the same id. A receiver that fails is tried again after
// pauses that grow, or after as long as it asks for; a message is given up
// after three days, or where its receiver refuses it time and again. Addresses
// are judged as those that are read: see package fetch.
package alert

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"slices"
	"time"

	"detente"
	"detente/internal/dialogue"
	"detente/internal/fetch"
	"detente/internal/series"
	"detente/internal/store"
)

// Teller looks for changes of state and sends them to hooks. Any number of
// processes may do so on one store.
type Teller struct {
	Store    store.Store
	Rules    *dialogue.Rules
	Versions detente.Versions // stand in the log beside what they gave
	Now      func() time.Time
	Fetch    fetch.Options // of deliveries; a zero Timeout is the package's own
	Report   func(Try)     // may be nil
}

// Try is one try to deliver a message.
type Try struct {
	Hook  int64
	ID    string // of the message
	Type  string
	Tries int // with this one
	End   store.End
	Err   error
}

// atOnce is how many stirred dyads are listed together.
const atOnce = 100

// maxEvidence is how many references a message carries: receivers bound its size.
const maxEvidence = 100

// Look tells of all dyads that were stirred and gives the number of changes.
func (t *Teller) Look(ctx context.Context) (changes int, err error) {
	for {
		list, err := t.Store.Stirred(ctx, atOnce)
		if err != nil || len(list) == 0 {
			return changes, err
		}
		// Folded behind the list, so that the series know of all that stirred
		// these: a commit between the two stirs again.
		if _, err := series.Refold(ctx, t.Store, t.Rules); err != nil {
			return changes, err
		}
		for _, stir := range list {
			n, err := t.tell(ctx, stir)
			if err != nil {
				return changes, err
			}
			changes += n
		}
		if len(list) < atOnce { // what was stirred meanwhile waits for the next look
			return changes, nil
		}
	}
}

// tell compares a dyad's board with the one last told.
func (t *Teller) tell(ctx context.Context, stir store.Stir) (changes int, err error) {
	told, err := t.Store.LastTold(ctx, stir.Dyad)
	if err != nil {
		return 0, err
	}
	board, err := t.board(ctx, stir.Dyad)
	if err != nil {
		return 0, err
	}
	hooks, err := t.Store.Hooks(ctx)
	if err != nil {
		return 0, err
	}
	now := t.Now().UTC().Truncate(time.Second)
	telling := store.Telling{Stir: stir, Was: told, States: map[detente.Channel]detente.State{}}
	for _, is := range board {
		was := cmp.Or(told[is.Channel], detente.Unknown)
		if is.State != detente.Unknown {
			telling.States[is.Channel] = is.State
		}
		if stir.Silent || is.State == was {
			continue
		}
		changes++
		telling.Changes = append(telling.Changes, t.line(was, is, now))
		deliveries, err := messages(hooks, was, is, now)
		if err != nil {
			return 0, err
		}
		telling.Deliveries = append(telling.Deliveries, deliveries...)
	}
	done, err := t.Store.Tell(ctx, telling)
	if !done {
		changes = 0
	}
	return changes, err
}

// board gives the state of every channel of a dyad from the series that is kept.
func (t *Teller) board(ctx context.Context, dyad detente.Dyad) ([]detente.ChannelState, error) {
	boards, _, err := t.Store.Boards(ctx, []detente.Dyad{dyad}, "", 1)
	if err != nil {
		return nil, err
	}
	states := make([]detente.ChannelState, 0, len(detente.Channels))
	for _, ch := range detente.Channels {
		states = append(states, detente.ChannelState{Dyad: dyad, Channel: ch, State: detente.Unknown, Evidence: []string{}})
		for _, b := range boards {
			if i := slices.IndexFunc(b.Channels, func(c detente.ChannelState) bool { return c.Channel == ch }); i >= 0 {
				states[len(states)-1] = b.Channels[i]
			}
		}
	}
	return states, nil
}

// line is a change of state in the log.
func (t *Teller) line(was detente.State, is detente.ChannelState, now time.Time) store.Change {
	return store.Change{At: now, Item: store.ChannelItem(is.Dyad, is.Channel), Field: "state", Old: string(was), New: string(is.State),
		Trigger: store.ByReading, Sources: is.Evidence, Version: store.VersionLine(t.Versions)}
}

// Message is what a hook is sent.
type Message struct {
	Type string    `json:"type"`
	At   time.Time `json:"timestamp"` // when the change was found
	Data any       `json:"data"`
}

// Types of messages.
const (
	StateChanged = "channel.state_changed"
	Test         = "detente.test"
)

// changed is the data of a message of type StateChanged.
type changed struct {
	Was detente.State        `json:"was"`
	Is  detente.ChannelState `json:"is"`
	// Evidence of Is is cut where there is more than a message should carry.
	MoreEvidence int `json:"more_evidence,omitempty"`
}

// messages makes one message about a change for every hook that wants it.
func messages(hooks []store.Hook, was detente.State, is detente.ChannelState, now time.Time) ([]store.Delivery, error) {
	data := changed{Was: was, Is: is}
	if over := len(is.Evidence) - maxEvidence; over > 0 {
		data.Is.Evidence, data.MoreEvidence = is.Evidence[over:], over
	}
	var list []store.Delivery
	for _, h := range hooks {
		if !h.Wants(is.Dyad, is.Channel) {
			continue
		}
		d, err := delivery(h, Message{StateChanged, now, data})
		if err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, nil
}

// delivery gives a message its name. That is drawn, not counted: a receiver
// must not take one of a new store for one of an earlier.
func delivery(h store.Hook, m Message) (store.Delivery, error) {
	body, err := json.Marshal(m)
	return store.Delivery{Hook: h.ID, ID: "msg_" + rand.Text(), Body: body, Made: m.At}, err
}
