package ingest

import (
	"context"
	"slices"
	"strings"

	"detente"
	"detente/internal/store"
)

// Difference is what two runs of one store tell differently.
type Difference struct {
	Totals [2]Totals          `json:"totals"` // of the one run and the other
	Dyads  []DyadDifference   `json:"dyads"`  // those that differ, by name
	Sample []SampleDifference `json:"sample"` // sentences that are read differently, a few of each dyad
}

// Totals counts what a run holds, between parties.
type Totals struct {
	Dyads   int `json:"dyads"`
	Reports int `json:"reports"`
	Acts    int `json:"acts"`
	Claims  int `json:"claims"`
	Events  int `json:"events"`
}

// DyadDifference is a dyad with another count or another state.
type DyadDifference struct {
	Dyad     detente.Dyad        `json:"dyad"`
	Reports  [2]int              `json:"reports"`
	Channels []ChannelDifference `json:"channels"`
}

// ChannelDifference is a channel with another state.
type ChannelDifference struct {
	Channel detente.Channel  `json:"channel"`
	States  [2]detente.State `json:"states"`
}

// SampleDifference is a sentence of which one run tells what the other does not.
type SampleDifference struct {
	Dyad     detente.Dyad `json:"dyad"`
	Article  string       `json:"article"`
	Sentence string       `json:"sentence"`
	Only     int          `json:"only"` // 0: in the one run, 1: in the other
	Told     string       `json:"told"`
}

// Bounds of what is compared sentence by sentence.
const (
	sampleReports = 100 // the latest of a dyad, in either run
	samplesEach   = 3   // of a dyad
	samplesMost   = 30
)

// everyDyad is a limit that no list of dyads comes to.
const everyDyad = 1 << 30

// Differ compares two runs, by their series as of now.
func Differ(ctx context.Context, runs [2]store.Store) (Difference, error) {
	d := Difference{Dyads: []DyadDifference{}, Sample: []SampleDifference{}}
	boards := map[detente.Dyad]*[2]store.Board{}
	for i, run := range runs {
		list, _, err := run.Boards(ctx, nil, "", everyDyad)
		if err != nil {
			return d, err
		}
		for _, b := range list {
			if boards[b.Dyad] == nil {
				boards[b.Dyad] = &[2]store.Board{}
			}
			boards[b.Dyad][i] = b
			if err := d.Totals[i].add(ctx, run, b); err != nil {
				return d, err
			}
		}
	}
	for dyad, pair := range boards {
		diff := DyadDifference{Dyad: dyad, Reports: [2]int{pair[0].Reports, pair[1].Reports}, Channels: otherStates(pair)}
		if diff.Reports[0] != diff.Reports[1] || len(diff.Channels) > 0 {
			d.Dyads = append(d.Dyads, diff)
		}
	}
	slices.SortFunc(d.Dyads, func(a, b DyadDifference) int { return slices.Compare(a.Dyad[:], b.Dyad[:]) })
	for _, diff := range d.Dyads {
		if len(d.Sample) >= samplesMost {
			break
		}
		found, err := sample(ctx, runs, diff.Dyad)
		if err != nil {
			return d, err
		}
		d.Sample = append(d.Sample, found...)
	}
	return d, nil
}

func (t *Totals) add(ctx context.Context, run store.Store, b store.Board) error {
	months, err := run.Months(ctx, b.Dyad, "")
	t.Dyads++
	t.Reports += b.Reports
	for _, m := range months {
		t.Acts += m.Acts
		t.Claims += m.Claims
		for _, e := range m.Events {
			t.Events += e.Count
		}
	}
	return err
}

// otherStates lists the channels in another state, in board order.
func otherStates(pair *[2]store.Board) []ChannelDifference {
	out := []ChannelDifference{}
	for _, ch := range detente.Channels {
		c := ChannelDifference{Channel: ch, States: [2]detente.State{detente.Unknown, detente.Unknown}}
		for i := range pair {
			for _, is := range pair[i].Channels {
				if is.Channel == ch {
					c.States[i] = is.State
				}
			}
		}
		if c.States[0] != c.States[1] {
			out = append(out, c)
		}
	}
	return out
}

// sample finds sentences of a dyad that are read differently.
func sample(ctx context.Context, runs [2]store.Store, dyad detente.Dyad) ([]SampleDifference, error) {
	var told [2][]SampleDifference
	for i, run := range runs {
		reports, err := run.Recent(ctx, dyad, "", store.Place{}, sampleReports)
		if err != nil {
			return nil, err
		}
		for _, rep := range reports {
			told[i] = append(told[i], tells(&rep, dyad, i)...)
		}
	}
	var out []SampleDifference
	for i := range told {
		for _, s := range told[i] {
			other := s
			other.Only = 1 - i
			if len(out) < samplesEach && !slices.Contains(told[1-i], other) {
				out = append(out, s)
			}
		}
	}
	return out, nil
}

// tells lists what a report says, in words, with its sentences.
func tells(rep *store.Report, dyad detente.Dyad, run int) []SampleDifference {
	var out []SampleDifference
	add := func(sentence int, words ...string) {
		words = slices.DeleteFunc(words, func(w string) bool { return w == "" })
		out = append(out, SampleDifference{dyad, rep.ID, rep.Sentences[sentence].Text, run, strings.Join(words, " ")})
	}
	for _, a := range rep.Acts {
		add(a.Sentence, string(a.Channel)+":", string(a.Kind), a.Mode, string(a.State), string(a.Date), string(a.Factuality))
	}
	for _, c := range rep.Claims {
		switch {
		case c.Act != "" && c.Denies:
			add(c.Sentence, string(c.Channel)+":", "a denial of an act")
		case c.Act != "":
			add(c.Sentence, string(c.Channel)+":", "a claim that an act happened")
		default:
			add(c.Sentence, string(c.Channel)+":", "claimed", string(c.State), c.Scope)
		}
	}
	return out
}
