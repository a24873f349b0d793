package engine_test

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	. "grab/downloader"
	"grab/downloader/internal/nettest"
)

// These tests have an Internet inside this machine. They run in namespaces of their
// own, with no way out, where public addresses are local and the name server is the
// test's. So children too look names up and connect as they do for users.
const (
	publicAddress  = "11.0.0.1"
	publicAddress6 = "2e00::1"
	hole           = "11.0.9.1" // takes what is sent to it, and says nothing
	hole6          = "2e00:9::1"
)

// inInternet runs the calling test once more, inside the namespaces, with more in its
// environment. It reports whether this is inside.
func inInternet(t *testing.T, environment ...string) bool {
	t.Helper()
	if os.Getenv("GRAB_TEST_INSIDE") == t.Name() {
		return true
	}
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("only root may make a network")
	}
	if _, err := exec.LookPath("ip"); err != nil {
		t.Skip("no ip command")
	}
	if out, err := exec.Command("unshare", "-n", "-m", "ip", "link", "add", "near", "type", "veth", "peer", "far").CombinedOutput(); err != nil {
		t.Skipf("no network of our own here: %v: %s", err, out)
	}
	resolv := filepath.Join(t.TempDir(), "resolv.conf")
	write(t, resolv, "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
	cmd := exec.CommandContext(t.Context(), "unshare", "-n", "-m", "sh", "-ec", `
		mount --bind "$RESOLV" /etc/resolv.conf
		ip link set lo up
		ip link add near type veth peer far
		ip link set near up
		ip link set far up
		for a in `+publicAddress+` 203.0.113.7 203.0.114.7 10.1.2.3 169.254.169.254; do ip addr add $a/32 dev lo; done
		for a in `+publicAddress6+` 2001:db8::1 2001:db9::1 fd00::1 fe80::1 64:ff9b::7f00:1; do ip addr add $a/128 dev lo nodad; done
		ip route add `+hole+` dev near src `+publicAddress+`
		ip route add `+hole6+` dev near src `+publicAddress6+`
		ip neigh add `+hole+` dev near lladdr 02:00:00:00:00:09
		ip neigh add `+hole6+` dev near lladdr 02:00:00:00:00:09
		exec "$0" -test.parallel=4 -test.run="^$GRAB_TEST_INSIDE\$"`, os.Args[0])
	cmd.Env = append(os.Environ(), "RESOLV="+resolv, "GRAB_TEST_INSIDE="+t.Name(), "GODEBUG=netdns=go")
	cmd.Env = append(cmd.Env, environment...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	return false
}

// website is a server of pictures inside. It answers /to/URL with a redirect.
type website struct {
	mu       sync.Mutex
	requests []*http.Request
}

// startWebsite starts a website on an address with its port. The scheme is https for
// port 443.
func startWebsite(t *testing.T, address string) *website {
	t.Helper()
	w := &website{}
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(w)
	s.Listener.Close()
	s.Listener = l
	if strings.HasSuffix(address, ":443") {
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	return w
}

func (w *website) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	w.requests = append(w.requests, r)
	w.mu.Unlock()
	out.Header().Set("Connection", "close") // each request looks its host up
	if target, found := strings.CutPrefix(r.RequestURI, "/to/"); found {
		out.Header().Set("Location", target)
		out.WriteHeader(http.StatusFound)
		return
	}
	out.Write(picture)
}

// asked returns the requests whose path contains part.
func (w *website) asked(part string) (found []*http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, r := range w.requests {
		if strings.Contains(r.RequestURI, part) {
			found = append(found, r)
		}
	}
	return found
}

// internet returns opts without a shortcut to any server.
func internet(opts Options) Options {
	opts.ConnectTimeout, opts.Retries, opts.Insecure = 3*time.Second, 1, true
	return opts
}

// TestNamesInEveryMode plays A47 and A48: each name fails in a way of its own.
// "fails-first" names fail once for each kind of address.
func TestNamesInEveryMode(t *testing.T) {
	if !inInternet(t) {
		return
	}
	startWebsite(t, publicAddress+":80")
	faults := nettest.NameFaults(publicAddress)
	faults = append(faults, nettest.NameFault{What: "fails first", Again: true, Answer: func(q nettest.Question) []byte {
		if q.Number == 1 {
			return q.Answer(2)
		}
		return q.Answer(0, publicAddress)
	}})
	byName := map[string]nettest.NameFault{}
	for i, f := range faults {
		for _, c := range modeCases {
			byName[fmt.Sprintf("n%d.%v.test", i, c.mode)] = f
		}
	}
	nettest.NameServer(t, "127.0.0.1:53", func(q nettest.Question) []byte { return byName[q.Name].Answer(q) })
	eachMode(t, func(t *testing.T, opts Options) {
		var urls []string
		for i := range faults {
			urls = append(urls, fmt.Sprintf("http://n%d.%v.test/%d", i, opts.Mode, i))
		}
		for i, r := range fetch(t, internet(opts), urls...).results {
			status, attempts := StatusOK, 1
			if faults[i].Class != "" {
				status = StatusFailed
			}
			if faults[i].Again {
				attempts++
			}
			expect(t, r, status, faults[i].Class, attempts)
			if status == StatusFailed && !strings.Contains(r.Error, fmt.Sprintf("n%d.%v.test", i, opts.Mode)) {
				t.Errorf("%s: the error is %q", faults[i].What, r.Error)
			}
		}
	})
}

// TestBlackHolesInEveryMode plays A49: a name has a good address and one that never
// answers, which costs no attempt. Two addresses of one kind share the connect timeout.
// IPv4 is tried long before the time of IPv6 is over, so those two share nothing.
func TestBlackHolesInEveryMode(t *testing.T) {
	if !inInternet(t) {
		return
	}
	startWebsite(t, publicAddress+":80")
	addresses := map[string][]string{
		"four.test": {hole, publicAddress}, "six.test": {hole6, publicAddress}, "only4.test": {hole}, "only6.test": {hole6},
	}
	nettest.NameServer(t, "127.0.0.1:53", func(q nettest.Question) []byte { return q.Answer(0, addresses[q.Name]...) })
	eachMode(t, func(t *testing.T, opts Options) {
		opts = internet(opts)
		expect(t, fetch(t, opts, "http://four.test/").results[0], StatusOK, "", 1)
		opts.Dir, opts.ConnectTimeout, opts.Retries = t.TempDir(), 1500*time.Millisecond, 0
		o := fetch(t, opts, "http://six.test/", "http://only4.test/", "http://only6.test/")
		expect(t, o.results[0], StatusOK, "", 1)
		expect(t, o.results[1], StatusFailed, ClassTimeoutConnect, 1)
		expect(t, o.results[2], StatusFailed, ClassTimeoutConnect, 1)
	})
}

// TestBorderInEveryMode plays A50 and A74: a public server leads to private addresses
// in every way of naming one, the last by a name of the server's own domain. (A name that
// means another address the second time is remembered, and so keeps the first.) The canary
// there gets no such request, but answers those that come from a list.
func TestBorderInEveryMode(t *testing.T) {
	if !inInternet(t) {
		return
	}
	startWebsite(t, publicAddress+":80")
	canary := startWebsite(t, ":8080")
	nettest.NameServer(t, "127.0.0.1:53", func(q nettest.Question) []byte {
		switch {
		case strings.HasPrefix(q.Name, "rebind."), q.Name == "public.test":
			return q.Answer(0, publicAddress)
		case strings.HasPrefix(q.Name, "again.rebind."):
			return q.Answer(0, "127.0.0.1")
		}
		return q.Answer(3)
	})
	places := []string{
		"127.0.0.1", "10.1.2.3", "169.254.169.254", "0.0.0.0", "localhost", "[::1]", "[fd00::1]", "[fe80::1%25lo]",
		"[::ffff:127.0.0.1]", "[::ffff:10.1.2.3]", "[64:ff9b::7f00:1]", "[::]",
		"2130706433", "0177.1", "127.1", "0x7f.1", "１２７。1",
	}
	eachMode(t, func(t *testing.T, opts Options) {
		opts = internet(opts)
		var led, sent []string
		for _, place := range places {
			led = append(led, fmt.Sprintf("http://public.test/to/http://%s:8080/led-%v", place, opts.Mode))
			sent = append(sent, fmt.Sprintf("http://%s:8080/sent-%v", place, opts.Mode))
		}
		rebind := fmt.Sprintf("http://rebind.%v.test", opts.Mode)
		again := strings.Replace(rebind, "rebind", "again.rebind", 1)
		led = append(led, rebind+"/to/"+again+":8080/led-"+string(opts.Mode))
		for _, r := range fetch(t, opts, led...).results {
			if expect(t, r, StatusFailed, ClassPolicy, 1); !strings.Contains(r.Error, "a public server must not redirect there") {
				t.Errorf("the error is %q", r.Error)
			}
		}
		if heard := canary.asked(fmt.Sprintf("/led-%v", opts.Mode)); len(heard) > 0 {
			t.Errorf("the canary was asked for %v by %s", heard[0].URL, heard[0].Host)
		}
		opts.Dir = t.TempDir()
		for _, r := range fetch(t, opts, sent...).results {
			expect(t, r, StatusOK, "", 1)
		}
		opts.Dir, opts.DenyPrivate = t.TempDir(), true
		for _, r := range fetch(t, opts, sent...).results {
			expect(t, r, StatusFailed, ClassPolicy, 1)
		}
		if heard := canary.asked(fmt.Sprintf("/sent-%v", opts.Mode)); len(heard) != len(places) {
			t.Errorf("the canary was asked %d times, want %d", len(heard), len(places))
		}
	})
}

// TestProxyInEveryMode plays A161 and A162. It checks which hosts are asked through the
// proxy of the environment. The proxy's password is for the proxy alone: not for the
// hosts behind it, nor for hosts that it redirects to.
func TestProxyInEveryMode(t *testing.T) {
	const proxy = "http://me:" + token + "@127.0.0.1:3128"
	if !inInternet(t, "HTTP_PROXY="+proxy, "HTTPS_PROXY="+proxy, "NO_PROXY="+nettest.NoProxy) {
		return
	}
	var mu sync.Mutex
	var byProxy []string
	nettest.StartProxy(t, "127.0.0.1:3128", func(c net.Conn, r *bufio.Reader) {
		req, err := http.ReadRequest(r)
		if err != nil {
			return
		}
		mu.Lock()
		byProxy = append(byProxy, req.Host)
		mu.Unlock()
		if user, password, _ := (&http.Request{Header: http.Header{"Authorization": req.Header["Proxy-Authorization"]}}).BasicAuth(); user != "me" || password != token {
			t.Errorf("the proxy got %q", req.Header)
		}
		if target, found := strings.CutPrefix(req.URL.Path, "/to/"); found {
			io.WriteString(c, reply("302 Found", "", "Location: "+target))
		} else if req.Method == http.MethodConnect {
			nettest.Tunnel(c, r, "127.0.0.1:443")
		} else {
			io.WriteString(c, wholeReply)
		}
	})
	sites := []*website{startWebsite(t, ":80"), startWebsite(t, ":8080"), startWebsite(t, ":443")}
	nettest.NameServer(t, "127.0.0.1:53", func(q nettest.Question) []byte { return q.Answer(0, publicAddress) })
	choices := nettest.ProxyChoices()
	urls := append(slices.Sorted(maps.Keys(choices)), "http://leads.test/to/http://www.one.test/led")
	want := []string{"leads.test"}
	for image, direct := range choices {
		if u, err := url.Parse(image); err != nil {
			t.Fatal(err)
		} else if !direct && u.Scheme == "https" {
			want = append(want, u.Host+":443")
		} else if host, zone, _ := strings.Cut(u.Host, "%"); !direct && zone != "" {
			want = append(want, host+"]") // a zone is this machine's affair: RFC 6874 section 4
		} else if !direct {
			want = append(want, host)
		}
	}
	for _, c := range modeCases {
		t.Run(c.String(), func(t *testing.T) {
			o := fetch(t, internet(options(t, c)), urls...)
			o.tellsToken(t)
			for _, r := range o.results {
				expect(t, r, StatusOK, "", 1)
			}
			mu.Lock()
			defer mu.Unlock()
			if !slices.Equal(sorted(byProxy), sorted(want)) {
				t.Errorf("by the proxy: %q, want %q", byProxy, want)
			}
			byProxy = nil
		})
	}
	for _, site := range sites {
		for _, r := range site.asked("") {
			if r.Header.Get("Proxy-Authorization") != "" || r.Header.Get("Authorization") != "" {
				t.Errorf("%s was told %q", r.Host, r.Header)
			}
		}
	}
	if led := sites[0].asked("/led"); len(led) != len(modeCases) {
		t.Errorf("%d requests where the proxy led to", len(led))
	}
}
