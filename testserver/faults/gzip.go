package faults

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"net/http"

	"grab/testserver/fault"
	"grab/testserver/reply"
)

// gzipped answers with the image in gzip, which the client did not ask for.
func gzipped(req *fault.Request) reply.Response {
	return req.Reply(
		http.StatusOK, reply.NewBody(compress(req.Data())),
		reply.Header("Content-Encoding", "gzip"),
	)
}

func compress(data []byte) []byte {
	var buf bytes.Buffer
	w := gzip.NewWriter(&buf)
	w.Write(data) // to a buffer, which does not fail
	w.Close()
	return buf.Bytes()
}

const (
	bombBlock = 64 << 10 // bytes, more than deflate looks back
	bombBatch = 16       // blocks in one part of a body
)

// zeros returns the deflate coding of at least size zeros (RFC 1951), in parts. All
// blocks after the first one have the same code, so they share their memory.
func zeros(size int64) [][]byte {
	var buf bytes.Buffer
	w, _ := flate.NewWriter(&buf, flate.BestCompression) // fails only for unknown levels
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
