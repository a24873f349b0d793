package faults

import (
	"fmt"
	"strings"

	"grab/testserver/fault"
	"grab/testserver/outlet"
)

// lengthFaults are lengths and transfer codings that contradict each other or are
// malformed (RFC 9112 sections 6.1 and 6.3).
func lengthFaults() []fault.Fault {
	return []fault.Fault{
		{
			ID: "A10", Name: "a10-two-lengths", Over: fault.OverHTTP1, Expect: "P:protocol",
			About:   "two different Content-Length fields",
			Queries: []string{"kind=list"},
			Play:    fault.WithConn(twoLengths),
		},
		{
			ID: "A11", Name: "a11-length-twice", Over: fault.OverHTTP1, Expect: "ok|P:protocol",
			About:   "the same Content-Length twice in one field",
			Queries: []string{"kind=fields"},
			Play:    fault.WithConn(lengthTwice),
		},
		{
			ID: "A12", Name: "a12-bad-length", Over: fault.OverHTTP1, Expect: "P:protocol",
			About: "Content-Length that is negative, or no number",
			Queries: []string{
				"kind=plus", "kind=underscore", "kind=empty", "kind=overflow", "kind=hex",
				"kind=words",
			},
			Play: fault.WithConn(badLength),
		},
		{
			ID: "A13", Name: "a13-length-and-chunks", Over: fault.OverHTTP1, Expect: "ok|P:protocol",
			About: "a Content-Length that is too small, and chunks",
			Play: fault.WithConn(func(req *fault.Request, c *outlet.Conn) outlet.Ending {
				chunked(req, c, req.Data(), fmt.Sprintf("Content-Length: %d", req.Cut()))
				c.Raw("0\r\n\r\n")
				return outlet.EndClose
			}),
		},
		{
			ID: "A14", Name: "a14-bad-coding", Over: fault.OverHTTP1, Expect: "P:protocol",
			About:   "a Transfer-Encoding that is not chunked alone",
			Queries: []string{"kind=twice", "kind=unknown", "kind=identity"},
			Play:    fault.WithConn(badCoding),
		},
	}
}

func twoLengths(req *fault.Request, c *outlet.Conn) outlet.Ending {
	data := req.Data()
	if req.Text("kind", "") == "list" {
		imageHead(req, c, fmt.Sprintf("Content-Length: %d, %d", len(data), req.Cut()))
	} else {
		imageHead(
			req, c, fmt.Sprintf("Content-Length: %d", req.Cut()),
			fmt.Sprintf("Content-Length: %d", len(data)),
		)
	}
	c.Write(data)
	return outlet.EndClose
}

func lengthTwice(req *fault.Request, c *outlet.Conn) outlet.Ending {
	data := req.Data()
	if req.Text("kind", "") == "fields" {
		one := fmt.Sprintf("Content-Length: %d", len(data))
		imageHead(req, c, one, one)
	} else {
		imageHead(req, c, fmt.Sprintf("Content-Length: %d, %d", len(data), len(data)))
	}
	c.Write(data)
	return outlet.EndClose
}

func badLength(req *fault.Request, c *outlet.Conn) outlet.Ending {
	data := req.Data()
	value := map[string]string{
		"negative":   "-1",
		"plus":       fmt.Sprintf("+%d", len(data)),
		"underscore": "1_0",
		"empty":      "",
		"overflow":   "18446744073709551616",
		"hex":        fmt.Sprintf("0x%x", len(data)),
		"words":      "ten",
	}[req.Text("kind", "negative")]
	imageHead(req, c, "Content-Length: "+value)
	c.Write(data)
	return outlet.EndClose
}

func badCoding(req *fault.Request, c *outlet.Conn) outlet.Ending {
	value := map[string]string{
		"gzip":     "gzip, chunked",
		"twice":    "chunked, chunked",
		"unknown":  "xchunked",
		"identity": "identity",
	}[req.Text("kind", "gzip")]
	imageHead(req, c, "Transfer-Encoding: "+value)
	data := req.Data()
	if strings.HasPrefix(value, "x") || value == "identity" {
		c.Write(data)
		return outlet.EndClose
	}
	c.Raw(fmt.Sprintf("%x\r\n", len(data)))
	c.Write(data)
	c.Raw("\r\n0\r\n\r\n")
	return outlet.EndClose
}
