package wire

import (
	"io"
	"net/http"

	"grab/testserver/reply"
)

// LastModified is the age of every image, as a header field.
const LastModified = "Mon, 01 Jan 2024 00:00:00 GMT"

// Send sends an answer to a request.
func (w *Writer) Send(r *http.Request, resp reply.Response) {
	header := w.Header()
	addFields(header, resp.Fields)
	if resp.Pace > 0 && r.Method != http.MethodHead {
		w.pacer = newPacer(resp.Pace)
	}
	if resp.Image && conditional(r.Header) {
		modified, _ := http.ParseTime(LastModified)
		body := io.NewSectionReader(resp.Body, 0, resp.Body.Size)
		http.ServeContent(w, r, "", modified, body)
		return
	}
	noContentTypeGuess(header)
	if resp.Image {
		length := reply.ContentLength(resp.Body.Size)
		header[length.Key] = []string{length.Value}
	}
	w.WriteHeader(resp.Status)
	if r.Method == http.MethodHead {
		return
	}
	for _, part := range resp.Body.Parts {
		if _, err := w.Write(part); err != nil {
			return
		}
	}
}

func addFields(header http.Header, fields []reply.Field) {
	for _, f := range fields {
		header[f.Key] = append(header[f.Key], f.Value)
	}
}

// noContentTypeGuess keeps net/http from adding a Content-Type.
func noContentTypeGuess(header http.Header) {
	if header["Content-Type"] == nil {
		header["Content-Type"] = nil
	}
}

// conditional reports whether the answer depends on more than the URI.
func conditional(h http.Header) bool {
	for _, key := range [...]string{
		"Range", "If-None-Match", "If-Modified-Since", "If-Match", "If-Unmodified-Since",
	} {
		if len(h[key]) > 0 {
			return true
		}
	}
	return false
}
