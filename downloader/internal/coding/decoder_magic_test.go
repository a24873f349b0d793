package coding

import "testing"

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
