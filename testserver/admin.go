package testserver

import (
	"encoding/json"
	"net/http"
)

// unrecorded answers requests about the server itself, which stay out of the
// ledger so that looking at it does not change it. It returns false for all
// others.
func (s *Server) unrecorded(r *http.Request) (response, bool) {
	read := r.Method == http.MethodGet || r.Method == http.MethodHead
	switch r.URL.Path {
	case "/ledger":
		if !read {
			return notAllowed("GET, HEAD"), true
		}
		ledger := s.Ledger()
		if r.URL.Query().Get("requests") == "0" { // only the figures: a long ledger takes a while
			ledger.Requests = []Request{}
		}
		data, err := json.Marshal(ledger)
		if err != nil {
			return text(http.StatusInternalServerError, err.Error()), true
		}
		return content(http.StatusOK, "application/json", data), true
	case "/ca.pem":
		if !read {
			return notAllowed("GET, HEAD"), true
		}
		return content(http.StatusOK, "application/x-pem-file", s.CA()), true
	case "/reset":
		if r.Method != http.MethodPost {
			return notAllowed("POST"), true
		}
		s.Reset()
		return text(http.StatusOK, "ledger emptied"), true
	}
	return response{}, false
}
