// Package wire sends answers to clients, at a pace, and counts what it sends.
package wire

import (
	"context"
	"net/http"
	"strconv"
)

// tailSize is the size of the last part of a body, which is written on its own.
// net/http buffers so little until the handler returns, and by then the request is
// in the ledger. So a client that has the whole response finds it there.
const tailSize = 1 << 10

// Writer sends one response. It is an http.ResponseWriter that keeps the pace and
// counts.
type Writer struct {
	http.ResponseWriter

	Status  int   // 0 until the header is sent
	Planned int64 // bytes of the body, -1 if the header does not say
	Sent    int64 // bytes of the body
	Err     error // the first failed write

	// ByFault says that a fault decides itself how much it sends.
	ByFault bool

	ctx   context.Context // of the request
	pacer *pacer          // nil for no limit
}

// NewWriter returns a writer for the response to a request.
func NewWriter(w http.ResponseWriter, r *http.Request) *Writer {
	return &Writer{ResponseWriter: w, ctx: r.Context()}
}

// WriteHeader sends the header. If there is a pace, the header is flushed, so that
// it does not wait for the first bytes of the body.
func (w *Writer) WriteHeader(status int) {
	w.Status = status
	w.Planned = -1
	if n, err := strconv.ParseInt(w.Header().Get("Content-Length"), 10, 64); err == nil {
		w.Planned = n
	}
	w.ResponseWriter.WriteHeader(status)
	if w.pacer != nil {
		w.Err = w.flush()
	}
}

func (w *Writer) Write(p []byte) (int, error) {
	if w.Status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	written := 0
	for w.Err == nil && written < len(p) {
		n := w.next(len(p) - written)
		if w.pacer != nil {
			w.Err = w.pacer.wait(w.ctx, n)
		}
		if w.Err == nil {
			n, w.Err = w.ResponseWriter.Write(p[written : written+n])
			written += n
			w.Sent += int64(n)
		}
		if w.Err == nil && w.pacer != nil && w.Sent != w.Planned {
			w.Err = w.flush()
		}
	}
	return written, w.Err
}

// next returns how many of the next n bytes to write at once.
func (w *Writer) next(n int) int {
	if w.pacer != nil {
		n = min(n, w.pacer.chunk())
	}
	left := w.Planned - w.Sent
	if left > tailSize && int64(n) > left-tailSize {
		n = int(left - tailSize)
	}
	return n
}

func (w *Writer) flush() error {
	return http.NewResponseController(w.ResponseWriter).Flush()
}
