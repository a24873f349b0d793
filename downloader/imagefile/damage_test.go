package imagefile

import (
	"compress/flate"
	"compress/zlib"
	"errors"
	"fmt"
	"image/jpeg"
	"image/png"
	"io"
	"testing"
)

// TestErrorsOfDecoders lists errors of the decoders, and which of them mean damage.
func TestErrorsOfDecoders(t *testing.T) {
	lzw, fax3, fax4, plain := variant{compression: 5}, variant{compression: 3}, variant{compression: 4}, variant{compression: 1}
	for _, c := range []struct {
		damaged func(variant, error) bool
		v       variant
		err     error
		want    bool
	}{
		{damagedJPEG, variant{}, jpeg.UnsupportedError("excessive DC component"), true},
		{damagedJPEG, variant{}, jpeg.UnsupportedError("unknown marker"), false},
		{damagedJPEG, variant{}, jpeg.FormatError("bad Huffman code"), true},
		{damagedJPEG, variant{}, jpeg.FormatError("repeated component identifier"), false},
		{damagedJPEG, variant{}, io.ErrUnexpectedEOF, true},
		{damagedJPEG, variant{}, io.EOF, true},
		{damagedJPEG, variant{}, errors.New("x"), false},
		{damagedPNG, variant{}, png.FormatError("not enough pixel data"), true},
		{damagedPNG, variant{}, png.FormatError("bad filter type"), true},
		{damagedPNG, variant{}, png.FormatError("zlib: x"), true},
		{damagedPNG, variant{}, png.FormatError("flate: x"), true},
		{damagedPNG, variant{}, png.FormatError("chunk out of order"), false},
		{damagedPNG, variant{}, flate.CorruptInputError(3), true},
		{damagedPNG, variant{}, io.EOF, true},
		{damagedPNG, variant{}, errors.New("x"), false},
		{damagedGIF, variant{}, errors.New("gif: not enough image data"), true},
		{damagedGIF, variant{}, errors.New("gif: reading image data: lzw: invalid code"), true},
		{damagedGIF, variant{}, fmt.Errorf("gif: %w", io.ErrUnexpectedEOF), true},
		{damagedGIF, variant{}, errors.New("gif: unknown extension"), false},
		{damagedWebP, variant{}, errors.New("x"), true},
		{damagedBMP, variant{}, io.EOF, false},
		{damagedTIFF, plain, io.EOF, false},
		{damagedTIFF, fax4, errors.New("ccitt: x"), true},
		{damagedTIFF, fax4, errors.New("ccitt: unsupported x"), false},
		{damagedTIFF, fax3, errors.New("ccitt: x"), false},
		{damagedTIFF, lzw, errors.New("lzw: x"), true},
		{damagedTIFF, lzw, zlib.ErrHeader, true},
		{damagedTIFF, lzw, zlib.ErrChecksum, true},
		{damagedTIFF, lzw, zlib.ErrDictionary, true},
		{damagedTIFF, lzw, flate.CorruptInputError(3), true},
		{damagedTIFF, lzw, io.ErrUnexpectedEOF, true},
		{damagedTIFF, lzw, errors.New("tiff: invalid format: not enough pixel data"), true},
		{damagedTIFF, lzw, errors.New("tiff: invalid format: PackBits: decompressed data too large"), true},
		{damagedTIFF, lzw, errors.New("tiff: unsupported feature"), false},
	} {
		if got := c.damaged(c.v, c.err); got != c.want {
			t.Errorf("%v, compression %d: %v", c.err, c.v.compression, got)
		}
	}
}

// TestPartOfMemory checks a file in memory of which only the beginning counts.
func TestPartOfMemory(t *testing.T) {
	data := []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;")
	if _, err := GIF.Check(Memory(data), int64(len(data))); err != nil {
		t.Error(err)
	}
	for _, size := range []int{0, 10, 25} {
		if _, err := GIF.Check(Memory(data), int64(size)); !errors.Is(err, ErrTruncated) {
			t.Errorf("of %d bytes: %v", size, err)
		}
	}
}

// TestNamesOfOthers names files that are not checked.
func TestNamesOfOthers(t *testing.T) {
	for head, want := range map[string]string{
		"\x00\x00\x00\x18ftypcrx \x00": "a Canon raw image (CR3)", "\x00\x00\x00\x18ftypqt  \x00": "a QuickTime video", "\x00\x00\x00\x18ftypisom": "an MP4 file",
		"%PDF-1.7": "a PDF document", " %PDF-1.7": "", "ftypqt  ": "", "": "",
	} {
		if got := NameOther([]byte(head)); got != want {
			t.Errorf("%q: %q, want %q", head, got, want)
		}
	}
}

// TestMemoryOfProgressive checks that the coefficients of a progressive JPEG count.
func TestMemoryOfProgressive(t *testing.T) {
	for marker, want := range map[string]int64{"\xc0": 0, "\xc2": 4} {
		head := []byte("\xff\xd8\xff" + marker + "\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00")
		if v, _ := examineJPEG(memoryWindow(JPEG, head)); v.copies != want {
			t.Errorf("%x: %d copies, want %d", marker, v.copies, want)
		}
	}
}

// TestValidBMP lists headers that can be right.
func TestValidBMP(t *testing.T) {
	for _, c := range []struct {
		h    bmpHeader
		want bool
	}{
		{bmpHeader{width: 1, height: 1, depth: 24}, true}, {bmpHeader{width: 0, height: 1, depth: 24}, false}, {bmpHeader{width: 1, height: 0, depth: 24}, false},
		{bmpHeader{width: 1, height: 1, depth: 3}, false}, {bmpHeader{width: 1, height: 1}, false},
		{bmpHeader{width: 1, height: 1, compression: 4}, true}, {bmpHeader{width: 1, height: 1, compression: 5}, true}, {bmpHeader{width: 1, height: 1, compression: 3}, false},
		{bmpHeader{width: 0, height: 1, compression: 4}, false}, {bmpHeader{width: 1, height: 0, compression: 4}, false},
	} {
		if got := c.h.valid(); got != c.want {
			t.Errorf("%+v: %v", c.h, got)
		}
	}
}
