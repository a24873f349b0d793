package http1_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
)

// BenchmarkGet fetches a small body over a kept connection, as a run over many small
// images does.
func BenchmarkGet(b *testing.B) {
	body := strings.Repeat("x", 2<<10)
	url := server(b, func(int, int) (string, bool) { return sized(body), false })
	_, plain := client(b)
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, nil)
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("User-Agent", "grab")
	buffer := make([]byte, 64<<10)
	b.ReportAllocs()
	for b.Loop() {
		resp, err := plain.RoundTrip(req)
		if err != nil {
			b.Fatal(err)
		}
		for err == nil {
			_, err = resp.Body.Read(buffer)
		}
		if err != io.EOF {
			b.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
