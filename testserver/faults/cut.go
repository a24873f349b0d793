package faults

import (
	"fmt"
	"net/http"
	"time"

	"grab/testserver/fault"
	"grab/testserver/outlet"
)

// resetPause is the pause before a reset. When a reset comes, a client loses what it has not
// read yet.
const resetPause = 10 * time.Millisecond

// cutFaults are bodies that end too early (RFC 9112 sections 6.3, 8 and 9.8).
func cutFaults() []fault.Fault {
	return []fault.Fault{
		{
			ID: "A01", Name: "a01-short", Over: fault.OverAll, Expect: "T:truncated",
			About:   "Content-Length, and an end before it",
			Queries: []string{"at=0", "at=1"},
			Play:    fault.WithWriter(short),
		},
		{
			ID: "A02", Name: "a02-reset", Over: fault.OverAll, Expect: "T:reset",
			About:   "Content-Length, and a reset before it",
			Queries: []string{"at=0"},
			Play:    fault.WithWriter(reset),
		},
		{
			ID: "A03", Name: "a03-chunks-cut", Over: fault.OverHTTP1, Expect: "T:truncated",
			About:   "chunked, and an end between two chunks",
			Queries: []string{"kind=inside"},
			Play:    fault.WithConn(chunksCut),
		},
		{
			ID: "A04", Name: "a04-trailer-cut", Over: fault.OverHTTP1, Expect: "T:truncated",
			About:   "chunked, and an end after the last chunk, before the last line",
			Queries: []string{"kind=field"},
			Play:    fault.WithConn(trailerCut),
		},
		{
			ID: "A05", Name: "a05-unframed-cut", Over: fault.OverAll, Expect: "T:image-truncated",
			About: "neither length nor chunks, and an end inside the image",
			Play: fault.WithWriter(func(req *fault.Request, w outlet.Writer) outlet.Ending {
				w.Begin(http.StatusOK, req.Fields())
				w.Write(req.Data()[:req.Cut()])
				return outlet.EndClose
			}),
		},
		{
			ID: "A06", Name: "a06-no-close-notify", Over: fault.OverTLS1,
			Expect: "T:truncated|T:image-truncated",
			About:  "the same over TLS, which ends without close_notify",
			Play: fault.WithConn(func(req *fault.Request, c *outlet.Conn) outlet.Ending {
				c.Begin(http.StatusOK, req.Fields())
				c.Write(req.Data()[:req.Cut()])
				return outlet.EndBare
			}),
		},
		{
			ID: "A07", Name: "a07-unframed", Over: fault.OverAll, Expect: "ok",
			About: "the whole image, its end marked by the end of the connection",
			Play: fault.WithWriter(func(req *fault.Request, w outlet.Writer) outlet.Ending {
				w.Begin(http.StatusOK, req.Fields())
				w.Write(req.Data())
				return outlet.EndClose
			}),
		},
	}
}

func reset(req *fault.Request, w outlet.Writer) outlet.Ending {
	short(req, w)
	w.Pause(req.Duration("pause", resetPause))
	return outlet.EndReset
}

func chunksCut(req *fault.Request, c *outlet.Conn) outlet.Ending {
	data := req.Data()
	if req.Text("kind", "") == "inside" {
		imageHead(req, c, "Transfer-Encoding: chunked")
		c.Raw(fmt.Sprintf("%x\r\n", len(data)))
		c.Write(data[:req.Cut()])
		return outlet.EndClose
	}
	chunked(req, c, data[:req.Cut()])
	return outlet.EndClose
}

func trailerCut(req *fault.Request, c *outlet.Conn) outlet.Ending {
	chunked(req, c, req.Data())
	c.Raw("0\r\n")
	if req.Text("kind", "") == "field" {
		c.Raw("X-Trailer: cut\r\n")
	}
	return outlet.EndClose
}

// extraFaults are bytes after the end of a response (RFC 9112 section 6.3).
func extraFaults() []fault.Fault {
	return []fault.Fault{
		{
			ID: "A08", Name: "a08-extra", Over: fault.OverHTTP1, Expect: "ok",
			About: "bytes after Content-Length",
			Play: fault.WithConn(func(req *fault.Request, c *outlet.Conn) outlet.Ending {
				return excess(req, c, "and a little more\n")
			}),
		},
		{
			ID: "A09", Name: "a09-forged-next", Over: fault.OverHTTP1, Expect: "ok",
			About: "after Content-Length, a response that nobody asked for",
			Play: fault.WithConn(func(req *fault.Request, c *outlet.Conn) outlet.Ending {
				return excess(req, c, forged(req))
			}),
		},
	}
}
