package web

import (
	"cmp"
	"slices"
	"strings"

	"detente"
	"detente/internal/store"
)

// Annotations follow the W3C Web Annotation Data Model. The target is the
// evidence text, which never changes and which /text serves; the address that
// it was read at is only where it came from. Each target has the words with
// what stands around them, and their place in code points.

// around is how many code points before and after the words are given.
const around = 32

// annotationContext are the contexts of the answers. schema.org's sha256 names
// the text's digest, for which the model has no word; anchor is ours.
var annotationContext = []any{
	"http://www.w3.org/ns/anno.jsonld",
	map[string]string{"sha256": "http://schema.org/sha256", "anchor": "tag:localhost,2026:terms/anchor"},
}

// Anchor says how annotations stand to the text that a client holds.
type Anchor string

// Anchors.
const (
	// Exact: selectors hold in the text that has this SHA-256.
	Exact Anchor = "exact"
	// Orphaned: the client's text is another one. There are no selectors, as
	// none would hold in it, and likeness is no evidence.
	Orphaned Anchor = "orphaned"
)

// AnnotationCollection is what was coded from one article.
type AnnotationCollection struct {
	Context []any          `json:"@context"`
	ID      string         `json:"id"`
	Type    string         `json:"type"`
	Label   string         `json:"label"`
	Total   int            `json:"total"`
	Anchor  Anchor         `json:"anchor"`
	SHA256  string         `json:"sha256"` // of the evidence text, UTF-8
	First   AnnotationPage `json:"first"`
}

// AnnotationPage holds all of the collection's annotations.
type AnnotationPage struct {
	ID         string       `json:"id"`
	Type       string       `json:"type"`
	PartOf     string       `json:"partOf"`
	StartIndex int          `json:"startIndex"`
	Items      []Annotation `json:"items"`
}

// Annotation is one thing that was coded from words of the text.
type Annotation struct {
	ID         string             `json:"id"`
	Type       string             `json:"type"`
	Motivation string             `json:"motivation"`
	Anchor     Anchor             `json:"anchor"`
	Body       []AnnotationBody   `json:"body"`
	Target     []AnnotationTarget `json:"target"` // one for each run of words
}

// AnnotationBody is what was coded: in words, or the address of it.
type AnnotationBody struct {
	Type     string `json:"type"`
	ID       string `json:"id,omitempty"`
	Purpose  string `json:"purpose,omitempty"`
	Value    string `json:"value,omitempty"`
	Format   string `json:"format,omitempty"`
	Language string `json:"language,omitempty"`
}

// AnnotationTarget is a run of words of the evidence text.
type AnnotationTarget struct {
	Source   AnnotationSource     `json:"source"`
	Selector []AnnotationSelector `json:"selector,omitempty"`
}

// AnnotationSource is the evidence text.
type AnnotationSource struct {
	ID       string `json:"id"`
	Type     string `json:"type"`
	Format   string `json:"format"`
	Language string `json:"language,omitempty"`
	Via      string `json:"via,omitempty"` // where it was read
	SHA256   string `json:"sha256"`
}

// AnnotationSelector is a TextQuoteSelector (exact, prefix, suffix) or a
// TextPositionSelector (start, end).
type AnnotationSelector struct {
	Type   string  `json:"type"`
	Exact  *string `json:"exact,omitempty"`
	Prefix *string `json:"prefix,omitempty"`
	Suffix *string `json:"suffix,omitempty"`
	Start  *int    `json:"start,omitempty"`
	End    *int    `json:"end,omitempty"`
}

// annotations answers with what was coded from an article.
func (s *server) annotations(q *ask) (any, error) {
	id := q.PathValue("id")
	a, err := s.articleOf(q.Request, id, q.asOf)
	if err != nil {
		return nil, err
	}
	rec := &a.Record
	at := s.base(q.Request) + pathOf("api", "v1", "articles", id)
	w := &annotator{base: s.base(q.Request), at: at, rec: rec, runes: []rune(rec.Text), anchor: Exact,
		source: AnnotationSource{ID: at + "/text", Type: "Text", Format: mediaText, Language: rec.Article.Language,
			Via: webLink(rec.Article.URL), SHA256: store.TextHash(rec.Text)}}
	if held := q.get("sha256"); held != "" && !strings.EqualFold(held, w.source.SHA256) {
		w.anchor = Orphaned
	}
	w.all()
	col := at + "/annotations"
	return &AnnotationCollection{Context: annotationContext, ID: col, Type: "AnnotationCollection",
		Label: cmp.Or(rec.Article.Title, id), Total: len(w.made), Anchor: w.anchor, SHA256: w.source.SHA256,
		First: AnnotationPage{ID: col + "#page", Type: "AnnotationPage", PartOf: col, Items: w.made}}, nil
}

// annotator makes the annotations of one article.
type annotator struct {
	base, at string
	rec      *detente.Record
	runes    []rune
	source   AnnotationSource
	anchor   Anchor
	made     []Annotation
}

// all annotates what was coded, kind by kind, in the order of the record.
func (w *annotator) all() {
	article := w.rec.Article.ID
	for i := range w.rec.Statements {
		st := &w.rec.Statements[i]
		link := w.base + pathOf("api", "v1", "statements", article, string(st.ID))
		who := withParty(cmp.Or(st.Speaker.Name, st.Speaker.Role, "unnamed source"), st.Speaker.Party)
		w.add(string(st.ID)+".source", "identifying", who, link, st.Source...)
		w.add(string(st.ID)+".cue", "classifying", cmp.Or(string(st.Modality), "said"), link, st.Cue...)
		w.add(string(st.ID)+".content", "describing", saidLine(who, st), link, st.Content...)
	}
	for i := range w.rec.Events {
		ev := &w.rec.Events[i]
		w.add(string(ev.ID), "classifying", eventLine(ev), w.page(string(ev.ID)), ev.Trigger...)
		for _, side := range []struct {
			name string
			of   []detente.Participant
		}{{"source", ev.Source}, {"target", ev.Target}} {
			for n, p := range side.of {
				w.add(string(ev.ID)+"."+detente.Numbered(side.name, n+1), "identifying", withParty(p.Name, p.Party), w.page(string(ev.ID)), p.Span)
			}
		}
	}
	for _, a := range w.rec.Acts {
		w.add(string(a.ID), "classifying", a.Dyad.String()+" "+string(a.Channel)+": "+actLine(a), w.page(string(cmp.Or(detente.ActID(a.Event), a.ID))), a.Span)
	}
	for _, c := range w.rec.Claims {
		w.add(string(c.ID), "classifying", c.Dyad.String()+" "+string(c.Channel)+": "+claimLine(c), w.page(string(c.ID)), c.Span)
	}
	for i, in := range w.rec.Indicators {
		line := in.Name + " " + signed(in.Change) + " " + in.Unit
		if in.Since != "" {
			line += " since " + string(in.Since)
		}
		id := detente.Numbered("i", i+1)
		w.add(id, "describing", line, w.page(id), in.Span)
	}
}

// page is the address of a thing on its article's page.
func (w *annotator) page(id string) string {
	return w.base + pathOf("articles", w.rec.Article.ID) + "#" + strings.TrimPrefix(pathOf(id), "/")
}

// add annotates runs of words; what stands on no words is left out.
func (w *annotator) add(id, motivation, value, link string, spans ...detente.Span) {
	spans = slices.DeleteFunc(slices.Clone(spans), func(sp detente.Span) bool {
		return sp.Len() <= 0 || sp.Start < 0 || sp.End > len(w.runes)
	})
	if len(spans) == 0 {
		return
	}
	a := Annotation{ID: w.at + "/annotations#" + strings.TrimPrefix(pathOf(id), "/"), Type: "Annotation", Motivation: motivation, Anchor: w.anchor,
		Body: []AnnotationBody{
			{Type: "TextualBody", Purpose: motivation, Value: value, Format: mediaText, Language: "en"},
			{Type: "Dataset", ID: link},
		}}
	for _, sp := range spans {
		t := AnnotationTarget{Source: w.source}
		if w.anchor == Exact {
			t.Selector = w.selectors(sp)
		}
		a.Target = append(a.Target, t)
	}
	w.made = append(w.made, a)
}

func (w *annotator) selectors(sp detente.Span) []AnnotationSelector {
	exact := string(w.runes[sp.Start:sp.End])
	prefix := string(w.runes[max(0, sp.Start-around):sp.Start])
	suffix := string(w.runes[sp.End:min(len(w.runes), sp.End+around)])
	return []AnnotationSelector{
		{Type: "TextQuoteSelector", Exact: &exact, Prefix: &prefix, Suffix: &suffix},
		{Type: "TextPositionSelector", Start: &sp.Start, End: &sp.End},
	}
}

// saidLine says whose words these are: "Ann Whitlow (USA), said on 2018-03-14, via Meridian".
func saidLine(who string, st *detente.Statement) string {
	line := who
	if st.SaidOn != "" {
		line += ", said on " + string(st.SaidOn)
	}
	for _, l := range st.Via {
		line += ", via " + l.Name
	}
	return line
}

// eventLine is an event in words: "CONSULT phone, happened, 2018-03-12".
func eventLine(ev *detente.Event) string {
	parts := []string{strings.TrimSpace(string(ev.Type) + " " + ev.Mode)}
	for _, p := range []string{string(ev.Factuality), string(ev.Date)} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ", ")
}
