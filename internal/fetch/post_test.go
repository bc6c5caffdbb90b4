package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestPostSends(t *testing.T) {
	var got string
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = fmt.Sprint(r.Method, " ", r.URL.Path, " ", r.Header.Get("Webhook-Id"), " ", string(body))
		if !strings.HasPrefix(r.UserAgent(), "Detente/") {
			t.Errorf("user agent is %q", r.UserAgent())
		}
		w.WriteHeader(http.StatusAccepted)
	})
	header := map[string]string{"webhook-id": "m1"}
	if err := Post(context.Background(), base+"/hook", header, []byte("changed"), open); err != nil {
		t.Fatal(err)
	}
	if got != "POST /hook m1 changed" {
		t.Errorf("received %q", got)
	}
}

func TestPostFailures(t *testing.T) {
	var mu sync.Mutex
	var reached []string
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		mu.Lock()
		reached = append(reached, r.URL.Path)
		mu.Unlock()
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		case "/later":
			w.Header().Set("Retry-After", "120")
			w.WriteHeader(http.StatusInternalServerError)
		case "/busy":
			w.WriteHeader(http.StatusServiceUnavailable)
		case "/gone":
			w.WriteHeader(http.StatusGone)
		case "/slow":
			select {
			case <-r.Context().Done():
			case <-time.After(10 * time.Second):
			}
		}
	})
	quick := Options{AllowPrivate: true, Timeout: 200 * time.Millisecond}
	status := func(want int) func(error) bool {
		return func(err error) bool {
			var e *StatusError
			return errors.As(err, &e) && e.Status == want
		}
	}
	for name, test := range map[string]struct {
		address string
		o       Options
		want    func(error) bool
	}{
		"redirect": {base + "/moved", open, func(err error) bool { return errors.Is(err, ErrMoved) }},
		"later": {base + "/later", open, func(err error) bool {
			var e *RetryError
			return errors.As(err, &e) && e.After == 2*time.Minute
		}},
		"busy": {base + "/busy", open, func(err error) bool {
			var e *RetryError
			return errors.As(err, &e) && e.After == 0
		}},
		"gone":      {base + "/gone", open, status(http.StatusGone)},
		"slow":      {base + "/slow", quick, func(err error) bool { return errors.Is(err, ErrTimeout) }},
		"private":   {base + "/private", Options{}, func(err error) bool { return errors.Is(err, ErrPrivate) }},
		"localhost": {strings.Replace(base, "127.0.0.1", "localhost", 1) + "/private", Options{}, func(err error) bool { return errors.Is(err, ErrPrivate) }},
		"scheme":    {"file:///etc/passwd", open, func(err error) bool { return errors.Is(err, ErrScheme) }},
	} {
		t.Run(name, func(t *testing.T) {
			err := Post(context.Background(), test.address, nil, []byte("x"), test.o)
			if err == nil || !test.want(err) || !strings.HasPrefix(err.Error(), test.address) {
				t.Errorf("error %v", err)
			}
		})
	}
	mu.Lock()
	defer mu.Unlock()
	for _, path := range reached {
		if path == "/elsewhere" || path == "/private" {
			t.Errorf("%s was reached", path)
		}
	}
}

func TestAddressable(t *testing.T) {
	if err := Addressable("http://desk.example/hook", Options{}); err != nil {
		t.Errorf("as written there is nothing against it: %v", err)
	}
	for _, address := range []string{"http://[::1]/hook", "http://10.0.0.7/", "https://printer.local/", "ftp://desk.example", "desk.example"} {
		if Addressable(address, Options{}) == nil {
			t.Errorf("%s is allowed", address)
		}
	}
	if err := Addressable("http://10.0.0.7/", open); err != nil {
		t.Errorf("private addresses are allowed: %v", err)
	}
}
