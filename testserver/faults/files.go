package faults

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"strings"

	"grab/testserver/fault"
	"grab/testserver/picture"
	"grab/testserver/reply"
)

// box encodes a box of an ISO base media file (ISO 14496-12 section 4.2).
func box(kind, data string) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(8+len(data))), kind+data...)
}

// riff encodes a WebP file of chunks.
func riff(chunks ...[]byte) []byte {
	b := []byte("WEBP")
	for _, c := range chunks {
		b = append(b, c...)
	}
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(b))), b...)
}

// riffChunk encodes a chunk. It pads the data to an even length.
func riffChunk(kind string, data []byte) []byte {
	b := append(binary.LittleEndian.AppendUint32([]byte(kind), uint32(len(data))), data...)
	if len(data)%2 == 1 {
		b = append(b, 0)
	}
	return b
}

// vp8l encodes width by height pixels of one colour without loss. Each of the five codes
// has one symbol, so a pixel takes no bits (RFC 9649 section 3).
func vp8l(width, height uint32) []byte {
	b := binary.LittleEndian.AppendUint32([]byte{0x2f}, (width-1)|(height-1)<<14)
	// No transform, no cache, no meta codes. Then green, red, blue, alpha and
	// distance, each a simple code with the symbol 0.
	return append(b, 0x88, 0x88, 0x08)
}

func webP() []byte { return riff(riffChunk("VP8L", vp8l(1, 1))) }

func webPBomb() []byte { return riff(riffChunk("VP8L", vp8l(1<<14, 1<<14))) }

// webPMoves returns an animation of one frame.
func webPMoves() []byte {
	frame := append(make([]byte, 16), riffChunk("VP8L", vp8l(1, 1))...)
	return riff(
		riffChunk("VP8X", []byte{0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0}),
		riffChunk("ANIM", make([]byte, 6)),
		riffChunk("ANMF", frame))
}

// bmpOf returns the header of a BMP with 24 bits a pixel.
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

// tiff returns one white pixel.
func tiff() []byte {
	entry := func(tag, value uint16) []byte {
		le := binary.LittleEndian
		b := le.AppendUint16(le.AppendUint16(nil, tag), 3) // a 16-bit number,
		b = le.AppendUint32(b, 1)                          // one of them
		return le.AppendUint32(b, uint32(value))
	}
	tags := [][2]uint16{
		{256, 1}, {257, 1}, {258, 8}, {259, 1}, {262, 1}, {273, 8}, {277, 1}, {278, 1},
		{279, 1},
	}
	b := []byte("II*\x00\x0a\x00\x00\x00\xff\x00") // byte 8 is the pixel
	b = append(b, byte(len(tags)), 0)
	for _, t := range tags {
		b = append(b, entry(t[0], t[1])...)
	}
	return append(b, 0, 0, 0, 0)
}

// tiffLoop returns a TIFF with one empty directory, which is its own successor.
func tiffLoop() []byte {
	return []byte("II*\x00\x08\x00\x00\x00\x00\x00\x08\x00\x00\x00")
}

// ico returns an icon that holds a PNG.
func ico() []byte {
	png := pngOf(1, 1, deflated([]byte{0, 0}))
	b := []byte{0, 0, 1, 0, 1, 0, 1, 1, 0, 0, 1, 0, 32, 0}
	b = binary.LittleEndian.AppendUint32(b, uint32(len(png)))
	b = binary.LittleEndian.AppendUint32(b, 22)
	return append(b, png...)
}

// pngOf returns a PNG of black and white pixels with the given compressed data.
func pngOf(width, height uint32, data []byte) []byte {
	head := binary.BigEndian.AppendUint32(nil, width)
	head = binary.BigEndian.AppendUint32(head, height)
	head = append(head, 1, 0, 0, 0, 0) // 1 bit a pixel, grey
	b := append([]byte("\x89PNG\r\n\x1a\n"), picture.PNGChunk("IHDR", head)...)
	b = append(b, picture.PNGChunk("IDAT", data)...)
	return append(b, picture.PNGChunk("IEND", nil)...)
}

// deflated compresses data in the format of zlib.
func deflated(data []byte) []byte {
	var buf bytes.Buffer
	w := zlib.NewWriter(&buf)
	w.Write(data) // to a buffer, which does not fail
	w.Close()
	return buf.Bytes()
}

// as returns the same image in another format, with the extension of that format in its
// URI.
func as(req *fault.Request, ext string) reply.Response {
	uri := req.URI
	for f := range picture.Formats {
		uri = strings.Replace(uri, "."+f.Ext(), "."+ext, 1)
	}
	return req.Other(uri)
}

// typed returns an answer of the same type with other bytes.
func typed(r reply.Response, data []byte) reply.Response {
	b := reply.NewBody(data)
	return reply.Response{Status: r.Status, Body: b, Fields: reply.Sized(r.Fields, b)}
}
