package imagefile

// Info describes an image.
type Info struct {
	// Width and Height are in pixels, as stored: no rotation is applied, neither by
	// Exif nor by a property irot. For a GIF or WebP they are those of the canvas,
	// for a TIFF those of the first directory, for an ICO those of the largest
	// image, for an AVIF or HEIC those of the primary image after its crop. If they
	// are not known, both are 0.
	Width, Height int

	// TrailingBytes is the number of bytes after the end of the image. They are not
	// an error: cameras append previews and videos. It is 0 for a TIFF, which does
	// not mark its end.
	TrailingBytes int64

	// Decoded reports that every pixel was decoded, of the first image if there are
	// several. Only [Format.Decode] and [Format.Picture] set it.
	Decoded bool
}

func (i *Info) pixels() int64 { return int64(i.Width) * int64(i.Height) }

// keepLarger sets the dimensions to the given ones if those have more pixels.
func (i *Info) keepLarger(width, height int) {
	if int64(width)*int64(height) > i.pixels() {
		i.Width, i.Height = width, height
	}
}

// dimension converts a width or height that a file claims. It returns 0 for a
// value that no image has, so that products of dimensions do not overflow.
func dimension(v uint64) int {
	if v > 1<<31-1 {
		return 0
	}
	return int(v)
}
