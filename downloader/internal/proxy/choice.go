package proxy

import (
	"errors"
	"net/http"
	"net/url"

	"grab/downloader"
)

// errNoProxy is the error for a proxy in the environment that is not a URL. It
// does not quote the value, which may hold a password. A request without the proxy
// would be worse than none.
var errNoProxy = errors.New("HTTP_PROXY, HTTPS_PROXY or ALL_PROXY is not the URL of a proxy; " +
	"in its password, @ : / ? # % and space are written as %40 %3A %2F %3F %23 %25 %20")

// errCGI is the error for an HTTP_PROXY that a client of a web server may have set by a
// header of its request (CVE-2016-5385).
var errCGI = errors.New("HTTP_PROXY is not used in a CGI script")

// Unknown returns the failure of a request whose proxy is not known, for a reason
// that may hold a password.
func Unknown(reason error) error {
	if reason != errCGI {
		reason = errNoProxy
	}
	return &downloader.Error{Class: downloader.ClassProxy, Retry: downloader.RetryNever, Err: reason}
}

// proxyFor is the proxy for one scheme.
type proxyFor struct {
	url *url.URL // nil: none
	err error    // why there must be no request
}

// Choice returns a function that returns the proxy of a request, or nil. It is the
// proxy of o, or else that of the environment, which getenv reads. As in net/http,
// the environment's proxy is not for this machine's own servers.
func Choice(o *downloader.Options, getenv func(string) string) func(*http.Request) (*url.URL, error) {
	first := func(names ...string) string {
		for _, name := range names {
			if value := getenv(name); value != "" {
				return value
			}
		}
		return ""
	}
	choose := func(value string) proxyFor {
		if value == "" {
			return proxyFor{}
		}
		u, ok := downloader.ProxyURL(value)
		if !ok {
			return proxyFor{err: errNoProxy}
		}
		return proxyFor{url: u}
	}
	plain, secure := choose(o.Proxy), choose(o.Proxy)
	if o.Proxy == "" {
		plain = choose(first("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"))
		secure = choose(first("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"))
		if getenv("HTTP_PROXY") != "" && getenv("REQUEST_METHOD") != "" {
			plain = proxyFor{err: errCGI}
		}
	}
	if plain == (proxyFor{}) && secure == plain {
		return func(*http.Request) (*url.URL, error) { return nil, nil }
	}
	without := o.NoProxy
	if without == "" {
		without = first("NO_PROXY", "no_proxy")
	}
	direct := parseNoProxy(without)
	direct.loopback = o.Proxy == ""
	return func(req *http.Request) (*url.URL, error) {
		p := plain
		if req.URL.Scheme == "https" {
			p = secure
		}
		if p.err != nil || p.url == nil || direct.has(req.URL) {
			return nil, p.err
		}
		return p.url, nil
	}
}
