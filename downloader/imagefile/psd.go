package imagefile

import "encoding/binary"

const psdSignature = "8BPS"

// psdHeader is the length of the file header, in bytes.
const psdHeader = 26

// checkPSD walks the sections and finds the end of the merged image: Adobe Photoshop File
// Formats Specification. A PSB (version 2) has longer lengths. The end of pixels that
// are compressed with ZIP is not known.
func checkPSD(w *window) (Info, error) {
	var info Info
	b, err := w.at(0, psdHeader)
	if err != nil {
		return info, err
	}
	big := b[5] == 2
	channels := int64(binary.BigEndian.Uint16(b[12:]))
	depth := int64(binary.BigEndian.Uint16(b[22:]))
	info.Height = dimension(uint64(binary.BigEndian.Uint32(b[14:])))
	info.Width = dimension(uint64(binary.BigEndian.Uint32(b[18:])))
	const longestSide = 300_000
	valid := hasAt(b, 0, psdSignature) && (b[5] == 1 || big) && channels >= 1 && channels <= 56 &&
		info.Width >= 1 && info.Width <= longestSide &&
		info.Height >= 1 && info.Height <= longestSide &&
		(depth == 1 || depth == 8 || depth == 16 || depth == 32)
	if !valid {
		return info, w.corrupt("invalid header")
	}
	c := &cursor{window: w, next: psdHeader, end: w.size}
	for section := range 3 { // colour mode, resources, layers
		size := 4
		if section == 2 && big {
			size = 8
		}
		length := c.number(size)
		if c.err != nil || length > uint64(w.size-c.next) {
			return info, w.truncated()
		}
		c.next += int64(length)
	}
	rows := channels * int64(info.Height)
	row := (int64(info.Width)*depth + 7) / 8
	end, err := psdPixels(c, rows, row, big)
	if err != nil {
		return info, err
	}
	if end > w.size {
		return info, w.truncated()
	}
	info.TrailingBytes = w.size - end
	return info, nil
}

// psdPixels returns the offset of the end of the pixels, which are rows of row bytes.
func psdPixels(c *cursor, rows, row int64, big bool) (int64, error) {
	const raw, runs, zip, predicted = 0, 1, 2, 3
	if c.next+2 > c.size {
		return 0, c.truncated()
	}
	switch compression := c.number(2); compression {
	case raw:
		return c.next + rows*row, c.err
	case runs: // the compressed lengths of all rows come first
		size := 2
		if big {
			size = 4
		}
		end := c.next + rows*int64(size)
		if end > c.size {
			return 0, c.truncated()
		}
		for range rows {
			end += int64(c.number(size))
		}
		return end, c.err
	case zip, predicted:
		return c.size, c.err
	default:
		return 0, c.corrupt("unknown compression %d", compression)
	}
}
