package testserver

import (
	"context"
	"net/http"
	"strconv"
)

// tailSize is the part of a body that is written last and on its own. It is
// small enough for net/http to keep it back until the handler returns, which
// is after the request is in the ledger: so a client that has the whole of a
// response finds it there.
const tailSize = 1 << 10

// wire is the way of one response to the client. It sends the body at its
// pace and counts what it sends.
type wire struct {
	http.ResponseWriter
	ctx   context.Context // the request's
	pacer *pacer          // nil: no limit

	status  int   // 0 until the header is sent
	planned int64 // bytes of body, -1 if the header does not say
	sent    int64
	err     error // the first failed write

	fault  string // the name of the fault that is played
	staged bool   // by a fault that decides itself how much it sends
}

// WriteHeader sends the header. Under a pace it leaves at once, or the first
// bytes of the body would hold it up.
func (w *wire) WriteHeader(status int) {
	w.status = status
	w.planned = -1
	if n, err := strconv.ParseInt(w.Header().Get("Content-Length"), 10, 64); err == nil {
		w.planned = n
	}
	w.ResponseWriter.WriteHeader(status)
	if w.pacer != nil {
		w.err = w.flush()
	}
}

func (w *wire) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	written := 0
	for w.err == nil && written < len(p) {
		n := w.next(len(p) - written)
		if w.pacer != nil {
			w.err = w.pacer.wait(w.ctx, n)
		}
		if w.err == nil {
			n, w.err = w.ResponseWriter.Write(p[written : written+n])
			written += n
			w.sent += int64(n)
		}
		if w.err == nil && w.pacer != nil && w.sent != w.planned {
			w.err = w.flush()
		}
	}
	return written, w.err
}

// next is how many of the next n bytes to write in one go.
func (w *wire) next(n int) int {
	if w.pacer != nil {
		n = min(n, w.pacer.chunk())
	}
	left := w.planned - w.sent
	if left > tailSize && int64(n) > left-tailSize {
		n = int(left - tailSize)
	}
	return n
}

func (w *wire) flush() error {
	return http.NewResponseController(w.ResponseWriter).Flush()
}
