package credentials

import (
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/publicsuffix"
)

// Jar holds cookies and decides which requests get them (RFC 6265 section 5). It keeps
// what servers set only for the sites that it had cookies for at the start, so that its
// size is bounded whatever a list names. It is safe for use by many goroutines.
type Jar struct {
	mu    sync.Mutex
	sites map[string][]Cookie // by the domain that was registered
}

// maxPerSite is the number of cookies that a site can have, and maxCookie the length of a
// name with its value, in bytes: about what browsers allow (RFC 6265 section 6.1).
const (
	maxPerSite = 200
	maxCookie  = 4096
)

// NewJar returns a jar with these cookies.
func NewJar(cookies []Cookie) *Jar {
	j := &Jar{sites: map[string][]Cookie{}}
	for _, c := range cookies {
		if c.Subdomains && isSuffix(c.Domain) {
			c.Subdomains = false // it would go to strangers
		}
		name := site(c.Domain)
		j.sites[name] = replaced(j.sites[name], c)
	}
	return j
}

// site returns the registered domain of a host, or the host if it has none.
func site(host string) string {
	if isAddress(host) {
		return host
	}
	if domain, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return domain
	}
	return host
}

// isSuffix reports whether strangers can register names below a domain, as below co.uk.
func isSuffix(domain string) bool {
	if isAddress(domain) {
		return true // nothing is below an address
	}
	suffix, _ := publicsuffix.PublicSuffix(domain)
	return suffix == domain
}

func isAddress(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil
}

// replaced returns cookies with c in place of the one that it replaces.
func replaced(cookies []Cookie, c Cookie) []Cookie {
	cookies = slices.DeleteFunc(cookies, func(old Cookie) bool {
		return old.Name == c.Name && old.Domain == c.Domain && old.Path == c.Path
	})
	return append(cookies, c)
}

// hostOf returns the host of a URL as cookies know it.
func hostOf(u *url.URL) string { return strings.TrimSuffix(strings.ToLower(u.Hostname()), ".") }

// Header returns the value of the Cookie header of a request for u, or nothing.
func (j *Jar) Header(u *url.URL, now time.Time) string {
	host := hostOf(u)
	name := site(host)
	j.mu.Lock()
	defer j.mu.Unlock()
	var sent []Cookie
	for _, c := range j.sites[name] {
		if c.belongs(host, u, now) {
			sent = append(sent, c)
		}
	}
	slices.SortStableFunc(sent, func(a, b Cookie) int { return len(b.Path) - len(a.Path) })
	var b strings.Builder
	for i, c := range sent {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(c.Name + "=" + c.Value)
	}
	return b.String()
}

// belongs reports whether a request for u gets the cookie.
func (c *Cookie) belongs(host string, u *url.URL, now time.Time) bool {
	if c.Secure && u.Scheme != "https" || c.expired(now) {
		return false
	}
	if host != c.Domain && !(c.Subdomains && strings.HasSuffix(host, "."+c.Domain)) {
		return false
	}
	path := u.Path
	if path == "" {
		path = "/"
	}
	rest, ok := strings.CutPrefix(path, c.Path)
	return ok && (rest == "" || rest[0] == '/' || strings.HasSuffix(c.Path, "/"))
}

func (c *Cookie) expired(now time.Time) bool { return !c.Expires.IsZero() && !c.Expires.After(now) }

// Take takes the cookies that a response to a request for u sets.
func (j *Jar) Take(u *url.URL, response *http.Response, now time.Time) {
	if len(response.Header["Set-Cookie"]) == 0 {
		return
	}
	host := hostOf(u)
	name := site(host)
	j.mu.Lock()
	defer j.mu.Unlock()
	cookies, known := j.sites[name]
	if !known {
		return
	}
	for _, set := range response.Cookies() {
		c, ok := fromResponse(set, host, u, now)
		if !ok {
			continue
		}
		cookies = replaced(cookies, c)
		if c.expired(now) || len(cookies) > maxPerSite {
			cookies = cookies[:len(cookies)-1]
		}
	}
	j.sites[name] = cookies
}

// fromResponse returns the cookie that a response sets, unless it may not (RFC 6265
// section 5.3).
func fromResponse(set *http.Cookie, host string, u *url.URL, now time.Time) (Cookie, bool) {
	c := Cookie{Domain: host, Path: set.Path, Secure: set.Secure, HTTPOnly: set.HttpOnly, Expires: set.Expires, Name: set.Name, Value: set.Value}
	if set.Quoted {
		c.Value = `"` + c.Value + `"`
	}
	domain := strings.ToLower(strings.TrimPrefix(set.Domain, "."))
	if domain != "" && domain != host {
		if isSuffix(domain) || isAddress(host) || !strings.HasSuffix(host, "."+domain) {
			return c, false
		}
	}
	if domain != "" && !isSuffix(domain) {
		c.Domain, c.Subdomains = domain, true
	}
	if c.Secure && u.Scheme != "https" || len(c.Name)+len(c.Value) > maxCookie || !sendable(c.Name+c.Value+c.Path) {
		return c, false
	}
	if !strings.HasPrefix(c.Path, "/") {
		c.Path = "/"
		if last := strings.LastIndexByte(u.Path, '/'); last > 0 {
			c.Path = u.Path[:last]
		}
	}
	switch {
	case set.MaxAge < 0:
		c.Expires = time.Unix(1, 0)
	case set.MaxAge > 0:
		c.Expires = now.Add(time.Duration(min(set.MaxAge, 400*24*3600)) * time.Second)
	}
	return c, true
}

// Cookies returns the cookies that have not expired, in an order that depends on them alone.
func (j *Jar) Cookies(now time.Time) []Cookie {
	j.mu.Lock()
	defer j.mu.Unlock()
	var all []Cookie
	for _, cookies := range j.sites {
		for _, c := range cookies {
			if !c.expired(now) {
				all = append(all, c)
			}
		}
	}
	slices.SortFunc(all, func(a, b Cookie) int {
		return strings.Compare(a.Domain+"\t"+a.Path+"\t"+a.Name, b.Domain+"\t"+b.Path+"\t"+b.Name)
	})
	return all
}
