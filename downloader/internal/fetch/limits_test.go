package fetch

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"grab/downloader"
	"grab/downloader/imagefile"
)

// endless is a body that counts what is read of it.
type endless struct {
	read   int
	closed bool
}

func (e *endless) Read(p []byte) (int, error) {
	e.read += len(p)
	return len(p), nil
}

func (e *endless) Close() error {
	e.closed = true
	return nil
}

// TestDiscard reads an unwanted body up to the limit, and no bare connection.
func TestDiscard(t *testing.T) {
	for status, want := range map[int]int{101: 0, 200: 64 << 10, 404: 64 << 10} {
		body := &endless{}
		discard(&http.Response{StatusCode: status, Body: body})
		if body.read != want || body.closed {
			t.Errorf("%d: %d bytes were read, closed %t", status, body.read, body.closed)
		}
	}
}

// TestNotImage says what a body is that is no image.
func TestNotImage(t *testing.T) {
	for head, want := range map[string]string{
		"<!DOCTYPE html><html>": "the bytes are text/html; charset=utf-8", "plain words": "the bytes are text/plain; charset=utf-8",
		"%PDF-1.7": "the bytes are a PDF document, which grab does not check; -verify none keeps any body", "OggS\x00": "the bytes are application/ogg; -verify none keeps any body",
		"\x00\x01\x02": "the bytes are no image that grab knows; -verify none keeps any body",
	} {
		if got := notImage([]byte(head)); got != want {
			t.Errorf("%q: %s, want %s", head, got, want)
		}
	}
}

// TestExt takes the extension from the bytes, then the URL of the list, then the final one.
func TestExt(t *testing.T) {
	for _, c := range []struct {
		format           imagefile.Format
		url, final, want string
	}{
		{imagefile.PNG, "http://a.test/x.jpg", "", ".png"}, {imagefile.Unknown, "http://a.test/x.JPG?y.gif", "http://a.test/z.webp", ".jpg"},
		{imagefile.Unknown, "http://a.test/x.exe", "http://a.test/z.webp#y.jpg", ".webp"}, {imagefile.Unknown, "http://a.test/%zz.jpg", "http://a.test/y", ".bin"}, {imagefile.Unknown, "http://a.test/jpg", "http://a.test/", ".bin"},
	} {
		tr := &transfer{Fetcher: &Fetcher{}, format: c.format}
		tr.item.URL, tr.result.FinalURL = c.url, c.final
		if got := tr.ext(); got != c.want {
			t.Errorf("%s, %s: %s, want %s", c.url, c.final, got, c.want)
		}
	}
}

// TestPauseOf has the longest wait, and longer ones.
func TestPauseOf(t *testing.T) {
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	for fields, want := range map[string]string{
		"Retry-After: 0": "0s true", "Retry-After: 31536000": "8760h0m0s true", "Retry-After: 31536001": "0s false", "Retry-After: 9223372036854775808": "0s false", "Retry-After: -1": "0s false", "Retry-After: ": "0s false", "Retry-After: 1.5": "0s false", "Retry-After: 1|Retry-After: 2": "0s false",
		"Retry-After: Thu, 26 Nov 2026 12:00:07 GMT": "7s true", "Retry-After: Thu, 26 Nov 2026 11:59:59 GMT": "0s true", "Retry-After: Thu, 26 Nov 2028 12:00:07 GMT": "8760h0m0s true",
		"Retry-After: Thu, 26 Nov 2026 12:00:07 GMT|Date: Thu, 26 Nov 2026 12:00:05 GMT": "2s true", "Retry-After: Thu, 26 Nov 2026 12:00:07 GMT|Date: now": "7s true",
		"RateLimit-Remaining: 0|RateLimit-Reset: 5": "5s true", "RateLimit-Remaining: 1|RateLimit-Reset: 5": "0s false", "RateLimit-Reset: 5": "0s false", "RateLimit-Remaining: 0|RateLimit-Reset: 2147483647": "8760h0m0s true", "RateLimit-Remaining: 0|RateLimit-Reset: 2147483648": "0s false",
		`RateLimit: "a"; r=0; t=3, "b";r=0;t=9`: "3s true", `RateLimit: "a";r=0;x=3`: "0s false", `RateLimit: "a";t=3|RateLimit-Remaining: 0`: "3s true",
	} {
		h := http.Header{}
		for field := range strings.SplitSeq(fields, "|") {
			name, value, _ := strings.Cut(field, ": ")
			h.Add(name, value)
		}
		wait, known := pauseOf(h, now)
		if got := fmt.Sprint(wait, known); got != want {
			t.Errorf("%s: %s, want %s", fields, got, want)
		}
	}
}

// TestRefusedByTheUser keeps responses away that the user does not want, whatever comes with
// an error.
func TestRefusedByTheUser(t *testing.T) {
	rejects := downloader.Rejects{}
	if err := rejects.ParseReject("url:*.svg"); err != nil {
		t.Fatal(err)
	}
	tr := &transfer{Fetcher: &Fetcher{opts: downloader.Options{OptOut: true, Reject: rejects}, header: http.Header{"User-Agent": {"grab"}}}}
	tr.result.FinalURL = "http://a.test/x.svg"
	for status, want := range map[int][2]bool{200: {true, true}, 299: {true, true}, 300: {false, false}, 416: {false, true}, 404: {false, false}} {
		resp := responseOf(status, 1, "X-Robots-Tag", "noai")
		if out := tr.optOut(resp); (out != nil) != want[0] {
			t.Errorf("%d: kept out %v", status, out)
		}
		if rejected := tr.rejectURL(resp); (rejected != nil) != want[1] {
			t.Errorf("%d: rejected %v", status, rejected)
		}
	}
	if tr.opts.OptOut = false; tr.optOut(responseOf(200, 1, "X-Robots-Tag", "noai")) != nil {
		t.Error("kept out without -opt-out")
	}
	if tr.result.FinalURL = "http://a.test/x.png"; tr.rejectURL(responseOf(200, 1)) != nil {
		t.Error("another URL is rejected")
	}
}

// TestUnchanged believes that an image is unchanged only if the server was asked.
func TestUnchanged(t *testing.T) {
	for _, c := range []struct {
		status            int
		name, value, sent string
		want              bool
	}{{304, "If-None-Match", `"x"`, `"x"`, true}, {304, "If-None-Match", `"x"`, "", false}, {304, "", "", "", false}, {200, "If-None-Match", `"x"`, `"x"`, false}} {
		tr := &transfer{Fetcher: &Fetcher{}}
		tr.validator.Name, tr.validator.Value = c.name, c.value
		resp := &http.Response{StatusCode: c.status, Request: &http.Request{Header: http.Header{"If-None-Match": {c.sent}}}, Body: io.NopCloser(strings.NewReader(""))}
		if got := tr.isUnchanged(resp); got != c.want {
			t.Errorf("%+v: %t", c, got)
		}
	}
}
