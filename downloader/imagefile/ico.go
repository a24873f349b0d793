package imagefile

import (
	"encoding/binary"
	"io"
)

// checkICO takes the directory and every entry of it, which is a PNG or the
// second half of a BMP.
func checkICO(w *window) (Info, error) {
	var info Info
	b, err := w.at(0, 6)
	if err != nil {
		return info, err
	}
	count := int64(binary.LittleEndian.Uint16(b[4:]))
	if !has(b, 0, "\x00\x00\x01\x00") || count == 0 {
		return info, w.corrupt("no directory")
	}
	directory, entries := 6+16*count, newWindow(w.format, w.r, w.size)
	end, left := directory, w.size // bytes that entries may have together, to be looked into
	for i := range count {
		b, err := w.at(6+16*i, 16)
		if err != nil {
			return info, err
		}
		info.largest(icoSide(b[0]), icoSide(b[1]))
		length, offset := int64(binary.LittleEndian.Uint32(b[8:])), int64(binary.LittleEndian.Uint32(b[12:]))
		if offset < directory {
			return info, w.corrupt("the entry %d begins inside the directory", i)
		}
		end = max(end, offset+length)
		if end > w.size {
			continue // and on through the directory, for the dimensions
		}
		left -= length
		if err := icoEntry(entries, offset, length, left >= 0); err != nil {
			return info, err
		}
	}
	if end > w.size {
		return info, w.truncated()
	}
	info.TrailingBytes = w.size - end
	return info, nil
}

// icoEntry checks one entry. Entries may share their bytes, so that only some can
// be looked into deeply.
func icoEntry(w *window, offset, length int64, deeply bool) error {
	if length < 12 {
		return w.corrupt("the entry at byte %d has only %d bytes", offset, length)
	}
	b, err := w.at(offset, 8)
	if err != nil {
		return err
	}
	if string(b) != pngSignature {
		header, err := readBMPHeader(w, offset)
		if err == nil && !header.valid() {
			err = w.corrupt("the entry at byte %d is no picture", offset)
		}
		return err
	}
	if !deeply {
		return nil
	}
	_, err = checkPNG(newWindow(PNG, io.NewSectionReader(w.r, offset, length), length))
	return err
}

func icoSide(v byte) int {
	if v == 0 {
		return 256
	}
	return int(v)
}
