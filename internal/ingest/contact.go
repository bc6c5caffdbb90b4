package ingest

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"detente"
)

// ContactGold is a sentence or short dispatch with all the acts that it tells.
type ContactGold struct {
	Line int // of the gold file
	Text string
	Acts []ActCheck
}

// ContactDay is the day on which the texts of the contact gold were published.
const ContactDay detente.Date = "2023-06-14"

// ReadContactGold reads a gold file of contacts: text, a tab, and the acts,
// parted by ";", each as "KIND DYAD CHANNEL MODE FACTUALITY [DATE]"; "-" is no
// act, and a bar parts answers that are all right.
func ReadContactGold(name string, r io.Reader) ([]ContactGold, error) {
	var out []ContactGold
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 1<<20)
	for n := 1; sc.Scan(); n++ {
		if sc.Text() == "" || strings.HasPrefix(sc.Text(), "#") {
			continue
		}
		text, acts, ok := strings.Cut(sc.Text(), "\t")
		if !ok {
			return nil, fmt.Errorf("%s:%d: no tab; write the text, a tab, and its acts or -", name, n)
		}
		g := ContactGold{Line: n, Text: text}
		for _, a := range strings.Split(acts, ";") {
			if a = strings.TrimSpace(a); a == "-" {
				continue
			}
			check, err := parseAct(a)
			if err != nil {
				return nil, fmt.Errorf("%s:%d: %w", name, n, err)
			}
			g.Acts = append(g.Acts, check)
		}
		out = append(out, g)
	}
	if err := sc.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return out, nil
}

// parseAct reads "KIND DYAD CHANNEL MODE FACTUALITY [DATE]". Of several kinds
// the first is kept.
func parseAct(s string) (ActCheck, error) {
	f := strings.Fields(s)
	if len(f) < 5 || len(f) > 6 {
		return ActCheck{}, fmt.Errorf("act %q has %d words; it needs kind, dyad, channel, mode, factuality and perhaps a day", s, len(f))
	}
	a, b, ok := strings.Cut(f[1], "-")
	if !ok {
		return ActCheck{}, fmt.Errorf("dyad %q has no hyphen; write two parties as CHL-PER", f[1])
	}
	kind, _, _ := strings.Cut(f[0], "|")
	c := ActCheck{Kind: detente.ActKind(kind), Dyad: detente.NewDyad(detente.Party(a), detente.Party(b))}
	for _, ch := range strings.Split(f[2], "|") {
		c.Channel = append(c.Channel, detente.Channel(ch))
	}
	if f[3] != "-" {
		c.Mode = strings.Split(f[3], "|")
	}
	for _, x := range strings.Split(f[4], "|") {
		c.Factuality = append(c.Factuality, detente.Factuality(x))
	}
	if len(f) == 6 {
		c.Date = f[5]
	}
	return c, nil
}

// Hits counts what was found against what is there.
type Hits struct {
	Found, Right int // contacts that a record has as happened; those of them that did
	Gold, Met    int // contacts that happened; those of them that a record has
}

// ContactScore counts contacts that happened: of all dyads and channels, by
// channel, and with the channel left out of the comparison.
type ContactScore struct {
	Texts      int
	All        Hits
	ByDyad     Hits
	Channel    map[detente.Channel]*Hits
	FalseTexts int // texts with a contact between two who had none
}

// A ContactMiss is a contact found that is none, or one not found.
type ContactMiss struct {
	Line  int
	False bool // found and not there, else there and not found
	Act   string
	Rule  string
}

// Add scores the acts of a text, and gives what is wrong.
func (s *ContactScore) Add(g *ContactGold, rec *detente.Record) (misses []ContactMiss) {
	if s.Channel == nil {
		s.Channel = map[detente.Channel]*Hits{}
	}
	s.Texts++
	found := slices.DeleteFunc(slices.Clone(rec.Acts), func(a detente.Act) bool { return !isContact(a.Kind, a.Factuality) })
	falsely := false
	for _, a := range found {
		fits := func(c ActCheck) bool { return fitsContact(c, a) && slices.Contains(c.Channel, a.Channel) }
		right, dyad := slices.ContainsFunc(g.Acts, fits), slices.ContainsFunc(g.Acts, func(c ActCheck) bool { return fitsContact(c, a) })
		for _, h := range []*Hits{&s.All, s.channel(a.Channel)} {
			h.Found, h.Right = h.Found+1, h.Right+one(right)
		}
		s.ByDyad.Found, s.ByDyad.Right = s.ByDyad.Found+1, s.ByDyad.Right+one(dyad)
		falsely = falsely || !dyad
		if !right {
			misses = append(misses, ContactMiss{g.Line, true, fmt.Sprintf("%s %s %s %s", a.Dyad, a.Channel, a.Mode, a.Date), ruleOf(rec, a.Event)})
		}
	}
	s.FalseTexts += one(falsely)
	for _, c := range g.Acts {
		if c.Kind != detente.Contact || len(c.Factuality) != 1 || c.Factuality[0] != detente.Happened {
			continue
		}
		met := slices.ContainsFunc(found, func(a detente.Act) bool { return fitsContact(c, a) && slices.Contains(c.Channel, a.Channel) })
		dyad := slices.ContainsFunc(found, func(a detente.Act) bool { return fitsContact(c, a) })
		for _, h := range []*Hits{&s.All, s.channel(c.Channel[0])} {
			h.Gold, h.Met = h.Gold+1, h.Met+one(met)
		}
		s.ByDyad.Gold, s.ByDyad.Met = s.ByDyad.Gold+1, s.ByDyad.Met+one(dyad)
		if !met {
			misses = append(misses, ContactMiss{g.Line, false, fmt.Sprintf("%s %s %s %s", c.Dyad, c.Channel[0], strings.Join(c.Mode, "|"), c.Date), ""})
		}
	}
	return misses
}

func (s *ContactScore) channel(ch detente.Channel) *Hits {
	if s.Channel[ch] == nil {
		s.Channel[ch] = &Hits{}
	}
	return s.Channel[ch]
}

// isContact reports a contact that happened.
func isContact(kind detente.ActKind, f detente.Factuality) bool {
	return kind == detente.Contact && f == detente.Happened
}

// fitsContact compares all but the channel: the day of one may be told more
// exactly than that of the other.
func fitsContact(c ActCheck, a detente.Act) bool {
	return c.Kind == detente.Contact && slices.Contains(c.Factuality, detente.Happened) && c.Dyad == a.Dyad &&
		(strings.HasPrefix(string(a.Date), c.Date) || strings.HasPrefix(c.Date, string(a.Date)))
}

func ruleOf(rec *detente.Record, id detente.EventID) string {
	for i := range rec.Events {
		if rec.Events[i].ID == id {
			return rec.Events[i].Rule
		}
	}
	return ""
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}
