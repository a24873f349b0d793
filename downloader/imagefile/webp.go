package imagefile

import (
	"encoding/binary"
	"io"
)

// webpFile is what a walk through a WebP found.
type webpFile struct {
	info    Info
	canvas  bool        // the dimensions are those of VP8X
	picture webpPicture // the first one
}

// webpPicture is one picture: its chunks, and its dimensions.
type webpPicture struct {
	width, height int
	alpha, data   webpChunk
}

// webpChunk is a chunk of a RIFF file: RFC 9649 section 2.3.
type webpChunk struct {
	kind   [4]byte
	body   int64 // offset of its data
	length int64 // of its data
}

func (c webpChunk) is(kind string) bool { return string(c.kind[:]) == kind }
func (c webpChunk) end() int64          { return c.body + c.length }

func (c webpChunk) reader(r io.ReaderAt) io.Reader {
	return io.NewSectionReader(r, c.body, c.length)
}

func checkWebP(w *window) (Info, error) {
	file, err := walkWebP(w)
	return file.info, err
}

// walkWebP walks the chunks of a file: RFC 9649 section 2.
func walkWebP(w *window) (webpFile, error) {
	var file webpFile
	b, err := w.at(0, 12)
	if err != nil {
		return file, err
	}
	if !has(b, 0, "RIFF") || !has(b, 8, "WEBP") {
		return file, w.corrupt("no RIFF header")
	}
	end := 8 + int64(binary.LittleEndian.Uint32(b[4:]))
	last, err := file.chunks(w, 12, end, false)
	switch {
	case err != nil:
		return file, err
	case end > w.size && last != w.size+1: // only the padding of an odd chunk may be missing
		return file, w.truncated()
	case file.picture.data.body == 0:
		return file, w.corrupt("no picture data")
	}
	file.info.TrailingBytes = max(0, w.size-max(end, last))
	return file, nil
}

// chunks walks the chunks from an offset to the end of what holds them, which may
// be the frame of an animation. It returns the offset behind the last one's
// padding.
func (f *webpFile) chunks(w *window, offset, end int64, frame bool) (int64, error) {
	for offset+8 <= end {
		b, err := w.at(offset, 8)
		if err != nil {
			return offset, err
		}
		chunk := webpChunk{kind: [4]byte(b), body: offset + 8, length: int64(binary.LittleEndian.Uint32(b[4:]))}
		if chunk.end() > end {
			return offset, w.corrupt("the chunk %s at byte %d goes past the end of what holds it", letters(chunk.kind), offset)
		}
		if chunk.is("ANMF") && !frame {
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

func (f *webpFile) chunk(w *window, chunk webpChunk) error {
	switch {
	case chunk.is("VP8X"):
		return f.extended(w, chunk)
	case chunk.is("ALPH"):
		if f.picture.data.body == 0 {
			f.picture.alpha = chunk
		}
	case chunk.is("VP8 "), chunk.is("VP8L"):
		return f.bitstream(w, chunk)
	}
	return nil
}

// frame takes a picture of an animation: section 2.7.1.1.
func (f *webpFile) frame(w *window, chunk webpChunk) error {
	b, err := chunk.head(w, 16)
	if err != nil {
		return err
	}
	x, y, width, height := 2*uint24(b), 2*uint24(b[3:]), uint24(b[6:])+1, uint24(b[9:])+1
	if x+width > f.info.Width || y+height > f.info.Height {
		return w.corrupt("the frame at byte %d is not inside the canvas", chunk.body)
	}
	_, err = f.chunks(w, chunk.body+16, chunk.end(), true)
	return err
}

// extended takes the canvas: section 2.7.
func (f *webpFile) extended(w *window, chunk webpChunk) error {
	b, err := chunk.head(w, 10)
	if err != nil {
		return err
	}
	if f.canvas || f.picture.data.body != 0 {
		return w.corrupt("the header at byte %d is not the first", chunk.body)
	}
	f.canvas = true
	f.info.Width, f.info.Height = uint24(b[4:])+1, uint24(b[7:])+1
	return nil
}

// bitstream takes a picture: sections 2.5 and 2.6, and RFC 6386 section 9.1.
func (f *webpFile) bitstream(w *window, chunk webpChunk) error {
	var width, height int
	if chunk.is("VP8L") {
		b, err := chunk.head(w, 5)
		if err != nil {
			return err
		}
		bits := binary.LittleEndian.Uint32(b[1:])
		if b[0] != 0x2f || bits>>29 != 0 {
			return w.corrupt("no lossless picture at byte %d", chunk.body)
		}
		width, height = int(bits&0x3fff)+1, int(bits>>14&0x3fff)+1
	} else {
		b, err := chunk.head(w, 10)
		if err != nil {
			return err
		}
		if b[0]&1 != 0 || !has(b, 3, "\x9d\x01\x2a") || int64(uint24(b)>>5) > chunk.length-10 { // the first partition's length
			return w.corrupt("no lossy picture at byte %d", chunk.body)
		}
		width, height = int(binary.LittleEndian.Uint16(b[6:])&0x3fff), int(binary.LittleEndian.Uint16(b[8:])&0x3fff)
	}
	if !f.canvas {
		f.info.Width, f.info.Height = width, height
	}
	if width == 0 || height == 0 || width > f.info.Width || height > f.info.Height {
		return w.corrupt("the picture at byte %d has %dx%d pixels on a canvas of %dx%d", chunk.body, width, height, f.info.Width, f.info.Height)
	}
	if f.picture.data.body == 0 {
		f.picture.width, f.picture.height, f.picture.data = width, height, chunk
	}
	return nil
}

// head returns the first n bytes of a chunk's data.
func (c webpChunk) head(w *window, n int) ([]byte, error) {
	if c.length < int64(n) {
		return nil, w.corrupt("the chunk %s at byte %d has only %d bytes", letters(c.kind), c.body, c.length)
	}
	return w.at(c.body, n)
}

// uint24 returns the number in the first three bytes of b.
func uint24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }
