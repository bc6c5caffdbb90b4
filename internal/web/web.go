// Package web shows a store as pages and as JSON.
//
// Every page is HTML from an embedded template, complete without a script, and
// every figure on it opens onto the sentence that it rests on. What a page
// shows of a dyad or an article is one struct (Dyad, Article); the JSON under
// /api/v1/ is that struct. Channel states are those of the series that the store
// keeps, as known by the as-of day (?as_of=YYYY-MM-DD; without it, all that is
// stored); of claims and acts a page has those of the latest reports, and says
// where it goes on, so that it costs the same however much is stored. The clock is never asked: "latest" is the latest report.
//
// Everything in the store was written by others. Templates escape it, links go
// only to http and https, and the content security policy allows no script but
// the embedded one, static/keys.js, which moves the focus and follows links.
package web

import (
	"bytes"
	"cmp"
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"path"

	"detente"
	"detente/internal/actor"
	"detente/internal/store"
)

//go:embed page/*.tmpl
var pages embed.FS

//go:embed static
var static embed.FS

// Config is what a server is made of beside its store.
type Config struct {
	// Banner is shown on every page, if set: "Written for the demo …".
	Banner string
	// PartyName gives the name of a party ("Russia"); nil or an empty answer:
	// its code is the name.
	PartyName func(detente.Party) string
	// Facts gives what the actor tables know of a name on a day; nil: nothing.
	Facts    func(name string, on detente.Date) []actor.Entry
	Versions detente.Versions // of the program that serves; shown on every page
	// Public is the address under which readers reach the server, as
	// "https://detente.example"; feeds and annotations are named by it.
	Public    string
	Origins   []string     // whose pages may read the answers; "*": everybody's; none by default
	Log       *slog.Logger // errors that a reader cannot mend; nil: discarded
	Operation Operation
}

type server struct {
	Config
	store     store.Store
	desk      *desk
	templates map[string]*template.Template
	assets    map[string]asset
	memory    memory
}

type asset struct {
	body []byte
	kind string
}

// New makes the handler that serves st.
func New(st store.Store, c Config) (http.Handler, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if err := cmp.Or(checkOrigins(c.Origins), checkPublic(c.Public)); err != nil {
		return nil, err
	}
	s := &server{Config: c, store: st, templates: map[string]*template.Template{}, assets: map[string]asset{}}
	if err := s.loadTemplates(); err != nil {
		return nil, err
	}
	if err := s.loadAssets(); err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", s.page("home", s.homePage))
	mux.Handle("GET /dyads", http.RedirectHandler("/", http.StatusMovedPermanently))
	mux.Handle("GET /dyads/{dyad}", s.page("dyad", s.dyadPage))
	mux.Handle("GET /articles/{id}", s.page("article", s.articlePage))
	mux.Handle("GET /statements/{article}/{id}", s.page("statement", s.statementPage))
	mux.Handle("GET /search", s.page("search", s.searchPage))
	mux.Handle("GET /people/{name}", s.page("person", s.personPage))
	mux.Handle("GET /outlets", s.page("outlets", s.outletsPage))
	mux.Handle("GET /outlets/{name}", s.page("outlet", s.outletPage))
	mux.Handle("GET /indicators/{name}", s.page("indicator", s.indicatorPage))
	mux.Handle("GET /method", s.page("method", s.methodPage))
	mux.Handle("GET /api", s.page("api", s.apiPage))
	s.mount(mux)
	mux.HandleFunc("GET /static/{name}", s.serveAsset)
	mux.HandleFunc("GET /healthz", s.health)
	s.operate(mux)
	mux.HandleFunc("GET /robots.txt", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "User-agent: *\nDisallow: /search\nDisallow: /api/\n")
	})
	mux.Handle("GET /", s.page("error", func(r *http.Request) (any, error) {
		return nil, &pageError{http.StatusNotFound, "There is no page at this address."}
	}))
	answers, err := packed(mux)
	if err != nil {
		return nil, err
	}
	return s.open(s.desk.operated(mux, guarded(answers))), nil
}

// guarded sets the headers that keep what was written by others harmless.
func guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		next.ServeHTTP(w, r)
	})
}

// pageError is an error that the reader can do something about.
type pageError struct {
	status int
	text   string
}

func (e *pageError) Error() string { return e.text }

// failure turns an error into what the reader is told.
func (s *server) failure(r *http.Request, err error) *pageError {
	var pe *pageError
	switch {
	case errors.As(err, &pe):
		return pe
	case errors.Is(err, store.ErrNotFound):
		return &pageError{http.StatusNotFound, "This is not in the store."}
	case errors.Is(err, context.Canceled) && r.Context().Err() != nil:
		return &pageError{499, "The request was given up."} // nobody reads this
	}
	s.Log.Error("a page failed", "request", requestOf(r).id, "path", r.URL.Path, "error", err)
	return &pageError{http.StatusInternalServerError, "This page could not be made; the server's log says why."}
}

// page serves a template with what build gives. The whole page is made before
// its first byte is sent, so that an error never leaves half of one.
func (s *server) page(name string, build func(*http.Request) (any, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status := http.StatusOK
		view, err := build(r)
		var body bytes.Buffer
		if err == nil {
			err = s.templates[name].Execute(&body, view)
		}
		if err != nil {
			fail := s.failure(r, err)
			status = fail.status
			body.Reset()
			asOf, _ := asOfOf(r)
			view := errorPage{frame: s.frame(r, asOf, http.StatusText(fail.status)), Text: fail.text}
			if err := s.templates["error"].Execute(&body, view); err != nil {
				s.Log.Error("the error page failed", "error", err)
			}
		}
		if status == http.StatusOK {
			send(w, r, "text/html; charset=utf-8", body.Bytes())
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "no-cache")
		w.WriteHeader(status)
		w.Write(body.Bytes())
	})
}

type errorPage struct {
	frame
	Text string
}

func (s *server) health(w http.ResponseWriter, r *http.Request) {
	if _, err := s.store.Search(r.Context(), store.Query{Limit: 1}); err != nil {
		s.Log.Error("the store does not answer", "error", err)
		http.Error(w, "the store does not answer", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ok")
}

func (s *server) serveAsset(w http.ResponseWriter, r *http.Request) {
	a, ok := s.assets[r.PathValue("name")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	send(w, r, a.kind, a.body)
}

func (s *server) loadAssets() error {
	kinds := map[string]string{".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
	return fs.WalkDir(static, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		body, err := static.ReadFile(name)
		if err != nil {
			return err
		}
		s.assets[path.Base(name)] = asset{body, kinds[path.Ext(name)]}
		return nil
	})
}

func (s *server) loadTemplates() error {
	shared, err := template.New("layout.tmpl").Funcs(s.functions()).ParseFS(pages, "page/layout.tmpl", "page/parts.tmpl", "page/review.tmpl", "page/drawing.tmpl", "page/indicators.tmpl")
	if err != nil {
		return fmt.Errorf("embedded pages: %w", err)
	}
	for _, name := range []string{"home", "dyad", "article", "statement", "search", "person", "outlets", "outlet", "indicator", "method", "api", "changes", "login", "error"} {
		t, err := shared.Clone()
		if err == nil {
			t, err = t.ParseFS(pages, "page/"+name+".tmpl")
		}
		if err != nil {
			return fmt.Errorf("embedded page %s: %w", name, err)
		}
		s.templates[name] = t
	}
	feed, err := template.New("feed.tmpl").Funcs(s.functions()).ParseFS(pages, "page/feed.tmpl")
	if err != nil {
		return fmt.Errorf("embedded entry of feeds: %w", err)
	}
	s.templates["feed"] = feed
	return nil
}

// frame is what every page has around its content.
type frame struct {
	Heading  string // of the browser's window
	Banner   string
	AsOf     detente.Date
	Path     string // this page without its query
	Asked    string // its whole address, as the client asked for it
	Kept     url.Values
	Versions detente.Versions
	Codebook int
	JSON     string // address of this page's twin, if it has one
	Feeds    []feedLink
}

func (s *server) frame(r *http.Request, asOf detente.Date, heading string) frame {
	kept := r.URL.Query()
	kept.Del("as_of")
	kept.Del("after") // another day has another list
	return frame{Heading: heading, Banner: s.Banner, AsOf: asOf, Path: r.URL.EscapedPath(), Asked: s.base(r) + r.URL.RequestURI(), Kept: kept,
		Versions: s.Versions, Codebook: detente.CodebookVersion}
}

// To gives the address of a page as of the day that this page is shown for;
// parts are escaped and stand between slashes.
func (f frame) To(parts ...string) string {
	at := pathOf(parts...)
	if f.AsOf != "" {
		at += "?as_of=" + url.QueryEscape(string(f.AsOf))
	}
	if at == "" {
		return "/"
	}
	if at[0] == '?' {
		at = "/" + at
	}
	return at
}

// claimCard is a claim on a page.
type claimCard struct {
	F frame
	C Claim
}

// With hands a claim to the template that shows it on this page.
func (f frame) With(c Claim) claimCard { return claimCard{f, c} }

// speakerHere is a speaker on a page.
type speakerHere struct {
	F frame
	S detente.Speaker
}

// Named hands a speaker to the template that shows who that is.
func (f frame) Named(sp detente.Speaker) speakerHere { return speakerHere{f, sp} }

// Role is the speaker's, unless it is the name already.
func (h speakerHere) Role() string {
	if h.S.Role == h.S.Name {
		return ""
	}
	return h.S.Role
}

// Address is of the page on the speaker.
func (h speakerHere) Address() string {
	at := h.F.To("people", h.S.Name)
	switch {
	case h.S.Party == "":
		return at
	case h.F.AsOf == "":
		return at + "?party=" + url.QueryEscape(string(h.S.Party))
	}
	return at + "&party=" + url.QueryEscape(string(h.S.Party))
}

// hitsHere is a list of articles on a page.
type hitsHere struct {
	F    frame
	Hits []store.Hit
}

// List hands articles to the template that lists them.
func (f frame) List(hits []store.Hit) hitsHere { return hitsHere{f, hits} }

// Statement gives the address of the statement that a claim is, or nothing
// where the article itself claims it.
func (f frame) Statement(c Claim) string {
	ref, err := store.ParseRef(string(c.Claim.Statement))
	if err != nil {
		return ""
	}
	return f.To("statements", ref.Article, ref.ID)
}

// citedHere is a citation on a page.
type citedHere struct {
	F frame
	C Citation
}

// Cites hands a citation to the template that shows its copies.
func (f frame) Cites(c Citation) citedHere { return citedHere{f, c} }

// Cited gives the address of what a citation stands for, on its article's page.
func (f frame) Cited(c Citation) string {
	return f.To("articles", c.Article) + "#" + url.PathEscape(c.Anchor)
}

// asOfOf reads ?as_of=; empty where it is not given.
func asOfOf(r *http.Request) (detente.Date, error) {
	given := r.URL.Query().Get("as_of")
	if given == "" {
		return "", nil
	}
	d, err := detente.ParseDate(given)
	if err != nil {
		return "", &pageError{http.StatusBadRequest, "The day is " + err.Error() + "."}
	}
	return d, nil
}

// pair names a dyad: "Russia – United States".
func (s *server) pair(d detente.Dyad) string { return s.party(d[0]) + " – " + s.party(d[1]) }

func (s *server) party(p detente.Party) string {
	if s.PartyName != nil {
		if name := s.PartyName(p); name != "" {
			return name
		}
	}
	return string(p)
}
