package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// answerBytes is how much of an answer to Post is read, so that the connection
// ends well; nothing in it counts.
const answerBytes = 64 << 10

// ErrMoved says that a message was answered with another address, which is not
// followed: whoever named the address has to name the new one.
var ErrMoved = errors.New("the server points to another address, and messages do not follow; name that one instead")

// Post sends a message to an address, which is judged as one that is read. An
// answer of the 200s is success, and its content is nothing to us; any other is
// a *StatusError or, where the server asks to come back later, a *RetryError.
// Redirects are not followed.
func Post(ctx context.Context, address string, headers map[string]string, body []byte, o Options) error {
	o.fill()
	u, err := parse(address)
	if err == nil {
		err = checkAsked(u, o)
	}
	if err != nil {
		return &Error{address, err}
	}
	ctx, cancel := context.WithTimeout(ctx, o.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(body))
	if err != nil {
		return &Error{address, err}
	}
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	req.Header.Set("User-Agent", o.UserAgent)
	if err := send(req, o); err != nil {
		return &Error{address, explain(ctx, err, o)}
	}
	return nil
}

func send(req *http.Request, o Options) error {
	client := &http.Client{Transport: transport(o), CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	defer client.CloseIdleConnections()
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	io.Copy(io.Discard, io.LimitReader(resp.Body, answerBytes)) // what fails here was answered all the same
	after := retryAfter(resp.Header)
	switch {
	case resp.StatusCode >= 200 && resp.StatusCode <= 299:
		return nil
	case resp.StatusCode >= 300 && resp.StatusCode <= 399:
		return fmt.Errorf("%d: %w", resp.StatusCode, ErrMoved)
	case after > 0, resp.StatusCode == http.StatusTooManyRequests, resp.StatusCode == http.StatusServiceUnavailable:
		return &RetryError{StatusError{resp.StatusCode}, after}
	}
	return &StatusError{resp.StatusCode}
}

// Addressable reports why an address could never be read or sent to, or nil:
// what is wrong with it as it is written. What its name resolves to is judged
// when a connection is made.
func Addressable(address string, o Options) error {
	u, err := parse(address)
	if err == nil {
		err = checkAsked(u, o)
	}
	if err != nil {
		return &Error{address, err}
	}
	return nil
}
