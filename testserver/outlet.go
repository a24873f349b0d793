package testserver

import (
	"io"
	"net/http"
	"time"
)

const (
	// maxPlay bounds how long a fault goes on when neither the client nor the
	// server ends it.
	maxPlay = 10 * time.Minute

	// maxFlood and floodTime bound the bytes of those that send as many as
	// they can.
	maxFlood  = 64 << 20
	floodTime = time.Minute
)

// outlet carries a response that goes wrong, in the framing of HTTP/1 or
// HTTP/2. After an error all its methods do nothing.
type outlet interface {
	// begin sends the header. Without a Content-Length the body ends where
	// the connection or the stream does.
	begin(status int, fields []field)
	io.Writer
	flush()
	// pause sends what was written and waits. It returns false if the client
	// went away or it is enough.
	pause(time.Duration) bool
}

// length is the header field for a body of n bytes.
func length(n int) field { return field{"Content-Length", itoa(n)} }

// drip sends data in pieces of n bytes with a pause after each, and returns
// false if it could not send all.
func drip(o outlet, data []byte, n int, pause time.Duration) bool {
	for len(data) > 0 {
		k := min(n, len(data))
		if _, err := o.Write(data[:k]); err != nil {
			return false
		}
		data = data[k:]
		if !o.pause(pause) {
			return false
		}
	}
	return true
}

// hang does nothing until the client goes.
func hang(o outlet) ending {
	o.pause(maxPlay)
	return endReset
}

// flood writes p again and again, as much as the client takes.
func flood(o outlet, p []byte) ending {
	end := time.Now().Add(floodTime)
	for total := 0; total < maxFlood && time.Now().Before(end); total += len(p) {
		if _, err := o.Write(p); err != nil {
			break
		}
	}
	return endReset
}

// stream is the outlet of an HTTP/2 stream.
type stream struct {
	*wire
	over time.Time
}

func newStream(w *wire) *stream {
	w.staged = true
	st := &stream{wire: w, over: time.Now().Add(maxPlay)}
	// What fails to set a deadline is a connection that is gone.
	_ = http.NewResponseController(w.ResponseWriter).SetWriteDeadline(st.over)
	return st
}

func (st *stream) begin(status int, fields []field) {
	planned := st.planned
	header := st.Header()
	for _, f := range fields {
		header[f.key] = append(header[f.key], f.value)
	}
	if header["Content-Type"] == nil {
		header["Content-Type"] = nil // or net/http would guess one
	}
	st.WriteHeader(status)
	if st.planned < 0 {
		st.planned = planned
	}
}

func (st *stream) flush() {
	if st.err == nil {
		st.err = st.wire.flush()
	}
}

func (st *stream) pause(d time.Duration) bool {
	if st.status != 0 {
		st.flush()
	}
	if st.err != nil {
		return false
	}
	until := time.Now().Add(d)
	if until.After(st.over) {
		until = st.over
	}
	st.err = waitUntil(st.ctx, until)
	return st.err == nil && until.Before(st.over)
}

// finish ends the stream.
func (st *stream) finish(end ending) {
	switch end {
	case endReset, endBare:
		panic(http.ErrAbortHandler) // which is RST_STREAM
	case endHold:
		st.pause(maxPlay)
		panic(http.ErrAbortHandler)
	}
}
