package ingest

import (
	"context"
	"testing"

	"detente/internal/store"
)

// stopping is a store in the middle of whose commit the program is asked to
// stop.
type stopping struct {
	store.Store
	stop func()
}

func (s *stopping) Commit(ctx context.Context, u store.Unit) (store.Outcome, error) {
	s.stop()
	return s.Store.Commit(ctx, u)
}

// Asked to stop, a poll finishes the article at hand, begins no other, and the
// next one goes on from there.
func TestPollFinishesTheArticleAtHand(t *testing.T) {
	outlet, st := newPaper(t), openStore(t)
	for _, name := range []string{"one", "two", "three"} {
		outlet.publish("/news/"+name, "Talks "+name, "The ministers of Norway and Iceland met for the talks "+name+" on Friday.")
	}
	addSource(t, st, outlet.URL+"/feed")
	ctx, stop := context.WithCancel(t.Context())
	p := newPolling(t, &stopping{st, stop})
	if _, err := p.Poll(ctx, onlySource(t, st)); err != context.Canceled {
		t.Errorf("the poll ends with %v", err)
	}
	if got := titles(t, st); got != "Talks one (1)" {
		t.Errorf("kept is %s", got)
	}
	if src := onlySource(t, st); !src.Read.IsZero() {
		t.Error("the source counts as read")
	}
	p = newPolling(t, st)
	if _, err := p.Poll(t.Context(), onlySource(t, st)); err != nil {
		t.Fatal(err)
	}
	if p.visits[0].Kept != 2 {
		t.Errorf("the next poll: %+v", p.visits[0])
	}
}
