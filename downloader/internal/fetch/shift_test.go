package fetch

import (
	"bufio"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"grab/downloader"
	"grab/downloader/internal/client"
	"grab/downloader/internal/stage"
	"grab/downloader/internal/work"
	"grab/downloader/live"
)

// pictureOf returns the image at a path, which no other path has. Some are larger than
// all buffers on the way.
func pictureOf(path string) string {
	picture := "GIF89a\x08\x00\x06\x00" + path
	if strings.HasSuffix(path, "0") {
		picture += strings.Repeat(path, 100_000/len(path))
	}
	return picture
}

func okResponse(path string) string {
	picture := pictureOf(path)
	return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(picture), picture)
}

// strangers are responses that answer no request. %s is a path.
func strangers() []string {
	other := pictureOf("/another")
	return []string{
		fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(other), other),
		okResponse("/another/0"),
		fmt.Sprintf("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(other), other),
		"HTTP/1.1 204 No Content\r\n\r\n",
		"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.1 410 Gone\r\nContent-Length: 5\r\n\r\ngone.",
		"HTTP/1.1 302 Found\r\nLocation: /another\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.0 408 Request Time-out\r\nConnection: close\r\n\r\n<html>",
		"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>",
		"no HTTP at all\r\n\r\n",
		"\r\n",
	}
}

// shifter is a server that answers each request properly, and slips strangers in.
type shifter struct {
	net.Listener
	shifts, requests atomic.Int64
	serving          sync.WaitGroup
	slipped          sync.Map // from the path of an image to a channel; closed: a stranger follows no more
}

func startShifter(t *testing.T, wrap func(net.Listener) net.Listener) *shifter {
	l, err := net.Listen("tcp", privateHost+":0")
	if err != nil {
		t.Fatal(err)
	}
	s := &shifter{Listener: wrap(l)}
	t.Cleanup(func() { s.Close(); s.serving.Wait() })
	s.serving.Go(func() {
		for {
			c, err := s.Accept()
			if err != nil {
				return
			}
			s.serving.Go(func() { defer c.Close(); s.serve(c) })
		}
	})
	return s
}

// serve answers the requests of one connection. A stranger comes with the first response,
// at a random moment after it, or with the second response.
func (s *shifter) serve(c net.Conn) {
	all := strangers()
	stranger, way := all[rand.IntN(len(all))], rand.IntN(5)
	in := bufio.NewReader(c)
	for i := 1; ; i++ {
		req, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		s.requests.Add(1)
		answer := okResponse(req.URL.Path)
		before, after := "", ""
		switch {
		case i == 1 && way == 0, i == 2 && way == 2:
			after = stranger
		case i == 2 && way >= 3:
			before = stranger
		}
		if before+after != "" {
			s.shifts.Add(1)
		}
		_, _ = io.WriteString(c, before+answer+after)
		if i == 1 && way == 1 {
			s.shifts.Add(1)
			done := make(chan struct{})
			s.slipped.Store(req.URL.Path, done)
			s.serving.Add(1)
			time.AfterFunc(time.Duration(rand.IntN(500))*time.Microsecond, func() {
				defer s.serving.Done()
				defer close(done)
				_, _ = io.WriteString(c, stranger)
			})
		}
	}
}

// await returns once the stranger has gone out that follows an image, if there is one.
func (s *shifter) await(path string) {
	if done, ok := s.slipped.Load(path); ok {
		<-done.(chan struct{})
	}
}

// TestShifts has a server that sends responses nobody asked for (RFC 9112 section 9.2).
// Each image has bytes of its own: none may get another's, and none may be lost. No
// attempt takes more than two requests. A response that goes out while the request is on
// its way is not played: nobody can tell it from the right one.
func TestShifts(t *testing.T) {
	certificate := httptest.NewUnstartedServer(nil)
	certificate.StartTLS()
	certificate.Close()
	for scheme, wrap := range map[string]func(net.Listener) net.Listener{
		"http": func(l net.Listener) net.Listener { return l },
		"https": func(l net.Listener) net.Listener {
			return tls.NewListener(l, &tls.Config{Certificates: certificate.TLS.Certificates})
		},
	} {
		t.Run(scheme, func(t *testing.T) {
			hosts := map[string]int{"http": 600, "https": 150}[scheme]
			if testing.Short() {
				hosts /= 10
			}
			s := startShifter(t, wrap)
			var wrong, images atomic.Int64
			var fetching sync.WaitGroup
			for worker := range 4 {
				fetching.Go(func() {
					f := shiftFetcher(t, s.Addr().String())
					for n := range hosts / 4 {
						for i := range 3 {
							raw := fmt.Sprintf("%s://w%d-%d.test/%d-%d-%d", scheme, worker, n, worker, n, i)
							u, _ := url.Parse(raw)
							sum := sha256.Sum256([]byte(pictureOf(u.Path)))
							r := f.Do(t.Context(), work.Job{Item: downloader.Item{URL: raw}}).Result
							s.await(u.Path)
							images.Add(1)
							if r.SHA256 != hex.EncodeToString(sum[:]) || r.Attempts != 1 {
								wrong.Add(1)
								t.Logf("%s: class %q, %d attempts, %s", raw, r.Class, r.Attempts, r.Error)
							}
						}
					}
				})
			}
			fetching.Wait()
			t.Logf("%d images, %d requests, %d shifts, %d wrong", images.Load(), s.requests.Load(), s.shifts.Load(), wrong.Load())
			if wrong.Load() > 0 || s.requests.Load() > 2*images.Load() {
				t.Errorf("%d of %d images are wrong, after %d requests", wrong.Load(), images.Load(), s.requests.Load())
			}
		})
	}
}

// shiftFetcher returns a fetcher that makes one attempt for each image. All hosts lead to
// one address, and each is a server of its own to it.
func shiftFetcher(t *testing.T, address string) *Fetcher {
	opts := downloader.Defaults()
	opts.Dir, opts.Workers, opts.Retries, opts.Insecure, opts.Verify = t.TempDir(), 1, 0, true, downloader.VerifyType
	stager, err := stage.New(opts.Dir, false)
	if err != nil {
		t.Error(err)
	}
	f := New(opts, client.Network{Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, address)
	}}, stager, &live.Counters{}, nil)
	t.Cleanup(func() { f.Close(); stager.Close() })
	return f
}

// TestDoubtfulResponse has a response that is no image on a used connection. It is asked
// for once more, on a new connection, within the same attempt. On a new connection it
// counts at once.
func TestDoubtfulResponse(t *testing.T) {
	var mu sync.Mutex
	var asked []string
	count := map[string]int{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, r.URL.Path+" "+r.RemoteAddr)
		count[r.URL.Path]++
		switch {
		case r.URL.Path == "/gone", r.URL.Path == "/shifted" && count["/shifted"] == 1:
			w.WriteHeader(http.StatusNotFound)
		case r.URL.Path == "/page":
			fmt.Fprint(w, "<html>")
		case r.URL.Path == "/busy":
			w.WriteHeader(http.StatusServiceUnavailable)
		default:
			fmt.Fprint(w, pictureOf(r.URL.Path))
		}
	}))
	defer server.Close()
	for path, want := range map[string]struct {
		class    downloader.Class
		requests int
	}{
		"/gone": {downloader.ClassHTTP4xx, 2}, "/shifted": {"", 2}, "/page": {downloader.ClassNotImage, 2}, "/busy": {downloader.ClassHTTP5xx, 1},
	} {
		f := shiftFetcher(t, server.Listener.Addr().String())
		do := func(path string) downloader.Result {
			return f.Do(t.Context(), work.Job{Item: downloader.Item{URL: "http://a.test" + path}}).Result
		}
		asked = nil
		do("/image")
		do("/image")
		r := do(path)
		mu.Lock()
		if r.Class != want.class || r.Attempts != 1 || len(asked) != 2+want.requests {
			t.Errorf("%s: class %q after %d attempts, requests %q", path, r.Class, r.Attempts, asked)
		}
		used, last := asked[0][len("/image"):], asked[len(asked)-1][len(path):]
		if (used != last) != (want.requests == 2) {
			t.Errorf("%s: requests %q", path, asked)
		}
		mu.Unlock()
		if path == "/gone" {
			asked = nil
			for range 2 { // confirmed once more, and then believed
				do("/image")
				do("/gone")
			}
			if len(asked) != 5 {
				t.Errorf("confirmed: requests %q", asked)
			}
			asked = nil
			fresh := shiftFetcher(t, server.Listener.Addr().String())
			if r := fresh.Do(t.Context(), work.Job{Item: downloader.Item{URL: "http://a.test/gone"}}).Result; r.Class != want.class || len(asked) != 1 {
				t.Errorf("on a new connection: class %q, requests %q", r.Class, asked)
			}
		}
	}
}

// TestOlderHTTPS has servers that speak HTTP/1.1 over TLS only, and users that prefer
// HTTP/2 or do not. The connections whose handshakes showed that carry all their images.
func TestOlderHTTPS(t *testing.T) {
	for _, c := range []struct {
		named       bool // the server says which version it speaks
		http2       bool
		connections int
	}{{true, false, 1}, {true, true, 1}, {false, true, 1}, {false, false, 2}} {
		s := startStation(t, privateHost+":0")
		s.EnableHTTP2 = false
		s.TLS = &tls.Config{NextProtos: []string{}}
		if c.named {
			s.TLS.NextProtos = []string{"http/1.1"}
		}
		s.startTLS(t)
		tr := newTraveller(t, client.Network{}, func(o *downloader.Options) { o.HTTP2 = c.http2 })
		for range 3 {
			tr.goes(s.URL+"/x", "")
		}
		s.heard(t, c.connections, 3)
	}
}
