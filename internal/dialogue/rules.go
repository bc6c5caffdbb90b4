package dialogue

import (
	"bufio"
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"detente"
)

// Rules is what the files of data/dialogue say; read-only.
type Rules struct {
	offices     map[string]office
	transitions []transition
	version     string
}

// office is a row of offices.tsv: the channel on which an office talks, and
// its level. Where two offices meet, the lower level gives the channel.
type office struct {
	channel detente.Channel
	level   int
}

// transition is a row of transitions.tsv: the state that an act leaves.
type transition struct {
	id    string
	kind  detente.ActKind
	state detente.State // the act's own state, if it has one
	to    detente.State
}

// Load reads dialogue/offices.tsv and dialogue/transitions.tsv.
func Load(fsys fs.FS) (*Rules, error) {
	r := &Rules{offices: map[string]office{}}
	var rows []string
	err := readTable(fsys, "dialogue/offices.tsv", 3, func(f []string) error {
		rows = append(rows, strings.Join(f, "\t"))
		level, err := strconv.Atoi(f[2])
		if err != nil {
			return fmt.Errorf("level %q is no number", f[2])
		}
		ch := detente.Channel(f[1])
		if !slices.Contains(detente.Channels, ch) {
			return fmt.Errorf("no channel %q in the codebook", f[1])
		}
		r.offices[f[0]] = office{ch, level}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = readTable(fsys, "dialogue/transitions.tsv", 4, func(f []string) error {
		rows = append(rows, strings.Join(f, "\t"))
		r.transitions = append(r.transitions, transition{f[0], detente.ActKind(f[1]), detente.State(strings.Trim(f[2], "-")), detente.State(f[3])})
		return nil
	})
	r.version = versionOf(rows)
	return r, err
}

// readTable gives the tab-separated rows of a file; "#" starts a comment line.
func readTable(fsys fs.FS, name string, columns int, row func([]string) error) error {
	f, err := fsys.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	for n := 1; sc.Scan(); n++ {
		line := strings.TrimRight(sc.Text(), " ")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cols := strings.Split(line, "\t")
		if len(cols) != columns {
			return fmt.Errorf("%s:%d:1: %d columns, not %d; separate them by one tab", name, n, len(cols), columns)
		}
		if err := row(cols); err != nil {
			return fmt.Errorf("%s:%d:1: %w", name, n, err)
		}
	}
	return sc.Err()
}

// transition gives the row for an act that took effect: it happened, or it is
// a freeze that was announced as decided. ok is false for other acts.
func (r *Rules) transition(a *detente.Act) (tr transition, ok bool) {
	kind := a.Kind
	switch {
	case a.Factuality == detente.Happened:
	case a.Factuality == detente.Planned && a.Announced && a.Kind == detente.Freeze:
		kind = "freeze-announced"
	default:
		return transition{}, false
	}
	for _, t := range r.transitions {
		if t.kind == kind && t.state == a.State {
			return t, true
		}
	}
	return transition{}, false
}

// acts makes the acts of the events that are acts: one for each pair of
// parties and channel. Repeated tellings of one act become one.
func (r *Rules) acts(events []detente.Event) []detente.Act {
	out := []detente.Act{}
	for i := range events {
		ev := &events[i]
		if ev.Act == "" {
			continue
		}
		mode := ev.Mode
		if mode == detente.ThirdParty { // where they met is no way of contact
			mode = "meeting"
		}
		for _, p := range pairs(ev) {
			for _, ch := range r.channels(ev, p) {
				a := detente.Act{Kind: ev.Act, Dyad: detente.NewDyad(p[0], p[1]), Channel: ch, Mode: mode, Date: ev.Date,
					Factuality: ev.Factuality, Announced: ev.Announced, Reported: ev.Reported, Event: ev.ID, Sentence: ev.Sentence, State: ev.State, Statement: ev.Statement}
				if len(ev.Trigger) > 0 {
					a.Span = ev.Trigger[0]
				}
				out = merge(out, a)
			}
		}
	}
	out = dropVague(out)
	for i := range out {
		out[i].ID = detente.ActID(detente.Numbered("a", i+1))
	}
	return out
}

// pairs gives the pairs of parties that an event joins: each source with each
// target, or, where all stand on one side, each with each.
func pairs(ev *detente.Event) [][2]detente.Party {
	src, dst := sideParties(ev.Source), sideParties(ev.Target)
	var out [][2]detente.Party
	add := func(a, b detente.Party) {
		if a != b && !slices.Contains(out, [2]detente.Party{a, b}) && !slices.Contains(out, [2]detente.Party{b, a}) {
			out = append(out, [2]detente.Party{a, b})
		}
	}
	for _, a := range src {
		for _, b := range dst {
			add(a, b)
		}
	}
	if len(ev.Target) == 0 { // two who write to a third, or visit him, have not met for it
		for i, a := range src {
			for _, b := range src[i+1:] {
				add(a, b)
			}
		}
	}
	return out
}

func sideParties(ps []detente.Participant) []detente.Party {
	var out []detente.Party
	for _, p := range ps {
		if p.Party != "" && official(p.Sectors) && !slices.Contains(out, p.Party) {
			out = append(out, p.Party)
		}
	}
	return out
}

// official reports sectors that may act for a party: none said, or one of
// government. Rebels, companies and crowds do not talk for a state.
func official(sectors []string) bool {
	return len(sectors) == 0 || slices.ContainsFunc(sectors, func(s string) bool {
		switch s {
		case "GOV", "MIL", "LEG", "JUD", "COP", "SPY", "IGO", "ELI", "UAF":
			return true
		}
		return false
	})
}

// channels gives the channels of an act: those that the event's words name,
// else by the offices of the two sides, else the relation as a whole.
func (r *Rules) channels(ev *detente.Event, pair [2]detente.Party) []detente.Channel {
	if len(ev.Channels) > 0 {
		return ev.Channels
	}
	a, b := r.officesOf(ev, pair[0]), r.officesOf(ev, pair[1])
	var out []detente.Channel
	for _, x := range a {
		if slices.Contains(b, x) && !slices.Contains(out, x.channel) {
			out = append(out, x.channel)
		}
	}
	if len(out) > 0 {
		return out
	}
	both := append(slices.Clone(a), b...)
	if len(both) == 0 {
		return []detente.Channel{detente.ChannelAll}
	}
	low := slices.MinFunc(both, func(x, y office) int { return x.level - y.level })
	return []detente.Channel{low.channel}
}

func (r *Rules) officesOf(ev *detente.Event, p detente.Party) []office {
	var out []office
	for _, x := range append(slices.Clone(ev.Source), ev.Target...) {
		name := x.Office
		if slices.Contains(x.Sectors, "IGO") && slices.Contains(x.Sectors, "BUS") { // whoever speaks for a bank of states speaks of money
			name = "economy"
		}
		if o, ok := r.offices[name]; ok && x.Party == p && !slices.Contains(out, o) {
			out = append(out, o)
		}
	}
	return out
}

// merge adds an act unless it is told already; the fuller telling wins.
func merge(acts []detente.Act, a detente.Act) []detente.Act {
	for i := range acts {
		b := &acts[i]
		if b.Kind != a.Kind || b.Dyad != a.Dyad || b.Channel != a.Channel || b.Factuality != a.Factuality || b.State != a.State {
			continue
		}
		if b.Date != a.Date && b.Date != "" && a.Date != "" {
			continue
		}
		if b.Mode != a.Mode && b.Mode != "" && a.Mode != "" && b.Mode != "talks" && a.Mode != "talks" && b.Mode != "meeting" && a.Mode != "meeting" {
			continue
		}
		if (b.Statement == "") != (a.Statement == "") && a.Factuality != detente.Happened {
			continue // who alleges matters
		}
		if b.Mode == "" || b.Mode == "talks" {
			b.Mode = cmp.Or(a.Mode, b.Mode)
		}
		if b.Date == "" {
			b.Date = a.Date
		}
		return acts
	}
	return append(acts, a)
}

// dropVague leaves out an act on the whole relation where the same act is told
// of a channel too ("Russian and U.S. officials talk" above "the ministers
// spoke by phone").
func dropVague(acts []detente.Act) []detente.Act {
	return slices.DeleteFunc(slices.Clone(acts), func(a detente.Act) bool {
		return a.Channel == detente.ChannelAll && a.Kind == detente.Contact && slices.ContainsFunc(acts, func(b detente.Act) bool {
			return b.Channel != detente.ChannelAll && b.Kind == a.Kind && b.Dyad == a.Dyad && b.Date == a.Date && b.Factuality == a.Factuality
		})
	})
}
