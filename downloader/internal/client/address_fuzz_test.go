package client

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"grab/downloader"
	"grab/downloader/internal/weburl"
)

// choices makes decisions of the bytes of a fuzz input. After the last it takes the first
// of the choices.
type choices []byte

func (c *choices) below(n int) int {
	if len(*c) == 0 {
		return 0
	}
	b := (*c)[0]
	*c = (*c)[1:]
	return int(b) % n
}

// pick returns one of several texts.
func (c *choices) pick(texts ...string) string { return texts[c.below(len(texts))] }

// address returns an IPv4 address, often a special one.
func (c *choices) address() netip.Addr {
	special := []string{"127.0.0.1", "10.1.2.3", "169.254.169.254", "0.0.0.0", "192.168.1.1", "172.16.0.1", "8.8.8.8", "93.184.216.34", "100.64.0.1", "1.0.0.1"}
	if i := c.below(len(special) + 1); i < len(special) {
		return netip.MustParseAddr(special[i])
	}
	return netip.AddrFrom4([4]byte{byte(c.below(256)), byte(c.below(256)), byte(c.below(256)), byte(c.below(256))})
}

// host writes an address as a host of a URL, in any form that browsers, curl or inet_aton
// understand.
func (c *choices) host(addr netip.Addr) string {
	b := addr.As4()
	if c.below(4) == 0 {
		form := c.pick("[::ffff:%d.%d.%d.%d]", "[64:ff9b::%d.%d.%d.%d]", "[::FFFF:%d.%d.%d.%d%%25lo]", "[0:0:0:0:0:ffff:%d.%d.%d.%d%%lo]")
		return fmt.Sprintf(form, b[0], b[1], b[2], b[3])
	}
	parts := []uint64{uint64(b[0]), uint64(b[1]), uint64(b[2]), uint64(b[3])}
	for range c.below(4) { // the last two become one
		n := len(parts)
		last := parts[n-1] | parts[n-2]<<(8*(5-n))
		parts = append(parts[:n-2], last)
	}
	var text []string
	for _, p := range parts {
		text = append(text, fmt.Sprintf(c.pick("%d", "0%o", "0x%x", "0X%X", "000%o", "0x00%x"), p))
	}
	host := strings.Join(text, ".") + c.pick("", "", ".")
	var disguised strings.Builder
	for _, r := range host {
		switch how := c.below(4); {
		case how == 1 && r == '.':
			disguised.WriteString(c.pick("。", "．", "｡", "%2e", "%E3%80%82"))
		case how == 1:
			disguised.WriteRune(r - '!' + '！') // full width
		case how == 2:
			fmt.Fprintf(&disguised, "%%%02x", r)
		case how == 3 && r != '.':
			disguised.WriteString(string(r) + c.pick("", "\u00ad", "\u200b", "%C2%AD"))
		default:
			disguised.WriteRune(r)
		}
	}
	return disguised.String()
}

// errDialed is the error of a request that the guard has let pass to a proxy.
var errDialed = errors.New("dialled")

// denyPrivate writes an address in ways that data chooses, in an entry of a list and in a
// redirect of a public server. The model knows the address. The guard must refuse the
// request to a proxy just if the address is not public.
func denyPrivate(t *testing.T, tr *transport, data []byte) {
	c := choices(data)
	addr := c.address()
	host := c.host(addr)
	proxy, err := url.Parse(c.pick("http", "socks5", "https") + "://proxy.test:3128")
	if err != nil {
		t.Fatal(err)
	}
	g := &guard{
		anyAddress: tr, publicOnly: tr, denyPrivate: true, nonPublic: NonPublic,
		proxy: func(*http.Request) (*url.URL, error) { return proxy, nil },
	}
	slash := func() string { return c.pick("/", "/", `\`) }
	user := c.pick("", "", "me:word@", "pub.test@")
	rest := host + c.pick("", ":80", ":8080", ":") + c.pick("/x", "", "?x", "#@pub.test/", "/@pub.test")
	raw := c.pick("http", "HTTP", "https", "hTTps") + ":" + slash() + slash() + user + rest

	mapped, err := weburl.Map(raw)
	if err != nil {
		t.Fatalf("%q: %v", raw, err)
	}
	target, err := url.Parse(mapped)
	if err != nil {
		t.Fatal(err)
	}
	base := &url.URL{Scheme: c.pick("http", "https"), Host: "pub.test", Path: "/a/b"}
	location := c.pick(raw, " "+raw+"\t", slash()+slash()+user+rest)
	moved, err := base.Parse(weburl.Location(location, base.Scheme))
	if err != nil {
		t.Fatalf("%q: %v", location, err)
	}
	for text, u := range map[string]*url.URL{raw: target, location: moved} {
		u.User = nil
		kind := NonPublic(addr)
		_, err := g.RoundTrip(&http.Request{Method: http.MethodGet, URL: u, Host: u.Host, Header: http.Header{}})
		refused, ok := errors.AsType[*downloader.Error](err)
		if ok = ok && refused.Class == downloader.ClassPolicy; ok != (kind != "") || !ok && !errors.Is(err, errDialed) {
			t.Errorf("%q is %v, %q: sent to %v, %v", text, addr, kind, u, err)
		}
		if seen, err := netip.ParseAddr(u.Hostname()); err != nil || kind == "" && !strings.HasSuffix(seen.String(), addr.String()) && seen.Is4() {
			t.Errorf("%q is %v: the proxy gets %q", text, addr, u.Host)
		}
	}
}

// proxied returns a transport that reaches no proxy: it fails with errDialed.
func proxied() *transport {
	opts := &downloader.Options{Workers: 1, ConnectTimeout: time.Minute, HeaderTimeout: time.Minute}
	tr := newTransport(opts, func(context.Context, string, string) (net.Conn, error) { return nil, errDialed })
	tr.useProxy()
	return tr
}

// TestDenyPrivateAgainstModel writes thousands of addresses in random ways.
func TestDenyPrivateAgainstModel(t *testing.T) {
	tr, random := proxied(), rand.NewChaCha8([32]byte{1})
	for range 3000 {
		data := make([]byte, 80)
		_, _ = random.Read(data)
		denyPrivate(t, tr, data)
	}
}

func FuzzDenyPrivate(f *testing.F) {
	f.Add([]byte{0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1})
	f.Add([]byte{2, 1, 3, 2, 0, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 2, 3})
	f.Add([]byte{6, 0, 1, 3, 3, 2, 1})
	tr := proxied()
	f.Fuzz(func(t *testing.T, data []byte) { denyPrivate(t, tr, data) })
}
