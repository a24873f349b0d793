package identity

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"grab/downloader"
	"grab/downloader/credentials"
	"grab/downloader/internal/weburl"
)

// Identity is what the user gave for single hosts: cookies, passwords, headers, and a
// Referer that depends on the URL. It is safe for use by many goroutines.
type Identity struct {
	jar           *credentials.Jar // nil: no cookies
	logins        []credentials.Login
	headers       map[string]http.Header // by host, or host:port
	everywhere    http.Header            // what the user gave for every host
	originReferer bool
}

// New returns nil if the options have nothing for single hosts, so that other
// runs have no work with it. The options must be valid.
func New(o *downloader.Options) *Identity {
	id := &Identity{headers: o.HostHeader, everywhere: o.Header, originReferer: o.Referer == downloader.RefererOrigin}
	if cookies, _ := credentials.ParseCookies(o.Cookies); len(cookies) > 0 {
		id.jar = credentials.NewJar(cookies)
	}
	id.logins, _ = credentials.ParseNetrc(o.Netrc)
	if id.jar == nil && len(id.logins) == 0 && len(id.headers) == 0 && !id.originReferer {
		return nil
	}
	return id
}

// Begin adds to the first request for an image what its host gets. The request's header is
// replaced, since all requests share it. A password in the URL comes before one of a .netrc.
func (id *Identity) Begin(req *http.Request) {
	if id == nil {
		return
	}
	req.Header = req.Header.Clone()
	if id.originReferer && req.Header.Get("Referer") == "" {
		req.Header.Set("Referer", req.URL.Scheme+"://"+req.URL.Host+"/")
	}
	for name, values := range id.headersFor(req.URL) {
		req.Header[name] = slices.Clone(values)
	}
	if login, ok := credentials.LoginFor(id.logins, req.URL); ok && req.Header.Get("Authorization") == "" {
		req.SetBasicAuth(login.Name, login.Password)
	}
	id.addCookies(req)
}

// redirect takes the cookies of a redirect, and replaces in the next request what the
// first one's host got. A host that is asked without encryption after one with it gets no
// headers of its own: they may be secrets.
func (id *Identity) redirect(next *http.Request, via []*http.Request, crossed bool) {
	id.Take(next.Response)
	for name := range id.headersFor(via[0].URL) { // net/http copies those of the first request
		next.Header.Del(name)
		if given := id.everywhere[name]; given != nil && (!crossed || credentials.PublicHeader(name)) {
			next.Header[name] = slices.Clone(given)
		}
	}
	downgraded := next.URL.Scheme == "http" && slices.ContainsFunc(via, func(step *http.Request) bool {
		return step.URL.Scheme == "https"
	})
	if !downgraded {
		for name, values := range id.headersFor(next.URL) {
			next.Header[name] = slices.Clone(values)
		}
	}
	if id.jar == nil {
		return
	}
	if len(id.headersFor(next.URL)["Cookie"]) == 0 || downgraded {
		next.Header.Del("Cookie")
		if given := id.everywhere["Cookie"]; given != nil && !crossed {
			next.Header["Cookie"] = slices.Clone(given)
		}
	}
	id.addCookies(next)
}

// headersFor returns the headers that the user gave for the host of a URL.
func (id *Identity) headersFor(u *url.URL) http.Header {
	if len(id.headers) == 0 {
		return nil
	}
	if h, ok := id.headers[strings.ToLower(u.Hostname())+":"+weburl.Port(u)]; ok {
		return h
	}
	return id.headers[strings.ToLower(u.Hostname())]
}

// addCookies adds the cookies of the jar to the header that a request has.
func (id *Identity) addCookies(req *http.Request) {
	if id.jar == nil {
		return
	}
	value := id.jar.Header(req.URL, time.Now())
	if value == "" {
		return
	}
	if given := req.Header.Get("Cookie"); given != "" {
		value = given + "; " + value
	}
	req.Header.Set("Cookie", value)
}

// Cookies returns the cookies in Netscape's format, or nothing if there were none.
func (id *Identity) Cookies() string {
	if id == nil || id.jar == nil {
		return ""
	}
	return credentials.FormatCookies(id.jar.Cookies(time.Now()))
}

// Take takes the cookies that a response sets.
func (id *Identity) Take(resp *http.Response) {
	if id != nil && id.jar != nil && resp != nil {
		id.jar.Take(resp.Request.URL, resp, time.Now())
	}
}
