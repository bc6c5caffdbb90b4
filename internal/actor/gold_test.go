package actor

import (
	"os"
	"strings"
	"testing"

	"detente"
	"detente/internal/nlp"
)

// goldMention is a marked mention: bytes of the text and what is expected.
type goldMention struct {
	start, end                               int
	kind, name, role, party, office, country string
}

// goldArticle is one paragraph of a gold file.
type goldArticle struct {
	on       detente.Date
	text     string
	mentions []goldMention
}

// readGold parses a gold file; see the head of testdata/mentions-dev.txt.
func readGold(t *testing.T, file string) []goldArticle {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []goldArticle
	for _, par := range strings.Split(string(b), "\n\n") {
		var a goldArticle
		for _, line := range strings.Split(strings.TrimSpace(par), "\n") {
			if strings.HasPrefix(line, "#") {
				continue
			}
			if on, ok := strings.CutPrefix(line, "on "); ok {
				a.on = detente.Date(on)
				continue
			}
			a.add(t, line)
		}
		if a.text != "" {
			out = append(out, a)
		}
	}
	return out
}

// add reads a marked line of text.
func (a *goldArticle) add(t *testing.T, line string) {
	for {
		before, rest, ok := strings.Cut(line, "[")
		a.text += before
		if !ok {
			return
		}
		words, rest, ok := strings.Cut(rest, "]{")
		fields, rest, ok2 := strings.Cut(rest, "}")
		if !ok || !ok2 {
			t.Fatalf("bad mark in %q", line)
		}
		m := goldMention{start: len(a.text), end: len(a.text) + len(words)}
		to := []*string{&m.kind, &m.name, &m.role, &m.party, &m.office, &m.country}
		for i := range to {
			*to[i] = "-"
		}
		for i, f := range strings.Split(fields, ";") {
			*to[i] = strings.TrimSpace(f)
		}
		a.text += words
		a.mentions = append(a.mentions, m)
		line = rest
	}
}

// allows says whether a found value is one of the expected, alternatives
// divided by |, "-" for any.
func allows(want, got string) bool {
	if want == "-" {
		return true
	}
	for _, w := range strings.Split(want, "|") {
		if strings.EqualFold(w, got) {
			return true
		}
	}
	return false
}

// scoreGold counts the mentions that are right in every given field.
func scoreGold(t *testing.T, b *Book, m *nlp.Model, file string) (right, n int) {
	for _, a := range readGold(t, file) {
		doc := m.Analyze(a.text, nlp.Options{Published: a.on})
		cast := b.Cast(doc, a.on)
		for _, g := range a.mentions {
			n++
			if wrong := judge(cast, doc, g); wrong == "" {
				right++
			} else {
				t.Logf("%q: %s: %s", a.text[g.start:g.end], wrong, a.text)
			}
		}
	}
	return right, n
}

// judge says what is wrong with a mention, or nothing.
func judge(cast *Cast, doc *nlp.Doc, g goldMention) string {
	first, end := wordsOver(doc, g.start, g.end)
	found := cast.exactly(doc, first, end)
	if g.kind == "none" {
		if m := cast.Covering(end - 1); m != nil && m.Actor.Party+m.Actor.Country != "" {
			return "is a mention of " + m.Actor.Name
		}
		return ""
	}
	if found == nil {
		if m := cast.At(headOf(doc, first, end, end-1)); m != nil && m.First >= first && m.End <= end {
			found = m
		}
	}
	if found == nil {
		if d := cast.Describe(doc, first, end); d != nil {
			found = &Mention{First: first, End: end, Actor: d}
		}
	}
	x := found.Actor
	kind := string(x.Kind)
	if found.Adjective {
		kind = "adj"
	}
	for _, c := range []struct{ field, want, got string }{
		{"kind", g.kind, kind}, {"name", g.name, x.Name}, {"role", g.role, x.Role}, {"party", g.party, string(x.Party)},
		{"office", g.office, string(x.Office)}, {"country", g.country, string(x.Country)},
	} {
		if !allows(c.want, c.got) {
			return c.field + " is " + c.got + ", not " + c.want
		}
	}
	return ""
}

// TestGoldMentions measures both parts of our own gold; the test part has the
// floor.
func TestGoldMentions(t *testing.T) {
	b, m := embedded(t), model(t)
	for _, part := range []struct {
		file  string
		floor float64
	}{{"testdata/mentions-dev.txt", 97}, {"testdata/mentions-test.txt", 94}} {
		t.Run(part.file, func(t *testing.T) {
			right, n := scoreGold(t, b, m, part.file)
			pc := 100 * float64(right) / float64(n)
			t.Logf("%d of %d mentions right in every field, %.1f%%", right, n, pc)
			if pc < part.floor {
				t.Errorf("%.1f%% is under the floor of %.0f%%", pc, part.floor)
			}
		})
	}
}
