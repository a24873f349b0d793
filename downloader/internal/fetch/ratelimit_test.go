package fetch

import (
	"net/http"
	"testing"
	"time"

	"grab/downloader"
)

// TestRateLimits has statuses and fields by which servers ask for a pause.
func TestRateLimits(t *testing.T) {
	for _, tt := range []struct {
		status int
		fields http.Header
		class  downloader.Class
		wait   time.Duration
		retry  downloader.Retry
	}{
		{429, nil, downloader.ClassRateLimited, 0, downloader.RetryBudget},
		{429, http.Header{"Retry-After": {"7"}}, downloader.ClassRateLimited, 7 * time.Second, downloader.RetryBudget},
		{403, nil, downloader.ClassHTTP4xx, 0, downloader.RetryNever},
		{403, http.Header{"Retry-After": {"7"}}, downloader.ClassRateLimited, 7 * time.Second, downloader.RetryBudget},
		{420, http.Header{"Ratelimit-Remaining": {"0"}, "Ratelimit-Reset": {"5"}}, downloader.ClassRateLimited, 5 * time.Second, downloader.RetryBudget},
		{403, http.Header{"Ratelimit-Remaining": {"3"}, "Ratelimit-Reset": {"5"}}, downloader.ClassHTTP4xx, 0, downloader.RetryNever},
		{403, http.Header{"Ratelimit": {`"default";r=0;t=9, "day";r=5;t=99`}}, downloader.ClassRateLimited, 9 * time.Second, downloader.RetryBudget},
		{403, http.Header{"Ratelimit": {`"default";r=0;t=soon`}}, downloader.ClassHTTP4xx, 0, downloader.RetryNever},
		{404, http.Header{"Retry-After": {"7"}}, downloader.ClassHTTP4xx, 0, downloader.RetryNever},
		{503, http.Header{"Retry-After": {"7"}}, downloader.ClassHTTP5xx, 7 * time.Second, downloader.RetryBudget},
	} {
		err := statusFailure(&http.Response{StatusCode: tt.status, Header: tt.fields}, &downloader.Options{RetryAfterMax: time.Minute})
		got, ok := err.(*downloader.Error)
		if !ok || got.Class != tt.class || got.RetryAfter != tt.wait || got.Retry != tt.retry {
			t.Errorf("%d %v: %+v", tt.status, tt.fields, err)
		}
	}
}
