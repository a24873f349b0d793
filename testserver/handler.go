package testserver

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"grab/testserver/authority"
	"grab/testserver/fault"
	"grab/testserver/faults"
	"grab/testserver/ledger"
	"grab/testserver/picture"
	"grab/testserver/reply"
	"grab/testserver/route"
	"grab/testserver/wire"
)

// handler answers requests. It needs no listener.
type handler struct {
	opts        Options
	catalogue   faults.Catalogue
	router      route.Router
	pictures    *picture.Maker
	authority   *authority.Authority
	admin       admin
	visits      counts // of URIs of images, for their latencies
	faultCounts counts // of requests and connections with a fault, for those that pass
	recorder    *ledger.Recorder
}

func newHandler(o Options, ca *authority.Authority) *handler {
	catalogue := faults.NewCatalogue()
	h := &handler{
		opts:      o,
		catalogue: catalogue,
		router:    route.New(o.Seed, catalogue),
		pictures:  picture.NewMaker(o.Seed),
		authority: ca,
		recorder:  ledger.NewRecorder(o.Log),
	}
	h.admin = admin{ledger: h.recorder.Snapshot, reset: h.reset, ca: ca.PEM}
	return h
}

// reset forgets every request.
func (h *handler) reset() {
	h.visits.reset()
	h.faultCounts.reset()
	h.recorder.Reset()
}

// ServeHTTP implements http.Handler.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	out := wire.NewWriter(w, r)
	if resp, ok := h.admin.answer(r); ok {
		out.Send(r, resp)
		return
	}
	d := h.decide(r)
	resp, delay := d.Reply, h.delay(r, d)
	resp.Pace = h.opts.Bandwidth
	t := h.recorder.Begin(connOf(r.Context()).inLedger(), resp.Image)

	faultName := connFault(r.Context())
	if resp.Image {
		if resp = h.render(resp, r, d); !resp.Image { // it failed
			delay, d.Fault = 0, nil
		}
	}
	out.Planned = resp.Body.Size
	last := func() {}
	if err := wire.WaitUntil(r.Context(), started.Add(delay)); err != nil {
		out.Err = err
	} else if d.Fault != nil {
		last, faultName = play(out, h.faultRequest(r, d, resp), d.Fault, faultName)
	} else {
		out.Send(r, resp)
	}
	h.record(t, out, r, faultName, started)
	last()
}

// decide returns how to answer a request.
func (h *handler) decide(r *http.Request) route.Decision {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return route.Decision{Reply: reply.NotAllowed("GET, HEAD")}
	}
	d := h.router.Route(route.Request{
		Path:   h.path(r),
		Query:  r.URL.RawQuery,
		URI:    requestURI(r),
		Host:   r.Host,
		Secure: r.TLS != nil,
		HTML:   strings.Contains(r.Header.Get("Accept"), "text/html"),
	})
	d.Fault = h.chosenFault(r, d)
	return d
}

// path returns the path of a request. If the fault comes from the host, or from the
// address that the client connected to, it is added to the path. Paths where
// redirects of faults end are exempt.
func (h *handler) path(r *http.Request) string {
	path := r.URL.EscapedPath()
	name := connFault(r.Context())
	if name == "" {
		if f := h.catalogue.Host(fault.Hostname(r.Host)); f != nil && f.Play != nil {
			name = f.Name
		}
	}
	if name == "" || path == "/" ||
		strings.HasPrefix(path, "/fault/") || strings.HasPrefix(path, "/as/") {
		return path
	}
	return "/fault/" + name + path
}

// chosenFault decides what goes wrong with the answer to a request, nil for nothing.
func (h *handler) chosenFault(r *http.Request, d route.Decision) *faults.Chosen {
	switch {
	case !d.Reply.Image || r.Method != http.MethodGet:
		return nil
	case d.Fault == nil:
		return h.opts.Faults.Pick(h.opts.Seed, requestURI(r))
	case d.Fault.Fault.Play == nil && d.Fault.Fault.Name == connFault(r.Context()):
		return nil // the connection has it
	}
	return d.Fault
}

// delay returns the time from the arrival of a request to the first byte.
func (h *handler) delay(r *http.Request, d route.Decision) time.Duration {
	switch {
	case !d.Reply.Image:
		return 0
	case h.opts.Jitter > 0:
		uri := requestURI(r)
		return latency(h.opts, uri, h.visits.add(uri))
	}
	return h.opts.Latency
}

// render adds to an answer that is an image its bytes, and the fields that depend on
// them. It is called only after the ledger has the request.
func (h *handler) render(resp reply.Response, r *http.Request, d route.Decision) reply.Response {
	parts, etag, err := h.pictures.Make(d.Picture, cmp.Or(d.URI, requestURI(r)))
	if err != nil {
		return reply.Text(http.StatusInternalServerError, err.Error())
	}
	resp.Body = reply.NewBody(parts...)
	resp.Fields = append(resp.Fields,
		reply.Header("Accept-Ranges", "bytes"),
		reply.Header("Etag", etag),
		reply.Header("Last-Modified", wire.LastModified))
	return resp
}

// faultRequest returns what a fault learns of a request.
func (h *handler) faultRequest(
	r *http.Request, d route.Decision, whole reply.Response,
) *fault.Request {
	uri := requestURI(r)
	return &fault.Request{
		Params: d.Fault.Params,
		HTTP:   r,
		Path:   uri,
		Whole:  whole,
		URI:    cmp.Or(d.URI, uri),
		Nth:    h.faultCounts.add(r.Host + " " + uri),
		Count:  h.faultCounts.add,
		Other: func(uri string) reply.Response {
			other, err := h.router.Final(uri)
			if err != nil || !other.Reply.Image {
				return reply.NotFound()
			}
			return h.render(other.Reply, r, other)
		},
	}
}

// record enters a finished request into the ledger and the log.
func (h *handler) record(
	t ledger.Ticket, out *wire.Writer, r *http.Request, faultName string, started time.Time,
) {
	req := ledger.Request{
		Remote:  r.RemoteAddr,
		Proto:   r.Proto,
		Method:  r.Method,
		Host:    r.Host,
		URI:     r.RequestURI,
		Range:   r.Header.Get("Range"),
		Fault:   faultName,
		Header:  sensitive(r.Header),
		Status:  out.Status,
		Planned: out.Planned,
		Sent:    out.Sent,
		Started: started,
		Seconds: time.Since(started).Seconds(),
	}
	if r.Method == http.MethodHead {
		req.Planned = 0
	}
	if req.Planned < 0 {
		req.Planned = req.Sent
	}
	req.End = ending(r.Context(), out, req)
	h.recorder.Finish(t, req)
}

// ending returns how a request ended.
func ending(ctx context.Context, out *wire.Writer, req ledger.Request) string {
	failed := out.Err != nil || req.Sent < req.Planned && !out.ByFault
	switch {
	case failed && errors.Is(context.Cause(ctx), errClosed):
		return ledger.EndClosed
	case out.ByFault && !failed, relayed(ctx):
		return ledger.EndFault
	case failed:
		return ledger.EndClientGone
	}
	return ledger.EndComplete
}

// sensitive returns the fields of a request's header that the ledger records.
func sensitive(h http.Header) map[string]string {
	var found map[string]string
	for key, values := range h {
		switch key {
		case "Authorization", "Cookie", "If-Range", "Proxy-Authorization", "Referer":
		default:
			if !strings.HasPrefix(key, "X-") {
				continue
			}
		}
		if found == nil {
			found = make(map[string]string)
		}
		found[key] = strings.Join(values, ", ")
	}
	return found
}

// requestURI returns the path and query of a request, even if the client sent a whole
// URL as one does to a proxy.
func requestURI(r *http.Request) string {
	if len(r.RequestURI) > 0 && r.RequestURI[0] == '/' {
		return r.RequestURI
	}
	return r.URL.RequestURI()
}
