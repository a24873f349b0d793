package robots

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestAllowed checks the examples of RFC 9309, and what it leaves open.
func TestAllowed(t *testing.T) {
	for _, tt := range []struct {
		text, agent string
		allowed     string // paths, separated by spaces
		disallowed  string
	}{
		{ // section 5.1
			"User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\n" +
				"User-Agent: foobot\nDisallow:/\nAllow:/example/page.html\nAllow:/example/allowed.gif\n\n" +
				"User-Agent: barbot\nUser-Agent: bazbot\nDisallow: /example/page.html\n\nUser-Agent: quxbot\n",
			"other/1.0", "/publications/ /a.gifs /publications/x.gi", "/x.gif /example/ /example/page.html",
		},
		{"User-agent: foobot\nDisallow:/\nAllow:/example/page.html", "FooBot/2.1", "/example/page.html /robots.txt", "/ /example/ /x"},
		{"User-agent: a\nUser-agent: b\nDisallow: /x", "b", "/y", "/x /x/y /xy"},
		{"User-agent: *\nDisallow: /\n\nUser-agent: quxbot\n", "quxbot", "/ /x", ""}, // an empty group
		// Section 5.2: the longest match decides.
		{"User-Agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif", "foobot", "/example/page/ /x", "/example/page/disallowed.gif"},
		// Section 2.2.1: groups for the same agent count together, and "*" does not count then.
		{"user-agent: Example\ndisallow: /foo\ndisallow: /bar\n\nUSER-AGENT: eXAMPLE\nallow: /bar\ndisallow: /baz\nuser-agent: *\ndisallow: /", "example", "/x /bar", "/foo /baz"},
		// Section 2.2.2: percent-encoding.
		{"User-agent: *\nDisallow: /foo/bar?baz=quz", "a", "/foo/bar", "/foo/bar?baz=quz"},
		{"User-agent: *\nDisallow: /foo/bar/\u30c4", "a", "/foo/bar/", "/foo/bar/%E3%83%84 /foo/bar/%e3%83%84 /foo/bar/\u30c4"},
		{"User-agent: *\nDisallow: /foo/bar/%62%61%7A", "a", "/foo/bar/", "/foo/bar/baz /foo/bar/%62az"},
		{"User-agent: *\nDisallow: /a%2Fb", "a", "/a/b", "/a%2fb"},
		{"User-agent: *\nDisallow: /a%b", "a", "/a%25c", "/a%b /a%25b"},
		// Section 2.2.3: special characters.
		{"User-agent: *\nDisallow: /path/file-with-a-%2A.html", "a", "/path/file-with-a-x.html", "/path/file-with-a-*.html /path/file-with-a-%2a.html"},
		{"User-agent: *\nDisallow: /this/is/*/with/star", "a", "/this/is/with/star", "/this/is/x/y/with/stars"},
		{"User-agent: *\nDisallow: /end$", "a", "/end/ /end?x /endless", "/end"},
		{"User-agent: *\nDisallow: /a*b*c$", "a", "/abcd /ab /cba", "/abc /axbxc /abcbc"},
		{"User-agent: *\nDisallow: /a$b", "a", "/a", "/a$b /a%24b"},
		{"User-agent: *\nDisallow: *", "a", "", "/ /x"},
		{"User-agent: *\nDisallow: /*$", "a", "", "/ /x"},
		// An allow line wins over a disallow line of the same length, in either order.
		{"User-agent: *\nDisallow: /x\nAllow: /x", "a", "/x", ""},
		{"User-agent: *\nAllow: /x\nDisallow: /x", "a", "/x", ""},
		// Section 2.2.4: other lines end no group, and comments and junk are ignored.
		{"\ufeff# hello\r\nuser-agent : a # us\rSitemap: http://x/\rjunk\nCrawl-delay: 1\nUser-agent: b\r\n disallow : /x # why\n", "a", "/y", "/x"},
		{"Disallow: /x\nUser-agent: *\nDisallow: /y", "a", "/x", "/y"},
		{"User-agent: *\nDisallow: x", "a", "/y", "/x"},
		{"User-agent: *\nDisallow:\n", "a", "/ /x", ""},
		{"<html>no robots here: at all</html>", "a", "/x", ""},
		{"", "a", "/ /x", ""},
		{"User-agent: *\nDisallow: /", "", "", "/x"}, // an agent without a name
		// Section 2.5: the limit.
		{"User-agent: *\nDisallow: /x\n" + strings.Repeat("#", MaxSize) + "\nDisallow: /y", "a", "/y", "/x"},
	} {
		r := Parse([]byte(tt.text))
		for paths, want := range map[string]bool{tt.allowed: true, tt.disallowed: false} {
			for path := range strings.SplitSeq(paths, " ") {
				if ok, rule := r.Allowed(tt.agent, path); path != "" && (ok != want || !ok && rule == "") {
					t.Errorf("%.60q, %s %s: %v by %q", tt.text, tt.agent, path, ok, rule)
				}
			}
		}
	}
	if _, rule := Parse([]byte("user-agent: *\nDISALLOW:  /x*.gif$  # no")).Allowed("a", "/x/y.gif"); rule != "disallow: /x*.gif$" {
		t.Errorf("rule %q", rule)
	}
}

func TestDelay(t *testing.T) {
	for line, want := range map[string]time.Duration{
		"Crawl-delay: 10": 10 * time.Second, "crawl-delay:0.5": 500 * time.Millisecond, "Crawl-delay: -1": 0, "Crawl-delay: x": 0,
		"Crawl-delay: NaN": 0, "Crawl-delay: Inf": 24 * time.Hour, "Crawl-delay: 1e300": 24 * time.Hour, "Crawl-delay: 2\nCrawl-delay: 1": 2 * time.Second,
	} {
		r := Parse([]byte("User-agent: us\n" + line + "\nUser-agent: them\nDisallow: /"))
		if got := r.Delay("us/1"); got != want {
			t.Errorf("%q: %v, want %v", line, got, want)
		}
		if got := r.Delay("nobody"); got != 0 {
			t.Errorf("%q: %v for another", line, got)
		}
	}
}

func TestOptOut(t *testing.T) {
	tag := func(lines ...string) http.Header { return http.Header{"X-Robots-Tag": lines} }
	for _, tt := range []struct {
		header http.Header
		reason string
	}{
		{tag("noai"), "X-Robots-Tag: noai"},
		{tag("nofollow, NoImageAI"), "X-Robots-Tag: noimageai"},
		{tag("nofollow", " noindex "), "X-Robots-Tag: noindex"},
		{tag("noimageindex,noai"), "X-Robots-Tag: noimageindex"},
		{tag("none"), "X-Robots-Tag: none"},
		{tag("Grab: noai"), "X-Robots-Tag: noai"},
		{tag("*: noai"), "X-Robots-Tag: noai"},
		{tag("googlebot: nofollow, grab: noindex"), "X-Robots-Tag: noindex"},
		{tag("unavailable_after: Friday, 25-Jun-2027 15:00:00 PST, noai"), "X-Robots-Tag: noai"},
		{tag("max-image-preview: none, noai"), "X-Robots-Tag: noai"},
		{http.Header{"Tdm-Reservation": {" 1"}}, "tdm-reservation: 1"},
		{tag("googlebot: noai, noindex"), ""},
		{tag("googlebot: none", "nofollow"), ""},
		{tag("all", "index", "noaix", "max-image-preview: none", "unavailable_after: 25 Jun 2027 15:00:00 PST"), ""},
		{http.Header{"Tdm-Reservation": {"0", "10"}}, ""},
		{http.Header{}, ""},
	} {
		if reason, out := OptOut(tt.header, "grab/1.2"); reason != tt.reason || out != (tt.reason != "") {
			t.Errorf("%v: %q, %v; want %q", tt.header, reason, out, tt.reason)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("User-agent: *\nDisallow: /a*b$\nAllow: %2"), "grab", "/a%2ab")
	f.Add([]byte("user-agent:x\ndisallow:*\ncrawl-delay: 1e9"), "x", "")
	f.Fuzz(func(t *testing.T, text []byte, agent, path string) {
		r := Parse(text)
		ok, rule := r.Allowed(agent, path)
		if !ok && (rule == "" || !strings.HasPrefix(rule, "disallow: ")) {
			t.Errorf("refused by %q", rule)
		}
		if d := r.Delay(agent); d < 0 || d > maxDelay {
			t.Errorf("delay %v", d)
		}
		// The form that is compared is its own form.
		if once := normalizePattern(path); normalizePattern(once) != once {
			t.Errorf("%q, then %q", once, normalizePattern(once))
		}
		// A rule for exactly this path refuses it.
		exact := Parse(fmt.Appendf(nil, "user-agent: *\ndisallow: %s$", normalize("/"+path)))
		if ok, _ := exact.Allowed("x", "/"+path); ok && normalize("/"+path) != "/robots.txt" {
			t.Errorf("%q is allowed", path)
		}
	})
}

func FuzzOptOut(f *testing.F) {
	f.Add("googlebot: noai, grab: none", "grab/1")
	f.Fuzz(func(t *testing.T, line, agent string) {
		reason, out := OptOut(http.Header{"X-Robots-Tag": {line}}, agent)
		if out != (reason != "") {
			t.Errorf("%q, %v", reason, out)
		}
	})
}
