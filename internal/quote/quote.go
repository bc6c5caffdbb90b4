// Package quote finds statements: who said what, through whom.
//
// The method. A text is laid out once as a view: words as hashes, the tree, the
// quotation marks (marks.go, view.go). A first tagger, a linear-chain
// conditional random field over the words of a paragraph, marks the outermost
// attributions all at once (cue.go). A second one reads the paragraph again for
// every cue that the first found, with the way through the tree from that cue
// to each word, and marks the cue's own source and content (arg.go). Both were
// learned from the train part of PolNeAR (learn.go); what the first says is
// evidence for the second. All have what the hearer says beside it, a small
// network that shares the language network's tables (hear.go). A third tagger
// keeps or drops what was found (pick.go). Rules over the tree add what PolNeAR
// does not mark, statements inside statements, and what is too plain to miss
// (tree.go).
//
// Then each statement gets what the codebook asks of it: links of the chain of
// reporting (via.go), the speaker (speaker.go), the day, stance and the parties
// that it is about (stance.go).
//
// Every step looks at each word a bounded number of times, so time is linear in
// the length of a text. Nothing depends on the order of a map.
package quote
