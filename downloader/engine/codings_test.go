package engine_test

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	. "grab/downloader"
)

// coders apply content codings, by name.
var coders = map[string]func(io.Writer) io.WriteCloser{
	"deflate":      func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) },
	"bare deflate": func(w io.Writer) io.WriteCloser { z, _ := flate.NewWriter(w, 9); return z },
	"br":           func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) },
	"zstd":         func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w); return z },
}

// coded applies codings to data, the first one first.
func coded(data []byte, names ...string) string {
	for _, name := range names {
		if name == "gzip" {
			data = []byte(gzipped(data))
			continue
		}
		var b bytes.Buffer
		w := coders[name](&b)
		w.Write(data)
		w.Close()
		data = b.Bytes()
	}
	return string(data)
}

// TestContentCodings decodes every coding, whether or not the request has asked for it, and
// takes an image for what it is, whatever coding it is said to have (RFC 9110 section 8.4).
func TestContentCodings(t *testing.T) {
	huge := append(picture[:len(picture):len(picture)], make([]byte, 2<<20)...)
	members := strings.Repeat(coded(nil, "gzip"), 100_000) // two megabytes that stand for nothing
	type answer struct {
		what, coding, body string
		class              Class
		attempts           int
	}
	answers := []answer{
		{"x-gzip", "X-GZIP", coded(picture, "gzip"), "", 1},
		{"bare deflate", "deflate", coded(picture, "bare deflate"), "", 1},
		{"a stack", "deflate, br,zstd", coded(picture, "deflate", "br", "zstd"), "", 1},
		{"a stack with words between", "utf-8, gzip, identity, br", coded(picture, "gzip", "br"), "", 1},
		{"a stack that is only half true", "none, gzip, zstd", coded(picture, "gzip"), "", 1},
		{"five codings", "gzip, gzip, gzip, gzip, gzip", coded(picture, "gzip", "gzip", "gzip", "gzip", "gzip"), "", 1},
		{"six codings", "gzip, gzip, gzip, gzip, gzip, gzip", string(picture), ClassEncoding, 1},
		{"a coding of a coding of nothing", "gzip, gzip", coded([]byte(members), "gzip"), ClassTooBig, 1},
		{"an unknown coding of no image", "compress", "\x1f\x9d\x90\x00", ClassEncoding, 1},
		{"a page that is not coded", "utf-8", "<!DOCTYPE html><p>no", ClassNotImage, 1},
	}
	for _, word := range []string{"none", "identity", "UTF-8", "binary", "8bit", "base64", "image/png", "aws-chunked", "x-foo", "identity, identity",
		"none, gzip", "gzip", "deflate", "br", "zstd", ""} {
		answers = append(answers, answer{"only said to be " + word, word, string(picture), "", 1})
	}
	for _, coding := range []string{"gzip", "deflate", "br", "zstd"} {
		whole := coded(picture, coding)
		answers = append(answers,
			answer{coding, coding, whole, "", 1},
			answer{coding + " that is cut", coding, whole[:len(whole)-1], ClassEncoding, 3},
			answer{coding + " with more behind it", coding, whole + "\x00\x01", ClassEncoding, 3},
			answer{coding + " that is too big", coding, coded(huge, coding), ClassTooBig, 1},
		)
	}
	answers = append(answers, answer{"br that is nothing of the kind", "br", "\x1b" + string(picture), ClassEncoding, 3})
	for _, asks := range []bool{false, true} {
		t.Run(fmt.Sprintf("asked for: %v", asks), func(t *testing.T) {
			eachMode(t, func(t *testing.T, opts Options) {
				if asks {
					opts.Header = http.Header{"Accept-Encoding": {"gzip, deflate, br, zstd"}}
				}
				scripts := map[string]script{}
				for i, a := range answers {
					scripts[fmt.Sprintf("/%d", i)] = says(reply("200 OK", a.body, "Content-Encoding: "+a.coding))
				}
				server := startScripts(t, scripts)
				var urls []string
				for i := range answers {
					urls = append(urls, server.url(fmt.Sprintf("/%d", i)))
				}
				o := fetch(t, opts, urls...)
				for i, a := range answers {
					status := StatusOK
					if a.class != "" {
						status = StatusFailed
					}
					t.Log(a.what, o.results[i].Error)
					expect(t, o.results[i], status, a.class, a.attempts)
					if status == StatusOK && string(o.file(t, i)) != string(picture) {
						t.Error("not the bytes of the image")
					}
				}
			})
		})
	}
}
