package nlp

import (
	"bytes"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"detente/data"
)

// check tells what of a Doc does not hold: words are pieces of the text in
// order that leave out nothing but white space, sentences divide the words, and
// every sentence is one tree.
func check(d *Doc) error {
	at := 0
	for i, w := range d.Words {
		if w.Start < at || w.End <= w.Start || w.End > len(d.Text) || d.Text[w.Start:w.End] != w.Form {
			return fmt.Errorf("word %d %q stands at %d–%d after %d", i, w.Form, w.Start, w.End, at)
		}
		if s := strings.TrimFunc(d.Text[at:w.Start], isSpace); s != "" {
			return fmt.Errorf("%q before word %d is lost", s, i)
		}
		if utf8.ValidString(d.Text) && !utf8.ValidString(w.Form) {
			return fmt.Errorf("word %d %q cuts a character", i, w.Form)
		}
		at = w.End
	}
	if s := strings.TrimFunc(d.Text[at:], isSpace); s != "" {
		return fmt.Errorf("%q at the end is lost", s)
	}
	next := 0
	for k, s := range d.Sents {
		if s.First != next || s.End <= s.First {
			return fmt.Errorf("sentence %d is words %d–%d after %d", k, s.First, s.End, next)
		}
		next = s.End
		heads := make([]int, s.End-s.First)
		for i := range heads {
			w := d.Words[s.First+i]
			if w.Sent != k {
				return fmt.Errorf("word %d is of sentence %d, not %d", s.First+i, w.Sent, k)
			}
			if (w.Head < 0) != (w.Rel == "root") {
				return fmt.Errorf("word %d has head %d and relation %s", s.First+i, w.Head, w.Rel)
			}
			if w.Head >= 0 {
				heads[i] = w.Head - s.First + 1
			}
			if heads[i] < 0 || heads[i] > len(heads) || w.UPOS == "" || w.XPOS == "" {
				return fmt.Errorf("word %d is wrong: %+v", s.First+i, w)
			}
		}
		if !isTree(heads) {
			return fmt.Errorf("sentence %d has heads %v: no tree", k, heads)
		}
	}
	if next != len(d.Words) {
		return fmt.Errorf("%d words, %d in sentences", len(d.Words), next)
	}
	last := 0
	for _, e := range d.Ents {
		if e.First < last || e.End <= e.First || e.End > len(d.Words) || d.Words[e.First].Sent != d.Words[e.End-1].Sent {
			return fmt.Errorf("name %+v", e)
		}
		last = e.End
	}
	return nil
}

func FuzzAnalyze(f *testing.F) {
	for _, s := range []string{"", " ", "a", "The envoy left. She didn't return.", "\xff\xfe", "“Nothing,” he said.\n\nTALKS OFF", "don’t can't 's '",
		"a\u200bb\x00c", strings.Repeat("no end ", 400), strings.Repeat("(", 300), "İstanbul'da ẞ ﬁ ǅ", "U.S.-led 15-year http://x.example/a?b=c#d :-)"} {
		f.Add(s)
	}
	m := testModel(f)
	f.Fuzz(func(t *testing.T, text string) {
		if err := check(m.Analyze(text, Options{})); err != nil {
			t.Fatal(err)
		}
	})
}

const dispatch = `GENEVA (Agency) - The two ministers met on Tuesday for the first time since March, a spokesman said.

"We have agreed to reopen the line," he told reporters. 'It won't be easy,' Ms. Ortega added.

ENVOY RETURNS TO CAPITAL AFTER TWO YEARS
`

func words(d *Doc, s Sent) string {
	var forms []string
	for _, w := range d.Words[s.First:s.End] {
		forms = append(forms, w.Form)
	}
	return strings.Join(forms, " ")
}

func TestSegments(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"She didn't say why.", []string{"She did n't say why ."}},
		{"Russia's reply came late.", []string{"Russia 's reply came late ."}},
		{"They cannot go.", []string{"They can not go ."}},
		{"The U.S. envoy left. He will be back.", []string{"The U.S. envoy left .", "He will be back ."}},
		{"A 10-year pact was signed by Mr. Hale.", []string{"A 10 - year pact was signed by Mr. Hale ."}},
		{"“We are ready,” she said. “Are you?”", []string{"“ We are ready , ” she said .", "“ Are you ? ”"}},
		{"TALKS END\n\nThe talks ended.", []string{"TALKS END", "The talks ended ."}},
		{"GENEVA, May 3 (Agency) - Talks began.", []string{"GENEVA , May 3 ( Agency ) -", "Talks began ."}},
		{"OSLO — The envoy left.", []string{"OSLO —", "The envoy left ."}},
		{"The minister (a lawyer) - once a judge - left.", []string{"The minister ( a lawyer ) - once a judge - left ."}},
		{"It cost $3.5 million (about €3 million).", []string{"It cost $ 3.5 million ( about € 3 million ) ."}},
	} {
		d := testModel(t).Analyze(c.text, Options{})
		var got []string
		for _, s := range d.Sents {
			got = append(got, words(d, s))
		}
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%q:\n got %q\nwant %q", c.text, got, c.want)
		}
	}
}

// A sentence never crosses a block, whether blocks are given or found.
func TestBlocks(t *testing.T) {
	text := "Talks to\nresume soon and\n\nthe line stays open"
	d := testModel(t).Analyze(text, Options{})
	if len(d.Sents) < 2 || d.Sents[len(d.Sents)-1].Block != 1 {
		t.Errorf("blank line: %+v", d.Sents)
	}
	d = testModel(t).Analyze(text, Options{Blocks: []Range{{0, 8}, {9, 25}, {26, len(text)}}})
	for _, s := range d.Sents {
		from, to := d.Words[s.First].Start, d.Words[s.End-1].End
		b := []Range{{0, 8}, {9, 25}, {26, len(text)}}[s.Block]
		if from < b.Start || to > b.End {
			t.Errorf("sentence %d–%d in block %d", from, to, s.Block)
		}
	}
	d = testModel(t).Analyze(text, Options{Blocks: []Range{{-5, 4}, {2, 1}, {3, 1 << 30}}})
	if len(d.Words) == 0 {
		t.Error("blocks that overlap the text lose it")
	}
}

func TestReadsDispatch(t *testing.T) {
	d := testModel(t).Analyze(dispatch, Options{})
	if err := check(d); err != nil {
		t.Fatal(err)
	}
	said := -1
	for i, w := range d.Words {
		if w.Form == "said" {
			said = i
		}
	}
	if said < 0 {
		t.Fatal("no said")
	}
	w := d.Words[said]
	if w.Lemma != "say" || w.UPOS != "VERB" || w.XPOS != "VBD" || !strings.Contains(w.Feats, "Tense=Past") {
		t.Errorf("said is %+v", w)
	}
	subject := ""
	for _, w := range d.Words {
		if w.Head == said && w.Rel == "nsubj" {
			subject = w.Form
		}
	}
	if subject != "spokesman" {
		t.Errorf("the one who said is %q", subject)
	}
	found := map[string]EntKind{}
	for _, e := range d.Ents {
		found[d.Text[d.Words[e.First].Start:d.Words[e.End-1].End]] = e.Kind
	}
	if found["Ms. Ortega"] != Person && found["Ortega"] != Person {
		t.Errorf("names %v", found)
	}
}

// The same text gives the same Doc, however many read at once, and whichever
// kernel multiplies.
func TestSameForAll(t *testing.T) {
	m := testModel(t)
	text := strings.Repeat(dispatch, 5)
	want := m.Analyze(text, Options{})
	var wg sync.WaitGroup
	for range 2 * runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			if got := m.Analyze(text, Options{}); !reflect.DeepEqual(got, want) {
				t.Error("two readings differ")
			}
		})
	}
	wg.Wait()
	portable(t)
	if got := m.Analyze(text, Options{}); !reflect.DeepEqual(got, want) {
		t.Error("the portable kernel reads otherwise")
	}
}

// A sentence is read alike alone and among others.
func TestSentencesAreReadAlone(t *testing.T) {
	m := testModel(t)
	d := m.Analyze(dispatch, Options{})
	for _, s := range d.Sents {
		from, to := d.Words[s.First].Start, d.Words[s.End-1].End
		alone := m.Analyze(d.Text[from:to], Options{})
		if len(alone.Sents) != 1 {
			continue // without what follows, an end is seen elsewhere
		}
		for i, w := range alone.Words {
			in := d.Words[s.First+i]
			if w.Form != in.Form || w.XPOS != in.XPOS || w.Rel != in.Rel {
				t.Errorf("%q alone is %s %s, among others %s %s", w.Form, w.XPOS, w.Rel, in.XPOS, in.Rel)
			}
		}
	}
}

// What was written is read back as it was.
func TestConlluRoundTrip(t *testing.T) {
	m := testModel(t)
	d := m.Analyze(dispatch, Options{})
	var b bytes.Buffer
	if err := WriteConllu(&b, d); err != nil {
		t.Fatal(err)
	}
	got, err := ReadConllu(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Words) != len(d.Words) || len(got.Sents) != len(d.Sents) {
		t.Fatalf("%d words in %d sentences, want %d in %d", len(got.Words), len(got.Sents), len(d.Words), len(d.Sents))
	}
	for i, w := range got.Words {
		in := d.Words[i]
		in.Start, in.End, w.Start, w.End = 0, 0, 0, 0
		in.SpaceAfter, w.SpaceAfter = false, false
		if w != in {
			t.Errorf("word %d\n got %+v\nwant %+v", i, w, in)
		}
	}
	var again bytes.Buffer
	if err := WriteConllu(&again, got); err != nil {
		t.Fatal(err)
	}
	if again.String() != b.String() {
		t.Error("written twice, it differs")
	}
	scores, err := ScoreSyntax(d, got)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range scores {
		if s.F1() != 100 {
			t.Errorf("%s %.2f against itself", s.Name, s.F1())
		}
	}
}

func TestReadConlluErrors(t *testing.T) {
	for name, text := range map[string]string{
		"line 1: 2 columns":         "1\ta\n",
		"line 1: head":              "1\ta\t_\t_\t_\t_\tx\t_\t_\t_\n",
		"line 2: head 5":            "1\ta\t_\t_\t_\t_\t5\t_\t_\t_\n\n",
		"line 2: the sentence ends": "1-2\tab\t_\t_\t_\t_\t_\t_\t_\t_\n\n1\ta\t_\t_\t_\t_\t0\t_\t_\t_\n",
		"no range":                  "2-1\tab\t_\t_\t_\t_\t_\t_\t_\t_\n",
	} {
		_, err := ReadConllu(strings.NewReader(text))
		if err == nil || !strings.Contains(err.Error(), strings.SplitN(name, ": ", 2)[0]) && !strings.Contains(err.Error(), name) {
			t.Errorf("%q: error %v", name, err)
		}
	}
}

func FuzzReadConllu(f *testing.F) {
	f.Add("1\ta\t_\t_\t_\t_\t0\troot\t_\t_\n\n")
	f.Add("1-2\tdon't\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No\n1\tdo\t_\t_\t_\t_\t0\t_\t_\t_\n2\tn't\t_\t_\t_\t_\t1\t_\t_\t_\n3\t.\t_\t_\t_\t_\t1\t_\t_\t_\n")
	m := testModel(f)
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ReadConllu(strings.NewReader(text))
		if err != nil || len(d.Words) > 2000 {
			return
		}
		m.Annotate(d, Options{})
		for _, s := range d.Sents {
			heads := make([]int, s.End-s.First)
			for i := range heads {
				if h := d.Words[s.First+i].Head; h >= 0 {
					heads[i] = h - s.First + 1
				}
			}
			if !isTree(heads) {
				t.Fatalf("no tree: %v", heads)
			}
		}
		if err := WriteConllu(&bytes.Buffer{}, d); err != nil {
			t.Fatal(err)
		}
	})
}

// A text without any end or break is cut into sentences of bounded length.
func TestEndlessSentence(t *testing.T) {
	d := testModel(t).Analyze(strings.Repeat("word ", 3000), Options{})
	for _, s := range d.Sents {
		if s.End-s.First > maxSentence {
			t.Fatalf("a sentence of %d words", s.End-s.First)
		}
	}
	if err := check(d); err != nil {
		t.Fatal(err)
	}
}

func TestLoadRefuses(t *testing.T) {
	for _, b := range [][]byte{nil, []byte("x"), []byte(modelMagic), []byte(modelMagic + "\xff\xff\xff\xff"), []byte(modelMagic + "\x02\x00\x00\x00{}")} {
		if _, err := Load(b); err == nil {
			t.Errorf("%q is read as a model", b)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	file, err := data.FS.ReadFile(modelFile)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Load(file); err != nil {
			b.Fatal(err)
		}
	}
}

func benchText() string { return strings.Repeat(dispatch, 20) }

func perWord(b *testing.B, n int) {
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "words/s")
}

func BenchmarkAnalyze(b *testing.B) {
	m, text := testModel(b), benchText()
	n := 0
	for b.Loop() {
		n = len(m.Analyze(text, Options{}).Words)
	}
	perWord(b, n)
}

func BenchmarkSegment(b *testing.B) {
	m, text := testModel(b), benchText()
	n := 0
	for b.Loop() {
		d := &Doc{Text: text}
		m.segment(d, 0, len(text), 0, 1)
		n = len(d.Words)
	}
	perWord(b, n)
}

func BenchmarkSentences(b *testing.B) {
	m := testModel(b)
	d := m.Analyze(benchText(), Options{})
	for b.Loop() {
		d.Ents = d.Ents[:0]
		m.readSentences(d)
	}
	perWord(b, len(d.Words))
}

func BenchmarkTimes(b *testing.B) {
	d := testModel(b).Analyze(benchText(), Options{})
	low := lowered(d.Words)
	for b.Loop() {
		d.Times = findTimes(d, low, "2016-12-22")
	}
	perWord(b, len(d.Words))
}

func BenchmarkChains(b *testing.B) {
	d := testModel(b).Analyze(benchText(), Options{})
	low := lowered(d.Words)
	for b.Loop() {
		d.Chains = findChains(d, low)
	}
	perWord(b, len(d.Words))
}
