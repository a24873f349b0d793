package fetch

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"

	"grab/downloader"
	"grab/downloader/live"
)

// grab requests images without a content coding. Some servers compress them all the
// same (RFC 9110 section 8.4). One layer of gzip is decoded, so that the image itself
// is limited, hashed and saved. All other codings are refused.

// contentCoding returns the content coding of a response in lower case, or "" if it has
// none.
func contentCoding(resp *http.Response) string {
	coding := strings.ToLower(strings.Join(resp.Header["Content-Encoding"], ", "))
	switch coding {
	case "identity":
		return ""
	case "x-gzip": // RFC 9110 section 8.4.1.3
		return "gzip"
	}
	return coding
}

// decodeBody returns a response's body without its content coding. A body that is not
// gzip, whatever its header says, is left as it is: the image's format will show.
func decodeBody(resp *http.Response) io.Reader {
	if contentCoding(resp) != "gzip" {
		return resp.Body
	}
	g := &gunzipper{source: source{Reader: resp.Body}}
	g.body = bufio.NewReader(&g.source)
	return g
}

// gunzipper decodes a body that may be gzip.
type gunzipper struct {
	source source
	body   *bufio.Reader // of source
	plain  io.Reader     // nil before the first read
}

// source is a reader that keeps its last error.
type source struct {
	io.Reader
	err error
}

// Read implements [io.Reader].
func (s *source) Read(p []byte) (n int, err error) {
	n, s.err = s.Reader.Read(p)
	return n, s.err
}

// Read implements [io.Reader].
func (g *gunzipper) Read(p []byte) (int, error) {
	if g.plain == nil {
		if err := g.open(); err != nil {
			return 0, err
		}
	}
	n, err := g.plain.Read(p)
	return n, g.explain(err)
}

func (g *gunzipper) open() error {
	magic, err := g.body.Peek(2)
	switch {
	case string(magic) == "\x1f\x8b": // RFC 1952 section 2.3.1
		g.plain, err = gzip.NewReader(g.body)
		return g.explain(err)
	case err == nil || err == io.EOF:
		g.plain = g.body
		return nil
	}
	return err
}

// explain returns the error of the body if there is one, which has a class. Otherwise
// it returns an error of the gzip coding.
func (g *gunzipper) explain(err error) error {
	if err == nil || err == io.EOF || g.plain == g.body {
		return err
	}
	if failed := g.source.err; failed != nil && failed != io.EOF {
		return failed
	}
	// All attempts are made, since the damage may come from the transfer.
	return &downloader.Error{Class: downloader.ClassEncoding, Op: live.PhaseBody.String(), Retry: downloader.RetryBudget, Err: fmt.Errorf("the body's gzip coding is damaged: %w", err)}
}
