package faults

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"grab/testserver/fault"
	"grab/testserver/outlet"
	"grab/testserver/reply"
)

// replyTo makes an answer to a request.
type replyTo = func(*fault.Request) reply.Response

// resuming makes a fault of resumed downloads. It cuts the first answer, for which
// invite chooses fields that invite a request for the rest. It answers requests for a
// range with ranged, and all others with other.
func resuming(invite, ranged, other replyTo) func(*fault.Request) fault.Answer {
	return func(req *fault.Request) fault.Answer {
		r := other(req)
		switch {
		case req.HTTP.Header.Get("Range") != "":
			r = ranged(req)
		case req.Nth == 0:
			first := invite(req)
			return fault.Answer{OnWriter: func(req *fault.Request, w outlet.Writer) outlet.Ending {
				w.Begin(http.StatusOK, reply.Sized(first.Fields, first.Body))
				w.Write(first.Body.Bytes()[:min(req.Cut(), int(first.Body.Size))])
				return outlet.EndClose
			}}
		}
		return fault.Answer{Reply: &r}
	}
}

// whole answers with the image.
func whole(req *fault.Request) reply.Response { return req.Whole }

// from returns the first byte of the range that a request asks for.
func from(req *fault.Request) int {
	spec, _ := strings.CutPrefix(req.HTTP.Header.Get("Range"), "bytes=")
	first, _, _ := strings.Cut(spec, "-")
	n, err := strconv.Atoi(first)
	if err != nil {
		return 0
	}
	return min(n, int(req.Whole.Body.Size))
}

// partial answers 206 with the bytes of r from an offset on. The Content-Range may have
// any form (RFC 9110 section 14.4), and is left out if it is empty.
func partial(r reply.Response, from int, contentRange string) reply.Response {
	data := r.Body.Bytes()
	p := reply.Response{
		Status: http.StatusPartialContent, Body: reply.NewBody(data[min(from, len(data)):]),
	}
	p.Fields = reply.Sized(r.Fields, p.Body)
	if contentRange != "" {
		p.Fields = append(p.Fields, reply.Header("Content-Range", contentRange))
	}
	return p
}

// rest is the correct answer to a request for the rest of r.
func rest(r reply.Response, from int) reply.Response {
	return partial(r, from, fmt.Sprintf("bytes %d-%d/%d", from, r.Body.Size-1, r.Body.Size))
}

// validated invites a client to resume, with the given validators only.
func validated(validators ...reply.Field) replyTo {
	return func(req *fault.Request) reply.Response {
		r := reply.Response{Body: req.Whole.Body, Fields: validators}
		r.Fields = append(r.Fields,
			reply.Header("Content-Type", req.Whole.Get("Content-Type")),
			reply.Header("Accept-Ranges", "bytes"))
		return r
	}
}

// misfit answers with the rest of another version, as if nothing had changed.
func misfit(req *fault.Request) reply.Response { return rest(req.Version(1), from(req)) }

// scrambled has the header of r, and a body of the same length without a right byte.
func scrambled(r reply.Response) reply.Response {
	data := r.Body.Bytes()
	for i := range data {
		data[i] ^= 0x55
	}
	r.Body = reply.NewBody(data)
	return r
}

// complete is an answer to which requests for a range do not apply.
func complete(r reply.Response) reply.Response {
	if r.Image {
		r.Image = false
		r.Fields = reply.Sized(r.Fields, r.Body)
	}
	return r
}

// fresh invites a client to resume an image that was modified within a second of the
// answer. That makes Last-Modified a weak validator (RFC 9110 section 8.8.2.2).
func fresh(req *fault.Request) reply.Response {
	now := time.Now().UTC().Format(http.TimeFormat)
	return validated(reply.Header("Last-Modified", now), reply.Header("Date", now))(req)
}
