package imagefile

import (
	"bytes"
	"encoding/binary"
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

// decoder decodes a file of one format.
type decoder struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

// Decode checks a file like [Format.Check], and then decodes its pixels: the
// first picture, if there are several. An image with more than maxPixels pixels
// is an error of the kind [ErrTooManyPixels], before anything is allocated for
// them and whatever else is wrong with it; 0 is no limit. Decoding takes up to
// some 30 bytes for each pixel.
//
// Data that does not decode, or that makes a decoder panic (CVE-2023-36308 and
// others), is an error of the kind [ErrCorrupt]. AVIF, HEIC, JXL and ICO, and
// variants such as arithmetic coding in a JPEG or RLE in a BMP, have no decoder
// here: they are only checked, and Decoded is false in their Info.
func (f Format) Decode(r io.ReaderAt, size, maxPixels int64) (Info, error) {
	_, info, err := f.Picture(r, size, maxPixels)
	return info, err
}

// Picture is [Format.Decode], and returns what was decoded: nil unless Decoded
// is true in the Info.
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
	source := &watched{r: r}
	picture, err := f.decode(d, source, size, maxPixels)
	switch {
	case source.err != nil:
		return nil, info, source.err
	case unsupported(err):
		return nil, info, nil
	case err == nil:
		info.Decoded = true
		return picture, info, nil
	case damaged(err):
		return nil, info, err
	}
	return nil, info, f.errorf(ErrCorrupt, "the pixels do not decode: %v", err)
}

func (i *Info) pixels() int64 { return int64(i.Width) * int64(i.Height) }

func (f Format) tooMany(width, height int, limit int64) error {
	return f.errorf(ErrTooManyPixels, "%dx%d pixels, the limit is %d in all", width, height, limit)
}

// decode decodes the pixels.
func (f Format) decode(d decoder, r io.ReaderAt, size, maxPixels int64) (picture image.Image, err error) {
	defer func() {
		if p := recover(); p != nil {
			picture, err = nil, f.errorf(ErrCorrupt, "the decoder failed: %v", p)
		}
	}()
	open := func() (io.Reader, error) { return io.NewSectionReader(r, 0, size), nil }
	if f == WebP {
		open = func() (io.Reader, error) { return webpFirst(r, size) }
	}
	source, err := open()
	if err != nil {
		return nil, err
	}
	// What a decoder allocates follows from its own reading of the header.
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

// unsupported reports whether a decoder refused what it could not do.
func unsupported(err error) bool {
	_, inJPEG := errors.AsType[jpeg.UnsupportedError](err)
	_, inPNG := errors.AsType[png.UnsupportedError](err)
	_, inTIFF := errors.AsType[tiff.UnsupportedError](err)
	bigTIFF := err == tiff.FormatError("malformed header") // which it does not know: the check has
	return inJPEG || inPNG || inTIFF || bigTIFF || errors.Is(err, bmp.ErrUnsupported)
}

// watched keeps the reader's own error, so that it is not taken for the file's.
type watched struct {
	r   io.ReaderAt
	err error
}

func (w *watched) ReadAt(b []byte, offset int64) (int, error) {
	n, err := w.r.ReadAt(b, offset)
	if err != nil && err != io.EOF {
		w.err = err
	}
	return n, err
}

// webpFirst returns the first picture of a WebP as a file of its own. The decoder
// knows no animation, and insists that the header announces alpha if, and only
// if, there is a chunk of it.
func webpFirst(r io.ReaderAt, size int64) (io.Reader, error) {
	file, err := walkWebP(newWindow(WebP, r, size))
	if err != nil {
		return nil, err
	}
	picture := file.picture
	header := []byte("RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00")
	header = appendUint24(header, picture.width-1)
	header = appendUint24(header, picture.height-1)
	length := int64(len(header))
	parts := []io.Reader{nil}
	add := func(chunk webpChunk) {
		head := binary.LittleEndian.AppendUint32(chunk.kind[:], uint32(chunk.length))
		padding := make([]byte, chunk.length&1)
		parts = append(parts, bytes.NewReader(head), chunk.reader(r), bytes.NewReader(padding))
		length += 8 + chunk.length + chunk.length&1
	}
	if picture.alpha.body != 0 && picture.data.is("VP8 ") {
		header[20] = 1 << 4
		add(picture.alpha)
	}
	add(picture.data)
	binary.LittleEndian.PutUint32(header[4:], uint32(length-8))
	parts[0] = bytes.NewReader(header)
	return io.MultiReader(parts...), nil
}

func appendUint24(b []byte, v int) []byte { return append(b, byte(v), byte(v>>8), byte(v>>16)) }
