package coding

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"grab/downloader"
	"grab/downloader/imagefile"
	"grab/downloader/live"
)

// decoder removes one content coding from a body that may have it.
type decoder struct {
	coding string
	source codedBody
	body   *bufio.Reader // of source
	plain  io.Reader     // nil before the first read
	asIs   bool          // the body does not have the coding
	close  func()        // releases what the coding needs; may be nil
}

func newDecoder(coding string, body io.ReadCloser, maxSize int64) *decoder {
	d := &decoder{coding: coding, source: codedBody{ReadCloser: body, left: maxSize + maxSize/64 + 1<<10}}
	d.body = bufio.NewReader(&d.source)
	return d
}

// Read implements [io.Reader].
func (d *decoder) Read(p []byte) (int, error) {
	if d.plain == nil {
		if err := d.open(); err != nil {
			return 0, err
		}
	}
	n, err := d.plain.Read(p)
	if err == io.EOF && !d.asIs {
		err = d.end()
	}
	return n, d.explain(err)
}

// Close releases the memory of the decoders. The response's body has its own Close.
func (d *decoder) Close() error {
	if d.close != nil {
		d.close()
	}
	if inner, ok := d.source.ReadCloser.(*decoder); ok {
		return inner.Close()
	}
	return nil
}

// headSize is how many bytes show whether a body has its coding, or is an image.
const headSize = 512

// open looks at the first bytes, and decides how to read the body.
func (d *decoder) open() error {
	head, err := d.body.Peek(headSize)
	if err != nil && err != io.EOF {
		return err
	}
	d.plain, err = d.decode(head)
	if err == nil && d.plain == nil {
		d.plain, d.asIs = d.body, true
	}
	return d.explain(err)
}

// decode returns the body without its coding, or nil if it does not have it. Brotli and
// bare deflate have no mark at the beginning, so anything that is no image has them.
func (d *decoder) decode(head []byte) (io.Reader, error) {
	_, isImage := imagefile.Identify(head)
	switch {
	case len(head) == 0:
	case d.coding == "gzip" && hasMagic(head, 0x1f, 0x8b): // RFC 1952 section 2.3.1
		return gzip.NewReader(d.body)
	case d.coding == "zstd" && isZstd(head):
		// One goroutine decodes: this one. RFC 9659 limits the window to 8 MiB.
		z, err := zstd.NewReader(d.body, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(8<<20))
		if err == nil {
			d.close = z.Close
		}
		return z, err
	case d.coding == "deflate" && isZlib(head):
		return zlib.NewReader(d.body)
	case d.coding == "deflate" && !isImage: // a frequent mistake: RFC 9110 section 8.4.1.2
		return flate.NewReader(d.body), nil
	case d.coding == "br" && !isImage:
		return brotli.NewReader(d.body), nil
	}
	return nil, nil
}

func hasMagic(head []byte, magic ...byte) bool {
	return len(head) >= len(magic) && string(head[:len(magic)]) == string(magic)
}

// isZstd reports whether head begins a frame, or one to skip (RFC 8878 section 3.1).
func isZstd(head []byte) bool {
	return hasMagic(head, 0x28, 0xb5, 0x2f, 0xfd) ||
		len(head) >= 4 && head[0]>>4 == 5 && hasMagic(head[1:], 0x2a, 0x4d, 0x18)
}

// isZlib reports whether head begins a zlib stream (RFC 1950 section 2.2).
func isZlib(head []byte) bool {
	return len(head) >= 2 && head[0]&0x8f == 8 && binary.BigEndian.Uint16(head)%31 == 0
}

// end returns io.EOF if the body ends with its coding.
func (d *decoder) end() error {
	_, err := d.body.ReadByte()
	if err == nil {
		return fmt.Errorf("bytes after its end")
	}
	return err
}

// explain returns the error of the body if there is one, which has a class. Otherwise
// it returns an error of the coding.
func (d *decoder) explain(err error) error {
	if err == nil || err == io.EOF || d.asIs {
		return err
	}
	if failed := d.source.err; failed != nil && failed != io.EOF {
		return failed
	}
	// All attempts are made, since the damage may come from the transfer.
	return &downloader.Error{Class: downloader.ClassEncoding, Op: live.PhaseBody.String(), Retry: downloader.RetryBudget,
		Err: fmt.Errorf("the body's %s coding is damaged: %w", d.coding, err)}
}

// codedBody is a body that keeps its last error. It ends a body that would need more
// bytes than any image that is allowed: codings can be long and stand for nothing.
type codedBody struct {
	io.ReadCloser
	left int64
	err  error
}

// Read implements [io.Reader].
func (s *codedBody) Read(p []byte) (n int, err error) {
	n, err = s.ReadCloser.Read(p)
	if s.left -= int64(n); s.left < 0 {
		err = &downloader.Error{Class: downloader.ClassTooBig, Reason: "the content coding is longer than the largest image allowed"}
	}
	s.err = err
	return n, err
}
