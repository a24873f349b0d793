package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"strings"
	"testing"
)

// TestHashes has hashes, on which all choices of the server depend.
func TestHashes(t *testing.T) {
	got := fmt.Sprintf("%x %x %x %x %x", mix(0), mix(1), Hash(1, "/a", 2), Hash(0, "", 0), hashBytes(fnvOffset, "abc"))
	if want := "e220a8397b1dcdaf 910a2dec89025cc1 91a56b7639aeecfb b9ea3b95dc77ea90 e71fa2190541574b"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestComments has comments and fillers of each format, byte for byte.
func TestComments(t *testing.T) {
	for f, want := range map[Format]string{
		JPEG: "\xff\xfe\x00\x04hi", PNG: "\x00\x00\x00\ntEXtComment\x00hi\xa2\xa2Xf", GIF: "\x21\xfe\x02hi\x00",
	} {
		if got := f.comment("hi"); string(got) != want {
			t.Errorf("%s: %q, want %q", f.Ext(), got, want)
		}
	}
	if got := gifComment(bytes.Repeat([]byte("x"), 256)); string(got) != "\x21\xfe\xff"+strings.Repeat("x", 255)+"\x01x\x00" {
		t.Errorf("%q", got)
	}
	for _, f := range []Format{JPEG, PNG, GIF} {
		for n := f.minFiller(); n < 800; n++ {
			if got := f.filler(n); int64(len(got)) != n || f == GIF && !isGIFComment(got) {
				t.Errorf("%s: a filler of %d bytes has %d: %x", f.Ext(), n, len(got), got)
			}
		}
	}
	if got := fmt.Sprintf("%x %x", JPEG.filler(6), PNG.filler(13)); got != "fffe00040000 0000000167724162000a95da85" {
		t.Error(got)
	}
	got := fmt.Sprint(JPEG.minFiller(), PNG.minFiller(), GIF.minFiller(), " ", JPEG.Ext(), PNG.Ext(), GIF.Ext(), " ", JPEG.ContentType(), PNG.ContentType(), GIF.ContentType())
	if got != "4 12 5 jpgpnggif image/jpegimage/pngimage/gif" {
		t.Error(got)
	}
	for ext, want := range map[string]string{"jpg": "jpg", "jpeg": "jpg", "png": "png", "gif": "gif", "webp": "", "": ""} {
		if f, ok := FormatOf(ext); ok != (want != "") || ok && f.Ext() != want {
			t.Errorf("%q: %v, %v", ext, f, ok)
		}
	}
}

// isGIFComment reports whether the blocks of a comment end at its last byte only, and none
// is empty before.
func isGIFComment(b []byte) bool {
	at := 2
	for at < len(b)-1 && b[at] != 0 {
		at += 1 + int(b[at])
	}
	return at == len(b)-1 && b[at] == 0
}

// TestPadding lists the parts of paddings near the size of a block.
func TestPadding(t *testing.T) {
	p := newPadding()
	for _, c := range []struct {
		f    Format
		n    int64
		want string
	}{
		{JPEG, 4, "4 0"}, {JPEG, fillerBlock, "4 65532"}, {JPEG, fillerBlock + 3, "65532 4 3"}, {JPEG, fillerBlock + 4, "65536 4 0"}, {JPEG, 2*fillerBlock + 1, "65536 65532 4 1"},
		{PNG, fillerBlock, "65536"}, {PNG, fillerBlock + 11, "65524 23"}, {PNG, fillerBlock + 12, "65536 12"}, {GIF, fillerBlock + 4, "65531 9"}, {GIF, fillerBlock + 5, "65536 5"},
	} {
		var sizes []string
		for _, part := range p.appendTo(nil, c.f, c.n) {
			sizes = append(sizes, fmt.Sprint(len(part)))
		}
		if got := strings.Join(sizes, " "); got != c.want {
			t.Errorf("%d bytes of %s: %s, want %s", c.n, c.f.Ext(), got, c.want)
		}
	}
}

// TestSplit cuts files where a comment may be.
func TestSplit(t *testing.T) {
	data := make([]byte, 50)
	for f, want := range map[Format]int{JPEG: 2, PNG: 33, GIF: 49} {
		if head, tail := f.split(data); len(head) != want || len(head)+len(tail) != 50 {
			t.Errorf("%s: %d and %d bytes", f.Ext(), len(head), len(tail))
		}
	}
}

// TestWebSafe lists the colours at the borders between the levels.
func TestWebSafe(t *testing.T) {
	m := image.NewRGBA(image.Rect(0, 0, 6, 1))
	for x, c := range []color.RGBA{{0, 0, 0, 255}, {25, 26, 76, 255}, {77, 127, 128, 255}, {178, 179, 229, 255}, {230, 255, 254, 255}, {255, 0, 51, 255}} {
		m.SetRGBA(x, 0, c)
	}
	if got := fmt.Sprint(webSafe(m).Pix); got != "[0 7 87 136 215 181]" {
		t.Error(got)
	}
}

// TestBlurLine has lines and their means.
func TestBlurLine(t *testing.T) {
	for _, c := range []struct {
		pix    []uint8
		radius int
		want   string
	}{
		{[]uint8{0, 0, 90, 0, 0}, 1, "[0 30 30 30 0]"}, {[]uint8{9, 0, 0}, 1, "[4 3 0]"}, {[]uint8{9, 3}, 5, "[6 6]"}, {[]uint8{7}, 1, "[7]"}, {[]uint8{0, 0, 100, 0, 0, 0}, 2, "[33 25 20 20 25 0]"},
	} {
		blurLine(c.pix, 1, make([]uint8, len(c.pix)), c.radius)
		if got := fmt.Sprint(c.pix); got != c.want {
			t.Errorf("radius %d: %s, want %s", c.radius, got, c.want)
		}
	}
}

// TestLooks chooses the looks of pictures by their numbers and the seed.
func TestLooks(t *testing.T) {
	var got []int
	for _, c := range [][2]int64{{0, 0}, {1, 0}, {15, 0}, {16, 0}, {0, 1}, {0, -1}} {
		got = append(got, Picture{ID: c[0]}.look(c[1]).variant)
	}
	if text := fmt.Sprint(got); text != "[15 0 14 15 1 0]" {
		t.Error(text)
	}
	p := Picture{ID: 3, Format: GIF, Width: 4, Height: 5, Grayscale: true, Blur: 6}
	if l := p.look(0); l.format != GIF || l.width != 4 || l.height != 5 || !l.grayscale || l.blur != 6 {
		t.Errorf("%+v", l)
	}
}

// TestCacheKeepsRecent drops the pictures that were used least recently, down to its limit.
func TestCacheKeepsRecent(t *testing.T) {
	keys := func(c *cache) string {
		var list []string
		for el := c.recent.Front(); el != nil; el = el.Next() {
			list = append(list, fmt.Sprint(el.Value.(*cacheEntry).key.variant))
		}
		return strings.Join(list, " ")
	}
	c := newCache(10)
	load := func(variant int, size int64) { c.loaded(c.entry(look{variant: variant}), size) }
	load(1, 4)
	load(2, 6)
	if got := keys(c); got != "2 1" || c.size != 10 {
		t.Errorf("as much as the limit: %s, %d bytes", got, c.size)
	}
	c.entry(look{variant: 1})
	c.entry(look{variant: 3}) // is being loaded
	load(4, 1)
	if got := keys(c); got != "4 3 1" || c.size != 5 || len(c.entries) != 3 {
		t.Errorf("one byte more: %s, %d bytes", got, c.size)
	}
	load(5, 11)
	if got := keys(c); got != "3" || c.size != 0 || len(c.entries) != 1 {
		t.Errorf("one larger than the limit: %s, %d bytes", got, c.size)
	}
}

// TestTags has entity tags, which stay the same from run to run.
func TestTags(t *testing.T) {
	if got := entityTag(1, []byte("x"), 2) + entityTag(1, []byte("x"), 3) + entityTag(2, []byte("x"), 2); got != `"a8d8d3e66e9ef8b0""1c4b29f3bd97071c""640d15713921f2d7"` {
		t.Error(got)
	}
}
