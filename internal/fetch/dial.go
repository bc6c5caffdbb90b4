package fetch

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// transport makes the connections of one exchange: direct ones judge the
// address that they reach, ones to the user's proxy do not.
func transport(o Options) *http.Transport {
	plain := &net.Dialer{Timeout: o.Timeout}
	judged := &net.Dialer{Timeout: o.Timeout}
	if !o.AllowPrivate {
		judged.Control = refuseReserved
	}
	t := &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DisableCompression:     true, // decompressed here, where the bound holds
		MaxResponseHeaderBytes: 1 << 20,
		TLSHandshakeTimeout:    10 * time.Second,
		ForceAttemptHTTP2:      true,
	}
	t.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if isProxy(address) {
			return plain.DialContext(ctx, network, address)
		}
		return judged.DialContext(ctx, network, address)
	}
	return t
}

// isProxy reports whether address is a proxy that the environment names.
func isProxy(address string) bool {
	for _, scheme := range []string{"http", "https"} {
		req, err := http.NewRequest(http.MethodGet, scheme+"://example.com/", nil)
		if err != nil {
			continue
		}
		proxy, err := http.ProxyFromEnvironment(req)
		if err != nil || proxy == nil {
			continue
		}
		if withPort(proxy.Hostname(), proxy.Port(), proxy.Scheme) == address {
			return true
		}
	}
	return false
}

func withPort(host, port, scheme string) string {
	if port == "" {
		port = map[string]string{"http": "80", "https": "443", "socks5": "1080", "socks5h": "1080"}[scheme]
	}
	return net.JoinHostPort(host, port)
}

// refuseReserved runs after the name was resolved and before the connection is
// made: what it sees is the address that is reached.
func refuseReserved(_, address string, _ syscall.RawConn) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	ip := net.ParseIP(host)
	if ip == nil || isReserved(ip) {
		return fmt.Errorf("address %s: %w", host, ErrPrivate)
	}
	return nil
}

// reserved are blocks that no public page lives in, beside those that the net
// package knows by method (RFC 6890 and its registry).
var reserved = prefixes("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15",
	"198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23",
	"2001:db8::/32", "2002::/16", "fec0::/10")

func prefixes(list ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(list))
	for i, s := range list {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

// isReserved reports loopback, private, link-local (the metadata services of
// clouds among them), multicast and otherwise reserved addresses.
func isReserved(ip net.IP) bool {
	a, ok := netip.AddrFromSlice(ip)
	if !ok {
		return true
	}
	a = a.Unmap()
	if a.IsLoopback() || a.IsPrivate() || a.IsLinkLocalUnicast() || a.IsMulticast() || a.IsUnspecified() || !a.IsGlobalUnicast() {
		return true
	}
	for _, p := range reserved {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
