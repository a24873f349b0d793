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

// resuming makes a fault that waits for a client to resume: it cuts the first
// answer, with fields that invite a request for the rest, answers the requests
// for a range with f, and all others as a server that has settled.
func resuming(invite func(*fault.Request) reply.Response, f, settled func(*fault.Request) reply.Response) func(*fault.Request) fault.Answer {
	return func(req *fault.Request) fault.Answer {
		r := settled(req)
		switch {
		case req.HTTP.Header.Get("Range") != "":
			r = f(req)
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

func whole(req *fault.Request) reply.Response { return req.Whole }

// from is the first byte of the range that a request asks for.
func from(req *fault.Request) int {
	spec, _ := strings.CutPrefix(req.HTTP.Header.Get("Range"), "bytes=")
	first, _, _ := strings.Cut(spec, "-")
	n, err := strconv.Atoi(first)
	if err != nil {
		return 0
	}
	return min(n, int(req.Whole.Body.Size))
}

// partial is a 206 with the bytes of an answer from a place on, and a
// Content-Range of any form (RFC 9110 section 14.4), none if it is empty.
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

// rest is the right answer for the rest of an image.
func rest(r reply.Response, from int) reply.Response {
	return partial(r, from, fmt.Sprintf("bytes %d-%d/%d", from, r.Body.Size-1, r.Body.Size))
}

// validated invites to resume with no validator but the one given.
func validated(validators ...reply.Field) func(*fault.Request) reply.Response {
	return func(req *fault.Request) reply.Response {
		r := reply.Response{Body: req.Whole.Body, Fields: validators}
		r.Fields = append(
			r.Fields, reply.Header("Content-Type", req.Whole.Get("Content-Type")),
			reply.Header("Accept-Ranges", "bytes"),
		)
		return r
	}
}

// misfit is the rest of another version, as if nothing had changed.
func misfit(req *fault.Request) reply.Response { return rest(req.Version(1), from(req)) }

// scrambled has the header of an answer and none of its bytes.
func scrambled(r reply.Response) reply.Response {
	data := r.Body.Bytes()
	for i := range data {
		data[i] ^= 0x55
	}
	r.Body = reply.NewBody(data)
	return r
}

// complete is an answer that does not depend on the request as ranges do.
func complete(r reply.Response) reply.Response {
	if r.Image {
		r.Image = false
		r.Fields = reply.Sized(r.Fields, r.Body)
	}
	return r
}

// fresh invites to resume an image that was modified within a second of the
// answer, which makes Last-Modified weak (RFC 9110 section 8.8.2.2).
func fresh(req *fault.Request) reply.Response {
	now := time.Now().UTC().Format(http.TimeFormat)
	return validated(reply.Header("Last-Modified", now), reply.Header("Date", now))(req)
}
