package web

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"detente"
	"detente/internal/store"
)

// route is one machine interface. The table of routes is the only place where
// these are made: the server, its description (openapi.go) and the page that
// people read about them come from it.
type route struct {
	path   string // as http.ServeMux writes it
	name   string // of the operation
	what   string
	more   string
	params []param
	media  string
	sent   any // a zero value of what it is sent by POST, as JSON; nil: it is read with GET
	answer any // a zero value of what build gives
	build  func(*server, *ask) (any, error)
}

// Media types of answers.
const (
	mediaJSON       = "application/json"
	mediaProblem    = "application/problem+json"
	mediaAtom       = "application/atom+xml"
	mediaText       = "text/plain"
	mediaAnnotation = `application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"`
	mediaOpenAPI    = "application/vnd.oai.openapi+json;version=3.1"
)

// param is a parameter of a route's query, and what it may be.
type param struct {
	name     string
	about    string
	day      bool           // YYYY-MM-DD
	enum     []string       // one of these
	min, max int            // a whole number
	pattern  *regexp.Regexp // text of this form
	fallback string         // what counts where it is not given
}

// maxText bounds a parameter that is free text, in bytes.
const maxText = 500

// check says what is wrong with a value, or nothing.
func (p param) check(given string) string {
	switch {
	case p.day:
		if _, err := detente.ParseDate(given); err != nil {
			return "write a day as YYYY-MM-DD"
		}
	case p.enum != nil:
		if !slices.Contains(p.enum, given) {
			return "write one of " + strings.Join(p.enum, ", ")
		}
	case p.max > 0:
		if n, err := strconv.Atoi(given); err != nil || n < p.min || n > p.max {
			return fmt.Sprintf("write a number from %d to %d", p.min, p.max)
		}
	case p.pattern != nil:
		if !p.pattern.MatchString(given) {
			return "write it in the form " + p.pattern.String()
		}
	case len(given) > maxText:
		return fmt.Sprintf("write at most %d bytes", maxText)
	}
	return ""
}

// ask is what a request asks of a route.
type ask struct {
	*http.Request
	route  *route
	asOf   detente.Date
	values url.Values
	next   string // cursor of the next part; build sets it
}

// get gives a parameter's value, or what counts where it is not given.
func (q *ask) get(name string) string {
	if v := q.values.Get(name); v != "" {
		return v
	}
	i := slices.IndexFunc(q.route.params, func(p param) bool { return p.name == name })
	if i < 0 {
		return ""
	}
	return q.route.params[i].fallback
}

func (q *ask) number(name string) int {
	n, _ := strconv.Atoi(q.get(name)) // checked before
	return n
}

func (q *ask) day(name string) detente.Date { return detente.Date(q.get(name)) }

// party reads a party in either case, as pages do.
func (q *ask) party() detente.Party { return detente.Party(strings.ToUpper(q.get("party"))) }

// question is the same for requests that differ only in cursor and limit.
func (q *ask) question() string {
	parts := []string{q.URL.Path}
	for _, p := range q.route.params {
		if p.name != "cursor" && p.name != "limit" {
			parts = append(parts, p.name+"="+q.get(p.name))
		}
	}
	return questionOf(parts...)
}

// from is the place that the request's cursor names.
func (q *ask) from() (spot, error) {
	if q.get("cursor") == "" {
		return spot{}, nil
	}
	return readCursor(q.get("cursor"), q.question())
}

// refusal is a pageError with a kind that programs can tell, and a remedy.
type refusal struct {
	*pageError
	kind   string
	remedy string
}

func (r *refusal) Unwrap() error { return r.pageError }

// Problem is an error as RFC 9457 writes it.
type Problem struct {
	Type     string `json:"type"`
	Title    string `json:"title"`
	Status   int    `json:"status"`
	Detail   string `json:"detail"`
	Remedy   string `json:"remedy"` // what to do about it
	Instance string `json:"instance"`
}

// problemKind is a sort of problem; its type is the address of this row on the
// page about the interfaces.
type problemKind struct {
	Kind   string
	Status int
	Title  string
	Remedy string // where the case has none of its own
}

var problemKinds = []problemKind{
	{"bad-parameter", http.StatusBadRequest, "A parameter is wrong", "Correct the parameter; /openapi.json lists what each route takes."},
	{"bad-cursor", http.StatusBadRequest, "The cursor is wrong", "Leave the cursor out to begin at the start."},
	{"not-found", http.StatusNotFound, "Nothing is here", "Dyads are listed at /api/v1/dyads and articles at /api/v1/articles; routes in /openapi.json. Where as_of is given, try a later day."},
	{"no-token", http.StatusUnauthorized, "A token is needed", "Send the token as Authorization: Bearer TOKEN."},
	{"forbidden", http.StatusForbidden, "This is not allowed here", "Whoever runs the server can allow it; docs/config.md says how."},
	{"too-large", http.StatusRequestEntityTooLarge, "Too much was sent", "Send less; a review fits many times over."},
	{"wrong-media", http.StatusUnsupportedMediaType, "What was sent is no JSON", "Send it with Content-Type: application/json."},
	{"too-many", http.StatusTooManyRequests, "Too many requests", "Wait as long as Retry-After says."},
	{"read-only", http.StatusMethodNotAllowed, "This can only be read", "Ask with GET or HEAD."},
	{"failed", http.StatusInternalServerError, "The answer could not be made", "Try again; if it stays so, whoever runs the server finds the reason in its log."},
}

// problem words an error for programs.
func (s *server) problem(r *http.Request, err error) Problem {
	fail := s.failure(r, err)
	return problemOf(r, err, fail)
}

func problemOf(r *http.Request, err error, fail *pageError) Problem {
	kind := problemKinds[len(problemKinds)-1]
	var ref *refusal
	known := errors.As(err, &ref)
	for _, k := range problemKinds {
		if known && k.Kind == ref.kind || !known && k.Status == fail.status {
			kind = k
			break
		}
	}
	p := Problem{Type: "/api#" + kind.Kind, Title: kind.Title, Status: fail.status, Detail: fail.text, Remedy: kind.Remedy, Instance: r.URL.EscapedPath()}
	if known {
		p.Remedy = ref.remedy
	}
	return p
}

// refuse answers with a problem.
func (s *server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	writeProblem(w, s.problem(r, err))
}

func writeProblem(w http.ResponseWriter, p Problem) {
	body, _ := json.Marshal(p) // text and a number, which cannot fail
	if p.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="detente"`)
	}
	w.Header().Set("Content-Type", mediaProblem)
	w.Header().Set("Cache-Control", "no-cache")
	w.WriteHeader(p.Status)
	w.Write(append(body, '\n'))
}

// method is how a route is asked.
func (rt *route) method() string {
	if rt.sent != nil {
		return http.MethodPost
	}
	return http.MethodGet
}

// status is the route's answer where all went well.
func (rt *route) status() int {
	if rt.sent != nil {
		return http.StatusCreated
	}
	return http.StatusOK
}

// mount adds the machine interfaces to mux. What else is asked under /api/ is
// answered in the same form.
func (s *server) mount(mux *http.ServeMux) {
	for i := range routes {
		mux.Handle(routes[i].method()+" "+routes[i].path, s.api(&routes[i]))
	}
	mux.HandleFunc("GET /api/", func(w http.ResponseWriter, r *http.Request) {
		s.refuse(w, r, &pageError{http.StatusNotFound, "There is no route at this address."})
	})
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		mux.HandleFunc(method+" /api/", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Allow", "GET, HEAD")
			s.refuse(w, r, &pageError{http.StatusMethodNotAllowed, "This address takes no " + method + "."})
		})
	}
}

// api serves a route. The whole answer is made before its first byte is sent.
func (s *server) api(rt *route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q, err := read(rt, r)
		var view any
		if err == nil {
			view, err = rt.build(s, q)
		}
		var body []byte
		if err == nil {
			body, err = encode(rt.media, view)
		}
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		if rt.sent != nil { // what was made is nothing to keep a copy of
			w.Header().Set("Content-Type", rt.media)
			w.Header().Set("Cache-Control", "no-store")
			w.WriteHeader(rt.status())
			w.Write(body)
			return
		}
		if q.next != "" {
			more := r.URL.Query()
			more.Set("cursor", q.next)
			w.Header().Set("Link", "<"+r.URL.EscapedPath()+"?"+more.Encode()+`>; rel="next"`)
		}
		kind := rt.media
		if kind == mediaText {
			kind += "; charset=utf-8"
		}
		send(w, r, kind, body)
	})
}

// read checks a request against its route's parameters: one that it does not
// take is refused, as a misspelt one would else silently ask for everything.
func read(rt *route, r *http.Request) (*ask, error) {
	q := &ask{Request: r, route: rt, values: url.Values{}}
	refused := func(text, remedy string) error {
		return &refusal{pageError: &pageError{http.StatusBadRequest, text}, kind: "bad-parameter", remedy: remedy}
	}
	given, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, refused("The query cannot be read.", "Escape the values of its parameters: "+err.Error()+".")
	}
	for name, values := range given {
		i := slices.IndexFunc(rt.params, func(p param) bool { return p.name == name })
		if i < 0 {
			return nil, refused(fmt.Sprintf("This route has no parameter %q.", name), "It takes "+rt.takes()+".")
		}
		if len(values) > 1 {
			return nil, refused(fmt.Sprintf("The parameter %s is given %d times.", name, len(values)), "Give it once.")
		}
		if values[0] == "" { // an empty field of a form
			continue
		}
		if wrong := rt.params[i].check(values[0]); wrong != "" {
			return nil, refused("The parameter "+name+" is wrong.", "For "+name+", "+wrong+".")
		}
		q.values[name] = values
	}
	q.asOf = q.day("as_of")
	return q, nil
}

// takes lists the names of a route's parameters.
func (rt *route) takes() string {
	var names []string
	for _, p := range rt.params {
		names = append(names, p.name)
	}
	return cmp.Or(strings.Join(names, ", "), "none")
}

// encode writes an answer in its media type.
func encode(media string, view any) ([]byte, error) {
	switch v := view.(type) {
	case string:
		return []byte(v), nil
	case *atomFeed:
		return v.encode()
	}
	whole(reflect.ValueOf(view))
	body, err := json.Marshal(view)
	if err != nil {
		return nil, fmt.Errorf("writing %s: %w", media, err)
	}
	return append(body, '\n'), nil
}

// whole makes the lists that are missing in an answer empty ones, so that
// clients meet no null where there is nothing to list. What is whole already it
// only reads.
func whole(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			whole(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				whole(v.Field(i))
			}
		}
	case reflect.Slice:
		if v.IsNil() && v.CanSet() {
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		}
		for i := range v.Len() {
			whole(v.Index(i))
		}
	}
}

// Parameters that several routes take.
var (
	paramAsOf    = param{name: "as_of", about: "Show what was known from articles published by this day, and nothing later. Without it, all that is stored.", day: true}
	paramCursor  = param{name: "cursor", about: "Go on where the part before ended: its next, unchanged. Without it, the list's start."}
	paramQ       = param{name: "q", about: "Words that must all occur, in any order, regardless of case and diacritics; words in quotation marks stand together."}
	paramSpeaker = param{name: "speaker", about: "Part of the speaker's name, regardless of case."}
	paramParty   = param{name: "party", about: "The party that is spoken for, as USA."}
	paramDyad    = param{name: "dyad", about: "Two parties, as RUS-USA.", pattern: regexp.MustCompile(`^[A-Za-z0-9]+-[A-Za-z0-9]+$`)}
	paramChannel = param{name: "channel", about: "A channel of the codebook.", enum: asText(detente.Channels)}
	paramFrom    = param{name: "from", about: "Not before this day.", day: true}
	paramTo      = param{name: "to", about: "Not after this day.", day: true}
)

// paramLimit bounds the length of a part of a list.
func paramLimit(fallback, most int) param {
	return param{name: "limit", about: "At most so many things. A part may hold fewer, even none, while next says that there is more.",
		min: 1, max: most, fallback: strconv.Itoa(fallback)}
}

func asText[T ~string](list []T) []string {
	var out []string
	for _, x := range list {
		out = append(out, string(x))
	}
	return out
}

// routes are the machine interfaces of the server.
var routes []route

func init() { // the description of the routes is one of them
	routes = []route{
		{path: "/api/v1/versions", name: "versions", what: "What made the answers: codebook, program, model and rules", media: mediaJSON,
			answer: &Versions{}, build: (*server).versions},
		{path: "/api/v1/dyads", name: "dyads", what: "The dyads, by name, with the states of their channels and what changed", media: mediaJSON,
			params: []param{paramAsOf, {name: "days", about: "Changes are counted over so many days before the as-of day, or else the latest report of all.", enum: days(), fallback: strconv.Itoa(defaultSpan)}, paramLimit(20, maxDyads), paramCursor},
			answer: &List[DyadRow]{}, build: (*server).listDyads},
		{path: "/api/v1/dyads/{dyad}", name: "dyad", what: "Everything shown of a dyad: channels, disputes, claims, acts and the history of states", media: mediaJSON,
			more:   "Claims and acts are those of the latest reports; next, given as after, goes on with those of earlier ones.",
			params: []param{paramAsOf, {name: "after", about: "Go on with the claims and acts behind this place: next of the answer before."}}, answer: &Dyad{}, build: func(s *server, q *ask) (any, error) { return s.dyadOf(q.Request, q.asOf) }},
		{path: "/api/v1/dyads/{dyad}/channels/{channel}", name: "channel", what: "A channel's state now, what it rests on, and its states as they were known day by day", media: mediaJSON,
			params: []param{paramAsOf}, answer: &ChannelHistory{}, build: (*server).channelHistory},
		{path: "/api/v1/dyads/{dyad}/claims", name: "claims", what: "What is claimed about a dyad's channels and acts, the latest reported first", media: mediaJSON,
			params: []param{paramAsOf, paramChannel, paramSpeaker, paramParty, paramLimit(50, 200), paramCursor},
			answer: &List[Claim]{}, build: (*server).listClaims},
		{path: "/api/v1/indicators/{name}", name: "indicator", what: "A time series of the operator's, and what articles say of it", media: mediaJSON,
			params: []param{paramAsOf}, answer: &Indicator{}, build: func(s *server, q *ask) (any, error) { return s.indicatorOf(q.Request, q.asOf) }},
		{path: "/api/v1/dyads/{dyad}/indicators/{name}", name: "study", what: "How a time series moved around changes of a dyad's channels", media: mediaJSON,
			more: StudyMethod,
			params: []param{paramAsOf, paramChannel,
				{name: "window", about: "Windows of days with a value around a change, as -5:20; several stand between commas.", pattern: regexp.MustCompile(`^-?[0-9]{1,3}:-?[0-9]{1,3}(,-?[0-9]{1,3}:-?[0-9]{1,3})*$`)}},
			answer: &Study{}, build: (*server).studyOf},
		{path: "/api/v1/changes", name: "changes", what: "The log: every change of a state, a record or a text, and every review, the latest first", media: mediaJSON,
			params: []param{paramAsOf, {name: "item", about: "Of this item: an article, what stands in one (ARTICLE#s1), or a channel (RUS-USA/leaders)."}, {name: "article", about: "Of this article and what stands in it."},
				{name: "trigger", about: "What brought it about.", enum: asText(store.Triggers)}, paramLimit(100, 1000), paramCursor},
			answer: &List[store.Change]{}, build: (*server).listChanges},
		{path: "/api/v1/reviews", name: "review", what: "Adds a person's review of a statement, or of a claim, act or event, to the log", media: mediaJSON,
			more: "Needs the token for writing. What the program found stays beside a correction.",
			sent: &Review{}, answer: &store.Change{}, build: (*server).addReview},
		{path: "/api/v1/acts", name: "acts", what: "Acts of dialogue as each article tells them, the latest reported first", media: mediaJSON,
			more:   "A dyad's own acts, with those that several reports tell alike as one, are in /api/v1/dyads/{dyad}.",
			params: []param{paramAsOf, paramDyad, paramChannel, {name: "kind", about: "What the act does.", enum: asText([]detente.ActKind{detente.Contact, detente.Freeze, detente.Thaw})}, paramFrom, paramTo, paramLimit(50, 200), paramCursor},
			answer: &List[Act]{}, build: (*server).listActs},
		{path: "/api/v1/events", name: "events", what: "Coded events (PLOVER), the latest reported first", media: mediaJSON,
			params: []param{paramAsOf, paramDyad, {name: "type", about: "A type of PLOVER.", enum: eventTypes}, {name: "factuality", about: "How the event stands to the record; only what happened is record.", enum: factualities}, paramFrom, paramTo, paramLimit(50, 200), paramCursor},
			answer: &List[Event]{}, build: (*server).listEvents},
		{path: "/api/v1/statements", name: "statements", what: "Search in statements: who said what, the latest reported first", media: mediaJSON,
			more: "Words of q must stand in the statement's sentence or content, or be the speaker's name. from and to count the day on which it was said, " +
				"else the day on which it became known. channel asks for statements that claim something about the channel or tell of an act on it.",
			params: []param{paramAsOf, paramQ, paramSpeaker, paramParty, paramDyad, paramChannel, paramFrom, paramTo, paramLimit(20, 100), paramCursor},
			answer: &List[Statement]{}, build: (*server).listStatements},
		{path: "/api/v1/statements/{article}/{id}", name: "statement", what: "A statement with its sentence, its neighbours, its chain of reporting and what it claims", media: mediaJSON,
			params: []param{paramAsOf}, answer: &Statement{}, build: func(s *server, q *ask) (any, error) { return s.statementOf(q.Request, q.asOf) }},
		{path: "/api/v1/articles", name: "articles", what: "Search in articles, the latest known first", media: mediaJSON,
			params: []param{paramAsOf, paramQ, paramSpeaker, paramParty, paramDyad, paramLimit(50, 200), paramCursor},
			answer: &List[ArticleRow]{}, build: (*server).listArticles},
		{path: "/api/v1/articles/{id}", name: "article", what: "An article with its whole record", media: mediaJSON,
			params: []param{paramAsOf}, answer: &Article{}, build: func(s *server, q *ask) (any, error) { return s.articleOf(q.Request, q.PathValue("id"), q.asOf) }},
		{path: "/api/v1/articles/{id}/text", name: "text", what: "The evidence text that all spans of the article count in", media: mediaText,
			params: []param{paramAsOf}, answer: "", build: (*server).evidence},
		{path: "/api/v1/articles/{id}/annotations", name: "annotations", what: "What was coded from the article as W3C Web Annotations", media: mediaAnnotation,
			more:   "Give the SHA-256 of the text that you hold, and annotations of another text come back as orphaned, without a place in it; they are never anchored anew.",
			params: []param{paramAsOf, {name: "sha256", about: "SHA-256 of your copy of the evidence text, in hexadecimal.", pattern: regexp.MustCompile(`^[0-9A-Fa-f]{64}$`)}},
			answer: &AnnotationCollection{}, build: (*server).annotations},
		{path: "/dyads/{dyad}/feed.atom", name: "dyadFeed", what: "Changes of a dyad's channels, the latest first, as an Atom feed", media: mediaAtom,
			answer: &atomFeed{}, build: (*server).dyadFeed},
		{path: "/dyads/{dyad}/channels/{channel}/feed.atom", name: "channelFeed", what: "Changes of one channel as an Atom feed", media: mediaAtom,
			answer: &atomFeed{}, build: (*server).channelFeed},
		{path: "/dyads/{dyad}/disputes.atom", name: "disputeFeed", what: "A dyad's disputes as they stand, the latest first, as an Atom feed", media: mediaAtom,
			answer: &atomFeed{}, build: (*server).disputeFeed},
		{path: "/openapi.json", name: "openapi", what: "This description (OpenAPI 3.1)", media: mediaOpenAPI,
			answer: openAPI{}, build: func(s *server, q *ask) (any, error) { return s.describe(), nil }},
	}
}

func days() []string {
	var out []string
	for _, n := range spans {
		out = append(out, strconv.Itoa(n))
	}
	return out
}

var eventTypes = asText([]detente.EventType{detente.Agree, detente.Consult, detente.Support, detente.Concede, detente.Cooperate, detente.Aid,
	detente.Retreat, detente.Request, detente.Accuse, detente.Reject, detente.Threaten, detente.Protest, detente.Sanction, detente.Mobilize,
	detente.Coerce, detente.Assault})

var factualities = asText([]detente.Factuality{detente.Happened, detente.Planned, detente.CalledFor, detente.Alleged, detente.DeniedHappened})

// Versions names what made the answers.
type Versions struct {
	Codebook int    `json:"codebook"`
	API      string `json:"api"`
	detente.Versions
}

func (s *server) versions(*ask) (any, error) {
	return &Versions{detente.CodebookVersion, "v1", s.Versions}, nil
}

// ChannelHistory is a channel's state, what it rests on, and its past.
type ChannelHistory struct {
	Codebook    int             `json:"codebook"`
	Dyad        detente.Dyad    `json:"dyad"`
	Channel     detente.Channel `json:"channel"`
	AsOf        detente.Date    `json:"as_of"`
	Latest      detente.Date    `json:"latest"` // day of the dyad's latest report known then
	Now         ChannelRow      `json:"now"`
	Disputes    []Dispute       `json:"disputes"`
	HistoryFrom detente.Date    `json:"history_from"` // first day of history where there were earlier ones, else empty
	History     []Spell         `json:"history"`
}

func (s *server) channelHistory(q *ask) (any, error) {
	ch, err := channelOf(q)
	if err != nil {
		return nil, err
	}
	d, err := s.dyadOf(q.Request, q.asOf)
	if err != nil {
		return nil, err
	}
	h := &ChannelHistory{Codebook: d.Codebook, Dyad: d.Dyad, Channel: ch, AsOf: d.AsOf, Latest: d.Latest, HistoryFrom: d.HistoryFrom}
	for _, row := range d.Channels {
		if row.Channel == ch {
			h.Now = row
		}
	}
	for _, dis := range d.Disputes {
		if dis.Channel == ch {
			h.Disputes = append(h.Disputes, dis)
		}
	}
	for _, p := range d.History {
		if p.Channel == ch {
			h.History = p.Spells
		}
	}
	return h, nil
}

// channelOf reads the channel that the path names.
func channelOf(q *ask) (detente.Channel, error) {
	ch := detente.Channel(q.PathValue("channel"))
	if !slices.Contains(detente.Channels, ch) {
		return "", &refusal{pageError: &pageError{http.StatusNotFound, "The codebook has no channel of this name."}, kind: "not-found",
			remedy: "Write one of " + strings.Join(asText(detente.Channels), ", ") + "."}
	}
	return ch, nil
}

// listDyads lists dyads by name, an order in which nothing moves when reports
// come in.
func (s *server) listDyads(q *ask) (any, error) {
	from, err := q.from()
	if err != nil {
		return nil, err
	}
	sums, err := s.store.Dyads(q.Context(), q.asOf)
	if err != nil {
		return nil, err
	}
	l := &List[DyadRow]{Codebook: detente.CodebookVersion, AsOf: q.asOf}
	if len(sums) == 0 {
		return l, nil
	}
	since := cmp.Or(q.asOf, sums[0].Latest).AddDays(-q.number("days")) // the latest comes first
	slices.SortFunc(sums, func(a, b store.DyadSummary) int { return cmp.Compare(a.Dyad.String(), b.Dyad.String()) })
	var part []detente.Dyad
	for _, sum := range sums {
		name := sum.Dyad.String()
		if name <= from.Article {
			continue
		}
		if n := len(part); n == q.number("limit") {
			q.next = cursor{q.question(), spot{Article: part[n-1].String()}}.write()
			break
		}
		part = append(part, sum.Dyad)
	}
	l.Next = q.next
	if len(part) == 0 {
		return l, nil
	}
	boards, _, err := s.store.Boards(q.Context(), part, q.asOf, len(part))
	if err != nil {
		return nil, err
	}
	l.Items, err = s.rows(q.Context(), boards, q.asOf, since)
	return l, err
}

// search is the part of a question that the store answers.
func (q *ask) search() (store.Query, error) {
	sq := store.Query{Text: q.get("q"), Speaker: q.get("speaker"), Party: q.party(), Channel: detente.Channel(q.get("channel")), AsOf: q.asOf}
	name := cmp.Or(q.PathValue("dyad"), q.get("dyad"))
	if name == "" {
		return sq, nil
	}
	var err error
	if sq.Dyad, err = detente.ParseDyad(name); err != nil {
		return sq, &pageError{http.StatusNotFound, err.Error()}
	}
	return sq, nil
}

// listed makes a part of a list.
func listed[T any](q *ask, list listing[T]) (*List[T], error) {
	from, err := q.from()
	if err != nil {
		return nil, err
	}
	items, next, err := gather(list, from, q.number("limit"))
	if err != nil {
		return nil, err
	}
	if next != nil {
		q.next = cursor{q.question(), *next}.write()
	}
	return &List[T]{Codebook: detente.CodebookVersion, AsOf: q.asOf, Items: items, Next: q.next}, nil
}

// toldIn gives what an article tells of the dyads that a question is about, in a
// shape that a board's sources are made of.
func toldIn(q *ask, hit store.Hit, rec *detente.Record) []*sources {
	var out []*sources
	asked := strings.ToUpper(cmp.Or(q.PathValue("dyad"), q.get("dyad")))
	for _, dyad := range store.Dyads(rec) {
		if d, err := detente.ParseDyad(asked); err == nil && d != dyad {
			continue
		}
		rep := store.ReportOf(rec, dyad)
		rep.Head = hit.Head
		out = append(out, newSources([]store.Report{rep}))
	}
	return out
}

// within says whether a date lies in what from and to ask for: a month does
// where one of its days may.
func (q *ask) within(date detente.Date) bool {
	from, to := q.day("from"), q.day("to")
	return (from == "" || date >= from[:min(len(from), len(date))]) && (to == "" || date <= to)
}

// on says whether a channel is the one asked for, if one is.
func (q *ask) on(ch detente.Channel) bool {
	return q.get("channel") == "" || q.get("channel") == string(ch)
}

func (s *server) listActs(q *ask) (any, error) {
	sq, err := q.search()
	if err != nil {
		return nil, err
	}
	return listed(q, searched(q.Context(), s.store, sq, func(hit store.Hit, rec *detente.Record) []Act {
		var out []Act
		for _, src := range toldIn(q, hit, rec) {
			for _, a := range src.acts(nil) {
				if kind := q.get("kind"); q.on(a.Channel) && q.within(a.Day) && (kind == "" || kind == string(a.Kind)) {
					out = append(out, a)
				}
			}
		}
		return out
	}))
}

// listClaims lists claims one by one. Which of them stand against others is
// told by the disputes that the page shows.
func (s *server) listClaims(q *ask) (any, error) {
	d, err := s.dyadOf(q.Request, q.asOf)
	if err != nil {
		return nil, err
	}
	opposes := map[detente.ClaimID]bool{}
	for _, dis := range d.Disputes {
		for _, c := range dis.Against {
			opposes[c.ID] = true
		}
	}
	return listed(q, reported(q.Context(), s.store, d.Dyad, q.asOf, func(rep store.Report) []Claim {
		var out []Claim
		for _, c := range newSources([]store.Report{rep}).claims(nil) {
			c.Opposes = c.Opposes || opposes[c.ID]
			if q.on(c.Channel) && spokenBy(q, c.Speaker) {
				out = append(out, c)
			}
		}
		return out
	}))
}

// spokenBy says whether a speaker is whom the question names, if it names one.
func spokenBy(q *ask, who detente.Speaker) bool {
	return strings.Contains(strings.ToLower(who.Name), strings.ToLower(q.get("speaker"))) && (q.party() == "" || who.Party == q.party())
}

// Event is a coded event with its sentence and the article that tells it. Ids
// are qualified.
type Event struct {
	detente.Event
	Article store.Head `json:"article"`
	Told    string     `json:"told"` // its sentence
}

func (s *server) listEvents(q *ask) (any, error) {
	sq, err := q.search()
	if err != nil {
		return nil, err
	}
	return listed(q, searched(q.Context(), s.store, sq, func(hit store.Hit, rec *detente.Record) []Event {
		var out []Event
		runes := []rune(rec.Text)
		prefix := store.Prefix(rec.Article.ID)
		for _, ev := range rec.Events {
			typ, fact := q.get("type"), q.get("factuality")
			if !between(q, ev) || !q.within(cmp.Or(ev.Date, hit.Known)) || typ != "" && typ != string(ev.Type) || fact != "" && fact != string(ev.Factuality) {
				continue
			}
			ev.ID = detente.EventID(prefix) + ev.ID
			if ev.Statement != "" {
				ev.Statement = detente.StatementID(prefix) + ev.Statement
			}
			out = append(out, Event{Event: ev, Article: hit.Head, Told: sentenceOf(rec, runes, ev.Sentence)})
		}
		return out
	}))
}

// between says whether an event is between the two parties asked for, if the
// question names two.
func between(q *ask, ev detente.Event) bool {
	d, err := detente.ParseDyad(q.get("dyad"))
	if err != nil {
		return true
	}
	of := func(side []detente.Participant, p detente.Party) bool {
		return slices.ContainsFunc(side, func(who detente.Participant) bool { return cmp.Or(who.Party, who.Code) == p })
	}
	return of(ev.Source, d[0]) && of(ev.Target, d[1]) || of(ev.Source, d[1]) && of(ev.Target, d[0])
}

func (s *server) listStatements(q *ask) (any, error) {
	sq, err := q.search()
	if err != nil {
		return nil, err
	}
	sq.From = q.day("from") // what was said on a day is known then at the earliest
	wanted := wordsOf(q.get("q"))
	l, err := listed(q, searched(q.Context(), s.store, sq, func(hit store.Hit, rec *detente.Record) []Statement {
		var out []Statement
		a := &Article{Known: hit.Known, Read: hit.Read.Format(readLayout), Record: *rec}
		runes := []rune(rec.Text)
		for i := range rec.Statements {
			st := &rec.Statements[i]
			if !spokenBy(q, st.Speaker) || !q.within(cmp.Or(st.SaidOn, hit.Known)) || !touches(q, rec, st.ID) {
				continue
			}
			if v := statement(a, runes, st); wanted.in(v.Sentence, v.Content, st.Speaker.Name) {
				out = append(out, *v)
			}
		}
		return out
	}))
	if err != nil {
		return nil, err
	}
	for i := range l.Items {
		if l.Items[i].Reviews, err = s.reviewsOf(q.Context(), &l.Items[i], q.asOf); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// touches says whether a statement claims something of the channel and dyad
// asked for, or tells of an act on it.
func touches(q *ask, rec *detente.Record, id detente.StatementID) bool {
	asked := q.get("dyad")
	if q.get("channel") == "" && asked == "" {
		return true
	}
	fits := func(d detente.Dyad, ch detente.Channel) bool {
		want, err := detente.ParseDyad(asked)
		return q.on(ch) && (err != nil || d == want)
	}
	return slices.ContainsFunc(rec.Claims, func(c detente.Claim) bool { return c.Statement == id && fits(c.Dyad, c.Channel) }) ||
		slices.ContainsFunc(rec.Acts, func(a detente.Act) bool { return a.Statement == id && fits(a.Dyad, a.Channel) })
}

// ArticleRow is an article in a list, with the dyads that it tells something of.
type ArticleRow struct {
	store.Head
	Dyads []detente.Dyad `json:"dyads"`
}

func (s *server) listArticles(q *ask) (any, error) {
	sq, err := q.search()
	if err != nil {
		return nil, err
	}
	return listed(q, searched(q.Context(), s.store, sq, func(hit store.Hit, _ *detente.Record) []ArticleRow {
		return []ArticleRow{{hit.Head, hit.Dyads}}
	}))
}

func (s *server) evidence(q *ask) (any, error) {
	a, err := s.articleOf(q.Request, q.PathValue("id"), q.asOf)
	if err != nil {
		return nil, err
	}
	return a.Record.Text, nil
}
