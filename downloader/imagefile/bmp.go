package imagefile

import "encoding/binary"

// bmpFileHeader is the length of the first header, in bytes.
const bmpFileHeader = 14

// bmpHeader is the second header: a BITMAPCOREHEADER, a BITMAPINFOHEADER, or a
// longer one that begins like the latter.
type bmpHeader struct {
	length        int64 // of the header
	width, height int
	depth         int // bits per pixel
	compression   uint32
	dataLength    int64 // bytes of pixels; may be 0
}

// checkBMP checks that all pixels are in the file. The file length in the header is
// not reliable: many writers leave it out, and some write one that is too large. It
// counts only where nothing else tells how long the pixels are.
func checkBMP(w *window) (Info, error) {
	var info Info
	b, err := w.at(0, bmpFileHeader+4)
	if err != nil {
		return info, err
	}
	if !hasAt(b, 0, "BM") {
		return info, w.corrupt("no signature")
	}
	fileLength := int64(binary.LittleEndian.Uint32(b[2:]))
	pixels := int64(binary.LittleEndian.Uint32(b[10:]))
	header, err := readBMPHeader(w, bmpFileHeader)
	if err != nil {
		return info, err
	}
	info.Width, info.Height = header.width, header.height
	if !header.valid() || pixels < bmpFileHeader+header.length {
		return info, w.corrupt("invalid header")
	}
	length := header.pixelBytes()
	end := pixels + length
	if length == 0 {
		end = max(end, fileLength)
	}
	if end > w.size {
		return info, w.truncated()
	}
	info.TrailingBytes = max(0, w.size-max(end, fileLength))
	return info, nil
}

func readBMPHeader(w *window, offset int64) (bmpHeader, error) {
	b, err := w.at(offset, 4)
	if err != nil {
		return bmpHeader{}, err
	}
	h := bmpHeader{length: int64(binary.LittleEndian.Uint32(b))}
	if h.length == 12 {
		if b, err = w.at(offset, 12); err != nil {
			return h, err
		}
		h.width = int(binary.LittleEndian.Uint16(b[4:]))
		h.height = int(binary.LittleEndian.Uint16(b[6:]))
		h.depth = int(binary.LittleEndian.Uint16(b[10:]))
		return h, nil
	}
	if h.length < 16 || h.length > 255 {
		return h, w.corrupt("invalid header length %d", h.length)
	}
	if b, err = w.at(offset, int(h.length)); err != nil {
		return h, err
	}
	height := int64(int32(binary.LittleEndian.Uint32(b[8:])))
	if height < 0 { // the rows are stored from the top
		height = -height
	}
	h.width = dimension(uint64(binary.LittleEndian.Uint32(b[4:])))
	h.height = dimension(uint64(height))
	h.depth = int(binary.LittleEndian.Uint16(b[14:]))
	if h.length >= 24 {
		h.compression = binary.LittleEndian.Uint32(b[16:])
		h.dataLength = int64(binary.LittleEndian.Uint32(b[20:]))
	}
	return h, nil
}

func (h *bmpHeader) valid() bool {
	switch h.depth {
	case 1, 2, 4, 8, 16, 24, 32:
	case 0: // an embedded JPEG or PNG
		return h.width > 0 && h.height > 0 && (h.compression == 4 || h.compression == 5)
	default:
		return false
	}
	return h.width > 0 && h.height > 0
}

// pixelBytes returns the number of bytes that the pixels need: rows of whole
// 32-bit words if they are not compressed, else the length in the header.
func (h *bmpHeader) pixelBytes() int64 {
	const rgb, bitFields, alphaBitFields = 0, 3, 6
	switch h.compression {
	case bitFields, alphaBitFields:
		if h.length == 64 { // in an OS/2 header, these values are compression methods
			return h.dataLength
		}
		fallthrough
	case rgb:
		row := (int64(h.width)*int64(h.depth) + 31) / 32 * 4
		return min(row, 1<<62/int64(h.height)) * int64(h.height)
	}
	return h.dataLength
}
