package faults

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"

	"grab/testserver/fault"
	"grab/testserver/outlet"
	"grab/testserver/reply"
)

// versionFaults are images that change: see [fault.Request.Version].
func versionFaults() []fault.Fault {
	return []fault.Fault{
		{
			ID: "A103", Name: "a103-other-tag", Over: fault.OverAll, Expect: "ok",
			About: "a cut; then 206 with the right range of the next version",
			Play: resuming(whole, func(req *fault.Request) reply.Response {
				return rest(req.Version(1), from(req))
			}, next),
		},
		{
			ID: "A104", Name: "a104-changed", Over: fault.OverAll, Expect: "ok",
			About: "a cut; then the next version, whole as If-Range demands",
			Play:  resuming(whole, next, next),
		},
		{
			ID: "A109", Name: "a109-digest", Over: fault.OverAll, Expect: "ok|P1:image-corrupt",
			About: "a cut; then a rest that does not match its Repr-Digest",
			Play: resuming(digested, func(req *fault.Request) reply.Response {
				return rest(scrambled(digested(req)), from(req))
			}, digested),
		},
		{
			ID: "A111", Name: "a111-grows", Over: fault.OverAll, Expect: "ok",
			About: "a cut; then a version that is longer",
			Play:  resuming(whole, afterChange("h=500"), afterChange("h=500")),
		},
		{
			ID: "A111", Name: "a111-shrinks", Over: fault.OverAll, Expect: "ok",
			About: "a cut; then a version that is shorter",
			Play:  resuming(whole, afterChange("h=20"), afterChange("h=20")),
		},
		{
			ID: "A135", Name: "a135-ever-new", Over: fault.OverAll, Expect: "ok",
			About: "another version at each request",
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				return req.Version(req.Nth)
			}),
		},
	}
}

// next answers with all of version 1, whatever range was requested.
func next(req *fault.Request) reply.Response { return complete(req.Version(1)) }

// afterChange answers with the image that has a further parameter in its URI.
func afterChange(pair string) replyTo {
	return func(req *fault.Request) reply.Response {
		return complete(req.Other(fault.WithQuery(req.URI, pair)))
	}
}

// digested answers with the image and a digest of it (RFC 9530).
func digested(req *fault.Request) reply.Response {
	sum := sha256.Sum256(req.Data())
	r := req.Whole
	r.Fields = req.Fields(reply.Header(
		"Repr-Digest", "sha-256=:"+base64.StdEncoding.EncodeToString(sum[:])+":",
	))
	return r
}

// unsatisfiableFaults are answers to requests for a range that does not exist (RFC 9110
// section 15.5.17).
func unsatisfiableFaults() []fault.Fault {
	return []fault.Fault{
		{
			ID: "A106", Name: "a106-have-all", Over: fault.OverHTTP1, Expect: "ok",
			About: "all bytes but no end; then 416 with the size that the client has",
			Play:  haveAll,
		},
		{
			ID: "A106", Name: "a106-other-size", Over: fault.OverAll, Expect: "ok",
			About: "a cut; then 416 with a size that the client does not have",
			Play: resuming(whole, func(req *fault.Request) reply.Response {
				return unsatisfiable(from(req) + 7)
			}, whole),
		},
		{
			ID: "A106", Name: "a106-no-size", Over: fault.OverAll, Expect: "ok",
			About: "a cut; then 416 without a size",
			Play: resuming(whole, func(*fault.Request) reply.Response {
				return unsatisfiable(-1)
			}, whole),
		},
		{
			ID: "A110", Name: "a110-too-long", Over: fault.OverAll, Expect: "ok",
			About: "a cut; then a version that is shorter than the cut one",
			Play: resuming(whole, func(req *fault.Request) reply.Response {
				short := afterChange("h=20")(req)
				if req.HTTP.Header.Get("If-Range") != "" || from(req) < int(short.Body.Size) {
					return short
				}
				return unsatisfiable(int(short.Body.Size))
			}, afterChange("h=20")),
		},
		{
			ID: "A110", Name: "a110-no-ranges", Over: fault.OverAll, Expect: "ok",
			About: "a cut with Accept-Ranges: none; a rest that does not fit",
			Play: resuming(func(req *fault.Request) reply.Response {
				r := req.Whole
				r.Fields = []reply.Field{
					reply.Header(
						"Content-Type", r.Get("Content-Type"),
					), reply.Header("Etag", r.Get("Etag")),
					reply.Header("Accept-Ranges", "none"),
				}
				return r
			}, misfit, whole),
		},
	}
}

// unsatisfiable answers 416. It states the size unless that is negative.
func unsatisfiable(size int) reply.Response {
	r := reply.Text(http.StatusRequestedRangeNotSatisfiable, "no such range")
	if size >= 0 {
		r.Fields = append(r.Fields, reply.Header("Content-Range", fmt.Sprintf("bytes */%d", size)))
	}
	return r
}

// haveAll sends the whole image in chunks without the last chunk. The client then has all
// bytes but does not know it.
func haveAll(req *fault.Request) fault.Answer {
	r := req.Whole
	switch {
	case req.HTTP.Header.Get("Range") != "":
		r = unsatisfiable(int(req.Whole.Body.Size))
	case req.Nth == 0:
		return fault.Answer{OnConn: func(req *fault.Request, c *outlet.Conn) outlet.Ending {
			chunked(req, c, req.Data())
			return outlet.EndClose
		}}
	}
	return fault.Answer{Reply: &r}
}
