package fetch

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// serve starts a server that answers with one handler.
func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

var open = Options{AllowPrivate: true}

func TestGetFollowsRedirectsAndRemembersThem(t *testing.T) {
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/end" {
			http.Redirect(w, r, "/end", http.StatusMovedPermanently)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("ETag", `"a1"`)
		fmt.Fprint(w, "<p>The ministers met.</p>")
	})
	page, err := Get(context.Background(), base+"/start", open)
	if err != nil {
		t.Fatal(err)
	}
	if page.URL != base+"/end" || len(page.Redirects) != 1 || page.Redirects[0] != base+"/start" {
		t.Errorf("ended at %s by %q", page.URL, page.Redirects)
	}
	if string(page.Body) != "<p>The ministers met.</p>" || page.ETag != `"a1"` || page.ContentType != "text/html; charset=utf-8" {
		t.Errorf("page is %+v", page)
	}
}

func TestGetAsksOnConditionAndSaysWhoItIs(t *testing.T) {
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.UserAgent(), "Detente/") {
			t.Errorf("user agent is %q", r.UserAgent())
		}
		if r.Header.Get("If-None-Match") != `"a1"` || r.Header.Get("If-Modified-Since") == "" {
			t.Errorf("no condition in %v", r.Header)
		}
		w.Header().Set("ETag", `"a2"`)
		w.WriteHeader(http.StatusNotModified)
	})
	o := open
	o.ETag, o.LastModified = `"a1"`, "Wed, 21 Dec 2016 10:00:00 GMT"
	page, err := Get(context.Background(), base, o)
	if err != nil {
		t.Fatal(err)
	}
	if !page.NotModified || len(page.Body) != 0 || page.ETag != `"a2"` {
		t.Errorf("page is %+v", page)
	}
}

func TestGetBounds(t *testing.T) {
	flood := func(w http.ResponseWriter, r *http.Request) {
		block := make([]byte, 1<<20)
		for range 1024 {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	}
	for _, c := range []struct {
		name    string
		handler http.HandlerFunc
		options Options
		want    error
		words   string
	}{
		{"redirect loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/again", http.StatusFound) },
			Options{}, ErrRedirects, "too many redirects: 11"},
		{"no redirect allowed", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/again", http.StatusFound) },
			Options{MaxRedirects: -1}, ErrRedirects, "too many redirects: 1"},
		{"redirect to a file", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "file:///etc/hosts")
			w.WriteHeader(302)
		},
			Options{}, ErrScheme, `scheme "file"`},
		{"one gigabyte", flood, Options{MaxBytes: 2 << 20}, ErrTooBig, "more than 2 MB"},
		{"one gigabyte announced", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1073741824")
			flood(w, r)
		}, Options{}, ErrTooBig, "more than 20 MB"},
		{"gzip bomb", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			defer z.Close()
			block := make([]byte, 1<<20)
			for range 8 {
				if _, err := z.Write(block); err != nil {
					return
				}
			}
		}, Options{MaxBytes: 2 << 20}, ErrTooBig, "more than 2 MB"},
		{"slow body", func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, "a")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, Options{Timeout: 100 * time.Millisecond}, ErrTimeout, "out of time"},
		{"slow header", func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
			Options{Timeout: 100 * time.Millisecond}, ErrTimeout, "out of time"},
	} {
		t.Run(c.name, func(t *testing.T) {
			base := serve(t, c.handler)
			c.options.AllowPrivate = true
			page, err := Get(context.Background(), base, c.options)
			if err == nil {
				t.Fatalf("got a page of %d bytes", len(page.Body))
			}
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.words) || !strings.HasPrefix(err.Error(), base) {
				t.Errorf("error is %v", err)
			}
		})
	}
}

func TestGetStatus(t *testing.T) {
	for status, words := range map[int]string{404: "check the address", 403: "save it from a browser", 500: "try again later", 451: "withheld"} {
		base := serve(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(status) })
		_, err := Get(context.Background(), base, open)
		var se *StatusError
		if !errors.As(err, &se) || se.Status != status || !strings.Contains(err.Error(), words) {
			t.Errorf("%d gives %v", status, err)
		}
	}
}

func TestGetRetryAfter(t *testing.T) {
	for header, want := range map[string]time.Duration{"120": 2 * time.Minute, "Wed, 21 Dec 2016 10:05:00 GMT": 5 * time.Minute, "soon": 0, "99999999": maxWait} {
		base := serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Date", "Wed, 21 Dec 2016 10:00:00 GMT")
			w.Header().Set("Retry-After", header)
			w.WriteHeader(http.StatusTooManyRequests)
		})
		_, err := Get(context.Background(), base, open)
		var re *RetryError
		if !errors.As(err, &re) || re.After != want {
			t.Errorf("%q gives %v", header, err)
		}
		var se *StatusError
		if !errors.As(err, &se) || se.Status != 429 {
			t.Errorf("%q: no status in %v", header, err)
		}
	}
}

func TestGetRefusesReservedAddresses(t *testing.T) {
	asked := false
	base := serve(t, func(w http.ResponseWriter, r *http.Request) { asked = true })
	for _, address := range []string{base, strings.Replace(base, "127.0.0.1", "localhost", 1), "http://[::1]/", "http://169.254.169.254/latest/", "http://10.1.2.3/"} {
		if _, err := Get(context.Background(), address, Options{}); !errors.Is(err, ErrPrivate) {
			t.Errorf("%s gives %v", address, err)
		}
	}
	if asked {
		t.Error("a reserved address was reached")
	}
}

// A name that resolves inward is refused by the dialler, whatever it is called.
func TestDialRefusesWhatANameResolvesTo(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	conn, err := transport(Options{Timeout: time.Second}).DialContext(context.Background(), "tcp", l.Addr().String())
	if err == nil {
		conn.Close()
	}
	if !errors.Is(err, ErrPrivate) {
		t.Errorf("dialling gives %v", err)
	}
}

func TestIsReserved(t *testing.T) {
	for _, a := range []string{"127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "::", "::1",
		"fe80::1", "fc00::1", "fd00:ec2::254", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "224.0.0.1", "255.255.255.255", "2002:7f00:1::"} {
		if !isReserved(net.ParseIP(a)) {
			t.Errorf("%s is not refused", a)
		}
	}
	for _, a := range []string{"8.8.8.8", "151.101.1.1", "2606:4700::1111", "172.32.0.1"} {
		if isReserved(net.ParseIP(a)) {
			t.Errorf("%s is refused", a)
		}
	}
}

func TestGetRefusesWhatIsNotOfTheWeb(t *testing.T) {
	for _, address := range []string{"file:///etc/hosts", "ftp://example.com/a", "gopher://x", "//example.com", "http://", "http://a b/"} {
		if _, err := Get(context.Background(), address, Options{}); err == nil {
			t.Errorf("%q was read", address)
		}
	}
}
