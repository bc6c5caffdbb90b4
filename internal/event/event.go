// Package event codes PLOVER events and claims about channels from the tree.
package event

import (
	"detente"
	"detente/internal/actor"
	"detente/internal/nlp"
)

// Code gives the events and the claims about channels that doc tells, in text order.
func Code(doc *nlp.Doc, cast *actor.Cast, sts []detente.Statement, published detente.Date) ([]detente.Event, []detente.Claim) {
	return nil, nil
}
