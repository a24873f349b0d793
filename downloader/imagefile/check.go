package imagefile

import "io"

// Info is what is known of an image.
type Info struct {
	// Width and Height are in pixels, as stored: no rotation is applied. They are
	// those of a GIF's or WebP's canvas, of a TIFF's first directory, and the
	// largest of an ICO, AVIF or HEIC. 0, 0: not known.
	Width, Height int

	// TrailingBytes is how many bytes follow the image's own end. They are no
	// fault: cameras append pictures and films. TIFF has no end, so there it is 0.
	TrailingBytes int64

	// Decoded reports that every pixel of the image, or of the first picture of
	// several, was decoded. Only [Format.Decode] sets it.
	Decoded bool
}

// Check walks a file of size bytes, and returns an [*Error] of the kind
// [ErrTruncated] or [ErrCorrupt] if it is not whole; the package comment says
// what that means for each format. Any other error is the reader's. With an
// error, Info has the dimensions if the walk came that far. A file of the format
// [Unknown] passes.
func (f Format) Check(r io.ReaderAt, size int64) (Info, error) {
	return f.walk(newWindow(f, r, size))
}

// Size returns the dimensions of an image, in pixels, as far as the head of its
// file tells them: 0, 0 if it does not.
func (f Format) Size(head []byte) (width, height int) {
	switch f {
	case JPEG:
		frame, _ := jpegHeader(headWindow(f, head))
		return frame.width, frame.height
	case PNG, GIF, WebP, BMP: // which tell it at once
		head = head[:min(len(head), 256)]
	}
	info, _ := f.walk(headWindow(f, head)) // a file that was cut
	return info.Width, info.Height
}

// largest keeps the larger of two pictures.
func (i *Info) largest(width, height int) {
	if int64(width)*int64(height) > int64(i.Width)*int64(i.Height) {
		i.Width, i.Height = width, height
	}
}

// side returns one dimension that a file claims: 0 for what no picture has, so
// that no later product overflows.
func side(v uint64) int {
	if v > 1<<31-1 {
		return 0
	}
	return int(v)
}
