package testserver

import (
	"net/http"
	"net/url"
)

const (
	elsewhere = "http://elsewhere.test"
	nearby    = "http://www.elsewhere.test"
)

// secretFaults are redirects that tempt a client to tell what it should keep
// to itself, and fields that it should not act on. The ledger shows what it
// told: see Request.Header.
func secretFaults() []Fault {
	return []Fault{
		{ID: "A75", Name: "a75-downgrade", About: "a redirect from https to http", Expect: "ok|P:policy", Over: overTLS,
			play: answering(func(sc *scene) response { return moved(sc, "http://"+sc.request.Host+sc.target()) })},
		{ID: "A76", Name: "a76-elsewhere", About: "a redirect to another host, port or scheme", Expect: "ok", Over: overAll,
			Queries: []string{"kind=port", "kind=scheme"}, play: answering(leave)},
		{ID: "A77", Name: "a77-and-back", About: "a redirect to another host, and from there back or to its neighbour", Expect: "ok", Over: overAll,
			Queries: []string{"kind=neighbour"}, play: answering(thereAndBack)},
		{ID: "A78", Name: "a78-referer", About: "a redirect to another host, which must not learn from where", Expect: "ok", Over: overAll,
			play: answering(func(sc *scene) response { return moved(sc, elsewhere+sc.target()) })},
		{ID: "A79", Name: "a79-userinfo", About: "a Location with a user and a password", Expect: "ok", Over: overAll,
			play: answering(func(sc *scene) response { return moved(sc, "http://user:pass@elsewhere.test"+sc.target()) })},
		{ID: "A83", Name: "a83-cookies", About: "cookies for every site there is, on a redirect and on the image", Expect: "ok", Over: overAll,
			play: answering(cookies)},
		{ID: "A85", Name: "a85-advice", About: "the image with Refresh, Alt-Svc, HSTS and Link", Expect: "ok", Over: overAll,
			play: answering(func(sc *scene) response {
				return sc.sends(http.StatusOK, sc.whole.body,
					field{"Refresh", "0; url=http://elsewhere.test/refresh"},
					field{"Alt-Svc", `h2="elsewhere.test:443"; ma=3600, h3=":443"`},
					field{"Strict-Transport-Security", "max-age=31536000; includeSubDomains"},
					field{"Link", "<http://elsewhere.test/preload>; rel=preload; as=image"})
			})},
		{ID: "A85", Name: "a85-meta-refresh", About: "HTML that asks to go elsewhere", Expect: "P:not-image", Over: overAll,
			play: answering(func(*scene) response {
				return page(`<!DOCTYPE html><meta http-equiv="refresh" content="0; url=http://elsewhere.test/refresh">`)
			})},
	}
}

func page(html string) response {
	return content(http.StatusOK, "text/html; charset=utf-8", []byte(html+"\n"))
}

// otherPort is one that is not the default of its scheme.
const otherPort = ":8443"

func leave(sc *scene) response {
	scheme, other := "http", "https"
	if sc.request.TLS != nil {
		scheme, other = other, scheme
	}
	host := hostname(sc.request.Host)
	switch sc.text("kind", "host") {
	case "port":
		return moved(sc, scheme+"://"+host+otherPort+sc.target())
	case "scheme":
		return moved(sc, other+"://"+sc.request.Host+sc.target())
	}
	return moved(sc, sc.text("to", elsewhere)+sc.target())
}

func thereAndBack(sc *scene) response {
	const name = "a77-and-back"
	kind := sc.text("kind", "back")
	switch sc.number("hops", 0) {
	case 0:
		back := "http://" + sc.request.Host
		if sc.request.TLS != nil {
			back = "https://" + sc.request.Host
		}
		return moved(sc, elsewhere+sc.self(name, url.Values{"hops": {"1"}, "kind": {kind}, "to": {back}}))
	case 1:
		if kind == "neighbour" {
			return moved(sc, nearby+sc.target())
		}
		return moved(sc, sc.text("to", nearby)+sc.target())
	}
	return sc.whole
}

func cookies(sc *scene) response {
	fields := []field{
		{"Set-Cookie", "super=1; Domain=test; Path=/"},
		{"Set-Cookie", "dot=1; Domain=fault.test.; Path=/"},
		{"Set-Cookie", "plain=1; Path=/"},
	}
	if sc.number("hops", 0) > 0 {
		return sc.sends(http.StatusOK, sc.whole.body, fields...)
	}
	r := moved(sc, sc.self("a83-cookies", url.Values{"hops": {"1"}}))
	r.fields = append(r.fields, fields...)
	return r
}
