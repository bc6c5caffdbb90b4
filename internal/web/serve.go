package web

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// How long a request may take, and how long a stop waits for those under way.
const (
	headerTimeout = 5 * time.Second
	readTimeout   = 10 * time.Second
	writeTimeout  = 60 * time.Second
	idleTimeout   = 2 * time.Minute
	stopTimeout   = 10 * time.Second
	maxHeader     = 64 << 10
)

// Listen opens addr (HOST:PORT) and says whether only this machine reaches it.
func Listen(addr string) (ln net.Listener, local bool, err error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, false, fmt.Errorf("address %q: write HOST:PORT, as 127.0.0.1:8080: %w", addr, err)
	}
	ln, err = net.Listen("tcp", addr)
	if err != nil {
		return nil, false, fmt.Errorf("cannot serve at %s; choose another address with --addr: %w", addr, err)
	}
	at, ok := ln.Addr().(*net.TCPAddr)
	return ln, ok && at.IP.IsLoopback() && host != "", nil
}

// Serve serves h at ln until ctx ends, then lets requests under way finish.
// proxied: a proxy on this machine asks for others, by names that are not its own.
func Serve(ctx context.Context, ln net.Listener, h http.Handler, proxied bool) error {
	if at, ok := ln.Addr().(*net.TCPAddr); ok && at.IP.IsLoopback() && !proxied {
		h = localNames(h)
	}
	srv := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
	}
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
		defer cancel()
		stopped <- srv.Shutdown(late)
	})
	err := srv.Serve(ln)
	if !stop() && errors.Is(err, http.ErrServerClosed) {
		return <-stopped
	}
	return err
}

// localNames refuses requests for names that are not this machine's own: a
// page elsewhere could else have its own name point here and read what is
// served to this machine alone.
func localNames(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		if ip := net.ParseIP(host); host != "localhost" && host != "[::1]" && (ip == nil || !ip.IsLoopback()) {
			http.Error(w, "this server answers at localhost only", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}
