package imagefile_test

import (
	"bytes"
	"errors"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"

	"grab/downloader/imagefile"
)

// fuzzPixels limits the pixels of an image, so that decoding is fast.
const fuzzPixels = 1 << 16

const formats = byte(imagefile.EXR) + 1

// FuzzCheck gives any bytes to every format.
func FuzzCheck(f *testing.F) {
	for _, s := range samples(f) {
		f.Add(s.data)
		f.Add(s.data[:len(s.data)*2/3])
		f.Add(append(bytes.Clone(s.data), "appended"...))
	}
	f.Add(bombPNG(50000, 50000))
	f.Add(bombVP8L())
	f.Add(bombBMP(40000))
	f.Fuzz(func(t *testing.T, data []byte) {
		if format, ok := imagefile.Identify(data); ok {
			checkAnything(t, format, data)
		} else if len(data) > 0 {
			checkAnything(t, imagefile.Format(data[0]%formats), data) // callers may use any format
		}
	})
}

// checkAnything checks what must hold for any bytes.
func checkAnything(t *testing.T, f imagefile.Format, data []byte) {
	t.Helper()
	info, err := check(f, data)
	if err != nil && !errors.Is(err, imagefile.ErrTruncated) &&
		!errors.Is(err, imagefile.ErrCorrupt) {
		t.Fatalf("%v: %v", f, err)
	}
	if info.Width < 0 || info.Height < 0 || info.Decoded ||
		info.TrailingBytes < 0 || info.TrailingBytes > int64(len(data)) {
		t.Fatalf("%v: %+v", f, info)
	}
	f.Size(data)
	after, failure := decode(f, data, fuzzPixels)
	same := after.Width == info.Width && after.Height == info.Height
	if failure == nil && (err != nil || !same) {
		t.Fatalf("%v decodes, but does not pass: %v", f, err)
	}
	width, height, ok := decodes(f, data)
	if ok && (err != nil || width != info.Width || height != info.Height) {
		t.Fatalf("%v of %dx%d decodes, but: %+v, %v", f, width, height, info, err)
	}
}

// decodes reports whether the standard library decodes all of a file, and returns
// its dimensions.
func decodes(f imagefile.Format, data []byte) (width, height int, ok bool) {
	var m image.Image
	var err error
	switch f {
	case imagefile.JPEG:
		if c, failure := jpeg.DecodeConfig(bytes.NewReader(data)); failure != nil || !small(c) {
			return 0, 0, false
		}
		m, err = jpeg.Decode(bytes.NewReader(data))
	case imagefile.PNG:
		if c, failure := png.DecodeConfig(bytes.NewReader(data)); failure != nil || !small(c) {
			return 0, 0, false
		}
		m, err = png.Decode(bytes.NewReader(data))
	case imagefile.GIF:
		c, failure := gif.DecodeConfig(bytes.NewReader(data))
		if failure != nil || !small(c) {
			return 0, 0, false
		}
		_, err = gif.DecodeAll(bytes.NewReader(data))
		return c.Width, c.Height, err == nil
	default:
		return 0, 0, false
	}
	if err != nil {
		return 0, 0, false
	}
	return m.Bounds().Dx(), m.Bounds().Dy(), true
}

func small(c image.Config) bool {
	pixels := int64(c.Width) * int64(c.Height)
	return pixels > 0 && pixels <= fuzzPixels
}
