package fetch

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// statusEnhanceYourCalm is what some services send in place of 429. No RFC has it.
const statusEnhanceYourCalm = 420

// pauseOf returns how long a response asks to wait: by Retry-After, or else by the fields
// of draft-ietf-httpapi-ratelimit-headers, if they say that nothing is left.
func pauseOf(h http.Header, now time.Time) (time.Duration, bool) {
	if wait, known := retryAfter(h, now); known {
		return wait, true
	}
	left, seconds := h.Get("RateLimit-Remaining"), h.Get("RateLimit-Reset") // draft 07 and before
	if fields := h.Get("RateLimit"); fields != "" {                         // "name";r=0;t=30
		first, _, _ := strings.Cut(fields, ",")
		for part := range strings.SplitSeq(first, ";") {
			switch name, value, _ := strings.Cut(strings.TrimSpace(part), "="); name {
			case "r":
				left = value
			case "t":
				seconds = value
			}
		}
	}
	n, err := strconv.ParseUint(seconds, 10, 31)
	if left != "0" || err != nil {
		return 0, false
	}
	return min(time.Duration(n)*time.Second, maxRetryAfter), true
}

// maxRetryAfter is the longest wait that a Retry-After can mean. A later date counts as
// a year; a larger number of seconds is ignored as nonsense.
const maxRetryAfter = 365 * 24 * time.Hour

// retryAfter returns the wait that a Retry-After header asks for. It takes seconds, or
// a date in one of its three forms (RFC 9110 sections 5.6.7 and 10.2.3). A date is
// compared with the server's own clock if there is a Date header. A malformed value is
// ignored.
func retryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	values := h["Retry-After"]
	if len(values) != 1 {
		return 0, false
	}
	value := strings.TrimSpace(values[0])
	if value != "" && strings.Trim(value, "0123456789") == "" {
		seconds, err := strconv.ParseInt(value, 10, 64)
		if err != nil || seconds > int64(maxRetryAfter/time.Second) {
			return 0, false // no server means that
		}
		return time.Duration(seconds) * time.Second, true
	}
	when, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return min(max(0, when.Sub(now)), maxRetryAfter), true
}
