package coding

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"grab/downloader"
)

// coded returns a text in a coding.
func coded(t *testing.T, coding, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	switch coding {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "zlib":
		w = zlib.NewWriter(&b)
	case "deflate":
		w, _ = flate.NewWriter(&b, flate.BestSpeed)
	case "br":
		w = brotli.NewWriter(&b)
	case "zstd":
		w, _ = zstd.NewWriter(&b)
	}
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func decoded(body io.Reader, maxSize int64, codings ...string) (string, error) {
	resp := &http.Response{Header: http.Header{"Content-Encoding": codings}, Body: io.NopCloser(body)}
	d, err := Decode(resp, maxSize)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(d)
	return string(text), errors.Join(err, d.Close())
}

// TestDecode has each coding whole, cut, and with bytes after its end.
func TestDecode(t *testing.T) {
	const text = "one text, and one more text"
	for form, name := range map[string]string{"gzip": "gzip", "zlib": "deflate", "deflate": "deflate", "br": "br", "zstd": "zstd"} {
		data := coded(t, form, text)
		if got, err := decoded(bytes.NewReader(data), 1<<20, name); got != text || err != nil {
			t.Errorf("%s: %q, %v", form, got, err)
		}
		for what, body := range map[string][]byte{"cut": data[:len(data)-1], "with more": append(bytes.Clone(data), '!')} {
			_, err := decoded(bytes.NewReader(body), 1<<20, name)
			e, ok := errors.AsType[*downloader.Error](err)
			if !ok || e.Class != downloader.ClassEncoding || e.Retry != downloader.RetryBudget || e.Op != "read body" || !strings.HasPrefix(e.Err.Error(), "the body's "+name+" coding is damaged: ") {
				t.Errorf("%s, %s: %+v", form, what, err)
			}
		}
		reset := errors.New("reset")
		if _, err := decoded(io.MultiReader(bytes.NewReader(data[:len(data)/2]), iotest.ErrReader(reset)), 1<<20, name); !errors.Is(err, reset) {
			t.Errorf("%s, reset: %v", form, err)
		}
	}
	if got, err := decoded(strings.NewReader(""), 1, "gzip", "br"); got != "" || err != nil {
		t.Errorf("nothing: %q, %v", got, err)
	}
	if got, err := decoded(strings.NewReader("\x78\x9c"), 1, "gzip"); got != "\x78\x9c" || err != nil {
		t.Errorf("not coded: %q, %v", got, err)
	}
}

// TestNestedCodings has as many codings as are decoded, and one more.
func TestNestedCodings(t *testing.T) {
	data := "plain"
	for n := range maxCodings + 1 {
		got, err := decoded(strings.NewReader(data), 1<<20, slicesOf("gzip", n)...)
		if n <= 5 && (got != "plain" || err != nil) {
			t.Errorf("%d codings: %q, %v", n, got, err)
		}
		data = string(coded(t, "gzip", data))
	}
	_, err := decoded(strings.NewReader(data), 1<<20, slicesOf("gzip", 6)...)
	if e, ok := errors.AsType[*downloader.Error](err); !ok || e.Class != downloader.ClassEncoding || e.Retry != downloader.RetryNever || e.Reason != "6 content codings, one in the other; at most 5 are decoded" {
		t.Errorf("%+v", err)
	}
	// The last in the list is the outermost.
	if got, err := decoded(bytes.NewReader(coded(t, "gzip", string(coded(t, "br", "text")))), 1<<20, "br, gzip"); got != "text" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

func slicesOf(text string, n int) []string { return strings.Fields(strings.Repeat(text+" ", n)) }

// TestCodedLength has bodies as long as one may be for the largest image, and one byte
// longer.
func TestCodedLength(t *testing.T) {
	const maxSize = 64_000
	// An SVG is known by its first 512 bytes, and else taken for coded.
	for more, known := range map[int]bool{0: true, 1: false} {
		svg := "<!--" + strings.Repeat("x", 512-len("<!--><svg ")-2+more) + "--><svg "
		if _, err := decoded(strings.NewReader(svg), maxSize, "br"); (err == nil) != known {
			t.Errorf("%d bytes: %v", len(svg), err)
		}
	}
	for _, length := range []int{maxSize + 1000 + 1024, maxSize + 1000 + 1025} {
		body := "GIF89a" + strings.Repeat("x", length-6)
		_, err := decoded(strings.NewReader(body), maxSize, "gzip")
		e, ok := errors.AsType[*downloader.Error](err)
		if long := length > maxSize+1000+1024; ok != long || ok && (e.Class != downloader.ClassTooBig || e.Reason != "the content coding is longer than the largest image allowed") {
			t.Errorf("%d bytes: %v", length, err)
		}
	}
}
