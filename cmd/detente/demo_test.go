package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"detente"
	"detente/internal/store"
	"detente/internal/store/sqlite"
	"detente/internal/web"
)

// Every dispatch can be read, has a date and says that it was written for the
// demo; several dyads have channels that are known.
func TestDemo(t *testing.T) {
	articles := 0
	for a, err := range demoArticles {
		if err != nil {
			t.Error(err)
			continue
		}
		articles++
		if a.Published == "" || a.Title == "" {
			t.Errorf("%q: published %q; a dispatch needs title and date", a.Title, a.Published)
		}
		if a.Outlet != "" && !strings.Contains(strings.ToLower(a.Outlet), "demo") {
			t.Errorf("%q: outlet %q could be taken for a real one", a.Title, a.Outlet)
		}
	}
	if articles < 15 {
		t.Errorf("%d dispatches, want at least 15", articles)
	}

	st, err := sqlite.Open(filepath.Join(t.TempDir(), "demo.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	line, err := newLine(nil)
	if err != nil {
		t.Fatal(err)
	}
	n, err := fillDemo(line, st)
	if err != nil || n != articles {
		t.Fatalf("%d of %d dispatches stored, error %v", n, articles, err)
	}
	dyads, err := st.Dyads(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	known := map[detente.Dyad]bool{}
	for _, d := range dyads {
		known[d.Dyad] = true
	}
	for _, d := range []detente.Dyad{{"KOR", "PRK"}, {"CHN", "USA"}, {"IRN", "SAU"}} {
		if !known[d] {
			t.Errorf("nothing was found about %s", d)
		}
	}
	t.Run("answers fit their description", func(t *testing.T) { fitDescription(t, st) })
}

// fitDescription serves what was read and holds the answers to the schemas that
// the server's own description has for them.
func fitDescription(t *testing.T, st store.Store) {
	config, err := webConfig("", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	h, err := web.New(st, config)
	if err != nil {
		t.Fatal(err)
	}
	get := func(path string) any {
		t.Helper()
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		v, err := jsonschema.UnmarshalJSON(w.Body)
		if err != nil || w.Code != http.StatusOK {
			t.Fatalf("%s: status %d, %v", path, w.Code, err)
		}
		return v
	}
	doc := get("/openapi.json")
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	for _, s := range doc.(map[string]any)["components"].(map[string]any)["schemas"].(map[string]any) {
		if s := s.(map[string]any); s["type"] == "object" {
			s["additionalProperties"] = false // a field that is not described is an error here
		}
	}
	if err := c.AddResource("https://detente.example/openapi.json", doc); err != nil {
		t.Fatal(err)
	}
	held := func(path, component string) []any {
		t.Helper()
		v := get(path)
		if err := c.MustCompile("https://detente.example/openapi.json#/components/schemas/" + component).Validate(v); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		items, _ := v.(map[string]any)["items"].([]any)
		return items
	}
	for _, d := range held("/api/v1/dyads?limit=60", "DyadRowList") {
		pair := d.(map[string]any)["dyad"].([]any)
		held(fmt.Sprintf("/api/v1/dyads/%s-%s", pair...), "Dyad")
		held(fmt.Sprintf("/api/v1/dyads/%s-%s/claims?limit=200", pair...), "ClaimList")
		held(fmt.Sprintf("/api/v1/dyads/%s-%s/channels/leaders", pair...), "ChannelHistory")
	}
	if n := len(held("/api/v1/acts?limit=200", "ActList")) + len(held("/api/v1/events?limit=200", "EventList")) + len(held("/api/v1/statements?limit=100", "StatementList")); n < 100 {
		t.Errorf("only %d acts, events and statements", n)
	}
	for _, a := range held("/api/v1/articles?limit=200", "ArticleRowList") {
		id := url.PathEscape(a.(map[string]any)["id"].(string))
		held("/api/v1/articles/"+id, "Article")
		held("/api/v1/articles/"+id+"/annotations", "AnnotationCollection")
	}
}
