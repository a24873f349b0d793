package imagefile_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"grab/downloader/imagefile"
)

// hooked calls before, with the number of reads so far, before each read.
type hooked struct {
	*bytes.Reader
	reads  atomic.Int64
	before func(n int64)
}

func (h *hooked) ReadAt(b []byte, offset int64) (int, error) {
	n := h.reads.Add(1)
	if h.before != nil {
		h.before(n)
	}
	return h.Reader.ReadAt(b, offset)
}

// decodeHooked decodes data and returns the number of reads.
func decodeHooked(
	ctx context.Context, data []byte, limits *imagefile.Limits, before func(n int64),
) (int64, error) {
	r := &hooked{Reader: bytes.NewReader(data), before: before}
	f, _ := imagefile.Identify(data)
	_, err := f.Decode(ctx, r, int64(len(data)), limits)
	return r.reads.Load(), err
}

// TestDecodeObeysContext cancels the context at every read of every sample. Only a read
// of the check, which comes first, may pass.
func TestDecodeObeysContext(t *testing.T) {
	for _, s := range samples(t) {
		if !s.decodes {
			continue
		}
		check := &hooked{Reader: bytes.NewReader(s.data)}
		if _, err := s.format.Check(check, int64(len(s.data))); err != nil {
			t.Fatal(err)
		}
		reads, err := decodeHooked(t.Context(), s.data, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		for at := int64(1); at < reads; at++ {
			ctx, cancel := context.WithCancel(t.Context())
			last, err := decodeHooked(ctx, s.data, nil, func(n int64) {
				if n == at {
					cancel()
				}
			})
			if !errors.Is(err, context.Canceled) || last > max(at, check.reads.Load()) {
				t.Errorf("%s: cancelled at read %d of %d: %d reads, %v", s.name, at, reads, last, err)
			}
			cancel()
		}
	}
}

// TestManyScans cancels the context when a JPEG of many scans is in memory, but hardly
// decoded. Each scan is a pass over all pixels.
func TestManyScans(t *testing.T) {
	data := manyScans(t, 300)
	reads, err := decodeHooked(t.Context(), data, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err = decodeHooked(ctx, data, nil, func(n int64) {
		if n == reads { // nothing follows but the decoder's work
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// manyScans returns a progressive JPEG of 64x64 pixels. All its scans but the first say
// only that all blocks end: symbol 0x60 is a run of 64 to 127 ends.
func manyScans(t *testing.T, n int) []byte {
	data := jpegOf(t, image.NewGray(image.Rect(0, 0, 64, 64)))
	data = bytes.Replace(data, []byte("\xff\xc0"), []byte("\xff\xc2"), 1)
	data = data[:bytes.Index(data, []byte("\xff\xda"))]
	table := "\xff\xc4\x00\x14\x10\x01" + strings.Repeat("\x00", 15) + "\x60"
	flat := "\xff\xda\x00\x08\x01\x01\x00\x00\x00\x00" + strings.Repeat("\x00", 16)
	ends := "\xff\xda\x00\x08\x01\x01\x00\x01\x3f\x00\x00"
	return []byte(string(data) + table + flat + strings.Repeat(ends, n) + "\xff\xd9")
}

// TestDecodeMemory decodes an image that waits for the memory of another one.
func TestDecodeMemory(t *testing.T) {
	data := pngOf(t, noise(40, 30))
	reads, err := decodeHooked(t.Context(), data, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	const onePicture = 2 * 4 * 40 * 30
	for memory, together := range map[int64]bool{1: false, 2*onePicture - 1: false, 2 * onePicture: true} {
		synctest.Test(t, func(t *testing.T) {
			limits := imagefile.NewLimits(0, memory)
			resume := make(chan struct{})
			first := make(chan error, 1)
			go func() {
				_, err := decodeHooked(t.Context(), data, limits, func(n int64) {
					if n == reads {
						<-resume
					}
				})
				first <- err
			}()
			synctest.Wait() // the first has its memory

			ctx, cancel := context.WithCancel(t.Context())
			second := make(chan error, 1)
			go func() {
				_, err := decodeHooked(ctx, data, limits, nil)
				second <- err
			}()
			third := make(chan error, 1)
			go func() {
				_, err := decodeHooked(t.Context(), data, limits, nil)
				third <- err
			}()
			synctest.Wait()
			if done := len(second)+len(third) == 2; done != together {
				t.Errorf("%d bytes: decoded at the same time: %v", memory, done)
			}
			cancel()
			if err := <-second; !together && !errors.Is(err, context.Canceled) {
				t.Errorf("%d bytes: the one that was cancelled: %v", memory, err)
			}
			close(resume)
			if err := errors.Join(<-first, <-third); err != nil {
				t.Errorf("%d bytes: %v", memory, err)
			}
		})
	}
}
