package imagefile_test

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"golang.org/x/image/tiff"

	"grab/downloader/imagefile"
)

// TestEdges has files at a limit, and one beyond it, that no change of a byte leads to.
func TestEdges(t *testing.T) {
	const open = `<svg width="1" height="2">`
	deep := func(n int) string { return strings.Repeat("<a>", n) + strings.Repeat("</a>", n) }
	psd := func(channels, height, width int) string {
		return "8BPS" + be16(1) + strings.Repeat("\x00", 6) + be16(channels) + be32(height) + be32(width) + be16(8) + be16(3) +
			strings.Repeat(be32(0), 3) + be16(3)
	}
	pam := func(text string) string { return "P7\nWIDTH 1\nHEIGHT 1\nDEPTH 1\n" + text + "ENDHDR\n" }
	attribute := func(length int) string {
		name := strings.Repeat("n", length) + "\x00t\x00" + le32(1) + "v"
		return strings.Replace(string(exrOf()), "channels\x00", name+"channels\x00", 1)
	}
	directories := func(n int) string {
		data := tiffHeader(binaryOrder, 8)
		for i := 1; i < n; i++ {
			data = append(data, directory(binaryOrder, 8+6*i)...)
		}
		return string(data) + string(directory(binaryOrder, 0, field{256, 3, 1, 1}, field{257, 3, 1, 2}))
	}
	associations := func(n int) string {
		// Each box but the last is for another item.
		var boxes strings.Builder
		for i := range n {
			item := 9
			if i == n-1 {
				item = 7
			}
			boxes.WriteString(isoBox("ipma", be32(0), be32(1), be16(item), "\x01\x02"))
		}
		sizes := isoBox("ispe", be32(0), be32(64), be32(64)) + isoBox("ispe", be32(0), be32(32), be32(31))
		return isoBox("ftyp", "heic", be32(0)) +
			isoBox("meta", be32(0), isoBox("pitm", be32(0), be16(7)), isoBox("iprp", isoBox("ipco", sizes), boxes.String()), isoBox("idat"))
	}
	tile := func(length int) string {
		head, _, _ := strings.Cut(j2kStream(false), "\xff\x90")
		return head + "\xff\x90" + be16(10) + be16(0) + be32(length) + "\x00\x01\xff\xd9"
	}
	jpg := string(jpegOf(t, noise(8, 8)))
	frame := func(body string) string { return string(riff(vp8x(2, 9, 9), chunk("ANMF", body))) }
	lossy := string(lossy(t)[20:])
	for _, c := range []struct {
		format     imagefile.Format
		name, data string
		want       string
	}{
		{imagefile.SVG, "4096 deep", open + deep(4095) + "</svg>", "1x2"},
		{imagefile.SVG, "4097 deep", open + deep(4096) + "</svg>", "1x2 corrupt: elements more than 4096 deep"},
		{imagefile.SVG, "a reference of 64", "<!DOCTYPE svg>" + open + "&" + strings.Repeat("a", 64) + ";</svg>", "1x2"},
		{imagefile.SVG, "a reference of 65", "<!DOCTYPE svg>" + open + "&" + strings.Repeat("a", 65) + ";</svg>", "1x2 corrupt: no entity at byte 40"},
		{imagefile.SVG, "a name of 100", "<" + strings.Repeat("x", 96) + ":svg/>", "0x0"},
		{imagefile.SVG, "a name of 101", "<" + strings.Repeat("x", 97) + ":svg/>", "unknown format? 0x0 corrupt: the document is no SVG, but \"xxxxxxxxxxxxxxxxxxxx\""},
		{imagefile.SVG, "a value of 100", `<svg width="` + strings.Repeat(" ", 98) + `12" height="3"/>`, "12x3"},
		{imagefile.SVG, "a value of 101", `<svg width="` + strings.Repeat(" ", 99) + `12" height="3"/>`, "1x3"},
		{imagefile.SVG, "names that differ late", "<svg><" + strings.Repeat("x", 200) + "1></" + strings.Repeat("x", 200) + "2></svg>", "0x0 corrupt: no valid end of an element at byte 411"},
		{imagefile.SVG, "lengths", `<svg width="0.4" height="2.5"/>`, "1x3"},
		{imagefile.SVG, "no lengths", `<svg width="0" height="-1" viewBox="0 0 7.4 8"/>`, "7x8"},
		{imagefile.SVG, "the largest length", `<svg width="2147483646" height="1"/>`, "2147483646x1"},
		{imagefile.SVG, "a larger length", `<svg width="2147483647" height="1"/>`, "0x0"},
		{imagefile.SVG, "a view box of three", `<svg viewBox="0 0 7"/>`, "0x0"},
		{imagefile.SVG, "a view box of no height", "<svg viewBox=\"0,0\n7 0\"/>", "0x0"},
		{imagefile.SVG, "an entity", "<svg>&apos;&quot;&gt;&lt;&amp;&#1;</svg>", "0x0"},
		{imagefile.SVG, "no number", "<svg>&#;</svg>", "0x0 corrupt: unknown entity \"#\" at byte 5"},
		{imagefile.SVG, "markup in a document type", `<!DOCTYPE svg [<!-- > ]> --><?x ]> ?>]><svg/>`, "0x0"},
		{imagefile.SVG, "a document type inside", `<svg><!DOCTYPE svg></svg>`, "0x0 corrupt: a document type inside an element, at byte 14"},
		{imagefile.SVG, "characters outside", `<![CDATA[x]]><svg/>`, "unknown format? 0x0 corrupt: characters outside of an element, at byte 9"},

		{imagefile.QOI, "one pixel", "qoif" + be32(1) + be32(1) + "\x03\x00\xfergb" + "\x00\x00\x00\x00\x00\x00\x00\x01", "1x1"},
		{imagefile.QOI, "two pixels", "qoif" + be32(2) + be32(1) + "\x03\x01\xfergb\x00" + "\x00\x00\x00\x00\x00\x00\x00\x01+", "2x1+1"},
		{imagefile.PNM, "one grey", "P5 1 1 1\nx", "1x1"},
		{imagefile.PNM, "one bit", "P1 1 1 0", "1x1"},
		{imagefile.PNM, "one number", "P2 1 1 1 0", "1x1"},
		{imagefile.DDS, "one pixel", string(ddsOf("\x00\x00\x00\x00", 24, 1, 1, 1, "bgr")), "1x1"},
		{imagefile.DDS, "one byte less", string(ddsOf("\x00\x00\x00\x00", 24, 1, 1, 1, "bg")), "1x1 cut"},
		{imagefile.TGA, "one pixel", string(tgaOf(2, 24, 1, 1, "bgr")), "1x1"},
		{imagefile.TGA, "one run", string(tgaOf(10, 24, 1, 1, "\x80bgr")), "1x1"},
		{imagefile.ICO, "a cut icon", string(icoOf(nil, 1)), "0x0 corrupt: the entry at byte 22 has the invalid length 0"},
		{imagefile.ICO, "an icon of 256", "\x00\x00\x01\x00\x01\x00\x00\x00" + be32(0) + "\x00\x00" + le32(99) + le32(22), "256x256 cut"},
		{imagefile.GIF, "one pixel", string(oneBitGIF()), "1x1"},
		{imagefile.BMP, "one pixel", "BM" + le32(58) + le32(0) + le32(54) + le32(40) + le32(1) + le32(1) + le16(1) + le16(24) + strings.Repeat("\x00", 24) + "bgr\x00", "1x1"},
		{imagefile.EXR, "one pixel", strings.Replace(string(exrOf()), le32(-2)+le32(7)+le32(1)+le32(9), le32(1)+le32(9)+le32(1)+le32(9), 1), "1x1"},

		{imagefile.PSD, "sides", psd(56, 300_000, 1), "1x300000"},
		{imagefile.PSD, "the other side", psd(1, 1, 300_000), "300000x1"},
		{imagefile.PSD, "a high side", psd(1, 300_001, 1), "1x300001 corrupt: invalid header"},
		{imagefile.PSD, "a wide side", psd(1, 1, 300_001), "300001x1 corrupt: invalid header"},
		{imagefile.PSD, "57 channels", psd(57, 1, 1), "1x1 corrupt: invalid header"},

		{imagefile.PNM, "many channels", pam("DEPTH 65536\nMAXVAL 65535\n") + strings.Repeat("x", 2<<16), "1x1"},
		{imagefile.PNM, "more channels", pam("DEPTH 65537\nMAXVAL 1\n") + strings.Repeat("x", 2<<16), "1x1 corrupt: invalid header"},
		{imagefile.PNM, "one channel", pam("MAXVAL 255\n") + "x", "1x1"},
		{imagefile.PNM, "a large sample", pam("MAXVAL 65536\n") + "xx", "1x1 corrupt: invalid header"},
		{imagefile.PNM, "a long keyword", pam("LONGKEYS 1\n"), "1x1 corrupt: no keyword at byte 36"},
		{imagefile.PNM, "a longer keyword", pam("LONGKEYSX 1\n"), "1x1 corrupt: no keyword at byte 36"},
		{imagefile.PNM, "the largest number", "P5 2147483648 1 1 x", "0x1 corrupt: invalid header"},
		{imagefile.PNM, "a larger number", "P5 2147483649 1 1 x", "0x0 corrupt: no number at byte 12"},
		{imagefile.PNM, "a wide bitmap", "P4 2147483647 1 x", "2147483647x1 cut"},

		{imagefile.JP2, "a tile-part of no data", tile(12), "50x40"},
		{imagefile.JP2, "a shorter tile-part", tile(11), "50x40 corrupt: the tile-part at byte 53 has the invalid length 11"},
		{imagefile.EXR, "a name of 255", attribute(255), "4x3 cut"},
		{imagefile.EXR, "a name of 256", attribute(256), "0x0 corrupt: no attribute at byte 8"},

		{imagefile.TIFF, "65,536 directories", directories(1 << 16), "1x2"},
		{imagefile.TIFF, "65,537 directories", directories(1<<16 + 1), "0x0 corrupt: more than 65536 directories"},

		{imagefile.HEIC, "eight lists", associations(8), "32x31"},
		{imagefile.HEIC, "nine lists", associations(9), "64x64"},

		{imagefile.WebP, "a short canvas", string(riff(chunk("VP8X", strings.Repeat("\x00", 9)))), "0x0 corrupt: chunk VP8X at byte 20 has the invalid length 9"},
		{imagefile.WebP, "a short frame", frame(strings.Repeat("\x00", 15)), "9x9 corrupt: chunk ANMF at byte 38 has the invalid length 15"},
		{imagefile.WebP, "an empty frame", frame(strings.Repeat("\x00", 16)), "9x9 corrupt: no image data"},
		{imagefile.WebP, "a short lossless image", string(riff(chunk("VP8L", "\x2f\x00\x00\x00"))), "0x0 corrupt: chunk VP8L at byte 20 has the invalid length 4"},
		{imagefile.WebP, "a short lossy image", string(riff(chunk("VP8 ", lossy[:9]))), "0x0 corrupt: chunk VP8  at byte 20 has the invalid length 9"},
		{imagefile.WebP, "scaled", string(riff(chunk("VP8 ", lossy[:6]+"\xff\xff\xfe\x7f"+lossy[10:]))), "16383x16382"},
		{imagefile.WebP, "no high image", string(riff(chunk("VP8 ", lossy[:8]+"\x00\x40"+lossy[10:]))), "1x0 corrupt: the image at byte 20 has 1x0 pixels on a canvas of 1x0"},
		{imagefile.WebP, "a later alpha", string(riff(vp8x(0x10, 1, 1), chunk("VP8 ", lossy), chunk("ALPH", "a"), chunk("VP8 ", lossy))), "1x1"},
		{imagefile.WebP, "a later canvas", string(riff(chunk("VP8 ", lossy), vp8x(0, 1, 1))), "1x1 corrupt: chunk VP8X at byte 50 is not the first"},

		{imagefile.JPEG, "the longest segment", jpg[:2] + "\xff\xfe\xff\xff" + strings.Repeat("x", 0xfffd) + jpg[2:], "8x8"},
		{imagefile.JPEG, "a segment of no length", jpg[:2] + "\xff\xfe\x00\x01" + jpg[2:], "8x8"},
		{imagefile.JPEG, "five components", "\xff\xd8\xff\xc0\x00\x17\x08\x00\x01\x00\x02\x05" + strings.Repeat("\x01\x11\x00", 5) + "\xff\xda\x00\x08\x01\x01\x00\x00\x00\x00\xff\xd9", "2x1"},
		{imagefile.JPEG, "no components", "\xff\xd8\xff\xc0\x00\x08\x08\x00\x01\x00\x02\x00\xff\xd9", "0x0 corrupt: the frame header at byte 4 has the invalid length 8"},
		{imagefile.JPEG, "a scan of five", "\xff\xd8\xff\xc0\x00\x0b\x08\x00\x01\x00\x02\x01\x01\x11\x00\xff\xda\x00\x10\x05" + strings.Repeat("\x01\x00", 5) + "\x00\x00\x00\xff\xd9", "2x1 corrupt: the scan header at byte 17 has the invalid length 16"},
	} {
		if got := outcome(c.format, []byte(c.data), -1); got != c.want && !strings.HasPrefix(got, c.want+" (head: ") {
			t.Errorf("%v, %s: %s, want %s", c.format, c.name, got, c.want)
		}
	}
}

// TestJXLSizes has every ratio of width to height, and every length of a number.
func TestJXLSizes(t *testing.T) {
	for _, c := range []struct {
		bits, length  []int
		width, height int
	}{
		{[]int{1, 4, 1}, []int{1, 5, 3}, 40, 40}, {[]int{1, 29, 2}, []int{1, 5, 3}, 288, 240}, {[]int{1, 2, 3}, []int{1, 5, 3}, 32, 24},
		{[]int{1, 1, 4}, []int{1, 5, 3}, 24, 16}, {[]int{1, 8, 5}, []int{1, 5, 3}, 128, 72}, {[]int{1, 3, 6}, []int{1, 5, 3}, 40, 32},
		{[]int{1, 31, 7}, []int{1, 5, 3}, 512, 256}, {[]int{1, 0, 0, 31}, []int{1, 5, 3, 5}, 256, 8},
		{[]int{0, 0, 511, 1}, []int{1, 2, 9, 3}, 512, 512}, {[]int{0, 1, 8191, 1}, []int{1, 2, 13, 3}, 8192, 8192}, {[]int{0, 2, 1<<18 - 1, 1}, []int{1, 2, 18, 3}, 1 << 18, 1 << 18},
		{[]int{0, 3, 1<<30 - 1, 0, 3, 5}, []int{1, 2, 30, 3, 2, 30}, 6, 1 << 30}, {[]int{0, 0, 3, 0, 3, 1<<30 - 1}, []int{1, 2, 9, 3, 2, 30}, 1 << 30, 4},
		{[]int{0, 3, 1<<30 - 1, 7}, []int{1, 2, 30, 3}, 0, 1 << 30},
	} {
		var low, high uint64
		at := 0
		for i, v := range c.bits {
			low |= uint64(v) << at
			if at+c.length[i] > 64 {
				high |= uint64(v) >> (64 - at)
			}
			at += c.length[i]
		}
		data := append(binary.LittleEndian.AppendUint64([]byte("\xff\x0a"), low), byte(high))
		if width, height := imagefile.JXL.Size(data); width != c.width || height != c.height {
			t.Errorf("%v: %dx%d, want %dx%d", c.bits, width, height, c.width, c.height)
		}
	}
}

// TestHeadSize finds the name of an SVG that the head of the file just holds.
func TestHeadSize(t *testing.T) {
	const comment, svg = "<!---->", "<svg "
	for more, want := range map[int]imagefile.Format{0: imagefile.SVG, 1: imagefile.Unknown} {
		filler := strings.Repeat("x", imagefile.HeadSize-len(comment)-len(svg)+more)
		if f, _ := imagefile.Identify([]byte("<!--" + filler + "-->" + svg)); f != want {
			t.Errorf("%d bytes more: %v, want %v", more, f, want)
		}
	}
	if imagefile.HeadSize != 4096 {
		t.Error("the head of a file has another size")
	}
}

// TestIdentifyShort has the shortest heads that are enough, and what is one byte shorter.
func TestIdentifyShort(t *testing.T) {
	for head, want := range map[string]imagefile.Format{
		"\xff\xd8\xff": imagefile.JPEG, "GIF87a": imagefile.GIF, "GIF89a": imagefile.GIF, "\xff\x0a": imagefile.JXL, "II*\x00": imagefile.TIFF, "MM\x00*": imagefile.TIFF,
		"II+\x00": imagefile.TIFF, "MM\x00+": imagefile.TIFF, "RIFF\x00\x00\x00\x00WEBP": imagefile.WebP,
		"BM" + strings.Repeat("\x00", 12) + "\xff\x00\x00\x00": imagefile.BMP, "\x00\x00\x01\x00\x01\x00": imagefile.ICO, "\x00\x00\x02\x00\x01\x00": imagefile.CUR,
		"qoif" + strings.Repeat("\x00", 10): imagefile.QOI, "DDS \x7c\x00\x00\x00": imagefile.DDS, "\x76\x2f\x31\x01\x02": imagefile.EXR,
		"8BPS\x00\x02\x00\x00\x00\x00\x00\x00": imagefile.PSD, "\xff\x4f\xff\x51": imagefile.JP2, "<svg>": imagefile.SVG, "P1\n1\t2\v": imagefile.PNM, "P6 1 2\r": imagefile.PNM, "P7\n#": imagefile.PNM, "P7\nWIDTH ": imagefile.PNM,
		"\x00\x00\x00\x14ftypmif1\x00\x00\x00\x00avif": imagefile.AVIF,
	} {
		if f, _ := imagefile.Identify([]byte(head)); f != want {
			t.Errorf("%q: %v, want %v", head, f, want)
		}
		if f, _ := imagefile.Identify([]byte(head[:len(head)-1])); f == want && want != imagefile.AVIF {
			t.Errorf("%q: %v", head[:len(head)-1], f)
		}
	}
	for head, want := range map[string]imagefile.Format{
		"BM" + strings.Repeat("\x00", 12) + "\x00\x01\x00\x00": imagefile.Unknown, "P6 1#2\n 3\n": imagefile.PNM, "P6 1#2 3\n": imagefile.Unknown, "P7 WIDTH 1": imagefile.Unknown,
		"P0 1 2 ": imagefile.Unknown, "P8 1 2 ": imagefile.Unknown, "P61 2 3": imagefile.Unknown, "P6 /1 2 ": imagefile.Unknown, "P6 :1 2 ": imagefile.Unknown, "P6 9 0 ": imagefile.PNM,
		"\x00\x00\x00\x18ftypmif2\x00\x00\x00\x00msf1hevc": imagefile.HEIC, "\x00\x00\x00\x18ftypisom\x00\x00\x00\x00hevxmp42": imagefile.Unknown, "\x00\x00\x00\x10ftypmif3avis": imagefile.AVIF,
		"\x00\x00\x00\x10ftypmif3abcd": imagefile.HEIC, "\x00\x00\x00\x10ftypmif3heix": imagefile.HEIC, "\x00\x00\x00\x18ftypisom\x00\x00\x00\x00mp42heim": imagefile.HEIC,
	} {
		if f, _ := imagefile.Identify([]byte(head)); f != want {
			t.Errorf("%q: %v, want %v", head, f, want)
		}
	}
}

// TestOldLZW has strips in LZW whose codes are in the order of before TIFF 5, or only look
// like it.
func TestOldLZW(t *testing.T) {
	lzw := func(first string) []byte {
		data := stripTIFF(6, 0, field{259, 3, 1, 5})
		copy(data[8:], first)
		return data
	}
	for first, old := range map[string]bool{"\x00\x01": true, "\x00\x03": true, "\x00\x02": false, "\x01\x01": false} {
		info, err := decode(imagefile.TIFF, lzw(first), 0)
		if (err == nil) != old || info.Decoded {
			t.Errorf("%q: %+v, %v", first, info, err)
		}
	}
	for _, fields := range [][]field{{{266, 3, 1, 2}}, {{284, 3, 1, 2}, {277, 3, 1, 2}}, {{259, 3, 1, 3}, {292, 4, 1, 1}}} {
		if info, err := decode(imagefile.TIFF, stripTIFF(6, 0, fields...), 0); err != nil || info.Decoded {
			t.Errorf("%v: %+v, %v", fields, info, err)
		}
	}
	data := tiffOf(t, noise(16, 16), tiff.Deflate)
	if info, err := decode(imagefile.TIFF, data, 0); err != nil || !info.Decoded {
		t.Errorf("%+v, %v", info, err)
	}
	if info, err := decode(imagefile.TIFF, stripTIFF(6, 0, field{284, 3, 1, 2}), 0); err != nil || !info.Decoded {
		t.Errorf("one plane: %+v, %v", info, err)
	}
}

// TestTooManyPixels has images of one pixel too many, whole and cut.
func TestTooManyPixels(t *testing.T) {
	data := pngOf(t, noise(11, 9))
	for _, c := range []struct {
		size, limit int64
		want        string
	}{
		{int64(len(data)), 99, ""}, {int64(len(data)), 98, "PNG: 11x9 is more than the limit of 98 pixels"}, {50, 98, "PNG: 11x9 is more than the limit of 98 pixels"},
		{50, 99, "PNG: the file ends at byte 50, before the image does"}, {50, 0, "PNG: the file ends at byte 50, before the image does"},
	} {
		_, err := imagefile.PNG.Decode(t.Context(), bytes.NewReader(data), c.size, imagefile.NewLimits(c.limit, 0))
		if err == nil && c.want != "" || err != nil && err.Error() != c.want {
			t.Errorf("%d of %d bytes, %d pixels: %v, want %s", c.size, len(data), c.limit, err, c.want)
		}
	}
	if info, err := imagefile.PNG.Decode(t.Context(), bytes.NewReader(data), int64(len(data)), nil); err != nil || !info.Decoded {
		t.Errorf("without limits: %+v, %v", info, err)
	}
	if m, info, err := imagefile.PNG.Picture(t.Context(), bytes.NewReader(data), int64(len(data)), nil); err != nil || m.Bounds().Dx() != 11 || !info.Decoded {
		t.Errorf("%v, %+v, %v", m.Bounds(), info, err)
	}
}
