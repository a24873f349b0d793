package imagefile

import (
	"bytes"
	"encoding/binary"
)

const exrSignature = "\x76\x2f\x31\x01\x02" // with the version

// The flags that mean another layout than that of rows of pixels.
const (
	exrTiled     = 0x02
	exrDeep      = 0x08
	exrMultipart = 0x10
)

// exrHeader has what a check needs of the attributes.
type exrHeader struct {
	end         int64 // offset of what follows
	compression byte
	seen        bool // the window of the pixels
}

// checkEXR checks the header, and that every chunk of rows is in the file: OpenEXR File
// Layout. Of files with tiles, several parts or deep data, only the header is checked.
func checkEXR(w *window) (Info, error) {
	var info Info
	b, err := w.at(0, 8)
	if err != nil {
		return info, err
	}
	if !hasAt(b, 0, exrSignature) {
		return info, w.corrupt("no signature")
	}
	flags := b[5]
	h, err := readEXRHeader(w, &info)
	if err != nil {
		return info, err
	}
	if !h.seen {
		return info, w.corrupt("the header has no data window")
	}
	rows := exrRows(h.compression)
	if flags&(exrTiled|exrDeep|exrMultipart) != 0 || rows == 0 {
		return info, nil
	}
	chunks := (int64(info.Height) + rows - 1) / rows
	end := h.end + 8*chunks
	if end > w.size {
		return info, w.truncated()
	}
	last := uint64(0) // the chunk that ends the file
	for i := range chunks {
		if b, err = w.at(h.end+8*i, 8); err != nil {
			return info, err
		}
		offset := binary.LittleEndian.Uint64(b)
		if offset == 0 || offset > uint64(w.size-8) { // 0: the writer did not get so far
			return info, w.truncated()
		}
		last = max(last, offset)
	}
	// The header of a chunk is its first row and the length of its data.
	if b, err = w.at(int64(last)+4, 4); err != nil {
		return info, err
	}
	end = max(end, int64(last)+8+int64(binary.LittleEndian.Uint32(b)))
	if end > w.size {
		return info, w.truncated()
	}
	info.TrailingBytes = w.size - end
	return info, nil
}

// readEXRHeader reads the attributes, each of which is a name, a type, a length and a
// value. An empty name ends them.
func readEXRHeader(w *window, info *Info) (exrHeader, error) {
	h := exrHeader{end: 8}
	for {
		name, err := h.text(w)
		if err != nil || name == "" {
			return h, err
		}
		if _, err := h.text(w); err != nil {
			return h, err
		}
		b, err := w.at(h.end, 4)
		if err != nil {
			return h, err
		}
		length := int64(binary.LittleEndian.Uint32(b))
		h.end += 4
		if length > w.size-h.end {
			return h, w.truncated()
		}
		switch {
		case name == "compression" && length == 1:
			if b, err = w.at(h.end, 1); err == nil {
				h.compression = b[0]
			}
		case name == "dataWindow" && length == 16:
			h.seen = true
			err = exrWindow(w, h.end, info)
		}
		if err != nil {
			return h, err
		}
		h.end += length
	}
}

// text reads a text that ends with a zero byte.
func (h *exrHeader) text(w *window) (string, error) {
	const longest = 255
	b, err := w.from(h.end, 1)
	if err != nil {
		return "", err
	}
	if len(b) <= longest { // the window may end inside the text
		if b, err = w.at(h.end, int(min(longest+1, w.size-h.end))); err != nil {
			return "", err
		}
	}
	n := bytes.IndexByte(b[:min(len(b), longest+1)], 0)
	switch {
	case n >= 0:
		text := string(b[:n])
		h.end += int64(n) + 1
		return text, nil
	case h.end+longest >= w.size:
		return "", w.truncated()
	}
	return "", w.corrupt("no attribute at byte %d", h.end)
}

// exrWindow reads the first and the last column and row of the pixels.
func exrWindow(w *window, offset int64, info *Info) error {
	b, err := w.at(offset, 16)
	if err != nil {
		return err
	}
	number := func(at int) int64 { return int64(int32(binary.LittleEndian.Uint32(b[at:]))) }
	width, height := number(8)-number(0)+1, number(12)-number(4)+1
	if width <= 0 || height <= 0 || width > 1<<31-1 || height > 1<<31-1 {
		return w.corrupt("the image has no width or no height")
	}
	info.Width, info.Height = int(width), int(height)
	return nil
}

// exrRows returns the number of rows in a chunk, by the compression. It returns 0 for an
// unknown one.
func exrRows(compression byte) int64 {
	switch compression {
	case 0, 1, 2: // none, RLE, ZIPS
		return 1
	case 3, 5: // ZIP, PXR24
		return 16
	case 4, 6, 7, 8: // PIZ, B44, B44A, DWAA
		return 32
	case 9: // DWAB
		return 256
	}
	return 0
}
