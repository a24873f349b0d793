package ledger

import (
	"cmp"
	"fmt"
	"io"
	"sync"
)

// requestLog writes a line for each request.
type requestLog struct {
	mu sync.Mutex
	w  io.Writer
}

// write logs one request. Text from the client is quoted, so that it cannot
// forge lines or control a terminal. If the log fails, the server goes on.
func (l *requestLog) write(r Request) {
	if l.w == nil {
		return
	}
	line := fmt.Appendf(nil, "%d conn=%d %s %s %+q %+q %+q status=%d sent=%d/%d %.6fs %s %s\n",
		r.Seq, r.Conn, r.Remote, r.Proto, r.Method, r.Host, r.URI,
		r.Status, r.Sent, r.Planned, r.Seconds, r.End, cmp.Or(r.Fault, "-"))
	l.mu.Lock()
	defer l.mu.Unlock()
	l.w.Write(line)
}
