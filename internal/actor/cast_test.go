package actor

import (
	"strings"
	"testing"

	"detente"
	"detente/internal/nlp"
)

// article analyses and casts a text.
func article(t testing.TB, text, on string) (*nlp.Doc, *Cast) {
	t.Helper()
	doc := model(t).Analyze(text, nlp.Options{})
	return doc, embedded(t).Cast(doc, detente.Date(on))
}

// wordAt is the index of the n-th word (from 0) with a form.
func wordAt(t testing.TB, doc *nlp.Doc, form string, n int) int {
	t.Helper()
	for w := range doc.Words {
		if doc.Words[w].Form == form {
			if n == 0 {
				return w
			}
			n--
		}
	}
	t.Fatalf("no word %q in %q", form, doc.Text)
	return -1
}

func TestCoveringIsNarrowAndAtIsWide(t *testing.T) {
	doc, cast := article(t, "Norway's defence ministry spokeswoman Kari Holm met Danish officers in Aarhus.", "2018-08-06")
	norway, holm := wordAt(t, doc, "Norway", 0), wordAt(t, doc, "Holm", 0)
	if m := cast.Covering(norway); m == nil || m.Actor.Kind != KindState || !m.Adjective {
		t.Errorf("over Norway: %+v, want the state as a modifier", m)
	}
	m := cast.Covering(holm)
	if m == nil || m.Actor.Name != "Kari Holm" || m.First != norway || m.Actor.BodyOffice != OfficeDefence || m.Actor.Gender != "f" {
		t.Fatalf("over Holm: %+v, want the whole phrase", m)
	}
	if at := cast.At(m.Head); at != m {
		t.Errorf("at the head: %+v, want the mention that covers it", at)
	}
	if cast.At(-1) != nil || cast.At(len(doc.Words)) != nil || cast.Covering(len(doc.Words)) != nil {
		t.Error("words outside the document have mentions")
	}
	within := cast.Within(norway, holm+1)
	if len(within) < 3 || within[0].Actor.Name != "Kari Holm" {
		t.Errorf("within the phrase: %d mentions, want it and those inside", len(within))
	}
	if got := cast.Within(holm+1, holm+2); len(got) != 0 {
		t.Errorf("within the verb: %+v", got)
	}
}

func TestDescribeAnySource(t *testing.T) {
	for _, c := range []struct {
		text, source string
		kind         Kind
		party        string
		office       Office
	}{
		{"Analysts said the talks had failed.", "Analysts", KindGroup, "", OfficeOther},
		{"The pact is dead, two people familiar with the talks said.", "two people familiar with the talks", KindGroup, "", OfficeOther},
		{"A senior South Korean official denied it.", "A senior South Korean official", KindPerson, "KOR", OfficeGovernment},
		{"It was agreed, a source close to the matter said.", "a source close to the matter", KindGroup, "", OfficeOther},
		{"Bolivia's deputy trade minister, Rosa Quispe, refused.", "Rosa Quispe", KindPerson, "BOL", OfficeEconomy},
		{"The Zagreb daily Novi Glas reported a meeting.", "Novi Glas", KindGroup, "", OfficeOther},
	} {
		doc, cast := article(t, c.text, "2018-08-06")
		at := strings.Index(c.text, c.source)
		first, end := wordsOver(doc, at, at+len(c.source))
		a := cast.Describe(doc, first, end)
		if a == nil || string(a.Party) != c.party || a.Office != c.office || c.kind != KindGroup && a.Kind != c.kind {
			t.Errorf("%q: %+v, want %s of %q, office %q", c.source, a, c.kind, c.party, c.office)
		}
	}
}

func TestEmptyAndBookless(t *testing.T) {
	doc := model(t).Analyze("", nlp.Options{})
	if c := embedded(t).Cast(doc, ""); len(c.Mentions) != 0 || c.At(0) != nil {
		t.Error("an empty text has mentions")
	}
	doc = model(t).Analyze("Peru met Chile.", nlp.Options{})
	var none *Book
	c := none.Cast(doc, "")
	if a := c.Describe(doc, 0, 1); a == nil || a.Party != "" {
		t.Errorf("without a book: %+v", a)
	}
	empty, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range empty.Cast(doc, "2018-08-06").Mentions {
		if m.Actor.Party != "" {
			t.Errorf("an empty book finds %+v", m.Actor)
		}
	}
}

func TestInventedStateFromAUsersTable(t *testing.T) {
	dir := tables("mine.tsv", "state\tname\tadjectives\tcapitals\tseats\nXSY\tSyldavia\tSyldavian\tKlow\tHvegrad Palace\n",
		"offices.tsv", "office\tkind\tclass\tsectors\nforeign minister\trole\tforeign-minister\tGOV\n")
	b, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	doc := model(t).Analyze("Syldavian foreign minister Bela Zorn said Klow would not wait.", nlp.Options{})
	c := b.Cast(doc, "")
	m := c.Covering(wordAt(t, doc, "Zorn", 0))
	if m == nil || m.Actor.Party != "XSY" || m.Actor.Office != OfficeForeign {
		t.Errorf("Zorn is %+v, want Syldavia's foreign minister", m)
	}
	if m := c.Covering(wordAt(t, doc, "Klow", 0)); m == nil || m.Actor.Party != "XSY" {
		t.Errorf("Klow is %+v, want Syldavia's government", m)
	}
}

// FuzzCast: whatever the text, mentions lie in bounds, in order, around their
// heads, each with an actor, and the same text gives the same cast.
func FuzzCast(f *testing.F) {
	f.Add("Russian Foreign Minister Sergei Lavrov met U.S. and Saudi officials in Geneva.")
	f.Add("The U.S.-led coalition's spokesman, Col. A. B. Smith-Jones, said: \"No.\"")
	f.Add("former ex- deputy vice president of the of for the Kremlin's 's 's")
	f.Add("«Côte d'Ivoire» — 한국, the two Koreas' and both ministers (who is")
	b, m := embedded(f), model(f)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 2000 {
			return
		}
		doc := m.Analyze(text, nlp.Options{})
		c := b.Cast(doc, "2017-01-01")
		again := b.Cast(doc, "2017-01-01")
		if len(again.Mentions) != len(c.Mentions) {
			t.Fatalf("%d mentions, then %d", len(c.Mentions), len(again.Mentions))
		}
		for i, x := range c.Mentions {
			if x.First < 0 || x.End > len(doc.Words) || x.First >= x.End || x.Head < x.First || x.Head >= x.End || x.Actor == nil {
				t.Fatalf("mention %d of %q: %+v", i, text, x)
			}
			if i > 0 && x.First < c.Mentions[i-1].First {
				t.Fatalf("mention %d of %q before the one before it", i, text)
			}
			y := again.Mentions[i]
			if y.First != x.First || y.End != x.End || y.Actor.ID != x.Actor.ID || y.Actor.Party != x.Actor.Party {
				t.Fatalf("mention %d of %q: %+v, then %+v", i, text, x.Actor, y.Actor)
			}
		}
		if n := len(doc.Words); n > 0 && c.Describe(doc, 0, n) == nil {
			t.Fatalf("nobody described in %q", text)
		}
	})
}

func TestLearnedRolesAreKeptWithTheirDate(t *testing.T) {
	doc, cast := article(t, "Estonian deputy interior minister Piret Lohk met Sergei Lavrov, the Russian foreign minister, in Tartu. Lohk smiled.", "2018-08-06")
	if len(cast.Learned) != 1 {
		t.Fatalf("%d roles learned, want one: %+v", len(cast.Learned), cast.Learned)
	}
	l := cast.Learned[0]
	if l.Actor.Name != "Piret Lohk" || l.Actor.Party != "EST" || l.On != "2018-08-06" || doc.Words[l.First].Form != "Estonian" {
		t.Errorf("learned %+v of %+v", l, l.Actor)
	}
}

func TestTitlesOfThoseWhomTheTextDoesNotName(t *testing.T) {
	for _, c := range []struct{ text, on, word, want string }{
		{"The Norwegian prime minister said nothing.", "2015-05-04", "minister", "Erna Solberg"},
		{"The Norwegian prime minister said nothing.", "2010-05-04", "minister", "Jens Stoltenberg"},
		{"The Norwegian prime minister said nothing.", "", "minister", "Norwegian prime minister"},
		{"The former Norwegian prime minister said nothing.", "2015-05-04", "minister", "former Norwegian prime minister"},
		{"The acting Norwegian prime minister said nothing.", "2015-05-04", "minister", "acting Norwegian prime minister"},
		{"In 1994 the Norwegian prime minister said nothing.", "2015-05-04", "minister", "Norwegian prime minister"},
		{"The Norwegian prime minister said nothing. Prime Minister Liv Holm of Norway then left.", "2015-05-04", "minister", "Liv Holm"},
		{"The Kremlin was silent. Its spokesman said nothing.", "2015-05-04", "spokesman", "Kremlin spokesman"},
		{"Carmaker Tavrom closed its plant. The company said nothing.", "2015-05-04", "company", "Tavrom"},
		{"Finnish envoy Pekka Salo left. The Finn said nothing.", "2015-05-04", "Finn", "Pekka Salo"},
	} {
		doc, cast := article(t, c.text, c.on)
		if m := cast.At(wordAt(t, doc, c.word, 0)); m.Actor.Name != c.want {
			t.Errorf("%s (%s)\n\tgot  %+v\n\twant %s", c.text, c.on, m.Actor, c.want)
		}
	}
}
