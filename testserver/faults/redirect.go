package faults

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"grab/testserver/fault"
	"grab/testserver/outlet"
	"grab/testserver/reply"
)

// redirectFaults are chains of redirects (RFC 9110 section 15.4).
func redirectFaults() []fault.Fault {
	return []fault.Fault{
		{
			ID: "A70", Name: "a70-chain", Over: fault.OverAll, Expect: "ok",
			About:   "five redirects and the image",
			Queries: []string{"status=301", "status=303", "status=307", "status=308", "hops=10"},
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				return hop(req, req.Number("hops", 5))
			}),
		},
		{
			ID: "A71", Name: "a71-loop", Over: fault.OverAll, Expect: "P:too-many-redirects",
			About:   "a redirect to itself, in a circle of two, or to a new place each time",
			Queries: []string{"kind=circle", "kind=new"},
			Play:    fault.WithReply(loop),
		},
		{
			ID: "A71", Name: "a71-long-chain", Over: fault.OverAll, Expect: "P:too-many-redirects",
			About: "eleven redirects and the image",
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				return hop(req, req.Number("hops", 11))
			}),
		},
		{
			ID: "A81", Name: "a81-endless-redirect", Over: fault.OverAll, Expect: "ok",
			About: "302 with a body without end",
			Play: fault.WithWriter(func(req *fault.Request, w outlet.Writer) outlet.Ending {
				w.Begin(http.StatusFound, []reply.Field{reply.Header("Location", target(req))})
				return outlet.Flood(w, []byte(strings.Repeat("moved ", 4<<10)))
			}),
		},
	}
}

// hop redirects to the same fault with one hop less.
func hop(req *fault.Request, left int) reply.Response {
	if left <= 0 {
		return req.Whole
	}
	values := url.Values{"hops": {strconv.Itoa(left - 1)}}
	if req.Has("status") {
		values.Set("status", req.Text("status", ""))
	}
	return moved(req, self(req, "a70-chain", values))
}

func loop(req *fault.Request) reply.Response {
	n := req.Number("hops", 0)
	switch kind := req.Text("kind", ""); kind {
	case "circle":
		n = 1 - min(n, 1)
		return moved(
			req,
			self(req, "a71-loop", url.Values{"kind": {kind}, "hops": {strconv.Itoa(n)}}),
		)
	case "new":
		return moved(
			req,
			self(req, "a71-loop", url.Values{"kind": {kind}, "hops": {strconv.Itoa(n + 1)}}),
		)
	}
	return moved(req, req.Path)
}
