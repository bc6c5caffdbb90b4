package nlp

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
)

func TestCorefGold(t *testing.T) {
	const floor = 0.92
	f, err := os.Open("testdata/coref.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	golds, err := ReadCorefGold(f)
	if err != nil {
		t.Fatal(err)
	}
	m := testModel(t)
	var total ChainScore
	for _, g := range golds {
		total.Add(ScoreChains(m.Analyze(g.Text, Options{}), g, func(w CorefWant) {
			t.Logf("%s: %q not linked to person %d", g.ID, g.Text[w.Start:w.End], w.Chain)
		}))
	}
	for what, s := range map[string]CorefScore{"names and titles": total.Names, "pronouns": total.Pronouns, "two together": total.Groups} {
		least := floor
		switch what {
		case "pronouns":
			least = 0.85
		case "two together": // fifteen; invented states that the network reads otherwise cost two at once
			least = 0.7
		}
		if share := float64(s.Right) / float64(s.Gold); share < least {
			t.Errorf("%s: %d of %d linked, want %.2f", what, s.Right, s.Gold, least)
		}
		if share := float64(s.ReadRight) / float64(s.Read); share < least {
			t.Errorf("%s: %d of %d links right, want %.2f", what, s.ReadRight, s.Read, least)
		}
	}
}

// chainTexts shows the chains of more than one mention, a line each.
func chainTexts(doc *Doc) []string {
	var out []string
	for _, ch := range doc.Chains {
		if len(ch.Mentions) < 2 && ch.Mentions[0].Kind != MentionGroup {
			continue
		}
		var b strings.Builder
		for i, m := range ch.Mentions {
			if i > 0 {
				b.WriteString(" = ")
			}
			b.WriteString(doc.Text[doc.Words[m.First].Start:doc.Words[m.End-1].End])
			if m.Kind == MentionGroup {
				fmt.Fprintf(&b, " (%s + %s)", doc.Chains[m.Members[0]].Name, doc.Chains[m.Members[1]].Name)
			}
		}
		out = append(out, b.String())
	}
	return out
}

func TestChains(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"Karl Brandt met Anna Weiss in Bonn. He thanked her.",
			[]string{"Karl Brandt = He", "Anna Weiss = her"}},
		{"The North Sea Council (NSC) met in Oslo. The NSC elected no chairman.",
			[]string{"North Sea Council = NSC = NSC"}},
		{"Sweden and Norway signed a treaty on Monday. The two countries will share a fleet.",
			[]string{"The two countries (Sweden + Norway)"}},
		{"Foreign Minister Karl Brandt met President Anna Weiss on Monday. The two leaders dined together.",
			[]string{"The two leaders (Karl Brandt + Anna Weiss)"}},
		{"Karl Brandt met Anna Weiss and Otto Hahn on Monday. The two leaders dined together.", nil},
		{"Armenia and Georgia signed a treaty on Monday. The two countries will share a fleet.",
			[]string{"The two countries (Armenia + Georgia)"}},
		{"Foreign Minister Karl Brandt met Foreign Minister Otto Hahn and President Anna Weiss. Both ministers dined together.",
			[]string{"Both ministers (Karl Brandt + Otto Hahn)"}},
		{"Robert Brandt resigned. Bob Brandt said nothing.", []string{"Robert Brandt = Bob Brandt"}},
		{"Anna de Vries left Bonn on Monday. De Vries said nothing.", []string{"Anna de Vries = De Vries"}},
		{"Ivan Dorn, better known as Kir Bulat, was shot. Bulat was 40.", []string{"Ivan Dorn = Kir Bulat = Bulat"}},
		{"Karl Brandt praised his wife. Maria Brandt said nothing.", []string{"Karl Brandt = his", "his wife = Maria Brandt"}},
		{"Premier Anna Weiss, who had dismissed her, praised Maria Dorn.", nil},
		{"Foreign Minister Karl Brandt said that the minister was ill.", nil},
		{"Maria Weiss and Anna Weiss left. Karl Brandt stayed.", nil},
		{"Norway's chief negotiator walked out on Monday. Lena Ostby said that she was tired.",
			[]string{"Norway's chief negotiator = Lena Ostby = she"}},
		{"The president dined alone. Colonel Otto Hahn said that he had seen nothing.", []string{"Colonel Otto Hahn = he"}},
		{"Finnish envoy Pekka Salo met Danish envoy Mette Holm. The Finn said nothing. The Dane smiled.",
			[]string{"Finnish envoy Pekka Salo = The Finn", "Danish envoy Mette Holm = The Dane"}},
		{"Carmaker Tavrom closed its plant on Monday. The company said nothing.", []string{"Carmaker Tavrom = its = The company"}},
		{"Chancellor Karl Brandt resigned on Monday. The former chancellor said nothing. His successor, Maria Weiss, was at home. The chancellor smiled.",
			[]string{"Chancellor Karl Brandt = The former chancellor = His", "His successor = Maria Weiss = The chancellor"}},
		{"Anna Weiss spoke first. The 52-year-old economist said nothing new.", []string{"Anna Weiss = The 52-year-old economist"}},
		{"A guard, who gave his name only as Emil, said nothing. The guard smiled.", []string{"A guard = his = Emil = The guard"}},
		{"\"We trust him,\" said Karl Brandt of Otto Hahn.", nil},
		{"Karl Brandt met the colonel's interpreter, Lena Ostby. The interpreter said that nobody had slept.",
			[]string{"Lena Ostby = The interpreter"}},
		{"Karl Brandt met the colonel's interpreter, Lena Ostby. An interpreter said that nobody had slept.", nil},
		{"Karl Brandt served for thirty years. The retired general said nothing.", []string{"Karl Brandt = The retired general"}},
		{"Foreign Minister Karl Brandt met his Swedish colleague, Anna Weiss. The Swede said nothing.",
			[]string{"Foreign Minister Karl Brandt = his", "his Swedish colleague = Anna Weiss = The Swede"}},
		{"A diplomat slept late on Monday. The father of one of the crew, Nils Ostby of Bergen, said that he had heard nothing.",
			[]string{"Nils Ostby = he"}},
		{"The old man had been received by the king. Karl Brandt said that he was content.", []string{"Karl Brandt = he"}},
		{"A diplomat said on Monday that a shell had hit his car. He said he had seen no soldiers.",
			[]string{"A diplomat = his = He = he"}},
	} {
		if got := chainTexts(testModel(t).Analyze(c.text, Options{})); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s\n\tgot  %q\n\twant %q", c.text, got, c.want)
		}
	}
}

// FuzzAnnotations: whatever the text, expressions lie in order and in bounds,
// and no word heads mentions of two chains.
func FuzzAnnotations(f *testing.F) {
	for _, s := range []string{"", "\xff\xfe", "on the 31st of the 31st of May to 5 to 3", "a day before a day before a day before",
		"the the the 's 's \"he\" ‘she’ “they", "President-elect - elect of of of", "2016-12-22/2016-13-45", "between and between and May"} {
		f.Add(s)
	}
	m := testModel(f)
	f.Fuzz(func(t *testing.T, s string) {
		doc := m.Analyze(s, Options{Published: "2016-12-22"})
		last := 0
		for _, x := range doc.Times {
			if x.First < last || x.End <= x.First || x.End > len(doc.Words) {
				t.Fatalf("time %+v after word %d of %d", x, last, len(doc.Words))
			}
			if x.From > x.To {
				t.Fatalf("time %+v ends before it begins", x)
			}
			last = x.End
		}
		heads := map[int]bool{}
		for _, ch := range doc.Chains {
			first := -1
			for _, x := range ch.Mentions {
				if x.First < first || x.End <= x.First || x.End > len(doc.Words) || x.Head < x.First || x.Head >= x.End {
					t.Fatalf("mention %+v after word %d of %d", x, first, len(doc.Words))
				}
				if heads[x.Head] {
					t.Fatalf("word %d heads two mentions", x.Head)
				}
				for _, member := range x.Members {
					if member < 0 || member >= len(doc.Chains) {
						t.Fatalf("mention %+v has a member that is no chain", x)
					}
				}
				first, heads[x.Head] = x.First, true
			}
		}
		for w := range doc.Words {
			doc.TimeNear(w)
			doc.SinceOf(w)
		}
	})
}

func FuzzCorefGold(f *testing.F) {
	f.Add("== a\n{1|Karl Brandt} and {2:p|his {3|son}} of {4:b|Bonn}; {1+3|both men}, {1+|a}, {+|b}")
	f.Fuzz(func(t *testing.T, s string) {
		golds, err := ReadCorefGold(strings.NewReader(s))
		if err != nil {
			return
		}
		for _, g := range golds {
			for _, w := range g.Want {
				if w.Start < 0 || w.End < w.Start || w.End > len(g.Text) {
					t.Fatalf("mark %d–%d outside of %q", w.Start, w.End, g.Text)
				}
			}
		}
	})
}

func FuzzOntoGUM(f *testing.F) {
	f.Add("#Text=He left .\n1-1\t0-2\tHe\tperson\tnew\t_\t_\tcf1\tana\t1-2\n1-2\t3-7\tleft\t_\t_\t_\t_\t_\t_\t_\n")
	f.Fuzz(func(t *testing.T, s string) {
		g, err := ReadOntoGUM("fuzz", strings.NewReader(s))
		if err != nil {
			return
		}
		for _, w := range g.Want {
			if w.Start < 0 || w.End < w.Start || w.End > len(g.Text) {
				t.Fatalf("mark %d–%d outside of %q", w.Start, w.End, g.Text)
			}
		}
	})
}
