package http1_test

import (
	"fmt"
	"testing"
)

// TestPartialBody closes a body before the server has sent all of it. If the
// connection were reused, the rest of the body would be read as the next response.
func TestPartialBody(t *testing.T) {
	url := server(t, func(n, i int) (string, bool) {
		if n == 1 && i == 1 {
			return "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n1", false
		}
		return sized(fmt.Sprint(n)), false
	})
	c, _ := client(t)
	resp, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := resp.Body.Read(make([]byte, 1)); err != nil {
		t.Error(err)
	}
	resp.Body.Close()
	if got, err := get(c, url); got != "200 2" || err != nil {
		t.Errorf("%q, %v; want an answer on a second connection", got, err)
	}
}
