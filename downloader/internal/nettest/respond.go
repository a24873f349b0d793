package nettest

import (
	"testing"
	"time"
)

// A response with an image, as far as its first bytes tell: 8 x 6 pixels.
const (
	OkHead = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 27\r\n\r\n"
	OkBody = "GIF89a\x08\x00\x06\x00 and some pixels."
)

// within checks that took is at least as long as the limits that were met, and
// no longer than those and the waits between attempts.
func Within(t *testing.T, took, least, most time.Duration) {
	t.Helper()
	if took < least || took > most {
		t.Errorf("took %v, want %v to %v", took, least, most)
	}
}
