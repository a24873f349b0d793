package sink

import (
	"testing"

	"grab/downloader/imagefile"
)

// FuzzParseFileName takes for a file's name just what FileName gives.
func FuzzParseFileName(f *testing.F) {
	for _, name := range []string{
		"image_0.jpg", "image_2147483647.avif", "image_2147483648.png", "image_007.gif", "image_-1.jpg", "image_+1.jpg", "image_.jpg",
		"image_1", "image_1.", "image_1.exe", "image_1.jpg.part", "image_1/../2.jpg", "Image_1.jpg", "image_1.JPG", "image_١.jpg", "",
	} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if index, ext, ok := ParseName(name); ok && Name(index, ext) != name {
			t.Errorf("%q is taken for the name of %d with %q", name, index, ext)
		}
	})
}

// TestParseFileName takes every name apart that FileName gives.
func TestParseFileName(t *testing.T) {
	for _, want := range imagefile.Extensions() {
		for _, i := range []int{0, 7, 10, 1<<31 - 1} {
			if index, ext, ok := ParseName(Name(i, want)); !ok || index != i || ext != want {
				t.Errorf("%s: %d, %q, %v", Name(i, want), index, ext, ok)
			}
		}
	}
}
