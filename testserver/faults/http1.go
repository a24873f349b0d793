package faults

import (
	"fmt"

	"grab/testserver/fault"
	"grab/testserver/outlet"
)

// forged returns a response with the next version of the image.
func forged(req *fault.Request) string {
	data := req.Version(1).Body.Bytes()
	const head = "HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n"
	return fmt.Sprintf(head, len(data)) + string(data)
}

// chunked begins a chunked answer, and sends data as one chunk (RFC 9112 section 7.1).
func chunked(req *fault.Request, c *outlet.Conn, data []byte, more ...string) {
	imageHead(req, c, append(more, "Transfer-Encoding: chunked")...)
	c.Raw(fmt.Sprintf("%x\r\n", len(data)))
	c.Write(data)
	c.Raw("\r\n")
}

// excess sends the image and then more. It leaves the connection open, as if it could be
// reused.
func excess(req *fault.Request, c *outlet.Conn, more string) outlet.Ending {
	data := req.Data()
	imageHead(req, c, fmt.Sprintf("Content-Length: %d", len(data)))
	c.Write(data)
	c.Raw(more)
	return outlet.EndHold
}

// withImage sends the image under a status line and fields of any form.
func withImage(req *fault.Request, c *outlet.Conn, status string, fields ...string) outlet.Ending {
	data := req.Data()
	for _, f := range req.Whole.Fields {
		fields = append(fields, f.Key+": "+f.Value)
	}
	c.Head(status, append(fields, fmt.Sprintf("Content-Length: %d", len(data)))...)
	c.Write(data)
	return outlet.EndClose
}

// imageHead sends the header of an image, with more fields.
func imageHead(req *fault.Request, c *outlet.Conn, more ...string) {
	for _, f := range req.Whole.Fields {
		more = append(more, f.Key+": "+f.Value)
	}
	c.Head("HTTP/1.1 200 OK", more...)
}
