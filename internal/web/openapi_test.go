package web

import (
	"context"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"mime"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"detente"
)

// examples are addresses in the small library for every route.
var examples = map[string][]string{
	"/api/v1/versions":                           {"/api/v1/versions"},
	"/api/v1/dyads":                              {"/api/v1/dyads", "/api/v1/dyads?days=30&limit=1"},
	"/api/v1/dyads/{dyad}":                       {"/api/v1/dyads/RUS-USA", "/api/v1/dyads/IRN-SAU", "/api/v1/dyads/RUS-USA?as_of=2018-03-01"},
	"/api/v1/dyads/{dyad}/channels/{channel}":    {"/api/v1/dyads/RUS-USA/channels/all", "/api/v1/dyads/RUS-USA/channels/hotline"},
	"/api/v1/dyads/{dyad}/claims":                {"/api/v1/dyads/RUS-USA/claims", "/api/v1/dyads/IRN-SAU/claims?limit=1"},
	"/api/v1/acts":                               {"/api/v1/acts"},
	"/api/v1/indicators/{name}":                  {"/api/v1/indicators/Harbour%20index"},
	"/api/v1/dyads/{dyad}/indicators/{name}":     {"/api/v1/dyads/RUS-USA/indicators/Harbour%20index", "/api/v1/dyads/RUS-USA/indicators/Harbour%20index?window=-1:1,0:2"},
	"/api/v1/changes":                            {"/api/v1/changes", "/api/v1/changes?trigger=review&limit=1"},
	"/api/v1/events":                             {"/api/v1/events"},
	"/api/v1/statements":                         {"/api/v1/statements", "/api/v1/statements?q=nowhere"},
	"/api/v1/statements/{article}/{id}":          {"/api/v1/statements/quarrel/s1", "/api/v1/statements/gulf/s2"},
	"/api/v1/articles":                           {"/api/v1/articles", "/api/v1/articles?q=ambassador"},
	"/api/v1/articles/{id}":                      {"/api/v1/articles/quarrel", "/api/v1/articles/gulf"},
	"/api/v1/articles/{id}/text":                 {"/api/v1/articles/quarrel/text"},
	"/api/v1/articles/{id}/annotations":          {"/api/v1/articles/quarrel/annotations", "/api/v1/articles/gulf/annotations?sha256=" + strings.Repeat("0", 64)},
	"/dyads/{dyad}/feed.atom":                    {"/dyads/RUS-USA/feed.atom"},
	"/dyads/{dyad}/channels/{channel}/feed.atom": {"/dyads/RUS-USA/channels/embassies/feed.atom"},
	"/dyads/{dyad}/disputes.atom":                {"/dyads/RUS-USA/disputes.atom"},
	"/openapi.json":                              {"/openapi.json"},
}

// library serves the small library with a time series.
func library(t *testing.T) http.Handler {
	t.Helper()
	st := stock(t, shelf(t)...)
	if err := st.SaveIndicator(context.Background(), bourse); err != nil {
		t.Fatal(err)
	}
	h, err := New(st, Config{Banner: "Written for the test.", Versions: detente.Versions{Program: "dev"}})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// described is the part of a description that the tests look at.
type described struct {
	Paths map[string]map[string]struct {
		OperationID string `json:"operationId"`
		Parameters  []struct {
			Name, In string
			Schema   map[string]any
		}
		Responses map[string]struct {
			Content map[string]struct{ Schema map[string]any }
		}
	}
}

// TestDescribedIsServed asks for every route that is described, and compares
// status and media type.
func TestDescribedIsServed(t *testing.T) {
	h := library(t)
	doc := decoded[described](t, h, "/openapi.json")
	names := map[string]bool{}
	for path, methods := range doc.Paths {
		if _, ok := methods["post"]; ok {
			res := post(t, h, path, "{}")
			if res.StatusCode != http.StatusForbidden { // nobody may, here
				t.Errorf("%s: status %d", path, res.StatusCode)
			}
			continue
		}
		op, ok := methods["get"]
		if !ok || len(examples[path]) == 0 || names[op.OperationID] {
			t.Errorf("%s: described %v, examples %v", path, methods, examples[path])
		}
		names[op.OperationID] = true
		for _, example := range examples[path] {
			res := get(t, h, example)
			kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
			found := false
			for media := range op.Responses["200"].Content {
				plain, _, err := mime.ParseMediaType(media)
				found = found || err == nil && plain == kind
			}
			if res.StatusCode != http.StatusOK || !found {
				t.Errorf("%s: status %d, media type %s", example, res.StatusCode, kind)
			}
		}
		for _, p := range op.Parameters {
			if p.In == "path" && !strings.Contains(path, "{"+p.Name+"}") {
				t.Errorf("%s has no part %s", path, p.Name)
			}
			if p.In == "query" && get(t, h, examples[path][0]+"?"+p.Name+"=").StatusCode != http.StatusOK {
				t.Errorf("%s: parameter %s is described and not taken", path, p.Name)
			}
		}
	}
}

// TestServedIsDescribed reads the patterns in the package's source: an address
// for programs that is not in the table of routes would be described nowhere.
func TestServedIsDescribed(t *testing.T) {
	pattern := regexp.MustCompile(`^[A-Z]+ (/api/.+|/.*\.(json|atom|xml))$`)
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text := strings.Trim(lit.Value, "`\"")
			if strings.HasPrefix(text, "GET /") {
				seen++
			}
			if pattern.MatchString(text) {
				t.Errorf("%s serves %q past the table of routes; put it there", f.Name(), text)
			}
			return true
		})
	}
	if seen < 5 {
		t.Errorf("only %d patterns were found in the source", seen)
	}
}

// schemaOf compiles what the description says of a route's answer, and allows
// no field that it does not name.
func schemaOf(t *testing.T, h http.Handler, path string) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(get(t, h, "/openapi.json").Body)
	if err != nil {
		t.Fatal(err)
	}
	components := doc.(map[string]any)["components"].(map[string]any)["schemas"].(map[string]any)
	for _, c := range components {
		if c := c.(map[string]any); c["type"] == "object" {
			c["additionalProperties"] = false
		}
	}
	op := doc.(map[string]any)["paths"].(map[string]any)[path].(map[string]any)["get"].(map[string]any)
	content := op["responses"].(map[string]any)["200"].(map[string]any)["content"].(map[string]any)
	for _, c := range content {
		ref, _ := c.(map[string]any)["schema"].(map[string]any)["$ref"].(string)
		if ref == "" {
			return nil
		}
		return compile(t, doc, ref)
	}
	return nil
}

func compile(t *testing.T, doc any, ref string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	if err := c.AddResource("https://detente.example/openapi.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("https://detente.example/openapi.json" + ref)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestAnswersFitSchemas holds every example answer to its schema.
func TestAnswersFitSchemas(t *testing.T) {
	h := library(t)
	checked := 0
	for path, list := range examples {
		schema := schemaOf(t, h, path)
		if schema == nil {
			continue
		}
		for _, example := range list {
			answer, err := jsonschema.UnmarshalJSON(get(t, h, example).Body)
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(answer); err != nil {
				t.Errorf("%s: %v", example, err)
			}
			checked++
			answer.(map[string]any)["undescribed"] = true
			if schema.Validate(answer) == nil || schema.Validate(map[string]any{}) == nil {
				t.Errorf("%s: the schema takes a field that it does not name, or an empty answer", example)
			}
		}
	}
	if checked < 20 {
		t.Errorf("only %d answers were held to a schema", checked)
	}
}

// TestProblemsFitTheirSchema holds errors to theirs.
func TestProblemsFitTheirSchema(t *testing.T) {
	h := library(t)
	doc, err := jsonschema.UnmarshalJSON(get(t, h, "/openapi.json").Body)
	if err != nil {
		t.Fatal(err)
	}
	schema := compile(t, doc, "#/components/schemas/Problem")
	for _, path := range []string{"/api/v1/acts?limit=x", "/api/v1/articles/none", "/api/v1/acts?cursor=x", "/api/nothing"} {
		answer, err := jsonschema.UnmarshalJSON(get(t, h, path).Body)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(answer); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// TestParametersAsDescribed sends values that the description allows and some
// that it forbids.
func TestParametersAsDescribed(t *testing.T) {
	h := library(t)
	for path, methods := range decoded[described](t, h, "/openapi.json").Paths {
		if len(methods["get"].Parameters) == 0 {
			continue
		}
		base, _, _ := strings.Cut(examples[path][0], "?")
		for _, p := range methods["get"].Parameters {
			if p.In != "query" {
				continue
			}
			send := func(v string, want bool) {
				t.Helper()
				res := get(t, h, base+"?"+p.Name+"="+v)
				var got Problem
				body, _ := io.ReadAll(res.Body)
				json.Unmarshal(body, &got)
				if refused := got.Type == "/api#bad-parameter"; refused == want {
					t.Errorf("%s: %s=%s: status %d", path, p.Name, v, res.StatusCode)
				}
			}
			if list, ok := p.Schema["enum"].([]any); ok {
				for _, v := range list {
					send(fmt.Sprint(v), true)
				}
				send("nonsense", false)
			}
			if p.Schema["type"] == "integer" {
				send(fmt.Sprint(p.Schema["minimum"]), true)
				send(fmt.Sprint(p.Schema["maximum"]), true)
				send(fmt.Sprint(p.Schema["maximum"].(float64)+1), false)
			}
			if p.Schema["format"] == "date" {
				send("2018-03-14", true)
				send("2018-03", false)
			}
		}
	}
}
