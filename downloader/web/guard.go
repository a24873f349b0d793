package web

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"
)

const (
	readTime  = time.Second      // for a body, which no request should have
	writeTime = 10 * time.Second // for an answer, and for each event of a stream
)

// guard refuses what the page is not for, and bounds the time of the rest. A web page on the
// Internet can make its visitor's browser send requests here. With a name of its own for this
// address (DNS rebinding) it could read the answers too, but the Host header has that name.
func guard(next http.Handler, host string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secure(w.Header())
		rc := http.NewResponseController(w)
		_ = rc.SetWriteDeadline(time.Now().Add(writeTime)) // a recorder of a test has none
		if r.ContentLength != 0 {
			_ = rc.SetReadDeadline(time.Now().Add(readTime))
		}
		switch {
		case !addressed(r, host):
			refuse(w, http.StatusMisdirectedRequest, "ask with the address that grab has told as the host")
		case foreign(r):
			refuse(w, http.StatusForbidden, "this is not for other pages")
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			refuse(w, http.StatusMethodNotAllowed, "this can only be read")
		case r.ContentLength != 0:
			refuse(w, http.StatusBadRequest, "a request has no body here")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// secure sets the headers of every answer: nothing but the page's own files is loaded or run,
// no other page gets the answers, and nobody keeps them.
func secure(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

// refuse answers without the page, and ends the connection.
func refuse(w http.ResponseWriter, status int, why string) {
	w.Header().Set("Connection", "close")
	http.Error(w, why, status)
}

// addressed reports whether a request names this machine as its host: a loopback address, the
// address that the client is connected to, or the host that the user gave.
func addressed(r *http.Request, given string) bool {
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	if strings.EqualFold(host, "localhost") || given != "" && strings.EqualFold(host, given) {
		return true
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	here, _ := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	return ip.IsLoopback() || here != nil && here.AddrPort().Addr().Unmap() == ip.Unmap()
}

// foreign reports whether another page made the browser send a request. The page's own origin
// has https if a proxy in front of grab has. A user who follows a link from another page may
// see this one.
func foreign(r *http.Request) bool {
	if origin := r.Header.Get("Origin"); origin != "" && origin != "http://"+r.Host && origin != "https://"+r.Host {
		return true
	}
	site := r.Header.Get("Sec-Fetch-Site")
	return (site == "cross-site" || site == "same-site") && r.Header.Get("Sec-Fetch-Mode") != "navigate"
}
