package wire

import (
	"net/http"
	"time"

	"grab/testserver/outlet"
	"grab/testserver/reply"
)

// Stream is the outlet.Writer of an HTTP/2 stream.
type Stream struct {
	w    *Writer
	over time.Time
}

// NewStream returns a stream that writes the response of w.
func NewStream(w *Writer) *Stream {
	w.ByFault = true
	st := &Stream{w: w, over: time.Now().Add(outlet.MaxPlay)}
	// It fails only if the connection is gone.
	_ = http.NewResponseController(w.ResponseWriter).SetWriteDeadline(st.over)
	return st
}

// Begin implements outlet.Writer.
func (st *Stream) Begin(status int, fields []reply.Field) {
	planned := st.w.Planned
	header := st.w.Header()
	addFields(header, fields)
	noContentTypeGuess(header)
	st.w.WriteHeader(status)
	if st.w.Planned < 0 {
		st.w.Planned = planned
	}
}

// Write sends a part of the body.
func (st *Stream) Write(p []byte) (int, error) { return st.w.Write(p) }

// Flush implements outlet.Writer.
func (st *Stream) Flush() {
	if st.w.Err == nil {
		st.w.Err = st.w.flush()
	}
}

// Pause implements outlet.Writer.
func (st *Stream) Pause(d time.Duration) bool {
	if st.w.Status != 0 {
		st.Flush()
	}
	if st.w.Err != nil {
		return false
	}
	until := time.Now().Add(d)
	if until.After(st.over) {
		until = st.over
	}
	st.w.Err = WaitUntil(st.w.ctx, until)
	return st.w.Err == nil && until.Before(st.over)
}

// Finish ends the stream. It panics with http.ErrAbortHandler to make net/http send
// RST_STREAM.
func (st *Stream) Finish(end outlet.Ending) {
	switch end {
	case outlet.EndReset, outlet.EndBare:
		panic(http.ErrAbortHandler)
	case outlet.EndHold:
		st.Pause(outlet.MaxPlay)
		panic(http.ErrAbortHandler)
	}
}
