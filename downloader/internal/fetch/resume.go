package fetch

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"grab/downloader"
	"grab/downloader/internal/cause"
	"grab/downloader/internal/coding"
	"grab/downloader/internal/stage"
)

// requestRest makes a request ask for the rest of an image.
func requestRest(p *stage.Part, h http.Header) {
	h.Set("Range", "bytes="+strconv.FormatInt(p.Size, 10)+"-")
	h.Set("If-Range", p.Validator)
}

// mismatch returns why a 206 response is not the requested rest, or "" if it is.
func mismatch(p *stage.Part, resp *http.Response) string {
	first, last, total, ok := parseContentRange(resp.Header["Content-Range"])
	switch {
	case !ok:
		return "a part without a range that can be read"
	case first != p.Size || last != total-1 || p.Total >= 0 && total != p.Total:
		return "a part that is not the rest of the image: " + shortHeader(resp.Header.Get("Content-Range"))
	case resp.ContentLength >= 0 && resp.ContentLength != last-first+1:
		return "a part whose length is not that of its range"
	case coding.Has(resp):
		return "a part in another coding"
	}
	for name, got := range map[string]string{"Etag": resp.Header.Get("Etag"), "Last-Modified": resp.Header.Get("Last-Modified")} {
		if got != "" && got != p.Validator && strings.HasPrefix(p.Validator, `"`) == (name == "Etag") {
			return "a part of another version of the image"
		}
	}
	return ""
}

// refusesRange reports whether a status may mean that the server, or a firewall in front
// of it, refuses requests for a range, although it would answer one for the whole. RFC
// 9110 sections 13.1.5 and 14.2 allow both. Transient statuses have other reasons.
func refusesRange(status int) bool {
	return status >= 400 && !cause.StatusError(status).Transient()
}

// complete reports whether the response is a 416 that says that all bytes are there
// already.
func complete(p *stage.Part, resp *http.Response) bool {
	values := resp.Header["Content-Range"]
	return resp.StatusCode == http.StatusRequestedRangeNotSatisfiable && len(values) == 1 && values[0] == "bytes */"+strconv.FormatInt(p.Size, 10) && (p.Total < 0 || p.Total == p.Size)
}

// parseContentRange parses "bytes FIRST-LAST/TOTAL" (RFC 9110 section 14.4). It refuses
// "*" as the total.
func parseContentRange(values []string) (first, last, total int64, ok bool) {
	if len(values) != 1 {
		return 0, 0, 0, false
	}
	spec, found := strings.CutPrefix(values[0], "bytes ")
	bounds, all, slash := strings.Cut(spec, "/")
	from, to, dash := strings.Cut(bounds, "-")
	if !found || !slash || !dash {
		return 0, 0, 0, false
	}
	ok = true
	number := func(digits string) int64 {
		n, err := strconv.ParseUint(digits, 10, 63) // no sign, no underscore
		ok = ok && err == nil
		return int64(n)
	}
	first, last, total = number(from), number(to), number(all)
	return first, last, total, ok && first <= last && last < total
}

// strongValidator returns the header value that identifies this version of the image.
// It returns "" if there is none, or if the server does not support ranges. A
// Last-Modified date identifies a version if it is more than a second older than the
// response (RFC 9110 section 8.8.2.2).
func strongValidator(resp *http.Response) string {
	if coding.Has(resp) || strings.EqualFold(resp.Header.Get("Accept-Ranges"), "none") {
		return ""
	}
	if tags := resp.Header["Etag"]; len(tags) > 0 {
		tag := tags[0]
		if len(tags) > 1 || len(tag) < 2 || len(tag) > maxShortHeader || tag[0] != '"' || tag[len(tag)-1] != '"' {
			return "" // weak, or malformed
		}
		return tag
	}
	modified := resp.Header.Get("Last-Modified")
	when, err := http.ParseTime(modified)
	sent, none := http.ParseTime(resp.Header.Get("Date"))
	if err != nil || none != nil || sent.Sub(when) <= time.Second {
		return ""
	}
	return modified
}

// begin returns the file that a response's body goes to, or why the response is refused.
// The answer to a request for the rest may be the rest. If it is the whole image, the
// image starts over.
func (t *transfer) begin(resp *http.Response) (*stage.File, error) {
	err := t.optOut(resp)
	if err == nil {
		err = t.rejectURL(resp)
	}
	if err != nil {
		t.discardPartial()
		return nil, err
	}
	asked := t.partial != nil && resp.Request.Header.Get("Range") != ""
	reason := ""
	switch {
	case asked && resp.StatusCode == http.StatusPartialContent:
		reason = mismatch(&t.part, resp)
	case asked && complete(&t.part, resp):
		_ = resp.Body.Close() // it is no part of the image
		resp.Body = http.NoBody
	case asked && refusesRange(resp.StatusCode):
		t.discardPartial()
		t.rangeRefused = true
		t.tracker.Repeat()
		return nil, statusFailure(resp, &t.opts)
	default:
		if err := t.checkResponse(resp); err != nil {
			return nil, err
		}
		t.discardPartial()
		t.part = stage.Part{URL: t.result.URL, Validator: strongValidator(resp), LastModified: t.result.LastModified, Total: resp.ContentLength}
		length := resp.ContentLength
		if resp.Header.Get("Content-Encoding") != "" {
			length = -1 // of what has been unpacked
		}
		return t.stager.Open(t.result.Index, length), nil
	}
	if reason != "" {
		t.discardPartial()
		return nil, &downloader.Error{Class: downloader.ClassRangeMismatch, Reason: reason}
	}
	t.keepValidators()
	file := t.partial
	t.partial = nil
	return file, nil
}

// keepValidators completes the result with what the beginning's response said. The response
// with the rest may leave it out (RFC 9110 section 15.3.7).
func (t *transfer) keepValidators() {
	if t.result.ETag == "" && strings.HasPrefix(t.part.Validator, `"`) {
		t.result.ETag = t.part.Validator
	}
	if t.result.LastModified == "" {
		t.result.LastModified = t.part.LastModified
	}
}

// keepForRetry keeps what an attempt has left of an image if the next can request the
// rest, and reports whether it does. It keeps nothing if grab itself refused the image,
// or this machine failed. Running out of time is no such failure.
func (t *transfer) keepForRetry(file *stage.File, err error) bool {
	if t.part.Validator == "" || file.Size == 0 || t.rangeRefused || cause.Surplus(err) {
		return false
	}
	if own, isOwn := errors.AsType[*downloader.Error](err); isOwn {
		switch own.Class {
		case downloader.ClassStall, downloader.ClassSlow, downloader.ClassDeadline, downloader.ClassCanceled:
		default:
			return false
		}
	}
	t.partial, t.part.Size = file, file.Size
	return true
}

// reopenPartial opens what an earlier run, or an earlier call of Do, left of the image.
func (t *transfer) reopenPartial() {
	file, p := t.stager.ReopenPartial(t.item, t.attemptsBefore > 0)
	if file == nil {
		return
	}
	t.partial, t.part = file, p
	if t.identify(file.Head()) != nil {
		t.discardPartial()
		return
	}
	file.Fill, t.identified = 0, true
}

// discardPartial discards what attempts have left.
func (t *transfer) discardPartial() {
	if t.partial != nil {
		t.partial.Discard()
		t.partial = nil
	}
	t.identified = false
}

// leavePartial keeps what attempts have left for another run if that may help. Otherwise
// it discards it.
func (t *transfer) leavePartial(failure *downloader.Error) {
	if t.partial == nil {
		return
	}
	mayHelp := failure.Class == downloader.ClassCanceled || failure.Class == downloader.ClassDeadline || failure.Retries(1) > 0
	if !mayHelp || !t.partial.KeepPartial(t.part) {
		t.partial.Discard()
	}
	t.partial = nil
}
