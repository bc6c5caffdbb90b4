package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"detente"
	"detente/internal/store"
)

// Article is an article's record with what the store knows of it.
type Article struct {
	Known  detente.Date   `json:"known"`
	Read   string         `json:"read"` // RFC 3339, UTC
	Origin string         `json:"origin"`
	Wire   string         `json:"wire,omitempty"`  // agency that is given credit
	Story  string         `json:"story,omitempty"` // the first version, where this is a later one
	Until  detente.Date   `json:"until,omitempty"` // a later version stands in its place from then on
	Record detente.Record `json:"record"`
}

// readLayout writes when an article was read.
const readLayout = "2006-01-02T15:04:05Z07:00"

// articleOf reads an article. Before the day on which it became known there is
// no such article.
func (s *server) articleOf(r *http.Request, id string, asOf detente.Date) (*Article, error) {
	u, head, err := s.store.Unit(r.Context(), id)
	if err != nil {
		return nil, err
	}
	if asOf != "" && head.Known > asOf {
		return nil, &pageError{http.StatusNotFound, "This article was not known yet on " + longDate(asOf) + "."}
	}
	if asOf != "" && head.Until > asOf { // nobody knew of it yet
		head.Until = ""
	}
	return &Article{Known: head.Known, Read: head.Read.Format(readLayout), Origin: u.Origin,
		Wire: head.Wire, Story: head.Story, Until: head.Until, Record: u.Record}, nil
}

type articlePage struct {
	frame
	View       *Article
	Paragraphs []paragraph
	Dyads      []detente.Dyad
}

// paragraph is a block of the text, in pieces, with the notes that stand
// beside it.
type paragraph struct {
	Kind   detente.BlockKind
	Pieces []piece
	Notes  []note
	// Repeats says that it is the title, which the page's heading shows already.
	Repeats bool
}

// piece is a run of text under the same marks.
type piece struct {
	Text    string
	Classes string   // empty: unmarked
	Starts  []string // ids of the notes on what begins here
	Ends    []string // ids of the notes on what ends here
}

// note is one thing that was coded from a paragraph.
type note struct {
	ID        string
	Statement *detente.Statement
	Event     *detente.Event
	Acts      []detente.Act // that the event is; alone where the record has no event for it
	Claim     *detente.Claim
	Indicator *detente.Indicator
	Speaker   string // whose a claim is
	At        int    // where in the text it begins
	Marked    bool   // words in the text are marked for it
}

// Change is an indicator's change with its sign.
func (n note) Change() string { return signed(n.Indicator.Change) }

// textMark is a span of the text that something was coded from.
type textMark struct {
	detente.Span
	class string
	id    string // of the note, at the first of its spans
}

func (s *server) articlePage(r *http.Request) (any, error) {
	asOf, err := asOfOf(r)
	if err != nil {
		return nil, err
	}
	a, err := s.articleOf(r, r.PathValue("id"), asOf)
	if err != nil {
		return nil, err
	}
	p := &articlePage{frame: s.frame(r, asOf, cmp.Or(a.Record.Article.Title, "Article")), View: a, Dyads: store.Dyads(&a.Record)}
	notes, marks := annotate(&a.Record)
	p.Paragraphs = paragraphs(&a.Record, notes, marks)
	p.JSON = p.To("api", "v1", "articles", a.Record.Article.ID)
	return p, nil
}

// annotate lists what was coded and the spans that it was coded from.
func annotate(rec *detente.Record) ([]note, []textMark) {
	var notes []note
	var marks []textMark
	add := func(n note, byClass ...textMark) {
		first := -1
		for i, m := range byClass {
			if m.Len() > 0 && (first < 0 || m.Start < byClass[first].Start) {
				first = i
			}
		}
		if first >= 0 {
			n.At = byClass[first].Start
			byClass[first].id = n.ID
			n.Marked = true
		}
		notes = append(notes, n)
		marks = append(marks, byClass...)
	}
	of := func(class string, spans ...detente.Span) []textMark {
		var ms []textMark
		for _, sp := range spans {
			ms = append(ms, textMark{Span: sp, class: class})
		}
		return ms
	}
	speakers := map[detente.StatementID]string{}
	for i := range rec.Statements {
		st := &rec.Statements[i]
		speakers[st.ID] = cmp.Or(st.Speaker.Name, st.Speaker.Role, "unnamed source")
		add(note{ID: string(st.ID), Statement: st, At: sentenceStart(rec, st.Sentence)},
			slices.Concat(of("speaker", st.Source...), of("cue", st.Cue...), of("content", st.Content...))...)
	}
	acts := map[detente.EventID][]detente.Act{}
	for _, a := range rec.Acts {
		if slices.ContainsFunc(rec.Events, func(ev detente.Event) bool { return ev.ID == a.Event }) {
			acts[a.Event] = append(acts[a.Event], a)
			continue
		}
		add(note{ID: string(a.ID), Acts: []detente.Act{a}, At: sentenceStart(rec, a.Sentence)}, of("trigger", a.Span)...)
	}
	for i := range rec.Events {
		ev := &rec.Events[i]
		add(note{ID: string(ev.ID), Event: ev, Acts: acts[ev.ID], At: sentenceStart(rec, ev.Sentence)}, of("trigger", ev.Trigger...)...)
	}
	for i := range rec.Claims {
		c := &rec.Claims[i]
		add(note{ID: string(c.ID), Claim: c, Speaker: speakers[c.Statement], At: sentenceStart(rec, c.Sentence)}, of("claim", c.Span)...)
	}
	for i := range rec.Indicators {
		in := &rec.Indicators[i]
		add(note{ID: detente.Numbered("i", i+1), Indicator: in, At: in.Start}, of("indicator", in.Span)...)
	}
	slices.SortStableFunc(notes, func(a, b note) int { return cmp.Compare(a.At, b.At) })
	return notes, marks
}

func sentenceStart(rec *detente.Record, i int) int {
	if i < 0 || i >= len(rec.Sentences) {
		return 0
	}
	return rec.Sentences[i].Start
}

// paragraphs divides the text by its blocks, or by blank lines where it has
// none, and gives each its marks and notes.
func paragraphs(rec *detente.Record, notes []note, marks []textMark) []paragraph {
	runes := []rune(rec.Text)
	blocks := rec.Article.Blocks
	if len(blocks) == 0 {
		blocks = blankLineBlocks(runes)
	}
	var out []paragraph
	for i, b := range blocks {
		p := paragraph{Kind: b.Kind, Pieces: pieces(runes, b.Span, marks)}
		p.Repeats = b.Kind == detente.BlockTitle && detente.Slice(runes, b.Span) == rec.Article.Title
		last := i == len(blocks)-1
		for len(notes) > 0 && (last || notes[0].At < b.End) {
			p.Notes = append(p.Notes, notes[0])
			notes = notes[1:]
		}
		out = append(out, p)
	}
	return out
}

func blankLineBlocks(runes []rune) []detente.Block {
	var out []detente.Block
	start := 0
	for i := 0; i <= len(runes); i++ {
		if i < len(runes) && !(runes[i] == '\n' && i+1 < len(runes) && runes[i+1] == '\n') {
			continue
		}
		if strings.TrimSpace(string(runes[start:i])) != "" {
			out = append(out, detente.Block{Kind: detente.BlockBody, Span: detente.Span{Start: start, End: i}})
		}
		start = i
	}
	return out
}

// pieces cuts a block wherever a mark begins or ends.
func pieces(runes []rune, block detente.Span, marks []textMark) []piece {
	cuts := []int{block.Start, block.End}
	var inside []textMark
	for _, m := range marks {
		if m.Overlaps(block) {
			inside = append(inside, m)
			cuts = append(cuts, max(m.Start, block.Start), min(m.End, block.End))
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var out []piece
	for i := 0; i+1 < len(cuts); i++ {
		from, to := cuts[i], cuts[i+1]
		p := piece{Text: string(runes[from:to])}
		var classes []string
		for _, m := range inside {
			if m.Start <= from && to <= m.End && !slices.Contains(classes, m.class) {
				classes = append(classes, m.class)
			}
			if m.id == "" || m.Start < block.Start { // nothing, or begun in an earlier block
				continue
			}
			if m.Start == from {
				p.Starts = append(p.Starts, m.id)
			}
			if m.Start < to && min(m.End, block.End) == to {
				p.Ends = append(p.Ends, m.id)
			}
		}
		p.Classes = strings.Join(classes, " ")
		out = append(out, p)
	}
	return out
}
