package event

import (
	"encoding/json"
	"strings"
	"testing"

	"detente"
	"detente/internal/nlp"
)

// markedText is a marked text of ours.
const markedText = `{"text": "Chad urged Niger to free two sailors.\n\nMali and Togo met.", "published": "2023-06-14", "events": [
 {"type": "REQUEST", "factuality": "happened", "main": true, "trigger": {"start": 5, "end": 10}, "source": [{"start": 0, "end": 4}], "target": [{"start": 11, "end": 16}]},
 {"type": "RETREAT", "factuality": "called-for", "trigger": {"start": 20, "end": 24}, "source": [{"start": 11, "end": 16}], "target": [{"start": 25, "end": 36}]},
 {"type": "CONSULT", "factuality": "happened", "trigger": {"start": 53, "end": 56}, "source": [{"start": 39, "end": 43}, {"start": 48, "end": 52}], "target": []}]}`

func readMarked(t *testing.T) Marked {
	t.Helper()
	ms, err := ReadMarked("marked", strings.NewReader(strings.ReplaceAll(markedText, "\n {", "{")))
	if err != nil {
		t.Fatal(err)
	}
	return ms[0]
}

// TestWriteWords asks that marks are counted in words of their paragraph, and that
// who does something with each other stands apart.
func TestWriteWords(t *testing.T) {
	room, m := newRoom(t), readMarked(t)
	doc := room.model.Analyze(m.Text, nlp.Options{Published: m.Published})
	var b strings.Builder
	if err := WriteWords(&b, &m, doc, room.book.Cast(doc, m.Published)); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d lines, want one for each paragraph", len(lines))
	}
	said := func(line string) (out []string) {
		var l wordsLine
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatal(err)
		}
		if len(l.Words) != len(l.Marks) || l.Ends[len(l.Ends)-1] != len(l.Words) {
			t.Errorf("line does not fit together: %s", line)
		}
		words := func(ns []int) (out string) {
			for _, n := range ns {
				out += "[" + l.Words[n] + "]"
			}
			return out
		}
		for _, s := range *l.Spots {
			out = append(out, l.Words[s.Word]+" "+string(spotKinds[s.Type-1])+" "+string(spotStances[s.Stance])+" "+words(s.Source)+">"+words(s.Target)+" "+words(s.Mutual))
		}
		return out
	}
	got := strings.Join(append(said(lines[0]), said(lines[1])...), "\n")
	want := "urged REQUEST happened [Chad]>[Niger] \nfree RETREAT called-for [Niger]>[two][sailors] \nmet CONSULT happened > [Mali][Togo]"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	m.Events = nil
	b.Reset()
	if err := WriteWords(&b, &m, doc, room.book.Cast(doc, m.Published)); err != nil || strings.Contains(b.String(), "spots") {
		t.Errorf("a text that nobody marked has spots (%v): %s", err, b.String())
	}
}

// TestMarkScore counts events that are right, of a wrong side, of a wrong
// factuality, and what a demanded deed becomes.
func TestMarkScore(t *testing.T) {
	room, m := newRoom(t), readMarked(t)
	doc := room.model.Analyze(m.Text, nlp.Options{Published: m.Published})
	side := func(p detente.Party) []detente.Participant { return []detente.Participant{{Party: p}} }
	happened, called := detente.Happened, detente.CalledFor
	var s MarkScore
	s.Add(&m, doc, room.book.Cast(doc, m.Published), []detente.Event{
		{Type: detente.Request, Factuality: happened, Source: side("TCD"), Target: side("NER"), Sentence: 0},                         // right
		{Type: detente.Request, Factuality: called, Source: side("NER"), Sentence: 0, Trigger: []detente.Span{{Start: 20, End: 24}}}, // what RETREAT becomes
		{Type: detente.Consult, Factuality: happened, Source: side("MLI"), Target: side("BEN"), Sentence: 1},                         // a party too many
		{Type: detente.Consult, Factuality: detente.Planned, Source: side("MLI"), Target: side("TGO"), Sentence: 1},
		{Type: detente.Consult, Factuality: happened, Source: side("TGO"), Target: side("MLI"), Sentence: 1, Act: detente.Contact}, // with each other
		{Type: detente.Consult, Factuality: happened, Source: side("TGO"), Target: side("MLI"), Sentence: 1, Act: detente.Contact}, // twice
	})
	want := MarkScore{Told: 6, Right: 3, Typed: 4, Marks: 3, Found: 3, Main: 1, First: 1, Met: 1, Stance: 1, Contacts: 2, TrueContacts: 1}
	if s != want {
		t.Errorf("got %+v, want %+v", s, want)
	}
}

// TestReadMarked asks that marks that say nothing are named.
func TestReadMarked(t *testing.T) {
	for line, want := range map[string]string{
		`{"text": "Mali left.", "events": [{"type": "LEAVE", "factuality": "happened", "trigger": {"start": 5, "end": 9}}]}`: "text 1: a mark of type",
		`{"text": "Mali left.", "events": [{"type": "REJECT", "factuality": "maybe", "trigger": {"start": 5, "end": 9}}]}`:   "text 1: a mark of type",
		`{"text": "Mali left.", "events": [{"type": "REJECT", "factuality": "denied", "trigger": {"start": 5, "end": 19}}]}`: "text 1: a span from 5 to 19",
		`{"text": "Mali left."`: "marked:1:",
	} {
		if _, err := ReadMarked("marked", strings.NewReader(line)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", line, err, want)
		}
	}
}
