package proxy

import (
	"net/url"
	"testing"
)

// TestNoProxy asks lists of hosts for URLs.
func TestNoProxy(t *testing.T) {
	for list, urls := range map[string]map[string]bool{
		"":               {"http://a.test/": false},
		"*":              {"http://a.test/": true, "http://1.2.3.4/": true},
		"a.test":         {"http://a.test/": true, "http://A.TEST.:81/": true, "http://b.a.test/": true, "http://ba.test/": false, "http://a.test.org/": false, "http://1.2.3.4/": false},
		".a.test":        {"http://a.test/": false, "http://b.a.test/": true, "http://ba.test/": false},
		"*.a.test":       {"http://a.test/": false, "http://b.a.test/": true},
		"*a.test":        {"http://a.test/": true, "http://b.a.test/": true},
		"A.test:80":      {"http://a.test/": true, "http://a.test:81/": false, "https://a.test/": false, "https://b.a.test:80/": true},
		".a.test:443":    {"https://b.a.test/": true, "http://b.a.test/": false},
		"1.2.3.4":        {"http://1.2.3.4:81/": true, "http://[::ffff:1.2.3.4]/": true, "http://1.2.3.5/": false, "http://x.1.2.3.4/": false},
		".4":             {"http://1.2.3.4/": false, "http://a.4/": true},
		"1.2.3.4:81":     {"http://1.2.3.4:81/": true, "http://1.2.3.4/": false},
		"::ffff:1.2.3.4": {"http://1.2.3.4/": true},
		"[::1]:81":       {"http://[::1]:81/": true, "http://[::1]/": false, "http://[0:0:0:0:0:0:0:1]:81/": true},
		"[::1]":          {"http://[::1]:81/": true}, "::1": {"http://[::1]:81/": true},
		"1.2.3.4/8":      {"http://1.9.9.9/": true, "http://2.2.3.4/": false, "http://a.test/": false},
		"2001:db8::/32":  {"http://[2001:db8:1::]/": true, "http://[2001:db9::]/": false},
		"x, a.test ,,y:": {"http://a.test/": true, "http://x/": true, "http://y/": true, "http://z/": false},
	} {
		n := parseNoProxy(list)
		for raw, want := range urls {
			u, err := url.Parse(raw)
			if err != nil {
				t.Fatal(err)
			}
			if got := n.has(u); got != want {
				t.Errorf("%q has %s: %t", list, raw, got)
			}
		}
	}
	for raw, want := range map[string]bool{"http://localhost/": true, "http://LOCALHOST.:80/": true, "http://127.9.9.9/": true, "http://[::1]/": true, "http://[::ffff:127.0.0.1]/": true, "http://a.localhost/": false, "http://128.0.0.1/": false} {
		u, err := url.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		for _, loopback := range []bool{true, false} {
			n := noProxy{loopback: loopback}
			if got := n.has(u); got != (want && loopback) {
				t.Errorf("%s is this machine: %t", raw, got)
			}
		}
	}
}
