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

// plainResponse reads the headers of the common response: status 200 and a known
// length, on a connection that stays open, with all headers in the buffer of r. It
// does not set the body. If net/http has to read the response, plainResponse
// returns nil and consumes nothing.
func plainResponse(r *bufio.Reader, req *http.Request) *http.Response {
	buffered, _ := r.Peek(r.Buffered())
	const version, code = "HTTP/1.1 ", "200 "
	end := bytes.Index(buffered, []byte("\r\n\r\n"))
	if end < 0 || !bytes.HasPrefix(buffered, []byte(version+code)) {
		return nil
	}
	status, lines, _ := strings.Cut(string(buffered[:end+len("\r\n")]), "\r\n")
	resp := &http.Response{
		Status: status[len(version):], StatusCode: http.StatusOK,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		ContentLength: -1, Request: req,
	}
	if !isFieldText(status) || !parseFields(resp, lines) || resp.ContentLength <= 0 {
		return nil
	}
	_, _ = r.Discard(end + len("\r\n\r\n")) // cannot fail: the bytes are buffered
	return resp
}

// parseFields parses header lines. It reports false if one of them is malformed,
// or if it affects how net/http would read the body.
func parseFields(resp *http.Response, lines string) bool {
	n := strings.Count(lines, "\r\n")
	resp.Header = make(http.Header, n)
	values := make([]string, n) // one allocation: most headers have a single value
	for i := range values {
		var line string
		line, lines, _ = strings.Cut(lines, "\r\n")
		name, value, found := strings.Cut(line, ":")
		if !found || name == "" || !isName(name, "") || !isFieldText(value) {
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
		if earlier := resp.Header[name]; earlier != nil {
			resp.Header[name] = append(earlier, value)
		} else {
			values[i] = value
			resp.Header[name] = values[i : i+1 : i+1]
		}
	}
	return true
}

// isFieldText reports whether s is a valid header value in ASCII.
func isFieldText(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\t' || c >= 0x7f {
			return false
		}
	}
	return true
}

// sizedBody is a body of known length.
type sizedBody struct {
	reader  *bufio.Reader
	left    int64 // bytes
	surplus bool  // the server sent more than the body
	extra   byte  // the first byte of the surplus
}

// Read reads one byte past the end of the body if p has space for it. That tells
// without another system call whether the server sends more than it announced.
func (s *sizedBody) Read(p []byte) (int, error) {
	if s.left == 0 {
		return 0, io.EOF
	}
	if int64(len(p)) > s.left {
		p = p[:s.left+1]
	}
	n, err := s.reader.Read(p)
	if int64(n) > s.left {
		n, s.surplus, s.extra = int(s.left), true, p[s.left]
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
