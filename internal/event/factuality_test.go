package event

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"detente"
	"detente/internal/nlp"
)

// factualityCase is a row of testdata/factuality-*.tsv: a sentence, the event
// it tells (type "-": none), its parties, trigger and factuality.
type factualityCase struct {
	line                       int
	text, kind, source, target string
	trigger, factuality        string
}

func readFactuality(t testing.TB, name string) []factualityCase {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []factualityCase
	sc := bufio.NewScanner(f)
	for n := 1; sc.Scan(); n++ {
		cols := strings.Split(sc.Text(), "\t")
		if strings.HasPrefix(sc.Text(), "#") || len(cols) != 6 || cols[0] == "sentence" {
			continue
		}
		out = append(out, factualityCase{n, cols[0], cols[1], cols[2], cols[3], cols[4], cols[5]})
	}
	return out
}

// factualityFloors are, of each set, the events that must be found and those whose
// factuality must be right; of happened contacts on the test half, contactFloor is
// the share that must be true.
var factualityFloors = map[string]struct{ found, right int }{
	"dev": {138, 135}, "dev2": {133, 131}, "dev3": {158, 156}, "dev4": {76, 72}, "test": {116, 107},
}

const contactFloor = 0.90

// TestFactuality scores our own gold. An event counts as found where it stands on
// the trigger; its factuality, and its type, are then right or wrong. A happened
// contact is a false one where the gold has none that happened.
func TestFactuality(t *testing.T) {
	room := newRoom(t)
	for _, half := range []string{"dev", "dev2", "dev3", "dev4", "test"} {
		t.Run(half, func(t *testing.T) {
			cases := readFactuality(t, "testdata/factuality-"+half+".tsv")
			log := func(string, ...any) {}
			if half != "test" { // its sentences are for nobody to read
				log = t.Logf
			}
			var found, right, typed, want, contacts, trueContacts int
			for _, c := range cases {
				events := room.read(c.text, "2023-06-14")
				for _, e := range events {
					if e.Act != detente.Contact || e.Factuality != detente.Happened {
						continue
					}
					contacts++
					if strings.Contains(c.factuality, "happened") && c.kind != "-" {
						trueContacts++
					} else {
						log("FALSE CONTACT %d: %s [%s]", c.line, c.text, e.Rule)
					}
				}
				if c.kind == "-" {
					if len(events) > 0 {
						log("FALSE %d: %s [%s]", c.line, c.text, toldString(events))
					}
					continue
				}
				want++
				i := slices.IndexFunc(events, func(e detente.Event) bool { return onTrigger(e, c) })
				if i < 0 {
					log("MISSED %d: %s [want %s on %s; got %s]", c.line, c.text, c.kind, c.trigger, toldString(events))
					continue
				}
				found++
				if ofKind(events[i], c) {
					typed++
				} else {
					log("TYPE %d: %s [want %s, got %s %s]", c.line, c.text, c.kind, events[i].Type, events[i].Rule)
				}
				if slices.Contains(strings.Split(c.factuality, "|"), string(events[i].Factuality)) {
					right++
				} else {
					log("WRONG %d: %s [want %s, got %s %s]", c.line, c.text, c.factuality, events[i].Factuality, events[i].Rule)
				}
			}
			t.Logf("%s: found %d of %d, factuality right %d and type right %d of %d found; happened contacts right %d of %d", half, found, want, right, typed, found, trueContacts, contacts)
			if floor := factualityFloors[half]; found < floor.found || right < floor.right {
				t.Errorf("below the floors: %d found, %d right", floor.found, floor.right)
			}
			if half == "test" && share(trueContacts, contacts) < contactFloor {
				t.Errorf("contacts below the floor %.2f", contactFloor)
			}
		})
	}
}

// ofKind reports an event of the type that its trigger would have had it
// happened, or of the one that what is planned, demanded or denied becomes.
func ofKind(e detente.Event, c factualityCase) bool {
	if slices.Contains(strings.Split(c.kind, "|"), string(e.Type)) {
		return true
	}
	switch e.Factuality {
	case detente.Planned:
		return e.Type == detente.Agree || e.Type == detente.Threaten
	case detente.CalledFor:
		return e.Type == detente.Request
	case detente.DeniedHappened:
		return e.Type == detente.Reject
	}
	return false
}

// read codes text with the statements that it makes, as the line does.
func (r *room) read(text string, published detente.Date) []detente.Event {
	doc := r.model.Analyze(text, nlp.Options{Published: published})
	cast := r.book.Cast(doc, published)
	events, _ := r.coder.Code(doc, cast, r.quotes.Find(doc, cast, published), published)
	return events
}

func share(a, b int) float64 { return float64(a) / float64(max(b, 1)) }

// onTrigger reports that one of the event's trigger spans lies on one of the
// gold's trigger words.
func onTrigger(e detente.Event, c factualityCase) bool {
	runes := []rune(c.text)
	for _, s := range e.Trigger {
		for _, w := range strings.FieldsFunc(c.trigger, func(r rune) bool { return r == ' ' || r == '|' }) {
			if strings.EqualFold(string(runes[s.Start:s.End]), strings.Trim(w, ",.")) {
				return true
			}
		}
	}
	return false
}

func toldString(events []detente.Event) string {
	var out []string
	for _, e := range events {
		out = append(out, fmt.Sprintf("%s %s>%s %s", e.Rule, sideString(e.Source), sideString(e.Target), e.Factuality))
	}
	return strings.Join(out, "; ")
}
