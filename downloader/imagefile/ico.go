package imagefile

import (
	"encoding/binary"
	"io"
)

// checkICO checks the directory and every entry, which is a PNG or a BMP without
// its first header.
func checkICO(w *window) (Info, error) {
	var info Info
	b, err := w.at(0, 6)
	if err != nil {
		return info, err
	}
	count := int64(binary.LittleEndian.Uint16(b[4:]))
	if !hasAt(b, 0, "\x00\x00\x01\x00") || count == 0 {
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
		info.keepLarger(icoSide(b[0]), icoSide(b[1]))
		length := int64(binary.LittleEndian.Uint32(b[8:]))
		offset := int64(binary.LittleEndian.Uint32(b[12:]))
		if offset < directory {
			return info, w.corrupt("entry %d overlaps the directory", i)
		}
		end = max(end, offset+length)
		if end > w.size {
			continue // read the rest of the directory for its dimensions
		}
		budget -= length
		if err := checkICOEntry(entries, offset, length, budget >= 0); err != nil {
			return info, err
		}
	}
	if end > w.size {
		return info, w.truncated()
	}
	info.TrailingBytes = w.size - end
	return info, nil
}

// checkICOEntry checks one entry. Thousands of entries may share the same bytes,
// so a PNG is walked only if the caller still has a budget for it.
func checkICOEntry(w *window, offset, length int64, walkPNG bool) error {
	if length < 12 {
		return w.corrupt("the entry at byte %d has the invalid length %d", offset, length)
	}
	b, err := w.at(offset, 8)
	if err != nil {
		return err
	}
	if string(b) != pngSignature {
		header, err := readBMPHeader(w, offset)
		if err == nil && !header.valid() {
			err = w.corrupt("the entry at byte %d is neither a PNG nor a BMP", offset)
		}
		return err
	}
	if !walkPNG {
		return nil
	}
	_, err = checkPNG(newWindow(PNG, io.NewSectionReader(w.r, offset, length), length))
	return err
}

// icoSide returns a width or height in pixels. A byte cannot hold 256, so 0 stands
// for it.
func icoSide(v byte) int {
	if v == 0 {
		return 256
	}
	return int(v)
}
