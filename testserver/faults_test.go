package testserver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"grab/testserver/fault"
)

// client requests faults from a server over one protocol.
type client struct {
	t     testing.TB
	s     *Server
	proto string
	whole []byte // the image as it should be
}

func (c client) do(f fault.Fault, query string, idle time.Duration) string {
	hc := noFollow(newClient(c.t, c.s))
	tr := hc.Transport.(*http.Transport)
	defer tr.CloseIdleConnections()
	tr.MaxResponseHeaderBytes = 256 << 10
	scheme := "https"
	switch c.proto {
	case "h1":
		scheme = "http"
	case "tls":
		tr.Protocols = new(http.Protocols)
		tr.Protocols.SetHTTP1(true)
	}
	if f.OwnAddr {
		addr, err := c.s.FaultAddr(f.Name)
		if err != nil {
			c.t.Error(err)
		}
		tr.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, addr)
		}
	}
	url := scheme + "://" + c.proto + "." + f.Name + "." + FaultDomain + "/image/7.jpg"
	if query != "" {
		url += "?" + query
	}
	return outcome(hc, url, c.whole, idle)
}

// outcome returns how a request for an image ended, as text. It gives up when nothing comes
// for as long as idle.
func outcome(c *http.Client, url string, want []byte, idle time.Duration) string {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	watchdog := time.AfterFunc(idle, func() { cancel(errors.New("silence")) })
	defer watchdog.Stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err.Error()
	}
	resp, err := c.Do(req)
	if err != nil {
		return errorText(ctx, err)
	}
	defer resp.Body.Close()
	what := fmt.Sprint(resp.StatusCode)
	if l := resp.Header.Get("Location"); l != "" {
		what += " to " + l
	}
	if resp.StatusCode == http.StatusSwitchingProtocols {
		return what // its body is a connection
	}
	const enough = 1 << 20
	var data bytes.Buffer
	for err == nil && data.Len() < enough {
		_, err = io.CopyN(&data, resp.Body, 64)
		watchdog.Reset(idle)
	}
	switch {
	case data.Len() >= enough:
		return what + " endless"
	case bytes.Equal(data.Bytes(), want):
		what += " whole"
	case data.Len() > 0 && bytes.HasPrefix(want, data.Bytes()):
		what += " part"
	case data.Len() > 0:
		what += " other"
	}
	if err == io.EOF {
		return what
	}
	return what + ", " + errorText(ctx, err)
}

func errorText(ctx context.Context, err error) string {
	if ctx.Err() != nil {
		return context.Cause(ctx).Error()
	}
	return err.Error()
}

// TestFaultsOnTheWire requests each fault over each of its protocols, and compares what an
// ordinary client makes of it.
func TestFaultsOnTheWire(t *testing.T) {
	s := start(t, Options{})
	whole, err := Image("/image/7.jpg", 0)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	slots := make(chan struct{}, 16)
	for _, f := range Faults() {
		want, known := outcomes()[f.Name]
		if !known {
			t.Errorf("%s has no test", f.Name)
			continue
		}
		idle := 20 * time.Second
		if strings.Contains(want, "silence") {
			idle = 2 * time.Second // a busy machine needs a while for what comes before
		}
		for proto := range strings.FieldsSeq(f.Over) {
			slots <- struct{}{}
			wg.Go(func() {
				defer func() { <-slots }()
				got := client{t, s, proto, whole}.do(f, quick(f), idle)
				if !regexp.MustCompile(want).MatchString(got) {
					t.Errorf("%s over %s: %q, want %q", f.Name, proto, got, want)
				}
			})
		}
	}
	wg.Wait()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, r := range s.Ledger().Requests {
		named[r.Fault] = true
	}
	for _, f := range Faults() {
		if place := f.Conn != nil && f.Conn.Listen != nil; !named[f.Name] && !place {
			t.Errorf("%s is not in the ledger", f.Name)
		}
	}
}

// quick returns parameters that make a fault fast enough for a test.
func quick(f fault.Fault) string {
	switch f.Name {
	case "a36-steady":
		return "rate=100000"
	case "a39-pauses":
		return "pause=1ms"
	}
	return ""
}

// outcomes returns what an ordinary client makes of each fault, as regular expressions.
func outcomes() map[string]string {
	const (
		whole  = "^200 whole$"
		other  = "^200 other$"
		cut    = "^200 part, unexpected EOF$"
		reset  = "(reset by peer|INTERNAL_ERROR)"
		broken = "transport connection broken"
		status = "^503 other$"
		silent = "^silence$"
		stall  = "^200 part, silence$"
		moved  = "^302 to .*/as/.* other$"
	)
	return map[string]string{
		"a01-short": cut, "a02-reset": "^200 part, .*" + reset, "a03-chunks-cut": cut,
		"a04-trailer-cut": "^200 whole, .*EOF reading trailer", "a05-unframed-cut": "^200 part$",
		"a06-no-close-notify": "^200 part$", "a07-unframed": whole, "a08-extra": whole, "a09-forged-next": whole,
		"a10-two-lengths": broken, "a11-length-twice": broken, "a12-bad-length": broken, "a13-length-and-chunks": whole,
		"a14-bad-coding": broken, "a15-bad-chunk-size": "^200, .*chunk length too large", "a16-chunk-extensions": "^200, .*too long",
		"a17-tiny-chunks": whole, "a18-trailers": whole, "a18-announced": broken,
		"a19-http09": broken + "|malformed", "a19-ssh": "malformed HTTP|readLoopPeekFail", "a19-tls": broken + "|malformed",
		"a20-status-line": "^0 whole", "a20-status-999": "^999 whole", "a20-no-reason": whole, "a21-empty-reply": "EOF$",
		"a22-odd-field": whole, "a23-big-header": broken, "a24-interim-flood": broken, "a25-early-hints": whole, "a26-switch": "^101",
		"a27-no-content": "^204$", "a27-transformed": "^203 whole$", "a27-choices": "^300 other$", "a28-empty": "^200$",
		"a30-silent": silent, "a31-stall": stall, "a32-drip": "silence", "a33-slow-header": silent,
		"a34-endless": "endless", "a35-huge-length": "^200 whole, silence", "a36-steady": whole, "a38-left-open": whole, "a39-pauses": whole,
		"a40-accept": "reset by peer", "a40-handshake": "reset by peer|broken pipe|could not be established", "a40-request": "reset by peer",
		"a41-no-syn": silent, "a42-refused": "refused", "a43-idle-close": whole, "a44-close": whole, "a45-reuse": stall,
		"a46-vanish": stall, "a46-vanish-h2": stall,
		"a51-silent-hello": silent, "a51-closed-hello": "EOF", "a51-garbage": "^200 part, .*bad record MAC",
		"a52-expired": "expired", "a52-not-yet": "not yet valid", "a52-wrong-host": "valid for wrong.example", "a52-no-name": "legacy Common Name",
		"a52-self-signed": "unknown authority", "a52-untrusted-root": "unknown authority", "a52-incomplete-chain": "unknown authority",
		"a53-tls10": "protocol version", "a53-rc4": "handshake failure", "a53-3des": "handshake failure", "a53-static-key": "handshake failure",
		"a53-many-names": whole, "a53-huge-key": "larger than 8192 bits", "a54-turns-bad": whole,
		"a55-plain": "HTTP response to HTTPS", "a55-http1-in-h2": "http2: |EOF|PROTOCOL",
		"a56-goaway-after": whole, "a57-goaway-before": whole, "a57-refused": whole,
		"a58-reset-internal": "^200 part, .*INTERNAL_ERROR", "a58-reset-cancel": "^200 part, .*CANCEL", "a58-reset-some": "^200 part, .*INTERNAL_ERROR",
		"a59-http1-only": "HTTP_1_1_REQUIRED", "a60-short": cut, "a60-beyond": "^200 whole, .*more than declared",
		"a61-one-stream": whole, "a61-no-stream": whole + "|silence", "a61-tiny-window": whole, "a61-tiny-frames": whole,
		"a62-continuation": "PROTOCOL_ERROR|limit", "a62-settings": silent, "a62-ping": silent, "a62-push": "PROTOCOL_ERROR",
		"a62-empty-data": "^200, silence", "a62-frame-size": "PROTOCOL_ERROR|not be established", "a63-key-updates": "tls: |not be established", "a63-tickets": "tls: |not be established",
		"a70-chain": "^302 to /fault/a70-chain/image/7.jpg.hops=4 ", "a71-loop": "^302 to /image/7.jpg", "a71-long-chain": "^302 to .*hops=10",
		"a72-no-location": "^302 other$", "a73-scheme": "^302 to file:", "a74-private": "^302 to http://127",
		"a75-downgrade": "^302 to http://", "a76-elsewhere": "^302 to http://elsewhere.test/as/", "a77-and-back": "^302 to http://elsewhere.test/fault/",
		"a78-referer": moved, "a79-userinfo": "^302 to http://user:pass@", "a81-endless-redirect": "^302 to /as/.* endless",
		"a82-odd-location": "^302 to /as/a b.jpg", "a83-cookies": "^302 to /fault/a83", "a84-odd-target": moved, "a85-advice": whole, "a85-meta-refresh": other,
		"a90-refused": "^404 whole$", "a91-status": status, "a91-rate-limited": "^429 other$", "a91-early": "^408 other$", "a91-unable": "^501 other$",
		"a92-retry-after": status, "a93-retry-date": status, "a94-retry-late": status, "a95-retry-nonsense": status, "a95-retry-twice": status,
		"a96-retry-now": status, "a97-fails-first": status, "a97-fails-odd": status, "a98-outage": status,
		"a100-unasked-partial": "^206 whole$", "a101-ignores-range": cut, "a102-wrong-range": cut, "a103-other-tag": cut, "a104-changed": cut,
		"a105-weak-tag": cut, "a105-no-validator": cut, "a105-fresh": cut, "a106-have-all": "^200 whole, unexpected EOF", "a106-other-size": cut, "a106-no-size": cut,
		"a107-multipart": cut, "a108-encoded": "^200 other, unexpected EOF", "a109-lying-rest": cut, "a109-digest": cut,
		"a110-too-long": cut, "a110-no-ranges": cut, "a111-grows": cut, "a111-shrinks": cut,
		"a120-gzip": other, "a121-gzip-cut": other, "a121-gzip-crc": other, "a121-gzip-junk": other, "a121-gzip-members": other,
		"a122-gzip-bomb": "endless", "a122-nested": other, "a123-unknown-coding": whole, "a124-not-gzip": whole,
		"a125-html": other, "a126-png-as-jpg": other, "a127-image-cut": "^200 part$", "a127-png-cut": other, "a127-gif-cut": other, "a127-webp-cut": other,
		"a128-png-crc": other, "a128-png-zlib": other, "a128-png-no-end": other, "a128-jpeg-no-end": "^200 part$", "a128-gif-no-end": other, "a128-webp-size": other,
		"a129-jpeg-zip": other, "a129-gif-js": other, "a129-png-php": other, "a129-trailing": other, "a130-svg": other,
		"a131-png-bomb": other, "a131-webp-bomb": other, "a131-bmp-bomb": other, "a131-tiff-loop": other,
		"a132-gif-frames": "endless", "a132-apng": other, "a132-webp-moves": other, "a133-text-bomb": other, "a133-profile-bomb": other, "a133-exif-loop": other,
		"a134-jpeg-scan": other, "a134-png-no-width": other, "a134-gif-code": other, "a135-ever-new": whole, "a136-other-image": other, "a136-no-image": other,
		"a140-path-name": whole, "a142-name-forms": whole, "a143-control-name": whole, "a143-raw-controls": broken + "|malformed", "a144-not-utf8": whole,
		"a145-reserved-name": whole, "a149-own-name": whole, "a150-extension": whole,
		"a163-portal": other, "a166-escapes": "^404 whole|" + broken, "a167-forged-frame": whole, "a168-dash": moved,
	}
}
