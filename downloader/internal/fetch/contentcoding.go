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

// grab asks for images as they are. Some servers compress them all the same
// (RFC 9110 section 8.4): one layer of gzip is taken off, and what is saved,
// hashed and limited is the image. All other codings are refused.

// contentCoding returns the coding of a response's body in lower case, and "" if
// it has none.
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

// decoded returns a response's body without its coding. A body that is not what
// its header says is left as it is: images know their own format.
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

// source is a reader that remembers its error.
type source struct {
	io.Reader
	err error
}

func (s *source) Read(p []byte) (n int, err error) {
	n, s.err = s.Reader.Read(p)
	return n, s.err
}

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

// explain tells the coding's errors from the body's, which have a class.
func (g *gunzipper) explain(err error) error {
	if err == nil || err == io.EOF || g.plain == g.body {
		return err
	}
	if failed := g.source.err; failed != nil && failed != io.EOF {
		return failed
	}
	// Which may be a passing fault.
	return &downloader.Error{Class: downloader.ClassEncoding, Op: live.PhaseBody.String(), Retry: downloader.RetryBudget, Err: fmt.Errorf("the body's gzip coding is damaged: %w", err)}
}
