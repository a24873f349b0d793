package credentials

import (
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"
)

// curlFile returns testdata/curl.txt, as curl 7.88 wrote it.
func curlFile(t testing.TB) string {
	data, err := os.ReadFile("testdata/curl.txt")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func header(t *testing.T, j *Jar, target string) string {
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	return j.Header(u, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
}

// TestCookiesOfCurl checks whom the cookies of curl's own file reach.
func TestCookiesOfCurl(t *testing.T) {
	cookies, err := ParseCookies(curlFile(t))
	if err != nil {
		t.Fatal(err)
	}
	j := NewJar(cookies)
	for target, want := range map[string]string{
		"http://www.example.com/albums/1": `wide=1; theme="dark, blue"; session=abc123`,
		"http://WWW.example.com./":        "session=abc123",
		"http://www.example.com/albumsx":  "session=abc123",
		"http://cdn.example.com/albums/1": "wide=1",
		"http://example.com/albums/":      "wide=1",
		"http://badexample.com/albums/1":  "",
		"http://example.org/":             "",
	} {
		if got := header(t, j, target); got != want {
			t.Errorf("%s gets %q, want %q", target, got, want)
		}
	}
}

// TestCookiesOfExporters checks what exporters write that curl does not.
func TestCookiesOfExporters(t *testing.T) {
	text := "\ufeff# Netscape HTTP Cookie File\r\n" +
		"a.test\tTRUE\t/\tTRUE\t4102444800.5\tsecure\t{\"q\": 1}\r\n" +
		".a.test\tTRUE\t/\tFALSE\t1000000000\told\tx\r\n" +
		".co.uk\tTRUE\t/\tFALSE\t0\twide\tx\r\n" +
		"127.0.0.1\tTRUE\t/\tFALSE\t0\tempty\n"
	cookies, err := ParseCookies(text)
	if err != nil {
		t.Fatal(err)
	}
	j := NewJar(cookies)
	for target, want := range map[string]string{
		"https://x.a.test/":   `secure={"q": 1}`,
		"http://x.a.test/":    "",
		"http://shop.co.uk/":  "",
		"http://127.0.0.1:8/": "empty=",
	} {
		if got := header(t, j, target); got != want {
			t.Errorf("%s gets %q, want %q", target, got, want)
		}
	}
	for _, bad := range []string{"a.test\tTRUE\t/", `{"cookies":["s3cret"]}`, "a.test\tTRUE\t/\tTRUE\tsoon\ta\ts3cret", "a\tTRUE\t/\tTRUE\t0\ta;b\ts3cret"} {
		if _, err := ParseCookies(bad); err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// TestJarTakesCookies checks what servers can change in a jar.
func TestJarTakesCookies(t *testing.T) {
	j := NewJar([]Cookie{{Domain: "www.example.co.uk", Path: "/", Name: "session", Value: "1"}})
	set := func(target, line string) {
		u, _ := url.Parse(target)
		j.Take(u, &http.Response{Header: http.Header{"Set-Cookie": {line}}}, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	}
	set("http://www.example.co.uk/a/b", "session=2; Path=/")
	set("http://www.example.co.uk/a/b", "deep=1")
	set("http://www.example.co.uk/", "wide=1; Domain=example.co.uk")
	set("http://www.example.co.uk/", "everyone=1; Domain=co.uk")
	set("http://www.example.co.uk/", "other=1; Domain=x.example.co.uk")
	set("http://www.example.co.uk/", "secure=1; Secure")
	set("http://other.test/", "unknown=1")
	for target, want := range map[string]string{
		"http://www.example.co.uk/a/": "deep=1; session=2; wide=1",
		"http://x.example.co.uk/":     "wide=1",
		"http://other.co.uk/":         "",
		"http://other.test/":          "",
		"https://www.example.co.uk/":  "session=2; wide=1",
	} {
		if got := header(t, j, target); got != want {
			t.Errorf("%s gets %q, want %q", target, got, want)
		}
	}
	set("http://www.example.co.uk/", "session=; Max-Age=0; Path=/")
	if got := header(t, j, "https://www.example.co.uk/"); got != "wide=1" {
		t.Errorf("after its end: %q", got)
	}
	for range 3 * maxPerSite {
		set("http://www.example.co.uk/", "n"+strings.Repeat("x", len(j.sites["example.co.uk"]))+"=1")
	}
	if got := len(j.sites["example.co.uk"]); got > maxPerSite {
		t.Errorf("%d cookies", got)
	}
}

// TestJarKeepsStrangersOut has cookies of a file for all hosts below a domain where strangers
// have names, and for those below an address.
func TestJarKeepsStrangersOut(t *testing.T) {
	j := NewJar([]Cookie{
		{Domain: "co.uk", Subdomains: true, Path: "/", Name: "a", Value: "1"},
		{Domain: "127.0.0.1", Subdomains: true, Path: "/", Name: "b", Value: "2"},
		{Domain: "one.test", Subdomains: true, Path: "/", Name: "c", Value: "3"},
		{Domain: "one.test", Path: "/", Name: "c", Value: "4"},
	})
	for target, want := range map[string]string{
		"http://co.uk/": "a=1", "http://x.co.uk/": "", "http://127.0.0.1/": "b=2", "http://x.127.0.0.1/": "",
		"http://one.test/": "c=4", "http://x.one.test/": "",
	} {
		if got := header(t, j, target); got != want {
			t.Errorf("%s gets %q, want %q", target, got, want)
		}
	}
	for _, c := range j.Cookies(time.Now()) {
		if c.Subdomains {
			t.Errorf("%s still goes to all hosts below %s", c.Name, c.Domain)
		}
	}
}

// TestNetrc checks the forms of a .netrc and who gets its passwords.
func TestNetrc(t *testing.T) {
	logins, err := ParseNetrc("# comment\nmachine a.test login me password p#w\n" +
		"machine B.test\n\tlogin you\n\tpassword \"two \\\"words\\\"\"\naccount x\n" +
		"macdef init\ncd /\nmachine evil\n\ndefault login any password one")
	if err != nil {
		t.Fatal(err)
	}
	for target, want := range map[string]Login{
		"http://A.test/":     {"a.test", "me", "p#w"},
		"https://b.test:8/":  {"b.test", "you", `two "words"`},
		"http://sub.a.test/": {"", "any", "one"},
	} {
		u, _ := url.Parse(target)
		if got, ok := LoginFor(logins, u); !ok || got != want {
			t.Errorf("%s: %v", target, got)
		}
	}
	for _, bad := range []string{"machine", "login me", "s3cret", "machine a login b password \"a\nb\""} {
		if _, err := ParseNetrc(bad); err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// FuzzCookies checks that what was parsed is read back as it was, and can be sent.
func FuzzCookies(f *testing.F) {
	f.Add(curlFile(f))
	f.Add("a.test\tTRUE\t/\tTRUE\t1e300\ta\tb\n")
	f.Fuzz(func(t *testing.T, text string) {
		cookies, err := ParseCookies(text)
		if err != nil {
			return
		}
		again, err := ParseCookies(FormatCookies(cookies))
		if err != nil || len(again) != len(cookies) {
			t.Fatalf("%q: %v", FormatCookies(cookies), err)
		}
		for i, c := range cookies {
			if a := again[i]; a.Domain != c.Domain || a.Name != c.Name || a.Value != c.Value || a.Path != c.Path || a.Secure != c.Secure || a.Subdomains != c.Subdomains {
				t.Errorf("%+v is read back as %+v", c, a)
			}
			got := NewJar(cookies).Header(&url.URL{Scheme: "https", Host: c.Domain, Path: c.Path}, time.Unix(0, 0))
			if strings.ContainsAny(got, "\r\n\x00") {
				t.Errorf("%q is sent", got)
			}
		}
	})
}

// FuzzNetrc checks that no file makes the parser fail in another way than with an error,
// and that what it returns can be sent.
func FuzzNetrc(f *testing.F) {
	f.Add("machine a.test login me password \"p\\\"w\" macdef x\n\ndefault login a")
	f.Fuzz(func(t *testing.T, text string) {
		logins, err := ParseNetrc(text)
		if err != nil {
			return
		}
		for _, l := range logins {
			if strings.ContainsAny(l.Name+l.Password, "\r\n\x00") {
				t.Errorf("%+v", l)
			}
		}
	})
}
