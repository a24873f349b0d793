package testserver

import "io"

// body is the bytes of an answer, in parts. Parts are shared by many answers
// (a cached picture, a block of padding) and must not be written to.
type body struct {
	parts [][]byte
	size  int64
}

func newBody(parts ...[]byte) body {
	b := body{parts: parts}
	for _, p := range parts {
		b.size += int64(len(p))
	}
	return b
}

// ReadAt implements io.ReaderAt, for answers to requests for a range.
func (b body) ReadAt(dst []byte, off int64) (int, error) {
	n := 0
	for _, part := range b.parts {
		if off >= int64(len(part)) {
			off -= int64(len(part))
			continue
		}
		n += copy(dst[n:], part[off:])
		off = 0
		if n == len(dst) {
			return n, nil
		}
	}
	return n, io.EOF
}

// bytes returns the parts joined in new memory.
func (b body) bytes() []byte {
	joined := make([]byte, 0, b.size)
	for _, part := range b.parts {
		joined = append(joined, part...)
	}
	return joined
}
