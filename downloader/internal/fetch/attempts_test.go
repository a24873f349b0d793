package fetch

import (
	"math"
	"net/http"
	"testing"
	"time"

	"grab/downloader/internal/work"
)

func TestBackoff(t *testing.T) {
	const least, most = 250 * time.Millisecond, 30 * time.Second
	for _, tt := range []struct {
		n      int
		chance float64
		want   time.Duration
	}{
		{1, 0, least}, {1, 0.5, 375 * time.Millisecond}, {2, 0, least}, {2, 0.5, 625 * time.Millisecond},
		{7, 0.5, (least + most) / 2}, {40, 0.5, (least + most) / 2}, {61, 0, least}, {62, 0.5, (least + most) / 2}, {1000, 0.5, (least + most) / 2},
	} {
		if got := work.Backoff(least, most, tt.n, tt.chance); got != tt.want {
			t.Errorf("after attempt %d with chance %v: %v, want %v", tt.n, tt.chance, got, tt.want)
		}
	}
}

func FuzzBackoff(f *testing.F) {
	f.Add(int64(250*time.Millisecond), int64(30*time.Second), 3, 0.5)
	f.Add(int64(0), int64(0), 1, 0.0)
	f.Add(int64(1), int64(1)<<62, 61, 0.9999999999999999)
	f.Add(int64(1)<<62, int64(1)<<62+1, 1, 0.9999999999999999)
	f.Add(int64(1), int64(math.MaxInt64), 1000, 0.9999999999999999)
	f.Fuzz(func(t *testing.T, least, most int64, n int, chance float64) {
		if least < 0 || most < least || n < 1 || !(chance >= 0 && chance < 1) {
			t.Skip()
		}
		if got := work.Backoff(time.Duration(least), time.Duration(most), n, chance); int64(got) < least || int64(got) > most {
			t.Errorf("%d is not from %d to %d", got, least, most)
		}
	})
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		header http.Header
		want   time.Duration
		known  bool
	}{
		{http.Header{}, 0, false},
		{http.Header{"Retry-After": {""}}, 0, false},
		{http.Header{"Retry-After": {" "}}, 0, false},
		{http.Header{"Retry-After": {"0"}}, 0, true},
		{http.Header{"Retry-After": {"120"}}, 2 * time.Minute, true},
		{http.Header{"Retry-After": {" 007 "}}, 7 * time.Second, true},
		{http.Header{"Retry-After": {"-5"}}, 0, false},
		{http.Header{"Retry-After": {"+5"}}, 0, false},
		{http.Header{"Retry-After": {"1.5"}}, 0, false},
		{http.Header{"Retry-After": {"1e3"}}, 0, false},
		{http.Header{"Retry-After": {"0x10"}}, 0, false},
		{http.Header{"Retry-After": {"1_0"}}, 0, false},
		{http.Header{"Retry-After": {"soon"}}, 0, false},
		{http.Header{"Retry-After": {"1", "2"}}, 0, false},
		{http.Header{"Retry-After": {"31536000"}}, maxRetryAfter, true},
		{http.Header{"Retry-After": {"31536001"}}, 0, false},
		{http.Header{"Retry-After": {"9223372036854775807"}}, 0, false},
		{http.Header{"Retry-After": {"99999999999999999999999999"}}, 0, false},
		{http.Header{"Retry-After": {"Sun, 22 Nov 2026 12:01:00 GMT"}}, time.Minute, true},
		{http.Header{"Retry-After": {"Sunday, 22-Nov-26 12:01:00 GMT"}}, time.Minute, true},
		{http.Header{"Retry-After": {"Sun Nov 22 12:01:00 2026"}}, time.Minute, true},
		{http.Header{"Retry-After": {"Sun, 22 Nov 2026 11:00:00 GMT"}}, 0, true},
		{http.Header{"Retry-After": {"Fri, 31 Dec 9999 23:59:59 GMT"}}, maxRetryAfter, true},
		{http.Header{"Retry-After": {"Sun, 22 Nov 2026 13:01:00 GMT"}, "Date": {"Sun, 22 Nov 2026 13:00:00 GMT"}}, time.Minute, true}, // the server is an hour ahead
		{http.Header{"Retry-After": {"Sun, 22 Nov 2026 11:01:00 GMT"}, "Date": {"Sun, 22 Nov 2026 11:00:00 GMT"}}, time.Minute, true}, // or late
		{http.Header{"Retry-After": {"Sun, 22 Nov 2026 12:01:00 GMT"}, "Date": {"today"}}, time.Minute, true},
	} {
		if got, known := retryAfter(tt.header, now); got != tt.want || known != tt.known {
			t.Errorf("%v: %v, %v; want %v, %v", tt.header, got, known, tt.want, tt.known)
		}
	}
}

func FuzzRetryAfter(f *testing.F) {
	f.Add("120", "")
	f.Add("Sun, 22 Nov 2026 12:01:00 GMT", "Sun, 22 Nov 2026 12:00:00 GMT")
	f.Add("Mon, 01 Jan 0001 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT")
	f.Add("Sunday, 22-Nov-26 12:01:00 GMT", "Sun Nov 22 12:01:00 2026")
	f.Fuzz(func(t *testing.T, value, date string) {
		got, known := retryAfter(http.Header{"Retry-After": {value}, "Date": {date}}, time.Unix(0, 0))
		if got < 0 || got > maxRetryAfter || !known && got != 0 {
			t.Errorf("%q at %q: %v, %v", value, date, got, known)
		}
	})
}
