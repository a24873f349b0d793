package http1

import (
	"net/http"
	"time"
)

// surplus reports whether more than the response has arrived on a used connection
// already. The caller of a transport follows a redirect without a word, so that one must
// be beyond doubt.
func (c *conn) surplus(resp *http.Response) bool {
	length, here := resp.ContentLength, int64(c.reader.Buffered())
	if resp.Body == http.NoBody {
		length = 0
	}
	redirect := resp.StatusCode >= 300 && resp.StatusCode < 400
	return length >= 0 && here > length || redirect && here == length && c.settle() == talking
}

// recordTime is how long the rest of a TLS record may take that has begun to arrive.
const recordTime = 5 * time.Millisecond

// look returns what the idle connection has to show, without waiting. A TLS connection
// may also hold a record that is no longer on the socket.
func (c *conn) look() sight {
	seen, first := c.probe.look()
	if !c.target.secure {
		if seen == talking {
			return sightOf(first)
		}
		return seen
	}
	deadline := time.Unix(1, 0) // do not wait
	if seen == talking {
		deadline = time.Now().Add(recordTime)
	}
	var buf [16]byte
	_ = c.raw.SetReadDeadline(deadline) // a broken connection fails below
	n, err := c.raw.Read(buf[:])
	_ = c.raw.SetReadDeadline(time.Time{})
	switch {
	case n > 0:
		return sightOf(buf[:n])
	case !isTimeout(err):
		return gone
	}
	return min(seen, gone)
}

// settle waits until the response is no longer in doubt, and returns what the connection
// has to show then. Of the response, at most buffered bytes are unread.
func (c *conn) settle() sight {
	if c.doubt.IsZero() || time.Until(c.doubt) <= 0 {
		return c.look()
	}
	_ = c.raw.SetReadDeadline(c.doubt) // a broken connection fails below
	unread := c.reader.Buffered()
	bytes, err := c.reader.Peek(unread + 1)
	_ = c.raw.SetReadDeadline(time.Time{})
	switch {
	case err == nil:
		return sightOf(bytes[unread:])
	case !isTimeout(err):
		return gone
	}
	return quiet
}
