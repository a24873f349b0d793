package faults

import (
	"net/http"
	"net/url"

	"grab/testserver/fault"
	"grab/testserver/reply"
)

const (
	elsewhere = "http://elsewhere.test"
	nearby    = "http://www.elsewhere.test"
)

// secretFaults are redirects that tempt a client to leak secrets, and fields that it
// should not act on. The ledger shows what it sent: see testserver.Request.Header.
func secretFaults() []fault.Fault {
	return []fault.Fault{
		{
			ID: "A75", Name: "a75-downgrade", Over: fault.OverTLS, Expect: "ok|P:policy",
			About: "a redirect from https to http",
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				return moved(req, "http://"+req.HTTP.Host+target(req))
			}),
		},
		{
			ID: "A76", Name: "a76-elsewhere", Over: fault.OverAll, Expect: "ok",
			About:   "a redirect to another host, port or scheme",
			Queries: []string{"kind=port", "kind=scheme"},
			Play:    fault.WithReply(leave),
		},
		{
			ID: "A77", Name: "a77-and-back", Over: fault.OverAll, Expect: "ok",
			About:   "a redirect to another host, and from there back or to its neighbour",
			Queries: []string{"kind=neighbour"},
			Play:    fault.WithReply(thereAndBack),
		},
		{
			ID: "A78", Name: "a78-referer", Over: fault.OverAll, Expect: "ok",
			About: "a redirect to another host, which must not learn from where",
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				return moved(req, elsewhere+target(req))
			}),
		},
		{
			ID: "A79", Name: "a79-userinfo", Over: fault.OverAll, Expect: "ok",
			About: "a Location with a user and a password",
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				return moved(req, "http://user:pass@elsewhere.test"+target(req))
			}),
		},
		{
			ID: "A83", Name: "a83-cookies", Over: fault.OverAll, Expect: "ok",
			About: "cookies for every site there is, on a redirect and on the image",
			Play:  fault.WithReply(cookies),
		},
		{
			ID: "A85", Name: "a85-advice", Over: fault.OverAll, Expect: "ok",
			About: "the image with Refresh, Alt-Svc, HSTS and Link",
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				return req.Reply(http.StatusOK, req.Whole.Body,
					reply.Header("Refresh", "0; url=http://elsewhere.test/refresh"),
					reply.Header("Alt-Svc", `h2="elsewhere.test:443"; ma=3600, h3=":443"`),
					reply.Header(
						"Strict-Transport-Security", "max-age=31536000; includeSubDomains",
					),
					reply.Header("Link", "<http://elsewhere.test/preload>; rel=preload; as=image"))
			}),
		},
		{
			ID: "A85", Name: "a85-meta-refresh", Over: fault.OverAll, Expect: "P:not-image",
			About: "HTML that asks to go elsewhere",
			Play: fault.WithReply(func(*fault.Request) reply.Response {
				const to = "http://elsewhere.test/refresh"
				return reply.HTML(`<!DOCTYPE html><meta http-equiv="refresh" content="0; url=` + to + `">`)
			}),
		},
	}
}

// otherPort is a port that is not the default of its scheme.
const otherPort = ":8443"

func leave(req *fault.Request) reply.Response {
	scheme, other := "http", "https"
	if req.HTTP.TLS != nil {
		scheme, other = other, scheme
	}
	host := fault.Hostname(req.HTTP.Host)
	switch req.Text("kind", "host") {
	case "port":
		return moved(req, scheme+"://"+host+otherPort+target(req))
	case "scheme":
		return moved(req, other+"://"+req.HTTP.Host+target(req))
	}
	return moved(req, req.Text("to", elsewhere)+target(req))
}

func thereAndBack(req *fault.Request) reply.Response {
	const name = "a77-and-back"
	kind := req.Text("kind", "back")
	switch req.Number("hops", 0) {
	case 0:
		back := "http://" + req.HTTP.Host
		if req.HTTP.TLS != nil {
			back = "https://" + req.HTTP.Host
		}
		return moved(
			req,
			elsewhere+self(req, name, url.Values{"hops": {"1"}, "kind": {kind}, "to": {back}}),
		)
	case 1:
		if kind == "neighbour" {
			return moved(req, nearby+target(req))
		}
		return moved(req, req.Text("to", nearby)+target(req))
	}
	return req.Whole
}

func cookies(req *fault.Request) reply.Response {
	fields := []reply.Field{
		reply.Header("Set-Cookie", "super=1; Domain=test; Path=/"),
		reply.Header("Set-Cookie", "dot=1; Domain=fault.test.; Path=/"),
		reply.Header("Set-Cookie", "plain=1; Path=/"),
	}
	if req.Number("hops", 0) > 0 {
		return req.Reply(http.StatusOK, req.Whole.Body, fields...)
	}
	r := moved(req, self(req, "a83-cookies", url.Values{"hops": {"1"}}))
	r.Fields = append(r.Fields, fields...)
	return r
}
