package imagefile

import (
	"encoding/binary"
	"math/bits"
)

const ddsSignature = "DDS "

// The lengths of the signature and the header, and of the one that DX10 added, in bytes.
const (
	ddsHeader   = 4 + 124
	ddsHeader10 = 20
)

// checkDDS checks that all surfaces are in the file: DirectDraw Surface, Programming
// Guide for DDS. If the format of the pixels is not known, only the header is checked.
func checkDDS(w *window) (Info, error) {
	var info Info
	b, err := w.at(0, ddsHeader)
	if err != nil {
		return info, err
	}
	number := func(at int) uint32 { return binary.LittleEndian.Uint32(b[at:]) }
	info.Height, info.Width = dimension(uint64(number(12))), dimension(uint64(number(16)))
	if !hasAt(b, 0, ddsSignature) || number(4) != 124 || info.pixels() == 0 {
		return info, w.corrupt("invalid header")
	}
	const (
		mipmapped, volume = 0x20000, 0x800000 // flags
		cube, allFaces    = 0x200, 0xfc00     // capabilities
		maxMipmaps        = 32
	)
	d := ddsSurface{width: int64(info.Width), height: int64(info.Height), depth: 1, mipmaps: 1}
	if number(8)&mipmapped != 0 {
		d.mipmaps = min(max(1, number(28)), maxMipmaps)
	}
	if number(8)&volume != 0 {
		d.depth = int64(max(1, number(24)))
	}
	surfaces, end := int64(1), int64(ddsHeader)
	if number(112)&cube != 0 {
		surfaces = int64(max(1, bits.OnesCount32(number(112)&allFaces)))
	}
	code := fourCC(b[84:])
	d.setFormat(code, number(80), number(88))
	if code.is("DX10") {
		if b, err = w.at(ddsHeader, ddsHeader10); err != nil {
			return info, err
		}
		const cube10 = 4
		end += ddsHeader10
		d.setFormat10(number(0))
		surfaces = int64(max(1, number(12)))
		if number(8)&cube10 != 0 {
			surfaces *= 6
		}
	}
	size := d.size()
	if size > 0 && surfaces > (w.size-end)/size {
		return info, w.truncated()
	}
	if size > 0 {
		info.TrailingBytes = w.size - end - surfaces*size
	}
	return info, nil
}

// ddsSurface is an image with its smaller copies.
type ddsSurface struct {
	width, height, depth int64
	mipmaps              uint32
	blockBytes           int64 // of 4x4 pixels; 0: not compressed in blocks
	bits                 int64 // of a pixel; 0: not known
}

// setFormat sets the format by the code or the number of bits in the header.
func (d *ddsSurface) setFormat(code fourCC, flags, depth uint32) {
	const hasCode, rgb, yuv, luminance, alpha = 0x4, 0x40, 0x200, 0x20000, 0x2
	switch {
	case flags&hasCode != 0:
		switch string(code[:]) {
		case "DXT1", "BC4U", "BC4S", "ATI1":
			d.blockBytes = 8
		case "DXT2", "DXT3", "DXT4", "DXT5", "BC5U", "BC5S", "ATI2":
			d.blockBytes = 16
		}
	case flags&(rgb|yuv|luminance|alpha) != 0 && depth <= 128:
		d.bits = int64(depth)
	}
}

// setFormat10 sets the format by a DXGI_FORMAT, of which only those in blocks are known.
func (d *ddsSurface) setFormat10(format uint32) {
	switch {
	case format >= 70 && format <= 72, format >= 79 && format <= 81: // BC1, BC4
		d.blockBytes = 8
	case format >= 73 && format <= 78, format >= 82 && format <= 84, // BC2, BC3, BC5
		format >= 94 && format <= 99: // BC6H, BC7
		d.blockBytes = 16
	}
}

// size returns the number of bytes, or 0 if it is not known.
func (d *ddsSurface) size() int64 {
	const most = 1 << 50 // more than any file has, so that the sum does not overflow
	total := int64(0)
	width, height, depth := d.width, d.height, d.depth
	for range d.mipmaps {
		rows, row := height, (min(width, most/128)*d.bits+7)/8
		if d.blockBytes > 0 {
			rows, row = (height+3)/4, (width+3)/4*d.blockBytes
		}
		if row > 0 && rows > most/row/depth {
			return most
		}
		total += rows * row * depth
		width, height, depth = max(1, width/2), max(1, height/2), max(1, depth/2)
	}
	return total
}
