package web

import (
	"container/list"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// role is what somebody may do; a greater one may do what a lesser one may.
type role int

const (
	nobody role = iota
	reader
	writer
)

// sessionCookie holds a session: a role and its end, signed with the token
// that it was opened with. So a session ends when the token is changed, and the
// server keeps none.
const (
	sessionCookie = "detente_session"
	sessionFor    = 12 * time.Hour
)

// roleOf says what a request may do, by its bearer token or else its session.
func (d *desk) roleOf(r *http.Request) role {
	given, isBearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if isBearer {
		return d.roleOfToken(strings.TrimSpace(given))
	}
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		return nobody
	}
	return d.roleOfSession(cookie.Value)
}

func (d *desk) roleOfToken(given string) role {
	switch {
	case sameToken(given, d.WriteToken):
		return writer
	case sameToken(given, d.ReadToken):
		return reader
	}
	return nobody
}

// sameToken compares in a time that tells nothing of either. No token is never
// the same.
func sameToken(given, token string) bool {
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(token))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1 && token != ""
}

// session writes one that ends at a time.
func (d *desk) session(r role, until time.Time) string {
	head := strconv.Itoa(int(r)) + "." + strconv.FormatInt(until.Unix(), 10)
	return head + "." + d.seal(r, head)
}

func (d *desk) seal(r role, head string) string {
	token := d.ReadToken
	if r == writer {
		token = d.WriteToken
	}
	mac := hmac.New(sha256.New, []byte(token))
	mac.Write([]byte("detente session " + head))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func (d *desk) roleOfSession(value string) role {
	i := strings.LastIndexByte(value, '.')
	if i < 0 {
		return nobody
	}
	who, end, _ := strings.Cut(value[:i], ".")
	n, err := strconv.Atoi(who)
	until, endErr := strconv.ParseInt(end, 10, 64)
	r := role(n)
	if err != nil || endErr != nil || r != reader && r != writer ||
		r == writer && d.WriteToken == "" || r == reader && d.ReadToken == "" ||
		!hmac.Equal([]byte(value[i+1:]), []byte(d.seal(r, value[:i]))) || d.Now().Unix() >= until {
		return nobody
	}
	return r
}

// clientOf says who asks: the other end of the connection, or whom a trusted
// proxy says that it asks for. Of a chain of proxies the last one that is not
// trusted counts: what stands before it anybody can have written.
func (d *desk) clientOf(r *http.Request) netip.Addr {
	at, _ := netip.ParseAddrPort(r.RemoteAddr)
	client := at.Addr().Unmap()
	forwarded := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(forwarded) - 1; i >= 0 && d.trusts(client); i-- {
		before, err := netip.ParseAddr(strings.TrimSpace(forwarded[i]))
		if err != nil {
			break
		}
		client = before.Unmap()
	}
	return client
}

func (d *desk) trusts(a netip.Addr) bool {
	for _, p := range d.Proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// How often a token may be tried by one client.
const (
	loginRate  = 1.0 / 10
	loginBurst = 5
)

// maxClients is how many clients are remembered; of more, those are forgotten
// that have not asked for longest.
const maxClients = 10_000

// clients bounds how often each client may ask. Its memory is bounded: a client
// that is forgotten begins anew.
type clients struct {
	every rate.Limit
	burst int

	mu     sync.Mutex
	known  map[netip.Prefix]*list.Element
	latest *list.List // of *client, the latest to ask first
}

type client struct {
	at    netip.Prefix
	limit *rate.Limiter
}

func newClients(perSecond float64, burst int) *clients {
	return &clients{every: rate.Limit(perSecond), burst: burst, known: map[netip.Prefix]*list.Element{}, latest: list.New()}
}

// wait gives how long a client has to wait before its request; 0: not at all.
func (c *clients) wait(addr netip.Addr, now time.Time) time.Duration {
	limit := c.of(addr)
	turn := limit.ReserveN(now, 1)
	wait := turn.DelayFrom(now)
	if wait > 0 {
		turn.CancelAt(now) // refused requests do not count
	}
	return wait
}

func (c *clients) of(addr netip.Addr) *rate.Limiter {
	bits := 32
	if addr.Is6() {
		bits = 64 // what one customer is given
	}
	at, err := addr.Prefix(bits)
	if err != nil {
		at = netip.Prefix{} // all whose address is not known are one
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.known[at]; ok {
		c.latest.MoveToFront(e)
		return e.Value.(*client).limit
	}
	if len(c.known) >= maxClients {
		last := c.latest.Back()
		delete(c.known, last.Value.(*client).at)
		c.latest.Remove(last)
	}
	one := &client{at, rate.NewLimiter(c.every, c.burst)}
	c.known[at] = c.latest.PushFront(one)
	return one.limit
}

// loginAddress is where a reader says who they are, to come back to this page.
func loginAddress(r *http.Request) string {
	return "/login?to=" + url.QueryEscape(r.URL.RequestURI())
}

// ownAddress keeps a way back within this server.
func ownAddress(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") || strings.ContainsAny(to, "\\\r\n\t") {
		return "/"
	}
	return u.RequestURI()
}

// loginView is what page/login.tmpl shows.
type loginView struct {
	frame
	Back   string // the page to go back to
	Failed string
	Writes bool // there is a token for reviewing
	Reads  bool // there is one for reading
	Role   role
}

// MayWrite says whether the reader has said who they are, for reviewing.
func (v loginView) MayWrite() bool { return v.Role == writer }

func (s *server) loginPage(w http.ResponseWriter, r *http.Request) {
	s.showLogin(w, r, ownAddress(r.URL.Query().Get("to")), "", http.StatusOK)
}

func (s *server) showLogin(w http.ResponseWriter, r *http.Request, to, failed string, status int) {
	f := s.frame(r, "", "Log in")
	f.Kept = nil
	v := loginView{frame: f, Back: to, Failed: failed,
		Writes: s.desk.WriteToken != "", Reads: s.desk.ReadToken != "", Role: requestOf(r).role}
	s.show(w, r, "login", v, status)
}

// login opens a session for who knows a token.
func (s *server) login(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		s.showLogin(w, r, "/", "The form could not be read.", http.StatusBadRequest)
		return
	}
	to := ownAddress(r.PostFormValue("to"))
	now := s.desk.Now()
	if wait := s.desk.logins.wait(requestOf(r).client, now); wait > 0 {
		s.desk.turnDown(w, r, "rate", http.StatusTooManyRequests, wait, "Too many tries. Come back in a moment.")
		return
	}
	is := s.desk.roleOfToken(strings.TrimSpace(r.PostFormValue("token")))
	if is == nobody {
		s.desk.meter.refused.WithLabelValues("token").Inc()
		s.Log.Warn("refused", "request", requestOf(r).id, "reason", "token", "client", requestOf(r).client.String(), "route", requestOf(r).route)
		s.showLogin(w, r, to, "This token opens nothing here.", http.StatusForbidden)
		return
	}
	until := now.Add(sessionFor)
	s.setSession(w, r, s.desk.session(is, until), int(sessionFor/time.Second))
	http.Redirect(w, r, to, http.StatusSeeOther)
}

func (s *server) logout(w http.ResponseWriter, r *http.Request) {
	s.setSession(w, r, "", -1)
	http.Redirect(w, r, "/login", http.StatusSeeOther)
}

func (s *server) setSession(w http.ResponseWriter, r *http.Request, value string, age int) {
	at, _ := netip.ParseAddrPort(r.RemoteAddr)
	secure := r.TLS != nil || s.desk.trusts(at.Addr().Unmap()) && r.Header.Get("X-Forwarded-Proto") == "https"
	http.SetCookie(w, &http.Cookie{Name: sessionCookie, Value: value, Path: "/", MaxAge: age,
		HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: secure})
}
