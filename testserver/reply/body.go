package reply

import "io"

// Body is the bytes of an answer, in parts. Answers share parts, such as cached
// pictures and blocks of padding: do not write to them.
type Body struct {
	Parts [][]byte
	Size  int64
}

// NewBody returns a body of parts.
func NewBody(parts ...[]byte) Body {
	b := Body{Parts: parts}
	for _, p := range parts {
		b.Size += int64(len(p))
	}
	return b
}

// ReadAt implements io.ReaderAt, for requests for a range.
func (b Body) ReadAt(dst []byte, off int64) (int, error) {
	n := 0
	for _, part := range b.Parts {
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

// Bytes returns the parts joined in new memory.
func (b Body) Bytes() []byte {
	joined := make([]byte, 0, b.Size)
	for _, part := range b.Parts {
		joined = append(joined, part...)
	}
	return joined
}
