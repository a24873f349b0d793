package wire

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"grab/testserver/outlet"
	"grab/testserver/reply"
)

// sizes is an http.ResponseWriter that writes down what it gets.
type sizes struct {
	header http.Header
	log    []string
	fail   error // of writes
}

func (s *sizes) Header() http.Header { return s.header }

func (s *sizes) WriteHeader(status int) { s.log = append(s.log, fmt.Sprint("status ", status)) }

func (s *sizes) Write(p []byte) (int, error) {
	if s.fail != nil {
		return 0, s.fail
	}
	s.log = append(s.log, fmt.Sprint(len(p)))
	return len(p), nil
}

func (s *sizes) FlushError() error {
	s.log = append(s.log, "flush")
	return nil
}

func (s *sizes) SetWriteDeadline(time.Time) error { return nil }

func newSizes(method string, field ...string) (*sizes, *http.Request, *Writer) {
	s := &sizes{header: http.Header{}}
	r := httptest.NewRequest(method, "/x", nil)
	if len(field) == 2 {
		r.Header.Set(field[0], field[1])
	}
	return s, r, NewWriter(s, r)
}

// TestSend checks the pieces that an answer is sent in. The last KiB is one of its own.
func TestSend(t *testing.T) {
	image := func(parts ...int) reply.Response {
		var body [][]byte
		for _, n := range parts {
			body = append(body, make([]byte, n))
		}
		return reply.Response{Status: 200, Image: true, Body: reply.NewBody(body...), Fields: []reply.Field{reply.Header("Etag", `"x"`)}}
	}
	paced := image(100, 30)
	paced.Pace = 2500 // 50 bytes every 20 ms
	for _, c := range []struct {
		resp  reply.Response
		field []string
		want  string
		after time.Duration
	}{
		{image(3000), nil, "status 200, 1976, 1024", 0},
		{image(1024), nil, "status 200, 1024", 0},
		{image(1025), nil, "status 200, 1, 1024", 0},
		{image(1000, 1000, 30), nil, "status 200, 1000, 6, 994, 30", 0},
		{reply.Text(404, "no"), nil, "status 404, 3", 0},
		{reply.Response{Status: 204}, nil, "status 204", 0},
		{paced, nil, "status 200, flush, 50, flush, 50, flush, 30", 52 * time.Millisecond},
		{image(3000), []string{"Range", "bytes=100-2099"}, "status 206, 976, 1024", 0},
		{image(3000), []string{"If-None-Match", `"x"`}, "status 304", 0},
		{image(30), []string{"If-Match", `"y"`}, "status 412", 0},
		{image(30), []string{"If-Modified-Since", LastModified}, "status 304", 0},
		{image(30), []string{"If-Unmodified-Since", "Sun, 31 Dec 2023 00:00:00 GMT"}, "status 412", 0},
		{reply.Text(200, "no"), []string{"Range", "bytes=1-2"}, "status 200, 3", 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			s, r, w := newSizes("GET", c.field...)
			began := time.Now()
			w.Send(r, c.resp)
			if got := strings.Join(s.log, ", "); got != c.want || time.Since(began) != c.after || w.Err != nil {
				t.Errorf("%v: %s after %v, want %s after %v; %v", c.field, got, time.Since(began), c.want, c.after, w.Err)
			}
			if sent := w.Sent; w.Planned >= 0 && sent != w.Planned && w.Status != 304 {
				t.Errorf("%v: %d of %d", c.field, sent, w.Planned)
			}
		})
	}
	s, r, w := newSizes("HEAD")
	paced.Body = reply.NewBody(make([]byte, 5000))
	if w.Send(r, paced); strings.Join(s.log, ", ") != "status 200" || w.Planned != 5000 || w.Sent != 0 || s.header.Get("Content-Length") != "5000" {
		t.Errorf("HEAD: %v, %+v", s.log, w)
	}
	if _, ok := s.header["Content-Type"]; !ok {
		t.Error("net/http may guess the type")
	}
}

// TestWriter has writes before a header, and writes that fail.
func TestWriter(t *testing.T) {
	s, _, w := newSizes("GET")
	if n, err := w.Write(make([]byte, 2000)); n != 2000 || err != nil || w.Status != 200 || w.Planned != -1 || w.Sent != 2000 || strings.Join(s.log, ", ") != "status 200, 2000" {
		t.Errorf("%d, %v, %+v, %v", n, err, w, s.log)
	}
	s, _, w = newSizes("GET")
	s.fail = errors.New("gone")
	for range 2 {
		if n, err := w.Write([]byte("x")); n != 0 || err != s.fail || w.Sent != 0 {
			t.Errorf("%d, %v, %+v", n, err, w)
		}
	}
	for rate, want := range map[int64]int{1: 1, 49: 1, 50: 1, 100: 2, 5000: 100, 50 * (64 << 10): 64 << 10, 1 << 40: 64 << 10} {
		if got := newPacer(rate).chunk(); got != want {
			t.Errorf("%d a second: %d at a time, want %d", rate, got, want)
		}
	}
}

// TestStream plays on a stream of HTTP/2.
func TestStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _, w := newSizes("GET")
		w.Planned = 7
		st := NewStream(w)
		if !st.Pause(time.Second) || len(s.log) != 0 { // nothing to flush yet
			t.Errorf("%v", s.log)
		}
		st.Begin(203, []reply.Field{reply.Header("X-A", "1"), reply.Header("X-A", "2")})
		_, _ = st.Write([]byte("ab"))
		if !st.Pause(time.Minute) || !w.ByFault || w.Planned != 7 || strings.Join(s.log, ", ") != "status 203, 2, flush" || len(s.header["X-A"]) != 2 {
			t.Errorf("%v, %+v, %v", s.log, w, s.header)
		}
		began := time.Now()
		if st.Pause(outlet.MaxPlay) || time.Since(began) != outlet.MaxPlay-61*time.Second {
			t.Errorf("after %v", time.Since(began))
		}
		s, r, w := newSizes("GET")
		ctx, cancel := context.WithCancel(r.Context())
		w.ctx = ctx
		st = NewStream(w)
		st.Begin(200, []reply.Field{reply.ContentLength(5)})
		cancel()
		if st.Pause(time.Second) || w.Planned != 5 || w.Err != context.Canceled {
			t.Errorf("%+v", w)
		}
		st.Flush()
		if st.Pause(time.Second) || strings.Join(s.log, ", ") != "status 200, flush" {
			t.Errorf("after the end: %v", s.log)
		}
		for end, want := range map[outlet.Ending]any{outlet.EndClose: nil, outlet.EndReset: http.ErrAbortHandler, outlet.EndBare: http.ErrAbortHandler, outlet.EndHold: http.ErrAbortHandler, outlet.EndResetOnUse: nil} {
			func() {
				defer func() {
					if got := recover(); got != want {
						t.Errorf("end %d: %v", end, got)
					}
				}()
				st.Finish(end)
			}()
		}
	})
}
