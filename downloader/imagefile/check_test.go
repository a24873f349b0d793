package imagefile_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"grab/downloader/imagefile"
)

func check(f imagefile.Format, data []byte) (imagefile.Info, error) {
	return f.Check(bytes.NewReader(data), int64(len(data)))
}

func decode(f imagefile.Format, data []byte, maxPixels int64) (imagefile.Info, error) {
	limits := imagefile.NewLimits(maxPixels, 0)
	return f.Decode(context.Background(), bytes.NewReader(data), int64(len(data)), limits)
}

func TestWhole(t *testing.T) {
	for _, s := range samples(t) {
		if f, ok := imagefile.Identify(s.data); !ok || f != s.format {
			t.Errorf("%s is %v", s.name, f)
		}
		want := imagefile.Info{Width: s.width, Height: s.height}
		if info, err := check(s.format, s.data); err != nil || info != want {
			t.Errorf("%s: %+v, %v", s.name, info, err)
		}
		want.Decoded = s.decodes
		if info, err := decode(s.format, s.data, 0); err != nil || info != want {
			t.Errorf("%s decodes to %+v, %v", s.name, info, err)
		}
		if width, height := s.format.Size(s.data); width != s.width || height != s.height {
			t.Errorf("%s has %dx%d pixels by its head", s.name, width, height)
		}
	}
}

// TestCut cuts every sample at every byte.
func TestCut(t *testing.T) {
	for _, s := range samples(t) {
		for n := range len(s.data) {
			_, err := check(s.format, s.data[:n])
			if err == nil && n < len(s.data)-s.loose {
				t.Errorf("%s passes with %d bytes of %d", s.name, n, len(s.data))
			}
			if err != nil && !errors.Is(err, imagefile.ErrTruncated) {
				t.Errorf("%s with %d bytes of %d: %v", s.name, n, len(s.data), err)
			}
			s.format.Size(s.data[:n])
		}
	}
}

// TestAppended appends what polyglot files and cameras append.
func TestAppended(t *testing.T) {
	for _, s := range samples(t) {
		if s.format == imagefile.TIFF || s.loose > 1 {
			continue // these do not mark their end
		}
		for _, tail := range []string{
			"PK\x03\x04\x14\x00\x00\x00", "<?php echo 1; ?>",
			"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", string(s.data),
		} {
			info, err := check(s.format, append(slices.Clone(s.data), tail...))
			if err != nil || info.TrailingBytes != int64(len(tail)) {
				t.Errorf("%s and %.4q: %+v, %v", s.name, tail, info, err)
			}
		}
	}
}

// TestDamagedPNG flips every bit, one at a time.
func TestDamagedPNG(t *testing.T) {
	data := pngOf(t, paletted(9, 9))
	for i := range data {
		for bit := range 8 {
			damaged := slices.Clone(data)
			damaged[i] ^= 1 << bit
			_, err := check(imagefile.PNG, damaged)
			if !errors.Is(err, imagefile.ErrCorrupt) && i < len(data)-12 {
				t.Errorf("bit %d of byte %d: %v", bit, i, err)
			} else if err == nil {
				t.Errorf("bit %d of byte %d passes", bit, i)
			}
		}
	}
}

// TestDamaged damages files of every format at random. Any result is allowed, but no
// panic.
func TestDamaged(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, s := range samples(t) {
		for range 500 {
			damaged := slices.Clone(s.data)
			for range 1 + random.IntN(4) {
				at := random.IntN(len(damaged))
				damaged[at] = byte(random.Uint32() >> (random.IntN(2) * 8))
			}
			checkAnything(t, s.format, damaged)
		}
	}
}

func TestCorrupt(t *testing.T) {
	jpg, pngs, gifs := jpegOf(t, noise(8, 8)), pngOf(t, noise(4, 4)), gifOf(t, 4, 4, 1)
	tests := []struct {
		name   string
		format imagefile.Format
		data   []byte
		kind   imagefile.Kind
		reason string // part of it
	}{
		{
			"JPEG with no scan", imagefile.JPEG,
			[]byte("\xff\xd8\xff\xd9"),
			imagefile.ErrCorrupt, "no scan",
		},
		{
			"JPEG with a short segment", imagefile.JPEG,
			insert(jpg, 2, "\xff\xdb\x00\x01"),
			imagefile.ErrCorrupt, "at byte 2",
		},
		{
			"JPEG in a JPEG", imagefile.JPEG,
			insert(jpg, len(jpg)-2, string(jpg)),
			imagefile.ErrCorrupt, "0xd8",
		},
		{
			"JPEG with a scan before its frame header", imagefile.JPEG,
			insert(jpg, 2, "\xff\xda\x00\x08\x01\x00\x00\x00\x00\x00"),
			imagefile.ErrCorrupt, "before the frame",
		},
		{
			"JPEG with a scan of no components", imagefile.JPEG,
			insert(jpg, bytes.Index(jpg, []byte("\xff\xda")), "\xff\xda\x00\x06\x00\x00\x3f\x00"),
			imagefile.ErrCorrupt, "invalid length 6",
		},
		{
			"PNG with a wrong CRC", imagefile.PNG,
			bytes.Replace(pngs, []byte("IDAT"), []byte("IDAt"), 1),
			imagefile.ErrCorrupt, "the CRC of chunk IDAt at byte 33 is wrong",
		},
		{
			"PNG without data", imagefile.PNG,
			append(slices.Clone(pngs[:33]), pngChunk("IEND", "")...),
			imagefile.ErrCorrupt, "no data",
		},
		{
			"PNG with two headers", imagefile.PNG,
			insert(pngs, 33, string(pngs[8:33])),
			imagefile.ErrCorrupt, "second chunk IHDR",
		},
		{
			"PNG with no header", imagefile.PNG,
			insert(pngs, 8, pngChunk("CgBI", "1234")),
			imagefile.ErrCorrupt, "first",
		},
		{
			"GIF without an image", imagefile.GIF,
			append(slices.Clone(gifs[:10]), "\x00\x00\x00;"...),
			imagefile.ErrCorrupt, "no image",
		},
		{
			"GIF with an unknown block", imagefile.GIF,
			insert(gifs, bytes.IndexByte(gifs, 0x2c), "\x42"),
			imagefile.ErrCorrupt, "0x42",
		},
		{
			"WebP with a long chunk", imagefile.WebP,
			riff("VP8L" + le32(100) + "\x2f\x00\x00\x00\x00"),
			imagefile.ErrCorrupt, "VP8L",
		},
		{
			"WebP with no image", imagefile.WebP,
			riff(vp8x(0, 4, 4)),
			imagefile.ErrCorrupt, "no image",
		},
		{
			"WebP with a large frame", imagefile.WebP,
			riff(vp8x(0, 4, 4), string(bombVP8L()[12:])),
			imagefile.ErrCorrupt, "16384x16384",
		},
		{
			"BMP with 7 bits", imagefile.BMP,
			bytes.Replace(bombBMP(4), []byte("\x18"), []byte("\x07"), 1),
			imagefile.ErrCorrupt, "header",
		},
		{"BMP with no pixels", imagefile.BMP, bombBMP(4), imagefile.ErrTruncated, "54"},
		{
			"TIFF with directories in each other", imagefile.TIFF,
			append(tiffHeader(binaryOrder, 8), nestedDirectories(200)...),
			imagefile.ErrCorrupt, "loop",
		},
		{
			"TIFF with a strip outside", imagefile.TIFF,
			append(tiffHeader(binaryOrder, 8),
				directory(binaryOrder, 0, field{256, 3, 1, 3}, field{257, 3, 1, 3},
					field{259, 3, 1, 5}, field{273, 4, 1, 8}, field{279, 4, 1, 900})...),
			imagefile.ErrTruncated, "",
		},
		{
			"TIFF with a list outside", imagefile.TIFF,
			append(tiffHeader(binaryOrder, 8),
				directory(binaryOrder, 0, field{273, 4, 1 << 30, 8})...),
			imagefile.ErrTruncated, "",
		},
		{
			"TIFF without dimensions", imagefile.TIFF,
			append(tiffHeader(binaryOrder, 8), directory(binaryOrder, 0)...),
			imagefile.ErrCorrupt, "width",
		},
		{
			"ICO with an entry that is no image", imagefile.ICO,
			icoOf([]byte(strings.Repeat("x", 40)), 9),
			imagefile.ErrCorrupt, "",
		},
		{
			"ICO of a PNG that is cut", imagefile.ICO,
			icoOf(pngs[:50], 9),
			imagefile.ErrTruncated, "",
		},
		{
			"AVIF with a small box", imagefile.AVIF,
			[]byte(isoBox("ftyp", "avif", be32(0)) + "\x00\x00\x00\x07meta"),
			imagefile.ErrCorrupt, "meta",
		},
		{
			"AVIF with a box too long", imagefile.AVIF,
			[]byte(isoBox("ftyp", "avif", be32(0)) + isoBox("meta", be32(0), be32(99)+"iprp")),
			imagefile.ErrTruncated, "",
		},
		{
			"JPEG with a reserved marker", imagefile.JPEG,
			insert(jpg, 2, "\xff\x02\x00\x02"),
			imagefile.ErrCorrupt, "unexpected marker 0x2",
		},
		{
			"JPEG with two starts", imagefile.JPEG,
			insert(jpg, 2, "\xff\xd8"),
			imagefile.ErrCorrupt, "unexpected marker 0xd8",
		},
		{
			"TIFF without what most have", imagefile.TIFF, // one sample, not compressed
			stripTIFF(-1, 0, field{257, 3, 1, 2000}, field{278, 3, 1, 2000}, field{259, 3, 0, 0}, field{277, 3, 0, 0}),
			imagefile.ErrTruncated, "",
		},
		{
			"WebP with a frame too far right", imagefile.WebP,
			animated(2, 9, lossy(t)),
			imagefile.ErrCorrupt, "past the canvas",
		},
		{
			"WebP with a frame too far down", imagefile.WebP,
			animated(9, 2, lossy(t)),
			imagefile.ErrCorrupt, "past the canvas",
		},
		{
			"JXL with no stream", imagefile.JXL,
			jxlBoxes("no stream here", true),
			imagefile.ErrCorrupt, "codestream",
		},
	}
	for _, test := range tests {
		_, err := check(test.format, test.data)
		if !errors.Is(err, test.kind) || !strings.Contains(err.Error(), test.reason) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// TestLongMetadata puts the frame header after metadata that is longer than the head
// of a file.
func TestLongMetadata(t *testing.T) {
	data := insert(jpegOf(t, noise(20, 10)), 2, segments(300<<10))
	if info, err := check(imagefile.JPEG, data); err != nil || info.Width != 20 || info.Height != 10 {
		t.Errorf("%+v, %v", info, err)
	}
	if width, height := imagefile.JPEG.Size(data[:64<<10]); width != 0 || height != 0 {
		t.Errorf("the head has %dx%d", width, height)
	}
}

// TestLaterHeight has the height in a DNL segment after the first scan.
func TestLaterHeight(t *testing.T) {
	data := jpegOf(t, image.NewGray(image.Rect(0, 0, 16, 24)))
	at := bytes.Index(data, []byte("\xff\xc0")) + 5
	data[at], data[at+1] = 0, 0
	if _, err := check(imagefile.JPEG, data); !errors.Is(err, imagefile.ErrCorrupt) {
		t.Errorf("no height: %v", err)
	}
	data = insert(data, len(data)-2, "\xff\xdc\x00\x04\x00\x18")
	if info, err := check(imagefile.JPEG, data); err != nil || info.Width != 16 || info.Height != 24 {
		t.Errorf("%+v, %v", info, err)
	}
}

func TestManyFrames(t *testing.T) {
	one := gifOf(t, 4, 4, 1)
	frame := one[bytes.IndexByte(one, 0x2c) : len(one)-1]
	data := slices.Concat(one[:len(one)-1], bytes.Repeat(frame, 1e6), one[len(one)-1:])
	info, err := decode(imagefile.GIF, data, 0)
	if err != nil || !info.Decoded || info.TrailingBytes != 0 {
		t.Errorf("%+v, %v", info, err)
	}
}

// TestHostile has files that would need much time, or a deep stack, if a check
// trusted their lengths.
func TestHostile(t *testing.T) {
	chain := tiffHeader(binaryOrder, 8)
	for len(chain) < 1<<20 {
		chain = append(chain, directory(binaryOrder, len(chain)+6)...)
	}
	var nested strings.Builder
	for size := 1 << 20; size > 0; size -= 24 {
		nested.WriteString("ANMF" + le32(size) + strings.Repeat("\x00", 16))
	}
	icon := pngOf(t, noise(200, 200))
	const entries = 1<<16 - 1
	entry := "\x10\x10\x00\x00\x00\x00\x00\x00" + le32(len(icon)) + le32(6+16*entries)
	icons := "\x00\x00\x01\x00" + le16(entries) + strings.Repeat(entry, entries) + string(icon)
	item := be16(1) + be16(0) + be16(0) + be16(1<<16-1)
	nothing := isoBox("iloc", "\x01\x00\x00\x00\x00\x00", be16(1<<16-1), strings.Repeat(item, 1<<16-1))
	avif, heic := isoBox("ftyp", "avif", be32(0)), isoBox("ftyp", "heic", be32(0))
	longBox := "\x00\x00\x00\x01mdat\xff\xff\xff\xff\xff\xff\xff\xff"
	for _, test := range []struct {
		name   string
		format imagefile.Format
		data   string
		want   error
	}{
		{"a long chain", imagefile.TIFF, string(chain), imagefile.ErrCorrupt},
		{
			"nested frames", imagefile.WebP,
			string(riff(vp8x(2, 9, 9), nested.String())), imagefile.ErrCorrupt,
		},
		{"shared icons", imagefile.ICO, icons, nil},
		{
			"empty extents", imagefile.AVIF,
			avif + isoBox("meta", be32(0), nothing) + isoBox("mdat"), nil,
		},
		{"a long box", imagefile.HEIC, heic + longBox, imagefile.ErrTruncated},
	} {
		if _, err := check(test.format, []byte(test.data)); !errors.Is(err, test.want) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

// TestIconSizes has directories that say less of the size than the images do.
func TestIconSizes(t *testing.T) {
	wide := image.NewGray(image.Rect(0, 0, 300, 225))
	large, small := pngOf(t, wide), bmpOf(t, noise(4, 4))[14:]
	entries := "\x00\x00\x01\x00\x02\x00" +
		"\x30\x30\x00\x00\x01\x00\x20\x00" + le32(len(small)) + le32(38) +
		"\x2c\xe1\x00\x00\x01\x00\x20\x00" + le32(len(large)) + le32(38+len(small))
	data := []byte(entries + string(small) + string(large))
	if info, err := check(imagefile.ICO, data); err != nil || info.Width != 300 || info.Height != 225 {
		t.Errorf("%+v, %v", info, err)
	}
	// What is cut has the size that is known.
	info, err := check(imagefile.ICO, data[:38])
	if !errors.Is(err, imagefile.ErrTruncated) || info.Width != 44 || info.Height != 225 {
		t.Errorf("cut: %+v, %v", info, err)
	}
}

// TestPadding has a last chunk of odd length. Its padding is there or not, and the
// RIFF length includes it or not. Decoders need it only if the RIFF length includes it.
func TestPadding(t *testing.T) {
	data := extended(lossless(t))
	for _, cut := range []int{0, 1} {
		for _, counted := range []int{0, 1} {
			d := slices.Clone(data[:len(data)-cut])
			copy(d[4:], le32(len(data)-8-counted))
			var want error
			if cut > counted {
				want = imagefile.ErrTruncated
			}
			info, err := check(imagefile.WebP, d)
			if !errors.Is(err, want) || info.TrailingBytes != 0 {
				t.Errorf("%d bytes cut, %d not counted: %+v, %v", cut, counted, info, err)
			}
		}
	}
}

// TestReaderFails checks that an error of the reader is not reported as damage.
func TestReaderFails(t *testing.T) {
	for _, s := range samples(t) {
		for _, after := range []int64{0, 30, int64(len(s.data)) / 2, int64(len(s.data)) - 1} {
			if after >= int64(len(s.data)) {
				continue
			}
			r := failing{bytes.NewReader(s.data), after}
			limits := imagefile.NewLimits(0, 0)
			_, err := s.format.Decode(t.Context(), r, int64(len(s.data)), limits)
			if !errors.Is(err, iotest.ErrTimeout) {
				t.Errorf("%s after %d bytes: %v", s.name, after, err)
			}
		}
		half := bytes.NewReader(s.data[:len(s.data)/2])
		_, err := s.format.Check(half, int64(len(s.data)))
		if err != nil && !errors.Is(err, imagefile.ErrTruncated) {
			t.Errorf("%s, shorter than its size says: %v", s.name, err)
		}
	}
}

// failing fails every read that goes past an offset.
type failing struct {
	*bytes.Reader
	after int64
}

func (f failing) ReadAt(b []byte, offset int64) (int, error) {
	if offset+int64(len(b)) > f.after {
		return 0, iotest.ErrTimeout
	}
	return f.Reader.ReadAt(b, offset)
}

func TestIdentify(t *testing.T) {
	tests := []struct {
		head string
		want imagefile.Format
	}{
		{"", imagefile.Unknown},
		{"\xff\xd8", imagefile.Unknown},
		{"<!DOCTYPE html><title>", imagefile.Unknown},
		{"<svg xmlns=", imagefile.SVG},
		{"<svgs xmlns=", imagefile.Unknown},
		{"<!DOCTYPE html><svg xmlns=", imagefile.Unknown},
		{"<?xml version='1.0'?><!--" + strings.Repeat("x", 2000) + "--><svg>", imagefile.SVG},
		{"P1 is not P2", imagefile.Unknown},
		{"P6 12", imagefile.Unknown},
		{"%PDF-1.7", imagefile.Unknown},
		{"8BPS\x00\x01", imagefile.Unknown},
		{"BMW drives better than this", imagefile.Unknown},
		{isoBox("ftyp", "mp42", be32(0), "isommp42"), imagefile.Unknown},
		{isoBox("ftyp", "isom", be32(0), "hevcmp42"), imagefile.Unknown},
		{isoBox("ftyp", "avis", be32(0)), imagefile.AVIF},
		{isoBox("ftyp", "mif1", be32(0), "heicavif"), imagefile.AVIF},
		{isoBox("ftyp", "heic", be32(0), "avif"), imagefile.HEIC},
		{isoBox("ftyp", "mif1", be32(0)) + "avif", imagefile.HEIC},
		{isoBox("ftyp", "1pic", be32(0), "mif1heic"), imagefile.HEIC},
	}
	for _, test := range tests {
		got, ok := imagefile.Identify([]byte(test.head))
		if got != test.want || ok != (got != imagefile.Unknown) {
			t.Errorf("%q is %v", test.head, got)
		}
	}
	for _, s := range samples(t) {
		if n := testing.AllocsPerRun(10, func() { imagefile.Identify(s.data) }); n != 0 {
			t.Errorf("%s: %v allocations", s.name, n)
		}
		kind := http.DetectContentType(s.data)
		known := map[string]imagefile.Format{
			"image/jpeg": imagefile.JPEG, "image/png": imagefile.PNG, "image/gif": imagefile.GIF,
			"image/webp": imagefile.WebP, "image/bmp": imagefile.BMP, "image/x-icon": imagefile.ICO,
		}
		if kind != "application/octet-stream" && !strings.HasPrefix(kind, "text/") &&
			kind != "video/mp4" && known[kind] != s.format && s.format != imagefile.CUR {
			t.Errorf("%s is %s", s.name, kind)
		}
	}
}

func TestExtensions(t *testing.T) {
	want := []string{
		".bin", ".jpg", ".png", ".gif", ".webp", ".avif", ".heic", ".jxl", ".bmp", ".tiff", ".ico",
		".cur", ".svg", ".jp2", ".psd", ".tga", ".pnm", ".qoi", ".dds", ".exr",
	}
	if got := imagefile.Extensions(); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
