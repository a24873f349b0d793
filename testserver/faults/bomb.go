package faults

import (
	"bytes"
	"encoding/binary"
	"net/http"

	"grab/testserver/fault"
	"grab/testserver/picture"
	"grab/testserver/reply"
)

// bombFaults are small files of large images.
func bombFaults() []fault.Fault {
	const bomb = "ok|P:image-bomb"
	type play = func(*fault.Request) fault.Answer
	made := func(contentType string, data func(*fault.Request) reply.Body) play {
		return fault.WithReply(func(req *fault.Request) reply.Response {
			b := data(req)
			fields := []reply.Field{reply.Header("Content-Type", contentType)}
			return reply.Response{Status: http.StatusOK, Fields: reply.Sized(fields, b), Body: b}
		})
	}
	fixed := func(contentType string, data []byte) play {
		return made(contentType, func(*fault.Request) reply.Body { return reply.NewBody(data) })
	}
	return []fault.Fault{
		{
			ID: "A131", Name: "a131-png-bomb", Over: fault.OverAll, Expect: bomb,
			About: "a PNG of 50,000 by 50,000 pixels",
			Play:  made("image/png", func(*fault.Request) reply.Body { return pngBomb(50_000) }),
		},
		{
			ID: "A131", Name: "a131-webp-bomb", Over: fault.OverAll, Expect: bomb,
			About: "a WebP of 16,384 by 16,384 pixels in 28 bytes",
			Play:  fixed("image/webp", webPBomb()),
		},
		{
			ID: "A131", Name: "a131-bmp-bomb", Over: fault.OverAll, Expect: bomb,
			About: "a BMP of 30,000 by 30,000 pixels in 54 bytes",
			Play:  fixed("image/bmp", bmpOf(30_000, 30_000)),
		},
		{
			ID: "A131", Name: "a131-tiff-loop", Over: fault.OverAll, Expect: bomb + "|P1:image-corrupt",
			About: "a TIFF whose directory is its own successor",
			Play:  fixed("image/tiff", tiffLoop()),
		},
		{
			ID: "A132", Name: "a132-gif-frames", Over: fault.OverAll, Expect: bomb,
			About:   "a GIF of a million frames",
			Queries: []string{"size=1000"},
			Play: made("image/gif", func(req *fault.Request) reply.Body {
				return gifFrames(req.Number("size", 1_000_000))
			}),
		},
		{
			ID: "A132", Name: "a132-apng", Over: fault.OverAll, Expect: "ok",
			About: "an animated PNG",
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				r := as(req, "png")
				control := picture.PNGChunk("acTL", []byte{0, 0, 0, 1, 0, 0, 0, 0})
				data := r.Body.Bytes()
				return typed(r, append(append(data[:33:33], control...), data[33:]...))
			}),
		},
		{
			ID: "A132", Name: "a132-webp-moves", Over: fault.OverAll, Expect: "ok",
			About: "an animated WebP",
			Play:  fixed("image/webp", webPMoves()),
		},
		{
			ID: "A133", Name: "a133-text-bomb", Over: fault.OverAll, Expect: "ok",
			About: "a PNG with a compressed text of 100 MB",
			Play: made("image/png", func(req *fault.Request) reply.Body {
				return textBomb(req, "zTXt")
			}),
		},
		{
			ID: "A133", Name: "a133-profile-bomb", Over: fault.OverAll, Expect: "ok",
			About: "a PNG with a compressed colour profile of 100 MB",
			Play: made("image/png", func(req *fault.Request) reply.Body {
				return textBomb(req, "iCCP")
			}),
		},
		{
			ID: "A133", Name: "a133-exif-loop", Over: fault.OverAll, Expect: "ok",
			About: "a JPEG with EXIF whose directory is its own successor",
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				r := as(req, "jpg")
				data := r.Body.Bytes()
				return typed(r, append(append(data[:2:2], exifLoop()...), data[2:]...))
			}),
		},
	}
}

// pngBomb returns a square of black pixels.
func pngBomb(side int) reply.Body {
	rows := int64(side) * int64(side/8+1)
	return reply.NewBody(pngOf(uint32(side), uint32(side), bytes.Join(zlibZeros(rows), nil)))
}

// zlibZeros returns at least size zeros in the format of zlib (RFC 1950), with a wrong
// checksum.
func zlibZeros(size int64) [][]byte {
	parts := append([][]byte{{0x78, 0xda}}, zeros(size)...)
	return append(parts, []byte{0, 0, 0, 1})
}

// textBomb puts a chunk that inflates to 100 MB into a PNG.
func textBomb(req *fault.Request, kind string) reply.Body {
	data := as(req, "png").Body.Bytes()
	var buf bytes.Buffer
	buf.WriteString("bomb\x00\x00") // its name, and the compression method
	buf.Write(bytes.Join(zlibZeros(100<<20), nil))
	return reply.NewBody(data[:33], picture.PNGChunk(kind, buf.Bytes()), data[33:])
}

// gifFrames returns a GIF of one pixel in n frames.
func gifFrames(n int) reply.Body {
	const batch = 1000
	frame := []byte("!\xf9\x04\x00\x00\x00\x00\x00" +
		",\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00")
	frames := bytes.Repeat(frame, batch)
	parts := [][]byte{[]byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff")}
	for ; n > batch; n -= batch {
		parts = append(parts, frames)
	}
	return reply.NewBody(append(parts, frames[:n*len(frame)], []byte(";"))...)
}

// exifLoop returns an APP1 segment whose only directory is its own successor.
func exifLoop() []byte {
	data := append([]byte("Exif\x00\x00"), tiffLoop()...)
	return append(binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(data)+2)), data...)
}
