package event

import (
	"errors"
	"testing"

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
