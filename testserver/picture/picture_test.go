package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/gif"
	"sync"
	"testing"
)

func TestSizesAreThoseOfPhotographs(t *testing.T) {
	m := NewMaker(0)
	for i := range int64(variants) {
		parts, _, err := m.Make(Picture{ID: i, Width: 200, Height: 300}, fmt.Sprintf("/image/%d.jpg", i))
		if err != nil {
			t.Fatal(err)
		}
		if data := bytes.Join(parts, nil); len(data) < 8_000 || len(data) > 15_000 {
			t.Errorf("image %d has %d bytes", i, len(data))
		}
	}
}

func TestExactSizes(t *testing.T) {
	im := NewMaker(0)
	for f, name := range map[Format]string{JPEG: "jpeg", PNG: "png", GIF: "gif"} {
		p := Picture{Format: f, Width: 20, Height: 10}
		plain, _, err := im.Make(p, "/x")
		if err != nil {
			t.Fatal(err)
		}
		for _, extra := range []int64{
			f.minFiller(), f.minFiller() + 1, 255, 256, 257, 258, 259, 260, 261, 262, 515, 516, 1000,
			fillerBlock - 1, fillerBlock, fillerBlock + 1, fillerBlock + 4, fillerBlock + 12, 3*fillerBlock + 7, 1_000_000,
		} {
			p.Bytes = int64(len(bytes.Join(plain, nil))) + extra
			parts, _, err := im.Make(p, "/x")
			if err != nil {
				t.Fatal(err)
			}
			data := bytes.Join(parts, nil)
			if int64(len(data)) != p.Bytes {
				t.Errorf("%s: %d bytes, want %d", name, len(data), p.Bytes)
			}
			checkImage(t, data, name, 20, 10)
			if f == GIF {
				if _, err := gif.DecodeAll(bytes.NewReader(data)); err != nil {
					t.Errorf("gif of %d bytes: %v", len(data), err)
				}
			}
		}
		size := len(bytes.Join(plain, nil))
		p.Bytes = int64(size) + f.minFiller() - 1
		if parts, _, _ := im.Make(p, "/x"); len(bytes.Join(parts, nil)) != size {
			t.Errorf("%s: too little padding was not left out", name)
		}
	}
}

func TestCacheIsBounded(t *testing.T) {
	c := newCache(5000)
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			key := look{width: 30, height: 30, variant: i % 20}
			if e, err := c.get(key); err != nil || len(e.data) == 0 {
				t.Errorf("get: %d bytes, %v", len(e.data), err)
			}
		})
	}
	wg.Wait()
	if c.size > c.limit || c.size == 0 || c.recent.Len() != len(c.entries) {
		t.Errorf("%d bytes in %d entries (%d)", c.size, c.recent.Len(), len(c.entries))
	}
	key := look{width: 30, height: 30, variant: 3}
	before, _ := c.get(key)
	if after, _ := c.get(key); &after.data[0] != &before.data[0] {
		t.Error("encoded twice")
	}
}

func BenchmarkEncode(b *testing.B) {
	for f := range Formats {
		b.Run(f.Ext(), func(b *testing.B) {
			key := look{format: f, width: 200, height: 300}
			for b.Loop() {
				if _, err := newCache(cacheLimit).get(key); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func checkImage(t testing.TB, data []byte, format string, w, h int) {
	t.Helper()
	m, got, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if got != format || m.Bounds().Dx() != w || m.Bounds().Dy() != h {
		t.Errorf("%s of %v, want %s of %dx%d", got, m.Bounds(), format, w, h)
	}
}
