package engine_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	. "grab/downloader"
)

// picture is a small image of 8 x 6 pixels, and wholeReply a response that carries it.
var picture = func() []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 6)), nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}()

var wholeReply = reply("200 OK", string(picture), "Content-Type: image/jpeg")

// reply is a response with a Content-Length, the last one on its connection. On a
// connection that it keeps, the client would at times try again by itself.
func reply(status, body string, fields ...string) string {
	head := append([]string{"HTTP/1.1 " + status, fmt.Sprintf("Content-Length: %d", len(body)), "Connection: close"}, fields...)
	return strings.Join(head, "\r\n") + "\r\n\r\n" + body
}

// script answers one request. attempt counts the requests for its path, from 1. The
// connection is closed when script returns.
type script func(c conn, attempt int)

// conn is the server's end of a connection.
type conn struct {
	*net.TCPConn
	t testing.TB
}

// linger waits until the client hangs up.
func (c conn) linger() {
	c.SetReadDeadline(time.Now().Add(20 * time.Second))
	if _, err := io.Copy(io.Discard, c); errors.Is(err, os.ErrDeadlineExceeded) {
		c.t.Error("the client never hung up")
	}
}

// says returns a script that writes text to any request.
func says(text string) script {
	return func(c conn, _ int) { io.WriteString(c, text) }
}

// holds returns a script that writes text and then waits for the client to hang up.
func holds(text string) script {
	return func(c conn, _ int) { io.WriteString(c, text); c.linger() }
}

// inTurn gives each attempt a script of its own. The last script serves all later
// attempts too.
func inTurn(scripts ...script) script {
	return func(c conn, attempt int) { scripts[min(attempt, len(scripts))-1](c, attempt) }
}

// resets returns a script that writes text and then resets the connection.
func resets(text string) script {
	return func(c conn, _ int) { io.WriteString(c, text); c.SetLinger(0) }
}

// scriptServer answers each path with its script, one request a connection.
type scriptServer struct {
	net.Listener
	mu       sync.Mutex
	requests []*http.Request
}

func startScripts(t testing.TB, scripts map[string]script) *scriptServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &scriptServer{Listener: l}
	var running sync.WaitGroup
	t.Cleanup(func() { l.Close(); running.Wait() })
	running.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			running.Go(func() { s.serve(conn{c.(*net.TCPConn), t}, scripts) })
		}
	})
	return s
}

func (s *scriptServer) serve(c conn, scripts map[string]script) {
	defer c.Close()
	req, err := http.ReadRequest(bufio.NewReader(c))
	if err != nil {
		return
	}
	s.mu.Lock()
	s.requests = append(s.requests, req)
	s.mu.Unlock()
	scripts[req.URL.Path](c, len(s.asked(req.URL.Path)))
}

// asked returns the number of requests for a path so far.
func (s *scriptServer) asked(path string) []*http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.requests), func(r *http.Request) bool { return r.URL.Path != path })
}

func (s *scriptServer) url(path string) string { return "http://" + s.Addr().String() + path }

// wireFault is what a server does wrong, and what becomes of the image. With 2 retries, an
// image that may be tried again has 3 attempts.
type wireFault struct {
	name     string
	script   script
	class    Class // "" is ok
	attempts int
	status   int // HTTP
}

// wireFaults is a function, or each child process of the tests would pack its bodies.
var wireFaults = sync.OnceValue(func() []wireFault {
	return []wireFault{
		// Status codes.
		{"400", says(reply("400 Bad Request", "")), ClassHTTP4xx, 1, 400},
		{"403 with an image in it", says(reply("403 Forbidden", string(picture), "Content-Type: image/jpeg")), ClassHTTP4xx, 1, 403},
		{"404", says(reply("404 Not Found", "no")), ClassHTTP4xx, 1, 404},
		{"408", says(reply("408 Request Timeout", "")), ClassHTTP4xx, 3, 408},
		{"425", says(reply("425 Too Early", "")), ClassHTTP4xx, 3, 425},
		{"429", says(reply("429 Too Many Requests", "")), ClassRateLimited, 3, 429},
		{"429, come back soon", inTurn(says(reply("429 Too Many Requests", "", "Retry-After: 0")), says(wholeReply)), "", 2, 200},
		{"429, come back late", says(reply("429 Too Many Requests", "", "Retry-After: 86400")), ClassRateLimited, 1, 429},
		{"503, come back late", says(reply("503 Service Unavailable", "", "Retry-After: Fri, 31 Dec 2199 23:59:59 GMT")), ClassRateLimited, 1, 503},
		{"503, come back nonsense", says(reply("503 Service Unavailable", "", "Retry-After: soon")), ClassHTTP5xx, 3, 503},
		{"500 then ok", inTurn(says(reply("500 Oops", "")), says(wholeReply)), "", 2, 200},
		{"500 twice then ok", inTurn(says(reply("500 Oops", "")), says(reply("500 Oops", "")), says(wholeReply)), "", 3, 200},
		{"501", says(reply("501 Not Implemented", "")), ClassHTTP5xx, 1, 501},
		{"503 for ever", says(reply("503 Service Unavailable", "")), ClassHTTP5xx, 3, 503},
		{"505", says(reply("505 HTTP Version Not Supported", "")), ClassHTTP5xx, 1, 505},
		{"522", says(reply("522 Hm", "")), ClassHTTP5xx, 3, 522},
		{"999", says(reply("999 Request denied", "")), ClassHTTP4xx, 1, 999},

		// Responses that only look like successes.
		{"200 empty", says(reply("200 OK", "")), ClassEmpty, 2, 200},
		{"200 empty then ok", inTurn(says(reply("200 OK", "")), says(wholeReply)), "", 2, 200},
		{"200 empty, not framed", says("HTTP/1.1 200 OK\r\n\r\n"), ClassEmpty, 2, 200},
		{"204", says("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"), ClassEmpty, 1, 204},
		{"205", says(reply("205 Reset Content", "")), ClassEmpty, 1, 205},
		{"206 that nobody asked for", says(reply("206 Partial Content", string(picture), "Content-Range: bytes 0-9/10")), ClassProtocol, 2, 206},
		{"300", says(reply("300 Multiple Choices", "")), ClassProtocol, 1, 300},
		{"304", says("HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n"), ClassProtocol, 1, 304},
		{"HTML that claims to be a JPEG", says(reply("200 OK", "<!DOCTYPE html><p>login", "Content-Type: image/jpeg")), ClassNotImage, 1, 200},
		{"gzip that nobody asked for", says(reply("200 OK", gzipped(picture), "Content-Encoding: GZIP")), "", 1, 200},
		{"gzip by its header alone", says(reply("200 OK", string(picture), "Content-Encoding: gzip")), "", 1, 200},
		{"gzip of nothing", says(reply("200 OK", gzipped(nil), "Content-Encoding: gzip")), ClassEmpty, 2, 200},
		{"gzip that is cut", says(reply("200 OK", gzipped(picture)[:50], "Content-Encoding: gzip")), ClassEncoding, 3, 200},
		{"gzip in a body that is cut", says("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 999\r\n\r\n" + gzipped(picture)[:50]), ClassTruncated, 3, 200},
		{"gzip with more behind it", says(reply("200 OK", gzipped(picture)+"x", "Content-Encoding: gzip")), ClassEncoding, 3, 200},
		{"gzip that is too big", says(reply("200 OK", gzipped(append(picture[:len(picture):len(picture)], make([]byte, 2<<20)...)), "Content-Encoding: gzip")), ClassTooBig, 1, 200},
		{"gzip twice", says(reply("200 OK", gzipped([]byte(gzipped(picture))), "Content-Encoding: gzip, gzip")), "", 1, 200},
		{"too big by its header", holds("HTTP/1.1 200 OK\r\nContent-Length: 1000000000000000\r\n\r\n" + strings.Repeat("x", 1<<17)), ClassTooBig, 1, 200},
		{"too big by its body", says("HTTP/1.1 200 OK\r\n\r\n" + string(picture) + strings.Repeat("x", 1<<20)), ClassTooBig, 1, 200},

		// Framing.
		{"truncated", says(reply("200 OK", string(picture))[:200]), ClassTruncated, 3, 200},
		{"truncated then ok", inTurn(says(reply("200 OK", string(picture))[:200]), says(wholeReply)), "", 2, 200},
		{"truncated late", says("HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + string(picture) + strings.Repeat("x", 200000)), ClassTruncated, 3, 200},
		{"reset in the body", resets("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + string(picture)), ClassReset, 3, 200},
		{"reset before the headers", resets(""), ClassReset, 3, 0},
		{"chunks cut", says("HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n" + string(picture[:8]) + "\r\n"), ClassTruncated, 3, 200},
		{"chunk cut", says("HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n800\r\n" + string(picture[:8])), ClassTruncated, 3, 200},
		{"trailer cut", says("HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n" + string(picture[:8]) + "\r\n0\r\nX: y\r\n"), ClassTruncated, 3, 200},
		{"trailer missing", says("HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n" + string(picture[:8]) + "\r\n0\r\n"), ClassTruncated, 3, 200},
		{"chunk size overflow", says("HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n"), ClassProtocol, 1, 200},
		{"chunked and whole", says(fmt.Sprintf("HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(picture), picture)), "", 1, 200},
		{"closed at the end", says("HTTP/1.1 200 OK\r\n\r\n" + string(picture)), "", 1, 200},
		{"empty reply", says(""), ClassEmptyReply, 3, 0},
		{"headers cut", says("HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n"), ClassTruncated, 3, 0},
		{"not HTTP", says("SSH-2.0-OpenSSH_9.2\r\n"), ClassProtocol, 2, 0},
		{"two lengths", says("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"), ClassProtocol, 1, 0},
		{"negative length", says("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nhello!"), ClassProtocol, 1, 0},
		{"endless headers", says("HTTP/1.1 200 OK\r\n" + strings.Repeat("X-Header: of some length\r\n", 1<<15)), ClassProtocol, 1, 0},
		{"early hints then ok", says("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + wholeReply), "", 1, 200},
		{"101 and then silence", holds("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"), ClassProtocol, 1, 101},
		{"101 and endless noise", says("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n" + strings.Repeat("x", 1<<20)), ClassProtocol, 1, 101},

		// Redirects.
		{"redirect loop", says(reply("302 Found", "", "Location: /redirect-loop")), ClassTooManyRedirects, 1, 302},
		{"redirect to ftp", says(reply("302 Found", "", "Location: ftp://127.0.0.1/x")), ClassPolicy, 1, 302},
		{"redirect to file", says(reply("301 Moved", "", "Location: file:///etc/passwd")), ClassPolicy, 1, 301},
		{"redirect to data", says(reply("307 Temporary Redirect", "", "Location: data:image/gif;base64,R0lGODlh")), ClassPolicy, 1, 307},
		{"redirect to nowhere", says(reply("302 Found", "")), ClassProtocol, 1, 302},
		{"redirect to nonsense", says(reply("302 Found", "", "Location: http://[::1")), ClassProtocol, 1, 0}, // net/http keeps that response to itself
	}
})

func path(name string) string { return "/" + strings.ReplaceAll(name, " ", "-") }

func gzipped(data []byte) string {
	var b strings.Builder
	w := gzip.NewWriter(&b)
	w.Write(data)
	w.Close()
	return b.String()
}

// TestFaults runs all faults as one list in every mode. Each has its own result and
// costs the others nothing.
func TestFaults(t *testing.T) {
	eachMode(t, func(t *testing.T, opts Options) {
		scripts := map[string]script{}
		for _, f := range wireFaults() {
			scripts[path(f.name)] = f.script
		}
		server := startScripts(t, scripts)
		var urls []string
		for _, f := range wireFaults() {
			urls = append(urls, server.url(path(f.name)))
		}
		o := fetch(t, opts, urls...)
		for i, f := range wireFaults() {
			r := o.results[i]
			status := StatusOK
			if f.class != "" {
				status = StatusFailed
			}
			expect(t, r, status, f.class, f.attempts)
			if r.HTTPStatus != f.status {
				t.Errorf("%s: HTTP status %d in the result, want %d", f.name, r.HTTPStatus, f.status)
			}
			if f.class == "" && string(o.file(t, i)) != string(picture) {
				t.Errorf("%s: not the bytes that the server sent", f.name)
			}
			if asked := len(server.asked(path(f.name))); asked != f.attempts && f.class != ClassTooManyRedirects {
				t.Errorf("%s: the result says %d attempts, the server saw %d", f.name, r.Attempts, asked)
			}
		}
		checkWords(t, o)
	})
}

// checkWords checks the texts of the results.
func checkWords(t *testing.T, o outcome) {
	for i, want := range map[string]string{
		"404":                           "404 Not Found",
		"429, come back late":           "come back after 2",
		"503, come back late":           "come back after 2",
		"HTML that claims to be a JPEG": "text/html",
		"too big by its header":         "1000000000000000",
		"redirect to ftp":               "ftp",
	} {
		for j, f := range wireFaults() {
			if f.name == i && !strings.Contains(o.results[j].Error, want) {
				t.Errorf("%s: the error %q does not say %q", i, o.results[j].Error, want)
			}
		}
	}
}
