package proxy

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"grab/downloader"
	"grab/downloader/internal/nettest"
)

// environment returns a function like os.Getenv.
func environment(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

// TestProxyFromEnvironment plays A162.
func TestProxyFromEnvironment(t *testing.T) {
	const proxy = "http://127.0.0.1:3128"
	choose := Choice(&downloader.Options{}, environment("HTTP_PROXY", proxy, "HTTPS_PROXY", "127.0.0.1:3128", "NO_PROXY", nettest.NoProxy))
	for image, direct := range nettest.ProxyChoices() {
		want := proxy
		if direct {
			want = "<nil>"
		}
		chosen(t, choose, image, want)
	}
}

func chosen(t *testing.T, choose func(*http.Request) (*url.URL, error), image, want string) {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, image, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := choose(req); err != nil || fmt.Sprint(got) != want {
		t.Errorf("%s: %v, %v; want %s", image, got, err, want)
	}
}

// TestChoice has the names that may be set in the environment, and the options that
// override them.
func TestChoice(t *testing.T) {
	const a, b, c, none = "http://a:1", "socks5://b:1080", "socks5h://c:1080", "<nil>"
	for _, tt := range []struct {
		proxy, noProxy string
		env            []string
		plain, secure  string // for hosts of the Internet
		own            string // for this machine
	}{
		{"", "", nil, none, none, none},
		{"", "", []string{"http_proxy", a}, a, none, none},
		{"", "", []string{"https_proxy", a}, none, a, none},
		{"", "", []string{"ALL_PROXY", b}, b, b, none},
		{"", "", []string{"all_proxy", c}, c, c, none},
		{"", "", []string{"all_proxy", b, "HTTPS_PROXY", a}, b, a, none},
		{"", "", []string{"all_proxy", b, "no_proxy", "x.test y.test"}, none, none, none},
		{"", "*", []string{"all_proxy", b}, none, none, none},
		{"", "y.test", []string{"all_proxy", b, "NO_PROXY", "*"}, b, b, none},
		{b, "", []string{"HTTP_PROXY", a, "HTTPS_PROXY", a}, b, b, b},
		{b, "", []string{"NO_PROXY", "*.test"}, none, none, b},
		{b, "x.test:443", nil, b, none, b},
		{b, "127.0.0.0/8,[::1]", nil, b, b, none},
		{"a:1", "", nil, a, a, a},
	} {
		choose := Choice(&downloader.Options{Proxy: tt.proxy, NoProxy: tt.noProxy}, environment(tt.env...))
		chosen(t, choose, "http://x.test/", tt.plain)
		chosen(t, choose, "https://X.test./", tt.secure)
		for _, host := range []string{"127.0.0.1", "[::1]:8080", "[::ffff:127.0.0.1]"} {
			chosen(t, choose, "http://"+host+"/", tt.own)
		}
	}
}

// TestNoProxyCostsNothing counts what is allocated for a request without a proxy.
func TestNoProxyCostsNothing(t *testing.T) {
	choose := Choice(&downloader.Options{}, environment())
	req := &http.Request{URL: &url.URL{Scheme: "http", Host: "a.test"}}
	if n := testing.AllocsPerRun(100, func() { choose(req) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
