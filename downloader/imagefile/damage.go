package imagefile

import (
	"compress/flate"
	"compress/zlib"
	"errors"
	"image/jpeg"
	"image/png"
	"io"
	"slices"
	"strings"
)

// The functions in this file say which errors of the decoders mean that the pixels are
// damaged. All others mean only that a decoder does not support the file, or is
// stricter than those of browsers.

// damagedJPEG knows errors in entropy-coded data, and in tables and headers with which
// libjpeg does not decode either. Without Huffman tables, decoders use those of Motion
// JPEG (T.81 annex K.3), but image/jpeg does not.
func damagedJPEG(_ variant, err error) bool {
	if err == jpeg.UnsupportedError("excessive DC component") {
		return true
	}
	reason, ok := errors.AsType[jpeg.FormatError](err)
	if !ok {
		return isEOF(err)
	}
	return slices.Contains([]string{
		"short Huffman data", "bad Huffman code", "unexpected Huffman code",
		"too many coefficients", "missing 0xff00 sequence", "bad RST marker",
		"DHT has wrong length", "bad Tc value", "bad Th value",
		"Huffman table has zero length", "Huffman table has excessive length",
		"DQT has wrong length", "bad Tq value", "bad Pq value",
		"bad spectral selection bounds", "unknown component selector",
		"SOS length inconsistent with number of components",
	}, string(reason))
}

// damagedPNG knows errors in the compressed pixels: [Format.Check] has found the chunks
// right.
func damagedPNG(_ variant, err error) bool {
	if reason, ok := errors.AsType[png.FormatError](err); ok {
		return reason == "not enough pixel data" || reason == "bad filter type" ||
			strings.HasPrefix(string(reason), "zlib: ") ||
			strings.HasPrefix(string(reason), "flate: ")
	}
	return isDeflateError(err) || isEOF(err)
}

// damagedGIF knows errors in the compressed pixels. The errors have no types.
func damagedGIF(_ variant, err error) bool {
	text := err.Error()
	return text == "gif: not enough image data" || strings.Contains(text, "lzw: ") || isEOF(err)
}

// damagedWebP takes every error for damage: [Format.Check] has found a picture of a
// kind that the decoder supports.
func damagedWebP(variant, error) bool { return true }

// damagedBMP finds no damage: [Format.Check] has found all pixels there, and any bytes
// are pixels.
func damagedBMP(variant, error) bool { return false }

// damagedTIFF knows errors in compressed pixels.
func damagedTIFF(v variant, err error) bool {
	const uncompressed, fax4 = 1, 4
	text := err.Error()
	switch {
	case v.compression <= uncompressed:
		return false
	case strings.HasPrefix(text, "ccitt: "): // in Group 3, decoders accept more than x/image does
		return v.compression == fax4 && !strings.Contains(text, "unsupported")
	}
	return isDeflateError(err) || isEOF(err) || strings.HasPrefix(text, "lzw: ") ||
		strings.HasSuffix(text, "not enough pixel data") ||
		strings.HasSuffix(text, "PackBits: decompressed data too large")
}

func isDeflateError(err error) bool {
	_, corrupt := errors.AsType[flate.CorruptInputError](err)
	return corrupt || errors.Is(err, zlib.ErrHeader) || errors.Is(err, zlib.ErrChecksum) ||
		errors.Is(err, zlib.ErrDictionary)
}

func isEOF(err error) bool { return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) }
