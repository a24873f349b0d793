package downloader

import (
	"bytes"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
)

// identify is what a fetch knows of a file after its first bytes.
func identify(head []byte) (ext string, width, height int) {
	for _, f := range formats() {
		if f.is(head) {
			if f.size != nil {
				width, height = f.size(head)
			}
			return f.ext, width, height
		}
	}
	return "", 0, 0
}

// encoded is a picture of 321 x 123 pixels.
func encoded(t testing.TB, format string) []byte {
	size := image.Rect(0, 0, 321, 123)
	var b bytes.Buffer
	var err error
	switch format {
	case "jpg":
		err = jpeg.Encode(&b, image.NewGray(size), nil)
	case "png":
		err = png.Encode(&b, image.NewGray(size))
	case "gif":
		err = gif.Encode(&b, image.NewGray(size), nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestIdentify(t *testing.T) {
	jpg := string(encoded(t, "jpg"))
	for _, tt := range []struct {
		name, data    string
		ext           string
		width, height int
	}{
		{"JPEG", jpg, ".jpg", 321, 123},
		{"JPEG with metadata", jpg[:2] + "\xff\xe1\x10\x00" + strings.Repeat("\xff\xc0", 2047) + jpg[2:], ".jpg", 321, 123},
		{"JPEG with fill bytes", jpg[:2] + "\xff\xff\xff" + jpg[2:], ".jpg", 321, 123},
		{"JPEG without frame", "\xff\xd8\xff\xd9", ".jpg", 0, 0},
		{"JPEG with a bad length", "\xff\xd8\xff\xe0\x00\x00\x00\x00\x00\x00\x00", ".jpg", 0, 0},
		{"progressive JPEG", "\xff\xd8\xff\xc2\x00\x11\x08\x00\x7b\x01\x41\x03", ".jpg", 321, 123},
		{"PNG", string(encoded(t, "png")), ".png", 321, 123},
		{"PNG of no size that is", "\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\xff\xff\xff\xff\xff\xff\xff\xff", ".png", 0, 0},
		{"GIF", string(encoded(t, "gif")), ".gif", 321, 123},
		{"old GIF", "GIF87a\x41\x01\x7b\x00", ".gif", 321, 123},
		{"WebP, lossy", "RIFF\x00\x00\x00\x00WEBPVP8 \x00\x00\x00\x00\x00\x00\x00\x9d\x01\x2a\x41\x41\x7b\x00", ".webp", 321, 123},
		{"WebP, lossless", "RIFF\x00\x00\x00\x00WEBPVP8L\x00\x00\x00\x00\x2f\x40\x81\x1e\x00\x00\x00\x00\x00", ".webp", 321, 123},
		{"WebP, extended", "RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x10\x00\x00\x00\x40\x01\x00\x7a\x00\x00", ".webp", 321, 123},
		{"AVIF", "\x00\x00\x00\x1cftypavif", ".avif", 0, 0},
		{"HEIC", "\x00\x00\x00\x18ftypheic", ".heic", 0, 0},
		{"JPEG XL", "\xff\x0a\x00", ".jxl", 0, 0},
		{"JPEG XL in a box", "\x00\x00\x00\x0cJXL \r\n\x87\n", ".jxl", 0, 0},
		{"BMP", "BM\x00\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00\x41\x01\x00\x00\x7b\x00\x00\x00", ".bmp", 321, 123},
		{"BMP from the top", "BM\x00\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00\x41\x01\x00\x00\x85\xff\xff\xff", ".bmp", 321, 123},
		{"old BMP", "BM\x00\x00\x00\x00\x00\x00\x00\x00\x1a\x00\x00\x00\x0c\x00\x00\x00\x41\x01\x7b\x00\x01\x00\x18\x00", ".bmp", 321, 123},
		{"TIFF", "II*\x00", ".tiff", 0, 0},
		{"TIFF, the other way", "MM\x00*", ".tiff", 0, 0},
		{"ICO", "\x00\x00\x01\x00\x01\x00\x20\x00", ".ico", 32, 256},

		{"nothing", "", "", 0, 0},
		{"HTML", "<!DOCTYPE html>", "", 0, 0},
		{"SVG", "<svg xmlns=", "", 0, 0},
		{"text that begins like a BMP", "BMW builds cars, not pictures", "", 0, 0},
		{"MP4", "\x00\x00\x00\x18ftypisom", "", 0, 0},
		{"WAV", "RIFF\x00\x00\x00\x00WAVEfmt ", "", 0, 0},
		{"PDF", "%PDF-1.7", "", 0, 0},
		{"ZIP", "PK\x03\x04", "", 0, 0},
		{"zeros", strings.Repeat("\x00", 100), "", 0, 0},
		{"cut signature", "\x89PNG\r\n", "", 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ext, width, height := identify([]byte(tt.data))
			if ext != tt.ext || width != tt.width || height != tt.height {
				t.Errorf("%q, %d x %d; want %q, %d x %d", ext, width, height, tt.ext, tt.width, tt.height)
			}
		})
	}
}

// FuzzIdentify meets whatever servers send: it must neither panic nor hang, nor
// invent a size that overflows a product.
func FuzzIdentify(f *testing.F) {
	for _, format := range []string{"jpg", "png", "gif"} {
		f.Add(encoded(f, format))
	}
	for _, format := range formats() {
		for _, head := range []string{
			"\xff\xd8\xff\xff\xff\xff\xff\xc0\x00", "RIFF....WEBPVP8X", "RIFF....WEBPVP8L", "RIFF....WEBPVP8 ", "BM\x00\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00\x28\x00\x00\x00",
			"\x00\x00\x01\x00\x01\x00", "GIF89a", "\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR",
		} {
			if format.is([]byte(head)) {
				f.Add([]byte(head))
				f.Add(append([]byte(head), bytes.Repeat([]byte{0xff}, 40)...))
				f.Add(append([]byte(head), bytes.Repeat([]byte{0x80}, 40)...))
			}
		}
	}
	f.Fuzz(func(t *testing.T, head []byte) {
		_, width, height := identify(head)
		if width < 0 || height < 0 || width > 1<<30 || height > 1<<30 {
			t.Errorf("%d x %d", width, height)
		}
	})
}
