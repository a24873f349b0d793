package faults

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"hash/crc32"
	"net/http"
	"strings"

	"grab/testserver/fault"
	"grab/testserver/reply"
)

// codingFaults are content codings that the client did not ask for, or that are broken
// (RFC 9110 section 8.4).
func codingFaults() []fault.Fault {
	return []fault.Fault{
		{
			ID: "A120", Name: "a120-gzip", Over: fault.OverAll, Expect: "ok",
			About: "the image in gzip",
			Play:  fault.WithReply(gzipped),
		},
		{
			ID: "A121", Name: "a121-gzip-cut", Over: fault.OverAll, Expect: "T:encoding",
			About: "gzip, cut, with a Content-Length that fits",
			Play:  coded(func(z []byte) []byte { return z[:len(z)/2] }),
		},
		{
			ID: "A121", Name: "a121-gzip-crc", Over: fault.OverAll, Expect: "T:encoding",
			About: "gzip with a wrong checksum",
			Play:  coded(func(z []byte) []byte { z[len(z)-8] ^= 0xff; return z }),
		},
		{
			ID: "A121", Name: "a121-gzip-junk", Over: fault.OverAll, Expect: "T:encoding",
			About: "gzip and junk after it",
			Play:  coded(func(z []byte) []byte { return append(z, "junk"...) }),
		},
		{
			ID: "A121", Name: "a121-gzip-members", Over: fault.OverAll, Expect: "ok",
			About: "gzip in two members",
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				data := req.Data()
				half := len(data) / 2
				return encoded(
					req, "gzip", reply.NewBody(compress(data[:half]), compress(data[half:])),
				)
			}),
		},
		{
			ID: "A122", Name: "a122-gzip-bomb", Over: fault.OverAll, Expect: "P:too-big|P:not-image",
			About:   "10 MB of gzip that are 10 GB of zeros",
			Queries: []string{"size=100000000"},
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				return encoded(req, "gzip", gzipBomb(int64(req.Number("size", 0))))
			}),
		},
		{
			ID: "A122", Name: "a122-nested", Over: fault.OverAll, Expect: "P:encoding",
			About: "twenty codings, one in the other",
			Play:  fault.WithReply(nested),
		},
		{
			ID: "A123", Name: "a123-unknown-coding", Over: fault.OverAll, Expect: "ok",
			About:   "the image as it is, said to be br, zstd, deflate or x-foo",
			Queries: []string{"type=zstd", "type=deflate", "type=x-foo"},
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				return encoded(req, req.Text("type", "br"), req.Whole.Body)
			}),
		},
		{
			ID: "A124", Name: "a124-not-gzip", Over: fault.OverAll, Expect: "ok",
			About: "the image as it is, said to be gzip",
			Play: fault.WithReply(func(req *fault.Request) reply.Response {
				return encoded(req, "gzip", req.Whole.Body)
			}),
		},
	}
}

func encoded(req *fault.Request, coding string, b reply.Body) reply.Response {
	return req.Reply(http.StatusOK, b, reply.Header("Content-Encoding", coding))
}

// coded answers with the gzip coding of the image after a change.
func coded(change func([]byte) []byte) func(*fault.Request) fault.Answer {
	return fault.WithReply(func(req *fault.Request) reply.Response {
		return encoded(req, "gzip", reply.NewBody(change(compress(req.Data()))))
	})
}

func nested(req *fault.Request) reply.Response {
	const depth = 20
	data := req.Data()
	for range depth {
		data = compress(data)
	}
	return encoded(req, strings.Repeat("gzip, ", depth-1)+"gzip", reply.NewBody(data))
}

// bombSize is the default size of a gzip bomb once decoded, in bytes.
const bombSize = 10 << 30

// gzipBomb returns the gzip coding of at least size zeros, bombSize if size is 0. Its
// checksum is wrong, but by then a client has decoded everything.
func gzipBomb(size int64) reply.Body {
	if size == 0 {
		size = bombSize
	}
	var head bytes.Buffer
	gzip.NewWriter(&head).Flush()
	header := head.Bytes()[:gzipHeaderSize]
	parts := append([][]byte{header}, zeros(size)...)
	trailer := binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE(nil))
	return reply.NewBody(append(parts, binary.LittleEndian.AppendUint32(trailer, uint32(size)))...)
}

// gzipHeaderSize is the size of a header without a name (RFC 1952 section 2.3).
const gzipHeaderSize = 10
