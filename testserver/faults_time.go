package testserver

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

const (
	dripPause  = 10 * time.Second
	steadyRate = 1126             // bytes a second, a little over 1 KiB
	hugeLength = 1000000000000000 // bytes
)

// timeFaults are answers that take too long, or are too long.
func timeFaults() []Fault {
	return []Fault{
		{ID: "A30", Name: "a30-silent", About: "no answer at all", Expect: "T:timeout-header", Over: overAll,
			play: carrying(func(_ *scene, o outlet) ending { return hang(o) })},
		{ID: "A31", Name: "a31-stall", About: "a header, a part of the body, and silence", Expect: "T:stall", Over: overAll,
			Queries: []string{"at=0"}, play: carrying(func(sc *scene, o outlet) ending { short(sc, o); return hang(o) })},
		{ID: "A32", Name: "a32-drip", About: "one byte every 10 seconds", Expect: "T:slow", Over: overAll,
			Queries: []string{"pause=100ms"}, play: carrying(func(sc *scene, o outlet) ending {
				o.begin(http.StatusOK, sc.fields(length(int(sc.whole.body.size))))
				drip(o, sc.data(), 1, sc.duration("pause", dripPause))
				return endClose
			})},
		{ID: "A33", Name: "a33-slow-header", About: "a header of one byte a second", Expect: "T:timeout-header", Over: overHTTP1,
			play: scripted(slowHeader)},
		{ID: "A34", Name: "a34-endless", About: "the image and bytes without end, of no stated length", Expect: "P:too-big", Over: overAll,
			play: carrying(func(sc *scene, o outlet) ending {
				o.begin(http.StatusOK, sc.fields())
				o.Write(sc.data())
				return flood(o, make([]byte, 64<<10))
			})},
		{ID: "A35", Name: "a35-huge-length", About: "Content-Length of a petabyte", Expect: "P:too-big", Over: overAll,
			play: carrying(func(sc *scene, o outlet) ending {
				o.begin(http.StatusOK, sc.fields(length(hugeLength)))
				o.Write(sc.data())
				return hang(o)
			})},
		{ID: "A36", Name: "a36-steady", About: "1.1 KiB a second", Expect: "ok", Over: overAll,
			Queries: []string{"rate=20000"}, play: answering(func(sc *scene) response {
				r := sc.whole
				r.pace = int64(max(1, sc.number("rate", steadyRate)))
				return r
			})},
		{ID: "A38", Name: "a38-left-open", About: "the whole image, and a connection that is left open", Expect: "ok", Over: overHTTP1,
			play: scripted(func(sc *scene, l *line) ending { return excess(sc, l, "") })},
		{ID: "A39", Name: "a39-pauses", About: "four pauses, each a little shorter than a stall", Expect: "ok|T:slow", Over: overAll,
			Queries: []string{"pause=100ms"}, play: carrying(pauses)},
	}
}

func slowHeader(sc *scene, l *line) ending {
	data := sc.data()
	var head strings.Builder
	fmt.Fprintf(&head, "HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n", len(data))
	if drip(l, []byte(head.String()), 1, sc.duration("pause", time.Second)) {
		l.status, l.inBody = http.StatusOK, true
		l.Write(data)
	}
	return endClose
}

func pauses(sc *scene, o outlet) ending {
	const pieces = 5
	data := sc.data()
	o.begin(http.StatusOK, sc.fields(length(len(data))))
	for i := range pieces {
		if i > 0 && !o.pause(sc.duration("pause", 29*time.Second)) {
			return endReset
		}
		o.Write(data[len(data)*i/pieces : len(data)*(i+1)/pieces])
	}
	return endClose
}
