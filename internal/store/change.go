package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"detente"
)

// Change is a line of the log: something in the record is other than before.
// Lines are added and never changed or taken away.
type Change struct {
	ID    int64     `json:"id"`   // place in the log, given by Log
	At    time.Time `json:"date"` // UTC, whole seconds
	Item  string    `json:"item"` // an article's id, ARTICLE#c1, or DYAD/channel
	Field string    `json:"field"`
	Old   string    `json:"old"`
	New   string    `json:"new"`
	// Trigger is what brought it about.
	Trigger Trigger  `json:"trigger"`
	Sources []string `json:"sources"` // what it rests on: ARTICLE#a1
	Version string   `json:"version"` // of program, model and rules

	// Of reviews alone:
	By      string  `json:"by,omitempty"` // who reviewed
	Verdict Verdict `json:"verdict,omitempty"`
	Reason  string  `json:"reason,omitempty"`
	// TextHash is the SHA-256 of the text that the reviewed item stands in.
	TextHash string `json:"text_sha256,omitempty"`
}

// Trigger is what brings a change about.
type Trigger string

// Triggers of changes.
const (
	ByReading  Trigger = "reading"  // articles were read, and a channel's state is another
	ByRecoding Trigger = "recoding" // other models or rules read the same text anew
	ByText     Trigger = "text"     // another text was read under the same id
	ByRun      Trigger = "run"      // another run was activated
	ByReview   Trigger = "review"   // a person looked at it
)

// Triggers are all of them.
var Triggers = []Trigger{ByReading, ByRecoding, ByText, ByRun, ByReview}

// Verdict is what a person who reviews says of what the program found. The
// codebook allows these, and none about who is truthful.
type Verdict string

// Verdicts of the codebook.
const (
	Confirmed Verdict = "confirmed"
	Corrected Verdict = "corrected"
	Rejected  Verdict = "rejected"
)

// ChangeQuery is what Changes looks for; empty fields ask nothing.
type ChangeQuery struct {
	Article string // the article's own changes, and those of what stands in it
	Item    string
	Trigger Trigger
	AsOf    detente.Date // at the latest on this day (UTC)
	Before  int64        // with an id below this one, to go on from there
	Limit   int          // 0 means DefaultLimit
}

// log is the part of a Store that keeps what was changed.
type log interface {
	// Log adds a line and gives its id. What Commit and Tell change is added by
	// them.
	Log(ctx context.Context, c Change) (int64, error)

	// Changes finds lines, the latest first.
	Changes(ctx context.Context, q ChangeQuery) ([]Change, error)
}

// Check refuses a line that says nothing or cannot be read back.
func (c *Change) Check() error {
	switch {
	case c.Item == "" || c.Field == "" || c.At.IsZero():
		return errors.New("a change without an item, a field and a time cannot be stored")
	case c.Trigger == ByReview && (c.By == "" || c.Verdict == ""):
		return errors.New("a review needs a verdict and the name of who reviewed")
	case c.Trigger != ByReview && (c.By != "" || c.Verdict != ""):
		return fmt.Errorf("a change by %s is no review, and has neither a verdict nor a reviewer", c.Trigger)
	}
	return nil
}

// VersionLine words what made a record.
func VersionLine(v detente.Versions) string {
	return strings.Join([]string{"program " + cmp.Or(v.Program, "unknown"), "model " + cmp.Or(v.Model, "unknown"), "rules " + cmp.Or(v.Rules, "unknown")}, ", ")
}

// TextHash gives the SHA-256 of a text, in which spans count.
func TextHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// ChannelItem names a dyad's channel in the log: "RUS-USA/leaders".
func ChannelItem(dyad detente.Dyad, ch detente.Channel) string {
	return dyad.String() + "/" + string(ch)
}
