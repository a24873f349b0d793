package http1

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
)

// plainResponse reads the headers of a response that is as nearly all are: a
// success of known length on a connection that stays open, its headers in the
// buffer of r. It returns nil, and leaves r as it was, for one that net/http has
// to read. The body is not set.
func plainResponse(r *bufio.Reader, req *http.Request) *http.Response {
	buffered, _ := r.Peek(r.Buffered())
	const version, code = "HTTP/1.1 ", "200 "
	end := bytes.Index(buffered, []byte("\r\n\r\n"))
	if end < 0 || !bytes.HasPrefix(buffered, []byte(version+code)) {
		return nil
	}
	status, lines, _ := strings.Cut(string(buffered[:end+len("\r\n")]), "\r\n")
	resp := &http.Response{
		Status: status[len(version):], StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		ContentLength: -1, Request: req,
	}
	if !text(status) || !fields(resp, lines) || resp.ContentLength <= 0 {
		return nil
	}
	_, _ = r.Discard(end + len("\r\n\r\n")) // they are there
	return resp
}

// fields parses header lines, and reports false if they say anything unusual.
func fields(resp *http.Response, lines string) bool {
	n := strings.Count(lines, "\r\n")
	resp.Header = make(http.Header, n)
	values := make([]string, n) // for all headers: most have one
	for i := range values {
		var line string
		line, lines, _ = strings.Cut(lines, "\r\n")
		name, value, found := strings.Cut(line, ":")
		if !found || name == "" || !ordinary(name, "") || !text(value) {
			return false
		}
		name, value = textproto.CanonicalMIMEHeaderKey(name), textproto.TrimString(value)
		switch name {
		case "Content-Length":
			length, err := strconv.ParseUint(value, 10, 62)
			if err != nil || resp.ContentLength >= 0 {
				return false
			}
			resp.ContentLength = int64(length)
		case "Connection":
			if !strings.EqualFold(value, "keep-alive") {
				return false
			}
		case "Transfer-Encoding", "Trailer", "Pragma":
			return false
		}
		if former := resp.Header[name]; former != nil {
			resp.Header[name] = append(former, value)
		} else {
			values[i] = value
			resp.Header[name] = values[i : i+1 : i+1]
		}
	}
	return true
}

// text reports whether s can be a header's value, in ASCII.
func text(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\t' || c >= 0x7f {
			return false
		}
	}
	return true
}

// sized is a body of known length.
type sized struct {
	reader  *bufio.Reader
	left    int64
	surplus bool // more came than that
}

// Read reads past the end of the body where p has room, and so finds out without
// another system call if the server goes on.
func (s *sized) Read(p []byte) (int, error) {
	if s.left == 0 {
		return 0, io.EOF
	}
	if int64(len(p)) > s.left {
		p = p[:s.left+1]
	}
	n, err := s.reader.Read(p)
	if int64(n) > s.left {
		n, s.surplus = int(s.left), true
	}
	s.left -= int64(n)
	switch {
	case s.left == 0:
		return n, io.EOF
	case err == io.EOF:
		return n, io.ErrUnexpectedEOF
	}
	return n, err
}
