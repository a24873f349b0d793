package testserver

import (
	"fmt"
	"net/http"
	"strings"
)

// interimFaults are 1xx and 2xx answers that a plain GET does not deserve
// (RFC 9110 sections 15.2 to 15.4).
func interimFaults() []Fault {
	return []Fault{
		{ID: "A24", Name: "a24-interim-flood", About: "a million interim responses", Expect: "P:protocol", Over: overHTTP1,
			Queries: []string{"status=100", "status=102"}, play: scripted(interimFlood)},
		{ID: "A25", Name: "a25-early-hints", About: "an interim response and then the image", Expect: "ok", Over: overHTTP1,
			Queries: []string{"status=100"}, play: scripted(func(sc *scene, l *line) ending {
				l.raw(interim(sc.number("status", http.StatusEarlyHints)))
				return withImage(sc, l, "HTTP/1.1 200 OK")
			})},
		{ID: "A26", Name: "a26-switch", About: "101 without an upgrade that was asked for", Expect: "P:protocol", Over: overHTTP1,
			play: scripted(func(_ *scene, l *line) ending {
				l.head("HTTP/1.1 101 Switching Protocols", "Connection: upgrade", "Upgrade: strange")
				return hang(l)
			})},
		{ID: "A27", Name: "a27-no-content", About: "204, 205 or 304 to a plain GET", Expect: "P:empty|P:protocol", Over: overAll,
			Queries: []string{"status=205", "status=304"}, play: answering(func(sc *scene) response {
				return response{status: sc.number("status", http.StatusNoContent)}
			})},
		{ID: "A27", Name: "a27-transformed", About: "203 with the image", Expect: "ok", Over: overAll,
			play: answering(func(sc *scene) response {
				return sc.sends(http.StatusNonAuthoritativeInfo, sc.whole.body)
			})},
		{ID: "A27", Name: "a27-choices", About: "300 without a Location", Expect: "P:protocol", Over: overAll,
			play: answering(func(sc *scene) response { return text(http.StatusMultipleChoices, "this one or that one") })},
		{ID: "A28", Name: "a28-empty", About: "200 and a body of no bytes", Expect: "P1:empty", Over: overAll,
			play: answering(func(sc *scene) response { return sc.sends(http.StatusOK, newBody()) })},
	}
}

// sends is an answer with the header of the image and any body, which does
// not depend on the request as ranges do.
func (sc *scene) sends(status int, b body, more ...field) response {
	fields := sc.fields(append(more, field{"Content-Length", fmt.Sprint(b.size)})...)
	return response{status: status, fields: fields, body: b}
}

func interim(status int) string {
	return fmt.Sprintf("HTTP/1.1 %d %s\r\nLink: </style.css>; rel=preload\r\n\r\n", status, http.StatusText(status))
}

func interimFlood(sc *scene, l *line) ending {
	const count, batch = 1_000_000, 1000
	text := strings.Repeat(interim(sc.number("status", http.StatusEarlyHints)), batch)
	for range count / batch {
		if l.raw(text); l.err != nil {
			return endReset
		}
	}
	return withImage(sc, l, "HTTP/1.1 200 OK")
}
