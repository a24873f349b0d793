package imagefile

import (
	"bytes"
	"context"
	"fmt"
	"image/color"
	"io"
	"testing"
)

// TestFormatNames lists the names of the formats.
func TestFormatNames(t *testing.T) {
	const want = "unknown format,JPEG,PNG,GIF,WebP,AVIF,HEIC,JPEG XL,BMP,TIFF,ICO,CUR,SVG,JPEG 2000,PSD,TGA,PNM,QOI,DDS,EXR,unknown format,"
	got := ""
	for f := range EXR + 2 {
		got += f.String() + ","
	}
	if got != want || Format(255).Ext() != ".bin" || EXR.Ext() != ".exr" {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestOtherFormats names a file of each format that is not checked, by as many bytes as
// its signature has.
func TestOtherFormats(t *testing.T) {
	later := map[string]int{"ftypcrx ": 4, "ftypqt  ": 4, "ftyp": 4, " EMF": 40, "DICM": 128} // others come first
	for _, o := range otherFormats {
		if o.offset != later[o.signature] {
			t.Errorf("%q is at byte %d, want %d", o.signature, o.offset, later[o.signature])
		}
		head := make([]byte, o.offset, o.offset+len(o.signature))
		head = append(head, o.signature...)
		if got := NameOther(head); got != o.name {
			t.Errorf("%q: %s, want %s", head, got, o.name)
		}
		if got := NameOther(head[:len(head)-1]); got == o.name {
			t.Errorf("%q: %s", head[:len(head)-1], got)
		}
	}
	for at, name := range map[int]string{40: "a Windows metafile (EMF)", 128: "DICOM", 4: "an MP4 file"} {
		head := make([]byte, 200)
		copy(head[at:], map[int]string{40: " EMF", 128: "DICM", 4: "ftypxxxx"}[at])
		if got := NameOther(head); got != name {
			t.Errorf("%s, want %s", got, name)
		}
	}
	for ext, want := range map[string]bool{".jpg": true, ".exr": true, ".bin": true, ".jpeg": true, ".raw": true, "": false, "jpg": false, ".php": false} {
		if KnownExtension(ext) != want {
			t.Errorf("%q: %v", ext, !want)
		}
	}
}

// TestBytesPerPixel lists how much memory decoders need.
func TestBytesPerPixel(t *testing.T) {
	for _, c := range []struct {
		model  color.Model
		copies int64
		want   int64
	}{
		{color.GrayModel, 0, 1}, {color.AlphaModel, 0, 1}, {color.Gray16Model, 0, 2}, {color.Alpha16Model, 1, 4}, {color.YCbCrModel, 4, 15},
		{color.RGBAModel, 0, 4}, {color.NRGBAModel, 1, 8}, {color.NYCbCrAModel, 3, 16}, {color.Palette{color.Black}, 1, 2}, {color.CMYKModel, 0, 8}, {color.RGBA64Model, 1, 16},
	} {
		if got := (variant{copies: c.copies}).bytesPerPixel(c.model); got != c.want {
			t.Errorf("%v, %d copies: %d bytes, want %d", c.model, c.copies, got, c.want)
		}
	}
	for f, want := range map[Format]int64{PNG: 1, GIF: 0, WebP: 1, BMP: 0} {
		d, _ := f.decoder()
		if v, err := d.examine(nil); v.copies != want || err != nil || v.unsupported {
			t.Errorf("%v: %+v, %v", f, v, err)
		}
	}
}

// TestDimension lists sizes that are too large for a product.
func TestDimension(t *testing.T) {
	for v, want := range map[uint64]int{0: 0, 1: 1, 1<<31 - 1: 1<<31 - 1, 1 << 31: 0, 1<<63 + 1: 0} {
		if got := dimension(v); got != want {
			t.Errorf("%d: %d, want %d", v, got, want)
		}
	}
	info := Info{Width: 2, Height: 6}
	if info.keepLarger(3, 4); info.Width != 2 {
		t.Errorf("%+v", info)
	}
	if info.keepLarger(13, 1); info.Width != 13 || info.Height != 1 {
		t.Errorf("%+v", info)
	}
}

// TestEXRRows lists how many rows each compression has in a chunk.
func TestEXRRows(t *testing.T) {
	got := ""
	for c := range byte(12) {
		got += fmt.Sprint(exrRows(c), " ")
	}
	if want := "1 1 1 16 32 16 32 32 32 256 0 0 "; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestDXGIFormats lists the formats in blocks.
func TestDXGIFormats(t *testing.T) {
	got := ""
	for format := range uint32(130) {
		var d ddsSurface
		if d.setFormat10(format); d.blockBytes != 0 {
			got += fmt.Sprintf("%d:%d ", format, d.blockBytes)
		}
	}
	const want = "70:8 71:8 72:8 73:16 74:16 75:16 76:16 77:16 78:16 79:8 80:8 81:8 82:16 83:16 84:16 94:16 95:16 96:16 97:16 98:16 99:16 "
	if got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for _, c := range []struct {
		d    ddsSurface
		want int64
	}{
		{ddsSurface{width: 1 << 20, height: 1 << 20, depth: 1, mipmaps: 1, bits: 8}, 1 << 40}, {ddsSurface{width: 1 << 20, height: 1 << 20, depth: 1 << 10, mipmaps: 1, bits: 8}, 1 << 50},
		{ddsSurface{width: 1 << 20, height: 1 << 20, depth: 1<<10 + 1, mipmaps: 1, bits: 8}, 1 << 50}, {ddsSurface{width: 9, height: 9, depth: 1, mipmaps: 1}, 0},
		{ddsSurface{width: 9, height: 5, depth: 3, mipmaps: 6, bits: 12}, 14*5*3 + 6*2 + 3 + 2 + 2 + 2}, {ddsSurface{width: 9, height: 5, depth: 1, mipmaps: 3, blockBytes: 8}, 8 * (6 + 1 + 1)},
	} {
		if got := c.d.size(); got != c.want {
			t.Errorf("%+v: %d bytes, want %d", c.d, got, c.want)
		}
	}
}

// reads writes down the reads of a file of zeros.
type reads struct{ log []string }

func (r *reads) ReadAt(p []byte, offset int64) (int, error) {
	r.log = append(r.log, fmt.Sprintf("%d+%d", offset, len(p)))
	return len(p), nil
}

// TestWindowReads checks how much a window reads: more while it moves forward, and little
// after a jump.
func TestWindowReads(t *testing.T) {
	r := &reads{}
	w := newWindow(PNG, r, 40_000)
	for at := int64(0); at < 30_000; at++ {
		if b, err := w.at(at, 1); len(b) != 1 || err != nil {
			t.Fatalf("%d: %v, %v", at, b, err)
		}
	}
	_, _ = w.at(5, 3)
	_, _ = w.at(1028, 2)    // the second byte follows the buffer
	_, _ = w.at(3077, 1)    // one byte is passed over
	_, _ = w.at(39_999, 1)  // the last byte
	_, _ = w.from(100, 900) // all of a buffer
	_, _ = w.from(1124, 1)
	got := fmt.Sprint(r.log)
	if want := "[0+1024 1024+2048 3072+4096 7168+8192 15360+8192 23552+8192 5+1024 1028+2048 3077+1024 39999+1 100+1024 1124+2048]"; got != want {
		t.Errorf("read %s, want %s", got, want)
	}
	for _, c := range []struct {
		at int64
		n  int
		ok bool
	}{{39_999, 1, true}, {40_000, 0, true}, {39_999, 2, false}, {40_000, 1, false}, {-1, 1, false}, {38_976, 1024, true}} {
		if b, err := w.at(c.at, c.n); (err == nil) != c.ok || c.ok && len(b) != c.n {
			t.Errorf("%d bytes at %d: %d, %v", c.n, c.at, len(b), err)
		}
	}
	if w := newWindow(PNG, r, 700); len(w.buffer) != 700 {
		t.Errorf("a buffer of %d bytes", len(w.buffer))
	}
	if w := newWindow(PNG, Memory("abc"), 3); w.buffer != nil || string(w.data) != "abc" {
		t.Errorf("%+v", w)
	}
}

// TestPieces checks that a decoder of many passes gets few bytes at a time.
func TestPieces(t *testing.T) {
	log := &reads{}
	s := &source{ctx: context.Background(), r: log, size: 20_000}
	r, err := s.inPieces()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range [][2]int{{1, 1}, {511, 511}, {512, 512}, {513, 512}, {9000, 512}} {
		if n, err := r.Read(make([]byte, c[0])); n != c[1] || err != nil {
			t.Errorf("%d bytes: %d, %v", c[0], n, err)
		}
	}
	if got := fmt.Sprint(log.log); got != "[0+16384]" {
		t.Errorf("read %s", got)
	}
	if data, err := io.ReadAll(r); len(data) != 20_000-1-511-3*512 || err != nil {
		t.Errorf("%d bytes, %v", len(data), err)
	}
}

// TestFirstOfAnimation takes the first image of a WebP out, byte for byte.
func TestFirstOfAnimation(t *testing.T) {
	const lossy = "VP8 \x0d\x00\x00\x00\x10\x00\x00\x9d\x01\x2a\x05\x00\x06\x00abc\x00"
	const frame = "\x00\x00\x00\x00\x00\x00\x04\x00\x00\x05\x00\x00\x00\x00\x00\x00"
	const header = "WEBPVP8X\x0a\x00\x00\x00"
	for alpha, want := range map[string]string{
		"":                             "RIFF\x2c\x00\x00\x00" + header + "\x00\x00\x00\x00\x04\x00\x00\x05\x00\x00" + lossy,
		"ALPH\x01\x00\x00\x00a\x00":    "RIFF\x36\x00\x00\x00" + header + "\x10\x00\x00\x00\x04\x00\x00\x05\x00\x00" + "ALPH\x01\x00\x00\x00a\x00" + lossy,
		"ALPH\x02\x00\x00\x00ab":       "RIFF\x36\x00\x00\x00" + header + "\x10\x00\x00\x00\x04\x00\x00\x05\x00\x00" + "ALPH\x02\x00\x00\x00ab" + lossy,
		"EXIF\x01\x00\x00\x00\x01\x00": "RIFF\x2c\x00\x00\x00" + header + "\x00\x00\x00\x00\x04\x00\x00\x05\x00\x00" + lossy,
	} {
		moves := "ANMF" + string([]byte{byte(len(frame) + len(alpha) + len(lossy)), 0, 0, 0}) + frame + alpha + lossy
		body := header + "\x02\x00\x00\x00\x08\x00\x00\x08\x00\x00" + moves
		data := []byte("RIFF" + string([]byte{byte(len(body)), 0, 0, 0}) + body)
		r, err := firstWebP(&source{ctx: context.Background(), r: bytes.NewReader(data), size: int64(len(data))})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); string(got) != want || err != nil {
			t.Errorf("%q:\n%q, want\n%q, %v", alpha, got, want, err)
		}
	}
}

// TestErrorTexts has the texts of errors.
func TestErrorTexts(t *testing.T) {
	err := error(JP2.errorf(ErrCorrupt, "no marker at byte %d", 3))
	if err.Error() != "JPEG 2000: no marker at byte 3" || !isFileError(err) || isFileError(io.EOF) {
		t.Errorf("%v", err)
	}
	if got := fmt.Sprintln(ErrTruncated, ErrCorrupt, ErrTooManyPixels); got != "truncated image corrupt image too many pixels\n" {
		t.Error(got)
	}
	for c, want := range map[fourCC]string{{'a', ' ', '~', 'z'}: "a ~z", {'a', 0x1f, 0x7f, 'z'}: "a??z"} {
		if c.String() != want || c.printable() != (want[1] != '?') {
			t.Errorf("%q, want %q", c.String(), want)
		}
	}
}

// TestSplitRestarts lists scans in which image/jpeg would count restart intervals wrong:
// those of one subsampled component, if the frame has others, with restart markers.
func TestSplitRestarts(t *testing.T) {
	const three, one = "\x00\x11\x08\x00\x01\x00\x01\x03\x01\x11\x00\x02\x21\x00\x03\x12\x00", "\x00\x0b\x08\x00\x01\x00\x01\x01\x02\x21\x00"
	const four, five = "\x00\x14\x08\x00\x01\x00\x01\x04\x01\x11\x00\x02\x11\x00\x03\x11\x00\x04\x22\x00", "\x00\x17\x08\x00\x01\x00\x01\x05\x01\x11\x00\x02\x21\x00\x03\x12\x00\x04\x22\x00\x05\x22\x00"
	const interval, none = "\xff\xdd\x00\x04\x01\x00", "\xff\xdd\x00\x04\x00\x00"
	scan := func(ids string) string {
		header := string([]byte{0xff, 0xda, 0, byte(6 + 2*len(ids)), byte(len(ids))})
		for _, id := range ids {
			header += string(id) + "\x00"
		}
		return header + "\x00\x3f\x00"
	}
	for _, c := range []struct {
		name, frame, restarts, scans string
		want                         bool
	}{
		{"the first", three, interval, scan("\x01"), false}, {"the second", three, interval, scan("\x02"), true}, {"the third", three, interval, scan("\x03"), true}, {"another", three, interval, scan("\x04"), false},
		{"the fourth of four", four, interval, scan("\x04"), true}, {"the first of four", four, interval, scan("\x01"), false}, {"one of five", five, interval, scan("\x02"), false},
		{"two", three, interval, scan("\x02\x03"), false}, {"a later scan", three, interval, scan("\x01\x02\x03") + scan("\x02"), true}, {"no restarts", three, "", scan("\x02"), false}, {"an interval of 0", three, none, scan("\x02"), false},
		{"an interval that ends", three, interval + none, scan("\x02"), false}, {"the only component", one, interval, scan("\x02"), false}, {"a small interval", three, "\xff\xdd\x00\x04\x00\x01", scan("\x02"), true},
	} {
		data := "\xff\xd8\xff\xc0" + c.frame + c.restarts + c.scans + "\xff\xd9"
		v, err := examineJPEG(memoryWindow(JPEG, []byte(data)))
		if v.unsupported != c.want || v.copies != 0 || err != nil {
			t.Errorf("%s: %+v, %v", c.name, v, err)
		}
	}
}
