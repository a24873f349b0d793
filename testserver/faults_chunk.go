package testserver

import (
	"fmt"
	"strings"
)

const extensionSize = 4 << 10

// chunkFaults are chunks that are none, or a strain (RFC 9112 section 7.1).
func chunkFaults() []Fault {
	return []Fault{
		{ID: "A15", Name: "a15-bad-chunk-size", About: "a chunk size that overflows or is no number", Expect: "P:protocol", Over: overHTTP1,
			Queries: []string{"kind=prefix", "kind=negative", "kind=two", "kind=lf", "kind=empty"}, play: scripted(badChunkSize)},
		{ID: "A16", Name: "a16-chunk-extensions", About: "chunks of one byte, each with an extension of 4 KiB", Expect: "P:protocol", Over: overHTTP1,
			play: scripted(chunkExtensions)},
		{ID: "A17", Name: "a17-tiny-chunks", About: "chunks of one byte, 10 MB of them if the image is padded so", Expect: "ok", Over: overHTTP1,
			Queries: []string{"bytes=10000000"}, play: scripted(tinyChunks)},
		{ID: "A18", Name: "a18-trailers", About: "trailers that would be dangerous as header fields", Expect: "ok", Over: overHTTP1,
			play: scripted(func(sc *scene, l *line) ending { return trailers(sc, l) })},
		{ID: "A18", Name: "a18-announced", About: "the same trailers, announced as RFC 9110 section 6.5.1 forbids", Expect: "ok|P:protocol", Over: overHTTP1,
			play: scripted(func(sc *scene, l *line) ending {
				return trailers(sc, l, "Trailer: Content-Length, Set-Cookie, Content-Disposition")
			})},
	}
}

func trailers(sc *scene, l *line, fields ...string) ending {
	chunked(sc, l, sc.data(), fields...)
	l.raw("0\r\nContent-Length: 3\r\nSet-Cookie: trailer=1\r\n" +
		"Content-Disposition: attachment; filename=\"../trailer.php\"\r\n\r\n")
	return endClose
}

func badChunkSize(sc *scene, l *line) ending {
	data := sc.data()
	n := len(data)
	size := map[string]string{
		"overflow": "1000000000000000" + fmt.Sprintf("%x", n) + "\r\n",
		"prefix":   fmt.Sprintf("0x%x\r\n", n),
		"negative": "-1\r\n",
		"two":      fmt.Sprintf("%x 2\r\n", n),
		"lf":       fmt.Sprintf("%x;a\nb\r\n", n), // CVE-2025-22871
		"empty":    "\r\n",
	}[sc.text("kind", "overflow")]
	l.ok(sc, "Transfer-Encoding: chunked")
	l.raw(size)
	l.Write(data)
	l.raw("\r\n0\r\n\r\n")
	return endClose
}

func chunkExtensions(sc *scene, l *line) ending {
	l.ok(sc, "Transfer-Encoding: chunked")
	extension := ";x=" + strings.Repeat("y", extensionSize-3) + "\r\n"
	for _, b := range sc.data() {
		l.raw("1" + extension)
		l.Write([]byte{b})
		l.raw("\r\n")
	}
	l.raw("0\r\n\r\n")
	return endClose
}

func tinyChunks(sc *scene, l *line) ending {
	l.ok(sc, "Transfer-Encoding: chunked")
	for _, part := range sc.whole.body.parts {
		for i := range part {
			l.raw("1\r\n")
			l.Write(part[i : i+1])
			l.raw("\r\n")
		}
	}
	l.raw("0\r\n\r\n")
	return endClose
}
