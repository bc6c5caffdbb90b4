package store

import (
	"context"
	"time"

	"detente"
)

// Hook is an address that changes of state are sent to. Times are UTC, whole
// seconds; a zero time means never.
type Hook struct {
	ID      int64 // given by AddHook, never given again
	Address string
	Secret  []byte          // what messages to it are signed with
	Dyad    detente.Dyad    // changes of this one alone; zero: of all
	Channel detente.Channel // of this channel alone; empty: of all
	Added   time.Time

	Sent     int       // messages that it has taken
	Lost     int       // messages that were given up
	Failures int       // tries in a row that failed
	Error    string    // of the last try, in words; empty: it succeeded
	Next     time.Time // not to be tried before
	Off      bool      // it said that it wants no more
	Waiting  int       // messages that it has yet to take; counted, not stored
}

// Wants reports whether a change of a channel concerns the hook.
func (h *Hook) Wants(dyad detente.Dyad, ch detente.Channel) bool {
	return !h.Off && (h.Dyad == detente.Dyad{} || h.Dyad == dyad) && (h.Channel == "" || h.Channel == ch)
}

// Delivery is a message that a hook has yet to take.
type Delivery struct {
	Key   int64 // its place in the queue
	Hook  int64
	ID    string // names the message: the same at every try
	Body  []byte
	Made  time.Time
	Tries int // that failed
}

// MaxWaiting is how many messages wait for one hook at most; of more, the
// oldest are given up.
const MaxWaiting = 10_000

// Stir says that reports of a dyad were added, replaced or taken away since
// its states were last told.
type Stir struct {
	Dyad detente.Dyad
	// Silent: there were reports before anybody looked at its states, and what
	// they give is no change.
	Silent bool
	Mark   int64 // differs where more was stirred meanwhile
}

// Telling is the states of a stirred dyad and what follows from them.
type Telling struct {
	Stir
	Was        map[detente.Channel]detente.State // as LastTold gave them; the changes are counted from these
	States     map[detente.Channel]detente.State // without those that are unknown
	Changes    []Change
	Deliveries []Delivery
}

// hooks is the part of a Store that tells others of changes of state.
type hooks interface {
	// Hooks lists the hooks in the order in which they were added.
	Hooks(ctx context.Context) ([]Hook, error)

	// AddHook stores a new hook and gives its id.
	AddHook(ctx context.Context, h Hook) (int64, error)

	// RemoveHook forgets a hook and what waits for it. The error is ErrNotFound
	// where it is not there.
	RemoveHook(ctx context.Context, id int64) error

	// Stirred lists dyads whose reports have changed since Tell, by name; at
	// most limit. What Commit has acknowledged is in it.
	Stirred(ctx context.Context, limit int) ([]Stir, error)

	// LastTold gives the states of a dyad as Tell last stored them.
	LastTold(ctx context.Context, dyad detente.Dyad) (map[detente.Channel]detente.State, error)

	// Tell stores the states of a dyad, the changes that led to them and the
	// messages about them: all or none. The dyad is stirred no longer, unless
	// its Mark has changed. It stores nothing and gives false where somebody
	// else has told of this stir, or of another since Was was read.
	Tell(ctx context.Context, t Telling) (bool, error)

	// Claim takes a hook for sending until a time, if its Next is not after
	// now, and reports whether it was taken: two processes never send to one
	// hook at once.
	Claim(ctx context.Context, id int64, now, until time.Time) (bool, error)

	// Waiting lists messages for a hook, those tried least first, then in the
	// order of the queue; at most limit.
	Waiting(ctx context.Context, id int64, limit int) ([]Delivery, error)

	// Tried stores what became of a try: the hook's Failures, Error, Next and
	// Off, and of the message, that it was taken, given up, or failed once
	// more. A hook that is Off loses all that waits for it.
	Tried(ctx context.Context, h Hook, d Delivery, end End) error
}

// End is what became of a try to deliver a message.
type End string

// Ends of a try.
const (
	Taken   End = "taken"
	Failed  End = "failed"
	GivenUp End = "given up"
)
