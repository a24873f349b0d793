package coding

import (
	"io"
	"strings"
	"testing"
)

func TestMagic(t *testing.T) {
	for _, c := range []struct {
		head       string
		zstd, zlib bool
	}{
		{"\x28\xb5\x2f\xfd", true, false},
		{"\x28\xb5\x2f", false, false},
		{"\x50\x2a\x4d\x18", true, false}, // skipped by a decoder
		{"\x5f\x2a\x4d\x18", true, false},
		{"\x60\x2a\x4d\x18", false, false},
		{"\x78\x9c", false, true},
		{"\x08\x1d", false, true}, // the smallest window
		{"\x78", false, false},
		{"\x78\x9d", false, false}, // the check fails
		{"\x77\x15", false, false}, // another method
		{"\x88\x1c", false, false}, // a window that is too large
	} {
		if isZstd([]byte(c.head)) != c.zstd || isZlib([]byte(c.head)) != c.zlib {
			t.Errorf("%x: zstd %v, zlib %v", c.head, isZstd([]byte(c.head)), isZlib([]byte(c.head)))
		}
	}
}

// TestNotCoded has bodies without the coding that their responses name. They come as they are.
func TestNotCoded(t *testing.T) {
	const image, likeZlib = "GIF89a\x01\x00\x01\x00", "\x78\x9c, and no zlib stream"
	for _, c := range [][2]string{{"gzip", image}, {"zstd", image}, {"deflate", image}, {"br", image}, {"gzip", likeZlib}, {"zstd", likeZlib}} {
		d := newDecoder(c[0], io.NopCloser(strings.NewReader(c[1])), 1<<20)
		if got, err := io.ReadAll(d); string(got) != c[1] || err != nil {
			t.Errorf("%s of %q: %q, %v", c[0], c[1], got, err)
		}
		_ = d.Close()
	}
}
