package imagefile

import "image/color"

// variant says what decoding a file needs.
type variant struct {
	unsupported bool   // the decoder would get the pixels wrong, or call them damaged
	copies      int64  // that the decoder makes of the pixels, besides the picture itself
	compression uint64 // of a TIFF
}

// bytesPerPixel returns how much memory a pixel needs while it is decoded.
func (v variant) bytesPerPixel(model color.Model) int64 {
	size := int64(8) // of 16 bits a sample; or CMYK, beside the planes that it is made of
	switch model {
	case color.GrayModel, color.AlphaModel:
		size = 1
	case color.Gray16Model, color.Alpha16Model:
		size = 2
	case color.YCbCrModel:
		size = 3
	case color.RGBAModel, color.NRGBAModel, color.NYCbCrAModel:
		size = 4
	default:
		if _, ok := model.(color.Palette); ok {
			size = 1
		}
	}
	return size * (1 + v.copies)
}

// copies is for formats of which all files need the same.
func copies(n int64) func(*window) (variant, error) {
	return func(*window) (variant, error) { return variant{copies: n}, nil }
}

// examineJPEG finds files in which image/jpeg counts restart intervals wrong: it counts
// the units of all components also in a scan of one (T.81 section A.2).
func examineJPEG(w *window) (variant, error) {
	j, err := walkJPEG(w)
	v := variant{unsupported: j.splitRestarts}
	if j.progressive {
		v.copies = 4 // all coefficients are held, in four bytes each
	}
	return v, err
}

// examineTIFF finds files whose fields x/image/tiff does not look at: separate planes,
// the order of bits, the options of Group 3, and LZW codes as they were before TIFF 5.
func examineTIFF(w *window) (variant, error) {
	const fax3, fax4, lzw = 3, 4, 5
	var t tiffWalk
	if err := t.walk(w); err != nil {
		return variant{}, err
	}
	d := &t.first
	v := variant{copies: 3, compression: d.compression} // a strip can have all pixels
	fax := d.compression == fax3 || d.compression == fax4
	v.unsupported = d.planar == 2 && d.samples > 1 ||
		d.fillOrder == 2 && !fax || d.compression == fax3 && d.t4Options != 0
	if d.compression == lzw && d.stripOffsets.count > 0 {
		offset, err := t.value(w, d.stripOffsets, 0)
		if err != nil {
			return v, err
		}
		if b, err := w.at(int64(min(offset, uint64(w.size))), 2); err == nil && b[0] == 0 && b[1]&1 != 0 {
			v.unsupported = true
		}
	}
	return v, nil
}
