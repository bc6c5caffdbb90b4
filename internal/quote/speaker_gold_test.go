package quote

import (
	"strings"
	"testing"

	"detente"
)

func TestReadSpeakers(t *testing.T) {
	gold, err := ReadSpeakers("gold", strings.NewReader("# c\n= 2014-03-05\nHolm left.\nHe said it rained.\n> it rained | pronoun | Ada Holm / Holm\n"))
	if err != nil {
		t.Fatal(err)
	}
	g := gold[0]
	if g.Published != "2014-03-05" || g.Text != "Holm left.\n\nHe said it rained." || len(g.Want) != 1 || len(g.Want[0].Who) != 2 || g.Want[0].Line != 5 {
		t.Errorf("read %+v", g)
	}
	for _, c := range []struct{ text, want string }{
		{"Holm left.", "gold:1: text before the first day"},
		{"= 2014-13-05", "gold:1: \"2014-13-05\" is no day"},
		{"= 2014-03-05\nHolm left.\n> it rained | pronoun | Holm", "gold:3: the dispatch has no words"},
		{"= 2014-03-05\nIt rained.\n> it rained | noun | Holm", "gold:3: kind of source"},
		{"= 2014-03-05\nIt rained.\n> it rained | pronoun |", "gold:3: no speaker"},
		{"= 2014-03-05\nIt rained.\n> it rained", "gold:3: want content"},
	} {
		if _, err := ReadSpeakers("gold", strings.NewReader(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: have error %v, want %q", c.text, err, c.want)
		}
	}
}

func TestSpeakerNamedRightly(t *testing.T) {
	const text = "A spokesman for the Foreign Ministry left. A Western diplomat told Ada-Marie Holm that it rained. One laughed."
	for _, c := range []struct {
		who, have string
		want      bool
	}{
		{"Ada-Marie Holm", "Ada Marie Holm", true},
		{"Ada-Marie Holm", "Holm", false},
		{"Ada-Marie Holm", "aide to Ada-Marie Holm", false},
		{"Foreign Ministry (body)", "spokesman for the Foreign Ministry", true},
		{"Foreign Ministry (body)", "spokesman", false},
		{"nobody", "Western diplomat", true},
		{"nobody", "", true},
		{"nobody", "Ada-Marie Holm", false},
		{"nobody", "Swedish diplomat", false},
		{"nobody", "One", true},
	} {
		g := SpeakerGold{Text: text, Want: []SpeakerWant{{Has: "it rained", Kind: "title", Who: []string{c.who}}}}
		at := strings.Index(text, "it rained")
		st := detente.Statement{Speaker: detente.Speaker{Name: c.have}, Content: []detente.Span{{Start: at, End: at + 9}}}
		var score SpeakerScore
		score.Add(g, []detente.Statement{st}, func(SpeakerWant, *detente.Statement) {})
		if got := score.Named == 1; got != c.want || score.Found != 1 {
			t.Errorf("%s named %q: counted %v", c.who, c.have, got)
		}
	}
}
