package faults

import (
	"fmt"
	"net/http"
	"strconv"

	"grab/testserver/fault"
	"grab/testserver/reply"
)

// resumeFaults are wrong answers to requests for the rest of an image (RFC 9110 section
// 14).
func resumeFaults() []fault.Fault {
	return []fault.Fault{
		{
			ID: "A100", Name: "a100-unasked-partial", Over: fault.OverAll, Expect: "P1:protocol",
			About: "206 with all bytes, which nobody asked for",
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				return rest(req.Whole, 0)
			}),
		},
		{
			ID: "A101", Name: "a101-ignores-range", Over: fault.OverAll, Expect: "ok",
			About: "a cut; then 200 to the request for the rest",
			Play: resuming(whole, func(req *fault.Request) reply.Response {
				return req.Reply(http.StatusOK, req.Whole.Body)
			}, whole),
		},
		{
			ID: "A102", Name: "a102-wrong-range", Over: fault.OverAll, Expect: "ok|T:range-mismatch",
			About: "a cut; then 206 with a Content-Range that is not what was asked for",
			Queries: []string{
				"kind=high", "kind=beyond", "kind=total", "kind=star", "kind=missing",
				"kind=unit",
			},
			Play: resuming(whole, wrongRange, whole),
		},
		{
			ID: "A105", Name: "a105-weak-tag", Over: fault.OverAll, Expect: "ok",
			About: "a cut with a weak ETag; a rest that does not fit",
			Play:  resuming(validated(reply.Header("Etag", `W/"weak"`)), misfit, whole),
		},
		{
			ID: "A105", Name: "a105-no-validator", Over: fault.OverAll, Expect: "ok",
			About: "a cut with no validator; a rest that does not fit",
			Play:  resuming(validated(), misfit, whole),
		},
		{
			ID: "A105", Name: "a105-fresh", Over: fault.OverAll, Expect: "ok",
			About: "a cut of an image as old as the answer; a rest that does not fit",
			Play:  resuming(fresh, misfit, whole),
		},
		{
			ID: "A107", Name: "a107-multipart", Over: fault.OverAll, Expect: "ok",
			About: "a cut; then multipart/byteranges",
			Play:  resuming(whole, multipart, whole),
		},
		{
			ID: "A108", Name: "a108-encoded", Over: fault.OverAll, Expect: "ok",
			About: "a cut of a gzip coding; then its rest",
			Play: resuming(gzipped, func(req *fault.Request) reply.Response {
				return rest(gzipped(req), from(req))
			}, whole),
		},
		{
			ID: "A109", Name: "a109-lying-rest", Over: fault.OverAll, Expect: "P1:image-corrupt|ok",
			About: "a cut; then 206, all as it should be but the bytes",
			Play: resuming(whole, func(req *fault.Request) reply.Response {
				return rest(scrambled(req.Whole), from(req))
			}, whole),
		},
	}
}

func wrongRange(req *fault.Request) reply.Response {
	from, size := from(req), int(req.Whole.Body.Size)
	say := func(first, last int, total string) string {
		return fmt.Sprintf("bytes %d-%d/%s", first, last, total)
	}
	right := strconv.Itoa(size)
	switch req.Text("kind", "low") {
	case "high":
		return partial(req.Whole, min(from+1, size-1), say(from+1, size-1, right))
	case "beyond":
		return partial(req.Whole, from, say(from, size+9, right))
	case "total":
		return partial(req.Whole, from, say(from, size-1, strconv.Itoa(size+10)))
	case "star":
		return partial(req.Whole, from, say(from+1, size-1, "*"))
	case "missing":
		return partial(req.Whole, from, "")
	case "unit":
		return partial(req.Whole, from, fmt.Sprintf("lines %d-%d/%d", from, size-1, size))
	}
	low := max(0, from-1)
	return partial(req.Whole, low, say(low, size-1, right))
}

func multipart(req *fault.Request) reply.Response {
	from, size := from(req), int(req.Whole.Body.Size)
	head := fmt.Sprintf(
		"--cut\r\nContent-Type: image/jpeg\r\nContent-Range: bytes %d-%d/%d\r\n\r\n", from, size-1, size,
	)
	r := reply.Response{
		Status: http.StatusPartialContent,
		Body:   reply.NewBody([]byte(head), req.Data()[from:], []byte("\r\n--cut--\r\n")),
	}
	r.Fields = []reply.Field{
		reply.Header(
			"Content-Type", "multipart/byteranges; boundary=cut",
		), reply.Header("Etag", req.Whole.Get("Etag")),
		reply.ContentLength(r.Body.Size),
	}
	return r
}
