package faults

import (
	"fmt"
	"strings"

	"grab/testserver/fault"
	"grab/testserver/outlet"
)

const extensionSize = 4 << 10 // bytes

// chunkFaults are chunks that are malformed or make a client work hard (RFC 9112 section
// 7.1).
func chunkFaults() []fault.Fault {
	return []fault.Fault{
		{
			ID: "A15", Name: "a15-bad-chunk-size", Over: fault.OverHTTP1, Expect: "P:protocol",
			About:   "a chunk size that overflows or is no number",
			Queries: []string{"kind=prefix", "kind=negative", "kind=two", "kind=lf", "kind=empty"},
			Play:    fault.WithConn(badChunkSize),
		},
		{
			ID: "A16", Name: "a16-chunk-extensions", Over: fault.OverHTTP1, Expect: "P:protocol",
			About: "chunks of one byte, each with an extension of 4 KiB",
			Play:  fault.WithConn(chunkExtensions),
		},
		{
			ID: "A17", Name: "a17-tiny-chunks", Over: fault.OverHTTP1, Expect: "ok",
			About:   "chunks of one byte, 10 MB of them if the image is padded so",
			Queries: []string{"bytes=10000000"},
			Play:    fault.WithConn(tinyChunks),
		},
		{
			ID: "A18", Name: "a18-trailers", Over: fault.OverHTTP1, Expect: "ok",
			About: "trailers that would be dangerous as header fields",
			Play: fault.WithConn(func(req *fault.Request, c *outlet.Conn) outlet.Ending {
				return trailers(req, c)
			}),
		},
		{
			ID: "A18", Name: "a18-announced", Over: fault.OverHTTP1, Expect: "ok|P:protocol",
			About: "the same trailers, announced as RFC 9110 section 6.5.1 forbids",
			Play: fault.WithConn(func(req *fault.Request, c *outlet.Conn) outlet.Ending {
				return trailers(req, c, "Trailer: Content-Length, Set-Cookie, Content-Disposition")
			}),
		},
	}
}

func trailers(req *fault.Request, c *outlet.Conn, fields ...string) outlet.Ending {
	chunked(req, c, req.Data(), fields...)
	c.Raw("0\r\nContent-Length: 3\r\nSet-Cookie: trailer=1\r\n" +
		"Content-Disposition: attachment; filename=\"../trailer.php\"\r\n\r\n")
	return outlet.EndClose
}

func badChunkSize(req *fault.Request, c *outlet.Conn) outlet.Ending {
	data := req.Data()
	n := len(data)
	size := map[string]string{
		"overflow": "1000000000000000" + fmt.Sprintf("%x", n) + "\r\n",
		"prefix":   fmt.Sprintf("0x%x\r\n", n),
		"negative": "-1\r\n",
		"two":      fmt.Sprintf("%x 2\r\n", n),
		"lf":       fmt.Sprintf("%x;a\nb\r\n", n), // CVE-2025-22871
		"empty":    "\r\n",
	}[req.Text("kind", "overflow")]
	imageHead(req, c, "Transfer-Encoding: chunked")
	c.Raw(size)
	c.Write(data)
	c.Raw("\r\n0\r\n\r\n")
	return outlet.EndClose
}

func chunkExtensions(req *fault.Request, c *outlet.Conn) outlet.Ending {
	imageHead(req, c, "Transfer-Encoding: chunked")
	extension := ";x=" + strings.Repeat("y", extensionSize-3) + "\r\n"
	for _, b := range req.Data() {
		c.Raw("1" + extension)
		c.Write([]byte{b})
		c.Raw("\r\n")
	}
	c.Raw("0\r\n\r\n")
	return outlet.EndClose
}

func tinyChunks(req *fault.Request, c *outlet.Conn) outlet.Ending {
	imageHead(req, c, "Transfer-Encoding: chunked")
	for _, part := range req.Whole.Body.Parts {
		for i := range part {
			c.Raw("1\r\n")
			c.Write(part[i : i+1])
			c.Raw("\r\n")
		}
	}
	c.Raw("0\r\n\r\n")
	return outlet.EndClose
}
