// Package quote finds statements: who said what, through whom.
package quote

import (
	"detente"
	"detente/internal/actor"
	"detente/internal/nlp"
)

// Find gives the statements of an analysed article in text order, ids s1, s2 ….
func Find(doc *nlp.Doc, cast *actor.Cast, published detente.Date) []detente.Statement { return nil }
