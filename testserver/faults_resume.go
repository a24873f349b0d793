package testserver

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// resuming makes a fault that waits for a client to resume: it cuts the first
// answer, with fields that invite a request for the rest, answers the requests
// for a range with f, and all others as a server that has settled.
func resuming(invite func(*scene) response, f, settled func(*scene) response) func(*scene) act {
	return func(sc *scene) act {
		r := settled(sc)
		switch {
		case sc.request.Header.Get("Range") != "":
			r = f(sc)
		case sc.nth == 0:
			first := invite(sc)
			return act{carry: func(sc *scene, o outlet) ending {
				o.begin(http.StatusOK, sized(first.fields, first.body))
				o.Write(first.body.bytes()[:min(sc.cut(), int(first.body.size))])
				return endClose
			}}
		}
		return act{answer: &r}
	}
}

func whole(sc *scene) response { return sc.whole }

// from is the first byte of the range that a request asks for.
func (sc *scene) from() int {
	spec, _ := strings.CutPrefix(sc.request.Header.Get("Range"), "bytes=")
	first, _, _ := strings.Cut(spec, "-")
	n, err := strconv.Atoi(first)
	if err != nil {
		return 0
	}
	return min(n, int(sc.whole.body.size))
}

// partial is a 206 with the bytes of an answer from a place on, and a
// Content-Range of any form (RFC 9110 section 14.4), none if it is empty.
func partial(r response, from int, contentRange string) response {
	data := r.body.bytes()
	p := response{status: http.StatusPartialContent, body: newBody(data[min(from, len(data)):])}
	p.fields = sized(r.fields, p.body)
	if contentRange != "" {
		p.fields = append(p.fields, field{"Content-Range", contentRange})
	}
	return p
}

// sized returns the fields with the length of a body as their only one.
func sized(fields []field, b body) []field {
	fields = slices.DeleteFunc(slices.Clone(fields), func(f field) bool { return f.key == "Content-Length" })
	return append(fields, length(int(b.size)))
}

// rest is the right answer for the rest of an image.
func rest(r response, from int) response {
	return partial(r, from, fmt.Sprintf("bytes %d-%d/%d", from, r.body.size-1, r.body.size))
}

// resumeFaults are wrong answers to requests for the rest of an image
// (RFC 9110 section 14).
func resumeFaults() []Fault {
	return []Fault{
		{ID: "A100", Name: "a100-unasked-partial", About: "206 with all bytes, which nobody asked for", Expect: "P1:protocol", Over: overAll,
			play: answering(func(sc *scene) response { return rest(sc.whole, 0) })},
		{ID: "A101", Name: "a101-ignores-range", About: "a cut; then 200 to the request for the rest", Expect: "ok", Over: overAll,
			play: resuming(whole, func(sc *scene) response { return sc.sends(http.StatusOK, sc.whole.body) }, whole)},
		{ID: "A102", Name: "a102-wrong-range", About: "a cut; then 206 with a Content-Range that is not what was asked for", Expect: "ok|T:range-mismatch", Over: overAll,
			Queries: []string{"kind=high", "kind=beyond", "kind=total", "kind=star", "kind=missing", "kind=unit"},
			play:    resuming(whole, wrongRange, whole)},
		{ID: "A105", Name: "a105-weak-tag", About: "a cut with a weak ETag; a rest that does not fit", Expect: "ok", Over: overAll,
			play: resuming(validated(field{"Etag", `W/"weak"`}), misfit, whole)},
		{ID: "A105", Name: "a105-no-validator", About: "a cut with no validator; a rest that does not fit", Expect: "ok", Over: overAll,
			play: resuming(validated(), misfit, whole)},
		{ID: "A105", Name: "a105-fresh", About: "a cut of an image as old as the answer; a rest that does not fit", Expect: "ok", Over: overAll,
			play: resuming(fresh, misfit, whole)},
		{ID: "A107", Name: "a107-multipart", About: "a cut; then multipart/byteranges", Expect: "ok", Over: overAll,
			play: resuming(whole, multipart, whole)},
		{ID: "A108", Name: "a108-encoded", About: "a cut of a gzip coding; then its rest", Expect: "ok", Over: overAll,
			play: resuming(gzipped, func(sc *scene) response { return rest(gzipped(sc), sc.from()) }, whole)},
		{ID: "A109", Name: "a109-lying-rest", About: "a cut; then 206, all as it should be but the bytes", Expect: "P1:image-corrupt|ok", Over: overAll,
			play: resuming(whole, func(sc *scene) response { return rest(scrambled(sc.whole), sc.from()) }, whole)},
	}
}

func wrongRange(sc *scene) response {
	from, size := sc.from(), int(sc.whole.body.size)
	say := func(first, last int, total string) string {
		return fmt.Sprintf("bytes %d-%d/%s", first, last, total)
	}
	right := itoa(size)
	switch sc.text("kind", "low") {
	case "high":
		return partial(sc.whole, min(from+1, size-1), say(from+1, size-1, right))
	case "beyond":
		return partial(sc.whole, from, say(from, size+9, right))
	case "total":
		return partial(sc.whole, from, say(from, size-1, itoa(size+10)))
	case "star":
		return partial(sc.whole, from, say(from+1, size-1, "*"))
	case "missing":
		return partial(sc.whole, from, "")
	case "unit":
		return partial(sc.whole, from, fmt.Sprintf("lines %d-%d/%d", from, size-1, size))
	}
	low := max(0, from-1)
	return partial(sc.whole, low, say(low, size-1, right))
}

// validated invites to resume with no validator but the one given.
func validated(validators ...field) func(*scene) response {
	return func(sc *scene) response {
		r := response{body: sc.whole.body, fields: validators}
		r.fields = append(r.fields, field{"Content-Type", sc.whole.get("Content-Type")}, field{"Accept-Ranges", "bytes"})
		return r
	}
}

// misfit is the rest of another version, as if nothing had changed.
func misfit(sc *scene) response { return rest(sc.version(1), sc.from()) }

func multipart(sc *scene) response {
	from, size := sc.from(), int(sc.whole.body.size)
	head := fmt.Sprintf("--cut\r\nContent-Type: image/jpeg\r\nContent-Range: bytes %d-%d/%d\r\n\r\n", from, size-1, size)
	r := response{status: http.StatusPartialContent, body: newBody([]byte(head), sc.data()[from:], []byte("\r\n--cut--\r\n"))}
	r.fields = []field{{"Content-Type", "multipart/byteranges; boundary=cut"}, {"Etag", sc.whole.get("Etag")}, length(int(r.body.size))}
	return r
}

// gzipped is the image in a content coding that nobody asked for.
func gzipped(sc *scene) response {
	return sc.sends(http.StatusOK, newBody(compress(sc.data())), field{"Content-Encoding", "gzip"})
}

func compress(data []byte) []byte {
	var buf bytes.Buffer
	w := gzip.NewWriter(&buf)
	w.Write(data) // to a buffer: does not fail
	w.Close()
	return buf.Bytes()
}

// scrambled has the header of an answer and none of its bytes.
func scrambled(r response) response {
	data := r.body.bytes()
	for i := range data {
		data[i] ^= 0x55
	}
	r.body = newBody(data)
	return r
}
