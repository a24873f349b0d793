package imagefile

import (
	"bufio"
	"context"
	"io"
)

// source is a file that is decoded. It fails once its context has ended, so that no
// decoder outlives that for long.
type source struct {
	ctx  context.Context
	r    io.ReaderAt
	size int64
	err  error // the reader's or the context's, which is no damage in the file
}

// ReadAt implements io.ReaderAt.
func (s *source) ReadAt(b []byte, offset int64) (int, error) {
	if s.ended() {
		return 0, s.err
	}
	n, err := s.r.ReadAt(b, offset)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// ended reports whether the context has ended.
func (s *source) ended() bool {
	if s.err == nil {
		s.err = s.ctx.Err()
	}
	return s.err != nil
}

// whole returns the file from its start.
func (s *source) whole() (io.Reader, error) { return io.NewSectionReader(s, 0, s.size), nil }

// inPieces is like whole, for a format in which a few bytes can cost a decoder a pass
// over all pixels. It returns few bytes at a time, so that the context is looked at
// often enough.
func (s *source) inPieces() (io.Reader, error) {
	const buffer = 16 << 10
	whole, err := s.whole()
	return &pieces{source: s, buffer: bufio.NewReaderSize(whole, buffer)}, err
}

type pieces struct {
	source *source
	buffer *bufio.Reader
}

// Read implements io.Reader.
func (p *pieces) Read(b []byte) (int, error) {
	const piece = 512
	if p.source.ended() {
		return 0, p.source.err
	}
	return p.buffer.Read(b[:min(len(b), piece)])
}
