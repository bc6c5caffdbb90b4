package web

import (
	"fmt"
	"net/http"
	"strings"

	"detente"
	"detente/eval"
)

// measured is a figure of how often the program is right.
type measured struct {
	What, On          string // what was measured, and on what
	Figure, Low, High string // in percent; Low and High are empty where no interval was counted
	N                 string // of how many; empty: not counted
}

// figures reads the table of what was measured for this release.
func figures(table string) ([]measured, error) {
	lines := strings.Split(strings.TrimSuffix(table, "\n"), "\n")
	at := map[string]int{}
	for i, name := range strings.Split(lines[0], "\t") {
		at[name] = i
	}
	var out []measured
	for n, line := range lines[1:] {
		cells := strings.Split(line, "\t")
		if len(cells) != len(at) {
			return nil, fmt.Errorf("eval/measured.tsv:%d: %d cells for %d columns", n+2, len(cells), len(at))
		}
		cell := func(name string) string { return cells[at[name]] }
		out = append(out, measured{cell("what"), cell("on"), cell("figure"), cell("low"), cell("high"), cell("n")})
	}
	return out, nil
}

// meaning is a word of the codebook and what it stands for.
type meaning struct {
	Word, Means string
}

var stateMeanings = []meaning{
	{string(detente.Open), "The last act on it was a contact, or a thaw that took effect."},
	{string(detente.Minimal), "Reduced, but not stopped."},
	{string(detente.Frozen), "Suspended, unanswered, cancelled, recalled or expelled."},
	{string(detente.Severed), "Relations or a line formally cut."},
	{string(detente.Disputed), "Parties say opposite things about it, or one says what the record contradicts."},
	{string(detente.Unknown), "Nothing was reported. Silence is never shown as frozen."},
}

var factualityMeanings = []meaning{
	{string(detente.Happened), "Told as done. Only this is the record."},
	{string(detente.Planned), "Told as going to be done."},
	{string(detente.CalledFor), "Somebody wants it done."},
	{string(detente.Alleged), "One side says that the other did it."},
	{string(detente.DeniedHappened), "Told as not done."},
}

var findingMeanings = []meaning{
	{findings[detente.RecordContradicts], "An act on record, told by somebody else than the claimant, does not fit the claim."},
	{findings[detente.RecordSupports], "One that does."},
	{findings[detente.WordAgainstWord], "Only statements on both sides."},
	{findings[detente.Settled], "The claimant, or both, said so later."},
}

type methodPage struct {
	frame
	States, Factualities, Findings []meaning
	Figures                        []measured
}

func (s *server) methodPage(r *http.Request) (any, error) {
	asOf, err := asOfOf(r)
	if err != nil {
		return nil, err
	}
	p := &methodPage{frame: s.frame(r, asOf, "Data and method"), States: stateMeanings, Factualities: factualityMeanings, Findings: findingMeanings}
	p.Figures, err = figures(eval.Measured)
	return p, err
}
