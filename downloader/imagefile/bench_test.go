package imagefile_test

import (
	"bytes"
	"image"
	"testing"

	"golang.org/x/image/tiff"

	"grab/downloader/imagefile"
)

// BenchmarkCheck checks one file of each format, in memory. The pixels of the larger
// files are noise, so that they are as long as a photograph on the web.
func BenchmarkCheck(b *testing.B) {
	m := noise(128, 100)
	files := map[string][]byte{
		"JPEG": jpegOf(b, noise(256, 200)), "PNG": pngOf(b, m), "GIF": gifOf(b, 400, 400, 4),
		"BMP": bmpOf(b, m), "TIFF": tiffOf(b, m, tiff.Uncompressed), "WebP": lossless(b),
		"AVIF": heif("avif", ""), "JXL": jxlBoxes(codestream(), true),
		"ICO": icoOf(pngOf(b, paletted(9, 9)), 9),
	}
	for name, data := range files {
		f, _ := imagefile.Identify(data)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := f.Check(bytes.NewReader(data), int64(len(data))); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkIdentify(b *testing.B) {
	data := heif("mif1", "avif")
	b.ReportAllocs()
	for b.Loop() {
		if f, _ := imagefile.Identify(data); f != imagefile.AVIF {
			b.Fatal(f)
		}
	}
}

func BenchmarkSize(b *testing.B) {
	data := jpegOf(b, image.NewGray(image.Rect(0, 0, 64, 64)))
	b.ReportAllocs()
	for b.Loop() {
		if width, _ := imagefile.JPEG.Size(data); width != 64 {
			b.Fatal(width)
		}
	}
}
