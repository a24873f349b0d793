// Package plain finds the text in a list, which may be compressed or in UTF-16, and its lines.
package plain

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"grab/downloader"
)

// maxWindow is the most memory that a zstd list may ask for: that of zstd --long.
const maxWindow = 128 << 20

// Unpack returns a reader of what is in a list that may be compressed, as its first bytes
// say, and in UTF-16. The caller calls done.
func Unpack(in *bufio.Reader) (_ *bufio.Reader, done func(), err error) {
	done = func() {}
	var body io.Reader
	name := ""
	switch {
	case Begins(in, "\x1f\x8b"):
		name = "gzip"
		body, err = gzip.NewReader(in)
	case Begins(in, "\x28\xb5\x2f\xfd"):
		name = "zstd"
		var decoder *zstd.Decoder
		if decoder, err = zstd.NewReader(in, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow)); err == nil {
			body, done = decoder, decoder.Close
		}
	case Begins(in, "\xfd7zXZ\x00"):
		name = "xz"
		body, err = xz.NewReader(in)
	case Begins(in, "BZh"):
		name = "bzip2"
		body = bzip2.NewReader(in)
	}
	if err != nil {
		return nil, done, fmt.Errorf("%s: %w", name, err)
	}
	if body != nil {
		in = bufio.NewReaderSize(&namedReader{body, name}, downloader.MaxURL+2)
	}
	if Begins(in, "\xff\xfe") || Begins(in, "\xfe\xff") {
		utf16 := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
		in = bufio.NewReaderSize(transform.NewReader(in, utf16.NewDecoder()), downloader.MaxURL+2)
	}
	return in, done, nil
}

// Begins reports whether magic comes next. It waits for no more bytes than it takes to tell.
func Begins(in *bufio.Reader, magic string) bool {
	for n := 1; n <= len(magic); n++ {
		if have, _ := in.Peek(n); !bytes.Equal(have, []byte(magic[:n])) {
			return false
		}
	}
	return true
}

// namedReader says in its errors what could not be unpacked.
type namedReader struct {
	io.Reader
	name string
}

func (n *namedReader) Read(p []byte) (int, error) {
	count, err := n.Reader.Read(p)
	if err != nil && err != io.EOF {
		err = fmt.Errorf("%s: %w", n.name, err)
	}
	return count, err
}
