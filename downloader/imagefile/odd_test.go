package imagefile_test

import (
	"bytes"
	"errors"
	"image"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/tiff"

	"grab/downloader/imagefile"
)

// TestOddButWhole has files that decoders show although they break the rules of their
// format, or that are right and that the decoders here do not support.
func TestOddButWhole(t *testing.T) {
	jpg, pngs := jpegOf(t, noise(24, 16)), pngOf(t, paletted(9, 9))
	gifs := gifOf(t, 4, 4, 1)
	palette := bytes.Index(pngs, []byte("PLTE")) - 4
	tests := []struct {
		name    string
		format  imagefile.Format
		data    []byte
		decodes bool
	}{
		{"JPEG with a comment of length 0", imagefile.JPEG, insert(jpg, 2, "\xff\xfe\x00\x00"), false},
		{"JPEG with DNL first", imagefile.JPEG, insert(jpg, 2, "\xff\xdc\x00\x06JFIF"), false},
		{"JPEG without Huffman tables", imagefile.JPEG, withoutSegments(jpg, 0xc4), false},
		{"JPEG with equal components", imagefile.JPEG, equalComponents(jpg), false},
		{"JPEG with restarts in a scan of one component", imagefile.JPEG, splitScans(t), false},
		{"JPEG with arithmetic coding", imagefile.JPEG, bytes.Replace(jpg, []byte("\xff\xc0"), []byte("\xff\xc9"), 1), false},
		{"GIF with codes of one bit", imagefile.GIF, oneBitGIF(), false},
		{"GIF with stray bytes", imagefile.GIF, insert(gifs, len(gifs)-1, "\x00\x42"), true},
		{"GIF without a trailer", imagefile.GIF, gifs[:len(gifs)-1], true},
		{"GIF with a large frame", imagefile.GIF, bytes.Replace(gifs, []byte("GIF89a\x04"), []byte("GIF89a\x02"), 1), false},
		{"GIF with too many pixels", imagefile.GIF, bytes.Replace(gifs, []byte("\x00\x04\x00\x04\x00"), []byte("\x00\x04\x00\x03\x00"), 1), false},
		{"GIF with an unknown extension", imagefile.GIF, insert(gifs, bytes.IndexByte(gifs, 0x2c), "\x21\x99\x01x\x00"), false},
		{"PNG with tRNS before PLTE", imagefile.PNG, insert(pngs, palette, pngChunk("tRNS", "\x00")), false},
		{"BMP of a wrong length", imagefile.BMP, longBMP(t), true},
		{"TIFF with a strip too long", imagefile.TIFF, stripTIFF(900, 0), false},
		{"TIFF without strip lengths", imagefile.TIFF, stripTIFF(-1, 0), false},
		{"TIFF with a loop", imagefile.TIFF, stripTIFF(6, 14), true},
		{"TIFF with a longer loop", imagefile.TIFF, loopTIFF(5), true},
		{"TIFF with separate planes", imagefile.TIFF, stripTIFF(6, 0, field{277, 3, 1, 3}, field{284, 3, 1, 2}), false},
		{"TIFF with reversed bits", imagefile.TIFF, stripTIFF(6, 0, field{266, 3, 1, 2}), false},
		{"TIFF with unsorted tags", imagefile.TIFF, stripTIFF(6, 0, field{1, 3, 1, 2}), false},
	}
	for _, test := range tests {
		if f, _ := imagefile.Identify(test.data); f != test.format {
			t.Errorf("%s is %v", test.name, f)
		}
		if info, err := check(test.format, test.data); err != nil {
			t.Errorf("%s: %+v, %v", test.name, info, err)
		}
		if info, err := decode(test.format, test.data, 0); err != nil || info.Decoded != test.decodes {
			t.Errorf("%s decodes to %+v, %v", test.name, info, err)
		}
	}
}

// TestDamagedInside has files that no decoder shows as they should be.
func TestDamagedInside(t *testing.T) {
	gifs, deflate := gifOf(t, 40, 40, 1), tiffOf(t, noise(16, 16), tiff.Deflate)
	deflate[20] ^= 0xff
	animation := gifOf(t, 4, 4, 2)
	dib := bmpOf(t, noise(4, 4))[14:]
	tests := []struct {
		name      string
		format    imagefile.Format
		data      []byte
		structure error
		decode    error
	}{
		{"JPEG with an impossible DC", imagefile.JPEG, impossibleDC(t), nil, imagefile.ErrCorrupt},
		{
			"JPEG with a table of no length", imagefile.JPEG,
			insert(jpegOf(t, noise(8, 8)), 2, "\xff\xc4\x00\x00"), imagefile.ErrCorrupt, imagefile.ErrCorrupt,
		},
		{
			"JPEG with a restart marker in the wrong place", imagefile.JPEG, wrongRestart(t),
			nil, imagefile.ErrCorrupt,
		},
		{
			"GIF without most of its pixels", imagefile.GIF,
			bytes.Replace(gifs, []byte("\x00\x28\x00\x28\x00"), []byte("\x00\xff\x00\xff\x00"), 1),
			nil, nil, // the frame is larger than the canvas, which the decoder cannot do
		},
		{
			"GIF with few pixels", imagefile.GIF, fewPixels(gifs), nil, imagefile.ErrCorrupt,
		},
		{
			"GIF, an animation that ends after its first frame", imagefile.GIF,
			animation[:bytes.LastIndex(animation, []byte("\x21\xf9"))],
			imagefile.ErrTruncated, imagefile.ErrTruncated,
		},
		{"TIFF with damaged pixels", imagefile.TIFF, deflate, nil, imagefile.ErrCorrupt},
		{
			"TIFF whose pixels are not all there", imagefile.TIFF,
			stripTIFF(6, 0, field{257, 3, 1, 200}, field{278, 3, 1, 200})[:80],
			imagefile.ErrTruncated, imagefile.ErrTruncated,
		},
		{
			"TIFF without strip lengths, and cut", imagefile.TIFF,
			stripTIFF(-1, 0, field{257, 3, 1, 200}, field{278, 3, 1, 200}), imagefile.ErrTruncated, imagefile.ErrTruncated,
		},
		{
			"ICO with a bitmap larger than its entry", imagefile.ICO,
			icoOf(dib[:len(dib)-40], 4), imagefile.ErrCorrupt, imagefile.ErrCorrupt,
		},
		{
			"JXL with parts out of order", imagefile.JXL,
			bytes.Replace(jxlBoxes(codestream(), true), []byte("\x80\x00\x00\x01more"), []byte("\x80\x00\x00\x02more"), 1),
			imagefile.ErrCorrupt, imagefile.ErrCorrupt,
		},
	}
	for _, test := range tests {
		if info, err := check(test.format, test.data); !errors.Is(err, test.structure) {
			t.Errorf("%s: %+v, %v", test.name, info, err)
		}
		if info, err := decode(test.format, test.data, 0); !errors.Is(err, test.decode) {
			t.Errorf("%s decodes to %+v, %v", test.name, info, err)
		}
	}
}

// eachSegment calls do with the marker and the bytes of each segment of a JPEG before
// its scan.
func eachSegment(jpg []byte, do func(marker byte, segment []byte)) {
	for at := 2; jpg[at+1] != 0xda; {
		end := at + 2 + int(jpg[at+2])<<8 + int(jpg[at+3])
		do(jpg[at+1], jpg[at:end])
		at = end
	}
}

// withoutSegments removes the segments with a marker.
func withoutSegments(jpg []byte, marker byte) []byte {
	rest := slices.Clone(jpg)
	eachSegment(jpg, func(m byte, segment []byte) {
		if m == marker {
			rest = bytes.Replace(rest, segment, nil, 1)
		}
	})
	return rest
}

// equalComponents gives all components of a JPEG the same identifier.
func equalComponents(jpg []byte) []byte {
	jpg = slices.Clone(jpg)
	eachSegment(jpg, func(marker byte, segment []byte) {
		if marker == 0xc0 {
			segment[13], segment[16] = segment[10], segment[10]
		}
	})
	scan := bytes.Index(jpg, []byte("\xff\xda"))
	jpg[scan+7], jpg[scan+9] = jpg[scan+5], jpg[scan+5]
	return jpg
}

// splitScans returns a grey JPEG of 48x64 pixels with subsampled colours and a scan for
// each component. A restart marker follows each block. The tables are those of the
// standard library's encoder (T.81 annex K.3): 00 is a DC difference of 0, and 1010 (for
// the colours, 00) the end of a block.
func splitScans(t *testing.T) []byte {
	var b bytes.Buffer
	b.WriteString("\xff\xd8")
	eachSegment(jpegOf(t, noise(48, 64)), func(_ byte, segment []byte) { b.Write(segment) })
	b.WriteString("\xff\xdd\x00\x04\x00\x01")
	for component, blocks := range []int{6 * 8, 3 * 4, 3 * 4} {
		tables, block := byte(0), byte(0b00_1010_11)
		if component > 0 {
			tables, block = 0x11, 0b00_00_1111
		}
		b.Write([]byte{0xff, 0xda, 0, 8, 1, byte(component + 1), tables, 0, 63, 0})
		for n := range blocks {
			b.WriteByte(block)
			if n < blocks-1 {
				b.Write([]byte{0xff, 0xd0 + byte(n%8)})
			}
		}
	}
	b.WriteString("\xff\xd9")
	return b.Bytes()
}

// wrongRestart returns a grey JPEG whose second restart marker has the wrong number.
func wrongRestart(t *testing.T) []byte {
	data := jpegOf(t, image.NewGray(image.Rect(0, 0, 24, 8)))
	scan := bytes.Index(data, []byte("\xff\xda"))
	data = append(data[:scan:scan], "\xff\xdd\x00\x04\x00\x01"...)
	return append(data, "\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x2b\xff\xd0\x2b\xff\xd5\x2b\xff\xd9"...)
}

// impossibleDC returns a JPEG with a DC difference of more than 16 bits: the first
// symbol of its table is 0x20.
func impossibleDC(t *testing.T) []byte {
	data := jpegOf(t, image.NewGray(image.Rect(0, 0, 8, 8)))
	eachSegment(data, func(marker byte, segment []byte) {
		if marker == 0xc4 && segment[4] == 0 {
			segment[5+16] = 0x20
		}
	})
	scan := bytes.Index(data, []byte("\xff\xda"))
	return append(data[:scan+10:scan+10], "\x2b\xff\xd9"...)
}

// oneBitGIF returns a tracking pixel, whose codes begin with one bit.
func oneBitGIF() []byte {
	return []byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff" +
		"\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x01\x01\x32\x00;")
}

// fewPixels makes the canvas and the frame of a GIF larger than its pixels.
func fewPixels(gifs []byte) []byte {
	gifs = slices.Clone(gifs)
	gifs[6], gifs[8] = 50, 50
	frame := bytes.Index(gifs, []byte("\x2c\x00\x00\x00\x00\x28"))
	gifs[frame+5], gifs[frame+7] = 50, 50
	return gifs
}

// longBMP returns a BMP whose header claims a longer file.
func longBMP(t *testing.T) []byte {
	data := bmpOf(t, noise(6, 5))
	copy(data[2:], le32(len(data)+100))
	return data
}

// stripTIFF returns a TIFF of 3x2 grey pixels in one strip of the given length, with more
// fields. Fields of other values for the same tag take their places.
func stripTIFF(length, next int, more ...field) []byte {
	fields := []field{
		{256, 3, 1, 3}, {257, 3, 1, 2}, {258, 3, 1, 8}, {259, 3, 1, 1}, {262, 3, 1, 1},
		{273, 4, 1, 8}, {277, 3, 1, 1}, {278, 3, 1, 2},
	}
	if length >= 0 {
		fields = append(fields, field{279, 4, 1, length})
	}
	for _, f := range more {
		at := slices.IndexFunc(fields, func(g field) bool { return g.tag == f.tag })
		if at < 0 {
			fields = append(fields, f)
		} else {
			fields[at] = f
		}
	}
	data := append(tiffHeader(binaryOrder, 14), "abcdef"...)
	return append(data, directory(binaryOrder, next, fields...)...)
}

// loopTIFF returns stripTIFF with n further directories. The last leads back to the
// second.
func loopTIFF(n int) []byte {
	first := stripTIFF(6, 0)
	second := len(first)
	data := slices.Clone(first)
	copy(data[second-4:], le32(second))
	for i := range n {
		next := len(data) + 18
		if i == n-1 {
			next = second
		}
		data = append(data, directory(binaryOrder, next, field{254, 3, 1, 1})...)
	}
	return append(data, strings.Repeat("\x00", 8)...)
}

// TestBitFieldBMP has pixels in bit fields, whose number follows from the width and height.
// The length in the header may be anything.
func TestBitFieldBMP(t *testing.T) {
	const width, height, headers = 3, 2, 14 + 40 + 12
	pixels := 4 * width * height
	for _, claimed := range []int{0, 1, pixels, 1 << 20} {
		data := make([]byte, headers+pixels)
		copy(data, "BM")
		for at, value := range map[int]int{2: len(data), 10: headers, 14: 40, 18: width, 22: height, 26: 1 | 32<<16, 30: 3, 34: claimed, 54: 0xff0000, 58: 0xff00, 62: 0xff} {
			copy(data[at:], le32(value))
		}
		if info, err := check(imagefile.BMP, data); err != nil || info.Width != width || info.Height != height {
			t.Errorf("%d bytes of pixels claimed: %+v, %v", claimed, info, err)
		}
		if _, err := check(imagefile.BMP, data[:len(data)-1]); !errors.Is(err, imagefile.ErrTruncated) {
			t.Errorf("%d bytes of pixels claimed, the last is missing: %v", claimed, err)
		}
	}
}
