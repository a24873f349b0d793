package testserver

import (
	"net/http"
	"strconv"
)

// act is how a fault answers a request. One of its fields is set.
type act struct {
	answer *response                       // an answer as any other
	carry  func(*scene, outlet) ending     // bytes and pauses, in the framing of either protocol
	script func(sc *scene, l *line) ending // bytes on an HTTP/1 connection
}

// answering makes a fault of answers that are well-formed HTTP.
func answering(f func(*scene) response) func(*scene) act {
	return func(sc *scene) act {
		r := f(sc)
		return act{answer: &r}
	}
}

func carrying(f func(*scene, outlet) ending) func(*scene) act {
	return func(*scene) act { return act{carry: f} }
}

func scripted(f func(*scene, *line) ending) func(*scene) act {
	return func(*scene) act { return act{script: f} }
}

// ending is what becomes of a connection, or of a stream of HTTP/2, when a
// fault was played and is in the ledger.
type ending int

const (
	endClose ending = iota // the proper way
	endBare                // without a word in TLS
	endReset
	endHold  // stays open until the client goes
	endStale // stays open, and is reset when the client uses it
)

// play answers a request as a fault does. The caller records the request, and
// then calls last to let go of the connection.
func (s *Server) play(out *wire, r *http.Request, resp response) (last func()) {
	last = func() {}
	p := resp.plot
	nth := s.plays.add(r.Host + " " + requestURI(r))
	if limit := p.limit(); limit > 0 && nth >= limit {
		s.send(out, r, resp)
		return last
	}
	out.fault = p.fault.Name
	if p.fault.play == nil {
		s.send(out, r, misdirected(p.fault))
		return last
	}
	sc := &scene{params: p.params, server: s, request: r, whole: resp, uri: resp.uri, nth: nth}
	if sc.uri == "" {
		sc.uri = requestURI(r)
	}
	switch a := p.fault.play(sc); {
	case a.answer != nil:
		if a.answer.pace == 0 {
			a.answer.pace = resp.pace
		}
		s.send(out, r, *a.answer)
	case r.ProtoMajor == 1:
		return s.playLine(out, sc, a)
	case a.carry != nil:
		st := newStream(out)
		end := a.carry(sc, st)
		return func() { st.finish(end) }
	case p.planned:
		out.fault = ""
		s.send(out, r, resp)
	default:
		s.send(out, r, misdirected(p.fault))
	}
	return last
}

// playLine plays a fault on an HTTP/1 connection, which it takes over.
func (s *Server) playLine(out *wire, sc *scene, a act) (last func()) {
	l, err := takeOver(out, sc.whole.body.size)
	if err != nil {
		s.send(out, sc.request, text(http.StatusNotImplemented, err.Error()))
		return func() {}
	}
	var end ending
	if a.script != nil {
		end = a.script(sc, l)
	} else {
		end = a.carry(sc, l)
	}
	out.status, out.planned, out.sent, out.err = l.status, l.planned, l.sent, l.err
	out.staged = true
	return func() { l.finish(end) }
}

// misdirected refuses a request that came over a connection that cannot meet
// the fault.
func misdirected(f *Fault) response {
	return text(http.StatusMisdirectedRequest, f.Name+" exists over "+f.Over+", and at https://"+f.Name+"."+FaultDomain)
}

func itoa(n int) string { return strconv.Itoa(n) }
