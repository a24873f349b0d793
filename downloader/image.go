package downloader

import (
	"bytes"
	"encoding/binary"
)

// format is an image format that is known by its first bytes.
type format struct {
	ext  string // with its dot
	is   func(head []byte) bool
	size func(head []byte) (width, height int) // nil: not told; 0, 0: not found
}

// formats returns the formats that count as images, the commonest first.
func formats() []format {
	return []format{
		{".jpg", prefix("\xff\xd8\xff"), jpegSize},
		{".png", prefix("\x89PNG\r\n\x1a\n"), pngSize},
		{".gif", prefix("GIF87a", "GIF89a"), gifSize},
		{".webp", func(b []byte) bool { return at(b, 0, "RIFF") && at(b, 8, "WEBP") }, webpSize},
		{".avif", brand("avif", "avis"), nil},
		{".heic", brand("heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"), nil},
		{".jxl", prefix("\xff\x0a", "\x00\x00\x00\x0cJXL \r\n\x87\n"), nil},
		{".bmp", func(b []byte) bool { return at(b, 0, "BM") && len(b) >= 18 && b[15] == 0 && b[16] == 0 && b[17] == 0 }, bmpSize},
		{".tiff", prefix("II*\x00", "MM\x00*", "II+\x00", "MM\x00+"), nil},
		{".ico", func(b []byte) bool { return at(b, 0, "\x00\x00\x01\x00") && len(b) >= 6 && b[4] != 0 }, icoSize},
	}
}

// unknownExt is the extension of a body that is no image that we know, which
// only VerifyNone lets pass.
const unknownExt = ".bin"

// extensions returns every extension that a file of ours can have.
func extensions() []string {
	all := []string{unknownExt}
	for _, f := range formats() {
		all = append(all, f.ext)
	}
	return all
}

func at(b []byte, offset int, want string) bool {
	return len(b) >= offset+len(want) && string(b[offset:offset+len(want)]) == want
}

func prefix(magics ...string) func([]byte) bool {
	return func(b []byte) bool {
		for _, m := range magics {
			if at(b, 0, m) {
				return true
			}
		}
		return false
	}
}

// brand tells the ISO base media formats apart, by the major brand of their
// file type box (ISO/IEC 14496-12).
func brand(brands ...string) func([]byte) bool {
	return func(b []byte) bool {
		for _, name := range brands {
			if at(b, 4, "ftyp"+name) {
				return true
			}
		}
		return false
	}
}

// jpegSize walks the segments to the frame header (ITU-T T.81, annex B).
func jpegSize(b []byte) (int, int) {
	for i := 2; i+9 <= len(b) && b[i] == 0xff; {
		marker := b[i+1]
		switch {
		case marker == 0xff: // fill byte
			i++
			continue
		case marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc:
			return int(binary.BigEndian.Uint16(b[i+7:])), int(binary.BigEndian.Uint16(b[i+5:]))
		case marker == 0xda || marker == 0xd9: // picture data, end
			return 0, 0
		}
		length := int(binary.BigEndian.Uint16(b[i+2:]))
		if length < 2 {
			return 0, 0
		}
		i += 2 + length
	}
	return 0, 0
}

func pngSize(b []byte) (int, int) {
	if len(b) < 24 || !at(b, 12, "IHDR") {
		return 0, 0
	}
	return dimension(binary.BigEndian.Uint32(b[16:])), dimension(binary.BigEndian.Uint32(b[20:]))
}

func gifSize(b []byte) (int, int) {
	if len(b) < 10 {
		return 0, 0
	}
	return int(binary.LittleEndian.Uint16(b[6:])), int(binary.LittleEndian.Uint16(b[8:]))
}

// webpSize reads the first chunk: RFC 9649 section 2.
func webpSize(b []byte) (int, int) {
	if len(b) < 25 {
		return 0, 0
	}
	kind := string(b[12:16])
	if kind != "VP8L" && len(b) < 30 {
		return 0, 0
	}
	switch kind {
	case "VP8 ":
		if !bytes.Equal(b[23:26], []byte{0x9d, 0x01, 0x2a}) {
			return 0, 0
		}
		return int(binary.LittleEndian.Uint16(b[26:]) & 0x3fff), int(binary.LittleEndian.Uint16(b[28:]) & 0x3fff)
	case "VP8L":
		bits := binary.LittleEndian.Uint32(b[21:])
		return int(bits&0x3fff) + 1, int(bits>>14&0x3fff) + 1
	case "VP8X":
		return int(uint32(b[24])|uint32(b[25])<<8|uint32(b[26])<<16) + 1, int(uint32(b[27])|uint32(b[28])<<8|uint32(b[29])<<16) + 1
	}
	return 0, 0
}

func bmpSize(b []byte) (int, int) {
	if len(b) < 26 {
		return 0, 0
	}
	if binary.LittleEndian.Uint32(b[14:]) == 12 { // the oldest header
		return int(binary.LittleEndian.Uint16(b[18:])), int(binary.LittleEndian.Uint16(b[20:]))
	}
	height := int32(binary.LittleEndian.Uint32(b[22:]))
	if height < 0 { // rows from the top
		height = -height
	}
	return dimension(binary.LittleEndian.Uint32(b[18:])), dimension(uint32(height))
}

func icoSize(b []byte) (int, int) {
	if len(b) < 8 {
		return 0, 0
	}
	side := func(v byte) int {
		if v == 0 {
			return 256
		}
		return int(v)
	}
	return side(b[6]), side(b[7])
}

// dimension refuses what no picture has, so that no later sum overflows.
func dimension(v uint32) int {
	if v > 1<<30 {
		return 0
	}
	return int(v)
}
