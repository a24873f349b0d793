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

// IsPartDir knows what PartDir gives, and nothing else.
func TestPartDir(t *testing.T) {
	for of := range 120 {
		for number := range of {
			if name := PartDir(number+1, of); !IsPartDir(name) {
				t.Errorf("%s is no part", name)
			}
		}
	}
	for _, name := range []string{"", "part-", "part-1", "part-1-of-", "part-1-of-10", "part-001-of-10", "part-3-of-2", "part-0-of-2", "part--1-of-2", "part-1-of-2/..", "Part-1-of-2", "part-1-of-02", "1-of-2"} {
		if IsPartDir(name) {
			t.Errorf("%s is a part", name)
		}
	}
}
