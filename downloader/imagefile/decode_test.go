package imagefile_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"grab/downloader/imagefile"
)

var binaryOrder = binary.LittleEndian

// TestBombs has files whose pixels would need gigabytes of memory.
func TestBombs(t *testing.T) {
	bombTIFF := append(tiffHeader(binaryOrder, 8), directory(binaryOrder, 0,
		field{256, 4, 1, 1 << 20}, field{257, 4, 1, 1 << 20},
		field{273, 4, 1, 1 << 30}, field{279, 4, 1, 1 << 30})...)
	jpg := jpegOf(t, noise(8, 8))
	copy(jpg[bytes.Index(jpg, []byte("\xff\xc0"))+5:], "\xff\xff\xff\xff")
	gifs := gifOf(t, 4, 4, 1)
	copy(gifs[6:], "\xff\xff\xff\xff")
	for name, bomb := range map[string][]byte{
		"PNG": bombPNG(50000, 50000), "WebP": bombVP8L(), "canvas": riff(vp8x(2, 1<<24, 1<<24)),
		"BMP": bombBMP(40000), "TIFF": bombTIFF, "JPEG": jpg, "GIF": gifs,
	} {
		f, ok := imagefile.Identify(bomb)
		if !ok {
			t.Fatalf("%s is not identified", name)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := decode(f, bomb, 100e6)
		runtime.ReadMemStats(&after)
		if !errors.Is(err, imagefile.ErrTooManyPixels) {
			t.Errorf("%s: %v", name, err)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 1<<20 {
			t.Errorf("%s: %d bytes allocated", name, used)
		}
	}
	if info, err := decode(imagefile.PNG, pngOf(t, noise(10, 10)), 100); err != nil || !info.Decoded {
		t.Errorf("as many pixels as allowed: %+v, %v", info, err)
	}
}

// TestDoesNotDecode has files with a valid structure, but without pixels.
func TestDoesNotDecode(t *testing.T) {
	for name, data := range map[string][]byte{
		"PNG": bombPNG(5, 5), "WebP": riff(chunk("VP8L", "\x2f\x03\x00\x00\x00")),
	} {
		f, _ := imagefile.Identify(data)
		if _, err := check(f, data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if info, err := decode(f, data, 0); !errors.Is(err, imagefile.ErrCorrupt) || info.Decoded {
			t.Errorf("%s: %+v, %v", name, info, err)
		}
	}
}

// TestDecoderPanics has a reader that panics while a decoder uses it.
func TestDecoderPanics(t *testing.T) {
	data := pngOf(t, noise(4, 4))
	r := &panicking{Reader: bytes.NewReader(data)}
	if _, err := imagefile.PNG.Check(r, int64(len(data))); err != nil {
		t.Fatal(err)
	}
	r.left = r.reads
	if _, err := decodeFrom(t, r, len(data)); !errors.Is(err, imagefile.ErrCorrupt) {
		t.Errorf("%v", err)
	}
}

func decodeFrom(t *testing.T, r io.ReaderAt, size int) (imagefile.Info, error) {
	return imagefile.PNG.Decode(t.Context(), r, int64(size), imagefile.NewLimits(0, 0))
}

// panicking panics after 2*left reads, unless left is 0.
type panicking struct {
	*bytes.Reader
	reads, left int
}

func (p *panicking) ReadAt(b []byte, offset int64) (int, error) {
	p.reads++
	if p.left > 0 && p.reads > 2*p.left {
		panic("out of range")
	}
	return p.Reader.ReadAt(b, offset)
}

// TestGoSamples uses the files that Go's own decoders are tested with.
func TestGoSamples(t *testing.T) {
	damaged := map[string]imagefile.Kind{ // "" means that the structure is whole
		"invalid-crc32.png":                    imagefile.ErrCorrupt,
		"invalid-noend.png":                    imagefile.ErrTruncated,
		"invalid-palette.png":                  "", // indexes past the palette; decoders accept them
		"invalid-trunc.png":                    imagefile.ErrTruncated,
		"invalid-zlib.png":                     "",
		"video-001.progressive.truncated.jpeg": "", // scans are missing, but the end marker is there
	}
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Skip("without the go command, GOROOT is not known: ", err)
	}
	root := filepath.Join(strings.TrimSpace(string(goroot)), "src", "image")
	seen := 0
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.Contains(path, "testdata") {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		f, ok := imagefile.Identify(data)
		if !ok {
			return nil
		}
		seen++
		kind, special := damaged[d.Name()]
		info, err := check(f, data)
		if (kind == "") != (err == nil) || err != nil && !errors.Is(err, kind) || info.Width == 0 {
			t.Errorf("%s: %+v, %v", d.Name(), info, err)
		}
		info, err = decode(f, data, 0)
		if !special && (err != nil || !info.Decoded) {
			t.Errorf("%s does not decode: %+v, %v", d.Name(), info, err)
		}
		if d.Name() == "invalid-zlib.png" && !errors.Is(err, imagefile.ErrCorrupt) {
			t.Errorf("%s decodes: %+v, %v", d.Name(), info, err)
		}
		return nil
	})
	if err != nil || seen == 0 {
		t.Skipf("no samples in %s: %v", root, err)
	}
}
