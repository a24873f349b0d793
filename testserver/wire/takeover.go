package wire

import (
	"net/http"

	"grab/testserver/outlet"
)

// TakeOver takes the connection of HTTP/1 from net/http. The answer has a body of
// size bytes unless a fault says otherwise.
func (w *Writer) TakeOver(size int64) (*outlet.Conn, error) {
	c, _, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil {
		return nil, err
	}
	conn := outlet.NewConn(w.ctx, c)
	conn.Planned = size
	return conn, nil
}

// Adopt takes over the counts of a connection that was taken over.
func (w *Writer) Adopt(c *outlet.Conn) {
	w.Status, w.Planned, w.Sent, w.Err = c.Status, c.Planned, c.Sent, c.Err
	w.ByFault = true
}
