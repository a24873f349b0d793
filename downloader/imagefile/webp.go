package imagefile

import "encoding/binary"

// webpWalk is the state of a walk through a WebP.
type webpWalk struct {
	info   Info
	canvas bool      // the dimensions are those of VP8X
	first  webpImage // the first image
}

// webpImage is one image: its dimensions and its chunks.
type webpImage struct {
	width, height int
	alpha, data   webpChunk
}

func (i *webpImage) found() bool { return i.data.body != 0 }

// webpChunk is a chunk of a RIFF file: RFC 9649 section 2.3.
type webpChunk struct {
	kind   fourCC
	body   int64 // offset of its data
	length int64 // of its data
}

func (c webpChunk) is(kind string) bool { return c.kind.is(kind) }
func (c webpChunk) end() int64          { return c.body + c.length }

func checkWebP(w *window) (Info, error) {
	f, err := walkWebP(w)
	return f.info, err
}

// walkWebP walks the chunks of a file: RFC 9649 section 2.
func walkWebP(w *window) (webpWalk, error) {
	var f webpWalk
	b, err := w.at(0, 12)
	if err != nil {
		return f, err
	}
	if !hasAt(b, 0, "RIFF") || !hasAt(b, 8, "WEBP") {
		return f, w.corrupt("no RIFF header")
	}
	end := 8 + int64(binary.LittleEndian.Uint32(b[4:]))
	last, err := f.chunks(w, 12, end, false)
	switch {
	case err != nil:
		return f, err
	case end > w.size: // also if only the padding of the last chunk is missing: decoders need it
		return f, w.truncated()
	case !f.first.found():
		return f, w.corrupt("no image data")
	}
	f.info.TrailingBytes = max(0, w.size-max(end, last))
	return f, nil
}

// chunks walks the chunks from an offset to the end of their parent, which is the
// file or a frame of an animation. It returns the offset after the last chunk and
// its padding.
func (f *webpWalk) chunks(w *window, offset, end int64, inFrame bool) (int64, error) {
	for offset+8 <= end {
		b, err := w.at(offset, 8)
		if err != nil {
			return offset, err
		}
		length := int64(binary.LittleEndian.Uint32(b[4:]))
		chunk := webpChunk{kind: fourCC(b), body: offset + 8, length: length}
		if chunk.end() > end {
			return offset, w.corrupt("chunk %s at byte %d extends past the end of its parent",
				chunk.kind, offset)
		}
		if chunk.is("ANMF") && !inFrame {
			err = f.frame(w, chunk)
		} else {
			err = f.chunk(w, chunk)
		}
		if err != nil {
			return offset, err
		}
		if chunk.end() > w.size {
			return offset, w.truncated()
		}
		offset = chunk.end() + chunk.length&1
	}
	return offset, nil
}

func (f *webpWalk) chunk(w *window, chunk webpChunk) error {
	switch {
	case chunk.is("VP8X"):
		return f.extended(w, chunk)
	case chunk.is("ALPH"):
		if !f.first.found() {
			f.first.alpha = chunk
		}
	case chunk.is("VP8 "), chunk.is("VP8L"):
		return f.image(w, chunk)
	}
	return nil
}

// frame reads a frame of an animation: section 2.7.1.1.
func (f *webpWalk) frame(w *window, chunk webpChunk) error {
	b, err := chunk.head(w, 16)
	if err != nil {
		return err
	}
	x, y, width, height := 2*uint24(b), 2*uint24(b[3:]), uint24(b[6:])+1, uint24(b[9:])+1
	if x+width > f.info.Width || y+height > f.info.Height {
		return w.corrupt("the frame at byte %d extends past the canvas", chunk.body)
	}
	_, err = f.chunks(w, chunk.body+16, chunk.end(), true)
	return err
}

// extended reads the size of the canvas: section 2.7.
func (f *webpWalk) extended(w *window, chunk webpChunk) error {
	b, err := chunk.head(w, 10)
	if err != nil {
		return err
	}
	if f.canvas || f.first.found() {
		return w.corrupt("chunk VP8X at byte %d is not the first", chunk.body)
	}
	f.canvas = true
	f.info.Width, f.info.Height = uint24(b[4:])+1, uint24(b[7:])+1
	return nil
}

// image reads the start of an image.
func (f *webpWalk) image(w *window, chunk webpChunk) error {
	read := webpLossy
	if chunk.is("VP8L") {
		read = webpLossless
	}
	width, height, err := read(w, chunk)
	if err != nil {
		return err
	}
	if !f.canvas {
		f.info.Width, f.info.Height = width, height
	}
	if width == 0 || height == 0 || width > f.info.Width || height > f.info.Height {
		return w.corrupt("the image at byte %d has %dx%d pixels on a canvas of %dx%d",
			chunk.body, width, height, f.info.Width, f.info.Height)
	}
	if !f.first.found() {
		f.first.width, f.first.height, f.first.data = width, height, chunk
	}
	return nil
}

// webpLossy reads the header of a VP8 bitstream: section 2.5 and RFC 6386 section
// 9.1.
func webpLossy(w *window, chunk webpChunk) (width, height int, err error) {
	b, err := chunk.head(w, 10)
	if err != nil {
		return 0, 0, err
	}
	keyFrame := b[0]&1 == 0
	firstPartition := int64(uint24(b) >> 5) // its length
	if !keyFrame || !hasAt(b, 3, "\x9d\x01\x2a") || firstPartition > chunk.length-10 {
		return 0, 0, w.corrupt("no valid lossy image at byte %d", chunk.body)
	}
	width = int(binary.LittleEndian.Uint16(b[6:]) & 0x3fff)
	height = int(binary.LittleEndian.Uint16(b[8:]) & 0x3fff)
	return width, height, nil
}

// webpLossless reads the header of a VP8L bitstream: section 2.6.
func webpLossless(w *window, chunk webpChunk) (width, height int, err error) {
	b, err := chunk.head(w, 5)
	if err != nil {
		return 0, 0, err
	}
	bits := binary.LittleEndian.Uint32(b[1:])
	if b[0] != 0x2f || bits>>29 != 0 {
		return 0, 0, w.corrupt("no valid lossless image at byte %d", chunk.body)
	}
	return int(bits&0x3fff) + 1, int(bits>>14&0x3fff) + 1, nil
}

// head returns the first n bytes of a chunk's data.
func (c webpChunk) head(w *window, n int) ([]byte, error) {
	if c.length < int64(n) {
		return nil, w.corrupt("chunk %s at byte %d has the invalid length %d", c.kind, c.body, c.length)
	}
	return w.at(c.body, n)
}

// uint24 returns the little-endian number in the first three bytes of b.
func uint24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }
