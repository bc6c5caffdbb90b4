package main

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"runtime"
	"strings"

	"detente/internal/web"
)

// operation is what the flags of serve say about operation.
type operation struct {
	rate                float64
	proxies             many
	writeFile, readFile string
	quarantine          string
}

// read turns it into what the server takes; db is the store's flag.
func (o *operation) read(db string) (web.Operation, error) {
	op := web.Operation{Rate: o.rate, Quarantine: o.quarantine}
	if o.rate < 0 {
		return op, fmt.Errorf("--rate %g: write a number of requests a second, or 0 for any number", o.rate)
	}
	var err error
	if op.Proxies, err = prefixes(o.proxies); err != nil {
		return op, err
	}
	if op.WriteToken, err = token("DETENTE_WRITE_TOKEN", o.writeFile); err != nil {
		return op, err
	}
	if op.ReadToken, err = token("DETENTE_READ_TOKEN", o.readFile); err != nil {
		return op, err
	}
	if op.WriteToken != "" && op.WriteToken == op.ReadToken {
		return op, errors.New("the tokens for writing and for reading are the same; who may read could write too")
	}
	if op.Quarantine == "" {
		path, err := storePath(db)
		if err != nil {
			return op, err
		}
		op.Quarantine = quarantineOf(path)
	}
	return op, nil
}

func prefixes(list many) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, s := range list {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			var a netip.Addr
			if a, err = netip.ParseAddr(s); err == nil {
				p, err = a.Prefix(a.BitLen())
			}
		}
		if err != nil {
			return nil, fmt.Errorf("--trusted-proxy %q: write an address as 127.0.0.1, or a network as 10.0.0.0/8", s)
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

// leastToken is how long a token has to be, so that nobody guesses it.
const leastToken = 16

// token reads a token from the environment or from a file that only its owner
// can read.
func token(env, file string) (string, error) {
	value, from := os.Getenv(env), env
	if file != "" {
		if value != "" {
			return "", fmt.Errorf("%s and the file %s both have a token; leave one of them out", env, file)
		}
		info, err := os.Stat(file)
		if err != nil {
			return "", fmt.Errorf("the file of a token: %w; check its name and who may read it", err)
		}
		if mode := info.Mode().Perm(); mode&0o077 != 0 && runtime.GOOS != "windows" {
			return "", fmt.Errorf("%s: others than its owner can use this file (%#o); chmod 600 it, and take a new token", file, mode)
		}
		b, err := os.ReadFile(file)
		if err != nil {
			return "", fmt.Errorf("the file of a token: %w; check its name and who may read it", err)
		}
		value, from = string(b), file
		if strings.TrimSpace(value) == "" {
			return "", fmt.Errorf("%s: there is no token in it", file)
		}
	}
	value = strings.TrimSpace(value)
	if value != "" && len(value) < leastToken {
		return "", fmt.Errorf("%s: the token is shorter than %d characters; openssl rand -hex 32 makes a good one", from, leastToken)
	}
	return value, nil
}
