package faults

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"grab/testserver/fault"
	"grab/testserver/outlet"
	"grab/testserver/reply"
)

const (
	dripPause  = 10 * time.Second
	steadyRate = 1126             // bytes a second, slightly over 1 KiB
	hugeLength = 1000000000000000 // bytes
)

// timeFaults are answers that take too long, or are too long.
func timeFaults() []fault.Fault {
	return []fault.Fault{
		{
			ID: "A30", Name: "a30-silent", Over: fault.OverAll, Expect: "T:timeout-header",
			About: "no answer at all",
			Play: fault.WithWriter(func(_ *fault.Request, w outlet.Writer) outlet.Ending {
				return outlet.Hang(w)
			}),
		},
		{
			ID: "A31", Name: "a31-stall", Over: fault.OverAll, Expect: "T:stall",
			About:   "a header, a part of the body, and silence",
			Queries: []string{"at=0"},
			Play: fault.WithWriter(func(req *fault.Request, w outlet.Writer) outlet.Ending {
				short(req, w)
				return outlet.Hang(w)
			}),
		},
		{
			ID: "A32", Name: "a32-drip", Over: fault.OverAll, Expect: "T:slow",
			About:   "one byte every 10 seconds",
			Queries: []string{"pause=100ms"},
			Play: fault.WithWriter(func(req *fault.Request, w outlet.Writer) outlet.Ending {
				w.Begin(http.StatusOK, req.Fields(reply.ContentLength(req.Whole.Body.Size)))
				outlet.Drip(w, req.Data(), 1, req.Duration("pause", dripPause))
				return outlet.EndClose
			}),
		},
		{
			ID: "A33", Name: "a33-slow-header", Over: fault.OverHTTP1, Expect: "T:timeout-header",
			About: "a header of one byte a second",
			Play:  fault.WithConn(slowHeader),
		},
		{
			ID: "A34", Name: "a34-endless", Over: fault.OverAll, Expect: "P:too-big",
			About: "the image and bytes without end, of no stated length",
			Play: fault.WithWriter(func(req *fault.Request, w outlet.Writer) outlet.Ending {
				w.Begin(http.StatusOK, req.Fields())
				w.Write(req.Data())
				return outlet.Flood(w, make([]byte, 64<<10))
			}),
		},
		{
			ID: "A35", Name: "a35-huge-length", Over: fault.OverAll, Expect: "P:too-big",
			About: "Content-Length of a petabyte",
			Play: fault.WithWriter(func(req *fault.Request, w outlet.Writer) outlet.Ending {
				w.Begin(http.StatusOK, req.Fields(reply.ContentLength(hugeLength)))
				w.Write(req.Data())
				return outlet.Hang(w)
			}),
		},
		{
			ID: "A36", Name: "a36-steady", Over: fault.OverAll, Expect: "ok",
			About:   "1.1 KiB a second",
			Queries: []string{"rate=20000"},
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				r := req.Whole
				r.Pace = int64(max(1, req.Number("rate", steadyRate)))
				return r
			}),
		},
		{
			ID: "A38", Name: "a38-left-open", Over: fault.OverHTTP1, Expect: "ok",
			About: "the whole image, and a connection that is left open",
			Play: fault.WithConn(func(req *fault.Request, c *outlet.Conn) outlet.Ending {
				return excess(req, c, "")
			}),
		},
		{
			ID: "A39", Name: "a39-pauses", Over: fault.OverAll, Expect: "ok|T:slow",
			About:   "four pauses, each a little shorter than a stall",
			Queries: []string{"pause=100ms"},
			Play:    fault.WithWriter(pauses),
		},
	}
}

func slowHeader(req *fault.Request, c *outlet.Conn) outlet.Ending {
	data := req.Data()
	var head strings.Builder
	fmt.Fprintf(
		&head,
		"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n",
		len(data),
	)
	if outlet.Drip(c, []byte(head.String()), 1, req.Duration("pause", time.Second)) {
		c.Status, c.InBody = http.StatusOK, true
		c.Write(data)
	}
	return outlet.EndClose
}

func pauses(req *fault.Request, w outlet.Writer) outlet.Ending {
	const pieces = 5
	data := req.Data()
	w.Begin(http.StatusOK, req.Fields(reply.ContentLength(int64(len(data)))))
	for i := range pieces {
		if i > 0 && !w.Pause(req.Duration("pause", 29*time.Second)) {
			return outlet.EndReset
		}
		w.Write(data[len(data)*i/pieces : len(data)*(i+1)/pieces])
	}
	return outlet.EndClose
}
