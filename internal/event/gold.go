package event

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"detente"
	"detente/internal/actor"
	"detente/internal/nlp"
)

// Gold is a sentence with the one event that people coded in it, as the PLOVER
// gold sentences have it.
type Gold struct {
	ID        string            `json:"id"`
	Published detente.Date      `json:"published"`
	Text      string            `json:"text"`
	Event     detente.EventType `json:"event"`
	Sources   []GoldActor       `json:"sources"`
	Targets   []GoldActor       `json:"targets"`
}

// GoldActor is who a gold sentence names, in its words, and of which country.
type GoldActor struct {
	Text string        `json:"text"`
	Code detente.Party `json:"code"`
}

// ReadGold reads JSON lines of gold sentences.
func ReadGold(name string, r io.Reader) ([]Gold, error) {
	return readLines[Gold](name, r)
}

// readLines reads a JSON value from every line that is not empty.
func readLines[T any](name string, r io.Reader) ([]T, error) {
	var out []T
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 1<<20)
	for n := 1; sc.Scan(); n++ {
		if strings.TrimSpace(sc.Text()) == "" {
			continue
		}
		var x T
		if err := json.Unmarshal(sc.Bytes(), &x); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
		out = append(out, x)
	}
	if err := sc.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return out, nil
}

// Score counts events against gold sentences as ../shared/score/events.py does.
type Score struct {
	Sentences, Type, First      int
	Events, Right               int
	Sources, SourceRight        int
	Targets, TargetRight        int
	Triples, TripleRight        int
	GuessedEvents, GuessedRight int // by the classifier
}

// Add scores the events found in a gold sentence.
func (s *Score) Add(g *Gold, events []detente.Event) {
	src, dst := goldCodes(g.Sources), goldCodes(g.Targets)
	mutual := len(g.Sources) > 1 && len(dst) == 0
	if mutual {
		dst = src
	}
	s.Sentences++
	var any, source, target, triple bool
	for i, ev := range events {
		right := ev.Type == g.Event
		a, b := sideCodes(ev.Source), sideCodes(ev.Target)
		any = any || right
		s.Events++
		s.Right += one(right)
		s.First += one(right && i == 0)
		s.GuessedEvents += one(ev.By == detente.ByClassifier)
		s.GuessedRight += one(ev.By == detente.ByClassifier && right)
		source = source || meet(a, src)
		target = target || meet(b, dst) || mutual && meet(a, dst)
		if mutual {
			triple = triple || right && shared(append(slices.Clone(a), b...), src) >= min(2, len(src))
		} else {
			triple = triple || right && meet(a, src) && meet(b, dst)
		}
	}
	s.Type += one(any)
	if len(src) > 0 {
		s.Sources++
		s.SourceRight += one(source)
	}
	if len(dst) > 0 {
		s.Targets++
		s.TargetRight += one(target)
	}
	if len(src) > 0 && len(dst) > 0 {
		s.Triples++
		s.TripleRight += one(triple)
	}
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

func goldCodes(actors []GoldActor) []detente.Party {
	var out []detente.Party
	for _, a := range actors {
		if c := scored(a.Code); c != "" && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

func sideCodes(ps []detente.Participant) []detente.Party {
	var out []detente.Party
	for _, p := range ps {
		if c := scored(codeOf(p)); c != "" {
			out = append(out, c)
		}
	}
	return out
}

// scored gives the code by which gold sentences know a party: those of
// organisations of states are one.
func scored(p detente.Party) detente.Party {
	switch p {
	case "NATO", "UN", "EU", "APEC", "OPEC", "OSCE", "ASEAN", "AU", "IMF", "WTO", "IAEA", "ECOWAS", "G7", "G8", "G20":
		return "IGO"
	}
	if strings.HasPrefix(string(p), "IGO") {
		return "IGO"
	}
	return p
}

func meet(a, b []detente.Party) bool { return shared(a, b) > 0 }

func shared(a, b []detente.Party) (n int) {
	for _, p := range b {
		n += one(slices.Contains(a, p))
	}
	return n
}

// PhraseCode gives the party or country of whom the phrase over bytes start to
// end names.
func PhraseCode(doc *nlp.Doc, cast *actor.Cast, start, end int) detente.Party {
	r := under(doc, nlp.Range{Start: start, End: end})
	if r.empty() {
		return ""
	}
	return cast.Describe(doc, r.first, r.end).Code()
}

// SameCode reports codes that gold sentences do not tell apart.
func SameCode(a, b detente.Party) bool { return scored(a) == scored(b) }
