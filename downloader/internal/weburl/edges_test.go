package weburl

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// TestCharacters lists the ASCII characters that stay as they are in each part of a URL, or
// begin the next part.
func TestCharacters(t *testing.T) {
	listed := func(stays func(c rune) bool) string {
		all := ""
		for c := range rune(128) {
			if letterOrDigit := isLetter(byte(c)) || isDigit(byte(c)); stays(c) && !letterOrDigit {
				all += string(c)
			}
		}
		return all
	}
	for form, want := range map[string]string{
		"http://a.test/ü%c%%41":  `!#$&'()*+,-./:;=?@[]_~`,
		"http://a.test/?ü%c%%41": "!#$%&'()*+,-./:;=?@[\\]^_`{|}~",
		"http://a.test/#ü%c%%41": `!$&'()*+,-./:;=@[\]_~`,
		"http://ü%c%%41@a.test/": `!$&'()*+,-.:;=_~`,
	} {
		got := listed(func(c rune) bool {
			raw := fmt.Sprintf(form, c)
			mapped, err := Map(raw)
			return err == nil && mapped == strings.Replace(raw, "ü", "%C3%BC", 1)
		})
		if got != want {
			t.Errorf("%s: %q stay, want %q", form, got, want)
		}
	}
	got := listed(func(c rune) bool {
		_, err := mapHost("x" + string(c) + "y")
		return err == nil
	})
	if want := "!$&'()*+,-.;=_~"; got != want {
		t.Errorf("%q are in hosts, want %q", got, want)
	}
}

// TestBytes encodes every byte, and decodes it again.
func TestBytes(t *testing.T) {
	for c := range 256 {
		text := string([]byte{'x', byte(c), 'y'})
		want := text
		if c <= ' ' || c >= 0x7f || strings.IndexByte(pathSet, byte(c)) >= 0 {
			want = fmt.Sprintf("x%%%02Xy", c)
		}
		if got := encode(text, pathSet); got != want || decode(got) != text {
			t.Errorf("%q: %q, and that %q; want %q", text, got, decode(got), want)
		}
		lower := strings.ToLower(want)
		if decode(lower) != text && c|0x20 == c {
			t.Errorf("%q: %q", lower, decode(lower))
		}
	}
	for text, want := range map[string]string{"%": "%", "%4": "%4", "%41": "A", "%4g": "%4g", "%g4": "%g4", "%%41": "%A", "%4a%4F%@": "JO%@", "%/0": "%/0", "%:0": "%:0", "%0`": "%0`", "%0G": "%0G"} {
		if got := decode(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestNumbersOfAddresses has numbers at their limits.
func TestNumbersOfAddresses(t *testing.T) {
	for host, want := range map[string]string{
		"4294967295": "255.255.255.255", "4294967296": "", "255.16777215": "255.255.255.255", "255.16777216": "", "256.1": "", "1.255.65535": "1.255.255.255", "1.255.65536": "", "1.256.1": "",
		"1.2.255.255": "1.2.255.255", "1.2.3.256": "", "1.2.256.3": "", "1.2.3.4.5": "", "1.2.3.4.0": "", "1.2.3.4.": "1.2.3.4", "0x1F.0X2e.03.010": "31.46.3.8", "08": "", "0x": "0.0.0.0", "0xg": "0xg", "1.0x": "1.0.0.0", "1.-2": "1.-2", "1.+2": "1.+2",
		"1.0_1": "1.0_1", "1.0x+1": "1.0x+1", "1.00": "1.0.0.0", "1.0": "1.0.0.0", "1.2.a": "1.2.a", "a.1": "", "0x100000000": "", "0xffffffff": "255.255.255.255", "1_1.1": "", "+1.1": "", "018.1": "", "1..": "1..", "0x1.0xfF": "1.0.0.255",
	} {
		got, err := mapHost(host)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v, want %q", host, got, err, want)
		}
	}
	for host, want := range map[string]string{
		"[::1]": "[::1]", "[::1%25eth0]": "[::1]", "[fe80::1]": "[fe80::1]", "[fe80::1%eth0.1-_~]": "[fe80::1%25eth0.1-_~]", "[ff02::1%25a]": "[ff02::1%25a]", "[fe80::1%]": "", "[fe80::1%25]": "", "[fe80::1%a b]": "", "[::1": "", "[::1]x": "", "[1.2.3.4]": "", "[]": "",
		"[fe80::1%25a@]": "", "[fe80::1%/]": "", "[fe80::1%Z9z]": "[fe80::1%25Z9z]", "[fe80::1%[]": "", "[fe80::1%:]": "",
	} {
		if got, err := mapHost(host); got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v, want %q", host, got, err, want)
		}
	}
}

// TestPorts has ports at their limits, and the parts around them.
func TestPorts(t *testing.T) {
	for raw, want := range map[string]string{
		"http://a.test:0/": "http://a.test:0/", "http://a.test:65535/": "http://a.test:65535/", "http://a.test:65536/": "", "http://a.test:080/ ": "http://a.test:080/%20", "http://a.test: 80/": "", "http://[::1]:8/": "http://[::1]:8/", "http://[::1]:/": "http://[::1]/",
		"http://[::1]:x/": "", "http://a.test:+1/": "", "http:/\\a.test/ ": "http://a.test/%20", "http:\\/a.test/": "http://a.test/", "http:/": "", "http:/x/": "", "http:x//": "", "https://@a.test/": "https://@a.test/", "http://u@v:w@a.test/": "http://u%40v:w@a.test/",
		"http://u @a.test/": "", `http://u\@a.test/`: "", `http://a.test\?@b/`: `http://a.test/?@b/`, "http://a.test#@b": "http://a.test#@b",
	} {
		if got, err := Map(raw); got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q, %v, want %q", raw, got, err, want)
		}
	}
	for raw, want := range map[string]string{"http://a.test/": "80", "https://a.test/": "443", "http://a.test:443/": "443", "https://a.test:80/": "80", "ftp://a.test/": "80"} {
		u, err := url.Parse(raw)
		if err != nil || Port(u) != want {
			t.Errorf("%s: port %s, want %s, %v", raw, Port(u), want, err)
		}
	}
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"http://a.test/x", "http://A.test:80/y", true}, {"http://a.test", "https://a.test", false}, {"http://a.test:443", "https://a.test", false},
		{"http://a.test", "http://b.test", false}, {"http://a.test", "http://a.test:81", false}, {"https://u@a.test:443", "https://a.test", true},
	} {
		a, _ := url.Parse(c.a)
		b, _ := url.Parse(c.b)
		if SameOrigin(a, b) != c.same || SameOrigin(b, a) != c.same {
			t.Errorf("%s and %s: %v", c.a, c.b, !c.same)
		}
	}
}

// TestLocations has values whose scheme, slashes or first segment decide.
func TestLocations(t *testing.T) {
	for _, c := range [][3]string{ // the value, and what becomes of it after http and after https
		{"/x", "/x", "/x"}, {"/", "/", "/"}, {"", "", ""}, {"//", invalid, invalid}, {"/\\a.test", "//a.test", "//a.test"}, {"\\\\a.test\\x", "//a.test/x", "//a.test/x"}, {"///a.test", "//a.test", "//a.test"},
		{"http:x", "x", "http://x"}, {"http:/x", "/x", "http://x"}, {"http://x", "http://x", "http://x"}, {"http:///x", "http://x", "http://x"}, {"https:x", "https://x", "x"}, {"HTTPS:\\x", "https://x", "/x"}, {"ftp://a", "ftp:", "ftp:"},
		{"a1+-.:x", "a1+-.:", "a1+-.:"}, {"1a:x", "./1a:x", "./1a:x"}, {"a_b:x", "./a_b:x", "./a_b:x"}, {":x", "./:x", "./:x"}, {"+a:x", "./+a:x", "./+a:x"}, {"x/y:z", "x/y:z", "x/y:z"}, {"x?y:z", "x?y:z", "x?y:z"}, {"x#y:z", "x#y:z", "x#y:z"}, {"?a:b", "?a:b", "?a:b"},
		{" \x00/x y\t\n\r", "/x%20y", "/x%20y"}, {"a\tb\nc\rd", "abcd", "abcd"}, {"\u00a0", "%C2%A0", "%C2%A0"}, {"Z9:x", "z9:", "z9:"}, {"a[:x", "./a[:x", "./a[:x"}, {"a@:x", "./a@:x", "./a@:x"}, {"a`:x", "./a%60:x", "./a%60:x"}, {"a{:x", "./a%7B:x", "./a%7B:x"}, {"a/:x", "a/:x", "a/:x"},
	} {
		for i, scheme := range []string{"http", "https"} {
			if got := Location(c[0], scheme); got != c[i+1] {
				t.Errorf("%q after %s: %q, want %q", c[0], scheme, got, c[i+1])
			}
		}
	}
}

// TestDataPrefix has texts that nearly begin like a data: URL.
func TestDataPrefix(t *testing.T) {
	for raw, want := range map[string]bool{"data:": true, "DaTa:x": true, "data": false, "": false, "date:x": false, " data:": false, "data;x": false} {
		if IsData(raw) != want {
			t.Errorf("%q: %v", raw, !want)
		}
	}
}
