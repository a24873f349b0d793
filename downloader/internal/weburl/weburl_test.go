package weburl

import (
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

// TestMap has inputs of the kinds that browsers' own tests have.
func TestMap(t *testing.T) {
	for raw, want := range map[string]string{
		// Valid URLs stay, whatever else they could be written as.
		"http://a.test":                       "",
		"http://a.test/":                      "",
		"https://A.Test:8443/x?y=z&w":         "",
		"https://a.test/a/../b/./c//d":        "",
		"http://a.test/%C3%BC?q=%c3%bc":       "",
		"http://a.test/x?a='b'&c[]=1|2{}^`\\": "",
		"http://a.test/a[1](2)'!$&*+,;=:@~":   "",
		"http://a.test/x?100%":                "",
		"http://a.test/#top":                  "",
		"http://u:p@a.test/":                  "",
		"http://u:p;q=r@a.test/":              "",
		"http://a_b.test./x":                  "",
		"http://127.0.0.1:80/x":               "",
		"http://[::1]:80/x":                   "",
		"http://[::FFFF:127.0.0.1]/":          "",
		"http://[fe80::1%25eth0]/x":           "",
		"http://xn--bcher-kva.test/":          "",
		"http://1.2.3.test/":                  "",

		// Path, query and fragment.
		"http://a.test/100%.png":       "http://a.test/100%25.png",
		"http://a.test/%u0041.png":     "http://a.test/%25u0041.png",
		"http://a.test/%4":             "http://a.test/%254",
		"http://a.test/a b.jpg":        "http://a.test/a%20b.jpg",
		"http://a.test/bär.jpg?n=日本":   "http://a.test/b%C3%A4r.jpg?n=%E6%97%A5%E6%9C%AC",
		"http://a.test/\xe4.jpg":       "http://a.test/%E4.jpg",
		"http://a.test/a|b^c`d{e}f":    "http://a.test/a%7Cb%5Ec%60d%7Be%7Df",
		`http://a.test/"<x>"?"<y>"`:    "http://a.test/%22%3Cx%3E%22?%22%3Cy%3E%22",
		`http://a.test\a\b?c\d`:        `http://a.test/a/b?c\d`,
		`http:\\a.test\a`:              "http://a.test/a",
		"http://a.test?ü":              "http://a.test?%C3%BC",
		"http://a.test/x?y?z#a#b 100%": "http://a.test/x?y?z#a%23b%20100%25",
		"http://a.test/😀\x7f\x01":      "http://a.test/%F0%9F%98%80%7F%01",

		// Schemes, names and passwords.
		"HTTP://a.test/":          "http://a.test/",
		"http://a.test:/x":        "http://a.test/x",
		"http://a@b@c.test/":      "http://a%40b@c.test/",
		"http://ü:p%20ss@a.test/": "http://%C3%BC:p%20ss@a.test/",
		"http://u:100%@a.test/x":  "http://u:100%25@a.test/x",

		// Names.
		"http://bücher.test/":         "http://xn--bcher-kva.test/",
		"http://BÜCHER.Test/":         "http://xn--bcher-kva.test/",
		"http://b%C3%BCcher.test/":    "http://xn--bcher-kva.test/",
		"http://faß.test/":            "http://xn--fa-hia.test/",
		"http://日本語。test/":            "http://xn--wgv71a119e.test/",
		"http://ex%61mple.test/":      "http://example.test/",
		"http://a\u00adb\u200b.test/": "http://ab.test/",

		// Addresses.
		"http://127.1/":                   "http://127.0.0.1/",
		"http://2130706433/":              "http://127.0.0.1/",
		"http://0x7f000001/":              "http://127.0.0.1/",
		"http://0X7F.1/":                  "http://127.0.0.1/",
		"http://0177.0.0.1/":              "http://127.0.0.1/",
		"http://00000177.0x0.0.01/":       "http://127.0.0.1/",
		"http://127.0.0.1./":              "http://127.0.0.1/",
		"http://0/":                       "http://0.0.0.0/",
		"http://0x/":                      "http://0.0.0.0/",
		"http://0x.0x.0":                  "http://0.0.0.0",
		"http://10.256/":                  "http://10.0.1.0/",
		"http://１２７.0.0.1/":               "http://127.0.0.1/",
		"http://127。0。0。1/":               "http://127.0.0.1/",
		"http://０ｘ７ｆ．１/":                  "http://127.0.0.1/",
		"http://①②⑦.0.0.1/":               "http://127.0.0.1/",
		"http://%31%32%37.0.0.1/":         "http://127.0.0.1/",
		"http://%EF%BC%91%EF%BC%92７.0.1/": "http://127.0.0.1/",
		"http://4294967295/":              "http://255.255.255.255/",
		"http://[::1%25lo]/":              "http://[::1]/",
		"http://[::1%lo]:8/":              "http://[::1]:8/",
		"http://[fe80::1%eth0]/":          "http://[fe80::1%25eth0]/",
	} {
		if want == "" {
			want = raw
		}
		if got, err := Map(raw); got != want || err != nil {
			t.Errorf("%q: %q, %v; want %q", raw, got, err, want)
		}
	}
}

func TestMapRefuses(t *testing.T) {
	for raw, want := range map[string]error{
		"http://me:word @a.test/":        errSpace,
		"":                               errScheme,
		"a.test/x":                       errScheme,
		"//a.test/x":                     errScheme,
		"ftp://a.test/":                  errScheme,
		"http":                           errSlashes,
		"http:":                          errSlashes,
		"http:/a.test/":                  errSlashes,
		"http:a.test/":                   errSlashes,
		"http://":                        errNoHost,
		"http:///x":                      errNoHost,
		"http://:80/":                    errNoHost,
		"http://u:p@/":                   errNoHost,
		"http://./":                      errNoHost,
		"http://\u00ad/":                 errNoHost,
		"http://a.test:x/":               errPort,
		"http://a.test:65536/":           errPort,
		"http://a.test:-1/":              errPort,
		"http://a.test:８０/":              errPort,
		"http://a.test:1:2/":             errHost,
		"http://::1/":                    errHost,
		"http://a b.test/":               errHost,
		"http://a%00b.test/":             errHost,
		"http://a%2fb.test/":             errHost,
		"http://a%zz.test/":              errHost,
		"http://a％41.test/":              errHost,
		"http://a／b.test/":               errHost,
		"http://a\xff.test/":             errHost,
		"http://a<b>.test/":              errHost,
		"http://1.2.3.4.5/":              errIPv4,
		"http://256.1.1.1/":              errIPv4,
		"http://1.2.3.08/":               errIPv4,
		"http://a.0x4/":                  errIPv4,
		"http://4294967296/":             errIPv4,
		"http://1..2/":                   errIPv4,
		"http://0x100000000000000000/":   errIPv4,
		"http://[::1/":                   errIPv6,
		"http://[1.2.3.4]/":              errIPv6,
		"http://[::1]x/":                 errIPv6,
		"http://[fe80::1%25]/":           errIPv6,
		"http://[fe80::1%25a!b]/":        errIPv6,
		`http://pub.test\@127.0.0.1/x`:   errAmbiguous,
		`http://127.0.0.1\x@pub.test/x`:  errAmbiguous,
		`http:\\127.0.0.1\x:y@pub.test/`: errAmbiguous,
	} {
		got, err := Map(raw)
		if err != want {
			t.Errorf("%q: %q, %v; want %v", raw, got, err, want)
		}
	}
}

// TestPlainAddress checks the fast path's idea of an IPv4 address against the standard
// library's.
func TestPlainAddress(t *testing.T) {
	for _, text := range strings.Fields(`1.2.3.4 0.0.0.0 255.255.255.255 10.20.30.40 01.2.3.4 1.2.3.00 1.2.3 1.2.3.4.5 1.2.3. .1.2.3 1..2.3
		256.1.1.1 1.2.3.256 1.2.3.4. 1.2.3.4x x.1.2.3 99999999999999999999.1.1.1 1.2.3.99999999999999999999 127.1 1`) {
		addr, err := netip.ParseAddr(text)
		if want := err == nil && addr.Is4(); isIPv4(text) != want {
			t.Errorf("%s: %v", text, !want)
		}
	}
}

// FuzzMap checks that what Map returns is ASCII, that net/url sees the same host in it,
// that a second mapping changes nothing, and that the fast path agrees.
func FuzzMap(f *testing.F) {
	for _, raw := range []string{"http://a.test/1.jpg?x=y&z", "https://A-1.test", "http://a.test:/", "http://１２７.0.0.1\\x", "http://u:p@[fe80::1%25lo]:80/%zz#%", "HTTP://0x7f.1?|", "http://./", "http://-/:"} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		mapped, err := Map(raw)
		if err != nil {
			if IsPlain(raw) {
				t.Errorf("%q is plain, and %v", raw, err)
			}
			return
		}
		if strings.ContainsFunc(mapped, func(r rune) bool { return r <= ' ' || r > '~' }) {
			t.Errorf("%q became %q", raw, mapped)
		}
		if again, err := Map(mapped); again != mapped || err != nil {
			t.Errorf("%q became %q, and that %q, %v", raw, mapped, again, err)
		}
		u, err := url.Parse(mapped)
		if err != nil {
			t.Fatalf("%q became %q: %v", raw, mapped, err)
		}
		authority, _ := cutBefore(mapped[strings.Index(mapped, "://")+3:], "/?#")
		if _, host, _ := cutLast(authority, '@'); u.Host != strings.Replace(host, "%25", "%", 1) {
			t.Errorf("%q became %q, whose host is %q", raw, mapped, u.Host)
		}
		if u.Hostname() == "" || u.Opaque != "" {
			t.Errorf("%q became %q", raw, mapped)
		}
		if again := u.String(); again != mapped && u.Fragment == "" && u.User == nil && !strings.HasSuffix(mapped, "#") {
			t.Errorf("%q became %q, and net/url makes %q of it", raw, mapped, again)
		}
	})
}

func TestLocation(t *testing.T) {
	base, err := url.Parse("http://pub.test/a/b?c")
	if err != nil {
		t.Fatal(err)
	}
	for value, want := range map[string]string{
		"/100%_cotton.png":              "http://pub.test/100%25_cotton.png",
		"/x.png?name=bücher":            "http://pub.test/x.png?name=b%C3%BCcher",
		"/\xe4.png":                     "http://pub.test/%E4.png",
		"c d.png":                       "http://pub.test/a/c%20d.png",
		"1:2.jpg":                       "http://pub.test/a/1:2.jpg",
		"ü:2.jpg":                       "http://pub.test/a/%C3%BC:2.jpg",
		"?x y":                          "http://pub.test/a/b?x%20y",
		"..\\..\\x":                     "http://pub.test/x",
		" \t//127.0.0.1/x ":             "http://127.0.0.1/x",
		`\\127.0.0.1/x`:                 "http://127.0.0.1/x",
		`/\127.1/x`:                     "http://127.0.0.1/x",
		"///127.0.0.1/x":                "http://127.0.0.1/x",
		`http:\\127.0.0.1/x`:            "http://127.0.0.1/x",
		"ht\ttp://127.0.0.1/x":          "http://127.0.0.1/x",
		"http:////2130706433/x":         "http://127.0.0.1/x",
		"http:/127.0.0.1/x":             "http://pub.test/127.0.0.1/x",
		"http:x":                        "http://pub.test/a/x",
		"https:/127.0.0.1/x":            "https://127.0.0.1/x",
		"https:127.0.0.1/x":             "https://127.0.0.1/x",
		"HTTP://１２７.0.0.1/x":            "http://127.0.0.1/x",
		"http://u:p@127.0.0.1/x":        "http://u:p@127.0.0.1/x",
		"http://127.0.0.1#@pub.test/":   "http://127.0.0.1#@pub.test/",
		"https://bücher.test":           "https://xn--bcher-kva.test",
		"file:///etc/passwd":            "file:",
		"javascript:alert(1)//%zz":      "javascript:",
		"SVN+ssh-1.0://a.test/x":        "svn+ssh-1.0:",
		"data:image/png;base64,AAAA":    "data:",
		"http://127.0.0.1\\@pub.test/x": "",
		"http://pub.test\\@127.0.0.1/x": "",
		"http://[bad/x":                 "",
		"http://127.0.0.1:99999/x":      "",
		"//user:secret@%zz/x":           "",
		"http:":                         "http://pub.test/a/b?c",
		"//":                            "",
		"https://":                      "",
		"https:":                        "",
		"#x":                            "http://pub.test/a/b?c#x",
		"http://a.test/\u200bx":         "http://a.test/%E2%80%8Bx",
	} {
		mapped := Location(value, "http")
		u, err := base.Parse(mapped)
		switch {
		case want == "" && err == nil:
			t.Errorf("%q: %q, want an error", value, u)
		case want != "" && (err != nil || u.String() != want):
			t.Errorf("%q: %q, %v, want %q", value, u, err, want)
		}
	}
}

// FuzzLocation checks that net/url resolves a mapped Location, or refuses the mark of an
// invalid one, and that the host is one that Map leaves alone.
func FuzzLocation(f *testing.F) {
	for _, value := range []string{"/x", `/\127.1`, "http:x", "a:b", "1:2", "//[::1]:8/%zz", "?#", "https:\\\\１.1"} {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		base := &url.URL{Scheme: "http", Host: "pub.test", Path: "/a/b"}
		mapped := Location(value, "http")
		u, err := base.Parse(mapped)
		if err != nil {
			if mapped != invalid {
				t.Errorf("%q became %q: %v", value, mapped, err)
			}
			return
		}
		if u.Scheme != "http" && u.Scheme != "https" {
			if u.Host != "" {
				t.Errorf("%q became %q", value, u)
			}
			return
		}
		u.Fragment, u.RawFragment = "", ""
		if again, err := Map(u.String()); again != u.String() && u.User == nil || err != nil {
			t.Errorf("%q became %q, and that %q, %v", value, u, again, err)
		}
	})
}

func TestData(t *testing.T) {
	for raw, want := range map[string][2]string{
		"data:image/gif;base64,R0lG":                {"image/gif", "GIF"},
		"DATA:image/gif;BASE64,R0lG":                {"image/gif", "GIF"},
		"data:image/gif;name=x; base64 ,R0%6CG#top": {"image/gif;name=x", "GIF"},
		"data:;base64,R0lGOA":                       {"", "GIF8"},
		"data:;base64,R0lGOA==":                     {"", "GIF8"},
		"data:;base64,R0 lG%0AOA%3D%3D":             {"", "GIF8"},
		"data:,a%20b":                               {"", "a b"},
		"data:base64,R0lG":                          {"base64", "R0lG"},
		"data:image/svg+xml,<svg>100%</svg>,":       {"image/svg+xml", "<svg>100%</svg>,"},
		"data:,":                                    {"", ""},
	} {
		if !IsData(raw) {
			t.Errorf("%q is no data: URL", raw)
		}
		if kind, data, err := Data(raw); kind != want[0] || string(data) != want[1] || err != nil {
			t.Errorf("%q: %q, %q, %v", raw, kind, data, err)
		}
	}
	for raw, want := range map[string]error{
		"data:": errComma, "data:image/gif;base64": errComma, "data:#,": errComma,
		"data:;base64,R0lG!": errBase64, "data:;base64,R0lGO": errBase64, "data:;base64,R0lGOA=": errBase64, "data:;base64,R0lGOA===": errBase64,
		"data:;base64,R0lG-_": errBase64,
	} {
		if _, _, err := Data(raw); err != want {
			t.Errorf("%q: %v, want %v", raw, err, want)
		}
	}
}
