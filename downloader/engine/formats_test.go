package engine_test

import (
	"fmt"
	"testing"

	. "grab/downloader"
	"grab/testserver"
)

// TestFormatsByTheirBytes plays A136: the first bytes decide whether a body is an
// image, and the extension of its file.
func TestFormatsByTheirBytes(t *testing.T) {
	formats := []struct{ fault, kind, ext string }{
		{"a136-other-image", "avif", ".avif"}, {"a136-other-image", "heic", ".heic"}, {"a136-other-image", "jxl", ".jxl"},
		{"a136-other-image", "webp", ".webp"}, {"a136-other-image", "bmp", ".bmp"}, {"a136-other-image", "tiff", ".tiff"},
		{"a136-other-image", "ico", ".ico"}, {"a136-no-image", "pdf", ""}, {"a136-other-image", "psd", ".psd"}, {"a136-no-image", "mp4", ""},
	}
	eachMode(t, func(t *testing.T, opts Options) {
		_, opts = startServer(t, opts, testserver.Options{})
		var urls []string
		for _, f := range formats {
			urls = append(urls, fmt.Sprintf("http://a.test/fault/%s/image/1.jpg?kind=%s", f.fault, f.kind))
		}
		for i, r := range fetch(t, opts, urls...).results {
			if ext := formats[i].ext; ext == "" {
				expect(t, r, StatusFailed, ClassNotImage, 1)
			} else if expect(t, r, StatusOK, "", 1); r.File != fmt.Sprintf("image_%d%s", i, ext) {
				t.Errorf("%s is in %s", r.URL, r.File)
			}
		}
	})
}
