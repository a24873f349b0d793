package imagefile_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"

	"grab/downloader/imagefile"
)

// sample is a whole file.
type sample struct {
	name          string
	format        imagefile.Format
	width, height int
	data          []byte
	loose         int  // bytes at the end that may be missing
	decodes       bool // there is a decoder for the file
}

// samples returns at least one file of each format, all small.
func samples(t testing.TB) []sample {
	return append(checkedSamples(t), []sample{
		{"gray.jpg", imagefile.JPEG, 17, 9, jpegOf(t, image.NewGray(image.Rect(0, 0, 17, 9))), 0, true},
		{"colour.jpg", imagefile.JPEG, 33, 20, jpegOf(t, noise(33, 20)), 0, true},
		{"exif.jpg", imagefile.JPEG, 8, 8, insert(jpegOf(t, noise(8, 8)), 2, segments(300)), 0, true},
		{"fill.jpg", imagefile.JPEG, 8, 8, insert(jpegOf(t, noise(8, 8)), 2, "\xff\xff\xff"), 0, true},
		{"rgba.png", imagefile.PNG, 13, 7, pngOf(t, noise(13, 7)), 0, true},
		{"gray16.png", imagefile.PNG, 5, 6, pngOf(t, image.NewGray16(image.Rect(0, 0, 5, 6))), 0, true},
		{"palette.png", imagefile.PNG, 9, 9, pngOf(t, paletted(9, 9)), 0, true},
		{"one.gif", imagefile.GIF, 11, 12, gifOf(t, 11, 12, 1), 1, true},
		{"three.gif", imagefile.GIF, 10, 10, gifOf(t, 10, 10, 3), 0, true},
		{"lossless.webp", imagefile.WebP, 1, 1, lossless(t), 0, true},
		{"lossy.webp", imagefile.WebP, 1, 1, lossy(t), 0, true},
		{"extended.webp", imagefile.WebP, 1, 1, extended(lossless(t)), 0, true},
		{"animated.webp", imagefile.WebP, 7, 5, animated(7, 5, lossless(t), lossy(t)), 0, true},
		{"alpha.webp", imagefile.WebP, 1, 1, alpha(lossy(t)), 0, true},
		{"rgb.bmp", imagefile.BMP, 6, 5, bmpOf(t, noise(6, 5)), 0, true},
		{"core.bmp", imagefile.BMP, 2, 2, coreBMP(), 0, false},
		{"rgb.tiff", imagefile.TIFF, 6, 5, tiffOf(t, noise(6, 5), tiff.Uncompressed), 0, true},
		{"deflate.tiff", imagefile.TIFF, 16, 16, tiffOf(t, noise(16, 16), tiff.Deflate), 0, true},
		{"motorola.tiff", imagefile.TIFF, 3, 6, stripsTIFF(binary.BigEndian), 4, true},
		{"big.tiff", imagefile.TIFF, 3, 2, bigTIFF(binary.LittleEndian), 8, false},
		{"png.ico", imagefile.ICO, 9, 9, icoOf(pngOf(t, paletted(9, 9)), 9), 0, false},
		{"dib.ico", imagefile.ICO, 4, 4, icoOf(bmpOf(t, noise(4, 4))[14:], 4), 0, false},
		{"still.avif", imagefile.AVIF, 40, 30, heif("avif", ""), 0, false},
		{"compatible.avif", imagefile.AVIF, 40, 30, heif("mif1", "avif"), 0, false},
		{"still.heic", imagefile.HEIC, 40, 30, heif("heic", "mif1"), 0, false},
		{"cropped.heic", imagefile.HEIC, 29, 31, croppedHEIC(), 0, false},
		{"mini.avif", imagefile.AVIF, 100, 7, miniAVIF(99<<24 | 6<<17), 0, false},
		{"large-mini.avif", imagefile.AVIF, 1000, 300, miniAVIF(1<<31 | 999<<16 | 299<<1), 0, false},
		{"boxes.jxl", imagefile.JXL, 300, 200, jxlBoxes(codestream(), true), 0, false},
		{"bare.jxl", imagefile.JXL, 300, 200, []byte(codestream()), len(codestream()) - 11, false},
		{"open.jxl", imagefile.JXL, 300, 200, jxlBoxes(codestream(), false), len(codestream()) - 11, false},
	}...)
}

// noise returns an image that does not compress well.
func noise(width, height int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	x := uint32(1)
	for i := range m.Pix {
		x = x*1664525 + 1013904223
		m.Pix[i] = byte(x >> 24)
	}
	return m
}

func paletted(width, height int) *image.Paletted {
	palette := color.Palette{color.Black, color.White, color.Gray{100}}
	m := image.NewPaletted(image.Rect(0, 0, width, height), palette)
	for i := range m.Pix {
		m.Pix[i] = byte(i % 3)
	}
	return m
}

func encoded(t testing.TB, encode func(*bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func jpegOf(t testing.TB, m image.Image) []byte {
	return encoded(t, func(b *bytes.Buffer) error { return jpeg.Encode(b, m, nil) })
}

func pngOf(t testing.TB, m image.Image) []byte {
	return encoded(t, func(b *bytes.Buffer) error { return png.Encode(b, m) })
}

func bmpOf(t testing.TB, m image.Image) []byte {
	return encoded(t, func(b *bytes.Buffer) error { return bmp.Encode(b, m) })
}

func tiffOf(t testing.TB, m image.Image, c tiff.CompressionType) []byte {
	return encoded(t, func(b *bytes.Buffer) error {
		return tiff.Encode(b, m, &tiff.Options{Compression: c})
	})
}

func gifOf(t testing.TB, width, height, frames int) []byte {
	g := &gif.GIF{}
	for range frames {
		g.Image, g.Delay = append(g.Image, paletted(width, height)), append(g.Delay, 1)
	}
	return encoded(t, func(b *bytes.Buffer) error { return gif.EncodeAll(b, g) })
}

func insert(data []byte, at int, what string) []byte {
	return []byte(string(data[:at]) + what + string(data[at:]))
}

// segments returns JPEG metadata of n bytes and the headers that they need.
func segments(n int) string {
	const most = 0xff00
	s := ""
	for ; n > 0; n -= most {
		length := min(n, most)
		s += "\xff\xe1" + be16(length+2)
		s += strings.Repeat("\xff\xd9", length/2) + strings.Repeat("x", length%2)
	}
	return s
}

func be16(v int) string { return string(binary.BigEndian.AppendUint16(nil, uint16(v))) }
func be32(v int) string { return string(binary.BigEndian.AppendUint32(nil, uint32(v))) }
func le16(v int) string { return string(binary.LittleEndian.AppendUint16(nil, uint16(v))) }
func le32(v int) string { return string(binary.LittleEndian.AppendUint32(nil, uint32(v))) }
func le24(v int) string { return le32(v)[:3] }

func unbase64(t testing.TB, s string) []byte {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func lossless(t testing.TB) []byte {
	return unbase64(t, "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
}

func lossy(t testing.TB) []byte {
	return unbase64(t, "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
}

func riff(chunks ...string) []byte {
	body := "WEBP" + strings.Join(chunks, "")
	return []byte("RIFF" + le32(len(body)) + body)
}

// chunk returns a chunk of a RIFF file, with its padding.
func chunk(kind, body string) string {
	return kind + le32(len(body)) + body + strings.Repeat("\x00", len(body)%2)
}

func vp8x(flags byte, width, height int) string {
	return chunk("VP8X", string(flags)+"\x00\x00\x00"+le24(width-1)+le24(height-1))
}

func extended(simple []byte) []byte {
	return riff(vp8x(0, 1, 1), string(simple[12:]), chunk("EXIF", "odd"))
}

func alpha(simple []byte) []byte {
	return riff(vp8x(0x10, 1, 1), chunk("ALPH", "\x00\x80"), string(simple[12:]))
}

func animated(width, height int, frames ...[]byte) []byte {
	chunks := []string{vp8x(2, width, height), chunk("ANIM", "\x00\x00\x00\x00\x00\x00")}
	for _, f := range frames {
		header := le24(1) + le24(1) + le24(0) + le24(0) + le24(10) + "\x00"
		chunks = append(chunks, chunk("ANMF", header+string(f[12:])))
	}
	return riff(chunks...)
}

// coreBMP returns a BMP with the oldest header: 2x2 pixels of one bit.
func coreBMP() []byte {
	return []byte("BM" + le32(40) + le32(0) + le32(32) +
		le32(12) + le16(2) + le16(2) + le16(1) + le16(1) +
		"\x00\x00\x00\xff\xff\xff" + strings.Repeat("\x80\x00\x00\x00", 2))
}

// bombBMP returns a BMP that has only its headers.
func bombBMP(side int) []byte {
	return []byte("BM" + le32(54) + le32(0) + le32(54) +
		le32(40) + le32(side) + le32(side) + le16(1) + le16(24) + strings.Repeat("\x00", 24))
}

func pngChunk(kind, body string) string {
	return be32(len(body)) + kind + body + be32(int(crc32.ChecksumIEEE([]byte(kind+body))))
}

func bombPNG(width, height int) []byte {
	header := be32(width) + be32(height) + "\x08\x06\x00\x00\x00"
	return []byte("\x89PNG\r\n\x1a\n" +
		pngChunk("IHDR", header) + pngChunk("IDAT", "x") + pngChunk("IEND", ""))
}

// bombVP8L returns a WebP of 16384x16384 pixels in a few bytes.
func bombVP8L() []byte { return riff(chunk("VP8L", "\x2f\xff\xff\xff\x0f\x00\x00")) }

// field is an entry of a TIFF directory.
type field struct{ tag, kind, count, value int }

// directory returns a TIFF directory. next is the offset of the next one, or 0.
func directory(order binary.AppendByteOrder, next int, fields ...field) []byte {
	b := order.AppendUint16(nil, uint16(len(fields)))
	for _, f := range fields {
		b = order.AppendUint16(order.AppendUint16(b, uint16(f.tag)), uint16(f.kind))
		b = order.AppendUint32(b, uint32(f.count))
		if f.kind == 3 && f.count == 1 {
			b = order.AppendUint16(order.AppendUint16(b, uint16(f.value)), 0)
		} else {
			b = order.AppendUint32(b, uint32(f.value))
		}
	}
	return order.AppendUint32(b, uint32(next))
}

// nestedDirectories returns n directories of n entries, each of which begins 12 bytes
// after the last.
func nestedDirectories(n int) []byte {
	b := make([]byte, 12*2*n)
	for i := range n {
		copy(b[12*i:], le16(n))
		if i < n-1 {
			copy(b[12*(i+n)+2:], le32(8+12*(i+1)))
		}
	}
	return b
}

func tiffHeader(order binary.AppendByteOrder, first int) []byte {
	mark := "II"
	if order.String() == "BigEndian" {
		mark = "MM"
	}
	return order.AppendUint32(order.AppendUint16([]byte(mark), 42), uint32(first))
}

// stripsTIFF returns a TIFF of 3x6 grey pixels in six strips, whose offsets and
// lengths are two lists outside the directory.
func stripsTIFF(order binary.AppendByteOrder) []byte {
	const rows, lists, pixels = 6, 8, 8 + 2*4*6
	b := tiffHeader(order, pixels+3*rows)
	for i := range rows {
		b = order.AppendUint32(b, uint32(pixels+3*i))
	}
	for range rows {
		b = order.AppendUint32(b, 3)
	}
	b = append(b, "abcdefghijklmnopqr"...)
	return append(b, directory(order, 0,
		field{256, 3, 1, 3}, field{257, 3, 1, rows}, field{258, 3, 1, 8},
		field{259, 3, 1, 1}, field{262, 3, 1, 1},
		field{273, 4, rows, lists}, field{278, 3, 1, 1}, field{279, 4, rows, lists + 4*rows})...)
}

// bigTIFF returns a BigTIFF of 3x2 grey pixels in one strip.
func bigTIFF(order binary.AppendByteOrder) []byte {
	b := order.AppendUint16(order.AppendUint16(order.AppendUint16([]byte("II"), 43), 8), 0)
	b = append(order.AppendUint64(b, 24), "abcdef\x00\x00"...)
	b = order.AppendUint64(b, 4)
	for _, f := range []field{{256, 4, 1, 3}, {257, 4, 1, 2}, {273, 16, 1, 16}, {279, 16, 1, 6}} {
		b = order.AppendUint16(order.AppendUint16(b, uint16(f.tag)), uint16(f.kind))
		b = order.AppendUint64(b, uint64(f.count))
		b = order.AppendUint64(b, uint64(f.value))
	}
	return order.AppendUint64(b, 0)
}

func icoOf(entry []byte, side int) []byte {
	sides := string([]byte{byte(side), byte(side)})
	head := "\x00\x00\x01\x00\x01\x00" + sides + "\x00\x00\x01\x00\x20\x00"
	head += le32(len(entry)) + le32(22)
	return append([]byte(head), entry...)
}

func isoBox(kind string, body ...string) string {
	s := strings.Join(body, "")
	return be32(8+len(s)) + kind + s
}

// heif returns an image of 40x30 pixels, with a thumbnail before it.
func heif(major, compatible string) []byte {
	const pixels = "the coded pictures"
	ftyp := isoBox("ftyp", major, be32(0), compatible)
	meta := func(at int) string {
		iloc := isoBox("iloc", "\x01\x00\x00\x00\x44\x40", be16(2),
			be16(1), be16(0), be16(0), be32(at), be16(1), be32(0), be32(3),
			be16(2), be16(0), be16(0), be32(at), be16(1), be32(3), be32(len(pixels)-3))
		ispe := isoBox("ispe", be32(0), be32(4), be32(3)) + isoBox("ispe", be32(0), be32(40), be32(30))
		hdlr := isoBox("hdlr", be32(0), be32(0), "pict", strings.Repeat("\x00", 13))
		return isoBox("meta", be32(0), hdlr, iloc, isoBox("iprp", isoBox("ipco", ispe)))
	}
	return []byte(ftyp + meta(len(ftyp)+len(meta(0))+8) + isoBox("mdat", pixels))
}

// croppedHEIC returns an image of 32x32 pixels that is cropped, beside a larger one that
// is not the primary item.
func croppedHEIC() []byte {
	ftyp := isoBox("ftyp", "heic", be32(0), "mif1")
	properties := isoBox("ispe", be32(0), be32(64), be32(64)) +
		isoBox("ispe", be32(0), be32(32), be32(32)) +
		isoBox("irot", "\x01") +
		isoBox("clap", be32(58), be32(2), be32(31), be32(1), be32(0), be32(2), be32(0), be32(2))
	associations := isoBox("ipma", be32(0), be32(2),
		be16(1), "\x01\x01", be16(7), "\x03\x82\x03\x84")
	meta := isoBox("meta", be32(0), isoBox("pitm", be32(0), be16(7)),
		isoBox("iprp", isoBox("ipco", properties), associations), isoBox("idat", "coded"))
	return []byte(ftyp + meta)
}

// miniAVIF returns an AVIF with the box that takes the place of all others. bits are the
// 32 bits that follow its flags, with the dimensions.
func miniAVIF(bits int) []byte {
	return []byte(isoBox("ftyp", "mif3", "avif") + isoBox("mini", "\x00\x00", be32(bits), "coded"))
}

// codestream returns only the start of a JPEG XL image of 300x200 pixels.
func codestream() string {
	bits, n := uint64(0), 0
	put := func(v uint64, width int) { bits, n = bits|v<<n, n+width }
	put(0, 1)            // not small
	put(0, 2)            // nine bits
	put(200-1, 9)        // height
	put(4, 3)            // 3:2
	put(1<<20|0xabc, 30) // the rest
	return "\xff\x0a" + string(binary.LittleEndian.AppendUint64(nil, bits)) + strings.Repeat("pixels", 4)
}

// jxlBoxes returns a JPEG XL file in boxes. Unless closed, the last box has no length.
func jxlBoxes(stream string, closed bool) []byte {
	const start = "\x00\x00\x00\x0cJXL \r\n\x87\n"
	ftyp := isoBox("ftyp", "jxl ", be32(0), "jxl ")
	if !closed {
		return []byte(start + ftyp + be32(0) + "jxlc" + stream)
	}
	return []byte(start + ftyp + isoBox("jxlp", be32(0), stream) + isoBox("jxlp", "\x80\x00\x00\x01", "more"))
}
