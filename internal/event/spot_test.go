package event

import (
	"errors"
	"testing"

	"detente"
	"detente/data"
	"detente/internal/nlp"
)

// TestReadSpotter asks that a network for something else is refused.
func TestReadSpotter(t *testing.T) {
	model, err := nlp.Default()
	if err != nil {
		t.Fatal(err)
	}
	hearer, err := data.FS.ReadFile("lang/en/quote-hearer.bin")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ReadSpotter(model, hearer); !errors.Is(err, nlp.ErrModel) {
		t.Errorf("the hearer taken for a spotter: %v", err)
	}
	spotter, err := data.FS.ReadFile(spotterFile)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ReadSpotter(model, spotter); err != nil {
		t.Error(err)
	}
	if _, err := ReadSpotter(model, spotter[:len(spotter)/2]); !errors.Is(err, nlp.ErrModel) {
		t.Errorf("half a file read: %v", err)
	}
}

// TestClasses asks what the spotter is told of words.
func TestClasses(t *testing.T) {
	room := newRoom(t)
	doc := room.model.Analyze("Russian Foreign Minister Sergei Lavrov met NATO officials in Geneva. He left.", nlp.Options{Published: "2016-12-20"})
	class := classesOf(doc, room.book.Cast(doc, "2016-12-20"))
	for word, want := range map[string]uint8{"Lavrov": 2, "met": 0, "Geneva": 13, "He": wordClasses - 2} {
		for i := range doc.Words {
			if doc.Words[i].Form == word && class[i] != want {
				t.Errorf("%s has class %d, want %d", word, class[i], want)
			}
		}
	}
}

// TestSides asks which words are of a side: not those far behind the surest, but one
// between two; and how surely words are held.
func TestSides(t *testing.T) {
	var l linked
	l.first = 10
	for _, p := range []float32{.9, .2, .8, 0, .5, .1} { // words 10 to 15, of the source
		l.probs = append(l.probs, p, 0, 0)
	}
	parts := l.sides()
	if got := parts[linkSource]; len(got) != 1 || got[0] != (run{10, 13}) {
		t.Errorf("source %v, want words 10 to 12", got)
	}
	if len(parts[linkTarget])+len(parts[linkMutual]) > 0 {
		t.Errorf("other sides %v", parts)
	}
	for r, want := range map[run]float32{{13, 15}: .5, {15, 16}: .1, {3, 5}: 1, {15, 17}: 1} {
		if got := l.held(r, linkSource, linkTarget); got != want {
			t.Errorf("words %d to %d are held %v, want %v", r.first, r.end-1, got, want)
		}
	}
}

// TestTold asks for deeds that no rule knows, with who decided and how surely, and
// that nothing is told twice at one word.
func TestTold(t *testing.T) {
	room := newRoom(t)
	for text, want := range map[string]string{
		"Chad's president and his Libyan host dined together in Tripoli on Monday.": "CONSULT",
		"Norway hoisted a black flag on Danish shipping and pelted its tankers.":    "",
	} {
		events := room.read(text, "2023-06-14")
		seen := map[detente.Span]bool{}
		told := false
		for _, e := range events {
			for _, s := range e.Trigger {
				if seen[s] {
					t.Errorf("%s: told twice at one word: %s", text, toldString(events))
				}
				seen[s] = true
			}
			if (e.By == detente.ByClassifier) != (e.Probability > 0) || (e.Rule == "") != (e.By == detente.ByClassifier) {
				t.Errorf("%s: by %s, rule %q, probability %v", text, e.By, e.Rule, e.Probability)
			}
			told = told || string(e.Type) == want
		}
		if want != "" && !told {
			t.Errorf("%s: no %s in %s", text, want, toldString(events))
		}
	}
}
