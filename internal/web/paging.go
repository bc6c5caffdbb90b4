package web

import "net/http"

// A list goes on behind a place, which its address names (?after=). What is
// committed meanwhile moves nothing.

// earlierPage is the address of this page with what stands behind a place.
func earlierPage(r *http.Request, next string) string {
	query := r.URL.Query()
	query.Set("after", next)
	return r.URL.EscapedPath() + "?" + query.Encode()
}

// latestPage is the address of this page with its list from the start; empty
// where it is that page.
func latestPage(r *http.Request) string {
	query := r.URL.Query()
	if !query.Has("after") {
		return ""
	}
	query.Del("after")
	if len(query) == 0 {
		return r.URL.EscapedPath()
	}
	return r.URL.EscapedPath() + "?" + query.Encode()
}
