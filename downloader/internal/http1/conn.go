package http1

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
	"time"
)

// bufferSize fits the headers of nearly every response. Most of a body bypasses
// the buffer and is read straight into the caller's slice.
const bufferSize = 4 << 10

// maxInterim limits the number of 1xx responses before the final one.
const maxInterim = 32

// conn is a connection. It carries one request at a time.
type conn struct {
	raw       net.Conn
	probe     *probe // of the socket
	target    target
	reader    *bufio.Reader // reads from this conn
	request   []byte        // the bytes of the last request; reused for the next
	reused    bool          // the connection has carried a request before
	idleSince time.Time
	fastest   time.Duration // from a request to the first byte of its response, so far
	chained                 // in the pool, while it is idle

	// The state of the current response.
	headerLimit int64     // in bytes
	headersLeft int64     // bytes that may still be read within headerLimit
	readErr     error     // the result of the last read from raw
	doubt       time.Time // until when it is in doubt; see suspect
}

// chained are the neighbours of an idle connection: in all chains the one that was used before
// it, and the one that was used after it.
type chained struct {
	before, after         *conn // of all
	beforeSame, afterSame *conn // of those to the same target
}

func newConn(raw, socket net.Conn, to target) *conn {
	c := &conn{raw: raw, target: to, probe: newProbe(socket)}
	c.reader = bufio.NewReaderSize(c, bufferSize)
	return c
}

// Read reads from the network and enforces the limit on header bytes.
func (c *conn) Read(p []byte) (int, error) {
	if c.headersLeft <= 0 {
		return 0, fmt.Errorf("response headers of more than %d bytes", c.headerLimit)
	}
	if int64(len(p)) > c.headersLeft {
		p = p[:c.headersLeft]
	}
	n, err := c.raw.Read(p)
	c.headersLeft -= int64(n)
	c.readErr = err
	return n, err
}

// roundTrip sends a request and reads the headers of its response. The body of a
// response from [plainResponse] is not set.
func (c *conn) roundTrip(
	req *http.Request, timeout time.Duration, headerLimit int64,
) (*http.Response, error) {
	c.headerLimit, c.headersLeft = headerLimit, headerLimit
	sent := time.Now()
	if err := c.raw.SetDeadline(sent.Add(timeout)); err != nil {
		return nil, err
	}
	if err := c.send(req); err != nil {
		return nil, err
	}
	if _, err := c.reader.Peek(1); err != nil {
		return nil, err
	}
	c.suspect(sent, time.Now())
	resp, err := c.headers(req)
	if err != nil {
		return nil, err
	}
	c.headersLeft = math.MaxInt64
	// An error means that the connection is closed. Reading the body reports that.
	_ = c.raw.SetDeadline(time.Time{})
	return resp, nil
}

// longestDoubt is how long a response is in doubt at most that came too fast, from the
// request on. That is time for the true response to arrive behind it.
const longestDoubt = 50 * time.Millisecond

// suspect decides how long the response is in doubt whose first byte has arrived. A
// server may have sent it before it got the request. Then it comes much faster than the
// others did on the connection.
func (c *conn) suspect(sent, arrived time.Time) {
	took := arrived.Sub(sent)
	c.doubt = time.Time{}
	if c.reused && took < c.fastest/2 {
		c.doubt = sent.Add(min(2*c.fastest, longestDoubt))
	}
	if !c.reused || took < c.fastest {
		c.fastest = took
	}
}

// send writes a request.
func (c *conn) send(req *http.Request) (err error) {
	var plain bool
	if c.request, plain = appendRequest(c.request[:0], req); plain {
		_, err = c.raw.Write(c.request)
		return err
	}
	w := bufio.NewWriterSize(c.raw, bufferSize)
	if err = req.Write(w); err != nil {
		return err
	}
	return w.Flush()
}

// headers reads the headers of the final response, and skips interim responses.
func (c *conn) headers(req *http.Request) (*http.Response, error) {
	if resp := plainResponse(c.reader, req); resp != nil {
		return resp, nil
	}
	for range maxInterim + 1 {
		resp, err := http.ReadResponse(c.reader, req)
		if err != nil {
			return nil, c.parseError(err)
		}
		if resp.StatusCode >= 200 || resp.StatusCode == http.StatusSwitchingProtocols {
			return resp, nil
		}
	}
	return nil, errors.New("more than 32 interim responses")
}

// parseError returns why a response could not be parsed. To net/http, a line
// that was cut off looks malformed.
func (c *conn) parseError(err error) error {
	_, malformed := errors.AsType[textproto.ProtocolError](err)
	switch {
	case c.readErr != nil && c.readErr != io.EOF:
		return c.readErr
	case c.readErr == io.EOF && (malformed || isCutStatusLine(err)):
		return io.ErrUnexpectedEOF
	}
	return err
}

// isCutStatusLine reports whether what is malformed is the beginning of a status line, by
// the texts of net/http. Other protocols do not begin so.
func isCutStatusLine(err error) bool {
	quoted, ok := strings.CutPrefix(err.Error(), "malformed HTTP response ")
	if !ok {
		return strings.HasPrefix(err.Error(), "malformed HTTP status code ")
	}
	line, err := strconv.Unquote(quoted)
	return err == nil && line != "" && strings.HasPrefix("HTTP/1.1", line)
}

func isTimeout(err error) bool {
	e, ok := err.(net.Error)
	return ok && e.Timeout()
}
