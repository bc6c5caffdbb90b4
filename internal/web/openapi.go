package web

import (
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"detente"
	"detente/internal/store"
)

// openAPI is a description of the routes (OpenAPI 3.1). It is made from the
// table of routes and from the Go types of their answers, so that it cannot
// tell of other things than are served.
type openAPI map[string]any

// describe makes the description.
func (s *server) describe() openAPI {
	g := newSchemas()
	paths := openAPI{}
	for i := range routes {
		paths[routes[i].path] = openAPI{strings.ToLower(routes[i].method()): g.operation(&routes[i])}
	}
	server := s.Public
	if server == "" {
		server = "/"
	}
	problem := g.of(reflect.TypeFor[Problem]())
	return openAPI{
		"openapi": "3.1.1",
		"info": openAPI{
			"title":       "Detente",
			"version":     "v1",
			"summary":     "Who said what, what was done, and the state of every channel between two countries",
			"description": "Reads the record that Detente keeps. Words are the codebook's. Fields may be added, not renamed. Every answer has an entity tag; ask again with If-None-Match. " + "Lists come in parts: a part's next is the cursor of the part behind it. Errors are problem details (RFC 9457) with a remedy.",
			"license":     openAPI{"name": "Apache-2.0", "identifier": "Apache-2.0"},
		},
		"servers":           []any{openAPI{"url": server}},
		"jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
		"paths":             paths,
		"components": openAPI{
			"schemas":   g.components,
			"responses": openAPI{"problem": openAPI{"description": "What is wrong, and what to do about it", "content": openAPI{mediaProblem: openAPI{"schema": problem}}}},
			"headers":   openAPI{"ETag": openAPI{"description": "Names these bytes; send it as If-None-Match", "schema": openAPI{"type": "string"}}, "Link": openAPI{"description": `The part behind this one (rel="next")`, "schema": openAPI{"type": "string"}}},
			"securitySchemes": openAPI{"token": openAPI{"type": "http", "scheme": "bearer",
				"description": "The operator's token for writing, or for reading where reading needs one."}},
		},
	}
}

// pathParams says what the parts of paths are.
var pathParams = map[string]struct{ about, example string }{
	"dyad":    {"Two parties in any order, as RUS-USA", "RUS-USA"},
	"channel": {"A channel of the codebook", string(detente.ForeignMinisters)},
	"name":    {"The name of an indicator, escaped", "Harbour index"},
	"article": {"The id of an article, escaped", "sha256:0a1b"},
	"id":      {"The id: of an article, escaped; of a statement within its article", "s1"},
}

var pathPart = regexp.MustCompile(`\{(\w+)\}`)

// operation describes one route.
func (g *schemas) operation(rt *route) openAPI {
	params := []any{}
	for _, m := range pathPart.FindAllStringSubmatch(rt.path, -1) {
		schema := openAPI{"type": "string"}
		if m[1] == "channel" {
			schema["enum"] = asText(detente.Channels)
		}
		params = append(params, openAPI{"name": m[1], "in": "path", "required": true, "schema": schema,
			"description": pathParams[m[1]].about, "example": pathParams[m[1]].example})
	}
	for _, p := range rt.params {
		params = append(params, openAPI{"name": p.name, "in": "query", "description": p.about, "schema": p.schema()})
	}
	content := openAPI{"schema": openAPI{"type": "string"}}
	if strings.Contains(rt.media, "json") {
		content["schema"] = g.of(reflect.TypeOf(rt.answer))
	}
	headers := openAPI{"ETag": openAPI{"$ref": "#/components/headers/ETag"}}
	if slices.ContainsFunc(rt.params, func(p param) bool { return p.name == paramCursor.name }) {
		headers["Link"] = openAPI{"$ref": "#/components/headers/Link"}
	}
	responses := openAPI{strconv.Itoa(rt.status()): openAPI{"description": rt.what, "headers": headers, "content": openAPI{rt.media: content}}}
	if rt.sent == nil {
		responses["304"] = openAPI{"description": "The client has it already (If-None-Match)"}
	}
	for _, k := range problemKinds {
		if k.Status != http.StatusMethodNotAllowed {
			responses[strconv.Itoa(k.Status)] = openAPI{"$ref": "#/components/responses/problem"}
		}
	}
	op := openAPI{"operationId": rt.name, "summary": rt.what, "parameters": params, "responses": responses}
	op["security"] = []any{openAPI{}, openAPI{"token": []string{}}} // reading needs one where the operator says so
	if rt.sent != nil {
		op["security"] = []any{openAPI{"token": []string{}}}
		op["requestBody"] = openAPI{"required": true, "content": openAPI{mediaJSON: openAPI{"schema": g.of(reflect.TypeOf(rt.sent))}}}
	}
	if rt.more != "" {
		op["description"] = rt.more
	}
	return op
}

// schema describes what a parameter may be.
func (p param) schema() openAPI {
	out := openAPI{"type": "string"}
	switch {
	case p.day:
		out["format"] = "date"
	case p.enum != nil:
		out["enum"] = p.enum
	case p.max > 0:
		n, _ := strconv.Atoi(p.fallback)
		return openAPI{"type": "integer", "minimum": p.min, "maximum": p.max, "default": n}
	case p.pattern != nil:
		out["pattern"] = p.pattern.String()
	case p.name == paramCursor.name:
		out["maxLength"] = maxCursor
	default:
		out["maxLength"] = maxText
	}
	if p.fallback != "" {
		out["default"] = p.fallback
	}
	return out
}

// schemas makes JSON Schemas (2020-12) of Go types as encoding/json writes
// them. Each struct and each closed list of words is a component of its own.
type schemas struct {
	components openAPI
	names      map[reflect.Type]string
}

func newSchemas() *schemas {
	g := &schemas{components: openAPI{}, names: map[reflect.Type]string{}}
	for t, words := range closed {
		g.components[t.Name()] = openAPI{"type": "string", "enum": words}
		g.names[t] = t.Name()
	}
	date := reflect.TypeFor[detente.Date]()
	g.names[date] = date.Name()
	g.components[date.Name()] = openAPI{"type": "string", "pattern": `^(\d{4}(-\d{2}(-\d{2})?)?)?$`,
		"description": "A day, a month, a year, or empty where it is not known."}
	return g
}

// closed are the types whose words the codebook lists. The empty word stands
// where a thing has none: a claim about an act claims no state.
var closed = map[reflect.Type][]string{
	reflect.TypeFor[detente.Channel]():       asText(detente.Channels),
	reflect.TypeFor[detente.State]():         asText([]detente.State{detente.Open, detente.Minimal, detente.Frozen, detente.Severed, detente.Disputed, detente.Unknown, ""}),
	reflect.TypeFor[detente.ActKind]():       asText([]detente.ActKind{detente.Contact, detente.Freeze, detente.Thaw, ""}),
	reflect.TypeFor[detente.Factuality]():    factualities,
	reflect.TypeFor[detente.Finding]():       asText([]detente.Finding{detente.RecordContradicts, detente.RecordSupports, detente.WordAgainstWord, detente.Settled}),
	reflect.TypeFor[detente.EventType]():     eventTypes,
	reflect.TypeFor[detente.Modality]():      asText([]detente.Modality{detente.Asserted, detente.Denied, detente.Expected, detente.Intended, detente.Doubted, detente.Possible, detente.UnknownTo, ""}),
	reflect.TypeFor[detente.StatementKind](): asText([]detente.StatementKind{detente.Direct, detente.Mixed, detente.Indirect, ""}),
}

// of gives the schema of a type, a reference where it has a component.
func (g *schemas) of(t reflect.Type) openAPI {
	if name, ok := g.names[t]; ok {
		return openAPI{"$ref": "#/components/schemas/" + name}
	}
	if t == reflect.TypeFor[time.Time]() {
		return openAPI{"type": "string", "format": "date-time"}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return g.of(t.Elem())
	case reflect.String:
		return openAPI{"type": "string"}
	case reflect.Bool:
		return openAPI{"type": "boolean"}
	case reflect.Int, reflect.Int64, reflect.Int32:
		return openAPI{"type": "integer"}
	case reflect.Float64:
		return openAPI{"type": "number"}
	case reflect.Slice:
		return openAPI{"type": "array", "items": g.of(t.Elem())}
	case reflect.Array:
		return openAPI{"type": "array", "items": g.of(t.Elem()), "minItems": t.Len(), "maxItems": t.Len()}
	case reflect.Map, reflect.Interface:
		return openAPI{}
	case reflect.Struct:
		return g.object(t)
	}
	panic(fmt.Sprintf("no schema for %s: say in schemas.of how it is written", t)) // found by the first test that asks for the description
}

// object makes the component of a struct.
func (g *schemas) object(t reflect.Type) openAPI {
	name := g.name(t)
	g.names[t] = name
	properties, required := openAPI{}, []string{}
	out := openAPI{"type": "object", "properties": properties}
	g.components[name] = out
	for _, f := range fields(t) {
		schema := g.of(f.typ)
		if f.nullable {
			schema = openAPI{"anyOf": []any{schema, openAPI{"type": "null"}}}
		}
		properties[f.name] = schema
		if !f.optional {
			required = append(required, f.name)
		}
	}
	slices.Sort(required)
	out["required"] = required
	if about := objects[t]; about != "" {
		out["description"] = about
	}
	return openAPI{"$ref": "#/components/schemas/" + name}
}

// name is a component's name: a type's own; where two packages have a type of
// that name, the one of what stands in a record is marked as such. A list is
// named by what it holds.
func (g *schemas) name(t reflect.Type) string {
	name := t.Name()
	if list, elem, ok := strings.Cut(name, "["); ok {
		name = elem[strings.LastIndexByte(elem, '.')+1:len(elem)-1] + list
	}
	if shown[name] && t.PkgPath() == reflect.TypeFor[detente.Record]().PkgPath() {
		name = "Record" + name
	}
	if t == reflect.TypeFor[store.Change]() {
		name = "LoggedChange" // a Change is one of a channel's state
	}
	return name
}

// shown are the names that a type of this package shares with the record's.
var shown = map[string]bool{"Act": true, "Article": true, "Claim": true, "Dispute": true, "Event": true, "Indicator": true, "Statement": true, "Versions": true, "Dyad": true}

// field is a field of a struct as encoding/json writes it.
type field struct {
	name     string
	typ      reflect.Type
	optional bool
	nullable bool
}

// fields lists a struct's fields, those of embedded structs in their place.
func fields(t reflect.Type) []field {
	var out []field
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.IsExported() || name == "-" || f.Anonymous && name == "" || hidden(t, f.Index) {
			continue
		}
		if name == "" {
			name = f.Name
		}
		optional := strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero")
		out = append(out, field{name, f.Type, optional, f.Type.Kind() == reflect.Pointer && !optional})
	}
	return out
}

// hidden says whether a field stands in an embedded struct that is not written.
func hidden(t reflect.Type, index []int) bool {
	for i := 1; i < len(index); i++ {
		if f := t.FieldByIndex(index[:i]); f.Tag.Get("json") != "" {
			return true
		}
	}
	return false
}

// objects say what the structs are, where their name does not.
var objects = map[reflect.Type]string{
	reflect.TypeFor[detente.Span]():         "A run of Unicode code points of an article's evidence text, end exclusive.",
	reflect.TypeFor[detente.Statement]():    "An attribution: source, cue and content (PolNeAR's sense).",
	reflect.TypeFor[detente.Event]():        "A coded event (PLOVER). Only factuality happened is the record.",
	reflect.TypeFor[detente.Act]():          "A contact, freeze or thaw between two parties.",
	reflect.TypeFor[detente.Claim]():        "A statement about the state of a channel, or about an act.",
	reflect.TypeFor[detente.ChannelState](): "The derived state of a channel, the rule that gave it and the ids that it rests on.",
	reflect.TypeFor[detente.Record]():       "Everything that was found in one article, as detente read --json prints it.",
	reflect.TypeFor[detente.Indicator]():    "A statement about a time series.",
	reflect.TypeFor[Dyad]():                 "Everything shown of one dyad as of a day. Ids are qualified: ARTICLE#a1.",
	reflect.TypeFor[DyadRow]():              "A dyad with what is known of its channels and what changed.",
	reflect.TypeFor[ChannelRow]():           "A channel's state, who says otherwise and what the state rests on.",
	reflect.TypeFor[Citation]():             "A sentence of an article, and the words in it that count.",
	reflect.TypeFor[Claim]():                "A claim with whose it is, how it came here and where it stands.",
	reflect.TypeFor[Act]():                  "An act as one or several reports tell it.",
	reflect.TypeFor[Event]():                "A coded event with its sentence and the article that tells it.",
	reflect.TypeFor[Dispute]():              "Claims, what was said against them, and the record. No verdict.",
	reflect.TypeFor[Spell]():                "A state from one day to the next change, as it was known.",
	reflect.TypeFor[ChannelHistory]():       "A channel's state, what it rests on, and its past.",
	reflect.TypeFor[Statement]():            "A statement with its sentence, its neighbours and what it claims.",
	reflect.TypeFor[Article]():              "An article's record with what the store knows of it.",
	reflect.TypeFor[Problem]():              "An error (RFC 9457) with what to do about it.",
	reflect.TypeFor[AnnotationCollection](): "What was coded from an article, as W3C Web Annotations.",
	reflect.TypeFor[detente.Participant]():  "Who took part in an event.",
	reflect.TypeFor[detente.Speaker]():      "Who spoke, as resolved.",
	reflect.TypeFor[detente.Link]():         "One step of the chain of reporting, nearest the speaker first.",
	reflect.TypeFor[List[DyadRow]]():        "A part of a list; next is the cursor of the part behind it, empty at the end.",
	reflect.TypeFor[List[Claim]]():          "A part of a list; next is the cursor of the part behind it, empty at the end.",
	reflect.TypeFor[List[Act]]():            "A part of a list; next is the cursor of the part behind it, empty at the end.",
	reflect.TypeFor[List[Event]]():          "A part of a list; next is the cursor of the part behind it, empty at the end.",
	reflect.TypeFor[List[Statement]]():      "A part of a list; next is the cursor of the part behind it, empty at the end.",
	reflect.TypeFor[List[ArticleRow]]():     "A part of a list; next is the cursor of the part behind it, empty at the end.",
}

// apiPage is what page/api.tmpl shows: the interfaces, for people.
type apiPage struct {
	frame
	Routes   []apiRoute
	Problems []problemKind
}

type apiRoute struct {
	Method, Path, What, More, Media string
	Params                          []apiParam
}

type apiParam struct{ Name, About, Form string }

func (s *server) apiPage(r *http.Request) (any, error) {
	asOf, err := asOfOf(r)
	if err != nil {
		return nil, err
	}
	p := &apiPage{frame: s.frame(r, asOf, "Interfaces for programs"), Problems: problemKinds}
	for _, rt := range routes {
		shown := apiRoute{Method: rt.method(), Path: rt.path, What: rt.what, More: rt.more, Media: rt.media}
		for _, pa := range rt.params {
			shown.Params = append(shown.Params, apiParam{pa.name, pa.about, pa.form()})
		}
		p.Routes = append(p.Routes, shown)
	}
	p.JSON = "/openapi.json"
	return p, nil
}

// form words what a parameter may be.
func (p param) form() string {
	form := ""
	switch {
	case p.day:
		form = "YYYY-MM-DD"
	case p.enum != nil:
		form = strings.Join(p.enum, ", ")
	case p.max > 0:
		form = fmt.Sprintf("%d to %d", p.min, p.max)
	}
	if p.fallback != "" {
		form += "; by default " + p.fallback
	}
	return form
}
