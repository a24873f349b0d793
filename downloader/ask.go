package downloader

import "net/http"

// Ask says how to ask for one image of a list, where that differs from the others. It may
// hold secrets, so results do not have it.
type Ask struct {
	Header  http.Header `json:"header,omitempty"`  // of its requests, before those of the options
	Mirrors []string    `json:"mirrors,omitempty"` // URLs to ask in this order, each when those before have failed for good
}
