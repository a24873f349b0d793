package cause

import (
	"fmt"
	"net/http"
	"time"
)

// StatusError is a response status that is not a success.
type StatusError int

func (s StatusError) Error() string {
	if text := http.StatusText(int(s)); text != "" {
		return fmt.Sprintf("%d %s", int(s), text)
	}
	return fmt.Sprintf("status %d", int(s))
}

// Transient reports whether the status is worth another request. RFC 9110 section
// 15 defines most of those. Large caches send 520 to 524 when their origin server
// cannot be reached.
func (s StatusError) Transient() bool {
	switch s {
	case 408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524:
		return true
	}
	return false
}

// RetryAfterError is a response with a Retry-After that is longer than grab waits.
type RetryAfterError struct {
	Status StatusError
	When   time.Time
}

func (e RetryAfterError) Error() string {
	return fmt.Sprintf("%v: the server asks to come back after %s", e.Status, e.When.UTC().Format(time.RFC3339))
}
