//go:build conformance

package engine_test

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	. "grab/downloader"
	"grab/testserver"
	"grab/testserver/ledger"
)

// TestConformance meets every fault that the embedded server plays on a request, in
// every mode and over each protocol of the fault. Fault.Expect says what may come of
// it. The bytes must be the server's.
func TestConformance(t *testing.T) {
	t.Parallel()
	for _, over := range []string{"h1", "tls", "h2"} {
		t.Run(over, func(t *testing.T) {
			eachMode(t, func(t *testing.T, opts Options) {
				cases, parts := faultCases(over), 1
				if opts.Mode == Sequential {
					parts = 4 // in one list, the silent ones wait for each other
				} else {
					opts.Workers = 16
				}
				for part := range slices.Chunk(cases, len(cases)/parts+1) {
					t.Run("", func(t *testing.T) {
						t.Parallel()
						opts := opts
						opts.Dir = filepath.Join(t.TempDir(), "images")
						meetFaults(t, conformant(opts, over), part)
					})
				}
			})
		})
	}
}

// meetFaults fetches the URLs of cases as one list.
func meetFaults(t *testing.T, opts Options, cases []faultCase) {
	server, opts := startServer(t, opts, testserver.Options{Seed: 1})
	opts.Header = http.Header{"X-Api-Key": {"k"}, "Cookie": {"own=1"}, "Authorization": {"Bearer b"}}
	urls := make([]string, len(cases))
	for i, c := range cases {
		urls[i] = c.url
	}
	for i, r := range fetch(t, opts, urls...).results {
		cases[i].judge(t, &r, opts.Retries)
	}
	checkSecrets(t, server.Ledger().Requests)
}

// checkSecrets looks for requests that grab must not make: the user's headers at a host
// that is not in the list, cookies, a Referer, and requests that only a hint of the
// server asked for.
func checkSecrets(t *testing.T, requests []ledger.Request) {
	t.Helper()
	told := 0
	for _, r := range requests {
		listed := strings.HasPrefix(r.Host, "a") && !strings.Contains(r.Host, ":")
		left := r.Fault == "" && slices.Contains([]string{"a75", "a76", "a77"}, r.Host[:3]) // for another scheme or host, also if it is back
		for name, own := range map[string]string{"X-Api-Key": "k", "Cookie": "own=1", "Authorization": "Bearer b", "Referer": ""} {
			switch value := r.Header[name]; {
			case name == "Cookie" && strings.Contains(r.URI, "a83-cookies") && strings.Contains(r.URI, "hops=") && value == "own=1; plain=1": // of this chain
			case value == own && own != "" && listed && !left:
				told++
			case value != "":
				t.Errorf("%s%s was told %s: %s", r.Host, r.URI, name, value)
			}
		}
		if r.URI == "/refresh" || r.URI == "/preload" {
			t.Errorf("%s was asked for %s", r.Host, r.URI)
		}
	}
	if told < len(requests) {
		t.Errorf("of %d requests, few had the user's headers: %d", len(requests), told)
	}
}

func conformant(opts Options, over string) Options {
	opts.Verify, opts.MaxPixels = VerifyDecode, 100_000_000
	opts.HTTP2 = over == "h2"
	opts.ConnectTimeout, opts.HeaderTimeout, opts.StallTimeout = 2*time.Second, 2*time.Second, 2*time.Second
	opts.Timeout = 5 * time.Minute // the silent ones wait for each other where there is one worker
	opts.MaxSize = 32 << 20
	opts.MaxRedirects, opts.RetryAfterMax = 10, time.Minute
	return opts
}

// TestConnectionConformance meets the faults of connections, each with a server of its
// own. The server knows the fault by the name in the TLS handshake, or by its address.
func TestConnectionConformance(t *testing.T) {
	t.Parallel()
	for _, over := range []string{"h1", "tls", "h2"} {
		for _, f := range testserver.Faults() {
			if !f.PerConnection || !slices.Contains(strings.Fields(f.Over), over) || notMet(f.Name) != "" {
				continue
			}
			t.Run(over+"/"+f.Name, func(t *testing.T) {
				eachMode(t, func(t *testing.T, opts Options) {
					server, opts := startServer(t, conformant(opts, over), testserver.Options{Seed: 1})
					host := f.Name + "." + testserver.FaultDomain
					if f.OwnAddr {
						addr, err := server.FaultAddr(f.Name)
						if err != nil {
							t.Fatal(err)
						}
						opts.DialTo, host = addr, "a.test"
					}
					for _, query := range append([]string{""}, f.Queries...) {
						scheme := "http"
						if over != "h1" {
							scheme = "https"
						}
						image := "/image/1.jpg"
						c := faultCase{url: scheme + "://" + host + image + query, image: image, expect: strings.Split(f.Expect, "|")}
						c.judge(t, &fetch(t, opts, c.url).results[0], opts.Retries)
						opts.Force = true
					}
				})
			})
		}
	}
}

// TestSlowConformance meets a drip, which may go on for the minute over which the
// minimum speed is measured, and pauses that are just short enough.
func TestSlowConformance(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		opts.MinSpeed, opts.StallTimeout, opts.Timeout, opts.Retries = 1<<10, 15*time.Second, 5*time.Minute, 0
		_, opts = startServer(t, opts, testserver.Options{Seed: 1})
		cases := []faultCase{
			{"http://a.test/fault/a32-drip/image/1.jpg", "/image/1.jpg", []string{"T:slow"}},
			{"http://b.test/fault/a39-pauses/image/2.jpg?pause=4s", "/image/2.jpg", []string{"ok"}},
		}
		for i, r := range fetch(t, opts, cases[0].url, cases[1].url).results {
			cases[i].judge(t, &r, opts.Retries)
		}
	})
}

// faultCase is one URL and its allowed outcomes.
type faultCase struct {
	url, image string
	expect     []string
}

func faultCases(over string) []faultCase {
	var cases []faultCase
	for _, f := range testserver.Faults() {
		if f.PerConnection || f.OwnAddr || !slices.Contains(strings.Fields(f.Over), over) || notMet(f.Name) != "" {
			continue
		}
		queries := append([]string{""}, f.Queries...)
		if slices.Contains([]string{"A08", "A09", "A38", "A43", "A44", "A56", "A57"}, f.ID) {
			queries = append(queries, "", "", "", "") // what it does to the next on that connection
		}
		for _, query := range queries {
			if f.Name == "a20-status-line" && query == "kind=long" {
				continue // status 418 with a reason of 8 KiB: http-4xx is as good a name for it
			}
			scheme := "http"
			if over != "h1" {
				scheme = "https"
			}
			image := fmt.Sprintf("/image/%d.jpg", len(cases))
			cases = append(cases, faultCase{
				url:   fmt.Sprintf("%s://%s.test/fault/%s%s?%s", scheme, f.Name, f.Name, image, query),
				image: image, expect: strings.Split(f.Expect, "|"),
			})
		}
	}
	return cases
}

// notMet says why a fault is not met here, or returns nothing.
func notMet(name string) string {
	switch name {
	case "a32-drip", "a39-pauses":
		return "the window of the minimum speed is a minute: see TestSlowConformance"
	case "a74-private":
		return "no address is guarded when every host is mapped to one: see TestBorderInEveryMode"
	case "a98-outage":
		return "it outlasts the attempts that one image has: see TestOutageLosesNothing"
	case "a136-other-image":
		return "its bytes are a header alone, which is rightly no whole image: see TestFormatsByTheirBytes"
	}
	return ""
}

func (c *faultCase) judge(t *testing.T, r *Result, retries int) {
	t.Helper()
	got := string(r.Status)
	if r.Status == StatusFailed {
		got = string(r.Class)
	}
	for _, want := range c.expect {
		times, class, failed := strings.Cut(want, ":")
		if !failed {
			class, times = want, ""
		}
		attempts := map[string]int{"": r.Attempts, "T": retries + 1, "P": 1, "P1": 2}[times]
		if r.Class == ClassProtocol && strings.Contains(r.Error, "wait for the response") {
			attempts = r.Attempts // on a connection that others used it may have been theirs, and is tried again
		}
		if class == "ok" && (strings.Contains(c.url, "/a43-") || strings.Contains(c.url, "/a44-")) {
			attempts = 1 // an end between two requests is nobody's failure
		}
		if class == got && r.Attempts == attempts {
			c.checkBytes(t, r)
			return
		}
	}
	t.Errorf("%s: %s after %d attempts (%s), want %v", c.url, got, r.Attempts, r.Error, c.expect)
}

// checkBytes compares an image with what the server says it sends, unless the fault is
// that it sends other bytes.
func (c *faultCase) checkBytes(t *testing.T, r *Result) {
	t.Helper()
	if r.Status != StatusOK || sendsOtherBytes(c.url) {
		return
	}
	want, err := testserver.Image(c.image, 1)
	if err != nil {
		t.Fatal(err)
	}
	if sum := fmt.Sprintf("%x", sha256.Sum256(want)); r.SHA256 != sum {
		t.Errorf("%s: ok, with %d bytes that are not its image's %d", c.url, r.Bytes, len(want))
	}
}

// sendsOtherBytes reports whether a fault's bytes differ from those of its image by
// design.
func sendsOtherBytes(url string) bool {
	for _, fault := range []string{
		"a17-tiny-chunks", "a103", "a104", "a110", "a111", "a126", "a128-gif-no-end", "a129", "a130", "a132", "a133", // versions, sizes, formats
	} {
		if strings.Contains(url, "/fault/"+fault) {
			return true
		}
	}
	return false
}
