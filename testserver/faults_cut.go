package testserver

import (
	"fmt"
	"net/http"
	"time"
)

// settle is the pause before a reset: a client loses what it has not read
// when a reset comes.
const settle = 10 * time.Millisecond

// cutFaults are bodies that end too early (RFC 9112 sections 6.3, 8 and 9.8).
func cutFaults() []Fault {
	return []Fault{
		{ID: "A01", Name: "a01-short", About: "Content-Length, and an end before it", Expect: "T:truncated", Over: overAll,
			Queries: []string{"at=0", "at=1"}, play: carrying(short)},
		{ID: "A02", Name: "a02-reset", About: "Content-Length, and a reset before it", Expect: "T:reset", Over: overAll,
			Queries: []string{"at=0"}, play: carrying(reset)},
		{ID: "A03", Name: "a03-chunks-cut", About: "chunked, and an end between two chunks", Expect: "T:truncated", Over: overHTTP1,
			Queries: []string{"kind=inside"}, play: scripted(chunksCut)},
		{ID: "A04", Name: "a04-trailer-cut", About: "chunked, and an end after the last chunk, before the last line", Expect: "T:truncated", Over: overHTTP1,
			Queries: []string{"kind=field"}, play: scripted(trailerCut)},
		{ID: "A05", Name: "a05-unframed-cut", About: "neither length nor chunks, and an end inside the image", Expect: "T:image-truncated", Over: overAll,
			play: carrying(func(sc *scene, o outlet) ending {
				o.begin(http.StatusOK, sc.fields())
				o.Write(sc.data()[:sc.cut()])
				return endClose
			})},
		{ID: "A06", Name: "a06-no-close-notify", About: "the same over TLS, which ends without close_notify", Expect: "T:truncated|T:image-truncated", Over: overTLS1,
			play: scripted(func(sc *scene, l *line) ending {
				l.begin(http.StatusOK, sc.fields())
				l.Write(sc.data()[:sc.cut()])
				return endBare
			})},
		{ID: "A07", Name: "a07-unframed", About: "the whole image, its end marked by the end of the connection", Expect: "ok", Over: overAll,
			play: carrying(func(sc *scene, o outlet) ending {
				o.begin(http.StatusOK, sc.fields())
				o.Write(sc.data())
				return endClose
			})},
	}
}

func short(sc *scene, o outlet) ending {
	data := sc.data()
	o.begin(http.StatusOK, sc.fields(length(len(data))))
	o.Write(data[:sc.cut()])
	return endClose
}

func reset(sc *scene, o outlet) ending {
	short(sc, o)
	o.pause(sc.duration("pause", settle))
	return endReset
}

// chunked begins a chunked answer and sends data in one chunk (RFC 9112
// section 7.1).
func chunked(sc *scene, l *line, data []byte, more ...string) {
	l.ok(sc, append(more, "Transfer-Encoding: chunked")...)
	l.raw(fmt.Sprintf("%x\r\n", len(data)))
	l.Write(data)
	l.raw("\r\n")
}

func chunksCut(sc *scene, l *line) ending {
	data := sc.data()
	if sc.text("kind", "") == "inside" {
		l.ok(sc, "Transfer-Encoding: chunked")
		l.raw(fmt.Sprintf("%x\r\n", len(data)))
		l.Write(data[:sc.cut()])
		return endClose
	}
	chunked(sc, l, data[:sc.cut()])
	return endClose
}

func trailerCut(sc *scene, l *line) ending {
	chunked(sc, l, sc.data())
	l.raw("0\r\n")
	if sc.text("kind", "") == "field" {
		l.raw("X-Trailer: cut\r\n")
	}
	return endClose
}

// extraFaults are bytes after the end of a response (RFC 9112 section 6.3).
func extraFaults() []Fault {
	return []Fault{
		{ID: "A08", Name: "a08-extra", About: "bytes after Content-Length", Expect: "ok", Over: overHTTP1,
			play: scripted(func(sc *scene, l *line) ending { return excess(sc, l, "and a little more\n") })},
		{ID: "A09", Name: "a09-forged-next", About: "after Content-Length, a response that nobody asked for", Expect: "ok", Over: overHTTP1,
			play: scripted(func(sc *scene, l *line) ending { return excess(sc, l, forged(sc)) })},
	}
}

// excess sends the image and then more, and leaves the connection open as if
// it could be used again.
func excess(sc *scene, l *line, more string) ending {
	data := sc.data()
	l.ok(sc, fmt.Sprintf("Content-Length: %d", len(data)))
	l.Write(data)
	l.raw(more)
	return endHold
}
