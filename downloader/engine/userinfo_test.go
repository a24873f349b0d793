package engine_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "grab/downloader"
	"grab/downloader/manifest"
	"grab/downloader/outdir"
)

// token is a password that occurs nowhere else.
const token = "tok3n-0f-n0b0dy"

// tellsToken looks for the token in everything that a run reports.
func (o outcome) tellsToken(t *testing.T) {
	t.Helper()
	for _, r := range o.results {
		line, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{string(line), string(r.AppendJSON(nil, "result")), r.String(), r.Where(), r.Error, r.FinalURL} {
			if strings.Contains(text, token) {
				t.Errorf("the token shows: %s", text)
			}
		}
	}
	journal, err := os.ReadFile(filepath.Join(o.dir, manifest.Name))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(journal), token) {
		t.Errorf("the token is in the manifest:\n%s", journal)
	}
}

// TestUserinfoStaysWithItsOrigin has a user name and a password in a list's URLs. They
// go to the origin, over redirects inside it too, and to no other.
func TestUserinfoStaysWithItsOrigin(t *testing.T) {
	home := map[string]bool{
		"A/here/to/A/beside/A/image": true, "A/to/A/beside/A/image": true, "A/beside/A/image": true, "A/to/B/to/A/image": true,
	}
	eachMode(t, func(t *testing.T, opts Options) {
		urls, requests := origins(t, "A", "B")
		with := strings.Replace(urls["A"], "//", "//me:"+token+"@", 1)
		o := fetch(t, opts, with+"/here/to/A/beside/A/image", with+"/to/B/to/A/image")
		o.tellsToken(t)
		expect(t, o.results[0], StatusOK, "", 1)
		expect(t, o.results[1], StatusOK, "", 1)
		if o.results[0].FinalURL != urls["A"]+"/image" || o.results[0].URL != urls["A"]+"/here/to/A/beside/A/image" {
			t.Errorf("%+v", o.results[0])
		}
		for _, r := range requests() {
			user, password, _ := (&http.Request{Header: r.header}).BasicAuth()
			sent := user == "me" && password == token
			if at := r.origin + r.path; at != "A/image" && sent != home[at] { // that one is where both ways end
				t.Errorf("%s: Authorization is %q", at, r.header.Get("Authorization"))
			}
		}
	})
}

// TestUserinfoIsNoHeader adds -H Authorization, which takes precedence.
func TestUserinfoIsNoHeader(t *testing.T) {
	opts := options(t, modeCase{Sequential, 1})
	opts.Header = http.Header{"authorization": {"Bearer x"}}
	urls, requests := origins(t, "A")
	fetch(t, opts, strings.Replace(urls["A"], "//", "//me:"+token+"@", 1)+"/image")
	if got := requests()[0].header["Authorization"]; len(got) != 1 || got[0] != "Bearer x" {
		t.Errorf("Authorization %q", got)
	}
}

// TestUserinfoOfARedirect checks that a password in a redirect, which the server made
// up, is neither used nor reported, whatever becomes of the redirect (RFC 9110 section
// 4.2.4).
func TestUserinfoOfARedirect(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		scripts := map[string]script{"/image": says(wholeReply)}
		server := startScripts(t, scripts)
		secret := "me:" + token + "@"
		var list []string
		for path, location := range map[string]string{
			"/absolute":  "http://" + secret + server.Addr().String() + "/image",
			"/beside":    "//" + secret + server.Addr().String() + "/image",
			"/closed":    "http://" + secret + closedPort(t) + "/",
			"/ftp":       "ftp://" + secret + "a.test/",
			"/nonsense":  "http://" + secret + "[::1",
			"/quote":     `http://me:"` + token + "@a b/",
			"/bad-port":  "http://me:" + token + "/@a.test/",
			"/loop":      "http://" + secret + server.Addr().String() + "/loop",
			"/long":      "http://" + secret + server.Addr().String() + "/" + strings.Repeat("x", MaxURL),
			"/malformed": "http://%zz" + secret + "a.test/",
		} {
			scripts[path] = says(reply("302 Found", "", "Location: "+location))
			list = append(list, server.url(path))
		}
		o := fetch(t, opts, list...)
		o.tellsToken(t)
		if o.summary.OK != 2 {
			t.Errorf("%+v", o.summary)
		}
		for path := range scripts {
			for _, r := range server.asked(path) {
				if r.Header.Get("Authorization") != "" {
					t.Errorf("%s: Authorization was sent", path)
				}
			}
		}
	})
}

// TestUserinfoOfNoURL has entries with a password that are not valid URLs.
func TestUserinfoOfNoURL(t *testing.T) {
	opts := options(t, modeCase{Sequential, 1})
	o := fetch(t, opts,
		"http://me:"+token+"/x@a.test/", "http://me:"+token+"@a test/", "http://me:"+token+"@[::1", "http://me:"+token+" @a.test/",
		"me:"+token+"@a.test/x", "//me:"+token+"@a.test/x", "ftp://me:"+token+"@a.test/x", "http://me:"+token+"@a.test:99999/",
		"http://me:"+token+"@/x", "http://me:"+token+"@a.test/"+strings.Repeat("x", MaxURL),
	)
	o.tellsToken(t)
	for _, r := range o.results {
		expect(t, r, StatusFailed, ClassURL, 0)
		if strings.Contains(r.URL, token) {
			t.Errorf("the token shows: %s", r.URL)
		}
	}
}

func TestShown(t *testing.T) {
	for raw, want := range map[string]string{
		"http://a.test/":                   "http://a.test/",
		"http://u:p@a.test/":               "http://a.test/",
		"https://u@a.test:8080?x=@y":       "https://a.test:8080?x=@y",
		"http://u:p@q@a.test#f@g":          "http://a.test#f@g",
		"http://a.test/@user/x.jpg":        "http://a.test/@user/x.jpg",
		"http://a.test?u=http://u:p@b":     "http://a.test?u=http://u:p@b",
		"http://a.test/http://u:p@b.test/": "http://a.test/http://u:p@b.test/",
		"no URL":                           "no URL",
	} {
		if got := (Item{URL: raw}).Public().URL; got != want {
			t.Errorf("%s is public as %s, want %s", raw, got, want)
		}
	}
}

// TestResumeWithUserinfo checks that an image counts as complete if only the password
// in its URL has changed.
func TestResumeWithUserinfo(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		urls, requests := origins(t, "A")
		fetch(t, opts, strings.Replace(urls["A"], "//", "//me:"+token+"@", 1)+"/image")
		for _, userinfo := range []string{"", "me:" + token + "@", "you:other@"} {
			out, err := outdir.Open(opts.Dir, outdir.Options{})
			if err != nil {
				t.Fatal(err)
			}
			e, known := out.Claim(Item{URL: strings.Replace(urls["A"], "//", "//"+userinfo, 1) + "/image"})
			if !known || e.Status != StatusOK {
				t.Errorf("%q: %+v %v", userinfo, e, known)
			}
			if err := out.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if len(requests()) != 1 {
			t.Errorf("%d requests", len(requests()))
		}
	})
}

// TestDenyPrivateInEveryMode has a canary on this machine, which must get no request.
func TestDenyPrivateInEveryMode(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		opts.DenyPrivate = true
		canary := startCounted(t, 1)
		o := fetch(t, opts, canary.URL+"/1", strings.Replace(canary.URL, "127.0.0.1", "localhost", 1)+"/2")
		for _, r := range o.results {
			expect(t, r, StatusFailed, ClassPolicy, 1)
			if !strings.Contains(r.Error, "a loopback address") || !strings.Contains(r.Error, r.URL) {
				t.Errorf("the error %q does not say where and why", r.Error)
			}
		}
		if canary.connections != 0 {
			t.Errorf("%d connections", canary.connections)
		}
	})
}
