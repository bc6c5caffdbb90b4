package web

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/klauspost/compress/gzhttp"
)

// send answers a request with a body. The entity tag is a digest of the body,
// so that it can never be right by mistake (decision 0335); a client that has
// the same body already is told so and gets none. Nothing is fresh for any
// time: an import may change what was known even on a day long gone.
func send(w http.ResponseWriter, r *http.Request, kind string, body []byte) {
	sum := sha256.Sum256(body)
	tag := hex.EncodeToString(sum[:16])
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "no-cache")
	if held := heldTag(r.Header.Get("If-None-Match"), tag); held != "" {
		h.Set("ETag", held)
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("ETag", `"`+tag+`"`)
	w.Write(body)
}

// codings are what packed may add to a tag: the same body in another coding is
// another entity.
var codings = []string{"", "-gzip", "-zstd"}

// heldTag gives the tag among those of an If-None-Match header that names this
// body, in whatever coding the client has it; empty where none does.
func heldTag(header, tag string) string {
	for given := range strings.SplitSeq(header, ",") {
		given = strings.TrimPrefix(strings.TrimSpace(given), "W/")
		if given == "*" {
			return `"` + tag + `"`
		}
		for _, c := range codings {
			if given == `"`+tag+c+`"` {
				return given
			}
		}
	}
	return ""
}

// packed compresses answers that are long enough for clients that ask for it.
func packed(next http.Handler) (http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.SuffixETag("-gzip"))
	if err != nil {
		return nil, fmt.Errorf("compression: %w", err)
	}
	return wrap(next), nil
}

// open lets pages of the origins that the operator names read what is served
// here; none is named by default. They may send a token, but browsers show them
// no answer to what was sent with a cookie, and nothing can be changed that
// way. It stands before all else, so that a refusal can be read too, and as a
// browser's question beforehand carries no token.
func (s *server) open(next http.Handler) http.Handler {
	if len(s.Origins) == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		switch origin := r.Header.Get("Origin"); {
		case slices.Contains(s.Origins, "*"):
			h.Set("Access-Control-Allow-Origin", "*")
		case slices.Contains(s.Origins, origin):
			h.Set("Access-Control-Allow-Origin", origin)
			h.Add("Vary", "Origin")
		default:
			h.Add("Vary", "Origin")
			next.ServeHTTP(w, r)
			return
		}
		h.Set("Access-Control-Expose-Headers", "ETag, Link")
		if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
			h.Set("Access-Control-Allow-Methods", "GET, HEAD")
			h.Set("Access-Control-Allow-Headers", "Authorization, If-None-Match")
			h.Set("Access-Control-Max-Age", "600")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// checkOrigins refuses what a browser would never send as an Origin.
func checkOrigins(origins []string) error {
	for _, o := range origins {
		u, err := url.Parse(o)
		if o != "*" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || o != u.Scheme+"://"+u.Host) {
			return fmt.Errorf("origin %q: write scheme and host, as https://desk.example, or * for every page", o)
		}
	}
	return nil
}

// checkPublic refuses a public address that links cannot begin with.
func checkPublic(address string) error {
	u, err := url.Parse(address)
	if address != "" && (err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" || address != u.Scheme+"://"+u.Host) {
		return fmt.Errorf("public address %q: write scheme and host, as https://detente.example", address)
	}
	return nil
}

// base is what the addresses in feeds and annotations begin with: the public
// address if the operator gave one, else what the client asked at.
func (s *server) base(r *http.Request) string {
	if s.Public != "" {
		return s.Public
	}
	at := url.URL{Scheme: "http", Host: r.Host}
	if r.TLS != nil {
		at.Scheme = "https"
	}
	return at.String()
}

// tagURI makes an id (RFC 4151) of parts of a path. It is under the public
// address's host, so that it stays the same however the server is reached.
func (s *server) tagURI(parts ...string) string {
	authority := "localhost"
	if u, err := url.Parse(s.Public); err == nil && u.Hostname() != "" {
		authority = u.Hostname()
	}
	return "tag:" + authority + ",2026:" + strings.TrimPrefix(pathOf(parts...), "/")
}

// pathOf joins parts to a path; each is escaped.
func pathOf(parts ...string) string {
	at := ""
	for _, p := range parts {
		at += "/" + url.PathEscape(p)
	}
	return at
}
