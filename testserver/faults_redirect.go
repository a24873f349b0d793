package testserver

import (
	"net/http"
	"net/url"
	"strings"
)

// redirectFaults are chains of redirects (RFC 9110 section 15.4).
func redirectFaults() []Fault {
	return []Fault{
		{ID: "A70", Name: "a70-chain", About: "five redirects and the image", Expect: "ok", Over: overAll,
			Queries: []string{"status=301", "status=303", "status=307", "status=308", "hops=10"},
			play:    answering(func(sc *scene) response { return hop(sc, sc.number("hops", 5)) })},
		{ID: "A71", Name: "a71-loop", About: "a redirect to itself, in a circle of two, or to a new place each time", Expect: "P:too-many-redirects", Over: overAll,
			Queries: []string{"kind=circle", "kind=new"}, play: answering(loop)},
		{ID: "A71", Name: "a71-long-chain", About: "eleven redirects and the image", Expect: "P:too-many-redirects", Over: overAll,
			play: answering(func(sc *scene) response { return hop(sc, sc.number("hops", 11)) })},
		{ID: "A81", Name: "a81-endless-redirect", About: "302 with a body without end", Expect: "ok", Over: overAll,
			play: carrying(func(sc *scene, o outlet) ending {
				o.begin(http.StatusFound, []field{{"Location", sc.target()}})
				return flood(o, []byte(strings.Repeat("moved ", 4<<10)))
			})},
	}
}

// target is where a redirect finds the image with no fault.
func (sc *scene) target() string { return sc.targetAs("image.jpg") }

// targetAs is the same by another name, which is put in a path as it is.
func (sc *scene) targetAs(name string) string {
	return "/as/" + name + "?of=" + url.QueryEscape(sc.uri)
}

// self is the URI of the fault with other parameters.
func (sc *scene) self(name string, values url.Values) string {
	return withQuery("/fault/"+name+sc.uri, values.Encode())
}

func moved(sc *scene, location string) response {
	r := redirect(location)
	r.status = sc.number("status", http.StatusFound)
	return r
}

// hop redirects to itself with one hop less.
func hop(sc *scene, left int) response {
	if left <= 0 {
		return sc.whole
	}
	values := url.Values{"hops": {itoa(left - 1)}}
	if sc.has("status") {
		values.Set("status", sc.text("status", ""))
	}
	return moved(sc, sc.self("a70-chain", values))
}

func loop(sc *scene) response {
	n := sc.number("hops", 0)
	switch kind := sc.text("kind", ""); kind {
	case "circle":
		n = 1 - min(n, 1)
		return moved(sc, sc.self("a71-loop", url.Values{"kind": {kind}, "hops": {itoa(n)}}))
	case "new":
		return moved(sc, sc.self("a71-loop", url.Values{"kind": {kind}, "hops": {itoa(n + 1)}}))
	}
	return moved(sc, requestURI(sc.request))
}
