package imagefile

import (
	"context"
	"image"
	"io"
)

// Limits bounds what decoding uses. Decoders that share a Limits share its memory. A nil
// *Limits sets no bounds.
type Limits struct {
	maxPixels int64
	memory    *memory
}

// NewLimits returns limits of maxPixels for an image, and of memory bytes for all
// images that are decoded at a time. 0 means no limit. How much memory an image needs
// is an estimate. One that needs more than memory is decoded while no other is.
func NewLimits(maxPixels, memory int64) *Limits {
	l := &Limits{maxPixels: maxPixels}
	if memory > 0 {
		l.memory = newMemory(memory)
	}
	return l
}

// allow reports whether an image may have so many pixels.
func (l *Limits) allow(width, height int) bool {
	return l == nil || l.maxPixels == 0 || int64(width)*int64(height) <= l.maxPixels
}

// reserve waits until n bytes may be used.
func (l *Limits) reserve(ctx context.Context, n int64) (release func(), err error) {
	if l == nil || l.memory == nil {
		return func() {}, nil
	}
	return l.memory.acquire(ctx, n)
}

// Decode checks a file like [Format.Check] and then decodes its pixels: those of the
// first image, if there are several. If there are more of them than the limits allow,
// Decode returns an error of the kind [ErrTooManyPixels], and allocates no memory for
// them.
//
// Data that does not decode, or that makes a decoder panic (CVE-2023-36308 and
// others), is an error of the kind [ErrCorrupt]. But a file is not damaged because a
// decoder does not support it. There is no decoder for many formats, nor for variants
// such as arithmetic coding in a JPEG, RLE in a BMP or separate planes in a TIFF, and
// the decoders are stricter than others with what does not concern the pixels. Such
// files are only checked: Decoded is false in their Info, and there is no error.
//
// When ctx ends, Decode returns its error: at once, or after one pass over the pixels.
func (f Format) Decode(
	ctx context.Context, r io.ReaderAt, size int64, limits *Limits,
) (Info, error) {
	_, info, err := f.Picture(ctx, r, size, limits)
	return info, err
}

// Picture is like [Format.Decode], and also returns the decoded image. The image is
// nil unless Decoded is true in the Info.
func (f Format) Picture(
	ctx context.Context, r io.ReaderAt, size int64, limits *Limits,
) (image.Image, Info, error) {
	info, err := f.Check(r, size)
	d, ok := f.decoder()
	if !ok {
		return nil, info, err
	}
	if err != nil {
		if !limits.allow(info.Width, info.Height) { // what a bomb is comes before what is wrong with it
			err = f.tooMany(info.Width, info.Height, limits.maxPixels)
		}
		return nil, info, err
	}
	source := &source{ctx: ctx, r: r, size: size}
	picture, err := f.decode(d, source, limits)
	switch {
	case source.err != nil:
		return nil, info, source.err
	case err == nil:
		info.Decoded = picture != nil
		return picture, info, nil
	case isFileError(err):
		return nil, info, err
	}
	return nil, info, f.errorf(ErrCorrupt, "the pixels do not decode: %v", err)
}

func (f Format) tooMany(width, height int, limit int64) error {
	return f.errorf(ErrTooManyPixels, "%dx%d is more than the limit of %d pixels",
		width, height, limit)
}

// decode decodes the pixels and turns a panic of the decoder into an error. It returns
// no picture and no error if the decoder does not support the file.
func (f Format) decode(d decoder, s *source, limits *Limits) (picture image.Image, err error) {
	defer func() {
		if p := recover(); p != nil {
			picture, err = nil, f.errorf(ErrCorrupt, "the decoder panicked: %v", p)
		}
	}()
	v, err := d.examine(newWindow(f, s, s.size))
	if err != nil || v.unsupported {
		return nil, err
	}
	input, err := d.open(s)
	if err != nil {
		return nil, err
	}
	// A decoder allocates memory for the dimensions that it reads itself, so these
	// are checked, and not those in the Info.
	config, err := d.config(input)
	if err != nil {
		return nil, d.damage(v, err)
	}
	if !limits.allow(config.Width, config.Height) {
		return nil, f.tooMany(config.Width, config.Height, limits.maxPixels)
	}
	pixels := int64(config.Width) * int64(config.Height)
	release, err := limits.reserve(s.ctx, pixels*v.bytesPerPixel(config.ColorModel))
	if err != nil {
		s.err = err
		return nil, err
	}
	defer release()
	if input, err = d.open(s); err != nil {
		return nil, err
	}
	if picture, err = d.decode(input); err != nil {
		return nil, d.damage(v, err)
	}
	return picture, nil
}
