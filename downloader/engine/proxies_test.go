package engine_test

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	. "grab/downloader"
	"grab/downloader/internal/nettest"
)

// TestProxyFailsInEveryMode plays A160: any failure of a proxy is reported as the
// proxy's, and never with its password. A process reads the environment once, so each
// pair of proxies has a process of its own.
func TestProxyFailsInEveryMode(t *testing.T) {
	if list := os.Getenv("GRAB_TEST_FAULTS"); list != "" {
		eachMode(t, func(t *testing.T, opts Options) { blameProxies(t, opts, strings.Fields(list)) })
		return
	}
	t.Parallel()
	var byHost, others []string // by their places in ProxyFaults
	faults := nettest.ProxyFaults()
	for i, f := range faults {
		if f.Scheme == "http" {
			byHost = append(byHost, strconv.Itoa(i))
		} else {
			others = append(others, strconv.Itoa(i))
		}
	}
	one := "http://me:" + token + "@" + nettest.StartProxy(t, "127.0.0.1:0", func(c net.Conn, r *bufio.Reader) {
		_, _ = r.Peek(1)
		request, _ := r.Peek(r.Buffered())
		for i, f := range faults {
			if bytes.Contains(request, fmt.Appendf(nil, "Host: %d.test", i)) {
				f.Serve(c, r)
			}
		}
	})
	var running sync.WaitGroup
	defer running.Wait()
	running.Go(func() { inEnvironment(t, byHost, one, one) })
	for len(others) > 0 {
		var pair []string
		for _, i := range others[:2] {
			n, _ := strconv.Atoi(i)
			pair = append(pair, faults[n].Scheme+"://me:"+token+"@"+nettest.StartProxy(t, "127.0.0.1:0", faults[n].Serve))
		}
		now := others[:2]
		running.Go(func() { inEnvironment(t, now, pair...) })
		others = others[2:]
	}
}

// inEnvironment runs the test once more, in an environment with proxies: the first for
// http, the second for https.
func inEnvironment(t *testing.T, faults []string, proxies ...string) {
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.parallel=4", "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), "GRAB_TEST_FAULTS="+strings.Join(faults, " "), "NO_PROXY=", "HTTP_PROXY="+proxies[0], "HTTPS_PROXY="+proxies[1])
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// blameProxies fetches an image through each proxy. If there is one for both schemes,
// each fault has a host of its own, with the scheme that it appears with. If there are
// two proxies, it uses both schemes.
func blameProxies(t *testing.T, opts Options, list []string) {
	opts.ConnectTimeout, opts.Retries = time.Second, 1
	var urls, proxies []string
	var faults []nettest.ProxyFault
	for n, i := range list {
		place, err := strconv.Atoi(i)
		if err != nil {
			t.Fatal(err)
		}
		f := nettest.ProxyFaults()[place]
		scheme, variable := "https", "HTTPS_PROXY"
		if f.Scheme == "http" && f.Plain || f.Scheme != "http" && n == 0 {
			scheme, variable = "http", "HTTP_PROXY"
		}
		proxy, err := url.Parse(os.Getenv(variable))
		if err != nil {
			t.Fatal(err)
		}
		faults, proxies = append(faults, f), append(proxies, proxy.Host)
		urls = append(urls, scheme+"://"+i+".test/x")
	}
	o := fetch(t, opts, urls...)
	o.tellsToken(t)
	for i, r := range o.results {
		attempts := 1
		if faults[i].Again {
			attempts = 2
		}
		expect(t, r, StatusFailed, ClassProxy, attempts)
		if !strings.Contains(r.Error, "proxy "+proxies[i]) || !strings.Contains(r.Error, faults[i].Message) {
			t.Errorf("%s: the error is %q", faults[i].What, r.Error)
		}
	}
}
