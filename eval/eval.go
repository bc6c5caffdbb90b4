// Package eval holds what was measured: files, no logic. measured.tsv is shown on
// the page of data and method; floors.txt is what no change may lower.
package eval

import _ "embed"

// Measured are the figures of the release: a table whose columns its first
// line names, kept true by TestSlowMeasured of cmd/detente.
//
//go:embed measured.tsv
var Measured string
