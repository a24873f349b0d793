package imagefile

import (
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
	config  func(io.Reader) (image.Config, error)
	decode  func(io.Reader) (image.Image, error)
	open    func(*source) (io.Reader, error) // what the two above read
	examine func(*window) (variant, error)   // finds out what a whole file needs
	damaged func(v variant, err error) bool  // whether an error means damage in the file
}

// decoder returns the decoder of a format, if there is one.
func (f Format) decoder() (decoder, bool) {
	d := decoder{open: (*source).whole}
	switch f {
	case JPEG:
		d.config, d.decode, d.examine, d.damaged = jpeg.DecodeConfig, jpeg.Decode, examineJPEG, damagedJPEG
		d.open = (*source).inPieces
	case PNG:
		d.config, d.decode, d.examine, d.damaged = png.DecodeConfig, png.Decode, copies(1), damagedPNG
	case GIF:
		d.config, d.decode, d.examine, d.damaged = gif.DecodeConfig, gif.Decode, copies(0), damagedGIF
	case WebP:
		d.config, d.decode, d.examine, d.damaged = webp.DecodeConfig, webp.Decode, copies(1), damagedWebP
		d.open = firstWebP
	case BMP:
		d.config, d.decode, d.examine, d.damaged = bmp.DecodeConfig, bmp.Decode, copies(0), damagedBMP
	case TIFF:
		d.config, d.decode, d.examine, d.damaged = tiff.DecodeConfig, tiff.Decode, examineTIFF, damagedTIFF
	default:
		return d, false
	}
	return d, true
}

// damage returns an error of the decoder if it means damage in the file.
func (d *decoder) damage(v variant, err error) error {
	if d.damaged(v, err) {
		return err
	}
	return nil
}
