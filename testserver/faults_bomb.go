package testserver

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"net/http"
)

// bombFaults are small files of images that are large.
func bombFaults() []Fault {
	const bomb = "ok|P:image-bomb"
	play := func(contentType string, data func(*scene) body) func(*scene) act {
		return answering(func(sc *scene) response {
			b := data(sc)
			return response{status: http.StatusOK, body: b, fields: []field{{"Content-Type", contentType}, length(int(b.size))}}
		})
	}
	fixed := func(contentType string, data []byte) func(*scene) act {
		return play(contentType, func(*scene) body { return newBody(data) })
	}
	return []Fault{
		{ID: "A131", Name: "a131-png-bomb", About: "a PNG of 50,000 by 50,000 pixels", Expect: bomb, Over: overAll,
			play: play("image/png", func(*scene) body { return pngBomb(50_000) })},
		{ID: "A131", Name: "a131-webp-bomb", About: "a WebP of 16,384 by 16,384 pixels in 28 bytes", Expect: bomb, Over: overAll, play: fixed("image/webp", webPBomb())},
		{ID: "A131", Name: "a131-bmp-bomb", About: "a BMP of 30,000 by 30,000 pixels in 54 bytes", Expect: bomb, Over: overAll, play: fixed("image/bmp", bmpOf(30_000, 30_000))},
		{ID: "A131", Name: "a131-tiff-loop", About: "a TIFF whose directory is its own successor", Expect: bomb + "|P1:image-corrupt", Over: overAll, play: fixed("image/tiff", tiffLoop())},
		{ID: "A132", Name: "a132-gif-frames", About: "a GIF of a million frames", Expect: bomb, Over: overAll,
			Queries: []string{"size=1000"}, play: play("image/gif", func(sc *scene) body { return gifFrames(sc.number("size", 1_000_000)) })},
		{ID: "A132", Name: "a132-apng", About: "a PNG that moves", Expect: "ok", Over: overAll, play: answering(func(sc *scene) response {
			r := sc.as("png")
			control := pngChunk("acTL", []byte{0, 0, 0, 1, 0, 0, 0, 0})
			data := r.body.bytes()
			return typed(r, append(append(data[:33:33], control...), data[33:]...))
		})},
		{ID: "A132", Name: "a132-webp-moves", About: "a WebP that moves", Expect: "ok", Over: overAll, play: fixed("image/webp", webPMoves())},
		{ID: "A133", Name: "a133-text-bomb", About: "a PNG with a compressed text of 100 MB", Expect: "ok", Over: overAll,
			play: play("image/png", func(sc *scene) body { return textBomb(sc, "zTXt") })},
		{ID: "A133", Name: "a133-profile-bomb", About: "a PNG with a compressed colour profile of 100 MB", Expect: "ok", Over: overAll,
			play: play("image/png", func(sc *scene) body { return textBomb(sc, "iCCP") })},
		{ID: "A133", Name: "a133-exif-loop", About: "a JPEG with EXIF that goes in circles", Expect: "ok", Over: overAll,
			play: answering(func(sc *scene) response {
				r := sc.as("jpg")
				data := r.body.bytes()
				return typed(r, append(append(data[:2:2], exifLoop()...), data[2:]...))
			})},
	}
}

// pngOf is a PNG of black and white pixels with the given compressed data.
func pngOf(width, height uint32, data []byte) []byte {
	head := binary.BigEndian.AppendUint32(nil, width)
	head = binary.BigEndian.AppendUint32(head, height)
	head = append(head, 1, 0, 0, 0, 0) // 1 bit, grey
	b := append([]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", head)...)
	b = append(b, pngChunk("IDAT", data)...)
	return append(b, pngChunk("IEND", nil)...)
}

// pngBomb is a square of black pixels.
func pngBomb(side int) body {
	rows := int64(side) * int64(side/8+1)
	return newBody(pngOf(uint32(side), uint32(side), bytes.Join(zlibZeros(rows), nil)))
}

// zlibZeros is zeros in zlib's framing (RFC 1950), without the right checksum.
func zlibZeros(size int64) [][]byte {
	parts := append([][]byte{{0x78, 0xda}}, zeros(size)...)
	return append(parts, []byte{0, 0, 0, 1})
}

// textBomb puts a chunk that inflates to 100 MB into a PNG.
func textBomb(sc *scene, kind string) body {
	data := sc.as("png").body.bytes()
	var buf bytes.Buffer
	buf.WriteString("bomb\x00\x00") // its name, and the method
	buf.Write(bytes.Join(zlibZeros(100<<20), nil))
	return newBody(data[:33], pngChunk(kind, buf.Bytes()), data[33:])
}

// deflated is data in zlib's framing.
func deflated(data []byte) []byte {
	var buf bytes.Buffer
	w := zlib.NewWriter(&buf)
	w.Write(data) // to a buffer: does not fail
	w.Close()
	return buf.Bytes()
}

// gifFrames is a GIF of one pixel that never stops.
func gifFrames(n int) body {
	const batch = 1000
	frame := []byte("!\xf9\x04\x00\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00")
	frames := bytes.Repeat(frame, batch)
	parts := [][]byte{[]byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff")}
	for ; n > batch; n -= batch {
		parts = append(parts, frames)
	}
	return newBody(append(parts, frames[:n*len(frame)], []byte(";"))...)
}

// exifLoop is an APP1 segment whose one directory follows itself.
func exifLoop() []byte {
	data := append([]byte("Exif\x00\x00"), tiffLoop()...)
	return append(binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(data)+2)), data...)
}
