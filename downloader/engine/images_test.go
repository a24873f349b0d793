package engine_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	. "grab/downloader"
	. "grab/downloader/engine"
)

// serveImages answers for every host with the image of a path's last element. served gets
// an element for each answer.
func serveImages(t *testing.T, opts Options, images map[string][]byte) (_ Options, served chan struct{}) {
	served = make(chan struct{}, 100)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Write(images[r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]])
		served <- struct{}{}
	}))
	t.Cleanup(s.Close)
	opts.DialTo = s.Listener.Addr().String()
	return opts, served
}

func encodedImage(t *testing.T, encode func(*bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func grey(width, height int) image.Image { return image.NewGray(image.Rect(0, 0, width, height)) }

// TestDecodedIsSaid has an image that is decoded, one that grab cannot decode, one that
// has too many pixels, and one that is cut. What fails keeps its size.
func TestDecodedIsSaid(t *testing.T) {
	whole := encodedImage(t, func(b *bytes.Buffer) error { return png.Encode(b, grey(30, 20)) })
	baseline := encodedImage(t, func(b *bytes.Buffer) error { return jpeg.Encode(b, grey(40, 24), nil) })
	images := map[string][]byte{
		"whole": whole, "cut": whole[:len(whole)-6],
		"arithmetic": bytes.Replace(baseline, []byte("\xff\xc0"), []byte("\xff\xc9"), 1),
		"large":      encodedImage(t, func(b *bytes.Buffer) error { return png.Encode(b, grey(200, 100)) }),
	}
	eachMode(t, func(t *testing.T, opts Options) {
		opts, _ = serveImages(t, opts, images)
		opts.Verify, opts.MaxPixels, opts.DecodeMemory = VerifyDecode, 10_000, 1
		o := fetch(t, opts, "http://a.test/whole", "http://a.test/arithmetic", "http://a.test/large", "http://a.test/cut")
		expect(t, o.results[0], StatusOK, "", 1)
		expect(t, o.results[1], StatusOK, "", 1)
		expect(t, o.results[2], StatusFailed, ClassImageBomb, 1)
		expect(t, o.results[3], StatusFailed, ClassImageTruncated, 2)
		for i, want := range []Result{
			{Width: 30, Height: 20, Decoded: true}, {Width: 40, Height: 24}, {Width: 200, Height: 100}, {Width: 30, Height: 20},
		} {
			r := o.results[i]
			if r.Width != want.Width || r.Height != want.Height || r.Decoded != want.Decoded {
				t.Errorf("%s has %dx%d pixels, decoded: %v", r.URL, r.Width, r.Height, r.Decoded)
			}
			if line := readManifest(t, o.dir)[i]; line.Decoded != want.Decoded || line.Width != want.Width {
				t.Errorf("the manifest has %+v", line)
			}
		}
		if o.summary.NotDecoded != 1 {
			t.Errorf("%d images were not decoded", o.summary.NotDecoded)
		}
	})
}

// TestNothingIsDecodedUnasked checks that the summary does not count what nobody asked
// to decode.
func TestNothingIsDecodedUnasked(t *testing.T) {
	whole := encodedImage(t, func(b *bytes.Buffer) error { return png.Encode(b, grey(30, 20)) })
	eachMode(t, func(t *testing.T, opts Options) {
		opts, _ = serveImages(t, opts, map[string][]byte{"whole": whole})
		opts.Verify = VerifyStructure
		o := fetch(t, opts, "http://a.test/whole")
		if o.results[0].Decoded || o.summary.NotDecoded != 0 {
			t.Errorf("decoded: %v; %d not decoded", o.results[0].Decoded, o.summary.NotDecoded)
		}
	})
}

// TestOtherFormats has bodies of formats that grab does not check. They fail with an error
// that names the format and says how to keep them; with -verify none, each has the
// extension of its URL, if that is one of an image.
func TestOtherFormats(t *testing.T) {
	picture := encodedImage(t, func(b *bytes.Buffer) error { return png.Encode(b, grey(3, 2)) })
	pdf := []byte("%PDF-1.7 and so on")
	images := map[string][]byte{
		"a.PDF": pdf, "b.exe": pdf, "c": pdf, "d.pdf": picture, "e.html": []byte("<!DOCTYPE html>"), "f.xcf": []byte("gimp xcf file"),
	}
	urls := []string{
		"http://a.test/a.PDF?x=1.jpg", "http://a.test/b.exe", "http://a.test/c", "http://a.test/d.pdf", "http://a.test/e.html", "http://a.test/f.xcf",
	}
	eachMode(t, func(t *testing.T, opts Options) {
		opts, _ = serveImages(t, opts, images)
		refused := opts
		refused.Dir += "-refused"
		for i, want := range []string{
			"PDF document.*-verify none", "PDF.*-verify none", "PDF", "", "the bytes are text/html; charset=utf-8$", "GIMP image.*-verify none",
		} {
			r := fetch(t, refused, urls[i]).results[0]
			if !regexp.MustCompile(want).MatchString(r.Error) || (r.Class == ClassNotImage) != (want != "") {
				t.Errorf("%s: %s: %s", r.URL, r.Class, r.Error)
			}
			refused.Dir += "-"
		}
		opts.Verify = VerifyNone
		for _, status := range []Status{StatusOK, StatusSkipped} {
			o := fetch(t, opts, urls...)
			for i, ext := range []string{".pdf", ".bin", ".bin", ".png", ".bin", ".xcf"} {
				if r := o.results[i]; r.Status != status || r.File != fmt.Sprintf("image_%d%s", i, ext) {
					t.Errorf("%s: %s, %s: %s", r.URL, r.Status, r.File, r.Error)
				}
			}
		}
	})
}

// manyScans returns a progressive JPEG of 3000x3000 pixels that takes many seconds to
// decode. Each of its scans says only that all blocks end: symbol 0xe0 is a run of 2^14
// ends.
func manyScans(t *testing.T) []byte {
	const scans = 3000
	data := encodedImage(t, func(b *bytes.Buffer) error { return jpeg.Encode(b, grey(8, 8), nil) })
	frame := bytes.Index(data, []byte("\xff\xc0"))
	data[frame+1] = 0xc2
	copy(data[frame+5:], "\x0b\xb8\x0b\xb8")
	data = data[:bytes.Index(data, []byte("\xff\xda"))]
	table := "\xff\xc4\x00\x14\x10\x01" + strings.Repeat("\x00", 15) + "\xe0"
	flat := "\xff\xda\x00\x08\x01\x01\x00\x00\x00\x00" + strings.Repeat("\x00", 375*375/4+1)
	ends := "\xff\xda\x00\x08\x01\x01\x00\x01\x3f\x00" + strings.Repeat("\x00", 17)
	return []byte(string(data) + table + flat + strings.Repeat(ends, scans) + "\xff\xd9")
}

// TestDecodingEndsInTime decodes a JPEG for longer than an image may take.
func TestDecodingEndsInTime(t *testing.T) {
	images := map[string][]byte{"scans": manyScans(t)}
	eachMode(t, func(t *testing.T, opts Options) {
		opts, _ = serveImages(t, opts, images)
		opts.Verify, opts.MaxPixels, opts.Timeout = VerifyDecode, 10_000_000, 500*time.Millisecond
		r := fetch(t, opts, "http://a.test/scans").results[0]
		if r.Status != StatusFailed || r.Class != ClassDeadline || !strings.Contains(r.Error, "check the image") {
			t.Errorf("%s, %s: %s", r.Status, r.Class, r.Error)
		}
	})
}

// TestDecodingIsInterrupted interrupts a run while it decodes such a JPEG.
func TestDecodingIsInterrupted(t *testing.T) {
	images := map[string][]byte{"scans": manyScans(t)}
	eachMode(t, func(t *testing.T, opts Options) {
		opts, served := serveImages(t, opts, images)
		opts.Verify, opts.MaxPixels, opts.Timeout, opts.Grace = VerifyDecode, 10_000_000, 0, 200*time.Millisecond
		ctx, interrupt := context.WithCancel(t.Context())
		go func() { <-served; interrupt() }()
		o := runIn(ctx, t, opts, Deps{}, lines("http://a.test/scans"))
		if o.err != nil || len(o.results) != 1 || o.results[0].Status != StatusCanceled {
			t.Errorf("%v: %s", o.err, fmt.Sprint(o.results))
		}
	})
}
