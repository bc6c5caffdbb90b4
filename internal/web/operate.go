package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"detente/internal/store"
)

// Operation is what an operator decides about a server.
type Operation struct {
	WriteToken string  // who has it may review; empty: nobody may
	ReadToken  string  // who has it, or the WriteToken, may read; empty: everybody may
	Rate       float64 // requests a second of one client, in the long run; 0: any number
	// Proxies are believed whom they ask for, by X-Forwarded-For.
	Proxies    []netip.Prefix
	Quarantine string // file whose lines are counted; empty: none
	// Now is the clock, for reviews, sessions and figures; nil: the machine's.
	Now func() time.Time
}

// maxBody bounds the body of a request.
const maxBody = 64 << 10

// request is what is known of a request while it is answered.
type request struct {
	id     string
	route  string
	client netip.Addr
	role   role
}

type requestKey struct{}

// requestOf gives what is known of a request; never nil.
func requestOf(r *http.Request) *request {
	if q, ok := r.Context().Value(requestKey{}).(*request); ok {
		return q
	}
	return &request{}
}

// desk is what stands between the network and the pages: it counts, logs, and
// refuses what the operator does not allow.
type desk struct {
	Operation
	log     *slog.Logger
	store   store.Store
	meter   *meter
	clients *clients // nil: no bound
	logins  *clients
	cross   *http.CrossOriginProtection
}

func newDesk(st store.Store, c Config) *desk {
	d := &desk{Operation: c.Operation, log: c.Log, store: st, cross: http.NewCrossOriginProtection()}
	if d.Now == nil {
		d.Now = time.Now
	}
	d.meter = newMeter(d, c.Versions)
	if d.Rate > 0 {
		d.clients = newClients(d.Rate, max(1, int(2*d.Rate)))
	}
	d.logins = newClients(loginRate, loginBurst)
	return d
}

// operated puts the desk before pages; routes says which of them answers.
func (d *desk) operated(routes *http.ServeMux, pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		_, route := routes.Handler(r)
		q := &request{id: rand.Text()[:16], route: routeName(route), client: d.clientOf(r)}
		w.Header().Set("X-Request-Id", q.id)
		counted := &counter{ResponseWriter: w}
		r = r.WithContext(context.WithValue(r.Context(), requestKey{}, q))
		if refused := d.refuse(counted, r, q); !refused {
			r.Body = http.MaxBytesReader(counted, r.Body, maxBody)
			pages.ServeHTTP(counted, r)
		}
		d.answered(r, q, counted, time.Since(start))
	})
}

// routeName makes a route of a pattern; what no page answers is one route.
func routeName(pattern string) string {
	if pattern == "" || pattern == "GET /" {
		return "none"
	}
	return pattern
}

// refuse answers requests that are not to reach the pages.
func (d *desk) refuse(w http.ResponseWriter, r *http.Request, q *request) bool {
	q.role = d.roleOf(r)
	if d.clients != nil && q.route != "GET /healthz" {
		if wait := d.clients.wait(q.client, d.Now()); wait > 0 {
			d.turnDown(w, r, "rate", http.StatusTooManyRequests, wait, "Too many requests. Come back in a moment.")
			return true
		}
	}
	if err := d.cross.Check(r); err != nil {
		d.turnDown(w, r, "origin", http.StatusForbidden, 0, "This was asked for by a page of another site.")
		return true
	}
	if r.ContentLength > maxBody {
		d.turnDown(w, r, "body", http.StatusRequestEntityTooLarge, 0, fmt.Sprintf("The request is larger than %d KiB.", maxBody>>10))
		return true
	}
	// A browser asks first, without a token, whether a page elsewhere may ask; the
	// answer to that tells nothing.
	if q.role < reader && d.ReadToken != "" && !isOpen(q.route) && r.Method != http.MethodOptions {
		if wantsPage(r) {
			http.Redirect(w, r, loginAddress(r), http.StatusSeeOther)
			d.meter.refused.WithLabelValues("token").Inc()
			return true
		}
		w.Header().Set("WWW-Authenticate", `Bearer realm="detente"`)
		d.turnDown(w, r, "token", http.StatusUnauthorized, 0, "Reading here needs a token: Authorization: Bearer TOKEN.")
		return true
	}
	return false
}

// isOpen reports whether a route answers those who may not read.
func isOpen(route string) bool {
	switch route {
	case "GET /healthz", "GET /login", "POST /login", "GET /static/{name}", "GET /robots.txt":
		return true
	}
	return false
}

// wantsPage reports whether a person asks, by a browser.
func wantsPage(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.Contains(r.Header.Get("Accept"), "text/html") && !strings.HasPrefix(r.URL.Path, "/api/")
}

// turnDown answers with an error, in the form of the answers at this address.
func (d *desk) turnDown(w http.ResponseWriter, r *http.Request, reason string, status int, after time.Duration, text string) {
	d.meter.refused.WithLabelValues(reason).Inc()
	q := requestOf(r)
	d.log.Warn("refused", "request", q.id, "reason", reason, "client", q.client.String(), "route", q.route)
	if after > 0 {
		w.Header().Set("Retry-After", fmt.Sprint(int64(after/time.Second)+1))
	}
	if strings.HasPrefix(r.URL.Path, "/api/") {
		fail := &pageError{status, text}
		writeProblem(w, problemOf(r, fail, fail))
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, text, status)
}

// answered counts and logs a request.
func (d *desk) answered(r *http.Request, q *request, w *counter, took time.Duration) {
	status := w.status
	if status == 0 {
		status = http.StatusOK
	}
	d.meter.answered(q.route, r.Method, status, took)
	level := slog.LevelInfo
	if q.route == "GET /healthz" || q.route == "GET /metrics" || q.route == "GET /static/{name}" {
		level = slog.LevelDebug
	}
	what := []any{"request", q.id, "method", methodName(r.Method), "route", q.route, "status", status, "bytes", w.bytes, "ms", float64(took.Microseconds()) / 1000}
	if d.log.Enabled(r.Context(), slog.LevelDebug) {
		what = append(what, "path", r.URL.EscapedPath(), "client", q.client.String())
	}
	d.log.Log(r.Context(), level, "answered", what...)
}

// counter notes what is answered.
type counter struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (c *counter) WriteHeader(status int) {
	if c.status == 0 && status >= 200 {
		c.status = status
	}
	c.ResponseWriter.WriteHeader(status)
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.ResponseWriter.Write(b)
	c.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController find what is beneath.
func (c *counter) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// operate adds the routes of operation.
func (s *server) operate(mux *http.ServeMux) {
	s.desk = newDesk(s.store, s.Config)
	mux.Handle("GET /metrics", s.desk.meter.handler())
	mux.HandleFunc("GET /login", s.loginPage)
	mux.HandleFunc("POST /login", s.login)
	mux.HandleFunc("POST /logout", s.logout)
	mux.Handle("GET /changes", s.page("changes", s.changesPage))
	mux.HandleFunc("POST /review", s.reviewForm)
}

// show serves a template with a view, in the way of page.
func (s *server) show(w http.ResponseWriter, r *http.Request, name string, view any, status int) {
	var body bytes.Buffer
	if err := s.templates[name].Execute(&body, view); err != nil {
		s.Log.Error("a page failed", "request", requestOf(r).id, "page", name, "error", err)
		http.Error(w, "This page could not be made; the server's log says why.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write(body.Bytes())
}
