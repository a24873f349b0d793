package testserver

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"testing"
)

// BenchmarkServe requests one small image after another on each of several connections.
// Its client does as little as possible.
func BenchmarkServe(b *testing.B) {
	for _, uri := range []string{"/image/1.jpg", "/image/1.jpg?bytes=36000"} {
		b.Run(uri, func(b *testing.B) {
			s := start(b, Options{})
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				c, err := net.Dial("tcp", s.Addr())
				if err != nil {
					b.Error(err)
					return
				}
				defer c.Close()
				in := bufio.NewReaderSize(c, 64<<10)
				for pb.Next() {
					io.WriteString(c, "GET "+uri+" HTTP/1.1\r\nHost: grab.test\r\n\r\n")
					resp, err := http.ReadResponse(in, nil)
					if err != nil {
						b.Error(err)
						return
					}
					io.Copy(io.Discard, resp.Body)
				}
			})
		})
	}
}
