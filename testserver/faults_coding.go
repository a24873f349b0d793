package testserver

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/binary"
	"hash/crc32"
	"net/http"
	"strings"
)

// codingFaults are content codings that nobody asked for, or that are broken
// (RFC 9110 section 8.4).
func codingFaults() []Fault {
	return []Fault{
		{ID: "A120", Name: "a120-gzip", About: "the image in gzip", Expect: "ok", Over: overAll, play: answering(gzipped)},
		{ID: "A121", Name: "a121-gzip-cut", About: "gzip, cut, with a Content-Length that fits", Expect: "T:encoding", Over: overAll,
			play: coded(func(z []byte) []byte { return z[:len(z)/2] })},
		{ID: "A121", Name: "a121-gzip-crc", About: "gzip with a wrong checksum", Expect: "T:encoding", Over: overAll,
			play: coded(func(z []byte) []byte { z[len(z)-8] ^= 0xff; return z })},
		{ID: "A121", Name: "a121-gzip-junk", About: "gzip and junk after it", Expect: "T:encoding", Over: overAll,
			play: coded(func(z []byte) []byte { return append(z, "junk"...) })},
		{ID: "A121", Name: "a121-gzip-members", About: "gzip in two members", Expect: "ok", Over: overAll,
			play: answering(func(sc *scene) response {
				data := sc.data()
				half := len(data) / 2
				return sc.encoded("gzip", newBody(compress(data[:half]), compress(data[half:])))
			})},
		{ID: "A122", Name: "a122-gzip-bomb", About: "10 MB of gzip that are 10 GB of zeros", Expect: "P:too-big|P:not-image", Over: overAll,
			Queries: []string{"size=100000000"}, play: answering(func(sc *scene) response {
				return sc.encoded("gzip", gzipBomb(int64(sc.number("size", 0))))
			})},
		{ID: "A122", Name: "a122-nested", About: "twenty codings, one in the other", Expect: "P:encoding", Over: overAll, play: answering(nested)},
		{ID: "A123", Name: "a123-unknown-coding", About: "the image as it is, said to be br, zstd, deflate or x-foo", Expect: "P:encoding", Over: overAll,
			Queries: []string{"type=zstd", "type=deflate", "type=x-foo"}, play: answering(func(sc *scene) response {
				return sc.encoded(sc.text("type", "br"), sc.whole.body)
			})},
		{ID: "A124", Name: "a124-not-gzip", About: "the image as it is, said to be gzip", Expect: "ok", Over: overAll,
			play: answering(func(sc *scene) response { return sc.encoded("gzip", sc.whole.body) })},
	}
}

func (sc *scene) encoded(coding string, b body) response {
	return sc.sends(http.StatusOK, b, field{"Content-Encoding", coding})
}

// coded sends the gzip coding of the image after a change.
func coded(change func([]byte) []byte) func(*scene) act {
	return answering(func(sc *scene) response { return sc.encoded("gzip", newBody(change(compress(sc.data())))) })
}

func nested(sc *scene) response {
	const depth = 20
	data := sc.data()
	for range depth {
		data = compress(data)
	}
	return sc.encoded(strings.Repeat("gzip, ", depth-1)+"gzip", newBody(data))
}

const (
	bombSize  = 10 << 30 // of the zeros in a gzip bomb
	bombBlock = 64 << 10 // more than deflate looks back
	bombBatch = 16
)

// gzipBomb is the gzip coding of at least size zeros, 10 GiB if size is 0. Its checksum is that of nothing: who gets as far as that has
// been blown up.
func gzipBomb(size int64) body {
	if size == 0 {
		size = bombSize
	}
	var head bytes.Buffer
	gzip.NewWriter(&head).Flush()
	header := head.Bytes()[:gzipHeaderSize]
	parts := append([][]byte{header}, zeros(size)...)
	trailer := binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE(nil))
	return newBody(append(parts, binary.LittleEndian.AppendUint32(trailer, uint32(size)))...)
}

// gzipHeaderSize is that of a header without a name (RFC 1952 section 2.3).
const gzipHeaderSize = 10

// zeros returns the deflate coding of at least size zeros (RFC 1951). After the
// first block each further one is coded in the same way, so that all of them
// share their bytes.
func zeros(size int64) [][]byte {
	var buf bytes.Buffer
	w, _ := flate.NewWriter(&buf, flate.BestCompression) // fails for unknown levels
	block := func() []byte {
		buf.Reset()
		w.Write(make([]byte, bombBlock))
		w.Flush()
		return bytes.Clone(buf.Bytes())
	}
	parts := [][]byte{block()}
	more := bytes.Repeat(block(), bombBatch)
	for n := int64(bombBlock); n < size; n += bombBatch * bombBlock {
		parts = append(parts, more)
	}
	buf.Reset()
	w.Close()
	return append(parts, buf.Bytes())
}
