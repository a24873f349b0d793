package http1_test

import (
	"fmt"
	"io"
	"sync"
	"testing"
)

// TestReadAfterClose reads a body that was closed at its end, as go-retryablehttp does,
// while the connection serves other requests. Run it with the race detector.
func TestReadAfterClose(t *testing.T) {
	url := server(t, func(n, i int) (string, bool) { return sized(fmt.Sprint(n, i)), false })
	c, _ := client(t)
	resp, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(resp.Body); err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	var reading sync.WaitGroup
	reading.Go(func() {
		for range 100 {
			if n, err := resp.Body.Read(make([]byte, 10)); n != 0 || err != io.EOF {
				t.Errorf("%d bytes, %v", n, err)
			}
		}
	})
	for i := range 20 {
		if got, err := get(c, url); err != nil || got != fmt.Sprintf("200 1 %d", i+2) {
			t.Errorf("request %d: %q, %v", i+2, got, err)
		}
	}
	reading.Wait()
}
