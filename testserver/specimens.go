package testserver

import (
	"encoding/binary"
	"net/http"
)

// magicFaults are files of other formats, as small as they can be and still be
// told by their first bytes.
func magicFaults() []Fault {
	return []Fault{
		{ID: "A136", Name: "a136-other-image", About: "an image of another format: AVIF, HEIC, JXL, WebP, BMP, TIFF or ICO", Expect: "ok|P:not-image", Over: overAll,
			Queries: []string{"kind=heic", "kind=jxl", "kind=webp", "kind=bmp", "kind=tiff", "kind=ico"},
			play:    answering(func(sc *scene) response { return specimen(sc.text("kind", "avif")) })},
		{ID: "A136", Name: "a136-no-image", About: "a file that is no image: PDF, PSD or MP4", Expect: "P:not-image", Over: overAll,
			Queries: []string{"kind=psd", "kind=mp4"},
			play:    answering(func(sc *scene) response { return specimen(sc.text("kind", "pdf")) })},
	}
}

// specimen is a small file of a format.
func specimen(kind string) response {
	found := map[string]struct {
		contentType string
		data        []byte
	}{
		"avif": {"image/avif", box("ftyp", "avif\x00\x00\x00\x00mif1avif")},
		"heic": {"image/heic", box("ftyp", "heic\x00\x00\x00\x00mif1heic")},
		"mp4":  {"video/mp4", box("ftyp", "isom\x00\x00\x02\x00isommp42")},
		"jxl":  {"image/jxl", []byte("\xff\x0a\x00\x10\xb0\x13\x08\x00")},
		"webp": {"image/webp", webP()},
		"bmp":  {"image/bmp", append(bmpOf(1, 1), 0xff, 0xff, 0xff, 0)},
		"tiff": {"image/tiff", tiff()},
		"ico":  {"image/x-icon", ico()},
		"psd":  {"image/vnd.adobe.photoshop", append([]byte("8BPS\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x01\x00\x00\x00\x01\x00\x08\x00\x01"), make([]byte, 15)...)},
		"pdf":  {"application/pdf", []byte("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")},
	}[kind]
	if found.data == nil {
		return badRequest("unknown kind")
	}
	return content(http.StatusOK, found.contentType, found.data)
}

// box is one of ISO base media files (ISO 14496-12 section 4.2).
func box(kind, data string) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(8+len(data))), kind+data...)
}

// riff is a WebP file of chunks.
func riff(chunks ...[]byte) []byte {
	b := []byte("WEBP")
	for _, c := range chunks {
		b = append(b, c...)
	}
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(b))), b...)
}

// riffChunk pads its data to an even length.
func riffChunk(kind string, data []byte) []byte {
	b := append(binary.LittleEndian.AppendUint32([]byte(kind), uint32(len(data))), data...)
	if len(data)%2 == 1 {
		b = append(b, 0)
	}
	return b
}

// vp8l is a lossless bitstream of width by height pixels of one colour: five
// codes of one symbol each, so that a pixel takes no bits (RFC 9649 section 3).
func vp8l(width, height uint32) []byte {
	b := binary.LittleEndian.AppendUint32([]byte{0x2f}, (width-1)|(height-1)<<14)
	// No transform, no cache, no meta codes; then green, red, blue, alpha and
	// distance, each a simple code of symbol 0.
	return append(b, 0x88, 0x88, 0x08)
}

func webP() []byte     { return riff(riffChunk("VP8L", vp8l(1, 1))) }
func webPBomb() []byte { return riff(riffChunk("VP8L", vp8l(1<<14, 1<<14))) }

// webPMoves is an animation of one frame.
func webPMoves() []byte {
	frame := append(make([]byte, 16), riffChunk("VP8L", vp8l(1, 1))...)
	return riff(
		riffChunk("VP8X", []byte{0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0}),
		riffChunk("ANIM", make([]byte, 6)),
		riffChunk("ANMF", frame))
}

// bmpOf is the header of a BMP of 24 bits a pixel.
func bmpOf(width, height uint32) []byte {
	const headers = 14 + 40
	b := append([]byte("BM"), make([]byte, headers-2)...)
	le := binary.LittleEndian
	le.PutUint32(b[2:], headers+4)
	le.PutUint32(b[10:], headers)
	le.PutUint32(b[14:], 40)
	le.PutUint32(b[18:], width)
	le.PutUint32(b[22:], height)
	le.PutUint16(b[26:], 1)
	le.PutUint16(b[28:], 24)
	return b
}

// tiff is one white pixel.
func tiff() []byte {
	entry := func(tag, value uint16) []byte {
		le := binary.LittleEndian
		b := le.AppendUint16(le.AppendUint16(nil, tag), 3) // a short,
		b = le.AppendUint32(b, 1)                          // one of it
		return le.AppendUint32(b, uint32(value))
	}
	tags := [][2]uint16{{256, 1}, {257, 1}, {258, 8}, {259, 1}, {262, 1}, {273, 8}, {277, 1}, {278, 1}, {279, 1}}
	b := []byte("II*\x00\x0a\x00\x00\x00\xff\x00") // the pixel is byte 8
	b = append(b, byte(len(tags)), 0)
	for _, t := range tags {
		b = append(b, entry(t[0], t[1])...)
	}
	return append(b, 0, 0, 0, 0)
}

// tiffLoop has one empty directory, which is followed by itself.
func tiffLoop() []byte {
	return []byte("II*\x00\x08\x00\x00\x00\x00\x00\x08\x00\x00\x00")
}

// ico is an icon that is a PNG.
func ico() []byte {
	png := pngOf(1, 1, deflated([]byte{0, 0}))
	b := []byte{0, 0, 1, 0, 1, 0, 1, 1, 0, 0, 1, 0, 32, 0}
	b = binary.LittleEndian.AppendUint32(b, uint32(len(png)))
	b = binary.LittleEndian.AppendUint32(b, 22)
	return append(b, png...)
}
