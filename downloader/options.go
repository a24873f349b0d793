package downloader

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"time"

	"grab/downloader/credentials"
)

// Options say what a run does. They are plain data: child processes get them in
// their first frame, so that parent and children cannot differ.
type Options struct {
	Mode    Mode   `json:"mode"`
	Workers int    `json:"workers"` // downloads at a time, from 1; sequential always has 1
	Dir     string `json:"dir"`     // output directory, which must exist

	ConnectTimeout time.Duration `json:"connect_timeout"` // dial and TLS handshake, each; above 0
	HeaderTimeout  time.Duration `json:"header_timeout"`  // from request sent to response headers; above 0
	StallTimeout   time.Duration `json:"stall_timeout"`   // longest silence inside a body; above 0
	MinSpeed       int64         `json:"min_speed"`       // bytes a second of a body, over any minute of waiting for it; 0: none
	Timeout        time.Duration `json:"timeout"`         // one image with all its attempts and waits; 0: none
	TimeoutGrows   bool          `json:"timeout_grows"`   // by a second for each 8 KiB of bodies
	Grace          time.Duration `json:"grace"`           // for images in flight when the run is cancelled

	Retries       int           `json:"retries"`         // attempts after the first, for headers and body together
	RetryMin      time.Duration `json:"retry_min"`       // back-off: wait n is from RetryMin to RetryMin*2^n at random,
	RetryMax      time.Duration `json:"retry_max"`       // but never above RetryMax
	RetryStatus   []int         `json:"retry_status"`    // from 400: worth all attempts, beside those that always are
	RetryAfterMax time.Duration `json:"retry_after_max"` // longest Retry-After that is waited for; a host that fails for longer is given up

	PerHost   int           `json:"per_host"`   // downloads at a time from one host; 0: 16, or all if the list has one host
	Every     time.Duration `json:"every"`      // from one request to a host to the next, at least; 0: none
	Delay     time.Duration `json:"delay"`      // the same, varied at random from half to one and a half of it
	LimitRate int64         `json:"limit_rate"` // bytes a second of all bodies together; 0: none

	MaxSize      int64       `json:"max_size"`      // bytes of a body; above 0
	MaxRedirects int         `json:"max_redirects"` // followed for one image
	Header       http.Header `json:"header"`        // sent to the origin in the list; only what is no secret goes to others
	UserAgent    string      `json:"user_agent"`

	HostHeader map[string]http.Header `json:"host_header"` // by host or host:port in lower case; sent to that host alone
	Referer    string                 `json:"referer"`     // sent with every request; [RefererOrigin]: the origin of its URL
	Cookies    string                 `json:"cookies"`     // a cookie file in Netscape's format
	Netrc      string                 `json:"netrc"`       // a .netrc file

	HTTP1        bool   `json:"http1"`        // no HTTP/2, not even with servers that have nothing else
	HTTP2        bool   `json:"http2"`        // HTTP/2 with all servers that have it; not with HTTP1
	Insecure     bool   `json:"insecure"`     // no verification of TLS certificates
	DenyPrivate  bool   `json:"deny_private"` // connect to public addresses only
	Robots       bool   `json:"robots"`       // obey robots.txt
	OptOut       bool   `json:"opt_out"`      // leave what its site keeps out of data sets
	Verify       Verify `json:"verify"`
	MaxPixels    int64  `json:"max_pixels"`    // that VerifyDecode decodes; above 0 then
	DecodeMemory int64  `json:"decode_memory"` // bytes that VerifyDecode uses at a time in a process, but one image may need more; 0: no limit

	Force       bool          `json:"force"`        // fetch what is complete from an earlier run, too
	Update      bool          `json:"update"`       // ask whether what is complete has changed, and replace it then
	Check       bool          `json:"check"`        // hash an earlier run's file before it counts as complete
	RetryFailed []Class       `json:"retry_failed"` // of what failed in an earlier run, try only these classes; empty: all
	GoneFor     time.Duration `json:"gone_for"`     // what was gone for good is not asked for again for so long; 0: it is
	Adopt       bool          `json:"adopt"`        // take up whole images that are in no record
	Mtime       bool          `json:"mtime"`        // a file has the time of its Last-Modified
	Durable     bool          `json:"durable"`      // a file reaches the disk before it counts

	CAs        []byte `json:"cas"`         // PEM of authorities to trust beside the system's
	ClientCert []byte `json:"client_cert"` // PEM of the certificate for servers that ask for one; empty: none
	ClientKey  []byte `json:"client_key"`  // PEM of its key
	TLSMin     uint16 `json:"tls_min"`     // oldest version of TLS, as crypto/tls numbers them; 0: TLS 1.2
	TLSLegacy  bool   `json:"tls_legacy"`  // allow ciphers without forward secrecy, and 3DES

	Proxy    string           `json:"proxy"`     // of all requests, as [ProxyURL] takes it; empty: what the environment names
	NoProxy  string           `json:"no_proxy"`  // hosts without it, as in NO_PROXY; empty: what the environment says
	DNS      []netip.AddrPort `json:"dns"`       // name servers to ask; empty: the system's
	IPv4Only bool             `json:"ipv4_only"` // connect to IPv4 addresses only
	IPv6Only bool             `json:"ipv6_only"` // connect to IPv6 addresses only; not with IPv4Only

	DialTo  string `json:"dial_to"`  // connect to this address whatever a URL's host is; without a proxy, and whatever address it is
	RootCAs []byte `json:"root_cas"` // PEM of the only authorities to trust; empty: the system's
}

// RefererOrigin is the Options.Referer that depends on the URL: scheme, host and a slash.
const RefererOrigin = "origin"

// validate returns what is wrong with o, all of it.
func (o *Options) Validate() error {
	var errs []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	check(slices.Contains(Modes(), o.Mode), "mode %q", o.Mode)
	check(o.Workers >= 1, "workers %d", o.Workers)
	check(o.Dir != "", "no output directory")
	check(o.ConnectTimeout > 0 && o.HeaderTimeout > 0 && o.StallTimeout > 0, "a timeout that is not above 0")
	check(o.Timeout >= 0 && o.Grace >= 0 && o.GoneFor >= 0, "negative time")
	check(o.Retries >= 0 && o.MaxRedirects >= 0, "negative count")
	check(!slices.ContainsFunc(o.RetryStatus, func(s int) bool { return s < 400 || s > 999 }), "statuses %v", o.RetryStatus)
	check(o.RetryMin >= 0 && o.RetryMax >= o.RetryMin && o.RetryAfterMax >= 0, "back-off from %v to %v", o.RetryMin, o.RetryMax)
	check(o.PerHost >= 0 && o.Every >= 0 && o.Delay >= 0 && o.LimitRate >= 0, "negative rate")
	check(o.MinSpeed >= 0, "least speed %d", o.MinSpeed)
	check(o.MaxSize > 0, "size limit %d", o.MaxSize)
	check(slices.Contains(Verifies(), o.Verify), "verify %q", o.Verify)
	check(o.Verify != VerifyDecode || o.MaxPixels > 0, "pixel limit %d", o.MaxPixels)
	check(o.DecodeMemory >= 0, "memory for decoding %d", o.DecodeMemory)
	if o.Proxy != "" {
		_, ok := ProxyURL(o.Proxy)
		check(ok, "a proxy that is not a URL") // it may hold a password
	}
	for _, pem := range [][]byte{o.RootCAs, o.CAs} {
		check(len(pem) == 0 || x509.NewCertPool().AppendCertsFromPEM(pem), "authorities: no PEM certificate in them")
	}
	if len(o.ClientCert) > 0 || len(o.ClientKey) > 0 {
		_, err := tls.X509KeyPair(o.ClientCert, o.ClientKey)
		check(err == nil, "the client's certificate: %v", err)
	}
	_, err := credentials.ParseCookies(o.Cookies)
	check(err == nil, "cookies: %v", err)
	_, err = credentials.ParseNetrc(o.Netrc)
	check(err == nil, "netrc: %v", err)
	check(!o.IPv4Only || !o.IPv6Only, "IPv4 only and IPv6 only")
	check(!o.HTTP1 || !o.HTTP2, "HTTP/1.1 only and HTTP/2")
	return errors.Join(errs...)
}
