// Package outlet is where a fault writes the response that goes wrong: in the
// framing of HTTP/1 or HTTP/2, or as raw bytes on a connection.
package outlet

import (
	"io"
	"time"

	"grab/testserver/reply"
)

const (
	// MaxPlay bounds how long a fault goes on when neither the client nor the
	// server ends it.
	MaxPlay = 10 * time.Minute

	// MaxFlood and FloodTime bound the faults that send as much as they can:
	// in bytes, and in time.
	MaxFlood  = 64 << 20
	FloodTime = time.Minute
)

// Writer carries a response that goes wrong, in the framing of HTTP/1 or HTTP/2.
// After an error all its methods do nothing.
type Writer interface {
	// Begin sends the header. Without a Content-Length the body ends where
	// the connection or the stream does.
	Begin(status int, fields []reply.Field)
	io.Writer
	Flush()
	// Pause sends what was written, and waits. It returns false if the client
	// went away or MaxPlay is over.
	Pause(time.Duration) bool
}

// Ending is what happens to a connection, or to a stream of HTTP/2, after a fault
// was played and recorded in the ledger.
type Ending int

// The endings.
const (
	EndClose      Ending = iota // closed properly
	EndBare                     // closed without TLS's close_notify
	EndReset                    // reset
	EndHold                     // left open until the client closes it
	EndResetOnUse               // left open, and reset when the client sends more
)

// Drip sends data in pieces of n bytes with a pause after each. It returns false
// if it could not send everything.
func Drip(w Writer, data []byte, n int, pause time.Duration) bool {
	for len(data) > 0 {
		k := min(n, len(data))
		if _, err := w.Write(data[:k]); err != nil {
			return false
		}
		data = data[k:]
		if !w.Pause(pause) {
			return false
		}
	}
	return true
}

// Hang does nothing until the client goes away.
func Hang(w Writer) Ending {
	w.Pause(MaxPlay)
	return EndReset
}

// Flood writes p again and again, as often as the client reads it.
func Flood(w Writer, p []byte) Ending {
	end := time.Now().Add(FloodTime)
	for total := 0; total < MaxFlood && time.Now().Before(end); total += len(p) {
		if _, err := w.Write(p); err != nil {
			break
		}
	}
	return EndReset
}
