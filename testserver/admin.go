package testserver

import (
	"crypto/subtle"
	"encoding/json"
	"net"
	"net/http"
	"net/netip"

	"grab/testserver/fault"
	"grab/testserver/ledger"
	"grab/testserver/reply"
)

// admin answers requests about the server itself.
type admin struct {
	ledger func() ledger.Ledger
	reset  func()
	ca     func() []byte
	token  string // that a client must know; empty: none
}

// tokenField is the header with which a client shows that it is the one that spawned the
// server. The ledger of a spawned server has what grab's user sends with -H.
const tokenField = "X-Grab-Token"

// answer returns the answer to a request about the server itself. Such requests are
// not recorded, so that looking at the ledger does not change it. For all other
// requests it returns false.
func (a admin) answer(r *http.Request) (reply.Response, bool) {
	if path := r.URL.Path; path == "/ledger" || path == "/reset" {
		if why := a.refusal(r); why != "" {
			return reply.Text(http.StatusForbidden, why), true
		}
	}
	read := r.Method == http.MethodGet || r.Method == http.MethodHead
	switch r.URL.Path {
	case "/ledger":
		if !read {
			return reply.NotAllowed("GET, HEAD"), true
		}
		l := a.ledger()
		if r.URL.Query().Get("requests") == "0" {
			// Only the figures: a long ledger takes a while to send.
			l.Requests = []ledger.Request{}
		}
		data, err := json.Marshal(l)
		if err != nil {
			return reply.Text(http.StatusInternalServerError, err.Error()), true
		}
		return reply.Content(http.StatusOK, "application/json", data), true
	case "/ca.pem":
		if !read {
			return reply.NotAllowed("GET, HEAD"), true
		}
		return reply.Content(http.StatusOK, "application/x-pem-file", a.ca()), true
	case "/reset":
		if r.Method != http.MethodPost {
			return reply.NotAllowed("POST"), true
		}
		a.reset()
		return reply.Text(http.StatusOK, "ledger emptied"), true
	}
	return reply.Response{}, false
}

// refusal returns why a client may not see the ledger, or "" if it may. A web page can
// make its visitor's browser send requests, and with a name of its own for this address
// (DNS rebinding) read the answers too.
func (a admin) refusal(r *http.Request) string {
	origin := r.Header.Get("Origin")
	switch {
	case !addressed(r):
		return "ask with the address of this server as the host"
	case origin != "" && origin != "http://"+r.Host && origin != "https://"+r.Host:
		return "this is not for other pages"
	case a.token != "" && subtle.ConstantTimeCompare([]byte(r.Header.Get(tokenField)), []byte(a.token)) != 1:
		return "this is for the program that started this server"
	}
	return ""
}

// addressed reports whether a request names this machine as its host: a loopback
// address, or the one that the client is connected to.
func addressed(r *http.Request) bool {
	host := fault.Hostname(r.Host)
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	here, _ := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	return ip.IsLoopback() || here != nil && here.AddrPort().Addr().Unmap() == ip.Unmap()
}
