package testserver

import (
	"fmt"
	"strings"
)

// helloFaults are bytes that are not HTTP where HTTP should be.
func helloFaults() []Fault {
	return []Fault{
		{ID: "A19", Name: "a19-http09", About: "the image without a header, as in HTTP/0.9", Expect: "P1:protocol", Over: overHTTP1,
			play: scripted(func(sc *scene, l *line) ending { l.inBody = true; l.Write(sc.data()); return endClose })},
		{ID: "A19", Name: "a19-ssh", About: "the banner of SSH, at once", Expect: "P1:protocol", Over: overPlain, PerConnection: true, OwnAddr: true,
			link: &link{greet: func(l *line) ending { l.raw("SSH-2.0-OpenSSH_9.2p1\r\n"); return hang(l) }}},
		{ID: "A19", Name: "a19-tls", About: "an alert of TLS in answer to a request without it", Expect: "P1:protocol", Over: overPlain,
			play: scripted(func(_ *scene, l *line) ending { l.raw("\x15\x03\x01\x00\x02\x02\x46"); return endClose })},
	}
}

// connectionFaults are connections that end, or do not, or never begin
// (RFC 9112 sections 9.3 and 9.6).
func connectionFaults() []Fault {
	return []Fault{
		{ID: "A40", Name: "a40-accept", About: "a reset on accept", Expect: "T:connect|T:reset", Over: overPlain + " " + overTLS, PerConnection: true, OwnAddr: true,
			link: &link{greet: func(*line) ending { return endReset }}},
		{ID: "A40", Name: "a40-handshake", About: "a reset after the TLS handshake", Expect: "T:connect|T:reset", Over: overTLS, PerConnection: true,
			link: &link{after: func(*handshake, *line) ending { return endReset }}},
		{ID: "A40", Name: "a40-request", About: "a reset after the request", Expect: "T:reset", Over: overHTTP1,
			play: scripted(func(*scene, *line) ending { return endReset })},
		{ID: "A41", Name: "a41-no-syn", About: "SYN without an answer", Expect: "T:timeout-connect", Over: overPlain + " " + overTLS, PerConnection: true, OwnAddr: true,
			link: &link{place: deaf}},
		{ID: "A42", Name: "a42-refused", About: "a port that refuses", Expect: "T:connect", Over: overPlain + " " + overTLS, PerConnection: true, OwnAddr: true,
			link: &link{place: refusing}},
		{ID: "A43", Name: "a43-idle-close", About: "the whole image; a reset when the next request comes", Expect: "ok", Over: overHTTP1,
			play: scripted(func(sc *scene, l *line) ending { excess(sc, l, ""); return endStale })},
		{ID: "A44", Name: "a44-close", About: "Connection: close on every second response", Expect: "ok", Over: overHTTP1,
			play: answering(func(sc *scene) response {
				r := sc.whole
				if sc.server.plays.add("close of "+sc.request.Host)%2 == 1 {
					r.fields = sc.fields(field{"Connection", "close"})
				}
				return r
			})},
		{ID: "A45", Name: "a45-reuse", About: "half an image and silence; another image to whoever asks on that connection", Expect: "T:stall", Over: overHTTP1,
			play: scripted(func(sc *scene, l *line) ending {
				if short(sc, l); l.wait() {
					l.raw(forged(sc))
				}
				return endClose
			})},
		{ID: "A46", Name: "a46-vanish", About: "silence inside the body, also to PING in HTTP/2", Expect: "T:stall", Over: overHTTP1,
			play: scripted(func(sc *scene, l *line) ending { short(sc, l); return hang(l) })},
	}
}

// forged is a response with the next version of an image.
func forged(sc *scene) string {
	data := sc.version(1).body.bytes()
	return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%s", len(data), data)
}

// handshakeFaults are handshakes of TLS that do not come to an end, or are not
// followed by what was agreed.
func handshakeFaults() []Fault {
	const refusal = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
	linked := func(id, name, about, expect string, l link) Fault {
		return Fault{ID: id, Name: name, About: about, Expect: expect, Over: overTLS, PerConnection: true, link: &l}
	}
	return []Fault{
		linked("A51", "a51-silent-hello", "ClientHello without an answer", "T:tls", link{
			hello: func(l *line) ending { return hang(l) }}),
		linked("A51", "a51-closed-hello", "ClientHello, and an end", "T:tls", link{
			hello: func(*line) ending { return endClose }}),
		{ID: "A51", Name: "a51-garbage", About: "a record of garbage inside the body", Expect: "T:tls", Over: overTLS1,
			play: scripted(func(sc *scene, l *line) ending {
				short(sc, l)
				l.flush()
				// What is under TLS does not know that it is spoken.
				_, _ = under(l.conn).Write([]byte("\x17\x03\x03\x00\x20" + strings.Repeat("garbage!", 4)))
				return endBare
			})},
		linked("A55", "a55-plain", "HTTP in answer to a ClientHello", "P1:protocol", link{
			hello: func(l *line) ending { l.raw(refusal); return endClose }}),
		{ID: "A55", Name: "a55-http1-in-h2", About: "an agreement on HTTP/2, and HTTP/1", Expect: "P1:protocol", Over: overHTTP2, PerConnection: true,
			link: &link{after: func(_ *handshake, l *line) ending { l.raw(refusal); return hang(l) }}},
	}
}
