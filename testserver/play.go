package testserver

import (
	"net/http"

	"grab/testserver/fault"
	"grab/testserver/faults"
	"grab/testserver/outlet"
	"grab/testserver/reply"
	"grab/testserver/wire"
)

// play answers a request as a fault does, or with the image if the fault has passed
// or does not exist in the protocol. It returns the name of the fault for the ledger, which
// was the connection's before. The caller records the request, and then calls last to
// let go of the connection.
func play(
	out *wire.Writer, req *fault.Request, c *faults.Chosen, before string,
) (last func(), name string) {
	last = func() {}
	limit := c.Limit()
	switch {
	case limit > 0 && req.Nth >= limit:
		out.Send(req.HTTP, req.Whole)
		return last, before
	case c.Fault.Play == nil:
		out.Send(req.HTTP, misdirected(c.Fault))
		return last, c.Fault.Name
	}
	switch a := c.Fault.Play(req); {
	case a.Reply != nil:
		if a.Reply.Pace == 0 {
			a.Reply.Pace = req.Whole.Pace
		}
		out.Send(req.HTTP, *a.Reply)
	case req.HTTP.ProtoMajor == 1:
		last = playOnConn(out, req, a)
	case a.OnWriter != nil:
		st := wire.NewStream(out)
		end := a.OnWriter(req, st)
		last = func() { st.Finish(end) }
	case c.ByPlan:
		out.Send(req.HTTP, req.Whole)
		return last, ""
	default:
		out.Send(req.HTTP, misdirected(c.Fault))
	}
	return last, c.Fault.Name
}

// playOnConn plays a fault on a connection of HTTP/1, which it takes from net/http.
func playOnConn(out *wire.Writer, req *fault.Request, a fault.Answer) (last func()) {
	c, err := out.TakeOver(req.Whole.Body.Size)
	if err != nil {
		out.Send(req.HTTP, reply.Text(http.StatusNotImplemented, err.Error()))
		return func() {}
	}
	var end outlet.Ending
	if a.OnConn != nil {
		end = a.OnConn(req, c)
	} else {
		end = a.OnWriter(req, c)
	}
	out.Adopt(c)
	return func() { c.Finish(end) }
}

// misdirected refuses a request that came over a connection where the fault cannot
// exist.
func misdirected(f *fault.Fault) reply.Response {
	return reply.Text(http.StatusMisdirectedRequest,
		f.Name+" exists over "+f.Over+", and at https://"+f.Name+"."+faults.Domain)
}
