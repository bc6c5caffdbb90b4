package event

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"detente"
	"detente/data"
	"detente/internal/actor"
	"detente/internal/nlp"
	"detente/internal/quote"
)

// room is what a test needs to code a sentence.
type room struct {
	model  *nlp.Model
	book   *actor.Book
	quotes *quote.Model
	coder  *Coder
}

func newRoom(t testing.TB) *room {
	t.Helper()
	model, err := nlp.Default()
	if err != nil {
		t.Fatal(err)
	}
	actors, err := fs.Sub(data.FS, "actors")
	if err != nil {
		t.Fatal(err)
	}
	book, err := actor.Load(actors)
	if err != nil {
		t.Fatal(err)
	}
	quotes, err := quote.Default()
	if err != nil {
		t.Fatal(err)
	}
	coder, err := Load(data.FS, model)
	if err != nil {
		t.Fatal(err)
	}
	return &room{model, book, quotes, coder}
}

func (r *room) code(text string, published detente.Date) ([]detente.Event, []detente.Claim) {
	doc := r.model.Analyze(text, nlp.Options{Published: published})
	return r.coder.Code(doc, r.book.Cast(doc, published), nil, published)
}

// TestExamples codes the example under every rule and asks that this rule
// gives what the example says.
func TestExamples(t *testing.T) {
	room := newRoom(t)
	room.coder.spotter = nil // the rules alone
	for _, r := range room.coder.rules {
		for _, ex := range r.Examples {
			t.Run(fmt.Sprintf("%s:%d", r.ID, ex.Line), func(t *testing.T) {
				events, claims := room.code(ex.Text, "2023-06-14") // a Wednesday
				var got []string
				if r.Claim != "" {
					for _, c := range claims {
						got = append(got, fmt.Sprintf("%s: %s %s %s", c.Rule, c.Dyad, c.Channel, c.State))
					}
				}
				for _, e := range events {
					got = append(got, fmt.Sprintf("%s: %s %s %s", e.Rule, sideString(e.Source), sideString(e.Target), e.Factuality))
				}
				if want := r.ID + ": " + ex.Expect; !slices.Contains(got, want) {
					t.Errorf("%s:%d: %s\n want %s\n got  %s", r.File, ex.Line, ex.Text, want, strings.Join(got, "\n      "))
				}
			})
		}
	}
}

func sideString(ps []detente.Participant) string {
	var out []string
	for _, p := range ps {
		out = append(out, string(codeOf(p)))
	}
	if len(out) == 0 {
		return "-"
	}
	return strings.Join(out, ",")
}

// TestRuleErrors asks that a broken rule file is refused with its place.
func TestRuleErrors(t *testing.T) {
	for _, c := range []struct{ name, file, want string }{
		{"no rule", "where subject x\n", "events/x.rules:1:1"},
		{"bad type", "rule a\ntype PARLEY 040\n", `events/x.rules:2:6: rule: "PARLEY" is no PLOVER type`},
		{"unknown class", "rule a\ntype CONSULT 040\ntrigger verb @nobody\n", "events/x.rules:3:1: rule: no class @nobody"},
		{"no example", "rule a\ntype CONSULT 040\ntrigger verb meet\nsource subject\n", "events/x.rules:1:1: rule: rule a has no example"},
		{"no trigger", "rule a\ntype CONSULT 040\nsource subject\nexample X => Y\n", "rule a has no trigger"},
		{"twice", "rule a\ntype CONSULT 040\ntrigger verb meet\nsource subject\nexample X => Y\nrule a\ntype CONSULT 040\ntrigger verb meet\nsource subject\nexample X => Y\n", "stands at events/x.rules:1 already"},
		{"unknown field", "rule a\nwhen subject x\n", `events/x.rules:2:1: rule: no field "when"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := parseRules(fstest.MapFS{"events/x.rules": {Data: []byte(c.file)}}, "events")
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}
