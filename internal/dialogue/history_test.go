package dialogue

import (
	"bufio"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"detente"
	"detente/data"
)

// TestHistories runs the scripts of testdata: dated acts and claims of a dyad
// and the boards that must come of them. A line is one of
//
//	dyad RUS-USA
//	DATE act contact|freeze|thaw CHANNEL [mode=M] [state=S] [fact=F] [by=PARTY]
//	DATE claim STATE CHANNEL by=PARTY
//	DATE deny aN by=PARTY          (the N-th act above)
//	DATE affirm aN by=PARTY
//	board DATE                     (then indented: CHANNEL STATE [last=DATE] [rule=R])
//	dispute CHANNEL FINDING        (indented, under a board; "no dispute": none at all)
func TestHistories(t *testing.T) {
	files, err := filepath.Glob("testdata/*.history")
	if err != nil || len(files) == 0 {
		t.Fatalf("no histories in testdata: %v", err)
	}
	rules, err := Load(data.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) { runHistory(t, rules, name) })
	}
}

type history struct {
	t     *testing.T
	rules *Rules
	dyad  detente.Dyad
	items []Item
	acts  []*detente.Act
	board Board
	at    string
}

func runHistory(t *testing.T, rules *Rules, name string) {
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	h := &history{t: t, rules: rules}
	sc := bufio.NewScanner(f)
	for sc.Scan() {
		line := sc.Text()
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] == "#" {
			continue
		}
		h.at = line
		h.line(fields)
	}
}

func (h *history) line(f []string) {
	switch f[0] {
	case "dyad":
		d, err := detente.ParseDyad(f[1])
		if err != nil {
			h.t.Fatal(err)
		}
		h.dyad, h.items, h.acts = d, nil, nil
	case "board":
		h.board = h.rules.Fold(h.dyad, h.items, detente.Date(f[1]))
		reversed := slices.Clone(h.items)
		slices.Reverse(reversed)
		if again := h.rules.Fold(h.dyad, reversed, detente.Date(f[1])); !sameBoard(h.board, again) {
			h.t.Errorf("%q: the order of items changes the board", h.at)
		}
	case "dispute":
		i := slices.IndexFunc(h.board.Disputes, func(d detente.Dispute) bool { return string(d.Channel) == f[1] })
		if i < 0 || string(h.board.Disputes[i].Finding) != f[2] {
			h.t.Errorf("%q: got %+v", h.at, h.board.Disputes)
		}
	case "no":
		if len(h.board.Disputes) > 0 {
			h.t.Errorf("%q: got %+v", h.at, h.board.Disputes)
		}
	default:
		if detente.Date(f[0]) != "" && f[0][0] >= '0' && f[0][0] <= '9' {
			h.item(f)
			return
		}
		h.state(f)
	}
}

func options(f []string) map[string]string {
	o := map[string]string{}
	for _, x := range f {
		if k, v, ok := strings.Cut(x, "="); ok {
			o[k] = v
		}
	}
	return o
}

func (h *history) item(f []string) {
	o := options(f)
	day := detente.Date(f[0])
	speaker := detente.Speaker{Name: o["by"], Party: detente.Party(o["by"])}
	st := detente.StatementID("")
	if o["by"] != "" {
		st = detente.StatementID(detente.Numbered("s", len(h.items)+1))
	}
	it := Item{Published: day, Speaker: speaker}
	if o["by"] != "" {
		it.SaidOn = day
	}
	claim := detente.Claim{ID: detente.ClaimID(detente.Numbered("c", len(h.items)+1)), Statement: st, Dyad: h.dyad, Sentence: len(h.items)}
	switch f[1] {
	case "act":
		a := &detente.Act{ID: detente.ActID(detente.Numbered("a", len(h.acts)+1)), Kind: detente.ActKind(f[2]), Dyad: h.dyad,
			Channel: detente.Channel(f[3]), Mode: o["mode"], Date: day, Factuality: detente.Happened, State: detente.State(o["state"]), Statement: st}
		if o["fact"] != "" {
			a.Factuality = detente.Factuality(o["fact"])
		}
		h.acts = append(h.acts, a)
		it.ID, it.Act = string(a.ID), a
	case "claim":
		claim.State, claim.Channel = detente.State(f[2]), detente.Channel(f[3])
		it.ID, it.Claim = string(claim.ID), &claim
	case "deny", "affirm":
		i := slices.IndexFunc(h.acts, func(a *detente.Act) bool { return string(a.ID) == f[2] })
		if i < 0 {
			h.t.Fatalf("%q: no act %s above", h.at, f[2])
		}
		claim.Act, claim.Channel, claim.Denies = h.acts[i].ID, h.acts[i].Channel, f[1] == "deny"
		it.ID, it.Claim = string(claim.ID), &claim
	default:
		h.t.Fatalf("%q: no such line", h.at)
	}
	h.items = append(h.items, it)
}

func (h *history) state(f []string) {
	o := options(f)
	i := slices.IndexFunc(h.board.Channels, func(c detente.ChannelState) bool { return string(c.Channel) == f[0] })
	if i < 0 {
		h.t.Fatalf("%q: no channel %s on the board", h.at, f[0])
	}
	c := h.board.Channels[i]
	if string(c.State) != f[1] || o["last"] != "" && string(c.LastContact) != o["last"] || o["rule"] != "" && c.Rule != o["rule"] {
		h.t.Errorf("%q: got %+v", h.at, c)
	}
}

func sameBoard(a, b Board) bool {
	if len(a.Channels) != len(b.Channels) || len(a.Disputes) != len(b.Disputes) {
		return false
	}
	for i := range a.Channels {
		if a.Channels[i].State != b.Channels[i].State || a.Channels[i].Rule != b.Channels[i].Rule {
			return false
		}
	}
	return true
}
