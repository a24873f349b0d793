package http1

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
)

// FuzzRequest compares the requests that appendRequest and net/http write: a
// server must read the same from both.
func FuzzRequest(f *testing.F) {
	f.Add("http://a.test/image/1.jpg?bytes=2", "", "grab/1", "If-Range", ` "x"`)
	f.Add("http://a.test:8080", "b.test", "", "Range", "bytes=7-")
	f.Add("http://[::1]:80//x%20y/ü?", "", "x", "X-A", "")
	f.Add("http://[fe80::1%25eth0]/?%", "a b", "\t", "Host", "c.test")
	f.Fuzz(func(t *testing.T, raw, host, agent, name, value string) {
		u, err := url.Parse(raw)
		if err != nil || u.Host == "" {
			return
		}
		req := &http.Request{
			Method: http.MethodGet, URL: u, Host: host,
			Header: http.Header{"User-Agent": {agent}, "Accept": {"image/*", "*/*"}},
		}
		req.Header.Add(name, value)
		if !validated(name, value) || !validated("User-Agent", agent) {
			return
		}
		ours, plain := appendRequest(nil, req)
		if !plain {
			return
		}
		var theirs bytes.Buffer
		if err := req.Write(&theirs); err != nil {
			t.Fatalf("net/http does not write it: %v\n%q", err, ours)
		}
		got, want := read(t, ours), read(t, theirs.Bytes())
		if got.RequestURI != want.RequestURI || got.Host != want.Host ||
			!reflect.DeepEqual(got.Header, want.Header) {
			t.Errorf("%q\n%q", ours, theirs.Bytes())
		}
	})
}

// validated reports whether net/http hands such a header to a registered protocol.
func validated(name, value string) bool {
	base := &http.Transport{}
	passed := false
	base.RegisterProtocol("http", transportFunc(func(*http.Request) (*http.Response, error) {
		passed = true
		return nil, io.EOF
	}))
	u := &url.URL{Scheme: "http", Host: "a.test"}
	_, _ = base.RoundTrip(&http.Request{URL: u, Header: http.Header{name: {value}}})
	return passed
}

type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

func read(t *testing.T, wire []byte) *http.Request {
	t.Helper()
	in := bufio.NewReader(bytes.NewReader(wire))
	req, err := http.ReadRequest(in)
	if err != nil {
		t.Fatalf("%v: %q", err, wire)
	}
	if rest, _ := io.ReadAll(in); len(rest) > 0 {
		t.Fatalf("%q after the request %q", rest, wire)
	}
	return req
}

// FuzzResponse compares what plainResponse and net/http read: both must find the
// same headers and the same body, and leave the same bytes for the next response.
func FuzzResponse(f *testing.F) {
	f.Add([]byte("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Type: image/png\r\n" +
		"ETag: \"x\"\r\nConnection: keep-alive\r\n\r\nabc"))
	f.Add([]byte("HTTP/1.1 200 \r\ncontent-length:3 \r\nX-A: 1\r\nx-a:\t2\r\n\r\nabcdef"))
	f.Add([]byte("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc"))
	f.Add([]byte("HTTP/1.1 200 OK\r\nContent-Length: +3\r\nA: b\r\n c\r\n\r\nab"))
	f.Add([]byte("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n" +
		"\r\n0\r\n\r\n"))
	f.Fuzz(func(t *testing.T, wire []byte) {
		req := &http.Request{Method: http.MethodGet}
		in := bufio.NewReaderSize(bytes.NewReader(wire), bufferSize)
		_, _ = in.Peek(1)
		got := plainResponse(in, req)
		if got == nil {
			if in.Buffered() != min(len(wire), bufferSize) {
				t.Fatalf("%d of %d bytes are left to net/http", in.Buffered(), len(wire))
			}
			return
		}
		other := bufio.NewReaderSize(bytes.NewReader(wire), bufferSize)
		want, err := http.ReadResponse(other, req)
		if err != nil {
			t.Fatalf("net/http does not take it: %v", err)
		}
		gotBody, gotErr := io.ReadAll(&sizedBody{reader: in, left: got.ContentLength})
		wantBody, wantErr := io.ReadAll(want.Body)
		if !bytes.Equal(gotBody, wantBody) || gotErr != wantErr {
			t.Errorf("body %q and %v, net/http has %q and %v", gotBody, gotErr, wantBody, wantErr)
		}
		want.Body = nil
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%+v\nnet/http has\n%+v", got, want)
		}
	})
}

// TestPlainRequests lists requests, and which of them net/http has to write.
func TestPlainRequests(t *testing.T) {
	for _, c := range []struct {
		raw, host string
		want      string // the beginning of the wire form; empty: left to net/http
	}{
		{"http://a.test", "", "GET / HTTP/1.1\r\nHost: a.test\r\n"},
		{"http://A-b_9.test:8080/x?", "", "GET /x? HTTP/1.1\r\nHost: A-b_9.test:8080\r\n"},
		{"http://[::1]:80/x?y", "", "GET /x?y HTTP/1.1\r\nHost: [::1]:80\r\n"},
		{"http://a.test/~%20!", "", "GET /~%20! HTTP/1.1\r\n"},
		{"http://a.test/", "other.test", "GET / HTTP/1.1\r\nHost: other.test\r\n"},
		{"http://a.test/", "b\u00fccher.test", ""},
		{"http://a.test/", "a test", ""},
		{"http://a.test/", "a;test", ""},
		{"http://a.test/", "a/test", ""},
		{"http://a.test/", "me@a.test", ""},
		{"http://a.test/", "a`test", ""},
		{"http://a.test/", "a{test", ""},
		{"http://a.test/?\u00fc", "", ""},
		{"http://a.test/?a b", "", ""},
		{"http://a.test/?\x7f", "", ""},
	} {
		u, err := url.Parse(strings.TrimSuffix(c.raw, "\x7f"))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(c.raw, "\x7f") {
			u.RawQuery = "\x7f"
		}
		for _, change := range []func(*http.Request){nil,
			func(r *http.Request) { r.Method = http.MethodHead },
			func(r *http.Request) { r.Close = true },
			func(r *http.Request) { r.URL.Opaque = "x" },
			func(r *http.Request) { r.Header = http.Header{} },
			func(r *http.Request) { r.Header["User-Agent"] = []string{"x", "y"} },
			func(r *http.Request) { r.Header["Host"] = []string{"x"} },
			func(r *http.Request) { r.Header["Trailer"] = []string{"x"} },
		} {
			copied := *u
			req := &http.Request{Method: http.MethodGet, URL: &copied, Host: c.host, Header: http.Header{"User-Agent": {"grab"}}}
			want := c.want
			if change != nil {
				change(req)
				want = ""
			}
			got, plain := appendRequest(nil, req)
			if plain != (want != "") || plain && !strings.HasPrefix(string(got), want) {
				t.Errorf("%s of %q: %v, %q; want %q", c.raw, c.host, plain, got, want)
			}
		}
	}
}

func TestTargetOf(t *testing.T) {
	for raw, want := range map[string]target{
		"http://a.test/": {false, "a.test:80"}, "https://a.test/": {true, "a.test:443"},
		"http://a.test:443/": {false, "a.test:443"}, "https://[::1]:80/": {true, "[::1]:80"},
	} {
		u, err := url.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		if got := targetOf(u); got != want {
			t.Errorf("%s: %v, want %v", raw, got, want)
		}
	}
}

func TestSightOf(t *testing.T) {
	for bytes, want := range map[string]sight{
		"HTTP/1.1 408 Request Timeout": gone, "HTTP/1.0 408": gone, "HTTP/1.1 40": talking, "HTTP/1.": talking,
		"HTTP/1.1 200 OK": talking, "HTTP/2.0 408": talking, "408": talking, "": talking,
	} {
		if got := sightOf([]byte(bytes)); got != want {
			t.Errorf("%q: %v, want %v", bytes, got, want)
		}
	}
}
