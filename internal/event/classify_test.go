package event

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"detente"
	"detente/internal/nlp"
)

// marked are our own lessons; the sentences report nothing.
var marked = `{"marked": "<s>Chad</s> bombed <t>a Libyan port</t>.", "event": "ASSAULT"}
{"marked": "<s>Chad</s> bombed <t>a Libyan airfield</t> on Monday.", "event": "ASSAULT"}
{"marked": "<s>Malta</s> thanked <t>Italy</t> for the boats.", "event": "SUPPORT"}
{"marked": "On Friday <s>Malta</s> thanked <t>Italian sailors</t>.", "event": "SUPPORT"}
{"marked": "<s>Malta</s> let <t>a Libyan sailor</t> go.", "event": "YIELD"}
`

func lessons(t *testing.T, room *room) []Lesson {
	t.Helper()
	ms, err := ReadMarkup("marked", strings.NewReader(marked))
	if err != nil {
		t.Fatal(err)
	}
	var out []Lesson
	for _, m := range ms {
		doc := room.model.Analyze(m.Text, nlp.Options{})
		l, ok := room.coder.Study(Marked{Doc: doc, Cast: room.book.Cast(doc, ""), Source: m.Source, Target: m.Target, Type: m.Type})
		if !ok {
			t.Fatalf("no lesson in %q", m.Text)
		}
		out = append(out, l)
	}
	return out
}

// TestLearn asks that a classifier tells its lessons apart, that the same
// lessons and seed give the same file, and that the file reads back.
func TestLearn(t *testing.T) {
	ls := lessons(t, newRoom(t))
	opt := DefaultLearning
	opt.Least, opt.Drop = 1, 0
	k := Learn(ls, opt)
	for i, l := range ls {
		p := k.chances(l.features)
		if best := slices.Index(p, slices.Max(p)); best != l.kind {
			t.Errorf("lesson %d: got %s, want %s", i, kinds[best], kinds[l.kind])
		}
		sum := 0.
		for _, x := range p {
			sum += x
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Errorf("lesson %d: chances add up to %v", i, sum)
		}
	}
	var a, b bytes.Buffer
	if err := k.Save(&a); err != nil {
		t.Fatal(err)
	}
	if err := Learn(ls, opt).Save(&b); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the same lessons and seed gave two files")
	}
	back, err := readClassifier(fstest.MapFS{classifierFile: {Data: a.Bytes()}})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(back.w, k.w) {
		t.Error("what was read is not what was saved")
	}
	if _, err := readClassifier(fstest.MapFS{classifierFile: {Data: a.Bytes()[:a.Len()/2]}}); err == nil {
		t.Error("half a file was read as a whole one")
	}
}

// TestActsAreTheRules asks that the classifier leaves a sentence alone that
// tells an act, whatever it thinks of it.
func TestActsAreTheRules(t *testing.T) {
	room := newRoom(t)
	room.coder.classifier = &Classifier{w: slices.Repeat([]int8{127}, len(kinds)<<featureBits)} // all types are as likely
	for f := range 1 << featureBits {
		room.coder.classifier.w[f*len(kinds)+kindOf(detente.Aid)] = -127
		room.coder.classifier.w[f*len(kinds)+kindOf(detente.Consult)] = -127
	}
	events, _ := room.code("Chad's foreign minister met his Libyan counterpart on Monday.", "2023-06-14")
	if len(events) != 1 || events[0].By != detente.ByRule || events[0].Act != detente.Contact {
		t.Errorf("got %s", toldString(events))
	}
}

func TestReadMarkup(t *testing.T) {
	ms, err := ReadMarkup("m", strings.NewReader(marked))
	if err != nil {
		t.Fatal(err)
	}
	m := ms[3]
	if m.Text != "On Friday Malta thanked Italian sailors." || m.Text[m.Source.Start:m.Source.End] != "Malta" || m.Text[m.Target.Start:m.Target.End] != "Italian sailors" {
		t.Errorf("got %+v", m)
	}
	if ms[4].Type != detente.Concede {
		t.Errorf("YIELD was read as %s", ms[4].Type)
	}
	if _, err := ReadMarkup("m", strings.NewReader(`{"marked": "x", "event": "PARLEY"}`)); err == nil || !strings.Contains(err.Error(), `"PARLEY"`) {
		t.Errorf("got %v", err)
	}
}

// TestScore counts a gold sentence whose second event is right, and one whose
// two parties act on each other.
func TestScore(t *testing.T) {
	side := func(codes ...detente.Party) (out []detente.Participant) {
		for _, c := range codes {
			out = append(out, detente.Participant{Party: c})
		}
		return out
	}
	var s Score
	s.Add(&Gold{Event: detente.Aid, Sources: []GoldActor{{Code: "CHN"}}, Targets: []GoldActor{{Code: "IGO"}}}, []detente.Event{
		{Type: detente.Agree, Source: side("CHN")},
		{Type: detente.Aid, Source: side("CHN"), Target: side("UN")}})
	s.Add(&Gold{Event: detente.Consult, Sources: []GoldActor{{Code: "TCD"}, {Code: "LBY"}}}, []detente.Event{
		{Type: detente.Consult, Source: side("LBY"), Target: side("TCD")}})
	want := Score{Sentences: 2, Type: 2, First: 1, Events: 3, Right: 2, Sources: 2, SourceRight: 2, Targets: 2, TargetRight: 2, Triples: 2, TripleRight: 2}
	if s != want {
		t.Errorf("got  %+v\nwant %+v", s, want)
	}
}

// TestScale asks that every rule's code has an intensity, and that a broken
// table is refused with its place.
func TestScale(t *testing.T) {
	room := newRoom(t)
	for _, r := range room.coder.rules {
		if r.Type == "" {
			continue
		}
		if _, ok := room.coder.intensities[r.CAMEO[:2]]; !ok {
			t.Errorf("%s:%d: no intensity for %s in events/cameo.tsv", r.File, r.Line, r.CAMEO)
		}
	}
	_, err := loadIntensities(fstest.MapFS{"x.tsv": {Data: []byte("02\tappeal\t11\n")}}, "x.tsv")
	if err == nil || !strings.Contains(err.Error(), "x.tsv:1") {
		t.Errorf("got %v", err)
	}
}
