package imagefile

import (
	"bytes"
	"encoding/binary"
	"io"
)

// firstWebP returns the first image of a WebP as a file of its own. The decoder does
// not support animations, and requires that the header announces alpha exactly if
// there is a chunk with it.
func firstWebP(s *source) (io.Reader, error) {
	file, err := walkWebP(newWindow(WebP, s, s.size))
	if err != nil {
		return nil, err
	}
	first := file.first
	header := []byte("RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00")
	header = appendUint24(header, first.width-1)
	header = appendUint24(header, first.height-1)
	length := int64(len(header))
	parts := []io.Reader{nil}
	add := func(chunk webpChunk) {
		head := binary.LittleEndian.AppendUint32(chunk.kind[:], uint32(chunk.length))
		data := io.NewSectionReader(s, chunk.body, chunk.length)
		padding := make([]byte, chunk.length&1)
		parts = append(parts, bytes.NewReader(head), data, bytes.NewReader(padding))
		length += 8 + chunk.length + chunk.length&1
	}
	if first.alpha.body != 0 && first.data.is("VP8 ") {
		header[20] = 1 << 4
		add(first.alpha)
	}
	add(first.data)
	binary.LittleEndian.PutUint32(header[4:], uint32(length-8))
	parts[0] = bytes.NewReader(header)
	return io.MultiReader(parts...), nil
}

func appendUint24(b []byte, v int) []byte { return append(b, byte(v), byte(v>>8), byte(v>>16)) }
