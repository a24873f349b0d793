package imagefile

import "encoding/binary"

// heifWalk is the state of a walk through an AVIF or HEIC.
type heifWalk struct {
	*window
	info     Info
	hasIndex bool   // a box that locates images was read
	hasData  bool   // a box that holds image data was read
	itemsEnd uint64 // the largest offset that an item needs
}

// checkHEIF walks the boxes: ISO/IEC 23008-12.
func checkHEIF(w *window) (Info, error) {
	h := &heifWalk{window: w}
	offset := int64(0)
	for offset < w.size {
		b, err := w.box(offset, w.size)
		if err == nil && b.is("ftyp") != (offset == 0) {
			err = w.corrupt("unexpected box %s at byte %d", b.kind, offset)
		}
		if err != nil {
			if h.hasIndex && h.hasData && !isHEIFBox(b) && isFileError(err) {
				break // not a box, but appended data
			}
			return h.info, err
		}
		switch {
		case b.is("meta"):
			err = h.meta(b)
		case b.is("mini"):
			h.hasIndex, h.hasData = true, true
			err = minimizedSize(w, b, &h.info)
		case b.is("moov"):
			h.hasIndex = true
		case b.is("mdat"):
			h.hasData = true
		}
		if err != nil {
			return h.info, err
		}
		offset = b.end
	}
	if !h.hasIndex || !h.hasData || h.itemsEnd > uint64(w.size) {
		return h.info, w.truncated()
	}
	h.info.TrailingBytes = w.size - offset
	return h.info, nil
}

// isHEIFBox reports whether b is one of the top-level boxes of these files. If such
// a box is cut, the image is cut.
func isHEIFBox(b box) bool {
	switch string(b.kind[:]) {
	case "meta", "mini", "mdat", "moov", "moof", "free", "skip", "uuid":
		return true
	}
	return false
}

// meta reads the items: ISO/IEC 14496-12 section 8.11.
func (h *heifWalk) meta(meta box) error {
	h.hasIndex = true
	var properties heifProperties
	err := h.children(meta, 4, func(b box) error { // 4 bytes of version and flags
		switch {
		case b.is("iloc"):
			end, err := heifItemsEnd(h.window, b)
			h.itemsEnd = max(h.itemsEnd, end)
			return err
		case b.is("idat"):
			h.hasData = true
		case b.is("pitm"):
			return properties.readPrimary(h.window, b)
		case b.is("iprp"):
			return h.children(b, 0, func(b box) error {
				switch {
				case b.is("ipco"):
					properties.list = b
					return h.children(b, 0, func(b box) error { return keepLargest(h.window, b, &h.info) })
				case b.is("ipma"):
					properties.addAssociations(b)
				}
				return nil
			})
		}
		return nil
	})
	if err != nil {
		return err
	}
	return properties.size(h.window, &h.info)
}

// heifFormat returns the format that a file type box announces: by its major brand,
// or else by a compatible one (ISO/IEC 14496-12 section 4.3, ISO/IEC 23008-12
// section 10, AV1 Image File Format section 6).
func heifFormat(b []byte) Format {
	format := brandFormat(b, 8)
	if hasAt(b, 8, "mif3") && brandFormat(b, 12) != Unknown { // the codec is in the minor version
		return brandFormat(b, 12)
	}
	if format == AVIF || format == HEIC && !isGenericBrand(b, 8) {
		return format
	}
	end := min(uint64(len(b)), uint64(binary.BigEndian.Uint32(b)))
	for i := 16; uint64(i)+4 <= end; i += 4 {
		switch brandFormat(b, i) {
		case AVIF:
			return AVIF
		case HEIC:
			if !hasAt(b, i, "hevc") && !hasAt(b, i, "hevx") { // videos may be compatible with these
				format = HEIC
			}
		}
	}
	return format
}

// brandFormat returns the format of the brand at an offset, or Unknown.
func brandFormat(b []byte, at int) Format {
	if len(b) < at+4 {
		return Unknown
	}
	switch string(b[at : at+4]) {
	case "avif", "avis":
		return AVIF
	case "heic", "heix", "heim", "heis", "hevc", "hevx":
		return HEIC
	}
	if isGenericBrand(b, at) {
		return HEIC
	}
	return Unknown
}

// isGenericBrand reports whether the brand at an offset is one of images of any codec.
func isGenericBrand(b []byte, at int) bool {
	return hasAt(b, at, "mif1") || hasAt(b, at, "mif2") || hasAt(b, at, "mif3") ||
		hasAt(b, at, "msf1")
}
