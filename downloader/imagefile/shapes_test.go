package imagefile_test

import (
	"encoding/binary"
	"hash/crc32"
	"strings"

	"grab/downloader/imagefile"
)

// shape is a small file whose every byte is the same with any encoder.
type shape struct {
	name   string
	format imagefile.Format
	data   []byte
	every  []int // places where a byte has each of its values
}

func shapes() []shape {
	var all []shape
	add := func(f imagefile.Format, name, data string, every ...int) {
		all = append(all, shape{name, f, []byte(data), every})
	}
	add(imagefile.JPEG, "three components", jpegShape("\xc0", 2, ""), 3, 22, 59)
	add(imagefile.JPEG, "the height at the end", jpegShape("\xc2", 0, "\xff\xdc\x00\x04\x00\x02"))
	add(imagefile.PNG, "palette", pngShape("\x08\x03\x00\x00\x00", "PLTE"), 24, 25)
	add(imagefile.PNG, "grey", pngShape("\x10\x00\x00\x00\x01", "tEXt"), 24, 25)
	gifs := gifShape(true)
	add(imagefile.GIF, "two frames", gifs, 10, 19, 20, strings.Index(gifs, "\x0b\x02ab"), strings.Index(gifs, "\x81rgb"))
	add(imagefile.GIF, "one frame", gifShape(false))
	add(imagefile.WebP, "lossless", string(lossless(nil)))
	add(imagefile.WebP, "lossy", string(lossy(nil)))
	add(imagefile.WebP, "lossy with alpha", string(riff(vp8x(0x10, 1, 1), chunk("ALPH", "\x00\x80"), string(lossy(nil)[12:]), chunk("EXIF", "odd"))))
	add(imagefile.WebP, "animated", string(animated(3, 4, lossless(nil), lossy(nil))))
	add(imagefile.BMP, "core header", string(coreBMP()), 14)
	for _, b := range bmpShapes() {
		add(imagefile.BMP, b.name, string(b.data), b.every...)
	}
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		add(imagefile.TIFF, "strips, "+order.String(), string(stripsTIFF(order)))
	}
	add(imagefile.TIFF, "BigTIFF", string(bigTIFF(binary.LittleEndian)))
	add(imagefile.TIFF, "no lengths", string(stripTIFF(-1, 0)), 18, 48, 60)
	add(imagefile.TIFF, "planes", string(stripTIFF(2, 0, field{277, 3, 1, 3}, field{284, 3, 1, 2})))
	add(imagefile.TIFF, "planes, no lengths", planesTIFF())
	add(imagefile.TIFF, "tiles", tilesTIFF(), 37)
	add(imagefile.TIFF, "two directories", twoTIFF())
	add(imagefile.ICO, "bitmaps", iconShape("\x01"), 2, 4)
	add(imagefile.CUR, "one bitmap", string(cursorOf([]byte(iconShape("\x02")[38:70]), 2)))
	add(imagefile.ICO, "PNG", string(icoOf(bombPNG(5, 6), 0)))
	add(imagefile.HEIC, "cropped", string(croppedHEIC()))
	add(imagefile.AVIF, "two items", string(heif("avif", "")))
	add(imagefile.AVIF, "mini", string(miniAVIF(99<<24|6<<17)))
	add(imagefile.AVIF, "large mini", string(miniAVIF(1<<31|999<<16|299<<1)))
	for version := range 3 {
		items := itemsShape(version)
		sizes := strings.Index(items, "iloc") + 8
		add(imagefile.HEIC, "item list of version "+string(rune('0'+version)), items, sizes-4, sizes, sizes+1)
	}
	add(imagefile.AVIF, "sequence", isoBox("ftyp", "avis", be32(0), "msf1")+isoBox("moov", "x")+isoBox("free")+be32(1)+"mdat"+be32(0)+be32(17)+"x")
	add(imagefile.JXL, "parts", string(jxlBoxes(codestream(), true)))
	add(imagefile.JXL, "open", string(jxlBoxes(codestream(), false)))
	add(imagefile.JXL, "bare", codestream(), 3)
	add(imagefile.JXL, "closed", strings.Replace(string(jxlBoxes(codestream(), false)), be32(0)+"jxlc", be32(8+len(codestream()))+"jxlc", 1))
	add(imagefile.JP2, "boxes", string(jp2Boxes(false)))
	add(imagefile.JP2, "open", string(jp2Boxes(true)))
	j2k := j2kStream(false)
	add(imagefile.JP2, "bare", j2k, strings.Index(j2k, "\x64\x00\x06Word"))
	psd := string(psdOf(1, 0, strings.Repeat("x", 3*2*3)))
	add(imagefile.PSD, "raw", psd, 5, 13, 23, len(psd)-3*2*3-1)
	add(imagefile.PSD, "runs", string(psdOf(1, 1, strings.Repeat("\x00\x02", 6)+strings.Repeat("\xfeA", 6))))
	add(imagefile.PSD, "large, runs", string(psdOf(2, 1, strings.Repeat("\x00\x00\x00\x02", 6)+strings.Repeat("\xfeA", 6))))
	add(imagefile.PSD, "ZIP", string(psdOf(1, 2, "zip")))
	add(imagefile.TGA, "RGB", string(tgaOf(2, 24, 2, 3, strings.Repeat("bgr", 6))), 1, 2, 16, 17)
	add(imagefile.TGA, "15 bits", string(tgaOf(2, 15, 2, 3, strings.Repeat("gr", 6))))
	add(imagefile.TGA, "runs", string(tgaOf(11, 8, 5, 4, "\x89A\x09abcdefghij")), 16, 21)
	add(imagefile.TGA, "runs of RGB", string(tgaOf(10, 32, 2, 2, "\x81bgra\x01bgrabgra")))
	add(imagefile.TGA, "palette", "\x00\x01\x01\x00\x00\x02\x00\x0f\x00\x00\x00\x00\x02\x00\x01\x00\x08\x00"+"abcd"+"\x00\x01", 1, 2, 7)
	add(imagefile.TGA, "footer", string(tgaOf(3, 8, 2, 1, "ab"))+be32(0)+be32(0)+"TRUEVISION-XFILE.\x00")
	add(imagefile.PNM, "plain bitmap", "P1\n# made by hand\n3 2\n101\n0 1 0", 1, 2, 18, 28)
	add(imagefile.PNM, "plain greys", "P2 2 1 9\n5#\n7", 1, 9)
	add(imagefile.PNM, "plain colours", "P3 2 1 255 10 20 30 40 50 6")
	add(imagefile.PNM, "bitmap", "P4 9 2\nabcd", 6)
	add(imagefile.PNM, "greys", "P5\n3 2\n65535\nabcdefghijkl", 1)
	add(imagefile.PNM, "colours", "P6\n2 2\n255\nabcdefghijkl")
	add(imagefile.PNM, "any map", "P7\nWIDTH 2\nHEIGHT 1\n#\nDEPTH 4\nMAXVAL 256\nTUPLTYPE RGB_ALPHA\nENDHDR\nabcdefghijklmnop")
	add(imagefile.QOI, "every chunk", everyQOI, 12, 13, 14)
	add(imagefile.DDS, "mipmaps", string(ddsOf("DXT1", 0, 9, 8, 4, strings.Repeat("x", 8*(6+2+1+1)))), 10, 80, 113)
	add(imagefile.DDS, "RGB", string(ddsOf("\x00\x00\x00\x00", 24, 3, 2, 2, strings.Repeat("bgr", 6+1))), 80, 81, 82, 88)
	add(imagefile.DDS, "cube", string(ddsOf("DX10", 0, 4, 4, 1, le32(98)+le32(3)+le32(4)+le32(1)+le32(0)+strings.Repeat("x", 6*16))), 128, 136)
	add(imagefile.DDS, "one face", string(oneFaceDDS()), 113)
	add(imagefile.DDS, "volume", volumeDDS())
	exr := string(exrOf())
	add(imagefile.EXR, "rows", exr, 5, strings.Index(exr, "dataWindow")-1)
	svg := `<?a?><!-- b -- c --->` + "\n" + `<svg width='2' height="3px" c = "&#9;&lt;"><d e=""/>&amp;<f >x > y</f><![CDATA[ ]> ]]></svg>`
	add(imagefile.SVG, "drawing", svg, strings.Index(svg, "<d")+1, strings.Index(svg, "c =")+1, strings.Index(svg, "x >"))
	add(imagefile.SVG, "document type", "\xef\xbb\xbf"+`<!DOCTYPE svg [<!E "]>"><!--'--><?'?>]><a:svg viewBox="0 0 4 5">&x;</a:svg>`)
	add(imagefile.SVG, "external document type", `<!DOCTYPE svg SYSTEM 's>'><svg/>`)
	return all
}

// pngShape returns a PNG of 3x2 pixels, with a chunk before and one after its data.
func pngShape(header, before string) string {
	return "\x89PNG\r\n\x1a\n" + pngChunk("IHDR", be32(3)+be32(2)+header) + pngChunk(before, "rgb") +
		pngChunk("IDAT", "x") + pngChunk("tIME", "") + pngChunk("IEND", "")
}

// sumPNG writes the checksums of the chunks.
func sumPNG(data []byte) {
	for at := 8; at+12 <= len(data); {
		end := at + 8 + int(binary.BigEndian.Uint32(data[at:]))
		if end+4 > len(data) {
			return
		}
		binary.BigEndian.PutUint32(data[end:], crc32.ChecksumIEEE(data[at+4:end]))
		at = end + 4
	}
}

// jpegShape returns a baseline JPEG of 3 pixels in a row with three components, of which
// the last is subsampled, and a scan of only that, with restart markers.
func jpegShape(frame string, height int, end string) string {
	return "\xff\xd8" + "\xff\xe0\x00\x04ab" + "\xff\x01" + "\xff\xff\xdb\x00\x03\x00" +
		"\xff\xc4\x00\x03x" + "\xff" + frame + "\x00\x11\x08" + be16(height) + be16(3) + "\x03\x01\x11\x00\x02\x11\x00\x03\x21\x00" +
		"\xff\xdd\x00\x04\x00\x01" + "\xff\xda\x00\x08\x01\x03\x00\x00\x3f\x00" +
		"ab\xff\x00c\xff\xd0d\xff\xd7e" + end + "\xff\xd9"
}

// gifShape returns a GIF whose parts are all there: tables, extensions of each kind, and
// one or two frames, of which the first is larger than the canvas.
func gifShape(animated bool) string {
	data := "GIF89a" + le16(2) + le16(3) + "\x80\x00\x00" + "rgbrgb"
	if animated {
		data += "\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
	}
	data += "\x21\xff\x02xy\x01z\x00" + "\x21\x01\x0c" + strings.Repeat("p", 12) + "\x01t\x00" + "\x21\xfe\x01c\x00"
	data += "\x2c" + le16(1) + le16(1) + le16(2) + le16(3) + "\x81" + strings.Repeat("rgb", 4) + "\x0b\x02ab\x00"
	if animated {
		data += "\x2c" + le16(0) + le16(0) + le16(9) + le16(9) + "\x00\x01\x01a\x00"
	}
	return data + ";"
}

// bmpShapes returns bitmaps of 3x2 pixels with each kind of header.
func bmpShapes() []shape {
	var all []shape
	add := func(name string, length, height, depth, compression, claimed, pixels int, every ...int) {
		header := le32(length) + le32(3) + le32(height) + le16(1) + le16(depth)
		if length >= 24 {
			header += le32(compression) + le32(claimed)
		}
		header += strings.Repeat("\x00", length-len(header))
		size := 14 + len(header) + pixels
		all = append(all, shape{name: name, data: []byte("BM" + le32(size) + le32(0) + le32(14+len(header)) + header + strings.Repeat("p", pixels)), every: every})
	}
	add("short header", 16, 2, 24, 0, 0, 24, 28)
	add("rows from the top", 40, -2, 16, 0, 0, 16)
	add("bit fields", 56, 2, 32, 3, 7, 24, 30)
	add("bit fields with alpha", 108, 2, 16, 6, 0, 16)
	add("OS/2, compressed", 64, 2, 1, 3, 5, 5, 30)
	add("run lengths", 40, 2, 8, 1, 6, 6)
	add("an embedded JPEG", 124, 2, 0, 4, 4, 4, 30)
	add("no known length", 255, 2, 8, 1, 0, 4)
	return all
}

// planesTIFF returns 3x3 pixels of two samples in separate planes, each in two strips
// whose lengths are not given.
func planesTIFF() string {
	data := "II*\x00" + le32(8+4*4+18)
	for _, at := range []int{0, 6, 9, 15} {
		data += le32(8 + 4*4 + at)
	}
	data += strings.Repeat("p", 18)
	return data + string(directory(binary.LittleEndian, 0, field{256, 3, 1, 3}, field{257, 3, 1, 3}, field{258, 3, 1, 8},
		field{273, 4, 4, 8}, field{277, 3, 1, 2}, field{278, 3, 1, 2}, field{284, 3, 1, 2}))
}

// tilesTIFF returns an image in two tiles, after its directory.
func tilesTIFF() string {
	fields := func(at int) string {
		return string(directory(binary.BigEndian, 0, field{256, 4, 1, 5}, field{257, 4, 1, 3}, field{324, 4, 2, at}, field{325, 3, 2, 4<<16 | 3}))
	}
	at := 8 + len(fields(0))
	return "MM\x00*" + be32(8) + fields(at) + be32(at+8) + be32(at+12) + "tilesxy"
}

// twoTIFF returns a directory without dimensions, and one with them. The last has no room
// for an offset of a further one.
func twoTIFF() string {
	first := string(directory(binary.LittleEndian, 8+2+12+4, field{254, 3, 1, 1}))
	second := directory(binary.LittleEndian, 0, field{256, 1, 1, 7}, field{257, 1, 1, 9}, field{270, 2, 4, 0x64636261})
	return "II*\x00" + le32(8) + first + string(second[:len(second)-4])
}

// iconShape returns an icon or a cursor of two bitmaps: of 2x2 pixels with a mask that its
// header counts, and of 3x1 pixels without one.
func iconShape(kind string) string {
	dib := func(width, height, pixels int) string {
		return le32(16) + le32(width) + le32(height) + le16(1) + le16(24) + strings.Repeat("p", pixels)
	}
	one, two := dib(2, 4, 16), dib(3, 1, 12)
	entry := func(width, height, length, at int) string {
		return string([]byte{byte(width), byte(height), 0, 0, 1, 0, 24, 0}) + le32(length) + le32(at)
	}
	return "\x00\x00" + kind + "\x00\x02\x00" + entry(2, 2, len(one), 38) + entry(3, 1, len(two), 38+len(one)) + one + two
}

// itemsShape returns an image of one item with two properties, and with the numbers of
// each list as wide as its version has them.
func itemsShape(version int) string {
	id := be16(3)
	if version == 2 {
		id = be32(3)
	}
	v, wide := string(rune(version)), min(version, 1)
	property := string(rune(wide))
	ids := be16(3)
	if wide == 1 {
		ids = be32(3)
	}
	numbers := "\x82\x03"
	if wide == 1 {
		numbers = "\x80\x02\x80\x03"
	}
	pixels := "four" + "pixels"
	meta := func(at int) string {
		var list string
		switch version {
		case 0:
			list = "\x44\x00" + be16(1) + id + be16(0) + be16(2) + be32(at) + be32(4) + be32(at+4) + be32(6)
		case 1:
			list = "\x04\x82" + be16(1) + id + be16(0) + be16(0) + be32(0) + be32(at) + be16(1) + be16(9) + be32(10)
		case 2:
			list = "\x88\x00" + be32(2) + be32(9) + be16(1) + be16(0) + be16(1) + be32(0) + be32(99) + be32(0) + be32(9) +
				id + be16(0) + be16(0) + be16(1) + be32(0) + be32(at) + be32(0) + be32(10)
		}
		properties := isoBox("ispe", be32(0), be32(9), be32(8)) + isoBox("ispe", be32(0), be32(5), be32(4)) +
			isoBox("clap", be32(10), be32(2), be32(9), be32(3), be32(0), be32(2), be32(0), be32(2))
		return isoBox("meta", be32(0), isoBox("pitm", property, "\x00\x00\x00", ids), isoBox("iloc", v, "\x00\x00\x00", list),
			isoBox("iprp", isoBox("ipco", properties), isoBox("ipma", property, "\x00\x00", property, be32(1), ids, "\x02", numbers)))
	}
	ftyp := isoBox("ftyp", "mif1", be32(0), "heic")
	at := len(ftyp) + len(meta(0)) + 8
	return ftyp + meta(at) + isoBox("mdat", pixels)
}

// volumeDDS returns 2x2 pixels of a byte in a depth of 4, with one smaller copy.
func volumeDDS() string {
	data := ddsOf("\x00\x00\x00\x00", 8, 2, 2, 2, strings.Repeat("x", 2*2*4+2))
	copy(data[8:], le32(0x821007))
	copy(data[24:], le32(4))
	return string(data)
}
