package faults

import (
	"fmt"
	"strings"

	"grab/testserver/fault"
	"grab/testserver/outlet"
)

// statusLineFaults are malformed status lines (RFC 9112 section 4).
func statusLineFaults() []fault.Fault {
	return []fault.Fault{
		{
			ID: "A20", Name: "a20-status-line", Over: fault.OverHTTP1, Expect: "P:protocol",
			About:   "a status line with no proper status",
			Queries: []string{"kind=1000", "kind=letters", "kind=long"},
			Play:    fault.WithConn(statusLine),
		},
		{
			ID: "A20", Name: "a20-status-999", Over: fault.OverHTTP1, Expect: "P:http-4xx",
			About: "a status that only LinkedIn knows",
			Play: fault.WithConn(func(req *fault.Request, c *outlet.Conn) outlet.Ending {
				return withImage(req, c, "HTTP/1.1 999 Request denied")
			}),
		},
		{
			ID: "A20", Name: "a20-no-reason", Over: fault.OverHTTP1, Expect: "ok|P:protocol",
			About: "a status without a reason",
			Play: fault.WithConn(func(req *fault.Request, c *outlet.Conn) outlet.Ending {
				return withImage(req, c, "HTTP/1.1 200")
			}),
		},
		{
			ID: "A21", Name: "a21-empty-reply", Over: fault.OverHTTP1, Expect: "T:empty-reply",
			About: "an end without a byte of an answer",
			Play: fault.WithConn(func(_ *fault.Request, c *outlet.Conn) outlet.Ending {
				c.Planned = 0
				return outlet.EndClose
			}),
		},
	}
}

func statusLine(req *fault.Request, c *outlet.Conn) outlet.Ending {
	return withImage(req, c, map[string]string{
		"000":     "HTTP/1.1 000 Nothing",
		"1000":    "HTTP/1.1 1000 Too Much",
		"letters": "HTTP/1.1 abc OK",
		"long":    "HTTP/1.1 418 " + strings.Repeat("very ", 8<<10/5),
	}[req.Text("kind", "000")])
}

// headFaults are header fields that are malformed or too many (RFC 9112 section 5, RFC
// 9110 section 5.4).
func headFaults() []fault.Fault {
	return []fault.Fault{
		{
			ID: "A22", Name: "a22-odd-field", Over: fault.OverHTTP1, Expect: "ok|P:protocol",
			About:   "a header field that is folded, or has bytes that none may have",
			Queries: []string{"kind=nul", "kind=cr", "kind=space", "kind=binary", "kind=escape"},
			Play:    fault.WithConn(oddField),
		},
		{
			ID: "A23", Name: "a23-big-header", Over: fault.OverHTTP1, Expect: "P:protocol",
			About:   "a header of 1 MiB, of 100,000 fields, or without end",
			Queries: []string{"kind=fields", "kind=endless", "kind=cookies"},
			Play:    fault.WithConn(bigHeader),
		},
	}
}

func oddField(req *fault.Request, c *outlet.Conn) outlet.Ending {
	return withImage(req, c, "HTTP/1.1 200 OK", map[string]string{
		"folded": "X-Odd: one\r\n two\r\n\tthree",
		"nul":    "X-Odd: a\x00b",
		"cr":     "X-Odd: a\rb",
		"space":  "X-Odd : a",
		"binary": "X-Odd: \xff\xfe\x80",
		"escape": "X-Odd: \x1b]0;owned\x07\x1b[31m",
	}[req.Text("kind", "folded")])
}

func bigHeader(req *fault.Request, c *outlet.Conn) outlet.Ending {
	switch req.Text("kind", "field") {
	case "fields":
		return withImage(req, c, "HTTP/1.1 200 OK", numbered(100_000, "X-Field-%d: value")...)
	case "cookies":
		return withImage(req, c, "HTTP/1.1 200 OK", numbered(
			10_000, "Set-Cookie: cookie-%d="+strings.Repeat("c", 64),
		)...)
	case "endless":
		c.Raw("HTTP/1.1 200 OK\r\n")
		return outlet.Flood(c, []byte(strings.Repeat("X-Endless: and so on\r\n", 256)))
	}
	return withImage(req, c, "HTTP/1.1 200 OK", "X-Big: "+strings.Repeat("x", 1<<20))
}

func numbered(n int, format string) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf(format, i)
	}
	return list
}
