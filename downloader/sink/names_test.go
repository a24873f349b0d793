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

// TestIsImage has names that grab gives, and names that only look so.
func TestIsImage(t *testing.T) {
	for name, want := range map[string]bool{
		"image_0.jpg": true, "image_12-2.png": true, "image_12-10.png": true, "earlier/image_3.gif": true, "earlier/image_3-2.gif": true,
		"image_12-1.png": false, "image_12-0.png": false, "image_12-02.png": false, "image_12-.png": false, "image_12-x.png": false,
		"image_12-2": false, "image_12-2-3.png": false, "image_-2.png": false, "image_0.txt": false, "image_0-2.txt": false, "notes-2.png": false,
		"0.jpg": false, "0-2.jpg": false, "image_00.jpg": false, "earlier/earlier/image_0.jpg": false, "other/image_0.jpg": false, "image_0./../precious.jpg": false,
		"earlier/": false, "": false,
	} {
		if got := IsImage(name); got != want {
			t.Errorf("%q: %v, want %v", name, got, want)
		}
	}
}

func TestExt(t *testing.T) {
	for _, c := range []struct {
		index int
		name  string
		ext   string
		ok    bool
	}{
		{7, "image_7.jpg", ".jpg", true}, {7, "image_7.anything", ".anything", true}, {7, "image_7.", ".", true},
		{7, "image_7", "", false}, {7, "image_70.jpg", "0.jpg", false}, {7, "image_7-2.jpg", "-2.jpg", false},
		{7, "image_8.jpg", "", false}, {1<<31 - 1, "image_2147483647.avif", ".avif", true},
	} {
		if ext, ok := Ext(c.index, []byte(c.name)); ok != c.ok || ok && string(ext) != c.ext {
			t.Errorf("%s of %d: %q, %v; want %q, %v", c.name, c.index, ext, ok, c.ext, c.ok)
		}
	}
}
