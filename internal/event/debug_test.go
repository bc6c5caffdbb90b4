package event

import (
	"detente/internal/nlp"
	"fmt"
	"os"
	"testing"
)

func TestDebug(t *testing.T) {
	text := os.Getenv("DBG")
	if text == "" {
		return
	}
	r := newRoom(t)
	doc := r.model.Analyze(text, nlp.Options{Published: "2023-06-14"})
	for i, w := range doc.Words {
		fmt.Printf("%d %s/%s %s <-%d %s\n", i, w.Form, w.Lemma, w.UPOS+"/"+w.XPOS, w.Head, w.Rel)
	}
	cast := r.book.Cast(doc, "2023-06-14")
	for _, m := range cast.Mentions {
		if m.Actor != nil {
			fmt.Printf("M %d-%d h%d %+v\n", m.First, m.End, m.Head, *m.Actor)
		}
	}
	ev, cl := r.coder.Code(doc, cast, nil, "2023-06-14")
	for _, e := range ev {
		fmt.Printf("E %s %s %s src %v dst %v %s %s\n", e.Rule, e.Type, e.Factuality, e.Source, e.Target, e.Date, e.Channels)
	}
	for _, e := range cl {
		fmt.Printf("C %+v\n", e)
	}
}
