package faults

import (
	"strings"

	"grab/testserver/fault"
	"grab/testserver/outlet"
	"grab/testserver/reply"
)

// helloFaults are bytes that are not HTTP where HTTP should be.
func helloFaults() []fault.Fault {
	return []fault.Fault{
		{
			ID: "A19", Name: "a19-http09", Over: fault.OverHTTP1, Expect: "P1:protocol",
			About: "the image without a header, as in HTTP/0.9",
			Play: fault.WithConn(func(req *fault.Request, c *outlet.Conn) outlet.Ending {
				c.InBody = true
				c.Write(req.Data())
				return outlet.EndClose
			}),
		},
		{
			ID: "A19", Name: "a19-ssh", Over: fault.OverPlain, Expect: "P1:protocol",
			About:         "the banner of SSH, at once",
			PerConnection: true, OwnAddr: true,
			Conn: &fault.Conn{Accept: func(c *outlet.Conn) outlet.Ending {
				c.Raw("SSH-2.0-OpenSSH_9.2p1\r\n")
				return outlet.Hang(c)
			}},
		},
		{
			ID: "A19", Name: "a19-tls", Over: fault.OverPlain, Expect: "P1:protocol",
			About: "an alert of TLS in answer to a request without it",
			Play: fault.WithConn(func(_ *fault.Request, c *outlet.Conn) outlet.Ending {
				c.Raw("\x15\x03\x01\x00\x02\x02\x46")
				return outlet.EndClose
			}),
		},
	}
}

// connectionFaults are connections that end early, never end, or never begin
// (RFC 9112 sections 9.3 and 9.6).
func connectionFaults() []fault.Fault {
	const plainAndTLS = fault.OverPlain + " " + fault.OverTLS
	return []fault.Fault{
		{
			ID: "A40", Name: "a40-accept", Over: plainAndTLS, Expect: "T:connect|T:reset",
			About:         "a reset on accept",
			PerConnection: true, OwnAddr: true,
			Conn: &fault.Conn{Accept: func(*outlet.Conn) outlet.Ending { return outlet.EndReset }},
		},
		{
			ID: "A40", Name: "a40-handshake", Over: fault.OverTLS, Expect: "T:connect|T:reset",
			About:         "a reset after the TLS handshake",
			PerConnection: true,
			Conn: &fault.Conn{AfterTLS: func(*fault.Handshake, *outlet.Conn) outlet.Ending {
				return outlet.EndReset
			}},
		},
		{
			ID: "A40", Name: "a40-request", Over: fault.OverHTTP1, Expect: "T:reset",
			About: "a reset after the request",
			Play: fault.WithConn(func(*fault.Request, *outlet.Conn) outlet.Ending {
				return outlet.EndReset
			}),
		},
		{
			ID: "A41", Name: "a41-no-syn", Over: plainAndTLS, Expect: "T:timeout-connect",
			About:         "SYN without an answer",
			PerConnection: true, OwnAddr: true,
			Conn: &fault.Conn{Listen: silentAddr},
		},
		{
			ID: "A42", Name: "a42-refused", Over: plainAndTLS, Expect: "T:connect",
			About:         "a port that refuses",
			PerConnection: true, OwnAddr: true,
			Conn: &fault.Conn{Listen: refusingAddr},
		},
		{
			ID: "A43", Name: "a43-idle-close", Over: fault.OverHTTP1, Expect: "ok",
			About: "the whole image; a reset when the next request comes",
			Play: fault.WithConn(func(req *fault.Request, c *outlet.Conn) outlet.Ending {
				excess(req, c, "")
				return outlet.EndResetOnUse
			}),
		},
		{
			ID: "A44", Name: "a44-close", Over: fault.OverHTTP1, Expect: "ok",
			About: "Connection: close on every second response",
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				r := req.Whole
				if req.Count("close of "+req.HTTP.Host)%2 == 1 {
					r.Fields = req.Fields(reply.Header("Connection", "close"))
				}
				return r
			}),
		},
		{
			ID: "A45", Name: "a45-reuse", Over: fault.OverHTTP1, Expect: "T:stall",
			About: "half an image and silence; another image to whoever asks on that connection",
			Play: fault.WithConn(func(req *fault.Request, c *outlet.Conn) outlet.Ending {
				if short(req, c); c.Wait() {
					c.Raw(forged(req))
				}
				return outlet.EndClose
			}),
		},
		{
			ID: "A46", Name: "a46-vanish", Over: fault.OverHTTP1, Expect: "T:stall",
			About: "silence inside the body, also to PING in HTTP/2",
			Play: fault.WithConn(func(req *fault.Request, c *outlet.Conn) outlet.Ending {
				short(req, c)
				return outlet.Hang(c)
			}),
		},
	}
}

// handshakeFaults are handshakes of TLS that never end, or that something else
// than the agreed protocol follows.
func handshakeFaults() []fault.Fault {
	const refusal = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
	inHello := func(id, name, about, expect string, f func(*outlet.Conn) outlet.Ending) fault.Fault {
		return fault.Fault{
			ID: id, Name: name, Over: fault.OverTLS, Expect: expect, About: about,
			PerConnection: true,
			Conn:          &fault.Conn{Hello: f},
		}
	}
	return []fault.Fault{
		inHello("A51", "a51-silent-hello", "ClientHello without an answer", "T:tls",
			func(c *outlet.Conn) outlet.Ending { return outlet.Hang(c) }),
		inHello("A51", "a51-closed-hello", "ClientHello, and an end", "T:tls",
			func(*outlet.Conn) outlet.Ending { return outlet.EndClose }),
		{
			ID: "A51", Name: "a51-garbage", Over: fault.OverTLS1, Expect: "T:tls",
			About: "a record of garbage inside the body",
			Play: fault.WithConn(func(req *fault.Request, c *outlet.Conn) outlet.Ending {
				short(req, c)
				c.Flush()
				// The connection below TLS sends plain bytes.
				record := "\x17\x03\x03\x00\x20" + strings.Repeat("garbage!", 4)
				_, _ = outlet.Below(c.Net).Write([]byte(record))
				return outlet.EndBare
			}),
		},
		inHello("A55", "a55-plain", "HTTP in answer to a ClientHello", "P1:protocol",
			func(c *outlet.Conn) outlet.Ending {
				c.Raw(refusal)
				return outlet.EndClose
			}),
		{
			ID: "A55", Name: "a55-http1-in-h2", Over: fault.OverHTTP2, Expect: "P1:protocol",
			About:         "an agreement on HTTP/2, and HTTP/1",
			PerConnection: true,
			Conn: &fault.Conn{AfterTLS: func(_ *fault.Handshake, c *outlet.Conn) outlet.Ending {
				c.Raw(refusal)
				return outlet.Hang(c)
			}},
		},
	}
}
