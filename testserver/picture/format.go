package picture

import (
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color/palette"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
)

// Format is an image file format that the standard library can encode.
type Format int

// The formats.
const (
	JPEG Format = iota
	PNG
	GIF
	Formats // the number of formats
)

const jpegQuality = 80

// FormatOf returns the format of a file name extension, without its dot.
func FormatOf(ext string) (Format, bool) {
	switch ext {
	case "jpg", "jpeg":
		return JPEG, true
	case "png":
		return PNG, true
	case "gif":
		return GIF, true
	}
	return 0, false
}

// Ext returns the usual file name extension, without its dot.
func (f Format) Ext() string {
	return [Formats]string{"jpg", "png", "gif"}[f]
}

// ContentType returns the media type.
func (f Format) ContentType() string {
	return [Formats]string{"image/jpeg", "image/png", "image/gif"}[f]
}

func (f Format) encode(w io.Writer, m *image.RGBA) error {
	switch f {
	case PNG:
		// The noise hardly compresses, so a higher level would only cost time.
		enc := png.Encoder{CompressionLevel: png.BestSpeed}
		return enc.Encode(w, m)
	case GIF:
		return gif.Encode(w, webSafe(m), nil)
	default:
		return jpeg.Encode(w, m, &jpeg.Options{Quality: jpegQuality})
	}
}

// split cuts an encoded image where comments and padding may be inserted.
func (f Format) split(encoded []byte) (head, tail []byte) {
	at := 2 // JPEG: the start-of-image marker
	switch f {
	case PNG:
		at = 8 + 25 // the signature and the IHDR chunk
	case GIF:
		at = len(encoded) - 1 // the trailer
	}
	return encoded[:at], encoded[at:]
}

// comment encodes text as a comment of the format. Text must be shorter than
// 32 KiB.
func (f Format) comment(text string) []byte {
	switch f {
	case PNG:
		return PNGChunk("tEXt", append([]byte("Comment\x00"), text...))
	case GIF:
		return gifComment([]byte(text))
	default:
		return jpegComment([]byte(text))
	}
}

// minFiller is the size of the smallest filler. Every larger size up to
// fillerBlock is possible.
func (f Format) minFiller() int64 {
	return [Formats]int64{4, 12, 5}[f]
}

// filler returns exactly n bytes that decoders skip. n is at least minFiller
// and at most fillerBlock.
func (f Format) filler(n int64) []byte {
	switch f {
	case PNG:
		return PNGChunk("grAb", make([]byte, n-12)) // ancillary, private, safe to copy
	case GIF:
		return gifFiller(int(n))
	default:
		return jpegComment(make([]byte, n-jpegHeaderSize))
	}
}

// jpegHeaderSize is the size of the marker and the length before the text of a
// comment.
const jpegHeaderSize = 4

// jpegHeader begins a comment of n bytes in all. The length that it states does
// not count the marker.
func jpegHeader(n int) []byte {
	return binary.BigEndian.AppendUint16([]byte{0xff, 0xfe}, uint16(n-2))
}

func jpegComment(data []byte) []byte {
	return append(jpegHeader(jpegHeaderSize+len(data)), data...)
}

// PNGChunk encodes a chunk: length, kind, data and checksum.
func PNGChunk(kind string, data []byte) []byte {
	b := make([]byte, 0, len(data)+12)
	b = binary.BigEndian.AppendUint32(b, uint32(len(data)))
	b = append(b, kind...)
	b = append(b, data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// gifComment stores data in blocks of up to 255 bytes, each after its length;
// an empty block ends the comment.
func gifComment(data []byte) []byte {
	b := []byte{0x21, 0xfe}
	for len(data) > 0 {
		n := min(len(data), 255)
		b = append(b, byte(n))
		b = append(b, data[:n]...)
		data = data[n:]
	}
	return append(b, 0)
}

// gifFiller returns a comment of n bytes in all, of which the blocks take n-3. No
// block may be a length byte alone: a length of zero ends the comment.
func gifFiller(n int) []byte {
	b := append(make([]byte, 0, n), 0x21, 0xfe)
	for left := n - 3; left > 0; {
		size := min(left, 256)
		if left-size == 1 {
			size--
		}
		b = append(b, byte(size-1))
		b = b[:len(b)+size-1]
		left -= size
	}
	return append(b, 0)
}

// webSafe reduces a picture to the 216 colours with six levels a channel. That is
// much faster than searching a palette for the nearest colour.
func webSafe(m *image.RGBA) *image.Paletted {
	out := image.NewPaletted(m.Rect, palette.WebSafe)
	level := func(v uint8) uint8 { return uint8((int(v) + 25) / 51) }
	for i := range out.Pix {
		p := m.Pix[4*i : 4*i+4 : 4*i+4]
		out.Pix[i] = 36*level(p[0]) + 6*level(p[1]) + level(p[2])
	}
	return out
}
