package faults

import (
	"fmt"
	"net/http"
	"strings"

	"grab/testserver/fault"
	"grab/testserver/outlet"
	"grab/testserver/reply"
)

// interimFaults are answers of 1xx and 2xx that do not fit a plain GET (RFC 9110 sections
// 15.2 to 15.4).
func interimFaults() []fault.Fault {
	return []fault.Fault{
		{
			ID: "A24", Name: "a24-interim-flood", Over: fault.OverHTTP1, Expect: "P:protocol",
			About:   "a million interim responses",
			Queries: []string{"status=100", "status=102"},
			Play:    fault.WithConn(interimFlood),
		},
		{
			ID: "A25", Name: "a25-early-hints", Over: fault.OverHTTP1, Expect: "ok",
			About:   "an interim response and then the image",
			Queries: []string{"status=100"},
			Play: fault.WithConn(func(req *fault.Request, c *outlet.Conn) outlet.Ending {
				c.Raw(interim(req.Number("status", http.StatusEarlyHints)))
				return withImage(req, c, "HTTP/1.1 200 OK")
			}),
		},
		{
			ID: "A26", Name: "a26-switch", Over: fault.OverHTTP1, Expect: "P:protocol",
			About: "101 without an upgrade that was asked for",
			Play: fault.WithConn(func(_ *fault.Request, c *outlet.Conn) outlet.Ending {
				c.Head(
					"HTTP/1.1 101 Switching Protocols", "Connection: upgrade", "Upgrade: strange",
				)
				return outlet.Hang(c)
			}),
		},
		{
			ID: "A27", Name: "a27-no-content", Over: fault.OverAll, Expect: "P:empty|P:protocol",
			About:   "204, 205 or 304 to a plain GET",
			Queries: []string{"status=205", "status=304"},
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				return reply.Response{Status: req.Number("status", http.StatusNoContent)}
			}),
		},
		{
			ID: "A27", Name: "a27-transformed", Over: fault.OverAll, Expect: "ok",
			About: "203 with the image",
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				return req.Reply(http.StatusNonAuthoritativeInfo, req.Whole.Body)
			}),
		},
		{
			ID: "A27", Name: "a27-choices", Over: fault.OverAll, Expect: "P:protocol",
			About: "300 without a Location",
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				return reply.Text(http.StatusMultipleChoices, "this one or that one")
			}),
		},
		{
			ID: "A28", Name: "a28-empty", Over: fault.OverAll, Expect: "P1:empty",
			About: "200 and a body of no bytes",
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				return req.Reply(http.StatusOK, reply.NewBody())
			}),
		},
	}
}

func interim(status int) string {
	return fmt.Sprintf(
		"HTTP/1.1 %d %s\r\nLink: </style.css>; rel=preload\r\n\r\n", status, http.StatusText(status),
	)
}

func interimFlood(req *fault.Request, c *outlet.Conn) outlet.Ending {
	const count, batch = 1_000_000, 1000
	text := strings.Repeat(interim(req.Number("status", http.StatusEarlyHints)), batch)
	for range count / batch {
		if c.Raw(text); c.Err != nil {
			return outlet.EndReset
		}
	}
	return withImage(req, c, "HTTP/1.1 200 OK")
}
