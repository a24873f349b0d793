package testserver

import (
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
)

// format is an image file format that the server can encode.
type format int

const (
	formatJPEG format = iota
	formatPNG
	formatGIF
	formats // their number
)

const jpegQuality = 80

// formatOf returns the format of a file name extension, without its dot.
func formatOf(ext string) (format, bool) {
	switch ext {
	case "jpg", "jpeg":
		return formatJPEG, true
	case "png":
		return formatPNG, true
	case "gif":
		return formatGIF, true
	}
	return 0, false
}

func (f format) ext() string {
	return [formats]string{"jpg", "png", "gif"}[f]
}

func (f format) contentType() string {
	return [formats]string{"image/jpeg", "image/png", "image/gif"}[f]
}

func (f format) encode(w io.Writer, m *image.RGBA) error {
	switch f {
	case formatPNG:
		// Noise hardly compresses; a higher level costs time for nothing.
		enc := png.Encoder{CompressionLevel: png.BestSpeed}
		return enc.Encode(w, m)
	case formatGIF:
		return gif.Encode(w, webSafe(m), nil)
	default:
		return jpeg.Encode(w, m, &jpeg.Options{Quality: jpegQuality})
	}
}

// split cuts an encoded image where comments and padding may be put.
func (f format) split(encoded []byte) (head, tail []byte) {
	at := 2 // JPEG: the start-of-image marker
	switch f {
	case formatPNG:
		at = 8 + 25 // the signature and the IHDR chunk
	case formatGIF:
		at = len(encoded) - 1 // the trailer
	}
	return encoded[:at], encoded[at:]
}

// comment returns text in the form in which the format stores comments. Text
// must be shorter than 32 KiB.
func (f format) comment(text string) []byte {
	switch f {
	case formatPNG:
		return pngChunk("tEXt", append([]byte("Comment\x00"), text...))
	case formatGIF:
		return gifComment([]byte(text))
	default:
		return jpegComment([]byte(text))
	}
}

// minFiller is the size of the smallest filler; every larger size up to
// fillerBlock can be made.
func (f format) minFiller() int64 {
	return [formats]int64{4, 12, 5}[f]
}

// filler returns exactly n bytes that decoders skip, n being at least
// minFiller and at most fillerBlock.
func (f format) filler(n int64) []byte {
	switch f {
	case formatPNG:
		return pngChunk("grAb", make([]byte, n-12)) // ancillary, private, safe to copy
	case formatGIF:
		return gifFiller(int(n))
	default:
		return jpegComment(make([]byte, n-jpegHeaderSize))
	}
}

// jpegHeaderSize is the size of what comes before the text of a comment.
const jpegHeaderSize = 4

// jpegHeader begins a comment that takes n bytes in all. The length that it
// states leaves out the marker.
func jpegHeader(n int) []byte {
	return binary.BigEndian.AppendUint16([]byte{0xff, 0xfe}, uint16(n-2))
}

func jpegComment(data []byte) []byte {
	return append(jpegHeader(jpegHeaderSize+len(data)), data...)
}

func pngChunk(kind string, data []byte) []byte {
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

// gifFiller returns a comment that takes n bytes in all. The blocks together
// take n-3 bytes, and one of one byte, its length, would end the comment.
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
