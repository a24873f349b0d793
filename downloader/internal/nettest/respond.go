package nettest

import (
	"testing"
	"time"
)

// OKHead and OKBody are a response with the start of a GIF image of 8 x 6 pixels.
const (
	OKHead = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 27\r\n\r\n"
	OKBody = "GIF89a\x08\x00\x06\x00 and some pixels."
)

// Within checks that took is from least to most. least is the sum of the time
// limits that were reached. most also has the waits between attempts.
func Within(t *testing.T, took, least, most time.Duration) {
	t.Helper()
	if took < least || took > most {
		t.Errorf("took %v, want %v to %v", took, least, most)
	}
}
