package testserver

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// lastModified is the age that every image claims, in the form of a header.
const lastModified = "Mon, 01 Jan 2024 00:00:00 GMT"

// errClosed is the cause that ends requests when the server is closed.
var errClosed = errors.New("testserver: server closed")

// ServeHTTP implements http.Handler. Without Start, a Server can so be part
// of another one; the ledger then does not know its connections.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	if resp, ok := s.unrecorded(r); ok {
		s.send(&wire{ResponseWriter: w, ctx: r.Context()}, r, resp)
		return
	}
	resp := s.decide(r)
	place, _ := r.Context().Value(seatKey{}).(*seat)
	t := s.book.begin(place, resp.image)

	out := &wire{ResponseWriter: w, ctx: r.Context(), fault: linkFault(r.Context())}
	if resp.image {
		resp = s.render(resp, r)
	}
	out.planned = resp.body.size
	last := func() {}
	if err := waitUntil(r.Context(), started.Add(resp.delay)); err != nil {
		out.err = err
	} else if resp.plot != nil {
		last = s.play(out, r, resp)
	} else {
		s.send(out, r, resp)
	}
	s.record(t, out, r, started)
	last()
}

// decide returns the answer to a request.
func (s *Server) decide(r *http.Request) response {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return notAllowed("GET, HEAD")
	}
	uri := requestURI(r)
	resp := s.router.route(ask{
		path:   s.faultPath(r),
		query:  r.URL.RawQuery,
		uri:    uri,
		host:   r.Host,
		secure: r.TLS != nil,
	})
	resp.plot = s.plot(r, resp)
	resp.pace = s.opts.Bandwidth
	if resp.image {
		resp.delay = s.opts.Latency
		if s.opts.Jitter > 0 {
			resp.delay = latency(s.opts, uri, s.visits.add(uri))
		}
	}
	return resp
}

// render adds its bytes to an answer that is an image.
func (s *Server) render(resp response, r *http.Request) response {
	b, tag, err := s.images.load(resp.picture, cmp.Or(resp.uri, requestURI(r)))
	if err != nil {
		return text(http.StatusInternalServerError, err.Error())
	}
	resp.body = b
	resp.fields = append(resp.fields,
		field{"Accept-Ranges", "bytes"},
		field{"Etag", tag},
		field{"Last-Modified", lastModified})
	return resp
}

// send is the only place where an answer goes to the wire.
func (s *Server) send(out *wire, r *http.Request, resp response) {
	header := out.Header()
	for _, f := range resp.fields {
		header[f.key] = append(header[f.key], f.value)
	}
	if resp.pace > 0 && r.Method != http.MethodHead {
		out.pacer = newPacer(resp.pace)
	}
	if resp.image && conditional(r.Header) {
		modified, _ := http.ParseTime(lastModified)
		http.ServeContent(out, r, "", modified, io.NewSectionReader(resp.body, 0, resp.body.size))
		return
	}
	if header["Content-Type"] == nil {
		header["Content-Type"] = nil // or net/http would guess one
	}
	if resp.image {
		header["Content-Length"] = []string{strconv.FormatInt(resp.body.size, 10)}
	}
	out.WriteHeader(resp.status)
	if r.Method == http.MethodHead {
		return
	}
	for _, part := range resp.body.parts {
		if _, err := out.Write(part); err != nil {
			return
		}
	}
}

// conditional reports whether the answer depends on more than the URI.
func conditional(h http.Header) bool {
	for _, key := range [...]string{"Range", "If-None-Match", "If-Modified-Since", "If-Match", "If-Unmodified-Since"} {
		if len(h[key]) > 0 {
			return true
		}
	}
	return false
}

// record enters a finished request into the ledger and the log.
func (s *Server) record(t ticket, out *wire, r *http.Request, started time.Time) {
	req := Request{
		Seq:     t.seq,
		Conn:    t.conn,
		Remote:  r.RemoteAddr,
		Proto:   r.Proto,
		Method:  r.Method,
		Host:    r.Host,
		URI:     r.RequestURI,
		Range:   r.Header.Get("Range"),
		Fault:   out.fault,
		Header:  careful(r.Header),
		Status:  out.status,
		Planned: out.planned,
		Sent:    out.sent,
		Started: started,
		Seconds: time.Since(started).Seconds(),
		End:     EndComplete,
	}
	if r.Method == http.MethodHead {
		req.Planned = 0
	}
	if req.Planned < 0 {
		req.Planned = req.Sent
	}
	if out.staged {
		req.End = EndFault
	}
	if out.err != nil || req.Sent < req.Planned && !out.staged {
		req.End = EndClientGone
		if errors.Is(context.Cause(r.Context()), errClosed) {
			req.End = EndClosed
		}
	}
	if req.End != EndClosed && relayed(r.Context()) {
		req.End = EndFault
	}
	s.book.finish(t, req)
	s.log.write(req)
}

// careful returns the fields of a request's header that the ledger keeps.
func careful(h http.Header) map[string]string {
	var kept map[string]string
	for key, values := range h {
		switch key {
		case "Authorization", "Cookie", "If-Range", "Proxy-Authorization", "Referer":
		default:
			if !strings.HasPrefix(key, "X-") {
				continue
			}
		}
		if kept == nil {
			kept = make(map[string]string)
		}
		kept[key] = strings.Join(values, ", ")
	}
	return kept
}

// requestURI is the path and query of a request, even if the client sent a
// whole URL as one does to a proxy.
func requestURI(r *http.Request) string {
	if len(r.RequestURI) > 0 && r.RequestURI[0] == '/' {
		return r.RequestURI
	}
	return r.URL.RequestURI()
}
