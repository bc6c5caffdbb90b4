package quote

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"detente"
)

func TestLoadRefusesWhatIsNoModel(t *testing.T) {
	m := &Model{lex: &Lexicon{}, tag: newTagChain(6), arg: newArgChain(6), pick: newChain(pickCount, 6), favours: Favours{Eager: 1}}
	var b bytes.Buffer
	if err := m.Save(&b); err != nil {
		t.Fatal(err)
	}
	if got, err := Load(b.Bytes(), m.lex); err != nil || got.favours != m.favours || len(got.arg.q) != argCount<<6 {
		t.Errorf("a model that was just saved: %+v, %v", got, err)
	}
	for name, bad := range map[string][]byte{
		"empty":     nil,
		"text":      []byte("no model"),
		"truncated": b.Bytes()[:b.Len()/2],
		"header":    []byte(modelMagic),
	} {
		if _, err := Load(bad, m.lex); !errors.Is(err, errModel) {
			t.Errorf("%s: have error %v, want %v", name, err, errModel)
		}
	}
}

func FuzzReadGold(f *testing.F) {
	f.Add(`{"id":"a","text":"He said no.","tokens":[[0,2]],"attributions":[{"source":[[0,2]],"cue":[[3,7]],"content":[[8,10]],"source_head":[0,2],"kind":"indirect"}]}`)
	f.Fuzz(func(t *testing.T, line string) {
		docs, err := ReadGold("fuzz", strings.NewReader(line))
		if err != nil {
			return
		}
		for _, d := range docs {
			n := len([]rune(d.Text))
			for _, a := range d.Gold {
				for _, s := range append(append(a.Source, a.Cue...), a.Content...) {
					if s.Start < 0 || s.End > n || s.Start > s.End {
						t.Fatalf("span %v in a text of %d", s, n)
					}
				}
			}
		}
	})
}

func FuzzParseLexicon(f *testing.F) {
	f.Add("say\tV\t10\t9\n# comment\n")
	f.Fuzz(func(t *testing.T, s string) {
		x, err := ParseLexicon("fuzz", strings.NewReader(s))
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := x.Write(&b); err != nil {
			t.Fatal(err)
		}
		if _, err := ParseLexicon("written", &b); err != nil {
			t.Fatalf("what was written does not read: %v", err)
		}
	})
}

func FuzzReadChains(f *testing.F) {
	f.Add("He told Reuters no.\n> no | He | Reuters (agency)\n")
	f.Fuzz(func(t *testing.T, s string) {
		gold, err := ReadChains("fuzz", strings.NewReader(s))
		if err != nil {
			return
		}
		for _, g := range gold {
			if g.Text == "" || g.Line < 1 {
				t.Fatalf("dispatch %+v", g)
			}
		}
	})
}

// Figures that were worked out by hand from the definitions of
// ../shared/score/attribution.py.
func TestScore(t *testing.T) {
	text := "Ann said no . Bob left ."
	var units []detente.Span
	at := 0
	for _, w := range strings.Fields(text) {
		units = append(units, detente.Span{Start: at, End: at + len(w)})
		at += len(w) + 1
	}
	words := func(first, end int) []detente.Span {
		return []detente.Span{{Start: units[first].Start, End: units[end-1].End}}
	}
	gold := []Attribution{
		{Source: words(0, 1), Cue: words(1, 2), Content: words(2, 3), Kind: "indirect"},
		{Cue: words(5, 6), Content: words(4, 5), Kind: "direct"},
	}
	pred := []Attribution{
		{Source: words(0, 1), Cue: words(1, 3), Content: words(2, 4)},
		{Source: words(0, 1), Cue: words(5, 6), Content: words(4, 5)},
	}
	s := NewScore()
	s.Add(text, units, gold, pred)
	want := map[string]float64{
		"exact_source": 200. / 3, "exact_cue": 50, "exact_content": 50, "exact_trim_content": 100,
		"attr_content": 100, "attribution": 50, "source_acc": 50, "recall_indirect": 100, "recall_direct": 0, "n_pred": 2,
	}
	for _, r := range s.Rows() {
		if w, ok := want[r.Name]; ok {
			if d := r.F1 - w; d > 1e-9 || d < -1e-9 {
				t.Errorf("%s: have %v, want %v", r.Name, r.F1, w)
			}
			delete(want, r.Name)
		}
	}
	if len(want) > 0 {
		t.Errorf("no row for %v", want)
	}
}
