package imagefile

import (
	"errors"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"
)

// decoder decodes files of one format.
type decoder struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

// Decode checks a file like [Format.Check] and then decodes its pixels: those of the
// first image, if there are several. If an image has more than maxPixels pixels,
// Decode returns an error of the kind [ErrTooManyPixels], whatever else is wrong
// with the file, and allocates no memory for them. A maxPixels of 0 means no limit.
// Decoding needs up to about 30 bytes of memory for each pixel.
//
// Data that does not decode, or that makes a decoder panic (CVE-2023-36308 and
// others), is an error of the kind [ErrCorrupt]. There is no decoder for AVIF, HEIC,
// JXL and ICO, nor for variants such as arithmetic coding in a JPEG or RLE in a BMP.
// Such files are only checked, and Decoded is false in their Info.
func (f Format) Decode(r io.ReaderAt, size, maxPixels int64) (Info, error) {
	_, info, err := f.Picture(r, size, maxPixels)
	return info, err
}

// Picture is like [Format.Decode], and also returns the decoded image. The image is
// nil unless Decoded is true in the Info.
func (f Format) Picture(r io.ReaderAt, size, maxPixels int64) (image.Image, Info, error) {
	info, err := f.Check(r, size)
	if info.pixels() > maxPixels && maxPixels > 0 {
		return nil, info, f.tooMany(info.Width, info.Height, maxPixels)
	}
	if err != nil {
		return nil, info, err
	}
	d, ok := f.decoder()
	if !ok {
		return nil, info, nil
	}
	source := &errorRecorder{r: r}
	picture, err := f.decode(d, source, size, maxPixels)
	switch {
	case source.err != nil:
		return nil, info, source.err
	case isUnsupported(err):
		return nil, info, nil
	case err == nil:
		info.Decoded = true
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

// decode decodes the pixels and turns a panic of the decoder into an error.
func (f Format) decode(
	d decoder, r io.ReaderAt, size, maxPixels int64,
) (picture image.Image, err error) {
	defer func() {
		if p := recover(); p != nil {
			picture, err = nil, f.errorf(ErrCorrupt, "the decoder panicked: %v", p)
		}
	}()
	open := func() (io.Reader, error) { return io.NewSectionReader(r, 0, size), nil }
	if f == WebP {
		open = func() (io.Reader, error) { return firstWebP(r, size) }
	}
	source, err := open()
	if err != nil {
		return nil, err
	}
	// A decoder allocates memory for the dimensions that it reads itself, so these
	// are checked again.
	config, err := d.config(source)
	if err != nil {
		return nil, err
	}
	if maxPixels > 0 && int64(config.Width)*int64(config.Height) > maxPixels {
		return nil, f.tooMany(config.Width, config.Height, maxPixels)
	}
	if source, err = open(); err != nil {
		return nil, err
	}
	return d.decode(source)
}

// decoder returns the decoder of a format, if there is one.
func (f Format) decoder() (decoder, bool) {
	switch f {
	case JPEG:
		return decoder{jpeg.DecodeConfig, jpeg.Decode}, true
	case PNG:
		return decoder{png.DecodeConfig, png.Decode}, true
	case GIF:
		return decoder{gif.DecodeConfig, gif.Decode}, true
	case WebP:
		return decoder{webp.DecodeConfig, webp.Decode}, true
	case BMP:
		return decoder{bmp.DecodeConfig, bmp.Decode}, true
	case TIFF:
		return decoder{tiff.DecodeConfig, tiff.Decode}, true
	}
	return decoder{}, false
}

// isUnsupported reports whether a decoder rejected a file because it does not
// support it, rather than because the file is damaged.
func isUnsupported(err error) bool {
	_, inJPEG := errors.AsType[jpeg.UnsupportedError](err)
	_, inPNG := errors.AsType[png.UnsupportedError](err)
	_, inTIFF := errors.AsType[tiff.UnsupportedError](err)
	bigTIFF := err == tiff.FormatError("malformed header") // Check has found the header valid
	return inJPEG || inPNG || inTIFF || bigTIFF || errors.Is(err, bmp.ErrUnsupported)
}

// errorRecorder keeps the reader's own error, so that it is not mistaken for damage
// in the file.
type errorRecorder struct {
	r   io.ReaderAt
	err error
}

func (e *errorRecorder) ReadAt(b []byte, offset int64) (int, error) {
	n, err := e.r.ReadAt(b, offset)
	if err != nil && err != io.EOF {
		e.err = err
	}
	return n, err
}
