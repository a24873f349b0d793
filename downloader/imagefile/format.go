package imagefile

import "encoding/binary"

// Format is an image format. The zero Format is [Unknown].
type Format uint8

// The formats.
const (
	Unknown Format = iota // no image that we know
	JPEG                  // ITU-T T.81
	PNG                   // W3C PNG, third edition, with APNG
	GIF                   // GIF87a, GIF89a
	WebP                  // RFC 9649
	AVIF                  // AV1 in ISO/IEC 23008-12
	HEIC                  // HEVC, or anything else but AV1, in ISO/IEC 23008-12
	JXL                   // ISO/IEC 18181, bare or in boxes
	BMP                   // Windows and OS/2 bitmaps
	TIFF                  // TIFF 6.0 and BigTIFF
	ICO                   // Windows icons
	formatEnd
)

// HeadSize is how much of a file [Identify] looks at, in bytes.
const HeadSize = 64

const (
	pngSignature = "\x89PNG\r\n\x1a\n"
	jxlSignature = "\x00\x00\x00\x0cJXL \r\n\x87\n" // a box of its own
)

// Identify tells the format of a file by its first [HeadSize] bytes, or as many
// as there are. The name and the media type that a file came with do not count.
func Identify(head []byte) (Format, bool) {
	f := identify(head[:min(len(head), HeadSize)])
	return f, f != Unknown
}

func identify(b []byte) Format {
	switch {
	case has(b, 0, "\xff\xd8\xff"):
		return JPEG
	case has(b, 0, pngSignature):
		return PNG
	case has(b, 0, "GIF87a"), has(b, 0, "GIF89a"):
		return GIF
	case has(b, 0, "RIFF") && has(b, 8, "WEBP"):
		return WebP
	case has(b, 4, "ftyp"):
		return brand(b)
	case has(b, 0, "\xff\x0a"), has(b, 0, jxlSignature):
		return JXL
	case has(b, 0, "BM") && len(b) >= 18 && binary.LittleEndian.Uint32(b[14:]) < 256: // the size of the second header
		return BMP
	case has(b, 0, "II*\x00"), has(b, 0, "MM\x00*"), has(b, 0, "II+\x00"), has(b, 0, "MM\x00+"):
		return TIFF
	case has(b, 0, "\x00\x00\x01\x00") && len(b) >= 6 && b[4] != 0: // the number of entries
		return ICO
	}
	return Unknown
}

func has(b []byte, offset int, want string) bool {
	return len(b) >= offset+len(want) && string(b[offset:offset+len(want)]) == want
}

// String returns the format's name.
func (f Format) String() string {
	switch f {
	case JPEG:
		return "JPEG"
	case PNG:
		return "PNG"
	case GIF:
		return "GIF"
	case WebP:
		return "WebP"
	case AVIF:
		return "AVIF"
	case HEIC:
		return "HEIC"
	case JXL:
		return "JPEG XL"
	case BMP:
		return "BMP"
	case TIFF:
		return "TIFF"
	case ICO:
		return "ICO"
	}
	return "unknown format"
}

// Ext returns the extension of the format's files, with its dot: ".bin" for
// [Unknown].
func (f Format) Ext() string {
	switch f {
	case JPEG:
		return ".jpg"
	case PNG:
		return ".png"
	case GIF:
		return ".gif"
	case WebP:
		return ".webp"
	case AVIF:
		return ".avif"
	case HEIC:
		return ".heic"
	case JXL:
		return ".jxl"
	case BMP:
		return ".bmp"
	case TIFF:
		return ".tiff"
	case ICO:
		return ".ico"
	}
	return ".bin"
}

// Extensions returns the extension of every format, that of [Unknown] first.
func Extensions() []string {
	all := make([]string, formatEnd)
	for i := range all {
		all[i] = Format(i).Ext()
	}
	return all
}

// walk walks a file of the format. Its Info is as far as the walk came.
func (f Format) walk(w *window) (Info, error) {
	switch f {
	case JPEG:
		return checkJPEG(w)
	case PNG:
		return checkPNG(w)
	case GIF:
		return checkGIF(w)
	case WebP:
		return checkWebP(w)
	case AVIF, HEIC:
		return checkHEIF(w)
	case JXL:
		return checkJXL(w)
	case BMP:
		return checkBMP(w)
	case TIFF:
		return checkTIFF(w)
	case ICO:
		return checkICO(w)
	}
	return Info{}, nil
}
