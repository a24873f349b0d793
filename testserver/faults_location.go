package testserver

import (
	"net/http"
	"net/url"
	"strings"
)

// locationFaults are redirects to where nobody should go, or that do not say
// where (RFC 9110 section 10.2.2).
func locationFaults() []Fault {
	return []Fault{
		{ID: "A72", Name: "a72-no-location", About: "302 with no Location, or an empty, unparsable or huge one", Expect: "P:protocol", Over: overAll,
			Queries: []string{"kind=empty", "kind=unparsable", "kind=huge"}, play: answering(noLocation)},
		{ID: "A73", Name: "a73-scheme", About: "a redirect to a scheme that is not HTTP", Expect: "P:policy", Over: overAll,
			Queries: queries("to", "ftp://ftp.test/x.jpg", "data:image/gif;base64,R0lGODlhAQABAAAAACw=", "javascript:alert(1)", "gopher://gopher.test/1", "unix:///run/x.sock"),
			play:    answering(func(sc *scene) response { return moved(sc, sc.text("to", "file:///etc/passwd")) })},
		{ID: "A74", Name: "a74-private", About: "a redirect to an address inside", Expect: "P:policy|P:dns-nx", Over: overAll,
			Queries: queries("to", "http://10.0.0.1/x.jpg", "http://169.254.169.254/latest/meta-data/", "http://[::1]/x.jpg", "http://[fc00::1]/x.jpg",
				"http://[fe80::1%25eth0]/x.jpg", "http://[::ffff:127.0.0.1]/x.jpg", "http://[64:ff9b::7f00:1]/x.jpg", "http://0.0.0.0/x.jpg",
				"http://2130706433/x.jpg", "http://0177.1/x.jpg", "http://127.1/x.jpg"),
			play: answering(func(sc *scene) response { return moved(sc, sc.text("to", "http://127.0.0.1/x.jpg")) })},
		{ID: "A82", Name: "a82-odd-location", About: "a Location with bytes that a URL may not have", Expect: "ok", Over: overAll,
			Queries: []string{"kind=utf8", "kind=backslash", "kind=dots", "kind=newline", "kind=fragment"}, play: answering(oddLocation)},
		{ID: "A84", Name: "a84-odd-target", About: "a redirect to a name that no file should get", Expect: "ok", Over: overAll,
			Queries: queries("name", "x.php", "index.html", ".ssh/authorized_keys"),
			play:    answering(func(sc *scene) response { return moved(sc, sc.targetAs(sc.text("name", ".bashrc"))) })},
		{ID: "A168", Name: "a168-dash", About: "a redirect to a URL that looks like an option", Expect: "ok", Over: overAll,
			Queries: queries("name", "--out=owned.jpg"),
			play:    answering(func(sc *scene) response { return moved(sc, sc.targetAs(sc.text("name", "-rf"))) })},
	}
}

// queries returns one query for each value of a parameter.
func queries(key string, values ...string) []string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = url.Values{key: {v}}.Encode()
	}
	return list
}

func noLocation(sc *scene) response {
	switch sc.text("kind", "missing") {
	case "empty":
		return moved(sc, "")
	case "unparsable":
		return moved(sc, "http://[::1")
	case "huge":
		return moved(sc, "/as/"+strings.Repeat("x", 1<<20))
	}
	return text(sc.number("status", http.StatusFound), "somewhere else")
}

func oddLocation(sc *scene) response {
	of := "?of=" + url.QueryEscape(sc.uri)
	return moved(sc, map[string]string{
		"space":     "/as/a b.jpg" + of,
		"utf8":      "/as/b\u00e4r.jpg" + of,
		"backslash": `/as/x\..\a.jpg` + of,
		"dots":      "/as/x/../../../as/a.jpg" + of,
		"newline":   "/as/a%0d%0aX-Injected:%201%0d%0a.jpg" + of,
		"fragment":  "/as/a.jpg" + of + "#fragment",
	}[sc.text("kind", "space")])
}
