package quote

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"detente/data"
	"detente/internal/nlp"
)

// heardView is a view of a text of one paragraph to which the hearer has listened.
func heardView(t *testing.T, text string) *view {
	t.Helper()
	lang, err := nlp.Default()
	if err != nil {
		t.Fatal(err)
	}
	m, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	v := newView(lang.Analyze(text, nlp.Options{}), m.lex)
	v.listen(m.hearer)
	return v
}

const twoSpeakers = "Brandt said that the ferry had sunk, but Weiss denied that it had left the harbour."

// What belongs to one cue does not belong to the other.
func TestLinkedTellsCuesApart(t *testing.T) {
	v := heardView(t, twoSpeakers)
	win := v.paras[0]
	for cue, own := range map[string][linkCount]string{
		"said":   {linkSrc: "brandt", linkCon: "sunk"},
		"denied": {linkSrc: "weiss", linkCon: "left"},
	} {
		at := slices.Index(v.lower, cue)
		links := v.linked(win, cueSpan{at, at + 1, at})
		for part := range linkCount {
			for _, words := range [][2]string{{"brandt", "weiss"}, {"sunk", "left"}} {
				if words[0] != own[part] && words[1] != own[part] {
					continue
				}
				other := words[0]
				if other == own[part] {
					other = words[1]
				}
				grade := func(word string) uint8 { return links[slices.Index(v.lower, word)*linkCount+part] }
				if grade(own[part]) <= grade(other) {
					t.Errorf("%s, part %d: %s has grade %d, %s has %d", cue, part, own[part], grade(own[part]), other, grade(other))
				}
			}
		}
	}
}

// A narrower window has the grades of its words.
func TestLinkedOfAWindow(t *testing.T) {
	v := heardView(t, twoSpeakers)
	at := slices.Index(v.lower, "denied")
	c := cueSpan{at, at + 1, at}
	all, part := v.linked(v.paras[0], c), v.linked(para{at - 2, at + 4}, c)
	if want := all[(at-2)*linkCount : (at+4)*linkCount]; !slices.Equal(part, want) {
		t.Errorf("grades %v, want %v", part, want)
	}
}

func TestHeldByWeighsSourceAndContent(t *testing.T) {
	v := heardView(t, twoSpeakers)
	at := slices.Index(v.lower, "said")
	word := func(s string) stretch { i := slices.Index(v.lower, s); return stretch{i, i + 1} }
	own := found{cue: stretch{at, at + 1}, head: at, source: []stretch{word("brandt")}, content: []stretch{{at + 1, slices.Index(v.lower, "sunk") + 1}}}
	other := own
	other.source = []stretch{word("weiss")}
	win := window(v.paras[0], cueSpan{at, at + 1, at})
	links := v.linked(win, cueSpan{at, at + 1, at})
	of, wrong := heldOf(links, win, &own), heldOf(links, win, &other)
	if of.src <= of.srcBeside || of.con <= of.conBeside {
		t.Errorf("its own source and content: %+v", of)
	}
	if wrong.src >= wrong.srcBeside || wrong.con != of.con || wrong.conBeside != of.conBeside {
		t.Errorf("another's source: %+v", wrong)
	}
	none := own
	none.source = nil
	if x := heldOf(links, win, &none); x.src != nowhere || x.srcBeside != max(of.src, of.srcBeside) {
		t.Errorf("no source: %+v, with it %+v", x, of)
	}
}

// A hearer is read by the number of what it answers.
func TestReadHearerRefusesOthers(t *testing.T) {
	lang, err := nlp.Default()
	if err != nil {
		t.Fatal(err)
	}
	b, err := data.FS.ReadFile(hearerFile)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ReadHearer(lang, b); err != nil {
		t.Error(err)
	}
	if _, err := ReadHearer(lang, b[:len(b)-1]); !errors.Is(err, nlp.ErrModel) {
		t.Errorf("cut short: %v", err)
	}
}

// The mean of several chains is taken weight by weight, and each has an order of
// its own.
func TestSeveralIsTheMean(t *testing.T) {
	var told []string
	log := func(format string, args ...any) { told = append(told, fmt.Sprintf(format, args...)) }
	c := several(LearnOptions{Orders: 3, Seed: 1, Log: log}, func(opt LearnOptions) *chain {
		c := newChain(2, 1)
		k := float32(opt.Seed-1) / 101 // 0, 1 and 2
		opt.Log("loss %.0f", k)
		for i := range c.w {
			c.w[i] = float32(i) + 3*k
		}
		c.trans[1], c.first[0], c.last[1] = k, 2*k, -k
		return c
	})
	if want := []float32{3, 4, 5, 6}; !slices.Equal(c.w, want) {
		t.Errorf("weights %v, want %v", c.w, want)
	}
	if c.trans[1] != 1 || c.first[0] != 2 || c.last[1] != -1 || c.trans[0] != 0 {
		t.Errorf("transitions %v, starts %v, ends %v", c.trans, c.first, c.last)
	}
	slices.Sort(told)
	if want := []string{"order 1: loss 0", "order 2: loss 1", "order 3: loss 2"}; !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
}

// Links are counted from the paragraph's first word, and cut at its bounds.
func TestLinksOf(t *testing.T) {
	gold := []wordGold{
		{part: [roleCount][]stretch{roleSource: {{8, 11}}, roleCue: {{11, 12}, {14, 15}}, roleContent: {{12, 14}, {18, 25}}}},
		{part: [roleCount][]stretch{roleCue: {{30, 31}}, roleContent: {{12, 14}}}},
		{part: [roleCount][]stretch{roleSource: {{12, 13}}}},
	}
	got := linksOf(para{10, 20}, gold)
	if len(got) != 1 || got[0].Cue != [2]int{1, 2} || !slices.Equal(got[0].Source, [][2]int{{0, 1}}) || !slices.Equal(got[0].Content, [][2]int{{2, 4}, {8, 10}}) {
		t.Errorf("links %+v", got)
	}
}

// Rules of chains that a name or a word of the text before decides.
func TestLinksToMedia(t *testing.T) {
	read, err := reader()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ text, cue, via string }{
		{"The minister resigned on Friday, Le Monde reported. An aide told the same newspaper that nobody had asked her to go.", "told", "Le Monde (newspaper)"},
		{"In an interview broadcast by the BBC on Sunday, Finland's foreign minister said that the border would stay closed.", "said", "BBC (interview)"},
		{"Reuters was told by a Danish diplomat that the talks in Oslo had failed.", "was told", "Reuters (agency)"},
		{"Quoting Danish officials, Der Spiegel said on Monday that the talks had failed.", "said", "Der Spiegel (newspaper)"},
		{"Le Monde said on Monday that the talks had failed. It quoted a Danish diplomat as saying that nobody was to blame.", "quoted", "Le Monde (newspaper)"},
		{"A Danish diplomat told the Global Times, a tabloid, that the talks had failed.", "told", "Global Times (newspaper)"},
		{"Finland's foreign minister said in an e-mail to Reuters that the border would stay closed.", "said in an e-mail to Reuters", "Reuters (agency)"},
		{"The Danish diplomat told NBC's Meet the Press that the talks had failed.", "told", "NBC (broadcaster)"},
		{"Le Monde said on Monday that the talks had failed.", "said", ""},
	} {
		got := "no statement"
		for _, st := range read(c.text, published) {
			if cue := st.Cue[0]; c.text[cue.Start:cue.End] == c.cue {
				got = viaText(st.Via)
				break
			}
		}
		if got != c.via {
			t.Errorf("%s\n\tvia %s, want %s", c.text, got, c.via)
		}
	}
}

// Speakers who are told by what they are.
func TestSpeakersByWhatTheyAre(t *testing.T) {
	read, err := reader()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"The father of one of the sailors, Nils Ostby of Bergen, said that he had heard nothing.":                                     "Nils Ostby",
		"China's chief negotiator, Lin Bao, said that nothing was agreed.":                                                            "Lin Bao",
		"Karl Brandt left on Sunday.\n\nA Gulf official said on Monday that output would fall. He said that no country had objected.": "official",
	} {
		sts := read(text, published)
		if len(sts) == 0 || strings.TrimSpace(sts[len(sts)-1].Speaker.Name) != want {
			t.Errorf("%s\n\t%swant %s", text, describe(sts), want)
		}
	}
}
