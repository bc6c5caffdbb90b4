package train

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"detente/data"
	"detente/internal/nlp"
)

const trees = `# newdoc id = one
# newpar
# text = "We can't go," she said.
1	"	"	PUNCT	` + "``" + `	_	5	punct	_	SpaceAfter=No
2	We	we	PRON	PRP	_	5	nsubj	_	_
3-4	can't	_	_	_	_	_	_	_	_
3	ca	can	AUX	MD	_	5	aux	_	_
4	n't	not	PART	RB	_	5	advmod	_	_
5	go	go	VERB	VB	VerbForm=Inf	8	ccomp	_	SpaceAfter=No
6	,	,	PUNCT	,	_	5	punct	_	SpaceAfter=No
7	"	"	PUNCT	''	_	5	punct	_	_
8	said	say	VERB	VBD	Tense=Past	0	root	_	SpaceAfter=No
9	.	.	PUNCT	.	_	8	punct	_	_

`

// folder makes a data folder with one treebank, and the network of the embedded
// model as a file of its own.
func folder(t *testing.T) (dir, network string) {
	t.Helper()
	dir = t.TempDir()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	for range 12 {
		if _, err := z.Write([]byte(trees)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	model, err := data.FS.ReadFile("lang/en/model.bin")
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(model, []byte("detente network 1\n"))
	if at < 0 {
		t.Fatal("no network in the embedded model")
	}
	network = filepath.Join(dir, "network.bin")
	syntax := filepath.Join(dir, "syntax")
	if err := os.Mkdir(syntax, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{network: model[at:], filepath.Join(syntax, "own-train.conllu.gz"): b.Bytes()} {
		if err := os.WriteFile(name, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir, network
}

func TestSameSeedSameFile(t *testing.T) {
	dir, network := folder(t)
	var files [2]bytes.Buffer
	for i := range files {
		m, err := Run(Options{Dir: dir, Network: network, Seed: 5, Epochs: 2})
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Write(&files[i]); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(files[0].Bytes(), files[1].Bytes()) {
		t.Fatal("the same data, network and seed give two files")
	}
	m, err := nlp.Load(files[0].Bytes())
	if err != nil {
		t.Fatal(err)
	}
	d := m.Analyze(`"We can't go," she said.`, nlp.Options{})
	var got []string
	for _, w := range d.Words {
		got = append(got, w.Form+"/"+w.Lemma)
	}
	if want := `"/" We/we ca/can n't/not go/go ,/, "/" she/she said/say ./.`; strings.Join(got, " ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, " "), want)
	}
}

func TestRunNeedsData(t *testing.T) {
	_, err := Run(Options{Dir: t.TempDir(), Network: "none", Epochs: 1})
	if err == nil || !strings.Contains(err.Error(), "--data") {
		t.Errorf("error %v", err)
	}
	dir, _ := folder(t)
	if _, err = Run(Options{Dir: dir, Network: filepath.Join(dir, "none"), Epochs: 1}); err == nil {
		t.Error("no network, no error")
	}
}

func TestRestyledKeepsPlaces(t *testing.T) {
	doc, err := nlp.ReadConllu(strings.NewReader(trees))
	if err != nil {
		t.Fatal(err)
	}
	docs := make([]*nlp.Doc, 20)
	for i := range docs {
		docs[i] = doc
	}
	for _, d := range restyled(docs) {
		if d.Text == doc.Text {
			t.Error("restyled as it was")
		}
		for i, w := range d.Words {
			if d.Text[w.Start:w.End] != w.Form || w.Head != doc.Words[i].Head {
				t.Errorf("word %d is %+v in %q", i, w, d.Text)
			}
		}
	}
}
