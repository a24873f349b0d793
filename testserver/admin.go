package testserver

import (
	"encoding/json"
	"net/http"

	"grab/testserver/reply"
)

// admin answers requests about the server itself.
type admin struct {
	ledger func() Ledger
	reset  func()
	ca     func() []byte
}

// answer returns the answer to a request about the server itself. Such requests are
// not recorded, so that looking at the ledger does not change it. For all other
// requests it returns false.
func (a admin) answer(r *http.Request) (reply.Response, bool) {
	read := r.Method == http.MethodGet || r.Method == http.MethodHead
	switch r.URL.Path {
	case "/ledger":
		if !read {
			return reply.NotAllowed("GET, HEAD"), true
		}
		ledger := a.ledger()
		if r.URL.Query().Get("requests") == "0" {
			// Only the figures: a long ledger takes a while to send.
			ledger.Requests = []Request{}
		}
		data, err := json.Marshal(ledger)
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
