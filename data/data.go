// Package data embeds the readable files that Detente runs on: word lists and
// the language model, actors, event rules, dialogue rules. It holds no logic.
package data

import "embed"

// FS holds lang/, actors/, events/ and dialogue/ as they stand beside this file.
//
//go:embed lang actors events dialogue
var FS embed.FS
