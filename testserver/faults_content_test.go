package testserver

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"image"
	"image/gif"
	"io"
	"strings"
	"testing"
)

// fetched returns the body of a fault's answer.
func fetched(t testing.TB, s *Server, uri string) []byte {
	t.Helper()
	return get(t, newClient(t, s), s.URL("/fault/"+uri)).data
}

// TestDamage decodes images that are broken, and images that only look broken.
func TestDamage(t *testing.T) {
	s := start(t, Options{})
	for uri, ok := range map[string]bool{
		"a126/image/7.jpg": true, "a127/image/7.jpg": false, "a127/image/7.png": false, "a127-png-cut/image/7.jpg": false,
		"a127-gif-cut/image/7.jpg": false, "a128-png-crc/image/7.jpg": false, "a128-png-zlib/image/7.jpg": false,
		"a129-jpeg-zip/image/7.png": true, "a129-gif-js/image/7.jpg": true, "a129-png-php/image/7.jpg": true, "a129-trailing/image/7.jpg": true,
		"a132-apng/image/7.jpg": true, "a133-text-bomb/image/7.jpg": true, "a133-profile-bomb/image/7.jpg": true, "a133-exif-loop/image/7.jpg": true,
		"a134-jpeg-scan/image/7.jpg": false, "a134-png-no-width/image/7.jpg": false, "a134-gif-code/image/7.jpg": false,
		"a125/image/7.jpg": false, "a130/image/7.jpg": false, "a163/image/7.jpg": false,
	} {
		_, _, err := image.Decode(bytes.NewReader(fetched(t, s, uri)))
		if (err == nil) != ok {
			t.Errorf("%s: %v", uri, err)
		}
	}
	for uri, end := range map[string]string{
		"a128-png-no-end/image/7.jpg": "IEND\xaeB`\x82", "a128-jpeg-no-end/image/7.jpg": "\xff\xd9", "a128-gif-no-end/image/7.jpg": ";",
	} {
		if strings.HasSuffix(string(fetched(t, s, uri)), end) {
			t.Errorf("%s: ends well", uri)
		}
	}
}

func TestBombs(t *testing.T) {
	s := start(t, Options{})
	config, _, err := image.DecodeConfig(bytes.NewReader(fetched(t, s, "a131-png-bomb/image/7.jpg")))
	if err != nil || config.Width != 50_000 || config.Height != 50_000 {
		t.Errorf("PNG: %+v, %v", config, err)
	}
	if b := fetched(t, s, "a131-webp-bomb/image/7.jpg"); len(b) != 28 || string(b[:4]) != "RIFF" || b[4] != 20 {
		t.Errorf("WebP: %x", b)
	}
	if b := fetched(t, s, "a131-bmp-bomb/image/7.jpg"); len(b) != 54 {
		t.Errorf("BMP: %x", b)
	}
	frames, err := gif.DecodeAll(bytes.NewReader(fetched(t, s, "a132/image/7.jpg?size=2500")))
	if err != nil || len(frames.Image) != 2500 {
		t.Errorf("GIF: %v", err)
	}
	const size = 3 << 20
	bomb := fetched(t, s, "a122/image/7.jpg?size=3145728")
	z, err := gzip.NewReader(bytes.NewReader(bomb))
	if err != nil {
		t.Fatal(err)
	}
	n, err := io.Copy(io.Discard, z)
	if n < size || len(bomb) > size/500 || !errors.Is(err, gzip.ErrChecksum) {
		t.Errorf("gzip: %d bytes of %d, %v", n, len(bomb), err)
	}
}

func TestCodings(t *testing.T) {
	s := start(t, Options{})
	whole, _ := Image("/image/7.jpg", 0)
	unzip := func(data []byte, times int) ([]byte, error) {
		for range times {
			z, err := gzip.NewReader(bytes.NewReader(data))
			if err != nil {
				return nil, err
			}
			if data, err = io.ReadAll(z); err != nil {
				return data, err
			}
		}
		return data, nil
	}
	var corrupt flate.CorruptInputError
	for uri, want := range map[string]struct {
		coding string
		times  int
		err    error
	}{
		"a120":                           {"gzip", 1, nil},
		"a121-gzip-cut":                  {"gzip", 1, io.ErrUnexpectedEOF},
		"a121-gzip-crc":                  {"gzip", 1, gzip.ErrChecksum},
		"a121-gzip-junk":                 {"gzip", 1, io.ErrUnexpectedEOF},
		"a121-gzip-members":              {"gzip", 1, nil},
		"a122-nested":                    {strings.Repeat("gzip, ", 19) + "gzip", 20, nil},
		"a123":                           {"br", 0, nil},
		"a123-unknown-coding?type=x-foo": {"x-foo", 0, nil},
		"a124":                           {"gzip", 0, nil},
	} {
		name, query, _ := strings.Cut(uri, "?")
		r := get(t, newClient(t, s), s.URL("/fault/"+name+"/image/7.jpg?"+query), "Accept-Encoding", "identity")
		if got := r.Header.Get("Content-Encoding"); got != want.coding {
			t.Errorf("%s: coding %q", uri, got)
		}
		data, err := unzip(r.data, want.times)
		if !errors.Is(err, want.err) && !errors.As(err, &corrupt) {
			t.Errorf("%s: %v, want %v", uri, err, want.err)
		}
		if want.err == nil && !bytes.Equal(data, whole) {
			t.Errorf("%s: %d bytes, want %d", uri, len(data), len(whole))
		}
	}
}

func TestSpecimens(t *testing.T) {
	s := start(t, Options{})
	for kind, magic := range map[string]string{
		"avif": "ftypavif", "heic": "ftypheic", "mp4": "ftypisom", "jxl": "\xff\x0a", "webp": "WEBPVP8L",
		"bmp": "BM", "tiff": "II*\x00", "ico": "\x00\x00\x01\x00", "psd": "8BPS", "pdf": "%PDF-",
	} {
		data := fetched(t, s, "a136/image/7.jpg?kind="+kind)
		if at := bytes.Index(data, []byte(magic)); at < 0 || at > 8 {
			t.Errorf("%s: %.40q", kind, data)
		}
	}
	if got := get(t, newClient(t, s), s.URL("/fault/a136/image/7.jpg?kind=x")).StatusCode; got != 400 {
		t.Errorf("an unknown kind: status %d", got)
	}
}
