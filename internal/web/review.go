package web

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"detente"
	"detente/internal/store"
)

// A review is what a person says of what the program found: that it is
// confirmed, corrected or rejected, as the codebook has it. It is a line of the
// log of changes and alters nothing else: pages show it beside what was found.
// Who is truthful is no question that a review answers; what it may say of a
// claim is the finding, in the codebook's words.

// Review is what is sent to review something.
type Review struct {
	Item    string        `json:"item"` // ARTICLE#s1
	Verdict store.Verdict `json:"verdict"`
	Field   string        `json:"field"` // empty: all of it
	New     string        `json:"new"`   // where it is corrected
	Reason  string        `json:"reason"`
	By      string        `json:"by"` // the name of who reviews, which is shown
}

// wholeItem is the field of a review that is about all of an item.
const wholeItem = "review"

// unreviewed is what a wholeItem is before anybody has looked at it.
const unreviewed = "unreviewed"

const (
	maxName   = 100 // characters
	maxReason = 1000
	maxValue  = 200
	// maxReviews is how many reviews of one article are read.
	maxReviews = 1000
)

var verdicts = []store.Verdict{store.Confirmed, store.Corrected, store.Rejected}

// codeField is what can be reviewed of an item.
type codeField struct {
	Name  string
	Value string   // as the program found it
	words []string // that it may have; nil: any, if check allows it
	check func(string) error
}

func words[T ~string](list ...T) []string {
	var out []string
	for _, w := range list {
		out = append(out, string(w))
	}
	return out
}

var channelWords = words(detente.Channels...)

// fieldsOf lists what can be reviewed of an item; ok is false where the record
// has no such item.
func fieldsOf(rec *detente.Record, id string) (fields []codeField, ok bool) {
	for _, st := range rec.Statements {
		if string(st.ID) == id {
			return []codeField{
				{Name: "speaker", Value: st.Speaker.Name},
				{Name: "party", Value: string(st.Speaker.Party), check: isParty},
				{Name: "said_on", Value: string(st.SaidOn), check: isDate},
				{Name: "kind", Value: string(st.Kind), words: words(detente.Direct, detente.Mixed, detente.Indirect)},
				{Name: "modality", Value: string(st.Modality), words: words(detente.Asserted, detente.Denied, detente.Expected,
					detente.Intended, detente.Doubted, detente.Possible, detente.UnknownTo)},
				{Name: "negated", Value: strconv.FormatBool(st.Negated), words: []string{"true", "false"}},
			}, true
		}
	}
	for _, c := range rec.Claims {
		if string(c.ID) == id {
			return []codeField{
				{Name: "dyad", Value: c.Dyad.String(), check: isDyad},
				{Name: "channel", Value: string(c.Channel), words: channelWords},
				{Name: "state", Value: string(c.State), words: words(detente.Open, detente.Minimal, detente.Frozen, detente.Severed, detente.Unknown)},
				{Name: "scope", Value: c.Scope, words: []string{"every", "almost every", "some"}},
				{Name: "denies", Value: strconv.FormatBool(c.Denies), words: []string{"true", "false"}},
				{Name: findingField, Value: string(findingOf(rec, c.ID)), words: words(detente.RecordContradicts, detente.RecordSupports,
					detente.WordAgainstWord, detente.Settled)},
			}, true
		}
	}
	for _, a := range rec.Acts {
		if string(a.ID) == id {
			return []codeField{
				{Name: "kind", Value: string(a.Kind), words: words(detente.Contact, detente.Freeze, detente.Thaw)},
				{Name: "dyad", Value: a.Dyad.String(), check: isDyad},
				{Name: "channel", Value: string(a.Channel), words: channelWords},
				{Name: "date", Value: string(a.Date), check: isDate},
				{Name: "factuality", Value: string(a.Factuality), words: words(detente.Happened, detente.Planned, detente.CalledFor,
					detente.Alleged, detente.DeniedHappened)},
			}, true
		}
	}
	return nil, false
}

// findingField is what the record says of a claim.
const findingField = "finding"

// findingOf is what the article's own board says of a claim; empty where
// nobody disputes it there.
func findingOf(rec *detente.Record, id detente.ClaimID) detente.Finding {
	for _, d := range rec.Disputes {
		if d.Claim == id {
			return d.Finding
		}
	}
	return ""
}

func isDate(s string) error {
	if _, ok := detente.Date(s).Time(); !ok {
		return errors.New("a date is written YYYY-MM-DD, YYYY-MM or YYYY")
	}
	return nil
}

func isDyad(s string) error {
	d, err := detente.ParseDyad(s)
	if err == nil && d.String() != s {
		err = fmt.Errorf("a dyad is written in alphabetical order, as %s", d)
	}
	return err
}

func isParty(s string) error {
	for _, r := range s {
		if !unicode.IsUpper(r) && !unicode.IsDigit(r) {
			return errors.New("a party is a code in capital letters, as RUS or NATO")
		}
	}
	return nil
}

// fits reports why a value cannot stand in the field.
func (f *codeField) fits(value string) error {
	if f.words != nil && !slices.Contains(f.words, value) {
		return fmt.Errorf("%s is one of %s", f.Name, strings.Join(f.words, ", "))
	}
	if f.check != nil {
		return f.check(value)
	}
	return nil
}

// line makes the line of the log that a review is, or says what is wrong with
// it. earlier: the reviews of the article, the latest first.
func (v *Review) line(rec *detente.Record, earlier []store.Change, now time.Time) (store.Change, error) {
	v.tidy()
	ref, err := store.ParseRef(v.Item)
	if err != nil {
		return store.Change{}, err
	}
	fields, ok := fieldsOf(rec, ref.ID)
	if !ok {
		return store.Change{}, fmt.Errorf("the article has no %s", ref.ID)
	}
	if err := v.complete(); err != nil {
		return store.Change{}, err
	}
	c := store.Change{At: now.UTC().Truncate(time.Second), Item: v.Item, Field: cmp.Or(v.Field, wholeItem), Trigger: store.ByReview,
		Sources: []string{v.Item}, Version: store.VersionLine(rec.Versions), By: v.By, Verdict: v.Verdict, Reason: v.Reason,
		TextHash: store.TextHash(rec.Text)}
	if v.Field == "" {
		c.Old, c.New = unreviewed, string(v.Verdict)
		if last := lastOf(earlier, c); last != nil {
			c.Old = last.New
		}
		return c, nil
	}
	i := slices.IndexFunc(fields, func(f codeField) bool { return f.Name == v.Field })
	if i < 0 {
		return c, fmt.Errorf("%s has no field %q; it has %s", ref.ID, v.Field, strings.Join(names(fields), ", "))
	}
	c.Old = fields[i].Value
	if last := lastOf(earlier, c); last != nil {
		c.Old = last.New
	}
	if v.Verdict == store.Confirmed {
		if c.New = c.Old; c.New == "" {
			return c, fmt.Errorf("there is no %s to be confirmed", v.Field)
		}
		return c, nil
	}
	if c.New = v.New; c.New == c.Old {
		return c, fmt.Errorf("%s is %q already", v.Field, c.New)
	}
	return c, fields[i].fits(c.New)
}

// tidy takes off what forms and people add.
func (v *Review) tidy() {
	for _, s := range []*string{&v.Item, &v.Field, &v.New, &v.Reason, &v.By} {
		*s = strings.TrimSpace(*s)
	}
}

// complete reports what is missing or too much.
func (v *Review) complete() error {
	switch {
	case !slices.Contains(verdicts, v.Verdict):
		return errors.New("the verdict is confirmed, corrected or rejected")
	case v.By == "":
		return errors.New("a review needs the name of who reviews")
	case v.Verdict == store.Corrected && (v.Field == "" || v.New == ""):
		return errors.New("a correction names a field and what stands in it")
	case v.Verdict != store.Corrected && v.New != "":
		return fmt.Errorf("only a correction says what should stand there; this is %s", v.Verdict)
	case v.Verdict == store.Rejected && v.Field != "":
		return errors.New("all of it is rejected, or one field is corrected")
	case v.Verdict != store.Confirmed && v.Reason == "":
		return errors.New("say why, so that others can follow it")
	}
	for _, part := range []struct {
		name, value string
		most        int
	}{{"name", v.By, maxName}, {"reason", v.Reason, maxReason}, {"value", v.New, maxValue}} {
		if utf8.RuneCountInString(part.value) > part.most {
			return fmt.Errorf("the %s is longer than %d characters", part.name, part.most)
		}
		if !utf8.ValidString(part.value) || strings.ContainsFunc(part.value, unicode.IsControl) {
			return fmt.Errorf("the %s holds characters that are none", part.name)
		}
	}
	return nil
}

func names(fields []codeField) []string {
	var out []string
	for _, f := range fields {
		out = append(out, f.Name)
	}
	return out
}

// lastOf finds the latest review of what c is about, of the same reading.
func lastOf(earlier []store.Change, c store.Change) *store.Change {
	i := slices.IndexFunc(earlier, func(e store.Change) bool {
		return e.Item == c.Item && e.Field == c.Field && e.Version == c.Version && e.TextHash == c.TextHash
	})
	if i < 0 {
		return nil
	}
	return &earlier[i]
}

// reviewed puts a review into the log.
func (s *server) reviewed(ctx context.Context, v *Review) (store.Change, error) {
	ref, err := store.ParseRef(strings.TrimSpace(v.Item))
	if err != nil {
		return store.Change{}, &pageError{http.StatusBadRequest, "Not reviewed: " + err.Error() + "."}
	}
	u, _, err := s.store.Unit(ctx, ref.Article)
	if err != nil {
		return store.Change{}, err
	}
	earlier, err := s.store.Changes(ctx, store.ChangeQuery{Article: ref.Article, Trigger: store.ByReview, Limit: maxReviews})
	if err != nil {
		return store.Change{}, err
	}
	c, err := v.line(&u.Record, earlier, s.desk.Now())
	if err != nil {
		return store.Change{}, &pageError{http.StatusBadRequest, "Not reviewed: " + err.Error() + "."}
	}
	c.ID, err = s.store.Log(ctx, c)
	if err == nil {
		s.Log.Info("reviewed", "change", c.ID, "verdict", string(c.Verdict))
	}
	return c, err
}

// mayReview says in words why a request may not review.
func (s *server) mayReview(r *http.Request) *pageError {
	switch {
	case requestOf(r).role == writer:
		return nil
	case s.desk.WriteToken == "":
		return &pageError{http.StatusForbidden, "Nobody may review here: the server has no token for it."}
	}
	return &pageError{http.StatusUnauthorized, "Reviewing needs the token for it."}
}

// reviewForm takes a review from a page, and goes back there.
func (s *server) reviewForm(w http.ResponseWriter, r *http.Request) {
	c, err := func() (c store.Change, err error) {
		if refused := s.mayReview(r); refused != nil {
			return c, refused
		}
		if err := r.ParseForm(); err != nil {
			return c, &pageError{http.StatusBadRequest, "The form could not be read."}
		}
		f := r.PostForm
		return s.reviewed(r.Context(), &Review{Item: f.Get("item"), Verdict: store.Verdict(f.Get("verdict")), Field: f.Get("field"),
			New: f.Get("new"), Reason: f.Get("reason"), By: f.Get("by")})
	}()
	if err != nil {
		fail := s.failure(r, err)
		s.show(w, r, "error", errorPage{frame: s.frame(r, "", "Not reviewed"), Text: fail.text}, fail.status)
		return
	}
	ref, _ := store.ParseRef(c.Item)
	to := "/articles/" + url.PathEscape(ref.Article)
	if u, _, err := s.store.Unit(r.Context(), ref.Article); err == nil {
		if st := statementBehind(&u.Record, ref.ID); st != "" {
			to = "/statements/" + url.PathEscape(ref.Article) + "/" + url.PathEscape(string(st)) + "#reviews"
		}
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// statementBehind is the statement that an item is or belongs to.
func statementBehind(rec *detente.Record, id string) detente.StatementID {
	for _, st := range rec.Statements {
		if string(st.ID) == id {
			return st.ID
		}
	}
	for _, c := range rec.Claims {
		if string(c.ID) == id {
			return c.Statement
		}
	}
	for _, a := range rec.Acts {
		if string(a.ID) == id {
			return a.Statement
		}
	}
	return ""
}

// addReview takes a review from a program.
func (s *server) addReview(q *ask) (any, error) {
	if refused := s.mayReview(q.Request); refused != nil {
		return nil, refused
	}
	if kind, _, _ := mime.ParseMediaType(q.Header.Get("Content-Type")); kind != mediaJSON {
		return nil, &pageError{http.StatusUnsupportedMediaType, "A review is sent as application/json."}
	}
	dec := json.NewDecoder(q.Body)
	dec.DisallowUnknownFields()
	var v Review
	if err := dec.Decode(&v); err != nil {
		return nil, &pageError{http.StatusBadRequest, "The review could not be read: " + err.Error() + "."}
	}
	return s.reviewed(q.Context(), &v)
}

// reviewsOf gives the reviews of a statement and of what it says, as of a day.
func (s *server) reviewsOf(ctx context.Context, v *Statement, asOf detente.Date) ([]store.Change, error) {
	all, err := s.store.Changes(ctx, store.ChangeQuery{Article: v.Article.ID, Trigger: store.ByReview, AsOf: asOf, Limit: maxReviews})
	mine := []store.Change{}
	for _, c := range all {
		if ref, err := store.ParseRef(c.Item); err == nil && v.has(ref.ID) {
			mine = append(mine, c)
		}
	}
	return mine, err
}

// has reports whether an item is the statement or something that it says.
func (v *Statement) has(id string) bool {
	return string(v.Statement.ID) == id ||
		slices.ContainsFunc(v.Claims, func(c detente.Claim) bool { return string(c.ID) == id }) ||
		slices.ContainsFunc(v.Acts, func(a detente.Act) bool { return string(a.ID) == id })
}

// reviewPart is what page/review.tmpl shows.
type reviewPart struct {
	Statement    *Statement
	Items        []reviewable // with a form each; none for those who may not review
	Login        string       // where others say who they are; empty: nobody may review
	ClaimReviews []claimReview
	version      string
}

// reviewable is an item with what can be said of it.
type reviewable struct {
	Ref    string
	ID     string
	Name   string
	Fields []codeField
}

// Words are all that some field may have, for a form without a script.
func (r reviewable) Words() []string {
	var out []string
	for _, f := range r.Fields {
		for _, w := range f.words {
			if !slices.Contains(out, w) {
				out = append(out, w)
			}
		}
	}
	return out
}

func (s *server) reviewPart(r *http.Request, f frame, v *Statement) reviewPart {
	p := reviewPart{Statement: v, version: store.VersionLine(v.versions), ClaimReviews: claimReviews(f, v)}
	switch {
	case requestOf(r).role == writer:
		rec := &detente.Record{Statements: []detente.Statement{v.Statement}, Claims: v.Claims, Acts: v.Acts, Disputes: v.disputes}
		add := func(id, name string) {
			fields, _ := fieldsOf(rec, id)
			p.Items = append(p.Items, reviewable{Ref: store.Ref{Article: v.Article.ID, ID: id}.String(), ID: id, Name: name, Fields: fields})
		}
		add(string(v.Statement.ID), "the statement")
		for _, c := range v.Claims {
			add(string(c.ID), "the claim "+string(c.ID)+": "+claimLine(c))
		}
		for _, a := range v.Acts {
			add(string(a.ID), "the act "+string(a.ID)+": "+actLine(a))
		}
	case s.desk.WriteToken != "":
		p.Login = loginAddress(r)
	}
	return p
}

// Verdicts are what a form offers.
func (p reviewPart) Verdicts() []store.Verdict { return verdicts }

// Label is the id of what a review is about.
func (p reviewPart) Label(c store.Change) string {
	ref, _ := store.ParseRef(c.Item)
	return ref.ID
}

// IsCode reports whether a review is about one field.
func (p reviewPart) IsCode(c store.Change) bool { return c.Field != wholeItem }

// IsStale reports whether the article was read anew since.
func (p reviewPart) IsStale(c store.Change) bool {
	return c.Version != p.version || c.TextHash != p.Statement.TextHash
}

// claimReview is a claim that a person reviewed, in the words of schema.org.
type claimReview struct {
	Context  string   `json:"@context"`
	Type     string   `json:"@type"`
	URL      string   `json:"url"`
	Date     string   `json:"datePublished"`
	Author   ldThing  `json:"author"`
	Claim    string   `json:"claimReviewed"`
	Item     ldClaim  `json:"itemReviewed"`
	Rating   ldRating `json:"reviewRating"`
	Body     string   `json:"reviewBody,omitempty"`
	Language string   `json:"inLanguage"`
}

type ldThing struct {
	Type string `json:"@type"`
	Name string `json:"name"`
	Job  string `json:"jobTitle,omitempty"`
}

type ldClaim struct {
	Type       string       `json:"@type"`
	Author     ldThing      `json:"author"`
	Date       detente.Date `json:"datePublished,omitempty"`
	Appearance *ldArticle   `json:"appearance,omitempty"`
}

type ldArticle struct {
	Type string `json:"@type"`
	URL  string `json:"url,omitempty"`
	Name string `json:"headline,omitempty"`
}

// ldRating has words and no number: the codebook has no scale of truth.
type ldRating struct {
	Type string `json:"@type"`
	Name string `json:"alternateName"`
}

// claimReviews gives what may be said to search engines of a statement's
// claims: of those alone of which a person gave the finding, of this reading,
// and that nobody has rejected since.
func claimReviews(f frame, v *Statement) []claimReview {
	var out []claimReview
	for _, c := range v.Claims {
		about := store.Change{Item: store.Ref{Article: v.Article.ID, ID: string(c.ID)}.String(), Field: findingField,
			Version: store.VersionLine(v.versions), TextHash: v.TextHash}
		finding := lastOf(v.Reviews, about)
		about.Field = wholeItem
		whole := lastOf(v.Reviews, about)
		if finding == nil || whole != nil && whole.Verdict == store.Rejected {
			continue
		}
		st := v.Statement
		r := claimReview{Context: "https://schema.org", Type: "ClaimReview", URL: f.To("statements", v.Article.ID, string(st.ID)),
			Date: finding.At.UTC().Format(time.DateOnly), Author: ldThing{Type: "Person", Name: finding.By},
			Claim:  cmp.Or(v.words[c.ID], v.Content),
			Item:   ldClaim{Type: "Claim", Author: ldThing{Type: "Person", Name: cmp.Or(st.Speaker.Name, "unnamed source"), Job: st.Speaker.Role}, Date: cmp.Or(st.SaidOn, v.Article.Published)},
			Rating: ldRating{Type: "Rating", Name: cmp.Or(findings[detente.Finding(finding.New)], finding.New)}, Body: finding.Reason, Language: "en"}
		if at := webLink(v.Article.URL); at != "" {
			r.Item.Appearance = &ldArticle{Type: "Article", URL: at, Name: v.Article.Title}
		}
		out = append(out, r)
	}
	return out
}

// changesView is what page/changes.tmpl shows.
type changesView struct {
	frame
	Lines []store.Change
	Next  string
}

// maxLines is how many lines of the log a page shows.
const maxLines = 100

// changesOf reads a part of the log, and the id from which the next one goes on.
func (s *server) changesOf(ctx context.Context, q store.ChangeQuery, limit int) (lines []store.Change, next int64, err error) {
	q.Limit = limit + 1
	if lines, err = s.store.Changes(ctx, q); err != nil {
		return nil, 0, err
	}
	if len(lines) > limit {
		lines = lines[:limit]
		next = lines[limit-1].ID
	}
	return lines, next, nil
}

// listChanges is the log for programs.
func (s *server) listChanges(q *ask) (any, error) {
	from, err := q.from()
	if err != nil {
		return nil, err
	}
	lines, next, err := s.changesOf(q.Context(), store.ChangeQuery{Item: q.get("item"), Article: q.get("article"),
		Trigger: store.Trigger(q.get("trigger")), AsOf: q.asOf, Before: int64(from.Given)}, q.number("limit"))
	if err != nil {
		return nil, err
	}
	if next > 0 {
		q.next = cursor{q.question(), spot{Given: int(next)}}.write()
	}
	return &List[store.Change]{Codebook: detente.CodebookVersion, AsOf: q.asOf, Items: append([]store.Change{}, lines...), Next: q.next}, nil
}

func (s *server) changesPage(r *http.Request) (any, error) {
	asOf, err := asOfOf(r)
	if err != nil {
		return nil, err
	}
	given := r.URL.Query()
	asked := store.ChangeQuery{Item: given.Get("item"), Article: given.Get("article"), Trigger: store.Trigger(given.Get("trigger")), AsOf: asOf}
	if before := given.Get("before"); before != "" {
		if asked.Before, err = strconv.ParseInt(before, 10, 64); err != nil || asked.Before < 1 {
			return nil, &pageError{http.StatusBadRequest, "The log goes on before a line's number."}
		}
	}
	lines, next, err := s.changesOf(r.Context(), asked, maxLines)
	if err != nil {
		return nil, err
	}
	v := &changesView{frame: s.frame(r, asOf, "Log of changes"), Lines: lines}
	q := r.URL.Query()
	q.Del("before")
	v.JSON = "/api/v1/changes?" + q.Encode()
	if next > 0 {
		q.Set("before", strconv.FormatInt(next, 10))
		v.Next = "/changes?" + q.Encode()
	}
	return v, nil
}

// Link is where the item of a line is shown; empty: nowhere.
func (v *changesView) Link(c store.Change) string {
	switch c.Trigger {
	case store.ByReading:
		dyad, _, _ := strings.Cut(c.Item, "/")
		return v.To("dyads", dyad)
	case store.ByRun:
		return ""
	}
	return v.linkRef(c.Item)
}

// linkRef is where a reference leads: to the article that it is or stands in.
func (v *changesView) linkRef(ref string) string {
	if r, err := store.ParseRef(ref); err == nil {
		return v.To("articles", r.Article) + "#" + url.PathEscape(r.ID)
	}
	return v.To("articles", ref)
}

// citedRef is a reference with where it leads.
type citedRef struct{ Ref, To string }

// maxCited is how many sources a line of the page names.
const maxCited = 3

// Cites are the sources of a line; those of a review are its item.
func (v *changesView) Cites(c store.Change) []citedRef {
	var out []citedRef
	for _, ref := range c.Sources[:min(len(c.Sources), maxCited)] {
		if c.Trigger != store.ByReview {
			out = append(out, citedRef{ref, v.linkRef(ref)})
		}
	}
	return out
}

// More is how many sources the page leaves out.
func (v *changesView) More(c store.Change) int { return max(0, len(c.Sources)-maxCited) }

// dayOf writes the day of a time as people do.
func dayOf(t time.Time) string { return longDate(detente.DateOf(t.UTC())) }
