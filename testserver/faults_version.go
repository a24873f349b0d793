package testserver

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"time"
)

// versionFaults are images that change. Version k of an image, k > 0, is the
// one whose URI has v=K as a further parameter; version 0 is the image itself.
func versionFaults() []Fault {
	return []Fault{
		{ID: "A103", Name: "a103-other-tag", About: "a cut; then 206 with the right range of the next version", Expect: "ok", Over: overAll,
			play: resuming(whole, func(sc *scene) response { return rest(sc.version(1), sc.from()) }, next)},
		{ID: "A104", Name: "a104-changed", About: "a cut; then the next version, whole as If-Range demands", Expect: "ok", Over: overAll,
			play: resuming(whole, next, next)},
		{ID: "A109", Name: "a109-digest", About: "a cut; then a rest that does not match its Repr-Digest", Expect: "ok|P1:image-corrupt", Over: overAll,
			play: resuming(digested, func(sc *scene) response { return rest(scrambled(digested(sc)), sc.from()) }, digested)},
		{ID: "A111", Name: "a111-grows", About: "a cut; then a version that is longer", Expect: "ok", Over: overAll,
			play: resuming(whole, afterChange("h=500"), afterChange("h=500"))},
		{ID: "A111", Name: "a111-shrinks", About: "a cut; then a version that is shorter", Expect: "ok", Over: overAll,
			play: resuming(whole, afterChange("h=20"), afterChange("h=20"))},
		{ID: "A135", Name: "a135-ever-new", About: "another version at each request", Expect: "ok", Over: overAll,
			play: answering(func(sc *scene) response { return sc.version(sc.nth) })},
	}
}

// next is the version after the first one, whole whatever was asked for.
func next(sc *scene) response { return complete(sc.version(1)) }

// complete is an answer that does not depend on the request as ranges do.
func complete(r response) response {
	if r.image {
		r.image = false
		r.fields = sized(r.fields, r.body)
	}
	return r
}

// afterChange is the image with another parameter in its URI.
func afterChange(pair string) func(*scene) response {
	return func(sc *scene) response { return complete(sc.other(withQuery(sc.uri, pair))) }
}

// digested states a digest of the whole (RFC 9530).
func digested(sc *scene) response {
	sum := sha256.Sum256(sc.data())
	r := sc.whole
	r.fields = sc.fields(field{"Repr-Digest", "sha-256=:" + base64.StdEncoding.EncodeToString(sum[:]) + ":"})
	return r
}

// fresh invites to resume an image that was modified within a second of the
// answer, which makes Last-Modified weak (RFC 9110 section 8.8.2.2).
func fresh(sc *scene) response {
	now := time.Now().UTC().Format(http.TimeFormat)
	return validated(field{"Last-Modified", now}, field{"Date", now})(sc)
}

// unsatisfiableFaults are answers to a range that there is not (RFC 9110
// section 15.5.17).
func unsatisfiableFaults() []Fault {
	return []Fault{
		{ID: "A106", Name: "a106-have-all", About: "all bytes but no end; then 416 with the size that the client has", Expect: "ok", Over: overHTTP1,
			play: haveAll},
		{ID: "A106", Name: "a106-other-size", About: "a cut; then 416 with a size that the client does not have", Expect: "ok", Over: overAll,
			play: resuming(whole, func(sc *scene) response { return unsatisfiable(sc.from() + 7) }, whole)},
		{ID: "A106", Name: "a106-no-size", About: "a cut; then 416 without a size", Expect: "ok", Over: overAll,
			play: resuming(whole, func(*scene) response { return unsatisfiable(-1) }, whole)},
		{ID: "A110", Name: "a110-too-long", About: "a cut; then a version that is shorter than the cut one", Expect: "ok", Over: overAll,
			play: resuming(whole, func(sc *scene) response {
				short := afterChange("h=20")(sc)
				if sc.request.Header.Get("If-Range") != "" || sc.from() < int(short.body.size) {
					return short
				}
				return unsatisfiable(int(short.body.size))
			}, afterChange("h=20"))},
		{ID: "A110", Name: "a110-no-ranges", About: "a cut with Accept-Ranges: none; a rest that does not fit", Expect: "ok", Over: overAll,
			play: resuming(func(sc *scene) response {
				r := sc.whole
				r.fields = []field{{"Content-Type", r.get("Content-Type")}, {"Etag", r.get("Etag")}, {"Accept-Ranges", "none"}}
				return r
			}, misfit, whole)},
	}
}

// unsatisfiable is a 416 that tells the size, if that is not negative.
func unsatisfiable(size int) response {
	r := text(http.StatusRequestedRangeNotSatisfiable, "no such range")
	if size >= 0 {
		r.fields = append(r.fields, field{"Content-Range", fmt.Sprintf("bytes */%d", size)})
	}
	return r
}

// haveAll sends the whole image in chunks and leaves out the last one, so that
// a client has all bytes and does not know it.
func haveAll(sc *scene) act {
	r := sc.whole
	switch {
	case sc.request.Header.Get("Range") != "":
		r = unsatisfiable(int(sc.whole.body.size))
	case sc.nth == 0:
		return act{script: func(sc *scene, l *line) ending { chunked(sc, l, sc.data()); return endClose }}
	}
	return act{answer: &r}
}
