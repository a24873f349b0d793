package faults

import (
	"net/http"
	"net/url"
	"strings"

	"grab/testserver/fault"
	"grab/testserver/reply"
)

// locationFaults are redirects that a client should not follow, or that have no usable
// Location (RFC 9110 section 10.2.2).
func locationFaults() []fault.Fault {
	return []fault.Fault{
		{
			ID: "A72", Name: "a72-no-location", Over: fault.OverAll, Expect: "P:protocol",
			About:   "302 with no Location, or an empty, unparsable or huge one",
			Queries: []string{"kind=empty", "kind=unparsable", "kind=huge"},
			Play:    fault.WithReply(noLocation),
		},
		{
			ID: "A73", Name: "a73-scheme", Over: fault.OverAll, Expect: "P:policy",
			About: "a redirect to a scheme that is not HTTP",
			Queries: fault.Queries(
				"to", "ftp://ftp.test/x.jpg", "data:image/gif;base64,R0lGODlhAQABAAAAACw=",
				"javascript:alert(1)", "gopher://gopher.test/1", "unix:///run/x.sock",
			),
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				return moved(req, req.Text("to", "file:///etc/passwd"))
			}),
		},
		{
			ID: "A74", Name: "a74-private", Over: fault.OverAll, Expect: "P:policy|P:dns-nx",
			About: "a redirect to a private address",
			Queries: fault.Queries(
				"to", "http://10.0.0.1/x.jpg", "http://169.254.169.254/latest/meta-data/",
				"http://[::1]/x.jpg", "http://[fc00::1]/x.jpg", "http://[fe80::1%25eth0]/x.jpg",
				"http://[::ffff:127.0.0.1]/x.jpg", "http://[64:ff9b::7f00:1]/x.jpg",
				"http://0.0.0.0/x.jpg", "http://2130706433/x.jpg", "http://0177.1/x.jpg",
				"http://127.1/x.jpg",
			),
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				return moved(req, req.Text("to", "http://127.0.0.1/x.jpg"))
			}),
		},
		{
			ID: "A82", Name: "a82-odd-location", Over: fault.OverAll, Expect: "ok",
			About: "a Location with bytes that a URL may not have",
			Queries: []string{
				"kind=utf8", "kind=backslash", "kind=dots", "kind=newline", "kind=fragment",
			},
			Play: fault.WithReply(oddLocation),
		},
		{
			ID: "A84", Name: "a84-odd-target", Over: fault.OverAll, Expect: "ok",
			About:   "a redirect to a name that no file should get",
			Queries: fault.Queries("name", "x.php", "index.html", ".ssh/authorized_keys"),
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				return moved(req, targetAs(req, req.Text("name", ".bashrc")))
			}),
		},
		{
			ID: "A168", Name: "a168-dash", Over: fault.OverAll, Expect: "ok",
			About:   "a redirect to a URL that looks like an option",
			Queries: fault.Queries("name", "--out=owned.jpg"),
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				return moved(req, targetAs(req, req.Text("name", "-rf")))
			}),
		},
	}
}

func noLocation(req *fault.Request) reply.Response {
	switch req.Text("kind", "missing") {
	case "empty":
		return moved(req, "")
	case "unparsable":
		return moved(req, "http://[::1")
	case "huge":
		return moved(req, "/as/"+strings.Repeat("x", 1<<20))
	}
	return reply.Text(req.Number("status", http.StatusFound), "somewhere else")
}

func oddLocation(req *fault.Request) reply.Response {
	of := "?of=" + url.QueryEscape(req.URI)
	return moved(req, map[string]string{
		"space":     "/as/a b.jpg" + of,
		"utf8":      "/as/b\u00e4r.jpg" + of,
		"backslash": `/as/x\..\a.jpg` + of,
		"dots":      "/as/x/../../../as/a.jpg" + of,
		"newline":   "/as/a%0d%0aX-Injected:%201%0d%0a.jpg" + of,
		"fragment":  "/as/a.jpg" + of + "#fragment",
	}[req.Text("kind", "space")])
}
