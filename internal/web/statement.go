package web

import (
	"cmp"
	"net/http"
	"slices"

	"detente"
	"detente/internal/store"
)

// Statement is one statement with its surroundings.
type Statement struct {
	Ref       string             `json:"ref"`
	Article   detente.Article    `json:"article"`
	Known     detente.Date       `json:"known"`
	Read      string             `json:"read"`
	Statement detente.Statement  `json:"statement"`
	Within    *detente.Statement `json:"within_statement,omitempty"`
	Before    string             `json:"before"` // the sentence before those in which it stands
	Sentence  string             `json:"sentence"`
	After     string             `json:"after"`
	Content   string             `json:"content"`
	Claims    []detente.Claim    `json:"claims"`
	Acts      []detente.Act      `json:"acts"`
	TextHash  string             `json:"text_sha256"` // of the evidence text that the spans count in
	Reviews   []store.Change     `json:"reviews"`     // by people, of the statement and what it says; the latest first

	versions detente.Versions
	disputes []detente.Dispute
	words    map[detente.ClaimID]string // that make a claim
	marked   []piece                    // the sentence, and how far the statement goes beyond it
}

func (s *server) statementOf(r *http.Request, asOf detente.Date) (*Statement, error) {
	a, err := s.articleOf(r, r.PathValue("article"), asOf)
	if err != nil {
		return nil, err
	}
	st := findStatement(&a.Record, detente.StatementID(r.PathValue("id")))
	if st == nil {
		return nil, &pageError{http.StatusNotFound, "The article has no such statement."}
	}
	runes := []rune(a.Record.Text)
	v := statement(a, runes, st)
	v.Reviews, err = s.reviewsOf(r.Context(), v, asOf)
	return v, err
}

// findStatement gives the statement of an article that has an id, or nil.
func findStatement(rec *detente.Record, id detente.StatementID) *detente.Statement {
	i := slices.IndexFunc(rec.Statements, func(st detente.Statement) bool { return st.ID == id })
	if i < 0 {
		return nil
	}
	return &rec.Statements[i]
}

// sentenceOf gives the text of a sentence; empty where there is none.
func sentenceOf(rec *detente.Record, runes []rune, i int) string {
	if i < 0 || i >= len(rec.Sentences) {
		return ""
	}
	return detente.Slice(runes, rec.Sentences[i])
}

// statement is a statement of an article with its surroundings. runes is the
// article's text.
func statement(a *Article, runes []rune, st *detente.Statement) *Statement {
	rec := &a.Record
	v := &Statement{
		Ref:     store.Ref{Article: rec.Article.ID, ID: string(st.ID)}.String(),
		Article: rec.Article, Known: a.Known, Read: a.Read, Statement: *st, Within: findStatement(rec, st.Within),
		Before: sentenceOf(rec, runes, st.Sentence-1), Sentence: sentenceOf(rec, runes, st.Sentence), After: sentenceOf(rec, runes, st.Sentence+1),
		Content: detente.Slice(runes, st.Content...),
		Claims:  []detente.Claim{}, Acts: []detente.Act{}, TextHash: store.TextHash(rec.Text), Reviews: []store.Change{},
	}
	v.versions, v.disputes, v.words = rec.Versions, rec.Disputes, map[detente.ClaimID]string{}
	for _, c := range rec.Claims {
		if c.Statement == st.ID {
			v.Claims = append(v.Claims, c)
			v.words[c.ID] = detente.Slice(runes, c.Span)
		}
	}
	for _, act := range rec.Acts {
		if act.Statement == st.ID {
			v.Acts = append(v.Acts, act)
		}
	}
	v.mark(rec, runes, st)
	return v
}

// mark cuts the run of text from the first to the last word of a statement and
// its sentence at the ends of source, cue and content, and takes the sentences
// before and after that run for its neighbours.
func (v *Statement) mark(rec *detente.Record, runes []rune, st *detente.Statement) {
	run := rec.Sentences[st.Sentence]
	var marks []textMark
	for _, part := range []struct {
		class string
		spans []detente.Span
	}{{"speaker", st.Source}, {"cue", st.Cue}, {"content", st.Content}} {
		for _, sp := range part.spans {
			marks = append(marks, textMark{Span: sp, class: part.class})
			run.Start, run.End = min(run.Start, sp.Start), max(run.End, sp.End)
		}
	}
	v.Before, v.After = "", ""
	for _, sent := range rec.Sentences {
		switch {
		case sent.Overlaps(run): // the run is never shown short of a sentence's end
			run.Start, run.End = min(run.Start, sent.Start), max(run.End, sent.End)
		case sent.End <= run.Start:
			v.Before = detente.Slice(runes, sent)
		case v.After == "":
			v.After = detente.Slice(runes, sent)
		}
	}
	v.marked = pieces(runes, run, marks)
}

type statementPage struct {
	frame
	View   *Statement
	Pieces []piece
	Outlet string
	Review reviewPart
	Reach  reach
	Refer  reference
}

func (s *server) statementPage(r *http.Request) (any, error) {
	asOf, err := asOfOf(r)
	if err != nil {
		return nil, err
	}
	v, err := s.statementOf(r, asOf)
	if err != nil {
		return nil, err
	}
	st := v.Statement
	p := &statementPage{frame: s.frame(r, asOf, "Statement by "+cmp.Or(st.Speaker.Name, "an unnamed source")), View: v,
		Pieces: v.marked, Outlet: cmp.Or(v.Article.Outlet, "outlet unknown")}
	if p.Reach, err = s.reachOf(r.Context(), v, asOf); err != nil {
		return nil, err
	}
	p.Refer = referTo(v, s.base(r)+r.URL.EscapedPath(), s.Versions)
	p.JSON = p.To("api", "v1", "statements", v.Article.ID, string(st.ID))
	p.Review = s.reviewPart(r, p.frame, v)
	return p, nil
}
