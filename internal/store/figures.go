package store

import (
	"context"
	"time"
)

// Figures are what an operator watches of a store.
type Figures struct {
	Articles int       // versions counted each
	Bytes    int64     // on disk
	Latest   time.Time // last reading of an article
	Sources  int
	Failing  int       // sources whose last try failed
	Due      time.Time // since when the source or page that has waited longest should have been asked; zero: there is none
	Pages    int       // still to be fetched
	Changes  int64     // lines of the log
}

type figures interface {
	// Figures counts what is stored.
	Figures(ctx context.Context) (Figures, error)
}
