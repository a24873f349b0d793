package testserver

import (
	"bytes"
	"fmt"
	"image/gif"
	"sync"
	"testing"
)

func TestImagesAreRepeatable(t *testing.T) {
	a, b := start(t, Options{Seed: 5}), start(t, Options{Seed: 5})
	other := start(t, Options{Seed: 6})
	ca, cb, co := newClient(t, a), newClient(t, b), newClient(t, other)
	seen := make(map[string]string)
	for _, uri := range []string{
		"/image/0.jpg", "/image/1.jpg", "/image/0.png", "/image/0.gif",
		"/image/0.jpg?w=20", "/image/16.jpg", "/image/0.jpg?bytes=20000",
		"/20/30", "/20", "/seed/x/20/30.gif?blur", "/id/9/20/30?grayscale", "/redirect/2",
	} {
		first := get(t, ca, a.URL(uri)).data
		if !bytes.Equal(first, get(t, cb, b.TLSURL(uri)).data) {
			t.Errorf("%s: two servers differ", uri)
		}
		known, err := Image(uri, 5)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first, known) {
			t.Errorf("%s: Image differs", uri)
		}
		if bytes.Equal(first, get(t, co, other.URL(uri)).data) {
			t.Errorf("%s: another seed, the same bytes", uri)
		}
		if twin, ok := seen[string(first)]; ok {
			t.Errorf("%s and %s are the same", uri, twin)
		}
		seen[string(first)] = uri
	}
}

func TestImageOfURL(t *testing.T) {
	if got := ImageURL(0); got != "http://grab.test/image/0.jpg" {
		t.Errorf("ImageURL(0) = %q", got)
	}
	a, err := Image(ImageURL(3), 1)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := Image("/image/3.jpg", 1)
	if !bytes.Equal(a, b) {
		t.Error("URL and request URI differ")
	}
	for _, uri := range []string{"/", "/status/200", "/image/1.webp", "%", "/0/1"} {
		if _, err := Image(uri, 1); err == nil {
			t.Errorf("Image(%q) did not fail", uri)
		}
	}
}

func TestFormats(t *testing.T) {
	for ext, name := range map[string]string{"jpg": "jpeg", "png": "png", "gif": "gif"} {
		data, err := Image("/image/2."+ext+"?w=33&h=21", 0)
		if err != nil {
			t.Fatal(err)
		}
		checkImage(t, data, name, 33, 21)
	}
	for i := range int64(variants) {
		data, err := Image(fmt.Sprintf("/image/%d.jpg", i), 0)
		if err != nil {
			t.Fatal(err)
		}
		if len(data) < 8_000 || len(data) > 15_000 {
			t.Errorf("image %d has %d bytes", i, len(data))
		}
	}
}

func TestExactSizes(t *testing.T) {
	im := newImages(0)
	for f, name := range map[format]string{formatJPEG: "jpeg", formatPNG: "png", formatGIF: "gif"} {
		p := picture{format: f, width: 20, height: 10}
		plain, _, err := im.load(p, "/x")
		if err != nil {
			t.Fatal(err)
		}
		for _, extra := range []int64{
			f.minFiller(), f.minFiller() + 1, 255, 256, 257, 258, 259, 260, 261, 262, 515, 516, 1000,
			fillerBlock - 1, fillerBlock, fillerBlock + 1, fillerBlock + 4, fillerBlock + 12, 3*fillerBlock + 7, 1_000_000,
		} {
			p.bytes = plain.size + extra
			b, _, err := im.load(p, "/x")
			if err != nil {
				t.Fatal(err)
			}
			data := b.bytes()
			if int64(len(data)) != p.bytes || b.size != p.bytes {
				t.Errorf("%s: %d bytes, want %d", name, len(data), p.bytes)
			}
			checkImage(t, data, name, 20, 10)
			if f == formatGIF {
				if _, err := gif.DecodeAll(bytes.NewReader(data)); err != nil {
					t.Errorf("gif of %d bytes: %v", len(data), err)
				}
			}
		}
		p.bytes = plain.size + f.minFiller() - 1
		if b, _, _ := im.load(p, "/x"); b.size != plain.size {
			t.Errorf("%s: too little padding was not left out", name)
		}
	}
}

func TestLongURIFits(t *testing.T) {
	long := "/image/1.%s?x=" + string(bytes.Repeat([]byte("y"), maxHeaderBytes))
	for ext, name := range map[string]string{"jpg": "jpeg", "png": "png", "gif": "gif"} {
		data, err := Image(fmt.Sprintf(long, ext), 0)
		if err != nil {
			t.Fatal(err)
		}
		checkImage(t, data, name, 200, 300)
	}
}

func TestBodyReadAt(t *testing.T) {
	b := newBody([]byte("ab"), nil, []byte("cde"), []byte("f"))
	for off := range b.size {
		for n := range b.size - off + 1 {
			got := make([]byte, n)
			if k, err := b.ReadAt(got, off); int64(k) != n || err != nil {
				t.Errorf("ReadAt(%d, %d) = %d, %v", n, off, k, err)
			}
			if want := "abcdef"[off : off+n]; string(got) != want {
				t.Errorf("ReadAt(%d, %d) read %q, want %q", n, off, got, want)
			}
		}
	}
	if n, err := b.ReadAt(make([]byte, 3), 5); n != 1 || err == nil {
		t.Errorf("past the end: %d, %v", n, err)
	}
}

func TestCacheIsBounded(t *testing.T) {
	c := newCache(5000)
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			key := base{width: 30, height: 30, variant: i % 20}
			if e, err := c.get(key); err != nil || len(e.data) == 0 {
				t.Errorf("get: %d bytes, %v", len(e.data), err)
			}
		})
	}
	wg.Wait()
	if c.size > c.limit || c.size == 0 || c.recent.Len() != len(c.entries) {
		t.Errorf("%d bytes in %d entries (%d)", c.size, c.recent.Len(), len(c.entries))
	}
	key := base{width: 30, height: 30, variant: 3}
	before, _ := c.get(key)
	if after, _ := c.get(key); &after.data[0] != &before.data[0] {
		t.Error("encoded twice")
	}
}
