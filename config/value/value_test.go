package value

import (
	"crypto/tls"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestValues parses values at and beyond their limits.
func TestValues(t *testing.T) {
	fails := errors.New("fails")
	check := func(kind, text string, got any, err error, want any) {
		t.Helper()
		if want == error(fails) && err == nil || want != error(fails) && (err != nil || fmt.Sprint(got) != fmt.Sprint(want)) {
			t.Errorf("%s %.40q: %v, %v; want %v", kind, text, got, err, want)
		}
	}
	for text, want := range map[string]any{
		"2/s": 500 * time.Millisecond, "30/m": 2 * time.Second, "360/h": 10 * time.Second, "0.001/s": 1000 * time.Second, "1e6/s": time.Microsecond,
		"0.0009/s": fails, "1000001/s": fails, "NaN/s": fails, "-1/s": fails, "2": fails, "2/d": fails, "x/s": fails,
	} {
		got, err := Rate(text)
		check("rate", text, got, err, want)
	}
	for text, want := range map[string]any{"400": []int{400}, "999, 404": []int{999, 404}, "399": fails, "1000": fails, "x": fails, "404,": fails, "": fails} {
		got, err := Statuses(text)
		check("statuses", text, got, err, want)
	}
	for text, want := range map[string]any{"20%": 20.0, "0.5%": 0.5, "99.9%": 99.9, "0%": fails, "100%": fails, "20": fails, "x%": fails, "NaN%": fails} {
		got, err := Percent(text)
		check("percent", text, got, err, want)
	}
	for text, want := range map[string]any{"1.1.1.1": "[1.1.1.1:53]", "1.1.1.1:54, 2620:fe::fe": "[1.1.1.1:54 [2620:fe::fe]:53]", "[::1]:0": fails, "a.test": fails, ",": fails} {
		got, err := NameServers(text)
		check("name servers", text, got, err, want)
	}
	for text, want := range map[string]any{":0": ":0", "[::1]:65535": "[::1]:65535", "a:65536": fails, "a": fails, "a:": fails, "a:x": fails} {
		got, err := HostPort(text)
		check("host and port", text, got, err, want)
	}
	long := strings.Repeat("x", longestPath)
	for text, want := range map[string]any{"x y": "x y", long: long, long + "x": fails, "": fails, "a\nb": fails} {
		got, err := Path(text)
		check("folder", text, got, err, want)
	}
	for text, want := range map[string]any{"http://a.test/x": nil, "HTTPS://a.test": nil, "list.csv": fails, "ftp://a.test/x": fails, "http://": fails, "http://%zz": fails} {
		check("list", text, nil, webList(text), want)
	}
	for text, want := range map[string]any{"a:1": "a:1", "socks5h://me:word@a": "socks5h://me:word@a", "ftp://me:s3cret@a": fails} {
		got, err := Proxy(text)
		if check("proxy", text, got, err, want); err != nil && strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%v", err)
		}
	}
}

// Without a host, only this machine can open the live page.
func TestPageAddress(t *testing.T) {
	for text, want := range map[string]string{
		":8080": "127.0.0.1:8080", ":0": "127.0.0.1:0", "0.0.0.0:80": "0.0.0.0:80", "localhost:1": "localhost:1", "[::]:80": "[::]:80",
		"": "", "8080": "", "127.0.0.1": "", ":http": "", ":65536": "", ":-1": "", "::1:80": "", "http://a:80": "",
	} {
		if got, err := PageAddress(text); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v; want %q", text, got, err, want)
		}
	}
}

func TestTLSVersion(t *testing.T) {
	for text, want := range map[string]uint16{"1.0": tls.VersionTLS10, "1.1": tls.VersionTLS11, "1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13, "1": 0, "": 0} {
		if got, err := TLSVersion(text); got != want || (err == nil) != (want != 0) {
			t.Errorf("%q: %x, %v", text, got, err)
		}
	}
}
