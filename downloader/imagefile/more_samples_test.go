package imagefile_test

import (
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"grab/downloader/imagefile"
)

// checkedSamples returns files of the formats that are only checked.
func checkedSamples(t testing.TB) []sample {
	return []sample{
		{"arrow.cur", imagefile.CUR, 9, 9, cursorOf(pngOf(t, paletted(9, 9)), 9), 0, false},
		{"drawing.svg", imagefile.SVG, 30, 20, []byte(drawingSVG), 0, false},
		{"box.svg", imagefile.SVG, 40, 13, []byte(`<svg:svg xmlns:svg="http://www.w3.org/2000/svg" viewBox="0,0 40 12.5"/>`), 0, false},
		{"comments.svg", imagefile.SVG, 0, 0, []byte("<!-- a-> <x - -> <x ---><svg><![CDATA[ ]> & ]] > & ]]]><!---> & --></svg>"), 0, false},
		{"illustrator.svg", imagefile.SVG, 0, 0, []byte(entitySVG), 0, false},
		{"boxes.jp2", imagefile.JP2, 50, 40, jp2Boxes(false), 0, false},
		{"open.jp2", imagefile.JP2, 50, 40, jp2Boxes(true), 2, false},
		{"bare.jp2", imagefile.JP2, 50, 40, []byte(j2kStream(false)), 0, false},
		{"raw.psd", imagefile.PSD, 3, 2, psdOf(1, 0, strings.Repeat("x", 3*2*3)), 0, false},
		{"runs.psd", imagefile.PSD, 3, 2, psdOf(2, 1, strings.Repeat("\x00\x00\x00\x02", 6)+strings.Repeat("\xfeA", 6)), 0, false},
		{"rgb.tga", imagefile.TGA, 5, 4, tgaOf(2, 24, 5, 4, strings.Repeat("bgr", 20)), 0, false},
		{"runs.tga", imagefile.TGA, 5, 4, tgaOf(11, 8, 5, 4, "\x89A\x09abcdefghij"), 0, false},
		{"palette.tga", imagefile.TGA, 2, 1, []byte("\x00\x01\x01\x00\x00\x02\x00\x18\x00\x00\x00\x00\x02\x00\x01\x00\x08\x00" + "abcdef" + "\x00\x01"), 0, false},
		{"plain.pbm", imagefile.PNM, 3, 2, []byte("P1\n# made by hand\n3 2\n101\n0 1 0"), 0, false},
		{"plain.ppm", imagefile.PNM, 2, 1, []byte("P3 2 1 255 10 20 30 40 50 6"), 0, false},
		{"raw.pbm", imagefile.PNM, 9, 2, []byte("P4 9 2\nabcd"), 0, false},
		{"raw.pgm", imagefile.PNM, 3, 2, []byte("P5\n3 2\n65535\nabcdefghijkl"), 0, false},
		{"raw.ppm", imagefile.PNM, 2, 2, []byte("P6\n2 2\n255\nabcdefghijkl"), 0, false},
		{"raw.pam", imagefile.PNM, 2, 1, []byte("P7\nWIDTH 2\nHEIGHT 1\n#\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\nabcdefgh"), 0, false},
		{"every-chunk.qoi", imagefile.QOI, 10, 7, []byte(everyQOI), 0, false},
		{"mipmaps.dds", imagefile.DDS, 8, 8, ddsOf("DXT1", 0, 8, 8, 4, strings.Repeat("x", 8*(4+1+1+1))), 0, false},
		{"rgb.dds", imagefile.DDS, 3, 2, ddsOf("\x00\x00\x00\x00", 24, 3, 2, 1, strings.Repeat("bgr", 6)), 0, false},
		{"cube.dds", imagefile.DDS, 4, 4, ddsOf("DX10", 0, 4, 4, 1, le32(98)+le32(3)+le32(4)+le32(1)+le32(0)+strings.Repeat("x", 6*16)), 0, false},
		{"face.dds", imagefile.DDS, 4, 4, oneFaceDDS(), 0, false},
		{"rows.exr", imagefile.EXR, 4, 3, exrOf(), 0, false},
	}
}

const drawingSVG = "\xef\xbb\xbf" + `<?xml version="1.0" encoding="UTF-8"?>
<!-- Made by hand -- or not --->
<svg width="29.5" height='20px' xmlns="http://www.w3.org/2000/svg">
	<style><![CDATA[ a > b & c ]]]></style>
	<text a:b = "&lt;&#10;&#x41;">1 &lt; 2 > 1</text>
	<?more?><g><svg width="900" height="900"></svg ><path d="M0,0"/></g>
</svg>`

const entitySVG = `<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd" [
	<!ENTITY ns_svg "http://www.w3.org/2000/svg>"> <!-- it's -->
	<!ENTITY laugh "&ns_svg;&ns_svg;&ns_svg;">
]><svg xmlns="&ns_svg;" width="100%" height="5em">&laugh;</svg>`

// cursorOf returns a cursor with one image.
func cursorOf(entry []byte, side int) []byte {
	data := icoOf(entry, side)
	data[2] = 2
	return data
}

// j2kStream returns a codestream of 50x40 pixels in two tile-parts. Unless open, both have
// their lengths.
func j2kStream(open bool) string {
	siz := "\xff\x51" + be16(38+3) + be16(0) + be32(60) + be32(45) + be32(10) + be32(5) +
		strings.Repeat("\x00", 16) + be16(1) + "\x07\x01\x01"
	part := func(length int) string {
		return "\xff\x90" + be16(10) + be16(0) + be32(length) + "\x00\x02\xff\x93coded"
	}
	last := 12 + 7
	if open {
		last = 0
	}
	return "\xff\x4f" + siz + "\xff\x64" + be16(6) + "Word" + part(12+7) + part(last) + "\xff\xd9"
}

func jp2Boxes(open bool) []byte {
	start := isoBox("jP  ", "\r\n\x87\n") + isoBox("ftyp", "jp2 ", be32(0), "jp2 ") +
		isoBox("jp2h", isoBox("ihdr", be32(40), be32(50), be16(1), "\x07\x07\x00\x00"))
	if open {
		return []byte(start + be32(0) + "jp2c" + j2kStream(true))
	}
	return []byte(start + isoBox("jp2c", j2kStream(false)))
}

// psdOf returns a document of 3x2 pixels with three channels.
func psdOf(version, compression int, pixels string) []byte {
	size := 4 * version
	return []byte("8BPS" + be16(version) + strings.Repeat("\x00", 6) + be16(3) +
		be32(2) + be32(3) + be16(8) + be16(3) +
		be32(0) + be32(4) + "8BIM" + strings.Repeat("\x00", size-1) + "\x02ab" +
		be16(compression) + pixels)
}

func tgaOf(kind, depth, width, height int, pixels string) []byte {
	return []byte("\x03\x00" + string(rune(kind)) + strings.Repeat("\x00", 9) +
		le16(width) + le16(height) + string(rune(depth)) + "\x00" + "id." + pixels)
}

// everyQOI has each kind of chunk, and a run that fills the rest of 10x7 pixels.
const everyQOI = "qoif\x00\x00\x00\x0a\x00\x00\x00\x07\x04\x00" +
	"\xfergb\xffrgba\x01\x6a\xaa\x88\xfd\xc3" + "\x00\x00\x00\x00\x00\x00\x00\x01"

func ddsOf(code string, depth, width, height, mipmaps int, surfaces string) []byte {
	flags, has := 0x1007, 4
	if mipmaps > 1 {
		flags |= 0x20000
	}
	if depth > 0 {
		has = 0x40
	}
	return []byte("DDS " + le32(124) + le32(flags) + le32(height) + le32(width) + le32(0) + le32(0) +
		le32(mipmaps) + strings.Repeat("\x00", 44) +
		le32(32) + le32(has) + code + le32(depth) + strings.Repeat("\x00", 16) +
		le32(0x1000) + strings.Repeat("\x00", 16) + surfaces)
}

// oneFaceDDS returns a cube that has one of its six faces.
func oneFaceDDS() []byte {
	data := ddsOf("DXT1", 0, 4, 4, 1, strings.Repeat("x", 8))
	copy(data[112:], le32(0x600))
	return data
}

// exrOf returns an image of 4x3 pixels in chunks of one row, the last row first.
func exrOf() []byte {
	attribute := func(name, kind, value string) string {
		return name + "\x00" + kind + "\x00" + le32(len(value)) + value
	}
	window := le32(-2) + le32(7) + le32(1) + le32(9)
	head := "\x76\x2f\x31\x01\x02\x00\x00\x00" +
		attribute("channels", "chlist", "G\x00"+le32(1)+le32(0)+le32(1)+le32(1)+"\x00") +
		attribute("compression", "compression", "\x00") +
		attribute("dataWindow", "box2i", window) + "\x00"
	const row = 8 + 4*2
	table, chunks := "", ""
	for y := range 3 {
		at := uint64(len(head) + 3*8 + row*(2-y))
		table += string(binary.LittleEndian.AppendUint64(nil, at))
		chunks += le32(9-y) + le32(8) + "rowofpix"
	}
	return []byte(head + table + chunks)
}

// missingRow returns exrOf as a writer leaves it that has not written the middle row: its
// offset is 0.
func missingRow() string {
	data := exrOf()
	chunks := len(data) - 3*(8+4*2)
	clear(data[chunks-2*8 : chunks-8])
	return string(data)
}

// TestDamagedDocuments has files that no decoder shows.
func TestDamagedDocuments(t *testing.T) {
	const open = `<svg xmlns="http://www.w3.org/2000/svg">`
	deep := strings.Repeat("<g>", 5000)
	tests := []struct {
		name   string
		format imagefile.Format
		data   string
		want   imagefile.Kind
	}{
		{"an element that does not end", imagefile.SVG, open + "<g></svg>", imagefile.ErrCorrupt},
		{"an end too many", imagefile.SVG, "</svg>", imagefile.ErrCorrupt},
		{"another document", imagefile.SVG, "<html></html>", imagefile.ErrCorrupt},
		{"an ampersand", imagefile.SVG, open + "a & b</svg>", imagefile.ErrCorrupt},
		{"an unknown entity", imagefile.SVG, open + "&nbsp;</svg>", imagefile.ErrCorrupt},
		{"a control character", imagefile.SVG, open + "\x00</svg>", imagefile.ErrCorrupt},
		{"no quotes", imagefile.SVG, "<svg width=3></svg>", imagefile.ErrCorrupt},
		{"no space", imagefile.SVG, `<svg a="1"b="2"></svg>`, imagefile.ErrCorrupt},
		{"a tag in an attribute", imagefile.SVG, `<svg a="<"></svg>`, imagefile.ErrCorrupt},
		{"text first", imagefile.SVG, "text" + open + "</svg>", imagefile.ErrCorrupt},
		{"deep", imagefile.SVG, open + deep, imagefile.ErrCorrupt},
		{"QOI without its end", imagefile.QOI, everyQOI[:len(everyQOI)-1] + "\x02", imagefile.ErrCorrupt},
		{"PNM with a letter", imagefile.PNM, "P3 2 1 255 10 20 30 x", imagefile.ErrCorrupt},
		{"PNM of 0 pixels", imagefile.PNM, "P5 0 1 255 ", imagefile.ErrCorrupt},
		{"PNM of many pixels", imagefile.PNM, "P3 2147483647 2147483647 255 1", imagefile.ErrTruncated},
		{"PAM of many channels", imagefile.PNM, "P7\nWIDTH 9\nHEIGHT 9\nDEPTH 65537\nMAXVAL 1\nENDHDR\n", imagefile.ErrCorrupt},
		{"PSD of no known compression", imagefile.PSD, string(psdOf(1, 4, "")), imagefile.ErrCorrupt},
		{"JPEG 2000 with no marker", imagefile.JP2, j2kStream(false)[:45] + "no marker", imagefile.ErrCorrupt},
		{"EXR with an unfinished row", imagefile.EXR, strings.Replace(string(exrOf()), "\x00\x00rowofpix", "\x00\x01rowofpix", -1), imagefile.ErrTruncated},
		{"EXR without its middle row", imagefile.EXR, missingRow(), imagefile.ErrTruncated},
	}
	for _, test := range tests {
		info, err := check(test.format, []byte(test.data))
		if e, ok := err.(*imagefile.Error); !ok || e.Kind != test.want {
			t.Errorf("%s: %+v, %v", test.name, info, err)
		}
	}
}

// TestLargeClaims has headers that claim more than any file can hold.
func TestLargeClaims(t *testing.T) {
	dds := ddsOf("DX10", 0, 1<<31-1, 1<<31-1, 1<<31-1, le32(98)+le32(3)+le32(4)+le32(-1)+le32(0))
	qoi := []byte(everyQOI)
	copy(qoi[4:], be32(math.MaxInt32)+be32(math.MaxInt32))
	exr := []byte(strings.Replace(string(exrOf()), le32(9), le32(math.MaxInt32), 1))
	for _, test := range []sample{
		{"DDS", imagefile.DDS, 1<<31 - 1, 1<<31 - 1, dds, 0, false},
		{"QOI", imagefile.QOI, math.MaxInt32, math.MaxInt32, qoi, 0, false},
		{"EXR", imagefile.EXR, 4, math.MaxInt32 - 6, exr, 0, false},
	} {
		info, err := check(test.format, test.data)
		if e, ok := err.(*imagefile.Error); !ok || e.Kind != imagefile.ErrTruncated || info.Width != test.width || info.Height != test.height {
			t.Errorf("%s: %+v, %v", test.name, info, err)
		}
	}
}
