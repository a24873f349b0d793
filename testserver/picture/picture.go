// Package picture makes images: it paints them, encodes them as JPEG, PNG or
// GIF, and pads them to a size. The same seed gives the same bytes everywhere.
package picture

import (
	"fmt"
	"strconv"
)

// Picture is an image as a request asks for it.
type Picture struct {
	ID            int64
	Format        Format
	Width, Height int
	Grayscale     bool
	Blur          int   // radius in pixels, 0 (none) to 10
	Bytes         int64 // size to pad the file to, 0 for none
}

// look returns what decides how the picture looks. Neighbouring IDs look
// different, whatever the seed.
func (p Picture) look(seed int64) look {
	return look{
		format:    p.Format,
		width:     p.Width,
		height:    p.Height,
		variant:   int((uint64(p.ID) + mix(uint64(seed))) % variants),
		grayscale: p.Grayscale,
		blur:      p.Blur,
	}
}

// Maker makes the files of pictures. It is safe for concurrent use.
type Maker struct {
	seed    int64
	cache   *cache
	padding padding
}

// NewMaker returns a Maker for the pictures of a seed.
func NewMaker(seed int64) *Maker {
	return &Maker{seed: seed, cache: newCache(cacheLimit), padding: newPadding()}
}

// Make returns the file of a picture that was requested as uri, in parts, and
// its entity tag. The parts share memory with other files: do not write to
// them. A comment with the URI makes files differ that look the same.
func (m *Maker) Make(p Picture, uri string) (parts [][]byte, etag string, err error) {
	enc, err := m.cache.get(p.look(m.seed))
	if err != nil {
		return nil, "", fmt.Errorf("encode %s: %w", uri, err)
	}
	comment := p.Format.comment("grab testserver " + uri + "|" + strconv.FormatInt(m.seed, 10))
	head, tail := p.Format.split(enc.data)
	parts = append(make([][]byte, 0, 5), head, comment)
	if extra := p.Bytes - int64(len(enc.data)+len(comment)); extra >= p.Format.minFiller() {
		parts = m.padding.appendTo(parts, p.Format, extra)
	}
	parts = append(parts, tail)
	size := 0
	for _, part := range parts {
		size += len(part)
	}
	return parts, entityTag(enc.digest, comment, size), nil
}

// entityTag hashes what a file is made of. That distinguishes files as well as
// a hash of all bytes would, and is much less work.
func entityTag(digest uint64, comment []byte, size int) string {
	return fmt.Sprintf(`"%016x"`, mix(hashBytes(digest, comment)^mix(uint64(size))))
}
