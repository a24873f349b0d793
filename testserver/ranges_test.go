package testserver

import (
	"bytes"
	"net/http"
	"testing"

	"grab/testserver/ledger"
)

func TestRanges(t *testing.T) {
	s := start(t, Options{})
	c := newClient(t, s)
	url := s.URL("/image/1.jpg?bytes=200000")
	whole := get(t, c, url)
	tag, date := whole.Header.Get("Etag"), whole.Header.Get("Last-Modified")
	if tag == "" || date == "" || whole.Header.Get("Accept-Ranges") != "bytes" {
		t.Fatalf("header %v", whole.Header)
	}
	for _, test := range []struct {
		name   string
		header []string
		status int
		data   []byte
	}{
		{"first", []string{"Range", "bytes=0-9"}, 206, whole.data[:10]},
		{"middle", []string{"Range", "bytes=1000-149999"}, 206, whole.data[1000:150000]},
		{"open", []string{"Range", "bytes=199000-"}, 206, whole.data[199000:]},
		{"suffix", []string{"Range", "bytes=-5"}, 206, whole.data[199995:]},
		{"same", []string{"Range", "bytes=5-", "If-Range", tag}, 206, whole.data[5:]},
		{"same date", []string{"Range", "bytes=5-", "If-Range", date}, 206, whole.data[5:]},
		{"changed", []string{"Range", "bytes=5-", "If-Range", `"0"`}, 200, whole.data},
		{"not modified", []string{"If-None-Match", tag}, 304, []byte{}},
		{"modified", []string{"If-None-Match", `"0"`}, 200, whole.data},
		{"failed", []string{"If-Match", `"0"`}, 412, []byte{}},
	} {
		r := get(t, c, url, test.header...)
		if r.StatusCode != test.status || !bytes.Equal(r.data, test.data) {
			t.Errorf("%s: status %d and %d bytes, want %d and %d",
				test.name, r.StatusCode, len(r.data), test.status, len(test.data))
		}
	}
	if r := get(t, c, url, "Range", "bytes=200000-"); r.StatusCode != 416 {
		t.Errorf("beyond the end: status %d", r.StatusCode)
	}
	if r := do(t, c, http.MethodHead, url, "Range", "bytes=0-9"); r.ContentLength != 10 {
		t.Errorf("HEAD: length %d", r.ContentLength)
	}
	for _, q := range s.Ledger().Requests {
		if q.End != ledger.EndComplete || q.Sent != q.Planned {
			t.Errorf("%q: sent %d of %d, %s", q.Range, q.Sent, q.Planned, q.End)
		}
	}
	if q := s.Ledger().Requests[1]; q.Range != "bytes=0-9" || q.Sent != 10 {
		t.Errorf("ledger: %q, %d sent", q.Range, q.Sent)
	}
}

func TestTagsDiffer(t *testing.T) {
	s := start(t, Options{})
	c := newClient(t, s)
	seen := make(map[string]bool)
	for _, uri := range []string{"/image/1.jpg", "/image/17.jpg", "/image/1.jpg?w=201", "/image/1.png", "/image/1.jpg?bytes=50000"} {
		tag := get(t, c, s.URL(uri)).Header.Get("Etag")
		if seen[tag] {
			t.Errorf("%s: tag %s again", uri, tag)
		}
		seen[tag] = true
	}
}
