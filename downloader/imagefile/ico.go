package imagefile

import (
	"encoding/binary"
	"io"
)

// The directories of icons and of cursors differ in the type.
const (
	icoSignature = "\x00\x00\x01\x00"
	curSignature = "\x00\x00\x02\x00"
)

// checkICO checks the directory and every entry, which is a PNG or a BMP without
// its first header. The dimensions are those of the largest image: the directory has
// one byte for each, which many writers fill in wrong.
func checkICO(w *window) (Info, error) {
	var info, claimed Info
	b, err := w.at(0, 6)
	if err != nil {
		return info, err
	}
	count := int64(binary.LittleEndian.Uint16(b[4:]))
	if !hasAt(b, 0, icoSignature) && !hasAt(b, 0, curSignature) || count == 0 {
		return info, w.corrupt("no directory")
	}
	directory := 6 + 16*count
	entries := newWindow(w.format, w.r, w.size)
	end := directory
	budget := w.size // entry bytes that may still be read
	for i := range count {
		b, err := w.at(6+16*i, 16)
		if err != nil {
			return info, err
		}
		height := icoSide(b[1])
		claimed.keepLarger(icoSide(b[0]), height)
		length := int64(binary.LittleEndian.Uint32(b[8:]))
		offset := int64(binary.LittleEndian.Uint32(b[12:]))
		if offset < directory {
			return info, w.corrupt("entry %d overlaps the directory", i)
		}
		end = max(end, offset+length)
		if end > w.size {
			continue // other entries may be in the file, with their dimensions
		}
		budget -= length
		image, err := checkICOEntry(entries, offset, length, height, budget >= 0)
		info.keepLarger(image.Width, image.Height)
		if err != nil {
			return info, err
		}
	}
	if end > w.size {
		if info.pixels() == 0 {
			info = claimed
		}
		return info, w.truncated()
	}
	info.TrailingBytes = w.size - end
	return info, nil
}

// checkICOEntry checks one entry, whose height is said to be height. Thousands of
// entries may share the same bytes, so a PNG is walked only if the caller still has a
// budget for it.
func checkICOEntry(w *window, offset, length int64, height int, walkPNG bool) (Info, error) {
	if length < 12 {
		return Info{}, w.corrupt("the entry at byte %d has the invalid length %d", offset, length)
	}
	b, err := w.at(offset, 8)
	if err != nil {
		return Info{}, err
	}
	if string(b) != pngSignature {
		return checkICOBitmap(w, offset, length, height)
	}
	png := newWindow(PNG, io.NewSectionReader(w.r, offset, length), length)
	if !walkPNG {
		info, _, err := pngHeader(png, int64(len(pngSignature)), 13)
		return info, err
	}
	return checkPNG(png)
}

// checkICOBitmap checks an entry that is a BMP. Its header counts the rows of the
// pixels and those of a mask, which some writers leave out.
func checkICOBitmap(w *window, offset, length int64, height int) (Info, error) {
	header, err := readBMPHeader(w, offset)
	if err != nil {
		return Info{}, err
	}
	if !header.valid() {
		return Info{}, w.corrupt("the entry at byte %d is neither a PNG nor a BMP", offset)
	}
	if header.height != height {
		header.height = max(1, header.height/2)
	}
	info := Info{Width: header.width, Height: header.height}
	if header.length+header.pixelBytes() > length {
		return info, w.corrupt("the bitmap at byte %d is larger than its entry", offset)
	}
	return info, nil
}

// icoSide returns a width or height in pixels. A byte cannot hold 256, so 0 stands
// for it.
func icoSide(v byte) int {
	if v == 0 {
		return 256
	}
	return int(v)
}
