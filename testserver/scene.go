package testserver

import (
	"context"
	"net"
	"net/http"
	"strings"
)

// plot is a fault that an answer is to have.
type plot struct {
	fault   *Fault
	params  params
	times   int  // how many requests meet it, instead of fault.Times if positive
	planned bool // by a Plan: only where the fault exists
}

// limit is how many requests for a URI meet the fault, 0 for all.
func (p *plot) limit() int {
	if p.params.has("times") {
		return p.params.number("times", 0)
	}
	if p.times > 0 {
		return p.times
	}
	return p.fault.Times
}

// fault answers /fault/NAME/REST with what REST names, and the fault.
func (rt router) fault(a ask, name string) response {
	f := rt.faults[name]
	_, rest, _ := strings.Cut(strings.TrimPrefix(a.path, "/fault/"), "/")
	if f == nil || strings.HasPrefix(rest, "fault/") {
		return notFound()
	}
	params, query, err := splitQuery(a.query)
	if err != nil {
		return badRequest(err.Error())
	}
	uri := "/" + rest
	if query != "" {
		uri += "?" + query
	}
	resp, err := rt.final(uri)
	if err != nil {
		return badRequest(err.Error())
	}
	resp.plot = &plot{fault: f, params: params}
	return resp
}

// faultPath is the path of a request, to which the host of a fault, or an
// address of its own, adds the fault. Where redirects of faults end is exempt.
func (s *Server) faultPath(r *http.Request) string {
	path := r.URL.EscapedPath()
	name := linkFault(r.Context())
	if name == "" {
		if f := s.router.faults.host(hostname(r.Host)); f != nil && f.play != nil {
			name = f.Name
		}
	}
	if name == "" || path == "/" || strings.HasPrefix(path, "/fault/") || strings.HasPrefix(path, "/as/") {
		return path
	}
	return "/fault/" + name + path
}

// plot decides what goes wrong with the answer to a request.
func (s *Server) plot(r *http.Request, resp response) *plot {
	switch {
	case !resp.image || r.Method != http.MethodGet:
		return nil
	case resp.plot == nil:
		return s.opts.Faults.pick(s.opts.Seed, requestURI(r))
	case resp.plot.fault.play == nil && resp.plot.fault.Name == linkFault(r.Context()):
		return nil // the connection plays it
	}
	return resp.plot
}

// linkFault returns the name of the fault of a request's connection.
func linkFault(ctx context.Context) string {
	if place, ok := ctx.Value(seatKey{}).(*seat); ok && place.fault != nil {
		return place.fault.Name
	}
	return ""
}

// relayed reports whether a fault changes what is sent on a request's
// connection.
func relayed(ctx context.Context) bool {
	place, ok := ctx.Value(seatKey{}).(*seat)
	return ok && place.fault != nil && place.fault.link != nil && place.fault.link.tap != nil
}

// hostname is a host without its port.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return host
}

// scene is a request that meets a fault.
type scene struct {
	params
	server  *Server
	request *http.Request
	whole   response // the answer as it should be
	uri     string   // of the image
	nth     int      // how many requests for the same URI came before
}

// data returns the bytes of the image.
func (sc *scene) data() []byte { return sc.whole.body.bytes() }

// cut is where a body ends too early: after "at" bytes, or half of them.
func (sc *scene) cut() int {
	size := int(sc.whole.body.size)
	return min(sc.number("at", size/2), size)
}

// fields returns the header of the whole answer, without its length.
func (sc *scene) fields(more ...field) []field {
	return append(append([]field{}, sc.whole.fields...), more...)
}

// other returns the answer for another URI that is an image.
func (sc *scene) other(uri string) response {
	resp, err := sc.server.router.final(uri)
	if err != nil || !resp.image {
		return notFound()
	}
	return sc.server.render(resp, sc.request)
}

// version returns the image as it is after k changes: with a parameter v=K.
func (sc *scene) version(k int) response {
	if k == 0 {
		return sc.whole
	}
	return sc.other(withQuery(sc.uri, "v="+itoa(k)))
}

func withQuery(uri, pair string) string {
	if strings.Contains(uri, "?") {
		return uri + "&" + pair
	}
	return uri + "?" + pair
}
