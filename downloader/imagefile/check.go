package imagefile

import (
	"encoding/binary"
	"io"
)

// HeadSize is the number of bytes at the start of a file that [Identify] uses.
const HeadSize = 4 << 10

// Identify returns the format of a file by its first [HeadSize] bytes, or fewer if
// the file is shorter. It ignores the name and the media type of the file.
func Identify(head []byte) (Format, bool) {
	f := identify(head[:min(len(head), HeadSize)])
	return f, f != Unknown
}

func identify(b []byte) Format {
	switch {
	case hasAt(b, 0, "\xff\xd8\xff"):
		return JPEG
	case hasAt(b, 0, pngSignature):
		return PNG
	case hasAt(b, 0, "GIF87a"), hasAt(b, 0, "GIF89a"):
		return GIF
	case hasAt(b, 0, "RIFF") && hasAt(b, 8, "WEBP"):
		return WebP
	case hasAt(b, 4, "ftyp"):
		return heifFormat(b)
	case hasAt(b, 0, "\xff\x0a"), hasAt(b, 0, jxlSignature):
		return JXL
	case hasAt(b, 0, "BM") && len(b) >= 18 &&
		binary.LittleEndian.Uint32(b[14:]) < 256: // the length of the second header
		return BMP
	case hasAt(b, 0, "II*\x00"), hasAt(b, 0, "MM\x00*"), // TIFF
		hasAt(b, 0, "II+\x00"), hasAt(b, 0, "MM\x00+"): // BigTIFF
		return TIFF
	case hasAt(b, 0, icoSignature) && len(b) >= 6 && b[4] != 0: // the number of entries
		return ICO
	case hasAt(b, 0, curSignature) && len(b) >= 6 && b[4] != 0:
		return CUR
	case hasAt(b, 0, jp2Signature), hasAt(b, 0, j2kSignature):
		return JP2
	case hasAt(b, 0, psdSignature+"\x00\x01\x00\x00\x00\x00\x00\x00"),
		hasAt(b, 0, psdSignature+"\x00\x02\x00\x00\x00\x00\x00\x00"):
		return PSD
	case hasAt(b, 0, qoiSignature) && len(b) >= qoiHeader:
		return QOI
	case hasAt(b, 0, ddsSignature+"\x7c\x00\x00\x00"):
		return DDS
	case hasAt(b, 0, exrSignature):
		return EXR
	case isSVG(b):
		return SVG
	case isPNM(b):
		return PNM
	case isTGA(b): // the last, since it has no signature
		return TGA
	}
	return Unknown
}

// Check walks a file of size bytes. If the file is not whole, it returns an
// [*Error] of the kind [ErrTruncated] or [ErrCorrupt]; the package comment says
// what a check finds in each format. Any other error comes from the reader. Along
// with an error, Info has the dimensions if the walk reached them. A file of the
// format [Unknown] passes.
func (f Format) Check(r io.ReaderAt, size int64) (Info, error) {
	return check(newWindow(f, r, size))
}

// check walks a file of w's format. Along with an error it returns what is known
// by then.
func check(w *window) (Info, error) {
	switch w.format {
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
	case ICO, CUR:
		return checkICO(w)
	case SVG:
		return checkSVG(w)
	case JP2:
		return checkJP2(w)
	case PSD:
		return checkPSD(w)
	case TGA:
		return checkTGA(w)
	case PNM:
		return checkPNM(w)
	case QOI:
		return checkQOI(w)
	case DDS:
		return checkDDS(w)
	case EXR:
		return checkEXR(w)
	}
	return Info{}, nil
}

// Size returns the dimensions of an image, in pixels, from the head of its file.
// It returns 0, 0 if they are not in the head.
func (f Format) Size(head []byte) (width, height int) {
	switch f {
	case JPEG:
		j, _ := jpegHeader(memoryWindow(f, head))
		return j.width, j.height
	case PNG, GIF, WebP, BMP: // the dimensions are near the start
		head = head[:min(len(head), 256)]
	}
	info, _ := check(memoryWindow(f, head)) // the error is that the head is cut
	return info.Width, info.Height
}
