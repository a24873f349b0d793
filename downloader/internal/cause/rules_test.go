package cause

import (
	"fmt"
	"io"
	"slices"
	"testing"
	"time"

	"grab/downloader"
	"grab/downloader/internal/http1"
)

// TestTransient lists all statuses that are worth another request.
func TestTransient(t *testing.T) {
	var got []int
	for status := range 1000 {
		if StatusError(status).Transient() {
			got = append(got, status)
		}
	}
	if want := []int{408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524}; !slices.Equal(got, want) {
		t.Errorf("%d, want %d", got, want)
	}
}

// TestDoubtful lists which failures of a response on a used connection are worth the same
// request on a new one.
func TestDoubtful(t *testing.T) {
	for _, c := range []struct {
		err  error
		want bool
	}{
		{io.ErrUnexpectedEOF, false},
		{fmt.Errorf("read: %w", http1.ErrSurplus), true},
		{&downloader.Error{Class: downloader.ClassHTTP4xx}, true},
		{&downloader.Error{Class: downloader.ClassHTTP4xx, RetryAfter: time.Second}, false},
		{&downloader.Error{Class: downloader.ClassHTTP5xx}, false},
		{&downloader.Error{Class: downloader.ClassEmpty}, true},
		{&downloader.Error{Class: downloader.ClassNotImage}, true},
		{&downloader.Error{Class: downloader.ClassProtocol}, true},
		{&downloader.Error{Class: downloader.ClassRangeMismatch}, true},
		{&downloader.Error{Class: downloader.ClassEncoding}, true},
		{&downloader.Error{Class: downloader.ClassImageCorrupt}, false},
		{&downloader.Error{Class: downloader.ClassIO}, false},
	} {
		if got := Doubtful(c.err); got != c.want {
			t.Errorf("%v: %v", c.err, got)
		}
	}
}
